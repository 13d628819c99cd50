"""Labelled messages → figures: shares, who is to blame for false alarms, and the curve."""

from bot.command.eval_screening import without
from bot.command.screening_figures import Judged, curve, figures_of, headline, recalls, table


def _judged(label: str, level: str, score: float, *, layer: str = "rules", rules: tuple[str, ...] = ()) -> Judged:
    return Judged(label, "expert", level, layer, rules, score, 0.5)


MESSAGES = [
    _judged("crisis", "crisis", 0.9),
    _judged("crisis", "distress", 0.6),
    _judged("crisis", "ordinary", 0.1),
    _judged("crisis", "crisis", 0.8),
    _judged("ordinary", "crisis", 0.7, rules=("threat", "despair")),
    _judged("ordinary", "sensitive", 0.2, layer="classifier"),
    _judged("ordinary", "ordinary", 0.05),
    _judged("ordinary", "ordinary", 0.01),
]


def test_the_headline_counts_what_matters() -> None:
    assert headline(MESSAGES) == {
        "expert_crisis_called_crisis": 0.5,
        "expert_crisis_called_crisis_or_distress": 0.75,
        "ordinary_called_crisis": 0.25,
        "ordinary_called_distress_or_sensitive": 0.25,
    }


def test_a_share_of_nothing_is_not_told() -> None:
    assert set(headline([]).values()) == {None}


def test_the_curve_gives_the_best_recall_for_each_share_of_false_alarms() -> None:
    points = curve(MESSAGES)
    assert [(one["false_ordinary"], one["recall_expert_crisis"]) for one in points][:2] == [(0.0, 0.5), (0.25, 0.75)]
    assert recalls(points)["5.0%"] == 0.5


def test_false_alarms_stand_under_their_layer_and_every_rule_that_saw_something() -> None:
    figures = figures_of(MESSAGES)
    assert figures["ordinary_by_layer"] == {"rules": {"crisis": 1}, "classifier": {"sensitive": 1}}
    assert figures["ordinary_by_rule"] == {"threat": {"crisis": 1}, "despair": {"crisis": 1}}
    assert figures["labels"]["crisis (expert)"]["levels"]["crisis"] == 2
    assert "threat" in table(figures)


def test_masked_words_are_taken_out_the_longest_first() -> None:
    assert without("走饭你好，吃饭了吗", ["饭", "走饭"]) == "你好，吃了吗"
    assert without("走饭", []) == "走饭"
