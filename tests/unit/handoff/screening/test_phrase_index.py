"""The index may leave out only phrases that stand nowhere in the text."""

from handoff.screening.normalise import Normaliser
from handoff.screening.phrase_index import PhraseIndex
from handoff.screening.rules import Rules
from handoff.screening.sentences import load_sentences


def test_no_phrase_that_stands_in_a_sentence_of_ours_is_left_out() -> None:
    rules = Rules.load()
    normalise, groups = Normaliser(rules.disguises), [rule.phrases for rule in rules.rules]
    index = PhraseIndex(groups)
    looked_for = 0
    for sentence in load_sentences()[::40]:
        for text in (sentence.text, f"wo {sentence.text}", sentence.text * 30):
            normal = normalise(text)
            found = dict(index.of(normal))
            for number, group in enumerate(groups):
                standing = [phrase for phrase in group if any(phrase.spans(normal))]
                assert [phrase for phrase in found.get(number, []) if phrase in standing] == standing
            looked_for += sum(map(len, found.values()))
            if len(text) > 200:
                break
    assert looked_for


def test_of_a_short_text_few_phrases_are_looked_for() -> None:
    rules = Rules.load()
    index = PhraseIndex([rule.phrases for rule in rules.rules])
    candidates = sum(len(phrases) for _, phrases in index.of(Normaliser(rules.disguises)("上个月的加班费还没发")))
    assert candidates < sum(len(rule.phrases) for rule in rules.rules) / 4
