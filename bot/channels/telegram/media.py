"""Files down: Telegram gives out an address for an hour, and nothing above 20 MB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram.error import BadRequest

from bot.channels.telegram.connection import Connection, QuietBot
from bot.media import Fetched, MediaGone


class TelegramFetcher:
    """Fetches what a message's file id names."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fetch(self, account: str, source: Mapping[str, Any]) -> Fetched:
        """Raises MediaGone, TelegramError."""
        try:
            content = self._connection.run(lambda bot: _download(bot, str(source["file_id"])))
        except BadRequest as error:  # too old, too large, or another bot's
            raise MediaGone("400") from error
        return Fetched(content, str(source["content_type"]), str(source["name"]))


async def _download(bot: QuietBot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray(read_timeout=60))
