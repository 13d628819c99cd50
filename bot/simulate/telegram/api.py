"""`/bot<token>/<method>` and `/file/bot<token>/<path>`: long polling, faults on the way, a record of every call."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from bot.simulate.faults import API_KINDS, TAKEN_WITHOUT_ANSWER, Fault, FaultKind
from bot.simulate.forms import BadForm, parts_of
from bot.simulate.records import Call
from bot.simulate.telegram.inbox import confirmed
from bot.simulate.telegram.methods import Methods, Parameters
from bot.simulate.telegram.platform import Json, TelegramPlatform
from bot.simulate.telegram.refusals import Refused, bad_request, too_many
from bot.simulate.web import Application, Cut, Request, Response, Silence, as_json

_LONGEST_WAIT_S: Final = 50
_MOST_UPDATES: Final = 100
_NOT_DONE: Final = (
    FaultKind.API_DOWN, FaultKind.API_5XX, FaultKind.API_BUSY, FaultKind.API_ERROR, FaultKind.API_TIMEOUT_LOST,
    FaultKind.API_RESET_LOST,
)  # fmt: skip
_ANSWERED: Final = (FaultKind.API_5XX, FaultKind.API_BUSY, FaultKind.API_ERROR)
_DESCRIPTIONS: Final = {
    400: "Bad Request: refused", 401: "Unauthorized", 403: "Forbidden: bot was blocked by the user",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error", 502: "Bad Gateway",
}  # fmt: skip


class TelegramApi:
    """Serves one bot. Mount `add_to` on an application."""

    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform, self._methods = platform, Methods(platform)
        self._polling = 0

    def add_to(self, application: Application) -> None:
        """Both addresses."""
        application.add("GET", "/bot*", self._serve)
        application.add("POST", "/bot*", self._serve)
        application.add("GET", "/file/bot*", self._file)

    async def _serve(self, request: Request) -> Response:
        token, _, name = request.path.removeprefix("/bot").partition("/")
        if token != self._platform.token:
            return _refusal(Refused(401, "Unauthorized"))
        try:
            name, method = ("getUpdates", None) if name.lower() == "getupdates" else self._methods.find(name)
            call = parameters_of(request)
        except Refused as refused:
            return _refusal(refused)
        fault = self._platform.faults.hit(API_KINDS, name, self._platform.clock())
        if fault is not None and fault.kind in _NOT_DONE:
            code = fault.code or (502 if fault.kind is FaultKind.API_5XX else 500)
            self._note(name, call, code, taken=False, answered=fault.kind in _ANSWERED)
            return _failed(fault, code)
        if method is None:
            return await self._get_updates(call)
        response = self._done(name, method, call, fault)
        if fault is not None:
            await _troubled(fault)
        return response

    def _done(self, name: str, method: Any, call: Parameters, fault: Fault | None) -> Response:
        before = len(self._platform.record.shown)
        unanswered = fault is not None and fault.kind in TAKEN_WITHOUT_ANSWER
        try:
            response, code = as_json({"ok": True, "result": method(call)}), 0
        except Refused as refused:
            response, code = _refusal(refused), refused.code
        self._note(name, call, code, taken=code == 0, answered=not unanswered)
        for shown in self._platform.record.shown[before:]:
            shown.unacknowledged = unanswered
        return response

    def run(self, name: str, words: dict[str, str]) -> None:
        """A method that was named in the answer to a webhook. What is refused is only recorded."""
        try:
            name, method = self._methods.find(name)
        except Refused:
            return
        self._done(name, method, Parameters(words), None)

    async def _get_updates(self, call: Parameters) -> Response:
        try:
            updates = await self._updates(call)
        except Refused as refused:
            self._note("getUpdates", call, refused.code, taken=False)
            return _refusal(refused)
        self._note("getUpdates", call, 0)
        return as_json({"ok": True, "result": updates})

    async def _updates(self, call: Parameters) -> list[Json]:
        platform = self._platform
        if platform.webhook.url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first",
            )
        self._polling += 1
        mine = self._polling
        allowed, offset = call.structure("allowed_updates"), call.number("offset")
        if isinstance(allowed, list):
            platform.webhook.allowed = tuple(allowed)
        confirmed(platform, offset)
        limit = min(max(call.number("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
        ends = asyncio.get_running_loop().time() + min(call.number("timeout"), _LONGEST_WAIT_S)
        platform.arrived.set()  # an older call hears of this one
        while True:
            if mine != self._polling:
                raise Refused(409, _DESCRIPTIONS[409])
            found = [update.body for update in platform.queue if update.number >= offset][:limit]
            left_s = ends - asyncio.get_running_loop().time()
            if found or left_s <= 0:
                return found
            await self._arrival(left_s)

    async def _arrival(self, within_s: float) -> None:
        self._platform.arrived.clear()
        try:
            async with asyncio.timeout(within_s):
                await self._platform.arrived.wait()
        except TimeoutError:
            pass

    async def _file(self, request: Request) -> Response:
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        fault = self._platform.faults.hit(API_KINDS, "file", self._platform.clock())
        if fault is not None and fault.kind in _NOT_DONE:
            return _failed(fault, 502)
        stored = next((one for one in self._platform.files.values() if one.path == path), None)
        if token != self._platform.token or stored is None:
            return _refusal(Refused(404, "Not Found"))
        return Response(stored.content, content_type=stored.content_type)

    def _note(self, name: str, call: Parameters, code: int, *, taken: bool = True, answered: bool = True) -> None:
        now = self._platform.clock()
        self._platform.record.calls.append(Call(now, name, code, call.text("chat_id"), taken, answered))


def parameters_of(request: Request) -> Parameters:
    """From the query, a form, a multipart form or JSON. Raises Refused."""
    kind, words = request.content_type.lower(), dict(request.query)
    try:
        if kind.startswith("multipart/form-data"):
            parts = parts_of(request.content_type, request.body)
            files = {name: part for name, part in parts.items() if part.file_name}
            return Parameters(words | {name: part.text for name, part in parts.items() if name not in files}, files)
        if kind.startswith("application/json"):
            posted = json.loads(request.body or b"{}")
            return Parameters(words | {name: _word(value) for name, value in posted.items()})
    except (BadForm, ValueError, AttributeError) as error:
        raise bad_request("can't parse the request") from error
    return Parameters(words | request.form())


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _refusal(refused: Refused) -> Response:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.retry_after:
        body["parameters"] = {"retry_after": refused.retry_after}
    return as_json(body, refused.code)


def _failed(fault: Fault, code: int) -> Response:
    """Nothing was done. Raises Cut or Silence, or answers with a failure."""
    if fault.kind is FaultKind.API_TIMEOUT_LOST:
        raise Silence
    if fault.kind in (FaultKind.API_DOWN, FaultKind.API_RESET_LOST):
        raise Cut
    if code == 429:
        return _refusal(too_many(max(1, int(fault.seconds))))
    return _refusal(Refused(code, _DESCRIPTIONS.get(code, "Bad Request: refused")))


async def _troubled(fault: Fault) -> None:
    """It was done; the answer is late or never comes."""
    if fault.kind is FaultKind.API_TIMEOUT_TAKEN:
        raise Silence
    if fault.kind is FaultKind.API_RESET_TAKEN:
        raise Cut
    await asyncio.sleep(fault.seconds)


def read_reply(body: bytes) -> tuple[str, dict[str, str]] | None:
    """The method named in the answer to a webhook, with its parameters; None when it names none."""
    try:
        value = json.loads(body) if body.startswith(b"{") else None
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("method"), str):
        return None
    return value["method"], {name: _word(one) for name, one in value.items() if name != "method"}
