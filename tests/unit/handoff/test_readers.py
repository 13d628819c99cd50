"""Who may read which talk."""

from __future__ import annotations

import pytest

from handoff.closing import FollowUp, close_talk
from handoff.desk import ConversationNotFound, access_conversation, claim_chat
from handoff.kinds import CadreRole, DepartmentKind, OrganisationKind, Outcome
from handoff.models import Cadre, Conversation, Department, Organisation
from handoff.readers import may_read, readable_and_hidden, reader_on_duty, readers_of
from tests.desk import TestDesk


def _department(desk: TestDesk, kind: DepartmentKind) -> Department:
    return Department.objects.get_or_create(organisation=desk.union, kind=kind, defaults={"name": kind.label})[0]


def _cadre(desk: TestDesk, name: str, *, department: DepartmentKind | None = None, **fields: object) -> Cadre:
    cadre = desk.cadre(name, on_duty=True)
    if department:
        fields["department"] = _department(desk, department)
    Cadre.objects.filter(pk=cadre.pk).update(**fields)
    cadre.refresh_from_db()
    return cadre


def _fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


def _names(talk: Conversation) -> list[str]:
    return [cadre.display_name for cadre in readers_of(_fresh(talk))]


def test_a_talk_in_danger_is_read_by_the_named_and_the_leads_alone(desk: TestDesk) -> None:
    _cadre(desk, "王敏", reads_crisis=True)
    _cadre(desk, "李强")
    desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    assert _names(talk) == ["王敏", "赵主管"]


def test_where_nobody_is_named_everybody_may_read_a_talk_in_danger(desk: TestDesk) -> None:
    _cadre(desk, "李强")
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    assert _names(talk) == ["李强"]


def test_the_words_say_that_somebody_is_there_only_when_a_reader_is(desk: TestDesk) -> None:
    desk.cadre("王敏", on_duty=False)
    Cadre.objects.filter(display_name="王敏").update(reads_crisis=True)
    _cadre(desk, "李强")
    talk = desk.visitor()
    words = desk.says(talk, "我不想活了")[0]
    assert not reader_on_duty(_fresh(talk), now=desk.clock())
    assert "现在没有工会干部在线" in words


def test_harassment_is_read_by_its_department_and_the_leads(desk: TestDesk) -> None:
    _cadre(desk, "周兰", department=DepartmentKind.WOMEN)
    _cadre(desk, "李强", department=DepartmentKind.RIGHTS)
    desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    desk.writes(talk, "主管对我动手动脚")
    assert _names(talk) == ["周兰", "赵主管"]


def test_a_complaint_about_a_cadre_is_read_by_discipline_alone(desk: TestDesk) -> None:
    _cadre(desk, "纪检老吴", department=DepartmentKind.DISCIPLINE)
    _cadre(desk, "李强")
    lead = desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    desk.writes(talk, "我要举报工会干部贪污会费")
    assert _names(talk) == ["纪检老吴"]
    readable, hidden = readable_and_hidden(lead, [_fresh(talk)])
    assert (readable, hidden) == (set(), {talk.pk})


def test_a_named_cadre_never_reads_the_complaint_about_them(desk: TestDesk) -> None:
    accused = _cadre(desk, "纪检老吴", department=DepartmentKind.DISCIPLINE)
    other = _cadre(desk, "纪检小郑", department=DepartmentKind.DISCIPLINE)
    talk = desk.visitor()
    desk.writes(talk, "我要举报你们工会的纪检老吴贪污会费")
    assert not may_read(accused, _fresh(talk))
    assert may_read(other, _fresh(talk))
    with pytest.raises(ConversationNotFound):
        claim_chat(talk.pk, accused, now=desk.clock())


def test_a_cadre_who_is_complained_of_loses_the_talk_at_once(desk: TestDesk) -> None:
    accused, other = _cadre(desk, "李强"), desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    claim_chat(talk.pk, accused, now=desk.clock())
    desk.writes(talk, "我要举报李强，他收了厂里的钱，是工会干部受贿")
    row = _fresh(talk)
    assert row.holder is None
    assert not may_read(accused, row)
    assert may_read(other, row)


def test_a_complaint_to_a_grassroots_union_goes_one_level_up(desk: TestDesk) -> None:
    below = Organisation.objects.create(name="红星厂工会", kind=OrganisationKind.GRASSROOTS_UNION, parent=desk.union)
    chair = _cadre(desk, "厂工会主席", organisation=below)
    _cadre(desk, "纪检老吴", department=DepartmentKind.DISCIPLINE)
    talk = desk.visitor()
    Conversation.objects.filter(pk=talk.pk).update(organisation=below)
    desk.writes(talk, "我要举报工会主席挪用会费")
    row = _fresh(talk)
    assert row.organisation == desk.union
    assert {case.organisation_id for case in row.cases.all()} == {desk.union.pk}
    assert not may_read(chair, row)
    assert _names(talk) == ["纪检老吴"]


@pytest.mark.parametrize(
    ("text", "reader"), [("我不想活了", "王敏"), ("我要举报工会干部贪污会费", "纪检老吴"), ("主管对我动手动脚", "周兰")]
)
def test_after_the_end_old_words_are_read_by_the_same_people_as_before(desk: TestDesk, text: str, reader: str) -> None:
    _cadre(desk, "王敏", reads_crisis=True)
    _cadre(desk, "纪检老吴", department=DepartmentKind.DISCIPLINE)
    _cadre(desk, "周兰", department=DepartmentKind.WOMEN)
    stranger = _cadre(desk, "李强", department=DepartmentKind.GENERAL)
    talk = desk.visitor()
    desk.writes(talk, text)
    holder = Cadre.objects.get(display_name=reader)
    claim_chat(talk.pk, holder, now=desk.clock())
    close_talk(talk.pk, holder, Outcome.ANSWERED, follow_up=FollowUp(declined=True), now=desk.clock())
    assert may_read(holder, _fresh(talk))
    with pytest.raises(ConversationNotFound):
        access_conversation(stranger, talk.pk)


def test_a_closed_account_reads_nothing(desk: TestDesk) -> None:
    cadre = _cadre(desk, "王敏")
    cadre.user.is_active = False
    cadre.user.save()
    talk = desk.visitor()
    assert readers_of(talk) == []


def test_lists_and_single_talks_follow_the_same_rule(desk: TestDesk) -> None:
    cadres = [
        _cadre(desk, "王敏", reads_crisis=True),
        _cadre(desk, "周兰", department=DepartmentKind.WOMEN),
        _cadre(desk, "纪检老吴", department=DepartmentKind.DISCIPLINE),
        desk.cadre("赵主管", role=CadreRole.SUPERVISOR),
        desk.cadre("运维", role=CadreRole.OPERATOR),
    ]
    talks = []
    for text in ("我不想活了", "主管对我动手动脚", "我要举报周兰贪污会费，她是工会干部", "年假几天"):
        talk = desk.visitor()
        desk.writes(talk, text)
        talks.append(_fresh(talk))
    for cadre in cadres:
        readable, hidden = readable_and_hidden(cadre, talks)
        assert not readable & hidden
        assert readable == {talk.pk for talk in talks if any(reader == cadre for reader in readers_of(talk))}
