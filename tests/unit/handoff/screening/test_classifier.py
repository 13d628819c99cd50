"""The classifier layer: trained on our sentences, saved as numbers, read back the same."""

import json
from pathlib import Path

import numpy as np
import pytest

from handoff.screening.build import build, digest
from handoff.screening.classifier import MOST_WINDOWS, WINDOW, Classifier, ClassifierMissing, ClassifierStale, Model
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.rules import Rules
from handoff.screening.screener import Screener
from handoff.screening.sentences import DATA, SentencesError, load_sentences
from handoff.screening.training import FALSE_ANY, FALSE_CRISIS, ordinary_weights
from tests.unit.handoff.screening.character_encoder import CharacterEncoder
from tests.unit.handoff.screening.signs import UNTRAINED

RULES = Rules.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("screening")
    build(target, encoder=CharacterEncoder())
    return target


@pytest.fixture(scope="module")
def classifier(folder: Path) -> Classifier:
    return Classifier.load(folder, CharacterEncoder())


def test_a_saved_model_reads_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    model = Model.load(folder)
    model.save(tmp_path)
    again = Model.load(tmp_path)
    assert np.array_equal(model.levels, again.levels)
    assert np.array_equal(model.categories, again.categories)
    assert (model.thresholds, model.version, model.features.vocabulary) == (
        again.thresholds,
        again.version,
        again.features.vocabulary,
    )


def test_the_same_sentences_give_the_same_model(folder: Path, tmp_path: Path) -> None:
    build(tmp_path, encoder=CharacterEncoder())
    assert np.array_equal(Model.load(folder).levels, Model.load(tmp_path).levels)
    assert (folder / "classifier.json").read_bytes() == (tmp_path / "classifier.json").read_bytes()


def test_no_pickle_is_in_the_model(folder: Path) -> None:
    with np.load(folder / "classifier.npz", allow_pickle=False) as numbers:
        assert all(numbers[name].dtype == np.float32 for name in numbers.files)


def test_the_thresholds_keep_false_alarms_within_their_limits(folder: Path) -> None:
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    assert figures["ordinary called crisis"] <= FALSE_CRISIS
    assert 1 - figures["ordinary called ordinary"] <= FALSE_ANY + 1e-4
    assert figures["ordinary called sensitive"] <= 0.01


def test_short_ordinary_fragments_have_their_share_in_the_measure() -> None:
    sentences = load_sentences()
    fragments = [place for place, sentence in enumerate(sentences) if sentence.group == "fragments"]
    assert len(fragments) >= 300
    assert ordinary_weights(sentences)[fragments].sum() > 0.15


def test_the_classifier_names_level_category_and_what_spoke_for_it(classifier: Classifier) -> None:
    finding = classifier.screen("药已经买好了，今晚就走，对不起爸妈")
    assert finding.level is Level.CRISIS
    assert finding.categories[0].level is Level.CRISIS
    assert finding.triggers
    assert finding.layer is Layer.CLASSIFIER


def test_an_ordinary_question_is_ordinary(classifier: Classifier) -> None:
    finding = classifier.screen("年假几天，怎么算")
    assert (finding.level, finding.categories, finding.triggers) == (Level.ORDINARY, (), ())


@pytest.mark.parametrize("text", UNTRAINED)
def test_ordinary_people_in_a_few_words_are_not_silenced(classifier: Classifier, text: str) -> None:
    assert Screener(RULES, classifier).screen(text).level is Level.ORDINARY


def test_what_measures_the_classifier_was_not_learned() -> None:
    assert not {sentence.text for sentence in load_sentences()} & set(UNTRAINED)


def test_a_sign_at_the_end_of_a_long_text_is_read(classifier: Classifier) -> None:
    long = "今天发了工资，给家里买了点东西。" * (WINDOW * 4 // 16)
    assert classifier.screen(long + "药已经买好了，今晚就走，对不起爸妈").level is Level.CRISIS


def test_a_very_long_text_costs_a_bounded_number_of_encodings(folder: Path) -> None:
    class Counting(CharacterEncoder):
        seen = 0

        def encode_questions(self, texts):  # type: ignore[no-untyped-def]
            self.seen += len(texts)
            return super().encode_questions(texts)

    encoder = Counting()
    Classifier.load(folder, encoder).screen("好" * 1_000_000)
    assert encoder.seen == MOST_WINDOWS


def test_another_encoder_than_the_models_is_refused(folder: Path) -> None:
    class Other(CharacterEncoder):
        name = "other"

    with pytest.raises(ClassifierStale, match="characters-32, not other"):
        Classifier.load(folder, Other())


def test_a_missing_model_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ClassifierMissing, match="niangjia build"):
        Classifier.load(tmp_path, CharacterEncoder())


def test_the_more_serious_layer_wins(classifier: Classifier) -> None:
    screener = Screener(Rules.load(), classifier)
    by_both = screener.screen("我不想活了，活着没意思")
    assert (by_both.level, by_both.layer) == (Level.CRISIS, Layer.BOTH)
    by_rules = screener.screen("我们厂三个月没发工资了，我不想活了")
    assert by_rules.level is Level.CRISIS
    assert len(by_rules.categories) >= 2
    assert screener.screen("年假几天，怎么算").level is Level.ORDINARY
    assert screener.screen("？！").level is Level.ORDINARY
    assert screener.version == f"{screener.rules.version}+{classifier.version}"


def _found(level: Level, layer: Layer, *categories: Category, died: bool = False) -> Finding:
    return Finding(level, categories, 0.5, (), layer, "v", died=died)


def test_the_finding_says_who_vouches_for_its_level() -> None:
    screener = Screener(Rules.load())
    alone = _found(Level.CRISIS, Layer.CLASSIFIER, Category.SELF_HARM)
    nothing = _found(Level.ORDINARY, Layer.RULES)
    collective = _found(Level.SENSITIVE, Layer.RULES, Category.COLLECTIVE)
    crisis = _found(Level.CRISIS, Layer.RULES, Category.SELF_HARM)
    assert screener.combine(nothing, alone).layer is Layer.CLASSIFIER
    assert screener.combine(collective, alone).layer is Layer.CLASSIFIER
    assert screener.combine(collective, alone).categories == (Category.SELF_HARM, Category.COLLECTIVE)
    assert screener.combine(crisis, alone).layer is Layer.BOTH
    assert screener.combine(crisis, _found(Level.SENSITIVE, Layer.CLASSIFIER, Category.HAZARD)).layer is Layer.RULES
    assert screener.combine(nothing, _found(Level.ORDINARY, Layer.CLASSIFIER)).layer is Layer.RULES
    assert screener.combine(_found(Level.SENSITIVE, Layer.RULES, Category.DEATH_OR_INJURY, died=True), nothing).died


def test_without_a_classifier_the_rules_still_speak() -> None:
    assert Screener(Rules.load()).screen("我不想活了").level is Level.CRISIS


def test_the_digest_changes_with_encoder_and_sentences(tmp_path: Path) -> None:
    for path in DATA.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = digest(encoder_name="e", data=tmp_path, rules=tmp_path / "rules.yml")
    assert same == digest(encoder_name="e")
    assert same != digest(encoder_name="f")
    with (tmp_path / "ordinary.yml").open("a", encoding="utf-8") as file:
        file.write("  今天发了工资\n")
    assert same != digest(encoder_name="e", data=tmp_path)


def test_there_are_sentences_of_every_level_and_none_stands_twice(tmp_path: Path) -> None:
    sentences = load_sentences()
    assert len(sentences) >= 1200
    counts = {level: sum(sentence.level is level for sentence in sentences) for level in Level}
    assert min(counts.values()) >= 150
    for path in DATA.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "ordinary.yml").open("a", encoding="utf-8") as file:
        file.write(f"  {sentences[0].text}\n")
    with pytest.raises(SentencesError, match=r"ordinary\.yml"):
        load_sentences(tmp_path)
