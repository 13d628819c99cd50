"""`niangjia understand`: the intent and entities of each text in a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.command.arguments import file_arguments
from bot.command.lines import STANDARD, map_lines
from bot.command.loading import loaded_desk, set_up
from bot.texts import COMMAND

if TYPE_CHECKING:
    from nlu.engine import Entity

HELP = COMMAND["help_understand"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--input and --output."""
    file_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Understand and write JSON Lines."""
    set_up()
    engine = loaded_desk("knowledge", "dialogue").parts.need_dialogue()

    def work(text: str) -> Mapping[str, Any]:
        understood = engine.understand(text)
        return {
            "intent": understood.intent,
            "confidence": round(understood.confidence, 4),
            "entities": [_entity(entity) for entity in understood.entities],
        }

    try:
        map_lines(options.input or STANDARD, options.output, field="text", of=str, work=work)
    finally:
        engine.close()
    return 0


def _entity(entity: Entity) -> dict[str, Any]:
    return {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
