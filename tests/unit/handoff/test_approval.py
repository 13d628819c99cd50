"""Who approved the fixed words: exactly one wording, by a named person, recorded by a supervisor."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from bot.command.check import problems_of
from handoff import texts
from handoff.approval import (
    ApprovalRefused,
    ApprovedInFuture,
    ApproverUnnamed,
    NotASupervisor,
    approval_of,
    record_approval,
    words_digest,
)
from handoff.kinds import AuditAction, CadreRole
from handoff.models import AuditRow, Cadre, Organisation, WordsApproval
from tests.desk import TestDesk

TODAY = date(2026, 11, 21)
EXPERT = "李芳，市精神卫生中心"


@pytest.fixture
def supervisor(desk: TestDesk) -> Cadre:
    return desk.cadre("zhang", role=CadreRole.SUPERVISOR)


def test_texts_are_drafts_until_an_approval_is_recorded(desk: TestDesk, supervisor: Cadre) -> None:
    assert approval_of(desk.union) is None
    record_approval(desk.union, supervisor, approved_by=f" {EXPERT} ", approved_on=TODAY, now=desk.clock())
    found = approval_of(desk.union)
    assert found is not None
    assert (found.approved_by, found.approved_on, found.recorded_by) == (EXPERT, TODAY, supervisor)
    row = AuditRow.objects.get(action=AuditAction.WORDS, subject=f"organisation:{desk.union.pk}")
    assert (row.cadre, row.detail) == (supervisor, words_digest())


def test_a_changed_word_makes_them_drafts_again(
    desk: TestDesk, supervisor: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_approval(desk.union, supervisor, approved_by=EXPERT, approved_on=TODAY, now=desk.clock())
    before = words_digest()
    words_digest.cache_clear()
    monkeypatch.setitem(texts.TEXTS, "petition", (("另一句话。",), ("另一句话。",)))
    try:
        assert words_digest() != before
        assert approval_of(desk.union) is None
    finally:
        words_digest.cache_clear()


def test_another_unions_approval_does_not_count(desk: TestDesk, supervisor: Cadre) -> None:
    record_approval(desk.union, supervisor, approved_by=EXPERT, approved_on=TODAY, now=desk.clock())
    assert approval_of(Organisation.objects.create(name="邻县总工会", kind="federation")) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"approved_by": "  "}, ApproverUnnamed),
        ({"approved_by": "字" * 81}, ApproverUnnamed),
        ({"approved_on": TODAY + timedelta(days=1)}, ApprovedInFuture),
    ],
)
def test_an_approval_names_who_and_a_day_that_has_come(
    desk: TestDesk, supervisor: Cadre, changes: dict, why: type[ApprovalRefused]
) -> None:
    with pytest.raises(why):
        record_approval(
            desk.union, supervisor, **({"approved_by": EXPERT, "approved_on": TODAY} | changes), now=desk.clock()
        )
    assert not WordsApproval.objects.exists()


@pytest.mark.parametrize("role", [CadreRole.CADRE, CadreRole.DUTY_LEAD, CadreRole.OPERATOR])
def test_only_a_supervisor_records_it(desk: TestDesk, role: CadreRole) -> None:
    with pytest.raises(NotASupervisor):
        record_approval(
            desk.union, desk.cadre("wu", role=role), approved_by=EXPERT, approved_on=TODAY, now=desk.clock()
        )


def test_a_supervisor_of_another_union_does_not_record_it(desk: TestDesk, supervisor: Cadre) -> None:
    elsewhere = Organisation.objects.create(name="邻县总工会", kind="federation")
    with pytest.raises(NotASupervisor):
        record_approval(elsewhere, supervisor, approved_by=EXPERT, approved_on=TODAY, now=desk.clock())


def test_the_day_is_the_day_here_and_not_in_greenwich(desk: TestDesk, supervisor: Cadre) -> None:
    desk.clock.now = desk.clock.now.replace(hour=17)  # one o'clock in the morning of the 22nd in China
    tomorrow = TODAY + timedelta(days=1)
    assert record_approval(desk.union, supervisor, approved_by=EXPERT, approved_on=tomorrow, now=desk.clock())


def test_check_names_every_union_whose_words_are_drafts(desk: TestDesk, supervisor: Cadre) -> None:
    Organisation.objects.create(name="邻县总工会", kind="federation")
    record_approval(desk.union, supervisor, approved_by=EXPERT, approved_on=TODAY, now=desk.clock())
    drafts = [problem for problem in problems_of(settings.NIANGJIA) if "草稿" in problem]
    assert len(drafts) == 1
    assert drafts[0].startswith("邻县总工会")
