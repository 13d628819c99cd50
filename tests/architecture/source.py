"""Reading our own source for the tests that hold the house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "nlu", "knowledge", "actions", "handoff")


def our_modules() -> Iterator[tuple[str, ast.Module]]:
    """("handoff/desk.py", tree) of every module of ours but the migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))
