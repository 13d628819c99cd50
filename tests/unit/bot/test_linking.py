"""A worker goes on in another place: what they write for it, and what the desk answers in the two talks."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.db import transaction

from handoff.cases import CaseKind, cases_of, open_case
from handoff.console.lines import latest_lines
from handoff.desk import claim_chat, release
from handoff.erasure import end_and_clear
from handoff.kinds import AuditAction, CaseState, Channel, MessageKind
from handoff.link_codes import code_in
from handoff.linking import GOOD_FOR, MOST_TRIES, MOST_TRIES_TOGETHER
from handoff.models import AuditRow, Case, Contact, Conversation, LinkCode, LinkTry, Message, Organisation
from tests.desk import TestDesk
from tests.fakes.dialogue import FakeDialogue

WRONG = "ABCD-2345"


def _asked(desk: TestDesk) -> list[str]:
    engine = desk.desk.parts.dialogue
    assert isinstance(engine, FakeDialogue)
    return engine.asked


def _said(talk: Conversation) -> list[str]:
    """All that the desk has said, also where no sender has carried it yet."""
    rows = Message.objects.filter(conversation=talk).exclude(kind=MessageKind.WORKER).order_by("pk")
    return [row.body for row in rows.select_related("conversation__contact")]


def _hears(desk: TestDesk, talk: Conversation, text: str) -> str:
    before = len(_said(talk))
    desk.writes(talk, text)
    desk.desk.turns.run(talk.pk)
    return "\n".join(_said(talk)[before:])


def _code(desk: TestDesk, talk: Conversation, asking: str = "接续码") -> str:
    words = _hears(desk, talk, asking)
    found = [line for line in words.splitlines() if code_in(line)]
    assert len(found) == 1, words
    return found[0]


def _join(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    assert "回到" in _hears(desk, second, _code(desk, first))
    assert "接上了" in _hears(desk, first, "是我")


def _case(desk: TestDesk, talk: Conversation, kind: CaseKind = CaseKind.JOIN) -> str:
    with transaction.atomic():
        case_no: str = open_case(Conversation.locked(talk.pk), kind, now=desk.clock(), fields={"name": "张伟"}).case_no
    return case_no


def _sees(talk: Conversation) -> set[str]:
    return {view.case_no for view in cases_of(talk.contact_id)}


@pytest.fixture
def first(desk: TestDesk) -> Conversation:
    return desk.visitor()


@pytest.fixture
def second(desk: TestDesk) -> Conversation:
    return desk.visitor(Channel.WECHAT)


@pytest.mark.parametrize(
    "asking",
    ["接续码", "「接续码」", " 接续码。", "换到微信接着办", "换个地方接着办", "绑定微信", "綁定微信", "接續碼"],
)
def test_the_desk_gives_a_code_to_whoever_asks_for_one(desk: TestDesk, first: Conversation, asking: str) -> None:
    code = _code(desk, first, asking)
    assert len(code) == 9
    assert _asked(desk) == []


@pytest.mark.parametrize("text", ["接续码是什么", "社保转移接续怎么办", "是我", "不是我", "是我先动手的", "绑定"])
def test_other_words_go_to_the_dialogue(desk: TestDesk, first: Conversation, text: str) -> None:
    assert _hears(desk, first, text) == f"answer to {text}"


def test_a_code_joins_two_channels_once_the_first_has_confirmed(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    mine, theirs = _case(desk, first), _case(desk, second)
    code = _code(desk, first)
    assert "回到" in _hears(desk, second, code)
    assert "公众号输入了您的接续码" in _said(first)[-1]
    assert (_sees(first), _sees(second)) == ({mine}, {theirs})
    assert "接上了" in _hears(desk, first, "是我")
    assert "接上了" in _said(second)[-1]
    assert _sees(first) == _sees(second) == {mine, theirs}


def test_the_question_on_the_first_channel_has_two_buttons_that_work(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    question = Message.objects.filter(conversation=first).latest("pk")
    question.conversation = first
    assert [button["title"] for button in question.extras["buttons"]] == ["是我", "不是我"]
    choice = {"message": str(question.reference), "index": 0}
    desk.writes(first, "是我", choice=choice)
    desk.desk.turns.run(first.pk)
    assert "接上了" in _said(first)[-1]


def test_the_second_channel_learns_nothing_before_the_first_has_confirmed(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    case_no = _case(desk, first)
    heard = _hears(desk, second, _code(desk, first))
    for word in (case_no, "网页", "张伟", "入会"):
        assert word not in heard


def test_a_refused_code_is_dead(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    code = _code(desk, first)
    _hears(desk, second, code)
    assert "作废" in _hears(desk, first, "不是我")
    assert "用不上" in _hears(desk, second, code)
    assert _hears(desk, first, "是我") == "answer to 是我"
    assert not Contact.objects.filter(person__isnull=False).exists()


def test_a_code_is_used_once(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    code, third = _code(desk, first), desk.visitor()
    _hears(desk, second, code)
    assert "用不上" in _hears(desk, third, code)
    _hears(desk, first, "是我")
    assert "用不上" in _hears(desk, third, code)
    assert "用不上" in _hears(desk, second, code)
    assert Contact.objects.get(pk=third.contact_id).person is None


def test_asking_again_makes_the_old_code_void(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    old, new = _code(desk, first), _code(desk, first)
    assert "用不上" in _hears(desk, second, old)
    assert "回到" in _hears(desk, second, new)


def test_asking_again_also_voids_a_code_that_waits_to_be_confirmed(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    _code(desk, first)
    assert _hears(desk, first, "是我") == "answer to 是我"


def test_a_code_lives_to_the_last_moment_of_ten_minutes_and_no_longer(desk: TestDesk, second: Conversation) -> None:
    for late, answer in ((timedelta(microseconds=-1), "回到"), (timedelta(0), "用不上")):
        first = desk.visitor()
        code = _code(desk, first)
        desk.clock.now += GOOD_FOR + late
        assert answer in _hears(desk, second, code)


def test_a_confirmation_after_ten_minutes_joins_nothing(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    desk.clock.now += GOOD_FOR
    assert "过了十分钟" in _hears(desk, first, "是我")
    assert _hears(desk, first, "是我") == "answer to 是我"
    assert Contact.objects.get(pk=second.contact_id).person is None


def test_a_clock_that_was_set_back_gives_a_code_no_longer_life(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    code = _code(desk, first)
    desk.clock.forward(hours=-1)
    assert "用不上" in _hears(desk, second, code)


def test_a_code_does_not_count_in_the_talk_that_made_it(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    code = _code(desk, first)
    assert "另一个地方" in _hears(desk, first, code)
    assert "回到" in _hears(desk, second, code)


def test_wrong_expired_used_and_refused_codes_are_answered_alike(desk: TestDesk, first: Conversation) -> None:
    used, refused, expired = (_code(desk, talk := desk.visitor()) and talk for _ in range(3))
    codes = {talk.pk: _code(desk, talk) for talk in (used, refused, expired)}
    _hears(desk, desk.visitor(), codes[used.pk])
    _hears(desk, used, "是我")
    _hears(desk, desk.visitor(), codes[refused.pk])
    _hears(desk, refused, "不是我")
    LinkCode.objects.filter(conversation=expired).update(expires_at=desk.clock())
    answers = {_hears(desk, first, text) for text in (*codes.values(), WRONG)}
    assert len(answers) == 1


def test_after_five_wrong_codes_the_right_one_waits_ten_minutes(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    answers = {_hears(desk, second, WRONG) for _ in range(MOST_TRIES)}
    desk.clock.forward(minutes=9, seconds=59)
    code = _code(desk, first)
    assert {_hears(desk, second, code)} == answers
    desk.clock.forward(seconds=1)
    assert "回到" in _hears(desk, second, code)


def test_trying_on_while_one_must_wait_is_neither_looked_up_nor_counted(desk: TestDesk, second: Conversation) -> None:
    for _ in range(2 * MOST_TRIES):
        _hears(desk, second, WRONG)
    assert LinkTry.objects.filter(conversation=second).count() == MOST_TRIES


def test_wrong_codes_are_also_counted_over_all_talks_of_a_channel(desk: TestDesk, second: Conversation) -> None:
    code, attacker = _code(desk, desk.visitor()), desk.visitor(Channel.WECHAT)
    tries = [LinkTry(conversation=attacker, tried_at=desk.clock()) for _ in range(MOST_TRIES_TOGETHER)]
    LinkTry.objects.bulk_create(tries)
    assert "用不上" in _hears(desk, second, code)
    assert "回到" in _hears(desk, desk.visitor(Channel.TERMINAL), code)


def test_tries_long_past_are_forgotten(desk: TestDesk, second: Conversation) -> None:
    _hears(desk, second, WRONG)
    desk.clock.forward(minutes=10)
    _hears(desk, second, WRONG)
    assert LinkTry.objects.count() == 1


def test_a_third_channel_can_be_joined_as_well(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    third = desk.visitor(Channel.TELEGRAM)
    numbers = {_case(desk, talk) for talk in (first, second, third)}
    _join(desk, first, second)
    _join(desk, second, third)
    assert _sees(first) == _sees(second) == _sees(third) == numbers


def test_two_pairs_that_are_joined_are_one_person(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    third, fourth = desk.visitor(), desk.visitor()
    numbers = {_case(desk, talk) for talk in (first, second, third, fourth)}
    _join(desk, first, second)
    _join(desk, third, fourth)
    assert _sees(first) & _sees(third) == set()
    _join(desk, fourth, first)
    assert _sees(second) == _sees(third) == numbers


def test_a_code_made_in_wechat_is_typed_on_the_web_page_just_so(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    case_no = _case(desk, second)
    _join(desk, second, first)
    assert _sees(first) == {case_no}


def test_a_request_for_a_person_is_shown_across_and_a_danger_never(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    shown = {_case(desk, first, CaseKind.HANDOFF), _case(desk, first)}
    hidden = {_case(desk, first, CaseKind.CRISIS), _case(desk, first, CaseKind.SENSITIVE)}
    assert _sees(second) == shown
    assert _sees(first) == shown | hidden


def test_a_request_for_a_person_in_a_talk_that_was_pressing_is_not_shown_across(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    joined = _case(desk, first)
    _case(desk, first, CaseKind.HANDOFF)
    Conversation.objects.filter(pk=first.pk).update(past_categories=["domestic_violence"])
    assert _sees(second) == {joined}


def test_what_a_worker_said_is_never_joined(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    desk.says(first, "我叫张伟，工资没发")
    _join(desk, first, second)
    desk.writes(second, "查进度")
    desk.desk.turns.run(second.pk)
    assert not any("张伟" in words for words in _said(second))
    assert not Message.objects.filter(conversation=second, body_sealed__in=_sealed(first)).exists()
    assert b"\xe5\xbc\xa0" not in json.dumps(Conversation.objects.get(pk=second.pk).snapshot or "").encode()


def _sealed(talk: Conversation) -> list[bytes]:
    return [bytes(row.body_sealed) for row in Message.objects.filter(conversation=talk)]


@pytest.mark.parametrize("danger", ["不想活了，今晚就跳下去", "主管对我动手动脚"])
def test_no_code_is_given_in_a_talk_with_danger_or_a_sensitive_matter(
    desk: TestDesk, first: Conversation, danger: str
) -> None:
    _hears(desk, first, danger)
    _hears(desk, first, "接续码")
    assert not LinkCode.objects.exists()
    assert not any(code_in(line) for words in _said(first) for line in words.splitlines())


def test_in_a_sensitive_talk_it_is_said_why(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    code = _code(desk, second)
    _hears(desk, first, "主管对我动手动脚")
    assert "为了保护您" in _hears(desk, first, "接续码")
    assert "为了保护您" in _hears(desk, first, code)
    assert LinkCode.objects.filter(entered_in__isnull=False).count() == 0


def test_a_code_of_a_talk_in_danger_is_a_wrong_code(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    code = _code(desk, first)
    wrong = _hears(desk, second, WRONG)
    _hears(desk, first, "不想活了，今晚就跳下去")
    heard = len(_said(first))
    assert _hears(desk, second, code) == wrong
    assert len(_said(first)) == heard


def test_a_talk_that_became_sensitive_meanwhile_is_not_joined(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    _hears(desk, first, "主管对我动手动脚")
    assert "为了保护您" in _hears(desk, first, "是我")
    assert not Contact.objects.filter(person__isnull=False).exists()


def test_a_second_talk_that_became_sensitive_meanwhile_is_not_joined_and_not_told_of(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    _hears(desk, second, "主管对我动手动脚")
    heard = len(_said(second))
    assert "没有接上" in _hears(desk, first, "是我")
    assert len(_said(second)) == heard
    assert not Contact.objects.filter(person__isnull=False).exists()


def test_danger_in_the_same_breath_is_answered_as_ever(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    answer = _hears(desk, first, "是我，我不想活了，今晚就跳下去")
    assert "120" in answer
    assert "接上了" not in answer


def test_while_a_cadre_speaks_the_desk_neither_gives_nor_takes_a_code(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    code, cadre = _code(desk, first), desk.cadre("王敏")
    claim_chat(first.pk, cadre, now=desk.clock())
    assert _hears(desk, first, "接续码") == ""
    assert "用不上" in _hears(desk, second, code)
    last = Message.objects.filter(conversation=first).latest("pk").pk
    release(first.pk, cadre, seen=last, now=desk.clock())
    assert "回到" in _hears(desk, second, code)


def test_a_cadre_reads_the_talk_without_the_code(desk: TestDesk, first: Conversation) -> None:
    code, cadre = _code(desk, first), desk.cadre("王敏")
    conversation = Conversation.objects.select_related("contact").get(pk=first.pk)
    shown = "\n".join(line.text for line in latest_lines(conversation, cadre, now=desk.clock()))
    assert "您的接续码" in shown
    assert code not in shown


def test_a_code_of_another_union_is_a_wrong_code(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    other = Organisation.objects.create(name="别的总工会", kind=desk.union.kind)
    Conversation.objects.filter(pk=second.pk).update(organisation=other)
    assert "用不上" in _hears(desk, second, _code(desk, first))


@pytest.mark.parametrize("where", ["first", "second"])
def test_either_channel_takes_the_joining_apart(
    desk: TestDesk, first: Conversation, second: Conversation, where: str
) -> None:
    mine, theirs = _case(desk, first), _case(desk, second)
    _join(desk, first, second)
    assert "分开了" in _hears(desk, first if where == "first" else second, "取消接续")
    assert (_sees(first), _sees(second)) == ({mine}, {theirs})
    assert "没有和别的地方" in _hears(desk, second if where == "first" else first, "取消接续")


def test_whoever_typed_somebody_elses_code_can_take_it_back(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    _hears(desk, second, "取消接续")
    assert _hears(desk, first, "是我") == "answer to 是我"
    assert Contact.objects.get(pk=second.contact_id).person is None


def test_an_erased_contact_is_nobody_elses_any_more(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    case_no = _case(desk, first)
    _join(desk, first, second)
    Case.objects.update(state=CaseState.CLOSED)
    assert _sees(second) == {case_no}
    assert end_and_clear(first, now=desk.clock()).kept is False
    assert Contact.objects.get(pk=first.contact_id).person is None
    assert _sees(second) == set()


def test_a_code_dies_with_its_talk(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    code = _code(desk, first)
    end_and_clear(first, now=desk.clock())
    assert "用不上" in _hears(desk, second, code)


def test_a_talk_that_was_cleared_after_entering_is_not_joined(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _hears(desk, second, _code(desk, first))
    end_and_clear(second, now=desk.clock())
    assert "没有接上" in _hears(desk, first, "是我")


def test_neither_database_nor_audit_nor_log_holds_a_code(
    desk: TestDesk, first: Conversation, second: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = _code(desk, first)
    _hears(desk, second, WRONG)
    _hears(desk, second, code)
    _hears(desk, first, "是我")
    rows = AuditRow.objects.filter(action=AuditAction.LINK).order_by("pk").values_list("subject", "detail")
    assert list(rows) == [
        (f"conversation:{first.pk}", "made"),
        (f"conversation:{first.pk}", f"entered conversation:{second.pk}"),
        (f"conversation:{first.pk}", f"confirmed conversation:{second.pk}"),
    ]
    kept = f"{LinkCode.objects.get().code_hash} {caplog.text}"
    for word in (code, code.replace("-", ""), WRONG):
        assert word not in kept


def test_old_codes_are_swept_away_when_new_ones_are_made(desk: TestDesk, first: Conversation) -> None:
    _code(desk, first)
    desk.clock.forward(days=2)
    _code(desk, desk.visitor())
    assert LinkCode.objects.count() == 1
