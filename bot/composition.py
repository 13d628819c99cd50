"""The one module that composes the program and passes things in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from actions.scope import Scopes
from bot.alerts.deliverer import AlertDeliverer
from bot.alerts.queues import AlertQueues, alert_deliverers
from bot.buildable import buildable_parts, encoder_of
from bot.builds import PartMissing, folder_of
from bot.channels.doors import Doors, open_doors
from bot.configuration import Configuration
from bot.delivery import Deliverer
from bot.gate import Rush
from bot.inbox.queues import InboxQueues
from bot.live_knowledge import KnowledgeWatch, LiveActions, RunAction
from bot.pace import Pace
from bot.parts import Parts, PartState
from bot.runtime import Runtime
from bot.texts import ANY_QUESTION
from bot.turn_processes.running import TurnProcesses
from bot.turn_work import TurnsRunner, TurnWork
from bot.turns import Turns
from handoff import screening_box, suggestions
from handoff.own_phrases import LiveRules
from handoff.screening.rules import Rules

if TYPE_CHECKING:
    from knowledge.search import KnowledgeBase
    from nlu.engine import DialogueEngine

Clock = Callable[[], datetime]
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
    turn_work: TurnWork
    turn_processes: TurnProcesses | None
    deliverer: Deliverer
    alerts: tuple[AlertDeliverer, ...]
    rush: Rush
    doors: Doors

    def runtime(self) -> Runtime:
        """The background threads, not started."""
        return Runtime(
            self.parts,
            self.turn_processes or self.turn_work,
            self.deliverer,
            alerts=AlertQueues(self.alerts),
            inbox=InboxQueues(
                self.doors.inbox,
                self.doors.media,
                stored=self.doors.stored,
                taken_in=self.doors.replies.taken_in,
                clock=self.clock,
                pollers=self.doors.pollers,
            ),
            held=self.doors.replies.holds,
            watch=self.knowledge_watch(),
            clock=self.clock,
        )

    def knowledge_watch(self) -> KnowledgeWatch:
        """Takes up what is built while this process runs; not started."""
        return KnowledgeWatch(self.renew_knowledge)

    def serving_loaders(self) -> Loaders:
        """`loaders`, with a dialogue that is loaded elsewhere where turns run in processes of their own."""
        if self.turn_processes is None:
            return self.loaders()
        begin, wait = self.turn_processes.begin, self.turn_processes.wait_loaded
        own = dict(self.loaders())

        def begin_then_load(parts: Parts) -> object:
            begin()
            return own["knowledge"](parts)

        return own | {"knowledge": begin_then_load, "dialogue": lambda parts: wait()}

    def load(self) -> None:
        """Load all parts now, in this thread. Raises PartMissing when one was not built."""
        self.parts.load(self.loaders())

    def loaders(self) -> Loaders:
        """How each part is loaded, in order; the imports are slow, so they stand here and not at the top."""
        return {"knowledge": self._load_knowledge, "screening": self._load_screening, "dialogue": self._load_dialogue}

    def renew_knowledge(self) -> bool:
        """Put the knowledge base for what holds now in the place of the loaded one; whether it is another.

        One that is still to be built leaves the loaded one where it is. Raises KnowledgeError, OSError.
        """
        loaded = self.parts.knowledge
        if loaded is None:
            return False
        try:
            folder = self._folder("knowledge")
        except PartMissing:
            return False
        if folder == loaded.folder:
            return False
        self.parts.knowledge = self._open_knowledge(folder)
        return True

    def run_action(self) -> RunAction:
        """What runs the dialogue's actions, over the knowledge base of the moment."""
        return LiveActions(self.parts, self._actions_over).run

    def _actions_over(self, knowledge_base: KnowledgeBase) -> RunAction:
        from actions.compose import build_actions
        from actions.executor import ActionRunner
        from handoff import cases

        actions = build_actions(
            knowledge_base=knowledge_base,
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
        return self._open_knowledge(self._folder("knowledge"))

    def _open_knowledge(self, folder: Path) -> KnowledgeBase:
        """Cadres' suggestions come from it as well, from now on."""
        from bot.suggesting import KnowledgeSuggester
        from knowledge.search import KnowledgeBase

        knowledge_base = KnowledgeBase.open(folder, encoder_of(self.configuration))
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
        engine = DialogueEngine.load(self._folder("dialogue"), self.run_action(), encoder=encoder)
        self._warm_up(parts, engine)
        return engine

    def _warm_up(self, parts: Parts, engine: DialogueEngine) -> None:
        """What the parts put off until they are first asked, seconds in all, no worker is to wait for."""
        engine.understand(ANY_QUESTION)
        if parts.knowledge is not None:
            parts.knowledge.answer(ANY_QUESTION, today=self.clock().date())
        if parts.screening is not None and parts.screening.classifier is not None:
            parts.screening.classifier.screen(ANY_QUESTION)


def compose(configuration: Configuration, *, clock: Clock = timezone.now) -> Desk:
    """A desk over the present database, with nothing loaded but the screening rules."""
    parts, scopes, rules = Parts(), Scopes(), LiveRules(Rules.load())
    doors, rush = open_doors(configuration, rules, clock=clock), Rush()
    turns = Turns(parts, scopes, rules=rules, clock=clock, pace=Pace(most=configuration.answers_per_minute))
    work = TurnWork(turns, threads=configuration.turn_threads, stand_back=rush.stand_back)
    return Desk(
        configuration=configuration,
        clock=clock,
        rules=rules,
        parts=parts,
        scopes=scopes,
        turns=turns,
        turn_work=work,
        turn_processes=_turn_processes(configuration.turn_processes, parts, stand_in=work),
        deliverer=Deliverer(doors.senders, clock=clock),
        alerts=alert_deliverers(configuration, clock=clock),
        rush=rush,
        doors=doors,
    )


def _turn_processes(count: int, parts: Parts, *, stand_in: TurnsRunner) -> TurnProcesses | None:
    def changed(state: PartState) -> None:
        parts.states["dialogue"] = state

    return TurnProcesses(count, stand_in=stand_in, changed=changed) if count else None


@lru_cache(maxsize=1)
def desk() -> Desk:
    """The desk of this process, composed on first use."""
    composed = compose(settings.NIANGJIA)
    screening_box.register(screening_box.Box(composed.rules, composed.screen))
    return composed
