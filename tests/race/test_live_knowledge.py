"""A newer knowledge base is put in the place of the present one while people ask: nobody's question is lost, every
answer is of one of them from beginning to end, and what nobody uses any more goes."""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as now_set

from actions.scope import TurnScope
from bot import buildable, composition, live_knowledge
from bot.builds import build_part
from bot.composition import Desk, compose
from bot.live_knowledge import KnowledgeWatch
from handoff import suggestions
from knowledge import build
from knowledge.errors import ArtifactMissing
from tests.unit.knowledge.conftest import LABOUR_CONTRACT_LAW, WAGES, entry, small_sources, write_topic
from tests.unit.knowledge.hashing_encoder import HashingEncoder

__all__ = ["small_sources"]

QUESTION = "老板拖欠工资怎么办"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SWAPS, ASKING, ANSWERS_A_SWAP = 12, 3, 6


class Editions:
    """Two editions of the sources, alike but for one entry: what it says, how much it rests on, what is related."""

    def __init__(self, folder: Path, sources: Path, configuration: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._configuration, self._monkeypatch = folder, configuration, monkeypatch
        for name, articles in (("first", ["第三十条"]), ("second", ["第三十条", "第十九条"])):
            shutil.copytree(sources, folder / name)
            citations = [{"law": LABOUR_CONTRACT_LAW, "article_no": number} for number in articles]
            wages = entry(
                "wages", question=WAGES[0], wordings=WAGES[1:], answer=f"{name}：去投诉。", citations=citations
            )
            wages["related"] = {"first": ["probation"], "second": ["union"]}[name]
            write_topic(folder / name / "entries", "wages", [wages])

    def edit(self, name: str) -> None:
        """From now on these are the sources."""
        self._monkeypatch.setattr(build, "SOURCES", self._folder / name)

    def build(self, name: str) -> None:
        """Edit, then what `niangjia build` does."""
        self.edit(name)
        build_part(buildable.buildable_parts(self._configuration)["knowledge"], self._configuration.build_dir)


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation whose encoder takes no time."""
    for module in (buildable, composition):
        monkeypatch.setattr(module, "encoder_of", lambda configuration: HashingEncoder())
    home = tmp_path / "home"
    return replace(now_set.NIANGJIA, home=home, build_dir=home / "build", encoder="hashing")


@pytest.fixture
def editions(
    configuration: Any, small_sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Editions]:
    """The first is built, and holds."""
    both = Editions(tmp_path / "editions", small_sources, configuration, monkeypatch)
    both.build("first")
    yield both
    suggestions._Registered.suggester = None


@pytest.fixture
def desk(configuration: Any, editions: Editions) -> Desk:
    """It has loaded what is built."""
    composed = compose(configuration, clock=lambda: NOW)
    composed.parts.load({"knowledge": composed.loaders()["knowledge"]})
    composed.scopes.open("turn", TurnScope(NOW, uuid4(), 1, "webchat", None))
    return composed


def _call() -> dict[str, Any]:
    message = {"text": QUESTION, "intent": {"name": "ask_question", "confidence": 0.9}, "entities": []}
    user = {"event": "user", "text": QUESTION, "parse_data": message}
    tracker = {"sender_id": "turn", "slots": {}, "latest_message": message, "events": [user]}
    tracker |= {"paused": False, "active_loop": {}}
    return {"next_action": "action_answer", "sender_id": "turn", "tracker": tracker}


class Asking:
    """Threads that ask one question again and again, through the dialogue's action and as a cadre; what they heard."""

    def __init__(self, desk: Desk) -> None:
        self.heard: Queue[str] = Queue()
        self._act, self._over = desk.run_action(), threading.Event()
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(ASKING)]

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def once(self) -> str:
        """All that is shown for the question."""
        reply = asyncio.run(self._act(_call()))["responses"]
        suggested = suggestions.suggest(QUESTION, today=NOW.date())
        # What the two say may be of two editions, each by itself may not.
        return json.dumps([reply, [str(one) for one in suggested]], ensure_ascii=False, default=str)

    def _ask_on(self) -> None:
        while not self._over.is_set():
            try:
                self.heard.put(self.once())
            except Exception as error:
                self.heard.put(repr(error))


def test_while_knowledge_bases_are_swapped_every_question_is_answered_by_one_of_them(
    desk: Desk, editions: Editions
) -> None:
    bases, whole = [weakref.ref(desk.parts.need_knowledge())], {"first": json.loads(Asking(desk).once())}
    editions.build("second")
    with Asking(desk) as asking:
        for number in range(SWAPS):
            name = ("second", "first")[number % 2]
            editions.edit(name)
            assert desk.renew_knowledge()
            bases.append(weakref.ref(desk.parts.need_knowledge()))
            whole.setdefault(name, json.loads(asking.once()))
            for _ in range(ANSWERS_A_SWAP):
                reply, suggested = json.loads(asking.heard.get(timeout=60))
                assert reply in [one[0] for one in whole.values()]
                assert suggested in [one[1] for one in whole.values()]
    assert whole["first"][0] != whole["second"][0]
    assert whole["first"][1] != whole["second"][1]
    gc.collect()
    assert sum(base() is not None for base in bases) <= 2, "what was swapped out is still held"


def test_what_is_still_to_be_built_leaves_the_present_one(desk: Desk, editions: Editions) -> None:
    present = desk.parts.need_knowledge()
    assert not desk.renew_knowledge()
    editions.edit("second")
    assert not desk.renew_knowledge()
    assert desk.parts.need_knowledge() is present
    editions.build("second")
    assert desk.renew_knowledge()
    assert desk.parts.need_knowledge() is not present
    assert not desk.renew_knowledge()


def test_a_running_desk_looks_for_nothing_that_a_newer_program_built(
    configuration: Any, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade lies on the disk already: its code may write what this one would misread."""
    part = buildable.buildable_parts(configuration)["knowledge"]
    before = part.digest()
    shutil.copytree(build.PACKAGE, tmp_path / "newer", ignore=shutil.ignore_patterns("sources", "__pycache__"))
    (tmp_path / "newer" / "ranking.py").write_text("# another way of ranking\n", "utf-8")
    monkeypatch.setattr(build, "PACKAGE", tmp_path / "newer")
    assert part.digest() == before


def test_a_watch_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[Any] = [ArtifactMissing("half"), OSError("gone"), True]
    taken_up = threading.Event()

    def renew() -> bool:
        if not outcomes:
            return False
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        taken_up.set()
        return True

    monkeypatch.setattr(live_knowledge, "LOOK_EVERY_S", 0.01)
    watch = KnowledgeWatch(renew)
    watch.start()
    try:
        assert taken_up.wait(30)
    finally:
        watch.stop()
