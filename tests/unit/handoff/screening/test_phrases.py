"""The language of phrases."""

import pypinyin
import pytest
import yaml

from handoff.screening.normalise import Normaliser
from handoff.screening.phrases import Phrase, PhraseError
from handoff.screening.rules import DEFAULT_PATH

NORMALISE = Normaliser({})
WORDS = {"高处": ["楼顶", "天台"]}


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("不想活", "我不想活了", True),
        ("(想|要)死", "要死", True),
        ("(想|要)死", "会死", False),
        ("(我)?不活", "不活", True),
        ("(都|已经)*好了", "都已经好了", True),
        ("上{高处}", "上天台", True),
        ("工资…跳", "工资不给，我就跳", True),
        ("工资…跳", "工资不给。我就跳", False),
        ("工资…跳", "工资一二三四五六七八九跳", False),
        ("工资…2跳", "工资一二三跳", False),
        ("不管我$", "你们不管我，走了", True),
        ("不管我$", "你们不管我们", False),
        ("^自杀", "他们，自杀", True),
        ("^自杀", "他自杀", False),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, text: str, found: bool) -> None:
    assert bool(list(Phrase.read(phrase, words=WORDS).spans(NORMALISE(text)))) is found


@pytest.mark.parametrize("phrase", ["(想", "想)", "想?", "{没有}", "(|想)", "{", "}", "", "$?"])
def test_a_phrase_that_means_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Phrase.read(phrase, words=WORDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zi sha", True),
        ("想zisha", True),
        ("zi杀", True),
        ("OK zisha le", True),
        ("Suzi Shaw", False),
        ("quzishax", False),
    ],
)
def test_pinyin_counts_only_where_it_is_pinyin(text: str, found: bool) -> None:
    phrase = Phrase.read("自杀", words={}, sounds={"自": "zi", "杀": "sha"})
    assert bool(list(phrase.spans(NORMALISE(text)))) is found


def test_the_sounds_of_the_rules_are_those_of_the_characters() -> None:
    sounds = yaml.safe_load(DEFAULT_PATH.read_text("utf-8"))["sounds"]
    for char, sound in sounds.items():
        readings = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0]
        assert sound in readings, char


def test_looking_at_pieces_first_never_loses_a_phrase() -> None:
    from handoff.screening.normalise import Normaliser
    from handoff.screening.phrases import _has_one
    from handoff.screening.rules import Rules
    from handoff.screening.sentences import load_sentences

    rules = Rules.load()
    normalise = Normaliser(dict(rules.disguises))
    phrases = [phrase for rule in rules.rules for phrase in rule.phrases]
    for sentence in load_sentences()[::40]:
        text = normalise(sentence.text)
        for phrase in phrases:
            if all(_has_one(text, need) for need in phrase.plain.needs):
                assert phrase._may_stand_in(text), (phrase.phrase, sentence.text)
