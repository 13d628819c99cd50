"""Questions of colleagues that a cadre has not seen yet: who asks, in which talk, never a word of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from handoff.console.access import for_cadres
from handoff.models import Cadre, Note
from handoff.readers import may_read

_MOST = 5


@dataclass(frozen=True)
class Question:
    """A colleague asks for advice in a talk."""

    talk_id: int
    number: str
    asked_by: str


def open_questions(cadre: Cadre) -> list[Question]:
    """The newest first, one for each talk that the cadre may still read."""
    notes = Note.objects.filter(to=cadre, read_at__isnull=True, conversation__organisation_id=cadre.organisation_id)
    found: dict[int, Question] = {}
    for note in notes.select_related("conversation__contact", "cadre").order_by("-pk")[: _MOST * 2]:
        talk = note.conversation
        if talk.pk not in found and talk.contact.erased_at is None and may_read(cadre, talk):
            found[talk.pk] = Question(talk.pk, talk.number, note.cadre.display_name)
    return list(found.values())[:_MOST]


@require_GET
@for_cadres
def asked(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The strip alone, for a page that is open."""
    return render(request, "console/_asked.html", {"questions": open_questions(cadre), "watched": True})
