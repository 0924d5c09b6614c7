"""What may be done with the bank and with claims, by whom, and with which reason not."""

import datetime as dt
import re
import uuid
from decimal import Decimal

from coopcalc.references import Refused as NoAccount
from coopcalc.references import clean_iban
from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.money import CENT, LARGEST
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict, allow, refuse

from .queries import ClaimFacts, EntryFacts, MatchFacts, over_of
from .sentences import OF_ACCOUNTS
from .states import LONGEST_WORDS, ClaimState, Direction, MatchKind

LONGEST_HOLDER = 140
_LOCAL = re.compile(r"[0-9][0-9/]{4,29}")


def may_see_bank(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may see what the bank says and what it was for."""
    return coops.may_do(actor, coop_id, Power.SEE_BOOKS, on)


def may_keep_bank(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may bring statements, say what money was for, and open claims."""
    return coops.may_do(actor, coop_id, Power.KEEP_BOOKS, on)


def fits_amount(amount: Decimal) -> Verdict:
    """Tell whether this can be an amount of money: above nothing, whole cents."""
    if not amount.is_finite() or not CENT <= amount <= LARGEST or amount != amount.quantize(CENT):
        return refuse("payments.amount_impossible", most=LARGEST)
    return allow()


def clean_account(iban: str) -> str:
    """Return an IBAN without spaces; raises Refused with what is wrong with it."""
    try:
        return clean_iban(iban)
    except NoAccount as problem:
        raise Refused(OF_ACCOUNTS[problem.code], path="iban", **problem.facts) from None


def payable_account(written: str) -> str:
    """Return an account as a bank wrote it if it can be paid to, else nothing."""
    try:
        return clean_iban(written)
    except NoAccount:
        return ""


def clean_own_account(number: str) -> str:
    """Return the number of an own account: an IBAN, or a local number as the bank's files write it."""
    plain = "".join(number.split()).upper()
    return plain if _LOCAL.fullmatch(plain) else clean_account(number)


def clean_holder(holder: str) -> str:
    """Return the name of an account's holder on one line; raises Refused where it is none."""
    clean = " ".join(holder.split())
    if not 0 < len(clean) <= LONGEST_HOLDER or not clean.isprintable():
        raise Refused("payments.holder_missing", path="holder")
    return clean


def clean_because(because: str) -> str:
    """Return why something is done, on one line; raises Refused where nothing is said."""
    clean = " ".join(because.split())
    if not 3 <= len(clean) <= LONGEST_WORDS or "\0" in clean:
        raise Refused("payments.because_missing", path="because")
    return clean


def fits_match(entry: EntryFacts, amount: Decimal) -> Verdict:
    """Tell whether so much of an entry can be said to be for something: it waits, and has the same sign."""
    if not entry.open:
        return refuse("payments.explained_already")
    if amount == 0 or (amount > 0) is not (entry.open > 0) or abs(amount) > abs(entry.open):
        return refuse("payments.more_than_open", open=abs(entry.open), amount=abs(amount))
    return allow()


def fits_claim(entry: EntryFacts, claim: ClaimFacts, amount: Decimal) -> Verdict:
    """Tell whether so much of an entry can pay a claim: the right way, and not more than is open of it."""
    if not entry.open:
        return refuse("payments.explained_already")
    if (claim.direction is Direction.IN) is not (amount > 0):
        return refuse("payments.wrong_direction")
    if not claim.open:
        return refuse("payments.claim_paid")
    if abs(amount) > claim.open:
        return refuse("payments.more_than_claim", open=claim.open, amount=abs(amount))
    return fits_match(entry, amount)


def may_ask(entry: EntryFacts, claim: ClaimFacts) -> Verdict:
    """Tell whether somebody can be asked about what a line brings more than their claim: it waits, and is theirs."""
    if entry.amount <= 0:
        return refuse("payments.nothing_came_in")
    if not entry.open:
        return refuse("payments.explained_already")
    if claim.direction is not Direction.IN or not over_of(entry, claim):
        return refuse("payments.nothing_over")
    if claim.party_id is None or len(entry.details) > 1:
        return refuse("payments.payer_unknown")
    return allow()


def fits_detail(left: Decimal, amount: Decimal) -> Verdict:
    """Tell whether so much (positive) is left of a payment within an entry."""
    if left <= 0:
        return refuse("payments.detail_explained")
    if amount > left:
        return refuse("payments.more_than_detail", open=left, amount=amount)
    return allow()


def may_undo(match: MatchFacts, made: ClaimFacts | None) -> Verdict:
    """Tell whether a match can be undone: once, and not while what it made was paid on."""
    if match.undoes is not None:
        return refuse("payments.is_undoing")
    if match.undone_by is not None:
        return refuse("payments.undone_already")
    if match.kind is MatchKind.REFUND and made is not None and made.paid:
        return refuse("payments.refund_paid", paid=made.paid)
    return allow()


def may_change_claim(claim: ClaimFacts) -> Verdict:
    """Tell whether a claim can still be changed: it isn't cancelled."""
    if claim.state is ClaimState.CANCELLED:
        return refuse("payments.claim_cancelled")
    return allow()
