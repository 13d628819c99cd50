"""Django application of the package: its templates and static files."""

from django.apps import AppConfig


class BotConfig(AppConfig):
    """Named `bot`; it has no tables of its own: all records are the `handoff` package's."""

    name = "bot"
