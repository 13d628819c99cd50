"""The alarm's chain in words, as it would run right now; the state of the roads in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.chain import Circle, Step, circle_in_crisis, configured_roads, first_people, has_mail, people_at, time_of
from handoff.chain_ends import chain_end_of
from handoff.console.alert_texts import (
    CHAIN,
    NO_MAIL,
    NOT_CONFIGURED,
    OTHER_REASON,
    REASONS,
    ROAD_STATES,
    ROADS,
    STEPS,
    STRIP,
    TRIALS,
)
from handoff.console.times import clock
from handoff.kinds import AlertRoad, Delivery
from handoff.models import Alert, Cadre, Organisation
from handoff.roads import RoadState, dead_roads, road_states

_TRIAL_SHOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Person:
    """Somebody who is called, and how that reaches them."""

    name: str
    how: str
    reached: bool


@dataclass(frozen=True)
class ChainLine:
    """One step: when, what it is, whom it calls, and what else there is to say."""

    when: str
    what: str
    people: tuple[Person, ...]
    notes: tuple[str, ...]
    is_end: bool = False


@dataclass(frozen=True)
class RoadView:
    """One road with its state in words; `trial`: what became of this cadre's last trial."""

    road: AlertRoad
    name: str
    words: str
    is_bad: bool
    can_try: bool
    hindrance: str
    trial: str
    trial_is_under_way: bool


def chain_lines(organisation: Organisation, *, now: datetime) -> tuple[ChainLine, ...]:
    """Who would be called if somebody were in danger at this moment."""
    circle = circle_in_crisis(organisation, now=now)
    first = first_people(circle)
    following = people_at(Step.NEXT, circle, called={cadre.pk for cadre in first if has_mail(cadre)})
    called = {cadre.pk for cadre in (*first, *following) if has_mail(cadre)}
    leads = people_at(Step.SUPERVISORS, circle, called=called)
    reached = bool(first) or AlertRoad.WECOM in configured_roads()
    second = Step.NEXT if reached else Step.FIRST
    return (
        _first_line(circle, first),
        _line(Step.NEXT, circle, following, at=second),
        _line(Step.SUPERVISORS, circle, leads, at=Step.SUPERVISORS if following else second),
        _end_line(organisation, _end_time(reached=reached, skipped=not (following and leads))),
    )


def unreached(organisation: Organisation, *, now: datetime) -> tuple[str, ...]:
    """Readers of crisis talks whom no alarm reaches now, by name."""
    circle = circle_in_crisis(organisation, now=now)
    return tuple(reader.display_name for reader in circle.readers if not circle.is_reached(reader))


def road_views(cadre: Cadre, *, now: datetime) -> tuple[RoadView, ...]:
    """Every road for this cadre's page."""
    return tuple(_road_view(cadre, state, now=now) for state in road_states(cadre.organisation, now=now))


def dead_road_words(cadre: Cadre, *, now: datetime) -> tuple[str, ...]:
    """For the strip on the pages of those on duty: a sentence for each road that does not get through."""
    if not cadre.on_duty:
        return ()
    dead = dead_roads(cadre.organisation, now=now)
    return tuple(STRIP.format(road=ROADS[state.road], reason=reason_words(state.reason)) for state in dead)


def reason_words(code: str) -> str:
    """A reason such as `auth` or `smtp:550` in words."""
    kind, _, number = code.partition(":")
    return REASONS.get(kind, OTHER_REASON).format(code=number)


def _first_line(circle: Circle, people: tuple[Cadre, ...]) -> ChainLine:
    notes = []
    if not people:
        notes.append(CHAIN["nobody_first"])
    elif not circle.present and not any(cadre in circle.rostered for cadre in people):
        notes.append(CHAIN["everybody"])
    if AlertRoad.WECOM in configured_roads():
        notes.append(CHAIN["group"])
    return ChainLine(CHAIN["at_once"], STEPS[Step.FIRST], _persons(circle, people), tuple(notes))


def _line(step: Step, circle: Circle, people: tuple[Cadre, ...], *, at: Step) -> ChainLine:
    note = CHAIN["group"] if AlertRoad.WECOM in configured_roads() else ""
    notes = (note,) if people and note else () if people else (CHAIN["nobody"],)
    return ChainLine(_when(time_of(at)), STEPS[step], _persons(circle, people), notes)


def _end_line(organisation: Organisation, at: timedelta) -> ChainLine:
    has_partner = chain_end_of(organisation) is not None
    notes = [CHAIN["everybody_again"], CHAIN["again"]] if has_partner else [CHAIN["no_partner"]]
    return ChainLine(_when(at), STEPS[Step.END], (), tuple(notes), is_end=True)


def _end_time(*, reached: bool, skipped: bool) -> timedelta:
    if not reached:
        return timedelta(0)
    return time_of(Step.SUPERVISORS if skipped else Step.END)


def _when(after: timedelta) -> str:
    minutes, seconds = divmod(int(after.total_seconds()), 60)
    if not minutes and not seconds:
        return CHAIN["at_once"]
    if seconds:
        return CHAIN["seconds"].format(seconds=minutes * 60 + seconds)
    return CHAIN["minutes"].format(minutes=minutes)


def _persons(circle: Circle, people: tuple[Cadre, ...]) -> tuple[Person, ...]:
    return tuple(_person(circle, cadre) for cadre in people)


def _person(circle: Circle, cadre: Cadre) -> Person:
    by_page, by_mail = cadre in circle.present, has_mail(cadre)
    how = "by_both" if by_page and by_mail else "by_page" if by_page else "by_mail" if by_mail else "unreached"
    return Person(cadre.display_name, CHAIN[how], by_page or by_mail)


def _road_view(cadre: Cadre, state: RoadState, *, now: datetime) -> RoadView:
    trial = _last_trial(cadre, state.road, now=now)
    lacks_mail = state.configured and state.road == AlertRoad.MAIL and not cadre.mail
    return RoadView(
        road=state.road,
        name=ROADS[state.road],
        words=_state_words(state, now=now),
        is_bad=state.dead or state.untried or not state.configured,
        can_try=state.configured and not lacks_mail,
        hindrance=NO_MAIL if lacks_mail else "",
        trial=_trial_words(trial) if trial else "",
        trial_is_under_way=trial is not None and trial.delivery in (Delivery.PENDING, Delivery.SENDING),
    )


def _state_words(state: RoadState, *, now: datetime) -> str:
    if not state.configured:
        return NOT_CONFIGURED[state.road]
    if state.dead and state.failed_at:
        return ROAD_STATES["dead"].format(reason=reason_words(state.reason), clock=clock(state.failed_at, now=now))
    if state.sent_at is None:
        return ROAD_STATES["untried"]
    return ROAD_STATES["long_ago" if state.untried else "fine"].format(clock=clock(state.sent_at, now=now))


def _last_trial(cadre: Cadre, road: AlertRoad, *, now: datetime) -> Alert | None:
    trials = Alert.objects.filter(organisation_id=cadre.organisation_id, road=road, conversation__isnull=True)
    return trials.filter(cadre=cadre, created_at__gt=now - _TRIAL_SHOWN_FOR).order_by("-id").first()


def _trial_words(trial: Alert) -> str:
    if trial.delivery in (Delivery.PENDING, Delivery.SENDING):
        return TRIALS["under_way"]
    known = {Delivery.SENT: "sent", Delivery.UNCERTAIN: "uncertain"}
    return TRIALS[known.get(Delivery(trial.delivery), "failed")].format(reason=reason_words(trial.reason))
