"""JSON Lines for a command to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> str:
    """The file's name, written."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)
