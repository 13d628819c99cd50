"""The cookie: random, hashed on the server, twelve idle hours; nobody sees another's talk; ending it ends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from bot.channels.webchat import sessions, views
from bot.channels.webchat.news import news_for
from bot.channels.webchat.sessions import COOKIE, SessionOver
from bot.channels.webchat.texts import REFUSALS
from handoff.encryption import ContactErased
from handoff.kinds import Channel, MessageKind
from handoff.models import ChannelIdentity, Contact, Conversation, Message, Organisation
from tests.channels.pages import BEGIN, CLEAR, MESSAGES, STREAM, Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db


def _idle(page: Page, **units: float) -> None:
    ChannelIdentity.objects.filter(external_hash=sessions.keyed_hash(page.token)).update(
        seen_at=timezone.now() - timedelta(**units)
    )


def test_begin_makes_a_contact_an_identity_and_a_conversation_of_the_first_union(desk: TestDesk) -> None:
    Organisation.objects.create(name="另一家工会", kind="federation")
    page = Page.begun()
    conversation = Conversation.objects.get()
    identity = ChannelIdentity.objects.get()
    assert conversation.organisation == desk.union
    assert conversation.channel == identity.channel == Channel.WEBCHAT
    assert identity.contact == conversation.contact
    assert identity.consented_at is not None
    assert page.conversation == conversation


def test_nothing_is_stored_about_who_only_looks_at_the_page(desk: TestDesk) -> None:
    Page()
    assert not Contact.objects.exists()


def test_begin_again_in_a_second_tab_goes_on_with_the_same_conversation(desk: TestDesk) -> None:
    page = Page.begun()
    assert page.begin().status_code == 200
    assert Conversation.objects.count() == 1


def test_begin_before_the_first_run_is_finished_says_so(db: None) -> None:
    response = Page().begin()
    assert (response.status_code, json.loads(response.content)["code"]) == (503, "getting_ready")
    assert not Contact.objects.exists()


def test_the_cookie_is_for_this_site_only_and_scripts_cannot_read_it(desk: TestDesk) -> None:
    cookie = Page.begun().client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert len(cookie.value) >= 43  # 256 bits in base64


def test_over_https_the_cookie_goes_over_https_only(desk: TestDesk) -> None:
    client = Client()
    client.post(BEGIN, b"{}", content_type="application/json", secure=True)
    assert client.cookies[COOKIE]["secure"]


def test_tokens_differ_and_the_database_holds_only_a_keyed_hash(desk: TestDesk) -> None:
    one, other = Page.begun(), Page.begun()
    assert one.token != other.token
    hashes = set(ChannelIdentity.objects.values_list("external_hash", flat=True))
    assert hashes == {sessions.keyed_hash(one.token), sessions.keyed_hash(other.token)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM handoff_channelidentity")
        assert one.token not in str(cursor.fetchall())


def test_the_hash_depends_on_the_installations_secret(settings: object) -> None:
    before = sessions.keyed_hash("token")
    settings.SECRET_KEY = "another installation"  # type: ignore[attr-defined]
    assert sessions.keyed_hash("token") != before


@pytest.mark.parametrize("token", ["", "guess", "x" * 5000])
def test_without_a_valid_cookie_nothing_can_be_seen_or_written(desk: TestDesk, token: str) -> None:
    Page.begun().write("有人写的话")
    stranger = Page()
    stranger.client.cookies[COOKIE] = token
    for response in (stranger.write("闯入"), stranger.post(CLEAR, {}), stranger.client.get(STREAM)):
        assert response.status_code == 401
        assert json.loads(response.content) == {"code": "stale", "words": REFUSALS["stale"]}
    assert Message.objects.filter(kind=MessageKind.WORKER).count() == 1


def test_another_visitor_sees_nothing_of_a_talk(desk: TestDesk) -> None:
    Page.begun().write("我的事只说给工会听")
    other = Page.begun()
    news = news_for(other.token, after=0, ready=True, now=timezone.now())
    assert news.messages == ()


def test_after_twelve_idle_hours_the_talk_is_put_away(desk: TestDesk) -> None:
    page = Page.begun()
    _idle(page, hours=12, seconds=1)
    assert page.write("还在吗").status_code == 401
    with pytest.raises(SessionOver):
        sessions.find(page.token, now=timezone.now())


def test_within_twelve_hours_it_goes_on_and_the_cookie_is_renewed(desk: TestDesk) -> None:
    page = Page.begun()
    _idle(page, hours=11, minutes=59)
    response = page.write("还在")
    assert response.status_code == 201
    assert response.cookies[COOKIE]["max-age"] == 12 * 3600
    assert timezone.now() - ChannelIdentity.objects.get().seen_at < timedelta(minutes=1)


def test_use_is_noted_at_most_once_a_minute(desk: TestDesk) -> None:
    page = Page.begun()
    _idle(page, seconds=30)
    before = ChannelIdentity.objects.get().seen_at
    response = page.write("快")
    assert COOKIE not in response.cookies
    assert ChannelIdentity.objects.get().seen_at == before


def test_begin_after_a_stale_cookie_is_a_new_person(desk: TestDesk) -> None:
    page = Page.begun()
    old = page.conversation.pk
    _idle(page, hours=13)
    assert page.begin().status_code == 201
    assert page.conversation.pk != old
    assert Contact.objects.count() == 2


def test_ending_destroys_the_words_and_takes_the_cookie_back(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("年休假有几天")
    token = page.token
    response = page.post(CLEAR, {})
    assert json.loads(response.content) == {"kept": False}
    assert page.client.cookies[COOKIE].value == ""
    with pytest.raises(SessionOver):
        sessions.find(token, now=timezone.now())
    with pytest.raises(ContactErased):
        _ = Message.objects.get(kind=MessageKind.WORKER).body
    assert page.post(MESSAGES, {}).status_code == 401


def test_ending_in_danger_says_that_something_is_kept(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("我不想活了")
    token = page.token
    assert json.loads(page.post(CLEAR, {}).content) == {"kept": True}
    assert Message.objects.get(kind=MessageKind.WORKER).body == "我不想活了"
    with pytest.raises(SessionOver):
        sessions.find(token, now=timezone.now())


def test_the_name_of_a_talk_does_not_tell_its_number(desk: TestDesk) -> None:
    page = Page.begun()
    talk = json.loads(page.begin().content)["talk"]
    assert str(page.conversation.pk) != talk
    assert len(talk) == 16
    assert settings.SECRET_KEY not in talk


@pytest.fixture
def _no_talks_begun() -> Iterator[None]:
    views.beginnings.cache_clear()
    yield
    views.beginnings.cache_clear()


def _begin_from(address: str) -> HttpResponse:
    page = Page()
    page.client.defaults["REMOTE_ADDR"] = address
    return page.begin()


@pytest.mark.usefixtures("_no_talks_begun")
def test_one_address_begins_thirty_talks_and_then_reads_why_not(desk: TestDesk) -> None:
    statuses = [_begin_from("203.0.113.7").status_code for _ in range(31)]
    assert statuses == [201] * 30 + [429]
    refused = _begin_from("203.0.113.7")
    assert json.loads(refused.content)["words"] == REFUSALS["many_talks"]
    assert refused["Retry-After"] == "600"
    assert _begin_from("203.0.113.8").status_code == 201
    assert Conversation.objects.count() == 31


@pytest.mark.usefixtures("_no_talks_begun")
def test_whoever_has_a_talk_goes_on_writing_from_a_busy_address(desk: TestDesk) -> None:
    page = Page.begun()
    page.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    for _ in range(30):
        _begin_from("203.0.113.7")
    assert _begin_from("203.0.113.7").status_code == 429
    assert page.begin().status_code == 200
    assert [page.write(f"不想活了{number}").status_code for number in range(3)] == [201] * 3


@pytest.mark.usefixtures("_no_talks_begun")
def test_no_address_is_kept_in_plain(desk: TestDesk) -> None:
    _begin_from("203.0.113.7")
    assert len(views.beginnings()) == 1
    assert "203.0.113.7" not in repr(vars(views.beginnings()))


def test_writing_to_a_talk_that_was_erased_meanwhile_says_that_it_is_over(desk: TestDesk) -> None:
    page = Page.begun()
    contact = page.conversation.contact
    contact.wrapped_key = b""
    contact.save(update_fields=["wrapped_key"])  # the moment between erasing the key and ending the session
    response = page.write("在吗")
    assert (response.status_code, json.loads(response.content)["code"]) == (401, "stale")
