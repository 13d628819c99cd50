"""Where the installation lies, apart from the settings: these make keys where there are none; a restore comes first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def home_in(environment: Mapping[str, str], *, current_folder: Path) -> Path:
    """`$NIANGJIA_HOME`, or `var` in the current folder."""
    return Path(environment.get("NIANGJIA_HOME") or current_folder / "var").expanduser().absolute()


def own_home() -> Path:
    """The home of this process, before Django is set up."""
    return home_in(os.environ, current_folder=Path.cwd())


def move_home(home: Path) -> None:
    """From now on this is the home, for this process and those that it starts. Before Django is set up."""
    os.environ["NIANGJIA_HOME"] = str(home)
