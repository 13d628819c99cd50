"""The short address on a poster: what somebody finds there who scans it with any phone.

For accounts whose kind allows no QR codes with a scene; the web page notes by which poster somebody came.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bot.scenes import scene_in

COOKIE = "niangjia_poster"
_KEPT_S = 24 * 3600
_SALT = "poster"


@require_GET
def poster(request: HttpRequest, scene: str) -> HttpResponse:
    """The two ways in: ask on the web page, or follow the official account and send the poster's code."""
    code = scene_in(scene)
    if code is None:
        raise Http404
    page = render(
        request,
        "webchat/poster.html",
        {"code": code, "union": settings.NIANGJIA.union_name, "has_account": bool(settings.NIANGJIA.wechat.accounts)},
    )
    page.set_cookie(
        COOKIE,
        dumps(code, salt=_SALT),
        max_age=_KEPT_S,
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return page


def scene_of(request: HttpRequest) -> str:
    """The poster whose page this browser has opened within a day; empty for none."""
    try:
        code = loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT_S)
    except BadSignature:
        return ""
    return scene_in(str(code)) or ""
