from knowledge.spelling import heard
from knowledge.tokens import pairs, sounds, words


def test_words_of_labour_law_stay_whole() -> None:
    assert "停工留薪期" in words("停工留薪期是多久")
    assert "二倍工资" in words("能要二倍工资吗")


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("请问我应该怎么办呢") == []


def test_traditional_and_simplified_give_the_same_words() -> None:
    assert words("拖欠工資") == words("拖欠工资")


def test_homophones_sound_alike() -> None:
    assert sounds("公资") == sounds("工资") == ["gongzi"]


def test_pairs_do_not_reach_over_a_gap() -> None:
    assert pairs("工资,加班") == ["工资", "加班"]


def test_a_word_misspelt_by_sound_is_heard() -> None:
    assert heard("公资不发找谁要") == "工资不发找谁要"
    assert heard("加搬费怎么算") == "加班费怎么算"


def test_a_line_without_misspelling_stays() -> None:
    for line in ("老板拖欠工资怎么办", "产假有几天", "社保ABC断了", "", "工"):
        assert heard(line) == line
