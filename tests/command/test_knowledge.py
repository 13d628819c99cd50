"""`niangjia knowledge` through its front door: files in, a built knowledge base in SQLite, and back again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now_set

from bot import buildable, composition, statutes
from bot.builds import folder_of
from bot.command.main import main
from knowledge import build
from knowledge.artifact import DATABASE
from tests.unit.knowledge.conftest import LABOUR_CONTRACT_LAW, entry, small_sources, write_topic
from tests.unit.knowledge.hashing_encoder import HashingEncoder
from tests.unit.knowledge.imported.samples import FIRST, LAW, SECOND, THIRD, json_lines, row, word

__all__ = ["small_sources"]
Niangjia = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_sources: Path) -> Iterator[Path]:
    """An installation over the small sources, with an encoder that takes no time."""
    folder = tmp_path / "home"
    settings.NIANGJIA = replace(now_set.NIANGJIA, home=folder, build_dir=folder / "build", encoder="hashing")
    monkeypatch.setattr(build, "SOURCES", small_sources)
    for module in (buildable, composition):
        monkeypatch.setattr(module, "encoder_of", lambda configuration: HashingEncoder())
    composition.desk.cache_clear()
    yield folder
    composition.desk.cache_clear()


@pytest.fixture
def niangjia(home: Path, capsys: pytest.CaptureFixture[str]) -> Niangjia:
    """Run the command; its exit code and what it said."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        composition.desk.cache_clear()
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def files(tmp_path: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(tmp_path / f"{name}.docx")
        paths[-1].write_bytes(word(text))
    return paths


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_dry_run_says_what_would_change_and_changes_nothing(niangjia: Niangjia, home: Path, tmp_path: Path) -> None:
    before = everything(home)
    code, out, _ = niangjia("knowledge", "import", *files(tmp_path, a=FIRST, b=SECOND), "--dry-run")
    assert code == 0
    assert f"新增法规：《{LAW}》（2015-03-01 版本，6 条，已修改（新文本自2022年9月1日起施行））" in out
    assert "试运行" in out
    assert everything(home) == before


def test_an_imported_law_is_found_cited_word_for_word_and_shown(niangjia: Niangjia, tmp_path: Path) -> None:
    code, out, _ = niangjia("knowledge", "import", *files(tmp_path, a=FIRST))
    assert (code, "已经导入（第 1 次）" in out) == (0, True)
    code, out, _ = niangjia("ask", "骑骆驼上班摔伤 领取骆驼互助金")
    (cited,) = [one for one in json.loads(out)["citations"] if (one["law"], one["article_no"]) == (LAW, "第四条")]
    assert cited["text"] == "职工骑骆驼上班摔伤的，可以领取骆驼互助金三百元。"
    assert (cited["kind"], cited["version_date"], cited["status"]) == ("verbatim", "2015-03-01", "现行有效")
    code, out, _ = niangjia("knowledge", "article", LAW, "附件1")
    assert (code, out.splitlines()[1:]) == (0, ["附件1：领取互助金的材料", "一、申请书", "二、住院发票"])
    assert niangjia("knowledge", "check")[0] == 0


def test_each_version_governs_its_own_days(niangjia: Niangjia, tmp_path: Path) -> None:
    niangjia("knowledge", "import", *files(tmp_path, a=FIRST, b=SECOND, c=THIRD))

    def article(number: str, day: str) -> tuple[int, str]:
        code, out, _ = niangjia("knowledge", "article", LAW, number, "--as-of", day)
        return code, out

    assert "没有这一条" in article("第三条", "2015-02-01")[1]
    assert "尚未施行（自2015年5月1日起施行）" not in article("第三条", "2015-02-01")[1]
    assert "每人每月十元。" in article("第三条", "2016-01-01")[1]
    assert "每人每月二十元。" in article("第三条", "2026-01-01")[1]
    assert "（新修改的文本自2027年1月1日起施行）" in article("第三条", "2026-11-21")[1]
    assert "每人每月三十元。" in article("第三条", "2027-01-01")[1]
    assert article("附件1", "2026-01-01")[0] == 1, "the second version has no annex"

    def asked(day: str) -> dict[str, str]:
        _, out, _ = niangjia("ask", "骑骆驼上班摔伤 领取骆驼互助金", "--as-of", day, "--top", "20")
        return {one["article_no"]: one["text"] for one in json.loads(out)["citations"] if one["law"] == LAW}

    assert "骆驼互助金三百元" in asked("2016-01-01")["第四条"]
    later = asked("2026-01-01")
    assert "骆驼" not in "".join(later.values()), "what the law no longer says is not shown"
    assert next(iter(later)) != "第四条", "nor the article that has its number now in its place"


def test_what_is_passed_and_not_in_force_says_from_when(niangjia: Niangjia, tmp_path: Path) -> None:
    coming = FIRST.replace("2015年3月1日", "2026年10月1日").replace("2015年5月1日", "2027年1月1日")
    niangjia("knowledge", "import", *files(tmp_path, a=coming))
    _, out, _ = niangjia("knowledge", "article", LAW, "第一条", "--as-of", "2026-11-21")
    assert "尚未施行（自2027年1月1日起施行）" in out


def test_a_part_that_ended_is_named_at_its_own_article(niangjia: Niangjia, tmp_path: Path) -> None:
    above = "部分失效：第二条第二款 2020-01-01 青政令第9号\n部分失效：第四条 2021-01-01 青政令第9号\n"
    niangjia("knowledge", "import", *files(tmp_path, a=above + FIRST))
    heads = {
        (number, day): niangjia("knowledge", "article", LAW, number, "--as-of", day)[1].splitlines()[0]
        for number, day in [
            ("第一条", "2022-01-01"),
            ("第二条", "2022-01-01"),
            ("第四条", "2022-01-01"),
            ("第四条", "2020-06-01"),
        ]
    }
    assert heads["第一条", "2022-01-01"].endswith("现行有效")
    assert heads["第二条", "2022-01-01"].endswith("现行有效（第二款自2020年1月1日起失效）")
    assert heads["第四条", "2022-01-01"].endswith("已失效（自2021年1月1日起）")
    assert heads["第四条", "2020-06-01"].endswith("现行有效")


def test_of_a_month_alone_no_day_is_shown(niangjia: Niangjia, tmp_path: Path) -> None:
    path = tmp_path / "laws.jsonl"
    line = row("一、", "骑骆驼上班摔伤可以领骆驼互助金。", version_date="2015-03", passed_on=None)
    path.write_text(json_lines(line), encoding="utf-8")
    _, out, _ = niangjia("knowledge", "import", path)
    assert "版本日期只到月" in out
    assert niangjia("knowledge", "article", LAW, "一、")[1].splitlines()[0] == f"《{LAW}》一、　现行有效"
    _, out, _ = niangjia("ask", "骑骆驼上班摔伤 领骆驼互助金")
    assert [one["version_date"] for one in json.loads(out)["citations"] if one["law"] == LAW] == [None]


def test_the_same_file_twice_changes_nothing(niangjia: Niangjia, home: Path, tmp_path: Path) -> None:
    paths = files(tmp_path, a=FIRST)
    niangjia("knowledge", "import", *paths)
    before = everything(home)
    code, out, _ = niangjia("knowledge", "import", *paths)
    assert (code, "没有要改的" in out) == (0, True)
    assert everything(home) == before


def test_every_import_is_listed_and_can_be_gone_back_to(niangjia: Niangjia, tmp_path: Path) -> None:
    one, two = files(tmp_path, a=FIRST, b=SECOND)
    niangjia("knowledge", "import", one, "--no-build")
    niangjia("knowledge", "import", two, "--no-build")
    _, out, _ = niangjia("knowledge", "versions", "互助", "--as-of", "2026-01-01")
    assert [line.split("：")[1].split("；")[0] for line in out.splitlines()] == [
        "已修改（新文本自2022年9月1日起施行）",
        "现行有效",
    ]
    assert "导入全文 6 条" in out
    code, out, _ = niangjia("knowledge", "rollback")
    assert (code, "退回到第 1 次" in out) == (0, True)
    _, out, _ = niangjia("knowledge", "versions", "互助")
    assert len(out.splitlines()) == 1
    _, out, _ = niangjia("knowledge", "history")
    assert [line.split(" ")[1] for line in out.splitlines() if line.startswith("第")] == ["1", "2", "3"]
    assert f"－《{LAW}》2022-06-30 版本（4 条）" in out
    niangjia("knowledge", "rollback", "2")
    _, out, _ = niangjia("knowledge", "article", LAW, "第三条", "--as-of", "2026-01-01")
    assert "二十元" in out
    assert niangjia("knowledge", "rollback", "0")[0] == 0
    code, _, err = niangjia("knowledge", "versions", "互助")
    assert (code, "没有名称含“互助”" in err) == (1, True)
    code, _, err = niangjia("knowledge", "rollback", "9")
    assert (code, "没有第 9 次导入" in err) == (1, True)


def test_what_is_not_built_yet_is_told(niangjia: Niangjia, tmp_path: Path) -> None:
    one, two = files(tmp_path, a=FIRST, b=SECOND)
    niangjia("knowledge", "import", one)
    _, out, _ = niangjia("knowledge", "import", two, "--no-build")
    assert "niangjia build" in out
    code, out, _ = niangjia("knowledge", "check")
    assert (code, "要重做" in out) == (1, True)
    code, _, err = niangjia("ask", "骆驼")
    assert (code, "niangjia build" in err) == (1, True)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", json_lines(row("第一条", "甲。")).encode() + b"{oops\n", "第 2 行不是 JSON"),
        ("a.docx", b"PK\x03\x04", "打不开"),
        ("a.txt", bytes(range(128, 256)), "编码"),
        ("a.md", "今天天气很好。".encode(), "没有找到“第一条”"),
        ("a.pdf", b"%PDF", "不是能导入的文件"),
    ],
)
def test_a_file_that_cannot_be_read_stops_all_of_it(
    niangjia: Niangjia, home: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    before = everything(home)
    code, out, err = niangjia("knowledge", "import", *files(tmp_path, good=FIRST), tmp_path / name)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1
    assert everything(home) == before


def test_lines_that_are_refused_are_named_and_the_other_laws_taken(niangjia: Niangjia, tmp_path: Path) -> None:
    path = tmp_path / "laws.jsonl"
    lines = json_lines(row("第一条", "甲。"), row("第二条", ""), row("第一条", "骆驼要登记。", law="青山省骆驼条例"))
    path.write_text(lines, encoding="utf-8")
    code, out, err = niangjia("knowledge", "import", path, "--no-build")
    assert code == 1
    assert "laws.jsonl 第 2 行：缺少“text”" in out
    assert f"《{LAW}》（2015-03-01）有读不了的行，整部没有导入" in out
    assert "新增法规：《青山省骆驼条例》" in out
    assert "有的没有收" in err


def test_a_text_in_gbk_is_imported(niangjia: Niangjia, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(FIRST.encode("gbk"))
    assert niangjia("knowledge", "import", tmp_path / "a.txt", "--no-build")[0] == 0


def test_a_build_that_fails_leaves_the_old_state(
    niangjia: Niangjia, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = files(tmp_path, a=FIRST, b=SECOND)
    niangjia("knowledge", "import", one)
    before = everything(home / "statutes" / "imports")

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(statutes, "_build", fails)
    assert niangjia("knowledge", "import", two)[0] == 1
    assert everything(home / "statutes" / "imports") == before
    assert niangjia("knowledge", "check")[0] == 0, "the old knowledge base is in use, and true"


_KILLED = """
import os, signal, sys
from knowledge.imported import shelf

write, place, written = shelf._write_whole, int(sys.argv[1]), 0

def killed(path, content):
    global written
    written += 1
    if written == place:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f".{path.name}.x.part").write_bytes(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, content)
    if written == -place:
        os.kill(os.getpid(), signal.SIGKILL)

shelf._write_whole = killed
from bot.command.main import main
sys.exit(main(sys.argv[2:]))
"""


def _killed(home: Path, place: int, *arguments: str | Path) -> None:
    """The command in a process of its own, killed in the middle of what it writes at that place (after it: below 0)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIANGJIA_", "DJANGO_"))}
    command = [sys.executable, "-c", _KILLED, str(place), *map(str, arguments)]
    done = subprocess.run(
        command, env=kept | {"NIANGJIA_HOME": str(home)}, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(("place", "holds"), [(1, 1), (-1, 1), (2, 1), (-2, 2)])
def test_a_killed_import_leaves_one_whole_state_and_can_be_run_again(
    niangjia: Niangjia, home: Path, tmp_path: Path, place: int, holds: int
) -> None:
    """It writes the new text first, the list last."""
    one, two = files(tmp_path, a=FIRST, b=SECOND)
    niangjia("knowledge", "import", one, "--no-build")
    _killed(home, place, "knowledge", "import", two, "--no-build")
    assert len(niangjia("knowledge", "versions", "互助")[1].splitlines()) == holds
    assert niangjia("knowledge", "import", two, "--no-build")[0] == 0
    assert len(niangjia("knowledge", "versions", "互助")[1].splitlines()) == 2


def _altered(statement: str) -> None:
    folder = folder_of(buildable.buildable_parts(now_set.NIANGJIA)["knowledge"], now_set.NIANGJIA.build_dir)
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        assert connection.execute(statement).rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET text = replace(text, '三百元', '五百元') WHERE law = '青山省职工互助条例' AND article_no = '第四条'",
        "UPDATE passages SET text = replace(text, '三百元', '五百元') WHERE owner LIKE '青山省职工互助条例|第四条|%'",
        "DELETE FROM articles WHERE law = '青山省职工互助条例' AND article_no = '第四条'",
    ],
)
def test_one_wrong_article_in_the_index_fails_the_check_and_is_named(
    niangjia: Niangjia, tmp_path: Path, statement: str
) -> None:
    niangjia("knowledge", "import", *files(tmp_path, a=FIRST))
    assert niangjia("knowledge", "check")[0] == 0
    _altered(statement)
    code, out, _ = niangjia("knowledge", "check")
    assert code == 1
    assert f"《{LAW}》第四条" in out


def test_the_check_names_an_entry_that_an_import_proves_wrong(
    niangjia: Niangjia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_sources: Path
) -> None:
    """An entry cites an article that the law, whose text is now there, does not have; another says another figure."""
    copy = tmp_path / "sources"
    shutil.copytree(small_sources, copy)
    monkeypatch.setattr(build, "SOURCES", copy)
    cited = [{"law": "保障农民工工资支付条例", "article_no": "第三条"}]
    wordings = [f"包工头说法{n}" for n in range(6)]
    wrong = entry(
        "site",
        question="包工头跑了找谁",
        answer="工资被拖欠的，三十日内可以直接找总包要。",
        citations=cited,
        wordings=wordings,
    )
    other = entry("late", question="总包多久给钱", answer="工资被拖欠的，10天内可以直接找总包要。", citations=cited)
    write_topic(copy / "entries", "sites", [wrong, other])
    code, out, _ = niangjia("knowledge", "check", "--sources-only")
    assert code == 1
    assert "“三十日内可以直接找总包要”和 sites.yml: late 里的“10天内可以直接找总包要”数字不一样" in out
    path = tmp_path / "laws.jsonl"
    dates = {"version_date": "2019-12-30", "passed_on": "2019-12-30", "effective_on": "2020-05-01"}
    path.write_text(json_lines(row("第一条", "只有这一条。", law=cited[0]["law"], **dates)), encoding="utf-8")
    niangjia("knowledge", "import", path, "--no-build")
    code, out, _ = niangjia("knowledge", "check", "--sources-only")
    assert "sites.yml: site: 《保障农民工工资支付条例》第三条：有这部法规的原文，但没有这一条" in out


def test_without_imports_the_knowledge_base_is_the_shipped_one(niangjia: Niangjia, home: Path) -> None:
    part = buildable.buildable_parts(now_set.NIANGJIA)["knowledge"]
    assert part.digest() == build.digest("hashing", sources=build.SOURCES)
    assert niangjia("knowledge", "history")[1].strip() == "还没有导入过法规。"
    assert not (home / "statutes").exists()
    assert LABOUR_CONTRACT_LAW in niangjia("knowledge", "versions", "劳动合同法")[1]


def test_a_running_desk_takes_up_an_import_and_a_way_back_by_itself(
    niangjia: Niangjia, home: Path, tmp_path: Path
) -> None:
    assert niangjia("knowledge", "import", *files(tmp_path, a=FIRST))[0] == 0
    running = composition.compose(now_set.NIANGJIA)
    running.parts.load({"knowledge": running.loaders()["knowledge"]})

    def last_version() -> date | None:
        return running.parts.need_knowledge().cite(LAW, "第一条", on=date(2026, 1, 1)).version_date

    niangjia("knowledge", "import", *files(tmp_path, b=SECOND), "--no-build")
    assert not running.renew_knowledge(), "nothing is built yet"
    assert last_version() == date(2015, 3, 1)
    niangjia("knowledge", "rollback", "--no-build")
    niangjia("knowledge", "import", *files(tmp_path, b=SECOND))
    assert running.renew_knowledge()
    assert last_version() == date(2022, 6, 30)
    niangjia("knowledge", "rollback")
    assert running.renew_knowledge()
    assert last_version() == date(2015, 3, 1)
