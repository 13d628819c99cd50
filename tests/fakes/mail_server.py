"""A mail server on this machine: enough of SMTP (RFC 5321) to take a mail, to refuse it, or to hang up on it."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum


class Mood(StrEnum):
    """What the server does with a mail."""

    TAKES = "takes"
    REFUSES = "refuses"
    HANGS_UP = "hangs up"
    """After the words, before its answer: the sender cannot know."""


@dataclass
class MailServer:
    """`mails`: what was taken, as (address, message)."""

    port: int = 0
    mood: Mood = Mood.TAKES
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    tries: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address."""
        return [message for recipient, message in self.mails if recipient == address]

    @property
    def addresses(self) -> set[str]:
        """Everybody who got a mail."""
        return {recipient for recipient, _ in self.mails}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server."""
    state = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 fake")
            recipients: list[str] = []
            while line := self.rfile.readline():
                verb = line.strip().upper()
                if verb.startswith((b"EHLO", b"HELO")):
                    self.say("250 fake")
                elif verb.startswith(b"MAIL"):
                    state.tries += 1
                    self.say("451 not now" if state.mood == Mood.REFUSES else "250 ok")
                elif verb.startswith(b"RCPT"):
                    recipients.append(line.decode().split("<")[1].split(">")[0])
                    self.say("250 ok")
                elif verb == b"DATA":
                    self.say("354 go on")
                    words = self.words()
                    if state.mood == Mood.HANGS_UP:
                        return
                    message = email.message_from_bytes(words, policy=email.policy.default)
                    state.mails += [(recipient, message) for recipient in recipients]  # type: ignore[misc]
                    self.say("250 taken")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def words(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            return b"".join(lines)

        def say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Talk) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown()
