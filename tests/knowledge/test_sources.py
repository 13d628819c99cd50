"""What is shipped is true: checked against the law data and against itself."""

from datetime import date
from pathlib import Path

from knowledge.build import load_sources
from knowledge.check import check_artifact, check_near_duplicates, check_sources
from knowledge.encoder import Encoder

REVIEWED = date(2026, 11, 21)


def test_the_shipped_sources_have_no_problems() -> None:
    assert check_sources(today=REVIEWED) == []


def test_there_are_enough_entries() -> None:
    assert len(load_sources().entries) >= 80


def test_no_two_entries_ask_the_same(encoder: Encoder) -> None:
    assert check_near_duplicates(load_sources().entries, encoder) == []


def test_the_built_artifact_cites_letter_for_letter(artifact: Path) -> None:
    assert check_artifact(artifact, today=REVIEWED) == []
