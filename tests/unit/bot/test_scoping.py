"""Where a worker works, before they have said anything of it."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from pytest_django import Settings

from bot.scenes import note_province
from bot.scoping import scope_of
from handoff.kinds import OrganisationKind
from handoff.models import Cadre, Conversation, Organisation
from tests.desk import TestDesk


def province(desk: TestDesk, talk: Conversation) -> str | None:
    return scope_of(Conversation.objects.get(pk=talk.pk), now=desk.clock()).province


def belongs_to(talk: Conversation, name: str, *, parent: Organisation | None = None) -> Organisation:
    union = Organisation.objects.create(name=name, kind=OrganisationKind.FEDERATION, parent=parent)
    Conversation.objects.filter(pk=talk.pk).update(organisation=union)
    return union


def test_nobody_knows_where_a_new_worker_is(desk: TestDesk) -> None:
    assert province(desk, desk.visitor()) is None


def test_the_unions_name_tells_and_else_the_name_of_the_one_above(desk: TestDesk) -> None:
    talk = desk.visitor()
    city = belongs_to(talk, "南昌市总工会")
    assert province(desk, talk) == "江西"
    belongs_to(talk, "西湖区总工会", parent=city)
    assert province(desk, talk) == "江西"


def test_the_workers_own_location_comes_before_the_union(desk: TestDesk) -> None:
    talk = desk.visitor()
    belongs_to(talk, "江西省总工会")
    note_province(talk.contact, "杭州市西湖区文三路")
    assert province(desk, talk) == "浙江"


def test_the_setting_comes_last(desk: TestDesk, settings: Settings) -> None:
    settings.NIANGJIA = dataclasses.replace(settings.NIANGJIA, province="青海")
    talk = desk.visitor()
    assert province(desk, talk) == "青海"
    belongs_to(talk, "江西省总工会")
    assert province(desk, talk) == "江西"


@pytest.mark.django_db(transaction=True)
def test_who_is_there_can_be_asked_from_where_the_actions_run(desk: TestDesk) -> None:
    """An event loop's thread, in which Django lets nobody use the database."""
    talk, wang = desk.visitor(), desk.cadre("王敏")
    scope = scope_of(Conversation.objects.get(pk=talk.pk), now=desk.clock())

    async def on_duty() -> bool:
        return scope.presence().on_duty

    assert not asyncio.run(on_duty())
    Cadre.objects.filter(pk=wang.pk).update(on_duty=True, seen_at=desk.clock())
    assert asyncio.run(on_duty())
