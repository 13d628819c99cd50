"""The pages of roster and people, and offers in the list: as each role, as a stranger, as a neighbour."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from handoff.assignment import assign_waiting
from handoff.console.rows import list_talks, queue_fingerprint
from handoff.desk import claim_chat
from handoff.duty import set_on_duty
from handoff.kinds import AuditAction, CadreRole, DayKind, DepartmentKind
from handoff.models import Absence, AuditRow, Cadre, Conversation, Department, RosterLine
from tests.console.conftest import Desk, signed_in

LINE = {
    "stand_in": "",
    "day_kind": "workdays",
    "weekday": "",
    "starts": "08:30",
    "ends": "17:30",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "rank": "0",
}


@pytest.fixture
def lead(desk: Desk) -> Cadre:
    return desk.cadre("lead", role=CadreRole.DUTY_LEAD, display_name="周组长")


@pytest.fixture
def supervisor(desk: Desk) -> Cadre:
    return desk.cadre("chief", role=CadreRole.SUPERVISOR, display_name="孙主管")


@pytest.fixture
def as_lead(lead: Cadre) -> Client:
    return signed_in(lead)


@pytest.fixture
def as_supervisor(supervisor: Cadre) -> Client:
    return signed_in(supervisor)


def all_day(cadre: Cadre) -> RosterLine:
    return RosterLine.objects.create(
        cadre=cadre, day_kind=DayKind.EVERY_DAY, starts=time(0), ends=time(0), valid_from=date(2026, 1, 1)
    )


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["roster", "people"])
def test_a_stranger_meets_the_sign_in_page(page: str) -> None:
    answer = Client().get(f"/console/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/sign-in")


@pytest.mark.parametrize("page", ["roster", "people"])
def test_an_operator_finds_nothing_there(desk: Desk, page: str) -> None:
    operator = signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR))
    assert operator.get(f"/console/{page}").status_code == 404


def test_a_cadre_sees_the_roster_and_cannot_change_it(wang: Cadre, as_wang: Client) -> None:
    line = all_day(wang)
    page = text_of(as_wang, "/console/roster")
    assert "王敏" in page
    assert "再排一行" not in page
    for address in ("lines", f"lines/{line.pk}", f"lines/{line.pk}/remove", "absences"):
        assert as_wang.post(f"/console/roster/{address}", {**LINE, "cadre": wang.pk}).status_code == 404
    assert RosterLine.objects.count() == 1


def test_a_lead_writes_changes_and_removes_a_line(wang: Cadre, li: Cadre, as_lead: Client) -> None:
    page = text_of(as_lead, "/console/roster")
    assert "还没有排班" in page
    assert "全天没有人" in page
    as_lead.post("/console/roster/lines", {**LINE, "cadre": wang.pk, "stand_in": li.pk})
    line = RosterLine.objects.get()
    assert (line.cadre, line.stand_in, line.starts) == (wang, li, time(8, 30))
    page = text_of(as_lead, "/console/roster?from=2026-11-18")
    assert "08:30–17:30" in page
    assert "没有人：" in page
    assert "周一 11月16日" in page
    as_lead.post(f"/console/roster/lines/{line.pk}", {**LINE, "cadre": li.pk, "ends": "08:00", "day_kind": "every_day"})
    assert "次日 08:00" in text_of(as_lead, "/console/roster")
    as_lead.post(f"/console/roster/lines/{line.pk}/remove")
    assert not RosterLine.objects.exists()
    assert AuditRow.objects.filter(action=AuditAction.ROSTER).count() == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts": ""}, "这里要填"),
        ({"starts": "25:00"}, "写得不对"),
        ({"valid_until": "2025-01-01"}, "结束的日子在开始的日子前面"),
        ({"rank": "100"}, "0 到 99"),
        ({"day_kind": "sometimes"}, "请从列表里选"),
        ({"cadre": "999999"}, "请从列表里选"),
    ],
)
def test_a_line_that_cannot_be_stays_on_the_page_with_the_reason(
    wang: Cadre, as_lead: Client, change: dict[str, str], words: str
) -> None:
    answer = as_lead.post("/console/roster/lines", {**LINE, "cadre": wang.pk, **change})
    assert words in answer.content.decode()
    assert not RosterLine.objects.exists()


def test_what_was_wrong_with_a_changed_line_stands_beside_it(wang: Cadre, as_lead: Client) -> None:
    first, second = all_day(wang), RosterLine.objects.create(
        cadre=wang, starts=time(9), ends=time(10), valid_from=date(2026, 1, 1)
    )  # fmt: skip
    given = {**LINE, "cadre": wang.pk, "day_kind": "every_day", "starts": "00:00", "ends": "00:00"}
    page = as_lead.post(f"/console/roster/lines/{second.pk}", given).content.decode()
    assert "已经排过了" in page
    assert first.starts == time(0)


def test_a_lead_writes_down_an_absence_and_takes_it_back(wang: Cadre, as_lead: Client) -> None:
    today = timezone.localdate()
    all_day(wang)
    given = {"cadre": wang.pk, "from_on": today.isoformat(), "until_on": today.isoformat()}
    as_lead.post("/console/roster/absences", given)
    absence = Absence.objects.get()
    page = text_of(as_lead, "/console/roster")
    assert "销假" in page
    assert "没有人" in page
    as_lead.post(f"/console/roster/absences/{absence.pk}/remove")
    assert not Absence.objects.exists()
    wrong = {**given, "until_on": (today - timedelta(days=1)).isoformat()}
    assert "结束的日子在开始的日子前面" in as_lead.post("/console/roster/absences", wrong).content.decode()


def test_a_neighbouring_lead_finds_no_line_of_ours(elsewhere: Desk, wang: Cadre) -> None:
    line = all_day(wang)
    chen = elsewhere.cadre("chen", role=CadreRole.SUPERVISOR, display_name="陈红")
    neighbour = signed_in(chen)
    assert "王敏" not in text_of(neighbour, "/console/roster")
    assert "王敏" not in text_of(neighbour, "/console/people")
    assert neighbour.post(f"/console/roster/lines/{line.pk}/remove").status_code == 404
    assert neighbour.post(f"/console/roster/lines/{line.pk}", {**LINE, "cadre": chen.pk}).status_code == 404
    assert neighbour.post(f"/console/people/{wang.pk}", {"capacity": "1"}).status_code == 404
    given = {**LINE, "cadre": wang.pk}
    assert "请从列表里选" in neighbour.post("/console/roster/lines", given).content.decode()
    assert RosterLine.objects.count() == 1


def test_a_week_that_is_no_date_is_this_week(as_wang: Client) -> None:
    for asked in ("x", "0001-01-01", "9999-12-31"):
        assert "今天" in text_of(as_wang, f"/console/roster?from={asked}")


def test_a_year_without_published_holidays_is_marked(as_wang: Client) -> None:
    assert "还没有录入放假安排" in text_of(as_wang, "/console/roster?from=2027-03-01")
    assert "还没有录入放假安排" not in text_of(as_wang, "/console/roster?from=2026-11-16")


def test_everybody_sees_the_people_and_only_a_supervisor_edits(wang: Cadre, as_wang: Client, as_lead: Client) -> None:
    for client in (as_wang, as_lead):
        page = text_of(client, "/console/people")
        assert "王敏" in page
        assert "保存" not in page
        assert client.post(f"/console/people/{wang.pk}", {"capacity": "1"}).status_code == 404
        assert client.post("/console/departments", {"kind": "women", "name": "女职工部"}).status_code == 404
    assert not Department.objects.exists()


def test_a_supervisor_writes_what_is_known_about_a_cadre(desk: Desk, wang: Cadre, as_supervisor: Client) -> None:
    women = Department.objects.create(organisation=desk.union, kind=DepartmentKind.WOMEN, name="女职工部")
    given = {"department": women.pk, "capacity": "3", "is_woman": "on", "reads_crisis": "on"}
    as_supervisor.post(f"/console/people/{wang.pk}", {**given, "phone": "010-5550100", "mail": "wang@example.cn"})
    wang.refresh_from_db()
    known = (wang.department, wang.capacity, wang.is_woman, wang.reads_crisis, wang.phone, wang.mail)
    assert known == (women, 3, True, True, "010-5550100", "wang@example.cn")
    row = AuditRow.objects.get(action=AuditAction.PEOPLE)
    assert row.subject == f"cadre:{wang.pk}"
    assert "555" not in row.detail
    page = text_of(as_supervisor, "/console/people")
    assert "女职工部" in page
    assert "看紧急求助" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [({"capacity": "51"}, "0 到 50"), ({"phone": "打我"}, "电话只能有数字"), ({"mail": "x"}, "邮箱写得不对")],
)
def test_what_cannot_be_is_not_written(wang: Cadre, as_supervisor: Client, change: dict[str, str], words: str) -> None:
    page = as_supervisor.post(f"/console/people/{wang.pk}", {"capacity": "3", **change}).content.decode()
    assert words in page
    wang.refresh_from_db()
    assert wang.capacity == 5


def test_another_unions_department_cannot_be_chosen(elsewhere: Desk, wang: Cadre, as_supervisor: Client) -> None:
    theirs = Department.objects.create(organisation=elsewhere.union, kind=DepartmentKind.WOMEN, name="女工部")
    page = as_supervisor.post(f"/console/people/{wang.pk}", {"capacity": "3", "department": theirs.pk})
    assert "请从列表里选" in page.content.decode()


def test_the_last_crisis_reader_is_taken_away_only_after_a_warning(wang: Cadre, as_supervisor: Client) -> None:
    Cadre.objects.filter(pk=wang.pk).update(reads_crisis=True)
    answer = as_supervisor.post(f"/console/people/{wang.pk}", {"capacity": "5"}).content.decode()
    assert "最后一位看紧急求助" in answer
    assert 'name="without_crisis_reader"' in answer
    wang.refresh_from_db()
    assert wang.reads_crisis
    as_supervisor.post(f"/console/people/{wang.pk}", {"capacity": "5", "without_crisis_reader": "on"})
    wang.refresh_from_db()
    assert not wang.reads_crisis
    assert "还没有指定谁看紧急求助" in text_of(as_supervisor, "/console/people")


def test_one_of_two_crisis_readers_may_go_without_a_warning(wang: Cadre, li: Cadre, as_supervisor: Client) -> None:
    Cadre.objects.filter(pk__in=[wang.pk, li.pk]).update(reads_crisis=True)
    as_supervisor.post(f"/console/people/{wang.pk}", {"capacity": "5"})
    wang.refresh_from_db()
    assert not wang.reads_crisis


def test_a_department_is_added_once_and_renamed(desk: Desk, as_supervisor: Client) -> None:
    as_supervisor.post("/console/departments", {"kind": "women", "name": "女职工部"})
    department = Department.objects.get()
    page = as_supervisor.post("/console/departments", {"kind": "women", "name": "女工"}).content.decode()
    assert "这类部门已经有了" in page
    as_supervisor.post(f"/console/departments/{department.pk}", {"name": "女职工委员会"})
    department.refresh_from_db()
    assert department.name == "女职工委员会"
    assert "这里要填" in as_supervisor.post(f"/console/departments/{department.pk}", {"name": " "}).content.decode()


def test_the_list_says_to_whom_a_talk_is_offered(desk: Desk, wang: Cadre, as_wang: Client, as_li: Client) -> None:
    now = timezone.now()
    set_on_duty(wang, True, now=now)
    before = queue_fingerprint(desk.union.pk, now=now)
    desk.waiting()
    waiting = queue_fingerprint(desk.union.pk, now=now)
    assign_waiting(now=now)
    assert len({before, waiting, queue_fingerprint(desk.union.pk, now=now)}) == 3
    assert "分给我" in text_of(as_wang, "/console/list")
    assert "分给 王敏" in text_of(as_li, "/console/list")


def test_the_list_names_the_department_and_who_is_on_the_roster(desk: Desk, wang: Cadre, as_li: Client) -> None:
    women = Department.objects.create(organisation=desk.union, kind=DepartmentKind.WOMEN, name="女职工部")
    talk = desk.waiting()
    Conversation.objects.filter(pk=talk.pk).update(department=women)
    now = timezone.now()
    before = queue_fingerprint(desk.union.pk, now=now)
    all_day(wang)
    assert queue_fingerprint(desk.union.pk, now=now) != before
    page = text_of(as_li, "/console/list")
    assert "女职工部" in page
    assert "今天值班：王敏" in page


def test_a_lead_offers_a_talk_by_hand_and_takes_it_back(
    desk: Desk, wang: Cadre, as_lead: Client, as_wang: Client
) -> None:
    talk = desk.waiting()
    set_on_duty(wang, True, now=timezone.now())
    assert as_wang.post(f"/console/talk/{talk.pk}/assign", {"to": wang.pk}).status_code == 404
    as_lead.post(f"/console/talk/{talk.pk}/assign", {"to": wang.pk})
    talk.refresh_from_db()
    assert talk.assigned_to == wang
    as_lead.post(f"/console/talk/{talk.pk}/assign", {"to": ""})
    talk.refresh_from_db()
    assert talk.assigned_to is None


def test_what_cannot_be_offered_is_said(desk: Desk, wang: Cadre, li: Cadre, as_lead: Client) -> None:
    talk = desk.waiting()
    address = f"/console/talk/{talk.pk}/assign"
    for to in (li.pk, 999999, "x"):
        assert "没有分成" in as_lead.post(address, {"to": to}, follow=True).content.decode()
    claim_chat(talk.pk, wang, now=timezone.now())
    assert "已经有人接了" in as_lead.post(address, {"to": li.pk}, follow=True).content.decode()
    assert list_talks(wang, now=timezone.now()).mine[0].offered == ""
