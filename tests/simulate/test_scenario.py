"""Scenario files: checked with clear sentences, played to the letter, and their expectations judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.simulate.scenario.playing import Outcome, Player
from bot.simulate.scenario.reading import SHIPPED, checked, read_scenario, shipped_names
from bot.simulate.scenario.steps import BadScenario
from bot.simulate.telegram.simulator import running_telegram
from bot.simulate.telegram.stage import TelegramStage
from bot.simulate.wechat.simulator import new_account, running_wechat
from bot.simulate.wechat.stage import WechatStage
from tests.simulate.desk import SmallDesk, small_desk


def problems(filed: Any) -> list[str]:
    with pytest.raises(BadScenario) as refused:
        checked(filed)
    return refused.value.problems


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("说话", "每一步要写成"),
        ({"who": "小李"}, "没有写做什么"),
        ({"says": "你好"}, "没有写 who"),
        ({"who": 3, "says": "你好"}, "who 要写人名"),
        ({"who": "小李", "says": 3}, "says 要写文字"),
        ({"who": "小李", "sayz": "你好"}, "「sayz」不认识"),
        ({"who": "小李", "says": "你好", "taps": "好"}, "一步只做一件事"),
        ({"who": "小李", "sends": "cake"}, "sends 只能写"),
        ({"fault": "api_dwon"}, "没有「api_dwon」这种故障"),
        ({"fault": {"kind": "api_down", "for": 3}}, "「for」不认识"),
        ({"fault": {"kind": "api_down", "share": 2}}, "share 要在 0 和 1 之间"),
        ({"act": "dance"}, "没有「dance」这个动作"),
        ({"rush": {"users": 0, "within_s": 1, "says": "x"}}, "users 要写大于 0 的数"),
        ({"rush": 7}, "rush 要写一张表"),
        ({"wait_s": -1}, "wait_s 要写 0 或更大的数"),
        ({"wait_s": True}, "wait_s 要写 0 或更大的数"),
        ({"who": "小李", "says": "你好", "times": 3}, "要和 every_s"),
        ({"who": "小李", "expects": {}}, "没有写期望什么"),
        ({"who": "小李", "expects": {"contains": "x"}}, "「contains」不认识"),
        ({"who": "小李", "expects": {"answered": "yes"}}, "answered 只能写 true 或 false"),
        ({"who": "小李", "expects": {"count": 1, "road": "air"}}, "road 只能写"),
        ({"expects": {"figures": {"lost": 0}}}, "figures 要写一张表"),
    ],
)
def test_a_wrong_step_is_told_by_its_number_and_in_one_sentence(step: Any, said: str) -> None:
    good = {"who": "小李", "says": "你好"}
    (problem,) = problems({"steps": [good, step]})
    assert problem.startswith("第 2 步：")
    assert said in problem


def test_all_problems_are_told_at_once() -> None:
    found = problems({"platform": "fax", "kind": "grand", "stepz": 1, "patience_s": 0, "steps": [{"says": 1}, 3]})
    assert len(found) == 6


@pytest.mark.parametrize("filed", [[], {}, {"steps": []}, {"steps": {"who": "x"}}, None, "x"])
def test_a_file_without_steps_is_told_so(filed: Any) -> None:
    assert len(problems(filed)) == 1


def test_a_file_that_is_no_yaml_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text("steps: [", encoding="utf-8")
    with pytest.raises(BadScenario, match="读不了"):
        read_scenario(path)
    with pytest.raises(BadScenario, match="读不了"):
        read_scenario(tmp_path / "none.yml")


@pytest.mark.parametrize("name", shipped_names())
def test_the_shipped_scenarios_are_right(name: str) -> None:
    assert read_scenario(SHIPPED / f"{name}.yml").steps


def test_the_promised_scenarios_are_shipped() -> None:
    assert {"first_day", "rush", "expired_token", "quota_end", "platform_down"} <= set(shipped_names())


def play(text: str, desk: SmallDesk, lines: list[str] | None = None) -> Outcome:
    scenario = checked(yaml.safe_load(text))
    account = new_account()
    desk.account = account
    with running_wechat(desk.address, account, patience_s=0.3) as wechat:
        player = Player(WechatStage(wechat.simulator), (lines if lines is not None else []).append)
        return wechat.running.call(player.play(scenario))


def answering(message: Any) -> str:
    if getattr(message, "event", ""):
        return "欢迎"
    return f'听到{message.type}<a href="weixin://bizmsgmenu?msgmenucontent=全文&amp;msgmenuid=7">看全文</a>'


def test_a_scenario_is_played_and_its_expectations_are_judged() -> None:
    lines: list[str] = []
    with small_desk() as desk:
        desk.answer = answering
        outcome = play(
            """
steps:
  - {who: 小李, follows: A012}
  - {who: 小李, expects: {shown_contains: 欢迎, road: passive, within_s: 5}}
  - {who: [小李, 老王], says: 你好}
  - {who: all, expects: {shown_contains: [听到text, 看全文], shown_lacks: 欢迎, within_s: 5}}
  - {who: 小李, taps: 看全文}
  - {who: 小李, sends: voice}
  - {who: 小李, sends: picture}
  - {who: 小李, expects: {shown_contains: 听到image, count: 1, within_s: 5}}
  - {who: 老王, unfollows: true}
  - {rush: {users: 20, within_s: 0.2, says: [一, 二]}}
  - {who: all, expects: {answered: true, within_s: 5}}
  - {expects: {figures: {undelivered: 0, unequal_answers: 0}}}
""",
            desk,
            lines,
        )
        assert outcome.good, lines
        assert len(desk.messages) == 1 + 2 + 3 + 1 + 20
        assert desk.messages[3].content == "全文"
    assert sum("成立" in line for line in lines) == len(outcome.held) + 1


@pytest.mark.parametrize(
    "expected",
    [
        "shown_contains: 再见",
        "shown_lacks: 听到",
        "answered: false",
        "count: 2",
        "called: media/get",
        "figures: {calls: 0, callback_max_s: 0}",
    ],
)
def test_an_expectation_that_does_not_hold_is_told(expected: str) -> None:
    lines: list[str] = []
    with small_desk() as desk:
        desk.answer = answering
        text = f"steps: [{{who: 小李, says: 你好}}, {{who: 小李, expects: {{{expected}, within_s: 0.4}}}}]"
        outcome = play(text, desk, lines)
    assert not outcome.good
    assert any("不成立" in line for line in lines)


def test_what_cannot_be_tapped_is_told() -> None:
    with small_desk() as desk:
        outcome = play("steps: [{who: 小李, taps: 没有的}]", desk)
        assert outcome.broken == ["第 1 步做不了：小李 的屏幕和菜单上没有「没有的」可点"]


def test_faults_are_switched_and_steps_repeat_beside_the_others() -> None:
    with small_desk() as desk:
        desk.answer = lambda message: "好"
        outcome = play(
            """
steps:
  - {fault: {kind: push_ack_lost, times: 1}}
  - {who: 小李, says: 一}
  - {who: 老王, says: 二, every_s: 0.05, times: 4}
  - {fault: {kind: push_lost, for_s: 60}}
  - {fault_off: all}
  - {act: unverify}
  - {wait_s: 0.4}
  - {who: 老王, expects: {answered: true}}
""",
            desk,
        )
        assert outcome.good
        assert [message.content for message in desk.messages] == ["一", "一", "二", "二", "二", "二"]


def test_a_scenario_plays_on_telegram_too() -> None:
    scenario = checked(
        yaml.safe_load(
            "platform: telegram\nsteps: [{who: 小李, follows: true}, {who: 小李, expects: {answered: true, within_s: 0.3}}, {act: verify}]"
        )
    )
    lines: list[str] = []
    with small_desk() as desk, running_telegram() as telegram:
        telegram.set_webhook(f"{desk.address}/telegram")
        desk._read = lambda request: None  # type: ignore[method-assign]
        desk.answer = lambda message: (
            b'{"method": "sendMessage", "chat_id": %d, "text": "\xe5\xa5\xbd"}'
            % (telegram.platform.person("小李").number)
        )
        outcome = telegram.running.call(Player(TelegramStage(telegram.simulator), lines.append).play(scenario))
    assert [one.holds for one in outcome.held] == [True]
    assert outcome.broken == ["第 3 步做不了：这个平台没有「verify」"]
