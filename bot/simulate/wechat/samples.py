"""Small files that people of a rehearsal send when none is at hand."""

from __future__ import annotations

from typing import Final

from bot.simulate.wechat.scenes import picture_of

_AMR_HEAD: Final = b"#!AMR\n"
# One frame of 20 ms without speech at 12.2 kbit/s: a byte of head, 31 bytes.
_AMR_FRAME: Final = b"\x3c" + bytes(31)
_MP4: Final = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free"
_PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def sample(kind: str) -> bytes:
    """`picture` (PNG), `voice` (AMR, one second), `video` (MP4 head) or `file` (PDF)."""
    match kind:
        case "picture":
            return picture_of("sample")
        case "voice":
            return _AMR_HEAD + _AMR_FRAME * 50
        case "video":
            return _MP4
        case "file":
            return _PDF
    raise KeyError(kind)
