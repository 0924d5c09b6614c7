"""What is owed, by whom, under which communication, and what has come of it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask
from coopwerf.people import queries as people
from coopwerf.register import queries as register

from ..models import Claim, Communication, Match
from ..states import ClaimKind, ClaimState, Direction, MatchKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """A claim: what for, whose, how much, and how far it is paid."""

    id: uuid.UUID
    party_id: uuid.UUID | None
    kind: ClaimKind
    direction: Direction
    source_kind: str
    source_id: uuid.UUID | None
    account_code: str
    amount: Decimal
    paid: Decimal
    due_on: dt.date | None
    digits: str
    state: ClaimState
    iban: str
    holder: str
    exported_on: dt.date | None
    opened_at: dt.datetime

    @property
    def open(self) -> Decimal:
        """Return what is still to be paid."""
        return max(self.amount - self.paid, ZERO)

    @property
    def over(self) -> Decimal:
        """Return what was paid too much: the amount became less after it was paid."""
        return max(self.paid - self.amount, ZERO)


_FIELDS = tuple(field.name for field in dataclasses.fields(ClaimFacts))


def claim_row(row: Claim) -> ClaimFacts:
    """Return a row as facts."""
    told = {name: getattr(row, name) for name in _FIELDS}
    told |= {
        "kind": ClaimKind(row.kind),
        "direction": Direction(row.direction),
        "state": ClaimState(row.state),
    }
    return ClaimFacts(**told)


def claim_facts(coop_id: uuid.UUID, claim_id: uuid.UUID) -> ClaimFacts | None:
    """Return a claim, or None."""
    row = Claim.objects.filter(coop_id=coop_id, id=claim_id).first()
    return None if row is None else claim_row(row)


def claims_with(coop_id: uuid.UUID, claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ClaimFacts]:
    """Return claims by their ids."""
    rows = Claim.objects.filter(coop_id=coop_id, id__in=set(claim_ids))
    return {row.id: claim_row(row) for row in rows}


def claims_of(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[ClaimFacts]:
    """Return what a party owes and is owed, the latest first."""
    rows = Claim.objects.filter(coop_id=coop_id, party_id=party_id).order_by("-id")
    return [claim_row(row) for row in rows]


def hold_claims(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> None:
    """Lock every claim of these parties until the end of the transaction: in actions, before the head of the chain."""
    list(Claim.objects.select_for_update().filter(coop_id=coop_id, party_id__in=set(party_ids)).order_by("id"))


def claims_of_parties(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> list[ClaimFacts]:
    """Return what these parties owe and are owed, the oldest first."""
    rows = Claim.objects.filter(coop_id=coop_id, party_id__in=set(party_ids)).order_by("id")
    return [claim_row(row) for row in rows]


def claims_page(
    coop_id: uuid.UUID,
    *,
    state: ClaimState | None = None,
    kind: ClaimKind | None = None,
    direction: Direction | None = None,
    party_id: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> list[ClaimFacts]:
    """Return what is owed, the latest first; `before` is the last one of the page before."""
    told = {"state": state, "kind": kind, "direction": direction, "party_id": party_id, "id__lt": before}
    rows = Claim.objects.filter(coop_id=coop_id, **{name: value for name, value in told.items() if value is not None})
    return [claim_row(row) for row in rows.order_by("-id")[:limit]]


def claims_by_source(coop_id: uuid.UUID, source_kind: str, source_id: uuid.UUID) -> list[ClaimFacts]:
    """Return the claims that come from something, the oldest first."""
    rows = Claim.objects.filter(coop_id=coop_id, source_kind=source_kind, source_id=source_id).order_by("id")
    return [claim_row(row) for row in rows]


def claim_by_source(coop_id: uuid.UUID, source_kind: str, source_id: uuid.UUID) -> ClaimFacts | None:
    """Return the latest claim for money to come in from something, or None."""
    found = claims_by_source(coop_id, source_kind, source_id)
    return next((one for one in reversed(found) if one.direction is Direction.IN), None)


def claim_by_digits(coop_id: uuid.UUID, digits: str) -> ClaimFacts | None:
    """Return the claim with a communication, or None."""
    row = Claim.objects.filter(coop_id=coop_id, digits=digits).first()
    return None if row is None else claim_row(row)


def find_claims(
    coop_id: uuid.UUID, words: str, *, direction: Direction, on: dt.date, limit: int = 30
) -> list[ClaimFacts]:
    """Return claims that can be paid by their communication, by the name of who owes them, or by an amount."""
    rows = Claim.objects.filter(coop_id=coop_id, direction=direction.value, paid__lt=F("amount"))
    text = words.strip()
    digits = "".join(sign for sign in text if sign.isdecimal())
    found: list[ClaimFacts] = []
    if len(digits) == 12:
        owners = permanent_owners(coop_id)
        named = rows.filter(digits=digits)
        if digits in owners:
            named = rows.filter(party_id=owners[digits])
        found = [claim_row(row) for row in named.order_by("due_on", "id")[:limit]]
    elif text:
        open_rows = rows.filter(state=ClaimState.OPEN)
        owing = set(open_rows.exclude(party=None).values_list("party_id", flat=True))
        known = [one.party_id for one in people.find_parties(text, at=on, among=owing, limit=limit)]
        matching = open_rows.filter(party_id__in=known) | open_rows.filter(holder__icontains=text)
        amount = _amount(text)
        if amount is not None:
            matching = matching | open_rows.filter(amount=amount)
        found = [claim_row(row) for row in matching.order_by("due_on", "id")[:limit]]
    return found


def _amount(text: str) -> Decimal | None:
    plain = text.replace(" ", "").replace("€", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if not plain.replace(".", "", 1).isdecimal() or len(plain) > 15:
        return None
    return Decimal(plain)


def payments_to_make(coop_id: uuid.UUID, *, limit: int = 200, after: uuid.UUID | None = None) -> list[ClaimFacts]:
    """Return what the co-operative is to pay: what is due first comes first, what has no day comes last.

    `after` is the last one of the page before.
    """
    rows = _to_make(coop_id).order_by(F("due_on").asc(nulls_last=True), "id")
    last = None if after is None else Claim.objects.filter(coop_id=coop_id, id=after).first()
    if last is not None:
        later = Q(due_on=last.due_on, id__gt=last.id)
        if last.due_on is not None:
            later |= Q(due_on__gt=last.due_on) | Q(due_on=None)
        rows = rows.filter(later)
    return [claim_row(row) for row in rows[:limit]]


def _to_make(coop_id: uuid.UUID) -> QuerySet[Claim]:
    return Claim.objects.filter(coop_id=coop_id, direction=Direction.OUT, state=ClaimState.OPEN, paid__lt=F("amount"))


def sum_to_make(coop_id: uuid.UUID) -> tuple[int, Decimal, int]:
    """Return how many payments are to be made, of how much, and how many lack an account."""
    rows = _to_make(coop_id).values_list("amount", "paid", "iban")
    told = list(rows)
    return len(told), sum((amount - paid for amount, paid, _iban in told), ZERO), sum(not iban for *_x, iban in told)


def count_open(coop_id: uuid.UUID, direction: Direction) -> int:
    """Return how many claims are open."""
    return Claim.objects.filter(coop_id=coop_id, direction=direction, state=ClaimState.OPEN).count()


def sum_open(coop_id: uuid.UUID, direction: Direction, kind: ClaimKind | None = None) -> Decimal:
    """Return what is still to be paid on open claims."""
    rows = Claim.objects.filter(coop_id=coop_id, direction=direction, state=ClaimState.OPEN)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return sum((amount - paid for amount, paid in rows.values_list("amount", "paid")), ZERO)


def permanent_owners(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID] | None = None) -> dict[str, uuid.UUID]:
    """Return whose the permanent communications are, by their digits; of everybody, or of some."""
    rows = Communication.objects.filter(coop_id=coop_id)
    if party_ids is not None:
        rows = rows.filter(party_id__in=party_ids)
    return dict(rows.values_list("digits", "party_id")) | register.communications(coop_id, party_ids)


def permanent_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the communication under which each of these parties pays for ever, where they have one."""
    return {party_id: digits for digits, party_id in permanent_owners(coop_id, party_ids).items()}


def is_taken(coop_id: uuid.UUID, digits: str) -> bool:
    """Tell whether a communication is somebody's, or some claim's, already."""
    found = ask(
        "SELECT EXISTS (SELECT 1 FROM payments_claim WHERE coop_id = %(coop)s AND digits = %(digits)s)"
        " OR EXISTS (SELECT 1 FROM payments_communication WHERE coop_id = %(coop)s AND digits = %(digits)s)",
        {"coop": coop_id, "digits": digits},
    )
    return bool(found[0][0]) or digits in register.communications_among(coop_id, [digits])


# Who paid


def taken_among(coop_id: uuid.UUID, digits: Collection[str]) -> frozenset[str]:
    """Return which of these communications are somebody's, or some claim's."""
    rows = ask(
        "SELECT digits FROM payments_claim WHERE coop_id = %(coop)s AND digits = ANY(%(digits)s)"
        " UNION SELECT digits FROM payments_communication WHERE coop_id = %(coop)s AND digits = ANY(%(digits)s)",
        {"coop": coop_id, "digits": list(digits)},
    )
    return frozenset(row[0] for row in rows) | register.communications_among(coop_id, digits)


def standing_matches(coop_id: uuid.UUID) -> QuerySet[Match]:
    """Return the matches that stand: neither undone nor undoing."""
    return Match.objects.filter(coop_id=coop_id, undoes=None, undone_by=None)


def payers_of_claims(coop_id: uuid.UUID, claim_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return under which names claims were paid, as the bank wrote them."""
    found: dict[uuid.UUID, dict[str, None]] = {}
    rows = standing_matches(coop_id).filter(claim_id__in=list(claim_ids), kind=MatchKind.CLAIM)
    for claim_id, name, details, detail in rows.order_by("id").values_list(
        "claim_id", "entry__words__name", "entry__words__details", "detail"
    ):
        if detail is not None and details and detail <= len(details):
            name = details[detail - 1].get("name", "")
        if name:
            found.setdefault(claim_id, {})[name] = None
    return {claim_id: list(names) for claim_id, names in found.items()}


def payer_of_claim(coop_id: uuid.UUID, claim_id: uuid.UUID) -> tuple[str, str]:
    """Return the account and the name from which a claim was paid last; empty where the bank told none."""
    return _payer(standing_matches(coop_id).filter(claim_id=claim_id, kind=MatchKind.CLAIM))


def payer_of_match(coop_id: uuid.UUID, match_id: uuid.UUID) -> tuple[str, str]:
    """Return the account and the name of who paid what a match is about; empty where the bank told none."""
    return _payer(Match.objects.filter(coop_id=coop_id, id=match_id))


def _payer(matches: QuerySet[Match]) -> tuple[str, str]:
    rows = matches.order_by("-id")
    for iban, name, details, detail in rows.values_list(
        "entry__words__iban", "entry__words__name", "entry__words__details", "detail"
    ):
        if detail is not None and details and detail <= len(details):
            iban, name = details[detail - 1].get("iban", ""), details[detail - 1].get("name", "")
        if iban or name:
            return iban or "", name or ""
    return "", ""


def known_accounts(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, list[str]]:
    """Return from which accounts was paid for each party before, as standing matches say."""
    rows = standing_matches(coop_id).filter(kind=MatchKind.CLAIM, amount__gt=0, claim__party__isnull=False)
    if party_ids is not None:
        rows = rows.filter(claim__party_id__in=party_ids)
    found: dict[uuid.UUID, dict[str, None]] = {}
    for party_id, iban, details, detail in rows.order_by("-id").values_list(
        "claim__party_id", "entry__words__iban", "entry__words__details", "detail"
    ):
        if detail is not None and details and detail <= len(details):
            iban = details[detail - 1].get("iban", "")
        if iban and party_id is not None:
            found.setdefault(party_id, {})[iban] = None
    return {party_id: list(ibans) for party_id, ibans in found.items()}
