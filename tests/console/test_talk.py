"""One talk: read, take over, answer, give back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from handoff.console.lines import AT_ONCE
from handoff.console.stand import stand_of
from handoff.console.texts import CONTACT_ERASED, ERASED
from handoff.desk import claim_chat, reply
from handoff.duty import AWAY_AFTER, mark_present
from handoff.kinds import AuditAction, Delivery, MessageKind
from handoff.models import AuditRow, Cadre, Conversation, Message
from handoff.outbox import say
from handoff.screening.levels import Category, Level
from tests.console.conftest import WORDS, Desk, screen

KEY = "key-of-one-message-1"
CITED = {
    "citations": [
        {
            "law": "中华人民共和国劳动合同法",
            "article_no": "第八十五条",
            "version_date": "2012-12-28",
            "text": "用人单位有下列情形之一的",
            "status": "现行有效",
            "kind": "verbatim",
        },
        {
            "law": "工伤保险条例",
            "article_no": "第十七条",
            "version_date": "2010-12-20",
            "text": "",
            "status": "现行有效",
            "kind": "reference",
        },
    ],
    "buttons": [{"title": "怎么算", "payload": "/secret_payload"}],
}


def engine_says(talk: Conversation, text: str, desk: Desk) -> Message:
    with transaction.atomic():
        return say(Conversation.locked(talk.pk), MessageKind.ENGINE, text, now=desk.now, extras=CITED)


def send(client: Client, talk: Conversation, text: str, key: str = KEY):
    address = f"/console/talk/{talk.pk}/reply"
    return client.post(address, {"text": text, "key": key}, headers={"HX-Request": "true"})


def cadre_words(talk: Conversation) -> list[str]:
    return [message.body for message in Message.objects.filter(conversation=talk, kind=MessageKind.CADRE)]


def test_a_cadre_reads_the_whole_talk_with_what_the_answers_rest_on(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting("老板不发工资")
    engine_says(talk, "可以去劳动监察投诉。", desk)
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    for words in (
        "老板不发工资",
        "可以去劳动监察投诉。",
        "第八十五条",
        "用人单位有下列情形之一的",
        "本库没有收录原文",
        "怎么算",
        "等着发送",
    ):
        assert words in page
    assert "secret_payload" not in page
    assert "可以回复" in page
    assert "12356" in page


def test_what_a_worker_wrote_is_text_and_nothing_else(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting("<script>alert(1)</script> {{ request }}")
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ request }}" in page


def test_the_guide_stands_beside_a_crisis_only(desk: Desk, as_wang: Client) -> None:
    crisis = desk.talk(finding=screen(Level.CRISIS, Category.ROOFTOP, Category.THIRD_PARTY))
    page = as_wang.get(f"/console/talk/{crisis.pk}").content.decode()
    assert "怎么说，怎么做" in page
    assert "人在高处讨薪" in page
    assert "他在担心别人" in page
    assert "怎么说，怎么做" not in as_wang.get(f"/console/talk/{desk.waiting().pk}").content.decode()


def test_reading_is_written_down_once_in_ten_minutes(desk: Desk, wang: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = desk.waiting()
    readings = AuditRow.objects.filter(action=AuditAction.READ_CHAT, subject=f"conversation:{talk.pk}")
    for _ in range(3):
        as_wang.get(f"/console/talk/{talk.pk}")
        as_wang.get(f"/console/talk/{talk.pk}/news?after=0")
    assert [row.cadre for row in readings] == [wang]
    as_li.get(f"/console/talk/{talk.pk}")
    assert readings.all().count() == 2
    readings.filter(cadre=wang).update(at=timezone.now() - timedelta(minutes=11))
    as_wang.get(f"/console/talk/{talk.pk}/news?after=0")
    assert readings.filter(cadre=wang).count() == 2


def test_a_page_that_only_lists_is_no_reading(desk: Desk, as_wang: Client) -> None:
    desk.waiting()
    as_wang.get("/console/")
    assert not AuditRow.objects.filter(action=AuditAction.READ_CHAT).exists()


def test_claiming_gives_the_reply_box(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.crisis()
    assert 'id="reply"' not in as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    page = as_wang.post(f"/console/talk/{talk.pk}/claim", follow=True).content.decode()
    assert 'id="reply"' in page
    assert 'id="claim"' not in page
    after = Conversation.objects.get(pk=talk.pk)
    assert after.holder == wang
    assert not after.alarm_rings
    assert AuditRow.objects.filter(action=AuditAction.CLAIM_CHAT, cadre=wang).count() == 1


def test_the_second_who_claims_is_told_who_has_it(desk: Desk, wang: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = desk.waiting()
    assert 'id="claim"' in as_li.get(f"/console/talk/{talk.pk}").content.decode()
    as_wang.post(f"/console/talk/{talk.pk}/claim")
    page = as_li.post(f"/console/talk/{talk.pk}/claim", follow=True).content.decode()
    assert re.search(r"王敏已经接手（\d\d:\d\d）", page)
    assert 'id="reply"' not in page
    assert Conversation.objects.get(pk=talk.pk).holder == wang


def test_an_open_page_learns_that_a_colleague_has_taken_over(desk: Desk, wang: Cadre, as_li: Client) -> None:
    talk = desk.waiting()
    last = Message.objects.filter(conversation=talk).latest("pk").pk
    claim_chat(talk.pk, wang, now=timezone.now())
    news = as_li.get(f"/console/talk/{talk.pk}/news?after={last}&stand=free-kept").content.decode()
    assert "王敏已经接手" in news
    assert 'id="answer" class="answer" hx-swap-oob="true"' in news


def test_the_guide_comes_when_a_held_talk_turns_into_a_crisis(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    match = re.search(r'hx-get="(/console/talk/[^"]+)"[^>]*></div>', page)
    assert match is not None
    address = match[1].replace("&amp;", "&")
    assert "怎么说，怎么做" not in page + as_wang.get(address).content.decode()
    desk.hears(talk, "我不想活了", finding=screen(Level.CRISIS, Category.SELF_HARM))
    news = as_wang.get(address).content.decode()
    assert "怎么说，怎么做" in news
    assert "reply-text" not in news


def test_news_leave_the_reply_box_alone_while_the_talk_stays_in_ones_hands(
    desk: Desk, wang: Cadre, as_wang: Client
) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    desk.deliver(talk)
    last = Message.objects.filter(conversation=talk).latest("pk").pk
    desk.hears(talk, "新的一句")
    news = as_wang.get(f"/console/talk/{talk.pk}/news?after={last}&stand=mine-kept").content.decode()
    assert "新的一句" in news
    assert WORDS not in news
    assert "reply-text" not in news
    assert f'id="state-{last}" hx-swap-oob="true">已送达' in news
    assert f"after={last + 1}&amp;stand=mine-kept&amp;guide=" in news


def test_a_reply_is_stored_once_however_often_it_is_sent(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    assert [send(as_wang, talk, "您好，\r\n我在。").status_code for _ in range(3)] == [204] * 3
    assert cadre_words(talk) == ["您好，\n我在。"]
    assert send(as_wang, talk, "您好，\n我在。", key="another-message-of-mine").status_code == 204
    assert len(cadre_words(talk)) == 2
    assert AuditRow.objects.filter(action=AuditAction.CADRE_REPLY, cadre=wang).count() == 2


def test_only_the_holder_replies(desk: Desk, wang: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = desk.waiting()
    assert send(as_wang, talk, "没接管就回复").status_code == 409
    claim_chat(talk.pk, wang, now=desk.now)
    answer = send(as_li, talk, "抢着回复")
    assert answer.status_code == 409
    assert "不在您手里" in answer.content.decode()
    assert cadre_words(talk) == []


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        ("", KEY, "还没有写字"),
        ("  \n ", KEY, "还没有写字"),
        ("长" * 2001, KEY, "太长"),
        ("好", "", "刷新"),
        ("好", "a b", "刷新"),
    ],
)
def test_a_reply_that_cannot_be_sent_says_why(
    desk: Desk, wang: Cadre, as_wang: Client, text: str, key: str, why: str
) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    answer = send(as_wang, talk, text, key)
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert cadre_words(talk) == []


def test_a_reply_works_without_script_too(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.post(f"/console/talk/{talk.pk}/reply", {"text": "您好", "key": KEY}, follow=True).content.decode()
    assert "王敏（我）" in page
    assert "您好" in page


def test_giving_back_lets_the_desk_answer_again(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.post(f"/console/talk/{talk.pk}/release", follow=True).content.decode()
    assert f"{talk.number} 已交还" in page
    after = Conversation.objects.get(pk=talk.pk)
    assert after.holder is None
    assert not after.desk_is_silent
    assert AuditRow.objects.filter(action=AuditAction.RELEASE, cadre=wang).count() == 1


def test_nobody_gives_back_what_a_colleague_holds(desk: Desk, wang: Cadre, as_li: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_li.post(f"/console/talk/{talk.pk}/release", follow=True).content.decode()
    assert "不在您手里" in page
    assert Conversation.objects.get(pk=talk.pk).holder == wang


def test_who_may_still_be_in_danger_is_asked_about_before_giving_back(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.crisis()
    claim_chat(talk.pk, wang, now=desk.now)
    assert "明天能给您打电话吗" in as_wang.get(f"/console/talk/{talk.pk}").content.decode()


@pytest.mark.parametrize(
    ("delivery", "words"),
    [(Delivery.FAILED, "没发出去"), (Delivery.UNCERTAIN, "不确定对方收到没有"), (Delivery.CANCELLED, "职工没有看到")],
)
def test_how_far_a_message_came_is_said(desk: Desk, as_wang: Client, delivery: Delivery, words: str) -> None:
    talk = desk.waiting()
    message = engine_says(talk, "答案", desk)
    Message.objects.filter(pk=message.pk).update(delivery=delivery)
    assert words in as_wang.get(f"/console/talk/{talk.pk}").content.decode()


def test_a_long_talk_is_read_in_parts_and_nothing_is_left_out(desk: Desk, as_wang: Client) -> None:
    count = AT_ONCE + 30
    talk = desk.waiting(*[f"第{number}句。" for number in range(count)])
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    match = re.search(r"/earlier\?before=(\d+)", page)
    assert match is not None
    rest = as_wang.get(f"/console/talk/{talk.pk}/earlier?before={match[1]}").content.decode()
    assert "看更早的话" not in rest
    seen = [int(number) for number in re.findall(r"第(\d+)句。", rest + page)]
    assert seen == list(range(count))


def test_words_of_an_erased_contact_are_gone(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    before = as_wang.get(f"/console/talk/{talk.pk}/news?after=0&stand=mine-kept")
    assert "HX-Refresh" not in before
    talk.contact.erase(now=timezone.now())
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    assert "已按要求销毁" in page
    assert WORDS not in page
    assert as_wang.get(f"/console/talk/{talk.pk}/news?after=0&stand=mine-kept")["HX-Refresh"] == "true"


def test_a_message_that_does_not_open_spoils_nothing_else(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting("第一句", "第二句")
    first = Message.objects.filter(conversation=talk).earliest("pk")
    Message.objects.filter(pk=first.pk).update(body_sealed=b"\x01" + b"x" * 40)
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    assert "这条消息打不开" in page
    assert "第二句" in page


def test_a_worker_who_left_long_ago_cannot_be_reached_on_the_page(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting(minutes_ago=13 * 60)
    assert "已经很久没来了" in as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    desk.hears(talk, "我又来了", at=timezone.now())
    assert "对方打开网页就能看到" in as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    Conversation.objects.filter(pk=talk.pk).update(closed_at=timezone.now())
    assert "已经结束了这次对话" in as_wang.get(f"/console/talk/{talk.pk}").content.decode()


def test_every_talk_opened_from_one_cadres_list_shows_that_talk_only(desk: Desk, as_wang: Client) -> None:
    one, two = desk.waiting("甲的话"), desk.waiting("乙的话")
    assert "乙的话" not in as_wang.get(f"/console/talk/{one.pk}").content.decode()
    assert "甲的话" not in as_wang.get(f"/console/talk/{two.pk}/news?after=0").content.decode()


def test_nothing_said_reaches_the_log(
    desk: Desk, wang: Cadre, as_wang: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="niangjia")
    talk = desk.crisis()
    as_wang.get(f"/console/talk/{talk.pk}")
    as_wang.post(f"/console/talk/{talk.pk}/claim")
    send(as_wang, talk, "我在这里")
    assert WORDS not in caplog.text
    assert "我在这里" not in caplog.text


def test_a_reply_lost_on_the_way_back_is_found_by_its_key(desk: Desk, wang: Cadre) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    first = reply(talk.pk, wang, "一句", key=KEY, now=desk.now)
    assert reply(talk.pk, wang, "一句", key=KEY, now=desk.now).pk == first.pk


def _erase(talk: Conversation) -> None:
    talk.contact.erase(now=timezone.now())


def test_an_erased_talk_cannot_be_claimed(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    _erase(talk)
    assert as_wang.post(f"/console/talk/{talk.pk}/claim").status_code == 404
    talk.refresh_from_db()
    assert talk.holder is None


def test_an_erased_talk_reads_as_destroyed(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    _erase(talk)
    page = as_wang.get(f"/console/talk/{talk.pk}")
    assert page.status_code == 200
    assert ERASED in page.content.decode()
    assert WORDS not in page.content.decode()


def test_a_reply_to_somebody_who_was_erased_says_so(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    _erase(talk)
    answer = send(as_wang, talk, "您好")
    assert (answer.status_code, answer.content.decode()) == (409, CONTACT_ERASED)


def test_a_talk_whose_holder_has_gone_can_be_taken_over(desk: Desk, wang: Cadre, li: Cadre, as_li: Client) -> None:
    talk = desk.waiting()
    mark_present(wang, now=desk.now)
    claim_chat(talk.pk, wang, now=desk.now)
    as_li.post(f"/console/talk/{talk.pk}/claim")
    talk.refresh_from_db()
    assert talk.holder == wang
    mark_present(wang, now=desk.now - AWAY_AFTER - timedelta(seconds=5))
    as_li.post(f"/console/talk/{talk.pk}/claim")
    talk.refresh_from_db()
    assert talk.holder == li


def test_an_open_page_notices_that_the_holder_has_gone(desk: Desk, wang: Cadre, li: Cadre) -> None:
    talk = desk.waiting()
    mark_present(wang, now=desk.now)
    talk = claim_chat(talk.pk, wang, now=desk.now)
    talk.refresh_from_db()
    there = stand_of(talk, li, now=desk.now)
    still_there = stand_of(talk, li, now=desk.now + AWAY_AFTER)
    away = stand_of(talk, li, now=desk.now + AWAY_AFTER + timedelta(seconds=1))
    assert (there.holder_away, still_there.holder_away, away.holder_away) == (False, False, True)
    assert (there.key, there.fingerprint) == (still_there.key, still_there.fingerprint)
    assert away.key != there.key
    assert away.fingerprint != there.fingerprint


def test_the_holder_of_a_talk_is_never_away_in_their_own_eyes(desk: Desk, wang: Cadre) -> None:
    talk = claim_chat(desk.waiting().pk, wang, now=desk.now)
    assert stand_of(talk, wang, now=desk.now + timedelta(days=1)).key == "mine-kept"


def test_the_page_offers_a_talk_whose_holder_has_gone(desk: Desk, wang: Cadre, as_li: Client) -> None:
    talk = desk.waiting()
    mark_present(wang, now=desk.now)
    claim_chat(talk.pk, wang, now=desk.now)
    address = f"/console/talk/{talk.pk}"
    assert "他不在，我来接" not in as_li.get(address).content.decode()
    mark_present(wang, now=desk.now - AWAY_AFTER - timedelta(seconds=5))
    page = as_li.get(address).content.decode()
    assert "他不在，我来接" in page
    assert "王敏" in page
    assert "李强已经接手" not in as_li.post(f"{address}/claim", follow=True).content.decode()
    assert 'id="reply"' in as_li.get(address).content.decode()
