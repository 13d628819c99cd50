"""The parts that are built: how stale each is and how it is made, apart from the desk that is composed of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.builds import BuildablePart, is_stale, newest_of
from bot.configuration import Configuration

if TYPE_CHECKING:
    from knowledge.errors import StaleArtifact
    from knowledge.imported.law_text import LawText


@lru_cache(maxsize=1)
def encoder_of(configuration: Configuration) -> Any:
    """The process's one encoder: it is large and shared by knowledge, screening and dialogue. Loaded when first asked:
    a process that leaves the turns to others seldom needs it."""
    from knowledge.encoder import LateEncoder

    return LateEncoder(configuration.encoder, cache_dir=configuration.cache_dir)


def buildable_parts(configuration: Configuration) -> dict[str, BuildablePart]:
    """The parts by name, in the order in which they are built."""
    from handoff.screening import build as screening
    from knowledge.encoder import encoder_identity
    from nlu import build as dialogue

    name = configuration.encoder
    return {
        "knowledge": _present_knowledge(configuration),
        "screening": BuildablePart(
            "screening",
            digest=lambda: screening.digest(encoder_name=encoder_identity(name)),
            build=lambda folder: screening.build(folder, encoder=encoder_of(configuration)),
        ),
        "dialogue": BuildablePart(
            "dialogue",
            digest=lambda: dialogue.digest(encoder_name=name),
            build=lambda folder: dialogue.build(folder, encoder_name=name, encoder=encoder_of(configuration)),
        ),
    }


def other_encoder(configuration: Configuration) -> StaleArtifact | None:
    """Why the present knowledge base is refused, and what to do, when another encoder than the one set built it."""
    from knowledge.artifact import check_encoder, read_manifest
    from knowledge.encoder import encoder_identity
    from knowledge.errors import ArtifactMissing, StaleArtifact

    part = _present_knowledge(configuration)
    newest = newest_of(part, configuration.build_dir)
    if newest is None or is_stale(part, configuration.build_dir) is None:
        return None
    try:
        manifest = read_manifest(newest)
    except (ArtifactMissing, StaleArtifact):  # not whole, or of another program: whoever asks has words for it
        return None
    try:
        check_encoder(manifest, name=encoder_identity(configuration.encoder))
    except StaleArtifact as error:
        return error
    return None


def knowledge_with(configuration: Configuration, imported: Sequence[LawText]) -> BuildablePart:
    """The knowledge base as it would be with these imported texts."""
    marks = [text.mark for text in imported]
    return _knowledge(configuration, marks=lambda: marks, texts=lambda: imported)


def _present_knowledge(configuration: Configuration) -> BuildablePart:
    """With the imported texts that hold now: asked for each time, for an import may come between."""
    from knowledge.imported.shelf import Shelf

    shelf = Shelf(configuration.home)
    return _knowledge(configuration, marks=shelf.marks, texts=shelf.texts)


def _knowledge(
    configuration: Configuration, *, marks: Callable[[], Sequence[str]], texts: Callable[[], Sequence[LawText]]
) -> BuildablePart:
    from knowledge import build as knowledge

    return BuildablePart(
        "knowledge",
        digest=lambda: knowledge.digest(configuration.encoder, sources=knowledge.SOURCES, imported=marks()),
        build=lambda folder: knowledge.build(
            folder, encoder_of(configuration), sources=knowledge.SOURCES, imported=texts()
        ),
    )
