"""A worker's browser for tests: the page's own requests through Django's client, and the events of its stream."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpResponse
from django.test import AsyncClient, Client

from bot.channels.webchat import sessions
from handoff.models import Conversation

BEGIN, MESSAGES, STREAM, CLEAR = "/chat/begin", "/chat/messages", "/chat/stream", "/chat/clear"


class Page:
    """One browser with its cookies. CSRF is checked as in life."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        html = self.client.get("/").content.decode()
        found = re.search(r'name="csrf-token" content="([^"]+)"', html)
        assert found is not None
        self.csrf = found.group(1)

    @classmethod
    def begun(cls) -> Page:
        """A page whose notice was accepted."""
        page = cls()
        assert page.begin().status_code == 201
        return page

    def begin(self) -> HttpResponse:
        """Accept the notice."""
        return self.post(BEGIN, {})

    def write(self, text: object, *, client_id: object = None, **more: Any) -> HttpResponse:
        """Send a message as the page does."""
        return self.post(MESSAGES, {"id": client_id or str(uuid.uuid4()), "text": text, **more})

    def post(self, address: str, body: object) -> HttpResponse:
        """Any JSON."""
        return self.post_raw(address, json.dumps(body).encode())

    def post_raw(self, address: str, body: bytes) -> HttpResponse:
        """Any bytes."""
        return self.client.post(address, body, content_type="application/json", headers={"X-CSRFToken": self.csrf})  # type: ignore[return-value]

    @property
    def token(self) -> str:
        """The session's token."""
        return self.client.cookies[sessions.COOKIE].value

    @property
    def conversation(self) -> Conversation:
        """Its conversation."""
        from django.utils import timezone

        return sessions.find(self.token, now=timezone.now()).conversation


class Stream:
    """The open event stream of a page; `await anext(stream)` gives (event, data, id)."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self._content = content
        self._events = self._parsed()

    @classmethod
    async def of(cls, page: Page, *, last_event_id: int | None = None, **query: str) -> Stream:
        """Connect anew with a query, or like a browser's reconnect with a Last-Event-ID."""
        client = AsyncClient()
        client.cookies = page.client.cookies
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        response = await client.get(STREAM, query, headers=headers)
        assert response.status_code == 200, response.status_code
        return cls(aiter(response.streaming_content))

    async def until(self, event: str) -> dict[str, Any]:
        """The data of the next such event."""
        async for name, data, _ in self._events:
            if name == event:
                return data
        raise AssertionError(f"the stream ended before {event}")

    async def missed(self) -> list[tuple[int, str]]:
        """(id, text) of the messages that come before the first standing."""
        messages = []
        async for name, data, place in self._events:
            if name == "message":
                assert place is not None
                messages.append((place, data["text"]))
            if name == "standing":
                return messages
        raise AssertionError("the stream ended")

    async def close(self) -> None:
        """Go away, as a closed tab does."""
        await self._content.aclose()  # type: ignore[attr-defined]

    async def _parsed(self) -> AsyncIterator[tuple[str, dict[str, Any], int | None]]:
        async for chunk in self._content:
            fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
            if "event" in fields:
                place = int(fields["id"]) if "id" in fields else None
                yield fields["event"], json.loads(fields["data"]), place
