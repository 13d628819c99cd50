"""Sealing words under keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.encryption import Unreadable, new_key, open_sealed, seal


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_with_the_same_key_and_place(plain: bytes) -> None:
    key = new_key()
    assert open_sealed(key, seal(key, plain, place="a"), place="a") == plain


def test_sealed_bytes_do_not_open_in_another_place() -> None:
    key = new_key()
    with pytest.raises(Unreadable):
        open_sealed(key, seal(key, b"words", place="message:1:body"), place="message:2:body")


def test_sealed_bytes_do_not_open_with_another_key() -> None:
    with pytest.raises(Unreadable):
        open_sealed(new_key(), seal(new_key(), b"words", place="a"), place="a")


@given(st.integers(min_value=0, max_value=40), st.integers(min_value=1, max_value=255))
def test_altered_bytes_do_not_open(at: int, flip: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, b"some words here", place="a"))
    sealed[at % len(sealed)] ^= flip
    with pytest.raises(Unreadable):
        open_sealed(key, bytes(sealed), place="a")


@pytest.mark.parametrize("garbage", [b"", b"\x01", b"\x09abc", b"\x01" + b"x" * 11])
def test_garbage_is_unreadable_and_nothing_worse(garbage: bytes) -> None:
    with pytest.raises(Unreadable):
        open_sealed(new_key(), garbage, place="a")


def test_the_same_words_never_look_the_same() -> None:
    key = new_key()
    assert seal(key, b"words", place="a") != seal(key, b"words", place="a")
