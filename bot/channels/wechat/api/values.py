"""What WeChat tells, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.wechat.api.answers import number_of


@dataclass(frozen=True)
class Qr:
    """A QR code with a scene. `url` is what it encodes; `expires_s` is None for good; `picture_url` needs no token."""

    code: str
    url: str
    expires_s: int | None
    picture_url: str


@dataclass(frozen=True)
class User:
    """A follower, or somebody who is none."""

    openid: str = field(repr=False)
    follows: bool
    followed_at: datetime | None
    came_by: str
    scene: str
    union_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reach:
    """WeChat's attempt to reach one address of our server. `loss`: share of packets lost, 0 to 1."""

    ip: str
    loss: float
    time_ms: float


@dataclass(frozen=True)
class CallbackCheck:
    """What WeChat sees of our callback address."""

    addresses: tuple[str, ...]
    reached: tuple[Reach, ...]

    @property
    def is_reached(self) -> bool:
        """Whether the name is known and some address answers."""
        return any(reach.loss < 1 for reach in self.reached)


def read_user(answer: Mapping[str, Any]) -> User:
    """From `user/info`."""
    since = number_of(answer, "subscribe_time")
    return User(
        openid=str(answer.get("openid", "")),
        follows=number_of(answer, "subscribe") == 1,
        followed_at=datetime.fromtimestamp(since, UTC) if 0 < since < 2**32 else None,
        came_by=str(answer.get("subscribe_scene", "")),
        scene=str(answer.get("qr_scene_str") or answer.get("qr_scene") or ""),
        union_id=str(answer.get("unionid", "")),
    )


def read_callback_check(answer: Mapping[str, Any]) -> CallbackCheck:
    """From `callback/check`."""
    return CallbackCheck(
        addresses=tuple(str(row.get("ip", "")) for row in _rows(answer, "dns")),
        reached=tuple(
            Reach(str(row.get("ip", "")), _share(row.get("package_loss")), _milliseconds(row.get("time")))
            for row in _rows(answer, "ping")
        ),
    )


def _rows(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = answer.get(name)
    return [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []


def _share(value: Any) -> float:
    """«0%», «25.0%»; what cannot be read counts as lost."""
    try:
        return min(1.0, max(0.0, float(str(value).strip().rstrip("%")) / 100))
    except ValueError:
        return 1.0


def _milliseconds(value: Any) -> float:
    """«23.079ms»"""
    try:
        return float(str(value).strip().removesuffix("ms"))
    except ValueError:
        return 0.0
