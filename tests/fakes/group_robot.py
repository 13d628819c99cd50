"""A WeCom group robot on this machine: answers 200 with an `errcode`, as the real one does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class GroupRobot:
    """`posts`: the bodies that were taken. `errcode` other than 0 refuses; `status` other than 200 fails."""

    url: str = ""
    errcode: int = 0
    status: int = 200
    posts: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0

    @property
    def words(self) -> list[str]:
        """What the group has read."""
        return [str(post["text"]["content"]) for post in self.posts]


@contextmanager
def group_robot() -> Iterator[GroupRobot]:
    """A running robot."""
    state = GroupRobot()

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.tries += 1
            if state.status == 200 and state.errcode == 0:
                state.posts.append(body)
            answer = json.dumps({"errcode": state.errcode, "errmsg": "said by the robot"}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Robot) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}/cgi-bin/webhook/send?key=a-secret-key"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown()
