"""Own phrases: who may add them, which are refused and why, and that they are in force soon and everywhere."""

import threading
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError

from handoff import own_phrases
from handoff.kinds import AuditAction, CadreRole
from handoff.models import AuditRow, Cadre, OwnPhrase
from handoff.own_phrases import (
    LOOK_EVERY_S,
    LiveRules,
    NotALead,
    PhraseGone,
    PhraseThere,
    TooManyPhrases,
    add_phrase,
    retire_phrase,
)
from handoff.phrase_check import (
    BracketsUnpaired,
    Entry,
    FindsOrdinary,
    NoSuchWords,
    PhraseEmpty,
    PhraseRefused,
    PhraseTooGeneral,
    PhraseTooLong,
    PhraseTooShort,
    PhraseTooWide,
    PhraseUnreadable,
    SilencesSigns,
)
from handoff.screening.levels import Category, Level
from handoff.screening.rules import Rules
from tests.desk import TestDesk

SHIPPED = Rules.load()


@dataclass
class Seconds:
    """A clock of seconds that moves when told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Process:
    """One of several processes over the same database: rules of its own."""

    seconds: Seconds = field(default_factory=Seconds)

    def __post_init__(self) -> None:
        self.rules = LiveRules(SHIPPED, clock=self.seconds)

    def level(self, text: str) -> Level:
        return self.rules.screen(text).level


@pytest.fixture
def lead(desk: TestDesk) -> Cadre:
    return desk.cadre("lead", role=CadreRole.DUTY_LEAD)


def add(desk: TestDesk, lead: Cadre, phrase: str, category: Category = Category.SELF_HARM, **more: object) -> OwnPhrase:
    meant = bool(more.pop("meant", False))
    entry = Entry(category, phrase, **more)  # type: ignore[arg-type]
    return add_phrase(lead, entry, rules=LiveRules(SHIPPED), meant=meant, now=desk.clock())


def test_a_phrase_is_in_force_in_every_process_within_two_seconds(desk: TestDesk, lead: Cadre) -> None:
    here, there = Process(), Process()
    assert here.level("我要走饭了") is there.level("我要走饭了") is Level.ORDINARY
    add(desk, lead, "走饭")
    for process in (here, there):
        process.seconds.now += LOOK_EVERY_S
        assert process.level("我要走饭了") is Level.CRISIS


def test_a_retired_phrase_is_out_of_force_within_two_seconds(desk: TestDesk, lead: Cadre) -> None:
    row, process = add(desk, lead, "走饭"), Process()
    assert process.level("我要走饭了") is Level.CRISIS
    retire_phrase(lead, row.pk, now=desk.clock())
    process.seconds.now += LOOK_EVERY_S
    assert process.level("我要走饭了") is Level.ORDINARY
    assert process.rules.version == SHIPPED.version


def test_the_database_is_looked_at_no_more_than_once_in_two_seconds(
    desk: TestDesk, django_assert_num_queries: object
) -> None:
    process = Process()
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(50):
            process.rules.screen("你好")
        process.seconds.now += LOOK_EVERY_S - 0.01
        process.rules.screen("你好")
    process.seconds.now += 0.02
    with django_assert_num_queries(1):  # type: ignore[operator]
        process.rules.screen("你好")


def test_while_the_database_fails_the_last_known_phrases_stay(
    desk: TestDesk, lead: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(desk, lead, "走饭")
    process = Process()
    assert process.level("我要走饭了") is Level.CRISIS

    def fails() -> None:
        raise DatabaseError

    monkeypatch.setattr(own_phrases, "entries_in_force", fails)
    process.seconds.now += LOOK_EVERY_S
    assert process.level("我要走饭了") is Level.CRISIS
    assert process.level("我不想活了") is Level.CRISIS
    monkeypatch.undo()
    retire_phrase(lead, OwnPhrase.objects.get().pk, now=desk.clock())
    process.seconds.now += LOOK_EVERY_S
    assert process.level("我要走饭了") is Level.ORDINARY


def test_nobody_waits_for_another_thread_that_looks_into_a_slow_database(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    process, looking, go_on = Process(), threading.Event(), threading.Event()

    def slow() -> tuple[Entry, ...]:
        looking.set()
        assert go_on.wait(30)
        return ()

    monkeypatch.setattr(own_phrases, "entries_in_force", slow)
    first = threading.Thread(target=process.rules.screen, args=("你好",))
    first.start()
    assert looking.wait(30)
    process.seconds.now += LOOK_EVERY_S
    assert process.level("我不想活了") is Level.CRISIS  # would wait for ever if it looked as well
    go_on.set()
    first.join(30)


def test_the_composed_desk_listens_for_own_phrases(desk: TestDesk, lead: Cadre) -> None:
    add(desk, lead, "走饭")
    talk = desk.visitor()
    heard = desk.says(talk, "我要走饭了")
    talk.refresh_from_db()
    assert talk.level == Level.CRISIS
    assert "您的安全最要紧" in heard[0] or "请不要等" in heard[0]


def test_an_own_phrase_keeps_to_the_general_rules(desk: TestDesk, lead: Cadre) -> None:
    """Who is meant, disguises, and the words that soften any sign of crisis."""
    add(desk, lead, "走饭")
    process = Process()
    assert process.rules.screen("我工友想走饭").categories == (Category.THIRD_PARTY,)
    assert process.level("走 飯") is Level.CRISIS
    assert process.rules.screen("我要走饭了").triggers == ("走饭",)
    assert process.rules.screen("我要走饭了").version.startswith(f"{SHIPPED.version}+own-")


def test_an_exception_silences_one_way_of_speaking_and_no_other(desk: TestDesk, lead: Cadre) -> None:
    add(desk, lead, "罩子没了还开机", Category.HAZARD)
    assert Process().level("罩子没了还开机床博览会") is Level.SENSITIVE
    add(desk, lead, "没了还开机床博览会", Category.HAZARD, is_exception=True)
    assert Process().level("罩子没了还开机床博览会") is Level.ORDINARY
    assert Process().level("罩子没了还开机") is Level.SENSITIVE
    assert Process().level("罩子没了还开机床博览会，罩子没了还开机") is Level.SENSITIVE


def test_an_exception_holds_for_the_shipped_rules_of_its_category_alone(desk: TestDesk, lead: Cadre) -> None:
    text = "我们厂停线了三天"
    assert SHIPPED.screen(text).categories == (Category.COLLECTIVE,)
    add(desk, lead, "停线了三天", Category.HAZARD, is_exception=True)
    assert Process().level(text) is Level.SENSITIVE
    add(desk, lead, "停线了三天", Category.COLLECTIVE, is_exception=True)
    assert Process().level(text) is Level.ORDINARY


def test_a_sensitive_category_gets_its_own_level(desk: TestDesk, lead: Cadre) -> None:
    add(desk, lead, "罩子没了还开机", Category.HAZARD)
    found = Process().rules.screen("罩子没了还开机")
    assert (found.level, found.categories) == (Level.SENSITIVE, (Category.HAZARD,))


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", PhraseEmpty),
        ("😭 。", PhraseEmpty),
        ("长" + "一二三四五六七八九十" * 9, PhraseTooLong),
        ("(走饭", BracketsUnpaired),
        ("走饭}", BracketsUnpaired),
        ("{没有这组}走", NoSuchWords),
        ("走|", PhraseUnreadable),
        ("走饭*", PhraseUnreadable),
        ("走", PhraseTooShort),
        ("(走饭|走)", PhraseTooShort),
        ("(走饭)?", PhraseTooShort),
        ("…4", PhraseTooShort),
        ("走…99饭", PhraseTooWide),
        ("走…饭…天…台…了", PhraseTooWide),
        ("老板", PhraseTooGeneral),
        ("工资", PhraseTooGeneral),
    ],
)
def test_a_bad_phrase_is_refused(desk: TestDesk, lead: Cadre, phrase: str, why: type[PhraseRefused]) -> None:
    with pytest.raises(why):
        add(desk, lead, phrase)
    assert not OwnPhrase.objects.exists()


def test_a_phrase_that_is_too_general_says_which_sentences_it_would_find(desk: TestDesk, lead: Cadre) -> None:
    with pytest.raises(PhraseTooGeneral) as refused:
        add(desk, lead, "老板")
    assert len(refused.value.hits) > 17
    assert all("老板" in hit for hit in refused.value.hits)


def test_a_phrase_that_finds_a_few_ordinary_sentences_must_be_meant(desk: TestDesk, lead: Cadre) -> None:
    with pytest.raises(FindsOrdinary) as refused:
        add(desk, lead, "（想｜要）走了")
    assert refused.value.hits
    assert add(desk, lead, "（想｜要）走了", meant=True).phrase == "(想|要)走了"


def test_an_exception_that_would_silence_a_real_sign_is_refused(desk: TestDesk, lead: Cadre) -> None:
    with pytest.raises(SilencesSigns) as refused:
        add(desk, lead, "想死", is_exception=True)
    assert refused.value.hits
    assert all("想死" in hit for hit in refused.value.hits)


def test_a_phrase_is_kept_in_the_form_in_which_texts_are_searched(desk: TestDesk, lead: Cadre) -> None:
    assert add(desk, lead, " 走 飯 ！").phrase == "走饭"
    assert add(desk, lead, "我……走飯").phrase == "我…走饭"


def test_the_same_phrase_is_there_once_but_may_come_back(desk: TestDesk, lead: Cadre) -> None:
    row = add(desk, lead, "走饭")
    with pytest.raises(PhraseThere):
        add(desk, lead, "走 飯")
    retire_phrase(lead, row.pk, now=desk.clock())
    assert add(desk, lead, "走饭").pk != row.pk
    assert OwnPhrase.objects.count() == 2


def test_a_phrase_is_retired_once(desk: TestDesk, lead: Cadre) -> None:
    row = add(desk, lead, "走饭")
    retire_phrase(lead, row.pk, now=desk.clock())
    with pytest.raises(PhraseGone):
        retire_phrase(lead, row.pk, now=desk.clock())
    assert [audit.detail for audit in AuditRow.objects.filter(action=AuditAction.PHRASES).order_by("pk")] == [
        "added",
        "retired",
    ]


def test_an_audit_row_holds_no_word_of_a_phrase(desk: TestDesk, lead: Cadre) -> None:
    row = add(desk, lead, "走饭")
    audit = AuditRow.objects.get(action=AuditAction.PHRASES)
    assert (audit.subject, audit.cadre) == (f"own_phrase:{row.pk}", lead)


@pytest.mark.parametrize("role", [CadreRole.CADRE, CadreRole.OPERATOR])
def test_only_leads_change_phrases(desk: TestDesk, lead: Cadre, role: CadreRole) -> None:
    row, other = add(desk, lead, "走饭"), desk.cadre("other", role=role)
    with pytest.raises(NotALead):
        add(desk, other, "去天上了饭")
    with pytest.raises(NotALead):
        retire_phrase(other, row.pk, now=desk.clock())
    assert OwnPhrase.objects.get().retired_at is None


def test_there_is_an_end_to_the_number_of_phrases(desk: TestDesk, lead: Cadre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_phrases, "MOST_PHRASES", 1)
    add(desk, lead, "走饭")
    with pytest.raises(TooManyPhrases):
        add(desk, lead, "去天上了饭")


def test_a_phrase_that_an_update_made_unreadable_does_not_stop_the_others(desk: TestDesk, lead: Cadre) -> None:
    OwnPhrase.objects.create(
        category=Category.SELF_HARM.value, phrase="{旧词组}饭", added_by=lead, added_at=desk.clock()
    )
    OwnPhrase.objects.create(category="gone", phrase="走饭饭", added_by=lead, added_at=desk.clock())
    add(desk, lead, "走饭")
    assert Process().level("我要走饭了") is Level.CRISIS
    assert [own_phrases.can_be_read(row) for row in OwnPhrase.objects.order_by("pk")] == [False, False, True]
