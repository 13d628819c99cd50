"""What an import would change, worked out before anything is written: the dry run shows it, the import does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.imported.comparing import Difference, difference
from knowledge.imported.law_text import LawText
from knowledge.imported.merging import Statutes, as_version, filled, merge, place_of
from knowledge.imported.texts import ENDED_WORDS, NOT_TAKEN
from knowledge.numerals import article_int
from knowledge.versions import LawVersion

Key = tuple[str, date]


class ChangeKind(StrEnum):
    """NEW_LAW: nobody knew it. NEW_VERSION: of a known law. FILLED: its name and dates were known, not its text.

    COMPLETED: articles that the shipped text lacks. REPLACED: an imported text gives way, as the operator asked.
    """

    NEW_LAW = "new_law"
    NEW_VERSION = "new_version"
    FILLED = "filled"
    COMPLETED = "completed"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Change:
    """``version``: as it will stand, with the dates that will count. ``earlier``: the version it is compared with."""

    kind: ChangeKind
    text: LawText
    version: LawVersion
    earlier: date | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class DateConflict:
    """``field``: a date that was checked by hand, and that the file gives otherwise."""

    text: LawText
    field: str
    checked: date


@dataclass
class Plan:
    """``unlike_shipped`` and ``unlike_imported``: the same version with other words; the file's words are not taken."""

    changes: list[Change] = field(default_factory=list)
    unchanged: list[LawText] = field(default_factory=list)
    unlike_shipped: list[tuple[LawText, tuple[str, ...]]] = field(default_factory=list)
    unlike_imported: list[tuple[LawText, tuple[str, ...]]] = field(default_factory=list)
    conflicts: list[DateConflict] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def taken(self) -> tuple[LawText, ...]:
        """What the import will hold in addition, or instead of its earlier words."""
        return tuple(change.text for change in self.changes)


def make_plan(
    texts: Iterable[LawText], *, shipped: Statutes, imported: Sequence[LawText], replace: bool, today: date
) -> Plan:
    """``imported``: what holds now. ``replace``: the file's words win over those imported before, never the shipped."""
    planner = _Planner(shipped, imported, replace=replace)
    for text in _each_once(texts, planner.plan):
        planner.take(text, today=today)
    return planner.plan


def _each_once(texts: Iterable[LawText], plan: Plan) -> Sequence[LawText]:
    """A version that stands in two files with other words is taken from neither."""
    first: dict[Key, LawText] = {}
    twice: set[Key] = set()
    for text in texts:
        if _words(first.setdefault(text.key, text)) != _words(text):
            twice.add(text.key)
    plan.refused += [_not_taken("twice", first[key]) for key in sorted(twice)]
    return sorted((text for key, text in first.items() if key not in twice), key=lambda text: text.key)


class _Planner:
    def __init__(self, shipped: Statutes, imported: Sequence[LawText], *, replace: bool) -> None:
        self.plan = Plan()
        self._shipped = shipped
        self._shipped_words: dict[Key, dict[str, str]] = {}
        for article in shipped.articles:
            words = self._shipped_words.setdefault((article.law, article.version_date), {})
            words[article.article_no] = article.text
        self._imported = {text.key: text for text in imported}
        self._merged = merge(shipped, imported)
        self._replace = replace

    def take(self, text: LawText, *, today: date) -> None:
        version = self._version(text)
        why = self._why_not(text, version, today=today)
        if why is not None:
            self.plan.refused.append(_not_taken(why, text, version))
            return
        self._note_conflicts(text)
        before = self._imported.get(text.key)
        if before is not None:
            self._again(text, before, version)
        elif text.key in self._shipped_words:
            self._beside_shipped(text, version)
        else:
            self._anew(text, version)

    def _version(self, text: LawText) -> LawVersion:
        place = place_of(text, self._shipped.versions)
        numbers = [article.article_no for article in text.articles]
        return as_version(text) if place is None else filled(self._shipped.versions[place], text, numbers)

    def _why_not(self, text: LawText, version: LawVersion, *, today: date) -> str | None:
        if version.effective_on is None:
            return "no_effective"
        checked = place_of(text, self._shipped.versions) is not None
        if not checked and version.effective_on < (version.passed_on or version.version_date or date.min):
            return "first_commencement"
        if version.repealed_on and version.repealed_on < version.effective_on:
            return "order"
        if text.status in ENDED_WORDS and version.repealed_on is None and not self._has_newer(version):
            return "ended_without_day"
        return None

    def _has_newer(self, version: LawVersion) -> bool:
        days = (other.effective_on for other in self._merged.versions if other.law == version.law)
        return any(day is not None and version.effective_on is not None and day > version.effective_on for day in days)

    def _note_conflicts(self, text: LawText) -> None:
        place = place_of(text, self._shipped.versions)
        if place is None:
            return
        for name in ("passed_on", "effective_on", "repealed_on"):
            checked, written = getattr(self._shipped.versions[place], name), getattr(text, name)
            if checked is not None and written is not None and checked != written:
                self.plan.conflicts.append(DateConflict(text, name, checked))

    def _again(self, text: LawText, before: LawText, version: LawVersion) -> None:
        found = difference(_words(before), _words(text))
        same = not (found.changed or found.added or found.dropped)
        if same and _dates(before) == _dates(text):
            self.plan.unchanged.append(text)
        elif self._replace:
            self.plan.changes.append(Change(ChangeKind.REPLACED, text, version, text.version_date, found))
        else:
            numbers = (*found.changed, *found.added, *found.dropped)
            self.plan.unlike_imported.append((text, numbers))

    def _beside_shipped(self, text: LawText, version: LawVersion) -> None:
        found = difference(self._shipped_words[text.key], _words(text))
        if found.changed:
            self.plan.unlike_shipped.append((text, found.changed))
        if found.added:
            self.plan.changes.append(Change(ChangeKind.COMPLETED, text, version, text.version_date, found))
        elif not found.changed:
            self.plan.unchanged.append(text)

    def _anew(self, text: LawText, version: LawVersion) -> None:
        of_law = [other for other in self._merged.versions if other.law == text.law]
        if place_of(text, self._shipped.versions) is not None:
            kind = ChangeKind.FILLED
        else:
            kind = ChangeKind.NEW_VERSION if of_law else ChangeKind.NEW_LAW
        earlier = self._earlier(text)
        against = difference(earlier[1], _words(text)) if earlier else None
        self.plan.changes.append(Change(kind, text, version, earlier[0] if earlier else None, against))

    def _earlier(self, text: LawText) -> tuple[date, Mapping[str, str]] | None:
        """The nearest older version whose text is held."""
        words: dict[date, dict[str, str]] = {}
        for article in self._merged.articles:
            if article.law == text.law and article.version_date < text.version_date:
                words.setdefault(article.version_date, {})[article.article_no] = article.text
        return max(words.items(), default=None, key=lambda item: item[0])


def _words(text: LawText) -> dict[str, str]:
    return {article.article_no: article.text for article in text.articles}


def _dates(text: LawText) -> tuple[object, ...]:
    return text.passed_on, text.effective_on, text.repealed_on, text.part_repeals


def _not_taken(why: str, text: LawText, version: LawVersion | None = None) -> str:
    effective = version.effective_on if version else text.effective_on
    return NOT_TAKEN[why].format(law=text.law, day=text.version_date, effective=effective, status=text.status)


def gaps(text: LawText) -> tuple[int, ...]:
    """Numbers that are missing between the first and the last article."""
    numbers = {article_int(article.article_no) for article in text.articles} - {0}
    return tuple(sorted(set(range(1, max(numbers, default=0))) - numbers))
