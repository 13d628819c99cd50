"""How sentences of our subject and of others were dealt with → figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.command.eval_texts import SCOPE
from bot.command.manners import Manner


@dataclass(frozen=True, slots=True)
class Dealt:
    """One sentence, and how the desk dealt with it."""

    id: Any
    text: str
    topic: str
    ours: bool
    manner: Manner

    @property
    def right(self) -> bool:
        """Ours is not turned away, by whatever words; another's is, with what the desk can do."""
        if self.ours:
            return self.manner not in (Manner.TURNED_AWAY, Manner.SMALL_TALK)
        return self.manner is Manner.TURNED_AWAY


def figures_of(dealt: Sequence[Dealt]) -> dict[str, Any]:
    """All figures, ready for JSON."""
    outside, inside = [one for one in dealt if not one.ours], [one for one in dealt if one.ours]
    return {
        "outside": _group(outside) | {"turned_away_kindly": _share(outside, right=True)},
        "inside": _group(inside) | {"turned_away": _share(inside, right=False)},
        "misses": [
            {"id": one.id, "question": one.text, "ours": one.ours, "manner": one.manner.value}
            for one in dealt
            if not one.right
        ],
    }


def _group(dealt: Sequence[Dealt]) -> dict[str, Any]:
    manners = Counter(one.manner.value for one in dealt)
    return {
        "n": len(dealt),
        "right": sum(one.right for one in dealt),
        "manners": {manner.value: manners[manner.value] for manner in Manner},
        "wrong_by_topic": dict(Counter(one.topic for one in dealt if not one.right).most_common()),
    }


def _share(dealt: Sequence[Dealt], *, right: bool) -> float | None:
    """None where there is no such sentence."""
    return round(sum(one.right is right for one in dealt) / len(dealt), 4) if dealt else None


def table(figures: Mapping[str, Any]) -> str:
    """The figures for a person."""
    outside, inside = figures["outside"], figures["inside"]
    lines = []
    if outside["n"]:
        lines.append(
            SCOPE["outside"].format(n=outside["n"], right=outside["right"], share=outside["turned_away_kindly"])
        )
    if inside["n"]:
        wrong = inside["n"] - inside["right"]
        lines.append(SCOPE["inside"].format(n=inside["n"], wrong=wrong, share=inside["turned_away"]))
    lines.append(SCOPE["manners"])
    lines += [
        f"  {outside['manners'][manner.value]:>4} {inside['manners'][manner.value]:>4}  {SCOPE[manner.value]}"
        for manner in Manner
    ]
    wrong_by_topic = {**outside["wrong_by_topic"], **inside["wrong_by_topic"]}
    lines += [SCOPE["topics"], *(f"  {count:>4}  {topic}" for topic, count in wrong_by_topic.items())]
    lines += [
        SCOPE["misses"],
        *(f"  {one['id']}  {SCOPE[one['manner']]}  {one['question']}" for one in figures["misses"]),
    ]
    return "\n".join(lines)
