"""The line between the serving process and a process that runs turns: wake-ups both ways, never words.

What the other side does not read in time is dropped: the sweeps find what it would have told. When one side ends,
however it ends, the other one reads the end of the line.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final, NamedTuple

from handoff.wakeups import Topic

LOADED: Final = "loaded"
# What a turn comes to concerns those who deliver, show and ring.
OF_A_TURN: Final = (Topic.OUTBOUND, Topic.VISIBLE, Topic.QUEUE, Topic.ALERT)


class News(NamedTuple):
    """A topic with a row's id, or LOADED with 1 (all parts) or 0 (some part is missing)."""

    about: str
    number: int


class Link:
    """One end. Any thread may tell; one thread listens."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._lock = threading.Lock()

    def tell(self, about: str, number: int) -> None:
        """Returns at once; what cannot be told is dropped."""
        line = f"{about} {number}\n".encode()
        with self._lock, contextlib.suppress(OSError):
            self._end.send(line, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)

    def news(self) -> Iterator[News]:
        """What the other side tells, until it ends."""
        with contextlib.suppress(OSError):
            while line := self._end.recv(200):
                about, _, number = line.decode("ascii").strip().partition(" ")
                yield News(about, int(number))

    def close(self) -> None:
        """The other side reads the end."""
        with contextlib.suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)
        self._end.close()


def ends() -> tuple[socket.socket, socket.socket]:
    """Both ends of a new line; each line sent arrives whole or not at all."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
