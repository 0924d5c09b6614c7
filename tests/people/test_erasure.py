"""Somebody is erased: at once what no law keeps, later the rest; the register still verifies and says so."""

import datetime as dt
import io
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.test import Client

from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import BodyKind, Role
from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.traces import Trace, traces
from coopwerf.people import actions, queries
from coopwerf.people.actions import erasure_list
from coopwerf.people.models import Account, Erasure
from coopwerf.people.states import Proof, RepresentationKind
from coopwerf.register import actions as register
from coopwerf.register import queries as registers
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.models import MembershipRequest
from coopwerf.register.spreadsheets import read_sheets
from coopwerf.register.states import Ending
from tests.cast import NOW, TODAY, Cast, MakePerson, Person
from tests.register import asking

BOARD = DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="2024-01-10, item 3")
YEAR = dt.timedelta(days=366)


@pytest.fixture(autouse=True)
def list_place(tmp_path: Path, settings: Any) -> Path:
    """Keep the list of erasures of a test in a place of its own."""
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "coopwerf.messages.backend.OutboxBackend"
    return tmp_path / "erasures.jsonl"


def member(coop: Cast, person: Person, *, on: dt.date = dt.date(2024, 2, 1), shares: int = 2) -> uuid.UUID:
    """Admit a person whom another register may know, with shares of class A: no secretary does that by an id."""
    with tenant(coop.id):
        has_class = bool(registers.all_terms(coop.id, TODAY))
    if not has_class:
        register.set_class_terms(
            actor=coop.secretary.actor,
            now=NOW,
            coop_id=coop.id,
            code="A",
            valid_from=dt.date(2021, 3, 1),
            nominal=Decimal("25"),
        )
    admitted = register.record_admission(
        actor=SYSTEM,
        now=NOW,
        coop_id=coop.id,
        party_id=person.party_id,
        on=on,
        decision=BOARD,
        shares=[SharesInput(share_class="A", quantity=shares)] if shares else [],
    )
    return admitted.id


def leave(coop: Cast, member_id: uuid.UUID, on: dt.date) -> None:
    """Record that a member left."""
    register.record_ending(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        member_id=member_id,
        on=on,
        reason=Ending.EXIT,
        decision=BOARD,
    )


def proof(coop: Cast) -> registers.Proof:
    """Verify the register with its audit entries sealed."""
    chain.seal(coop_id=coop.id, at=NOW)
    with tenant(coop.id):
        return registers.verify(coop.id)


def everywhere(*texts: str) -> list[Trace]:
    """Return where texts stand, in every column of every table, as the superuser sees them."""
    connection.cursor().execute("SELECT 1")
    found: set[Trace] = set(traces(texts))
    for coop_id in chain.coops():
        with tenant(coop_id):
            found.update(traces(texts))
    return sorted(found)


def erase(party_id: uuid.UUID, now: dt.datetime = NOW) -> queries.Notice:
    """Erase somebody as the operator's command does."""
    return actions.erase_party(actor=SYSTEM, now=now, party_id=party_id)


@pytest.mark.django_db
def test_who_stands_in_no_register_is_erased_wholly(person: MakePerson, wolkenwerf: Cast) -> None:
    """Jonas signed in once, was invited and written to; afterwards his name and address are nowhere."""
    jonas = person("Jonas", "Vandewalle", email="jonas.v@example.org")
    jonas.browser().get("/")
    actions.change_contact(
        actor=jonas.actor, now=NOW, party_id=jonas.party_id, email="jonas.v@example.org", phone="+32 470 11 22 33"
    )
    EmailMessage(subject="Dear Jonas Vandewalle", body="Your code", to=["jonas.v@example.org"]).send()
    EmailMessage(subject="News", body="Jonas Vandewalle asked something.", to=["board@example.org"]).send()
    with tenant(wolkenwerf.id):
        board = next(one for one in coop_queries.bodies(wolkenwerf.id) if one.kind is BodyKind.BOARD)
    coops.invite(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        body_id=board.id,
        role=Role.DIRECTOR,
        email="jonas.v@example.org",
        language="nl",
        valid_from=TODAY,
    )
    there = {one.table for one in everywhere("Vandewalle", "jonas.v@example.org", "470 11 22 33")}
    assert there == {
        "coops_invitation", "outbox_mail", "people_account", "people_partycontact", "people_partyname",
    }  # fmt: skip
    notice = erase(jonas.party_id)
    assert notice.is_whole
    assert everywhere("Vandewalle", "jonas.v@example.org", "470 11 22 33") == []
    assert not Account.objects.filter(email="jonas.v@example.org").exists()
    assert queries.particulars_of(jonas.party_id, TODAY).is_erased
    assert proof(wolkenwerf).ok


@pytest.mark.django_db
def test_a_member_keeps_name_and_domicile_of_the_register_and_nothing_else(
    person: MakePerson, wolkenwerf: Cast
) -> None:
    """Jonas is a member who moved; what the notice lists is exactly where his name still stands."""
    jonas = person("Jonas", "Vandewalle", email="jonas.v@example.org")
    member(wolkenwerf, jonas)
    actions.change_address(
        actor=jonas.actor,
        now=NOW,
        party_id=jonas.party_id,
        street="Zavelweg",
        number="3",
        postcode="2000",
        town="Antwerpen",
        valid_from=dt.date(2025, 5, 1),
    )
    notice = erase(jonas.party_id)
    (kept,) = notice.kept
    assert kept.coop == "Wolkenwerf"
    assert kept.until is None
    assert kept.years == 10
    assert "WVV/CSA 6:24" in kept.source
    assert kept.check
    listed = {("people_partyname", str(i)) for i in notice.kept_name_ids}
    listed |= {("people_partyaddress", str(i)) for i in notice.kept_address_ids}
    found = everywhere("Vandewalle", "Zavelweg", "jonas.v@example.org")
    assert {(one.table, one.row) for one in found} <= listed
    assert {one.table for one in found} == {"people_partyname", "people_partyaddress"}
    with tenant(wolkenwerf.id):
        (before,) = registers.lines(wolkenwerf.id, dt.date(2025, 4, 30))
        (line,) = registers.lines(wolkenwerf.id, TODAY)
    assert (before.name, before.domicile) == ("Vandewalle, Jonas", "Bergstraat 12, 1000 Brussel, BE")
    assert (line.name, line.domicile) == ("Vandewalle, Jonas", "Zavelweg 3, 2000 Antwerpen, BE")
    verified = proof(wolkenwerf)
    assert verified.ok
    assert verified.verification.erased == 0


@pytest.mark.django_db
def test_when_no_law_keeps_it_any_more_the_rest_goes_and_the_chain_still_verifies(
    person: MakePerson, wolkenwerf: Cast
) -> None:
    """Ten years after Jonas left, the nightly task takes his names and their salts; his number and shares stay."""
    jonas, kim = person("Jonas", "Vandewalle"), person("Kim", "Sels")
    leave(wolkenwerf, member(wolkenwerf, jonas, shares=0), dt.date(2025, 6, 30))
    member(wolkenwerf, kim)
    (kept,) = erase(jonas.party_id).kept
    assert kept.until == dt.date(2035, 7, 1)
    almost = dt.datetime(2035, 6, 30, 12, tzinfo=dt.UTC)
    assert queries.erased_with_remains() == [jonas.party_id]
    assert not queries.may_lose_more(jonas.party_id, almost.date())
    assert actions.erase_rest(actor=SYSTEM, now=almost, party_id=jonas.party_id) == 0
    after = dt.datetime(2035, 7, 1, 12, tzinfo=dt.UTC)
    assert queries.may_lose_more(jonas.party_id, after.date())
    assert actions.erase_rest(actor=SYSTEM, now=after, party_id=jonas.party_id) == 2
    assert everywhere("Vandewalle") == []
    assert queries.erased_with_remains() == []
    with tenant(wolkenwerf.id):
        names = [line.name for line in registers.lines(wolkenwerf.id, dt.date(2025, 1, 1))]
    assert names == ["", "Sels, Kim"]
    verified = proof(wolkenwerf)
    assert verified.ok
    assert verified.verification.erased == 1
    assert Erasure.objects.filter(party_id=jonas.party_id).count() == 2


@pytest.mark.django_db
def test_who_holds_a_mandate_hands_it_over_first(wolkenwerf: Cast, host: Person) -> None:
    """A director in office and the only administrator can't vanish; the sentence says what to do."""
    for who, code in ((wolkenwerf.director, "coops.erase_after_mandate"), (host, "people.last_administrator")):
        with pytest.raises(Refused) as refused:
            erase(who.party_id)
        assert refused.value.code == code
        assert "%(" not in refused.value.message


@pytest.mark.django_db
def test_a_former_director_keeps_the_name_of_that_time(wolkenwerf: Cast) -> None:
    """Dirk's mandate ended: his name stays with it for ten years, his address doesn't."""
    dirk = wolkenwerf.director
    with tenant(wolkenwerf.id):
        (held,) = [one for one in coop_queries.mandate_history(wolkenwerf.id) if one.party_id == dirk.party_id]
    coops.end_mandate(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, mandate_id=held.id, until=TODAY - dt.timedelta(days=1)
    )
    (kept,) = erase(dirk.party_id).kept
    assert kept.until == dt.date(2036, 11, 23)
    assert len(kept.name_ids) == 1
    assert not kept.address_ids
    assert {one.table for one in everywhere("Janssens")} == {"people_partyname"}
    assert everywhere("dirk@example.org") == []
    assert proof(wolkenwerf).ok


@pytest.mark.django_db
def test_strangers_and_members_of_other_coops_erase_nobody(
    wolkenwerf: Cast, nederwerf: Cast, host: Person, stranger: Person, person: MakePerson
) -> None:
    """Neither another member, nor the secretary, nor the administrator may; and nobody skips the waiting time."""
    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, jonas)
    for actor in (stranger.actor, nederwerf.chair.actor, wolkenwerf.secretary.actor, host.actor):
        for act in (actions.ask_erasure, actions.withdraw_erasure, actions.record_download):
            with pytest.raises(Refused, match=r"people\.not_yours"):
                act(actor=actor, now=NOW, party_id=jonas.party_id)
        with pytest.raises(Refused, match=r"people\.not_waited"):
            actions.erase_party(actor=actor, now=NOW, party_id=jonas.party_id)
    with pytest.raises(Refused, match=r"people\.not_waited"):
        actions.erase_party(actor=jonas.actor, now=NOW, party_id=jonas.party_id)
    assert not queries.particulars_of(jonas.party_id, TODAY).is_erased


@pytest.mark.django_db
def test_what_one_acts_for_goes_along_unless_somebody_else_does_too(person: MakePerson) -> None:
    """Jonas acts for his daughter and for two firms; the one that Kim acts for as well stays."""
    jonas, kim = person("Jonas", "Vandewalle"), person("Kim", "Sels")

    def acts_for(kind: RepresentationKind, **facts: Any) -> uuid.UUID:
        return actions.register_represented(
            actor=jonas.actor, now=NOW, kind=kind, agent_id=jonas.party_id, proof=Proof.DECLARED, **facts
        )

    lila = acts_for(RepresentationKind.GUARDIAN, family="Vandewalle", given="Lila", valid_until=dt.date(2032, 1, 1))
    alone = acts_for(RepresentationKind.ORGANISATION, family="Bakkerij Zonnestraal", enterprise_no="BE0123456749")
    shared = acts_for(RepresentationKind.ORGANISATION, family="Werkplaats Maan", enterprise_no="KVK 12345678")
    actions.appoint_representative(
        actor=SYSTEM,
        now=NOW,
        principal_id=shared,
        agent_id=kim.party_id,
        kind=RepresentationKind.ORGANISATION,
        proof=Proof.DECLARED,
        valid_from=TODAY,
    )
    notice = erase(jonas.party_id)
    assert {one.party_id for one in notice.along} == {lila, alone}
    assert everywhere("Vandewalle", "Zonnestraal") == []
    assert queries.particulars_of(shared, TODAY).spoken == "Werkplaats Maan"
    assert queries.representatives_of(shared, on=TODAY)[0].other.party_id == kim.party_id


@pytest.mark.django_db
def test_the_list_beside_the_database_follows_it(person: MakePerson, list_place: Path) -> None:
    """Each erasure stands there once, in lines that are always written the same, after half a line too."""
    jonas = person("Jonas", "Vandewalle")
    erase(jonas.party_id)
    list_place.touch(0o600)
    list_place.write_text('{"party": "half a li')
    assert erasure_list.write_list() == 1
    assert erasure_list.write_list() == 0
    half, line = list_place.read_text().splitlines()
    assert half == '{"party": "half a li'
    assert json.loads(line) == {"party": str(jonas.party_id), "at": NOW.isoformat()}
    assert list_place.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_repeated_erasure_asks_nobody_and_may_be_repeated(wolkenwerf: Cast) -> None:
    """After a restore of an older backup Dirk is a director again; his erasure is done all the same, once."""
    dirk = wolkenwerf.director.party_id
    assert actions.repeat_erasure(actor=SYSTEM, now=NOW + YEAR, party_id=dirk, at=NOW)
    assert not actions.repeat_erasure(actor=SYSTEM, now=NOW + YEAR, party_id=dirk, at=NOW)
    unknown = uuid.uuid4()
    assert not actions.repeat_erasure(actor=SYSTEM, now=NOW + YEAR, party_id=unknown, at=NOW)
    assert queries.erasures() == [(dirk, NOW), (unknown, NOW)] or len(queries.erasures()) == 2
    assert everywhere("dirk@example.org") == []
    with pytest.raises(Refused, match=r"people\.not_waited"):
        actions.repeat_erasure(actor=wolkenwerf.chair.actor, now=NOW, party_id=dirk, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_erase_once(person: MakePerson, wolkenwerf: Cast) -> None:
    """The task and the operator erase Jonas at the same instant: one does it, the other gets a sentence."""
    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, jonas)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def try_it() -> None:
        start.wait()
        try:
            erase(jonas.party_id)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    both = [threading.Thread(target=try_it) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["done", "people.erased_already"]
    assert Erasure.objects.filter(party_id=jonas.party_id).count() == 1
    assert proof(wolkenwerf).ok


@pytest.mark.django_db(transaction=True)
def test_what_breaks_in_the_middle_leaves_everything(
    person: MakePerson, wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch, list_place: Path
) -> None:
    """A package that can't erase its part undoes the whole; nothing is noted in the list."""
    from coopwerf.register import reactions

    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, jonas)

    def breaks(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk")

    monkeypatch.setattr(reactions, "forget_salts", breaks)
    with pytest.raises(OSError, match="disk"):
        erase(jonas.party_id)
    assert Account.objects.filter(party_id=jonas.party_id).exists()
    assert queries.particulars_of(jonas.party_id, TODAY).spoken == "Jonas Vandewalle"
    assert queries.erasures() == []
    assert not list_place.exists()


@pytest.mark.django_db
def test_requests_and_a_spreadsheet_that_waits_forget_who_asked(
    person: MakePerson,
    wolkenwerf: Cast,
    nederwerf: Cast,
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Noor asked on the public form, confirmed, and asked elsewhere without confirming; her name waits in a sheet."""
    settings.MEDIA_ROOT = tmp_path / "files"
    member(wolkenwerf, person("Kim", "Sels"))
    asking.typed(Client(), wolkenwerf)
    Client().post(asking.link_in(asking.last_mail()))
    noor = asking.only_request(wolkenwerf).party_id
    assert noor is not None
    asking.typed(Client(), nederwerf, quantity="")
    with tenant(nederwerf.id):
        assert MembershipRequest.objects.get(coop_id=nederwerf.id).told["family"] == "Vandamme"
    sheet = b"naam;voornaam\nVandamme;Noor\nSels;Kim\n"
    secretary_of = {"actor": nederwerf.secretary.actor, "now": NOW, "coop_id": nederwerf.id}
    register.bring_spreadsheet(
        **secretary_of, file_name="leden.csv", content=sheet, found=read_sheets(io.BytesIO(sheet))
    )
    assert len([path for path in tmp_path.rglob("*") if path.is_file() and b"Vandamme" in path.read_bytes()]) == 2
    notice = queries.notice_of(noor, TODAY)
    assert any("request" in text for text in notice.goes)
    with django_capture_on_commit_callbacks(execute=True):
        erase(noor)
    assert everywhere("Vandamme", "noor@example.org") == []
    assert [path for path in tmp_path.rglob("*") if path.is_file() and b"Vandamme" in path.read_bytes()] == []
    assert asking.only_request(wolkenwerf).state == "withdrawn"


@pytest.mark.django_db
def test_money_that_is_still_in_the_house_goes_back_first(person: MakePerson, wolkenwerf: Cast) -> None:
    """Noor paid for a request that nobody decided: the sentence says what to do before she can be erased."""
    member(wolkenwerf, person("Kim", "Sels"))
    asked = asking.asked(wolkenwerf, paid="75.00", email="noor@example.org")
    with tenant(wolkenwerf.id):
        noor = MembershipRequest.objects.get(pk=asked.id).party_id
    assert noor is not None
    with pytest.raises(Refused, match=r"register\.erase_after_payment"):
        erase(noor)


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_while_being_admitted_is_not_admitted(
    person: MakePerson, wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board admits Jonas from what it read a moment ago; meanwhile he was erased: refused, and nothing written."""
    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, person("Kim", "Sels"))
    append = chain.append

    def erased_first(**facts: Any) -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(lambda: (erase(jonas.party_id), connections.close_all())).result()
        append(**facts)

    monkeypatch.setattr(chain, "append", erased_first)
    with pytest.raises(Refused, match=r"register\.party_without_name"):
        member(wolkenwerf, jonas)
    monkeypatch.undo()
    with tenant(wolkenwerf.id):
        assert [line.name for line in registers.lines(wolkenwerf.id, TODAY)] == ["Sels, Kim"]
    assert proof(wolkenwerf).ok
