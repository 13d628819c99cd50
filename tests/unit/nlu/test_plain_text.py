"""One spelling for what people type in several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.components.lexicon import Lexicon
from nlu.components.plain_text import plain, without_command


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("加班費怎麼算", "加班费怎么算"), ("Ｎ＋１", "n+1"), ("１３８　００", "138 00"), ("ABC", "abc")],
)
def test_traditional_and_full_width_become_plain(typed: str, expected: str) -> None:
    assert plain(typed) == expected


@given(st.text(max_size=50))
def test_plain_text_is_as_long_as_what_was_typed(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(st.text(max_size=20))
def test_no_typed_text_is_a_command_to_rasa(text: str) -> None:
    harmless = without_command("/" + text)
    assert not harmless.strip().startswith("/")
    assert not plain(harmless).strip().startswith("/")


@given(st.text(max_size=50))
def test_cutting_loses_nothing_but_spaces(text: str) -> None:
    words = list(Lexicon.read().cut(text))
    assert "".join(word for word, _ in words) == "".join(text.split()) or any(not c.isprintable() for c in text)
    assert all(text[place : place + len(word)] == word for word, place in words)


def test_words_of_labour_life_stay_whole() -> None:
    assert [word for word, _ in Lexicon.read().cut("停工留薪期工资")] == ["停工留薪期", "工资"]
