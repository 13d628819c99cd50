"""What follows a sign of danger: words, an alarm, a person; and how long the desk keeps silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.effects import RequestHandoff
from handoff.desk import acknowledge, claim_chat, release, reply
from handoff.desk_texts import DESK
from handoff.duty import AWAY_AFTER
from handoff.kinds import CaseKind, MessageKind
from handoff.lanes import HOLDER_SPEAKS_WITHIN, say_due_words
from handoff.models import Cadre, Case, Conversation, Message
from handoff.screening.levels import Category, Finding, Layer, Level
from tests.desk import TestDesk
from tests.fakes.dialogue import FakeDialogue

LAW = ({"law": "中华人民共和国劳动法", "article_no": "第五十条"},)


class Hearing:
    """A screener whose classifier hears what a test names."""

    def __init__(self, **heard: Finding) -> None:
        self._heard = heard

    def screen(self, text: str) -> Finding:
        """The named finding, or an ordinary one."""
        return self._heard.get(text, Finding(Level.ORDINARY, (), 0.0, (), Layer.BOTH, "test"))


def _heard(level: Level, category: Category) -> Finding:
    return Finding(level, (category,), 0.95, (), Layer.CLASSIFIER, "test")


def _engine(desk: TestDesk) -> FakeDialogue:
    engine = desk.desk.parts.dialogue
    assert isinstance(engine, FakeDialogue)
    return engine


def _held(desk: TestDesk) -> tuple[Conversation, Cadre]:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    claim_chat(talk.pk, cadre, now=desk.clock())
    desk.run(talk)
    return talk, cadre


def _crisis_words(desk: TestDesk, talk: Conversation) -> int:
    return sum("12356" in said for said in desk.heard(talk))


def test_a_crisis_that_nobody_saw_is_not_given_back_to_the_desk(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    desk.writes(talk, "我不想活了")
    release(talk.pk, cadre, now=desk.clock())
    desk.run(talk)
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.alarm_rings, row.waiting_since is not None) == ("crisis", True, True)
    assert _crisis_words(desk, talk) == 1
    assert desk.says(talk, "年假几天") != ["answer to 年假几天"]


def test_a_crisis_in_a_held_talk_is_answered_by_the_desk_when_its_cadre_is_silent(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.writes(talk, "我不想活了")
    desk.clock.forward(seconds=HOLDER_SPEAKS_WITHIN.total_seconds() - 1)
    say_due_words(now=desk.clock())
    desk.run(talk)
    assert _crisis_words(desk, talk) == 0
    desk.clock.forward(seconds=2)
    assert say_due_words(now=desk.clock()) == 1
    assert say_due_words(now=desk.clock()) == 0
    desk.run(talk)
    assert _crisis_words(desk, talk) == 1


def test_a_cadre_who_answers_keeps_the_desk_silent(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    desk.writes(talk, "我不想活了")
    acknowledge(talk.pk, cadre, now=desk.clock())
    reply(talk.pk, cadre, "我在，您在哪里？", key="1", now=desk.clock())
    desk.clock.forward(minutes=10)
    assert say_due_words(now=desk.clock()) == 0


def test_a_colleague_takes_over_from_a_cadre_who_is_away(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    colleague = desk.cadre("李强", on_duty=True)
    desk.clock.forward(seconds=AWAY_AFTER.total_seconds() + 1)
    assert claim_chat(talk.pk, colleague, now=desk.clock()).holder == colleague


def test_words_of_a_takeover_never_stand_in_for_the_words_for_distress(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    release(talk.pk, cadre, now=desk.clock())
    desk.desk.parts.screening = Hearing(  # type: ignore[assignment]
        撑不住了=_heard(Level.DISTRESS, Category.DESPAIR), 好累啊=_heard(Level.DISTRESS, Category.DESPAIR)
    )
    assert "12356" in desk.says(talk, "撑不住了")[-1]


def test_every_different_matter_gets_its_own_words(desk: TestDesk) -> None:
    talk = desk.visitor()
    heard = [
        desk.says(talk, text) for text in ("主管对我动手动脚", "工地上昨天摔死人了", "厂里把我们身份证都扣了不让走")
    ]
    assert all(heard)
    assert len({said[0] for said in heard}) == 3


def test_whoever_asks_whether_somebody_is_there_is_answered_once_a_minute(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.says(talk, "我不想活了")
    assert desk.says(talk, "有人吗")
    assert desk.says(talk, "在吗") == []
    desk.clock.forward(seconds=61)
    assert desk.says(talk, "有人没")


def test_whoever_only_has_a_question_may_go_on_and_the_alarm_stays(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.says(talk, "我不想活了")
    assert "接着问" in desk.says(talk, "「接着问」")[0]
    assert desk.says(talk, "年假几天") == ["answer to 年假几天"]
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.alarm_rings) == ("crisis", True)


def test_the_classifier_alone_alarms_and_silences_only_on_its_second_sign(desk: TestDesk) -> None:
    crisis = _heard(Level.CRISIS, Category.FAREWELL)
    desk.desk.parts.screening = Hearing(第一次=crisis, 第二次=crisis)  # type: ignore[assignment]
    talk = desk.visitor()
    assert "12356" in desk.says(talk, "第一次")[0]
    assert Conversation.objects.get(pk=talk.pk).alarm_rings
    assert desk.says(talk, "年假几天") == ["answer to 年假几天"]
    desk.says(talk, "第二次")
    assert desk.says(talk, "年假几天") != ["answer to 年假几天"]


def test_a_sensitive_question_gets_its_words_and_its_answer_with_articles(desk: TestDesk) -> None:
    _engine(desk).citations = LAW
    said = desk.says(desk.visitor(), "主管对我动手动脚，怎么取证")
    assert len(said) == 2
    assert said[1] == "answer to 主管对我动手动脚，怎么取证"


def test_whoever_only_tells_what_was_done_to_them_gets_no_article(desk: TestDesk) -> None:
    _engine(desk).citations = LAW
    assert len(desk.says(desk.visitor(), "老板逼我陪酒，还动手动脚")) == 1


TOLD = "主管天天骂我，睡不着"


def test_what_is_asked_is_answered_where_the_classifier_alone_hears_distress(desk: TestDesk) -> None:
    _engine(desk).citations = LAW
    text = "查出来肾病，厂里最长能让我歇多久"
    desk.desk.parts.screening = Hearing(**{text: _heard(Level.DISTRESS, Category.DESPAIR)})  # type: ignore[assignment]
    talk = desk.visitor()
    said = desk.says(talk, text)
    assert "12356" in said[0]
    assert said[1:] == [f"answer to {text}"]
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.silent, row.waiting_since is not None) == ("distress", False, True)
    desk.clock.forward(minutes=3)
    assert f"answer to {text}" not in desk.says(talk, text), "on its second sign the desk is silent"


def test_what_was_put_off_is_answered_although_the_rules_alone_see_nothing_in_it(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _engine(desk).citations = LAW
    text = "查出来肾病，厂里最长能让我歇多久"
    desk.desk.parts.screening = Hearing(**{text: _heard(Level.SENSITIVE, Category.HAZARD)})  # type: ignore[assignment]

    def put_off_once(_: Conversation, message: Message, *, now: datetime, **__: Any) -> bool:
        first = message.retry_at is None
        if first:
            message.retry_at = now
            Message.objects.filter(pk=message.pk).update(retry_at=now)
        return first

    monkeypatch.setattr("bot.turns.slow_down", put_off_once)
    talk = desk.visitor()
    said = desk.says(talk, text)
    desk.run(talk)
    assert f"answer to {text}" in [*said, *desk.heard(talk)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (TOLD, Finding(Level.DISTRESS, (Category.DESPAIR,), 0.95, (), Layer.CLASSIFIER, "test")),
        (f"{TOLD}，怎么办", Finding(Level.DISTRESS, (Category.DESPAIR,), 0.95, (), Layer.BOTH, "test")),
        ("今早卡刷不开了，怎么办", Finding(Level.CRISIS, (Category.SELF_HARM,), 0.95, (), Layer.CLASSIFIER, "test")),
    ],
)
def test_nothing_follows_the_words_where_nothing_is_asked_or_danger_is_plain(
    desk: TestDesk, text: str, finding: Finding
) -> None:
    _engine(desk).citations = LAW
    desk.desk.parts.screening = Hearing(**{text: finding})  # type: ignore[assignment]
    assert len(desk.says(desk.visitor(), text)) == 1
    assert _engine(desk).asked == []


def test_what_the_employer_refuses_after_an_accident_is_a_question(desk: TestDesk) -> None:
    _engine(desk).citations = LAW
    text = "我老公在车间晕倒人没了，厂里说是自己有病不赔"
    said = desk.says(desk.visitor(), text)
    assert said[1:] == [f"answer to {text}"]


def test_whoever_cannot_sleep_for_a_matter_is_answered_about_it_and_a_second_sign_silences(desk: TestDesk) -> None:
    talk, text = desk.visitor(), "公司逼我签离职，我天天失眠，不签会怎么样"
    said = desk.says(talk, text)
    assert "12356" in said[0]
    assert said[1:] == [f"answer to {text}"]
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.silent) == ("distress", False)
    desk.says(talk, "又失眠了，怎么办")
    assert Conversation.objects.get(pk=talk.pk).silent


UNASKED = "今早卡刷不开了，叫我别来"


@pytest.mark.parametrize(
    ("sureness", "level", "category", "follows"),
    [
        ("sure", Level.DISTRESS, Category.DESPAIR, f"answer to {UNASKED}"),
        ("sure", Level.SENSITIVE, Category.SEXUAL_HARASSMENT, f"answer to {UNASKED}"),
        ("tentative", Level.SENSITIVE, Category.HAZARD, DESK["offered"]),
        ("asked_back", Level.SENSITIVE, Category.COLLECTIVE, DESK["offered"]),
        ("guessed", Level.SENSITIVE, Category.COLLECTIVE, None),
        ("asked_back", Level.DISTRESS, Category.DESPAIR, None),
        ("elsewhere", Level.DISTRESS, Category.DESPAIR, None),
        ("unknown", Level.SENSITIVE, Category.HAZARD, None),
        ("", Level.SENSITIVE, Category.HAZARD, None),
    ],
)
def test_who_tells_what_the_classifier_alone_takes_to_heart_gets_what_is_sure_or_an_offer(
    desk: TestDesk, sureness: str, level: Level, category: Category, follows: str | None
) -> None:
    _engine(desk).sureness = sureness
    desk.desk.parts.screening = Hearing(**{UNASKED: _heard(level, category)})  # type: ignore[assignment]
    assert desk.says(desk.visitor(), UNASKED)[1:] == ([follows] if follows else [])


@pytest.mark.parametrize(
    ("sureness", "follows"),
    [
        ("tentative", "answer to 车间灰大得看不清人，咋办"),
        ("asked_back", DESK["offered"]),
        ("guessed", DESK["offered"]),
        ("elsewhere", "answer to 车间灰大得看不清人，咋办"),
        ("unknown", DESK["nothing_to_offer"]),
    ],
)
def test_whoever_asks_beside_a_sensitive_matter_never_meets_silence(
    desk: TestDesk, sureness: str, follows: str
) -> None:
    _engine(desk).sureness = sureness
    assert desk.says(desk.visitor(), "车间灰大得看不清人，咋办")[1:] == [follows]


@pytest.mark.parametrize(
    ("sureness", "follows"),
    [
        ("tentative", "answer to 日子到底啥时候到头"),
        ("asked_back", DESK["offered"]),
        ("guessed", None),
        ("elsewhere", None),
        ("unknown", None),
    ],
)
def test_nobody_in_distress_is_told_that_there_is_no_answer(desk: TestDesk, sureness: str, follows: str | None) -> None:
    _engine(desk).sureness = sureness
    text = "日子到底啥时候到头"
    desk.desk.parts.screening = Hearing(**{text: _heard(Level.DISTRESS, Category.DESPAIR)})  # type: ignore[assignment]
    assert desk.says(desk.visitor(), text)[1:] == ([follows] if follows else [])


def test_small_talk_never_follows_the_words_for_a_sensitive_matter(desk: TestDesk) -> None:
    talk = desk.visitor()
    assert len(desk.says(talk, "主管对我动手动脚")) == 1
    _engine(desk).intent = "goodbye"
    desk.clock.forward(minutes=3)
    assert desk.says(talk, "孩子也看见了") != ["answer to 孩子也看见了"]


@pytest.mark.parametrize("text", ["我不想活了", "主管对我动手动脚"])
def test_in_a_held_talk_the_engine_is_never_asked(desk: TestDesk, text: str) -> None:
    talk, _ = _held(desk)
    desk.says(talk, text)
    assert _engine(desk).asked == []


def test_fixed_words_say_which_and_in_which_version(desk: TestDesk) -> None:
    desk.writes(desk.visitor(), "我不想活了")
    message = Message.objects.select_related("conversation__contact").get(kind=MessageKind.FIXED)
    assert message.extras["words_version"].startswith(message.words_name)
    assert timedelta(0) < HOLDER_SPEAKS_WITHIN


def test_what_the_rules_called_sensitive_is_still_raised_to_a_crisis(desk: TestDesk) -> None:
    text = "主管对我动手动脚，我怎么办"
    desk.desk.parts.screening = Hearing(**{text: _heard(Level.CRISIS, Category.SELF_HARM)})  # type: ignore[assignment]
    talk = desk.visitor()
    said = desk.says(talk, text)
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.alarm_rings) == ("crisis", True)
    assert any("12356" in words for words in said)
    assert _engine(desk).asked == []


def test_a_turn_whose_words_are_withheld_changes_nothing(desk: TestDesk) -> None:
    talk = desk.visitor()
    before = Case.objects.count()
    _engine(desk).before, _engine(desk).sureness = lambda: _ask_for_a_person(desk), ""
    desk.says(talk, "主管对我动手动脚，怎么办")
    assert Case.objects.filter(kind=CaseKind.HANDOFF).count() == before
    assert Conversation.objects.get(pk=talk.pk).snapshot is None


def _ask_for_a_person(desk: TestDesk) -> None:
    for scope in desk.desk.scopes._open.values():
        scope.effects.append(RequestHandoff("asked"))


def _weak(weight: float) -> Finding:
    return Finding(Level.ORDINARY, (), 0.1, (), Layer.CLASSIFIER, "test", weight=weight)


def test_weak_signs_of_a_day_add_up_to_distress(desk: TestDesk) -> None:
    signs = {text: _weak(0.97) for text in ("没劲", "又是一天", "睡了", "还是算了")}
    desk.desk.parts.screening = Hearing(**signs)  # type: ignore[assignment]
    talk = desk.visitor()
    said = [desk.says(talk, text) for text in signs]
    assert said[0] == ["answer to 没劲"]
    assert any("12356" in words for answers in said for words in answers)
    assert Conversation.objects.get(pk=talk.pk).level == "distress"


def test_weak_signs_of_different_days_do_not(desk: TestDesk) -> None:
    signs = {text: _weak(0.97) for text in ("没劲", "又是一天", "睡了", "还是算了")}
    desk.desk.parts.screening = Hearing(**signs)  # type: ignore[assignment]
    talk = desk.visitor()
    for text in signs:
        desk.says(talk, text)
        desk.clock.forward(hours=20)
    assert Conversation.objects.get(pk=talk.pk).level == "ordinary"


def test_when_the_clock_was_set_back_the_words_are_said_at_once(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.writes(talk, "我不想活了")
    desk.clock.forward(hours=-1)
    assert say_due_words(now=desk.clock()) == 1


def test_to_somebody_whose_words_are_erased_nothing_is_said_any_more(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.writes(talk, "我不想活了")
    talk.contact.erase(now=desk.clock())
    desk.clock.forward(seconds=61)
    assert say_due_words(now=desk.clock()) == 0
    assert Conversation.objects.get(pk=talk.pk).words_due_at is None
