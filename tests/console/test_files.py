"""Files in the console: who may open them, how they are sent, and the mark in the queue."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from handoff.evidence import Original, path_of
from handoff.intake import Inbound, receive_danger_without_file, receive_file
from handoff.kinds import AuditAction, CadreRole
from handoff.media import recognise
from handoff.models import Attachment, AuditRow, Cadre, Conversation
from handoff.screening.levels import Category, Level
from tests import samples
from tests.console.conftest import PASSWORD, Desk, screen, signed_in

CALM = screen()


def sends(
    desk: Desk, content: bytes, *, name: str = "工资条.jpg", declared: str = "", minutes_ago: float = 0
) -> Attachment:
    """A worker sends a file in a talk of its own."""
    conversation, found = desk.talk(minutes_ago=minutes_ago), recognise(content, declared=declared)
    original = Original(name, found.content_type, found.medium, content)
    inbound = Inbound("", f"test:{uuid.uuid4()}", file_name=name)
    at = desk.now - timedelta(minutes=minutes_ago)
    stored = receive_file(conversation, inbound, original, screen_rules=CALM, now=at)
    return stored.message.attachments.get()


def address(attachment: Attachment) -> str:
    return f"/console/talk/{attachment.message.conversation_id}/file/{attachment.reference}"


def test_a_picture_is_shown_by_itself_and_nothing_else_can_run(desk: Desk, as_wang: Client) -> None:
    answer = as_wang.get(address(sends(desk, samples.JPEG)))
    assert answer.status_code == 200
    assert answer.content == samples.JPEG
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (samples.PDF, "通知书.html", ".html.pdf"),
        (samples.DOCX, "合同.docx", ".docx"),
        (samples.HEIC, "照片.jpg", ".jpg.heic"),
        (samples.AMR, "录音.exe", ".exe.amr"),
    ],
)
def test_all_else_is_saved_under_a_name_that_says_what_it_is(
    desk: Desk, as_wang: Client, content: bytes, name: str, ending: str
) -> None:
    answer = as_wang.get(address(sends(desk, content, name=name)))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith(ending)


def test_a_picture_can_be_saved_too(desk: Desk, as_wang: Client) -> None:
    assert as_wang.get(address(sends(desk, samples.PNG)) + "?save")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-999999", 206, slice(0, None)),
        ("bytes=999999-", 200, slice(None)),
        ("bytes=5-1", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_a_player_gets_the_piece_it_asks_for(
    desk: Desk, as_wang: Client, wanted: str, status: int, part: slice
) -> None:
    answer = as_wang.get(address(sends(desk, samples.M4A)), headers={"Range": wanted})
    assert answer.status_code == status
    assert answer.content == samples.M4A[part]
    if status == 206:
        first, last, _ = part.indices(len(samples.M4A))
        assert answer["Content-Range"] == f"bytes {first}-{last - 1}/{len(samples.M4A)}"


def test_who_may_not_read_the_talk_finds_no_file(desk: Desk, elsewhere: Desk) -> None:
    attachment = sends(desk, samples.JPEG)
    get_user_model().objects.create_user(username="nobody", password=PASSWORD)
    nobody = Client()
    nobody.post("/console/sign-in", {"username": "nobody", "password": PASSWORD})
    accused = desk.cadre("zhao")
    attachment.message.conversation.kept_from.add(accused)
    outsiders = [
        signed_in(elsewhere.cadre("chen")),
        signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR)),
        signed_in(accused),
        nobody,
    ]
    for client in outsiders:
        answer = client.get(address(attachment))
        missing = client.get(f"/console/talk/{attachment.message.conversation_id}/file/{uuid.uuid4()}")
        assert answer.status_code == missing.status_code == 404
        assert answer.content == missing.content
    assert Client().get(address(attachment)).status_code == 302
    assert not AuditRow.objects.filter(action=AuditAction.EVIDENCE).exists()
    attachment.refresh_from_db()
    assert attachment.opened_at is None


def test_a_crisis_talks_files_are_for_those_who_read_crisis_talks(desk: Desk, as_wang: Client, li: Cadre) -> None:
    Cadre.objects.filter(pk=li.pk).update(reads_crisis=True)
    attachment = sends(desk, samples.JPEG)
    Conversation.objects.update(level=Level.CRISIS.value)
    assert as_wang.get(address(attachment)).status_code == 404
    assert signed_in(li).get(address(attachment)).status_code == 200


def test_a_file_is_found_in_its_own_talk_only(desk: Desk, as_wang: Client) -> None:
    attachment, other = sends(desk, samples.JPEG), desk.waiting()
    assert as_wang.get(f"/console/talk/{other.pk}/file/{attachment.reference}").status_code == 404


def test_opening_is_noted_once_and_puts_out_the_light(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    attachment = sends(desk, samples.JPEG)
    for _ in range(2):
        as_wang.get(address(attachment))
    assert AuditRow.objects.filter(action=AuditAction.EVIDENCE, cadre=wang).count() == 1
    assert Conversation.objects.get(pk=attachment.message.conversation_id).unread_since is None


def test_what_no_longer_opens_is_said_in_a_sentence_and_stays_unopened(desk: Desk, as_wang: Client) -> None:
    attachment = sends(desk, samples.JPEG)
    path = path_of(attachment.reference)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    answer = as_wang.get(address(attachment))
    assert answer.status_code == 410
    assert "系统维护" in answer.content.decode()
    path.unlink()
    assert as_wang.get(address(attachment)).status_code == 404
    attachment.refresh_from_db()
    assert attachment.opened_at is None


def test_the_talk_shows_what_came_and_loads_none_of_it_by_itself(desk: Desk, as_wang: Client) -> None:
    attachment = sends(desk, samples.JPEG, name="<b>工资条.jpg")
    page = as_wang.get(f"/console/talk/{attachment.message.conversation_id}").content.decode()
    assert "图片：&lt;b&gt;工资条.jpg" in page
    assert "还没有人打开" in page
    assert f'src="{address(attachment)}/preview" loading="lazy"' in page
    attachment.refresh_from_db()
    assert attachment.opened_at is None


@pytest.mark.parametrize(
    ("content", "declared", "element"),
    [(samples.M4A, "", "<audio"), (samples.MP4, "", "<video"), (samples.PDF, "", "先存到这台设备上")],
)
def test_sound_and_films_have_their_players(
    desk: Desk, as_wang: Client, content: bytes, declared: str, element: str
) -> None:
    attachment = sends(desk, content, declared=declared)
    page = as_wang.get(f"/console/talk/{attachment.message.conversation_id}").content.decode()
    assert element in page
    assert 'preload="none"' in page or element.startswith("先")


def test_a_file_that_was_not_kept_is_named_with_the_reason(desk: Desk, as_wang: Client) -> None:
    conversation = desk.talk()
    inbound = Inbound("", "test:x", extras={"not_kept": "file_kind"}, file_name="遗书.exe")
    danger = screen(Level.CRISIS, Category.FAREWELL)
    assert receive_danger_without_file(conversation.pk, inbound, screen_rules=danger, now=desk.now)
    page = as_wang.get(f"/console/talk/{conversation.pk}").content.decode()
    assert "文件：遗书.exe" in page
    assert "打开不安全" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (samples.AMR, "有语音没听"),
        (samples.JPEG, "有图片没看"),
        (samples.MP4, "有视频没看"),
        (samples.PDF, "有文件没看"),
    ],
)
def test_the_queue_says_what_nobody_has_opened_and_for_how_long(
    desk: Desk, as_wang: Client, content: bytes, words: str
) -> None:
    attachment = sends(desk, content, minutes_ago=12)
    page = as_wang.get("/console/").content.decode()
    assert words in page
    assert "12分钟" in page
    assert "unread-red" in page
    as_wang.get(address(attachment))
    assert words not in as_wang.get("/console/").content.decode()
