"""QR codes that carry a scene."""

from __future__ import annotations

import secrets
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

from bot.simulate.wechat.errors import Code, Refused

LONGEST_S: Final = 30 * 86_400
MOST_PERMANENT: Final = 100_000
_TEMPORARY = {"QR_SCENE": "scene_id", "QR_STR_SCENE": "scene_str"}
_PERMANENT = {"QR_LIMIT_SCENE": "scene_id", "QR_LIMIT_STR_SCENE": "scene_str"}
_SQUARES, _SQUARE = 25, 8


@dataclass(frozen=True)
class SceneCode:
    """One QR code. `passes`: the word by which its picture is fetched; `expires_at` is None for a permanent one."""

    passes: str
    scene: str
    expires_at: float | None

    def good(self, now: float) -> bool:
        """Whether scanning it still tells the scene."""
        return self.expires_at is None or now < self.expires_at


def scene_code(asked: Any, now: float) -> SceneCode:
    """The code that was asked for. Raises Refused."""
    asked = asked if isinstance(asked, dict) else {}
    action = asked.get("action_name")
    info = asked.get("action_info")
    field = _TEMPORARY.get(action) or _PERMANENT.get(action)
    scene = info.get("scene") if isinstance(info, dict) else None
    if field is None or not isinstance(scene, dict):
        raise Refused(Code.INVALID_ARGUMENT)
    word = _checked(scene.get(field), permanent=action in _PERMANENT)
    expires_at = None
    if action in _TEMPORARY:
        life = asked.get("expire_seconds", 60)
        if not isinstance(life, int) or not 0 < life <= LONGEST_S:
            raise Refused(Code.INVALID_ARGUMENT)
        expires_at = now + life
    return SceneCode("gQ" + secrets.token_urlsafe(60), word, expires_at)


def _checked(scene: Any, *, permanent: bool) -> str:
    if isinstance(scene, int):
        if not 0 < scene <= (MOST_PERMANENT if permanent else 2**32 - 1):
            raise Refused(Code.INVALID_ARGUMENT)
        return str(scene)
    if not isinstance(scene, str) or not 1 <= len(scene) <= 64:
        raise Refused(Code.INVALID_ARGUMENT)
    return scene


def picture_of(passes: str) -> bytes:
    """A PNG of squares that looks like a QR code and is none: it is scanned in the rehearsal's own page."""
    digest = zlib.crc32(passes.encode())
    rows = b""
    for row in range(_SQUARES):
        bits = zlib.crc32(b"%d" % row, digest)
        line = bytes(0 if bits >> column % 32 & 1 else 255 for column in range(_SQUARES) for _ in range(_SQUARE))
        rows += (b"\x00" + line) * _SQUARE
    side = _SQUARES * _SQUARE
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _piece(b"IHDR", head) + _piece(b"IDAT", zlib.compress(rows)) + _piece(b"IEND", b"")


def _piece(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
