"""What people and banks really write: accounts with spaces or wrong digits, 1.000,00, names that changed."""

import datetime as dt
import io
import uuid

import pytest

from coopcalc.references import format_communication
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role
from coopwerf.payments import actions, queries
from coopwerf.payments.queries import ProposalFacts
from coopwerf.people import actions as people
from coopwerf.register import actions as register
from coopwerf.register import queries as members
from coopwerf.register.actions import DecisionInput
from coopwerf.register.states import Ending
from tests.cast import NOW, TODAY, Cast, Person, make_person

from .bank import balance, bring, bring_entries, claim, claim_now, entry, open_bank, paid_with, statement, told, waiting
from .files import THEIRS, camt, camt_entry, coda_move, coda_statement, mt940

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 1)


def proposed(coop: Cast, line: queries.EntryFacts) -> ProposalFacts:
    """Return the first proposal for a line."""
    with tenant(coop.id):
        return queries.proposals_for(coop.id, line)[0]


# Accounts


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("BE71 0961 2345 6768", "payments.iban_check"),
        ("BE17 0961 2345 6769", "payments.iban_check"),
        ("BE71 0961 2345 676", "payments.iban_length"),
        ("XX71 0961 2345 6769", "payments.iban_country"),
        ("0961 2345 6769", "payments.iban_signs"),
        ("", "payments.iban_empty"),
    ],
)
def test_an_account_with_a_wrong_digit_is_refused(wolkenwerf: Cast, typed: str, code: str) -> None:
    """Swapped, forgotten, made up: the sentence says what to look at, and nothing changes."""
    open_bank(wolkenwerf)
    owed = claim(wolkenwerf, "75.00", kind="refund", direction="out")
    with pytest.raises(Refused) as refused:
        actions.set_payee(**told(wolkenwerf), claim_id=owed.id, iban=typed, holder="Jana Peeters")
    assert refused.value.code == code
    assert refused.value.message
    assert claim_now(wolkenwerf, owed.id).iban == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("be71 0961 2345 6769", THEIRS),
        (" BE71-0961-2345-6769 ", THEIRS),
        ("BE71\u00a00961\u00a02345\u00a06769", THEIRS),
        ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
    ],
)
def test_an_account_is_taken_as_people_write_it(wolkenwerf: Cast, typed: str, kept: str) -> None:
    """With spaces, in small letters, from abroad."""
    open_bank(wolkenwerf)
    owed = claim(wolkenwerf, "75.00", kind="refund", direction="out")
    actions.set_payee(**told(wolkenwerf), claim_id=owed.id, iban=typed, holder="Jana Peeters")
    assert claim_now(wolkenwerf, owed.id).iban == kept


def test_a_file_with_spaces_in_its_accounts(wolkenwerf: Cast) -> None:
    """Our account is recognised; theirs is known again when the next file writes it without spaces."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    spaced = statement(paid_with(asked, iban="BE71 0961 2345 6769"), account="be68 5390 0754 7034")
    assert bring(wolkenwerf, camt(spaced)).new == 1
    (line,) = waiting(wolkenwerf)
    actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    second = claim(wolkenwerf, "70.00", person=wolkenwerf.director)
    (later,) = bring_entries(
        wolkenwerf, camt_entry("70.00", name="?", ref="R2", booked="2026-11-21"), opening="350.00", number=2
    )
    found = proposed(wolkenwerf, later)
    assert found.claim.id == second.id
    assert "iban_known" in [reason.code for reason in found.reasons]


def test_money_from_an_account_with_wrong_digits_isnt_sent_back_there(wolkenwerf: Cast) -> None:
    """The line is booked as the bank tells it; giving it back asks for an account."""
    open_bank(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, camt_entry("20.00", iban="BE71096123456768"))
    refund = claim_now(wolkenwerf, actions.turn_to_refund(**told(wolkenwerf), entry_id=line.id))
    assert (refund.amount, refund.iban) == (20, "")
    with tenant(wolkenwerf.id):
        assert queries.sum_to_make(wolkenwerf.id) == (1, 20, 1)


# Amounts


@pytest.mark.parametrize("amount", ["1.000,00", "1000,00", "1 000.00", "-250.00x", "1e3", "NaN", "٢٥٠"])
def test_an_amount_as_people_write_it_is_none_in_a_file(wolkenwerf: Cast, amount: str) -> None:
    """A file is refused with the line, and nothing of it is booked: neither guessed, nor skipped."""
    open_bank(wolkenwerf)
    good, wrong = camt_entry("250.00"), camt_entry("@@", ref="R2").replace("@@", amount)
    file = camt(statement(good, number=1), statement(good, number=2).replace("</Stmt>", f"{wrong}</Stmt>"))
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, file)
    assert refused.value.code == "payments.no_amount"
    assert refused.value.line == 1
    assert refused.value.message
    assert waiting(wolkenwerf) == []
    assert balance(wolkenwerf, "499") == 0


@pytest.mark.parametrize(
    "content",
    [
        coda_statement([coda_move(1, "250.00")], closing="350.00").replace("0000000000250000", "000000001.000,00", 1),
        mt940(":61:2611201120C1.000,00NTRFNONREF", ":86:Jana"),
        mt940(":61:261120C250.00NTRFNONREF", ":86:Jana"),
        mt940(":61:2611201120C250,00NTRFNONREF", ":86:Jana", closing="1.350,00"),
    ],
)
def test_coda_and_mt940_refuse_other_amounts_too(wolkenwerf: Cast, content: str) -> None:
    """Signs between CODA's fifteen digits, a point in MT940, which has commas: no euro is booked for a thousand."""
    open_bank(wolkenwerf)
    open_bank(wolkenwerf, "NL20INGB0001234567")
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, content, name="x")
    assert refused.value.code in ("payments.no_amount", "payments.record_unreadable")
    assert refused.value.line
    assert refused.value.message
    assert waiting(wolkenwerf) == []


def test_a_treasurer_types_a_thousand(wolkenwerf: Cast) -> None:
    """1.000,00 in a Dutch page is a thousand euro, not one; the rest of the line keeps waiting."""
    open_bank(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, camt_entry("1250.00"))
    chantal = wolkenwerf.treasurer.browser()
    address = wolkenwerf.url(f"bank/lines/{line.id}/account/")
    with tenant(wolkenwerf.id):
        code = books.accounts_of_role(wolkenwerf.id, Role.GIFTS)[0].code
    for typed in ("1.000,00.0", "duizend", "0,00", "-1000", "1000,001"):
        answer = chantal.post(address, {"account": code, "amount": typed})
        assert answer.status_code in (200, 400, 422), typed
        assert entry(wolkenwerf, line.id).open == 1250, typed
    answer = chantal.post(address, {"account": code, "amount": "1.000,00"})
    assert answer.status_code == 302
    assert entry(wolkenwerf, line.id).open == 250
    assert balance(wolkenwerf, code) == -1000


def test_the_amount_of_a_payment_within_a_line_isnt_the_lines(wolkenwerf: Cast) -> None:
    """What the payer was told to send stands in another field; what came is what is booked."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    wrong = '<AmtDtls><InstdAmt><Amt Ccy="EUR">250.00</Amt></InstdAmt></AmtDtls>'
    (line,) = bring_entries(wolkenwerf, paid_with(asked, "25.00", transaction=wrong))
    assert line.amount == 25
    done = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    assert (done.left_of_entry, done.left_of_claim) == (0, 225)


# People


def _member(coop: Cast, given: str, family: str) -> tuple[Person, uuid.UUID]:
    one = make_person(given, family, email=f"{given}@changed.example".lower())
    act = {"actor": SYSTEM, "now": NOW, "coop_id": coop.id}
    board = DecisionInput(body="board", on=DAY, reference="B1")
    return one, register.record_admission(**act, party_id=one.party_id, on=DAY, decision=board).id


def test_who_married_moved_or_died_is_still_recognised(wolkenwerf: Cast) -> None:
    """The communication leads to the claim whatever became of its person, and so does the one that never changes.

    Under the new name and the old one, from the estate's account: each is certain, and accepted.
    """
    open_bank(wolkenwerf)
    (married, _an), (moved, _bo), (dead, member_id) = (
        _member(wolkenwerf, *name) for name in (("An", "Maes"), ("Bo", "Claes"), ("Cor", "Nijs"))
    )
    claims = [claim(wolkenwerf, "250.00", one) for one in (married, moved, dead)]
    standing = claim(wolkenwerf, "40.00", married)
    digits = actions.permanent_communication(**told(wolkenwerf), party_id=married.party_id)
    act = {"actor": married.actor, "now": NOW, "party_id": married.party_id}
    people.change_name(**act, family="Vandenbroucke", given="An", valid_from=TODAY)
    people.change_address(
        actor=moved.actor,
        now=NOW,
        party_id=moved.party_id,
        street="Rue Neuve",
        number="1",
        postcode="1000",
        town="Bruxelles",
        valid_from=TODAY,
    )
    register.record_ending(
        actor=SYSTEM,
        now=NOW,
        coop_id=wolkenwerf.id,
        member_id=member_id,
        reason=Ending.DEATH,
        on=TODAY,
        decision=DecisionInput(body="law", on=TODAY, reference="D1"),
    )
    lines = bring_entries(
        wolkenwerf,
        paid_with(claims[0], name="VANDENBROUCKE AN", ref="R1"),
        paid_with(claims[1], name="CLAES BO", ref="R2"),
        paid_with(claims[2], name="NALATENSCHAP NIJS", iban="BE43068999999501", ref="R3"),
        camt_entry("40.00", name="MAES AN", remittance=f"<Ustrd>{format_communication(digits)}</Ustrd>", ref="R4"),
    )
    for line, owed in zip(lines, [*claims, standing], strict=True):
        found = proposed(wolkenwerf, line)
        assert found.claim.id == owed.id
    for line, code in ((lines[0], "name_same"), (lines[3], "name_earlier")):
        assert code in [reason.code for reason in proposed(wolkenwerf, line).reasons]
    certain = [line for line in lines if proposed(wolkenwerf, line).is_certain]
    assert certain[:3] == lines[:3]
    accepted = actions.accept_certain(**told(wolkenwerf))
    assert len(accepted) == len(certain)
    assert [claim_now(wolkenwerf, one.id).paid for one in claims] == [250, 250, 250]
    with tenant(wolkenwerf.id):
        assert members.verify(wolkenwerf.id).ok


# Files


def test_a_file_that_is_a_page_of_the_bank(wolkenwerf: Cast) -> None:
    """What is downloaded after a session ended is a page in HTML: it says what to do, and books nothing."""
    open_bank(wolkenwerf)
    for content in (b"<!DOCTYPE html><html><body>Log in</body></html>", b"", b"\x00" * 64, b"PK\x03\x04zip"):
        with pytest.raises(Refused) as refused:
            actions.import_statements(**told(wolkenwerf), name="export.xml", file=io.BytesIO(content))
        assert refused.value.code.startswith("payments.")
        assert refused.value.message
    assert waiting(wolkenwerf) == []
    assert balance(wolkenwerf, "550") == 0
