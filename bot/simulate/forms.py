"""Reading multipart/form-data: uploads to the simulated platforms."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="?([^";\r\n]*)"?', re.IGNORECASE)
_FILE_NAME = re.compile(r'filename="([^"\r\n]*)"', re.IGNORECASE)
_TYPE = re.compile(r"^content-type:\s*([^\r\n;]+)", re.IGNORECASE | re.MULTILINE)


class BadForm(Exception):
    """The body is not a multipart form."""


@dataclass(frozen=True)
class Part:
    """One field or file of a form."""

    name: str
    content: bytes
    file_name: str = ""
    content_type: str = ""

    @property
    def text(self) -> str:
        """The content of a plain field."""
        return self.content.decode(errors="replace")


def parts_of(content_type: str, body: bytes) -> dict[str, Part]:
    """The parts of a form by their names. Raises BadForm."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or not content_type.lower().startswith("multipart/form-data"):
        raise BadForm
    mark = b"--" + boundary[1].encode("latin-1")
    found = {}
    for raw in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        if raw.startswith(b"--"):
            break
        head, gap, content = raw.partition(b"\r\n\r\n")
        if not gap:
            raise BadForm
        part = _part(head.decode(errors="replace"), content)
        found[part.name] = part
    return found


def _part(head: str, content: bytes) -> Part:
    name, file_name, kind = _NAME.search(head), _FILE_NAME.search(head), _TYPE.search(head)
    if name is None:
        raise BadForm
    return Part(name[1], content, file_name[1] if file_name else "", kind[1].strip() if kind else "")
