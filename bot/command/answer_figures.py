"""Marked answers → figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.command.answer_marking import Marked, Verdict
from bot.command.eval_texts import ANSWERS


def figures_of(marked: Sequence[Marked]) -> dict[str, Any]:
    """All figures, ready for JSON. `stated`: share of the questions; `precision`: share of those answered at once."""
    verdicts = Counter(one.verdict for one in marked)
    answered = verdicts[Verdict.AT_ONCE] + verdicts[Verdict.WRONG]
    return {
        "n": len(marked),
        "stated": round(sum(one.verdict.right for one in marked) / len(marked), 4),
        "answered": answered,
        "precision": round(verdicts[Verdict.AT_ONCE] / answered, 4) if answered else None,
        "verdicts": {verdict.value: verdicts[verdict] for verdict in Verdict},
        "blame": dict(Counter(one.blame.value for one in marked if one.blame is not None)),
        "topics": _topics(marked),
        "misses": [_miss(one) for one in marked if not one.verdict.right],
    }


def _topics(marked: Sequence[Marked]) -> dict[str, dict[str, int]]:
    groups: dict[str, list[Marked]] = {}
    for one in marked:
        groups.setdefault(one.topic, []).append(one)
    return {
        topic: {"n": len(group), "right": sum(one.verdict.right for one in group)}
        for topic, group in sorted(groups.items())
    }


def _miss(one: Marked) -> dict[str, Any]:
    return {
        "id": one.id,
        "question": one.text,
        "verdict": one.verdict.value,
        "blame": one.blame.value if one.blame else None,
        "entry": one.entry,
        "missing": list(one.missing),
        "false": list(one.false),
    }


def table(figures: Mapping[str, Any]) -> str:
    """The figures for a person."""
    verdicts, precision = figures["verdicts"], figures["precision"]
    headline = ANSWERS["headline"].format(
        n=figures["n"],
        at_once=verdicts["at_once"],
        after_button=verdicts["after_button"],
        after_none=verdicts["after_none"],
        stated=figures["stated"],
        answered=figures["answered"],
        precision="–" if precision is None else f"{precision:.1%}",
    )
    lines = [headline, ANSWERS["verdicts"], *(f"  {count:>4}  {ANSWERS[name]}" for name, count in verdicts.items())]
    lines += [ANSWERS["topics"]]
    lines += [f"  {row['right']:>3}/{row['n']:<3} {topic}" for topic, row in figures["topics"].items()]
    for miss in figures["misses"]:
        if miss is figures["misses"][0]:
            lines.append(ANSWERS["misses"])
        facts = " ".join([*(f"-{fact}" for fact in miss["missing"]), *(f"+{fact}" for fact in miss["false"])])
        named = f"{ANSWERS[miss['verdict']]}  {ANSWERS[miss['blame']]}  {miss['entry'] or '–'}"
        lines.append(f"  {miss['id']}  {named}  {facts}\n    {miss['question']}")
    return "\n".join(lines)
