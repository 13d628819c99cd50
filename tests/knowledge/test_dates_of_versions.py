"""versions.yml against another list of versions, where there is one."""

import json
import warnings
from datetime import date
from pathlib import Path

import pytest

from knowledge.build import SOURCES
from knowledge.status import Standing, standing
from knowledge.versions import LawVersion, load_versions

OTHER = Path(__file__).parents[3] / "shared" / "statutes" / "versions.jsonl"
TODAY = date(2026, 11, 21)
FIELDS = ("passed_on", "effective_on", "repealed_on")
# The other list has the day on which the State Council's order was made public (令第735号), ours that of its meeting.
OURS_STANDS = {("医疗保障基金使用监督管理条例", "2021-01-15", "passed_on")}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    if not OTHER.is_file():
        warnings.warn("DATES OF VERSIONS NOT COMPARED: versions.jsonl is not here", stacklevel=1)
        pytest.skip("DATES OF VERSIONS NOT COMPARED: versions.jsonl is not here")
    return [json.loads(line) for line in OTHER.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def versions() -> dict[tuple[str, str], LawVersion]:
    return {(one.law, str(one.version_date)): one for one in load_versions(SOURCES / "versions.yml")}


def _day(value: str | None) -> date | None:
    """None too for a month alone."""
    return date.fromisoformat(value) if value and len(value) == 10 else None


def test_no_date_differs_from_the_other_lists(
    rows: list[dict[str, str]], versions: dict[tuple[str, str], LawVersion]
) -> None:
    compared, different = 0, []
    for row in rows:
        ours = versions.get((row["law"], row["version_date"]))
        for field in FIELDS if ours else ():
            mine, theirs = getattr(ours, field), _day(row[field])
            if mine is not None and theirs is not None and (*_key(row), field) not in OURS_STANDS:
                compared += 1
                if mine != theirs:
                    different.append((*_key(row), field, mine, theirs))
    assert compared > 150
    assert different == []


SAID = {
    "in_force": Standing.IN_FORCE,
    "partly_repealed": Standing.IN_FORCE,
    "superseded_version": Standing.AMENDED,
    "repealed": Standing.REPEALED,
    "not_yet_in_force": Standing.NOT_YET,
}


def test_worked_out_from_our_dates_every_version_stands_as_the_other_list_says(
    rows: list[dict[str, str]], versions: dict[tuple[str, str], LawVersion]
) -> None:
    different, compared = [], 0
    for row in rows:
        ours = versions.get(_key(row))
        if ours is None or ours.effective_on is None:
            continue
        compared += 1
        found = standing(ours, versions.values(), on=TODAY)
        if found is not SAID[row["status"]] or (row["status"] == "partly_repealed") != bool(ours.part_repeals):
            different.append((*_key(row), row["status"], found))
    assert compared > 90
    assert different == []


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["law"], row["version_date"]
