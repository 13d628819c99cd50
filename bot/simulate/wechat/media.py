"""Temporary media: uploads of the account and what its followers sent; three days each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.simulate.clock import Clock
from bot.simulate.wechat.errors import Code, Refused

LIFE_S: Final = 3 * 86_400
_MEGABYTE: Final = 1_048_576
_MOST_BYTES = {"image": 10 * _MEGABYTE, "voice": 2 * _MEGABYTE, "video": 10 * _MEGABYTE, "thumb": 65_536}
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/amr": "amr", "video/mp4": "mp4", "image/gif": "gif",
    "application/pdf": "pdf",
}  # fmt: skip


@dataclass(frozen=True)
class Medium:
    """A file that the platform holds."""

    media_id: str
    kind: str
    content: bytes = field(repr=False)
    content_type: str
    made_at: float

    @property
    def file_name(self) -> str:
        """With an ending that fits."""
        return f"{self.media_id[:16]}.{_ENDINGS.get(self.content_type, 'bin')}"


class MediaStore:
    """All files of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, Medium] = {}

    def keep(self, kind: str, content: bytes, content_type: str) -> Medium:
        """Keep a file. Raises Refused when its kind or size will not do."""
        most = _MOST_BYTES.get(kind)
        if most is None:
            raise Refused(Code.INVALID_MEDIA_TYPE)
        if not content:
            raise Refused(Code.MEDIA_MISSING)
        if len(content) > most:
            raise Refused(Code.INVALID_FILE_SIZE)
        medium = Medium(secrets.token_urlsafe(48), kind, content, content_type, self._clock())
        self._held[medium.media_id] = medium
        return medium

    def get(self, media_id: str) -> Medium:
        """Raises Refused when it is unknown or older than three days."""
        medium = self._held.get(media_id)
        if medium is None or self._clock() - medium.made_at > LIFE_S:
            raise Refused(Code.INVALID_MEDIA_ID)
        return medium
