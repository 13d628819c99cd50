"""A Bot API server on this machine."""
