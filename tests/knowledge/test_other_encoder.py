"""Any sentence-transformers model may stand in the place of the shipped encoder; here a tiny one, in a folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.artifact import read_manifest
from knowledge.build import build
from knowledge.encoder import SentenceEncoder, encoder_identity, load_encoder
from knowledge.errors import EncoderUnusable, StaleArtifact
from knowledge.search import KnowledgeBase, Outcome
from tests.tiny_model import WIDTH, make_model
from tests.unit.knowledge.conftest import PROBATION, UNION, WAGES, small_sources

__all__ = ["small_sources"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny"), "".join([*WAGES, *PROBATION, *UNION]))


class Counting:
    """A model, and every text that it was given."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.given: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def encode_query(self, texts: Sequence[str], **how: Any) -> Any:
        """See SentenceTransformer."""
        self.given += texts
        return self._model.encode_query(texts, **how)

    def encode_document(self, texts: Sequence[str], **how: Any) -> Any:
        """See SentenceTransformer."""
        self.given += texts
        return self._model.encode_document(texts, **how)


def test_a_folder_s_model_builds_and_answers(model: Path, small_sources: Path, tmp_path: Path) -> None:
    encoder = load_encoder(str(model))
    assert encoder.name == encoder_identity(str(model))
    assert encoder.dimension == WIDTH
    build(tmp_path / "built", encoder, sources=small_sources)
    manifest = read_manifest(tmp_path / "built")
    assert (manifest.encoder, manifest.dimension) == (encoder.name, WIDTH)
    base = KnowledgeBase.open(tmp_path / "built", load_encoder(str(model)))
    answer = base.answer(WAGES[0], today=date(2026, 11, 21))
    assert (answer.outcome, answer.entry) == (Outcome.ANSWERED, "wages")


def test_another_model_in_the_same_place_is_another_encoder(model: Path, small_sources: Path, tmp_path: Path) -> None:
    place = tmp_path / "model"
    shutil.copytree(model, place)
    build(tmp_path / "built", load_encoder(str(place)), sources=small_sources)
    shutil.rmtree(place)
    shutil.copytree(make_model(tmp_path / "other", "别的字"), place)
    with pytest.raises(StaleArtifact, match="NIANGJIA_ENCODER 改回原来的，或者运行 niangjia build"):
        KnowledgeBase.open(tmp_path / "built", load_encoder(str(place)))


def test_a_folder_without_a_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("no model", "utf-8")
    with pytest.raises(EncoderUnusable, match="请检查 NIANGJIA_ENCODER") as caught:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


def test_editing_one_entry_encodes_that_entry_alone(model: Path, small_sources: Path, tmp_path: Path) -> None:
    counting = Counting(load_encoder(str(model))._model)  # type: ignore[attr-defined]
    encoder = SentenceEncoder("tiny", counting, cache_dir=tmp_path / "cache", parallel=False)
    build(tmp_path / "first", encoder, sources=small_sources)
    assert len(counting.given) > 20
    counting.given.clear()
    build(tmp_path / "again", encoder, sources=small_sources)
    assert counting.given == []
    edited = tmp_path / "sources"
    shutil.copytree(small_sources, edited)
    path = edited / "entries" / "wages.yml"
    topic = yaml.safe_load(path.read_text("utf-8"))
    topic["entries"][0]["answer"] = "先记下欠了多少，再去劳动监察投诉。"
    topic["entries"][0]["wordings"].append("工头卷了钱跑了")
    path.write_text(yaml.safe_dump(topic, allow_unicode=True), "utf-8")
    build(tmp_path / "edited", encoder, sources=edited)
    new = {"工头卷了钱跑了", f"{WAGES[0]}\n先记下欠了多少，再去劳动监察投诉。"}
    assert new <= set(counting.given)
    said = [*WAGES, *topic["entries"][0]["wordings"]]
    # Wordings of one entry are also asked in one breath, to learn from.
    others = [part for text in counting.given if text not in new for part in text.split("，") if part not in said]
    assert others == []
    assert len(counting.given) <= 4
