"""The sentence of an answer that is meant by a further question."""

import pytest

from knowledge.closest import closest, sentences_of
from tests.unit.knowledge.hashing_encoder import HashingEncoder

ANSWER = "可以要。\n录用条件得事先告诉过您，拿不出来就是违法辞退；先把短信留好。仲裁从离开起一年内申请！"


def test_sentences_stand_as_they_are_without_what_ends_them() -> None:
    assert sentences_of(ANSWER) == [
        "录用条件得事先告诉过您，拿不出来就是违法辞退",
        "先把短信留好",
        "仲裁从离开起一年内申请",
    ]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("录用条件没见过", "录用条件得事先告诉过您，拿不出来就是违法辞退"), ("一年内仲裁", "仲裁从离开起一年内申请")],
)
def test_the_closest_one_is_chosen(asked: str, meant: str) -> None:
    assert closest(asked, sentences_of(ANSWER), HashingEncoder()) == meant
