"""The ASGI application; the background threads are started by `niangjia serve`, not here."""

import os

from django.core.asgi import get_asgi_application

from bot.channels.webchat.texts import REFUSALS
from bot.gate import StoringGate
from bot.limits import MOST_BODY_BYTES, BodyLimit

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


application = _guarded()
