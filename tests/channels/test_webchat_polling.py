"""Asking for news, for pages without a living stream: the same words, once, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from bot.channels.webchat.news import AT_ONCE
from handoff.kinds import MessageKind
from handoff.models import ChannelIdentity, Conversation
from handoff.outbox import say
from tests.channels.pages import CLEAR, Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db(transaction=True)

NEWS = "/chat/news"


@pytest.fixture
def desk(transactional_db: None) -> TestDesk:
    """The test desk over a database that the readers' threads see."""
    from tests.desk import make_desk
    from tests.fakes.dialogue import FakeDialogue

    return make_desk(FakeDialogue())


def _ask(page: Page, **query: Any) -> HttpResponse:
    return page.client.get(NEWS, query)  # type: ignore[return-value]


def _texts(response: HttpResponse) -> list[str]:
    return [message["text"] for message in response.json()["messages"]]  # type: ignore[attr-defined]


def test_news_are_what_the_page_has_not_seen(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("一")
    page.write("二")
    first = _ask(page)
    assert _texts(first) == ["一", "二"]
    assert first["Cache-Control"] == "no-store"
    found = first.json()  # type: ignore[attr-defined]
    assert found["standing"]["answers"] == "desk"
    assert found["more"] is False
    assert _texts(_ask(page, talk=found["talk"], after=1)) == ["二"]
    assert _texts(_ask(page, talk=found["talk"], after=2)) == []
    assert _texts(_ask(page, talk="another", after=2)) == ["一", "二"]


@pytest.mark.parametrize("after", ["", "-1", "x", "9" * 30, "１"])
def test_a_place_that_is_none_is_the_beginning(desk: TestDesk, after: str) -> None:
    page = Page.begun()
    page.write("一")
    assert _texts(_ask(page, after=after)) == ["一"]


def test_a_long_talk_comes_in_parts(desk: TestDesk) -> None:
    page = Page.begun()
    conversation = Conversation.objects.get()
    for number in range(AT_ONCE + 1):
        say(conversation, MessageKind.ENGINE, str(number), now=timezone.now())
    desk.desk.deliverer.run(conversation.pk)
    first = _ask(page).json()  # type: ignore[attr-defined]
    assert (len(first["messages"]), first["more"]) == (AT_ONCE, True)
    rest = _ask(page, talk=first["talk"], after=first["messages"][-1]["position"]).json()  # type: ignore[attr-defined]
    assert [message["text"] for message in rest["messages"]] == [str(AT_ONCE)]


def test_nobody_reads_another_ones_news(desk: TestDesk) -> None:
    one, other = Page.begun(), Page.begun()
    one.write("只给一个人看")
    talk = _ask(one).json()["talk"]  # type: ignore[attr-defined]
    assert _texts(_ask(other, talk=talk)) == []
    assert _ask(Page()).status_code == 401


def test_an_ended_or_forgotten_talk_has_no_news(desk: TestDesk) -> None:
    ended, forgotten = Page.begun(), Page.begun()
    token = ended.token
    ended.post(CLEAR, {})
    ended.client.cookies["niangjia_chat"] = token
    assert _ask(ended).status_code == 401
    ChannelIdentity.objects.update(seen_at=timezone.now() - timedelta(hours=13))
    answer = _ask(forgotten)
    assert answer.status_code == 401
    assert "重新开始" in answer.json()["words"]  # type: ignore[attr-defined]


def test_asking_keeps_the_talk_alive(desk: TestDesk) -> None:
    page = Page.begun()
    ChannelIdentity.objects.update(seen_at=timezone.now() - timedelta(hours=11))
    response = _ask(page)
    assert response.cookies["niangjia_chat"].value == page.token
    assert timezone.now() - ChannelIdentity.objects.get().seen_at < timedelta(minutes=1)
