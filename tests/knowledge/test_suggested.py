"""What is suggested to a cadre, from the built knowledge base."""

from __future__ import annotations

from datetime import date

import pytest

from bot.suggesting import MOST, KnowledgeSuggester
from knowledge.search import KnowledgeBase

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def suggester(knowledge_base: KnowledgeBase) -> KnowledgeSuggester:
    return KnowledgeSuggester(knowledge_base)


@pytest.mark.parametrize("asked", ["老板三个月没给我发工资了怎么办", "试用期被辞退有补偿吗", "加班费怎么算"])
def test_a_question_brings_answers_with_their_articles_word_for_word(
    suggester: KnowledgeSuggester, knowledge_base: KnowledgeBase, asked: str
) -> None:
    found = suggester.suggest(asked, today=TODAY)
    assert 1 <= len(found) <= MOST
    assert found[0].text == knowledge_base.answer(found[0].question, today=TODAY).text
    assert len({suggestion.question for suggestion in found}) == len(found)
    for cited in (cited for suggestion in found for cited in suggestion.citations):
        if cited.held:
            assert cited.text == knowledge_base.cite(cited.law, cited.article_no, on=TODAY).text
        else:
            assert cited.text == ""
    assert any(suggestion.citations for suggestion in found)


def test_an_entrys_own_question_brings_that_entry_first(
    suggester: KnowledgeSuggester, knowledge_base: KnowledgeBase
) -> None:
    for entry in knowledge_base.entries[::40]:
        assert suggester.suggest(entry.question, today=TODAY)[0].question == entry.question


@pytest.mark.parametrize("words", ["转人工", "今天天气真好啊", "", "  "])
def test_what_is_no_question_of_ours_brings_nothing(suggester: KnowledgeSuggester, words: str) -> None:
    assert suggester.suggest(words, today=TODAY) == ()
