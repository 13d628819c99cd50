"""Who has a talk on the screen."""

from __future__ import annotations

from datetime import timedelta

from handoff.models import Viewing
from handoff.viewing import SEEN_WITHIN, mark_viewing, sweep_viewings, viewers
from tests.desk import TestDesk


def test_others_are_seen_until_two_signs_are_missed(desk: TestDesk) -> None:
    talk, wang, li = desk.visitor(), desk.cadre("王敏"), desk.cadre("李强")
    for cadre in (wang, li, li):
        mark_viewing(talk.pk, cadre, now=desk.clock())
    assert viewers(talk, except_cadre=wang, now=desk.clock()) == [li]
    assert viewers(talk, except_cadre=wang, now=desk.clock() + SEEN_WITHIN) == [li]
    assert viewers(talk, except_cadre=wang, now=desk.clock() + SEEN_WITHIN + timedelta(seconds=1)) == []
    assert Viewing.objects.count() == 2


def test_who_looks_at_one_talk_is_not_seen_at_another(desk: TestDesk) -> None:
    one, two, li = desk.visitor(), desk.visitor(), desk.cadre("李强")
    mark_viewing(one.pk, li, now=desk.clock())
    assert viewers(two, except_cadre=desk.cadre("王敏"), now=desk.clock()) == []


def test_what_is_older_than_a_day_is_forgotten(desk: TestDesk) -> None:
    talk, wang, li = desk.visitor(), desk.cadre("王敏"), desk.cadre("李强")
    mark_viewing(talk.pk, wang, now=desk.clock())
    desk.clock.forward(hours=24, seconds=1)
    mark_viewing(talk.pk, li, now=desk.clock())
    assert sweep_viewings(now=desk.clock()) == 1
    assert [row.cadre for row in Viewing.objects.all()] == [li]
