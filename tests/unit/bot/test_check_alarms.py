"""What `niangjia check` says of the alarms."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from pytest_django import Settings

from bot.command.check_alarms import alarm_problems
from handoff.chain_ends import chain_end_of
from handoff.kinds import AlertRoad, Delivery, OrganisationKind
from handoff.models import Alert, Organisation
from tests.alarms import PARTNER, name_the_end, reader, set_roads
from tests.desk import TestDesk


def _attempt(desk: TestDesk, road: AlertRoad, delivery: Delivery, reason: str = "") -> None:
    now = timezone.now() - timedelta(minutes=1)
    Alert.objects.create(
        organisation=desk.union,
        road=road,
        created_at=now,
        due_at=now,
        changed_at=now,
        attempts=1,
        delivery=delivery,
        reason=reason,
    )


def test_a_union_without_an_end_of_the_chain_does_not_pass(desk: TestDesk, settings: Settings) -> None:
    set_roads(settings, mail=False)
    _attempt(desk, AlertRoad.WECOM, Delivery.SENT)
    assert "测试总工会还没有登记" in "\n".join(alarm_problems())
    name_the_end(desk)
    assert list(alarm_problems()) == []


def test_a_union_below_has_the_end_of_the_one_above(desk: TestDesk) -> None:
    below = Organisation.objects.create(name="下级工会", kind=OrganisationKind.GRASSROOTS_UNION, parent=desk.union)
    assert chain_end_of(below) is None
    name_the_end(desk)
    end = chain_end_of(below)
    assert end is not None
    assert end.phone == PARTNER.phone


def test_no_road_but_the_page_is_said(desk: TestDesk) -> None:
    name_the_end(desk)
    problems = list(alarm_problems())
    assert len(problems) == 1
    assert "只在后台页面上响" in problems[0]


def test_mail_for_nobody_is_said(desk: TestDesk, settings: Settings) -> None:
    set_roads(settings, wecom=False)
    name_the_end(desk)
    _attempt(desk, AlertRoad.MAIL, Delivery.SENT)
    assert "没有一个干部登记了邮箱" in "\n".join(alarm_problems())
    reader(desk, "wang")
    assert list(alarm_problems()) == []


def test_dead_and_untried_roads_are_said(desk: TestDesk, settings: Settings) -> None:
    set_roads(settings)
    name_the_end(desk)
    reader(desk, "wang")
    _attempt(desk, AlertRoad.MAIL, Delivery.FAILED, "auth")
    dead, untried = alarm_problems()
    assert "邮件提醒发不出去：邮箱账号或密码不对" in dead
    assert "企业微信群提醒还没有试过" in untried
