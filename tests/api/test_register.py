"""The register for programs: as of a day, as known at a position, page by page; and asking to become a member."""

import datetime as dt
import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import ApiAnswer
from coopwerf.register import actions
from coopwerf.register.models import MembershipRequest
from tests.cast import NOW, Cast, MakePerson, Person

from .programs import Program, places, problem, program

BEGUN = dt.date(2026, 1, 1)
DECISION = actions.DecisionInput(body="board", on=BEGUN, reference="2026-01-01, 1")


def shares(cast: Cast) -> None:
    """Open a class of shares of 25 euro."""
    actions.set_class_terms(
        actor=cast.chair.actor, now=NOW, coop_id=cast.id, code="A", valid_from=BEGUN, nominal=Decimal(25)
    )


def admitted(cast: Cast, *people: Person, on: dt.date = BEGUN) -> list[actions.Admitted]:
    """Admit people with two shares each, paid."""
    return [
        actions.record_admission(
            actor=cast.secretary.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=one.party_id,
            on=on,
            decision=DECISION,
            shares=[actions.SharesInput(share_class="A", quantity=2, paid=Decimal(50))],
        )
        for one in people
    ]


@pytest.mark.django_db
def test_the_register_as_of_a_day(wolkenwerf: Cast, person: MakePerson) -> None:
    """The secretary's program reads who was a member on a day, with amounts as text."""
    shares(wolkenwerf)
    admitted(wolkenwerf, person("Jana", "De Wit"))
    admitted(wolkenwerf, person("Kobe", "Maes"), on=dt.date(2026, 3, 1))
    hers = program(wolkenwerf.secretary, "register.read")
    then = hers.get("/coops/wolkenwerf/register?at=2026-02-01").json()
    assert [one["name"] for one in then["items"]] == ["De Wit, Jana"]
    assert then["items"][0]["holdings"] == [
        {"share_class": "A", "shares": 2, "amount_per_share": "25.00", "paid": "50.00"}
    ]
    now = hers.get("/coops/wolkenwerf/register").json()
    assert [one["number"] for one in now["items"]] == [1, 2]
    assert now["head"].startswith(f"{now['known']}:")
    totals = hers.get("/coops/wolkenwerf/register/totals?at=2026-02-01").json()
    assert (totals["members"], totals["paid"]) == (1, "50.00")
    assert totals["classes"] == [{"share_class": "A", "shares": 2, "paid": "50.00"}]


@pytest.mark.django_db
def test_pages_are_of_one_moment(wolkenwerf: Cast, person: MakePerson) -> None:
    """What is written while a program turns pages isn't on them, and nobody is missed or told twice."""
    shares(wolkenwerf)
    admitted(wolkenwerf, *(person(f"Lid{n}") for n in range(5)))
    hers = program(wolkenwerf.secretary, "register.read")
    page = hers.get("/coops/wolkenwerf/register?limit=2").json()
    known, numbers = page["known"], [one["number"] for one in page["items"]]
    admitted(wolkenwerf, person("Laat"))
    while page["next"]:
        page = hers.get(f"/coops/wolkenwerf/register?limit=2&cursor={page['next']}").json()
        assert page["known"] == known
        numbers += [one["number"] for one in page["items"]]
    assert numbers == [1, 2, 3, 4, 5]
    assert len(hers.get("/coops/wolkenwerf/register").json()["items"]) == 6
    assert len(hers.get(f"/coops/wolkenwerf/register?known={known}").json()["items"]) == 5


@pytest.mark.django_db
def test_a_cursor_is_of_one_list(wolkenwerf: Cast, person: MakePerson) -> None:
    """One that is made up, or of another list, is refused."""
    shares(wolkenwerf)
    admitted(wolkenwerf, *(person(f"Lid{n}") for n in range(3)))
    hers = program(wolkenwerf.secretary)
    cursor = hers.get("/coops/wolkenwerf/register?limit=1").json()["next"]
    for address in (f"register?at=2026-02-01&cursor={cursor}", "register?cursor=x", f"requests?cursor={cursor}"):
        answer = hers.get(f"/coops/wolkenwerf/{address}")
        assert problem(answer) == (422, "kernel.api_cursor")
        assert places(answer) == ["query.cursor"]


@pytest.mark.django_db
def test_what_is_known_already_isnt_sent_again(wolkenwerf: Cast, person: MakePerson) -> None:
    """The register as known at a position has a mark; once a name is erased, the mark is another."""
    shares(wolkenwerf)
    jana = person("Jana", "De Wit")
    admitted(wolkenwerf, jana)
    hers = program(wolkenwerf.secretary, "register.read")
    first = hers.get("/coops/wolkenwerf/register")
    known = first.json()["known"]
    address = f"/coops/wolkenwerf/register?known={known}"
    mark = hers.get(address).headers["ETag"]
    assert mark == first.headers["ETag"]
    again = hers.get(address, **{"if-none-match": mark})
    assert (again.status_code, again.content) == (304, b"")
    admitted(wolkenwerf, person("Kobe"))
    assert hers.get(address, **{"if-none-match": mark}).status_code == 304
    assert hers.get("/coops/wolkenwerf/register", **{"if-none-match": mark}).status_code == 200


@pytest.mark.django_db
def test_a_member_sees_their_own(wolkenwerf: Cast, person: MakePerson) -> None:
    """Jana's program reads what she holds, and neither the register nor what others ask."""
    shares(wolkenwerf)
    jana, kobe = person("Jana", "De Wit"), person("Kobe")
    admitted(wolkenwerf, jana, kobe)
    hers = program(jana)
    mine = hers.get("/me/memberships").json()["items"]
    assert [(one["coop"], one["member"]["name"]) for one in mine] == [("wolkenwerf", "De Wit, Jana")]
    assert mine[0]["member"]["paid"] == "50.00"
    for address in ("register", "register/totals", "requests", "subscriptions", "ledger/entries", "ledger/balances"):
        assert problem(hers.get(f"/coops/wolkenwerf/{address}")) == (403, "coops.lacks_power"), address


@pytest.mark.django_db
def test_another_cooperatives_secretary_sees_nothing(wolkenwerf: Cast, nederwerf: Cast, person: MakePerson) -> None:
    """Whatever his token opens at home; and what may be there is as if it weren't."""
    shares(wolkenwerf)
    asked = actions.ask_for_oneself(
        actor=(asker := person("Jana")).actor,
        now=clock.now(),
        coop_id=wolkenwerf.id,
        party_id=asker.party_id,
        shares=actions_shares(2),
    )
    his = program(nederwerf.secretary)
    for address in ("register", "register/totals", "requests", "ledger/entries"):
        assert problem(his.get(f"/coops/wolkenwerf/{address}"))[0] == 403, address
    assert problem(his.get(f"/coops/wolkenwerf/requests/{asked.id}")) == (404, "kernel.api_not_found")
    assert problem(his.get(f"/coops/nederwerf/requests/{asked.id}")) == (404, "kernel.api_not_found")
    assert his.get("/me/memberships").json()["items"] == []
    assert his.get("/me/requests").json()["items"] == []
    assert program(asker).get(f"/coops/wolkenwerf/requests/{asked.id}").json()["name"] == "Jana Peeters"


def actions_shares(quantity: int) -> Any:
    """Return so many shares of class A."""
    from coopwerf.register.states import SharesAsked

    return SharesAsked(share_class="A", quantity=quantity)


def ask(program: Program, quantity: int = 2, key: str = "") -> Any:
    """Ask Wolkenwerf for shares."""
    body = {"shares": {"share_class": "A", "quantity": quantity}}
    return program.post("/coops/wolkenwerf/requests", body, key=key)


@pytest.mark.django_db
def test_asking_once(wolkenwerf: Cast, person: MakePerson) -> None:
    """The same key does nothing again, and answers the same; another request needs another key."""
    shares(wolkenwerf)
    jana = person("Jana")
    hers = program(jana)
    key = str(uuid.uuid4())
    first, again = ask(hers, key=key), ask(hers, key=key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert [one.headers["Idempotency-Replayed"] for one in (first, again)] == ["false", "true"]
    assert first.json()["price"] == "50.00"
    assert problem(ask(hers, 3, key=key)) == (422, "kernel.api_key_reused")
    assert problem(ask(hers, 3)) == (409, "register.asked_already")
    with tenant(wolkenwerf.id):
        assert MembershipRequest.objects.count() == 1
        done = AuditEntry.objects.get(verb="register.membership_asked_by_holder")
    assert (done.actor_id, done.facts["token"]) == (jana.party_id, str(hers.token_id))
    assert hers.get("/me/requests").json()["items"] == [first.json()]


@pytest.mark.django_db
def test_what_was_refused_can_be_tried_again(wolkenwerf: Cast, person: MakePerson) -> None:
    """Nothing is kept of what wasn't done; and a day later a key is free."""
    shares(wolkenwerf)
    hers = program(person("Jana"))
    body = {"shares": {"share_class": "Z", "quantity": 1}}
    assert problem(hers.post("/coops/wolkenwerf/requests", body, key="samesame")) == (422, "register.class_unknown")
    assert not ApiAnswer.objects.exists()
    assert ask(hers, key="samesame").status_code == 201
    ApiAnswer.objects.update(made_at=clock.now() - dt.timedelta(hours=25))
    assert problem(ask(hers, key="samesame")) == (409, "register.asked_already")


@pytest.mark.django_db
def test_two_programs_may_use_the_same_key(wolkenwerf: Cast, person: MakePerson) -> None:
    """A key is a token's own."""
    shares(wolkenwerf)
    hers, his = program(person("Jana")), program(person("Kobe"))
    assert {ask(one, key="samesame").json()["name"] for one in (hers, his)} == {"Jana Peeters", "Kobe Peeters"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once(wolkenwerf: Cast, person: MakePerson) -> None:
    """A program that loses patience and sends again while the first is under way gets the same answer."""
    shares(wolkenwerf)
    hers = program(person("Jana"))
    answers: list[Any] = []
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        try:
            answers.append(ask(hers, key="at once!"[:8].replace(" ", "_")))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.content for one in answers}) == 1
    assert sorted(one.headers["Idempotency-Replayed"] for one in answers) == ["false", "true", "true", "true"]
    with tenant(wolkenwerf.id):
        assert MembershipRequest.objects.count() == 1


@pytest.mark.django_db
def test_nobody_asks_for_another(wolkenwerf: Cast, person: MakePerson) -> None:
    """For whom one doesn't act one can't ask, and a token that only reads can't ask at all."""
    shares(wolkenwerf)
    jana, kobe = person("Jana"), person("Kobe")
    body = {"party_id": str(kobe.party_id), "shares": {"share_class": "A", "quantity": 1}}
    assert problem(program(jana).post("/coops/wolkenwerf/requests", body)) == (403, "people.not_yours")
    reading = program(jana, "subscriptions.read")
    assert problem(ask(reading)) == (403, "kernel.api_scope_missing")


@pytest.mark.django_db
def test_what_doesnt_fit_is_told_by_its_place(wolkenwerf: Cast) -> None:
    """Each problem says where, in the language of the program."""
    hers = program(wolkenwerf.secretary)
    asked = hers.post("/coops/wolkenwerf/requests", {"shares": {"share_class": "A", "quantity": 0}, "more": 1})
    assert problem(asked) == (422, "kernel.api_invalid")
    assert sorted(places(asked)) == ["body.more", "body.shares.quantity"]
    for query, place in (
        ("at=2026-02-30", "query.at"),
        ("at=1780000000", "query.at"),
        ("known=-1", "query.known"),
        (f"known={10**30}", "query.known"),
        ("limit=0", "query.limit"),
        ("state=gone", "query.state"),
        ("share_class=%00", "query.share_class"),
        ("colour=red", "query.colour"),
    ):
        answer = hers.get(f"/coops/wolkenwerf/register?{query}")
        assert problem(answer) == (422, "kernel.api_invalid"), query
        assert places(answer) == [place]
    hers.language = "fr"
    assert "manqu" in hers.post("/coops/wolkenwerf/requests", {"shares": {}}).json()["errors"][0]["detail"]


@pytest.mark.django_db
def test_what_isnt_an_address_or_a_body(wolkenwerf: Cast) -> None:
    """Unknown addresses, methods, media types, sizes and unreadable bodies are problems too, never pages."""
    hers = program(wolkenwerf.secretary)
    assert problem(hers.get("/nowhere")) == (404, "kernel.api_not_found")
    assert problem(hers.get("/coops/%00/register")) == (404, "kernel.api_not_found")
    assert problem(hers.get("/coops/nobody/register")) == (404, "kernel.api_not_found")
    assert problem(hers.get("/coops/wolkenwerf/requests/7")) == (404, "kernel.api_not_found")
    answer = hers.post("/me", {})
    assert problem(answer) == (405, "kernel.api_method")
    assert "GET" in answer.headers["Allow"]
    assert problem(hers.get("/me", accept="image/png")) == (406, "kernel.api_not_acceptable")
    assert problem(hers.post("/coops/wolkenwerf/requests", b"{")) == (400, "kernel.api_unreadable")
    assert problem(hers.post("/coops/wolkenwerf/requests", b"[" * 100_000)) == (400, "kernel.api_unreadable")
    assert problem(hers.post("/coops/wolkenwerf/requests", b"\xff\xfe{}")) == (400, "kernel.api_unreadable")
    assert problem(hers.post("/coops/wolkenwerf/requests", b" " * 1_100_000)) == (413, "kernel.api_too_large")
    text = {"content-type": "text/plain"}
    assert problem(hers.post("/coops/wolkenwerf/requests", {}, **text)) == (415, "kernel.api_media_type")
    assert hers.get("/coops").json()["items"][0]["slug"] == "wolkenwerf"
    assert SYSTEM.is_system
