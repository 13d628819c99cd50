"""Normal form: what stays, what goes, and where each character came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.screening.normalise import Normaliser

NORMALISE = Normaliser({"自鲨": "自杀", "z杀": "自杀", "亖": "死"})


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        ("ＡＢｃ１２", "abc12"),
        ("我要離職，老闆不給錢", "我要离职,老板不给钱"),
        ("你好！真的？", "你好.真的."),
        ("不 想\u200b活", "不想活"),
        ("死死死死", "死"),
        ("天天上班", "天天上班"),
        ("不不想想活活", "不想活"),
        ("我自，杀了", "我自,杀了"),
        ("我要不。想。活", "我要不想活"),
        ("自鲨", "自杀"),
        ("z杀", "自杀"),
        ("abz杀", "abz杀"),
        ("亖了", "死了"),
        ("sǐ", "si"),
        ("2000000元", "2000000元"),
        ("\ufdfa", "صلىا"),
        ("㍿", "株式会社"),
        ("", ""),
    ],
)
def test_a_text_is_brought_into_normal_form(source: str, normal: str) -> None:
    assert NORMALISE(source).text == normal


@given(st.text())
def test_every_character_knows_where_it_came_from(source: str) -> None:
    normal = NORMALISE(source)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= start < end <= len(source) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)


def test_a_piece_is_given_back_as_it_was_written() -> None:
    normal = NORMALISE("今天 自 鲨 了")
    place = normal.text.index("自杀")
    assert normal.original(place, place + 2) == "自 鲨"
