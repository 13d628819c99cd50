"""The one module that composes the program and passes things in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from actions.scope import Scopes
from bot.alerts.deliverer import AlertDeliverer
from bot.alerts.queues import AlertQueues, alert_deliverers
from bot.builds import BuildablePart, folder_of
from bot.channels.doors import Doors, open_doors
from bot.configuration import Configuration
from bot.delivery import Deliverer
from bot.gate import Rush
from bot.inbox.queues import InboxQueues
from bot.pace import Pace
from bot.parts import Parts
from bot.runtime import Runtime
from bot.turns import Turns
from handoff import screening_box, suggestions
from handoff.own_phrases import LiveRules
from handoff.screening.rules import Rules

Clock = Callable[[], datetime]
RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Loaders = Mapping[str, Callable[[Parts], object]]


@dataclass(frozen=True)
class Desk:
    """Everything a process of the desk holds, composed once."""

    configuration: Configuration
    clock: Clock
    rules: LiveRules
    parts: Parts
    scopes: Scopes
    turns: Turns
    deliverer: Deliverer
    alerts: tuple[AlertDeliverer, ...]
    rush: Rush
    doors: Doors

    def runtime(self) -> Runtime:
        """The background threads, not started."""
        return Runtime(
            self.parts,
            self.turns,
            self.deliverer,
            turn_threads=self.configuration.turn_threads,
            alerts=AlertQueues(self.alerts),
            inbox=InboxQueues(
                self.doors.inbox,
                self.doors.media,
                stored=self.doors.stored,
                taken_in=self.doors.replies.taken_in,
                clock=self.clock,
                pollers=self.doors.pollers,
            ),
            rush=self.rush,
            held=self.doors.replies.holds,
            clock=self.clock,
        )

    def load(self) -> None:
        """Load all parts now, in this thread. Raises PartMissing when one was not built."""
        self.parts.load(self.loaders())

    def loaders(self) -> Loaders:
        """How each part is loaded, in order; the imports are slow, so they stand here and not at the top."""
        return {"knowledge": self._load_knowledge, "screening": self._load_screening, "dialogue": self._load_dialogue}

    def run_action(self) -> RunAction:
        """What runs the dialogue's actions; the knowledge base must be loaded."""
        from actions.compose import build_actions
        from actions.executor import ActionRunner
        from handoff import cases

        actions = build_actions(
            knowledge_base=self.parts.need_knowledge(),
            scopes=self.scopes,
            case_reader=cases,
            new_case_no=cases.new_case_no,
            union_name=self.configuration.union_name,
        )
        return ActionRunner(actions).run

    def screen(self, text: str) -> screening_box.Layers:
        """What each layer of screening says, for the cadres' test box."""
        read, screener = self.rules.read(text), self.parts.screening
        if screener is None or screener.classifier is None:
            return screening_box.Layers(read.alone, None, read.alone)
        by_classifier = screener.classifier.screen(text, read.whole.level)
        return screening_box.Layers(read.alone, by_classifier, screener.screen(text))

    def _folder(self, part: str) -> Path:
        return folder_of(buildable_parts(self.configuration)[part], self.configuration.build_dir)

    def _load_knowledge(self, parts: Parts) -> object:
        from bot.suggesting import KnowledgeSuggester
        from knowledge.search import KnowledgeBase

        knowledge_base = KnowledgeBase.open(self._folder("knowledge"), encoder_of(self.configuration))
        suggestions.register(KnowledgeSuggester(knowledge_base))
        return knowledge_base

    def _load_screening(self, parts: Parts) -> object:
        from handoff.screening.classifier import Classifier
        from handoff.screening.screener import Screener

        classifier = Classifier.load(self._folder("screening"), encoder_of(self.configuration))
        return Screener(self.rules, classifier)

    def _load_dialogue(self, parts: Parts) -> object:
        from nlu.engine import DialogueEngine

        encoder = encoder_of(self.configuration)
        return DialogueEngine.load(self._folder("dialogue"), self.run_action(), encoder=encoder)


def compose(configuration: Configuration, *, clock: Clock = timezone.now) -> Desk:
    """A desk over the present database, with nothing loaded but the screening rules."""
    parts, scopes, rules = Parts(), Scopes(), LiveRules(Rules.load())
    doors = open_doors(configuration, rules, clock=clock)
    return Desk(
        configuration=configuration,
        clock=clock,
        rules=rules,
        parts=parts,
        scopes=scopes,
        turns=Turns(parts, scopes, rules=rules, clock=clock, pace=Pace(most=configuration.answers_per_minute)),
        deliverer=Deliverer(doors.senders, clock=clock),
        alerts=alert_deliverers(configuration, clock=clock),
        rush=Rush(),
        doors=doors,
    )


@lru_cache(maxsize=1)
def desk() -> Desk:
    """The desk of this process, composed on first use."""
    composed = compose(settings.NIANGJIA)
    screening_box.register(screening_box.Box(composed.rules, composed.screen))
    return composed


@lru_cache(maxsize=1)
def encoder_of(configuration: Configuration) -> Any:
    """The process's one encoder: it is large and shared by knowledge, screening and dialogue."""
    from knowledge.encoder import load_encoder

    return load_encoder(configuration.encoder, cache_dir=configuration.cache_dir)


def buildable_parts(configuration: Configuration) -> dict[str, BuildablePart]:
    """The parts by name, in the order in which they are built."""
    from handoff.screening import build as screening
    from knowledge import build as knowledge
    from knowledge.encoder import encoder_identity
    from nlu import build as dialogue

    name = configuration.encoder
    return {
        "knowledge": BuildablePart(
            "knowledge",
            digest=lambda: knowledge.digest(name),
            build=lambda folder: knowledge.build(folder, encoder=encoder_of(configuration)),
        ),
        "screening": BuildablePart(
            "screening",
            digest=lambda: screening.digest(encoder_name=encoder_identity(name)),
            build=lambda folder: screening.build(folder, encoder=encoder_of(configuration)),
        ),
        "dialogue": BuildablePart(
            "dialogue",
            digest=lambda: dialogue.digest(encoder_name=name),
            build=lambda folder: dialogue.build(folder, encoder_name=name, encoder=encoder_of(configuration)),
        ),
    }
