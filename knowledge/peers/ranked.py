"""From scores to articles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Reference
from knowledge.passages import Passage


def reference_of(article: Passage) -> Reference:
    """The article that a passage is of; its key is «law|number|version»."""
    return Reference(*article.owner.split("|")[:2])


def best(scores: NDArray[np.float32], references: Sequence[Reference], *, most: int) -> list[Reference]:
    """The `most` highest of scores (articles,), highest first; each article once, whatever its versions."""
    order = np.argsort(-scores, kind="stable")
    return list(dict.fromkeys(references[place] for place in order[: most * 2]))[:most]
