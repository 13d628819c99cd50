"""The real knowledge base, built once a session. Encodings come from the machine's cache, so only the first run is long."""

import os
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.encoder import Encoder, load_encoder
from knowledge.search import KnowledgeBase


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    base = os.environ.get("XDG_CACHE_HOME")
    return load_encoder(cache_dir=(Path(base) if base else Path.home() / ".cache") / "niangjia")


@pytest.fixture(scope="session")
def artifact(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("knowledge") / "artifact"
    build(target, encoder)
    return target


@pytest.fixture(scope="session")
def knowledge_base(artifact: Path, encoder: Encoder) -> KnowledgeBase:
    return KnowledgeBase.open(artifact, encoder)
