"""What goes with an answer because of the time that the worker named: a note, and the articles as they read then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from actions.past import texts
from knowledge.earlier import Earlier, Period, Then
from knowledge.texts import STATE_PREFIX

if TYPE_CHECKING:
    from knowledge.citations import Citation

ARTICLES_NAMED: Final = 3


@dataclass(frozen=True)
class PastNote:
    """`articles`: those that are held and read otherwise today."""

    text: str
    articles: tuple[Citation, ...]


def note_of(earlier: Sequence[Earlier], *, answer: str, leading: str | None) -> PastNote | None:
    """None where nothing was different, or the answer itself names the day of the change.

    `leading`: the law that the answer rests on first. That a text of then is missing is said of this law alone: of nine
    of ten answers some law they also name has changed in ten years, and few of those changes matter.
    """
    told = (one for one in earlier if one.then is Then.OTHER or one.cited.law == leading)
    new = [one for one in told if one.since is None or texts.DAY.format(day=one.since) not in answer]
    if not new:
        return None
    articles = tuple(dict.fromkeys(one.text for one in new if one.text is not None))
    return PastNote("".join(_sentences(new)), articles)


def name_of(period: Period) -> str:
    """«2019年», «2019年3月», «2019年3月5日», «2016年到2019年»."""
    first, last = period.first, period.last
    if first == last:
        return texts.DAY.format(day=first)
    from_january, to_december = (first.month, first.day) == (1, 1), (last.month, last.day) == (12, 31)
    if from_january and to_december:
        return _from_to(texts.YEAR, period)
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        return _from_to(texts.MONTH, period)
    return _from_to(texts.DAY, period)


def _from_to(form: str, period: Period) -> str:
    first, last = form.format(day=period.first), form.format(day=period.last)
    return first if first == last else texts.FROM_TO.format(first=first, last=last)


def _sentences(earlier: Sequence[Earlier]) -> Iterator[str]:
    different = sorted({period for one in earlier for period in one.periods}, key=lambda period: period.first)
    yield texts.WHEN.format(when=texts.JOINER.join(map(name_of, different)))
    of = {then: [one for one in earlier if one.then is then] for then in Then}
    if of[Then.OTHER]:
        yield texts.OTHER.format(articles=_articles(one.text or one.cited for one in of[Then.OTHER]))
    if of[Then.NO_ARTICLE]:
        yield texts.NO_ARTICLE.format(articles=_articles(one.cited for one in of[Then.NO_ARTICLE]))
    if of[Then.NOT_HELD]:
        yield texts.NOT_HELD.format(laws=_laws(of[Then.NOT_HELD], texts.TEXT_BEGAN))
    if of[Then.NO_LAW]:
        yield texts.NO_LAW.format(laws=_laws(of[Then.NO_LAW], texts.LAW_BEGAN))
    if len(of[Then.OTHER]) < len(earlier):
        yield texts.ASK_A_PERSON


def _articles(citations: Iterable[Citation]) -> str:
    names = dict.fromkeys(texts.ARTICLE.format(law=_short(one.law), article_no=one.article_no) for one in citations)
    named = texts.JOINER.join(list(names)[:ARTICLES_NAMED])
    return named + texts.AND_SO_ON if len(names) > ARTICLES_NAMED else named


def _laws(earlier: Iterable[Earlier], began: str) -> str:
    """Each law once, with the day in the words of `began`."""
    since = {one.cited.law: one.since for one in earlier}
    named = (
        texts.LAW.format(law=_short(law)) + (began.format(day=texts.DAY.format(day=day)) if day else "")
        for law, day in since.items()
    )
    return texts.JOINER.join(named)


def _short(law: str) -> str:
    return law.removeprefix(STATE_PREFIX)
