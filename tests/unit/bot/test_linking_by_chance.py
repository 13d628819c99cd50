"""Many workers ask for codes, type them, mistype them, confirm, refuse and part at random; a bookkeeper of its own says
what each of them may see. It knows nothing of hashes, rows or `Contact.person`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from handoff.cases import CaseKind, cases_of, open_case
from handoff.erasure import end_and_clear
from handoff.kinds import CaseState, MessageKind
from handoff.link_codes import code_in, new_code
from handoff.models import Case, Conversation, Message
from tests.desk import TestDesk

WORKERS, STEPS = 8, 120
TEN_MINUTES = timedelta(minutes=10)


@dataclass
class Code:
    """A code as its maker remembers it."""

    maker: int
    made_at: datetime
    word: str
    entered_by: int | None = None
    dead: bool = False


@dataclass
class Books:
    """Who is one person, by what was confirmed; which codes there are; who has tried wrongly and when."""

    groups: list[set[int]]
    codes: list[Code] = field(default_factory=list)
    tries: dict[int, list[datetime]] = field(default_factory=dict)
    cases: dict[int, set[str]] = field(default_factory=dict)

    def group(self, worker: int) -> set[int]:
        """Who is the same person."""
        return next(group for group in self.groups if worker in group)

    def make(self, worker: int, word: str, now: datetime) -> None:
        """The older ones of this worker are void."""
        for code in self.codes:
            code.dead = code.dead or code.maker == worker
        self.codes.append(Code(worker, now, word))

    def enter(self, worker: int, word: str, now: datetime) -> bool:
        """Whether it counts."""
        code = next((code for code in self.codes if code.word == word), None)
        good = code is not None and not code.dead and code.entered_by is None and now < code.made_at + TEN_MINUTES
        if good and code is not None and code.maker == worker:
            return False
        lately = [at for at in self.tries.get(worker, []) if now - at < TEN_MINUTES]
        if len(lately) >= 5:
            return False
        if not good or code is None:
            self.tries[worker] = [*lately, now]
            return False
        code.entered_by = worker
        return True

    def decide(self, worker: int, *, yes: bool, now: datetime) -> bool:
        """Whether two became one."""
        asked = [code for code in self.codes if code.maker == worker and code.entered_by is not None and not code.dead]
        if not asked:
            return False
        asked[-1].dead = True
        if not yes or now >= asked[-1].made_at + TEN_MINUTES:
            return False
        other = asked[-1].entered_by
        assert other is not None
        together = self.group(worker) | self.group(other)
        self.groups = [group for group in self.groups if not group & together] + [together]
        return True

    def part(self, worker: int) -> None:
        """Alone again."""
        for code in self.codes:
            code.dead = code.dead or worker in (code.maker, code.entered_by)
        self.group(worker).discard(worker)
        self.groups.append({worker})

    def may_see(self, worker: int) -> set[str]:
        """Numbers of cases."""
        return {number for other in self.group(worker) for number in self.cases.get(other, set())}


class Town:
    """The workers and the desk."""

    def __init__(self, desk: TestDesk, seed: int) -> None:
        self.desk, self.rng = desk, random.Random(seed)
        self.talks = [desk.visitor() for _ in range(WORKERS)]
        self.books = Books([{worker} for worker in range(WORKERS)])
        self.joined = 0

    def step(self) -> None:
        """One worker does something."""
        worker = self.rng.randrange(WORKERS)
        acts = (self.ask, self.enter, self.enter, self.enter, self.decide, self.decide, self.part, self.wait, self.open)
        self.rng.choices(acts, weights=(4, 3, 3, 2, 5, 2, 1, 2, 2))[0](worker)

    def ask(self, worker: int) -> None:
        """A new code."""
        words = self._writes(worker, "接续码")
        self.books.make(worker, next(line for line in words.splitlines() if code_in(line)), self.desk.clock())

    def enter(self, worker: int) -> None:
        """Mostly a code that exists, of whatever age, sometimes a guess."""
        known = [code.word for code in self.books.codes[-6:]]
        word = self.rng.choice(known) if known and self.rng.random() < 0.8 else new_code()
        words = self._writes(worker, self.rng.choice((word, word.lower(), word.replace("-", ""))))
        assert ("点一下「是我」" in words) == self.books.enter(worker, word, self.desk.clock())

    def decide(self, worker: int) -> None:
        """Yes, mostly."""
        asked = [code.maker for code in self.books.codes if code.entered_by is not None and not code.dead]
        worker = self.rng.choice(asked) if asked and self.rng.random() < 0.8 else worker
        yes = self.rng.random() < 0.8
        words = self._writes(worker, "是我" if yes else "不是我")
        done = self.books.decide(worker, yes=yes, now=self.desk.clock())
        assert ("接上了" in words) == done
        self.joined += done

    def part(self, worker: int) -> None:
        """Takes it apart."""
        self._writes(worker, "取消接续")
        self.books.part(worker)

    def wait(self, worker: int) -> None:
        """Time goes by; now and then exactly the ten minutes of the last code."""
        if self.books.codes and self.rng.random() < 0.3:
            end = self.books.codes[-1].made_at + TEN_MINUTES
            self.desk.clock.now = max(self.desk.clock.now, end)
        else:
            self.desk.clock.forward(seconds=self.rng.choice((1, 60, 299, 600)))

    def open(self, worker: int) -> None:
        """A case that may be seen across, or one that may not."""
        kind = self.rng.choice((CaseKind.JOIN, CaseKind.HANDOFF, CaseKind.SENSITIVE))
        with transaction.atomic():
            case = open_case(Conversation.locked(self.talks[worker].pk), kind, now=self.desk.clock())
        if kind == CaseKind.SENSITIVE:  # settled at once, or nothing could be joined here any more
            Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED)
        else:
            self.books.cases.setdefault(worker, set()).add(case.case_no)

    def erase(self, worker: int) -> None:
        """Nobody sees anything of them any more."""
        Case.objects.filter(contact_id=self.talks[worker].contact_id).update(state=CaseState.CLOSED)
        end_and_clear(self.talks[worker], now=self.desk.clock())
        self.books.part(worker)

    def check(self) -> None:
        """What each sees, against the books."""
        for worker, talk in enumerate(self.talks):
            own = set(Case.objects.filter(contact_id=talk.contact_id).values_list("case_no", flat=True))
            seen = {view.case_no for view in cases_of(talk.contact_id)}
            assert seen == own | self.books.may_see(worker)

    def _writes(self, worker: int, text: str) -> str:
        talk = self.talks[worker]
        before = Message.objects.filter(conversation=talk).count()
        self.desk.writes(talk, text)
        self.desk.desk.turns.run(talk.pk)
        rows = Message.objects.filter(conversation=talk).order_by("pk").select_related("conversation__contact")
        return "\n".join(row.body for row in rows[before:] if row.kind != MessageKind.WORKER)


@pytest.mark.parametrize("seed", range(2))
def test_nobody_sees_a_case_of_somebody_with_whom_they_were_not_confirmed(desk: TestDesk, seed: int) -> None:
    town = Town(desk, seed)
    for _ in range(STEPS):
        town.step()
        town.check()
    assert town.joined >= 2
    town.erase(0)
    town.check()


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 60))
def test_nobody_sees_a_strangers_case_in_many_towns(desk: TestDesk, seed: int) -> None:
    town = Town(desk, seed)
    for _ in range(4 * STEPS):
        town.step()
        town.check()
