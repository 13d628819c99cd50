"""The simulated platform brings messages to a desk as WeChat does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.channel_settings import Mode
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Outcome, Road
from bot.simulate.texts import SYSTEM_FAILED
from bot.simulate.web import Response
from bot.simulate.wechat import messages
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from tests.simulate.desk import SmallDesk, small_desk, xml_fields

QUICK_S = 0.2


@contextmanager
def rehearsal(mode: Mode = Mode.SAFE, **account: Any) -> Iterator[tuple[SmallDesk, RunningWechat]]:
    played = new_account(mode=mode, **account)
    with small_desk(played) as desk, running_wechat(desk.address, played, patience_s=QUICK_S) as wechat:
        yield desk, wechat


@pytest.mark.parametrize("mode", list(Mode))
def test_a_message_arrives_in_every_mode_and_its_answer_is_shown(mode: Mode) -> None:
    with rehearsal(mode) as (desk, wechat):
        desk.answer = lambda message: f"听到：{message.content}"
        push = wechat.say("小李", "我被辞退了😀 <&")
        assert push.arrived
        assert wechat.platform.texts_to("小李") == ["听到：我被辞退了😀 <&"]
        assert wechat.platform.shown_to("小李", Road.PASSIVE)
        assert desk.queries[0]["openid"] == wechat.platform.user("小李").openid


def test_the_end_of_cdata_in_a_message_arrives_and_in_an_answer_breaks_it() -> None:
    with rehearsal() as (desk, wechat):
        assert wechat.say("小李", "a]]>b").arrived
        assert desk.messages[0].content == "a]]>b"
        desk.answer = lambda message: message.content  # wechatpy does not escape it
        assert {one.outcome for one in wechat.say("小李", "a]]>b").deliveries} == {Outcome.INVALID}


def test_safe_mode_shows_nothing_in_the_plain_and_compatible_mode_both() -> None:
    with rehearsal(Mode.SAFE) as (desk, wechat):
        wechat.say("小李", "你好")
        assert set(xml_fields(desk.raw[0])) == {"ToUserName", "Encrypt"}
    with rehearsal(Mode.COMPATIBLE) as (desk, wechat):
        wechat.say("小李", "你好")
        assert {"Content", "MsgId", "Encrypt"} <= set(xml_fields(desk.raw[0]))


def test_a_desk_that_does_not_answer_in_time_gets_the_same_message_three_times_in_all() -> None:
    with rehearsal() as (desk, wechat):
        desk.waits_of_first = 3
        push = wechat.say("小李", "在吗")
        assert [one.outcome for one in push.deliveries] == [Outcome.TIMED_OUT] * 3
        assert len({message.id for message in desk.messages}) == 1
        assert len({query["nonce"] for query in desk.queries}) == 3
        assert len({query["signature"] for query in desk.queries}) == 3
        assert [one.text for one in wechat.platform.shown_to("小李")] == [SYSTEM_FAILED]
        assert wechat.record.undelivered() == [push]


def test_the_answer_to_the_second_delivery_is_shown() -> None:
    with rehearsal() as (desk, wechat):
        desk.waits_of_first = 1
        desk.answer = lambda message: "在的"
        push = wechat.say("小李", "在吗")
        assert [one.outcome for one in push.deliveries] == [Outcome.TIMED_OUT, Outcome.ANSWERED]
        assert wechat.platform.texts_to("小李") == ["在的"]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode":0}',
        b"Success",
        b"<xml><Content>no envelope</Content></xml>",
        b"<xml>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml></xml>',
        Response(b"success", 500),
        Response(b"", 403),
    ],
)
def test_an_answer_that_the_platform_cannot_read_ends_in_its_own_words(answer: Any) -> None:
    with rehearsal() as (desk, wechat):
        desk.answer = lambda message: answer
        push = wechat.say("小李", "你好")
        assert not push.arrived
        assert len(push.deliveries) == 3
        assert [one.text for one in wechat.platform.shown_to("小李", Road.PLATFORM)] == [SYSTEM_FAILED]


def test_a_plain_answer_in_safe_mode_is_none() -> None:
    with rehearsal(Mode.SAFE) as (desk, wechat):
        desk.answer = lambda message: (
            f"<xml><ToUserName>{message.source}</ToUserName><FromUserName>{message.target}</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>hi</Content></xml>"
        ).encode()
        push = wechat.say("小李", "你好")
        assert {one.outcome for one in push.deliveries} == {Outcome.INVALID}


def test_nothing_and_success_are_acknowledgements() -> None:
    with rehearsal() as (desk, wechat):
        for answer in ("", "success"):
            desk.answer = lambda message, answer=answer: answer
            assert [one.outcome for one in wechat.say("小李", "你好").deliveries] == [Outcome.ACKNOWLEDGED]
        assert wechat.platform.shown_to("小李") == []


def test_a_desk_that_is_away_is_tried_three_times() -> None:
    with running_wechat("http://127.0.0.1:9", patience_s=QUICK_S) as wechat:
        push = wechat.say("小李", "你好")
        assert [one.outcome for one in push.deliveries] == [Outcome.UNREACHABLE] * 3


def test_every_kind_of_message_is_one_that_wechatpy_reads() -> None:
    with rehearsal() as (desk, wechat):
        simulator = wechat.simulator
        for made in (
            messages.text("你好"),
            simulator.picture_of(sample("picture"), "image/png"),
            simulator.voice_of(sample("voice")),
            simulator.video_of(sample("video")),
            simulator.video_of(sample("video"), short=True),
            messages.location(30.66, 104.06, "成都市"),
            messages.link("标题", "说明", "https://example.cn/"),
            simulator.file_of("工资条.pdf", sample("file")),
            messages.click("PERSON"),
            messages.view("https://example.cn/"),
            messages.position(30.66, 104.06),
            messages.template_done(7),
        ):
            assert wechat.act("小李", made).arrived
        kinds = [getattr(message, "event", "") or message.type for message in desk.messages]
        assert kinds == [
            "text", "image", "voice", "video", "shortvideo", "location", "link", "unknown", "click", "view",
            "location", "templatesendjobfinish",
        ]  # fmt: skip
        assert desk.messages[2].recognition in (None, "")


def test_a_poster_brings_a_follower_and_then_a_scan() -> None:
    with rehearsal(Mode.PLAIN) as (desk, wechat):
        wechat.unfollow("小李")
        wechat.scan("小李", "A012")
        wechat.scan("小李", "A012")
        fields = [xml_fields(body) for body in desk.raw]
        assert [(one["Event"], one["EventKey"]) for one in fields] == [
            ("unsubscribe", None), ("subscribe", "qrscene_A012"), ("SCAN", "A012"),
        ]  # fmt: skip
        assert fields[1]["Ticket"]


def test_a_tap_on_a_link_comes_as_text_with_its_number() -> None:
    with rehearsal(Mode.PLAIN) as (desk, wechat):
        wechat.say("小李", "看回复", tap_id="101")
        assert xml_fields(desk.raw[0])["bizmsgmenuid"] == "101"


def test_two_taps_in_one_second_are_two_events() -> None:
    with rehearsal(Mode.PLAIN) as (desk, wechat):
        wechat.click("小李", "A")
        wechat.click("小李", "A")
        first, second = (xml_fields(body)["CreateTime"] for body in desk.raw)
        assert first != second


def test_pictures_are_served_at_their_address() -> None:
    import httpx

    with rehearsal() as (desk, wechat):
        wechat.act("小李", wechat.simulator.picture_of(sample("picture"), "image/png"))
        assert httpx.get(desk.messages[0].image).content == sample("picture")


def test_a_lost_acknowledgement_brings_the_message_again() -> None:
    with rehearsal() as (desk, wechat):
        wechat.faults.on(Fault(FaultKind.PUSH_ACK_LOST, times=1))
        desk.answer = lambda message: "在的"
        push = wechat.say("小李", "在吗")
        assert len(desk.messages) == 2
        assert [one.outcome for one in push.deliveries] == [Outcome.LOST, Outcome.ANSWERED]
        assert wechat.platform.texts_to("小李") == ["在的"]


def test_a_duplicate_comes_while_the_first_still_runs_and_one_answer_is_shown() -> None:
    with rehearsal() as (desk, wechat):
        desk.wait_s = 0.05
        wechat.faults.on(Fault(FaultKind.PUSH_DUPLICATE, times=1))
        desk.answer = lambda message: f"第{len(desk.messages)}次"
        push = wechat.say("小李", "在吗")
        assert len(desk.messages) == 2
        assert len(push.deliveries) == 2
        assert len(wechat.platform.texts_to("小李")) == 1


def test_different_answers_to_one_push_are_seen() -> None:
    with rehearsal() as (desk, wechat):
        wechat.faults.on(Fault(FaultKind.PUSH_DUPLICATE, times=1))
        answers = iter(["一", "二"])
        desk.answer = lambda message: next(answers)
        push = wechat.say("小李", "在吗")
        assert wechat.record.unequal() == [push]


def test_messages_pass_each_other_when_they_are_held_back() -> None:
    with rehearsal() as (desk, wechat):
        wechat.faults.on(Fault(FaultKind.PUSH_REORDER, seconds=0.2))
        started = [wechat.start_saying("小李", str(number)) for number in range(20)]
        for future in started:
            future.result(10)
        assert sorted(message.content for message in desk.messages) == sorted(map(str, range(20)))
        assert [message.content for message in desk.messages] != [str(number) for number in range(20)]


def test_a_forged_signature_is_one() -> None:
    with rehearsal() as (_, wechat):
        wechat.faults.on(Fault(FaultKind.PUSH_BAD_SIGNATURE, times=1))
        push = wechat.say("小李", "在吗")
        assert push.deliveries[0].outcome is not Outcome.ACKNOWLEDGED  # wechatpy raised
        assert push.arrived


def test_the_same_push_can_be_brought_again_at_any_time() -> None:
    with rehearsal() as (desk, wechat):
        push = wechat.say("小李", "在吗")
        wechat.deliver_again(push)
        assert [message.id for message in desk.messages] == [int(push.key)] * 2


def test_the_record_counts() -> None:
    with rehearsal() as (desk, wechat):
        desk.answer = lambda message: message.content
        for number in range(5):
            wechat.say(f"职工{number}", f"问{number}")
        figures = wechat.record.figures()
        assert (figures["pushes"], figures["deliveries"], figures["shown"], figures["doubled"]) == (5, 5, 5, 0)
        assert 0 < figures["callback_p50_s"] <= figures["callback_p99_s"] <= figures["callback_max_s"]  # type: ignore[operator]
        assert wechat.record.unanswered(wechat.platform.users) == []
