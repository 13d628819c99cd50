"""A home for desks that fail: made once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fault.house import House, standing
from tests.fault.mortal import Orders


@pytest.fixture(scope="session")
def _furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables and secrets."""
    home = tmp_path_factory.mktemp("furnished") / "home"
    with standing(House(home, Orders()), ""):
        pass
    return home


@pytest.fixture
def new_home(_furnished: Path, tmp_path: Path) -> Callable[[], Path]:
    """A home of its own."""

    def make() -> Path:
        home = tmp_path / "home"
        shutil.copytree(_furnished, home, dirs_exist_ok=True)
        (home / "output.txt").unlink()
        return home

    return make
