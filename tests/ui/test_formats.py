"""Amounts, numbers and dates as people in the three languages write and type them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwerf.ui import formats

DAY = dt.date(2024, 5, 3)
FIRST = dt.date(2024, 5, 1)


def shown(text: str) -> str:
    """Make no-break spaces visible."""
    return text.replace("\u00a0", "~").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("amount", "nl", "fr", "en"),
    [
        ("0", "€~0,00", "0,00~€", "€0.00"),
        ("1250", "€~1.250,00", "1~250,00~€", "€1,250.00"),
        ("-18.05", "-€~18,05", "-18,05~€", "-€18.05"),
        ("999999999999.99", "€~999.999.999.999,99", "999~999~999~999,99~€", "€999,999,999,999.99"),
    ],
)
def test_money(amount: str, nl: str, fr: str, en: str) -> None:
    """The sign of the euro stands where readers expect it, and no amount breaks over two lines."""
    assert [shown(formats.money(Decimal(amount), lang)) for lang in ("nl", "fr", "en")] == [nl, fr, en]


@pytest.mark.parametrize(
    ("lang", "more", "less", "nothing"),
    [
        ("nl", "+€~1.225,00", "-€~1.225,00", "€~0,00"),
        ("fr", "+1~225,00~€", "-1~225,00~€", "0,00~€"),
        ("en", "+€1,225.00", "-€1,225.00", "€0.00"),
    ],
)
def test_the_sign_of_a_movement_comes_first(lang: str, more: str, less: str, nothing: str) -> None:
    """More and less read alike, the sign before everything else; what we write we also read back."""
    written = [formats.money(Decimal(amount), lang, sign=True) for amount in (1225, -1225, 0)]
    assert [shown(text) for text in written] == [more, less, nothing]
    assert [formats.parse_money(text) for text in written] == [1225, -1225, 0]


def test_money_with_more_or_fewer_decimals() -> None:
    """A price per share has four decimals; a round figure may leave them."""
    assert shown(formats.money(Decimal("8.3333"), "nl", places=4)) == "€~8,3333"
    assert shown(formats.money(Decimal("73400.00"), "fr", places=0)) == "73~400~€"


@pytest.mark.parametrize(
    ("value", "nl", "fr", "en"),
    [
        (5473, "5.473", "5~473", "5,473"),
        (-2, "-2", "-2", "-2"),
        (100, "100", "100", "100"),
        (10**12, "1.000.000.000.000", "1~000~000~000~000", "1,000,000,000,000"),
    ],
)
def test_number(value: int, nl: str, fr: str, en: str) -> None:
    """Thousands are grouped."""
    assert [shown(formats.number(value, lang)) for lang in ("nl", "fr", "en")] == [nl, fr, en]


def test_decimals_percentages_and_signs() -> None:
    """Decimals stay as they are unless asked otherwise."""
    assert formats.number(Decimal("2.50"), "nl") == "2,50"
    assert formats.number(Decimal("2.345"), "nl", places=2) == "2,35"
    assert formats.number(3, "en", sign=True) == "+3"
    assert formats.number(0, "en", sign=True) == "0"
    assert [shown(formats.percent(Decimal("6.5"), lang)) for lang in ("nl", "fr", "en")] == ["6,5~%", "6,5~%", "6.5%"]


def test_dates() -> None:
    """Short in tables, in words in sentences."""
    assert {formats.date_short(DAY, lang) for lang in ("nl", "fr", "en")} == {"03-05-2024"}
    assert [shown(formats.date_long(DAY, lang)) for lang in ("nl", "fr", "en")] == [
        "3~mei~2024",
        "3~mai~2024",
        "3~May~2024",
    ]
    assert shown(formats.date_long(FIRST, "fr", weekday=True)) == "mercredi 1er~mai~2024"
    assert shown(formats.date_long(FIRST, "nl", weekday=True, year=False)) == "woensdag 1~mei"
    assert shown(formats.month(DAY, "en")) == "May~2024"


def test_time_of_day() -> None:
    """Each language has its own way to tell the time."""
    evening = dt.time(20, 0)
    assert [shown(formats.clock(evening, lang)) for lang in ("nl", "fr", "en")] == ["20.00~uur", "20~h~00", "20:00"]


def test_lists_sizes_and_initials() -> None:
    """Small helpers for sentences."""
    assert formats.listing(["A", "B", "C"], "nl") == "A, B en C"
    assert formats.listing(["A", "B"], "fr", last="or") == "A ou B"
    assert formats.listing(["A"], "en") == "A"
    assert formats.listing([], "en") == ""
    sizes = [shown(formats.size(octets, "nl")) for octets in (999, 310_400, 2_400_000, 5_000_000_000_000)]
    assert sizes == ["999~B", "310~kB", "2,4~MB", "5.000~GB"]
    assert shown(formats.size(2_400_000, "fr")) == "2,4~Mo"
    names = ("Jan de Wit", "Samira Benali", "Ferm vzw", "élodie", "", "🌻", "D'Haese, Els")
    assert [formats.initials(name) for name in names] == ["JW", "SB", "FV", "ÉL", "?", "?", "DE"]


def test_unknown_languages_read_as_english() -> None:
    """A language that we don't speak never breaks a page."""
    assert formats.language("nl-be") == "nl"
    assert formats.language(None) == formats.language("de") == "en"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.250,00", "1250.00"),
        ("1,250.00", "1250.00"),
        ("1 250,5", "1250.50"),
        ("1\u202f250", "1250.00"),
        ("1.250", "1250.00"),
        ("1.250.000", "1250000.00"),
        ("12,5", "12.50"),
        ("0,50", "0.50"),
        ("€ 25", "25.00"),
        ("25 EUR", "25.00"),
        ("\u221225,00", "-25.00"),
        ("1'250.00", "1250.00"),
    ],
)
def test_amounts_as_typed(typed: str, amount: str) -> None:
    """Whatever keyboard they use, people mean the same."""
    assert formats.parse_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "12,345,6",
        "1.25.000",
        "0,125",
        "12,3456",
        "1e5",
        "NaN",
        "Infinity",
        "12,",
        "--5",
        "1,2,3",
        "1.2500,00",
    ],
)
def test_what_is_no_amount(typed: str) -> None:
    """No guess, no rounding: a cent never disappears."""
    with pytest.raises(ValueError):
        formats.parse_money(typed)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from(formats.LANGUAGES))
def test_what_we_write_we_can_read(amount: Decimal, lang: str) -> None:
    """An amount copied from a page and pasted in a field is the same amount."""
    assert formats.parse_money(formats.money(amount, lang)) == amount


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(formats.LANGUAGES))
def test_counts_too(count: int, lang: str) -> None:
    """So is a number."""
    assert formats.parse_count(formats.number(count, lang)) == count


def test_half_a_share_is_no_count() -> None:
    """Shares are whole."""
    with pytest.raises(ValueError):
        formats.parse_count("2,5")


@pytest.mark.parametrize(
    "typed", ["31-12-2025", "31/12/2025", "31.12.2025", "31 12 2025", "31122025", "2025-12-31", " 31-12-2025 "]
)
def test_dates_as_typed(typed: str) -> None:
    """Day first, or ISO."""
    assert formats.parse_date(typed) == dt.date(2025, 12, 31)


@given(day=st.dates(min_value=dt.date(1000, 1, 1)), lang=st.sampled_from(formats.LANGUAGES))
def test_dates_as_a_page_writes_them(day: dt.date, lang: str) -> None:
    """What stands in a sentence can be pasted into a field, also typed with common blanks and capitals."""
    written = formats.date_long(day, lang)
    assert formats.parse_date(written) == day
    assert formats.parse_date(written.replace("\u00a0", " ").upper()) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "31 dec 2025",
        "31 vendémiaire 2025",
        "31 februari 2025",
        "december 2025",
        "31-02-2025",
        "12-31-2025",
        "31-12-25",
        "311225",
        "2025",
        "31-12-20255",
        "a-b-c",
    ],
)
def test_what_is_no_date(typed: str) -> None:
    """A century is never guessed."""
    with pytest.raises(ValueError):
        formats.parse_date(typed)


@given(st.dates())
def test_dates_come_back(day: dt.date) -> None:
    """What we write in a field, the field reads."""
    assert formats.parse_date(formats.date_short(day, "nl")) == day


def test_facts_of_a_sentence() -> None:
    """A refusal names its date and amount as the page around it writes them; a number stays what it is."""
    assert formats.fact(dt.date(2024, 5, 1), "fr") == "1er mai 2024".replace(" ", formats.NBSP)
    assert formats.fact(Decimal("1250"), "nl") == f"€{formats.NBSP}1.250,00"
    assert formats.fact(Decimal("25.005"), "en") == "€25.005"
    assert formats.fact(1250, "nl") == 1250
    assert formats.fact("A", "nl") == "A"
