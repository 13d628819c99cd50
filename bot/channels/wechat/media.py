"""Fetching what a worker sent on WeChat: by media id, or, where the account may not, from the picture's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.wechat.api import errors
from bot.channels.wechat.api.sync import Wechat
from bot.media import Fetched, MediaGone


class WechatMedia:
    """See `bot.media.Fetcher`."""

    def __init__(self, wechat: Callable[[], Wechat]) -> None:
        self._wechat = wechat

    def fetch(self, account: str, source: Mapping[str, Any]) -> Fetched:
        """Raises MediaGone; WechatError for what passes."""
        wechat = self._wechat()
        api = wechat.api(account)
        media_id, url = str(source.get("media_id", "")), str(source.get("url", ""))
        try:
            if url and not media_id:
                found = wechat.run(api.picture(url))
            else:
                found = wechat.run(api.download(media_id))
        except (errors.NotPermitted, errors.TooBig) as error:
            if not url or isinstance(error, errors.TooBig):
                raise MediaGone(str(error.code)) from error
            found = self._picture(wechat, account, url)
        except errors.Refused as error:
            raise MediaGone(str(error.code)) from error
        return Fetched(found.content, found.content_type, str(source.get("name") or found.name))

    def _picture(self, wechat: Wechat, account: str, url: str) -> Any:
        try:
            return wechat.run(wechat.api(account).picture(url))
        except errors.Refused as error:
            raise MediaGone(str(error.code)) from error
