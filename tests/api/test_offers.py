"""Offers and subscriptions for programs."""

import uuid
from typing import Any

import pytest

from coopwerf.capital.models import Subscription
from coopwerf.kernel.tenancy import tenant
from tests.capital.offering import drafted, opened, with_shares
from tests.cast import Cast, Person

from .programs import Program, problem, program

pytestmark = pytest.mark.django_db


def wish(program: Program, **other: Any) -> dict[str, Any]:
    """Return what somebody subscribes to, after reading the offer."""
    offer = program.get("/coops/wolkenwerf/offers/rek").json()
    return {
        "share_class": "A",
        "quantity": 3,
        "version_id": offer["version_id"],
        "accepts_statutes": True,
        "accepts_risk": True,
        **other,
    }


def test_an_offer_is_read_in_ones_language(wolkenwerf: Cast, stranger: Person) -> None:
    """Ines's program reads it in Dutch and in French; a draft only its makers."""
    with_shares(wolkenwerf)
    opened(wolkenwerf, slug="rek")
    drafted(wolkenwerf, "Later")
    hers = program(stranger, "offers.read")
    hers.language = "nl"
    assert hers.get("/coops/wolkenwerf/offers/rek").json()["title"].startswith("Mail en cloud")
    hers.language = "fr"
    told = hers.get("/coops/wolkenwerf/offers/rek").json()
    assert told["title"].startswith("Un courrier")
    assert (told["classes"][0]["price"], told["takes_today"]) == ("50.00", True)
    assert [one["slug"] for one in hers.get("/coops/wolkenwerf/offers").json()["items"]] == ["rek"]
    assert problem(hers.get("/coops/wolkenwerf/offers/nothing")) == (404, "kernel.api_not_found")
    drafts = program(wolkenwerf.treasurer).get("/coops/wolkenwerf/offers").json()["items"]
    assert {one["state"] for one in drafts} == {"open", "draft"}


def test_subscribing_once(wolkenwerf: Cast, stranger: Person) -> None:
    """Shares are kept, the answer says how to pay, the board is asked; the same key does nothing again."""
    with_shares(wolkenwerf)
    opened(wolkenwerf, slug="rek")
    hers = program(stranger)
    body, key = wish(hers), str(uuid.uuid4())
    address = "/coops/wolkenwerf/offers/rek/subscriptions"
    first, again = hers.post(address, body, key=key), hers.post(address, body, key=key)
    assert first.status_code == 201, first.content
    assert first.content == again.content
    told = first.json()
    assert (told["amount"], told["state"], told["to_pay"]) == ("150.00", "to_pay", "150.00")
    assert told["communication"].startswith("+++")
    assert told["iban"].startswith("BE")
    assert told["request_id"]
    with tenant(wolkenwerf.id):
        assert Subscription.objects.count() == 1
    (mine,) = hers.get("/me/subscriptions").json()["items"]
    assert {k: (told[k], v) for k, v in mine.items() if told[k] != v} == {}
    assert hers.get(f"/coops/wolkenwerf/subscriptions/{told['id']}").json() == told
    board = program(wolkenwerf.secretary, "subscriptions.read")
    assert board.get("/coops/wolkenwerf/subscriptions").json()["items"][0]["name"] == "Ines Maes"


def test_what_is_not_accepted_is_refused(wolkenwerf: Cast, stranger: Person, host: Person) -> None:
    """Without a yes to the risk, for somebody else, or from who only reads: nothing is kept."""
    with_shares(wolkenwerf)
    opened(wolkenwerf, slug="rek")
    hers = program(stranger)
    address = "/coops/wolkenwerf/offers/rek/subscriptions"
    assert problem(hers.post(address, wish(hers, accepts_risk=False))) == (422, "capital.not_accepted")
    other = wish(hers, party_id=str(host.party_id))
    assert problem(hers.post(address, other)) == (403, "people.not_yours")
    reading = program(stranger, "offers.read", "subscriptions.read")
    assert problem(reading.post(address, wish(hers))) == (403, "kernel.api_scope_missing")
    with tenant(wolkenwerf.id):
        assert not Subscription.objects.exists()


def test_nobody_reads_anothers_subscription(wolkenwerf: Cast, zonnewerf: Cast, stranger: Person, host: Person) -> None:
    """Neither somebody else nor another co-operative's secretary learns that there is one."""
    with_shares(wolkenwerf)
    opened(wolkenwerf, slug="rek")
    hers = program(stranger)
    made = hers.post("/coops/wolkenwerf/offers/rek/subscriptions", wish(hers)).json()
    for other in (program(host), program(zonnewerf.secretary)):
        assert problem(other.get(f"/coops/wolkenwerf/subscriptions/{made['id']}")) == (404, "kernel.api_not_found")
        assert problem(other.get("/coops/wolkenwerf/subscriptions")) == (403, "coops.lacks_power")
    at_home = program(zonnewerf.secretary).get(f"/coops/zonnewerf/subscriptions/{made['id']}")
    assert problem(at_home) == (404, "kernel.api_not_found")
