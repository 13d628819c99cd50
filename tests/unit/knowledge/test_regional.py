import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.check import check_sources
from knowledge.errors import SourceProblems
from knowledge.regional import WHERE_TO_ASK, load_regional

TODAY = date(2026, 11, 29)
LAW = "浙江省工伤保险条例"


def overlay(**changes: Any) -> dict[str, Any]:
    """A correct overlay, as YAML gives it, with the changes asked for."""
    return {
        "entries": ["wages"],
        "text": "每月再加5天。",
        "citations": [{"law": LAW, "article_no": "第二十七条"}],
        "valid_from": date(2020, 9, 24),
        "valid_until": None,
        "reviewed_on": date(2026, 11, 29),
        **changes,
    }


def write(
    folder: Path, *overlays: dict[str, Any], region: str = "浙江", asks: list[dict[str, Any]] | None = None
) -> None:
    folder.mkdir(exist_ok=True)
    province = {"region": region, "overlays": list(overlays)}
    (folder / "province.yml").write_text(yaml.safe_dump(province, allow_unicode=True), "utf-8")
    known = asks if asks is not None else [{"entries": ["wages"], "text": "打12333问。"}]
    (folder / WHERE_TO_ASK).write_text(yaml.safe_dump({"where_to_ask": known}, allow_unicode=True), "utf-8")


def problems_of(folder: Path, *overlays: dict[str, Any], **given: Any) -> str:
    write(folder, *overlays, **given)
    with pytest.raises(SourceProblems) as caught:
        load_regional(folder, known=["wages", "leave"])
    return str(caught.value)


def test_what_is_correct_is_read_and_found_by_entry_province_and_day(tmp_path: Path) -> None:
    write(tmp_path, overlay(valid_until=date(2026, 12, 31)))
    rules = load_regional(tmp_path, known=["wages"])
    found = rules.overlay("wages", "浙江", on=TODAY)
    assert found is not None
    assert found.text == "每月再加5天。"
    assert rules.overlay("wages", "江西", on=TODAY) is None
    assert rules.overlay("leave", "浙江", on=TODAY) is None
    assert rules.overlay("wages", "浙江", on=date(2020, 9, 23)) is None
    assert rules.overlay("wages", "浙江", on=date(2027, 1, 1)) is None
    assert rules.regions("wages", on=TODAY) == ("浙江",)
    assert rules.regions("wages", on=date(2027, 1, 1)) == ()
    assert rules.ask("wages") == "打12333问。"


def test_the_lines_of_a_text_are_joined_without_a_space(tmp_path: Path) -> None:
    write(tmp_path, overlay(text="住院的，\n  每月再加5天。\n"))
    assert load_regional(tmp_path, known=["wages"]).overlays[0].text == "住院的，每月再加5天。"


def test_no_folder_is_no_rules(tmp_path: Path) -> None:
    assert load_regional(tmp_path / "none", known=[]).overlays == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entries": ["nobody"]}, "no entry 'nobody'"),
        ({"entries": []}, "「entries」 is empty"),
        ({"citations": []}, "「citations」 is empty"),
        ({"citations": [{"law": LAW}]}, "a citation has law and article_no"),
        ({"text": "长" * 201}, "201 characters"),
        ({"valid_from": "2020"}, "「valid_from」 is not a date"),
        ({"colour": "red"}, "「colour」 is not a field here"),
    ],
)
def test_each_fault_of_an_overlay_is_found(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert said in problems_of(tmp_path, overlay(**changes))


def test_a_province_that_does_not_exist_is_found(tmp_path: Path) -> None:
    assert "no province '青山'" in problems_of(tmp_path, overlay(), region="青山")


def test_two_overlays_for_one_entry_at_a_time_are_found(tmp_path: Path) -> None:
    earlier = overlay(valid_until=date(2026, 1, 1))
    write(tmp_path, earlier, overlay(valid_from=date(2026, 1, 2)))
    assert len(load_regional(tmp_path, known=["wages"]).overlays) == 2
    assert "two overlays at a time for wages" in problems_of(tmp_path, earlier, overlay(valid_from=date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ([], "'wages' has an overlay and is missing"),
        ([{"entries": ["wages"], "text": "每月2000元，打12333问。"}], "without figures"),
        ([{"entries": ["wages"], "text": "给十五天，打12333问。"}], "without figures"),
        ([{"entries": ["wages"], "text": "打12333问。"}] * 2, "stands more than once"),
        ([{"entries": ["wages", "nobody"], "text": "打12333问。"}], "no entry 'nobody'"),
    ],
)
def test_who_knows_is_said_for_every_overlay_and_without_figures(
    tmp_path: Path, asks: list[dict[str, Any]], said: str
) -> None:
    assert said in problems_of(tmp_path, overlay(), asks=asks)


@pytest.fixture
def sources(small_sources: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    shutil.copytree(small_sources, folder)
    (folder / "regions").mkdir()
    return folder


def add_law(sources: Path, **changes: Any) -> None:
    path = sources / "versions.yml"
    laws = yaml.safe_load(path.read_text("utf-8"))["laws"]
    law = {
        "law": LAW,
        "kind": "regulation",
        "number": "浙江省第十三届人大常委会第二十四次会议修正",
        "version_date": date(2020, 9, 24),
        "passed_on": date(2020, 9, 24),
        "effective_on": date(2020, 9, 24),
        "first_effective_on": None,
        "repealed_on": None,
        "held": False,
        "source": "国家法律法规数据库",
        **changes,
    }
    path.write_text(yaml.safe_dump({"laws": [*laws, law]}, allow_unicode=True), "utf-8")


def checked(sources: Path, *, region: str = "浙江", law: dict[str, Any] | None = None, **changes: Any) -> list[str]:
    add_law(sources, **(law or {}))
    write(sources / "regions", overlay(**changes), region=region)
    return check_sources(sources, today=TODAY)


def test_a_correct_overlay_has_no_problems(sources: Path) -> None:
    assert checked(sources) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valid_until": date(2026, 11, 28)}, "已经到期"),
        ({"valid_from": date(2026, 12, 1)}, "才开始有效"),
        ({"region": "江西"}, "不是这个省的规定"),
        ({"citations": [{"law": "保障农民工工资支付条例", "article_no": "第三条"}]}, "不是这个省的规定"),
        ({"citations": [{"law": "浙江省没有的条例", "article_no": "第一条"}]}, "versions.yml 里没有这部法规"),
        ({"law": {"number": None}}, "没有文号或日期"),
        ({"law": {"version_date": None, "effective_on": None}}, "没有文号或日期"),
        ({"law": {"repealed_on": date(2026, 1, 1)}}, "已失效"),
        ({"entries": ["nobody"]}, "no entry 'nobody'"),
    ],
)
def test_the_check_finds_what_must_not_be_said(sources: Path, changes: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in checked(sources, **changes))
