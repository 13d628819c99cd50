"""Where the right article stood in what each way of finding brought → figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bot.command.eval_texts import RETRIEVAL

DEPTHS = (1, 3, 5, 10)
DEEPEST = DEPTHS[-1]
OURS = "niangjia"
MISSED_BELOW = 5
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of finding brought for one question.

    `rank`: place of the first right article, from 1; None when none is among the first ten. `first`: what stood first.
    """

    rank: int | None
    ms: float
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, without its text. `by`: what each way of finding brought, ours under OURS."""

    id: Any
    topic: str | None
    gold: tuple[str, ...]
    outcome: str
    entry: str | None
    by: Mapping[str, Found]


def figures_of(asked: Sequence[Asked], *, total: int) -> dict[str, Any]:
    """All figures, ready for JSON. `total`: lines of the file, also those without a right answer."""
    finders = list(asked[0].by)
    return {
        "n": total,
        "with_gold": len(asked),
        "finders": {name: _finder(asked, name) for name in finders},
        "outcomes": dict(Counter(one.outcome for one in asked).most_common()),
        "misses": [_miss(one) for one in asked if (one.by[OURS].rank or DEEPEST + 1) > MISSED_BELOW],
    }


def _finder(asked: Sequence[Asked], name: str) -> dict[str, Any]:
    topics: dict[str, list[Asked]] = {}
    for one in asked:
        if one.topic is not None:
            topics.setdefault(one.topic, []).append(one)
    whole = _shares([one.by[name].rank for one in asked])
    per_topic = {topic: _shares([one.by[name].rank for one in group]) for topic, group in sorted(topics.items())}
    return {**whole, "median_ms": round(median(one.by[name].ms for one in asked), 1), "topics": per_topic}


def _shares(ranks: Sequence[int | None]) -> dict[str, float]:
    """hit@k: share with a right article among the first k; mrr@10: mean of 1/rank, 0 beyond the tenth."""
    hits = {f"hit@{k}": sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in DEPTHS}
    mrr = sum(1 / rank for rank in ranks if rank is not None) / len(ranks)
    return {"n": len(ranks), **{name: round(value, 4) for name, value in {**hits, f"mrr@{DEEPEST}": mrr}.items()}}


def _miss(one: Asked) -> dict[str, Any]:
    ours = one.by[OURS]
    return {
        "id": one.id,
        "rank": ours.rank,
        "outcome": one.outcome,
        "entry": one.entry,
        "gold": list(one.gold),
        "first": list(ours.first[:SHOWN]),
    }


def table(figures: Mapping[str, Any]) -> str:
    """The figures for a person."""
    names = [f"hit@{k}" for k in DEPTHS] + [f"mrr@{DEEPEST}"]
    lines = [RETRIEVAL["counted"].format(total=figures["n"], scored=figures["with_gold"])]
    lines.append("  ".join([*(f"{name:>7}" for name in names), RETRIEVAL["milliseconds"], RETRIEVAL["head"]]))
    for finder, row in figures["finders"].items():
        values = [f"{row[name]:>7.3f}" for name in names]
        lines.append("  ".join([*values, f"{row['median_ms']:>8.1f}", RETRIEVAL[finder]]))
    lines += [RETRIEVAL["outcomes"], *(f"  {name:<14} {count}" for name, count in figures["outcomes"].items())]
    topics = figures["finders"][OURS]["topics"]
    if topics:
        lines.append(RETRIEVAL["topics"])
        lines += [
            "  ".join([*(f"{row[name]:>7.3f}" for name in names), f"{row['n']:>4}", topic])
            for topic, row in topics.items()
        ]
    return "\n".join([*lines, *_missed(figures["misses"])])


def _missed(misses: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [RETRIEVAL["misses"].format(count=len(misses))] if misses else []
    for miss in misses:
        rank = RETRIEVAL["place"].format(rank=miss["rank"]) if miss["rank"] else RETRIEVAL["nowhere"]
        gold, first = "; ".join(miss["gold"]), "; ".join(miss["first"])
        lines.append(f"  {miss['id']}  {rank}  {miss['outcome']}  {miss['entry'] or '–'}\n    = {gold}\n    ← {first}")
    return lines
