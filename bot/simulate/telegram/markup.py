"""Formatted text: what the parse modes allow, and the text and entities that come of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from bot.simulate.telegram.refusals import Refused, bad_request

_RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS: Final = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_TAGS: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "blockquote": "blockquote", "a": "text_link",
}  # fmt: skip
_TAG: Final = re.compile(r"<(/?)([a-z-]*)([^<>]*)>", re.IGNORECASE)
_HREF: Final = re.compile(r"""href\s*=\s*["']([^"']*)["']""", re.IGNORECASE)

Entity = dict[str, Any]


def units(text: str) -> int:
    """Length in UTF-16 units, in which the platform counts."""
    return len(text.encode("utf-16-le")) // 2


def parsed(text: str, mode: str) -> tuple[str, list[Entity]]:
    """The text that is shown and its entities. Raises Refused."""
    match mode.lower():
        case "":
            return text, []
        case "markdownv2":
            return _MarkdownV2(text).read()
        case "html":
            return _html(text)
        case "markdown":
            return _markdown(text)
    raise bad_request("unsupported parse_mode")


def _cannot(why: str) -> Refused:
    return bad_request(f"can't parse entities: {why}")


@dataclass
class _Open:
    kind: str
    mark: str
    offset: int
    byte: int


@dataclass
class _MarkdownV2:
    """One pass over the text; `_shown` is what was read so far."""

    text: str
    _place: int = 0
    _shown: list[str] = field(default_factory=list)
    _offset: int = 0
    _open: list[_Open] = field(default_factory=list)
    _entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        """The whole text."""
        while self._place < len(self.text):
            self._step()
        if self._open:
            last = self._open[-1]
            raise _cannot(f"Can't find end of {last.kind.title()} entity at byte offset {last.byte}")
        return "".join(self._shown), self._entities

    def _step(self) -> None:
        rest = self.text[self._place :]
        character = rest[0]
        if character == "\\" and len(rest) > 1 and 0 < ord(rest[1]) <= 126:
            self._show(rest[1])
            self._place += 2
        elif rest.startswith("```"):
            self._code("```", "pre")
        elif character == "`":
            self._code("`", "code")
        elif (mark := next((one for one in ("||", "__", "*", "_", "~") if rest.startswith(one)), "")) != "":
            self._mark(mark)
        elif character == "[":
            self._open.append(_Open("text_link", "[", self._offset, self._byte()))
            self._place += 1
        elif character == "]" and self._open and self._open[-1].mark == "[":
            self._link()
        elif character == ">" and (self._place == 0 or self.text[self._place - 1] == "\n"):
            self._place += 1
        elif character in _RESERVED:
            raise _cannot(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._show(character)
            self._place += 1

    def _show(self, words: str) -> None:
        self._shown.append(words)
        self._offset += units(words)

    def _byte(self) -> int:
        return len(self.text[: self._place].encode())

    def _code(self, mark: str, kind: str) -> None:
        began, offset = self._byte(), self._offset
        self._place += len(mark)
        while not self.text.startswith(mark, self._place):
            if self._place >= len(self.text):
                raise _cannot(f"Can't find end of {kind.title()} entity at byte offset {began}")
            if self.text[self._place] == "\\" and self.text[self._place + 1 : self._place + 2] in ("`", "\\"):
                self._place += 1
            self._show(self.text[self._place])
            self._place += 1
        self._place += len(mark)
        self._keep(kind, offset)

    def _mark(self, mark: str) -> None:
        if self._open and self._open[-1].mark == mark:
            opened = self._open.pop()
            self._keep(opened.kind, opened.offset)
        elif any(opened.mark == mark for opened in self._open):
            last = self._open[-1]
            raise _cannot(f"Can't find end of {last.kind.title()} entity at byte offset {last.byte}")
        else:
            self._open.append(_Open(_MARKS[mark], mark, self._offset, self._byte()))
        self._place += len(mark)

    def _link(self) -> None:
        opened = self._open.pop()
        target = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(self.text, self._place)
        if target is None:
            raise _cannot("Character ']' is reserved and must be escaped with the preceding '\\'")
        self._keep("text_link", opened.offset, url=re.sub(r"\\(.)", r"\1", target[1]))
        self._place = target.end()

    def _keep(self, kind: str, offset: int, **more: str) -> None:
        if self._offset > offset:
            self._entities.append({"type": kind, "offset": offset, "length": self._offset - offset, **more})


def _html(text: str) -> tuple[str, list[Entity]]:
    shown, offset, place = [], 0, 0
    opened: list[tuple[str, int, str]] = []
    entities: list[Entity] = []
    for tag in _TAG.finditer(text):
        words = unescape(_without_angles(text[place : tag.start()]))
        shown.append(words)
        offset += units(words)
        place = tag.end()
        name = tag[2].lower()
        if name not in _TAGS and name != "span":
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {len(text[: tag.start()].encode())}')
        if not tag[1]:
            href = _HREF.search(tag[3])
            opened.append((name, offset, href[1] if href else ""))
            continue
        if not opened or opened[-1][0] != name:
            raise _cannot(f"Unmatched end tag at byte offset {len(text[: tag.start()].encode())}")
        _, began, url = opened.pop()
        entities.append(
            {"type": _TAGS.get(name, "spoiler"), "offset": began, "length": offset - began}
            | ({"url": url} if url else {})
        )
    if opened:
        raise _cannot(f"Can't find end tag corresponding to start tag {opened[-1][0]}")
    return "".join([*shown, unescape(_without_angles(text[place:]))]), entities


def _without_angles(text: str) -> str:
    if "<" in text:
        raise _cannot('Unsupported start tag "" at byte offset 0')
    return text


def _markdown(text: str) -> tuple[str, list[Entity]]:
    """The older Markdown: marks must close; nothing nests."""
    bare = re.sub(r"\\([_*`\[])", "", text)
    bare = re.sub(r"```.*?```|`[^`]*`", "", bare, flags=re.DOTALL)
    for mark in ("*", "_", "`"):
        if bare.count(mark) % 2:
            raise _cannot(
                f"Can't find end of the entity starting at byte offset {len(bare[: bare.rfind(mark)].encode())}"
            )
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"(?<!\\)[*_`]", "", text))
    return re.sub(r"\\([_*`\[])", r"\1", shown), []
