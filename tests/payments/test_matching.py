"""What money was for: accepted, split, given back, undone; never netted, never erased."""

import uuid
from decimal import Decimal

import pytest

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.payments import actions, queries
from coopwerf.payments.states import ClaimState, EntryState, MatchKind
from tests.cast import Cast

from .bank import (
    balance,
    bring_entries,
    claim,
    claim_now,
    entry,
    open_bank,
    paid_with,
    told,
    waiting,
)
from .files import camt_entry

pytestmark = pytest.mark.django_db


def test_a_payment_is_accepted_and_undone(wolkenwerf: Cast) -> None:
    """The line carries the communication: accepted with its reasons; undone, everything is as before."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    (line,) = bring_entries(wolkenwerf, paid_with(asked))
    with tenant(wolkenwerf.id):
        (proposal,) = queries.proposals_for(wolkenwerf.id, line)
    assert proposal.is_certain
    assert proposal.claim.id == asked.id
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    assert (done.left_of_entry, done.left_of_claim) == (0, 0)
    assert entry(wolkenwerf, line.id).state is EntryState.MATCHED
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.SETTLED
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, "4891")) == (0, -250)
    with tenant(wolkenwerf.id):
        (match,) = queries.matches_of_entries(wolkenwerf.id, [line.id])[line.id]
    assert "communication_exact" in [reason.code for reason in match.reasons]
    undone = actions.undo_match(**told(wolkenwerf), match_id=match.id)
    assert not undone.moved
    assert entry(wolkenwerf, line.id).state is EntryState.OPEN
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.OPEN
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, "4891")) == (-250, 0)
