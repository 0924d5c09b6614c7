"""Everybody who holds shares has one communication for ever: a standing order needs one that never changes."""

import datetime as dt
from decimal import Decimal

import pytest

from coopcalc.references import format_communication, is_communication
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions, queries
from coopwerf.payments.actions import communications
from coopwerf.register import actions as register
from coopwerf.register.actions import SharesInput
from tests.cast import NOW, TODAY, Cast
from tests.register.test_register import BOARD, admit, party, with_class

from .bank import bring_entries, open_bank, told
from .files import camt_entry

BOARD_FEE = Decimal("12.50")
pytestmark = pytest.mark.django_db
__all__ = ["with_class"]


def given(coop: Cast) -> dict[str, str]:
    """Return the communications by the names of whose they are."""
    with tenant(coop.id):
        owners = queries.permanent_owners(coop.id)
    return {str(party_id): digits for digits, party_id in owners.items()}


def test_whoever_holds_shares_has_one_as_soon_as_there_is_an_account(with_class: Cast) -> None:
    """Members of before get theirs when the account is named, later ones when they are admitted; it never changes."""
    admit(with_class, "Peeters", "Jana", 4)
    assert given(with_class) == {}
    open_bank(with_class)
    first = given(with_class)
    assert len(first) == 1
    admit(with_class, "Okafor", "Daniel", 2, on=TODAY)
    both = given(with_class)
    assert len(set(both.values())) == 2
    assert all(is_communication(digits) for digits in both.values())
    assert first.items() <= both.items()
    assert actions.give_communications(**told(with_class)) == 0
    assert given(with_class) == both


def test_who_brought_one_along_keeps_it(with_class: Cast) -> None:
    """A communication of the old administration stands in the register; nobody is given a second one."""
    person = party(with_class, "Haddad", "Omar")
    register.record_admission(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        party_id=person,
        on=dt.date(2025, 2, 1),
        decision=BOARD,
        communication="123456789002",
        shares=[SharesInput(share_class="A", quantity=1)],
    )
    open_bank(with_class)
    assert given(with_class) == {str(person): "123456789002"}


def test_a_member_sees_it_and_pays_under_it(with_class: Cast) -> None:
    """The member's own page shows it; a payment under it is proposed for what they owe."""
    open_bank(with_class)
    member = with_class.director
    register.record_admission(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        party_id=member.party_id,
        on=TODAY,
        decision=BOARD,
        shares=[SharesInput(share_class="A", quantity=1)],
    )
    digits = given(with_class)[str(member.party_id)]
    page = member.browser().get(with_class.url("today/")).content.decode()
    assert format_communication(digits) in page
    asked = actions.open_claim(
        **told(with_class), party_id=member.party_id, kind="other", account_code="440", amount=BOARD_FEE
    )
    strd = f"<Strd><CdtrRefInf><Ref>{digits}</Ref></CdtrRefInf></Strd>"
    (entry,) = bring_entries(with_class, camt_entry("12.50", remittance=strd), opening="0.00")
    with tenant(with_class.id):
        found = [
            (one.claim.id, [reason.code for reason in one.reasons])
            for one in queries.proposals_for(with_class.id, entry)
        ]
    assert found[0][0] == asked.id
    assert "communication_permanent" in found[0][1]


def test_drawing_what_somebody_else_has_leaves_nobody_without(
    with_class: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between drawing and writing another one was given the same digits: they are drawn again, and counted once."""
    open_bank(with_class)
    first, second = party(with_class, "Peeters", "Jana"), party(with_class, "Okafor", "Daniel")
    assert actions.give_communications(**told(with_class), party_ids=[first]) == 1
    taken = given(with_class)[str(first)]
    real, draws = communications._free, iter([[taken]])
    monkeypatch.setattr(communications, "_free", lambda *asked: next(draws, None) or real(*asked))
    assert actions.give_communications(**told(with_class), party_ids=[first, second]) == 1
    has = given(with_class)
    assert has[str(first)] == taken
    assert is_communication(has[str(second)])
    assert has[str(second)] != taken
