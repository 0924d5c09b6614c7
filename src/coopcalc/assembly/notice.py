"""Days of notice before a meeting, counted in whole calendar days.

Clear days count neither the day on which the notice was sent nor the day of the meeting. Other readings count one of
both, or both; they are data, like the number of days. Days are dates: no hours, so no summer time, and every day
counts, also Sundays and holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from .refusals import Refused

MOST_DAYS: Final = 3660


class Counts(StrEnum):
    """Which of the two days count along."""

    NEITHER = "neither"
    SENDING = "sending"
    MEETING = "meeting"
    BOTH = "both"


COUNTED: Final[Mapping[Counts, int]] = {Counts.NEITHER: 0, Counts.SENDING: 1, Counts.MEETING: 1, Counts.BOTH: 2}


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """How many days lie between sending and meeting, counted how."""

    days: int
    counts: Counts = Counts.NEITHER

    def __post_init__(self) -> None:
        """Refuse a number of days that no statutes have."""
        if not 0 <= self.days <= MOST_DAYS:
            raise Refused("days_out_of_bounds", "days", most=MOST_DAYS)

    @property
    def apart(self) -> timedelta:
        """Return how far the two dates lie apart at least."""
        return timedelta(days=self.days + 1 - COUNTED[self.counts] if self.days else 0)

    def counted(self, sent: date, meeting: date) -> int:
        """Return how many days of notice there are. Raises Refused for a meeting before its notice."""
        if meeting < sent:
            raise Refused("meeting_before_notice", "meeting", sent=sent, meeting=meeting)
        return max(0, (meeting - sent).days - 1 + COUNTED[self.counts])

    def first_and_last(self, sent: date, meeting: date) -> tuple[date, date] | None:
        """Return the first and the last day that count; None where none does."""
        if not self.counted(sent, meeting):
            return None
        first = sent if self.counts in (Counts.SENDING, Counts.BOTH) else sent + timedelta(days=1)
        last = meeting if self.counts in (Counts.MEETING, Counts.BOTH) else meeting - timedelta(days=1)
        return first, last

    def latest_sending(self, meeting: date) -> date:
        """Return the last day on which the notice of a meeting can be sent. Raises Refused beyond the calendar."""
        try:
            return meeting - self.apart
        except OverflowError as error:
            raise Refused("date_out_of_bounds", "meeting") from error

    def earliest_meeting(self, sent: date) -> date:
        """Return the first day on which a meeting can be held after its notice. Raises Refused beyond the calendar."""
        try:
            return sent + self.apart
        except OverflowError as error:
            raise Refused("date_out_of_bounds", "sent") from error
