"""The register on a date, as known at a position."""

import datetime as dt
from decimal import Decimal
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc import register
from coopcalc.register import table
from tests.coopcalc.registers import Book, day


def shown(reading: register.Register) -> list[tuple[str, ...]]:
    """Give number, class, shares, amount per share and paid of each row."""
    return [(row[0], *row[5:9]) for row in table.rows(reading)]


def test_shares_are_held_from_the_date_that_they_were_issued_on() -> None:
    book = Book()
    a = book.share_class("A")
    anna = book.admit(1, "2020-03-01")
    book.move(anna, a, "issue", 4, "40.00", "2020-03-01")
    book.move(anna, a, "payment", 0, "60.00", "2021-05-01")
    assert list(table.rows(book.fold("2020-02-29"))) == []
    assert shown(book.fold("2020-03-01")) == [("1", "A", "4", "25.00", "40.00")]
    assert shown(book.fold("2021-05-01")) == [("1", "A", "4", "25.00", "100.00")]


def test_a_correction_changes_what_is_known_now_and_not_what_was_known_then() -> None:
    book = Book()
    a = book.share_class("A")
    anna = book.admit(1, "2020-03-01")
    wrong = book.move(anna, a, "issue", 40, "1000", "2020-03-01")
    before = len(book.links)
    book.move(anna, a, "correction", -40, "-1000", "2020-03-01", corrects=wrong)
    book.move(anna, a, "issue", 4, "100", "2020-03-01")
    assert shown(book.fold("2020-12-31", known=before)) == [("1", "A", "40", "25.00", "1000.00")]
    assert shown(book.fold("2020-12-31")) == [("1", "A", "4", "25.00", "100.00")]
    assert book.verify().ok


def test_shares_taken_at_another_amount_stay_apart() -> None:
    book = Book()
    a = book.share_class("A")
    anna = book.admit(1)
    book.move(anna, a, "issue", 2, "50", "2020-03-01")
    book.move(anna, a, "issue", 1, "10", "2021-03-01", amount="30.5")
    reading = book.fold("2021-12-31")
    assert shown(reading) == [("1", "A", "2", "25.00", "50.00"), ("1", "A", "1", "30.50", "10.00")]
    assert (reading.members, reading.shares, reading.paid) == (1, {"A": 3}, Decimal("60.00"))


def test_a_split_exchanges_old_shares_for_new_ones() -> None:
    book = Book()
    a = book.share_class("A", price="250")
    anna, pair = book.admit(1), "00000000-0000-4000-8000-00000000000a"
    book.move(anna, a, "issue", 2, "300", "2020-03-01", amount="250")
    book.move(anna, a, "split", -2, "-300", "2022-01-01", amount="250", pair=pair)
    book.move(anna, a, "split", 20, "300", "2022-01-01", amount="25", pair=pair)
    assert shown(book.fold("2021-12-31")) == [("1", "A", "2", "250.00", "300.00")]
    assert shown(book.fold("2022-01-01")) == [("1", "A", "20", "25.00", "300.00")]
    assert book.verify().ok


def test_a_leaver_stays_in_the_list_with_nothing_and_is_no_longer_counted() -> None:
    book = Book()
    a = book.share_class("A")
    anna = book.admit(7, "2020-03-01")
    book.move(anna, a, "issue", 1, "25", "2020-03-01")
    book.move(anna, a, "exit", -1, "-25", "2023-06-30")
    book.standing(anna, "ended", "2023-06-30")
    assert book.fold("2023-06-29").members == 1
    gone = book.fold("2023-06-30")
    assert (gone.members, gone.shares, gone.paid) == (0, {"A": 0}, Decimal("0.00"))
    assert [(row[0], *row[5:]) for row in table.rows(gone)] == [("7", "", "0", "", "0.00", "2020-03-01", "2023-06-30")]
    assert book.verify().ok


def test_who_comes_back_is_a_member_from_the_last_admission() -> None:
    book = Book()
    book.share_class()
    anna = book.admit(1, "2020-01-01")
    book.standing(anna, "ended", "2021-01-01")
    book.standing(anna, "admitted", "2022-01-01")
    (holder,) = book.fold("2022-06-01").holders
    assert (holder.admitted_on, holder.ended_on) == (day("2022-01-01"), None)
    assert book.verify().ok


def test_a_voided_ending_never_happened_for_those_who_know() -> None:
    book = Book()
    anna = book.admit(1, "2020-01-01")
    ended = book.standing(anna, "ended", "2021-01-01")
    before = len(book.links)
    book.standing(anna, "ended", "2021-01-01", voids=ended)
    assert book.fold("2022-01-01", known=before).members == 0
    assert book.fold("2022-01-01").members == 1
    assert book.verify().ok


def test_names_and_class_terms_are_those_of_the_date() -> None:
    book = Book()
    a = book.share_class("A", price="25", from_on="2010-01-01")
    book.share_class("B", price="50", from_on="2022-01-01", class_id=a)
    anna = book.admit(1, "2020-01-01", name="Anna Maes")
    party = book.rows().members[0].party
    domicile = {
        "street": "Rue du Lac",
        "number": "9",
        "box": "3",
        "postcode": "1050",
        "town": "Ixelles",
        "country": "BE",
    }
    book.particulars(party, "Anna De Smet", from_on="2024-05-01", domicile=domicile)
    book.move(anna, a, "issue", 1, "25", "2020-01-01")
    assert list(table.rows(book.fold("2021-12-31"))) == [
        ("1", "person", "Anna Maes", "Kerkstraat 1, 1000 Brussel, BE", "", "A", "1", "25.00", "25.00", "2020-01-01", "")
    ]
    row = next(table.rows(book.fold("2024-05-01")))
    assert row[2:6] == ("Anna De Smet", "Rue du Lac 9 / 3, 1050 Ixelles, BE", "", "B")


def test_members_without_shares_are_listed_by_number() -> None:
    book = Book()
    book.admit(10, name="Tien")
    book.admit(9, name="Negen")
    reading = book.fold("2026-01-01")
    assert [row[0] for row in table.rows(reading)] == ["9", "10"]
    assert (reading.members, reading.shares) == (2, {})


def test_no_cell_of_the_table_acts_as_a_formula() -> None:
    names = ["=cmd()", "+32", "-1", "@sum", "'quoted", "\tTab", "Ordinary"]
    written = StringIO()
    table.write_csv(written, [("1", "person", name, *[""] * 8) for name in names])
    lines = written.getvalue().split("\n")
    assert (
        lines[0] == "member_no,kind,name,domicile,enterprise_no,class,shares,amount_per_share,paid,admitted_on,ended_on"
    )
    assert [line.split(",")[2] for line in lines[1:-1]] == [
        "'=cmd()", "'+32", "'-1", "'@sum", "''quoted", "'\tTab", "Ordinary"
    ]  # fmt: skip
    assert [table.unguarded(table.guarded(name)) for name in names] == names


days = st.dates(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
steps = st.lists(st.tuples(st.integers(0, 3), days, st.integers(1, 9), st.integers(0, 25)), max_size=30)


@settings(max_examples=50)
@given(steps, days)
def test_the_sum_of_all_holdings_is_the_sum_of_all_movements(
    moves: list[tuple[int, dt.date, int, int]], at: dt.date
) -> None:
    book = Book()
    a = book.share_class("A")
    members = [book.admit(number) for number in range(1, 5)]
    for who, on, quantity, paid in moves:
        book.move(members[who], a, "issue", quantity, paid * quantity, on.isoformat())
    reading = book.fold(at.isoformat())
    counted = [(quantity, paid * quantity) for _who, on, quantity, paid in moves if on <= at]
    assert reading.shares == {"A": sum(quantity for quantity, _paid in counted)}
    assert reading.paid == sum(paid for _quantity, paid in counted)
    assert book.verify().ok
