"""Taking in what workers write."""

from django.db import connection

from handoff.kinds import CaseKind, Delivery, MessageKind
from handoff.models import Case, Conversation, Message
from tests.desk import TestDesk


def test_a_message_is_stored_sealed(desk: TestDesk) -> None:
    talk = desk.visitor()
    received = desk.writes(talk, "老板拖欠工资怎么办")
    assert received.fresh
    assert Message.objects.select_related("conversation__contact").get().body == "老板拖欠工资怎么办"
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_sealed, extras_sealed FROM handoff_message")
        assert "工资".encode() not in b"".join(bytes(value) for value in cursor.fetchone())


def test_the_same_platform_id_is_stored_once_and_gives_the_same_message(desk: TestDesk) -> None:
    talk = desk.visitor()
    first = desk.writes(talk, "你好", key="webchat:1:abc")
    again = desk.writes(talk, "你好", key="webchat:1:abc")
    assert (again.fresh, again.message.pk) == (False, first.message.pk)
    assert Message.objects.count() == 1


def test_danger_is_answered_in_the_same_transaction_as_it_is_stored(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    fixed = Message.objects.select_related("conversation__contact").get(kind=MessageKind.FIXED)
    assert "12356" in fixed.body
    assert "110" in fixed.body
    assert fixed.delivery == Delivery.PENDING
    row = Conversation.objects.get(pk=talk.pk)
    assert row.level == "crisis"
    assert row.alarm_rings
    assert row.waiting_since is not None
    assert Case.objects.get().kind == CaseKind.CRISIS


def test_the_words_differ_when_somebody_is_on_duty(desk: TestDesk) -> None:
    nobody = desk.visitor()
    alone = desk.says(nobody, "我不想活了")
    desk.cadre("王敏", on_duty=True)
    together = desk.says(desk.visitor(), "我不想活了")
    assert alone != together
    assert "没有工会" in alone[0] or "没有" in alone[0]


def test_a_cadre_who_closed_the_console_does_not_count_as_on_duty(desk: TestDesk) -> None:
    nobody = desk.says(desk.visitor(), "我不想活了")
    desk.cadre("王敏", on_duty=True)
    desk.clock.forward(minutes=5)
    assert desk.says(desk.visitor(), "我不想活了") == nobody


def test_nothing_but_fixed_words_follow_a_crisis(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.says(talk, "我不想活了")
    desk.says(talk, "经济补偿怎么算")
    kinds = set(Message.objects.exclude(kind=MessageKind.WORKER).values_list("kind", flat=True))
    assert kinds == {MessageKind.FIXED}
    assert desk.desk.parts.dialogue.asked == []  # type: ignore[union-attr]


def test_one_talk_has_one_open_crisis_case_however_often_they_write(desk: TestDesk) -> None:
    talk = desk.visitor()
    for _ in range(3):
        desk.writes(talk, "我不想活了")
    assert Case.objects.filter(kind=CaseKind.CRISIS).count() == 1


def test_in_a_held_talk_a_crisis_rings_again_and_the_desk_stays_silent(desk: TestDesk) -> None:
    from handoff.desk import claim_chat

    talk = desk.visitor()
    desk.says(talk, "转人工")
    claim_chat(talk.pk, desk.cadre("王敏"), now=desk.clock())
    before = Message.objects.filter(kind=MessageKind.FIXED).count()
    desk.writes(talk, "我不想活了")
    assert Conversation.objects.get(pk=talk.pk).alarm_rings
    assert Message.objects.filter(kind=MessageKind.FIXED).count() == before
