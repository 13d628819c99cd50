"""The trained model, the built knowledge base and the real actions, loaded once for all conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from actions.scope import Scopes
from nlu.engine import DialogueEngine
from tests.built import built
from tests.dialogue.talk import Talk
from tests.fakes.case_reader import FakeCaseReader

if TYPE_CHECKING:
    from knowledge.encoder import Encoder
    from knowledge.search import KnowledgeBase


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    from bot.buildable import encoder_of

    loaded: Encoder = encoder_of(settings.NIANGJIA)
    return loaded


@pytest.fixture(scope="session")
def knowledge_base(encoder: Encoder) -> KnowledgeBase:
    from knowledge.search import KnowledgeBase

    return KnowledgeBase.open(built("knowledge"), encoder)


@pytest.fixture(scope="session")
def scopes() -> Scopes:
    return Scopes()


@pytest.fixture(scope="session")
def cases() -> FakeCaseReader:
    return FakeCaseReader()


@pytest.fixture(scope="session")
def engine(
    encoder: Encoder, knowledge_base: KnowledgeBase, scopes: Scopes, cases: FakeCaseReader
) -> Iterator[DialogueEngine]:
    engine = load_engine(knowledge_base, scopes, encoder=encoder, cases=cases)
    yield engine
    engine.close()


def load_engine(
    knowledge_base: KnowledgeBase, scopes: Scopes, *, encoder: Encoder, cases: FakeCaseReader
) -> DialogueEngine:
    """The trained dialogue over a knowledge base. The caller closes it."""
    from actions.compose import build_actions
    from actions.executor import ActionRunner

    numbers = count(261121000001)
    actions = build_actions(knowledge_base, scopes, case_reader=cases, new_case_no=lambda: str(next(numbers)))
    return DialogueEngine.load(built("dialogue"), ActionRunner(actions).run, encoder=encoder)


@pytest.fixture
def talk(engine: DialogueEngine, scopes: Scopes) -> Talk:
    return Talk(engine, scopes)


@pytest.fixture
def new_talk(engine: DialogueEngine, scopes: Scopes) -> Callable[..., Talk]:
    """Further talks in the same test; takes what Talk takes."""
    return lambda **given: Talk(engine, scopes, **given)
