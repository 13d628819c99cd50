"""Sentences of people who want something else of us than the desk can do."""

from pathlib import Path
from typing import Final

from knowledge.yaml_files import read_yaml

STRANGERS: Final = "out_of_scope"


def load_strangers(folder: Path) -> tuple[str, ...]:
    """Of every file and kind, each once. Raises yaml.YAMLError, UnicodeDecodeError."""
    kinds = (kind for path in sorted(folder.glob("*.yml")) for kind in read_yaml(path).values())
    return tuple(dict.fromkeys(text for sentences in kinds for text in sentences))
