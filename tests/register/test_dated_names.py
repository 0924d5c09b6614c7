"""Names and domiciles of a register follow the people: as of that date, and as known at that position."""

import datetime as dt
import uuid

import pytest

from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.register import actions, queries
from tests.cast import NOW, TODAY, Cast, MakePerson, Person

from .test_register import BOARD, proof

pytestmark = pytest.mark.django_db


def admit(coop: Cast, person: Person, on: dt.date) -> uuid.UUID:
    """Admit somebody without shares, whom another register may know: no secretary does that by an id."""
    return actions.record_admission(
        actor=SYSTEM, now=NOW, coop_id=coop.id, party_id=person.party_id, on=on, decision=BOARD
    ).id


def rename(person: Person, family: str, since: dt.date, *, days: int = 0) -> None:
    """Write down under which name somebody is known from a date on."""
    people.change_name(
        actor=person.actor,
        now=NOW + dt.timedelta(days=days),
        party_id=person.party_id,
        family=family,
        given=person.given,
        valid_from=since,
    )


def move(person: Person, town: str, since: dt.date) -> None:
    """Write down where somebody lives from a date on."""
    people.change_address(
        actor=person.actor,
        now=NOW,
        party_id=person.party_id,
        street="Dorp",
        number="1",
        postcode="9000",
        town=town,
        valid_from=since,
    )


def read(coop: Cast, at: dt.date, known: int | None = None) -> list[tuple[str, str]]:
    """Return name and town of every member on a date."""
    with tenant(coop.id):
        return [(line.name, line.town) for line in queries.lines(coop.id, at, known)]


def position(coop: Cast) -> int:
    """Return the end of the chain."""
    return int(chain.head_of(coop.id).split(":")[0])


def test_each_date_has_its_own_name_and_domicile(person: MakePerson, wolkenwerf: Cast) -> None:
    """Jana marries, then moves; every month in between reads as it was."""
    jana = person("Jana", "Peeters")
    admit(wolkenwerf, jana, dt.date(2024, 1, 10))
    rename(jana, "Maes", dt.date(2024, 6, 1))
    move(jana, "Gent", dt.date(2025, 3, 1))
    assert read(wolkenwerf, dt.date(2024, 5, 31)) == [("Peeters, Jana", "Brussel")]
    assert read(wolkenwerf, dt.date(2024, 6, 1)) == [("Maes, Jana", "Brussel")]
    assert read(wolkenwerf, dt.date(2025, 3, 1)) == [("Maes, Jana", "Gent")]
    assert proof(wolkenwerf).ok


def test_a_back_dated_change_mends_the_past_but_not_what_was_known(person: MakePerson, wolkenwerf: Cast) -> None:
    """She tells in November that her name changed in June: the certificate of October still reads as it did."""
    jana = person("Jana", "Peeters")
    admit(wolkenwerf, jana, dt.date(2024, 1, 10))
    move(jana, "Gent", dt.date(2025, 3, 1))
    before = position(wolkenwerf)
    rename(jana, "Maes", dt.date(2024, 6, 1))
    assert read(wolkenwerf, dt.date(2024, 7, 1)) == [("Maes, Jana", "Brussel")]
    assert read(wolkenwerf, dt.date(2025, 4, 1)) == [("Maes, Jana", "Gent")]
    assert read(wolkenwerf, dt.date(2025, 4, 1), before) == [("Peeters, Jana", "Gent")]
    rename(jana, "Maas", dt.date(2024, 6, 1), days=1)
    assert read(wolkenwerf, dt.date(2025, 4, 1)) == [("Maas, Jana", "Gent")]
    assert proof(wolkenwerf).ok


def test_who_is_recorded_late_brings_the_names_since_then(person: MakePerson, wolkenwerf: Cast) -> None:
    """Admitted in 2022, recorded today, married in 2023 and moved in 2025: all of it stands in the register."""
    jana = person("Jana", "Peeters")
    rename(jana, "Maes", dt.date(2023, 6, 1))
    move(jana, "Gent", dt.date(2025, 3, 1))
    admit(wolkenwerf, jana, dt.date(2022, 2, 1))
    assert read(wolkenwerf, dt.date(2022, 2, 1)) == [("Peeters, Jana", "Brussel")]
    assert read(wolkenwerf, dt.date(2023, 6, 1)) == [("Maes, Jana", "Brussel")]
    assert read(wolkenwerf, TODAY) == [("Maes, Jana", "Gent")]
    assert proof(wolkenwerf).ok


def test_an_admission_moved_back_has_its_name_from_then_on(person: MakePerson, wolkenwerf: Cast) -> None:
    """Admitted in February, corrected to the January before: nobody stands there without a name."""
    jana = person("Jana", "Peeters")
    member_id = admit(wolkenwerf, jana, dt.date(2024, 2, 1))
    with tenant(wolkenwerf.id):
        (standing,) = queries.standings_of(wolkenwerf.id, [member_id])
    actions.correct_standing(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        standing_id=standing["id"],
        on=dt.date(2023, 1, 15),
        decision=BOARD,
    )
    assert read(wolkenwerf, dt.date(2023, 6, 1)) == [("Peeters, Jana", "Brussel")]
    assert proof(wolkenwerf).ok


def test_one_person_in_two_cooperatives_changes_in_both(person: MakePerson, wolkenwerf: Cast, nederwerf: Cast) -> None:
    """One change, two registers, two chains."""
    jana = person("Jana", "Peeters")
    admit(wolkenwerf, jana, dt.date(2024, 1, 10))
    admit(nederwerf, jana, dt.date(2024, 1, 10))
    rename(jana, "Maes", dt.date(2024, 6, 1))
    for coop in (wolkenwerf, nederwerf):
        assert read(coop, TODAY) == [("Maes, Jana", "Brussel")]
        assert proof(coop).ok
