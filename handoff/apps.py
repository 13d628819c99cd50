"""Django application of the package."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Holds every table of the desk."""

    name = "handoff"
