"""Playing a scenario: the steps in their order, each told in a line, and the expectations with what came of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Push, Record, Road, Shown
from bot.simulate.scenario.stage import NotThere, Stage
from bot.simulate.scenario.steps import EVERYBODY, PERSONAL, Act, Action, Expectation, Rush, Scenario, Sent, Step
from bot.simulate.texts import PLAY

_LOOK_S: Final = 0.25
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Held:
    """One expectation and whether it held."""

    step: int
    words: str
    holds: bool


@dataclass
class Outcome:
    """What a rehearsal came to."""

    held: list[Held] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Every step could be taken and every expectation held."""
        return not self.broken and all(one.holds for one in self.held)

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        held = [{"step": one.step, "expects": one.words, "holds": one.holds} for one in self.held]
        return {"good": self.good, "expectations": held, "broken": self.broken, "figures": self.figures}


class Player:
    """Plays one scenario on one stage."""

    def __init__(self, stage: Stage, tell: Tell) -> None:
        self._stage, self._tell = stage, tell
        self._began = 0.0
        self._marks: dict[str, int] = {}
        self._calls_mark = 0
        self._people: dict[str, None] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._outcome = Outcome()

    async def play(self, scenario: Scenario) -> Outcome:
        """The whole of it."""
        self._began = time.monotonic()
        self._tell(PLAY["begins"].format(name=scenario.name, steps=len(scenario.steps)))
        for step in scenario.steps:
            if step.at_s is not None:
                await asyncio.sleep(max(0.0, self._began + step.at_s - time.monotonic()))
            await self._repeated(step)
        await asyncio.gather(*self._background)
        outcome = self._outcome
        outcome.figures = dict(self._stage.figures())
        failed = sum(not one.holds for one in outcome.held) + len(outcome.broken)
        self._tell(PLAY["ended"].format(held=len(outcome.held) - failed + len(outcome.broken), failed=failed))
        return outcome

    async def _repeated(self, step: Step) -> None:
        """A step that is repeated is so beside those that follow."""
        if step.every_s:
            self._beside(self._all_times(step))
        elif step.background:
            self._beside(self._guarded(step))
        else:
            await self._guarded(step)

    async def _all_times(self, step: Step) -> None:
        for number in range(step.times):
            await asyncio.sleep(step.every_s if number else 0)
            self._beside(self._guarded(step))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)

    async def _guarded(self, step: Step) -> None:
        try:
            await self._step(step)
        except NotThere as error:
            words = PLAY["broken"].format(number=step.number, why=error)
            self._outcome.broken.append(words)
            self._tell(words)

    async def _step(self, step: Step) -> None:
        if step.action is Action.EXPECTS:
            await self._expect(step)
            return
        self._say(step, described(step))
        if step.action in PERSONAL:
            await asyncio.gather(*(self._personal(step, who) for who in step.who))
            return
        match step.value:
            case Fault():
                self._switch_on(step.value)
            case Rush():
                await self._rush(step.value)
            case Act():
                self._stage.acts(step.value, step.who)
            case FaultKind() | None:
                self._stage.faults.off(step.value)
            case float():
                await asyncio.sleep(step.value)

    async def _personal(self, step: Step, who: str) -> Push:
        self._mark(who)
        stage, words = self._stage, str(step.value)
        match step.action:
            case Action.SAYS:
                return await stage.says(who, words)
            case Action.SENDS:
                assert isinstance(step.value, Sent)
                return await stage.sends(who, step.value)
            case Action.TAPS:
                return await stage.taps(who, words)
            case Action.FOLLOWS:
                return await stage.follows(who, words)
            case Action.SCANS:
                return await stage.scans(who, words)
            case _:
                return await stage.unfollows(who)

    def _mark(self, who: str) -> None:
        """What comes from now on is what came of it."""
        self._people.setdefault(who)
        self._marks[who] = len(self._stage.record.shown)
        self._calls_mark = len(self._stage.record.calls)

    def _switch_on(self, fault: Fault) -> None:
        until = None if fault.until is None else self._stage.now() + fault.until
        self._stage.faults.on(replace(fault, until=until))

    async def _rush(self, rush: Rush) -> None:
        began = time.monotonic()

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, began + rush.within_s * number / rush.users - time.monotonic()))
            who = f"rush-{number + 1:05d}"
            self._mark(who)
            await self._stage.says(who, rush.says[number % len(rush.says)])

        await asyncio.gather(*(one(number) for number in range(rush.users)))

    # -- expectations --

    async def _expect(self, step: Step) -> None:
        assert isinstance(step.value, Expectation)
        expected, everybody = step.value, step.who == (EVERYBODY,)
        names = tuple(self._people) if everybody else step.who or tuple(self._people)[-1:]
        ends = time.monotonic() + expected.within_s
        # What must not come is waited for to the end of the time.
        patient = expected.answered is False or (bool(expected.lacks) and not expected.contains)
        missing = self._missing(expected, names)
        while time.monotonic() < ends and (missing or patient):
            await asyncio.sleep(_LOOK_S)
            missing = self._missing(expected, names)
        whose = PLAY["everybody"] if everybody else "、".join(names)
        for words in wanted(expected):
            lacking = [who for who, what in missing if what == words]
            more = PLAY["nobody_missing"].format(count=len(lacking), who=lacking[0]) if lacking and everybody else ""
            self._settle(step, PLAY["expects"].format(who=whose, words=words) + more, holds=not lacking)
        self._settle_figures(step, expected)

    def _settle_figures(self, step: Step, expected: Expectation) -> None:
        figures = self._stage.figures() if expected.figures else {}
        for name, most in expected.figures.items():
            found = figures.get(name, 0)
            words = PLAY["figure"].format(name=name, most=most, found=found)
            self._settle(step, words, holds=isinstance(found, int | float) and found <= most)

    def _settle(self, step: Step, words: str, *, holds: bool) -> None:
        self._outcome.held.append(Held(step.number, words, holds))
        self._tell(PLAY["holds" if holds else "fails"].format(what=words))

    def _missing(self, expected: Expectation, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """(who, what) does not hold yet."""
        missing = [(name, words) for name in names for words in self._lacking(expected, name)]
        calls = self._stage.record.calls[self._calls_mark :]
        if expected.called and not any(call.code == 0 and call.name.endswith(expected.called) for call in calls):
            missing.append(("", PLAY["called"].format(words=expected.called)))
        return missing

    def _lacking(self, expected: Expectation, who: str) -> list[str]:
        came = self._came(who, expected.road)
        text = "\n".join(one.text for one in came)
        lacking = [PLAY["shown_contains"].format(words=words) for words in expected.contains if words not in text]
        lacking += [PLAY["shown_lacks"].format(words=words) for words in expected.lacks if words in text]
        if expected.answered is not None and expected.answered is not bool(came):
            lacking.append(PLAY["answered" if expected.answered else "silent"])
        if len(came) < expected.count:
            lacking.append(PLAY["count"].format(words=expected.count))
        return lacking

    def _came(self, who: str, road: Road | None) -> list[Shown]:
        record: Record = self._stage.record
        mark = self._marks.get(who, 0)
        shown = record.shown_to(self._stage.key(who), *([road] if road else []))
        return [one for one in shown if one.number > mark and one.road is not Road.PLATFORM]

    def _say(self, step: Step, what: str) -> None:
        at = time.monotonic() - self._began
        self._tell(PLAY["step"].format(at=at, number=step.number, what=what))


def wanted(expected: Expectation) -> list[str]:
    """What is expected, each as words (figures apart)."""
    words = [PLAY["shown_contains"].format(words=one) for one in expected.contains]
    words += [PLAY["shown_lacks"].format(words=one) for one in expected.lacks]
    if expected.answered is not None:
        words.append(PLAY["answered" if expected.answered else "silent"])
    if expected.count:
        words.append(PLAY["count"].format(words=expected.count))
    if expected.called:
        words.append(PLAY["called"].format(words=expected.called))
    return words


def described(step: Step) -> str:
    """What a step does, as words."""
    who, value = "、".join(step.who), step.value
    match value:
        case Fault():
            words: dict[str, Any] = {"words": value.kind.value}
        case Rush():
            words = {"users": value.users, "within_s": value.within_s}
        case Sent():
            words = {"what": PLAY[f"sent_{value.value}"]}
        case float():
            words = {"seconds": value}
        case None:
            words = {"words": PLAY["all_faults"]}
        case _:
            words = {"words": value}
    return PLAY[step.action.value].format(who=who, **words)
