"""`niangjia chat`: the same conversation in a terminal; a cadre can take it over in the console."""

from __future__ import annotations

import argparse
import sys
import threading
from typing import TYPE_CHECKING, Any

from bot.command.loading import loaded_desk, note, set_up
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.command.conversation import LocalConversation
    from handoff.models import Message

HELP = COMMAND["help_chat"]
_LOOK_EVERY_S = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Talk until the end of input."""
    set_up()
    from bot.command.conversation import LocalConversation
    from bot.command.serve import prepare_database

    note(COMMAND["chat_loading"])
    desk = loaded_desk()
    conversation = LocalConversation(desk, prepare_database(desk.configuration))
    note(COMMAND["chat_begins"])
    listening = _Listener(conversation)
    listening.start()
    try:
        for line in sys.stdin:
            if text := line.strip():
                with listening.lock:
                    conversation.write(_chosen(listening.buttons, text))
                    listening.show()
    finally:
        listening.stop()
        desk.parts.need_dialogue().close()
    return 0


def _chosen(buttons: list[str], text: str) -> str:
    """A number stands for the button of that number."""
    if text.isdigit() and 1 <= int(text) <= len(buttons):
        return buttons[int(text) - 1]
    return text


class _Listener:
    """Prints what the desk or a cadre says, also while the person types."""

    def __init__(self, conversation: LocalConversation) -> None:
        self._conversation = conversation
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.lock = threading.Lock()
        self.buttons: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def show(self) -> None:
        for message in self._conversation.heard():
            print(_as_text(message), flush=True)
            self.buttons = [button["title"] for button in message.extras.get("buttons", [])]

    def _listen(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            with self.lock:
                self.show()


def _as_text(message: Message) -> str:
    extras: dict[str, Any] = message.extras
    speaker = message.cadre.display_name if message.cadre else COMMAND[f"speaker_{message.kind}"]
    lines = [f"{speaker}：{message.body}"]
    citations = extras.get("citations", [])
    lines += [COMMAND["citation"].format(law=row["law"], article_no=row["article_no"]) for row in citations]
    lines += [f"  [{number}] {button['title']}" for number, button in enumerate(extras.get("buttons", []), start=1)]
    return "\n".join(lines)
