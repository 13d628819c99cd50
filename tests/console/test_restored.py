"""After a restore every cadre reads on every page which span of time is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from handoff.restored import FILE_NAME
from tests.desk import TestDesk


@pytest.fixture
def record() -> Iterator[Path]:
    path = settings.NIANGJIA.home / FILE_NAME
    yield path
    path.unlink(missing_ok=True)


def _page(desk: TestDesk) -> str:
    client = Client()
    client.force_login(desk.cadre("王敏").user)
    return client.get("/console/").content.decode()


def test_cadres_are_told_of_the_missing_span_for_a_week(desk: TestDesk, record: Path) -> None:
    at = timezone.now() - timedelta(days=2)
    row = {"backup_at": (at - timedelta(hours=9)).isoformat(), "at": at.isoformat()}
    record.write_text(json.dumps(row) + "\n", encoding="utf-8")
    page = _page(desk)
    assert "数据是从备份恢复的" in page
    assert timezone.localtime(at).strftime("%-m月%-d日 %H:%M") in page


def test_after_a_week_and_without_a_restore_nothing_is_said(desk: TestDesk, record: Path) -> None:
    at = timezone.now() - timedelta(days=8)
    record.write_text(json.dumps({"backup_at": at.isoformat(), "at": at.isoformat()}) + "\n", encoding="utf-8")
    assert "数据是从备份恢复的" not in _page(desk)
