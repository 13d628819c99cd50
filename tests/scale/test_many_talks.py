"""What does not grow with use: storing, the queue and the sweeps in a database that has been used for years."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from handoff.kinds import Delivery, MessageKind
from handoff.models import Contact, Conversation, Message
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.figures import note_figure

TALKS, EACH = 10_000, 10


def _median_ms(work: Callable[[], object], times: int = 21) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2] * 1000


def _fill(desk: TestDesk) -> None:
    contact = Contact.begin(now=desk.clock())
    talks = Conversation.objects.bulk_create(
        Conversation(contact=contact, organisation=desk.union, channel="webchat", created_at=desk.clock())
        for _ in range(TALKS)
    )
    for start in range(0, TALKS, 500):
        rows = []
        for talk in talks[start : start + 500]:
            for position in range(1, EACH + 1):
                ours = position % 2 == 0
                rows.append(
                    Message(
                        conversation=talk,
                        kind=MessageKind.ENGINE if ours else MessageKind.WORKER,
                        delivery=Delivery.SENT if ours else Delivery.RECEIVED,
                        body_sealed=b"x" * 120,
                        created_at=desk.clock(),
                        answered_at=None if ours else desk.clock(),
                        delivery_changed_at=desk.clock(),
                        position=position,
                    )
                )
        Message.objects.bulk_create(rows)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_a_desk_used_for_years_is_as_quick_as_a_new_one() -> None:
    from handoff.console.rows import queue_fingerprint

    desk = make_desk(FakeDialogue())
    talk = desk.visitor()
    works: dict[str, Callable[[], object]] = {
        "a_turn": lambda: desk.says(desk.visitor(), "年假几天"),
        "sweep_turns": lambda: desk.desk.turns.unanswered(older_than=timedelta(0)),
        "sweep_deliveries": lambda: desk.desk.deliverer.undelivered(older_than=timedelta(0)),
        "queue": lambda: queue_fingerprint(desk.union.pk, now=timezone.now()),
    }
    new = {name: _median_ms(work) for name, work in works.items()}
    _fill(desk)
    old = {name: _median_ms(work) for name, work in works.items()}
    for name in works:
        note_figure(
            f"scale_{TALKS * EACH}_messages_{name}_ms", {"new": round(new[name], 2), "old": round(old[name], 2)}
        )
    assert talk.pk
    assert all(old[name] < 10 * new[name] + 5 for name in works), (new, old)
