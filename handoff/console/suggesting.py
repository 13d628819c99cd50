"""Suggested answers beside a talk: for what the worker last asked, with their articles, to be put into the box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from handoff.console.access import access_talk, for_cadres
from handoff.console.talk import note_reading
from handoff.console.talk_texts import BETWEEN, CITED, CITED_LINE
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import MessageKind
from handoff.models import Cadre, Conversation, Message
from handoff.suggestions import CitedArticle, NoSuggester, Suggestion, suggest

# The last words may be thanks or a place: what was asked stands a little further back.
_LOOKED_AT = 5


@dataclass(frozen=True)
class Shown:
    """A suggestion as it stands on the page. `insert` goes into the box: the words and what they rest on."""

    question: str
    text: str
    citations: tuple[CitedArticle, ...]
    insert: str


@require_GET
@for_cadres
def suggestions(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """A part of the talk's page; by itself it is a page of its own."""
    now, conversation = timezone.now(), access_talk(cadre, pk)
    note_reading(cadre, conversation, now=now)
    asked, found, loaded = _found(conversation, today=timezone.localdate(now))
    parts = {"talk": conversation, "cadre": cadre, "now": now, "asked": asked, "found": found, "loaded": loaded}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "console/_suggestions.html" if part else "console/suggestions.html", parts)


def _found(conversation: Conversation, *, today: date) -> tuple[str, Sequence[Shown], bool]:
    """The newest of the worker's last words for which there is an answer, and the answers."""
    try:
        for words in _last_words(conversation):
            found = suggest(words, today=today)
            if found:
                return words, [_shown(suggestion) for suggestion in found], True
    except NoSuggester:
        return "", [], False
    return "", [], True


def _last_words(conversation: Conversation) -> Iterator[str]:
    said = Message.objects.filter(conversation_id=conversation.pk, kind=MessageKind.WORKER).order_by("-pk")
    for message in said[:_LOOKED_AT]:
        message.conversation = conversation
        try:
            if message.body.strip():
                yield message.body
        except (ContactErased, Unreadable):
            return


def _shown(suggestion: Suggestion) -> Shown:
    names = [CITED.format(law=cited.law, article_no=cited.article_no) for cited in suggestion.citations]
    rests_on = CITED_LINE.format(articles=BETWEEN.join(names)) if names else ""
    insert = "\n".join(filter(None, (suggestion.text, rests_on)))
    return Shown(suggestion.question, suggestion.text, suggestion.citations, insert)
