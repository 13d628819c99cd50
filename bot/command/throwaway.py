"""A database that lives as long as one command: for conversations that must leave nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections


@contextmanager
def throwaway_database() -> Iterator[None]:
    """Point the process at a fresh SQLite file, migrated; gone afterwards. Use it before the first query."""
    with tempfile.TemporaryDirectory(prefix="niangjia-") as folder:
        connections.close_all()
        configured = connections.settings["default"]
        connections.settings["default"] = connections.configure_settings(
            {
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": Path(folder) / "talk.sqlite3",
                    "OPTIONS": {
                        "transaction_mode": "IMMEDIATE",
                        "timeout": 20,
                        # Nothing here needs to survive a power cut.
                        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
                    },
                }
            }
        )["default"]
        del connections["default"]
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            connections.close_all()
            connections.settings["default"] = configured
            del connections["default"]
