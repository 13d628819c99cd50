"""The real server as a process of its own, and a worker who talks to it over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

PASSWORD = "a-long-test-password"
READY_WITHIN_S = 180
_NIANGJIA = (sys.executable, "-m", "bot.command.main")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`niangjia serve` with a home and a port of its own; it can be killed and started again."""

    def __init__(self, home: Path, *, database_url: str = "") -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._database_url = database_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; `wait_alive` and `wait_ready` say how far it is."""
        self.home.mkdir(parents=True, exist_ok=True)
        output = open(self.home / "output.txt", "ab")  # noqa: SIM115  closed with the process
        self.process = subprocess.Popen([*_NIANGJIA, "serve"], env=self._environment(), stdout=output, stderr=output)
        output.close()

    def command(self, *arguments: str) -> str:
        """What `niangjia` prints when an operator calls it beside the running server."""
        done = subprocess.run(
            [*_NIANGJIA, *arguments], env=self._environment(), capture_output=True, text=True, check=True
        )
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANGJIA_")}
        environment = kept | {
            "NIANGJIA_HOME": str(self.home),
            "NIANGJIA_PORT": str(self.port),
            "NIANGJIA_BUILD_DIR": str(settings.NIANGJIA.build_dir),
            "NIANGJIA_ADMIN_PASSWORD": PASSWORD,
            "NIANGJIA_ANSWERS_PER_MINUTE": "100000",  # tests write faster than people do
            "NIANGJIA_DATABASE_URL": self._database_url,
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        return environment

    def wait_alive(self, within_s: float = 60) -> float:
        """Seconds until the edges answer."""
        return self._wait("/healthz", within_s)

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> float:
        """Seconds until every part can answer."""
        return self._wait("/readyz", within_s)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as a supervisor would; the exit code."""
        if self.process is None or self.process.poll() is not None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def output(self) -> str:
        """All that the process printed."""
        return (self.home / "output.txt").read_text(encoding="utf-8", errors="replace")

    def _wait(self, path: str, within_s: float) -> float:
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            assert self.process is not None
            assert self.process.poll() is None, self.output()
            try:
                if httpx.get(self.address + path, timeout=5).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{path} not 200 within {within_s} s\n{self.output()}")


@contextmanager
def served(home: Path, *, ready: bool = True) -> Iterator[Served]:
    """A running server, stopped in the end."""
    server = Served(home)
    server.start()
    try:
        server.wait_alive()
        if ready:
            server.wait_ready()
        yield server
    finally:
        server.stop()


class Worker:
    """A worker's page over HTTP: begins, writes, reads the event stream."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)
        page = self._client.get("/").text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        self.csrf_token = token.group(1)
        self._headers = {"X-CSRFToken": self.csrf_token}
        self._after = 0
        assert self._client.post("/chat/begin", headers=self._headers).status_code in (200, 201)

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser would send along."""
        return dict(self._client.cookies)

    def write(self, text: str, *, client_id: str | None = None) -> httpx.Response:
        """Post a message."""
        body = {"id": client_id or str(uuid.uuid4()), "text": text}
        return self._client.post("/chat/messages", json=body, headers=self._headers)

    @contextmanager
    def listening(self, *, within_s: float = 120) -> Iterator[Iterator[dict[str, Any]]]:
        """The messages from the desk as they come, over one open stream."""
        with self._client.stream("GET", f"/chat/stream?after={self._after}", timeout=within_s) as response:
            yield self._messages(response, until=time.monotonic() + within_s)

    def _messages(self, response: httpx.Response, *, until: float) -> Iterator[dict[str, Any]]:
        event = ""
        for line in response.iter_lines():  # a beat at least every 15 s
            if time.monotonic() > until:
                return
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == "message":
                message = json.loads(line[6:])
                self._after = message["position"]
                if message["kind"] != "worker":
                    yield message

    def hear(self, count: int, *, within_s: float = 60) -> list[dict[str, Any]]:
        """The next `count` messages from the desk (the worker's own are left out), read from the stream."""
        heard: list[dict[str, Any]] = []
        with suppress(httpx.ReadTimeout), self.listening(within_s=within_s) as messages:
            for message in messages:
                heard.append(message)
                if len(heard) >= count:
                    break
        return heard
