"""The simulated platform as a process of its own, that brings a load to a desk and prints what came of it as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import Future, wait

import httpx

from bot.simulate.records import Push, Road, percentile
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from tests.bench.questions import questions

ANSWERED_WITHIN_S = 400.0


def main() -> None:
    """Arguments: the port to serve the API at. Then one job a line on standard input: {"desk", "workers", "each",
    "per_s"}; one line of figures for each. The first line printed is the table for the desk's settings."""
    account = new_account()
    port = int(sys.argv[1])
    desk = sys.argv[2]
    with running_wechat(desk, account, port=port) as platform:
        print(json.dumps({"toml": platform.toml()}), flush=True)
        for number, line in enumerate(sys.stdin):
            figures = _job(platform, desk=desk, number=number, **json.loads(line))
            print(json.dumps(figures, ensure_ascii=False), flush=True)


def _job(
    platform: RunningWechat, *, desk: str, number: int, workers: int, each: int, per_s: float
) -> dict[str, object]:
    """So many workers, each so often, at that rate; until all are answered."""
    texts, cpu, began = questions(), _cpu_s(), time.monotonic()
    first = len(platform.record.pushes)
    futures: list[Future[Push]] = []
    for place in range(workers * each):
        due = began + place / per_s
        time.sleep(max(0.0, due - time.monotonic()))
        futures.append(platform.start_saying(_name(number, place % workers), next(texts)))
    offered_s = time.monotonic() - began
    wait(futures, timeout=60)
    people = {_name(number, place): each for place in range(workers)}
    answered_s = _until_answered(platform, people, desk=desk, began=began)
    pushes = platform.record.pushes[first:]
    return {
        "pushes": len(pushes),
        "offered_s": round(offered_s, 1),
        "all_answered_s": round(answered_s, 1) if answered_s else None,
        "without_any_answer": sum(not platform.platform.texts_to(who) for who in people),
        "callbacks": _seconds([one.latency_s for push in pushes for one in push.deliveries if one.latency_s]),
        "callbacks_over_4.5_s": sum(not one.latency_s or one.latency_s > 4.5 for p in pushes for one in p.deliveries),
        "answers": _seconds(_answer_times(platform, people, pushes)),
        "passive": sum(one.road is Road.PASSIVE for one in platform.record.shown),
        "simulator_cpu_s": round(_cpu_s() - cpu, 1),
    }


def _answer_times(platform: RunningWechat, people: dict[str, int], pushes: list[Push]) -> list[float]:
    """From each push to the answer that came in its place: everyone's answers come in the order of their questions."""
    times: list[float] = []
    asked: dict[str, list[float]] = {}
    for push in pushes:
        asked.setdefault(push.user, []).append(push.at)
    for who in people:
        user = platform.platform.user(who).openid
        shown = [one.at for one in platform.record.shown_to(user, Road.PASSIVE, Road.SERVICE)]
        times += [there - at for at, there in zip(asked.get(user, []), shown, strict=False)]
    return times


def _until_answered(platform: RunningWechat, people: dict[str, int], *, desk: str, began: float) -> float | None:
    """A response may carry two answers in one text: then it is the desk that says that nobody waits any more."""
    until = time.monotonic() + ANSWERED_WITHIN_S
    while time.monotonic() < until:
        if all(len(platform.platform.texts_to(who)) >= count for who, count in people.items()) or _is_quiet(desk):
            return time.monotonic() - began
        time.sleep(0.2)
    return None


def _is_quiet(desk: str) -> bool:
    """What is left may wait for a worker to write again: the platform's quota is used up."""
    waiting = httpx.get(f"{desk}/readyz", timeout=30).json()["waiting"]
    return not any(step["count"] for name, step in waiting.items() if name != "until_heard")


def _seconds(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50_s": round(percentile(ordered, 50), 3),
        "p99_s": round(percentile(ordered, 99), 3),
        "max_s": round(ordered[-1] if ordered else 0.0, 3),
    }


def _name(job: int, number: int) -> str:
    return f"worker-{job}-{number}"


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
