import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.keywords import Keywords, Table, create_tables
from knowledge.passages import Passage, PassageKind

PASSAGES = [
    Passage(PassageKind.WORDING, "wages", "老板拖欠工资怎么办"),
    Passage(PassageKind.WORDING, "leave", "年休假有几天"),
    Passage(PassageKind.ANSWER, "wages", "去劳动监察投诉欠薪"),
    Passage(
        PassageKind.ARTICLE,
        "law|第三十条|2012-12-28",
        "劳动合同法 履行\n用人单位应当及时足额支付劳动报酬。\n拖欠的，可以申请支付令。",
    ),
]


@pytest.fixture
def keywords(tmp_path: Path) -> Keywords:
    path = tmp_path / "words.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        create_tables(connection, PASSAGES)
    return Keywords(path, len(PASSAGES))


def test_the_passage_with_the_words_scores_best(keywords: Keywords) -> None:
    scores = keywords.scores(Table.WORDS, "拖欠工资")
    assert scores.argmax() == 0
    assert scores[3] > 0
    assert scores[1] == 0


def test_scores_are_shares(keywords: Keywords) -> None:
    scores = keywords.scores(Table.WORDS, "老板拖欠工资怎么办")
    assert 0 <= scores.min() <= scores.max() <= 1


def test_an_unknown_word_lowers_the_share(keywords: Keywords) -> None:
    known = keywords.scores(Table.WORDS, "年休假")[1]
    assert 0 < keywords.scores(Table.WORDS, "年休假 彗星 火山")[1] < known


def test_sounds_find_what_is_misspelt(keywords: Keywords) -> None:
    assert keywords.scores(Table.SOUNDS, "拖欠公资")[0] > 0


@pytest.mark.parametrize("hostile", ["", '"', "' OR 1=1 --", "* NEAR(", "AND OR NOT", "%%%"])
def test_marks_are_only_text(keywords: Keywords, hostile: str) -> None:
    for table in Table:
        assert keywords.scores(table, hostile).shape == (len(PASSAGES),)


def test_a_question_is_held_against_all_that_an_entry_says_together(keywords: Keywords) -> None:
    question = "欠薪去哪投诉，工资怎么办"
    whole = keywords.whole_scores(Table.PAIRS, question)
    assert whole.shape == (2,)
    assert whole.argmax() == 0
    assert whole[0] > 0 == whole[1]
    nothing = keywords.whole_scores(Table.WORDS, "")
    assert nothing.max() == 0


@pytest.mark.parametrize("table", [Table.WORDS, Table.PAIRS])
def test_an_entry_without_a_wording_is_as_one_that_never_had_it(tmp_path: Path, table: Table) -> None:
    gone = "公司拖欠工资三个月"
    scores = []
    for name, passages in (("with", [*PASSAGES, Passage(PassageKind.WORDING, "wages", gone)]), ("left", PASSAGES)):
        path = tmp_path / f"{name}.sqlite3"
        with closing(sqlite3.connect(path)) as connection, connection:
            create_tables(connection, passages)
        keywords = Keywords(path, len(passages))
        without = [gone] if name == "with" else []
        scores.append(keywords.whole_score_without(table, "拖欠工资去哪投诉", entry=0, wordings=without))
    assert scores[0] == pytest.approx(scores[1])
    assert scores[1] == pytest.approx(float(keywords.whole_scores(table, "拖欠工资去哪投诉")[0]))
