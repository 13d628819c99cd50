"""The queue as cadres see it: numbers, levels and times, never a word of the talk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2s
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Length

from handoff.console.duty_texts import OFFERED
from handoff.console.origins import channel_words
from handoff.console.roster_view import on_roster_today
from handoff.console.texts import ASKED_FOR_A_PERSON, CATEGORIES, LEVELS, OTHER_CATEGORY
from handoff.console.times import clock, how_long
from handoff.console.unread_mark import UnreadMark, unread_figures, unread_mark, unread_medium
from handoff.duty import PRESENT_FOR
from handoff.kinds import CadreRole, MessageKind
from handoff.models import Cadre, Conversation, Message
from handoff.readers import readable_and_hidden
from handoff.screening.levels import Category, Level
from handoff.windows import Standing, reach_figures, standings_of

MOST_ROWS = 300
_MOST_PAGES = 10
_RINGS = Q(alarmed_at__isnull=False, acknowledged_at__isnull=True)


class Place(StrEnum):
    """In which part of the list a talk stands, from the top down."""

    RINGING = "ringing"
    WAITING = "waiting"
    MINE = "mine"
    OTHERS = "others"


@dataclass(frozen=True)
class Row:
    """One talk in the list. `since` is when its present wait or hold began; `waited` is the same in words."""

    pk: int
    number: str
    place: Place
    channel: str
    level: Level
    level_words: str
    reason: str
    since: datetime
    waited: str
    clock: str
    holder: str
    wants_answer: bool
    rings: bool
    urgent: bool
    readable: bool
    offered: str
    department: str
    unread: UnreadMark | None
    reach: str


@dataclass(frozen=True)
class Listing:
    """The list for one cadre, with a fingerprint that changes when what they see would change.

    `unlisted`: how many less pressing talks there are beyond the MOST_ROWS that are shown, of those that this cadre
    may know of; talks beyond ten times MOST_ROWS are not counted.
    """

    rows: tuple[Row, ...]
    unlisted: int
    present: tuple[str, ...]
    on_roster: tuple[str, ...]
    fingerprint: str

    def at(self, place: Place) -> tuple[Row, ...]:
        """The rows in one part of the list."""
        return tuple(row for row in self.rows if row.place == place)

    @property
    def ringing(self) -> tuple[Row, ...]:
        """Alarms that nobody has acknowledged."""
        return self.at(Place.RINGING)

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Talks that wait for somebody, the most serious first."""
        return self.at(Place.WAITING)

    @property
    def mine(self) -> tuple[Row, ...]:
        """Talks that this cadre holds."""
        return self.at(Place.MINE)

    @property
    def others(self) -> tuple[Row, ...]:
        """Talks that colleagues hold."""
        return self.at(Place.OTHERS)


def fingerprint_of(values: Any) -> str:
    """Sixteen hex digits that change when the values do."""
    return blake2s(json.dumps(values, default=str).encode(), digest_size=8).hexdigest()


def open_talks(organisation_id: int) -> QuerySet[Conversation]:
    """A union's talks that wait, are held, or ring."""
    return Conversation.objects.filter(organisation_id=organisation_id).filter(
        Q(waiting_since__isnull=False) | Q(holder__isnull=False) | _RINGS
    )


def present_cadres(organisation_id: int, *, now: datetime) -> list[tuple[int, str]]:
    """Who is on duty with the console open, as (id, name)."""
    on_duty = Cadre.objects.filter(organisation_id=organisation_id, on_duty=True, seen_at__gte=now - PRESENT_FOR)
    return list(on_duty.exclude(role=CadreRole.OPERATOR).order_by("pk").values_list("pk", "display_name"))


def queue_fingerprint(organisation_id: int, *, now: datetime) -> str:
    """Changes when any row of the union's list, or who is on duty, would look different.

    Sums and maxima over all open talks, however many: each act on a talk moves a time forward or changes a count.
    """
    held = Q(holder__isnull=False)
    levels = {f"of_{level.value}": Count("pk", filter=Q(level=level.value)) for level in Level}
    latest = ("waiting_since", "held_since", "alarmed_at", "acknowledged_at", "assigned_at")
    figures = open_talks(organisation_id).aggregate(
        talks=Count("pk"),
        which=Sum("pk"),
        waiting=Count("waiting_since"),
        held=Count("holder_id"),
        holders=Sum("holder_id"),
        offers=Sum("assigned_to_id"),
        departments=Sum("department_id"),
        said=Sum("next_position", filter=held),
        rings=Count("pk", filter=_RINGS),
        reasons=Sum(Length(Cast("categories", TextField()))),
        urgent=Count("pk", filter=Q(urgent=True)),
        **levels,
        **unread_figures(now=now),
        **reach_figures(now=now),
        **{f"latest_{name}": Max(name) for name in latest},
    )
    there = [present_cadres(organisation_id, now=now), on_roster_today(organisation_id, now=now)]
    return fingerprint_of([figures, there])


def alarms_fingerprint(organisation_id: int) -> str:
    """Changes when an alarm begins, goes a step further, is acknowledged, or changes hands."""
    rings = open_talks(organisation_id).filter(_RINGS).order_by("pk")
    return fingerprint_of(list(rings.values_list("pk", "alarmed_at", "holder_id", "alarm_step")))


def list_talks(cadre: Cadre, *, now: datetime) -> Listing:
    """The list as this cadre sees it."""
    fingerprint = queue_fingerprint(cadre.organisation_id, now=now)  # before the rows: at worst they are fetched again
    names = tuple(name for _, name in present_cadres(cadre.organisation_id, now=now))
    talks = open_talks(cadre.organisation_id)
    rows, unlisted = _rows(talks, cadre, now=now)
    on_duty = on_roster_today(cadre.organisation_id, now=now)
    return Listing(rows, unlisted, names, on_duty, fingerprint)


def ringing_talks(cadre: Cadre, *, now: datetime) -> tuple[Row, ...]:
    """The alarms that nobody in the cadre's union has acknowledged, the oldest first."""
    return _rows(open_talks(cadre.organisation_id).filter(_RINGS), cadre, now=now)[0]


def reason_of(categories: list[str]) -> str:
    """The first trigger in words."""
    return reasons_of(categories)[0]


def reasons_of(categories: list[str]) -> list[str]:
    """Every trigger in words, in the order in which they are attended to; what no longer has a name stays general."""
    known = {category.value: category for category in Category}
    names = [CATEGORIES[category] for value, category in known.items() if value in categories]
    if any(value not in known for value in categories):
        names.append(OTHER_CATEGORY)
    return names or [ASKED_FOR_A_PERSON]


def _rows(talks: QuerySet[Conversation], cadre: Cadre, *, now: datetime) -> tuple[tuple[Row, ...], int]:
    """The rows of the most pressing talks that the cadre may know of, and how many more of these there are."""
    last_reply = Message.objects.filter(conversation=OuterRef("pk"), kind=MessageKind.CADRE).order_by("-id")
    named = talks.select_related("holder", "assigned_to", "department")
    with_reply = named.annotate(replied_at=Subquery(last_reply.values("created_at")[:1]), unread_medium=unread_medium())
    rows: dict[int, Row] = {}
    more: set[int] = set()
    for start in range(0, _MOST_PAGES * MOST_ROWS, MOST_ROWS):
        page = list(_most_pressing(with_reply, cadre)[start : start + MOST_ROWS])
        readable, hidden = readable_and_hidden(cadre, page)
        reach = standings_of(page, now=now)
        for talk in page:
            if talk.pk in hidden or talk.pk in rows:
                continue
            if len(rows) < MOST_ROWS:
                rows[talk.pk] = _row(talk, cadre, reach[talk.pk], readable=talk.pk in readable, now=now)
            else:
                more.add(talk.pk)
        if len(page) < MOST_ROWS:
            break
    return tuple(sorted(rows.values(), key=_order)), len(more)


def _most_pressing(talks: QuerySet[Conversation], cadre: Cadre) -> QuerySet[Conversation]:
    """What the list must not leave out comes first: alarms, the cadre's own talks, who waits, colleagues' talks."""
    is_mine, waits = Q(holder_id=cadre.pk), Q(holder__isnull=True)
    by_level = [When(level=level.value, then=Value(order)) for order, level in enumerate(Level)]
    return talks.order_by(
        Case(When(_RINGS, then=Value(0)), When(is_mine, then=Value(1)), When(waits, then=Value(2)), default=Value(3)),
        Case(When(Q(level=Level.CRISIS.value) | Q(urgent=True), then=Value(0)), default=Value(1)),
        Case(*by_level, default=Value(len(Level))),
        Coalesce(Case(When(_RINGS, then=F("alarmed_at"))), "waiting_since", "held_since"),
        "pk",
    )


def _row(talk: Any, cadre: Cadre, reach: Standing, *, readable: bool, now: datetime) -> Row:
    level, place = Level(talk.level), _place(talk, cadre)
    since = (talk.alarmed_at if place == Place.RINGING else None) or talk.waiting_since or talk.held_since
    wants_answer = place == Place.MINE and talk.heard_at is not None and talk.heard_at > _answered_at(talk)
    if wants_answer:
        since = talk.heard_at
    return Row(
        pk=talk.pk,
        number=talk.number,
        place=place,
        channel=channel_words(talk),
        level=level,
        level_words=LEVELS[level],
        reason=reason_of(talk.categories),
        since=since,
        waited=how_long(since, now=now),
        clock=clock(since, now=now),
        holder=talk.holder.display_name if talk.holder else "",
        wants_answer=wants_answer,
        rings=talk.alarm_rings,
        urgent=talk.urgent,
        readable=readable,
        offered=_offered(talk, cadre),
        department=talk.department.name if talk.department else "",
        unread=unread_mark(talk, now=now),
        reach=reach.short,
    )


def _offered(talk: Any, cadre: Cadre) -> str:
    """To whom a waiting talk is offered, in words."""
    if talk.assigned_to is None or talk.holder_id is not None:
        return ""
    mine = talk.assigned_to_id == cadre.pk
    return OFFERED["to_me"] if mine else OFFERED["to"].format(name=talk.assigned_to.display_name)


def _answered_at(talk: Any) -> datetime:
    answered: datetime = max(talk.held_since, talk.replied_at or talk.held_since)
    return answered


def _place(talk: Conversation, cadre: Cadre) -> Place:
    if talk.alarm_rings:
        return Place.RINGING
    if talk.holder_id is None:
        return Place.WAITING
    return Place.MINE if talk.holder_id == cadre.pk else Place.OTHERS


_PLACES = {place: order for order, place in enumerate(Place)}
_LEVELS = {level: order for order, level in enumerate(Level)}


def _order(row: Row) -> tuple[int, bool, int, bool, datetime]:
    by_matter = row.place in (Place.RINGING, Place.WAITING)
    seriousness = _LEVELS[row.level] if by_matter else 0
    after_urgent = by_matter and row.level != Level.CRISIS and not row.urgent
    return _PLACES[row.place], after_urgent, seriousness, not row.wants_answer, row.since
