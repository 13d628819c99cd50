"""Turn processes of a desk that is to be killed: forks of a process without threads, which die where they are told to.

The process from which they are forked is made before the desk has threads; it ends with the desk. The first of them dies
at the ordered point; then another one takes its place for a moment, and then the whole desk is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

# The desk lives on without the one that died, and with the next.
LIVES_ON_S = 1.5

Serve = Callable[[socket.socket, bool], int]


@dataclass
class Born:
    """One of them, as the desk sees it; see `bot.turn_processes.running.Process`."""

    pid: int
    over: socket.socket

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code."""
        self.over.settimeout(timeout)
        return int(self.over.recv(20))

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """`serve(end, is_first)` runs in each of them and gives its exit code."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._desk = os.getpid()
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            self._asking.close()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            with contextlib.suppress(OSError):
                self._bear(asked)
            os._exit(0)
        asked.close()

    def spawn(self, end: socket.socket) -> Born:
        """See `bot.turn_processes.running.Spawn`."""
        over, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._asking, [b"."], [end.fileno(), theirs.fileno()])
        return Born(int(over.recv(20)), over)

    def _bear(self, asked: socket.socket) -> None:
        """One after the other: a desk begins another one when the last has ended."""
        is_first = True
        while (received := socket.recv_fds(asked, 1, 2))[0]:
            end, over = (socket.socket(fileno=number) for number in received[1])
            pid = os.fork()
            if pid == 0:
                asked.close()
                over.close()
                self._live(end, is_first=is_first)
            end.close()
            over.send(str(pid).encode())
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with contextlib.suppress(OSError):
                over.send(str(code).encode())
            over.close()
            if code == -signal.SIGKILL and is_first:
                threading.Timer(LIVES_ON_S, os.kill, (self._desk, signal.SIGKILL)).start()
            is_first = False

    def _live(self, end: socket.socket, *, is_first: bool) -> NoReturn:
        code = 1
        try:
            code = self._serve(end, is_first)
        finally:
            os._exit(code)
