"""The cadres' test box asks both layers of the desk that this process serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot import composition
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.screener import Screener
from handoff.screening_box import register, this_box
from tests.desk import TestDesk


@dataclass
class GraveClassifier:
    """Takes everything for a crisis."""

    version: str = "grave"

    def screen(self, text: str, seen: Level = Level.ORDINARY) -> Finding:
        return Finding(Level.CRISIS, (Category.FAREWELL,), 0.9, (), Layer.CLASSIFIER, self.version)


def test_before_the_classifier_is_loaded_the_rules_speak_alone(desk: TestDesk) -> None:
    layers = desk.desk.screen("我不想活了")
    assert layers.by_classifier is None
    assert layers.together == layers.by_rules
    assert layers.by_rules.level is Level.CRISIS


def test_each_layer_is_asked_and_both_together(desk: TestDesk) -> None:
    classifier: Any = GraveClassifier()
    desk.desk.parts.screening = Screener(desk.desk.rules, classifier)
    layers = desk.desk.screen("大家保重")
    assert layers.by_rules.level is Level.ORDINARY
    assert layers.by_classifier is not None
    assert layers.together.level is Level.CRISIS
    assert layers.together.layer is Layer.CLASSIFIER


@pytest.mark.django_db
def test_the_serving_desk_registers_its_own_box() -> None:
    before = this_box()
    composition.desk.cache_clear()
    try:
        serving = composition.desk()
        assert this_box().rules is serving.rules
        assert this_box().screen("我不想活了").together.level is Level.CRISIS
    finally:
        register(before)
        composition.desk.cache_clear()
