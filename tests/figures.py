"""Figures that proofs measure, gathered in prove/figures.json."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).parent.parent / "prove" / "figures.json"


def note_figure(name: str, value: object) -> None:
    """Keep one figure; the last run of a proof counts."""
    FILE.parent.mkdir(exist_ok=True)
    figures = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    figures[name] = value
    FILE.write_text(json.dumps(figures, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
