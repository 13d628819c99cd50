"""What screening costs: a message through the rules alone and through both layers, loading, memory."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from bot.composition import Desk
from tests.bench.questions import questions

MESSAGES = 200
HOSTILE = ("\ufdfa", "zisha", "wo bu xiang huo ", "想死你", "我,死", "员工自杀公司要赔，")


def measure_screening(desk: Desk) -> dict[str, Any]:
    """Milliseconds a message, and the longest for 20,000 hostile characters; the parts must have been built."""
    before = _resident()
    began = time.perf_counter()
    screener: Any = desk.loaders()["screening"](desk.parts)
    screener.screen("你好")
    loaded = time.perf_counter() - began
    texts = [text for text, _ in zip(questions(), range(MESSAGES), strict=False)]
    return {
        "loading_s": round(loaded, 2),
        "memory_mb": round(_resident() - before),
        "rules_alone_ms": _milliseconds(desk.rules.screen, texts),
        "both_layers_ms": _milliseconds(screener.screen, texts),
        "rules_on_20000_hostile_characters_ms": _milliseconds(
            desk.rules.screen, [(filler * 20_000)[:20_000] for filler in HOSTILE]
        ),
    }


def _milliseconds(screen: Callable[[str], object], texts: Iterable[str]) -> dict[str, float]:
    times = []
    for text in texts:
        began = time.perf_counter()
        screen(text)
        times.append((time.perf_counter() - began) * 1000)
    return {"median": round(statistics.median(times), 2), "longest": round(max(times), 2)}


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
