"""What the desk knows: the law, its own entries, and how a worker's words find them."""
