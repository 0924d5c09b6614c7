"""Sheets with a column of shares for each class, and perhaps one of what is paid: a holding for each."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.register import sheets
from coopcalc.register.sheets import Field, Mend
from coopcalc.register.sheets.columns import class_field
from tests.coopcalc.test_sheets import plan, read

GOLDEN = Path(__file__).parent / "golden" / "sheets-class-headers.txt"
EUROS = Decimal(25)


def examples() -> list[tuple[str, str, str]]:
    """Return headers with the field and class that people read in them."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")]
    return [(header, field, code) for header, field, code in rows]


@pytest.mark.parametrize(("header", "field", "code"), examples())
def test_headers(header: str, field: str, code: str) -> None:
    """“Aandelen A”, “B-aandelen”, “Parts catégorie B”, “A-shares”, “Gestort A”; and what only looks like it."""
    found = class_field(header)
    assert found == ((Field(field), code) if field else None)


def test_two_classes_are_two_holdings() -> None:
    """Each class with shares is a holding of the same member; a column of all shares is only their sum."""
    found = plan(
        read(
            "Nr;Naam;Aandelen A;Gestort A;Aandelen B;Gestort B;Totaal aandelen;Toetreding\n"
            "1;Maes, Anna;4;100;2;25;6;01/02/2019\n"
            "2;Okafor, Daniel;;;3;75;3;01/02/2019\n"
            "3;Peeters, Jana;;;;;0;01/02/2019\n"
            ";Totaal;4;100;5;100;9;\n"
        ),
        amount=EUROS,
        at=dt.date(2026, 10, 31),
        classes=CLASSES,
    )
    assert found.doubts == ()
    held = [[(m.share_class, m.quantity, m.paid) for m in member.moves] for member in found.members]
    assert held == [[("A", 4, 100), ("B", 2, 25)], [("B", 3, 75)], []]
    assert (found.sums.shares, found.sums.file_shares, found.sums.file_paid) == ({"A": 4, "B": 5}, 9, 200)
    assert found.sums.is_agreed


CLASSES = {2: "A", 3: "A", 4: "B", 5: "B"}


def test_a_guess_says_which_class() -> None:
    """The guess leaves the sum and the column of classes out."""
    sheet = read("Nr;Naam;Parts A;Parts B;Total parts;Libéré A\n1;Maes, Anna;4;2;6;100\n")
    found = sheets.guess(sheet)
    assert found.classes == {2: "A", 3: "B", 5: "A"}
    assert [found.columns.get(place) for place in range(2, 6)] == [Field.SHARES, Field.SHARES, None, Field.PAID]
    again = sheets.guess(sheet, remembered={"parts a": "shares:X", "total parts": ""})
    assert again.classes[2] == "X"


@pytest.mark.parametrize(
    ("paid", "booked"),
    [("150", [100, 50]), ("0", [0, 0]), ("ja", [100, 50]), ("", [0, 0])],
)
def test_one_column_says_what_is_paid_of_all(paid: str, booked: list[int]) -> None:
    """All of it, or nothing, is clear for both classes."""
    found = shared(paid)
    assert found.doubts == ()
    assert [move.paid for move in found.members[0].moves] == booked


def test_a_part_of_it_is_asked_for() -> None:
    """What is paid in part may be on either class: said for one, the rest is the other's."""
    found = shared("80")
    assert [(doubt.code, doubt.field) for doubt in found.doubts] == [("paid_which_class", "paid:A")]
    mended = shared("80", mends={2: Mend(values={"paid:A": "60"})})
    assert [move.paid for move in mended.members[0].moves] == [60, 20]
    assert [doubt.code for doubt in shared("151").doubts] == ["paid_too_much"]


def shared(paid: str, **changes: object) -> sheets.Plan:
    """Plan four A and two B of 25 euro with one column of what is paid."""
    sheet = read(f"Nr;Naam;Aandelen A;Aandelen B;Gestort\n1;Maes, Anna;4;2;{paid}\n")
    return plan(sheet, amount=EUROS, classes={2: "A", 3: "B"}, **changes)


@pytest.mark.parametrize(
    ("cell", "code"), [("2,5", "count_broken"), ("-2", "count_impossible"), ("veel", "count_unreadable")]
)
def test_a_doubt_names_the_class(cell: str, code: str) -> None:
    """What can't be is doubtful in the column of its class, and mended there."""
    sheet = read(f"Nr;Naam;Aandelen A;Aandelen B\n1;Maes, Anna;4;{cell}\n")
    (doubt,) = plan(sheet, amount=EUROS, classes={2: "A", 3: "B"}).doubts
    assert (doubt.code, doubt.field) == (code, "shares:B")
    mended = plan(sheet, amount=EUROS, classes={2: "A", 3: "B"}, mends={2: Mend(values={"shares:B": "3"})})
    assert mended.sums.shares == {"A": 4, "B": 3}


counts = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=8)


@given(held=counts, heads=st.sampled_from([("Aandelen {}", "Gestort {}"), ("{}-shares", "Paid {}"), ("Parts {}", "")]))
@settings(max_examples=150, deadline=None)
def test_columns_per_class_say_the_same_as_rows_per_class(
    held: list[tuple[int, int, int]], heads: tuple[str, str]
) -> None:
    """Unfolded, such a sheet books what a sheet with a row for each class would."""
    codes = "ABC"
    names = [head.format(code) for code in codes for head in heads if head]
    wide, long = [";".join(["Nr", "Naam", *names])], ["Nr;Naam;Klasse;Aandelen;Gestort"]
    for number, shares in enumerate(held, 1):
        cells = [str(cell) for count in shares for cell in ((count, count * 10) if heads[1] else (count,))]
        wide.append(";".join([str(number), f"Maes, Anna {number}", *cells]))
        for code, count in zip(codes, shares, strict=True):
            paid = count * 10 if heads[1] else count * 25
            long.append(f"{number};Maes, Anna {number};{code};{count};{paid}")
    sheet = read("\n".join(wide))
    one = plan(sheet, amount=EUROS, classes=sheets.guess(sheet).classes)
    other = plan(read("\n".join(long)), amount=EUROS)
    assert one.doubts == other.doubts == ()
    assert one.sums.shares == other.sums.shares
    assert one.sums.paid == other.sums.paid
    for left, right in zip(one.members, other.members, strict=True):
        assert [(m.share_class, m.quantity, m.paid) for m in left.moves] == [
            (m.share_class, m.quantity, m.paid) for m in right.moves
        ]
