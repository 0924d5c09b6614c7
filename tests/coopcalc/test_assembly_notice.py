"""Days of notice, counted on a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc.assembly import Counts, NoticeRule, Refused

CLEAR_15 = NoticeRule(15)


@pytest.mark.parametrize(
    ("meeting", "latest"),
    [
        # In one month: 3 May, then 15 whole days (4 to 18), then the meeting on the 19th.
        (date(2026, 5, 19), date(2026, 5, 3)),
        # Over the end of a month of 31 days: 30 May to 14 June are... 31 May to 14 June, 15 days.
        (date(2026, 6, 15), date(2026, 5, 30)),
        # Over the end of February: 2026 has 28 days in it, 2028 has 29.
        (date(2026, 3, 10), date(2026, 2, 22)),
        (date(2028, 3, 10), date(2028, 2, 23)),
        # A century that is no leap year, and one that is.
        (date(2100, 3, 10), date(2100, 2, 22)),
        (date(2000, 3, 10), date(2000, 2, 23)),
        # On the leap day itself.
        (date(2028, 2, 29), date(2028, 2, 13)),
        # Over the end of a year.
        (date(2027, 1, 5), date(2026, 12, 20)),
        # Over the nights on which clocks change: 29 March and 25 October 2026.
        (date(2026, 4, 6), date(2026, 3, 21)),
        (date(2026, 11, 2), date(2026, 10, 17)),
    ],
)
def test_fifteen_clear_days(meeting: date, latest: date) -> None:
    """Neither the day of sending nor the day of the meeting counts."""
    assert CLEAR_15.latest_sending(meeting) == latest
    assert CLEAR_15.earliest_meeting(latest) == meeting
    assert CLEAR_15.counted(latest, meeting) == 15
    assert CLEAR_15.counted(latest + timedelta(days=1), meeting) == 14


@pytest.mark.parametrize(
    ("counts", "latest", "first", "last"),
    [
        (Counts.NEITHER, date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 19)),
        (Counts.SENDING, date(2026, 6, 5), date(2026, 6, 5), date(2026, 6, 19)),
        (Counts.MEETING, date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 20)),
        (Counts.BOTH, date(2026, 6, 6), date(2026, 6, 6), date(2026, 6, 20)),
    ],
)
def test_other_readings(counts: Counts, latest: date, first: date, last: date) -> None:
    """A meeting on 20 June 2026, fifteen days: four ways to count them."""
    rule, meeting = NoticeRule(15, counts), date(2026, 6, 20)
    assert rule.latest_sending(meeting) == latest
    assert rule.first_and_last(latest, meeting) == (first, last)


@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 60), st.sampled_from(list(Counts)), st.integers(0, 90)
)
def test_as_on_a_calendar_with_a_pencil(sent: date, days: int, counts: Counts, apart: int) -> None:
    """Cross off day after day; enough when there are as many crosses as days, and the two bounds agree."""
    meeting = sent + timedelta(days=apart)
    crosses = {sent + timedelta(days=number) for number in range(apart + 1)}
    if counts in (Counts.NEITHER, Counts.MEETING):
        crosses.discard(sent)
    if counts in (Counts.NEITHER, Counts.SENDING):
        crosses.discard(meeting)
    rule = NoticeRule(days, counts)
    assert rule.counted(sent, meeting) == len(crosses)
    assert (len(crosses) >= days) == (sent <= rule.latest_sending(meeting)) == (meeting >= rule.earliest_meeting(sent))
    span = rule.first_and_last(sent, meeting)
    assert span == ((min(crosses), max(crosses)) if crosses else None)


def test_what_is_refused() -> None:
    """A meeting before its notice, a number of days that nobody means, dates beyond the calendar."""
    with pytest.raises(Refused) as before:
        CLEAR_15.counted(date(2026, 5, 2), date(2026, 5, 1))
    assert (before.value.code, before.value.path) == ("meeting_before_notice", "meeting")
    for days in (-1, 10_000):
        with pytest.raises(Refused, match="0 to"):
            NoticeRule(days)
    with pytest.raises(Refused) as late:
        CLEAR_15.earliest_meeting(date.max)
    assert (late.value.code, late.value.path) == ("date_out_of_bounds", "sent")
    with pytest.raises(Refused) as early:
        CLEAR_15.latest_sending(date.min)
    assert (early.value.code, early.value.path) == ("date_out_of_bounds", "meeting")
