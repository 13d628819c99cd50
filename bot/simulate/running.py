"""Running an application of ours in this process: uvicorn in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Final, TypeVar

import uvicorn

from bot.simulate.web import Receive, Scope, Send

T = TypeVar("T")
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_BACKLOG: Final = 1024
_START_WITHIN_S: Final = 20.0
_STOP_WITHIN_S: Final = 10.0


class PortTaken(Exception):
    """Somebody listens there already."""


def listening(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(str(error.strerror)) from error
    listener.listen(_BACKLOG)
    return listener


def server_of(application: App) -> uvicorn.Server:
    """A quiet server for it."""
    config = uvicorn.Config(
        application,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
    )
    return uvicorn.Server(config)


class Running:
    """A served application. `call` runs coroutines in its loop, from any thread."""

    def __init__(self, application: App, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = listening(host, port)
        self.address = "http://{}:{}".format(*self._socket.getsockname()[:2])
        self._server = server_of(application)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def start(self) -> None:
        """Returns when it serves."""
        self._thread.start()
        if not self._up.wait(_START_WITHIN_S):
            raise TimeoutError("the simulator did not start")

    def stop(self) -> None:
        """Returns when it is over."""
        self._server.should_exit = True
        self._thread.join(_STOP_WITHIN_S)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin a coroutine in the simulator's loop."""
        assert self._loop is not None, "not started"
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T], *, within_s: float | None = 60.0) -> T:
        """Run a coroutine there and wait for what it gives."""
        return self.submit(work).result(within_s)

    def _run(self) -> None:
        factory = self._server.config.get_loop_factory()
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._up.set)
        await self._server.serve(sockets=[self._socket])
