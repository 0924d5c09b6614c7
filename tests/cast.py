"""The cast of our stories: a Belgian and a Dutch co-operative, who governs them, and people around them.

`wolkenwerf` is a recognised Belgian CV with a board (Amina chairs, Bram is secretary, Chantal treasurer, Dirk director)
and an auditor (Eva). `nederwerf` is a Dutch coöperatie U.A., chaired by Femke, with Gijs as its secretary. Hana
hosts the installation and has no mandate anywhere; Ines signed in and belongs nowhere. Tests make more with `person`.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from coopwerf.coops import actions, queries
from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import BodyKind, Role, Stage
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.actions import register_party
from coopwerf.people.models import Account
from coopwerf.people.queries import actor_of
from coopwerf.people.states import Address, PartyKind

BEGAN = dt.datetime(2024, 1, 8, 9, 0, tzinfo=dt.UTC)
"""When the co-operatives of the cast came to Coopwerf; later acts of a test come after it."""
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
"""The present moment of a story."""
TODAY = NOW.date()


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody of the cast, as an account, a party and an actor."""

    given: str
    family: str
    email: str
    language: str
    account: Account
    actor: Actor

    @property
    def party_id(self) -> uuid.UUID:
        """Return the person's party."""
        assert self.actor.party_id is not None
        return self.actor.party_id

    @property
    def name(self) -> str:
        """Return the whole name, as people say it."""
        return f"{self.given} {self.family}"

    def browser(self) -> Client:
        """Return a browser in which this person has signed in."""
        client = Client(headers={"accept-language": self.language})
        client.force_login(self.account)
        return client


@dataclasses.dataclass(frozen=True)
class Cast:
    """A co-operative with its people by role; those that it doesn't have are missing."""

    coop: CoopFacts
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None

    @property
    def id(self) -> uuid.UUID:
        """Return the co-operative's id."""
        return self.coop.id

    def url(self, rest: str = "") -> str:
        """Return an address inside this co-operative."""
        return f"/c/{self.coop.slug}/{rest}"


MakePerson = Callable[..., Person]


def make_person(
    given: str, family: str = "Peeters", *, language: str = "nl", email: str = "", is_administrator: bool = False
) -> Person:
    """Make somebody who can sign in and has had a name since their birth."""
    address = email or f"{given.lower()}@example.org"
    party_id = register_party(
        actor=SYSTEM,
        now=BEGAN,
        kind=PartyKind.PERSON,
        family=family,
        given=given,
        email=address,
        language=language,
        valid_from=dt.date(1980, 1, 1),
        address=Address("Bergstraat", "12", "", "1000", "Brussel", "BE"),
    )
    account = Account.objects.get(party_id=party_id)
    if is_administrator:
        account.is_administrator = True
        account.save()
    return Person(given, family, address, language, account, actor_of(account.pk, on=TODAY))


@pytest.fixture
def person(db: None) -> MakePerson:
    """Return the function that makes somebody: `person("Jana", "De Wit", language="fr")`."""
    return make_person


def _found(name: str, language: str, founder: Person, stage: Stage, since: dt.date) -> CoopFacts:
    coop = actions.found_coop(actor=founder.actor, now=BEGAN, name=name, language=language)
    actions.change_stage(actor=founder.actor, now=BEGAN, coop_id=coop.id, stage=stage, valid_from=since)
    return coop


def _appoint(coop: CoopFacts, body: BodyKind, role: Role, person: Person, since: dt.date) -> None:
    with tenant(coop.id):
        there = {facts.kind: facts.id for facts in queries.bodies(coop.id)}
    if body not in there:
        made = actions.add_body(actor=SYSTEM, now=BEGAN, coop_id=coop.id, kind=body, valid_from=since)
        there[body] = made.id
    actions.grant_mandate(
        actor=SYSTEM,
        now=BEGAN,
        coop_id=coop.id,
        party_id=person.party_id,
        body_id=there[body],
        role=role,
        valid_from=since,
    )


def _leave_core_group(coop: CoopFacts, founder: Person) -> None:
    with tenant(coop.id):
        core = queries.office_holders(coop.id, BEGAN.date(), body=BodyKind.INITIATORS)
    actions.end_mandate(
        actor=SYSTEM, now=BEGAN, coop_id=coop.id, mandate_id=core[0].id, until=BEGAN.date() + dt.timedelta(days=1)
    )
    assert core[0].party_id == founder.party_id


@pytest.fixture
def wolkenwerf(db: None) -> Cast:
    """Return Wolkenwerf, a recognised Belgian CV since 2021, with its board and auditor."""
    since = dt.date(2021, 3, 1)
    people = {
        "chair": make_person("Amina", "El Idrissi"),
        "secretary": make_person("Bram", "Verhoeven"),
        "treasurer": make_person("Chantal", "Dubois", language="fr"),
        "director": make_person("Dirk", "Janssens"),
        "auditor": make_person("Eva", "Claes"),
    }
    coop = _found("Wolkenwerf", "nl", people["chair"], Stage.CV_RECOGNISED, since)
    for role in (Role.CHAIR, Role.SECRETARY, Role.TREASURER, Role.DIRECTOR):
        _appoint(coop, BodyKind.BOARD, role, people[role.value], since)
    _appoint(coop, BodyKind.AUDIT, Role.AUDITOR, people["auditor"], since)
    _leave_core_group(coop, people["chair"])
    return Cast(queries.coop_facts(coop.id), people)


@pytest.fixture
def nederwerf(db: None) -> Cast:
    """Return Nederwerf, a Dutch coöperatie U.A. since 2022, with chair and secretary."""
    since = dt.date(2022, 5, 2)
    people = {"chair": make_person("Femke", "de Boer"), "secretary": make_person("Gijs", "van Dam")}
    coop = _found("Nederwerf", "nl", people["chair"], Stage.NL_UA, since)
    for role in (Role.CHAIR, Role.SECRETARY):
        _appoint(coop, BodyKind.BOARD, role, people[role.value], since)
    _leave_core_group(coop, people["chair"])
    return Cast(queries.coop_facts(coop.id), people)


@pytest.fixture
def host(db: None) -> Person:
    """Return Hana, who hosts the installation and belongs to no co-operative."""
    return make_person("Hana", "Novak", language="en", is_administrator=True)


@pytest.fixture
def stranger(db: None) -> Person:
    """Return Ines, who signed in and belongs to no co-operative."""
    return make_person("Ines", "Maes")


@pytest.fixture
def zonnewerf(db: None) -> Cast:
    """Return Zonnewerf, a second recognised Belgian CV since 2021, with chair, secretary and treasurer."""
    since = dt.date(2021, 9, 1)
    people = {
        "chair": make_person("Karim", "Benali"),
        "secretary": make_person("Lotte", "Smets"),
        "treasurer": make_person("Marc", "Lambert", language="fr"),
    }
    coop = _found("Zonnewerf", "nl", people["chair"], Stage.CV_RECOGNISED, since)
    for role in (Role.CHAIR, Role.SECRETARY, Role.TREASURER):
        _appoint(coop, BodyKind.BOARD, role, people[role.value], since)
    _leave_core_group(coop, people["chair"])
    return Cast(queries.coop_facts(coop.id), people)
