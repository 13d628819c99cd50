"""Builds the screening model: `niangjia build` calls `digest` to learn whether it is stale, and `build` to make it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from handoff.screening.classifier import Model
from handoff.screening.normalise import Normaliser
from handoff.screening.rules import DEFAULT_PATH, Rules
from handoff.screening.sentences import DATA, Sentence, load_sentences, sentence_files
from handoff.screening.thresholds import Unseen, choose_thresholds, ladder, measured
from handoff.screening.training import FOLDS, groups_of, train, unseen_chances
from knowledge.tokens import labour_words
from knowledge.use_encoder import SecondEncoder, second_identity, shipped_second_encoder

if TYPE_CHECKING:
    from handoff.screening.decision import Thresholds
    from knowledge.encoder import Encoder
    from knowledge.text_features import Floats

CODE_VERSION = "4"
"""Raise it when the way in which the model is learned or read changes."""
UNSEEN = "unseen.npz"
"""What both layers say of each of our sentences unseen, in their order: to draw the curve from."""
_BATCH = 64


def digest(*, encoder_name: str, second_name: str | None = None, data: Path = DATA, rules: Path = DEFAULT_PATH) -> str:
    """Hex digest of all that the model depends on; milliseconds, no encoder. `encoder_name` is `Encoder.name`.

    `second_name` None: the shipped second encoder's. Raises SecondEncoderMissing.
    """
    names = f"{CODE_VERSION}\n{encoder_name}\n{second_name or second_identity()}\n"
    whole = hashlib.sha256(names.encode())
    whole.update("\n".join(labour_words()).encode())
    for path in [rules, *sentence_files(data).values()]:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def build(
    target: Path,
    *,
    encoder: Encoder,
    second: SecondEncoder | None = None,
    data: Path = DATA,
    rules: Path = DEFAULT_PATH,
) -> None:
    """Write a model into the folder `target`, which exists and is empty. The same inputs give the same numbers."""
    second = second or shipped_second_encoder()
    sentences, readers = load_sentences(data), Rules.load(rules)
    disguises = dict(readers.disguises)
    normalise = Normaliser(disguises)
    texts = [normalise(sentence.text).text for sentence in sentences]
    vectors = _encoded(sentences, encoder, second)
    with tqdm(total=FOLDS + 1, desc="screening: learning", unit="fit") as bar:
        unseen = _unseen(sentences, readers, unseen_chances(sentences, texts, vectors, after_fold=bar.update))
        features, weights = train(sentences, texts, vectors)
        bar.update()
    thresholds = choose_thresholds(unseen)
    version = digest(encoder_name=encoder.name, second_name=second.name, data=data, rules=rules)[:8]
    Model(
        features=features,
        weights=weights,
        groups=groups_of(sentences),
        thresholds=thresholds,
        ladder=ladder(unseen),
        disguises=disguises,
        encoders=(encoder.name, second.name),
        version=f"classifier-{version}",
    ).save(target)
    _write_figures(target, unseen, thresholds)


def _encoded(sentences: tuple[Sentence, ...], encoder: Encoder, second: SecondEncoder) -> list[Floats]:
    import numpy as np

    parts: list[list[Floats]] = [[], []]
    with tqdm(total=len(sentences), desc="screening: encoding", unit="sentence") as bar:
        for start in range(0, len(sentences), _BATCH):
            texts = [one.text for one in sentences[start : start + _BATCH]]
            parts[0].append(encoder.encode_wordings(texts))
            parts[1].append(second.encode(texts))
            bar.update(len(texts))
    return [np.concatenate(part) for part in parts]


def _unseen(sentences: tuple[Sentence, ...], rules: Rules, chances: Floats) -> Unseen:
    read = [rules.read(sentence.text) for sentence in sentences]
    return Unseen.of(
        sentences, chances, seen=[one.whole.level for one in read], alone=[one.alone.level for one in read]
    )


def _write_figures(target: Path, unseen: Unseen, thresholds: Thresholds) -> None:
    import numpy as np

    figures = measured(unseen, thresholds) | {"sentences": float(len(unseen.sentences))}
    figures |= {f"threshold {name}": round(value, 4) for name, value in asdict(thresholds).items()}
    (target / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
    by_rules = np.array([level.seriousness for level in unseen.by_rules], np.int8)
    np.savez_compressed(target / UNSEEN, chances=unseen.chances, by_rules=by_rules)
