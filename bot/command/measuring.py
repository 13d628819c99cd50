"""What `niangjia eval …` does whatever is measured: labelled lines in, progress meanwhile, figures out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from tqdm import tqdm

from bot.command.errors import CommandError
from bot.command.lines import BadRow, read_each
from bot.texts import COMMAND

# Fewer are done before anybody looks.
_WORTH_A_BAR = 20

Row = TypeVar("Row")


def file_and_json(parser: argparse.ArgumentParser, *, help_file: str, optional: bool = False) -> None:
    """FILE and --json. `optional`: there is a file that ships with the program."""
    parser.add_argument("file", metavar="FILE", nargs="?" if optional else None, help=help_file)
    parser.add_argument("--json", action="store_true", help=COMMAND["help_json"])


def labelled(path: str, read: Callable[[Mapping[str, Any]], Row]) -> list[Row]:
    """See `read_each`; raises CommandError also when there is no line."""
    rows = read_each(path, read)
    if not rows:
        raise CommandError(COMMAND["eval_nothing"])
    return rows


def id_of(row: Mapping[str, Any]) -> Any:
    """A line's id, any JSON value. Raises BadRow."""
    if "id" not in row:
        raise BadRow(COMMAND["no_field"].format(field="id"))
    return row["id"]


def with_progress(rows: Sequence[Row]) -> Iterable[Row]:
    """With a bar on standard error when there are many."""
    bar: Iterable[Row] = tqdm(rows, file=sys.stderr, disable=len(rows) < _WORTH_A_BAR, unit=COMMAND["line_unit"])
    return bar


def print_figures(figures: Mapping[str, Any], table: Callable[[Mapping[str, Any]], str], *, as_json: bool) -> None:
    """For a program or for a person."""
    print(json.dumps(figures, ensure_ascii=False, indent=1) if as_json else table(figures))
