"""The ASGI application; the background threads are started by `niangjia serve`, not here."""

import os

from django.core.asgi import get_asgi_application

from bot.channels.webchat.texts import REFUSALS
from bot.limits import MOST_BODY_BYTES, BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
application = BodyLimit(get_asgi_application(), most=MOST_BODY_BYTES, words=REFUSALS["too_large"])
