"""The people who follow an account, and how many customer-service messages each may get now."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from bot.simulate.wechat.errors import Code, Refused

MESSAGE_WINDOW_S: Final = 48 * 3600
MESSAGE_QUOTA: Final = 5
TAP_WINDOW_S: Final = 60
TAP_QUOTA: Final = 3


@dataclass(slots=True)
class Window:
    """So many messages until then."""

    until: float = 0.0
    left: int = 0

    def open(self, now: float) -> bool:
        return now < self.until


@dataclass(slots=True)
class User:
    """One person as this account knows them."""

    openid: str
    name: str
    followed: bool = False
    followed_at: float = 0.0
    scene: str = ""
    message_window: Window = field(default_factory=Window)
    tap_window: Window = field(default_factory=Window)
    # Subscription notices that the person has said yes to, by template: each yes is good for one.
    granted: Counter[str] = field(default_factory=Counter)

    def wrote(self, now: float) -> None:
        """A message: five within 48 hours from now."""
        self.message_window = Window(now + MESSAGE_WINDOW_S, MESSAGE_QUOTA)

    def tapped(self, now: float) -> None:
        """A click, follow or scan: three within a minute; the 48 hours are not renewed."""
        self.tap_window = Window(now + TAP_WINDOW_S, TAP_QUOTA)

    def left(self, now: float) -> int:
        """How many customer-service messages may still come."""
        return sum(window.left for window in self._open(now))

    def spend(self, now: float) -> None:
        """Take one from the window that closes first. Raises Refused."""
        windows = self._open(now)
        if not self.followed or not windows:
            raise Refused(Code.OUT_OF_WINDOW)
        window = next((one for one in windows if one.left > 0), None)
        if window is None:
            raise Refused(Code.QUOTA_USED)
        window.left -= 1

    def use_up(self) -> None:
        """Others (a colleague in the platform's console) have sent the rest."""
        self.message_window.left = self.tap_window.left = 0

    def close(self) -> None:
        """The person follows no longer."""
        self.followed = False
        self.message_window, self.tap_window = Window(), Window()

    def _open(self, now: float) -> list[Window]:
        windows = [self.tap_window, self.message_window]
        return sorted((one for one in windows if one.open(now)), key=lambda one: one.until)


def openid_of(app_id: str, name: str) -> str:
    """28 characters, the same for the same name and account, so that a rehearsal can be repeated."""
    digest = hashlib.sha256(f"{app_id}/{name}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
