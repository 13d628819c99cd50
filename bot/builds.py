"""Where built parts lie, and whether they are stale: `build/<part>/<digest>/`, with the digest of all inputs.

A part is built into a temporary folder and renamed, so a half-built one is never used.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_KEPT = 2


class PartMissing(Exception):
    """A part has not been built for the present inputs."""


@dataclass(frozen=True)
class BuildablePart:
    """A part: `digest()` over all its inputs, `build(folder)` fills a folder."""

    name: str
    digest: Callable[[], str]
    build: Callable[[Path], None]


def folder_of(part: BuildablePart, build_dir: Path) -> Path:
    """Where the part for the present inputs lies. Raises PartMissing."""
    folder = _place(part, build_dir)
    if not folder.is_dir():
        raise PartMissing(part.name)
    return folder


def newest_of(part: BuildablePart, build_dir: Path) -> Path | None:
    """The build that was made last, for whatever inputs; None when there is none."""
    return max(_builds(build_dir / part.name), key=_made_at, default=None)


def is_stale(part: BuildablePart, build_dir: Path) -> str | None:
    """Why the part must be built: "new" or "changed"; None when it need not."""
    if _place(part, build_dir).is_dir():
        return None
    return "changed" if _builds(build_dir / part.name) else "new"


def build_part(part: BuildablePart, build_dir: Path) -> Path:
    """Build the part, whatever lies there, and drop all but the newest few."""
    place = _place(part, build_dir)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        part.build(draft)
        try:
            draft.rename(place)
        except OSError:  # another process built the same meanwhile
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _drop_old(place)
    return place


def _place(part: BuildablePart, build_dir: Path) -> Path:
    return build_dir / part.name / part.digest()[:16]


def _builds(folder: Path) -> list[Path]:
    """Whole ones."""
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]


def _made_at(build: Path) -> float:
    return build.stat().st_mtime


def _drop_old(current: Path) -> None:
    others = [path for path in _builds(current.parent) if path != current]
    for path in sorted(others, key=_made_at, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
