"""The pages and forms of the web view. It serves one operator on one machine; people are given by their names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.template import Context, Engine

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.forms import BadForm, parts_of
from bot.simulate.scenario.stage import NotThere, Stage
from bot.simulate.scenario.steps import Act, Sent
from bot.simulate.view import screens, texts
from bot.simulate.web import Application, Handler, Request, Response, see_other

_HERE: Final = Path(__file__).parent
_STATIC: Final = {"view.css": "text/css; charset=utf-8", "view.js": "text/javascript; charset=utf-8"}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST_NAME: Final = 30
# What a switch in the panel does beyond its kind.
_FAULT_S: Final = {FaultKind.API_SLOW: 3.0, FaultKind.PUSH_HANG_UP: 0.05, FaultKind.PUSH_REORDER: 3.0}
Menu = Callable[[], list[dict[str, Any]]]


class View:
    """The web view of one stage."""

    def __init__(self, stage: Stage, *, menu: Menu = lambda: []) -> None:
        self._stage, self._menu = stage, menu
        self._engine = Engine(dirs=[str(_HERE / "templates")], autoescape=True)
        self._names: dict[str, None] = {texts.FIRST_PERSON: None}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._said: dict[str, str] = {}

    def add_to(self, application: Application) -> None:
        """Every page and form."""
        application.add("GET", "/", self._phone)
        application.add("GET", "/screen", self._screen)
        application.add("GET", "/behind", self._behind)
        application.add("GET", "/view/*", self._static)
        application.add("GET", "/favicon.ico", _no_icon)
        application.add("POST", "/act", self._own(self._act))
        application.add("POST", "/upload", self._own(self._upload))
        application.add("POST", "/fault", self._own(self._fault))
        application.add("POST", "/platform", self._own(self._platform))

    async def _phone(self, request: Request) -> Response:
        who = self._who(request.query.get("who"))
        return self._page("simulate/phone.html", self._phone_words(who) | self._behind_words())

    async def _screen(self, request: Request) -> Response:
        return self._page("simulate/_screen.html", self._phone_words(self._who(request.query.get("who"))))

    async def _behind(self, _: Request) -> Response:
        return self._page("simulate/_behind.html", self._behind_words())

    async def _static(self, request: Request) -> Response:
        name = request.path.removeprefix("/view/")
        if name not in _STATIC:
            return Response(b"not found", 404)
        return Response((_HERE / "static" / name).read_bytes(), content_type=_STATIC[name])

    async def _act(self, request: Request) -> Response:
        form = request.form()
        who, words = self._who(form.get("who")), form.get("words", "").strip()
        self._said.pop(who, None)
        work = self._work(form.get("action", ""), who, words)
        if work is None:
            return Response(texts.UNKNOWN_ACTION.encode(), 400)
        self._begin(who, work)
        return _back(who)

    def _work(self, action: str, who: str, words: str):  # type: ignore[no-untyped-def]
        stage = self._stage
        match action:
            case "says" if words:
                return stage.says(who, words)
            case "taps" if words in screens.keyboard_words(stage.record, stage.key(who)):
                return stage.says(who, words)
            case "taps" if words:
                return stage.taps(who, words)
            case "sends" if words in list(Sent):
                return stage.sends(who, Sent(words))
            case "follows":
                return stage.follows(who, words)
            case "unfollows":
                return stage.unfollows(who)
            case "scans" if words:
                return stage.scans(who, words)
        return None

    async def _upload(self, request: Request) -> Response:
        try:
            parts = parts_of(request.content_type, request.body)
        except BadForm:
            return Response(texts.UNKNOWN_ACTION.encode(), 400)
        who = self._who(parts["who"].text if "who" in parts else None)
        file = parts.get("file")
        if file is not None and file.content:
            self._begin(who, self._stage.uploads(who, file.file_name, file.content, file.content_type))
        return _back(who)

    async def _fault(self, request: Request) -> Response:
        form = request.form()
        kind = form.get("kind", "")
        if kind not in list(FaultKind):
            return Response(texts.UNKNOWN_ACTION.encode(), 400)
        if form.get("on"):
            fault = FaultKind(kind)
            once = fault in (FaultKind.PUSH_LOST, FaultKind.PUSH_BAD_SIGNATURE)
            self._stage.faults.on(Fault(fault, seconds=_FAULT_S.get(fault, 0.0), times=1 if once else None))
        else:
            self._stage.faults.off(FaultKind(kind))
        return _back(self._who(form.get("who")))

    async def _platform(self, request: Request) -> Response:
        form = request.form()
        who = self._who(form.get("who"))
        if form.get("act") not in list(Act):
            return Response(texts.UNKNOWN_ACTION.encode(), 400)
        try:
            self._stage.acts(Act(form["act"]), (who,))
        except NotThere as error:
            self._said[who] = str(error)
        return _back(who)

    def _begin(self, who: str, work: Any) -> None:
        """What a person does goes on behind the page."""

        async def guarded() -> None:
            try:
                await work
            except NotThere as error:
                self._said[who] = str(error)

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _own(self, handler: Handler) -> Handler:
        """Only from our own page: another site's form must not write here."""

        async def checked(request: Request) -> Response:
            origin = request.headers.get("origin", "")
            if origin and urlsplit(origin).netloc != request.headers.get("host"):
                return Response(b"forbidden", 403)
            return await handler(request)

        return checked

    def _who(self, name: str | None) -> str:
        who = (name or "").strip()[:_LONGEST_NAME] or next(iter(self._names))
        self._names.setdefault(who)
        return who

    def _phone_words(self, who: str) -> dict[str, Any]:
        lines = screens.screen(self._stage.record, self._stage.key(who))
        return {
            "who": who, "lines": lines, "said": self._said.get(who, ""), "people": self._people(who),
            "menu": _menu_words(self._menu()), "sent": texts.SENT.items(), "standing": self._stage.standing(who),
            "platform": self._stage.platform_name, "title": texts.PLATFORMS[self._stage.platform_name],
            "newest": str(len(lines)),
        }  # fmt: skip

    def _people(self, who: str) -> list[dict[str, Any]]:
        return [{"name": name, "address": f"/?who={quote(name)}", "here": name == who} for name in self._names]

    def _behind_words(self) -> dict[str, Any]:
        stage = self._stage
        names = {stage.key(name): name for name in self._names}
        on = {fault.kind for fault in stage.faults.active}
        acts = texts.ACTS if stage.platform_name == "wechat" else {}
        return {
            "faults": [{"kind": kind, "words": words, "on": kind in on} for kind, words in texts.FAULTS.items()],
            "acts": acts.items(),
            "deliveries": screens.deliveries(stage.record, names),
            "calls": screens.calls(stage.record, names),
            "account": stage.account_words(),
        }

    def _page(self, name: str, words: Mapping[str, Any]) -> Response:
        body = self._engine.get_template(name).render(Context(dict(words), use_l10n=False, use_tz=False))
        headers = {
            "content-security-policy": _POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
            "cache-control": "no-store",
        }  # fmt: skip
        return Response(body.encode(), content_type="text/html; charset=utf-8", headers=headers)


async def _no_icon(_: Request) -> Response:
    return Response(status=204)


def _menu_words(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": button.get("name", ""), "entries": [one.get("name", "") for one in button.get("sub_button") or ()]}
        for button in buttons
    ]


def _back(who: str) -> Response:
    return see_other(f"/?who={quote(who)}")
