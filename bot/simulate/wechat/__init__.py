"""A WeChat official account platform on this machine."""
