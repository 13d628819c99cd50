"""A browser, and the chat page served to it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from django.core.asgi import get_asgi_application
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from bot import composition
from bot.parts import PartState
from tests.channels.site import CHROMIUM, Site
from tests.desk import make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.served import free_port


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def site(transactional_db: None, browser: Browser) -> Iterator[Site]:
    desk = make_desk(FakeDialogue())
    served = composition.desk()
    before = dict(served.parts.states)
    served.parts.states.update(dict.fromkeys(before, PartState.READY))
    port = free_port()
    config = uvicorn.Config(
        get_asgi_application(), port=port, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Site(f"http://127.0.0.1:{port}/", desk, browser)
    for context in browser.contexts:
        context.close()
    server.should_exit = True
    thread.join()
    served.parts.states.update(before)
    connections.close_all()
