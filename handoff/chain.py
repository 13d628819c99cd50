"""The chain of an alarm: who is called at which step, and when. docs/decisions/0007-alarm-chain.md tells why."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.conf import settings
from django.db import DatabaseError

from handoff.kinds import AlertRoad, CadreRole
from handoff.models import Cadre, Conversation, Organisation
from handoff.readers import cadres_of, is_lead, is_present, named_for_danger, readers_of
from handoff.roster import on_roster

log = logging.getLogger("niangjia.alarms")


class Step(IntEnum):
    """How far the chain has come; after END it goes on counting while the end is called again."""

    FIRST = 0
    NEXT = 1
    SUPERVISORS = 2
    END = 3


# Whoever has seen an alarm takes the talk, or it rings again.
CLAIMED_WITHIN = timedelta(minutes=5)
END_AGAIN_EVERY = timedelta(minutes=15)
LAST_STEP = Step.END + 8


@dataclass(frozen=True)
class Circle:
    """Who could be called about a talk: all who may read it, the rostered ones by rank, and who is present."""

    readers: tuple[Cadre, ...]
    rostered: tuple[Cadre, ...] = ()
    present: tuple[Cadre, ...] = ()
    holder: Cadre | None = None

    @property
    def supervisors(self) -> tuple[Cadre, ...]:
        """Supervisors among the readers."""
        return tuple(reader for reader in self.readers if reader.role == CadreRole.SUPERVISOR)

    @property
    def leads(self) -> tuple[Cadre, ...]:
        """Supervisors and duty leads among the readers."""
        return tuple(reader for reader in self.readers if is_lead(reader))

    def is_reached(self, cadre: Cadre) -> bool:
        """By the page that is open, or by mail."""
        return has_mail(cadre) or cadre in self.present


def configured_roads() -> tuple[AlertRoad, ...]:
    """The roads besides the page for which this installation has settings."""
    installation = settings.NIANGJIA
    mail = bool(installation.smtp_host and installation.mail_from)
    is_set = {AlertRoad.MAIL: mail, AlertRoad.WECOM: bool(installation.wecom_robot_url)}
    return tuple(road for road in AlertRoad if is_set[road])


def has_mail(cadre: Cadre) -> bool:
    """Whether this cadre can be reached by mail."""
    return bool(cadre.mail) and AlertRoad.MAIL in configured_roads()


def time_of(step: int) -> timedelta:
    """When a step up to END is due, counted from the beginning of the alarm."""
    installation = settings.NIANGJIA
    following = max(installation.alarm_next_s, 0)
    supervisor = max(installation.alarm_supervisor_s, following)
    end = max(installation.alarm_end_s, supervisor)
    return timedelta(seconds=(0, following, supervisor, end)[min(step, Step.END)])


def circle_of(conversation: Conversation, *, now: datetime) -> Circle:
    """The people around a talk at this moment."""
    circle = _circle(conversation.organisation, readers_of(conversation), now=now)
    holder = next((reader for reader in circle.readers if reader.pk == conversation.holder_id), None)
    return Circle(circle.readers, circle.rostered, circle.present, holder)


def circle_in_crisis(organisation: Organisation, *, now: datetime) -> Circle:
    """The people around a talk in crisis of which nothing else is known, for showing the chain beforehand."""
    return _circle(organisation, named_for_danger(cadres_of(organisation.pk)), now=now)


def first_people(circle: Circle) -> tuple[Cadre, ...]:
    """Whom an alarm reaches at once: the first of these groups in which anybody can be reached.

    In a held talk its holder with all supervisors; readers who are present; readers on the roster; all readers.
    """
    held = (circle.holder, *circle.supervisors) if circle.holder else ()
    for group in (held, circle.present, circle.rostered, circle.readers):
        if any(circle.is_reached(cadre) for cadre in group):
            return _once(group)
    return ()


def people_at(step: int, circle: Circle, *, called: set[int]) -> tuple[Cadre, ...]:
    """Whom a later step calls by mail; `called` holds who has been called in this alarm.

    At the end everybody is called once more: somebody has to telephone to the partner who is the chain's end. The
    leads are called again and again where there is no partner.
    """
    if step >= Step.END:
        return tuple(reader for reader in (circle.readers if step == Step.END else circle.leads) if has_mail(reader))
    if step == Step.SUPERVISORS:
        return _fresh(circle.leads, called)
    others = tuple(reader for reader in circle.readers if not is_lead(reader))
    return _fresh(circle.rostered, called) or _fresh(others, called)


def next_time(step: int, *, alarmed_at: datetime, now: datetime, anyone: bool, reached: bool) -> datetime | None:
    """When the step after `step` is due; None after the last.

    `anyone`: whether `step` called somebody. A step without people hands on at once, but not to the named end before
    the supervisors' time, unless nobody has been `reached` by this alarm at all.
    """
    if step >= LAST_STEP:
        return None
    if step >= Step.END:
        return now + END_AGAIN_EVERY
    following, supervisors_at = step + 1, alarmed_at + time_of(Step.SUPERVISORS)
    due = alarmed_at + time_of(following)
    if following < Step.END and not anyone:
        due = now
    elif following == Step.END and (not anyone or now < supervisors_at):  # steps were skipped
        due = supervisors_at if reached else now
    return min(due, now + time_of(following))


def _circle(organisation: Organisation, readers: list[Cadre], *, now: datetime) -> Circle:
    may = {reader.pk for reader in readers}
    rostered = tuple(cadre for cadre in _rostered(organisation, now=now) if cadre.pk in may)
    return Circle(tuple(readers), rostered, tuple(reader for reader in readers if is_present(reader, now=now)))


def _rostered(organisation: Organisation, *, now: datetime) -> list[Cadre]:
    """A roster that cannot be read must not keep an alarm from ringing: then everybody is called."""
    try:
        return on_roster(organisation, now=now)
    except DatabaseError:
        raise
    except Exception as error:
        log.error("the roster could not be read: %s", type(error).__name__)
        return []


def _fresh(group: tuple[Cadre, ...], called: set[int]) -> tuple[Cadre, ...]:
    return tuple(cadre for cadre in group if cadre.pk not in called and has_mail(cadre))


def _once(group: tuple[Cadre, ...]) -> tuple[Cadre, ...]:
    return tuple({cadre.pk: cadre for cadre in group}.values())
