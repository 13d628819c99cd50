from pathlib import Path
from typing import Any

import pytest

from knowledge.entries import load_entries, read_entries
from knowledge.errors import SourceProblems
from tests.unit.knowledge.conftest import entry, write_topic


def problems_of(tmp_path: Path, **changes: Any) -> str:
    write_topic(tmp_path, "wages", [entry("good"), entry("bad", **changes)])
    with pytest.raises(SourceProblems) as caught:
        load_entries(tmp_path)
    return str(caught.value)


def test_a_correct_file_is_read(tmp_path: Path) -> None:
    write_topic(tmp_path, "wages", [entry("one"), entry("two", related=["one"])])
    one, two = load_entries(tmp_path)
    assert (one.id, one.topic, two.related) == ("one", "wages", ("one",))
    assert len(one.asked) == 7


def test_a_problem_names_file_entry_and_fault(tmp_path: Path) -> None:
    assert problems_of(tmp_path, wordings=["一", "二"]) == "wages.yml: bad: 2 different wordings, at least 6 are needed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": "长" * 401}, "401 characters"),
        ({"answer": ""}, "「answer」 is empty"),
        ({"id": "Bad Id"}, "an id is lower-case"),
        ({"asked_by": ["robot"]}, "does not know 'robot'"),
        ({"asked_by": []}, "「asked_by」 is empty"),
        ({"citations": [{"law": "某法"}]}, "a citation has law and article_no"),
        ({"citations": [{"law": "某法", "article_no": "85"}]}, "not an article number"),
        ({"valid_from": "2013"}, "「valid_from」 is not a date"),
        ({"related": ["nobody"]}, "related entry 'nobody' does not exist"),
        ({"related": ["bad"]}, "related entry 'bad' does not exist"),
        ({"id": "good"}, "stands more than once"),
        ({"colour": "red"}, "「colour」 is not a field"),
        ({"wordings": ["同一句"] * 6}, "1 different wordings"),
        ({"wordings": [1, 2, 3, 4, 5, 6]}, "every wording is text"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert said in problems_of(tmp_path, **changes)


def test_white_space_does_not_count_towards_the_length(tmp_path: Path) -> None:
    write_topic(tmp_path, "wages", [entry("long", answer="好" * 400 + "\n" * 50)])
    assert len(load_entries(tmp_path)) == 1


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    write_topic(tmp_path, "wages", [entry("a", answer="长" * 500, wordings=[])])
    write_topic(tmp_path, "leave", [entry("b", colour=1)])
    (tmp_path / "broken.yml").write_text("topic: [", "utf-8")
    _, problems = read_entries(tmp_path)
    assert len(problems) == 4
    assert [problem.split(":")[0] for problem in problems] == ["broken.yml", "leave.yml", "wages.yml", "wages.yml"]


def test_a_file_is_named_after_its_topic(tmp_path: Path) -> None:
    path = write_topic(tmp_path, "wages", [entry("a")])
    path.rename(tmp_path / "leave.yml")
    with pytest.raises(SourceProblems, match="the topic is 'wages'"):
        load_entries(tmp_path)
