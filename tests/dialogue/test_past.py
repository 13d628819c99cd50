"""A dispute of an earlier time: what the law said then comes with the answer, where it was something else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.scope import Scopes
from knowledge.encoder import Encoder
from nlu.engine import Button, DialogueEngine
from tests.dialogue.conftest import load_engine
from tests.dialogue.talk import Talk
from tests.fakes.case_reader import FakeCaseReader
from tests.unit.knowledge.conftest import entry, small_sources, write_topic
from tests.unit.knowledge.imported.samples import FIRST, LAW, SECOND

__all__ = ["small_sources"]
NewTalk = Callable[..., Talk]

PAYING = "互助金每个月交多少钱？"
PAYING_WORDINGS = [
    "互助金一个月交几块",
    "互助金交多少",
    "每月互助金扣多少",
    "互助金一个月扣我多少钱",
    "互助金要交几块钱",
    "参加互助金每月多少",
]
PURPOSE = "职工互助条例是干什么的？"
PURPOSE_WORDINGS = [
    "互助条例管什么",
    "互助条例有啥用",
    "为什么要有互助条例",
    "互助条例是为了谁",
    "职工互助图个啥",
    "互助条例讲的什么",
]
THEN, NOW = "每人每月十元", "每人每月二十元"


@pytest.fixture(scope="module")
def versions_engine(
    small_sources: Path, encoder: Encoder, cases: FakeCaseReader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[DialogueEngine, Scopes]]:
    """The dialogue over a knowledge base that holds a law in two versions, which differ in the third article."""
    from knowledge.build import build
    from knowledge.imported.reading import read_file
    from knowledge.search import KnowledgeBase

    folder = tmp_path_factory.mktemp("versions")
    shutil.copytree(small_sources, folder / "sources")
    articles = {PAYING: ("第三条", PAYING_WORDINGS), PURPOSE: ("第一条", PURPOSE_WORDINGS)}
    entries = [
        entry(f"mutual-aid-{n}", question=asked, wordings=wordings, citations=[{"law": LAW, "article_no": number}])
        for n, (asked, (number, wordings)) in enumerate(articles.items())
    ]
    write_topic(folder / "sources" / "entries", "mutual_aid", entries)
    for name, text in (("first.txt", FIRST), ("second.txt", SECOND)):
        (folder / name).write_text(text, "utf-8")
    imported = [text for name in ("first.txt", "second.txt") for text in read_file(folder / name).texts]
    build(folder / "built", encoder, sources=folder / "sources", imported=imported)
    scopes = Scopes()
    engine = load_engine(KnowledgeBase.open(folder / "built", encoder), scopes, encoder=encoder, cases=cases)
    yield engine, scopes
    engine.close()


@pytest.fixture
def local(versions_engine: tuple[DialogueEngine, Scopes]) -> Talk:
    return Talk(*versions_engine)


def _cited(talk: Talk) -> list[dict[str, Any]]:
    return [dict(citation) for reply in talk.replies for citation in reply.citations]


def test_the_text_of_then_comes_first_and_is_marked(local: Talk) -> None:
    answer = local.says("2019年3月的事，互助金一个月交几块")
    assert "您说的是2019年3月的事" in answer
    assert "《青山省职工互助条例》第三条写得和现在不一样" in answer
    then, now = _cited(local)[:2]
    assert THEN in then["text"]
    assert (then["version_date"], then["then"]) == ("2015-03-01", True)
    assert then["status"] == "当时的文本，已修改（新文本自2022年9月1日起施行）"
    assert NOW in now["text"]
    assert "then" not in now


@pytest.mark.parametrize(
    "said",
    [
        "互助金一个月交几块",
        "2023年3月的事，互助金一个月交几块",
        "我1985年出生，互助金一个月交几块",
        "明年3月起互助金一个月交几块",
        "工资2019元，互助金一个月交几块",
    ],
)
def test_todays_matter_and_what_is_no_time_bring_nothing_else(local: Talk, said: str) -> None:
    assert "您说的是" not in local.says(said)
    assert [citation for citation in _cited(local) if citation.get("then")] == []
    assert local.replies[0].citations


def test_an_article_that_has_not_changed_is_no_matter(local: Talk) -> None:
    answer = local.says("2019年的时候，职工互助条例是干什么的？")
    assert local.slots["last_entry"] == "mutual-aid-1"
    assert "您说的是" not in answer


def test_the_time_carries_on_within_the_topic_and_ends_with_it(local: Talk) -> None:
    local.says("2019年3月，职工互助条例是干什么的？")
    assert "您说的是2019年3月的事" in local.says("互助金每个月交多少钱？")
    local.says("试用期最长多久")
    assert "您说的是" not in local.says("互助金每个月交多少钱？")


def test_a_time_named_afterwards_adds_only_what_was_different(local: Talk) -> None:
    first = local.says("互助金每个月交多少钱？")
    again = local.says("2019年3月的互助金每个月交多少钱？")
    assert "您说的是2019年3月的事" in again
    assert first not in again
    assert [citation["then"] for citation in _cited(local)] == [True]


@pytest.mark.parametrize("said", ["那是2019年3月的事", "2019年3月", "大概是2019年3月份吧", "就是 2019.3 的时候"])
def test_a_message_that_only_says_when_is_no_new_question(local: Talk, said: str) -> None:
    local.says("互助金每个月交多少钱？")
    assert local.says(said).startswith("您说的是2019年3月的事")
    assert local.slots["last_entry"] == "mutual-aid-0"


def test_the_text_of_then_is_not_said_twice_in_a_row(local: Talk) -> None:
    local.says("2019年3月的互助金每个月交多少钱？")
    assert "您说的是" not in local.says("2019年3月的互助金每个月交多少钱？")


# The shipped knowledge base holds one text of each law.

ARREARS = "老板拖欠工资怎么办"


def test_before_the_oldest_text_the_desk_says_that_it_holds_none(talk: Talk) -> None:
    answer = talk.says(f"2015年5月的事，{ARREARS}")
    assert "您说的是2015年5月的事" in answer
    assert "《劳动法》（现在的文本2018年12月29日起施行），本库没有当时的文本" in answer
    assert "转人工" in answer


def test_since_todays_text_there_is_nothing_to_add(talk: Talk) -> None:
    assert "您说的是" not in talk.says(f"去年12月的事，{ARREARS}")
    assert talk.slots["last_entry"] == "wages-arrears-first-steps"


def test_a_button_that_asks_what_was_meant_brings_the_time_along(talk: Talk) -> None:
    talk.says("2010年3月工伤的事")
    assert "确认" in talk.replies[0].text
    options = _timed_options(talk)
    talk.presses(options[0].title)
    assert "您说的是2010年3月的事" in talk.replies[0].text
    talk.says("没签合同怎么办")
    pressed = talk.presses_again(options[1])
    assert "您说的是2010年3月的事" in pressed, "also when the talk has gone on to something else"


def test_what_none_of_these_brings_asks_about_the_same_time(talk: Talk) -> None:
    talk.says("2010年3月工伤的事")
    first = {option.title for option in _timed_options(talk)}
    talk.presses("都不是")
    assert first.isdisjoint(option.title for option in _timed_options(talk))


def _timed_options(talk: Talk) -> list[Button]:
    """The questions offered, every one of which brings March 2010 along."""
    options = [talk.button(title) for title in talk.titles if title not in {"转人工", "都不是"}]
    assert options
    assert all('"named_time": "2010-03-01/2010-03-31"' in option.payload for option in options)
    return options


def test_a_button_of_before_there_were_times_still_asks(talk: Talk) -> None:
    talk.says("合同")
    assert "named_time" not in talk.button(talk.titles[0]).payload
    talk.presses(talk.titles[0])
    assert talk.replies[0].citations
