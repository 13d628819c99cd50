"""Labelled messages and what screening said of them → figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.texts import COMMAND

LEVELS = ("crisis", "distress", "sensitive", "ordinary")
CRISIS, ORDINARY, EXPERT = "crisis", "ordinary", "expert"
FALSE_ALARMS = (0.005, 0.01, 0.02, 0.03, 0.05)
"""Shares of false alarms at which the recall is told."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled message, without its text: what it is said to be, and what screening made of it."""

    label: str
    strength: str
    level: str
    layer: str
    rules: tuple[str, ...]
    score: float
    weight: float


def figures_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures, ready for JSON."""
    points = curve(judged)
    return {
        "n": len(judged),
        "labels": _labels(judged),
        "headline": headline(judged),
        "ordinary_by_layer": _ordinary_by(judged, lambda one: [one.layer]),
        "ordinary_by_rule": _ordinary_by(judged, lambda one: one.rules),
        "expert_crisis_by_layer": _counted(
            (f"{one.layer}: {one.level}" for one in judged if _is_expert_crisis(one)), by_count=True
        ),
        "recall_at_false_alarms": recalls(points),
        "curve": points,
    }


def headline(judged: Sequence[Judged]) -> dict[str, float | None]:
    """The shares that matter; None where the file holds no such message."""
    crisis = [one for one in judged if _is_expert_crisis(one)]
    ordinary = [one for one in judged if one.label == ORDINARY]
    return {
        "expert_crisis_called_crisis": _share(crisis, "crisis"),
        "expert_crisis_called_crisis_or_distress": _share(crisis, "crisis", "distress"),
        "ordinary_called_crisis": _share(ordinary, "crisis"),
        "ordinary_called_distress_or_sensitive": _share(ordinary, "distress", "sensitive"),
    }


def curve(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """Recall against false alarms over the score: one point for each share of false alarms, at its lowest threshold."""
    crisis = [one.score for one in judged if _is_expert_crisis(one)]
    ordinary = [one.score for one in judged if one.label == ORDINARY]
    best: dict[float, dict[str, float]] = {}
    for threshold in sorted({*crisis, *ordinary}, reverse=True):
        false = _reached(ordinary, threshold)
        best[false] = {
            "threshold": round(threshold, 4),
            "recall_expert_crisis": _reached(crisis, threshold),
            "false_ordinary": false,
        }
    return list(best.values())


def recalls(points: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The highest recall at no more than each share of false alarms."""
    pairs = [(one["false_ordinary"], one["recall_expert_crisis"]) for one in points]
    return {
        f"{limit:.1%}": max((recall for false, recall in pairs if false <= limit), default=0.0)
        for limit in FALSE_ALARMS
    }


def table(figures: Mapping[str, Any]) -> str:
    """The figures for a person, without the curve's single points."""
    lines = [COMMAND["eval_labels"]]
    for name, row in figures["labels"].items():
        counts = "  ".join(f"{level} {row['levels'][level]} ({row['shares'][level]:.1%})" for level in LEVELS)
        lines.append(f"  {name:<42} {row['n']:>5}  {counts}")
    lines += [COMMAND["eval_headline"], *_pairs(figures["headline"])]
    lines += [COMMAND["eval_recall"], *_pairs(figures["recall_at_false_alarms"])]
    for title, key in (("eval_layers", "ordinary_by_layer"), ("eval_rules", "ordinary_by_rule")):
        lines.append(COMMAND[title])
        lines += [f"  {name:<24} {_in_words(counts)}" for name, counts in figures[key].items()]
    return "\n".join(lines)


def _pairs(figures: Mapping[str, float | None]) -> list[str]:
    return [f"  {name:<42} {'–' if value is None else f'{value:.1%}'}" for name, value in figures.items()]


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{level} {count}" for level, count in counts.items())


def _labels(judged: Sequence[Judged]) -> dict[str, Any]:
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        groups.setdefault((one.label, one.strength), []).append(one)
    return {
        f"{label} ({strength})": {
            "n": len(group),
            "levels": {level: sum(one.level == level for one in group) for level in LEVELS},
            "shares": {level: _share(group, level) for level in LEVELS},
        }
        for (label, strength), group in sorted(groups.items())
    }


def _ordinary_by(judged: Sequence[Judged], names: Any) -> dict[str, dict[str, int]]:
    """Under each name how many ordinary messages were given which level; a message may stand under several names."""
    found: dict[str, list[str]] = {}
    for one in judged:
        if one.label == ORDINARY and one.level != ORDINARY:
            for name in names(one):
                found.setdefault(name, []).append(one.level)
    return {name: _counted(levels) for name, levels in sorted(found.items(), key=lambda pair: -len(pair[1]))}


def _counted(values: Iterable[str], *, by_count: bool = False) -> dict[str, int]:
    counts = Counter(values)
    order = [value for value, _ in counts.most_common()] if by_count else [one for one in LEVELS if one in counts]
    return {value: counts[value] for value in order}


def _is_expert_crisis(one: Judged) -> bool:
    return one.label == CRISIS and one.strength == EXPERT


def _share(group: Sequence[Judged], *levels: str) -> float | None:
    return round(sum(one.level in levels for one in group) / len(group), 4) if group else None


def _reached(scores: Sequence[float], threshold: float) -> float:
    return round(sum(score >= threshold for score in scores) / len(scores), 4) if scores else 0.0
