"""Claim, reply, release."""

import pytest

from handoff.closing import FollowUp, close_talk
from handoff.desk import (
    AlreadyClaimed,
    ConversationNotFound,
    NotHolder,
    access_conversation,
    acknowledge,
    claim_chat,
    release,
    reply,
)
from handoff.kinds import AuditAction, CadreRole, CaseKind, CaseState, Delivery, MessageKind, OrganisationKind, Outcome
from handoff.models import AuditRow, Cadre, Case, Conversation, Message, Organisation
from tests.desk import TestDesk


def _held(desk: TestDesk) -> tuple[Conversation, Cadre]:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    claim_chat(talk.pk, cadre, now=desk.clock())
    return talk, cadre


def test_the_second_cadre_is_told_who_was_first(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    with pytest.raises(AlreadyClaimed) as caught:
        claim_chat(talk.pk, desk.cadre("李强"), now=desk.clock())
    assert caught.value.holder == "王敏"


def test_claiming_again_oneself_changes_nothing(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    claim_chat(talk.pk, cadre, now=desk.clock())
    assert AuditRow.objects.filter(action=AuditAction.CLAIM_CHAT).count() == 1


def test_a_takeover_cancels_what_the_engine_has_not_begun_to_send(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    desk.desk.turns.run(talk.pk)
    claim_chat(talk.pk, desk.cadre("王敏"), now=desk.clock())
    desk.desk.deliverer.run(talk.pk)
    engine = Message.objects.get(kind=MessageKind.ENGINE)
    assert engine.delivery == Delivery.CANCELLED
    assert engine.position is None


def test_a_held_worker_is_not_answered_by_the_engine(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.says(talk, "年假几天")
    assert desk.desk.parts.dialogue.asked == []  # type: ignore[union-attr]
    assert not Message.objects.filter(kind=MessageKind.WORKER, answered_at__isnull=True).exists()


def test_only_the_holder_replies(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    with pytest.raises(NotHolder):
        reply(talk.pk, desk.cadre("李强"), "您好", key="1", now=desk.clock())


def test_a_reply_with_the_same_key_is_said_once(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    first = reply(talk.pk, cadre, "您好，我在", key="1", now=desk.clock())
    assert reply(talk.pk, cadre, "您好，我在", key="1", now=desk.clock()).pk == first.pk
    desk.run(talk)
    assert desk.heard(talk).count("您好，我在") == 1


def test_after_a_release_the_engine_answers_again(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.says(talk, "我不想活了")
    cadre = desk.cadre("王敏")
    claim_chat(talk.pk, cadre, now=desk.clock())
    close_talk(talk.pk, cadre, Outcome.SAFE, follow_up=FollowUp(declined=True), now=desk.clock())
    assert desk.says(talk, "年假几天")[-1] == "answer to 年假几天"


def test_a_crisis_case_stays_open_after_a_release_and_a_plain_handoff_closes(desk: TestDesk) -> None:
    from handoff.cases import open_case
    from handoff.desk import request_handoff

    talk, cadre = desk.visitor(), desk.cadre("王敏")
    open_case(talk, CaseKind.CRISIS, now=desk.clock())
    request_handoff(talk, now=desk.clock())
    claim_chat(talk.pk, cadre, now=desk.clock())
    release(talk.pk, cadre, now=desk.clock())
    states = dict(Case.objects.values_list("kind", "state"))
    assert states == {CaseKind.CRISIS: CaseState.ACCEPTED, CaseKind.HANDOFF: CaseState.CLOSED}


def test_acknowledging_stops_the_alarm_and_says_who_saw_it(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    desk.writes(talk, "我不想活了")
    acknowledge(talk.pk, cadre, now=desk.clock())
    row = Conversation.objects.get(pk=talk.pk)
    assert not row.alarm_rings
    assert row.acknowledged_by == cadre


def test_another_union_and_an_operator_find_no_conversation(desk: TestDesk) -> None:
    talk = desk.visitor()
    other = Organisation.objects.create(name="别家工会", kind=OrganisationKind.FEDERATION)
    stranger = desk.cadre("张三")
    Cadre.objects.filter(pk=stranger.pk).update(organisation=other)
    stranger.refresh_from_db()
    operator = desk.cadre("运维", role=CadreRole.OPERATOR)
    for cadre, number in ((stranger, talk.pk), (operator, talk.pk), (operator, 999_999)):
        with pytest.raises(ConversationNotFound):
            access_conversation(cadre, number)
        with pytest.raises(ConversationNotFound):
            claim_chat(number, cadre, now=desk.clock())
