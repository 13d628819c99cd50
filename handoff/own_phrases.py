"""Phrases that this installation adds to the shipped rules: by duty leads, in force in every process within 2 s."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction

from handoff.audit import record
from handoff.kinds import AuditAction
from handoff.models import Cadre, OwnPhrase
from handoff.phrase_check import Entry, FindsOrdinary, PhraseRefused, check_reach, read, tidied, with_entries
from handoff.readers import is_lead
from handoff.screening.levels import Category, Finding
from handoff.screening.rules import Read, Rules

log = logging.getLogger("niangjia.own_phrases")

LOOK_EVERY_S = 2.0
MOST_PHRASES = 300


class NotALead(PhraseRefused):
    """Only duty leads and supervisors change what screening looks for."""


class PhraseThere(PhraseRefused):
    """The phrase is in force already."""


class TooManyPhrases(PhraseRefused):
    """There are as many own phrases as screening can look for at its pace."""


class PhraseGone(PhraseRefused):
    """The phrase is not there, or was retired before."""


class LiveRules(Rules):
    """The shipped rules with the own phrases in force now, for use in place of `Rules`.

    Looks into the database no more than once in two seconds, one thread at a time; while the database fails, the last
    known phrases stay in force. `clock` gives seconds that only grow.
    """

    def __init__(self, shipped: Rules, *, clock: Callable[[], float] = time.monotonic) -> None:
        vars(self).update(vars(shipped))
        self.shipped = shipped
        self._present = shipped
        self._entries: tuple[Entry, ...] = ()
        self._clock = clock
        self._looked_at: float | None = None
        self._failing = False
        self._looking = threading.Lock()

    def screen(self, text: str) -> Finding:
        """What the rules find anywhere in the text, however long it is."""
        return self.present().screen(text)

    def read(self, text: str) -> Read:
        """What the rules find by themselves, and with the classifier's agreement."""
        return self.present().read(text)

    def last_known(self) -> Rules:
        """The rules as they were last seen, without asking the database: for threads that must not wait for it."""
        return self._present

    def present(self, *, afresh: bool = False) -> Rules:
        """The rules in force; with `afresh` the database is asked however lately that was done."""
        if (afresh or self._is_due()) and self._looking.acquire(blocking=afresh):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._present

    def _is_due(self) -> bool:
        return self._looked_at is None or self._clock() - self._looked_at >= LOOK_EVERY_S

    def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            entries = entries_in_force()
        except (DatabaseError, InterfaceError) as error:
            if not self._failing:
                log.warning("own phrases could not be read (%s): the last known ones stay", type(error).__name__)
            self._failing = True
            return
        self._failing = False
        if entries != self._entries:
            self._present = with_entries(self.shipped, entries, mark=_mark(entries)) if entries else self.shipped
            self.rules, self.version, self._entries = self._present.rules, self._present.version, entries


def entries_in_force() -> tuple[Entry, ...]:
    """The own phrases that can be read; one that an update of the rules file made unreadable is left out."""
    rows = OwnPhrase.objects.filter(retired_at__isnull=True).values_list("pk", "category", "phrase", "is_exception")
    return tuple(_readable(rows.order_by("pk")[:MOST_PHRASES]))


def can_be_read(row: OwnPhrase) -> bool:
    """Whether the phrase still means something to the rules of this version."""
    return bool(list(_readable([(row.pk, row.category, row.phrase, row.is_exception)])))


def add_phrase(cadre: Cadre, written: Entry, *, rules: LiveRules, meant: bool = False, now: datetime) -> OwnPhrase:
    """Bring a phrase into force. Raises PhraseRefused; FindsOrdinary unless all that it finds is `meant`."""
    if not is_lead(cadre):
        raise NotALead(cadre.pk)
    entry = replace(written, phrase=tidied(written.phrase, rules.shipped))
    if OwnPhrase.objects.filter(retired_at__isnull=True).count() >= MOST_PHRASES:
        raise TooManyPhrases(MOST_PHRASES)
    hits = check_reach(entry, shipped=rules.shipped, present=rules.present(afresh=True))
    if hits and not meant:
        raise FindsOrdinary(hits)
    try:
        with transaction.atomic():
            return _store(cadre, entry, now=now)
    except IntegrityError as error:
        raise PhraseThere(entry.phrase) from error


def retire_phrase(cadre: Cadre, pk: int, *, now: datetime) -> None:
    """Take a phrase out of force; its row stays. Raises NotALead, PhraseGone."""
    if not is_lead(cadre):
        raise NotALead(cadre.pk)
    with transaction.atomic():
        in_force = OwnPhrase.objects.filter(pk=pk, retired_at__isnull=True)
        if not in_force.update(retired_by=cadre, retired_at=now):
            raise PhraseGone(pk)
        record(AuditAction.PHRASES, f"own_phrase:{pk}", cadre=cadre, now=now, detail="retired")


def _store(cadre: Cadre, entry: Entry, *, now: datetime) -> OwnPhrase:
    row = OwnPhrase.objects.create(
        category=entry.category.value,
        phrase=entry.phrase,
        is_exception=entry.is_exception,
        added_by=cadre,
        added_at=now,
    )
    record(AuditAction.PHRASES, f"own_phrase:{row.pk}", cadre=cadre, now=now, detail="added")
    return row


def _readable(rows: Iterable[tuple[int, str, str, bool]]) -> Iterable[Entry]:
    for pk, category, phrase, is_exception in rows:
        try:
            read(phrase)
            yield Entry(Category(category), phrase, is_exception)
        except (PhraseRefused, ValueError):
            log.warning("own phrase %s cannot be read", pk)


def _mark(entries: tuple[Entry, ...]) -> str:
    return hashlib.sha256(repr(entries).encode()).hexdigest()[:8]
