"""Our own training sentences: one file for each level, one sentence a line under its group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from handoff.screening.levels import Category, Level

DATA = Path(__file__).parent / "data"


class SentencesError(ValueError):
    """The training sentences cannot be read."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its level and its group: a category, or for an ordinary one the kind of talk."""

    text: str
    level: Level
    group: str


def sentence_files(folder: Path = DATA) -> dict[Level, Path]:
    """Where the sentences of each level stand."""
    return {level: folder / f"{level.value}.yml" for level in Level}


def load_sentences(folder: Path = DATA) -> tuple[Sentence, ...]:
    """All sentences in their order. Raises SentencesError for one that stands twice or under another level."""
    found: dict[str, Sentence] = {}
    for level, path in sentence_files(folder).items():
        for group, text in _groups(level, path).items():
            for line in text.strip().splitlines():
                sentence = Sentence(line.strip(), level, group)
                if not sentence.text or sentence.text in found:
                    raise SentencesError(f"{path.name}, {group}: an empty line, or one that stands twice.")
                found[sentence.text] = sentence
    return tuple(found.values())


def _groups(level: Level, path: Path) -> Mapping[str, str]:
    try:
        groups: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
        wrong = [name for name in groups if level is not Level.ORDINARY and Category(name).level is not level]
    except (OSError, yaml.YAMLError, ValueError, AttributeError) as error:
        raise SentencesError(f"{path.name}: {error}") from error
    if wrong:
        raise SentencesError(f"{path.name}: {', '.join(wrong)} belongs to another level.")
    return groups
