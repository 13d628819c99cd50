"""Reading a scenario file: every problem in one go, each as a sentence that says which step and what to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bot.channel_settings import AccountKind
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Road
from bot.simulate.scenario.steps import (
    PERSONAL,
    Act,
    Action,
    BadScenario,
    Expectation,
    Rush,
    Scenario,
    Sent,
    Step,
    Value,
)
from bot.simulate.texts import SCENARIO as TEXTS

SHIPPED: Final = Path(__file__).parent.parent / "scenarios"
FIGURES: Final = (
    "undelivered", "unequal_answers", "doubled", "callback_p50_s", "callback_p99_s", "callback_max_s",
    "accepted_not_acknowledged", "token_fetches", "calls",
)  # fmt: skip
_TOP: Final = ("name", "about", "platform", "kind", "verified", "patience_s", "steps")
_BESIDE: Final = ("who", "at_s", "every_s", "times", "background")
_EXPECTED: Final = (
    "shown_contains", "shown_lacks", "answered", "count", "road", "called", "figures", "within_s",
)  # fmt: skip
_FAULT: Final = ("kind", "share", "where", "seconds", "code", "times", "for_s")


class _Problem(Exception):
    """One sentence about one step."""


def shipped_names() -> list[str]:
    """The scenarios that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.yml"))


def read_scenario(path: Path) -> Scenario:
    """Raises BadScenario."""
    try:
        filed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadScenario([TEXTS["unreadable"].format(path=path, why=error)]) from error
    return checked(filed, name=path.stem)


def checked(filed: Any, *, name: str = "") -> Scenario:
    """The scenario in what was filed. Raises BadScenario."""
    if not isinstance(filed, Mapping):
        raise BadScenario([TEXTS["not_mapping"]])
    problems = [
        TEXTS["unknown_top"].format(name=one, known=_list(_TOP)) for one in filed if one not in _TOP
    ]  # fmt: skip
    platform, kind, verified = filed.get("platform", "wechat"), filed.get("kind"), filed.get("verified")
    if platform not in ("wechat", "telegram"):
        problems.append(TEXTS["bad_platform"])
    if kind not in (None, *AccountKind):
        problems.append(TEXTS["bad_kind"])
    if verified not in (None, True, False):
        problems.append(TEXTS["not_flag"].format(name="verified"))
    patience_s = filed.get("patience_s")
    if patience_s is not None and not _is_number(patience_s, above=0):
        problems.append(TEXTS["not_positive"].format(name="patience_s"))
    steps = _steps(filed.get("steps"), problems)
    if problems:
        raise BadScenario(problems)
    return Scenario(
        name=str(filed.get("name", name)),
        platform=platform,
        steps=tuple(steps),
        kind=AccountKind(kind) if kind else None,
        verified=verified,
        patience_s=patience_s,
    )


def _steps(filed: Any, problems: list[str]) -> list[Step]:
    if not isinstance(filed, list) or not filed:
        problems.append(TEXTS["no_steps"])
        return []
    steps = []
    for number, one in enumerate(filed, 1):
        try:
            steps.append(_step(number, one))
        except _Problem as problem:
            problems.append(TEXTS["step"].format(number=number) + str(problem))
    return steps


def _step(number: int, filed: Any) -> Step:
    if not isinstance(filed, Mapping):
        raise _told("step_not_mapping")
    known = [*Action, *_BESIDE]
    unknown = next((name for name in filed if name not in known), None)
    if unknown is not None:
        raise _told("unknown", name=unknown, known=_list(known))
    actions = [name for name in filed if name in list(Action)]
    if not actions:
        raise _told("no_action", known=_list(Action))
    if len(actions) > 1:
        raise _told("two_actions", names=_list(actions))
    action = Action(actions[0])
    every_s, times = _number(filed, "every_s", 0.0), _number(filed, "times", 1, above=0)
    if "times" in filed and not every_s:
        raise _told("times_without_every")
    return Step(
        number=number,
        action=action,
        value=_READ[action](filed[action.value]),
        who=_who(filed.get("who"), needed=action in PERSONAL),
        at_s=_number(filed, "at_s", 0.0) if "at_s" in filed else None,
        every_s=every_s,
        times=int(times),
        background=bool(filed.get("background", False)),
    )


def _who(filed: Any, *, needed: bool) -> tuple[str, ...]:
    names = filed if isinstance(filed, list) else [filed] if filed is not None else []
    if not all(isinstance(name, str) and name for name in names):
        raise _told("bad_who")
    if needed and not names:
        raise _told("no_who")
    return tuple(names)


def _text(name: str) -> Callable[[Any], Value]:
    def read(filed: Any) -> Value:
        if not isinstance(filed, str) or not filed:
            raise _told("not_text", name=name)
        return filed

    return read


def _words_or_true(filed: Any) -> Value:
    return "" if filed is True or filed is None else str(filed)


def _wait(filed: Any) -> Value:
    return _number({"wait_s": filed}, "wait_s", 0.0)


def _sent(filed: Any) -> Value:
    if filed not in list(Sent):
        raise _told("bad_send", known=_list(Sent))
    return Sent(filed)


def _act(filed: Any) -> Value:
    if filed not in list(Act):
        raise _told("bad_act", name=filed, known=_list(Act))
    return Act(filed)


def _fault_kind(filed: Any) -> FaultKind:
    if filed not in list(FaultKind):
        raise _told("bad_fault", name=filed, known=_list(FaultKind))
    return FaultKind(filed)


def _fault_off(filed: Any) -> Value:
    return None if filed in (True, None, "all") else _fault_kind(filed)


def _fault(filed: Any) -> Value:
    if isinstance(filed, str):
        return Fault(_fault_kind(filed))
    if not isinstance(filed, Mapping) or "kind" not in filed:
        raise _told("fault_form")
    unknown = next((name for name in filed if name not in _FAULT), None)
    if unknown is not None:
        raise _told("unknown", name=unknown, known=_list(_FAULT))
    share = _number(filed, "share", 1.0, above=0)
    if share > 1:
        raise _told("bad_share")
    times = int(_number(filed, "times", 0))
    return Fault(
        _fault_kind(filed["kind"]),
        share=share,
        where=str(filed.get("where", "")),
        seconds=_number(filed, "seconds", 0.0),
        code=int(filed.get("code", 0)) if _is_whole(filed.get("code", 0)) else _raise(_told("not_number", name="code")),
        times=times or None,
        until=_number(filed, "for_s", 0.0) or None,  # seconds from the step; the player makes it a time
    )


def _rush(filed: Any) -> Value:
    if not isinstance(filed, Mapping) or set(filed) - {"users", "within_s", "says"}:
        raise _told("rush_form")
    says = filed.get("says")
    listed = says if isinstance(says, list) else [says]
    if not all(isinstance(words, str) and words for words in listed):
        raise _told("rush_form")
    return Rush(
        int(_number(filed, "users", 0, above=0)),
        _number(filed, "within_s", 1.0, above=0),
        tuple(str(words) for words in listed),
    )


def _expects(filed: Any) -> Value:
    if not isinstance(filed, Mapping):
        raise _told("expects_form", known=_list(_EXPECTED))
    unknown = next((name for name in filed if name not in _EXPECTED), None)
    if unknown is not None:
        raise _told("unknown", name=unknown, known=_list(_EXPECTED))
    if not set(filed) - {"within_s", "road"}:
        raise _told("expects_nothing", known=_list(_EXPECTED))
    road, answered = filed.get("road"), filed.get("answered")
    if road not in (None, *Road):
        raise _told("bad_road", known=_list(Road))
    if answered not in (None, True, False):
        raise _told("not_flag", name="answered")
    return Expectation(
        contains=_texts(filed, "shown_contains"),
        lacks=_texts(filed, "shown_lacks"),
        answered=answered,
        count=int(_number(filed, "count", 0)),
        road=Road(road) if road else None,
        called=str(filed.get("called", "")),
        figures=_figures(filed.get("figures")),
        within_s=_number(filed, "within_s", 30.0, above=0),
    )


def _figures(filed: Any) -> dict[str, float]:
    if filed is None:
        return {}
    if not isinstance(filed, Mapping) or not all(name in FIGURES and _is_number(most) for name, most in filed.items()):
        raise _told("figures_form", known=_list(FIGURES))
    return {str(name): float(most) for name, most in filed.items()}


def _texts(filed: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = filed.get(name, [])
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and one for one in listed):
        raise _told("not_text", name=name)
    return tuple(str(one) for one in listed)


def _number(filed: Mapping[str, Any], name: str, default: float, *, above: float | None = None) -> float:
    value = filed.get(name, default)
    if not _is_number(value, above=above):
        raise _told("not_number" if above is None else "not_positive", name=name)
    return float(value)


def _is_number(value: Any, *, above: float | None = None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value >= 0 if above is None else value > above


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _raise(problem: _Problem) -> int:
    raise problem


def _told(text: str, **words: Any) -> _Problem:
    return _Problem(TEXTS[text].format(**words))


def _list(names: Sequence[str] | Any) -> str:
    return ", ".join(str(name) for name in names)


_READ: Final[Mapping[Action, Callable[[Any], Value]]] = {
    Action.SAYS: _text("says"),
    Action.SENDS: _sent,
    Action.TAPS: _text("taps"),
    Action.FOLLOWS: _words_or_true,
    Action.UNFOLLOWS: _words_or_true,
    Action.SCANS: _text("scans"),
    Action.BLOCKS: _words_or_true,
    Action.FAULT: _fault,
    Action.FAULT_OFF: _fault_off,
    Action.ACT: _act,
    Action.RUSH: _rush,
    Action.WAIT: _wait,
    Action.TELL: _text("tell"),
    Action.EXPECTS: _expects,
}
