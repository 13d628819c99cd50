"""Storing what the page sends: once, sealed, as typed; and a sentence for every kind of nonsense."""

from __future__ import annotations

import json
import logging
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bot.channels.webchat.refusals import Reason, Refused, answers_in_words
from bot.channels.webchat.texts import REFUSALS
from handoff.kinds import MessageKind
from handoff.models import Contact, Message
from handoff.screening.levels import Level
from tests.channels.pages import BEGIN, CLEAR, MESSAGES, Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db

SECRET = "老板李大强欠我三个月工资"


def _dump() -> bytes:
    """Every value of every table of ours, as bytes."""
    values = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            values += [value for row in cursor.fetchall() for value in row]
    return b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in values)


def test_a_message_is_stored_as_typed_and_nothing_of_it_can_be_read_in_the_database(desk: TestDesk) -> None:
    page = Page.begun()
    typed = f"  {SECRET}\n\n求助🙏  "
    response = page.write(typed)
    assert response.status_code == 201
    assert Message.objects.get(kind=MessageKind.WORKER).body == typed
    for words in (SECRET, "李大强", SECRET[-6:], "求助🙏"):
        assert words.encode() not in _dump()


def test_nothing_of_a_message_is_logged(desk: TestDesk, caplog: pytest.LogCaptureFixture) -> None:
    page = Page.begun()
    with caplog.at_level(logging.DEBUG):
        page.write(SECRET)
        page.post_raw(MESSAGES, f'{{"id": "{SECRET}", "text": '.encode())
        page.write("\0" + SECRET)
    assert not any("李大强" in str(record.__dict__) for record in caplog.records)


def test_a_repeated_client_id_gives_the_same_message_and_the_same_body(desk: TestDesk) -> None:
    page, client_id = Page.begun(), str(uuid.uuid4())
    first, second = page.write(SECRET, client_id=client_id), page.write(SECRET, client_id=client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert json.loads(first.content)["position"] == 1
    assert Message.objects.filter(kind=MessageKind.WORKER).count() == 1


def test_the_same_client_id_of_another_visitor_is_another_message(desk: TestDesk) -> None:
    client_id = str(uuid.uuid4())
    assert Page.begun().write("甲", client_id=client_id).status_code == 201
    assert Page.begun().write("乙", client_id=client_id).status_code == 201


def test_a_client_id_in_capitals_is_the_same_client_id(desk: TestDesk) -> None:
    page, client_id = Page.begun(), str(uuid.uuid4())
    page.write("一", client_id=client_id)
    assert page.write("一", client_id=client_id.upper()).status_code == 200


def test_danger_is_answered_with_fixed_words_in_the_same_transaction(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("我不想活了")
    conversation = page.conversation
    assert conversation.level == Level.CRISIS
    assert "12356" in Message.objects.get(conversation=conversation, kind=MessageKind.FIXED).body


def test_danger_is_noticed_while_the_desk_is_still_getting_ready(desk: TestDesk) -> None:
    from bot.composition import desk as served_desk

    assert not served_desk().parts.ready
    page = Page.begun()
    page.write("我在楼顶，不给钱我就跳下去")
    assert page.conversation.level == Level.CRISIS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"[]", Reason.NOT_JSON),
        (b'"hello"', Reason.NOT_JSON),
        (b"\xff\xfe", Reason.NOT_JSON),
        (b"[" * 100_000, Reason.NOT_JSON),
        (b'{"text": "a"}', Reason.BAD_ID),
        (b'{"id": 7, "text": "a"}', Reason.BAD_ID),
        (b'{"id": "seven", "text": "a"}', Reason.BAD_ID),
        (b'{"id": ["a"], "text": "a"}', Reason.BAD_ID),
        (b'{"id": "%s"}', Reason.NOT_TEXT),
        (b'{"id": "%s", "text": null}', Reason.NOT_TEXT),
        (b'{"id": "%s", "text": {"a": 1}}', Reason.NOT_TEXT),
        (b'{"id": "%s", "text": "  \\n "}', Reason.EMPTY),
        (b'{"id": "%s", "text": "a\\u0000b"}', Reason.UNREADABLE_TEXT),
        (b'{"id": "%s", "text": "a\\ud800b"}', Reason.UNREADABLE_TEXT),
        (b'{"id": "%s", "text": "a", "choice": 3}', Reason.BAD_CHOICE),
        (b'{"id": "%s", "text": "a", "choice": {"message": "x", "index": 0}}', Reason.BAD_CHOICE),
        (b'{"id": "%s", "text": "a", "choice": {"message": "%s", "index": true}}', Reason.BAD_CHOICE),
        (b'{"id": "%s", "text": "a", "choice": {"message": "%s", "index": -1}}', Reason.BAD_CHOICE),
        (b'{"id": "%s", "text": "a", "choice": {"message": "%s", "index": 0}}', Reason.BAD_CHOICE),
    ],
)
def test_nonsense_gets_one_clear_sentence(desk: TestDesk, body: bytes, reason: Reason) -> None:
    response = Page.begun().post_raw(MESSAGES, body.replace(b"%s", str(uuid.uuid4()).encode()))
    assert response.status_code == reason.status
    assert json.loads(response.content) == {"code": reason.code, "words": REFUSALS[reason.code]}
    assert not Message.objects.exists()


def test_20000_characters_are_taken_and_one_more_is_refused(desk: TestDesk) -> None:
    page = Page.begun()
    assert page.write("字" * 20_000).status_code == 201
    response = page.write("字" * 20_001)
    assert (response.status_code, json.loads(response.content)["code"]) == (413, "too_long")


def test_a_body_of_more_than_one_and_a_half_megabytes_is_refused(desk: TestDesk) -> None:
    response = Page.begun().post_raw(MESSAGES, b" " * 1_500_001)
    assert (response.status_code, json.loads(response.content)["code"]) == (413, "too_large")


def test_requests_of_other_sites_are_refused(desk: TestDesk) -> None:
    page = Page.begun()
    for address in (BEGIN, MESSAGES, CLEAR):
        assert page.client.post(address, b"{}", content_type="application/json").status_code == 403


def test_an_error_inside_becomes_a_sentence_with_a_reference_and_is_logged_without_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @answers_in_words
    def broken(request: object) -> None:  # type: ignore[arg-type]
        raise ValueError(SECRET)

    response = broken(None)  # type: ignore[arg-type]
    words = json.loads(response.content)["words"]
    assert response.status_code == 500
    reference = words.rstrip("。").rsplit(" ", 1)[1]
    assert reference in caplog.text
    assert "李大强" not in caplog.text + words


def test_every_reason_has_its_sentence() -> None:
    assert {reason.code for reason in Reason} == set(REFUSALS)
    assert str(Refused(Reason.STALE)) == "stale"


class TestChoices:
    """Tapped buttons."""

    def _offer(self, desk: TestDesk, page: Page, *, titles: tuple[str, ...] = ("是", "不是")) -> Message:
        from handoff.outbox import say

        buttons = [{"title": title, "payload": f"/secret_{title}"} for title in titles]
        conversation = page.conversation
        message = say(conversation, MessageKind.ENGINE, "对吗？", now=desk.clock(), extras={"buttons": buttons})
        desk.desk.deliverer.run(conversation.pk)
        return message

    def test_a_tapped_button_is_kept_with_the_message(self, desk: TestDesk) -> None:
        page = Page.begun()
        offer = self._offer(desk, page)
        choice = {"message": str(offer.reference), "index": 1}
        assert page.write("不是", choice=choice).status_code == 201
        assert Message.objects.get(kind=MessageKind.WORKER).extras == {"choice": choice}

    def test_a_button_that_was_not_offered_is_refused(self, desk: TestDesk) -> None:
        page = Page.begun()
        offer = self._offer(desk, page)
        for text, index in (("也许", 2), ("是", 1)):
            response = page.write(text, choice={"message": str(offer.reference), "index": index})
            assert response.status_code == 400

    def test_somebody_elses_button_is_refused(self, desk: TestDesk) -> None:
        offer = self._offer(desk, Page.begun())
        response = Page.begun().write("是", choice={"message": str(offer.reference), "index": 0})
        assert response.status_code == 400
        assert not Message.objects.filter(kind=MessageKind.WORKER).exists()


def test_the_log_file_of_this_run_holds_no_words(desk: TestDesk) -> None:
    Page.begun().write(SECRET)
    logs = Path(settings.HOME, "logs").glob("*")
    assert not any("李大强".encode() in log.read_bytes() for log in logs)
    assert Contact.objects.exists()
