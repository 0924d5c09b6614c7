"""One person, several co-operatives: each register made its own entry, and one sign-in reaches them all."""

import datetime as dt
import uuid

import pytest

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions
from coopwerf.people.queries import account_of, actor_of
from coopwerf.people.states import PartyKind
from coopwerf.register import actions as register
from coopwerf.register import queries
from coopwerf.register.actions import DecisionInput
from tests.cast import NOW, TODAY, Cast, Person

pytestmark = pytest.mark.django_db


def enter(coop: Cast, family: str, email: str, kind: PartyKind = PartyKind.PERSON) -> uuid.UUID:
    """Let a co-operative's secretary admit somebody whom nobody knew here."""
    party_id = actions.register_party(
        actor=coop.secretary.actor,
        now=NOW,
        kind=kind,
        family=family,
        given="Mia" if kind is PartyKind.PERSON else "",
        email=email,
        language="nl",
        valid_from=dt.date(2020, 1, 1),
    )
    register.record_admission(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        party_id=party_id,
        on=TODAY,
        decision=DecisionInput(body="board", on=TODAY, reference="1"),
    )
    return party_id


def signed_in(party_id: uuid.UUID) -> Actor:
    """Return a party who signs in."""
    account = account_of(party_id)
    assert account is not None
    return actor_of(account.id, on=TODAY)


def test_whoever_was_entered_twice_signs_in_once(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """Two registers know Mia by the same address: she is a member of both, and nobody else is."""
    first, second = (enter(coop, "Wouters", "mia@example.org") for coop in (wolkenwerf, nederwerf))
    assert first != second
    mia = signed_in(first)
    assert mia.parties == {first, second}
    for coop in (wolkenwerf, nederwerf):
        with tenant(coop.id):
            assert queries.is_member(coop.id, mia.parties, TODAY)
            assert not queries.is_member(coop.id, stranger.actor.parties, TODAY)


def test_an_organisation_is_not_opened_by_its_mailbox(wolkenwerf: Cast, stranger: Person) -> None:
    """Organisations are acted for by whom they named, not by whoever reads their mail."""
    enter(wolkenwerf, "Buurtwinkel", stranger.email, PartyKind.ORGANISATION)
    assert actor_of(stranger.account.pk, on=TODAY).parties == {stranger.party_id}


def test_who_signs_in_with_another_address_is_somebody_else(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Somebody with an account of their own is nobody's second entry."""
    enter(wolkenwerf, "Wouters", "mia@example.org")
    other = enter(nederwerf, "Wouters", "mia.wouters@example.org")
    mia = signed_in(other)
    assert mia.parties == {other}
