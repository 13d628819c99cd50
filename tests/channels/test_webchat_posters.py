"""The short address of a poster."""

from __future__ import annotations

import pytest
from django.test import Client

from handoff.first_run import ensure_union
from handoff.models import ChannelIdentity, Scan

pytestmark = pytest.mark.django_db


def test_who_comes_by_a_poster_is_told_both_ways_and_noted_when_the_talk_begins(client: Client) -> None:
    ensure_union("测试总工会")
    page = client.get("/j/a012")
    assert "A012" in page.content.decode() or not page.context["has_account"]
    assert client.post("/chat/begin").status_code == 201
    assert ChannelIdentity.objects.get().scene == "A012"
    assert Scan.objects.get().is_new


@pytest.mark.parametrize("scene", ["", "<script>", "1234", "A0123456789", "%00"])
def test_what_is_no_poster_is_not_found(client: Client, scene: str) -> None:
    assert client.get(f"/j/{scene}").status_code == 404


def test_a_forged_cookie_notes_nothing(client: Client) -> None:
    ensure_union("测试总工会")
    client.cookies["niangjia_poster"] = "A012"
    client.post("/chat/begin")
    assert not Scan.objects.exists()
