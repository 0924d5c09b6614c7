"""Addresses for programs: each with its scope, each name in their document once, none without a token."""

import dataclasses
import enum
import inspect
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from coopwerf.conf.api import api
from coopwerf.kernel.api.routes import Route, Routes, Token
from coopwerf.kernel.web import Door
from coopwerf.people.states import Scope
from tests.api.programs import Program, problem, program
from tests.cast import Cast

from .addresses import addresses
from .hashing import Watch
from .twins import Twin, furnish

FOR_EVERYBODY = {"coops.read", "offers.read"}
"""What everybody with a token may read: who a co-operative is, and what it offers to the public."""
BODIES = {
    "accept": {"claim_id": str(uuid.UUID(int=7))},
    "accept_certain": {},
    "ask": {},
    "book_anyway": {"because": "because"},
    "split": {"parts": [{"amount": "1.00", "account": "440"}]},
    "undo": {},
    "undo_entry": {},
}


@pytest.fixture(autouse=True)
def _as_often_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("A_MINUTE", "UNKNOWN_A_MINUTE"):
        monkeypatch.setattr(f"coopwerf.kernel.api.routes.{limit}", 10**9)


def routes() -> list[Route]:
    """Return every address for programs."""
    assert api
    return Routes.known


def test_every_address_needs_a_scope() -> None:
    """What is handed to the framework is guarded by a token with the scope that was declared."""
    known = {scope.value for scope in Scope}
    operations = [
        operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    ]
    assert len(operations) == len(routes()) > 20
    for operation in operations:
        guards = operation.auth_callbacks
        assert [type(one) for one in guards] == [Token], operation.path
        assert guards[0].scope in known
        assert operation.openapi_extra["x-scope"] == guards[0].scope


def test_what_changes_something_needs_a_scope_to_write_and_a_key() -> None:
    """Reading opens no writing; and whatever is done, is done once."""
    for route in routes():
        is_writing = route.scope.endswith(".write")
        assert is_writing == (route.method != "GET"), route.path
        assert ("key" in inspect.signature(route.view).parameters) == is_writing, route.path


def test_every_scope_opens_something() -> None:
    """Nobody is asked to give what opens nothing."""
    assert {scope.value for scope in Scope} == {str(route.scope) for route in routes()}


def classes(kind: Any) -> Iterator[type]:
    """Yield the models and the sets of choices in a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            if not any(hasattr(one, "json_schema") for one in field.metadata):
                yield from classes(field.annotation)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        yield kind
    elif not any(hasattr(one, "json_schema") for one in getattr(kind, "__metadata__", ())):
        for part in get_args(kind):
            yield from classes(part)


def test_the_document_knows_each_name_once() -> None:
    """Two things with one name would be told as one of them."""
    named: dict[str, set[type]] = defaultdict(set)
    for route in routes():
        kinds = [route.answers, *(one.annotation for one in inspect.signature(route.view).parameters.values())]
        for kind in kinds:
            for found in classes(kind):
                named[found.__name__].add(found)
    assert {name: kinds for name, kinds in named.items() if len(kinds) > 1} == {}


@pytest.mark.django_db
def test_nobody_comes_in_without_a_token(wolkenwerf: Cast) -> None:
    """Neither a visitor nor whoever signed in with a browser: a cookie counts for nothing."""
    found = [one for one in addresses() if one.access.door is Door.TOKEN]
    assert len(found) > 20
    for browser in (Client(), wolkenwerf.chair.browser()):
        for address in found:
            for send in (browser.get, browser.post):
                answer = send(address.filled(wolkenwerf.coop.slug))
                assert answer.status_code in (401, 405), address.route
                assert answer.headers["Content-Type"] == "application/problem+json", address.route


@dataclasses.dataclass(frozen=True)
class Theirs:
    """A co-operative with content, and what may stand in the blanks of addresses for programs."""

    twin: Twin
    ids: dict[str, Any]

    def address(self, route: Route, slug: str) -> str:
        """Return an address with what is of this co-operative in its blanks, under a slug."""
        blanks = {"slug": slug, **self.ids}
        return re.sub(r"{(?:\w+:)?(\w+)}", lambda blank: str(blanks[blank[1]]), route.path)


@pytest.fixture
def twins(wolkenwerf: Cast, zonnewerf: Cast) -> tuple[Theirs, Theirs]:
    """Return two co-operatives with the same kinds of content: whose it is, and who is curious."""
    return _theirs(furnish(wolkenwerf, "wolk", 501)), _theirs(furnish(zonnewerf, "zon", 777))


def _theirs(twin: Twin) -> Theirs:
    return Theirs(
        twin,
        {
            "bank_entry_id": twin.bank.line,
            "claim_id": twin.bank.claim,
            "entry_id": twin.entry,
            "match_id": twin.bank.match,
            "offer": twin.offer,
            "request_id": twin.request,
            "statement_id": twin.bank.statement,
            "subscription_id": twin.subscription,
        },
    )


def send(curious: Program, route: Route, address: str) -> Any:
    """Ask an address as its method wants it."""
    if route.method == "GET":
        return curious.get(address)
    return curious.post(address, json.dumps(BODIES.get(route.view.__name__, {})).encode())


@pytest.mark.django_db
def test_another_co_operatives_ids_open_nothing(twins: tuple[Theirs, Theirs]) -> None:
    """With every scope, under one's own slug and under theirs: refused, nothing told, nothing changed."""
    theirs, curious = twins
    chair = program(curious.twin.cast.chair)
    # That it was used today is written down once.
    assert chair.get("/me").status_code == 200
    watch = Watch(theirs.twin.cast, curious.twin.cast)
    wrong = []
    for route in routes():
        if "{" not in route.path:
            continue
        own_slug, their_slug = (one.twin.cast.coop.slug for one in (curious, theirs))
        tried = [theirs.address(route, their_slug)]
        if route.path.count("{") > 1:
            tried.append(theirs.address(route, own_slug))
        for address in tried:
            answer = send(chair, route, address)
            is_public = route.scope in FOR_EVERYBODY and f"/{their_slug}" in address
            refused = answer.status_code in (403, 404, 415, 422) or (is_public and answer.status_code == 200)
            wrong += [] if refused else [f"{route.method} {address}: {answer.status_code}"]
            if not is_public:
                text = answer.content.decode()
                wrong += [f"{route.method} {address} tells {name}" for name in theirs.twin.names if name in text]
            wrong += [f"{route.method} {address} changes {table}" for table in watch.changes()]
    assert wrong == []


@pytest.mark.django_db
def test_nothing_of_theirs_is_paid_with_ours(twins: tuple[Theirs, Theirs]) -> None:
    """A treasurer names the other co-operative's claims, lines and people in what she sends: none is found."""
    theirs, own = twins
    slug, bank = own.twin.cast.coop.slug, own.twin.bank
    hers = program(own.twin.cast.treasurer)
    assert hers.get("/me").status_code == 200
    watch = Watch(theirs.twin.cast, own.twin.cast)
    line = f"/coops/{slug}/bank/entries/{bank.line}"
    for claim in (theirs.twin.bank.claim, theirs.twin.bank.to_pay):
        told = {"claim_id": str(claim), "amount": "1.00"}
        assert problem(hers.post(f"{line}/matches", told)) == (422, "payments.claim_unknown")
        assert problem(hers.post(f"{line}/split", {"parts": [told]})) == (422, "payments.claim_unknown")
    assert watch.changes() == []
    lines = {"entry_ids": [str(theirs.twin.bank.line), str(theirs.twin.bank.booked)]}
    assert hers.post(f"/coops/{slug}/bank/entries/accept-certain", lines).json() == {"match_ids": []}
    for address in (
        f"claims?party_id={theirs.twin.party}",
        f"entries?account_id={theirs.twin.bank.account}",
    ):
        assert hers.get(f"/coops/{slug}/bank/{address}").json()["items"] == []
    assert not [name for name in watch.changes() if "payments" in name or "ledger" in name]


@pytest.mark.django_db
def test_ones_own_ids_open(twins: tuple[Theirs, Theirs]) -> None:
    """The same addresses are there: what was refused above was refused because of whose it is."""
    _theirs, own = twins
    treasurer, secretary = (program(one) for one in (own.twin.cast.treasurer, own.twin.cast.secretary))
    for route in routes():
        if route.method == "GET":
            asks = secretary if route.scope in ("register.read", "subscriptions.read") else treasurer
            answer = asks.get(own.address(route, own.twin.cast.coop.slug))
            assert answer.status_code == 200, f"{route.path}: {answer.content!r}"
