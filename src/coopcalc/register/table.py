"""The register as a table: the same columns, order and spelling wherever it is shown or read back."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TextIO

from .bodies import amount_text, price_text
from .fold import Register

COLUMNS: Final = (
    "member_no",
    "kind",
    "name",
    "domicile",
    "enterprise_no",
    "class",
    "shares",
    "amount_per_share",
    "paid",
    "admitted_on",
    "ended_on",
)

Row = tuple[str, ...]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def short_price(value: Decimal) -> str:
    """Write an amount per share with two decimals, or with the three or four that it needs."""
    text = price_text(value)
    while text.endswith("0") and text[-3] != ".":
        text = text[:-1]
    return text


def domicile_text(domicile: Mapping[str, object]) -> str:
    """Write a domicile on one line: street number box, postcode town, country. What is missing leaves no trace."""

    def joined(*keys: str) -> str:
        return " ".join(str(domicile[key]) for key in keys if domicile.get(key))

    street = joined("street", "number")
    if domicile.get("box"):
        street = f"{street} / {domicile['box']}"
    parts = (street, joined("postcode", "town"), joined("country"))
    return ", ".join(part for part in parts if part)


def guarded(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula: with an apostrophe before it, where it would."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unguarded(text: str) -> str:
    """Read back what `guarded` wrote."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def rows(register: Register) -> Iterator[Row]:
    """Give the register's rows in the order of `COLUMNS`, sorted by member number, class and amount per share.

    A member without shares has one row with an empty class and amount per share.
    """
    for holder in register.holders:
        record = {} if holder.particulars is None or holder.particulars.record is None else holder.particulars.record
        domicile = record.get("domicile")
        first = (
            str(holder.member.number),
            holder.member.party_kind,
            str(record.get("name") or ""),
            domicile_text(domicile) if isinstance(domicile, Mapping) else "",
            str(record.get("enterprise_no") or ""),
        )
        last = (holder.admitted_on.isoformat(), "" if holder.ended_on is None else holder.ended_on.isoformat())
        for lot in holder.lots:
            money = (short_price(lot.amount_per_share), amount_text(lot.paid))
            yield (*first, lot.class_code, str(lot.shares), *money, *last)
        if not holder.lots:
            yield (*first, "", "0", "", "0.00", *last)


def write_csv(file: TextIO, table: Iterable[Row]) -> None:
    """Write rows below their header as CSV: commas, a line feed after each row, no cell that acts as a formula."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tuple(map(guarded, row)) for row in table)
