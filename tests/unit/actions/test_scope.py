"""Through the registry an action finds its turn."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from actions.scope import Scopes, TurnScope, UnknownTurn


def _scope() -> TurnScope:
    return TurnScope(datetime(2026, 11, 21, tzinfo=UTC), uuid4(), 1, "webchat", None)


def test_a_turn_finds_its_own_scope() -> None:
    scopes, mine, yours = Scopes(), _scope(), _scope()
    scopes.open("mine", mine)
    scopes.open("yours", yours)
    assert scopes.of("mine") is mine
    assert scopes.close("yours") is yours


def test_a_closed_turn_is_unknown() -> None:
    scopes = Scopes()
    scopes.open("turn", _scope())
    scopes.close("turn")
    for look in (scopes.of, scopes.close):
        with pytest.raises(UnknownTurn):
            look("turn")


def test_a_turn_is_opened_once() -> None:
    scopes = Scopes()
    scopes.open("turn", _scope())
    with pytest.raises(ValueError, match="once"):
        scopes.open("turn", _scope())


def test_effects_of_one_turn_are_not_those_of_another() -> None:
    assert _scope().effects is not _scope().effects
