"""Claims: money to come in or to be paid, each with a communication of its own."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from decimal import Decimal

from coopcalc.references import make_communication
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import Claim, Communication
from ..queries import ClaimFacts
from ..states import ClaimKind, ClaimState, Direction

_TRIES = 20
MOST_AT_ONCE = 5000
LONGEST_PAYER = 200


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAsked:
    """Ask for a claim: what for, whose, how much, until when.

    `iban` and `holder` are those of whom it is paid to; for money to come in they may be left out, and are then those
    of the main account. `account_code` names the ledger's account for a claim of the kind `other`, `payer` somebody
    else who said that they would pay.
    """

    kind: ClaimKind
    amount: Decimal
    source_kind: str = ""
    source_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    due_on: dt.date | None = None
    direction: Direction = Direction.IN
    iban: str = ""
    holder: str = ""
    account_code: str = ""
    payer: str = ""


@action(verb="payments.claim_opened")
def open_claim(
    *,
    coop_id: uuid.UUID,
    party_id: uuid.UUID | None = None,
    kind: str,
    source_kind: str = "",
    source_id: uuid.UUID | None = None,
    amount: Decimal,
    due_on: dt.date | None = None,
    direction: str = "in",
    iban: str = "",
    holder: str = "",
    account_code: str = "",
    payer: str = "",
    actor: Actor,
    now: dt.datetime,
) -> ClaimFacts:
    """Ask for money, or say that the co-operative is to pay it; return the claim with its communication.

    Raises Refused for an amount that can't be, and an account that can't be paid to.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    asked = ClaimAsked(
        kind=_kind(kind),
        amount=amount,
        source_kind=source_kind,
        source_id=source_id,
        party_id=party_id,
        due_on=due_on,
        direction=_direction(direction),
        iban=iban,
        holder=holder,
        account_code=account_code,
        payer=payer,
    )
    row = _drafted(coop_id, asked, now)
    row.digits = new_digits(coop_id)
    row.save(force_insert=True)
    audit("claim", row.id, kind=row.kind, direction=row.direction, amount=row.amount, source=row.source_kind)
    return queries.claim_row(row)


@action(verb="payments.claims_opened")
def open_claims(*, coop_id: uuid.UUID, asked: Sequence[ClaimAsked], actor: Actor, now: dt.datetime) -> list[ClaimFacts]:
    """Ask for many amounts at once, all or none; return the claims in the same order."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    if not 0 < len(asked) <= MOST_AT_ONCE:
        raise Refused("payments.claims_count", most=MOST_AT_ONCE)
    rows = [_drafted(coop_id, one, now) for one in asked]
    given: set[str] = set()
    for row in rows:
        row.digits = new_digits(coop_id, given)
        given.add(row.digits)
    Claim.objects.bulk_create(rows, batch_size=1000)
    audit("coop", coop_id, claims=len(rows), amount=sum((row.amount for row in rows), Decimal(0)))
    return [queries.claim_row(row) for row in rows]


def _kind(text: str) -> ClaimKind:
    if text not in list(ClaimKind):
        raise Refused("payments.kind_unknown", path="kind")
    return ClaimKind(text)


def _direction(text: str) -> Direction:
    if text not in list(Direction):
        raise Refused("payments.kind_unknown", path="direction")
    return Direction(text)


def _drafted(coop_id: uuid.UUID, asked: ClaimAsked, now: dt.datetime) -> Claim:
    policies.fits_amount(asked.amount).require()
    iban, holder = asked.iban, " ".join(asked.holder.split())
    if asked.direction is Direction.OUT and iban:
        iban = policies.clean_account(iban)
    elif asked.direction is Direction.IN and not iban:
        main = queries.main_account(coop_id)
        iban, holder = (main.iban, main.holder) if main is not None else ("", "")
    return Claim(
        coop_id=coop_id,
        party_id=asked.party_id,
        kind=asked.kind.value,
        direction=asked.direction.value,
        source_kind=asked.source_kind,
        source_id=asked.source_id,
        account_code=asked.account_code,
        payer=" ".join(asked.payer.split())[:LONGEST_PAYER],
        amount=asked.amount.quantize(Decimal("0.01")),
        paid=Decimal(0),
        due_on=asked.due_on,
        state=ClaimState.OPEN.value,
        iban=iban,
        holder=holder[: policies.LONGEST_HOLDER],
        opened_at=now,
        touched_at=now,
    )


def new_digits(coop_id: uuid.UUID, given: set[str] | None = None) -> str:
    """Return a communication that nobody in the co-operative has: drawn, so that a mistyped one is seldom another's."""
    for _try in range(_TRIES):
        digits = make_communication(secrets.randbelow(10**10 - 1) + 1)
        if digits not in (given or ()) and not queries.is_taken(coop_id, digits):
            return digits
    raise AssertionError("no free communication was drawn")


def held_claim(coop_id: uuid.UUID, claim_id: uuid.UUID) -> Claim:
    """Lock a claim; raises Refused where there is none."""
    row = Claim.objects.select_for_update().filter(coop_id=coop_id, id=claim_id).first()
    if row is None:
        raise Refused("payments.claim_unknown")
    return row


def settle(row: Claim, now: dt.datetime) -> None:
    """Let a claim's state follow what is paid, and save what changed; one that lapsed stays so until it is paid."""
    today = civil_date(now)
    if row.paid >= row.amount and row.state != ClaimState.CANCELLED:
        if row.state != ClaimState.SETTLED:
            row.ended_on = today
        row.state = ClaimState.SETTLED.value
    elif row.state == ClaimState.SETTLED:
        row.state, row.ended_on = ClaimState.OPEN.value, None
    row.touched_at = now
    row.save(update_fields=["state", "paid", "amount", "due_on", "ended_on", "touched_at"])


@action(verb="payments.claim_changed")
def change_claim(
    *,
    coop_id: uuid.UUID,
    claim_id: uuid.UUID,
    amount: Decimal | None = None,
    due_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> ClaimFacts:
    """Ask for another amount, or by another day; what is None stays. Money that is too much now shows as `over`."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    row = held_claim(coop_id, claim_id)
    policies.may_change_claim(queries.claim_row(row)).require()
    if amount is not None:
        policies.fits_amount(amount).require()
        row.amount = amount.quantize(Decimal("0.01"))
    if due_on is not None:
        row.due_on = due_on
    settle(row, now)
    audit("claim", row.id, amount=row.amount, due=row.due_on, state=row.state)
    return queries.claim_row(row)


@action(verb="payments.claim_assigned")
def assign_claim(
    *, coop_id: uuid.UUID, claim_id: uuid.UUID, party_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Say whose claim it is, once it is known; that stays."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    row = held_claim(coop_id, claim_id)
    if row.party_id not in (None, party_id):
        raise Refused("payments.claim_of_other")
    row.party_id, row.touched_at = party_id, now
    row.save(update_fields=["party", "touched_at"])
    audit("claim", row.id, party=party_id)


@action(verb="payments.claim_lapsed")
def lapse_claim(*, coop_id: uuid.UUID, claim_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Ask for it no longer, because its day is over: what comes in later is still recognised."""
    _end(coop_id, claim_id, ClaimState.LAPSED, actor, now)


@action(verb="payments.claim_cancelled")
def cancel_claim(*, coop_id: uuid.UUID, claim_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Ask for it no longer, for it is no longer owed: what came in for it is to be given back."""
    _end(coop_id, claim_id, ClaimState.CANCELLED, actor, now)


def _end(coop_id: uuid.UUID, claim_id: uuid.UUID, state: ClaimState, actor: Actor, now: dt.datetime) -> None:
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    row = held_claim(coop_id, claim_id)
    if row.state == ClaimState.OPEN or (state is ClaimState.CANCELLED and row.state != ClaimState.CANCELLED):
        row.state, row.ended_on, row.touched_at = state.value, civil_date(now), now
        row.save(update_fields=["state", "ended_on", "touched_at"])
    audit("claim", row.id, state=row.state, paid=row.paid)


@action(verb="payments.claim_reopened")
def reopen_claim(
    *, coop_id: uuid.UUID, claim_id: uuid.UUID, due_on: dt.date | None = None, actor: Actor, now: dt.datetime
) -> ClaimFacts:
    """Ask for it again, under the same communication."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    row = held_claim(coop_id, claim_id)
    if row.state in (ClaimState.LAPSED, ClaimState.CANCELLED):
        row.state, row.ended_on = ClaimState.OPEN.value, None
    if due_on is not None:
        row.due_on = due_on
    settle(row, now)
    audit("claim", row.id, state=row.state, due=row.due_on)
    return queries.claim_row(row)


@action(verb="payments.payee_set")
def set_payee(
    *, coop_id: uuid.UUID, claim_id: uuid.UUID, iban: str, holder: str, actor: Actor, now: dt.datetime
) -> None:
    """Say to which account money is to be paid, and in whose name it stands."""
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    account, name = policies.clean_account(iban), policies.clean_holder(holder)
    row = held_claim(coop_id, claim_id)
    if row.direction != Direction.OUT or row.state != ClaimState.OPEN:
        raise Refused("payments.payee_stays")
    row.iban, row.holder, row.touched_at = account, name, now
    row.save(update_fields=["iban", "holder", "touched_at"])
    audit("claim", row.id)


@action(verb="payments.given_to_bank")
def note_given_to_bank(*, coop_id: uuid.UUID, claim_ids: Sequence[uuid.UUID], actor: Actor, now: dt.datetime) -> int:
    """Note of payments to be made that somebody gave them to the bank today, so that nobody does it twice."""
    today = civil_date(now)
    policies.may_keep_bank(actor, coop_id, today).require()
    rows = Claim.objects.select_for_update().filter(
        coop_id=coop_id, id__in=list(claim_ids), direction=Direction.OUT.value, state=ClaimState.OPEN.value
    )
    found = list(rows.order_by("id"))
    Claim.objects.filter(id__in=[row.id for row in found]).update(exported_on=today, touched_at=now)
    audit("coop", coop_id, payments=len(found), on=today)
    return len(found)


@action(verb="payments.communication_given")
def permanent_communication(*, coop_id: uuid.UUID, party_id: uuid.UUID, actor: Actor, now: dt.datetime) -> str:
    """Return the communication under which somebody pays for ever, and give them one where they have none.

    Who brought one from elsewhere keeps it: it stands in the register.
    """
    policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    known = queries.permanent_of(coop_id, [party_id]).get(party_id)
    if known is None:
        made, _new = Communication.objects.get_or_create(
            coop_id=coop_id, party_id=party_id, defaults={"digits": new_digits(coop_id)}
        )
        known = made.digits
    audit("party", party_id)
    return known
