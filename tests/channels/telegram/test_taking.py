"""What an update becomes: words, files, places, edits, taps, and what is no message at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction

from bot.channels.telegram import texts
from bot.wording import taps_of
from handoff.installation import keyed_hash
from handoff.kinds import Delivery, Medium, MessageKind
from handoff.models import ChannelIdentity, Conversation, Message, PendingMedia, Push, Scan
from handoff.outbox import say
from handoff.screening.levels import Level
from tests.channels.telegram.house import (
    CHAT,
    House,
    NoErrands,
    desk_lines,
    last_line,
    message_of,
    said,
    update_of,
    worker_lines,
)
from tests.fakes.dialogue import FakeDialogue

FILE = {"file_id": "FILE-1", "file_unique_id": "U1", "file_size": 9_000}


def _errands(house: House) -> NoErrands:
    found = house.channel.taker._errands
    assert isinstance(found, NoErrands)
    return found


def test_a_text_is_stored_screened_and_answered(house: House) -> None:
    talk = house.hears(said("加班费怎么算"))
    assert worker_lines(talk) == ["加班费怎么算"]
    assert desk_lines(talk)[-1] == "answer to 加班费怎么算"
    assert talk.account == "main"


def test_the_chat_id_is_kept_only_as_a_keyed_hash_and_under_the_contacts_key(house: House) -> None:
    house.hears(said("你好"))
    identity = ChannelIdentity.objects.get(channel="telegram")
    assert identity.external_hash == keyed_hash("telegram", str(CHAT))
    assert str(CHAT).encode() not in bytes(identity.external_sealed)


def test_the_first_message_brings_the_notice_once_and_before_the_answer(house: House) -> None:
    talk = house.hears(said("加班费怎么算"), said("年假呢"))
    lines = desk_lines(talk)
    assert [line.startswith("您好，这里是测试总工会") for line in lines] == [True, False, False]
    assert ChannelIdentity.objects.get(channel="telegram").notice_digest


def test_whoever_is_in_danger_reads_the_words_for_that_and_the_notice_later(house: House) -> None:
    talk = house.hears(said("我不想活了，想从楼上跳下去"))
    assert talk.level == Level.CRISIS.value
    assert desk_lines(talk)
    assert not any("Telegram" in line for line in desk_lines(talk))
    assert ChannelIdentity.objects.get(channel="telegram").notice_digest == ""


def test_start_brings_the_welcome_and_no_turn(house: House, engine: FakeDialogue) -> None:
    talk = house.hears(said("/start"), said("/start"))
    assert engine.asked == []
    assert len(desk_lines(talk)) == 1
    house.desk.clock.forward(minutes=5)
    assert len(desk_lines(house.hears(said("/start@niangjia_bot")))) == 2


def test_a_link_on_a_poster_is_noted_with_its_scene(house: House) -> None:
    house.hears(said("/start A012"))
    scan = Scan.objects.get()
    assert (scan.scene, scan.is_new, scan.channel) == ("A012", True, "telegram")
    assert ChannelIdentity.objects.get(channel="telegram").scene == "A012"


@pytest.mark.parametrize("text", ['/request_human{"a": 1}', "/restart", "/start 王小明 住在哪里", "/start a b"])
def test_what_looks_like_a_command_is_the_persons_words(house: House, text: str) -> None:
    """The engine neutralises it (nlu.components.plain_text); nothing here may swallow it."""
    assert worker_lines(house.hears(said(text))) == [text]


def test_start_in_a_held_talk_is_a_message_for_its_cadre(house: House) -> None:
    talk = house.hears(said("你好"))
    cadre = house.desk.cadre("wang")
    Conversation.objects.filter(pk=talk.pk).update(holder=cadre, held_since=house.desk.clock())
    before = len(desk_lines(talk))
    talk = house.hears(said("/start"))
    assert worker_lines(talk)[-1] == "/start"
    assert len(desk_lines(talk)) == before


@pytest.mark.parametrize(
    ("content", "medium"),
    [
        ({"photo": [FILE | {"width": 90, "height": 90, "file_id": "small"}, FILE | {"width": 800, "height": 800}]}, Medium.PICTURE),
        ({"voice": FILE | {"mime_type": "audio/ogg", "duration": 3}}, Medium.VOICE),
        ({"audio": FILE}, Medium.VOICE),
        ({"video": FILE}, Medium.VIDEO),
        ({"video_note": FILE}, Medium.VIDEO),
        ({"animation": FILE, "document": FILE}, Medium.VIDEO),
        ({"document": FILE | {"file_name": "工资条.pdf"}}, Medium.FILE),
    ],
)  # fmt: skip
def test_a_file_is_noted_to_be_fetched_and_a_person_is_asked_for(
    house: House, content: dict[str, Any], medium: Medium
) -> None:
    talk = house.hears(update_of("message", message_of(**content)))
    message = last_line(talk)
    assert message.medium == medium
    source = talk.contact.open_json(bytes(PendingMedia.objects.get().source_sealed), place=f"media:{message.reference}")
    assert source["file_id"] == "FILE-1"
    assert talk.unread_since is not None
    assert talk.waiting_since is not None


def test_caption_and_file_name_are_screened(house: House) -> None:
    caption = update_of("message", message_of(photo=[FILE | {"width": 9, "height": 9}], caption="我不想活了，想跳楼"))
    assert house.hears(caption).level == Level.CRISIS.value


def test_a_file_name_alone_is_screened(house: House) -> None:
    document = update_of("message", message_of(document=FILE | {"file_name": "遗书 我不想活了.docx"}))
    assert house.hears(document).level != Level.ORDINARY.value


def test_a_file_that_telegram_will_not_give_out_is_said_to_be_too_large(house: House) -> None:
    talk = house.hears(update_of("message", message_of(video=FILE | {"file_size": 21 * 1_048_576})))
    assert not PendingMedia.objects.exists()
    assert desk_lines(talk)[-1] == texts.TOO_LARGE_TOLD
    assert talk.waiting_since is not None


@pytest.mark.parametrize(
    ("content", "kept", "said_back"),
    [
        ({"location": {"latitude": 31.299379, "longitude": 120.619585}}, "〔位置〕北纬 31.29938，东经 120.61959", "position"),
        ({"venue": {"title": "玉山镇工会", "address": "昆山市人民路1号", "location": {}}}, "〔位置〕玉山镇工会　昆山市人民路1号", "position"),
        ({"contact": {"phone_number": "+8613800138000", "first_name": "小明", "last_name": "王"}}, "〔名片〕王 小明　+8613800138000", "contact"),
        ({"sticker": {"emoji": "😭"}}, "〔贴纸〕😭", "other"),
        ({"dice": {"value": 3}}, "〔一条看不到内容的消息〕", "other"),
    ],
)  # fmt: skip
def test_what_is_no_text_stands_in_the_talk_as_a_line_and_gets_an_honest_answer(
    house: House, engine: FakeDialogue, content: dict[str, Any], kept: str, said_back: str
) -> None:
    talk = house.hears(update_of("message", message_of(**content)))
    assert worker_lines(talk) == [kept]
    assert desk_lines(talk)[-1] == texts.SEEN[said_back]
    assert engine.asked == []


def test_an_edit_is_a_message_of_its_own_and_the_first_wording_stays(house: House) -> None:
    talk = house.hears(said("老板不发工姿", message_id=41))
    talk = house.hears(update_of("edited_message", message_of(message_id=41, text="老板不发工资")))
    assert worker_lines(talk) == ["老板不发工姿", "老板不发工资"]
    first = Message.objects.filter(conversation=talk, kind=MessageKind.WORKER).order_by("pk").first()
    assert first is not None
    assert last_line(talk).extras["edits"] == str(first.reference)
    assert desk_lines(talk)[-1] == "answer to 老板不发工资"


def test_an_edit_that_adds_danger_is_acted_on(house: House) -> None:
    house.hears(said("我有点累", message_id=42))
    talk = house.hears(update_of("edited_message", message_of(message_id=42, text="我不想活了，想跳楼")))
    assert talk.level == Level.CRISIS.value


def test_an_edit_that_changes_no_words_is_nothing_new(house: House) -> None:
    house.hears(said("看 https://example.org", message_id=43))
    for _ in range(2):
        talk = house.hears(update_of("edited_message", message_of(message_id=43, text="看 https://example.org")))
    assert worker_lines(talk) == ["看 https://example.org"]


def test_each_further_edit_is_compared_with_the_last(house: House) -> None:
    house.hears(said("甲", message_id=44))
    for text in ("乙", "乙", "甲"):
        talk = house.hears(update_of("edited_message", message_of(message_id=44, text=text)))
    assert worker_lines(talk) == ["甲", "乙", "甲"]


def test_another_picture_in_the_place_of_the_first_is_kept_too(house: House) -> None:
    photo = [FILE | {"width": 9, "height": 9}]
    house.hears(update_of("message", message_of(message_id=45, photo=photo)))
    other = [photo[0] | {"file_unique_id": "U2", "file_id": "FILE-2"}]
    house.hears(update_of("edited_message", message_of(message_id=45, photo=other)))
    assert PendingMedia.objects.count() == 2


def test_a_moving_position_is_noted_once(house: House) -> None:
    for kind, latitude in (("message", 31.0), ("edited_message", 31.1), ("edited_message", 31.2)):
        place = {"latitude": latitude, "longitude": 120.0}
        talk = house.hears(update_of(kind, message_of(message_id=46, location=place)))
    assert len(worker_lines(talk)) == 1


def test_an_edit_of_what_was_written_before_the_desk_was_there_is_a_message(house: House) -> None:
    talk = house.hears(update_of("edited_message", message_of(message_id=47, text="工伤怎么办")))
    assert worker_lines(talk) == ["工伤怎么办"]


def _tap(data: str, chat: int = CHAT) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "小李"}
    return update_of("callback_query", {"id": "77", "from": person, "message": message_of(chat), "data": data})


def _offer(talk: Conversation, house: House) -> Message:
    buttons = [{"title": "经济补偿", "payload": "/ask_question"}, {"title": "转人工", "payload": "/request_human"}]
    with transaction.atomic():
        return say(talk, MessageKind.ENGINE, "哪一种？", now=house.desk.clock(), extras={"buttons": buttons})


def test_a_tap_names_a_button_by_its_place(house: House, engine: FakeDialogue) -> None:
    talk = house.hears(said("补偿"))
    offered = _offer(talk, house)
    offered.conversation = talk
    token = taps_of(offered)[1].token
    assert len(token.encode()) <= 64
    talk = house.hears(_tap(token))
    assert last_line(talk).body == "转人工"
    assert last_line(talk).extras["choice"] == {"message": str(offered.reference), "index": 1}
    assert engine.payloads[-1] == "/request_human"
    assert _errands(house).taps == ["77"]


@pytest.mark.parametrize("data", ["", "n1b0", "nffffb0", '/request_human{"a":1}', "n1b99", "../../x"])
def test_a_tap_on_nothing_of_ours_gets_a_kind_word(house: House, engine: FakeDialogue, data: str) -> None:
    talk = house.hears(said("补偿"))
    asked = list(engine.asked)
    talk = house.hears(_tap(data))
    assert desk_lines(talk)[-1] == texts.STALE_BUTTON
    assert (engine.asked, worker_lines(talk)) == (asked, ["补偿"])


def test_nobody_taps_a_button_of_another_talk(house: House) -> None:
    talk = house.hears(said("补偿"))
    offered = _offer(talk, house)
    offered.conversation = talk
    assert house.posts(_tap(taps_of(offered)[0].token, chat=CHAT + 1)) == 200
    house.takes()
    other = Conversation.objects.select_related("contact").exclude(pk=talk.pk).get()
    assert desk_lines(other) == [texts.STALE_BUTTON]
    assert worker_lines(other) == []


def _member(status: str, chat: dict[str, Any]) -> dict[str, Any]:
    change = {
        "chat": chat,
        "from": {"id": CHAT},
        "date": 1,
        "old_chat_member": {},
        "new_chat_member": {"status": status},
    }
    return update_of("my_chat_member", change)


def test_whoever_blocks_the_bot_cannot_be_reached_until_they_come_back(house: House) -> None:
    private = {"id": CHAT, "type": "private"}
    house.hears(said("你好"))
    talk = house.hears(_member("kicked", private))
    assert talk.unreachable == "blocked"
    Message.objects.exclude(kind=MessageKind.WORKER).update(delivery=Delivery.WAITING)
    talk = house.hears(_member("member", private))
    assert talk.unreachable == ""
    assert not Message.objects.filter(delivery=Delivery.WAITING).exists()


def test_a_stranger_who_blocks_the_bot_leaves_nothing(house: House) -> None:
    assert house.posts(_member("kicked", {"id": 5, "type": "private"})) == 200
    house.takes()
    assert not Conversation.objects.exists()
    assert not Push.objects.filter(taken_at=None).exists()


def test_in_a_group_the_bot_says_why_and_leaves(house: House) -> None:
    assert house.posts(_member("member", {"id": -100, "type": "group", "title": "一车间"})) == 200
    assert house.posts(_member("left", {"id": -100, "type": "group", "title": "一车间"})) == 200
    house.takes()
    assert _errands(house).left == [-100]
    assert not Conversation.objects.exists()


def test_what_waited_goes_out_when_the_worker_writes_again(house: House) -> None:
    talk = house.hears(said("你好"))
    Message.objects.exclude(kind=MessageKind.WORKER).update(delivery=Delivery.WAITING)
    Conversation.objects.filter(pk=talk.pk).update(unreachable="blocked")
    talk = house.hears(said("在吗"))
    assert talk.unreachable == ""
    assert not Message.objects.filter(delivery=Delivery.WAITING).exists()


def test_no_text_of_ours_holds_markup() -> None:
    words = [value for value in vars(texts).values() if isinstance(value, str)]
    assert not any(re.search(r"[*_`<>\[\]]", word.replace("__", "")) for word in words if "〔" not in word)
