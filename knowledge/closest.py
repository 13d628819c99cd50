"""Which sentence of an answer says most about what is asked further."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from knowledge import texts
from knowledge.encoder import Encoder

_SENTENCE: Final = re.compile(texts.SENTENCE_PATTERN)


def sentences_of(answer: str) -> list[str]:
    """As they stand in it, without what ends them."""
    return [found for match in _SENTENCE.finditer(answer) if (found := match[1].strip())]


def closest(question: str, sentences: Sequence[str], encoder: Encoder) -> str:
    """``question``: normalised. Raises ValueError where there is no sentence."""
    asked = encoder.encode_questions([question])[0]
    return sentences[int(np.argmax(encoder.encode_passages(sentences) @ asked))]
