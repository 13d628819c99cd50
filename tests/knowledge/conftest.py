"""The real knowledge base."""

from pathlib import Path

import pytest
from django.conf import settings

from bot.buildable import encoder_of
from knowledge.encoder import Encoder
from knowledge.search import KnowledgeBase
from tests.built import built


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return encoder_of(settings.NIANGJIA)


@pytest.fixture(scope="session")
def artifact() -> Path:
    return built("knowledge")


@pytest.fixture(scope="session")
def knowledge_base(artifact: Path, encoder: Encoder) -> KnowledgeBase:
    return KnowledgeBase.open(artifact, encoder)
