"""Register, ledger and bank agree to the cent; where they don't, it is said by how much, and who stands behind it."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coopcalc.books import CheckCode, Proof
from coopwerf.capital import queries
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Role
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as bank
from coopwerf.payments.states import ClaimState, Direction
from coopwerf.register import actions as register
from coopwerf.register import queries as register_queries
from coopwerf.register.actions import Admitted
from tests.cast import NOW, TODAY, Cast
from tests.ledger.books import by_hand, open_books
from tests.payments.bank import bring_entries, open_bank, paid_with, told
from tests.payments.files import camt_entry
from tests.register.test_any_sequence import ACTS, AHEAD, DAYS, Act, Secretary
from tests.register.test_any_sequence import register as register_of_three
from tests.register.test_register import BOARD, admit, party, with_class

pytestmark = pytest.mark.django_db
__all__ = ["register_of_three", "with_class"]

AGREED = dt.date(2026, 11, 20)


def proof(coop: Cast, at: dt.date = TODAY) -> Proof:
    """Return the proof of a day."""
    with tenant(coop.id):
        return queries.proof(coop.id, at)


def apart(coop: Cast, at: dt.date = TODAY) -> dict[str, str]:
    """Return each difference: what the ledger has more, by what is compared."""
    found: dict[str, Decimal] = {}
    for check in proof(coop, at).differences:
        found[check.code.value] = found.get(check.code.value, Decimal(0)) + check.difference
    return {code: str(difference) for code, difference in found.items()}


def role(coop: Cast, which: Role, at: dt.date = TODAY) -> str:
    """Return what stands on the accounts of a role."""
    with tenant(coop.id):
        return str(books.balance_of_role(coop.id, which, at))


def decided(coop: Cast, **more: Any) -> dict[str, Any]:
    """Return what every act of the secretary says."""
    return {"actor": coop.secretary.actor, "now": NOW, "coop_id": coop.id, "decision": BOARD, **more}


def pays(coop: Cast, person: uuid.UUID, amount: str, **more: Any) -> uuid.UUID:
    """Let somebody pay for shares: asked for, paid by bank, matched; return the match."""
    claim = payments.open_claim(
        actor=SYSTEM,
        now=NOW,
        coop_id=coop.id,
        party_id=person,
        kind="capital",
        source_kind="test.thing",
        source_id=uuid.uuid4(),
        amount=Decimal(amount),
    )
    (entry,) = bring_entries(coop, paid_with(claim, amount), opening=more.pop("opening", "0.00"), **more)
    done = payments.accept(**told(coop), entry_id=entry.id, claim_id=claim.id)
    return done.match_ids[0]


def leaves(coop: Cast, member: Admitted, shares: int, on: dt.date = TODAY, **more: Any) -> uuid.UUID:
    """Record an exit."""
    return register.record_exit(**decided(coop), member_id=member.id, share_class="A", quantity=shares, on=on, **more)


def test_what_was_there_before_is_the_opening_of_the_books(with_class: Cast) -> None:
    """Members of earlier years stand in the books from their first day on; nobody has to pay again."""
    jana = admit(with_class, "Peeters", "Jana", 4, paid="60.00", on=dt.date(2025, 5, 2))
    admit(with_class, "Okafor", "Daniel", 2, on=dt.date(2025, 6, 2))
    leaves(with_class, jana, 1, on=dt.date(2025, 12, 31))
    open_books(with_class)
    assert proof(with_class).holds, apart(with_class)
    assert (role(with_class, Role.CAPITAL), role(with_class, Role.CAPITAL_UNPAID)) == ("-125.00", "30.00")
    assert role(with_class, Role.EXITS_DUE) == "0.00"
    assert str(proof(with_class).register) == "95.00"


def test_a_year_of_movements_stands_in_books_that_are_opened_in_autumn(with_class: Cast) -> None:
    """What moved since the first day is posted; whoever left meanwhile is on the list of payments to make."""
    jana = admit(with_class, "Peeters", "Jana", 4, on=dt.date(2026, 2, 2))
    admit(with_class, "Okafor", "Daniel", 2, paid="20.00", on=dt.date(2026, 3, 2))
    leaves(with_class, jana, 2, on=dt.date(2026, 6, 30))
    open_books(with_class)
    (due,) = to_pay(with_class)
    assert (due.kind.value, str(due.open)) == ("exit", "50.00")
    for day in (dt.date(2026, 1, 1), dt.date(2026, 2, 2), dt.date(2026, 6, 29), dt.date(2026, 6, 30), TODAY):
        assert set(apart(with_class, day)) <= {"received"}, day
    # Nobody paid through these books: that is said, not hidden.
    assert apart(with_class) == {"received": "-120.00"}


def test_what_is_called_paid_waits_for_its_line_of_the_bank(with_class: Cast) -> None:
    """The secretary noted payments before the bank's file came: each line is matched as any other, and all agree."""
    open_bank(with_class)
    jana = admit(with_class, "Peeters", "Jana", 2, on=AGREED)
    with tenant(with_class.id):
        (asked,) = bank.find_claims(with_class.id, "Peeters", direction=Direction.IN, on=TODAY)
    assert str(asked.amount) == "50.00"
    (entry,) = bring_entries(with_class, camt_entry("50.00"), opening="0.00")
    payments.accept(**told(with_class), entry_id=entry.id, claim_id=asked.id)
    assert proof(with_class).holds, apart(with_class)
    # A correction afterwards: one share less. What was paid above it goes on the list of payments to make.
    with tenant(with_class.id):
        (issue,) = register_queries.movements_of(with_class.id, jana.id)
    register.correct_movement(**decided(with_class), movement_id=issue.id, quantity=1)
    assert proof(with_class).holds, apart(with_class)
    assert role(with_class, Role.SUBSCRIPTIONS_RECEIVED) == "0.00"
    (back,) = to_pay(with_class)
    assert (back.party_id, back.kind.value, str(back.amount)) == (asked.party_id, "refund", "25.00")
    register.record_issue(
        **decided(with_class), member_id=jana.id, share_class="A", quantity=2, on=AGREED, paid=Decimal("50.00")
    )
    with tenant(with_class.id):
        (again,) = bank.find_claims(with_class.id, "Peeters", direction=Direction.IN, on=TODAY)
    assert str(again.amount) == "50.00"
    assert apart(with_class) == {"received": "-50.00"}


def to_pay(coop: Cast) -> list[bank.ClaimFacts]:
    """Return what the co-operative is to pay."""
    with tenant(coop.id):
        return bank.payments_to_make(coop.id)


def test_shares_issued_paid_and_left_follow_into_the_books(with_class: Cast) -> None:
    """From the payment to the exit every step keeps the three books together, on each day between."""
    open_bank(with_class)
    person = party(with_class, "Peeters", "Jana")
    pays(with_class, person, "100.00")
    assert (proof(with_class).holds, role(with_class, Role.SUBSCRIPTIONS_RECEIVED)) == (True, "-100.00")
    jana = register.record_admission(
        **decided(with_class),
        party_id=person,
        on=AGREED,
        shares=[register.SharesInput(share_class="A", quantity=6, paid=Decimal("100.00"))],
    )
    assert proof(with_class).holds, apart(with_class)
    assert (role(with_class, Role.CAPITAL), role(with_class, Role.CAPITAL_UNPAID)) == ("-150.00", "50.00")
    assert role(with_class, Role.SUBSCRIPTIONS_RECEIVED) == "0.00"
    found = proof(with_class)
    assert (str(found.register), str(found.ledger), str(found.bank)) == ("100.00", "100.00", "100.00")
    exit_id = leaves(with_class, jana, 2, amount_per_share=Decimal("25"), paid=Decimal("50.00"), value=Decimal("40.00"))
    assert proof(with_class).holds, apart(with_class)
    assert (role(with_class, Role.EXITS_DUE), role(with_class, Role.RESERVES)) == ("-40.00", "-10.00")
    (due,) = to_pay(with_class)
    assert (due.party_id, due.kind.value, str(due.amount)) == (person, "exit", "40.00")
    # It was a mistake: the register undoes it, the books reverse it, and nothing is to be paid any more.
    register.correct_movement(**decided(with_class), movement_id=exit_id, quantity=0)
    assert proof(with_class).holds, apart(with_class)
    assert role(with_class, Role.EXITS_DUE) == "0.00"
    assert to_pay(with_class) == []
    with tenant(with_class.id):
        (undone,) = bank.claims_by_source(with_class.id, "register.movement", exit_id)
    assert undone.state is ClaimState.CANCELLED


def test_an_exit_of_another_value_is_another_payment(with_class: Cast) -> None:
    """What is due is corrected: the first payment is cancelled, one of the right amount waits instead."""
    open_bank(with_class)
    jana = admit(with_class, "Peeters", "Jana", 2, on=dt.date(2025, 5, 2))
    exit_id = leaves(with_class, jana, 2, value=Decimal("50.00"))
    register.correct_movement(**decided(with_class), movement_id=exit_id, value=Decimal("45.00"))
    assert [str(claim.amount) for claim in to_pay(with_class)] == ["45.00"]
    assert proof(with_class).holds, apart(with_class)
    assert (role(with_class, Role.EXITS_DUE), role(with_class, Role.RESERVES)) == ("-45.00", "-5.00")


def test_an_exit_that_was_paid_and_is_corrected_is_not_paid_again(with_class: Cast) -> None:
    """Fifty were paid, sixty were due: ten are still to pay. Were it forty-five, nothing is, and five were too much."""
    open_bank(with_class)
    jana = admit(with_class, "Peeters", "Jana", 2, on=dt.date(2025, 5, 2))
    exit_id = leaves(with_class, jana, 2, value=Decimal("50.00"))
    (due,) = to_pay(with_class)
    (out,) = bring_entries(with_class, paid_with(due, "50.00", side="DBIT"), opening="50.00")
    payments.accept(**told(with_class), entry_id=out.id, claim_id=due.id)
    again = register.correct_movement(**decided(with_class), movement_id=exit_id, value=Decimal("60.00"))
    assert [str(claim.open) for claim in to_pay(with_class)] == ["10.00"]
    assert proof(with_class).holds, apart(with_class)
    assert again is not None
    register.correct_movement(**decided(with_class), movement_id=again, value=Decimal("45.00"))
    assert to_pay(with_class) == []
    assert role(with_class, Role.EXITS_DUE) == "5.00"
    assert proof(with_class).holds, apart(with_class)


@pytest.mark.parametrize(("corrected", "due"), [({"quantity": 0}, []), ({"value": Decimal("20.00")}, ["20.00"])])
def test_an_exit_that_was_undone_before_the_books_is_not_paid(
    with_class: Cast, corrected: dict[str, Any], due: list[str]
) -> None:
    """Books that are opened late ask for what is due by now, not for what was due once."""
    jana = admit(with_class, "Peeters", "Jana", 2, on=dt.date(2025, 5, 2))
    exit_id = leaves(with_class, jana, 1, on=dt.date(2026, 6, 30))
    register.correct_movement(**decided(with_class), movement_id=exit_id, **corrected)
    open_bank(with_class)
    assert [str(claim.open) for claim in to_pay(with_class)] == due
    assert proof(with_class).holds, apart(with_class)


def test_a_strangers_money_covers_nobody(with_class: Cast) -> None:
    """Somebody paid for shares whom nobody knows yet; that Jana is called paid without a payment shows all the same."""
    open_bank(with_class)
    claim = payments.open_claim(actor=SYSTEM, now=NOW, coop_id=with_class.id, kind="capital", amount=Decimal("150.00"))
    (entry,) = bring_entries(with_class, paid_with(claim, "150.00"), opening="0.00")
    payments.accept(**told(with_class), entry_id=entry.id, claim_id=claim.id)
    admit(with_class, "Peeters", "Jana", 4, on=AGREED)
    assert apart(with_class) == {"received": "-100.00"}


def test_the_difference_has_a_name_and_a_page(with_class: Cast) -> None:
    """Somebody is called paid without a payment, and an entry by hand moves contributions: both are told apart."""
    open_bank(with_class)
    admit(with_class, "Peeters", "Jana", 2, on=AGREED)
    assert apart(with_class) == {"received": "-50.00"}
    with tenant(with_class.id):
        capital = next(iter(books.role_by_account(with_class.id, Role.CAPITAL, TODAY)))
    by_hand(with_class, {capital: "10.00", "440": "-10.00"}, on=dt.date(2026, 9, 1))
    assert apart(with_class) == {"paid": "-10.00", "received": "-50.00"}
    assert apart(with_class, dt.date(2026, 8, 31)) == {}
    with tenant(with_class.id):
        (day,) = queries.days_apart(with_class.id, TODAY)
        (gap,) = queries.gap_facts(with_class.id, list(proof(with_class).checks), TODAY)
    assert (day.on, str(day.ledger_paid - day.register_paid)) == (dt.date(2026, 9, 1), "-10.00")
    assert (gap.name, gap.number, str(gap.amount)) == ("Jana Peeters", 1, "50.00")
    page = with_class.treasurer.browser().get(with_class.url("books/proof/")).content.decode()
    assert "Jana Peeters" in page
    assert "60,00" in page
    assert with_class.url("register/members/1/") in page


def test_money_that_was_booked_by_hand_covers_who_was_called_paid(with_class: Cast) -> None:
    """Cash for shares, booked by hand as received, is a payment as good as any: nothing lacks any more."""
    open_bank(with_class)
    admit(with_class, "Peeters", "Jana", 2, on=AGREED)
    with tenant(with_class.id):
        (code,) = books.role_by_account(with_class.id, Role.SUBSCRIPTIONS_RECEIVED, TODAY)
    by_hand(with_class, {"440": "50.00", code: "-50.00"}, on=AGREED)
    assert proof(with_class).holds, apart(with_class)


def test_a_movement_of_a_closed_year_shows_on_its_days(with_class: Cast) -> None:
    """What is recorded in a year that is closed is posted on the first open day: in between the two books differ."""
    open_books(with_class, dt.date(2025, 1, 1))
    ledger.close_period(**told(with_class), until=dt.date(2025, 12, 31))
    admit(with_class, "Peeters", "Jana", 2, paid="0.00", on=dt.date(2025, 12, 1))
    assert apart(with_class, dt.date(2025, 12, 31)) == {"unpaid": "-50.00"}
    assert proof(with_class, dt.date(2026, 1, 1)).holds
    with tenant(with_class.id):
        found = [
            (day.on, str(day.ledger_unpaid - day.register_unpaid)) for day in queries.days_apart(with_class.id, TODAY)
        ]
    assert found == [(dt.date(2025, 12, 1), "-50.00"), (dt.date(2026, 1, 1), "50.00")]


def test_before_the_books_begin_nothing_is_proved(with_class: Cast) -> None:
    """A day before the books is refused with a sentence, on the page beside its field."""
    with tenant(with_class.id), pytest.raises(Refused) as nothing:
        queries.proof(with_class.id, TODAY)
    assert nothing.value.code == "ledger.not_open"
    assert "De boeken openen" in with_class.chair.browser().get(with_class.url("books/proof/")).content.decode()
    open_books(with_class)
    with tenant(with_class.id), pytest.raises(Refused) as early:
        queries.proof(with_class.id, dt.date(2025, 12, 31))
    assert early.value.code == "capital.proof_before_books"
    page = with_class.chair.browser().get(with_class.url("books/proof/"), {"at": "31-12-2025"}).content.decode()
    assert "De boeken beginnen op 1\N{NO-BREAK SPACE}januari\N{NO-BREAK SPACE}2026" in page


def test_who_sees_the_proof(with_class: Cast, nederwerf: Cast, stranger: Any) -> None:
    """Who sees the books sees the proof; a member of another co-operative and a stranger don't."""
    open_books(with_class)
    assert with_class.auditor.browser().get(with_class.url("books/proof/")).status_code == 200
    assert nederwerf.chair.browser().get(with_class.url("books/proof/")).status_code in (403, 404)
    assert stranger.browser().get(with_class.url("books/proof/")).status_code in (403, 404)


def test_the_command_ends_with_one_where_they_differ(with_class: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    """`coopwerf books prove` prints what is promised, and names the differences where there are any."""
    open_bank(with_class)
    call_command("books", "prove", coop=with_class.coop.slug, at=None)
    assert json.loads(capfd.readouterr().out) == {
        "register": "0.00",
        "ledger": "0.00",
        "bank": "0.00",
        "open_claims": "0.00",
        "suspense": "0.00",
        "difference": "0.00",
    }
    admit(with_class, "Peeters", "Jana", 2, on=AGREED)
    with pytest.raises(SystemExit) as ended:
        call_command("books", "prove", coop=with_class.coop.slug, at=TODAY)
    assert ended.value.code == 1
    said = json.loads(capfd.readouterr().out)
    assert said["difference"] == "50.00"
    assert [one["check"] for one in said["differences"]] == [CheckCode.RECEIVED.value]


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, max_size=10), opened=st.integers(0, 10))
def test_whatever_is_recorded_the_books_follow_the_register(
    register_of_three: tuple[Cast, list[uuid.UUID]], acts: list[Act], opened: int
) -> None:
    """Books opened before, between or after any acts of the secretary say of shares what the register says."""
    begin = [Act("admit", who=0, other=1, quantity=4), Act("admit", who=1, other=1, quantity=2, paid=Decimal("10"))]
    coop, _people = register_of_three
    with transaction.atomic():
        secretary = Secretary(*register_of_three)
        for place, act in enumerate([*begin, *acts]):
            if place == opened:
                open_books(coop, DAYS[2])
            secretary.do(act)
        if len(begin) + len(acts) <= opened:
            open_books(coop, DAYS[2])
        for day in (*DAYS[2:], TODAY, AHEAD):
            checks = {check.code: check for check in proof(coop, day).checks}
            for code in (CheckCode.PAID, CheckCode.UNPAID, CheckCode.EXITS):
                assert checks[code].holds, (secretary.accepted, day, checks[code])
        transaction.set_rollback(True)
