"""The platform's HTTP API over the rules: routes, tokens, faults on the way, and the record of every call."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any, Final

from bot.simulate.faults import API_KINDS, TAKEN_WITHOUT_ANSWER, Fault, FaultKind
from bot.simulate.forms import BadForm, parts_of
from bot.simulate.records import Call
from bot.simulate.web import Application, Cut, Request, Response, Silence, as_json
from bot.simulate.wechat.errors import Code, Refused
from bot.simulate.wechat.platform import WechatPlatform
from bot.simulate.wechat.scenes import picture_of

Answer = dict[str, Any] | Response
_NOT_DONE: Final = (
    FaultKind.API_DOWN, FaultKind.API_5XX, FaultKind.API_BUSY, FaultKind.API_ERROR, FaultKind.API_TIMEOUT_LOST,
    FaultKind.API_RESET_LOST,
)  # fmt: skip
_ANSWERED: Final = (FaultKind.API_5XX, FaultKind.API_BUSY, FaultKind.API_ERROR)
_WITHOUT_TOKEN: Final = ("/cgi-bin/stable_token", "/cgi-bin/token", "/cgi-bin/showqrcode")
# The platform shows `\u4f60` as it stands and not as a character: a body must be UTF-8 itself.
_ESCAPED: Final = re.compile(rb"(\\+)u([0-9a-fA-F]{4})")


class WechatApi:
    """Serves one platform. Mount `add_to` on an application."""

    def __init__(self, platform: WechatPlatform) -> None:
        self._platform = platform

    def add_to(self, application: Application) -> None:
        """Every path of the platform."""
        platform, record = self._platform, self._add
        record(application, "POST", "/cgi-bin/stable_token", self._stable_token)
        record(application, "GET", "/cgi-bin/token", self._ordinary_token)
        record(application, "POST", "/cgi-bin/message/custom/send", self._done(platform.send))
        record(application, "POST", "/cgi-bin/message/custom/typing", self._done(platform.typing))
        record(application, "POST", "/cgi-bin/media/upload", self._upload)
        record(application, "GET", "/cgi-bin/media/get", self._download)
        record(application, "POST", "/cgi-bin/menu/create", self._done(platform.create_menu))
        record(application, "GET", "/cgi-bin/menu/get", lambda _: {"menu": {"button": platform.get_menu()}})
        record(application, "GET", "/cgi-bin/menu/delete", self._delete_menu)
        record(application, "GET", "/cgi-bin/get_current_selfmenu_info", self._self_menu)
        record(application, "POST", "/cgi-bin/qrcode/create", self._create_code)
        record(application, "GET", "/cgi-bin/showqrcode", self._show_code)
        record(application, "GET", "/cgi-bin/user/info", lambda one: platform.user_info(one.query.get("openid", "")))
        record(application, "POST", "/cgi-bin/message/template/send", self._template)
        record(application, "POST", "/cgi-bin/message/subscribe/bizsend", self._done(platform.send_subscription))
        record(application, "POST", "/cgi-bin/clear_quota", self._clear_quota)
        record(application, "GET", "/cgi-bin/getcallbackip", lambda _: {"ip_list": ["127.0.0.1"]})
        record(application, "GET", "/cgi-bin/get_api_domain_ip", lambda _: {"ip_list": ["127.0.0.1"]})
        record(application, "POST", "/cgi-bin/callback/check", self._check_callback)

    def _add(self, application: Application, method: str, path: str, handle: Callable[[Request], Answer]) -> None:
        async def serve(request: Request) -> Response:
            return await self._served(request, handle)

        application.add(method, path, serve)
        if method == "POST":
            application.add("GET", path, _needs_post)

    def _done(self, act: Callable[[dict[str, Any]], Any]) -> Callable[[Request], Answer]:
        def handle(request: Request) -> Answer:
            act(body_of(request))
            return {}

        return handle

    async def _served(self, request: Request, handle: Callable[[Request], Answer]) -> Response:
        platform = self._platform
        now = platform.clock()
        fault = platform.faults.hit(API_KINDS, request.path, now)
        if fault is not None and fault.kind in _NOT_DONE:
            answered = fault.kind in _ANSWERED
            platform.record.calls.append(Call(now, request.path, fault.code or -1, taken=False, answered=answered))
            return _failed(fault)
        before = len(platform.record.shown)
        response, code = self._handled(request, handle)
        call = Call(now, request.path, code, taken=code == Code.OK)
        platform.record.calls.append(call)
        for shown in platform.record.shown[before:]:
            call.user = shown.user
            shown.unacknowledged = fault is not None and fault.kind in TAKEN_WITHOUT_ANSWER
        if fault is not None:
            call.answered = fault.kind not in TAKEN_WITHOUT_ANSWER
            await _troubled(fault)
        return response

    def _handled(self, request: Request, handle: Callable[[Request], Answer]) -> tuple[Response, int]:
        try:
            if request.path not in _WITHOUT_TOKEN:
                self._platform.tokens.check(request.query.get("access_token", ""))
            self._platform.count_call(request.path)
            answer = handle(request)
        except Refused as refused:
            return as_json({"errcode": refused.code, "errmsg": f"{refused} rid: simulated"}), refused.code
        if isinstance(answer, Response):
            return answer, Code.OK
        return as_json(answer or {"errcode": 0, "errmsg": "ok"}), Code.OK

    def _stable_token(self, request: Request) -> Answer:
        asked = body_of(request)
        self._platform.check_credentials(str(asked.get("appid")), str(asked.get("secret")))
        self._platform.check_caller(request.peer)
        value, left_s = self._platform.tokens.stable(force=asked.get("force_refresh") is True)
        return {"access_token": value, "expires_in": left_s}

    def _ordinary_token(self, request: Request) -> Answer:
        self._platform.check_credentials(request.query.get("appid", ""), request.query.get("secret", ""))
        self._platform.check_caller(request.peer)
        value, left_s = self._platform.tokens.ordinary()
        return {"access_token": value, "expires_in": left_s}

    def _upload(self, request: Request) -> Answer:
        self._need_media()
        try:
            part = parts_of(request.content_type, request.body).get("media")
        except BadForm as error:
            raise Refused(Code.MEDIA_MISSING) from error
        if part is None:
            raise Refused(Code.MEDIA_MISSING)
        medium = self._platform.media.keep(request.query.get("type", ""), part.content, part.content_type)
        return {"type": medium.kind, "media_id": medium.media_id, "created_at": int(medium.made_at)}

    def _download(self, request: Request) -> Answer:
        self._need_media()
        medium = self._platform.media.get(request.query.get("media_id", ""))
        headers = {"content-disposition": f'attachment; filename="{medium.file_name}"'}
        return Response(medium.content, content_type=medium.content_type, headers=headers)

    def _need_media(self) -> None:
        if not self._platform.may.media:
            raise Refused(Code.NO_PERMISSION)

    def _delete_menu(self, _: Request) -> Answer:
        self._platform.delete_menu()
        return {}

    def _self_menu(self, _: Request) -> Answer:
        menu = self._platform.menu
        return {"is_menu_open": int(menu is not None), "selfmenu_info": {"button": menu or []}}

    def _create_code(self, request: Request) -> Answer:
        code = self._platform.create_code(body_of(request))
        answer: dict[str, Any] = {"ticket": code.passes, "url": f"http://weixin.qq.com/q/{code.passes[:22]}"}
        if code.expires_at is not None:
            answer["expire_seconds"] = round(code.expires_at - self._platform.clock())
        return answer

    def _show_code(self, request: Request) -> Answer:
        code = self._platform.codes.get(request.query.get("ticket", ""))
        if code is None:
            return Response(b"not found", 404)
        return Response(picture_of(code.passes), content_type="image/png")

    def _template(self, request: Request) -> Answer:
        number = self._platform.send_template(body_of(request))
        return {"errcode": 0, "errmsg": "ok", "msgid": number}

    def _clear_quota(self, request: Request) -> Answer:
        self._platform.clear_quota(str(body_of(request).get("appid")))
        return {}

    def _check_callback(self, request: Request) -> Answer:
        body_of(request)
        return {
            "dns": [{"ip": "127.0.0.1", "real_operator": "UNICOM"}],
            "ping": [{"ip": "127.0.0.1", "from_operator": "UNICOM", "package_loss": "0%", "time": "1.0ms"}],
        }


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object in a call, its escapes left as they stand. Raises Refused."""
    try:
        value = json.loads(_ESCAPED.sub(_literal, request.body))
    except (ValueError, UnicodeDecodeError) as error:
        raise Refused(Code.BAD_JSON) from error
    if not isinstance(value, dict):
        raise Refused(Code.BAD_JSON)
    return value


def _literal(found: re.Match[bytes]) -> bytes:
    if len(found[1]) % 2 == 0 or int(found[2], 16) < 0x20:
        return found[0]
    return found[1] + b"\\u" + found[2]


async def _needs_post(_: Request) -> Response:
    return as_json({"errcode": int(Code.NEEDS_POST), "errmsg": "require POST method"})


def _failed(fault: Fault) -> Response:
    """Nothing was done. Raises Cut or Silence, or answers with a failure."""
    match fault.kind:
        case FaultKind.API_5XX:
            return Response(b"<html>502 Bad Gateway</html>", fault.code or 502, "text/html")
        case FaultKind.API_TIMEOUT_LOST:
            raise Silence
        case FaultKind.API_BUSY | FaultKind.API_ERROR:
            refused = Refused(fault.code or Code.BUSY)
            return as_json({"errcode": refused.code, "errmsg": f"{refused} rid: simulated"})
        case _:
            raise Cut


async def _troubled(fault: Fault) -> None:
    """It was done; the answer is late or never comes."""
    if fault.kind is FaultKind.API_TIMEOUT_TAKEN:
        raise Silence
    if fault.kind is FaultKind.API_RESET_TAKEN:
        raise Cut
    await asyncio.sleep(fault.seconds)
