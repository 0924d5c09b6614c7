"""What a member holds once a batch is written, and whether that can be so on every date."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from decimal import Decimal

from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import Movement
from .batch import Batch

LotKey = tuple[uuid.UUID, Decimal]
ZERO = Decimal("0.00")


@dataclasses.dataclass(slots=True)
class LotHistory:
    """All changes of one lot by date: shares and paid, end of day."""

    days: dict[dt.date, tuple[int, Decimal]] = dataclasses.field(default_factory=dict)

    def add(self, on: dt.date, quantity: int, paid: Decimal) -> None:
        """Add a change on a date."""
        shares, sofar = self.days.get(on, (0, ZERO))
        self.days[on] = (shares + quantity, sofar + paid)

    def upto(self, on: dt.date) -> tuple[int, Decimal]:
        """Return shares and paid at the end of a date."""
        before = [change for day, change in self.days.items() if day <= on]
        return sum(shares for shares, _p in before), sum((paid for _s, paid in before), ZERO)

    @property
    def shares(self) -> int:
        """Return the shares after all changes."""
        return sum(shares for shares, _paid in self.days.values())

    @property
    def paid(self) -> Decimal:
        """Return what is paid after all changes."""
        return sum((paid for _shares, paid in self.days.values()), ZERO)


def lots_of(batch: Batch, member_id: uuid.UUID) -> dict[LotKey, LotHistory]:
    """Return a member's lots with the batch's rows included."""
    lots: dict[LotKey, LotHistory] = defaultdict(LotHistory)
    written = Movement.objects.filter(coop_id=batch.coop_id, member_id=member_id).values_list(
        "share_class_id", "amount_per_share", "on", "quantity", "paid"
    )
    for share_class_id, amount, on, quantity, paid in written:
        lots[share_class_id, amount].add(on, quantity, paid)
    for row in batch.rows:
        if isinstance(row, Movement) and row.member_id == member_id:
            lots[row.share_class_id, row.amount_per_share].add(row.on, row.quantity, row.paid)
    return dict(lots)


def check_lots(batch: Batch, member_id: uuid.UUID) -> None:
    """Raise Refused where the batch would leave a member with fewer than no shares, or oddly paid ones, on any date.

    And where it would leave one with shares after the end of the membership.
    """
    for (_share_class_id, amount), history in lots_of(batch, member_id).items():
        shares, paid = 0, ZERO
        for on in sorted(history.days):
            quantity, change = history.days[on]
            shares, paid = shares + quantity, paid + change
            if shares < 0:
                raise Refused("register.not_enough_shares", on=on, held=shares - quantity, asked=-quantity)
            if paid < 0 or paid > shares * amount:
                raise Refused("register.paid_out_of_bounds", on=on, paid=paid, asked=(shares * amount).quantize(ZERO))
    check_end(batch, member_id)


def check_end(batch: Batch, member_id: uuid.UUID) -> None:
    """Raise Refused where the batch would leave shares to a member whose membership has an end by then."""
    span = queries.span(batch.coop_id, member_id)
    if span is not None and span.ended_on is not None and holds_on(batch, member_id, span.ended_on):
        raise Refused("register.member_ended_already", on=span.ended_on)


def holds_on(batch: Batch, member_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether a member holds shares, or has paid on some, at the end of a date."""
    return any(history.upto(on) != (0, ZERO) for history in lots_of(batch, member_id).values())


def last_day(batch: Batch, member_id: uuid.UUID) -> dt.date | None:
    """Return the date of a member's last movement that still stands, with the batch's rows included."""
    days = [row.on for row in batch.rows if isinstance(row, Movement) and row.member_id == member_id]
    _first, last = queries.movement_dates(batch.coop_id, member_id)
    return max([*days, *([] if last is None else [last])], default=None)


def check_within(batch: Batch, member_id: uuid.UUID, on: dt.date) -> None:
    """Raise Refused unless the member is one on that date."""
    span = queries.span(batch.coop_id, member_id)
    if span is None:
        raise Refused("register.member_unknown")
    if on < span.admitted_on:
        raise Refused("register.not_member_yet", on=on, admitted=span.admitted_on)
    if span.ended_on is not None and on >= span.ended_on:
        raise Refused("register.member_ended_already", on=span.ended_on)


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """Say from which lot shares are taken, and what is paid on them."""

    amount_per_share: Decimal
    paid: Decimal


def take(
    batch: Batch,
    *,
    member_id: uuid.UUID,
    terms: queries.Terms,
    quantity: int,
    on: dt.date,
    amount_per_share: Decimal | None,
    paid: Decimal | None,
) -> Taken:
    """Find the lot that so many shares come from, and what has been paid on them.

    Without `amount_per_share` there must be one lot only; without `paid` each share carries an equal part of
    what is paid, which must come to whole cents. Raises Refused otherwise.
    """
    if paid is not None:
        policies.fits_money(paid).require()
    lots = {
        amount: history.upto(on)
        for (share_class_id, amount), history in lots_of(batch, member_id).items()
        if share_class_id == terms.share_class_id and history.upto(on)[0] > 0
    }
    if amount_per_share is None:
        if len(lots) > 1:
            raise Refused("register.which_amount", amounts=", ".join(f"{a:.2f}" for a in sorted(lots)))
        amount_per_share = next(iter(lots), terms.nominal)
    held, settled = lots.get(amount_per_share, (0, ZERO))
    if held < quantity:
        raise Refused("register.not_enough_shares", on=on, held=held, asked=quantity)
    if paid is None:
        exact = settled * quantity / held
        paid = exact.quantize(Decimal("0.01"))
        if paid * held != settled * quantity:
            raise Refused("register.which_paid", paid=settled, held=held)
    return Taken(amount_per_share, paid)
