from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from knowledge.errors import ArticleNotFound
from knowledge.found_articles import beside
from knowledge.search import CitationKind, KnowledgeBase, Outcome, asks_for_a_person
from tests.unit.knowledge.conftest import LABOUR_CONTRACT_LAW, PROBATION, UNION, WAGES

TODAY = date(2026, 11, 21)


def test_the_words_of_an_entry_find_it(small_base: KnowledgeBase) -> None:
    for name, asked in (("wages", WAGES), ("probation", PROBATION), ("union", UNION)):
        assert small_base.answer(asked[0], today=TODAY).entry == name


def test_an_entry_leads_to_its_articles_and_each_comes_once(small_base: KnowledgeBase) -> None:
    citations = small_base.answer(WAGES[0], today=TODAY, top=10).citations
    names = [(citation.law, citation.article_no) for citation in citations]
    assert set(names[:2]) == {(LABOUR_CONTRACT_LAW, "第三十条"), ("保障农民工工资支付条例", "第三条")}
    assert len(set(names)) == len(names) == 10


def test_what_is_not_held_is_a_reference_without_text(small_base: KnowledgeBase) -> None:
    verbatim, reference = small_base.answer(WAGES[0], today=TODAY).grounds
    assert (verbatim.kind, reference.kind) == (CitationKind.VERBATIM, CitationKind.REFERENCE)
    assert verbatim.text.startswith("用人单位应当按照劳动合同约定和国家规定")
    assert reference.text == ""
    assert reference.status == "现行有效"


def test_the_articles_stand_as_they_were_found_and_none_that_it_rests_on_is_lost(small_base: KnowledgeBase) -> None:
    answer = small_base.answer(WAGES[0], today=TODAY)
    assert answer.entry == "wages"
    assert [ground.article_no for ground in answer.grounds] == ["第三十条", "第三条"]
    assert set(answer.grounds) <= set(answer.citations)
    assert len(answer.citations) == len(set(answer.citations)) == 10
    assert small_base.answer(WAGES[0], today=TODAY, top=2).grounds == answer.grounds
    one, two, ground = answer.citations[:3]
    assert beside((one, two, ground), (ground,), top=3) == (one, two, ground)
    assert beside((one, two), (ground,), top=2) == (one, ground)


@pytest.mark.parametrize("top", [0, 1, 3])
def test_no_more_citations_than_asked_for(small_base: KnowledgeBase, top: int) -> None:
    assert len(small_base.answer(WAGES[0], today=TODAY, top=top).citations) == top


def test_before_the_oldest_text_the_desk_says_so(small_base: KnowledgeBase) -> None:
    answer = small_base.answer(WAGES[0], today=TODAY, as_of=date(2010, 1, 1))
    assert answer.entry == "wages"
    assert "本库没有当时的文本" in answer.text
    first = answer.citations[0]
    assert (first.kind, first.text, first.status) == (CitationKind.REFERENCE, "", "本库没有当时的文本")


def test_an_answer_of_today_says_nothing_of_the_past(small_base: KnowledgeBase) -> None:
    assert "先说明" not in small_base.answer(WAGES[0], today=TODAY).text


@pytest.mark.parametrize(
    "asked", ["转人工", "我要找个人聊聊", "人工", "叫你们工会干部来", "有真人吗", "不想跟机器人说话"]
)
def test_who_asks_for_a_person_gets_one(small_base: KnowledgeBase, asked: str) -> None:
    assert small_base.answer(asked, today=TODAY).outcome is Outcome.HANDOFF


@pytest.mark.parametrize(
    "asked", ["人工流产有假吗", "人工费怎么算", "找谁要工资", "干部退休年龄", "客服岗位加班没加班费", "跟主播签合同"]
)
def test_who_only_speaks_of_people_does_not(asked: str) -> None:
    assert not asks_for_a_person(asked)


@pytest.mark.parametrize("empty", ["", " \n", "\0\0", "😀", "\u200b"])
def test_an_empty_message_is_asked_back_kindly(small_base: KnowledgeBase, empty: str) -> None:
    answer = small_base.answer(empty, today=TODAY)
    assert answer.outcome is Outcome.CLARIFY
    assert answer.citations == ()
    assert 1 <= len(answer.options) <= 4


@pytest.mark.parametrize(
    "odd", ["工资" * 500_000, "a" * 1_000_000, "<script>alert(1)</script>", "' OR 1=1 --", "\ud800", "１２３"]
)
def test_odd_text_gets_a_sane_answer(small_base: KnowledgeBase, odd: str) -> None:
    answer = small_base.answer(odd, today=TODAY)
    assert answer.text
    assert 0 <= answer.score <= 1


def test_traditional_and_misspelt_words_find_the_same(small_base: KnowledgeBase) -> None:
    assert small_base.answer("老闆拖欠工資怎麼辦", today=TODAY).entry == "wages"
    assert small_base.answer("老板拖欠公资怎么办", today=TODAY).entry == "wages"


def test_a_question_back_offers_two_to_four_choices(small_base: KnowledgeBase) -> None:
    outcomes = {q: small_base.answer(q, today=TODAY) for q in ("老板", "工会试用期工资", "钱和入会", "这个怎么弄")}
    for answer in outcomes.values():
        if answer.outcome is Outcome.CLARIFY:
            assert 2 <= len(answer.options) <= 4


def test_related_questions_are_offered_with_an_answer(small_base: KnowledgeBase) -> None:
    assert small_base.answer(WAGES[0], today=TODAY).options == (PROBATION[0],)


def test_an_article_is_shown_whole(small_base: KnowledgeBase) -> None:
    article = small_base.article(LABOUR_CONTRACT_LAW, "第十九条", as_of=TODAY)
    assert (article.article, article.version_date) == (19, date(2012, 12, 28))
    assert "试用期不得超过一个月" in article.text


@pytest.mark.parametrize(
    ("law", "number"), [("不存在的法", "第一条"), (LABOUR_CONTRACT_LAW, "第九百条"), (LABOUR_CONTRACT_LAW, "x")]
)
def test_an_article_that_is_not_held_is_said_to_be_missing(small_base: KnowledgeBase, law: str, number: str) -> None:
    with pytest.raises(ArticleNotFound):
        small_base.article(law, number, as_of=TODAY)


def test_what_is_to_come_says_from_when(small_base: KnowledgeBase) -> None:
    citation = small_base.cite("中华人民共和国医疗保障法", "第一条", on=TODAY)
    assert citation.status == "尚未施行（自2027年1月1日起施行）"
    assert small_base.cite("中华人民共和国医疗保障法", "第一条", on=date(2027, 1, 1)).status == "现行有效"


def test_threads_get_what_one_thread_gets(small_base: KnowledgeBase) -> None:
    asked = [*WAGES, *PROBATION, *UNION] * 4
    alone = [small_base.answer(question, today=TODAY) for question in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: small_base.answer(question, today=TODAY), asked))
    assert together == alone
