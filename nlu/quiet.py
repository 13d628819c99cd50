"""Rasa's manners, set before it is imported: it calls nobody and never prints what a worker wrote.

The one place in this package that touches the environment: Rasa reads these settings from there and nowhere else.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SETTINGS: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "WARNING",  # else Rasa draws a progress bar for every handful of rules
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
_LOGGERS: Final = ("rasa", "rasa_sdk", "tensorflow", "matplotlib", "apscheduler", "h5py", "numba")


def quieten() -> None:
    """Before the first import of Rasa; calling it again changes nothing.

    Rasa logs the worker's words at debug level, and its structlog prints to standard output until it is set up.
    """
    os.environ.update(_SETTINGS)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def without_warnings() -> Iterator[None]:
    """Around Rasa's imports and training: its libraries warn of their own old age."""
    with warnings.catch_warnings():
        import sanic.app  # noqa: F401 (when it is imported, it has deprecations shown, before any filter that is there)

        warnings.simplefilter("ignore")
        yield


def train_in(folder: Path) -> None:
    """Rasa's training cache goes there instead of into `.rasa` where the process happens to stand."""
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder)
