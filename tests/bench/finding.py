"""Finding: from a worker's words to an answer of the knowledge base, with encoding, and where the time goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import evaluation
from knowledge.search import KnowledgeBase
from tests.bench.figures import summary

TODAY = date(2026, 11, 21)
_UNCOUNTED = 20


def own_questions() -> list[str]:
    """400 sentences as workers say them, no two alike, none of which stands in what is built: no cache knows one."""
    rows = [*_rows(evaluation.ANSWERS), *(row for row in _rows(evaluation.SCOPE) if row["ours"])]
    return [row["question"] for row in rows]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class _Timed:
    """Passes everything on to `thing`, and adds up the time that one of its methods takes."""

    def __init__(self, thing: Any, method: str) -> None:
        self._thing, self.seconds = thing, 0.0
        setattr(self, method, self._timing(getattr(thing, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)

    def _timing(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return run(*given, **named)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


def measure(base: KnowledgeBase) -> dict[str, Any]:
    """One question at a time, at the shipped size. `rest`: reading the words, the articles and their standing.

    Where words may have been misheard two readings are searched, and their times added up: `two_readings` counts them.
    """
    parts = {
        "encoding": _put_before(base, "_encoder", "encode_questions"),
        "keywords": _put_before(base._rows, "_keywords", "scores"),
        "vectors": _put_before(base._rows, "_vectors", "likeness"),
        "ranking": _put_before(base, "_ranker", "rank"),
    }
    times: dict[str, list[float]] = {name: [] for name in ("whole", *parts, "rest")}
    for number, question in enumerate(own_questions()):
        for timed in parts.values():
            timed.seconds = 0.0
        began = time.perf_counter()
        base.answer(question, today=TODAY)
        whole = time.perf_counter() - began
        if number >= _UNCOUNTED:
            taken = {name: timed.seconds for name, timed in parts.items()}
            for name, seconds in {"whole": whole, **taken, "rest": whole - sum(taken.values())}.items():
                times[name].append(seconds)
    counts = dict(base.manifest.counts)
    return {"passages": counts["passages"], **{name: summary(seconds) for name, seconds in times.items()}}


def _put_before(owner: Any, name: str, method: str) -> _Timed:
    timed = _Timed(getattr(owner, name), method)
    setattr(owner, name, timed)
    return timed
