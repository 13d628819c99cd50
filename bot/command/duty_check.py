"""What `niangjia check` says about people: rosters, who reads crises and complaints, which holidays are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.texts import CHECK

_MONTH = timedelta(days=31)


def duty_problems(*, today: date) -> Iterator[str]:
    """Rosters, readers of crises and complaints, and the holidays of the years that the next month touches."""
    from handoff.models import Organisation
    from handoff.readers import unread_matters
    from handoff.roster import has_roster

    for union in Organisation.objects.all():
        if not has_roster(union):
            yield CHECK["no_roster"].format(union=union.name)
        for matter in unread_matters(union):
            yield CHECK[f"nobody_for_{matter}"].format(union=union.name)
    yield from _holidays(today)


def _holidays(today: date) -> Iterator[str]:
    from handoff.calendar import HolidaysUnreadable, holidays_file, is_provisional, read_holidays

    try:
        read_holidays(holidays_file())
    except HolidaysUnreadable as error:
        yield CHECK["holidays_unreadable"].format(path=holidays_file(), why=error.why)
    next_month = today.replace(day=1) + _MONTH
    for year in sorted({today.year, next_month.year}):
        if is_provisional(year):
            yield CHECK["provisional_year"].format(year=year, path=holidays_file())
