"""Who may be admitted by an id, and who is taken for somebody already known."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people import queries as who
from coopwerf.people.models import Account, PartyAddress
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput
from coopwerf.register.models import Member
from tests.cast import NOW, TODAY, Cast, MakePerson

from .asking import NOOR, last_mail, link_in, only_request, typed
from .test_register import BOARD, YEAR_START, admit, party, proof, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def record(coop: Cast, party_id: uuid.UUID, **more: Any) -> actions.Admitted:
    """Let the secretary record an admission of a party."""
    told: dict[str, Any] = {"on": YEAR_START, "decision": BOARD, **more}
    return actions.record_admission(actor=coop.secretary.actor, now=NOW, coop_id=coop.id, party_id=party_id, **told)


def code_of(coop: Cast, party_id: uuid.UUID, **more: Any) -> str:
    """Return with which code an admission is refused, and see that nothing was kept."""
    with tenant(coop.id):
        before = Member.objects.filter(coop_id=coop.id).count()
    with pytest.raises(Refused) as refused:
        record(coop, party_id, **more)
    with tenant(coop.id):
        assert Member.objects.filter(coop_id=coop.id).count() == before
    assert refused.value.message
    return refused.value.code


def test_a_member_of_another_co_operative_is_not_admitted_by_id(
    with_class: Cast, zonnewerf: Cast, stranger: Any
) -> None:
    """Nor its officers, nor somebody who signed in and belongs nowhere, nor an id that is nobody's."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    with tenant(with_class.id):
        theirs = queries.member_facts(with_class.id, jana.id)
    assert theirs is not None
    assert code_of(zonnewerf, theirs.party_id) == "register.party_unknown"
    assert code_of(zonnewerf, with_class.director.party_id) == "register.party_unknown"
    Account.objects.filter(pk=stranger.account.pk).update(proven_at=NOW)
    assert code_of(zonnewerf, stranger.party_id) == "register.party_unknown"
    assert code_of(zonnewerf, uuid.uuid4()) == "register.party_unknown"


def test_whom_a_co_operative_knows_is_admitted_by_id(with_class: Cast, zonnewerf: Cast) -> None:
    """Its officers, who was registered by itself, who left before; and the installation admits anybody."""
    record(zonnewerf, zonnewerf.treasurer.party_id)
    own = people.register_party(
        actor=zonnewerf.secretary.actor,
        now=NOW,
        coop_id=zonnewerf.id,
        kind=PartyKind.PERSON,
        family="Okafor",
        language="fr",
        valid_from=dt.date(2020, 1, 1),
    )
    # Somebody of theirs joins another co-operative too, and stays theirs.
    admit_elsewhere(with_class, own)
    record(zonnewerf, own)
    actions.record_admission(
        actor=SYSTEM,
        now=NOW,
        coop_id=zonnewerf.id,
        party_id=with_class.chair.party_id,
        on=YEAR_START,
        decision=BOARD,
    )
    assert proof(zonnewerf).ok


def admit_elsewhere(coop: Cast, party_id: uuid.UUID) -> None:
    """Let the installation admit somebody."""
    actions.record_admission(actor=SYSTEM, now=NOW, coop_id=coop.id, party_id=party_id, on=YEAR_START, decision=BOARD)


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_a_number_that_no_register_can_hold_is_refused(with_class: Cast, number: int) -> None:
    """With a reason, not with an error of the database."""
    assert code_of(with_class, party(with_class, "Okafor"), number=number) == "register.number_impossible"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reference": "x" * 201}, "people.too_long"),
        ({"reference": "item\x00 4"}, "register.reference_unreadable"),
        ({"body": "board" * 20}, "register.decider_unknown"),
        ({"body": ""}, "register.decider_unknown"),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused(with_class: Cast, more: dict[str, str], code: str) -> None:
    """In an admission, and in any other fact that rests on a decision."""
    told = {"body": "board", "on": YEAR_START, "reference": "item 4", **more}
    decision = DecisionInput(**told)  # type: ignore[arg-type]
    assert code_of(with_class, party(with_class, "Okafor"), decision=decision) == code
    jana = admit(with_class, "Peeters", "Jana", 4)
    with pytest.raises(Refused) as refused:
        actions.record_issue(
            actor=with_class.secretary.actor,
            now=NOW,
            coop_id=with_class.id,
            member_id=jana.id,
            share_class="A",
            quantity=1,
            on=YEAR_START,
            decision=decision,
        )
    assert refused.value.code == code


def test_a_communication_of_thirteen_digits_is_refused(with_class: Cast) -> None:
    """And one with letters."""
    for digits in ("1234567890023", "12345678900a"):
        told = code_of(with_class, party(with_class, "Okafor"), communication=digits)
        assert told == "register.communication_impossible"


HOME = Address("Oude Graanmarkt", "5", "", "1000", "Brussel", "BE")


def test_a_contact_and_a_name_move_nobodys_house(with_class: Cast, client: Client, person: MakePerson) -> None:
    """An address that somebody only wrote among their contacts is no proof of who they are: Noor stays where she is."""
    noor = person("Noor", "Vandamme", email="noor.own@example.org")
    people.change_contact(actor=noor.actor, now=NOW, party_id=noor.party_id, email=NOOR["email"], phone="")
    homes = PartyAddress.objects.filter(party_id=noor.party_id).count()
    typed(client, with_class, street="Elders", number="1")
    client.post(link_in(last_mail()), {"do": "confirm"})
    row = only_request(with_class)
    assert row.party_id is not None
    assert row.party_id != noor.party_id
    assert PartyAddress.objects.filter(party_id=noor.party_id).count() == homes
    assert who.particulars_of(row.party_id, TODAY).spoken == "Noor Vandamme"


def test_the_account_of_the_address_is_known(with_class: Cast, client: Client, person: MakePerson) -> None:
    """Who signs in with that very address, by the same name, is no second Noor; her new domicile is noted."""
    noor = person("Noor", "Vandamme", email=NOOR["email"])
    typed(client, with_class)
    client.post(link_in(last_mail()), {"do": "confirm"})
    assert only_request(with_class).party_id == noor.party_id
    home = who.particulars_of(noor.party_id, TODAY + dt.timedelta(days=400)).address
    assert home is not None
    assert home.street == NOOR["street"]


def test_a_household_with_one_mailbox_is_known(with_class: Cast, client: Client, person: MakePerson) -> None:
    """Noor has no account of her own: who opens the mailbox signs in for her too, so she is the one that asks."""
    person("Partner", "Vandamme", email=NOOR["email"])
    noor = people.register_party(
        actor=SYSTEM,
        now=NOW,
        kind=PartyKind.PERSON,
        family="Vandamme",
        given="Noor",
        email=NOOR["email"],
        language="fr",
        address=HOME,
    )
    typed(client, with_class)
    client.post(link_in(last_mail()), {"do": "confirm"})
    assert only_request(with_class).party_id == noor
