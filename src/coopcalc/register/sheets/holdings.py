"""A row that tells shares of several classes, each in a column of its own."""

from dataclasses import replace
from decimal import Decimal

from .cells import fold, read_count, read_money
from .columns import Field, key_of
from .grid import Row, is_blank
from .plan import ZERO
from .reading import NO, YES, Draft, Reader

Holding = tuple[str, int, Decimal | None, Decimal | None]


def read_drafts(reader: Reader, row: Row) -> list[Draft]:
    """Read a row as one draft, or as one for each class that it tells shares of in a column of its own."""
    first = reader.draft(row)
    if not reader.codes:
        return [first]
    held = read_holdings(reader, row)
    return [replace(first, share_class=c, shares=n, amount=a, paid=p) for c, n, a, p in held] or [first]


def read_holdings(reader: Reader, row: Row) -> list[Holding]:
    """Return class, shares, amount per share and what is paid for each class that a row tells shares of."""
    held: list[tuple[str, int, Decimal]] = []
    for code in reader.codes:
        reader.check_class(row, code, key_of(Field.SHARES, code))
        shares = reader.read(row, Field.SHARES, read_count, code)
        if shares is not None and shares < 0:
            text = reader.text(row, Field.SHARES, code)
            reader.notes.doubt(row.line, "count_impossible", key_of(Field.SHARES, code), text)
        elif shares:
            amount = _amount(reader, row, code)
            if amount is not None:
                held.append((code, shares, amount))
    _check_total(reader, row, held)
    paid = _paid(reader, row, held)
    return [(code, shares, amount, paid[code]) for code, shares, amount in held]


def _amount(reader: Reader, row: Row, code: str) -> Decimal | None:
    """Return the amount per share of a class: from its column, that of all classes, or the class; else a doubt."""
    before = len(reader.notes.doubts)
    found, key = None, key_of(Field.AMOUNT, code)
    for share_class in (code, ""):
        if found is None:
            found = reader.read(row, Field.AMOUNT, lambda cell: read_money(cell, places=4), share_class)
    if len(reader.notes.doubts) > before:
        return None
    if found is None:
        found = reader.setting.prices.get(code, reader.setting.amount)
    if found is None:
        reader.notes.doubt(row.line, "amount_missing", key)
    elif found <= 0:
        reader.notes.doubt(row.line, "amount_impossible", key, reader.text(row, Field.AMOUNT, code))
        return None
    return found


def _check_total(reader: Reader, row: Row, held: list[tuple[str, int, Decimal]]) -> None:
    total = reader.read(row, Field.TOTAL, read_money)
    asked = sum((shares * amount for _code, shares, amount in held), ZERO)
    if held and total and total != asked:
        code = held[0][0]
        reader.notes.doubt(
            row.line,
            "total_differs",
            key_of(Field.SHARES, code),
            reader.text(row, Field.SHARES, code),
            answers=("keep",),
            total=total,
            asked=asked.quantize(Decimal("0.01")),
        )


def _paid(reader: Reader, row: Row, held: list[tuple[str, int, Decimal]]) -> dict[str, Decimal | None]:
    """Return what is paid per class: from its column; what one column tells of all goes to the classes without."""
    found: dict[str, Decimal | None] = {}
    asks = {code: (shares * amount).quantize(Decimal("0.01")) for code, shares, amount in held}
    for code, asked in asks.items():
        key = key_of(Field.PAID, code)
        mend = reader.setting.mends.get(row.line)
        if (Field.PAID, code) in reader.class_places or (mend is not None and key in mend.values):
            found[code] = _told(reader, row, code, asked)
    left = [code for code in asks if code not in found]
    if Field.PAID not in reader.places:
        return {code: found.get(code) for code in asks}
    if left:
        found |= _shared(
            reader, row, {code: asks[code] for code in left}, sum((paid or ZERO for paid in found.values()), ZERO)
        )
    return found


def _told(reader: Reader, row: Row, code: str, asked: Decimal) -> Decimal | None:
    text = fold(reader.text(row, Field.PAID, code))
    if text in YES or text in NO:
        return asked if text in YES else ZERO
    paid = reader.read(row, Field.PAID, read_money, code) or ZERO
    key = key_of(Field.PAID, code)
    if paid < 0:
        reader.notes.doubt(row.line, "amount_impossible", key, reader.text(row, Field.PAID, code))
        return ZERO
    if paid > asked:
        reader.notes.doubt(row.line, "paid_too_much", key, reader.text(row, Field.PAID, code), paid=paid, asked=asked)
    if is_blank(reader.cell(row, Field.PAID, code)):
        reader.notes.notes["paid_empty"] += 1
    return paid


def _shared(reader: Reader, row: Row, asks: dict[str, Decimal], before: Decimal) -> dict[str, Decimal | None]:
    """Share out what one column says is paid for all classes: all of it, nothing, or all to the only class there is."""
    text = fold(reader.text(row, Field.PAID))
    everything, nothing = dict[str, Decimal | None](asks), dict[str, Decimal | None](dict.fromkeys(asks, ZERO))
    if text in YES or text in NO:
        return everything if text in YES else nothing
    found = reader.read(row, Field.PAID, read_money) or ZERO
    rest, asked = found - before, sum(asks.values(), ZERO)
    if rest == asked:
        return everything
    if rest == 0:
        return nothing
    code = next(iter(asks))
    told = reader.text(row, Field.PAID)
    if rest < 0 or rest > asked:
        reader.notes.doubt(row.line, "paid_too_much", Field.PAID.value, told, paid=found, asked=asked + before)
    elif len(asks) > 1:
        reader.notes.doubt(row.line, "paid_which_class", key_of(Field.PAID, code), "", paid=rest, share_class=code)
    else:
        return {code: rest}
    return nothing
