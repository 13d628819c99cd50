"""`niangjia knowledge versions`: the known versions of laws, their dates, and how each stands on a day."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from bot.command.arguments import date_argument
from bot.command.errors import CommandError
from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import set_up

if TYPE_CHECKING:
    from bot.statutes import PresentStatutes
    from knowledge.versions import LawVersion

HELP = KNOWLEDGE["help_versions"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[LAW], --as-of."""
    parser.add_argument("law", nargs="?", default="", metavar="LAW", help=KNOWLEDGE["help_law"])
    parser.add_argument("--as-of", type=date_argument, metavar="YYYY-MM-DD", help=KNOWLEDGE["help_on"])


def run(options: argparse.Namespace) -> int:
    """Print one line a version, by law and age. Raises CommandError when no law's name holds the word."""
    set_up()
    from django.conf import settings
    from django.utils import timezone

    from bot.statutes import open_statutes

    statutes = open_statutes(settings.NIANGJIA)
    lines = list(_lines(statutes, options.law, on=options.as_of or timezone.localdate()))
    if not lines:
        raise CommandError(KNOWLEDGE["no_law"].format(law=options.law), exit_code=1)
    for line in lines:
        print(line)
    return 0


def _lines(statutes: PresentStatutes, law: str, *, on: date) -> Iterator[str]:
    from knowledge.status import version_words

    versions = statutes.with_texts(()).versions
    for version in sorted(versions, key=lambda one: (one.law, one.effective_on or date.min)):
        if law in version.law or law in version.short:
            others = [other for other in versions if other.law == version.law]
            yield KNOWLEDGE["version"].format(
                law=version.law,
                day=_day(version.version_date if version.day_known else None),
                status=version_words(version, others=others, on=on),
                passed=_day(version.passed_on),
                effective=_day(version.effective_on),
                ended=KNOWLEDGE["ended"].format(day=version.repealed_on) if version.repealed_on else "",
                text=_text(statutes, version),
            )


def _day(day: date | None) -> str:
    return day.isoformat() if day else KNOWLEDGE["unknown_day"]


def _text(statutes: PresentStatutes, version: LawVersion) -> str:
    key = (version.law, version.version_date)
    shipped = {a.article_no for a in statutes.shipped.articles if (a.law, a.version_date) == key}
    imported = {a.article_no for text in statutes.imported if text.key == key for a in text.articles}
    both = shipped | imported
    if not both:
        return KNOWLEDGE["text_none"]
    name = "text_both" if shipped and imported else "text_shipped" if shipped else "text_imported"
    return KNOWLEDGE[name].format(count=len(both))
