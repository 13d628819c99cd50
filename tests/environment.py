"""A pytest plugin, loaded before Django: tests have a home of their own and the parts that `make setup` built.

Nothing of the developer's installation may leak in but the built parts.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import absl.logging

ROOT = Path(__file__).parent.parent
# Where the processes that share the tests find the database's address: they begin with this process's environment.
_HANDED_ON = "TESTS_DATABASE_URL"
HOME = Path(tempfile.mkdtemp(prefix="niangjia-tests-"))


def _set_up() -> None:
    built = os.environ.get("NIANGJIA_BUILD_DIR", str(ROOT / "var" / "build"))
    database = os.environ.get("NIANGJIA_TEST_DATABASE_URL") or os.environ.get(_HANDED_ON, "")
    os.environ[_HANDED_ON] = database
    for name in [name for name in os.environ if name.startswith("NIANGJIA_")]:
        del os.environ[name]
    os.environ["NIANGJIA_HOME"] = str(HOME)
    os.environ["NIANGJIA_BUILD_DIR"] = built
    os.environ["NIANGJIA_TURN_PROCESSES"] = "0"  # a desk in a test's own process answers there
    os.environ["NIANGJIA_ANSWERS_PER_MINUTE"] = "100000"  # tests write faster than people do
    os.environ["DJANGO_SETTINGS_MODULE"] = "bot.settings"
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's own loop runs in the test thread
    if database:
        os.environ["NIANGJIA_DATABASE_URL"] = database


def _let_no_log_close_the_capture() -> None:
    """absl (it comes with Rasa) closes its stream when logging is set up anew, unless it is the process's own.

    Imported in the middle of a test it would hold pytest's, and every test after that would fail.
    """
    absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__


_set_up()
_let_no_log_close_the_capture()


def pytest_unconfigure() -> None:
    """The home goes with the run."""
    shutil.rmtree(HOME, ignore_errors=True)
