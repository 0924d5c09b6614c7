"""The register as a story: facts are recorded, every past date stays readable, nothing is quietly changed."""

import datetime as dt
import io
import stat
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from coopcalc.register.verify import verify_export
from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.states import Ending
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

BOARD = DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="2024-01-10, item 3")
YEAR_START = dt.date(2024, 2, 1)


def party(coop: Cast, family: str, given: str = "", kind: PartyKind = PartyKind.PERSON) -> uuid.UUID:
    """Register somebody who lives in Ghent."""
    return people.register_party(
        actor=coop.secretary.actor,
        now=NOW,
        kind=kind,
        family=family,
        given=given,
        address=Address("Dok-Noord", "4", "", "9000", "Gent", "BE"),
        language="nl",
        valid_from=dt.date(2020, 1, 1),
    )


def admit(
    coop: Cast, family: str, given: str, quantity: int, paid: str | None = None, on: dt.date = YEAR_START
) -> actions.Admitted:
    """Record an admission with so many shares of class A."""
    return actions.record_admission(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        party_id=party(coop, family, given),
        on=on,
        decision=BOARD,
        shares=[SharesInput(share_class="A", quantity=quantity, paid=None if paid is None else Decimal(paid))],
    )


def leave(coop: Cast, member_id: uuid.UUID, quantity: int) -> None:
    """Record that a member gave up all shares of class A, and left, at the end of June 2026."""
    actions.record_exit(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        member_id=member_id,
        share_class="A",
        quantity=quantity,
        on=dt.date(2026, 6, 30),
        decision=BOARD,
        ends_membership=True,
    )


@pytest.fixture
def with_class(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a class A of 25 euro since 2021."""
    actions.set_class_terms(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        code="A",
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal("25"),
    )
    return wolkenwerf


def show(coop: Cast, at: dt.date, known: int | None = None) -> list[tuple[int, str, int, Decimal]]:
    """Return number, name, shares and paid of everybody in the register on a date."""
    with tenant(coop.id):
        return [(line.number, line.name, line.shares, line.paid) for line in queries.lines(coop.id, at, known)]


def proof(coop: Cast) -> queries.Proof:
    """Verify the register with its audit entries sealed."""
    chain.seal(coop_id=coop.id, at=NOW)
    with tenant(coop.id):
        return queries.verify(coop.id)


def test_members_are_numbered_and_hold_what_was_issued(with_class: Cast) -> None:
    """The secretary records two admissions; the register shows them from that date on, and totals agree."""
    admit(with_class, "Peeters", "Jana", 4)
    admit(with_class, "Okafor", "Daniel", 2, paid="30.00")
    assert show(with_class, YEAR_START) == [
        (1, "Peeters, Jana", 4, Decimal("100.00")),
        (2, "Okafor, Daniel", 2, Decimal("30.00")),
    ]
    assert show(with_class, YEAR_START - dt.timedelta(days=1)) == []
    with tenant(with_class.id):
        totals = queries.totals(with_class.id, YEAR_START)
    assert (totals.members, totals.shares, totals.paid) == (2, {"A": 6}, Decimal("130.00"))
    assert proof(with_class).ok


def test_a_correction_leaves_the_old_answer_readable(with_class: Cast) -> None:
    """Jana had 3 shares, not 4: today's register says so for every date, the register as known before doesn't."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        before = int(chain.head_of(with_class.id).split(":")[0])
        (movement,) = queries.movements_of(with_class.id, jana.id)
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=movement.id,
        quantity=3,
        decision=BOARD,
    )
    assert show(with_class, YEAR_START) == [(1, "Peeters, Jana", 3, Decimal("75.00"))]
    assert show(with_class, YEAR_START, known=before) == [(1, "Peeters, Jana", 4, Decimal("100.00"))]
    with tenant(with_class.id):
        assert queries.totals(with_class.id, YEAR_START, known=before).shares == {"A": 4}
        assert queries.totals(with_class.id, YEAR_START).shares == {"A": 3}
    assert proof(with_class).ok


def test_shares_move_between_members_and_out(with_class: Cast) -> None:
    """A transfer takes its paid part along; an exit of all shares ends the membership, with the amount paid out."""
    jana, daniel = admit(with_class, "Peeters", "Jana", 4), admit(with_class, "Okafor", "Daniel", 2)
    common = {"actor": with_class.secretary.actor, "now": NOW, "coop_id": with_class.id, "decision": BOARD}
    actions.record_transfer(
        **common, from_member_id=jana.id, to_member_id=daniel.id, share_class="A", quantity=1, on=dt.date(2024, 5, 2)
    )
    actions.record_exit(
        **common,
        member_id=jana.id,
        share_class="A",
        quantity=3,
        on=dt.date(2024, 12, 31),
        value=Decimal("75.00"),
        ends_membership=True,
    )
    assert show(with_class, dt.date(2024, 6, 1)) == [
        (1, "Peeters, Jana", 3, Decimal("75.00")),
        (2, "Okafor, Daniel", 3, Decimal("75.00")),
    ]
    with tenant(with_class.id):
        jana_line, _daniel = queries.lines(with_class.id, dt.date(2025, 1, 1))
        totals = queries.totals(with_class.id, dt.date(2025, 1, 1))
    assert (jana_line.ended_on, jana_line.shares) == (dt.date(2024, 12, 31), 0)
    assert (totals.members, totals.left) == (1, 1)
    assert proof(with_class).ok


def test_a_split_keeps_what_is_paid(with_class: Cast) -> None:
    """Each share becomes five; what was paid stays the same."""
    admit(with_class, "Peeters", "Jana", 4)
    actions.record_split(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        share_class="A",
        factor=5,
        on=dt.date(2024, 7, 1),
        decision=BOARD,
    )
    assert show(with_class, dt.date(2024, 7, 1)) == [(1, "Peeters, Jana", 20, Decimal("100.00"))]
    assert show(with_class, dt.date(2024, 6, 30)) == [(1, "Peeters, Jana", 4, Decimal("100.00"))]
    assert proof(with_class).ok


def test_a_changed_name_holds_from_its_date(with_class: Cast) -> None:
    """Jana marries in 2025; the register of 2024 keeps the name she had."""
    jana = admit(with_class, "Peeters", "Jana", 1)
    with tenant(with_class.id):
        facts = queries.member_facts(with_class.id, jana.id)
        assert facts is not None
    people.change_name(
        actor=SYSTEM,
        now=NOW,
        party_id=facts.party_id,
        family="Declercq",
        given="Jana",
        valid_from=dt.date(2025, 6, 1),
    )
    assert show(with_class, dt.date(2025, 5, 31))[0][1] == "Peeters, Jana"
    assert show(with_class, dt.date(2025, 6, 1))[0][1] == "Declercq, Jana"
    assert proof(with_class).ok


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "register.quantity_too_small"),
        (-3, "register.quantity_too_small"),
        (10**12, "register.quantity_too_large"),
    ],
)
def test_numbers_that_can_not_be_meant(with_class: Cast, quantity: int, code: str) -> None:
    """Zero, negative and astronomical numbers of shares are refused, and nothing is half-done."""
    with pytest.raises(Refused) as refused:
        admit(with_class, "Peeters", "Jana", quantity)
    assert refused.value.code == code
    assert show(with_class, YEAR_START) == []


@pytest.mark.parametrize("on", [dt.date(1799, 12, 31), dt.date(2062, 1, 1)])
def test_dates_that_can_not_be_meant(with_class: Cast, on: dt.date) -> None:
    """Dates before 1800 and in the future are refused."""
    jana = admit(with_class, "Peeters", "Jana", 1)
    with pytest.raises(Refused):
        actions.record_issue(
            actor=with_class.secretary.actor,
            now=NOW,
            coop_id=with_class.id,
            member_id=jana.id,
            share_class="A",
            quantity=1,
            on=on,
            decision=BOARD,
        )


def test_more_than_one_holds_can_not_leave(with_class: Cast) -> None:
    """Nobody gives up more shares than they hold, nor ends a membership with shares left."""
    jana = admit(with_class, "Peeters", "Jana", 2)
    common = {"actor": with_class.secretary.actor, "now": NOW, "coop_id": with_class.id, "decision": BOARD}
    with pytest.raises(Refused) as refused:
        actions.record_exit(**common, member_id=jana.id, share_class="A", quantity=3, on=dt.date(2024, 6, 1))
    assert refused.value.code == "register.not_enough_shares"
    with pytest.raises(Refused) as refused:
        actions.record_ending(**common, member_id=jana.id, reason=Ending.EXIT, on=dt.date(2024, 6, 1))
    assert refused.value.code == "register.shares_left"


def test_only_who_keeps_the_register_writes_in_it(with_class: Cast, nederwerf: Cast) -> None:
    """The auditor looks on, and the secretary of another co-operative has nothing to say here."""
    party_id = party(with_class, "Peeters", "Jana")
    for actor in (with_class.auditor.actor, nederwerf.secretary.actor):
        with pytest.raises(Refused):
            actions.record_admission(
                actor=actor, now=NOW, coop_id=with_class.id, party_id=party_id, on=YEAR_START, decision=BOARD
            )


def test_members_without_shares(nederwerf: Cast) -> None:
    """A Dutch co-operative admits members without shares; its register shows them."""
    actions.record_admission(
        actor=nederwerf.secretary.actor,
        now=NOW,
        coop_id=nederwerf.id,
        party_id=party(nederwerf, "de Vries", "Sanne"),
        on=YEAR_START,
        decision=BOARD,
    )
    assert show(nederwerf, YEAR_START) == [(1, "de Vries, Sanne", 0, Decimal("0.00"))]
    assert proof(nederwerf).ok


def test_an_outsider_verifies_the_export(with_class: Cast) -> None:
    """The exported file proves itself without our database, and ends in the same head."""
    admit(with_class, "Peeters", "Jana", 4)
    chain.seal(coop_id=with_class.id, at=NOW)
    with tenant(with_class.id):
        file = io.BytesIO(b"".join(queries.export(with_class.id)))
        head = chain.head_of(with_class.id)
    _header, verification, _verifier = verify_export(file)
    assert verification.ok
    assert str(verification.head) == head
    assert verification.shares == {"A": 4}


def test_an_export_is_for_whom_it_was_made(with_class: Cast, tmp_path: Path) -> None:
    """Everybody's name and address stand in the file: nobody else on the machine can read it, as with a backup."""
    admit(with_class, "Peeters", "Jana", 4)
    file = tmp_path / "register.jsonl"
    call_command("register", "export", str(file), "--coop", with_class.coop.slug)
    assert b"Jana" in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


TAMPERINGS = [
    "UPDATE register_movement SET quantity = 400",
    "UPDATE register_movement SET paid = 99.99",
    "UPDATE register_movement SET \"on\" = '2023-01-01'",
    "UPDATE register_movement SET author_id = NULL",
    "UPDATE register_standing SET \"on\" = '2023-01-01'",
    "UPDATE register_member SET number = 7",
    "UPDATE register_decision SET reference = 'never'",
    "UPDATE register_shareclassterms SET nominal = 26",
    "UPDATE register_shareclass SET code = 'B'",
    "UPDATE people_partyname SET family = 'Pieters' WHERE family = 'Peeters'",
    "UPDATE people_partyaddress SET town = 'Luik'",
    "UPDATE kernel_auditentry SET verb = 'x.y' WHERE coop_id IS NOT NULL",
    "UPDATE coops_mandate SET valid_from = '2001-01-01'",
    "UPDATE register_daytotal SET shares = 5 WHERE share_class_id IS NOT NULL",
    "DELETE FROM register_movement",
    "DELETE FROM people_partyaddress",
    "DELETE FROM kernel_chainlink WHERE position = 3",
    "UPDATE kernel_chainhead SET hash = repeat('0', 64)",
]


@pytest.mark.parametrize("tampering", TAMPERINGS)
@pytest.mark.django_db(transaction=True)
def test_a_cell_changed_behind_our_back_is_named(
    with_class: Cast, behind_our_back: psycopg.Connection[Any], tampering: str
) -> None:
    """Somebody with the superuser's password changes one cell: verifying finds it and names a position."""
    admit(with_class, "Peeters", "Jana", 4)
    assert proof(with_class).ok
    behind_our_back.execute(tampering.encode())
    broken = proof(with_class)
    assert not broken.ok
    assert broken.findings[0].position >= 0
