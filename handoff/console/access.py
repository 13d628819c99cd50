"""Who may open what in the console."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache

from handoff.desk import ConversationNotFound, access_conversation
from handoff.encryption import ContactErased
from handoff.kinds import CaseKind
from handoff.models import Cadre, Conversation

_HANDOVER_KINDS = (CaseKind.CRISIS, CaseKind.SENSITIVE, CaseKind.HANDOFF)


def cadre_of(user: Any) -> Cadre | None:
    """The cadre behind an account, whatever the role; None when it has no cadre row."""
    return Cadre.objects.select_related("organisation").filter(user_id=user.pk).first()


def reading_cadre(user: Any) -> Cadre | None:
    """The cadre behind a signed-in account if it may read workers' words."""
    if not user.is_authenticated:
        return None
    cadre = cadre_of(user)
    return cadre if cadre is not None and cadre.reads_chats else None


def access_talk(cadre: Cadre, conversation_id: int) -> Conversation:
    """A talk that concerns cadres: somebody asked for one, or screening did.

    A talk that only the desk ever answered stays unread. Raises ConversationNotFound, alike for that, a stranger's and
    a missing one.
    """
    conversation = access_conversation(cadre, conversation_id)
    concerns_us = conversation.holder_id is not None or conversation.waiting_since is not None
    if concerns_us or conversation.alarm_rings or conversation.cases.filter(kind__in=_HANDOVER_KINDS).exists():
        return conversation
    raise ConversationNotFound(conversation_id)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; a part of a page (htmx) is told to move the whole page there."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path or resolve_url("console:queue")
    return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(page)["Location"]})


def for_cadres(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call `view(request, cadre, …)`: strangers meet the sign-in page, accounts that may not read talks meet 404."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        cadre = reading_cadre(request.user)
        if cadre is None:
            raise Http404
        try:
            return view(request, cadre, *args, **kwargs)
        except (ConversationNotFound, ContactErased) as error:  # nothing can be done any more with an erased talk
            raise Http404 from error

    return guarded
