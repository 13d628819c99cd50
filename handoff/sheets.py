"""Sheets made from a talk: one page for 110, and the first, further and last sheet of a collective matter.

A sheet can be changed until it is sent. Its fields are sealed; `told_at` and `told_to` (by telephone) stand among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from handoff.audit import record
from handoff.glass import network_lines, open_glass
from handoff.kinds import AuditAction, CaseKind, Channel, SheetKind
from handoff.models import Cadre, Case, Conversation, Sheet
from handoff.screening.levels import Category
from handoff.sheet_clocks import ClockName, ClockRules, SheetClock, SheetStand, sheet_clocks
from handoff.sheet_facts import (
    Heard,
    demands_of,
    moment,
    phones_of,
    places_of,
    quotes_of,
    states_of,
    units_of,
    worker_said,
)
from handoff.sheet_texts import CHANNEL, FIELDS_OF, LAST_HEARD, MEASURES, PEOPLE, QUOTED, QUOTED_WHOLE, WHO_UNKNOWN
from handoff.wakeups import Topic, bulletin

LONGEST_FIELD: Final = 1_000
LONGEST_TO: Final = 80
_COLLECTIVE = (SheetKind.FIRST, SheetKind.UPDATE, SheetKind.FINAL)
# Of these there may be more than one; the others go out once.
_SEVERAL = (SheetKind.UPDATE, SheetKind.POLICE)
_TOLD_AT, _TOLD_TO = "told_at", "told_to"


class SheetSent(Exception):
    """The sheet went out already and is not changed any more."""


class NothingWritten(Exception):
    """An empty sheet, or nobody named to whom it went."""


class NameTooLong(Exception):
    """To whom it went is the name of a department, not a story."""


class FirstComesFirst(Exception):
    """A further or last sheet follows a first one that was sent."""


@dataclass(frozen=True)
class Told:
    """By telephone: to whom and when."""

    to: str
    at: datetime


def is_collective(conversation: Conversation) -> bool:
    """Whether the matter is many people's, or was when a cadre gave the talk back: the clocks run on."""
    return Category.COLLECTIVE.value in (*conversation.categories, *conversation.past_categories)


def current(conversation: Conversation, kind: SheetKind) -> Sheet | None:
    """The sheet of this kind that a cadre works on; None before one is saved, or when the next is to be begun."""
    found = Sheet.objects.filter(conversation=conversation, kind=kind).order_by("-number").first()
    if found is not None:
        found.conversation = conversation
    if found is not None and found.sent_at is not None and kind in _SEVERAL:
        return None
    return found


def filled(conversation: Conversation, kind: SheetKind, *, now: datetime) -> dict[str, str]:
    """What a new sheet begins with: from the sheet before it, and from the worker's own words. Raises ContactErased."""
    said = worker_said([conversation])
    if kind == SheetKind.POLICE:
        return _for_police(conversation, said, now=now)
    before = Sheet.objects.filter(conversation=conversation, kind__in=_COLLECTIVE).order_by("-pk").first()
    fresh = _for_collective(conversation, said)
    if before is None:
        return fresh
    before.conversation = conversation
    kept = {name: before.fields.get(name, "") for name in FIELDS_OF[kind]}
    return {**fresh, **{name: value for name, value in kept.items() if value}, "when": fresh["when"]}


def save_sheet(
    conversation_id: int, kind: SheetKind, fields: Mapping[str, str], *, cadre: Cadre, now: datetime
) -> Sheet:
    """Keep what the cadre wrote. The caller has checked access. Raises SheetSent, NothingWritten, FirstComesFirst."""
    written = {name: str(fields.get(name, "")).strip()[:LONGEST_FIELD] for name in FIELDS_OF[kind]}
    if not any(written.values()):
        raise NothingWritten(kind)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        sheet = _begun(conversation, kind, cadre=cadre, now=now)
        if sheet.sent_at is not None:
            raise SheetSent(sheet.pk)
        told = {name: value for name, value in _fields(sheet).items() if name in (_TOLD_AT, _TOLD_TO)}
        sheet.seal_fields({**written, **told})
        sheet.save()
        _note(conversation, sheet, cadre, "saved", now=now)
    return sheet


def tell_by_telephone(sheet_id: int, to: str, *, cadre: Cadre, now: datetime) -> Sheet:
    """「已电话报告」: to whom. The caller has checked access. Raises SheetSent, NothingWritten, NameTooLong."""
    return _mark(sheet_id, to, cadre=cadre, now=now, by_telephone=True)


def mark_sent(sheet_id: int, to: str, *, cadre: Cadre, now: datetime) -> Sheet:
    """「已报出」: to whom. The caller has checked access. Raises SheetSent, NothingWritten, NameTooLong."""
    return _mark(sheet_id, to, cadre=cadre, now=now, by_telephone=False)


def told_of(sheet: Sheet) -> Told | None:
    """By telephone: to whom and when, if so."""
    held = _fields(sheet)
    return Told(held[_TOLD_TO], datetime.fromisoformat(held[_TOLD_AT])) if held.get(_TOLD_AT) else None


def clocks_of(conversation: Conversation, *, now: datetime) -> tuple[SheetClock, ...]:
    """The clocks of a collective matter; none for any other talk. Raises ContactErased."""
    sheets = list(Sheet.objects.filter(conversation=conversation, kind__in=_COLLECTIVE))
    if not sheets and not is_collective(conversation):
        return ()
    return sheet_clocks(raised_at(conversation), [_stand(sheet, conversation) for sheet in sheets], rules(), now=now)


def rules() -> ClockRules:
    """What this installation has set."""
    own = settings.NIANGJIA
    return ClockRules(
        telephone=timedelta(minutes=own.first_notice_minutes),
        written=timedelta(minutes=own.first_written_minutes),
        update=timedelta(hours=own.update_hours),
    )


def raised_at(conversation: Conversation) -> datetime:
    """When the matter was raised: its case was opened then."""
    kinds = (CaseKind.SENSITIVE, CaseKind.CRISIS)
    case = Case.objects.filter(conversation=conversation, kind__in=kinds).order_by("-opened_at").first()
    return case.opened_at if case else conversation.waiting_since or conversation.created_at


def note_reading(sheet: Sheet, cadre: Cadre, *, now: datetime) -> None:
    """Somebody printed the sheet or reads it out."""
    record(AuditAction.SHEET, f"sheet:{sheet.pk}", cadre=cadre, now=now, detail="read")


def _mark(sheet_id: int, to: str, *, cadre: Cadre, now: datetime, by_telephone: bool) -> Sheet:
    if not (to := to.strip()):
        raise NothingWritten(sheet_id)
    if len(to) > LONGEST_TO:
        raise NameTooLong(sheet_id)
    with transaction.atomic():
        held = Sheet.objects.only("conversation_id").get(pk=sheet_id)
        conversation = Conversation.locked(held.conversation_id)
        sheet = Sheet.objects.select_for_update().get(pk=sheet_id)
        sheet.conversation = conversation
        if sheet.sent_at is not None:
            raise SheetSent(sheet_id)
        if by_telephone:
            sheet.seal_fields({**sheet.fields, _TOLD_AT: now.isoformat(), _TOLD_TO: to})
        else:
            sheet.sent_at, sheet.sent_to = now, to
        sheet.save()
        _note(conversation, sheet, cadre, "told" if by_telephone else "sent", now=now)
    return sheet


def _begun(conversation: Conversation, kind: SheetKind, *, cadre: Cadre, now: datetime) -> Sheet:
    sheet = current(conversation, kind)
    if sheet is not None:
        return sheet
    sent = Sheet.objects.filter(conversation=conversation, sent_at__isnull=False)
    if kind in (SheetKind.UPDATE, SheetKind.FINAL) and not sent.filter(kind=SheetKind.FIRST).exists():
        raise FirstComesFirst(kind)
    number = Sheet.objects.filter(conversation=conversation, kind=kind).count() + 1
    return Sheet(
        conversation=conversation,
        kind=kind,
        number=number,
        made_by=cadre,
        made_at=now,
        due_at=_due_at(conversation, kind, now=now),
    )


def _due_at(conversation: Conversation, kind: SheetKind, *, now: datetime) -> datetime | None:
    wanted = {SheetKind.FIRST: ClockName.WRITTEN, SheetKind.UPDATE: ClockName.UPDATE}.get(kind)
    return next((clock.due_at for clock in clocks_of(conversation, now=now) if clock.name is wanted), None)


def _for_police(conversation: Conversation, said: list[Heard], *, now: datetime) -> dict[str, str]:
    quotes = [
        (QUOTED if trigger else QUOTED_WHOLE).format(clock=moment(at), trigger=trigger, words=words)
        for at, trigger, words in quotes_of(said)[-5:]
    ]
    glass = open_glass(conversation, now=now)
    return {
        "what": "",
        "where": "；".join(places_of(said)),
        "when": LAST_HEARD.format(moment=moment(said[-1].at)) if said else "",
        "phone": "、".join(phones_of(said)),
        "who": WHO_UNKNOWN,
        "words": "\n".join(quotes),
        "channel": CHANNEL.format(channel=Channel(conversation.channel).label, number=conversation.number),
        "network": "\n".join(network_lines(said)) if glass else "",
    }


def _for_collective(conversation: Conversation, said: list[Heard]) -> dict[str, str]:
    return {
        "when": moment(said[-1].at if said else raised_at(conversation)),
        "where": "；".join(places_of(said)[:3]),
        "unit": "、".join(units_of(said)[:3]),
        "industry": "",
        "headcount": PEOPLE.format(headcount=conversation.headcount) if conversation.headcount else "",
        "demands": "\n".join(demands_of(said)),
        "cause": "",
        "state": "、".join(states_of(said)),
        "measures": MEASURES if conversation.holder_id else "",
        "contact": "、".join(phones_of(said)[:2]),
    }


def _stand(sheet: Sheet, conversation: Conversation) -> SheetStand:
    sheet.conversation = conversation
    told = told_of(sheet)
    return SheetStand(SheetKind(sheet.kind), told.at if told else None, sheet.sent_at)


def _fields(sheet: Sheet) -> dict[str, str]:
    return sheet.fields if sheet.fields_sealed else {}


def _note(conversation: Conversation, sheet: Sheet, cadre: Cadre, detail: str, *, now: datetime) -> None:
    record(AuditAction.SHEET, f"sheet:{sheet.pk}", cadre=cadre, now=now, detail=f"{sheet.kind}-{detail}")
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
