"""What subscriptions ask of payments and of the ledger, in one place."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from coopwerf.kernel.actor import SYSTEM
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as payment_queries

from ..models import Subscription, SubscriptionPayment

SOURCE = "capital.subscription"
PAID_TWICE = "capital.paid_twice"
"""What a claim comes from for money that went back to somebody who never had paid it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """Name a claim and its structured communication."""

    id: uuid.UUID
    digits: str


def open_for(row: Subscription, due_on: dt.date, *, iban: str, holder: str, now: dt.datetime) -> Opened:
    """Ask for what a subscription costs; as long as nobody confirmed it, the name that was typed says who would pay."""
    typed = "" if row.party_id else " ".join(filter(None, (row.told.get("given"), row.told.get("family"))))
    claim = payments.open_claim(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        party_id=row.party_id,
        kind="capital",
        source_kind=SOURCE,
        source_id=row.id,
        amount=row.amount,
        due_on=due_on,
        direction="in",
        iban=iban,
        holder=holder,
        payer=row.payer or typed,
    )
    return Opened(claim.id, claim.digits)


def forget_payers(coop_id: uuid.UUID, rows: Iterable[Subscription], *, now: dt.datetime) -> None:
    """Forget who said that they would pay for these."""
    found = [row.claim_id for row in rows if row.claim_id is not None]
    if found:
        payments.forget_payers(actor=SYSTEM, now=now, coop_id=coop_id, claim_ids=found)


def end(row: Subscription, *, has_lapsed: bool, now: dt.datetime) -> None:
    """Ask for it no longer: what comes in later is still recognised by its communication."""
    if row.claim_id is None:
        return
    if has_lapsed:
        payments.lapse_claim(actor=SYSTEM, now=now, coop_id=row.coop_id, claim_id=row.claim_id)
    else:
        payments.cancel_claim(actor=SYSTEM, now=now, coop_id=row.coop_id, claim_id=row.claim_id)


def resize(row: Subscription, *, now: dt.datetime) -> None:
    """Ask for what it costs now."""
    if row.claim_id is not None:
        payments.change_claim(actor=SYSTEM, now=now, coop_id=row.coop_id, claim_id=row.claim_id, amount=row.amount)


def pay_back(row: Subscription, payment: SubscriptionPayment, on: dt.date, *, now: dt.datetime) -> uuid.UUID:
    """Put a payment that came in on the list of payments to make, to the account it came from; return the claim."""
    iban, holder = payment_queries.payer_of_match(row.coop_id, payment.match_id)
    claim = payments.open_claim(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        party_id=row.party_id,
        kind="refund",
        source_kind=SOURCE,
        source_id=row.id,
        amount=payment.amount,
        due_on=on,
        direction="out",
        iban=iban,
        holder=holder,
    )
    return claim.id


def keep_back(row: Subscription, payment: SubscriptionPayment, on: dt.date, *, now: dt.datetime) -> None:
    """Owe a payment back no longer, for it never was theirs, or the bank took it back itself.

    What was paid back of it by then is asked for again: it is no payment for shares, and brings none.
    """
    claim = None if payment.refund_id is None else payment_queries.claim_facts(row.coop_id, payment.refund_id)
    if claim is None:
        return
    whose: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": row.coop_id}
    if claim.paid:
        payments.open_claim(
            **whose,
            party_id=row.party_id,
            kind="capital",
            source_kind=PAID_TWICE,
            source_id=row.id,
            amount=claim.paid,
            due_on=on,
        )
    if claim.open:
        if claim.paid:
            payments.change_claim(**whose, claim_id=claim.id, amount=claim.paid)
        else:
            payments.cancel_claim(**whose, claim_id=claim.id)
        post_refunds([(row, payment, -claim.open)], on, now=now)


def post_refunds(
    owed: Sequence[tuple[Subscription, SubscriptionPayment, Decimal]], on: dt.date, *, now: dt.datetime
) -> None:
    """Say in the ledger that money, received for shares that aren't issued, is owed to who paid it.

    Where the day of the decision is closed in the books, it is said on the first day that isn't.
    """
    coop_id = owed[0][0].coop_id
    if not books.is_open(coop_id):
        return
    day = books.day_for(coop_id, on)
    ledger.post(
        actor=SYSTEM,
        now=now,
        coop_id=coop_id,
        postings=[
            ledger.Posting(
                on=day,
                rule="refund_due",
                amounts={"amount": amount},
                source_kind=SOURCE,
                source_id=row.id,
                party_id=row.party_id,
                claim_id=payment.refund_id,
            )
            for row, payment, amount in owed
        ],
    )


def belongs_to(row: Subscription, *, now: dt.datetime) -> None:
    """Say whose claim it is, once it is known."""
    if row.claim_id is not None and row.party_id is not None:
        whose = {"coop_id": row.coop_id, "claim_id": row.claim_id, "party_id": row.party_id}
        payments.assign_claim(actor=SYSTEM, now=now, **whose)


def postpone(row: Subscription, *, now: dt.datetime) -> None:
    """Ask for it by a later day."""
    if row.claim_id is not None:
        payments.change_claim(actor=SYSTEM, now=now, coop_id=row.coop_id, claim_id=row.claim_id, due_on=row.due_on)


def reopen(row: Subscription, *, now: dt.datetime) -> None:
    """Ask for it again, under the same communication."""
    if row.claim_id is not None:
        whose = {"coop_id": row.coop_id, "claim_id": row.claim_id}
        payments.reopen_claim(actor=SYSTEM, now=now, **whose, due_on=row.due_on)
