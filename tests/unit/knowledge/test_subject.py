"""What is our subject, learned from a handful of sentences."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from knowledge.subject import (
    FOLDS,
    NEAREST,
    Signs,
    Subject,
    Subjects,
    learn_subject,
    read_subject,
    write_subject,
)
from tests.unit.knowledge.hashing_encoder import HashingEncoder

OURS = [
    f"{who}{what}"
    for who in ("老板", "公司", "单位", "厂里")
    for what in ("拖欠工资怎么办", "不给交社保", "不签合同", "让加班")
]
STRANGE = [
    f"{what}{how}"
    for what in ("红烧肉", "感冒药", "股票", "高铁票")
    for how in ("哪里有卖", "多少钱一份", "好不好", "怎么挑")
]
ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def subjects() -> Subjects:
    texts = [*OURS, *STRANGE]
    ours = np.arange(len(texts)) < len(OURS)
    return learn_subject(texts, ENCODER.encode_wordings(texts), ours=ours, folds=np.arange(len(texts)) % FOLDS)


def signs(subject: Subject, text: str) -> Signs:
    return subject.signs(text, ENCODER.encode_questions([text])[0])


def odds(subjects: Subjects, text: str) -> float:
    return signs(subjects.whole, text).odds


def test_what_is_said_like_ours_is_ours(subjects: Subjects) -> None:
    assert odds(subjects, "老板不签合同还拖欠工资") > 0 > odds(subjects, "高铁票多少钱一张，红烧肉好不好")


def test_writing_in_another_script_or_width_changes_nothing(subjects: Subjects) -> None:
    vector = ENCODER.encode_questions(["公司拖欠工资"])[0]
    assert subjects.whole.signs("公司拖欠工資", vector).odds == pytest.approx(
        subjects.whole.signs("公司拖欠工资", vector).odds
    )


def test_a_fold_is_judged_by_one_that_has_not_seen_it(subjects: Subjects) -> None:
    for number, text in enumerate([*OURS, *STRANGE]):
        unseen = signs(subjects.without[number % FOLDS], text).odds
        assert abs(unseen) < abs(odds(subjects, text))


def test_a_stranger_is_like_what_strangers_asked(subjects: Subjects) -> None:
    same, like, ours = (signs(subjects.whole, text).strangers for text in (STRANGE[0], "红烧肉怎么烧", OURS[0]))
    assert same[0] == pytest.approx(1.0, abs=1e-5)
    assert same[0] > like[0] > ours[0]
    assert len(like) == NEAREST
    assert sorted(like, reverse=True) == list(like)


def test_a_fold_is_not_compared_with_itself(subjects: Subjects) -> None:
    for number, text in enumerate(STRANGE, len(OURS)):
        assert signs(subjects.without[number % FOLDS], text).strangers[0] < 0.999


def test_what_is_written_reads_back_the_same(subjects: Subjects) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        write_subject(connection, subjects.whole)
        back = read_subject(connection)
    for text in (*OURS, *STRANGE, "", "。。。"):
        read, kept = signs(back, text), signs(subjects.whole, text)
        assert read.odds == pytest.approx(kept.odds)
        assert np.array_equal(read.strangers, kept.strangers)
