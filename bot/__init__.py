"""Channels, turns, delivery, settings and the `niangjia` command: the Django project that runs the desk."""
