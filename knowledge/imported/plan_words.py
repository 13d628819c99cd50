"""A plan in the operator's words: what would be new, what differs, what is not taken and why."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from knowledge.imported.plan import Change, ChangeKind, DateConflict, Plan, gaps
from knowledge.imported.texts import PLAN
from knowledge.numerals import article_name
from knowledge.status import status_words
from knowledge.texts import ARTICLES_JOINED
from knowledge.versions import LawVersion

_MOST_NUMBERS: Final = 12


def plan_words(plan: Plan, *, versions: Sequence[LawVersion], today: date) -> Iterator[str]:
    """``versions``: as they will stand, all of them."""
    for change in plan.changes:
        yield from _change(change, versions, today=today)
    for conflict in plan.conflicts:
        yield _conflict(conflict)
    for text, numbers in plan.unlike_shipped:
        yield PLAN["differs_shipped"].format(law=text.law, day=text.version_date, numbers=_numbers(numbers))
    for text, numbers in plan.unlike_imported:
        yield PLAN["differs_imported"].format(law=text.law, day=text.version_date, numbers=_numbers(numbers))
    yield from (PLAN["refused"].format(why=why) for why in plan.refused)
    if plan.unchanged:
        yield PLAN["unchanged"].format(count=len(plan.unchanged))
    yield _total(plan) if plan.changes else PLAN["nothing"]


def _change(change: Change, versions: Sequence[LawVersion], *, today: date) -> Iterator[str]:
    text, found = change.text, change.difference
    others = [version for version in versions if version.law == text.law]
    status = status_words(change.version, text.articles[0].article_no, others=others, on=today)
    numbers = _numbers(found.added) if found else ""
    values = {"law": text.law, "day": text.version_date, "count": len(text.articles), "status": status}
    yield PLAN[change.kind].format(**values, numbers=numbers)
    if not text.day_known:
        yield PLAN["month_only"].format(law=text.law)
    if found and change.kind is not ChangeKind.COMPLETED:
        counts = {"changed": len(found.changed), "added": len(found.added), "dropped": len(found.dropped)}
        yield PLAN["against"].format(day=change.earlier, **counts)
        for name in counts:
            if getattr(found, name):
                yield PLAN[name].format(numbers=_numbers(getattr(found, name)))
    missing = gaps(text)
    if missing and change.kind is not ChangeKind.COMPLETED:
        names = tuple(map(article_name, missing))
        yield PLAN["gap"].format(law=text.law, day=text.version_date, numbers=_numbers(names))


def _conflict(conflict: DateConflict) -> str:
    text = conflict.text
    return PLAN["date_differs"].format(
        law=text.law,
        day=text.version_date,
        field=PLAN[conflict.field],
        theirs=getattr(text, conflict.field),
        ours=conflict.checked,
    )


def _numbers(numbers: Sequence[str]) -> str:
    shown = ARTICLES_JOINED.join(numbers[:_MOST_NUMBERS])
    return PLAN["more"].format(shown=shown, count=len(numbers)) if len(numbers) > _MOST_NUMBERS else shown


def _total(plan: Plan) -> str:
    kinds = [change.kind for change in plan.changes]
    return PLAN["total"].format(
        new_laws=kinds.count(ChangeKind.NEW_LAW),
        new_versions=kinds.count(ChangeKind.NEW_VERSION),
        filled=kinds.count(ChangeKind.FILLED),
        articles=sum(len(change.text.articles) for change in plan.changes),
        refused=len(plan.refused),
    )
