"""Paragraphs and table rows of a .docx file, as plain lines. Reads two parts of the archive and writes nothing.

ECMA-376 part 1, §17: w:p is a paragraph, w:t its text, w:tbl a table. What a reviewer deleted (w:del) is no text;
what the fallback of a drawing repeats (mc:Fallback) is read once. A document type declaration is refused, so there
are no entities to expand.
"""

import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, NoReturn
from xml.parsers import expat

from knowledge.imported.plain_text import text_lines
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.texts import CELLS

_BODY: Final = "word/document.xml"
MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_MEMBERS: Final = 20_000
_AT_ONCE: Final = 64 * 1024
_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_FALLBACK: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_WHITE: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Document:
    """``numbered``: Word numbers some paragraphs by itself, so their numbers stand nowhere in the text."""

    lines: tuple[str, ...]
    numbered: bool


def document_lines(raw: bytes, *, name: str) -> Document:
    """Raises UnreadableFile for what is no .docx, or unpacks to more than a law could be."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise UnreadableFile("zip_bomb", name=name)
            return _read(archive, name)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise UnreadableFile("zip", name=name) from error
    except (expat.ExpatError, _Refused, ValueError) as error:
        raise UnreadableFile("xml", name=name) from error


class _Refused(Exception):
    """The document declares entities."""


def _read(archive: zipfile.ZipFile, name: str) -> Document:
    """The size that the archive claims is not believed: what comes out is counted."""
    reader, unpacked = _Reader(), 0
    with archive.open(_BODY) as part:
        while piece := part.read(_AT_ONCE):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise UnreadableFile("zip_bomb", name=name)
            reader.feed(piece)
    return reader.end()


@dataclass
class _Table:
    """``cells``: of the row being read."""

    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)


class _Reader:
    """Takes the XML piece by piece; a table's row becomes one line."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._stop
        self._parser.CharacterDataHandler = self._text
        self._lines: list[str] = []
        self._paragraphs: list[list[str]] = []
        self._tables: list[_Table] = []
        self._in_text = 0
        self._skipped = 0
        self._numbered = False

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def end(self) -> Document:
        self._parser.Parse(b"", True)
        return Document(tuple(self._lines), self._numbered)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name == _FALLBACK:
            self._skipped += 1
            return
        match _local(name):
            case "p":
                self._paragraphs.append([])
            case "t":
                self._in_text += 1
            case "tbl":
                self._tables.append(_Table())
            case "numPr":
                self._numbered = True
            case word if word in _WHITE and self._paragraphs:
                self._paragraphs[-1].append(_WHITE[word])

    def _stop(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        match _local(name):
            case "p" if self._paragraphs:
                self._paragraph("".join(self._paragraphs.pop()))
            case "t":
                self._in_text -= 1
            case "tc" if self._tables:
                table = self._tables[-1]
                table.cells.append(" ".join(table.cell))
                table.cell = []
            case "tr" if self._tables:
                self._row()
            case "tbl" if self._tables:
                self._tables.pop()

    def _text(self, text: str) -> None:
        if self._in_text and not self._skipped and self._paragraphs:
            self._paragraphs[-1].append(text)

    def _paragraph(self, text: str) -> None:
        """Into the cell that it stands in, if any; tabs at line ends go with the white space."""
        lines = text_lines(text)
        (self._tables[-1].cell if self._tables else self._lines).extend(lines)

    def _row(self) -> None:
        table = self._tables[-1]
        line, table.cells = CELLS.join(table.cells), []
        if line.strip(CELLS):
            (self._tables[-2].cell if len(self._tables) > 1 else self._lines).append(line)


def _refuse(*declaration: object) -> NoReturn:
    raise _Refused


def _local(name: str) -> str:
    """The element's name when it is Word's own, else nothing."""
    space, _, local = name.rpartition(" ")
    return local if space in _WORD else ""
