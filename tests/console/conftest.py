"""Unions, cadres and talks for the console's tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.utils import timezone

from handoff.desk import request_handoff
from handoff.intake import Inbound, receive
from handoff.kinds import CadreRole, Channel, Delivery, OrganisationKind
from handoff.models import Cadre, Contact, Conversation, Hotline, Message, Organisation
from handoff.screening.levels import Category, Finding, Layer, Level

PASSWORD = "qing-shan-2026"
WORDS = "这句话只有干部能看到"


def screen(level: Level = Level.ORDINARY, *categories: Category) -> Callable[[str], Finding]:
    """Screening that always finds the same."""
    finding = Finding(level, categories, 1.0 if level is Level.CRISIS else 0.0, (), Layer.RULES, "test")
    return lambda text: finding


@dataclass
class Desk:
    """A union with its cadres and talks; `now` is when things happen."""

    union: Organisation
    now: datetime = field(default_factory=timezone.now)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def cadre(self, name: str, *, role: CadreRole = CadreRole.CADRE, display_name: str = "") -> Cadre:
        """An account with the tests' password."""
        user = get_user_model().objects.create_user(username=name, password=PASSWORD)
        return Cadre.objects.create(user=user, organisation=self.union, display_name=display_name or name, role=role)

    def talk(
        self, *texts: str, minutes_ago: float = 0, finding: Callable[[str], Finding] | None = None
    ) -> Conversation:
        """A talk on the web page in which the worker has said these texts."""
        at = self.now - timedelta(minutes=minutes_ago)
        with transaction.atomic():
            contact = Contact.begin(now=at)
            conversation = Conversation.objects.create(
                contact=contact, organisation=self.union, channel=Channel.WEBCHAT, created_at=at
            )
        for text in texts or (WORDS,):
            self.hears(conversation, text, at=at, finding=finding)
        conversation.refresh_from_db()
        return conversation

    def hears(
        self,
        conversation: Conversation,
        text: str,
        *,
        at: datetime | None = None,
        finding: Callable[[str], Finding] | None = None,
    ) -> Message:
        """The worker writes."""
        inbound = Inbound(text, f"webchat:{conversation.pk}:{next(self._numbers)}")
        return receive(conversation.pk, inbound, screen_rules=finding or screen(), now=at or self.now).message

    def waiting(self, *texts: str, minutes_ago: float = 0) -> Conversation:
        """A talk whose worker has asked for a person."""
        conversation = self.talk(*texts, minutes_ago=minutes_ago)
        with transaction.atomic():
            request_handoff(Conversation.locked(conversation.pk), now=self.now - timedelta(minutes=minutes_ago))
        conversation.refresh_from_db()
        return conversation

    def crisis(self, *texts: str, minutes_ago: float = 0) -> Conversation:
        """A talk that rings."""
        return self.talk(*texts, minutes_ago=minutes_ago, finding=screen(Level.CRISIS, Category.SELF_HARM))

    def deliver(self, conversation: Conversation) -> None:
        """Everything pending has been sent."""
        for message in Message.objects.filter(conversation=conversation, delivery=Delivery.PENDING):
            with transaction.atomic():
                locked = Conversation.locked(conversation.pk)
                message.position = locked.take_position()
                message.delivery, message.delivery_changed_at = Delivery.SENT, self.now
                locked.save(update_fields=["next_position"])
                message.save()


def union_named(name: str) -> Organisation:
    """A union with one hotline."""
    union = Organisation.objects.create(name=name, kind=OrganisationKind.FEDERATION)
    Hotline.objects.create(organisation=union, number="12356", name="心理热线", hours="全天", purpose="想找人说话")
    return union


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(union_named("青山区总工会"))


@pytest.fixture
def elsewhere(db: None) -> Desk:
    return Desk(union_named("白水县总工会"))


@pytest.fixture
def wang(desk: Desk) -> Cadre:
    return desk.cadre("wangmin", display_name="王敏")


@pytest.fixture
def li(desk: Desk) -> Cadre:
    return desk.cadre("liqiang", display_name="李强")


def signed_in(cadre: Cadre) -> Client:
    """A client that has signed in through the page."""
    client = Client()
    answer = client.post("/console/sign-in", {"username": cadre.user.get_username(), "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def as_wang(wang: Cadre) -> Client:
    return signed_in(wang)


@pytest.fixture
def as_li(li: Cadre) -> Client:
    return signed_in(li)
