"""Seasons: the pieces of time in which a yard promises things."""

import dataclasses
import datetime as dt
from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099

SEASON_NAMES: Final = (
    pgettext_lazy("season", "Spring"),
    pgettext_lazy("season", "Summer"),
    pgettext_lazy("season", "Autumn"),
    pgettext_lazy("season", "Winter"),
)
_LOWER: Final = (
    gettext_lazy("spring %(year)s"),
    gettext_lazy("summer %(year)s"),
    gettext_lazy("autumn %(year)s"),
    gettext_lazy("winter %(year)s"),
)
_MONTHS: Final = (3, 6, 9, 12)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Season:
    """Three months from the first of March, June, September or December on; a winter bears the year it begins in.

    `code` counts seasons: four a year, so that two can be compared and told apart by how many lie between.
    """

    code: int

    @classmethod
    def of(cls, day: dt.date) -> "Season":
        """Return the season in which a day lies."""
        if day.month < _MONTHS[0]:
            return cls((day.year - 1) * 4 + 3)
        return cls(day.year * 4 + day.month // 3 - 1)

    @property
    def year(self) -> int:
        """Return the year in which it begins."""
        return self.code // 4

    @property
    def part(self) -> int:
        """Return which of the four it is, spring first."""
        return self.code % 4

    @property
    def first_day(self) -> dt.date:
        """Return its first day."""
        return dt.date(self.year, _MONTHS[self.part], 1)

    @property
    def last_day(self) -> dt.date:
        """Return its last day."""
        return Season(self.code + 1).first_day - dt.timedelta(days=1)

    @property
    def years(self) -> str:
        """Return its year, for a winter both years in which it lies."""
        return f"{self.year}-{self.year + 1}" if self.part == 3 else str(self.year)

    @property
    def name(self) -> str:
        """Return which season of the year it is, as a head, in the active language."""
        return str(SEASON_NAMES[self.part])

    @property
    def in_words(self) -> str:
        """Return it as it stands in a sentence, in the active language."""
        return str(_LOWER[self.part]) % {"year": self.years}

    def __contains__(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day


def is_season(code: int) -> bool:
    """Tell whether a number is the code of a season that can be meant."""
    return FIRST_YEAR * 4 <= code < (LAST_YEAR + 1) * 4
