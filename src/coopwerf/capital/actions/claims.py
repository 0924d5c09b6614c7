"""What subscriptions ask of payments and of the ledger, in one place."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.money import ZERO
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.payments import actions as payments
from coopwerf.payments import policies as payment_policies
from coopwerf.payments import queries as payment_queries
from coopwerf.payments.queries import ClaimFacts
from coopwerf.payments.states import ClaimState

from ..models import Subscription, SubscriptionPayment
from ..states import ASKED_SOURCE

SOURCE = "capital.subscription"


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """Name a claim and its structured communication."""

    id: uuid.UUID
    digits: str


def open_for(row: Subscription, due_on: dt.date, *, iban: str, holder: str, now: dt.datetime) -> Opened:
    """Ask for what a subscription costs; as long as nobody confirmed it, the name that was typed says who would pay."""
    typed = "" if row.party_id else " ".join(filter(None, (row.told.get("given"), row.told.get("family"))))
    claim = _open(
        row,
        "capital",
        row.amount,
        now=now,
        direction="in",
        due_on=due_on,
        iban=iban,
        holder=holder,
        payer=row.payer or typed,
    )
    return Opened(claim.id, claim.digits)


def _open(row: Subscription, kind: str, amount: Decimal, *, now: dt.datetime, **terms: Any) -> ClaimFacts:
    """Open a claim about a subscription, of whoever it is, from it unless another source is told."""
    return payments.open_claim(
        actor=SYSTEM,
        now=now,
        coop_id=row.coop_id,
        party_id=row.party_id,
        kind=kind,
        source_id=row.id,
        amount=amount,
        **{"source_kind": SOURCE, **terms},
    )


def forget_payers(coop_id: uuid.UUID, rows: Iterable[Subscription], *, now: dt.datetime) -> None:
    """Forget who said that they would pay for these."""
    known = list(rows)
    asked = SubscriptionPayment.objects.filter(subscription__in=[row.id for row in known], asked_id__isnull=False)
    found = [row.claim_id for row in known if row.claim_id is not None]
    found += [claim_id for claim_id in asked.values_list("asked_id", flat=True) if claim_id is not None]
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


def pay_back(
    row: Subscription, payment: SubscriptionPayment, amount: Decimal, on: dt.date, *, now: dt.datetime
) -> uuid.UUID:
    """Put what came in with a payment on the list of payments to make, to the account it came from; return the claim.

    The ledger hears it by `post_refunds`.
    """
    account, holder = payment_queries.payer_of_match(row.coop_id, payment.match_id)
    return _open(
        row,
        "refund",
        amount,
        now=now,
        direction="out",
        due_on=on,
        iban=payment_policies.payable_account(account),
        holder=holder,
    ).id


def still_to_pay_back(coop_id: uuid.UUID, refund_id: uuid.UUID) -> Decimal:
    """Return what the bank hasn't paid yet of what is to be paid back."""
    claim = payment_queries.claim_facts(coop_id, refund_id)
    return claim.open if claim is not None and claim.state is ClaimState.OPEN else ZERO


def pay_back_less(row: Subscription, refund_id: uuid.UUID, amount: Decimal, on: dt.date, *, now: dt.datetime) -> None:
    """Owe so much less than was to be paid back, for it didn't come in after all; say so in the ledger."""
    _lower(row.coop_id, refund_id, amount, now=now)
    post_refunds([Refund(row, -amount, refund_id)], on, now=now)


def is_cancelled(coop_id: uuid.UUID, claim_id: uuid.UUID) -> bool:
    """Tell whether what a claim asked for isn't owed any more."""
    claim = payment_queries.claim_facts(coop_id, claim_id)
    return claim is not None and claim.state is ClaimState.CANCELLED


def pay_back_after_all(
    row: Subscription, refund_id: uuid.UUID, amount: Decimal, on: dt.date, *, now: dt.datetime
) -> None:
    """Take it that so much was to be paid back, for the bank paid it although it wasn't owed any more."""
    whose: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": row.coop_id, "claim_id": refund_id}
    claim = payments.reopen_claim(**whose)
    payments.change_claim(**whose, amount=claim.paid)
    post_refunds([Refund(row, amount, refund_id)], on, now=now)


def _lower(coop_id: uuid.UUID, claim_id: uuid.UUID, amount: Decimal, *, now: dt.datetime) -> None:
    claim = payment_queries.claim_facts(coop_id, claim_id)
    assert claim is not None
    whose: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop_id, "claim_id": claim_id}
    if claim.amount == amount:
        payments.cancel_claim(**whose)
    else:
        payments.change_claim(**whose, amount=claim.amount - amount)


def ask_back(row: Subscription, payment: SubscriptionPayment, amount: Decimal, *, now: dt.datetime) -> ClaimFacts:
    """Ask for what was paid back and had never come in; return the claim.

    It is money for shares that aren't issued, as what it replaces was: coming in, it fills the same gap in the ledger.
    """
    _account, holder = payment_queries.payer_of_match(row.coop_id, payment.match_id)
    return _open(
        row,
        "capital",
        amount,
        now=now,
        direction="in",
        source_kind=ASKED_SOURCE,
        iban=row.offer.iban,
        holder=row.offer.holder,
        payer=holder,
    )


def ask_less(row: Subscription, payment: SubscriptionPayment, amount: Decimal, *, now: dt.datetime) -> Decimal:
    """Ask who paid for so much less of what they were paid back in vain; return how much that was."""
    left = amount
    for one in of_same_payer(payment, SubscriptionPayment.objects.filter(subscription=row, asked_id__isnull=False)):
        assert one.asked_id is not None
        claim = payment_queries.claim_facts(row.coop_id, one.asked_id)
        part = min(left, claim.open) if claim is not None and claim.state is ClaimState.OPEN else ZERO
        if part > 0:
            _lower(row.coop_id, one.asked_id, part, now=now)
            left -= part
    return amount - left


def of_same_payer(payment: SubscriptionPayment, among: QuerySet[SubscriptionPayment]) -> list[SubscriptionPayment]:
    """Return which payments came from the account of this one: itself first, then the others in their order.

    Where the bank told no account, only what came by the same line of the bank is of the same payer.
    """
    account, line = _account_of(payment), _line_of(payment)
    rows = sorted(among.order_by("on", "id"), key=lambda one: one.id != payment.id)
    return [
        one
        for one in rows
        if one.id == payment.id or (account and _account_of(one) == account) or (line and _line_of(one) == line)
    ]


def _account_of(payment: SubscriptionPayment) -> str:
    account, _holder = payment_queries.payer_of_match(payment.coop_id, payment.match_id)
    return payment_policies.payable_account(account)


def _line_of(payment: SubscriptionPayment) -> tuple[uuid.UUID, int | None] | None:
    match = payment_queries.match_facts(payment.coop_id, payment.match_id)
    return None if match is None else (match.entry_id, match.detail)


@dataclasses.dataclass(frozen=True, slots=True)
class Refund:
    """Say what is owed to who paid it, and by which claim; below zero that it isn't any more."""

    row: Subscription
    amount: Decimal
    claim_id: uuid.UUID


def post_refunds(owed: Sequence[Refund], on: dt.date, *, now: dt.datetime) -> None:
    """Say in the ledger that money, received for shares that aren't issued, is owed to who paid it.

    Where the day of the decision is closed in the books, it is said on the first day that isn't.
    """
    coop_id = owed[0].row.coop_id
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
                amounts={"amount": one.amount},
                source_kind=SOURCE,
                source_id=one.row.id,
                party_id=one.row.party_id,
                claim_id=one.claim_id,
            )
            for one in owed
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
