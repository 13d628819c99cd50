"""The dialogue engine: a message and the state of the talk in, replies and the new state out.

Rasa is imported when an engine is loaded, not before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nlu import texts
from nlu.certainty import certainty
from nlu.components.encoder_source import lend
from nlu.components.plain_text import without_command
from nlu.errors import ModelMissing, TurnFailed
from nlu.event_loop import EventLoopThread
from nlu.quiet import quieten, without_warnings
from nlu.snapshot import Snapshot
from nlu.turn import Button, EngineReply, Entity, TurnResult, Understanding

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    from knowledge.encoder import Encoder
    from nlu.rasa_parts import TurnTrackers

__all__ = ["Button", "DialogueEngine", "EngineReply", "Entity", "Snapshot", "TurnFailed", "TurnResult", "Understanding"]

MODEL_FILE: Final = "dialogue.tar.gz"
# More than this is read by people, not by the engine.
MOST_READ: Final = 2_000
_NUL: Final = "\0"


class DialogueEngine:
    """Thread-safe. Turns share one event loop in a thread of its own; each is on its own tracker."""

    def __init__(self, agent: Agent, trackers: TurnTrackers) -> None:
        self._processor = agent.processor
        self._domain = agent.domain
        self._trackers = trackers
        self._loop = EventLoopThread("dialogue-engine")

    @classmethod
    def load(
        cls,
        model: Path,
        run_action: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]],
        *,
        encoder: Encoder | None = None,
    ) -> DialogueEngine:
        """Loads the model that `nlu.build` put into the folder; takes seconds. `run_action`: see actions.executor.

        `encoder`: the process's one; without it the model loads its own. Raises ModelMissing, EncoderMismatch.
        """
        file = model / MODEL_FILE
        if not file.is_file():
            raise ModelMissing(str(model))
        quieten()
        with without_warnings(), lend(encoder):
            from rasa.core.agent import Agent

            from nlu.rasa_parts import InProcessEndpoint, TurnTrackers, trust_own_results

            trust_own_results()
            trackers = TurnTrackers()
            agent = Agent.load(file, action_endpoint=InProcessEndpoint(run_action))
            # Agent wraps any store in one that saves to memory when saving fails.
            agent.tracker_store = agent.processor.tracker_store = trackers
            trackers.domain = agent.domain
        return cls(agent, trackers)

    def respond(self, turn: str, text: str, snapshot: Snapshot | None, *, payload: str | None = None) -> TurnResult:
        """One turn; its cost does not grow with the talk. Raises TurnFailed.

        `turn` names it, once; actions see it as the sender id. `payload`: of a button that the desk offered; then
        `text` is only its title.
        """
        before = snapshot or Snapshot()
        readable = _readable(text)
        if payload is None and not readable:
            return TurnResult((EngineReply(texts.NOTHING_SAID),), before, intent="", confidence=0.0)
        return self._loop.run(self._turn(turn, readable, before=before, payload=payload))

    def understand(self, text: str) -> Understanding:
        """What a sentence means by itself."""
        readable = _readable(text)
        if not readable:
            return Understanding(intent="", confidence=0.0, entities=())
        return self._loop.run(self._understand(readable))

    def close(self) -> None:
        """Ends the engine's thread."""
        self._loop.close()

    async def _turn(self, turn: str, text: str, *, before: Snapshot, payload: str | None) -> TurnResult:
        from nlu.rasa_parts import ActionFailed, Collected
        from nlu.trackers import rebuild

        tracker = rebuild(turn, before, self._domain)
        said = Collected()
        self._trackers.begin(tracker)
        try:
            await self._processor.handle_message(await self._message(turn, text, payload=payload, said=said))
        except ActionFailed as failure:
            raise TurnFailed(failure.action) from failure.__cause__
        except Exception as error:
            raise TurnFailed("the dialogue engine") from error
        finally:
            self._trackers.end(turn)
        return _result(tracker, before, said.messages)

    async def _message(self, turn: str, text: str, *, payload: str | None, said: Any) -> UserMessage:
        from rasa.core.channels.channel import UserMessage

        parsed = await self._heard(text) if payload is None else self._parsed(payload)
        return UserMessage(payload or text, output_channel=said, sender_id=turn, parse_data=parsed)

    async def _heard(self, text: str) -> dict[str, Any]:
        """What the classifier makes of a typed text, as far as it can be believed."""
        from rasa.core.channels.channel import UserMessage

        parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(text))
        found = parsed["intent"]
        intent, confidence = certainty().settle(text, found["name"] or "", float(found["confidence"] or 0.0))
        return {**parsed, "intent": {**found, "name": intent, "confidence": confidence}}

    def _parsed(self, payload: str) -> dict[str, Any]:
        """A button's payload is read by Rasa's own rule for `/intent{...}`, past classifier and encoder."""
        from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
        from rasa.shared.nlu.training_data.message import Message

        message = YAMLStoryReader.unpack_regex_message(Message({"text": payload}), self._domain)
        if message.get("intent") is None:
            raise TurnFailed("a button's payload")
        return {"entities": [], **message.as_dict(only_output_properties=True)}

    async def _understand(self, text: str) -> Understanding:
        parsed = await self._heard(text)
        return Understanding(
            intent=parsed["intent"]["name"],
            confidence=parsed["intent"]["confidence"],
            entities=tuple(_entity(found) for found in parsed["entities"]),
        )


def _readable(text: str) -> str:
    """As much of a text as the engine reads, with nothing in it that Rasa would obey."""
    return without_command(text.replace(_NUL, "").strip()[:MOST_READ]).strip()


def _result(tracker: Any, before: Snapshot, messages: list[dict[str, Any]]) -> TurnResult:
    from nlu.trackers import events_of_turn, keep

    replies = tuple(_reply(message) for message in messages if message.get("text"))
    heard = events_of_turn(tracker)[0]
    return TurnResult(
        replies=replies or (EngineReply(texts.NOT_UNDERSTOOD),),
        snapshot=keep(tracker, before),
        intent=heard.intent.get("name") or "",
        confidence=float(heard.intent.get("confidence") or 0.0),
    )


def _reply(message: Mapping[str, Any]) -> EngineReply:
    buttons = tuple(Button(button["title"], button["payload"]) for button in message.get("buttons") or ())
    data = message.get("custom") or {}
    return EngineReply(message["text"], buttons, tuple(data.get("citations") or ()), str(data.get("sureness") or ""))


def _entity(found: Mapping[str, Any]) -> Entity:
    return Entity(found["entity"], str(found["value"]), found["start"], found["end"])
