"""Builds the screening model: `niangjia build` calls `digest` to learn whether it is stale, and `build` to make it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from handoff.screening.classifier import Model
from handoff.screening.levels import Level
from handoff.screening.normalise import Normaliser
from handoff.screening.rules import DEFAULT_PATH, Rules
from handoff.screening.second_look import SecondLook, learn_second_look
from handoff.screening.sentences import DATA, Sentence, load_sentences, sentence_files
from handoff.screening.thresholds import Unseen, choose_thresholds, ladder, measured
from handoff.screening.training import FOLDS, folds, groups_of, train, unseen_chances
from knowledge.build import SOURCES
from knowledge.sentences import STRANGERS, sentences_in
from knowledge.text_model import feature_rows
from knowledge.tokens import labour_words
from knowledge.use_encoder import SecondEncoder, second_identity, shipped_second_encoder

if TYPE_CHECKING:
    from handoff.screening.decision import Thresholds
    from knowledge.encoder import Encoder
    from knowledge.text_features import Features, Floats

CODE_VERSION = "6"
"""Raise it when the way in which the model is learned or read changes."""
UNSEEN = "unseen.npz"
"""What both layers say of each of our sentences unseen, in their order: to draw the curve from."""
OTHERS = SOURCES / STRANGERS
"""What strangers ask: written for the knowledge base, and of use here too."""
_BATCH = 64


def digest(
    *,
    encoder_name: str,
    second_name: str | None = None,
    data: Path = DATA,
    rules: Path = DEFAULT_PATH,
    strangers: Path = OTHERS,
) -> str:
    """Hex digest of all that the model depends on; milliseconds, no encoder. `encoder_name` is `Encoder.name`.

    `second_name` None: the shipped second encoder's. Raises SecondEncoderMissing.
    """
    names = f"{CODE_VERSION}\n{encoder_name}\n{second_name or second_identity()}\n"
    whole = hashlib.sha256(names.encode())
    whole.update("\n".join(labour_words()).encode())
    for path in [rules, *sentence_files(data).values(), *sorted(strangers.glob("*.yml"))]:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


@dataclass(frozen=True, eq=False)
class _Read:
    """Sentences as the classifier reads them: in normal form, and one array (n, dimension) of each encoder."""

    sentences: tuple[Sentence, ...]
    texts: list[str]
    vectors: list[Floats]

    def and_of(self, others: _Read) -> _Read:
        """These and the others behind them."""
        import numpy as np

        both = [np.concatenate(pair) for pair in zip(self.vectors, others.vectors, strict=True)]
        return _Read((*self.sentences, *others.sentences), [*self.texts, *others.texts], both)


def build(
    target: Path,
    *,
    encoder: Encoder,
    second: SecondEncoder | None = None,
    data: Path = DATA,
    rules: Path = DEFAULT_PATH,
    strangers: Path = OTHERS,
) -> None:
    """Write a model into the folder `target`, which exists and is empty. The same inputs give the same numbers."""
    second = second or shipped_second_encoder()
    sentences, readers = load_sentences(data), Rules.load(rules)
    disguises = dict(readers.disguises)
    normalise = Normaliser(disguises)

    def read(some: tuple[Sentence, ...]) -> _Read:
        return _Read(some, [normalise(one.text).text for one in some], _encoded(some, encoder, second))

    own, others = read(sentences), read(_others(strangers, sentences, readers))
    with tqdm(total=FOLDS + 2, desc="screening: learning", unit="fit") as bar:
        chances = unseen_chances(sentences, own.texts, own.vectors, after_fold=bar.update)
        features, weights = train(sentences, own.texts, own.vectors)
        bar.update()
        second_look, again = _second_look(features, own.and_of(others), readers)
        bar.update()
    unseen = _unseen(sentences, readers, chances, second_look=second_look, again=again[: len(sentences)])
    thresholds = choose_thresholds(unseen)
    version = digest(encoder_name=encoder.name, second_name=second.name, data=data, rules=rules, strangers=strangers)
    Model(
        features=features,
        weights=weights,
        groups=groups_of(sentences),
        second_look=second_look,
        thresholds=thresholds,
        ladder=ladder(unseen),
        disguises=disguises,
        encoders=(encoder.name, second.name),
        version=f"classifier-{version[:8]}",
    ).save(target)
    _write_figures(target, unseen, thresholds)


def _others(folder: Path, ours: tuple[Sentence, ...], rules: Rules) -> tuple[Sentence, ...]:
    """What strangers ask, as ordinary talk: none of our sentences, and none in which the rules see danger."""
    known = {sentence.text for sentence in ours}
    texts = (text for text in sentences_in(folder) if text not in known)
    return tuple(
        Sentence(text, Level.ORDINARY, STRANGERS) for text in texts if rules.read(text).whole.level is Level.ORDINARY
    )


def _second_look(features: Features, lessons: _Read, rules: Rules) -> tuple[SecondLook, Floats]:
    import numpy as np

    rows = feature_rows(features, lessons.texts, lessons.vectors)
    silent = np.array([rules.read(one.text).whole.level is Level.ORDINARY for one in lessons.sentences])
    return learn_second_look(lessons.sentences, rows, folds=folds(lessons.sentences), silent=silent)


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


def _unseen(
    sentences: tuple[Sentence, ...], rules: Rules, chances: Floats, *, second_look: SecondLook, again: Floats
) -> Unseen:
    """`chances` (n, 4) by the classifier, `again` (n,) by the second look, both unseen."""
    import numpy as np

    read = [rules.read(sentence.text) for sentence in sentences]
    seen = [one.whole.level for one in read]
    silent = np.array([level is Level.ORDINARY for level in seen])
    calmed = np.where(silent[:, None], second_look.calmed(chances, again), chances)
    return Unseen.of(sentences, calmed, seen=seen, alone=[one.alone.level for one in read])


def _write_figures(target: Path, unseen: Unseen, thresholds: Thresholds) -> None:
    import numpy as np

    figures = measured(unseen, thresholds) | {"sentences": float(len(unseen.sentences))}
    figures |= {f"threshold {name}": round(value, 4) for name, value in asdict(thresholds).items()}
    (target / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
    by_rules = np.array([level.seriousness for level in unseen.by_rules], np.int8)
    np.savez_compressed(target / UNSEEN, chances=unseen.chances, by_rules=by_rules)
