"""The real screening model, as `make setup` built it, and our own test set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.composition import desk
from handoff.screening.levels import Finding, Level
from handoff.screening.rules import Rules
from handoff.screening.screener import Screener

OWN_SET = Path(__file__).parent / "own_set"


@dataclass(frozen=True)
class Judged:
    """A message of the own set, and what screening makes of it."""

    text: str
    level: Level
    kind: str
    finding: Finding


@pytest.fixture(scope="session")
def screener() -> Screener:
    composed = desk()
    loaded = composed.loaders()["screening"](composed.parts)
    assert isinstance(loaded, Screener)
    return Screener(Rules.load(), loaded.classifier)  # the shipped rules: own phrases lie in a database


@pytest.fixture(scope="session")
def own_set(screener: Screener) -> dict[str, list[Judged]]:
    return {path.stem: _judged(screener, path) for path in sorted(OWN_SET.glob("*.yml"))}


def _judged(screener: Screener, path: Path) -> list[Judged]:
    rows = yaml.safe_load(path.read_text("utf-8"))
    return [Judged(row["text"], Level(row["level"]), row.get("kind", ""), screener.screen(row["text"])) for row in rows]
