"""The clock, read at the edges only: views, commands and tasks pass its answer on."""

import datetime as dt
from zoneinfo import ZoneInfo

CIVIL = ZoneInfo("Europe/Brussels")
"""The time zone of legal dates; Amsterdam and Luxembourg share it."""


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def civil_date(moment: dt.datetime) -> dt.date:
    """Return the calendar date on which an aware moment falls for the law."""
    return moment.astimezone(CIVIL).date()
