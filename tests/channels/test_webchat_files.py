"""Voice, pictures, videos and files from the page: kept once and sealed, said to be unread, and screened by their words."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from bot.channels.webchat.files import ADDRESS, uploads
from bot.channels.webchat.news import news_for
from bot.channels.webchat.texts import REFUSALS
from handoff import intake
from handoff.evidence import open_evidence, path_of
from handoff.kinds import CaseKind, MessageKind
from handoff.models import Attachment, Case, Message
from handoff.screening.levels import Level
from tests import samples
from tests.channels.pages import CLEAR, Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db

MARK = "这是秘密的内容".encode()
PICTURE = samples.JPEG + MARK


@pytest.fixture(autouse=True)
def _no_upload_was_counted() -> None:
    uploads.cache_clear()


def send(
    page: Page,
    content: bytes | None,
    *,
    name: str = "照片.jpg",
    kind: str = "image/jpeg",
    client_id: str | None = None,
    text: str = "",
) -> HttpResponse:
    """Send a file as the page does."""
    form = {"id": client_id or str(uuid.uuid4()), "text": text, "name": name}
    if content is not None:
        form["file"] = SimpleUploadedFile("blob", content, content_type=kind)  # type: ignore[assignment]
    return page.client.post(ADDRESS, form, headers={"X-CSRFToken": page.csrf})  # type: ignore[return-value]


def _files() -> list[Path]:
    return [path for path in Path(settings.HOME, "evidence").rglob("*") if path.suffix in (".sealed", ".part")]


def _fixed(page: Page) -> list[str]:
    said = Message.objects.filter(conversation=page.conversation, kind=MessageKind.FIXED)
    return [message.body for message in said.select_related("conversation__contact")]


@pytest.mark.parametrize(("name", "kind", "content", "medium"), samples.GOOD, ids=[row[0] for row in samples.GOOD])
def test_every_kind_of_file_is_kept_and_opens_as_it_was_sent(
    desk: TestDesk, name: str, kind: str, content: bytes, medium: str
) -> None:
    page = Page.begun()
    answer = send(page, content, name=name, kind=kind)
    assert answer.status_code == 201, answer.content.decode()
    message = Message.objects.get(kind=MessageKind.WORKER)
    assert message.medium == medium
    attachment = message.attachments.get()
    assert (attachment.name, attachment.size) == (name, len(content))
    opened = open_evidence(page.conversation.pk, attachment.reference, desk.cadre("wang"), now=desk.clock())
    assert opened.content == content


@pytest.mark.parametrize(("name", "kind", "content"), samples.BAD, ids=[row[0] for row in samples.BAD])
def test_what_no_cadre_could_open_safely_is_refused_in_one_sentence(
    desk: TestDesk, name: str, kind: str, content: bytes
) -> None:
    before = _files()
    answer = send(Page.begun(), content, name=name, kind=kind)
    assert answer.status_code == 415
    assert json.loads(answer.content) == {"code": "file_kind", "words": REFUSALS["file_kind"]}
    assert not Message.objects.exists()
    assert _files() == before


def test_the_worker_reads_that_nobody_has_looked_yet_and_has_a_place_in_the_queue(desk: TestDesk) -> None:
    page = Page.begun()
    send(page, PICTURE)
    conversation = page.conversation
    assert conversation.waiting_since is not None
    assert conversation.unread_since == conversation.waiting_since
    assert conversation.level == Level.ORDINARY
    words = _fixed(page)
    assert len(words) == 1
    assert "自动助手听不懂也看不懂" in words[0]
    assert "110" in words[0]
    assert Case.objects.get(conversation=conversation).kind == CaseKind.HANDOFF


def test_nothing_of_a_file_its_name_or_its_caption_lies_in_plain_on_the_disk(desk: TestDesk) -> None:
    send(Page.begun(), PICTURE, name="李大强的工资条.jpg", text="这是李大强的")
    on_disk = [path.read_bytes() for path in Path(settings.HOME).rglob("*") if path.is_file()]
    assert len(_files()) >= 1
    assert not any(MARK in content or "李大强".encode() in content for content in on_disk)
    attachment = Attachment.objects.get()
    assert "李大强".encode() not in bytes(attachment.name_sealed)


def test_a_large_file_never_becomes_a_temporary_file(desk: TestDesk, tmp_path: Path, settings: object) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "not there")  # type: ignore[attr-defined]
    assert send(Page.begun(), samples.JPEG + bytes(9_000_000)).status_code == 201


def test_a_file_of_more_than_the_setting_is_refused(desk: TestDesk) -> None:
    answer = send(Page.begun(), samples.JPEG + bytes(settings.NIANGJIA.upload_megabytes * 1_048_576))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "file_too_large")
    assert not Message.objects.exists()


def test_the_same_id_twice_is_one_message_with_one_file(desk: TestDesk) -> None:
    page, client_id, before = Page.begun(), str(uuid.uuid4()), len(_files())
    first, second = send(page, PICTURE, client_id=client_id), send(page, PICTURE, client_id=client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert Attachment.objects.count() == 1
    assert len(_files()) == before + 1


def test_two_deliveries_at_the_same_time_leave_one_file(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, client_id, before = Page.begun(), str(uuid.uuid4()), len(_files())
    keep = intake.keep

    def overtaken(*args: object) -> object:  # the other delivery commits while this one writes its file
        monkeypatch.setattr(intake, "keep", keep)
        assert send(page, PICTURE, client_id=client_id).status_code == 201
        return keep(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "keep", overtaken)
    assert send(page, PICTURE, client_id=client_id).status_code == 200
    assert Attachment.objects.count() == 1
    assert len(_files()) == before + 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("照片.jpg", "我不想活了"), ("我不想活了.jpg", ""), ("遗书.pdf", "我不想活了，就写在里面")],
)
def test_danger_in_a_caption_or_a_name_is_answered_and_makes_a_case_at_once(
    desk: TestDesk, name: str, text: str
) -> None:
    page = Page.begun()
    assert send(page, PICTURE, name=name, text=text).status_code == 201
    conversation = page.conversation
    assert conversation.level == Level.CRISIS
    assert conversation.alarm_rings
    assert Case.objects.filter(conversation=conversation, kind=CaseKind.CRISIS).exists()
    words = _fixed(page)
    assert len(words) == 1
    assert "12356" in words[0]
    assert conversation.unread_since is not None
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("content", [b"just text", None, b""], ids=["wrong kind", "too large to send", "empty"])
def test_danger_is_seen_also_when_the_file_itself_is_refused(desk: TestDesk, content: bytes | None) -> None:
    page = Page.begun()
    answer = send(page, content, name="我不想活了.txt")
    assert answer.status_code == 201
    assert json.loads(answer.content)["words"] in REFUSALS.values()
    assert page.conversation.level == Level.CRISIS
    assert "12356" in _fixed(page)[0]
    message = Message.objects.get(kind=MessageKind.WORKER)
    assert message.extras["file_name"] == "我不想活了.txt"
    assert page.conversation.unread_since is None


def test_danger_is_seen_also_when_the_disk_is_full(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("handoff.evidence.os.fsync", full)
    page = Page.begun()
    answer = send(page, PICTURE, text="今天的天气")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (503, "file_not_kept")
    assert not Message.objects.exists()
    assert send(page, PICTURE, text="我不想活了").status_code == 201
    assert page.conversation.level == Level.CRISIS


def test_after_very_many_files_a_talk_is_asked_to_wait_but_danger_is_still_seen(desk: TestDesk) -> None:
    page = Page.begun()
    for _ in range(40):
        uploads().take(str(page.conversation.pk), now=timezone.now())
    answer = send(page, PICTURE)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (429, "many_files")
    assert answer["Retry-After"] == "60"
    danger = send(page, PICTURE, text="我不想活了")
    assert danger.status_code == 201
    assert "再发一次这个文件" in json.loads(danger.content)["words"]
    assert page.conversation.level == Level.CRISIS


def test_a_process_that_dies_between_file_and_commit_leaves_no_row(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, client_id = Page.begun(), str(uuid.uuid4())

    def die(*args: object, **more: object) -> None:
        raise SystemExit

    monkeypatch.setattr(intake, "attach", die)
    with pytest.raises(SystemExit):
        send(page, PICTURE, client_id=client_id)
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()
    monkeypatch.undo()
    assert send(page, PICTURE, client_id=client_id).status_code == 201
    assert path_of(Attachment.objects.get().reference).exists()


def test_the_page_shows_a_sent_file_by_its_name(desk: TestDesk) -> None:
    page = Page.begun()
    send(page, PICTURE, name="../工资条\u202e.jpg", text="就是这张")
    shown = news_for(page.token, after=0, ready=True, now=timezone.now()).messages[0]
    assert (shown["file"], shown["text"]) == ("图片：.._工资条.jpg", "就是这张")


def test_a_form_that_cannot_be_read_gets_a_sentence(desk: TestDesk) -> None:
    page = Page.begun()
    headers = {"X-CSRFToken": page.csrf}
    kind = "multipart/form-data; boundary=x"
    broken = page.client.post(ADDRESS, b"--x\r\nnonsense", content_type=kind, headers=headers)
    assert broken.status_code == 400
    assert json.loads(broken.content)["words"]
    twice = page.client.post(ADDRESS, {"id": str(uuid.uuid4()), "text": "a" * 20_001, "name": "a"}, headers=headers)
    assert (twice.status_code, json.loads(twice.content)["code"]) == (413, "too_long")
    nothing = page.client.post(ADDRESS, {"id": str(uuid.uuid4())}, headers=headers)
    assert (nothing.status_code, json.loads(nothing.content)["code"]) == (400, "no_file")
    assert send(page, PICTURE, client_id="seven").status_code == 400


def test_another_site_or_a_stranger_cannot_send_files(desk: TestDesk) -> None:
    page = Page.begun()
    assert page.client.post(ADDRESS, {"id": str(uuid.uuid4())}).status_code == 403
    assert send(Page(), PICTURE).status_code == 401
    assert not Message.objects.exists()


def test_what_waits_for_a_person_is_kept_when_the_worker_leaves(desk: TestDesk) -> None:
    page = Page.begun()
    send(page, PICTURE)
    assert json.loads(page.post(CLEAR, {}).content) == {"kept": True}
    assert path_of(Attachment.objects.get().reference).exists()


def test_a_picture_with_words_that_ask_nothing_meets_no_dialogue(desk: TestDesk) -> None:
    page = Page.begun()
    send(page, PICTURE, text="我的工资条")
    desk.run(page.conversation)
    assert Message.objects.get(kind=MessageKind.WORKER).answered_at is not None
    assert desk.desk.parts.dialogue.asked == []  # type: ignore[union-attr]


def test_a_question_beside_a_picture_is_answered_with_its_articles(desk: TestDesk) -> None:
    page = Page.begun()
    desk.desk.parts.dialogue.citations = ({"law": "劳动法", "article_no": "第五十条"},)  # type: ignore[union-attr]
    send(page, PICTURE, text="老板拖欠工资怎么办？")
    desk.run(page.conversation)
    assert Message.objects.get(kind=MessageKind.ENGINE).body == "answer to 老板拖欠工资怎么办？"


def test_small_talk_does_not_answer_a_question_about_what_only_a_person_can_see(desk: TestDesk) -> None:
    page = Page.begun()
    send(page, PICTURE, text="这个对吗？")
    desk.run(page.conversation)
    assert not Message.objects.filter(kind=MessageKind.ENGINE).exists()
    assert Message.objects.get(kind=MessageKind.WORKER).answered_at is not None
