"""A cadre's reply to a worker."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from handoff.console.access import access_talk, for_cadres
from handoff.console.texts import CONTACT_ERASED, REPLIES
from handoff.desk import NotHolder, reply
from handoff.duty import mark_present
from handoff.encryption import ContactErased
from handoff.models import Cadre

LONGEST = 2_000


class ReplyForm(forms.Form):
    """The words, and the key that the page made for them: sent twice, they are stored once."""

    text = forms.CharField(
        max_length=LONGEST, error_messages={"required": REPLIES["empty"], "max_length": REPLIES["too_long"]}
    )
    key = forms.RegexField(
        r"^[0-9A-Za-z-]{16,64}$", error_messages=dict.fromkeys(("required", "invalid"), REPLIES["bad_key"])
    )

    def clean_text(self) -> str:
        """Line ends as everywhere else in the talk."""
        words: str = self.cleaned_data["text"]
        return words.replace("\r\n", "\n")


@require_POST
@for_cadres
def send_reply(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """204 once stored; 400 for words that cannot be sent, 409 when the talk is not this cadre's (any more).

    The page's own script sends `HX-Request`; a page without script is led back to the talk.
    """
    access_talk(cadre, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk, str(next(iter(form.errors.values()))[0]), status=400)
    now = timezone.now()
    mark_present(cadre, now=now)
    try:
        reply(pk, cadre, form.cleaned_data["text"], key=form.cleaned_data["key"], now=now)
    except NotHolder:
        return _refused(request, pk, REPLIES["not_holder"], status=409)
    except ContactErased:
        return _refused(request, pk, CONTACT_ERASED, status=409)
    return HttpResponse(status=204) if _from_script(request) else redirect("console:talk", pk)


def _refused(request: HttpRequest, pk: int, why: str, *, status: int) -> HttpResponse:
    if _from_script(request):
        return HttpResponse(why, status=status, content_type="text/plain; charset=utf-8")
    messages.error(request, why)
    return redirect("console:talk", pk)


def _from_script(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
