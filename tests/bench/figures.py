"""Percentiles and what /proc knows of a process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """{"n", "p50_ms", "p99_ms"} of times in seconds."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"n": len(seconds), "p50_ms": round(cuts[49] * 1000, 1), "p99_ms": round(cuts[98] * 1000, 1)}


def early_and_late(talks: Sequence[Sequence[float]], *, early: int = 5, late: int = 300) -> dict[str, object]:
    """Times around turn `early` and turn `late` of several conversations, and the ratio of their medians."""
    first = summary([seconds for talk in talks for seconds in talk[early - 3 : early + 2]])
    last = summary([seconds for talk in talks for seconds in talk[late - 3 : late + 2]])
    whole = summary([seconds for talk in talks for seconds in talk])
    ratio = round(last["p50_ms"] / first["p50_ms"], 2)
    return {f"turn_{early}": first, f"turn_{late}": last, "all": whole, "ratio_late_to_early": ratio}


def peak_memory_mb(pid: int) -> int:
    """Peak resident memory of a process (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    raise LookupError(pid)
