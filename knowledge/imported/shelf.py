"""Imported texts in the home of an installation: written once under their own digest, and a list of what holds.

    statutes/texts/<sha-256>.json    one version of one law, never changed
    statutes/imports/000001.json     an import: when, from which files, and the whole list that holds since then

The newest list holds. An import is one new list, put in its place by one step: before it the old state holds, after
it the new one, whenever the process is killed. Going back writes an old list once more, so nothing is ever lost.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from knowledge.errors import KnowledgeError
from knowledge.imported.law_text import LawText, law_text_from
from knowledge.imported.texts import SHELF

FOLDER: Final = "statutes"
_NUMBERED: Final = re.compile(r"([0-9]{6})\.json")
_MARK: Final = re.compile(r"[0-9a-f]{64}")


class ShelfBroken(KnowledgeError):
    """A file of the imported statutes is missing or altered."""

    def __init__(self, path: str) -> None:
        super().__init__(SHELF["broken"].format(path=path))


class ImportedMeanwhile(KnowledgeError):
    """Somebody else's import came between."""

    def __init__(self) -> None:
        super().__init__(SHELF["meanwhile"])


class NoSuchImport(KnowledgeError):
    """There is no import of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(SHELF["no_such"].format(number=number))


@dataclass(frozen=True)
class Held:
    """One text in a list: which version it is, how many articles it has, and its mark."""

    law: str
    version_date: date
    articles: int
    mark: str


@dataclass(frozen=True)
class Import:
    """A state since ``at``. ``back_to``: the import whose list it repeats, when it is a way back."""

    number: int
    at: datetime
    files: tuple[str, ...]
    back_to: int | None
    held: tuple[Held, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(held.mark for held in self.held)


class Shelf:
    """The imported statutes of one home. Reading creates nothing."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def imports(self) -> tuple[Import, ...]:
        """The oldest first. Raises ShelfBroken."""
        return tuple(map(self._read_import, self.numbers()))

    def newest(self) -> Import | None:
        """The state that holds; None before the first import. Raises ShelfBroken."""
        numbers = self.numbers()
        return self._read_import(numbers[-1]) if numbers else None

    def marks(self) -> tuple[str, ...]:
        """Of all texts that hold. Raises ShelfBroken."""
        newest = self.newest()
        return newest.marks if newest else ()

    def texts(self) -> tuple[LawText, ...]:
        """All texts that hold. Raises ShelfBroken."""
        return self.texts_of(self.marks())

    def texts_of(self, marks: Sequence[str]) -> tuple[LawText, ...]:
        """Each checked against its mark. Raises ShelfBroken."""
        return tuple(map(self._read_text, marks))

    def state(self, number: int) -> Import:
        """The import of that number; 0 is the state before the first. Raises NoSuchImport, ShelfBroken."""
        if number == 0:
            return Import(0, datetime.min, (), None, ())  # noqa: DTZ901  it stands for no moment
        if number not in self.numbers():
            raise NoSuchImport(number)
        return self._read_import(number)

    def add(self, texts: Sequence[LawText]) -> tuple[Held, ...]:
        """Keep the texts; nothing holds yet."""
        for text in texts:
            path = self._text_path(text.mark)
            if not path.exists():
                with suppress(ImportedMeanwhile):  # under its digest it can only be the same
                    _write_whole(path, text.as_json())
        return tuple(Held(text.law, text.version_date, len(text.articles), text.mark) for text in texts)

    def commit(
        self, held: Sequence[Held], *, after: int, at: datetime, files: Sequence[str] = (), back_to: int | None = None
    ) -> Import:
        """From now on this list holds. ``after``: the import it was made from. Raises ImportedMeanwhile."""
        in_order = tuple(sorted(held, key=lambda one: (one.law, one.version_date)))
        made = Import(after + 1, at, tuple(files), back_to, in_order)
        _write_whole(self._import_path(made.number), _as_json(made))
        return made

    def numbers(self) -> list[int]:
        """Of all imports, the oldest first."""
        folder = self.folder / "imports"
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return sorted(int(match[1]) for name in names if (match := _NUMBERED.fullmatch(name)))

    def _import_path(self, number: int) -> Path:
        return self.folder / "imports" / f"{number:06}.json"

    def _text_path(self, mark: str) -> Path:
        return self.folder / "texts" / f"{mark}.json"

    def _read_import(self, number: int) -> Import:
        path = self._import_path(number)
        try:
            return _import_from(number, json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ShelfBroken(self._name(path)) from error

    def _read_text(self, mark: str) -> LawText:
        path = self._text_path(mark)
        try:
            raw = path.read_bytes()
            if sha256(raw).hexdigest() != mark:
                raise ShelfBroken(self._name(path))
            return law_text_from(json.loads(raw))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ShelfBroken(self._name(path)) from error

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.folder.parent))


def _as_json(made: Import) -> bytes:
    held = [
        {"law": one.law, "version_date": one.version_date.isoformat(), "articles": one.articles, "mark": one.mark}
        for one in made.held
    ]
    values = {"at": made.at.isoformat(), "files": list(made.files), "back_to": made.back_to, "held": held}
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def _import_from(number: int, values: Mapping[str, Any]) -> Import:
    held = tuple(_held_from(one) for one in values["held"])
    return Import(
        number, datetime.fromisoformat(values["at"]), tuple(map(str, values["files"])), values["back_to"], held
    )


def _held_from(values: Mapping[str, Any]) -> Held:
    if not _MARK.fullmatch(values["mark"]):
        raise ValueError("mark")
    day = date.fromisoformat(values["version_date"])
    return Held(str(values["law"]), day, int(values["articles"]), values["mark"])


def _write_whole(path: Path, content: bytes) -> None:
    """On the disk under another name first; a name that somebody else took meanwhile is not taken from them."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError as error:
        raise ImportedMeanwhile from error
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
