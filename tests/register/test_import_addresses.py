"""Somebody who is known already when a register is brought: the list needs their domicile, and the file says it."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

import pytest

from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import BodyKind, Role
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people import queries as people_queries
from coopwerf.people.states import PartyKind
from coopwerf.register import actions, queries
from tests.cast import NOW, TODAY, Cast, MakePerson

from .spreadsheets import Made, dutch_cooperative
from .test_import import as_csv, book, planned
from .test_register import proof

pytestmark = pytest.mark.django_db
AT = dt.date(2026, 10, 31)
ADMITTED = dt.date(2023, 2, 1)
LIST = "Lidnummer;Naam;Adres;Postcode;Woonplaats;E-mail;Lid sinds\n"


def brought(*rows: str) -> Made:
    """Return a Dutch list of members of the end of October."""
    text = LIST + "".join(f"{row}\n" for row in rows)
    return Made("ledenlijst.csv", text.encode(), len(rows), 0, 0, Decimal(0), at=AT)


def homes(coop: Cast, at: dt.date = TODAY) -> list[tuple[int, str]]:
    """Return number and domicile of every member on a date."""
    with tenant(coop.id):
        return [(line.number, line.home) for line in queries.lines(coop.id, at)]


def seat(coop: Cast, party_id: uuid.UUID) -> None:
    """Give somebody a seat on the board."""
    with tenant(coop.id):
        board = next(body.id for body in coop_queries.bodies(coop.id) if body.kind is BodyKind.BOARD)
    coops.grant_mandate(
        actor=SYSTEM, now=NOW, coop_id=coop.id, party_id=party_id, body_id=board, role=Role.DIRECTOR, valid_from=TODAY
    )


def director(coop: Cast, given: str, family: str, email: str) -> uuid.UUID:
    """Return somebody on the board who signed in and never said where they live."""
    party_id = people.register_party(
        actor=SYSTEM, now=NOW, kind=PartyKind.PERSON, family=family, given=given, email=email, language="nl"
    )
    seat(coop, party_id)
    return party_id


def move(party_id: uuid.UUID, town: str, since: dt.date) -> None:
    """Write down where somebody lives from a date on."""
    people.change_address(
        actor=SYSTEM,
        now=NOW,
        party_id=party_id,
        street="Dorp",
        number="1",
        postcode="1234 AB",
        town=town,
        country="NL",
        valid_from=since,
    )


def test_who_had_no_address_has_the_one_of_the_file_from_the_admission_on(nederwerf: Cast) -> None:
    """Noor governs and never said where she lives: register, member list and her own data say what the file says."""
    noor = director(nederwerf, "Noor", "Vos", "noor@example.org")
    booked = book(nederwerf, brought("7;Vos, Noor;Lange Gracht 3;3811 AB;Amersfoort;noor@example.org;01-02-2023"))
    assert (booked.members, booked.known) == (1, 1)
    home = "Lange Gracht 3, 3811 AB Amersfoort"
    assert homes(nederwerf, ADMITTED) == homes(nederwerf) == [(7, home)]
    with tenant(nederwerf.id):
        (listed,) = queries.member_list_facts(nederwerf.id, TODAY).members
        (written,) = queries.names_of(nederwerf.id, noor)
    assert (listed.member_no, listed.domicile) == (7, home)
    assert (written.valid_from, written.home) == (ADMITTED, home)
    (own,) = people_queries.addresses_of(noor)
    assert (own.valid_from, own.text) == (ADMITTED, home)
    assert proof(nederwerf).ok


def test_another_address_holds_from_the_cut_over_on(nederwerf: Cast) -> None:
    """Femke lived in Brussels as far as we knew; the file of October says Amersfoort. Each date reads as it was."""
    book(nederwerf, dutch_cooperative())
    chair = nederwerf.chair.party_id
    before, after = "Bergstraat 12, 1000 Brussel", "Lange Gracht 3, 3811 AA Amersfoort"
    at = dict(homes(nederwerf, AT))
    assert at[1] == after
    assert dict(homes(nederwerf, AT - dt.timedelta(days=1)))[1] == before
    assert all("Amersfoort" in home for home in at.values())
    with tenant(nederwerf.id):
        (one,) = [line for line in queries.member_list_facts(nederwerf.id, TODAY).members if line.member_no == 1]
        rows = [(row.valid_from, row.home) for row in queries.names_of(nederwerf.id, chair)]
    assert one.domicile == after
    assert [home for _from, home in rows] == [after, before]
    assert rows[0][0] == AT
    assert proof(nederwerf).ok


def test_what_they_said_since_stays(nederwerf: Cast) -> None:
    """Who moved after the cut-over and told so keeps that, from its date; before it the file is right."""
    noor = director(nederwerf, "Noor", "Vos", "noor@example.org")
    move(noor, "Utrecht", dt.date(2026, 11, 15))
    book(nederwerf, brought("7;Vos, Noor;Lange Gracht 3;3811 AB;Amersfoort;noor@example.org;01-02-2023"))
    assert homes(nederwerf, ADMITTED) == [(7, "Lange Gracht 3, 3811 AB Amersfoort")]
    assert homes(nederwerf, dt.date(2026, 11, 14)) == [(7, "Lange Gracht 3, 3811 AB Amersfoort")]
    assert homes(nederwerf) == [(7, "Dorp 1, 1234 AB Utrecht")]
    assert proof(nederwerf).ok


def test_the_same_address_is_written_once_and_an_empty_one_takes_nothing(nederwerf: Cast) -> None:
    """Nothing is written where the file says what we know, or says nothing."""
    chair, secretary = nederwerf.chair, nederwerf.secretary
    book(
        nederwerf,
        brought(
            f"1;de Boer, Femke;Bergstraat 12;1000;Brussel;{chair.email};01-02-2023",
            f"2;van Dam, Gijs;;;;{secretary.email};01-02-2023",
        ),
    )
    assert homes(nederwerf) == [(1, "Bergstraat 12, 1000 Brussel"), (2, "Bergstraat 12, 1000 Brussel")]
    assert len(people_queries.addresses_of(secretary.party_id)) == 1


def test_every_register_follows(nederwerf: Cast, wolkenwerf: Cast) -> None:
    """Femke is a member of one and gets a seat in another that brings its list: both say where she lives now."""
    book(nederwerf, dutch_cooperative())
    seat(wolkenwerf, nederwerf.chair.party_id)
    book(wolkenwerf, brought(f"4;de Boer, Femke;Markt 2;3811 ZZ;Soest;{nederwerf.chair.email};01-02-2023"))
    assert homes(wolkenwerf) == [(4, "Markt 2, 3811 ZZ Soest")]
    assert dict(homes(nederwerf))[1] == "Markt 2, 3811 ZZ Soest"
    assert proof(wolkenwerf).ok
    assert proof(nederwerf).ok


def test_exported_and_brought_to_others_who_govern_it_is_the_same_file(
    nederwerf: Cast, wolkenwerf: Cast, person: MakePerson
) -> None:
    """The table of one, brought where its members govern under other addresses or none: the same, to the letter."""
    book(nederwerf, dutch_cooperative())
    before = as_csv(nederwerf, TODAY)
    seat(wolkenwerf, person("Sanne", "van der Meer", email="sanne.elders@example.net").party_id)
    director(wolkenwerf, "Daan", "Bakker", "daan.elders@example.net")
    booked = book(wolkenwerf, Made("register.csv", before.encode(), 0, 0, 0, Decimal(0), at=TODAY))
    assert booked.known == 2
    assert as_csv(wolkenwerf, TODAY) == before
    assert proof(wolkenwerf).ok


def test_a_booking_that_is_refused_moves_nobody(nederwerf: Cast) -> None:
    """All or nothing: who was known already still lives where they lived."""
    rows = (
        f"1;de Boer, Femke;Markt 2;3811 ZZ;Soest;{nederwerf.chair.email};01-02-2023",
        "2;Vos, Noor;Markt 3;3811 ZZ;Soest;noor@example.org;01-02-2023",
    )
    _setting, plan = planned(nederwerf, brought(*rows))
    one, two = plan.members
    with pytest.raises(Refused) as refused:
        actions.import_register(
            actor=nederwerf.secretary.actor,
            now=NOW,
            coop_id=nederwerf.id,
            at=AT,
            members=[one, dataclasses.replace(two, family="x" * 501)],
            reference="ledenlijst.csv",
        )
    assert (refused.value.code, refused.value.line) == ("people.too_long", two.line)
    assert len(people_queries.addresses_of(nederwerf.chair.party_id)) == 1
    assert homes(nederwerf) == []
