"""The figures of register, ledger and bank on a date, and what stands behind each difference between them."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Final

from coopcalc.books import Check, CheckCode, Figures, PartyGap, Proof, Side, prove
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role
from coopwerf.payments import queries as payments
from coopwerf.payments.states import ClaimKind
from coopwerf.people import queries as people
from coopwerf.register import queries as register

MOST_BEHIND: Final = 20


@dataclasses.dataclass(frozen=True, slots=True)
class DayApart:
    """A day whose movements the register and the books tell differently: what each says was paid and not paid."""

    on: dt.date
    register_paid: Decimal
    register_unpaid: Decimal
    ledger_paid: Decimal
    ledger_unpaid: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class GapFacts:
    """Somebody of whom the register says that more was paid than the books have received for their shares.

    Of many who came into the books together, of a register that was imported, nobody is named.
    """

    party_id: uuid.UUID | None
    number: int | None
    name: str
    amount: Decimal


def proof(coop_id: uuid.UUID, at: dt.date) -> Proof:
    """Compare register, ledger and bank at the end of a day; raises Refused before the books begin.

    What is to be paid back, and what is due to who left, is compared as it stands by now: what was asked for before,
    and changed since, shows on every date.
    """
    begins = books.begins_on(coop_id)
    if begins is None:
        raise Refused("ledger.not_open")
    if at < begins:
        raise Refused("capital.proof_before_books", path="at", begins=begins)
    stands = books.balances(coop_id, at)
    contributed = register.contributed(coop_id, at)

    def on(role: Role) -> Decimal:
        return sum((one.balance for one in stands if one.account.role is role), ZERO)

    return prove(
        Figures(
            register_paid=contributed.paid,
            register_unpaid=contributed.unpaid,
            ledger_capital=-on(Role.CAPITAL),
            ledger_unpaid=on(Role.CAPITAL_UNPAID),
            banks=_banks(coop_id, at, {one.account.code: one for one in stands}),
            suspense=Side("", -on(Role.SUSPENSE), payments.unmatched(coop_id, at)),
            refunds=_due(coop_id, Role.REFUNDS_DUE, ClaimKind.REFUND, -on(Role.REFUNDS_DUE)),
            exits=_due(coop_id, Role.EXITS_DUE, ClaimKind.EXIT, -on(Role.EXITS_DUE)),
            gaps=_gaps(coop_id, at),
            open_claims=payments.owed(coop_id, at),
        )
    )


def _banks(coop_id: uuid.UUID, at: dt.date, stands: dict[str, books.AccountBalance]) -> tuple[Side, ...]:
    """Return each account of the bank by the number of its account in the books, with what the bank's statements say.

    One of the books that no bank tells of has nothing on the other side: whatever stands on it is a difference.
    """
    told: dict[str, Decimal] = defaultdict(Decimal)
    by_bank = payments.bank_balances(coop_id, at)
    for account in payments.accounts(coop_id):
        told[account.ledger_code] += by_bank.get(account.id, ZERO)
    for code, one in stands.items():
        if one.account.role is Role.BANK and one.balance:
            told.setdefault(code, ZERO)
    return tuple(Side(code, stands[code].balance if code in stands else ZERO, told[code]) for code in sorted(told))


def _due(coop_id: uuid.UUID, role: Role, kind: ClaimKind, then: Decimal) -> Side:
    """Return what is to be paid: `then` by the books, beside what the list of payments had if it is right by now.

    Claims keep no history of their own: what the books moved since is taken off what the list says today.
    """
    since = -books.balance_of_role(coop_id, role, dt.date.max) - then
    return Side("", then, payments.due(coop_id, kind) - since)


def _gaps(coop_id: uuid.UUID, at: dt.date) -> tuple[PartyGap, ...]:
    """Return of whom the register says more was paid than came in, by what the books received for each.

    Money that was matched before the person was known counts for whom its claim names by now, and for nobody as long
    as it names nobody. Money that somebody booked by hand as received, without a name, covers whoever comes first.
    """
    received = {party: -amount for party, amount in _received(coop_id, at).items()}
    unnamed = received.pop(None, ZERO)
    found = [PartyGap("", -unnamed)] if unnamed < 0 else []
    for party, amount in sorted(received.items(), key=lambda item: str(item[0])):
        if amount >= 0:
            continue
        lacking = -amount
        covered = max(min(unnamed, lacking), ZERO)
        unnamed -= covered
        if lacking > covered:
            found.append(PartyGap(str(party), lacking - covered))
    return tuple(found)


def received_from(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """Return what the books received for shares of these parties by now, less what was issued to them as paid."""
    role, ever = Role.SUBSCRIPTIONS_RECEIVED, dt.date.max
    found = dict.fromkeys(party_ids, ZERO)
    for party_id, amount in books.role_by_party(coop_id, role, ever, party_ids).items():
        if party_id is not None:
            found[party_id] -= amount
    theirs = {claim.id: claim.party_id for claim in payments.claims_of_parties(coop_id, party_ids)}
    for claim_id, amount in books.unnamed_by_claim(coop_id, role, ever, theirs).items():
        party_id = theirs.get(claim_id) if claim_id is not None else None
        if party_id is not None:
            found[party_id] -= amount
    return found


def _received(coop_id: uuid.UUID, at: dt.date) -> dict[uuid.UUID | None, Decimal]:
    by_party = defaultdict(Decimal, books.role_by_party(coop_id, Role.SUBSCRIPTIONS_RECEIVED, at))
    if by_party.get(None):
        early = {
            claim: amount
            for claim, amount in books.unnamed_by_claim(coop_id, Role.SUBSCRIPTIONS_RECEIVED, at).items()
            if claim is not None
        }
        by_party[None] -= sum(early.values(), ZERO)
        for claim_id, claim in payments.claims_with(coop_id, early).items():
            if claim.party_id is not None:
                by_party[claim.party_id] += early[claim_id]
    return by_party


def days_apart(coop_id: uuid.UUID, at: dt.date) -> list[DayApart]:
    """Return the days whose movements of shares register and books tell differently, the first ones first."""
    known = books.books(coop_id)
    assert known is not None
    days: dict[dt.date, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO, ZERO])
    before = register.contributed(coop_id, known.begins_on - dt.timedelta(days=1))
    first = days[known.begins_on]
    first[0], first[1] = before.paid, before.unpaid
    for one in register.moved_by_day(coop_id, known.begins_on):
        if one.on <= at:
            day = days[one.on]
            day[0] += one.paid
            day[1] += one.amount - one.paid
    for on, capital in books.role_by_day(coop_id, Role.CAPITAL, at).items():
        days[on][2] -= capital
    for on, unpaid in books.role_by_day(coop_id, Role.CAPITAL_UNPAID, at).items():
        days[on][2] -= unpaid
        days[on][3] += unpaid
    apart = [DayApart(on, *told) for on, told in sorted(days.items()) if (told[0], told[1]) != (told[2], told[3])]
    return apart[:MOST_BEHIND]


def gap_facts(coop_id: uuid.UUID, checks: list[Check], on: dt.date) -> list[GapFacts]:
    """Return who stands behind the shares that nobody paid by the books, the largest first."""
    wanted = sorted((check for check in checks if check.code is CheckCode.RECEIVED), key=lambda check: -check.other)[
        :MOST_BEHIND
    ]
    parties = [uuid.UUID(check.key) if check.key else None for check in wanted]
    there = [party_id for party_id in parties if party_id is not None]
    names = people.particulars(there, on)
    numbers = {one.party_id: one.number for one in register.memberships(coop_id, frozenset(there), on)}
    return [
        GapFacts(
            party_id=party_id,
            number=None if party_id is None else numbers.get(party_id),
            name="" if party_id is None or party_id not in names else names[party_id].spoken,
            amount=check.other,
        )
        for party_id, check in zip(parties, wanted, strict=True)
    ]
