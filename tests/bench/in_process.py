"""The dialogue engine alone: ours, and the same model served by stock `rasa run` beside it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from actions.scope import Scopes, TurnScope
from bot.composition import Desk
from nlu.engine import MODEL_FILE, DialogueEngine
from tests.bench.figures import early_and_late
from tests.bench.questions import questions
from tests.served import free_port

TALKS, TURNS = 3, 304


def _scope() -> TurnScope:
    return TurnScope(
        now=datetime.now(UTC), contact_id=uuid.uuid4(), conversation_id=0, channel="terminal", province=None
    )


def measure_engine(engine: DialogueEngine, scopes: Scopes) -> dict[str, Any]:
    """Turn times inside the engine, snapshots carried along as the desk does."""
    talks = []
    for number in range(TALKS):
        snapshot, times = None, []
        for turn, text in zip(range(TURNS), questions(), strict=False):
            name = f"bench-{number}-{turn}"
            scopes.open(name, _scope())
            began = time.perf_counter()
            snapshot = engine.respond(name, text, snapshot).snapshot
            times.append(time.perf_counter() - began)
            scopes.close(name)
        talks.append(times)
    return early_and_late(talks)


class StockActions(BaseHTTPRequestHandler):
    """An action server for stock Rasa: the same actions, over HTTP as Rasa expects them."""

    run_action: Any
    scopes: Scopes

    def do_POST(self) -> None:
        """POST /webhook with Rasa's payload."""
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.scopes.open(payload["sender_id"], _scope())
        try:
            body = json.dumps(asyncio.run(type(self).run_action(payload))).encode()
        finally:
            self.scopes.close(payload["sender_id"])
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def measure_stock(desk: Desk, model: Path, run_action: Any, folder: Path) -> dict[str, Any]:
    """The same model, questions and actions through `rasa run` and its REST channel."""
    handler = type("Handler", (StockActions,), {"run_action": staticmethod(run_action), "scopes": desk.scopes})
    actions = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=actions.serve_forever, daemon=True).start()
    port = free_port()
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions.server_port}/webhook\n")
    (folder / "credentials.yml").write_text("rest:\n")
    command = [str(Path(sys.executable).with_name("rasa")), "run", "--model", str(model / MODEL_FILE)]
    command += ["--port", str(port), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "RASA_TELEMETRY_ENABLED": "false"}
    with open(folder / "rasa.log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        return _stock_talks(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)
        actions.shutdown()


def _stock_talks(address: str, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    began = time.monotonic()
    while not _answers(address):
        assert process.poll() is None, "rasa run ended"
        assert time.monotonic() - began < 180, "rasa run did not start"
        time.sleep(0.5)
    ready = time.monotonic() - began
    talks = []
    with httpx.Client(base_url=address, timeout=60) as client:
        for number in range(TALKS):
            times = []
            for text, _ in zip(questions(), range(TURNS), strict=False):
                started = time.perf_counter()
                sent = client.post("/webhooks/rest/webhook", json={"sender": f"stock-{number}", "message": text})
                times.append(time.perf_counter() - started)
                assert sent.json(), "stock rasa said nothing"
            talks.append(times)
    return {"ready_s": round(ready, 1), "turn": early_and_late(talks)}


def _answers(address: str) -> bool:
    try:
        return httpx.get(address + "/", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
