"""A keeper writes down a member's changed name, address or contact: for who lives on paper, and no step further."""

import datetime as dt
import html
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from coopwerf.coops import actions as coop_actions
from coopwerf.coops import queries as coops
from coopwerf.coops.states import BodyKind, Role
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people_queries
from coopwerf.people.models import Account
from coopwerf.people.states import Address, PartyKind, Proof, RepresentationKind
from coopwerf.register import actions, queries
from coopwerf.register.states import Ending
from tests.cast import NOW, TODAY, Cast, MakePerson, Person

from .asking import asked, only_request
from .test_recording import english
from .test_register import BOARD, proof

pytestmark = pytest.mark.django_db
SINCE = dt.date(2024, 1, 10)


def on_paper(coop: Cast, *, admit: bool = True, **facts: Any) -> uuid.UUID:
    """Return a member who lives on paper: registered by the secretary, with no way to sign in."""
    told: dict[str, Any] = {"kind": PartyKind.PERSON, "family": "Peeters", "given": "Jana", "language": "nl", **facts}
    home = Address("Kerkstraat", "1", "", "9000", "Gent", "BE")
    party_id = people.register_party(actor=SYSTEM, now=NOW, address=home, valid_from=SINCE, **told)
    if admit:
        enter(coop, party_id)
    return party_id


def enter(coop: Cast, party_id: uuid.UUID) -> None:
    """Admit somebody without shares, whom another register may know: no secretary does that by an id."""
    actions.record_admission(actor=SYSTEM, now=NOW, coop_id=coop.id, party_id=party_id, on=SINCE, decision=BOARD)


def rename(who: Actor, coop: Cast | None, party_id: uuid.UUID, family: str = "Maes") -> None:
    """Record another name from June 2024 on."""
    people.change_name(
        actor=who,
        now=NOW,
        party_id=party_id,
        family=family,
        given="Jana",
        valid_from=dt.date(2024, 6, 1),
        coop_id=coop.id if coop else None,
    )


def move(who: Actor, coop: Cast | None, party_id: uuid.UUID, town: str = "Brugge") -> None:
    """Record another address from March 2025 on."""
    people.change_address(
        actor=who,
        now=NOW,
        party_id=party_id,
        street="Markt",
        number="2",
        postcode="8000",
        town=town,
        valid_from=dt.date(2025, 3, 1),
        coop_id=coop.id if coop else None,
    )


def reach(who: Actor, coop: Cast | None, party_id: uuid.UUID, email: str = "mallory@example.org") -> None:
    """Record how somebody is reached."""
    people.change_contact(
        actor=who, now=NOW, party_id=party_id, email=email, phone="", coop_id=coop.id if coop else None
    )


def read(coop: Cast, at: dt.date = TODAY) -> list[tuple[str, str]]:
    """Return name and town of every member on a date."""
    with tenant(coop.id):
        return [(line.name, line.town) for line in queries.lines(coop.id, at)]


def refused(act: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    """Return the code with which an act is refused."""
    with pytest.raises(Refused) as why:
        act(*args, **kwargs)
    return why.value.code


@pytest.mark.parametrize("role", ["chair", "secretary", "treasurer"])
def test_who_keeps_the_register_records_name_and_address(wolkenwerf: Cast, role: str) -> None:
    """Chair, secretary and treasurer may; the register follows, each date reads as it was, and the trail says who."""
    jana = on_paper(wolkenwerf)
    keeper = wolkenwerf.people[role].actor
    rename(keeper, wolkenwerf, jana)
    move(keeper, wolkenwerf, jana)
    assert read(wolkenwerf, dt.date(2024, 5, 31)) == [("Peeters, Jana", "Gent")]
    assert read(wolkenwerf, dt.date(2024, 6, 1)) == [("Maes, Jana", "Gent")]
    assert read(wolkenwerf) == [("Maes, Jana", "Brugge")]
    with tenant(wolkenwerf.id):
        entries = AuditEntry.objects.filter(subject_id=jana, verb__in=("people.name_changed", "people.address_changed"))
        told = [(entry.coop_id, entry.actor_id, entry.facts["by"]) for entry in entries]
    assert told == [(wolkenwerf.id, keeper.party_id, "keeper")] * 2
    assert proof(wolkenwerf).ok


@pytest.mark.parametrize("role", ["director", "auditor"])
def test_who_only_looks_writes_nothing(wolkenwerf: Cast, role: str) -> None:
    """A director and an auditor see the register and don't keep it."""
    jana = on_paper(wolkenwerf)
    for act in (rename, move, reach):
        assert refused(act, wolkenwerf.people[role].actor, wolkenwerf, jana) == "people.not_yours"
    assert read(wolkenwerf) == [("Peeters, Jana", "Gent")]


def test_nobody_from_outside_writes_anything(
    wolkenwerf: Cast, nederwerf: Cast, stranger: Person, host: Person, person: MakePerson
) -> None:
    """Another co-operative's secretary, its member, a stranger, the host: through neither door, with neither key."""
    jana = on_paper(wolkenwerf)
    member = person("Karel")
    enter(nederwerf, member.party_id)
    for who in (nederwerf.secretary, nederwerf.chair, member, stranger, host):
        for act in (rename, move, reach):
            for door in (wolkenwerf, nederwerf, None):
                assert refused(act, who.actor, door, jana) == "people.not_yours"
    assert read(wolkenwerf) == [("Peeters, Jana", "Gent")]


def test_a_mandate_that_ended_keeps_nothing(wolkenwerf: Cast) -> None:
    """The treasurer of last week may no longer."""
    jana = on_paper(wolkenwerf)
    with tenant(wolkenwerf.id):
        (held,) = coops.office_holders(wolkenwerf.id, TODAY, role=Role.TREASURER, body=BodyKind.BOARD)
    coop_actions.end_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        mandate_id=held.id,
        until=TODAY - dt.timedelta(days=7),
    )
    for act in (rename, move, reach):
        assert refused(act, wolkenwerf.treasurer.actor, wolkenwerf, jana) == "people.not_yours"


def test_keeping_the_register_lets_nobody_act_for_its_members(wolkenwerf: Cast) -> None:
    """A secretary who could appoint themselves would get into every co-operative of that party."""
    jana = on_paper(wolkenwerf)
    bakery = on_paper(wolkenwerf, kind=PartyKind.ORGANISATION, family="Bakkerij", given="")
    secretary = wolkenwerf.secretary
    for principal, kind in ((jana, RepresentationKind.GUARDIAN), (bakery, RepresentationKind.ORGANISATION)):
        why = refused(
            people.appoint_representative,
            actor=secretary.actor,
            now=NOW,
            principal_id=principal,
            agent_id=secretary.party_id,
            kind=kind,
            proof=Proof.DECLARED,
            valid_from=TODAY,
            valid_until=TODAY + dt.timedelta(days=30),
            coop_id=wolkenwerf.id,
        )
        assert why == "people.not_yours"
    why = refused(
        people.register_represented,
        actor=secretary.actor,
        now=NOW,
        kind=RepresentationKind.ORGANISATION,
        agent_id=jana,
        family="Valse bakkerij",
        enterprise_no="0403.170.701",
        proof=Proof.DECLARED,
        coop_id=wolkenwerf.id,
    )
    assert why == "people.not_yours"
    assert refused(people.change_language, actor=secretary.actor, now=NOW, party_id=jana, language="fr")


def test_a_contact_is_written_down_for_who_lives_on_paper(wolkenwerf: Cast) -> None:
    """Jana brings her new address for mail to the secretary: she can sign in, and from then on it is hers alone."""
    jana = on_paper(wolkenwerf)
    reach(wolkenwerf.secretary.actor, wolkenwerf, jana, "jana@example.net")
    assert people_queries.actor_by_email("jana@example.net", on=TODAY).party_id == jana
    with tenant(wolkenwerf.id):
        entry = AuditEntry.objects.get(subject_id=jana, verb="people.contact_changed")
    assert (entry.coop_id, entry.facts) == (wolkenwerf.id, {"email": True, "phone": False, "by": "keeper"})
    assert refused(reach, wolkenwerf.secretary.actor, wolkenwerf, jana) == "people.contact_is_theirs"


def test_a_contact_is_no_way_into_another_co_operative(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """The attack: Nederwerf's secretary gives a member of both their own address for mail, and signs in as them."""
    jana = on_paper(wolkenwerf)
    enter(nederwerf, jana)
    for coop, other in ((nederwerf, wolkenwerf), (wolkenwerf, nederwerf)):
        keeper = coop.secretary
        assert refused(reach, keeper.actor, coop, jana) == "people.contact_is_theirs"
        assert refused(reach, keeper.actor, coop, jana, keeper.email) == "people.contact_is_theirs"
        signed_in = people_queries.actor_by_email(keeper.email, on=TODAY)
        assert jana not in signed_in.parties
        assert keeper.browser().get(other.url("register/members/1/")).status_code in (403, 404)
    assert not Account.objects.filter(party_id=jana).exists()
    assert people_queries.contact_of(jana).email == ""


def _mandate(coop: Cast, party_id: uuid.UUID, role: Role) -> None:
    with tenant(coop.id):
        board = next(body.id for body in coops.bodies(coop.id) if body.kind is BodyKind.BOARD)
    coop_actions.grant_mandate(
        actor=SYSTEM, now=NOW, coop_id=coop.id, party_id=party_id, body_id=board, role=role, valid_from=TODAY
    )


def test_a_mandate_elsewhere_or_one_beyond_the_keeper_stands_in_the_way(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Whoever reads a director's mail is the director: there, and here for who couldn't make them one."""
    jana = on_paper(wolkenwerf)
    _mandate(nederwerf, jana, Role.DIRECTOR)
    assert refused(reach, wolkenwerf.chair.actor, wolkenwerf, jana) == "people.contact_is_theirs"
    karel = on_paper(wolkenwerf, given="Karel")
    _mandate(wolkenwerf, karel, Role.CHAIR)
    assert refused(reach, wolkenwerf.treasurer.actor, wolkenwerf, karel) == "people.contact_is_theirs"
    reach(wolkenwerf.secretary.actor, wolkenwerf, karel, "karel@example.net")
    assert people_queries.contact_of(karel).email == "karel@example.net"


def test_a_request_elsewhere_stands_in_the_way(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Who asks to become a member elsewhere would be one soon, under the keeper's address."""
    asked(nederwerf, "Jana", 0)
    party_id = only_request(nederwerf).party_id
    assert party_id is not None
    enter(wolkenwerf, party_id)
    assert refused(reach, wolkenwerf.chair.actor, wolkenwerf, party_id) == "people.contact_is_theirs"


def test_an_account_or_acting_for_another_stands_in_the_way(wolkenwerf: Cast, person: MakePerson) -> None:
    """Somebody who signs in, also one whose account is switched off, and somebody who acts for an organisation."""
    karel = person("Karel")
    enter(wolkenwerf, karel.party_id)
    assert refused(reach, wolkenwerf.chair.actor, wolkenwerf, karel.party_id) == "people.contact_is_theirs"
    Account.objects.filter(pk=karel.account.pk).update(is_active=False)
    assert refused(reach, wolkenwerf.chair.actor, wolkenwerf, karel.party_id) == "people.contact_is_theirs"
    jana = on_paper(wolkenwerf)
    people.register_represented(
        actor=SYSTEM,
        now=NOW,
        kind=RepresentationKind.ORGANISATION,
        agent_id=jana,
        family="Bakkerij",
        enterprise_no="0403.170.701",
        proof=Proof.DECLARED,
    )
    assert refused(reach, wolkenwerf.chair.actor, wolkenwerf, jana) == "people.contact_is_theirs"


def test_the_refusal_says_who_can_and_not_why(wolkenwerf: Cast) -> None:
    """One sentence for all reasons: it names My data, and no other register."""
    jana = on_paper(wolkenwerf, email="jana@example.net")
    with tenant(wolkenwerf.id):
        verdict = people_policies.may_change_contact(wolkenwerf.chair.actor, jana, wolkenwerf.id, TODAY)
    assert "My data" in verdict.reason
    assert not verdict.facts


# On the page


def post(browser: Client, address: str, given: Mapping[str, object], step: str = "look") -> str:
    """Send the form and return the page that comes next."""
    answer = browser.post(address, {**given, "step": step}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\xa0", " ")


def hidden(shown: str) -> dict[str, str]:
    """Return what the page with before and after carries along."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', shown)
    kept = {name: html.unescape(value) for name, value in found}
    return {name: value for name, value in kept.items() if name not in ("csrfmiddlewaretoken", "next")}


MOVED = {"street": "Markt", "number": "2", "postcode": "8000", "town": "Brugge", "country": "BE"}


def test_a_move_is_shown_before_it_is_written(wolkenwerf: Cast) -> None:
    """From the member's page: fill in, see before and after, confirm, and read on the member's page what happened."""
    on_paper(wolkenwerf)
    browser = english(wolkenwerf.secretary)
    there = wolkenwerf.url("register/members/1/change/address/")
    assert there in browser.get(wolkenwerf.url("register/members/1/")).content.decode()
    assert 'value="Kerkstraat"' in browser.get(there).content.decode()
    shown = post(browser, there, {**MOVED, "valid_from": "01-03-2025"})
    assert "Kerkstraat 1, 9000 Gent" in shown
    assert "Markt 2, 8000 Brugge" in shown
    assert read(wolkenwerf) == [("Peeters, Jana", "Gent")]
    page = post(browser, there, hidden(shown), "record")
    assert "Recorded: from 1 March 2025 on the address is Markt 2, 8000 Brugge." in page
    assert read(wolkenwerf) == [("Peeters, Jana", "Brugge")]
    again = post(browser, there, hidden(shown), "record")
    assert "this is what stands there already" in again
    with tenant(wolkenwerf.id):
        member = queries.member_by_number(wolkenwerf.id, 1)
        assert member is not None
        assert len(queries.names_of(wolkenwerf.id, member.party_id)) == 2


def test_a_past_date_is_put_right(wolkenwerf: Cast) -> None:
    """The street was wrong from the first day on: what holds from later stays, and the page says so."""
    jana = on_paper(wolkenwerf)
    move(wolkenwerf.secretary.actor, wolkenwerf, jana)
    browser = english(wolkenwerf.treasurer)
    there = wolkenwerf.url("register/members/1/change/address/")
    page = browser.get(wolkenwerf.url("register/members/1/")).content.decode()
    assert f"{there}?on=2024-01-10" in page
    form = browser.get(there, {"on": "2024-01-10"}).content.decode()
    assert 'value="Kerkstraat"' in form
    assert 'value="10-01-2024"' in form
    right = {**MOVED, "street": "Kerklaan", "postcode": "9000", "town": "Aalst", "valid_from": "10-01-2024"}
    shown = post(browser, there, right)
    plain = " ".join(re.sub(r"<[^>]+>", "", shown).split())
    assert "From 1 March 2025 on “Markt 2, 8000 Brugge” stands there already" in plain
    post(browser, there, hidden(shown), "record")
    assert read(wolkenwerf, SINCE) == [("Peeters, Jana", "Aalst")]
    assert read(wolkenwerf) == [("Peeters, Jana", "Brugge")]
    assert proof(wolkenwerf).ok


def test_two_at_once_and_the_second_looks_again(wolkenwerf: Cast) -> None:
    """Chair and secretary both looked at the same; who confirms second sees what the first wrote."""
    on_paper(wolkenwerf)
    one, two = english(wolkenwerf.chair), english(wolkenwerf.secretary)
    there = wolkenwerf.url("register/members/1/change/name/")
    first = post(one, there, {"given": "Jana", "family": "Maes", "valid_from": "01-06-2024"})
    second = post(two, there, {"given": "Jana", "family": "Claes", "valid_from": "01-06-2024"})
    assert "the name is Jana Maes" in post(one, there, hidden(first), "record")
    warned = post(two, there, hidden(second), "record")
    assert "Somebody else changed this a moment ago" in warned
    assert "Maes, Jana" in warned
    assert read(wolkenwerf) == [("Maes, Jana", "Gent")]
    assert "the name is Jana Claes" in post(two, there, hidden(warned), "record")
    assert read(wolkenwerf) == [("Claes, Jana", "Gent")]
    assert proof(wolkenwerf).ok


@pytest.mark.parametrize(
    ("family", "shown"),
    [
        ("O'Neill-<b>Ünal</b>", "O&#x27;Neill-&lt;b&gt;Ünal&lt;/b&gt;"),
        ("محمد", "محمد"),
        ("Mae\u202es", "Maes"),
        ("Zoe\u0308", "Zoë"),
        ("{{ 7|add:7 }} %(name)s", "{{ 7|add:7 }} %(name)s"),
    ],
)
def test_a_weird_name_is_written_as_it_is(wolkenwerf: Cast, family: str, shown: str) -> None:
    """Signs, scripts and marks that turn the reading direction: escaped, composed, and never run."""
    on_paper(wolkenwerf)
    browser = english(wolkenwerf.secretary)
    there = wolkenwerf.url("register/members/1/change/name/")
    look = post(browser, there, {"given": "Jana", "family": family, "valid_from": "01-06-2024"})
    assert f"{shown}, Jana" in look
    assert f"the name is Jana {shown}" in post(browser, there, hidden(look), "record")
    assert proof(wolkenwerf).ok


@pytest.mark.parametrize(
    ("what", "given", "beside"),
    [
        ("name", {"family": "", "valid_from": "01-06-2024"}, "id_family-error"),
        ("name", {"family": "\u200b", "valid_from": "01-06-2024"}, "id_family-error"),
        ("name", {"family": "x" * 501, "valid_from": "01-06-2024"}, "id_family-error"),
        ("name", {"family": "Maes", "valid_from": "31-02-2024"}, "id_valid_from-error"),
        ("name", {"family": "Maes", "valid_from": "01-01-1700"}, "id_valid_from-error"),
        ("name", {"family": "Maes", "valid_from": "01-01-2099"}, "id_valid_from-error"),
        ("address", {**MOVED, "street": "", "valid_from": "01-06-2024"}, "id_street-error"),
        ("address", {**MOVED, "country": "XX", "valid_from": "01-06-2024"}, "id_country-error"),
        ("contact", {"email": "no address", "phone": ""}, "id_email-error"),
        ("contact", {"email": "", "phone": "call me"}, "id_phone-error"),
        ("contact", {"email": "", "phone": ""}, "Nothing was changed"),
    ],
)
def test_what_cant_be_meant_is_said_beside_its_field(
    wolkenwerf: Cast, what: str, given: dict[str, str], beside: str
) -> None:
    """Nothing is written, and nothing that was typed is lost."""
    on_paper(wolkenwerf)
    page = post(english(wolkenwerf.secretary), wolkenwerf.url(f"register/members/1/change/{what}/"), given)
    assert beside in page
    assert "This is what will change" not in page
    assert read(wolkenwerf) == [("Peeters, Jana", "Gent")]


def test_an_organisation_has_its_number_checked(wolkenwerf: Cast) -> None:
    """A wrong enterprise number is refused beside its field; the right one is shown and written."""
    on_paper(wolkenwerf, kind=PartyKind.ORGANISATION, family="Bakkerij", given="")
    browser = english(wolkenwerf.secretary)
    there = wolkenwerf.url("register/members/1/change/name/")
    told = {"family": "Bakkerij De Korst", "legal_form": "bv", "valid_from": "01-06-2024"}
    wrong = post(browser, there, {**told, "enterprise_no": "0403.170.702"})
    assert "id_enterprise_no-error" in wrong
    assert "De Korst" in wrong
    shown = post(browser, there, {**told, "enterprise_no": "0403.170.701"})
    assert "BE0403170701" in shown
    post(browser, there, hidden(shown), "record")
    with tenant(wolkenwerf.id):
        (line,) = queries.lines(wolkenwerf.id, TODAY)
    assert line.enterprise_no == "BE0403170701"
    assert "De Korst" in line.name
    contact = wolkenwerf.url("register/members/1/change/contact/")
    shown = post(browser, contact, {"email": "korst@example.net", "phone": "+32 9 123 45 67"})
    assert "can sign in" not in shown
    post(browser, contact, hidden(shown), "record")
    assert not Account.objects.filter(email="korst@example.net").exists()


def test_the_page_of_a_contact_warns_and_then_closes(wolkenwerf: Cast) -> None:
    """It says that its reader can sign in; afterwards the page says who can change it."""
    on_paper(wolkenwerf)
    browser = english(wolkenwerf.secretary)
    there = wolkenwerf.url("register/members/1/change/contact/")
    shown = post(browser, there, {"email": "Jana@Example.net", "phone": ""})
    assert "Whoever reads mail at this address can sign in as this member" in shown
    assert not Account.objects.filter(email="jana@example.net").exists()
    assert "this is how we reach them" in post(browser, there, hidden(shown), "record")
    closed = browser.get(there).content.decode()
    assert "Only they can change it, under My data" in closed
    assert "jana@example.net" not in closed
    assert browser.post(there, {"email": "mallory@example.org", "phone": "", "step": "record"}).status_code == 403


def test_the_pages_are_closed_to_everybody_else(
    wolkenwerf: Cast, nederwerf: Cast, stranger: Person, person: MakePerson
) -> None:
    """A director sees why not; a member, a stranger and another co-operative's secretary don't come in."""
    on_paper(wolkenwerf)
    member = person("Karel")
    enter(wolkenwerf, member.party_id)
    told = {"given": "Jana", "family": "Maes", "valid_from": "01-06-2024", "step": "record"}
    for what in ("name", "address", "contact"):
        there = wolkenwerf.url(f"register/members/1/change/{what}/")
        seen = english(wolkenwerf.director).get(there)
        assert seen.status_code == 200
        assert "<form" not in seen.content.decode().split("<main")[1]
        assert wolkenwerf.director.browser().post(there, told).status_code == 403
        for who in (member, stranger, nederwerf.secretary):
            assert who.browser().get(there).status_code in (403, 404)
            assert who.browser().post(there, told).status_code in (403, 404)
        assert Client().post(there, told).status_code in (302, 403, 404)
    assert wolkenwerf.secretary.browser().get(wolkenwerf.url("register/members/1/change/shares/")).status_code == 404
    assert wolkenwerf.secretary.browser().get(wolkenwerf.url("register/members/9/change/name/")).status_code == 404
    assert [name for name, _town in read(wolkenwerf)] == ["Peeters, Jana", "Peeters, Karel"]


def test_who_was_erased_isnt_named_again(wolkenwerf: Cast) -> None:
    """Nothing can be written about them; the page says so, and the member's page doesn't offer it."""
    jana = on_paper(wolkenwerf)
    with tenant(wolkenwerf.id):
        member = queries.member_by_number(wolkenwerf.id, 1)
        assert member is not None
    actions.record_ending(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        member_id=member.id,
        on=dt.date(2024, 2, 1),
        reason=Ending.UNKNOWN,
        decision=BOARD,
    )
    people.erase_party(actor=SYSTEM, now=NOW, party_id=jana)
    assert refused(rename, wolkenwerf.secretary.actor, wolkenwerf, jana) == "people.unknown"
    page = english(wolkenwerf.secretary).get(wolkenwerf.url("register/members/1/change/name/")).content.decode()
    assert "has no name here" in page
