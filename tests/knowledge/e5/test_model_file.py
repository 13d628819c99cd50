"""What is read from the file of weights."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.e5.model_file import ModelFile, unpacked


@pytest.fixture(scope="module")
def file() -> ModelFile:
    return ModelFile()


def test_a_block_is_a_scale_and_the_halves_of_sixteen_bytes() -> None:
    scale = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
    halves = np.array([0x98] + [0x88] * 14 + [0x0F], np.uint8)  # high half, low half; 8 stands for nought
    numbers = unpacked(np.concatenate([scale, halves])[None, None, :])
    assert numbers.shape == (1, 32)
    assert numbers[0, 0] == 0
    assert numbers[0, 16] == 0.5
    assert numbers[0, 15] == 3.5
    assert numbers[0, 31] == -4.0
    assert np.count_nonzero(numbers) == 3


def test_every_matrix_has_its_shape(file: ModelFile) -> None:
    sizes = file.sizes
    assert file.matrix("l0.q.w").shape == (sizes.width, sizes.width)
    assert file.matrix("l0.fi.w").shape == (sizes.inner, sizes.width)
    assert file.matrix(f"l{sizes.layers - 1}.fo.w").shape == (sizes.width, sizes.inner)
    assert len(file.blocks("emb.word")) >= len(file.vocabulary.pieces)
    assert file.vector("emb.ln.w").shape == (sizes.width,)


def test_the_marks_are_among_the_pieces(file: ModelFile) -> None:
    words = file.vocabulary
    marks = [words.pieces[place] for place in (words.begin, words.padding, words.end, words.unknown)]
    assert marks == ["<s>", "<pad>", "</s>", "<unk>"]
    assert len(words.scores) == len(words.pieces)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(ValueError, match=r"other\.bin"):
        ModelFile(other)
