"""How a one-time code looks, and what is taken for one."""

from __future__ import annotations

import pytest

from handoff.link_codes import ALPHABET, code_in, hash_of, new_code, without_code

WORD = "K7MH2Q9X"


def test_a_code_has_eight_signs_that_nobody_confuses() -> None:
    codes = [new_code() for _ in range(2_000)]
    signs = set("".join(codes)) - {"-"}
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert signs == set(ALPHABET)
    assert len(ALPHABET) >= 30
    assert not signs & set("0O1ILU")
    assert len(set(codes)) == len(codes)


def test_every_code_holds_a_letter_and_a_digit_so_that_no_telephone_number_is_one() -> None:
    for code in (new_code() for _ in range(2_000)):
        bare = code.replace("-", "")
        assert not bare.isdigit()
        assert not bare.isalpha()


@pytest.mark.parametrize(
    "typed",
    [
        "K7MH-2Q9X",
        "k7mh-2q9x",
        "K7MH2Q9X",
        " k7mh 2q9x ",
        "Ｋ７ＭＨ－２Ｑ９Ｘ",
        "K7MH—2Q9X",
        "K7 MH 2Q 9X",
        "「K7MH-2Q9X」",
        "K7MH-2Q9X。",
        "接续码：K7MH-2Q9X",
        "我的接续码是k7mh-2q9x",
    ],
)
def test_small_letters_blanks_hyphens_and_full_width_signs_are_forgiven(typed: str) -> None:
    assert code_in(typed) == WORD


@pytest.mark.parametrize(
    "typed",
    [
        "年假几天",
        "62345678",
        "13800138000",
        "261121000001",
        "ABCDEFGH",
        "iphone15",
        "K7MH-2Q9",
        "K7MH-2Q9XX",
        "我说的是K7MH-2Q9X这个型号坏了",
        "接续码",
        "",
        "-",
        "٣٤٥٦ABCD",
    ],
)
def test_other_texts_are_no_codes(typed: str) -> None:
    assert code_in(typed) is None


def test_a_misread_sign_is_still_taken_for_a_code_and_not_for_talk() -> None:
    assert code_in("K7MH-2O9X") == "K7MH2O9X"


def test_the_hash_is_the_same_however_the_code_was_typed_and_says_nothing_of_it() -> None:
    assert hash_of("K7MH-2Q9X") == hash_of(WORD)
    assert hash_of(WORD) != hash_of("K7MH2Q9Y")
    assert len(hash_of(WORD)) == 64
    assert "K7MH" not in hash_of(WORD).upper()


def test_other_eyes_see_the_words_without_the_code() -> None:
    shown = without_code("您的接续码：\nK7MH-2Q9X\n到您要换去的地方")
    assert "K7MH" not in shown
    assert "2Q9X" not in shown
    assert "到您要换去的地方" in shown
