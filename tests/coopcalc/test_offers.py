"""The guard of an offer: what is left for one more person, and when there is room again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc.offers import (
    BoundCode,
    Question,
    Regime,
    Taken,
    Threshold,
    choices,
    guard,
    leaves_on,
    threshold,
    window_start,
)

TODAY = dt.date(2026, 11, 25)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


def small() -> Threshold:
    """Return what holds for a small Belgian offer today."""
    found = threshold("BE", Regime.SMALL, TODAY)
    assert found is not None
    return found


def asked(**told: Any) -> Question:
    """Return a question about a small Belgian offer."""
    return Question(**{"on": TODAY, "threshold": small(), **told})


def euro(text: str) -> Decimal:
    """Return an amount."""
    return Decimal(text)


def test_the_thresholds_are_dated_and_say_where_they_come_from() -> None:
    """Both amounts of a small Belgian offer, with their source; nothing before the law, and nothing for elsewhere."""
    law = small()
    assert (law.total, law.per_person, law.months) == (euro("500000.00"), euro("5000.00"), 12)
    assert law.certainty == "V"
    assert set(law.source) == set(law.revision) == {"nl", "fr", "en"}
    assert threshold("BE", Regime.SMALL, dt.date(2018, 7, 20)) is None
    assert threshold("LU", Regime.SMALL, TODAY) is None
    assert [one.regime for one in choices("BE", TODAY)] == list(Regime)
    note = threshold("BE", Regime.NOTE, TODAY)
    assert note is not None
    assert (note.total, note.per_person, note.pages) == (euro("5000000.00"), None, 15)
    few = threshold("BE", Regime.FEW, TODAY)
    assert few is not None
    assert few.people == 150


def test_what_we_only_know_in_general_is_marked() -> None:
    """Of Dutch offers nothing was read in a public source: each is to be checked."""
    assert {one.certainty for one in choices("NL", TODAY)} == {"K"}
    assert Regime.SMALL not in {one.regime for one in choices("NL", TODAY)}


def test_admitted_and_requested_count_together() -> None:
    """Of 500,000 there were 480,000 issued and 15,000 asked for: 5,000 is left, and one person may have just that."""
    found = guard(asked(issued=[Taken(dt.date(2026, 3, 1), euro("480000"))], requested=euro("15000")))
    assert found.left == euro("5000.00")
    assert found.counted == euro("495000")
    assert found.fits(euro("5000"))
    assert not found.fits(euro("5000.01"))
    assert found.shares(euro("250")) == 20
    passed = found.exceeded_by(euro("5001"))
    assert passed is not None
    assert passed.left == euro("5000.00")


def test_what_was_issued_a_year_ago_gives_its_room_back() -> None:
    """An issue of 25 November 2025 counts on the 24th of the next year, and no longer on the 25th."""
    issued = [Taken(dt.date(2025, 11, 25), euro("499000")), Taken(dt.date(2026, 6, 1), euro("800"))]
    full = guard(asked(on=dt.date(2026, 11, 24), issued=issued))
    assert full.left == euro("200")
    assert full.room_on == dt.date(2026, 11, 25)
    assert full.enough_on(euro("1000")) == dt.date(2026, 11, 25)
    assert full.enough_on(euro("200")) == dt.date(2026, 11, 24)
    assert guard(asked(issued=issued)).left == euro("5000.00")
    assert guard(asked(issued=issued)).room_on == dt.date(2027, 6, 1)


def test_what_is_asked_for_counts_however_old_and_comes_free_when_it_lapses() -> None:
    """A request stays in the way until it is decided or lapses; then the figures are without it."""
    assert guard(asked(requested=euro("500000"))).left == 0
    assert guard(asked(requested=euro("500000"))).enough_on(euro("50")) is None
    assert guard(asked(requested=euro("499000"))).left == euro("1000")


@pytest.mark.parametrize(
    ("told", "left", "binds"),
    [
        ({"person_requested": euro("4000")}, "1000.00", BoundCode.PER_PERSON),
        ({"person_issued": [Taken(dt.date(2026, 1, 2), euro("5000"))]}, "0.00", BoundCode.PER_PERSON),
        ({"person_issued": [Taken(dt.date(2025, 11, 24), euro("5000"))]}, "5000.00", BoundCode.PER_PERSON),
        ({"ceiling": euro("100000"), "own_taken": euro("99000")}, "1000", BoundCode.CEILING),
        ({"own_per_person": euro("2500"), "own_person": euro("500")}, "2000", BoundCode.OWN_PER_PERSON),
        ({"requested": euro("600000")}, "0.00", BoundCode.TOTAL),
    ],
)
def test_the_tightest_limit_binds(told: dict[str, Any], left: str, binds: BoundCode) -> None:
    """One person's limit, the offer's own, or the law's: whichever leaves least, never less than nothing."""
    found = guard(asked(**told))
    assert (found.left, found.binding) == (euro(left), binds)


def test_fewer_than_150_people() -> None:
    """The 149th may come, the 150th not; whoever is counted already may take more."""
    few = threshold("BE", Regime.FEW, TODAY)
    assert guard(asked(threshold=few, people=148)).left is None
    last = guard(asked(threshold=few, people=149))
    assert (last.left, last.binding, last.fits(euro("1"))) == (0, BoundCode.PEOPLE, False)
    assert guard(asked(threshold=few, people=149, person_counted=True)).fits(euro("1000000"))


def test_without_a_limit_everything_fits() -> None:
    """An offer with a prospectus has no limit of the law: only its own ceiling."""
    open_end = threshold("BE", Regime.PROSPECTUS, TODAY)
    assert guard(asked(threshold=open_end)).left is None
    assert guard(asked(threshold=open_end)).shares(euro("50")) is None
    assert guard(asked(threshold=open_end, ceiling=euro("100"))).left == euro("100")


def test_the_working_says_every_figure() -> None:
    """Window, admitted, requested and each limit stand in the reckoning, so that anybody can do it again."""
    found = guard(asked(issued=[Taken(dt.date(2026, 3, 1), euro("100"))], requested=euro("50"), ceiling=euro("1000")))
    told = {line.code: dict(line.facts) for line in found.working}
    assert told["window"] == {"from": dt.date(2025, 11, 26), "to": TODAY, "months": 12}
    assert told["admitted"] == {"amount": euro("100")}
    assert told["total"] == {"limit": euro("500000.00"), "used": euro("150"), "left": euro("499850.00")}
    assert set(told) == {"window", "admitted", "requested", "total", "per_person", "ceiling"}


def test_a_leap_day_counts_a_day_longer() -> None:
    """What was issued on 29 February leaves on 1 March, not on 28 February: at no moment more than a year's limit."""
    assert leaves_on(dt.date(2024, 2, 29), 12) == dt.date(2025, 3, 1)
    assert window_start(dt.date(2025, 2, 28), 12) == dt.date(2024, 2, 29)
    assert window_start(dt.date(2025, 3, 1), 12) == dt.date(2024, 3, 2)


@given(DAYS, st.integers(1, 36))
def test_the_window_is_what_has_not_left(day: dt.date, months: int) -> None:
    """The first day of the window counts, the day before doesn't, whatever the months are like."""
    first = window_start(day, months)
    assert leaves_on(first, months) > day
    assert leaves_on(first - dt.timedelta(days=1), months) <= day


@given(
    st.lists(st.tuples(st.dates(dt.date(2025, 1, 1), TODAY), st.integers(1, 200_000)), max_size=30),
    st.integers(0, 300_000),
    st.integers(1, 5_000),
)
def test_the_day_that_is_promised_has_room(issues: list[tuple[dt.date, int]], requested: int, wanted: int) -> None:
    """On the day on which there is room again there is room, and on no day before it."""
    issued = [Taken(on, Decimal(amount)) for on, amount in issues]
    told = {"issued": issued, "requested": Decimal(requested)}
    promised = guard(asked(**told)).enough_on(Decimal(wanted))
    if promised is None:
        assert Decimal(requested) + wanted > euro("500000")
        return
    assert guard(asked(on=promised, **told)).fits(Decimal(wanted))
    if promised > TODAY:
        assert not guard(asked(on=promised - dt.timedelta(days=1), **told)).fits(Decimal(wanted))
