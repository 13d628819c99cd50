"""What stands between the messages of a talk: cadres' private notes, and the lines where it changed hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from handoff.console.lines import AT_ONCE, Line
from handoff.console.talk_texts import (
    BY_THE_DESK,
    MARKS,
    NOBODY,
    NOT_LET_GO,
    NOTE_READ,
    NOTE_TO,
    NOTE_TO_ME,
    NOTE_UNREAD,
    READMITTED,
    UP,
)
from handoff.console.texts import ERASED, MYSELF, UNREADABLE
from handoff.console.times import clock
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import AuditAction, Outcome
from handoff.models import AuditRow, Cadre, Conversation, Department, Note
from handoff.wakeups import Topic, bulletin

_STATES_SHOWN = 20
# The detail of a row of closing or giving back when the talk was not let go.
_KEPT = "kept"


@dataclass(frozen=True)
class NoteLine:
    """A private note. `asked` says of whom advice is asked; `read_words` whether they have seen it."""

    pk: int
    author: str
    asked: str
    to_me: bool
    clock: str
    said_at: datetime
    text: str
    readable: bool
    read_words: str
    kind: str = "note"


@dataclass(frozen=True)
class MarkLine:
    """Where the talk changed hands."""

    pk: int
    words: str
    clock: str
    said_at: datetime
    kind: str = "mark"


Item = Line | NoteLine | MarkLine


@dataclass(frozen=True)
class Cursor:
    """The last of each kind that a page shows: a message, a note, an audit row."""

    message: int = 0
    note: int = 0
    mark: int = 0


def with_lines(
    conversation: Conversation,
    cadre: Cadre,
    lines: Sequence[Line],
    *,
    now: datetime,
    since: datetime | None,
    until: datetime | None = None,
) -> list[Item]:
    """The messages with the notes and marks of the same stretch of time between them, in its order."""
    notes, marks = _notes(conversation), _marks(conversation)
    if since is not None:
        notes, marks = notes.filter(created_at__gte=since), marks.filter(at__gte=since)
    if until is not None:
        notes, marks = notes.filter(created_at__lt=until), marks.filter(at__lt=until)
    return _in_order(lines, _note_lines(conversation, notes, cadre, now=now), _mark_lines(marks, now=now))


def after_cursor(
    conversation: Conversation, cadre: Cadre, lines: Sequence[Line], *, now: datetime, cursor: Cursor
) -> list[Item]:
    """The new messages with the new notes and marks."""
    notes = _notes(conversation).filter(pk__gt=cursor.note)
    marks = _marks(conversation).filter(pk__gt=cursor.mark)
    return _in_order(lines, _note_lines(conversation, notes, cadre, now=now), _mark_lines(marks, now=now))


def moved_on(conversation: Conversation, items: Iterable[Item], *, before: Cursor) -> Cursor:
    """The cursor after these items have been shown."""
    last = {"line": before.message, "note": before.note, "mark": before.mark}
    for item in items:
        kind = "line" if isinstance(item, Line) else item.kind
        last[kind] = max(last[kind], item.pk)
    return Cursor(last["line"], last["note"], last["mark"])


def latest_cursor(conversation: Conversation, *, message: int) -> Cursor:
    """For a page that shows everything up to a message: nothing older comes to it as news."""
    note = _notes(conversation).aggregate(last=Max("pk"))["last"] or 0
    mark = _marks(conversation).aggregate(last=Max("pk"))["last"] or 0
    return Cursor(message, note, mark)


def recent_note_states(conversation: Conversation, *, up_to: int, cadre: Cadre) -> list[tuple[int, str]]:
    """Whether the last questions to colleagues have been seen, of the notes already on the page."""
    asked = _notes(conversation).filter(to__isnull=False, pk__lte=up_to).order_by("-pk")[:_STATES_SHOWN]
    return [(note.pk, _read_words(note, cadre)) for note in asked]


def mark_notes_read(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    """The cadre has opened the talk in which their advice is asked for."""
    if Note.objects.filter(conversation=conversation, to=cadre, read_at__isnull=True).update(read_at=now):
        bulletin.publish(Topic.QUEUE, conversation.pk)


def _notes(conversation: Conversation) -> QuerySet[Note]:
    return Note.objects.filter(conversation=conversation).select_related("cadre", "to")


def _marks(conversation: Conversation) -> QuerySet[AuditRow]:
    """What the desk offers by itself every few minutes is left out."""
    acts = AuditRow.objects.filter(subject=f"conversation:{conversation.pk}", action__in=list(MARKS))
    return acts.exclude(action=AuditAction.ASSIGN, cadre__isnull=True).select_related("cadre").order_by("pk")


def _in_order(*kinds: Sequence[Item]) -> list[Item]:
    """Of what happened at one moment, marks come first, then messages, then notes."""
    rank = {"mark": 0, "note": 2}
    return sorted(
        (item for kind in kinds for item in kind), key=lambda item: (item.said_at, rank.get(item.kind, 1), item.pk)
    )


def _note_lines(conversation: Conversation, notes: QuerySet[Note], cadre: Cadre, *, now: datetime) -> list[NoteLine]:
    newest = list(notes.order_by("-pk")[:AT_ONCE])[::-1]
    for note in newest:
        note.conversation = conversation
    return [_note_line(note, cadre, now=now) for note in newest]


def _note_line(note: Note, cadre: Cadre, *, now: datetime) -> NoteLine:
    try:
        text, readable = note.body, True
    except ContactErased:
        text, readable = ERASED, False
    except Unreadable:
        text, readable = UNREADABLE, False
    mine, to_me = note.cadre_id == cadre.pk, note.to_id == cadre.pk
    asked = "" if note.to is None else NOTE_TO_ME if to_me else NOTE_TO.format(name=note.to.display_name)
    return NoteLine(
        pk=note.pk,
        author=MYSELF.format(name=note.cadre.display_name) if mine else note.cadre.display_name,
        asked=asked,
        to_me=to_me,
        clock=clock(note.created_at, now=now),
        said_at=note.created_at,
        text=text,
        readable=readable,
        read_words=_read_words(note, cadre),
    )


def _read_words(note: Note, cadre: Cadre) -> str:
    if note.to is None or note.to_id == cadre.pk:
        return ""
    return (NOTE_UNREAD if note.read_at is None else NOTE_READ).format(name=note.to.display_name)


def _mark_lines(marks: QuerySet[AuditRow], *, now: datetime) -> list[MarkLine]:
    newest = list(marks.order_by("-pk")[:AT_ONCE])[::-1]
    names = _names(newest)
    return [
        MarkLine(row.pk, _mark_words(row, names), clock(row.at, now=now), row.at)
        for row in newest
        if "{to}" not in MARKS[AuditAction(row.action)] or row.detail in names or _was_kept(row)
    ]


def _was_kept(row: AuditRow) -> bool:
    ended = row.action in (AuditAction.CLOSE, AuditAction.RELEASE)
    return ended and row.detail.partition(":")[0] == _KEPT


def _mark_words(row: AuditRow, names: dict[str, str]) -> str:
    if _was_kept(row):
        return NOT_LET_GO
    if row.detail.startswith("back:"):
        return READMITTED.format(to=names[row.detail])
    name = row.cadre.display_name if row.cadre is not None else BY_THE_DESK
    return MARKS[AuditAction(row.action)].format(name=name, to=names.get(row.detail, NOBODY))


def _names(rows: Sequence[AuditRow]) -> dict[str, str]:
    """What the details of audit rows mean: «department:3», «from:7», «to:7», an outcome."""
    ids: dict[str, set[int]] = {"department": set(), "from": set(), "to": set(), "back": set()}
    names = {outcome.value: outcome.label for outcome in Outcome}
    for row in rows:
        kind, _, number = row.detail.partition(":")
        if kind == "organisation":
            names[row.detail] = UP
        elif kind in ids and number.isdecimal():
            ids[kind].add(int(number))
    for pk, name in Department.objects.filter(pk__in=ids["department"]).values_list("pk", "name"):
        names[f"department:{pk}"] = name
    for pk, name in Cadre.objects.filter(pk__in=ids["from"] | ids["to"] | ids["back"]).values_list(
        "pk", "display_name"
    ):
        names |= {f"from:{pk}": name, f"to:{pk}": name, f"back:{pk}": name}
    return names
