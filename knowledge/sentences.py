"""Sentences that are learned from though they belong to no entry: what strangers ask, and what of ours is half said."""

from pathlib import Path
from typing import Final

from knowledge.yaml_files import read_yaml

STRANGERS: Final = "out_of_scope"
"""The folder of people who want something else of us than the desk can do."""
HALF_SAID: Final = "half_said"
"""The folder of what is of our subject, but no single answer would be right: the desk is to ask back."""


def sentences_in(folder: Path) -> tuple[str, ...]:
    """Of every file and kind, each once. Raises yaml.YAMLError, UnicodeDecodeError."""
    kinds = (kind for path in sorted(folder.glob("*.yml")) for kind in read_yaml(path).values())
    return tuple(dict.fromkeys(text for sentences in kinds for text in sentences))
