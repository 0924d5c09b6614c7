"""What money was for: accepted, split, given back, undone; never netted, never erased."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from coopwerf.kernel import happenings
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role
from coopwerf.payments import actions, queries
from coopwerf.payments.actions import SplitPart
from coopwerf.payments.happenings import MatchUndone, PaymentMatched, PaymentReturned
from coopwerf.payments.states import ClaimKind, ClaimState, EntryState, MatchKind
from coopwerf.register import queries as register
from tests.cast import NOW, TODAY, Cast

from .bank import (
    SAVINGS,
    balance,
    bring,
    bring_entries,
    claim,
    claim_now,
    entry,
    open_bank,
    paid_with,
    statement,
    told,
    waiting,
    written,
)
from .files import OURS, THEIRS, camt, camt_details, camt_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_of(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what packages above are told, as it is told."""
    heard: list[Any] = []
    for kind in (PaymentMatched, MatchUndone, PaymentReturned):
        listener = (1, "test", lambda event, *, actor, now: heard.append(event))
        monkeypatch.setitem(happenings._reactions, kind, [listener])
    return heard


def refusal(call: Any, **arguments: Any) -> str:
    """Call an action that refuses, and return the code; its sentence can be written."""
    with pytest.raises(Refused) as refused:
        call(**arguments)
    assert refused.value.message
    return refused.value.code


def matches(coop: Cast, entry_id: uuid.UUID) -> list[queries.MatchFacts]:
    """Return what stands of what was said of an entry."""
    with tenant(coop.id):
        return [one for one in queries.matches_of_entries(coop.id, [entry_id])[entry_id] if one.stands]


def all_is_well(coop: Cast) -> None:
    """See that ledger, entries and claims agree, and that the chain holds."""
    with tenant(coop.id):
        assert queries.unmatched(coop.id, TODAY) == -balance(coop, "499", TODAY)
        assert sum(one.open for one in queries.inbox_page(coop.id, limit=1000)) == queries.unmatched(coop.id, TODAY)
        assert queries.bank_balance(coop.id, TODAY) == balance(coop, "550", TODAY) + balance(coop, "551", TODAY)
        assert register.verify(coop.id).ok


def test_a_payment_is_accepted_and_undone(wolkenwerf: Cast, told_of: list[Any]) -> None:
    """The line carries the communication: accepted with its reasons; undone, everything is as before."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    (line,) = bring_entries(wolkenwerf, paid_with(asked))
    with tenant(wolkenwerf.id):
        (proposal,) = queries.proposals_for(wolkenwerf.id, line)
    assert (proposal.is_certain, proposal.claim.id) == (True, asked.id)
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    assert (done.left_of_entry, done.left_of_claim) == (0, 0)
    assert entry(wolkenwerf, line.id).state is EntryState.MATCHED
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.SETTLED
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, "4891")) == (0, -250)
    (match,) = matches(wolkenwerf, line.id)
    assert "communication_exact" in [reason.code for reason in match.reasons]
    assert match.score == proposal.score
    (event,) = told_of
    assert (event.amount, event.on, event.source_id) == (250, dt.date(2026, 11, 20), asked.source_id)
    undone = actions.undo_match(**told(wolkenwerf), match_id=match.id)
    assert (undone.moved, undone.on) == (False, dt.date(2026, 11, 20))
    assert entry(wolkenwerf, line.id).state is EntryState.OPEN
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.OPEN
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, "4891")) == (-250, 0)
    assert (told_of[1].undoes, told_of[1].amount) == (match.id, 250)
    assert refusal(actions.undo_match, **told(wolkenwerf), match_id=match.id) == "payments.undone_already"
    assert refusal(actions.undo_match, **told(wolkenwerf), match_id=told_of[1].match_id) == "payments.is_undoing"
    actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    all_is_well(wolkenwerf)


def test_a_part_is_paid_and_the_rest_later(wolkenwerf: Cast) -> None:
    """A hundred of two hundred and fifty: the claim stays open for the rest."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    first, second = bring_entries(wolkenwerf, paid_with(asked, "100.00"), paid_with(asked, "150.00", ref="REF2"))
    done = actions.accept(**told(wolkenwerf), entry_id=first.id, claim_id=asked.id)
    assert (done.left_of_entry, done.left_of_claim) == (0, 150)
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.OPEN
    actions.accept(**told(wolkenwerf), entry_id=second.id, claim_id=asked.id)
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.SETTLED
    all_is_well(wolkenwerf)


def test_too_much_waits_and_goes_back(wolkenwerf: Cast) -> None:
    """Three hundred for two hundred and fifty: fifty wait, go on the list of payments, and are paid back."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(asked, "300.00"))
    assert refusal(
        actions.accept, **told(wolkenwerf), entry_id=line.id, claim_id=asked.id, amount=Decimal("300.00")
    ) == ("payments.more_than_claim")
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    assert done.left_of_entry == 50
    assert entry(wolkenwerf, line.id).state is EntryState.PARTLY
    refund_id = actions.turn_to_refund(**told(wolkenwerf), entry_id=line.id)
    refund = claim_now(wolkenwerf, refund_id)
    assert (refund.amount, refund.iban, refund.holder) == (50, THEIRS, "Jana Peeters")
    assert (balance(wolkenwerf, "499"), balance(wolkenwerf, code_of(wolkenwerf, "refunds_due"))) == (0, -50)
    with tenant(wolkenwerf.id):
        assert [one.id for one in queries.payments_to_make(wolkenwerf.id)] == [refund_id]
    out = paid_with(refund, "50.00", side="DBIT", ref="OUT1", booked="2026-11-21")
    (paid,) = bring_entries(wolkenwerf, out, opening="400.00", number=2)
    with tenant(wolkenwerf.id):
        (proposal,) = queries.proposals_for(wolkenwerf.id, paid)
    assert (proposal.claim.id, proposal.is_certain) == (refund_id, True)
    actions.accept_certain(**told(wolkenwerf))
    assert claim_now(wolkenwerf, refund_id).state is ClaimState.SETTLED
    assert (balance(wolkenwerf, code_of(wolkenwerf, "refunds_due")), balance(wolkenwerf, "550")) == (0, 350)
    back = next(one for one in matches(wolkenwerf, line.id) if one.kind is MatchKind.REFUND)
    assert refusal(actions.undo_match, **told(wolkenwerf), match_id=back.id) == "payments.refund_paid"
    actions.undo(**told(wolkenwerf), entry_id=paid.id)
    actions.undo_match(**told(wolkenwerf), match_id=back.id)
    assert claim_now(wolkenwerf, refund_id).state is ClaimState.CANCELLED
    assert entry(wolkenwerf, line.id).open == 50
    all_is_well(wolkenwerf)


def test_a_line_is_split_over_claims_and_an_account(wolkenwerf: Cast) -> None:
    """Shares and something else are two claims: never taken together by themselves; all parts or none."""
    open_bank(wolkenwerf)
    shares = claim(wolkenwerf, person=wolkenwerf.director)
    other = claim(wolkenwerf, "40.00", wolkenwerf.director, kind="other")
    (line,) = bring_entries(wolkenwerf, paid_with(shares, "300.00"))
    gifts = code_of(wolkenwerf, "gifts")
    parts = [
        SplitPart(amount=Decimal("250.00"), claim_id=shares.id),
        SplitPart(amount=Decimal("40.00"), claim_id=other.id),
        SplitPart(amount=Decimal("20.00"), account_code=gifts),
    ]
    assert refusal(actions.split, **told(wolkenwerf), entry_id=line.id, parts=parts) == "payments.more_than_open"
    assert claim_now(wolkenwerf, shares.id).paid == 0
    parts[2] = SplitPart(amount=Decimal("10.00"), account_code=gifts)
    done = actions.split(**told(wolkenwerf), entry_id=line.id, parts=parts)
    assert (len(done.match_ids), done.left_of_entry) == (3, 0)
    assert (balance(wolkenwerf, "4891"), balance(wolkenwerf, gifts)) == (-250, -10)
    both = [SplitPart(amount=Decimal(1), claim_id=shares.id, account_code=gifts)]
    assert refusal(actions.split, **told(wolkenwerf), entry_id=line.id, parts=both) == "payments.part_for_what"
    undone = actions.undo(**told(wolkenwerf), entry_id=line.id)
    assert len(undone.match_ids) == 3
    assert refusal(actions.undo, **told(wolkenwerf), entry_id=line.id) == "payments.nothing_to_undo"
    all_is_well(wolkenwerf)


def code_of(coop: Cast, role: str) -> str:
    """Return the number of the ledger's account for something."""
    with tenant(coop.id):
        return books.accounts_of_role(coop.id, Role(role))[0].code


def test_bank_charges_go_to_their_account(wolkenwerf: Cast) -> None:
    """Booked to an account; one that follows the bank by itself is refused."""
    open_bank(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, camt_entry("12.10", side="DBIT", name="Bank"))
    costs = code_of(wolkenwerf, "bank_costs")
    for code, why in (("550", "payments.account_follows"), ("9999", "ledger.account_unknown")):
        assert refusal(actions.book_to_account, **told(wolkenwerf), entry_id=line.id, account_code=code) == why
    actions.book_to_account(**told(wolkenwerf), entry_id=line.id, account_code=costs)
    assert (balance(wolkenwerf, costs), balance(wolkenwerf, "499")) == (Decimal("12.10"), 0)
    all_is_well(wolkenwerf)


def test_money_between_our_own_accounts(wolkenwerf: Cast) -> None:
    """Both sides at once; undoing one undoes the other."""
    open_bank(wolkenwerf)
    open_bank(wolkenwerf, SAVINGS)
    out = camt_entry("60.00", side="DBIT", name="Wolkenwerf", iban=SAVINGS)
    into = camt_entry("60.00", name="Wolkenwerf", iban=OURS)
    bring(wolkenwerf, camt(statement(out), statement(into, account=SAVINGS, opening="0.00")))
    gone, come = sorted(waiting(wolkenwerf), key=lambda line: line.amount)
    with tenant(wolkenwerf.id):
        assert [one.id for one in queries.other_side_of(wolkenwerf.id, gone)] == [come.id]
    actions.book_internal(**told(wolkenwerf), entry_id=gone.id, other_entry_id=come.id)
    assert waiting(wolkenwerf) == []
    assert balance(wolkenwerf, "499") == 0
    actions.undo(**told(wolkenwerf), entry_id=come.id)
    assert len(waiting(wolkenwerf)) == 2
    assert refusal(actions.book_internal, **told(wolkenwerf), entry_id=gone.id, other_entry_id=gone.id) == (
        "payments.no_other_side"
    )
    actions.book_internal(**told(wolkenwerf), entry_id=gone.id)
    actions.book_internal(**told(wolkenwerf), entry_id=come.id)
    all_is_well(wolkenwerf)


def test_a_transfer_that_comes_back(wolkenwerf: Cast, told_of: list[Any]) -> None:
    """The refund's account is closed: the bank brings the money back, and it is owed again from that day."""
    open_bank(wolkenwerf)
    owed = claim(wolkenwerf, "50.00", kind="refund", direction="out", iban=THEIRS, holder="Jana Peeters")
    ledger.post(
        **told(wolkenwerf),
        postings=[ledger.Posting(on=dt.date(2026, 11, 2), rule="refund_due", amounts={"amount": Decimal(50)})],
    )
    (paid,) = bring_entries(wolkenwerf, paid_with(owed, "50.00", side="DBIT", booked="2026-11-03"), on="2026-11-03")
    actions.accept(**told(wolkenwerf), entry_id=paid.id, claim_id=owed.id)
    reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    back = camt_entry("50.00", transaction=reason, ref="BACK", booked="2026-11-10")
    (returned,) = bring_entries(wolkenwerf, back, opening="50.00", on="2026-11-10", number=2)
    with tenant(wolkenwerf.id):
        assert [one.id for one in queries.returned_by(wolkenwerf.id, returned)] == [paid.id]
    actions.note_return(**told(wolkenwerf), entry_id=returned.id, returned_entry_id=paid.id)
    assert claim_now(wolkenwerf, owed.id).state is ClaimState.OPEN
    assert waiting(wolkenwerf) == []
    for at, due in ((dt.date(2026, 11, 3), 0), (dt.date(2026, 11, 9), 0), (dt.date(2026, 11, 10), -50)):
        assert balance(wolkenwerf, code_of(wolkenwerf, "refunds_due"), at) == due
        with tenant(wolkenwerf.id):
            assert queries.unmatched(wolkenwerf.id, at) == -balance(wolkenwerf, "499", at) == 0
    assert [type(one) for one in told_of] == [PaymentMatched, MatchUndone, PaymentReturned]
    assert told_of[-1].return_code == "AC04"
    assert refusal(actions.note_return, **told(wolkenwerf), entry_id=returned.id, returned_entry_id=paid.id) == (
        "payments.explained_already"
    )
    actions.undo(**told(wolkenwerf), entry_id=returned.id)
    assert {line.id for line in waiting(wolkenwerf)} == {returned.id, paid.id}
    all_is_well(wolkenwerf)


def test_undone_after_the_period_was_closed(wolkenwerf: Cast) -> None:
    """October is closed: the undo is dated the first of November, and says so."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(asked, booked="2026-10-05"), on="2026-10-05")
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    ledger.close_period(**told(wolkenwerf), until=dt.date(2026, 10, 31))
    undone = actions.undo_match(**told(wolkenwerf), match_id=done.match_ids[0])
    assert (undone.on, undone.moved) == (dt.date(2026, 11, 1), True)
    assert balance(wolkenwerf, "4891", dt.date(2026, 10, 31)) == -250
    assert balance(wolkenwerf, "4891", dt.date(2026, 11, 1)) == 0
    with tenant(wolkenwerf.id):
        for at in (dt.date(2026, 10, 31), dt.date(2026, 11, 1)):
            assert queries.unmatched(wolkenwerf.id, at) == -balance(wolkenwerf, "499", at)


def test_what_is_certain_is_accepted_at_once(wolkenwerf: Cast) -> None:
    """Exact, by permanent communication, from free text; not: too much, mistyped, the second for one, lapsed."""
    open_bank(wolkenwerf)
    asked = [claim(wolkenwerf) for _ in range(7)]
    standing = claim(wolkenwerf, "25.00", wolkenwerf.director)
    act = told(wolkenwerf)
    forever = actions.permanent_communication(**act, party_id=wolkenwerf.director.party_id)
    actions.lapse_claim(**act, claim_id=asked[4].id)
    mistyped = asked[2].digits[:5] + str((int(asked[2].digits[5]) + 1) % 10) + asked[2].digits[6:]
    lines = bring_entries(
        wolkenwerf,
        paid_with(asked[0], ref="A"),
        paid_with(asked[1], "250.01", ref="B"),
        camt_entry("250.00", remittance=f"<Ustrd>{mistyped}</Ustrd>", ref="C"),
        camt_entry("250.00", remittance=written(asked[3]), ref="D"),
        paid_with(asked[4], ref="E"),
        paid_with(asked[5], ref="F"),
        paid_with(asked[5], ref="G"),
        camt_entry("25.00", remittance=f"<Ustrd>{forever}</Ustrd>", ref="H"),
    )
    with tenant(wolkenwerf.id):
        assert queries.count_certain(wolkenwerf.id) == 4
    only = actions.accept_certain(**act, entry_ids=[lines[0].id])
    assert len(only) == 1
    assert len(actions.accept_certain(**act)) == 3
    assert actions.accept_certain(**act) == []
    paid = [claim_now(wolkenwerf, one.id).paid for one in (*asked, standing)]
    assert paid == [250, 0, 0, 250, 0, 250, 0, 25]
    assert len(waiting(wolkenwerf)) == 4
    all_is_well(wolkenwerf)


def test_a_batch_is_accepted_payment_by_payment(wolkenwerf: Cast) -> None:
    """Two of three payments within one line carry a communication."""
    open_bank(wolkenwerf)
    first, second = claim(wolkenwerf, "50.00"), claim(wolkenwerf, "50.00")
    told_parts = "".join(
        f'<TxDtls><Amt Ccy="EUR">50.00</Amt><RltdPties><Dbtr><Nm>N{n}</Nm></Dbtr></RltdPties>'
        f"<RmtInf>{said}</RmtInf></TxDtls>"
        for n, said in enumerate((written(first), written(second), "<Ustrd>?</Ustrd>"))
    )
    (line,) = bring_entries(wolkenwerf, camt_entry("150.00", details=f"<NtryDtls>{told_parts}</NtryDtls>"))
    assert len(actions.accept_certain(**told(wolkenwerf))) == 2
    assert entry(wolkenwerf, line.id).open == 50
    assert [one.detail for one in matches(wolkenwerf, line.id)] == [1, 2]
    with tenant(wolkenwerf.id):
        assert queries.payers_of_claims(wolkenwerf.id, [first.id]) == {first.id: ["N0"]}
    assert (
        refusal(actions.accept, **told(wolkenwerf), entry_id=line.id, claim_id=first.id, detail=4)
        == "payments.detail_unknown"
    )
    all_is_well(wolkenwerf)


def test_an_account_is_known_from_matches_and_forgotten_with_them(wolkenwerf: Cast) -> None:
    """A parent paid for Dirk: next time the account speaks for him; undone, it is a stranger's again."""
    open_bank(wolkenwerf)
    director = wolkenwerf.director
    first = claim(wolkenwerf, person=director)
    (line,) = bring_entries(wolkenwerf, paid_with(first, name="Moeder Janssens"))
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=first.id)
    second = claim(wolkenwerf, "70.00", person=director)
    (later,) = bring_entries(
        wolkenwerf, camt_entry("70.00", name="Moeder Janssens", ref="R2", booked="2026-11-21"), opening="350.00"
    )
    with tenant(wolkenwerf.id):
        assert queries.known_accounts(wolkenwerf.id) == {director.party_id: [THEIRS]}
        (proposal,) = queries.proposals_for(wolkenwerf.id, later)
        assert queries.payer_of_claim(wolkenwerf.id, first.id) == (THEIRS, "Moeder Janssens")
    assert proposal.claim.id == second.id
    assert "iban_known" in [reason.code for reason in proposal.reasons]
    actions.undo_match(**told(wolkenwerf), match_id=done.match_ids[0])
    with tenant(wolkenwerf.id):
        assert queries.known_accounts(wolkenwerf.id) == {}
        assert "iban_known" not in [
            reason.code for one in queries.proposals_for(wolkenwerf.id, later) for reason in one.reasons
        ]


def test_what_cant_be_said_of_a_line(wolkenwerf: Cast) -> None:
    """The wrong way, twice, more than there is, of nothing, by somebody who looks on."""
    open_bank(wolkenwerf)
    asked, owed = claim(wolkenwerf), claim(wolkenwerf, kind="refund", direction="out")
    line, again = bring_entries(wolkenwerf, paid_with(asked), paid_with(asked, ref="R2"))
    act = told(wolkenwerf)
    assert refusal(actions.accept, **act, entry_id=line.id, claim_id=owed.id) == "payments.wrong_direction"
    assert refusal(actions.accept, **act, entry_id=line.id, claim_id=uuid.uuid4()) == "payments.claim_unknown"
    assert refusal(actions.accept, **act, entry_id=uuid.uuid4(), claim_id=asked.id) == "payments.entry_unknown"
    assert (
        refusal(actions.accept, **act, entry_id=line.id, claim_id=asked.id, amount=Decimal("-1.00"))
        == "payments.wrong_direction"
    )
    assert (
        refusal(actions.accept, **told(wolkenwerf, wolkenwerf.auditor.actor), entry_id=line.id, claim_id=asked.id)
        == "coops.lacks_power"
    )
    actions.accept(**act, entry_id=line.id, claim_id=asked.id)
    assert refusal(actions.accept, **act, entry_id=again.id, claim_id=asked.id) == "payments.claim_paid"
    assert refusal(actions.accept, **act, entry_id=line.id, claim_id=asked.id) == "payments.explained_already"
    assert refusal(actions.undo_match, **act, match_id=uuid.uuid4()) == "payments.match_unknown"


def test_claims_are_changed_lapse_and_come_back(wolkenwerf: Cast) -> None:
    """Less is asked after it was paid: too much shows. Lapsed, it is still recognised and can be paid."""
    open_bank(wolkenwerf)
    act = told(wolkenwerf)
    asked = claim(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(asked))
    actions.lapse_claim(**act, claim_id=asked.id)
    with tenant(wolkenwerf.id):
        (proposal,) = queries.proposals_for(wolkenwerf.id, line)
    assert (proposal.claim.id, proposal.is_certain) == (asked.id, False)
    actions.accept(**act, entry_id=line.id, claim_id=asked.id)
    assert claim_now(wolkenwerf, asked.id).state is ClaimState.SETTLED
    less = actions.change_claim(**act, claim_id=asked.id, amount=Decimal("200.00"))
    assert (less.state, less.over, less.open) == (ClaimState.SETTLED, 50, 0)
    more = actions.change_claim(**act, claim_id=asked.id, amount=Decimal("300.00"), due_on=dt.date(2027, 1, 1))
    assert (more.state, more.open, more.due_on) == (ClaimState.OPEN, 50, dt.date(2027, 1, 1))
    actions.cancel_claim(**act, claim_id=asked.id)
    assert refusal(actions.change_claim, **act, claim_id=asked.id) == "payments.claim_cancelled"
    assert actions.reopen_claim(**act, claim_id=asked.id).state is ClaimState.OPEN
    actions.assign_claim(**act, claim_id=asked.id, party_id=wolkenwerf.director.party_id)
    assert (
        refusal(actions.assign_claim, **act, claim_id=asked.id, party_id=wolkenwerf.chair.party_id)
        == "payments.claim_of_other"
    )
    for amount in ("0", "-1", "0.001", "1e20", "NaN"):
        assert (
            refusal(actions.open_claim, **act, kind="other", amount=Decimal(amount)) == "payments.amount_impossible"
        ), amount


def test_payments_to_make(wolkenwerf: Cast) -> None:
    """The one without an account gets one; given to the bank, it stays on the list until the bank shows it."""
    open_bank(wolkenwerf)
    act = told(wolkenwerf)
    owed = claim(wolkenwerf, "75.00", kind="refund", direction="out")
    with tenant(wolkenwerf.id):
        assert queries.sum_to_make(wolkenwerf.id) == (1, 75, 1)
    assert (
        refusal(actions.set_payee, **act, claim_id=owed.id, iban="BE71 0961", holder="Jana") == "payments.iban_length"
    )
    actions.set_payee(**act, claim_id=owed.id, iban="BE71 0961 2345 6769", holder="Jana Peeters")
    assert actions.note_given_to_bank(**act, claim_ids=[owed.id]) == 1
    now = claim_now(wolkenwerf, owed.id)
    assert (now.iban, now.holder, now.exported_on) == (THEIRS, "Jana Peeters", TODAY)
    with tenant(wolkenwerf.id):
        assert [one.id for one in queries.payments_to_make(wolkenwerf.id)] == [owed.id]
        assert queries.sum_to_make(wolkenwerf.id) == (1, 75, 0)


def test_a_permanent_communication_is_given_once(wolkenwerf: Cast) -> None:
    """The same again each time; many claims at once have each their own."""
    open_bank(wolkenwerf)
    act = told(wolkenwerf)
    party = wolkenwerf.chair.party_id
    digits = actions.permanent_communication(**act, party_id=party)
    assert digits == actions.permanent_communication(**act, party_id=party)
    asked = [actions.ClaimAsked(kind=ClaimKind.CAPITAL, amount=Decimal(25), party_id=party) for _ in range(200)]
    made = actions.open_claims(**act, asked=asked)
    assert len({one.digits for one in made} | {digits}) == 201
    with tenant(wolkenwerf.id):
        assert queries.permanent_of(wolkenwerf.id, [party]) == {party: digits}
        assert queries.is_taken(wolkenwerf.id, digits)
        assert len(queries.claims_of(wolkenwerf.id, party)) == 200


def test_what_waits_is_aged(wolkenwerf: Cast) -> None:
    """Three days, twenty days, half a year: each in its place, money in and out apart."""
    open_bank(wolkenwerf)
    days = {"2026-11-20": "10.00", "2026-11-03": "20.00", "2026-05-20": "40.00"}
    lines = [camt_entry(amount, booked=day, ref=day) for day, amount in days.items()]
    bring(wolkenwerf, camt(statement(*lines, camt_entry("5.00", side="DBIT", ref="x"), on="2026-05-20")))
    with tenant(wolkenwerf.id):
        found = queries.suspense(wolkenwerf.id, NOW.date())
    assert (found.count, found.total, found.oldest) == (4, 65, dt.date(2026, 5, 20))
    assert [(age.count, age.money_in, age.money_out) for age in found.ages] == [
        (2, 10, -5),
        (1, 20, 0),
        (0, 0, 0),
        (1, 40, 0),
    ]


def test_lines_are_found_by_what_people_know(wolkenwerf: Cast) -> None:
    """A name, an amount with a comma, a communication, an account."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    first, second = bring_entries(
        wolkenwerf,
        paid_with(asked, name="Zoë Maes"),
        camt_entry("1234.50", ref="R2", iban="NL20INGB0001234567"),
    )
    with tenant(wolkenwerf.id):
        for words, wanted in (
            ("zoë", [first.id]),
            ("1.234,50", [second.id]),
            (asked.digits, [first.id]),
            ("NL20INGB", [second.id]),
            ("aandelen", [second.id]),
            ("niemand", []),
        ):
            assert [one.id for one in queries.inbox_page(wolkenwerf.id, q=words)] == wanted, words
        page = queries.inbox_page(wolkenwerf.id, limit=1)
        assert [one.id for one in queries.inbox_page(wolkenwerf.id, after=page[0].id)] == [second.id]


def test_a_payment_within_a_line_is_explained_once(wolkenwerf: Cast) -> None:
    """Two payments of 100 in a line: the first can't pay two claims, nor more than it was; undone, it can again."""
    open_bank(wolkenwerf)
    first, second = claim(wolkenwerf, "100.00"), claim(wolkenwerf, "150.00")
    (line,) = bring_entries(wolkenwerf, camt_entry("200.00", details=camt_details("100.00", "100.00")))
    act = {**told(wolkenwerf), "entry_id": line.id}
    more = {**act, "claim_id": second.id, "detail": 1}
    assert refusal(actions.accept, **more, amount=Decimal(150)) == "payments.more_than_detail"
    (match_id,) = actions.accept(**act, claim_id=first.id, detail=1).match_ids
    assert refusal(actions.accept, **more) == "payments.detail_explained"
    actions.undo_match(**told(wolkenwerf), match_id=match_id)
    actions.accept(**more, amount=Decimal(60))
    parts = [SplitPart(amount=Decimal(30), claim_id=second.id, detail=1)] * 2
    assert refusal(actions.split, **act, parts=parts) == "payments.more_than_detail"
    actions.split(**act, parts=[parts[0], SplitPart(amount=Decimal(10), account_code="657", detail=1)])
    assert claim_now(wolkenwerf, second.id).paid == 90
    actions.accept(**act, claim_id=first.id, detail=2)
    assert entry(wolkenwerf, line.id).open == 0
    all_is_well(wolkenwerf)
