"""What a cadre does with a talk beside answering: each act one POST, each refusal one sentence beside its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from handoff.closing import close_talk
from handoff.console.access import access_talk, for_cadres
from handoff.console.closing_form import ClosingForm, first_problem
from handoff.console.reach import ask_for_number
from handoff.console.talk import show_talk
from handoff.console.talk_texts import DONE, FORMS, REFUSALS, UP
from handoff.desk import note_keystroke, release, send_words
from handoff.desk_errors import (
    CannotGoThere,
    ConversationNotFound,
    FollowUpMissing,
    MustStayOpen,
    NewWords,
    NoDanger,
    NotAColleague,
    NotHolder,
)
from handoff.duty import mark_present
from handoff.flags import set_flags
from handoff.kinds import Flag
from handoff.models import Cadre, Conversation, Department
from handoff.passing_on import keep_from, readmit, refer, refer_up
from handoff.together import consult, join, leave, write_note

LONGEST_NOTE = 1000
LONGEST_BRIEF = 120
UPWARDS = "up"
_FACTS = (NotHolder, NotAColleague, CannotGoThere, FollowUpMissing, MustStayOpen, NewWords, NoDanger)
Act = Callable[..., HttpResponse]


class Unfit(Exception):
    """What was filled in cannot be used; the sentence says why."""


def _act(name: str) -> Callable[[Act], Act]:
    """Call `view(request, cadre, talk, now=…)`; where the desk refuses, the page again with why and what was typed."""

    def wrap(view: Act) -> Act:
        @require_POST
        @for_cadres
        @wraps(view)
        def guarded(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
            now, conversation = timezone.now(), access_talk(cadre, pk)
            mark_present(cadre, now=now)
            try:
                return view(request, cadre, conversation, now=now)
            except Unfit as error:
                return _refuse(request, cadre, pk, {"act": name, "why": str(error)}, status=400)
            except _FACTS as error:
                fact = type(error).__name__
                why = REFUSALS.get(f"{name}:{fact}") or REFUSALS.get(name) or REFUSALS[fact]
                return _refuse(request, cadre, pk, {"act": name, "why": why}, status=409)

        return guarded

    return wrap


@_act("note")
def note(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """A private note."""
    write_note(talk.pk, cadre, _words(request, "note", most=LONGEST_NOTE), now=now)
    messages.success(request, DONE["noted"])
    return redirect("console:talk", talk.pk)


@_act("consult")
def ask_colleague(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """A colleague's advice, in private."""
    colleague = _colleague(request, talk, "to")
    consult(talk.pk, cadre, colleague, _words(request, "question", most=LONGEST_NOTE), now=now)
    messages.success(request, DONE["consulted"].format(name=colleague.display_name))
    return redirect("console:talk", talk.pk)


@_act("join")
def join_talk(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """「我也来接」."""
    join(talk.pk, cadre, now=now)
    messages.success(request, DONE["joined"])
    return redirect("console:talk", talk.pk)


@_act("leave")
def leave_talk(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """Take no further part; the talk may be out of sight after that."""
    leave(talk.pk, cadre, now=now)
    holder = talk.holder
    messages.success(request, DONE["left"].format(name=holder.display_name) if holder else DONE["left_all"])
    return redirect("console:queue")


@_act("refer")
def refer_talk(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """To another department, or to the next higher union."""
    chosen = request.POST.get("department", "")
    if chosen == UPWARDS:
        refer_up(talk.pk, cadre, now=now)
        to = UP
    else:
        department = Department.objects.filter(pk=_number(chosen), organisation_id=talk.organisation_id).first()
        if department is None:
            raise Unfit(FORMS["no_department"])
        refer(talk.pk, cadre, department, now=now)
        to = department.name
    messages.success(request, DONE["referred"].format(number=talk.number, to=to))
    return redirect("console:queue")


@_act("keep_from")
def keep_from_cadre(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """Whoever is complained of, or concerned themselves, does not see the talk from now on."""
    accused = _colleague(request, talk, "accused")
    keep_from(talk.pk, cadre, accused, now=now)
    if accused.pk == cadre.pk:
        messages.success(request, DONE["kept_from_me"].format(number=talk.number))
        return redirect("console:queue")
    messages.success(request, DONE["kept_from"].format(name=accused.display_name))
    return redirect(*_where_to(cadre, talk.pk))


@_act("readmit")
def readmit_cadre(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """A recusal was a mistake: a supervisor takes it back."""
    kept = talk.kept_from.filter(pk=_number(request.POST.get("accused", ""))).first()
    if kept is None:
        raise Unfit(FORMS["no_colleague"])
    readmit(talk.pk, cadre, kept, now=now)
    messages.success(request, DONE["readmitted"].format(name=kept.display_name))
    return redirect("console:talk", talk.pk)


@_act("flags")
def change_flags(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """What the worker asks for, as the cadre heard it."""
    set_flags(talk.pk, cadre, _flags(request, "flag"), now=now, shown=_flags(request, "shown"))
    messages.success(request, DONE["flags"])
    return redirect("console:talk", talk.pk)


@_act("release")
def give_back(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """「交还」: the desk answers again, with what the cadre leaves for the worker to be told."""
    brief = request.POST.get("brief", "").strip()
    if len(brief) > LONGEST_BRIEF:
        raise Unfit(FORMS["too_long"].format(most=LONGEST_BRIEF))
    after = release(talk.pk, cadre, now=now, brief=brief, seen=_seen(request))
    return _ended(request, after, DONE["released"].format(number=talk.number))


@_act("close")
def close(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """「办结」 with an outcome; after a danger with the answer to the question about calling."""
    form = ClosingForm(request.POST, conversation=talk)
    if not form.is_valid():
        raise Unfit(first_problem(form))
    outcome = form.outcome_given
    after = close_talk(talk.pk, cadre, outcome, now=now, follow_up=form.follow_up, seen=_seen(request))
    return _ended(request, after, DONE["closed"].format(number=talk.number, outcome=outcome.label))


@_act("words")
def say_words(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """The one key: the fixed words for this danger, at once. Crisis words in a plain talk would frighten."""
    send_words(talk.pk, cadre, now=now)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    messages.success(request, DONE["words"])
    return redirect("console:talk", talk.pk)


@_act("typing")
def typing(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """The cadre is typing: the desk does not speak over them."""
    note_keystroke(talk.pk, cadre, now=now)
    return HttpResponse(status=204)


@_act("phone")
def show_phone(request: HttpRequest, cadre: Cadre, talk: Conversation, *, now: datetime) -> HttpResponse:
    """The number, for ten minutes, on this cadre's page; that they asked for it is written down."""
    ask_for_number(talk, cadre, now=now)
    messages.success(request, DONE["phone"])
    return redirect("console:talk", talk.pk)


def _refuse(request: HttpRequest, cadre: Cadre, pk: int, refused: dict[str, str], *, status: int) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(refused["why"], status=status, content_type="text/plain; charset=utf-8")
    now = timezone.now()
    return show_talk(request, cadre, access_talk(cadre, pk), now=now, refused=refused, status=status)


def _ended(request: HttpRequest, after: Conversation, words: str) -> HttpResponse:
    """Not so when a cry came in between that nobody has seen: then it waits at the head of the queue."""
    if after.waiting_since is not None:
        messages.error(request, DONE["still_rings"].format(number=after.number))
        return redirect("console:talk", after.pk)
    messages.success(request, words)
    return redirect("console:queue")


def _where_to(cadre: Cadre, pk: int) -> tuple[str, ...] | tuple[str, int]:
    """The talk, or the list when it has gone out of this cadre's sight."""
    try:
        access_talk(cadre, pk)
    except ConversationNotFound:
        return ("console:queue",)
    return ("console:talk", pk)


def _words(request: HttpRequest, name: str, *, most: int) -> str:
    words = request.POST.get(name, "").replace("\r\n", "\n").strip()
    if not words:
        raise Unfit(FORMS["no_note"])
    if len(words) > most:
        raise Unfit(FORMS["too_long"].format(most=most))
    return words


def _flags(request: HttpRequest, name: str) -> list[Flag]:
    named = request.POST.getlist(name)
    return [flag for flag in Flag if flag.value in named]


def _colleague(request: HttpRequest, talk: Conversation, name: str) -> Cadre:
    """A cadre of the talk's union. Raises Unfit for no choice and for anybody else alike."""
    cadres = Cadre.objects.select_related("user").filter(organisation_id=talk.organisation_id)
    found = cadres.filter(pk=_number(request.POST.get(name, ""))).first()
    if found is None:
        raise Unfit(FORMS["no_colleague"])
    return found


def _seen(request: HttpRequest) -> int | None:
    """The last message that the page showed; None for a page of before that does not say."""
    return _number(request.POST["seen"]) if "seen" in request.POST else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
