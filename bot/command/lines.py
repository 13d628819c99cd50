"""JSON Lines in and out: one line out for each line in, same order, unknown fields ignored."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

from tqdm import tqdm

from bot.command.errors import CommandError
from bot.texts import COMMAND

STANDARD = "-"
# Enough for any message; a longer one is a mistake in the file.
LONGEST_TEXT = 2_000_000

Row = TypeVar("Row")


class BadRow(ValueError):
    """A line's object is not what the command reads; the message says so to the person who wrote it."""


@dataclass(frozen=True)
class Line:
    """One line of input: `id` as given (any JSON value), and the field that the command works on."""

    number: int
    id: Any
    value: Any


def read_lines(path: str, *, field: str, of: type) -> list[Line]:
    """All lines, checked before any work begins. Raises CommandError with the number of the first bad line."""
    lines = []
    for number, raw in enumerate(_raw_lines(path), start=1):
        if raw.strip():
            lines.append(_line(path, number, raw, field, of))
    return lines


def read_rows(path: str, *fields: str) -> list[Mapping[str, str]]:
    """The named fields, all of them texts, of every line. Raises CommandError with the number of the first bad line."""
    rows: list[Mapping[str, str]] = []
    for number, raw in enumerate(_raw_lines(path), start=1):
        if raw.strip():
            row = _object(path, number, raw)
            for name in fields:
                if not isinstance(row.get(name), str):
                    raise _refusal(path, number, COMMAND["no_field"].format(field=name))
            rows.append({name: _without_lone_surrogates(row[name]) for name in fields})
    return rows


def read_each(path: str, read: Callable[[Mapping[str, Any]], Row]) -> list[Row]:
    """What `read` makes of every line's object; it raises BadRow. Raises CommandError with the bad line's number."""
    rows = []
    for number, raw in enumerate(_raw_lines(path), start=1):
        if raw.strip():
            try:
                rows.append(read(_object(path, number, raw)))
            except BadRow as error:
                raise _refusal(path, number, str(error)) from error
    return rows


def text_of(row: Mapping[str, Any], field: str) -> str:
    """A field that must be there and be text. Raises BadRow."""
    value = row.get(field)
    if not isinstance(value, str):
        raise BadRow(COMMAND["no_field"].format(field=field))
    return str(_without_lone_surrogates(value))


def write_lines(path: str, results: Iterable[Mapping[str, Any]], *, total: int) -> None:
    """Write results as they come, with progress on standard error. A broken-off run leaves no half file behind."""
    with _opened(path) as file:
        for result in tqdm(results, total=total, file=sys.stderr, disable=total < 20, unit=COMMAND["line_unit"]):
            file.write(json.dumps(result, ensure_ascii=False) + "\n")


def map_lines(source: str, target: str, *, field: str, of: type, work: Callable[[Any], Mapping[str, Any]]) -> None:
    """Read, run `work` on each line's field, write `{"id": …, **result}`."""
    lines = read_lines(source, field=field, of=of)
    write_lines(target, ({"id": line.id, **work(line.value)} for line in lines), total=len(lines))


def _raw_lines(path: str) -> Iterator[bytes]:
    try:
        if path == STANDARD:
            yield from sys.stdin.buffer
        else:
            with open(path, "rb") as file:
                yield from file
    except OSError as error:
        raise CommandError(COMMAND["cannot_read"].format(path=path, why=error.strerror)) from error


def _line(path: str, number: int, raw: bytes, field: str, of: type) -> Line:
    row = _object(path, number, raw)
    if "id" not in row:
        raise _refusal(path, number, COMMAND["no_field"].format(field="id"))
    value = row.get(field)
    if not isinstance(value, of) or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
        raise _refusal(path, number, COMMAND["no_field"].format(field=field))
    if len(raw) > LONGEST_TEXT * 4:
        raise _refusal(path, number, COMMAND["too_long"])
    return Line(number, row["id"], _without_lone_surrogates(value))


def _object(path: str, number: int, raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        kind = "not_utf8" if isinstance(error, UnicodeDecodeError) else "not_json"
        raise _refusal(path, number, COMMAND[kind]) from error
    if not isinstance(row, dict):
        raise _refusal(path, number, COMMAND["not_object"])
    return row


def _refusal(path: str, number: int, why: str) -> CommandError:
    return CommandError(COMMAND["bad_line"].format(path=path, number=number, why=why))


def _without_lone_surrogates(value: Any) -> Any:
    """JSON may carry halves of a pair (\\ud800), which no UTF-8 file can hold: they become U+FFFD."""
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@contextmanager
def _opened(path: str) -> Iterator[TextIO]:
    if path == STANDARD:
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(path)
    draft = target.with_name(f".{target.name}.part")
    try:
        with open(draft, "w", encoding="utf-8") as file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise CommandError(COMMAND["cannot_write"].format(path=path, why=error.strerror)) from error
    finally:
        draft.unlink(missing_ok=True)
