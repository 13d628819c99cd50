"""Signs of life for a supervisor: alive, and ready part by part."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from bot.composition import desk
from bot.parts import PartState


def alive(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    """200 with the parts only when every part can answer, else 503 with the same shape."""
    parts = desk().parts
    states = {name: state.value for name, state in parts.states.items()} | {"database": _database_state().value}
    ready = all(state == PartState.READY.value for state in states.values())
    return JsonResponse({"ready": ready, "parts": states, "seconds": parts.seconds}, status=200 if ready else 503)


def _database_state() -> PartState:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return PartState.FAILED
    return PartState.READY
