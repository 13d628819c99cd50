"""The calls to WeChat for one account, one method each.

Every method raises one of `errors`; what the account's kind and verification do not allow is `NotPermitted` without a
call. A refused token is renewed once and the call made once more, never oftener.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx

from bot.channel_settings import WechatAccount, WechatSettings
from bot.channels.wechat.api.answers import as_json, asked, number_of, text_of
from bot.channels.wechat.api.errors import NotPermitted, OutcomeUnknown, Refused, TokenRejected, TooLong
from bot.channels.wechat.api.media import (
    LONGEST_FILE,
    Downloaded,
    answer_in,
    fetched,
    platform_address,
    video_address,
)
from bot.channels.wechat.api.tokens import Tokens
from bot.channels.wechat.api.values import CallbackCheck, Qr, User, read_callback_check, read_user

LONGEST_TEXT_BYTES: Final = 2048
LONGEST_SCENE: Final = 64
LONGEST_TEMPORARY_DAYS: Final = 30
_DAY_S: Final = 86_400
NO_MENU: Final = 46003
_Result = TypeVar("_Result")


class WechatApi:
    """What one account may ask of WeChat. Used within one event loop; for threads there is `sync.Wechat`."""

    def __init__(
        self, account: WechatAccount, wechat: WechatSettings, *, tokens: Tokens, http: httpx.AsyncClient
    ) -> None:
        self.account = account
        self._wechat = wechat
        self._tokens = tokens
        self._http = http

    # Customer-service messages

    async def send_text(self, openid: str, text: str) -> None:
        """Up to 2,048 bytes. Raises TooLong before asking."""
        _check_length(text)
        await self._send(openid, "text", {"content": text})

    async def send_image(self, openid: str, media_id: str) -> None:
        """A picture that was uploaded."""
        await self._send(openid, "image", {"media_id": media_id})

    async def send_menu(self, openid: str, head: str, items: Sequence[tuple[str, str]], tail: str) -> None:
        """Choices to tap: (id, words). A tap arrives as text with `bizmsgmenuid`."""
        listed = [{"id": key, "content": words} for key, words in items]
        _check_length(head + tail + "".join(words for _, words in items))
        await self._send(openid, "msgmenu", {"head_content": head, "list": listed, "tail_content": tail})

    async def typing(self, openid: str, on: bool) -> None:
        """Show, or stop showing, that somebody is writing."""
        self._need(self.account.can_push)
        body = {"touser": openid, "command": "Typing" if on else "CancelTyping"}
        await self._post("/cgi-bin/message/custom/typing", body)

    async def _send(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        self._need(self.account.can_push)
        await self._post("/cgi-bin/message/custom/send", {"touser": openid, "msgtype": kind, kind: content})

    # Notices

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str | None = None
    ) -> str:
        """A template message; the platform's id of it, by which its result arrives as an event."""
        self._need(self.account.has_scenes)
        body = _notice(openid, template_id, data) | ({"url": url} if url else {})
        return str(number_of(await self._post("/cgi-bin/message/template/send", body), "msgid"))

    async def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str | None = None
    ) -> None:
        """A notice that the worker has subscribed to."""
        self._need(self.account.verified)
        body = _notice(openid, template_id, data) | ({"page": page} if page else {})
        await self._post("/cgi-bin/message/subscribe/bizsend", body)

    # Media

    async def upload(self, kind: str, name: str, content: bytes, content_type: str) -> str:
        """The media id, good for three days. `kind`: image, voice, video or thumb."""
        self._need(self.account.can_push)

        async def ask(token: str) -> dict[str, Any]:
            return await asked(
                self._http,
                "POST",
                self._address("/cgi-bin/media/upload"),
                params={"access_token": token, "type": kind},
                files={"media": (name, content, content_type)},
            )

        return text_of(await self._with_token(ask), "thumb_media_id" if kind == "thumb" else "media_id")

    async def download(self, media_id: str, *, longest: int = LONGEST_FILE) -> Downloaded:
        """A file that a worker sent. Raises TooBig past `longest` bytes; Refused (40007) when WeChat has it no more."""
        self._need(self.account.can_push)

        async def ask(token: str) -> Downloaded | str:
            params = {"access_token": token, "media_id": media_id}
            got = await fetched(self._http, self._address("/cgi-bin/media/get"), longest=longest, params=params)
            answer = answer_in(got)
            if answer is None:
                return got
            url = answer.get("video_url", answer.get("down_url"))
            return url if isinstance(url, str) else got

        got = await self._with_token(ask)
        if isinstance(got, Downloaded):
            return got
        return await fetched(self._http, video_address(got, rehearsal=self._wechat.api_base), longest=longest)

    async def picture(self, url: str, *, longest: int = LONGEST_FILE) -> Downloaded:
        """The picture behind a push's PicUrl, from WeChat's picture hosts only. Needs no permission."""
        hosts, rehearsal = self._wechat.picture_hosts, self._wechat.api_base
        return await fetched(self._http, platform_address(url, hosts=hosts, rehearsal=rehearsal), longest=longest)

    # Menu

    async def menu(self) -> dict[str, Any]:
        """The menu as WeChat holds it, {} when there is none."""
        self._need(self.account.has_menu)
        try:
            answer = await self._get("/cgi-bin/menu/get")
        except Refused as error:
            if error.code == NO_MENU:
                return {}
            raise
        menu = answer.get("menu", {})
        return dict(menu) if isinstance(menu, Mapping) else {}

    async def put_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu; followers see it within a day, at once after following anew."""
        self._need(self.account.has_menu)
        await self._post("/cgi-bin/menu/create", menu)

    async def delete_menu(self) -> None:
        """Take the menu away."""
        self._need(self.account.has_menu)
        await self._get("/cgi-bin/menu/delete")

    # QR codes with a scene

    async def create_qr(self, scene: str, days: int | None = None) -> Qr:
        """A code for `days` (up to 30), or for good. Raises ValueError when scene or days are out of bounds."""
        self._need(self.account.has_scenes)
        if not 1 <= len(scene) <= LONGEST_SCENE or not (days is None or 1 <= days <= LONGEST_TEMPORARY_DAYS):
            raise ValueError("a scene has 1 to 64 signs, a temporary code lasts 1 to 30 days")
        action = "QR_LIMIT_STR_SCENE" if days is None else "QR_STR_SCENE"
        body: dict[str, Any] = {"action_name": action, "action_info": {"scene": {"scene_str": scene}}}
        if days is not None:
            body["expire_seconds"] = days * _DAY_S
        answer = await self._post("/cgi-bin/qrcode/create", body)
        code = text_of(answer, "ticket")
        shown_at = f"{self._wechat.mp_base}/cgi-bin/showqrcode?ticket={quote(code, safe='')}"
        return Qr(code, str(answer.get("url", "")), number_of(answer, "expire_seconds") or None, shown_at)

    async def qr_picture(self, qr: Qr) -> Downloaded:
        """The picture of a code."""
        return await fetched(self._http, qr.picture_url, longest=LONGEST_FILE)

    # The account and its followers

    async def user(self, openid: str) -> User:
        """Whether somebody follows, since when, and by which scene."""
        self._need(self.account.can_push)
        return read_user(await self._get("/cgi-bin/user/info", openid=openid, lang="zh_CN"))

    async def token(self) -> None:
        """Have a token, or raise why there is none."""
        await self._tokens.get(self.account)

    async def try_token(self) -> None:
        """Raise why the platform gives out no token now, even while the one in hand is still good."""
        await self._tokens.try_out(self.account)

    async def clear_quota(self) -> None:
        """Set the day's counts of calls to nought; allowed ten times a month."""
        await self._post("/cgi-bin/clear_quota", {"appid": self.account.app_id})

    async def callback_addresses(self) -> list[str]:
        """The addresses that WeChat's pushes come from."""
        listed = (await self._get("/cgi-bin/getcallbackip")).get("ip_list")
        if not isinstance(listed, list):
            raise OutcomeUnknown()
        return [str(address) for address in listed]

    async def check_callback(self) -> CallbackCheck:
        """Let WeChat look up our name and reach our server."""
        body = {"action": "all", "check_operator": "DEFAULT"}
        return read_callback_check(await self._post("/cgi-bin/callback/check", body))

    def _need(self, allowed: bool) -> None:
        if not allowed:
            raise NotPermitted()

    def _address(self, path: str) -> str:
        return f"{self._wechat.api_base}{path}"

    async def _get(self, path: str, **params: str) -> dict[str, Any]:
        async def ask(token: str) -> dict[str, Any]:
            return await asked(self._http, "GET", self._address(path), params={"access_token": token, **params})

        return await self._with_token(ask)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        content = as_json(body)

        async def ask(token: str) -> dict[str, Any]:
            return await asked(
                self._http,
                "POST",
                self._address(path),
                params={"access_token": token},
                content=content,
                headers={"content-type": "application/json; charset=utf-8"},
            )

        return await self._with_token(ask)

    async def _with_token(self, ask: Callable[[str], Awaitable[_Result]]) -> _Result:
        token = await self._tokens.get(self.account)
        try:
            return await ask(token)
        except TokenRejected:
            return await ask(await self._tokens.renew(self.account, token))


def _check_length(text: str) -> None:
    if len(text.encode("utf-8", "replace")) > LONGEST_TEXT_BYTES:
        raise TooLong()


def _notice(openid: str, template_id: str, data: Mapping[str, str]) -> dict[str, Any]:
    values = {name: {"value": value} for name, value in data.items()}
    return {"touser": openid, "template_id": template_id, "data": values}
