"""Names of processes for leases, and telling whether their owner still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """This process: host, pid and the pid's start time, so that a re-used pid is not mistaken for it."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(owner: str) -> bool:
    """Whether a process of *this* host has surely ended; another host's is judged by its lease alone."""
    host, pid, started = owner.rsplit(":", 2)
    return host == socket.gethostname()[:30] and _started(int(pid)) != started


def _started(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rsplit(")", 1)[1].split()[19]
