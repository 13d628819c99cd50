"""What a file is, by its content: never by its name or by what the sender calls it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import filetype

from handoff.kinds import Medium

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = _OFFICE + "wordprocessingml.document"
XLSX: Final = _OFFICE + "spreadsheetml.sheet"

_MEDIUM_OF: Final[Mapping[str, Medium]] = {
    "image/jpeg": Medium.PICTURE,
    "image/png": Medium.PICTURE,
    "image/apng": Medium.PICTURE,
    "image/webp": Medium.PICTURE,
    "image/gif": Medium.PICTURE,
    "image/heic": Medium.PICTURE,
    "audio/amr": Medium.VOICE,
    "audio/aac": Medium.VOICE,
    "audio/mp4": Medium.VOICE,
    "audio/mpeg": Medium.VOICE,
    "audio/x-wav": Medium.VOICE,
    "audio/ogg": Medium.VOICE,
    "audio/webm": Medium.VOICE,
    "video/mp4": Medium.VIDEO,
    "video/webm": Medium.VIDEO,
    "video/quicktime": Medium.VIDEO,
    "video/3gpp": Medium.VIDEO,
    "application/pdf": Medium.FILE,
    DOCX: Medium.FILE,
    XLSX: Medium.FILE,
}
# What every browser shows or plays by itself, without running anything; all else is handed over as a download.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/apng", "image/webp", "image/gif"})
PLAYED: Final = frozenset(
    {"audio/aac", "audio/mp4", "audio/mpeg", "audio/x-wav", "audio/ogg", "audio/webm", "video/mp4", "video/webm"}
)
# One container serves sound and pictures alike: only the recorder says which.
_SOUND_ONLY: Final[Mapping[str, str]] = {"video/webm": "audio/webm", "video/mp4": "audio/mp4"}
_MARK_OF: Final[Mapping[str, str]] = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MACROS: Final = "vbaproject.bin"
# The first one is given to a name that has none of them: what a name says must not be more than what the file is.
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/apng": (".png", ".apng"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/heic": (".heic", ".heif"),
    "audio/amr": (".amr",),
    "audio/aac": (".aac",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/mpeg": (".mp3",),
    "audio/x-wav": (".wav",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/webm": (".webm",),
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
    "video/quicktime": (".mov",),
    "video/3gpp": (".3gp", ".3gpp"),
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}


class UnknownMedia(Exception):
    """The content is none of the kinds of files that cadres can open safely."""


@dataclass(frozen=True)
class Recognised:
    """What a file is. `content_type` is ours, from a closed list."""

    medium: Medium
    content_type: str


def recognise(content: bytes, *, declared: str = "") -> Recognised:
    """What these bytes are; `declared`, the sender's word, only tells a voice from a video. Raises UnknownMedia."""
    found = filetype.guess(content)
    content_type = found.mime if found is not None else ""
    if content.startswith(b"PK\x03\x04"):
        content_type = _office(content)
    if declared.startswith("audio/"):
        content_type = _SOUND_ONLY.get(content_type, content_type)
    if content_type not in _MEDIUM_OF:
        raise UnknownMedia(content_type)
    return Recognised(_MEDIUM_OF[content_type], content_type)


def honest_name(name: str, content_type: str) -> str:
    """The name with an ending that says what the file is, so that no computer opens it as something else."""
    endings = _ENDINGS.get(content_type, (".bin",))
    return name if name.lower().endswith(endings) else name + endings[0]


def _office(content: bytes) -> str:
    """A document or a table without macros; its inside is listed, never unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnknownMedia("zip") from error
    if any(name.endswith(_MACROS) for name in names):
        raise UnknownMedia("macros")
    return next((kind for mark, kind in _MARK_OF.items() if mark in names), "")
