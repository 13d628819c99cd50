"""Signs of life for a supervisor: alive, and ready part by part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from bot.composition import desk
from bot.parts import PartState
from handoff.console.pulse import channels_of_settings
from handoff.pushes import Backlog, ChannelPulse, flow, pulse_of


def alive(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    """200 with the parts only when every part can answer, else 503 with the same shape."""
    parts = desk().parts
    states = {name: state.value for name, state in parts.states.items()} | {"database": _database_state().value}
    ready = all(state == PartState.READY.value for state in states.values())
    told = {"ready": ready, "parts": states, "seconds": parts.seconds, **_standing()}
    return JsonResponse(told, status=200 if ready else 503)


def _standing() -> dict[str, Any]:
    """Queues and channels; nothing of them while the database does not answer. They say nothing about readiness."""
    now = timezone.now()
    try:
        waiting = flow()
        channels = [
            pulse_of(channel, account.name if account is not None else "main", now=now)
            for channel, account in channels_of_settings()
        ]
    except DatabaseError:
        return {}
    steps = {"untaken": waiting.untaken, "turns": waiting.turns, "sends": waiting.sends, "media": waiting.media}
    waits = {name: _step(step, now=now) for name, step in steps.items()}
    return {
        "waiting": waits | {"until_heard": {"count": waiting.until_heard}},
        "stuck": waiting.untaken.stuck,
        "channels": [_pulse(pulse, now=now) for pulse in channels],
    }


def _step(step: Backlog, *, now: datetime) -> dict[str, Any]:
    return {"count": step.count, "oldest_s": _seconds(step.oldest_at, now=now)}


def _pulse(pulse: ChannelPulse, *, now: datetime) -> dict[str, Any]:
    """Ages in whole seconds; null for never, or for not lately."""
    return {
        "channel": pulse.channel.value,
        "account": pulse.account,
        "heard_s": _seconds(pulse.heard_at, now=now),
        "sent_s": _seconds(pulse.sent_at, now=now),
        "token_s": _seconds(pulse.token_fetched_at, now=now),
    }


def _seconds(at: datetime | None, *, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))


def _database_state() -> PartState:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return PartState.FAILED
    return PartState.READY
