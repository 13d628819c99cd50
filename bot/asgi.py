"""The ASGI application; the background threads are started by `niangjia serve`, not here."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

from bot.channels.webchat.texts import REFUSALS
from bot.gate import StoringGate
from bot.limits import MOST_BODY_BYTES, BodyLimit, Receive, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
_django = get_asgi_application()


def _guarded() -> BodyLimit:
    from bot.channels.webchat.files import ADDRESS, most_bytes  # late: these need Django set up
    from bot.composition import desk
    from handoff.screening.levels import Level

    def presses(text: str) -> bool:
        return desk().rules.last_known().screen(text).level is Level.CRISIS

    gate = StoringGate(_django, address="/chat/messages", presses=presses, rush=desk().rush)
    return BodyLimit(gate, most=MOST_BODY_BYTES, words=REFUSALS["too_large"], wider={ADDRESS: most_bytes()})


class Doorkeeper:
    """Callbacks of chat platforms go to their own edges, everything else to Django."""

    def __init__(self, guarded: BodyLimit) -> None:
        from bot.composition import desk

        self._guarded = guarded
        self._edges = tuple(desk().doors.edges.items())

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            for prefix, edge in self._edges:
                if str(scope["path"]).startswith(prefix):
                    await edge(scope, receive, send)
                    return
        await self._guarded(scope, receive, send)


application = Doorkeeper(_guarded())
