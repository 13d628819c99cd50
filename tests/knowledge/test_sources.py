"""What is shipped is true: checked against the law data and against itself."""

import warnings
from datetime import date
from pathlib import Path

import pytest

from knowledge.build import load_sources
from knowledge.check import check_artifact, check_near_duplicates, check_sources
from knowledge.encoder import Encoder
from knowledge.imported.reading import read_file

OTHER = Path(__file__).parents[3] / "shared" / "statutes" / "labour_statutes.jsonl"
REVIEWED = date(2026, 11, 21)


def test_the_shipped_sources_have_no_problems() -> None:
    assert check_sources(today=REVIEWED) == []


def test_what_the_entries_cite_stands_in_the_regulations_once_they_are_imported() -> None:
    """Of regulations only the names are shipped: whether an article exists is seen where another edition lies."""
    if not OTHER.is_file():
        warnings.warn("CITATIONS OF REGULATIONS NOT LOOKED UP: labour_statutes.jsonl is not here", stacklevel=1)
        pytest.skip("CITATIONS OF REGULATIONS NOT LOOKED UP: labour_statutes.jsonl is not here")
    read = read_file(OTHER)
    assert (len(read.texts), read.left_out) == (113, ())
    assert check_sources(today=REVIEWED, imported=read.texts) == []


def test_there_are_enough_entries() -> None:
    assert len(load_sources().entries) >= 80


def test_no_two_entries_ask_the_same(encoder: Encoder) -> None:
    assert check_near_duplicates(load_sources().entries, encoder) == []


def test_the_built_artifact_cites_letter_for_letter(artifact: Path) -> None:
    assert check_artifact(artifact, load_sources(), today=REVIEWED) == []
