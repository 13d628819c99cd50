"""Schema history of the desk."""
