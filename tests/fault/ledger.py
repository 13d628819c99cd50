"""What was asked and what came back, person by person: nothing lost, nothing crossed, nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from bot.simulate.records import Shown

# What the engine of tests says, and what the desk says to a position; each carries the number of the question.
_ANSWER = re.compile(r"(?:answer to |位置收到了：)(q\d+x\d+)")


@dataclass(frozen=True)
class Asked:
    """One thing that somebody asked. `key`: how the platform numbers it."""

    number: str
    user: str
    key: str
    picture: bool = False


@dataclass
class Tally:
    """What a scenario came to. `again_excused`: copies of what the platform took without saying so. `uncertain`: never
    seen by its person, and known to the desk as such. `sorry`: answered with kind words, for the turn died too often."""

    messages: int = 0
    answered: int = 0
    lost: int = 0
    crossed: int = 0
    doubled: int = 0
    again_excused: int = 0
    fixed_again: int = 0
    uncertain: int = 0
    sorry: int = 0
    out_of_order: int = 0
    accepted_unacknowledged: int = 0
    sent_again_by_worker: int = 0
    pictures: int = 0
    pictures_kept: int = 0
    kills: int = 0
    details: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        """For the file of figures."""
        return {name: value for name, value in asdict(self).items() if name != "details"}


@dataclass(frozen=True)
class Reply:
    """What the desk's database knows of the answer to one question."""

    key: str
    kind: str
    delivery: str
    attempts: int = 0


def tally(
    asked: Iterable[Asked], screens: Mapping[str, Iterable[Shown]], replies: Iterable[Reply], *, pictures: Counter[str]
) -> Tally:
    """`screens`: what stands on each person's screen from the desk. `pictures`: how many files are kept, by key."""
    questions = {one.number: one for one in asked}
    known = {reply.key: reply for reply in replies}
    result = Tally(messages=len(questions))
    seen = _seen(questions, screens, result)
    for question in questions.values():
        if question.picture:
            _count_picture(question, pictures, result)
        else:
            _count(question, seen.get(question.number, []), known.get(question.key), result)
    return result


def _seen(
    questions: Mapping[str, Asked], screens: Mapping[str, Iterable[Shown]], result: Tally
) -> dict[str, list[Shown]]:
    seen: dict[str, list[Shown]] = {}
    for user, screen in screens.items():
        places: list[int] = []
        for shown in screen:
            result.accepted_unacknowledged += shown.unacknowledged
            for number in _ANSWER.findall(shown.text):
                if number not in questions or questions[number].user != user:
                    result.crossed += 1
                    result.details.append(f"crossed: {number} on the screen of {user}")
                    continue
                if number not in seen:
                    places.append(int(number.partition("x")[2]))
                seen.setdefault(number, []).append(shown)
        result.out_of_order += sum(later < earlier for earlier, later in pairwise(places))
    return seen


def _count(question: Asked, seen: list[Shown], reply: Reply | None, result: Tally) -> None:
    if not seen:
        if reply is not None and reply.delivery == "uncertain":
            result.uncertain += 1
        elif reply is not None and reply.kind == "fixed" and reply.delivery == "sent":
            result.sorry += 1
            result.answered += 1
        else:
            result.lost += 1
            result.details.append(f"lost: {question} {reply}")
        return
    result.answered += 1
    copies = len(seen) - 1
    excused = min(copies, sum(shown.unacknowledged for shown in seen))
    result.again_excused += excused
    if copies > excused and reply is not None and reply.kind == "fixed":
        result.fixed_again += copies - excused
    elif copies > excused:
        result.doubled += copies - excused
        result.details.append(f"doubled: {question} {reply} {[(one.road, one.push, one.at) for one in seen]}")


def _count_picture(question: Asked, pictures: Counter[str], result: Tally) -> None:
    result.pictures += 1
    kept = pictures[question.key]
    result.pictures_kept += kept == 1
    result.answered += kept == 1
    result.lost += kept == 0
    result.doubled += kept > 1
    if kept != 1:
        result.details.append(f"picture kept {kept} times: {question}")
