"""The page of own phrases: a box to try a sentence, what was added by whom, and the shipped rules to read."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.phrases_rows import Group, shipped_groups, tried
from handoff.console.texts import CATEGORIES
from handoff.console.words_texts import LEVEL_WORDS, PHRASE_REFUSED, PHRASES
from handoff.models import Cadre, OwnPhrase
from handoff.own_phrases import add_phrase, can_be_read, retire_phrase
from handoff.phrase_check import Entry, FindsOrdinary, PhraseHits, PhraseRefused, language
from handoff.readers import is_lead
from handoff.screening.levels import Category, Level
from handoff.screening_box import this_box

LONGEST_TRY = 500
_MOST_HITS_SHOWN = 8
_RETIRED_SHOWN = 20


@require_GET
@for_cadres
def phrases(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """Box, own phrases and forms."""
    return render(request, "console/phrases.html", _parts(cadre, now=timezone.now()))


@sensitive_post_parameters("text")
@require_POST
@for_cadres
def try_text(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """What screening says of the text. It is neither stored nor logged: it is only in the answer."""
    now, text = timezone.now(), request.POST.get("text", "").strip()
    parts = _parts(cadre, now=now) | {"text": text}
    if not text or len(text) > LONGEST_TRY:
        problem = PHRASES["too_long" if text else "empty"]
        return render(request, "console/phrases.html", parts | {"try_problem": problem}, status=400)
    parts["tried"] = tried(text, this_box(), union=cadre.organisation, now=now)
    return render(request, "console/phrases.html", parts)


@require_POST
@for_cadres
def add(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """Bring a phrase into force; 400 with the page and one sentence where that cannot be."""
    now, posted = timezone.now(), request.POST
    if posted.get("category") not in set(Category):
        return _refused(request, cadre, PHRASES["no_category"], now=now)
    entry = Entry(Category(posted["category"]), posted.get("phrase", ""), posted.get("kind") == "exception")
    try:
        row = add_phrase(cadre, entry, rules=this_box().rules, meant=bool(posted.get("meant")), now=now)
    except PhraseRefused as refused:
        hits = refused.hits[:_MOST_HITS_SHOWN] if isinstance(refused, PhraseHits) else ()
        return _refused(request, cadre, PHRASE_REFUSED[type(refused)], now=now, hits=hits)
    messages.success(request, PHRASES["added"].format(phrase=row.phrase))
    return redirect("console:phrases")


@require_POST
@for_cadres
def retire(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """Take a phrase out of force."""
    try:
        retire_phrase(cadre, pk, now=timezone.now())
        messages.success(request, PHRASES["retired"])
    except PhraseRefused as refused:
        messages.error(request, PHRASE_REFUSED[type(refused)])
    return redirect("console:phrases")


@require_GET
@for_cadres
def rules(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The rules that come with the program, by category, and the lists of words that they name."""
    now = timezone.now()
    parts = {"groups": shipped_groups(this_box().rules.shipped), "lists": sorted(language().words.items())}
    page = {"cadre": cadre, "now": now, **alarm_parts(cadre, now=now)}
    return render(request, "console/phrase_rules.html", parts | page)


def _parts(cadre: Cadre, *, now: datetime) -> dict[str, object]:
    rows = OwnPhrase.objects.select_related("added_by", "retired_by")
    in_force = list(rows.filter(retired_at__isnull=True).order_by("-pk"))
    retired = list(rows.filter(retired_at__isnull=False).order_by("-retired_at", "-pk")[:_RETIRED_SHOWN])
    return {
        "cadre": cadre,
        "now": now,
        "may_edit": is_lead(cadre),
        "in_force": [(row, CATEGORIES[Category(row.category)], can_be_read(row)) for row in in_force],
        "retired": [(row, CATEGORIES[Category(row.category)]) for row in retired],
        "choices": _choices(),
        **alarm_parts(cadre, now=now),
    }


def _choices() -> list[Group]:
    """The categories by level, for the form."""
    levels = (Level.CRISIS, Level.DISTRESS, Level.SENSITIVE)
    return [
        Group(LEVEL_WORDS[level], tuple((one.value, CATEGORIES[one]) for one in Category if one.level is level))
        for level in levels
    ]


def _refused(
    request: HttpRequest, cadre: Cadre, why: str, *, now: datetime, hits: tuple[str, ...] = ()
) -> HttpResponse:
    may_insist = why == PHRASE_REFUSED[FindsOrdinary]
    parts = {"problem": why, "hits": hits, "may_insist": may_insist, "written": request.POST}
    return render(request, "console/phrases.html", _parts(cadre, now=now) | parts, status=400)
