from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.build import SOURCES
from knowledge.errors import SourceProblems
from knowledge.versions import load_versions

LAW = {
    "law": "某法",
    "kind": "law",
    "version_date": date(2020, 1, 1),
    "passed_on": date(2020, 1, 1),
    "effective_on": date(2020, 6, 1),
    "first_effective_on": None,
    "repealed_on": None,
    "held": False,
    "source": "公报",
}


def load(tmp_path: Path, *laws: dict[str, object]) -> None:
    path = tmp_path / "versions.yml"
    path.write_text(yaml.safe_dump({"laws": list(laws)}, allow_unicode=True), "utf-8")
    load_versions(path)


def test_the_shipped_file_is_correct() -> None:
    versions = load_versions(SOURCES / "versions.yml")
    assert sum(version.held for version in versions) >= 25
    assert len({version.law for version in versions if not version.held}) >= 80


def test_no_version_begins_before_it_was_passed() -> None:
    for version in load_versions(SOURCES / "versions.yml"):
        if version.passed_on and version.effective_on:
            assert version.passed_on <= version.effective_on, version.law


def test_all_mistakes_are_named_together(tmp_path: Path) -> None:
    wrong_date = LAW | {"law": "甲法", "effective_on": "soon"}
    wrong_kind = LAW | {"law": "乙法", "kind": "poem"}
    with pytest.raises(SourceProblems) as caught:
        load(tmp_path, wrong_date, wrong_kind, LAW | {"law": "丙法", "colour": "red"})
    assert len(caught.value.problems) == 3
    assert "甲法" in caught.value.problems[0]
    assert "effective_on" in caught.value.problems[0]


def test_a_version_stands_once(tmp_path: Path) -> None:
    with pytest.raises(SourceProblems, match="stands twice"):
        load(tmp_path, LAW, LAW)


def test_a_held_text_needs_its_dates(tmp_path: Path) -> None:
    with pytest.raises(SourceProblems, match="held text"):
        load(tmp_path, LAW | {"held": True, "effective_on": None})
