"""Access tokens: the stable one (the same inside its life) and the ordinary one (a new one kills the old)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.simulate.clock import Clock
from bot.simulate.wechat.errors import Code, Refused

LIFE_S: Final = 7200
# So long before its end the platform renews a token, and so long both are good.
OVERLAP_S: Final = 300
FORCED_APART_S: Final = 30
FORCED_A_DAY: Final = 20
DAY_S: Final = 86_400


@dataclass(slots=True)
class Token:
    """One token with the times between which it is good."""

    value: str
    expires_at: float
    revoked: bool = False


@dataclass
class Tokens:
    """All tokens of one account."""

    clock: Clock
    life_s: float = LIFE_S
    fetched: int = 0
    _stable: Token | None = None
    _ordinary: Token | None = None
    _known: dict[str, Token] = field(default_factory=dict)
    _forced_at: list[float] = field(default_factory=list)
    _dead: bool = False

    def stable(self, *, force: bool) -> tuple[str, int]:
        """(token, seconds left). Raises Refused when forced too often."""
        now = self.clock()
        self.fetched += 1
        if force:
            self._may_force(now)
            self._replace_stable(now, old_good_for_s=0.0)
        elif self._stable is None or (self._stable.revoked and not self._dead) or self._ends(self._stable, now):
            self._replace_stable(now, old_good_for_s=OVERLAP_S)
        assert self._stable is not None
        return self._stable.value, round(self._stable.expires_at - now)

    def ordinary(self) -> tuple[str, int]:
        """A new ordinary token; the one before it is good no longer."""
        self.fetched += 1
        if self._ordinary is not None:
            self._ordinary.revoked = True
        self._ordinary = self._new(self.clock())
        return self._ordinary.value, int(self.life_s)

    def revoke(self, *, dead: bool = False) -> None:
        """All tokens are refused from now on. `dead`: the stable one is given out all the same until it is forced."""
        self._dead = dead
        for token in (self._stable, self._ordinary):
            if token is not None:
                token.revoked = True

    def check(self, value: str) -> None:
        """Raises Refused when this is not a token that is good now."""
        if not value:
            raise Refused(Code.TOKEN_MISSING)
        token = self._known.get(value)
        if token is None or token.revoked:
            raise Refused(Code.INVALID_TOKEN)
        if self.clock() >= token.expires_at:
            raise Refused(Code.TOKEN_EXPIRED)

    def _ends(self, token: Token, now: float) -> bool:
        return now >= token.expires_at - min(OVERLAP_S, self.life_s / 4)

    def _may_force(self, now: float) -> None:
        self._forced_at = [at for at in self._forced_at if now - at < DAY_S]
        if len(self._forced_at) >= FORCED_A_DAY:
            raise Refused(Code.DAILY_LIMIT)
        if self._forced_at and now - self._forced_at[-1] < FORCED_APART_S:
            raise Refused(Code.MINUTE_LIMIT)
        self._forced_at.append(now)

    def _replace_stable(self, now: float, *, old_good_for_s: float) -> None:
        if self._stable is not None:
            self._stable.expires_at = min(self._stable.expires_at, now + old_good_for_s)
            self._stable.revoked = self._stable.revoked or old_good_for_s <= 0
        self._stable, self._dead = self._new(now), False

    def _new(self, now: float) -> Token:
        token = Token(secrets.token_urlsafe(96), now + self.life_s)
        self._known[token.value] = token
        return token
