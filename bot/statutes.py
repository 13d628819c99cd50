"""An installation's statutes: what is shipped, what was imported, and the step from one state to the next.

The knowledge base of the new state is built before the state holds: a process that is killed on the way leaves the
old state with its old knowledge base, and one that is not killed leaves nothing stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.imported.shelf import Import, Shelf

if TYPE_CHECKING:
    from bot.configuration import Configuration
    from knowledge.imported.law_text import LawText
    from knowledge.imported.merging import Statutes


@dataclass(frozen=True)
class PresentStatutes:
    """As read at one moment; ``newest``: the number of the import that held then, 0 for none."""

    shelf: Shelf
    newest: int
    shipped: Statutes
    imported: tuple[LawText, ...]

    def with_texts(self, texts: Sequence[LawText]) -> Statutes:
        """Everything merged, with these texts beside those that hold, or instead of their earlier words."""
        from knowledge.imported.merging import merge

        return merge(self.shipped, self.joined(texts))

    def joined(self, texts: Sequence[LawText]) -> tuple[LawText, ...]:
        """The imported texts of the next state."""
        return tuple({text.key: text for text in (*self.imported, *texts)}.values())


def open_statutes(configuration: Configuration) -> PresentStatutes:
    """Raises SourceProblems, ShelfBroken."""
    from knowledge import build
    from knowledge.imported.merging import Statutes

    shelf = Shelf(configuration.home)
    newest = shelf.newest()
    imported = shelf.texts_of(newest.marks) if newest else ()
    sources = build.load_sources(build.SOURCES)
    shipped = Statutes(sources.versions, sources.articles)
    return PresentStatutes(shelf, newest.number if newest else 0, shipped, imported)


def import_texts(
    configuration: Configuration,
    statutes: PresentStatutes,
    texts: Sequence[LawText],
    *,
    files: Sequence[str],
    now: datetime,
    build: bool,
) -> Import:
    """The texts hold from now on. Raises ImportedMeanwhile; then nothing has changed."""
    joined = statutes.joined(texts)
    held = statutes.shelf.add(joined)
    if build:
        _build(configuration, joined)
    return statutes.shelf.commit(held, after=statutes.newest, at=now, files=files)


def go_back(configuration: Configuration, shelf: Shelf, *, to: Import, now: datetime, build: bool) -> Import:
    """The list of an earlier import holds from now on; also when a newer one cannot be read any more.

    Raises ShelfBroken, ImportedMeanwhile.
    """
    after = max(shelf.numbers(), default=0)
    texts = shelf.texts_of(to.marks)
    if build:
        _build(configuration, texts)
    return shelf.commit(to.held, after=after, at=now, back_to=to.number)


def _build(configuration: Configuration, imported: Sequence[LawText]) -> None:
    from bot.buildable import knowledge_with
    from bot.builds import build_part, is_stale

    part = knowledge_with(configuration, imported)
    if is_stale(part, configuration.build_dir) is not None:
        build_part(part, configuration.build_dir)
