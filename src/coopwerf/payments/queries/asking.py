"""What was asked of who paid too much, what they answered, and whether that still stands."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from coopwerf.kernel.money import ZERO
from coopwerf.kernel.tokens import token_hash

from ..models import Claim, Question
from ..states import Answer, ClaimState, Direction, MatchKind
from .claims import ClaimFacts, claim_row, claims_with
from .entries import EntryFacts, entry_row, matches_of_entries

MOST_CHOICES = 20


def over_of(entry: EntryFacts, claim: ClaimFacts) -> Decimal:
    """Return how much of what waits of an entry is more than a claim still asks."""
    return max(entry.open - claim.open, ZERO) if entry.open > 0 else ZERO


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts:
    """What was asked of a party about an entry and a claim, with the answer.

    `for_claim` is what they want it for; `iban` and `holder` say to where, before an answer from where it came.
    """

    id: uuid.UUID
    entry: EntryFacts
    claim: ClaimFacts
    party_id: uuid.UUID
    over: Decimal
    answer: Answer | None
    for_claim: ClaimFacts | None
    iban: str
    holder: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it stands: nobody closed it, and as much is over as when it was asked."""
        return self.closed_at is None and over_of(self.entry, self.claim) == self.over

    @property
    def is_stale(self) -> bool:
        """Tell whether the answer names something that was paid meanwhile."""
        return self.for_claim is not None and not self.for_claim.open


def _rows(coop_id: uuid.UUID) -> QuerySet[Question]:
    return Question.objects.filter(coop_id=coop_id).select_related("entry__words", "claim", "for_claim")


def _facts(row: Question) -> QuestionFacts:
    return QuestionFacts(
        id=row.id,
        entry=entry_row(row.entry),
        claim=claim_row(row.claim),
        party_id=row.party_id,
        over=row.over,
        answer=Answer(row.answer) if row.answer else None,
        for_claim=None if row.for_claim is None else claim_row(row.for_claim),
        iban=row.iban,
        holder=row.holder,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )


def questions_of(coop_id: uuid.UUID, entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, QuestionFacts]:
    """Return the questions that stand about entries, by entry."""
    found = (_facts(row) for row in _rows(coop_id).filter(entry_id__in=list(entry_ids), closed_at=None))
    return {one.entry.id: one for one in found if one.is_open}


def question_of(coop_id: uuid.UUID, entry_id: uuid.UUID) -> QuestionFacts | None:
    """Return the question that stands about an entry, or None."""
    return questions_of(coop_id, [entry_id]).get(entry_id)


def question_by_token(coop_id: uuid.UUID, token: str) -> QuestionFacts | None:
    """Return the question whose secret this is, whether or not it stands; or None."""
    row = _rows(coop_id).filter(token_hash=token_hash(token)).first()
    return None if row is None else _facts(row)


def question_choices(coop_id: uuid.UUID, question: QuestionFacts) -> list[ClaimFacts]:
    """Return what the party of a question still owes beside what it is about, what is due first comes first."""
    rows = Claim.objects.filter(
        coop_id=coop_id,
        party_id=question.party_id,
        direction=Direction.IN,
        state=ClaimState.OPEN,
        paid__lt=F("amount"),
    ).exclude(id=question.claim.id)
    return [claim_row(row) for row in rows.order_by(F("due_on").asc(nulls_last=True), "id")[:MOST_CHOICES]]


def refunds_of_entry(coop_id: uuid.UUID, entry_id: uuid.UUID) -> list[ClaimFacts]:
    """Return what was put on the list of payments to make from an entry, and stands."""
    matches = matches_of_entries(coop_id, [entry_id])[entry_id]
    ids = [one.claim_id for one in matches if one.stands and one.kind is MatchKind.REFUND and one.claim_id is not None]
    return list(claims_with(coop_id, ids).values()) if ids else []


def questions_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return what a party was asked about money that was too much, and answered, the oldest first."""
    rows = Question.objects.filter(coop_id=coop_id, party_id=party_id).order_by("id")
    fields = ("id", "asked_at", "over", "answer", "answered_at", "iban", "holder", "closed_at")
    return list(rows.values(*fields))
