"""Originals on the disk: sealed, whole before their row, and gone when nobody may have them any more."""

from __future__ import annotations

import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from handoff import evidence
from handoff.encryption import Unreadable
from handoff.erasure import end_and_clear
from handoff.evidence import EvidenceMissing, Original, keep, open_evidence, path_of, sweep_orphans
from handoff.intake import Inbound, Received, receive_file
from handoff.kinds import AuditAction, CaseState, Medium
from handoff.models import Attachment, AuditRow, Case, Conversation
from handoff.sweeps import SWEEPS
from tests import samples
from tests.desk import TestDesk

SECRET = samples.JPEG + "这是秘密的内容".encode()
ORIGINAL = Original("工资条.jpg", "image/jpeg", Medium.PICTURE, SECRET)


def sends(desk: TestDesk, conversation: Conversation, original: Original = ORIGINAL) -> Received:
    """A worker sends a picture."""
    inbound = Inbound("", f"test:{uuid.uuid4()}", file_name=original.name)
    return receive_file(conversation, inbound, original, screen_rules=desk.desk.rules.screen, now=desk.clock())


def _whole_round(now: datetime) -> int:
    """The sweeps of two days: each folder's turn comes."""
    return sum(sweep_orphans(now=now + timedelta(minutes=10 * turn)) for turn in range(256))


def _made_old(reference: uuid.UUID, now: datetime) -> Path:
    path = path_of(reference)
    at = (now - timedelta(days=2)).timestamp()
    os.utime(path, (at, at))
    return path


def test_an_original_lies_sealed_under_its_reference_for_the_owner_alone(desk: TestDesk) -> None:
    kept = keep(desk.visitor().contact, ORIGINAL)
    path = path_of(kept.reference)
    assert path == Path(settings.HOME, "evidence", kept.reference.hex[:2], f"{kept.reference}.sealed")
    assert SECRET not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_name_and_the_content_do_not_print(desk: TestDesk) -> None:
    kept = keep(desk.visitor().contact, ORIGINAL)
    assert "工资条" not in repr(ORIGINAL) + repr(kept)
    assert "JFIF" not in repr(ORIGINAL) + repr(kept)


def test_a_file_of_one_talk_is_not_found_in_another(desk: TestDesk) -> None:
    attachment = sends(desk, desk.visitor()).message.attachments.get()
    with pytest.raises(EvidenceMissing):
        open_evidence(desk.visitor().pk, attachment.reference, desk.cadre("wang"), now=desk.clock())
    assert not AuditRow.objects.filter(action=AuditAction.EVIDENCE).exists()


def test_a_file_put_in_the_place_of_another_does_not_open(desk: TestDesk) -> None:
    conversation, wang = desk.visitor(), desk.cadre("wang")
    first, second = (sends(desk, conversation).message.attachments.get() for _ in range(2))
    path_of(first.reference).write_bytes(path_of(second.reference).read_bytes())
    with pytest.raises(Unreadable):
        open_evidence(conversation.pk, first.reference, wang, now=desk.clock())
    first.refresh_from_db()
    assert first.opened_at is None


def test_a_missing_original_is_said_to_be_missing_and_the_light_stays(desk: TestDesk) -> None:
    conversation = desk.visitor()
    attachment = sends(desk, conversation).message.attachments.get()
    path_of(attachment.reference).unlink()
    with pytest.raises(EvidenceMissing):
        open_evidence(conversation.pk, attachment.reference, desk.cadre("wang"), now=desk.clock())
    conversation.refresh_from_db()
    assert conversation.unread_since is not None


def test_each_cadre_who_opens_a_file_leaves_one_audit_row_without_words(desk: TestDesk) -> None:
    conversation = desk.visitor()
    attachment = sends(desk, conversation).message.attachments.get()
    wang, li = desk.cadre("wang"), desk.cadre("li")
    for cadre in (wang, wang, li):
        open_evidence(conversation.pk, attachment.reference, cadre, now=desk.clock())
    rows = AuditRow.objects.filter(action=AuditAction.EVIDENCE)
    assert sorted((row.cadre_id, row.subject, row.detail) for row in rows) == [
        (wang.pk, f"attachment:{attachment.pk}", ""),
        (li.pk, f"attachment:{attachment.pk}", ""),
    ]
    attachment.refresh_from_db()
    assert attachment.opened_by == wang


@pytest.mark.django_db(transaction=True)
def test_the_files_go_with_the_contact(transactional_db: None) -> None:
    from tests.desk import make_desk
    from tests.fakes.dialogue import FakeDialogue

    desk = make_desk(FakeDialogue())
    conversation = desk.visitor()
    path = path_of(sends(desk, conversation).message.attachments.get().reference)
    Case.objects.update(state=CaseState.CLOSED)
    Conversation.objects.update(waiting_since=None)
    assert not end_and_clear(conversation, now=desk.clock()).kept
    assert not path.exists()


def test_a_file_whose_transaction_did_not_come_about_is_swept_away_a_day_later(desk: TestDesk) -> None:
    conversation, now = desk.visitor(), desk.clock()
    with transaction.atomic():
        lost = sends(desk, conversation).message.attachments.get().reference
        transaction.set_rollback(True)
    kept = sends(desk, conversation).message.attachments.get().reference
    young = keep(conversation.contact, ORIGINAL).reference
    unfinished = _made_old(keep(conversation.contact, ORIGINAL).reference, now).with_suffix(".part")
    unfinished.with_suffix(".sealed").rename(unfinished)
    _made_old(lost, now)
    _made_old(kept, now)
    os.utime(path_of(young), (now.timestamp() + 2 * 86_400,) * 2)
    assert not Attachment.objects.filter(reference=lost).exists()
    assert _whole_round(now) >= 2
    assert not path_of(lost).exists()
    assert not unfinished.exists()
    assert path_of(kept).exists()
    assert path_of(young).exists()


def test_what_an_erasure_left_behind_is_swept_away(desk: TestDesk) -> None:
    conversation, now = desk.visitor(), desk.clock() + timedelta(days=10)
    reference = sends(desk, conversation).message.attachments.get().reference
    conversation.contact.erase(now=now)
    path = _made_old(reference, now)
    _whole_round(now)
    assert not path.exists()


def test_the_sweep_looks_once_in_ten_minutes_whatever_calls_it(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(desk.visitor().contact, ORIGINAL)
    looked: list[Path] = []
    monkeypatch.setattr(evidence, "_older_than", lambda folder, limit: looked.append(folder) or [])
    now = desk.clock() + timedelta(days=20)
    for second in range(0, 599, 2):
        sweep_orphans(now=now + timedelta(seconds=second))
    assert len(looked) == 1
    sweep_orphans(now=now + timedelta(seconds=600))
    assert len(set(looked)) == 2
    assert sweep_orphans in SWEEPS
