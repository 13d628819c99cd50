"""`python -m tests.bench.screening_curve`: figures of the built screening model, and docs/pictures/screening-curve.svg.

Everything is measured on our own sentences, each judged by a model that had not seen it, rules included.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from handoff.screening.build import UNSEEN
from handoff.screening.classifier import Model
from handoff.screening.decision import Thresholds
from handoff.screening.levels import Level
from handoff.screening.sentences import load_sentences
from handoff.screening.thresholds import Unseen, ordinary_weights
from tests.bench.screening_days import simulated

PICTURE = Path(__file__).parent.parent.parent / "docs" / "pictures" / "screening-curve.svg"
_BY_SERIOUSNESS = {level.seriousness: level for level in Level}


def main() -> None:
    """Draw the curve and print the figures of the model that was built last."""
    folder = _built()
    model = Model.load(folder)
    with np.load(folder / UNSEEN, allow_pickle=False) as file:
        by_rules = tuple(_BY_SERIOUSNESS[int(number)] for number in file["by_rules"])
        unseen = Unseen(load_sentences(), file["chances"], by_rules)
    _draw(unseen, model.thresholds)
    levels = unseen.levels(model.thresholds)
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    figures |= simulated(unseen, levels, model.ladder)
    print(json.dumps(figures, indent=1, ensure_ascii=False))


def _built() -> Path:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
    import django

    django.setup()
    from django.conf import settings

    from bot.buildable import buildable_parts
    from bot.builds import folder_of

    return folder_of(buildable_parts(settings.NIANGJIA)["screening"], settings.NIANGJIA.build_dir)


def _draw(unseen: Unseen, thresholds: Thresholds) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "screening"  # the same figures give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    crisis, distress = unseen.chances[:, 0], unseen.chances[:, 0] + unseen.chances[:, 1]
    _line(axes, unseen, crisis, (Level.CRISIS,), thresholds.crisis, "crisis called crisis")
    _line(
        axes, unseen, distress, (Level.CRISIS, Level.DISTRESS), thresholds.distress, "crisis or distress called either"
    )
    axes.set(xlim=(0, 0.1), ylim=(0, 1), xlabel="false alarms on a usual day's ordinary talk", ylabel="found")
    axes.set_title("Screening, both layers, on our own sentences unseen")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def _line(axes: Any, unseen: Unseen, scores: np.ndarray, wanted: tuple[Level, ...], at: float, label: str) -> None:
    least = min(level.seriousness for level in wanted)
    scores = np.where([level.seriousness >= least for level in unseen.by_rules], 2.0, scores)
    weights = ordinary_weights(unseen.sentences)
    pressing = np.array([one.level in wanted for one in unseen.sentences])
    steps = np.concatenate([[at], np.linspace(0, 1, 400)])
    false = np.array([weights[scores >= step].sum() for step in steps])
    found = np.array([(scores[pressing] >= step).mean() for step in steps])
    (line,) = axes.plot(false[1:], found[1:], label=label)
    axes.plot(false[:1], found[:1], "o", color=line.get_color())
    axes.annotate(f"threshold {at:.2f}", (false[0], found[0]), xytext=(8, -12), textcoords="offset points")


if __name__ == "__main__":
    main()
