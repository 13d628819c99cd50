"""The classifier layer: trained on our sentences, saved as numbers, read back the same."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from handoff.screening.build import OTHERS, UNSEEN, build, digest
from handoff.screening.classifier import MOST_WINDOWS, WINDOW, Classifier, ClassifierMissing, ClassifierStale, Model
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.rules import Read, Rules
from handoff.screening.screener import Screener
from handoff.screening.sentences import DATA, SentencesError, load_sentences, sentence_files
from handoff.screening.thresholds import FALSE_ANY, FALSE_CRISIS, ordinary_weights
from knowledge.sentences import sentences_in
from tests.unit.handoff.screening.character_encoder import CharacterEncoder, SecondCharacterEncoder
from tests.unit.handoff.screening.signs import UNTRAINED

DANGER = "我不想活了，真的想死，药已经买好了，今晚就走，对不起爸妈，下辈子再报答你们"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in six of our sentences, so that learning takes a moment; the real model is tested in tests/screening."""
    target = tmp_path_factory.mktemp("sentences")
    for level, path in sentence_files().items():
        groups = yaml.safe_load(path.read_text("utf-8"))
        thin = {name: "\n".join(block.strip().splitlines()[::6]) for name, block in groups.items()}
        (target / f"{level.value}.yml").write_text(yaml.safe_dump(thin, allow_unicode=True), "utf-8")
    return target


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in twelve of them."""
    target = tmp_path_factory.mktemp("strangers")
    thin = list(sentences_in(OTHERS))[::12]
    (target / "some.yml").write_text(yaml.safe_dump({"all": thin}, allow_unicode=True), "utf-8")
    return target


def _build(target: Path, data: Path, strangers: Path) -> None:
    encoders = {"encoder": CharacterEncoder(), "second": SecondCharacterEncoder()}
    build(target, **encoders, data=data, strangers=strangers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, data: Path, strangers: Path) -> Path:
    target = tmp_path_factory.mktemp("screening")
    _build(target, data, strangers)
    return target


@pytest.fixture(scope="module")
def classifier(folder: Path) -> Classifier:
    return Classifier.load(folder, CharacterEncoder(), SecondCharacterEncoder())


def test_a_saved_model_reads_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    model = Model.load(folder)
    model.save(tmp_path)
    again = Model.load(tmp_path)
    assert np.array_equal(model.weights, again.weights)
    assert np.array_equal(model.ladder, again.ladder)
    assert (model.thresholds, model.version, model.groups, model.encoders) == (
        again.thresholds,
        again.version,
        again.groups,
        again.encoders,
    )
    assert (model.features.vocabulary, model.features.sizes) == (again.features.vocabulary, again.features.sizes)


def test_the_same_sentences_give_the_same_model(folder: Path, data: Path, strangers: Path, tmp_path: Path) -> None:
    _build(tmp_path, data, strangers)
    assert np.array_equal(Model.load(folder).weights, Model.load(tmp_path).weights)
    assert (folder / "classifier.json").read_bytes() == (tmp_path / "classifier.json").read_bytes()


def test_no_pickle_is_in_the_model(folder: Path) -> None:
    with np.load(folder / "classifier.npz", allow_pickle=False) as numbers:
        assert all(numbers[name].dtype == np.float32 for name in numbers.files)


def test_the_thresholds_keep_false_alarms_within_their_limits(folder: Path, data: Path) -> None:
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    assert figures["ordinary called crisis"] <= FALSE_CRISIS
    assert 1 - figures["ordinary called ordinary"] <= FALSE_ANY + 1e-4
    with np.load(folder / UNSEEN, allow_pickle=False) as unseen:
        assert len(unseen["chances"]) == len(unseen["by_rules"]) == len(load_sentences(data))


def test_short_ordinary_fragments_have_their_share_in_the_measure() -> None:
    sentences = load_sentences()
    fragments = [place for place, sentence in enumerate(sentences) if sentence.group == "fragments"]
    assert len(fragments) >= 300
    assert ordinary_weights(sentences)[fragments].sum() > 0.1


def test_the_classifier_names_level_category_and_what_spoke_for_it(classifier: Classifier) -> None:
    finding = classifier.screen(DANGER)
    assert finding.level is Level.CRISIS
    assert finding.categories[0].level is Level.CRISIS
    assert finding.triggers
    assert finding.layer is Layer.CLASSIFIER


def test_an_ordinary_question_is_ordinary(classifier: Classifier) -> None:
    finding = classifier.screen("年假几天，怎么算")
    assert (finding.level, finding.categories, finding.triggers) == (Level.ORDINARY, (), ())


def test_what_measures_the_classifier_was_not_learned() -> None:
    assert not {sentence.text for sentence in load_sentences()} & set(UNTRAINED)


def test_a_sign_at_the_end_of_a_long_text_is_read(classifier: Classifier) -> None:
    long = "今天发了工资，给家里买了点东西。" * (WINDOW * 4 // 16)
    assert classifier.screen(long + DANGER).level.seriousness >= Level.DISTRESS.seriousness


def test_a_very_long_text_costs_a_bounded_number_of_encodings(folder: Path) -> None:
    class Counting(CharacterEncoder):
        seen = 0

        def encode_questions(self, texts):  # type: ignore[no-untyped-def]
            self.seen += len(texts)
            return super().encode_questions(texts)

    encoder = Counting()
    Classifier.load(folder, encoder, SecondCharacterEncoder()).screen("好" * 1_000_000)
    assert encoder.seen == MOST_WINDOWS


def test_another_encoder_than_the_models_is_refused(folder: Path) -> None:
    class Other(CharacterEncoder):
        name = "other"

    with pytest.raises(ClassifierStale, match=r"characters-32.*other"):
        Classifier.load(folder, Other(), SecondCharacterEncoder())


def test_a_missing_model_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ClassifierMissing, match="niangjia build"):
        Classifier.load(tmp_path, CharacterEncoder(), SecondCharacterEncoder())


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
    assert screener.combine(_read(nothing), alone).layer is Layer.CLASSIFIER
    assert screener.combine(_read(collective), alone).layer is Layer.CLASSIFIER
    assert screener.combine(_read(collective), alone).categories == (Category.SELF_HARM, Category.COLLECTIVE)
    assert screener.combine(_read(crisis), alone).layer is Layer.BOTH
    hazard = _found(Level.SENSITIVE, Layer.CLASSIFIER, Category.HAZARD)
    assert screener.combine(_read(crisis), hazard).layer is Layer.RULES
    assert screener.combine(_read(nothing), _found(Level.ORDINARY, Layer.CLASSIFIER)).layer is Layer.RULES
    dead = _found(Level.SENSITIVE, Layer.RULES, Category.DEATH_OR_INJURY, died=True)
    assert screener.combine(_read(dead), _found(Level.ORDINARY, Layer.CLASSIFIER)).died


def _read(alone: Finding, whole: Finding | None = None) -> Read:
    return Read(alone, whole or alone)


def test_words_that_are_also_said_lightly_count_when_the_classifier_agrees() -> None:
    screener = Screener(Rules.load())
    read = _read(
        _found(Level.DISTRESS, Layer.RULES, Category.DESPAIR), _found(Level.CRISIS, Layer.RULES, Category.FAREWELL)
    )
    agreed = screener.combine(read, _found(Level.CRISIS, Layer.CLASSIFIER, Category.SELF_HARM))
    assert (agreed.level, agreed.layer) == (Level.CRISIS, Layer.BOTH)
    assert Category.FAREWELL in agreed.categories
    alone = screener.combine(read, _found(Level.ORDINARY, Layer.CLASSIFIER))
    assert (alone.level, alone.layer, alone.categories) == (Level.DISTRESS, Layer.RULES, (Category.DESPAIR,))


def test_the_weight_is_the_share_of_ordinary_talk_that_speaks_less_of_danger(classifier: Classifier) -> None:
    assert classifier.screen(DANGER).weight > 0.9
    assert classifier.screen("年假几天，怎么算").weight < 0.9


def test_without_a_classifier_the_rules_still_speak_and_nobody_can_disagree_with_them() -> None:
    screener = Screener(Rules.load())
    assert screener.screen("我不想活了").level is Level.CRISIS
    assert screener.screen("心好累，真想哭").level is Level.DISTRESS
    assert screener.rules.screen("心好累，真想哭").level is Level.ORDINARY


def test_the_digest_changes_with_encoder_and_sentences(tmp_path: Path) -> None:
    for path in DATA.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = digest(encoder_name="e", data=tmp_path, rules=tmp_path / "rules.yml")
    assert same == digest(encoder_name="e")
    assert same != digest(encoder_name="f")
    assert same != digest(encoder_name="e", second_name="g")
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
