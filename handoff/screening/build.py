"""Builds the screening model: `niangjia build` calls `digest` to learn whether it is stale, and `build` to make it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from handoff.screening.classifier import LEVELS, Model, decide
from handoff.screening.levels import Level
from handoff.screening.normalise import Normaliser
from handoff.screening.rules import DEFAULT_PATH, Rules
from handoff.screening.sentences import DATA, Sentence, load_sentences, sentence_files
from handoff.screening.training import FOLDS, category_names, choose_thresholds, ordinary_weights, train, unseen_chances

if TYPE_CHECKING:
    from handoff.screening.classifier import Thresholds
    from handoff.screening.features import Floats
    from knowledge.encoder import Encoder

CODE_VERSION = "2"
"""Raise it when the way in which the model is learned or read changes."""
_BATCH = 64


def digest(*, encoder_name: str, data: Path = DATA, rules: Path = DEFAULT_PATH) -> str:
    """Hex digest of all that the model depends on; milliseconds, no encoder. `encoder_name` is `Encoder.name`."""
    whole = hashlib.sha256(f"{CODE_VERSION}\n{encoder_name}\n".encode())
    for path in [rules, *sentence_files(data).values()]:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def build(target: Path, *, encoder: Encoder, data: Path = DATA, rules: Path = DEFAULT_PATH) -> None:
    """Write a model into the folder `target`, which exists and is empty. The same inputs give the same numbers."""
    sentences = load_sentences(data)
    disguises = dict(Rules.load(rules).disguises)
    normalise = Normaliser(disguises)
    texts = [normalise(sentence.text).text for sentence in sentences]
    vectors = _encoded(sentences, encoder)
    with tqdm(total=FOLDS + 1, desc="screening: learning", unit="fit") as bar:
        chances = unseen_chances(sentences, texts, vectors, after_fold=bar.update)
        features, levels, categories = train(sentences, texts, vectors)
        bar.update()
    thresholds = choose_thresholds(sentences, chances)
    Model(
        features=features,
        levels=levels,
        categories=categories,
        category_names=category_names(sentences),
        thresholds=thresholds,
        disguises=disguises,
        encoder=encoder.name,
        version=f"classifier-{digest(encoder_name=encoder.name, data=data, rules=rules)[:8]}",
    ).save(target)
    figures = json.dumps(measured(sentences, chances, thresholds), indent=1)
    (target / "figures.json").write_text(figures, "utf-8")


def _encoded(sentences: tuple[Sentence, ...], encoder: Encoder) -> Floats:
    import numpy as np

    with tqdm(total=len(sentences), desc="screening: encoding", unit="sentence") as bar:
        parts = []
        for start in range(0, len(sentences), _BATCH):
            parts.append(encoder.encode_wordings([one.text for one in sentences[start : start + _BATCH]]))
            bar.update(len(parts[-1]))
    return np.concatenate(parts)


def measured(sentences: tuple[Sentence, ...], chances: Floats, thresholds: Thresholds) -> dict[str, float]:
    """Shares on sentences that no fold had seen, by the classifier alone; ordinary ones weighed as on a usual day."""
    found = [decide(chance, thresholds) for chance in chances]
    weights = ordinary_weights(sentences)
    figures = {f"ordinary called {level.value}": 0.0 for level in LEVELS}
    for level, weight in zip(found, weights, strict=True):
        figures[f"ordinary called {level.value}"] += float(weight)
    for level in (Level.CRISIS, Level.DISTRESS, Level.SENSITIVE):
        own = [found[place] for place, sentence in enumerate(sentences) if sentence.level is level]
        figures[f"{level.value} found"] = sum(one is level for one in own) / len(own)
        figures[f"{level.value} not called ordinary"] = sum(one is not Level.ORDINARY for one in own) / len(own)
    return {name: round(value, 4) for name, value in figures.items()} | {
        "sentences": float(len(sentences)),
        "threshold crisis": round(thresholds.crisis, 4),
        "threshold distress": round(thresholds.distress, 4),
        "threshold sensitive": round(thresholds.sensitive, 4),
    }
