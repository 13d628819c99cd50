import pytest

from knowledge.numerals import article_int, article_name, article_order, expand, to_int, to_numeral


def test_numerals_go_there_and_back() -> None:
    assert all(to_int(to_numeral(value)) == value for value in range(1, 2000))


@pytest.mark.parametrize(
    ("value", "numeral"),
    [
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1260, "一千二百六十"),
    ],
)
def test_numerals_are_written_as_law_writes_them(value: int, numeral: str) -> None:
    assert to_numeral(value) == numeral


def test_an_inserted_article_shares_its_integer_but_not_its_place() -> None:
    assert article_int("第二百七十六条之一") == article_int("第二百七十六条") == 276
    assert article_order("第二百七十六条") < article_order("第二百七十六条之一") < article_order("第二百七十七条")


def test_some_rules_number_their_items_without_the_word_article() -> None:
    assert article_int("三、") == 3


def test_an_annex_comes_after_all_articles_and_a_reply_counts_its_paragraphs() -> None:
    assert article_int("附件1") == article_int("附录") == 0
    assert article_order("第九百条") < article_order("附件1") < article_order("附件二") < article_order("附件10")
    assert article_int("第2段") == 2


@pytest.mark.parametrize("wrong", ["", "85", "第85条", "第八十五", "条"])
def test_anything_else_is_no_article_number(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an article number"):
        article_int(wrong)


def test_a_selection_names_articles_and_ranges() -> None:
    assert list(expand("3 15-16 276之1")) == ["第三条", "第十五条", "第十六条", "第二百七十六条之一"]
    assert article_name(276, 1) == "第二百七十六条之一"
    with pytest.raises(ValueError, match="not an article or a range"):
        list(expand("3-"))
