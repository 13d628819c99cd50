from pathlib import Path

import numpy as np

from knowledge.encoding_cache import EncodingCache
from tests.unit.knowledge.hashing_encoder import HashingEncoder


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    texts = ["工资", "加班费", "工资"]
    first = EncodingCache(tmp_path, "a").encode(texts, encoder.encode_passages, dimension=64)
    again = EncodingCache(tmp_path, "a").encode(texts, encoder.encode_passages, dimension=64)
    assert sorted(encoder.encoded) == sorted({"工资", "加班费"})
    assert np.array_equal(first, again)
    assert np.array_equal(first, HashingEncoder().encode_passages(texts))


def test_one_changed_text_encodes_one_text(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    cache = EncodingCache(tmp_path, "a")
    cache.encode([f"第{n}句" for n in range(100)], encoder.encode_passages, dimension=64)
    encoder.encoded.clear()
    cache.encode([f"第{n}句" for n in range(99)] + ["新的一句"], encoder.encode_passages, dimension=64)
    assert encoder.encoded == ["新的一句"]


def test_encoders_do_not_share_vectors(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    EncodingCache(tmp_path, "a").encode(["工资"], encoder.encode_passages, dimension=64)
    EncodingCache(tmp_path, "b").encode(["工资"], encoder.encode_passages, dimension=64)
    assert encoder.encoded == ["工资", "工资"]


def test_what_was_encoded_before_a_crash_is_kept(tmp_path: Path) -> None:
    encoder = HashingEncoder()

    def crash_at_the_second_batch(texts: list[str]) -> np.ndarray:
        if encoder.encoded:
            raise RuntimeError("power cut")
        return encoder.encode_passages(texts)

    texts = [f"第{n}句话" for n in range(60)]
    cache = EncodingCache(tmp_path, "a")
    try:
        cache.encode(texts, crash_at_the_second_batch, dimension=64)
    except RuntimeError:
        kept = len(encoder.encoded)
    cache.encode(texts, encoder.encode_passages, dimension=64)
    assert 0 < kept < 60
    assert len(encoder.encoded) == 60
