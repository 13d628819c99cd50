"""A worker's talk with the trained dialogue, in a test's words. The state goes through JSON after every turn, as it does
in the database, so every talk is also a talk across restarts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from actions.effects import Effect, OpenCase, RequestHandoff
from actions.scope import Presence, Scopes, TurnScope
from nlu.engine import Button, DialogueEngine, EngineReply, Snapshot, TurnResult

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Talk:
    """`says` and `presses` give what the desk answered; `effects` gathers what the turns wanted changed."""

    def __init__(
        self,
        engine: DialogueEngine,
        scopes: Scopes,
        *,
        contact: UUID | None = None,
        on_duty: bool = True,
        channel: str = "webchat",
        state: str | None = None,
        forms_allowed: bool = True,
        web_page: str = "",
        province: str | None = None,
    ) -> None:
        self._engine = engine
        self._scopes = scopes
        self._count = 0
        self.contact = contact or uuid4()
        self.on_duty = on_duty
        self.now = NOW
        self.channel = channel
        self.state = state
        self.forms_allowed, self.web_page = forms_allowed, web_page
        self.province = province
        self.effects: list[Effect] = []
        self.replies: Sequence[EngineReply] = ()
        self.last: TurnResult | None = None

    def says(self, text: str) -> str:
        """Types a message; the answer's texts, one below the other."""
        return self._turn(text, None)

    def presses(self, title: str) -> str:
        """Presses a button of the last answer."""
        return self._turn(title, self.button(title).payload)

    def presses_again(self, button: Button) -> str:
        """Presses a button of an earlier answer."""
        return self._turn(button.title, button.payload)

    def button(self, title: str) -> Button:
        """A button of the last answer, by its title."""
        return next(button for reply in self.replies for button in reply.buttons if button.title == title)

    @property
    def titles(self) -> list[str]:
        """Titles of the buttons of the last answer."""
        return [button.title for reply in self.replies for button in reply.buttons]

    @property
    def cases(self) -> list[OpenCase]:
        """Cases that the talk has opened."""
        return [effect for effect in self.effects if isinstance(effect, OpenCase)]

    @property
    def handoffs(self) -> list[str]:
        """Why a person was called, each time."""
        return [str(effect.reason) for effect in self.effects if isinstance(effect, RequestHandoff)]

    @property
    def slots(self) -> Mapping[str, Any]:
        """What the talk remembers."""
        return Snapshot.from_json(self.state).slots if self.state else {}

    def forward(self, **units: float) -> None:
        """Time goes by."""
        self.now += timedelta(**units)

    def goes(self, *pairs: tuple[str, str]) -> None:
        """(we say, they say): each answer holds the words given. A text in square brackets is a button."""
        for ours, theirs in pairs:
            pressed = ours.startswith("[")
            answer = self.presses(ours.strip("[]")) if pressed else self.says(ours)
            assert theirs in answer, f"{ours!r} was answered {answer!r}, which does not hold {theirs!r}"

    def _turn(self, text: str, payload: str | None) -> str:
        self._count += 1
        turn = f"{self.contact}-{id(self)}-{self._count}"
        scope = TurnScope(
            self.now,
            self.contact,
            1,
            self.channel,
            self.province,
            presence=lambda: Presence(on_duty=self.on_duty),
            forms_allowed=self.forms_allowed,
            web_page=self.web_page,
        )
        self._scopes.open(turn, scope)
        before = Snapshot.from_json(self.state) if self.state else None
        try:
            self.last = self._engine.respond(turn, text, before, payload=payload)
        finally:
            self._scopes.close(turn)
        self.effects += scope.effects
        self.replies = self.last.replies
        self.state = self.last.snapshot.to_json()
        return "\n".join(reply.text for reply in self.replies)
