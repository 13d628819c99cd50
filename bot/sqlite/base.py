"""SQLite lets one transaction write at a time and lets the others sleep and ask again: in a rush a lock lies idle while
all of them sleep, and somebody starves. Here transactions stand in line before they begin.

Whoever writes by other means (`sqlite3`, a single statement outside a transaction) is waited for as before.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from bot.sqlite.line import Line

_DEFAULT_TIMEOUT_S: Final = 20.0


@cache
def line_of(database: str) -> Line:
    """The one line of this process for that database."""
    return Line(Path(database))


class DatabaseWrapper(base.DatabaseWrapper):
    """See `django.db.backends.sqlite3.base.DatabaseWrapper`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_at_the_head = False

    def _start_transaction_under_autocommit(self) -> None:
        """Raises OperationalError when nobody lets go for as long as SQLite would wait itself."""
        wait_s = float(self.settings_dict["OPTIONS"].get("timeout", _DEFAULT_TIMEOUT_S))
        if not self._is_at_the_head:
            try:
                self._line.enter(within_s=wait_s)
            except TimeoutError as error:
                raise OperationalError("database is locked: another transaction does not end") from error
        self._is_at_the_head = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_the_next_go()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._let_the_next_go()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_the_next_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_the_next_go()

    def _let_the_next_go(self) -> None:
        if self._is_at_the_head:
            self._is_at_the_head = False
            self._line.leave()

    @property
    def _line(self) -> Line:
        return line_of(str(self.settings_dict["NAME"]))
