"""Where a message came from is kept sealed with it, and shown to nobody who does not break the glass."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse

from bot.channels.webchat import files
from handoff.kinds import MessageKind
from handoff.models import Message
from tests.channels.pages import MESSAGES, Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db
FROM = {"REMOTE_ADDR": "203.0.113.9", "REMOTE_PORT": "51044"}
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def writes(page: Page, text: str = "你好", **environment: Any) -> HttpResponse:
    body = json.dumps({"id": str(uuid.uuid4()), "text": text})
    csrf = {"HTTP_X_CSRFTOKEN": page.csrf}
    return page.client.post(MESSAGES, body, content_type="application/json", **csrf, **environment)  # type: ignore[return-value]


def kept() -> Any:
    stored = Message.objects.select_related("conversation__contact").filter(kind=MessageKind.WORKER).latest("pk")
    return stored.extras.get("network")


def test_address_and_port_are_kept_with_a_message(desk: TestDesk) -> None:
    assert writes(Page.begun(), **FROM).status_code == 201
    assert kept() == {"ip": "203.0.113.9", "port": 51044}


def test_they_are_kept_beside_a_danger_that_was_noticed(desk: TestDesk) -> None:
    writes(Page.begun(), "我不想活了", **FROM)
    stored = Message.objects.select_related("conversation__contact").get(kind=MessageKind.WORKER)
    assert stored.extras["network"]["port"] == 51044
    assert stored.extras["triggers"]


def test_they_are_kept_with_a_file(desk: TestDesk) -> None:
    page = Page.begun()
    form = {"id": str(uuid.uuid4()), "file": SimpleUploadedFile("a.png", PICTURE, content_type="image/png")}
    page.client.post(files.ADDRESS, form, HTTP_X_CSRFTOKEN=page.csrf, **FROM)  # type: ignore[arg-type]
    assert kept() == {"ip": "203.0.113.9", "port": 51044}


def test_behind_a_proxy_the_port_is_what_the_proxy_tells(desk: TestDesk) -> None:
    writes(Page.begun(), REMOTE_ADDR="2001:db8::7", REMOTE_PORT=0, HTTP_X_CLIENT_PORT="40123")
    assert kept() == {"ip": "2001:db8::7", "port": 40123}


def test_without_a_proxy_nobody_else_tells_the_port(desk: TestDesk) -> None:
    writes(Page.begun(), **FROM, HTTP_X_CLIENT_PORT="1")
    assert kept()["port"] == 51044


@pytest.mark.parametrize("port", ["", "70000", "1234567", "x", "-1"])
def test_a_port_that_is_none_is_not_known(desk: TestDesk, port: str) -> None:
    writes(Page.begun(), REMOTE_ADDR="203.0.113.9", REMOTE_PORT=0, HTTP_X_CLIENT_PORT=port)
    assert kept() == {"ip": "203.0.113.9", "port": 0}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_an_address_of_this_machine_says_nothing(desk: TestDesk, address: str) -> None:
    writes(Page.begun(), REMOTE_ADDR=address)
    assert kept() is None


def test_no_address_stands_in_the_database_in_plain(desk: TestDesk) -> None:
    writes(Page.begun(), **FROM)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert b"203.0.113.9" not in raw, table
