"""Texts that are too long, and taps."""

from __future__ import annotations

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wording import Offer, Tapped, choice_of, read_token, sendable, split_text, taps_of, utf8_size, utf16_size
from handoff.kinds import MessageKind
from handoff.outbox import say
from tests.desk import TestDesk

FAMILY = "👨‍👩‍👧‍👦"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"工会，。！？a b\n…é", FAMILY, "🇨🇳", "e\u0301"]), max_size=400))
def test_parts_fit_and_nothing_but_white_space_is_lost(characters: list[str]) -> None:
    text = "".join(characters)
    parts = split_text(text, limit=120, size=utf8_size)
    assert all(0 < utf8_size(part) <= 120 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_parted_between_sentences() -> None:
    text = "第一句话说完了。第二句话也说完了。第三句。"
    assert split_text(text, limit=60, size=utf8_size) == ["第一句话说完了。第二句话也说完了。", "第三句。"]


def test_no_character_is_cut_however_it_is_made() -> None:
    parts = split_text(FAMILY * 200, limit=2048, size=utf8_size)
    assert len(parts) > 1
    assert all(set(regex.findall(r"\X", part)) == {FAMILY} for part in parts)


def test_telegram_counts_an_emoji_as_two() -> None:
    assert (utf16_size("工"), utf16_size("😀")) == (1, 2)
    assert all(utf16_size(part) <= 4096 for part in split_text("😀" * 5000, limit=4096, size=utf16_size))


def test_control_characters_go_and_emoji_stay() -> None:
    assert sendable("好\x00的\x0b\ud83d😀]]>\r\n行") == "好的😀]]>\n行"


def test_a_tap_names_a_place_in_what_this_talk_was_offered(desk: TestDesk) -> None:
    talk, stranger = desk.visitor(), desk.visitor()
    extras = {"buttons": [{"title": "我要入会", "payload": "/join_union"}], "citations": [_citation()]}
    said = say(talk, MessageKind.ENGINE, "回答", now=desk.clock(), extras=extras)
    article, button = taps_of(said)
    assert article.label == "《劳动合同法》第十九条"
    assert "payload" not in button.token
    tapped = read_token(button.token)
    assert tapped == Tapped(said.pk, Offer.BUTTON, 0)
    assert choice_of(tapped, talk.pk) == {"choice": {"message": str(said.reference), "index": 0}}
    assert choice_of(tapped, stranger.pk) is None
    assert choice_of(Tapped(said.pk, Offer.BUTTON, 1), talk.pk) is None
    assert all(len(tap.token) <= 64 and read_token(tap.token) for tap in taps_of(said))


def test_the_text_of_another_time_is_told_from_todays(desk: TestDesk) -> None:
    extras = {"citations": [_citation() | {"then": True}, _citation()]}
    said = say(desk.visitor(), MessageKind.ENGINE, "回答", now=desk.clock(), extras=extras)
    assert [tap.label for tap in taps_of(said)] == ["《劳动合同法》第十九条（当时的文本）", "《劳动合同法》第十九条"]


def test_what_is_no_token_is_none() -> None:
    assert [
        read_token(word) for word in ("", "n", "nzzb0", "n1b100", "n1c0", "/request_human", "n" + "f" * 16 + "b0")
    ] == [None] * 7


def _citation() -> dict[str, object]:
    return {"law": "中华人民共和国劳动合同法", "article_no": "第十九条", "text": "……"}
