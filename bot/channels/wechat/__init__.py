"""The WeChat official account: pushes in, replies out."""
