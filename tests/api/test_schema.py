"""Whatever a program sends, the answer is what the document says: never a 5xx, never another shape.

schemathesis reads the document, makes requests that fit it and requests that don't, and holds the answers to it.
"""

import dataclasses
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode

from coopwerf.capital import queries as capital
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as ledger
from coopwerf.payments import queries as payments
from coopwerf.people.states import Scope
from coopwerf.register import queries as register
from coopwerf.register.states import OPEN_REQUESTS
from tests.cast import Cast, Person, make_person

from .programs import program
from .village import furnish

BASE = "/api/v1/openapi.json"
# What a document can't say: that a name of a co-operative has to exist, that some requests hold on one day only. So an
# answer 4xx to what fits the shape is no fault; that it is one that the document tells, is checked.
LEFT_OUT = {"positive_data_acceptance"}


@dataclasses.dataclass
class Village:
    """A co-operative with content, real names for what a request may name, and programs with and without rights."""

    real: Mapping[str, list[str]]
    programs: Mapping[str, str]


@pytest.fixture
def village(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    """Return Wolkenwerf with members, requests, an offer, subscriptions and books."""
    monkeypatch.setattr("coopwerf.kernel.api.routes.A_MINUTE", 10**9)
    monkeypatch.setattr("coopwerf.kernel.api.routes.UNKNOWN_A_MINUTE", 10**9)
    # One connection for all, in the transaction of the test: as Django's own test client does.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    stories = furnish(wolkenwerf)
    member: Person = stories["member"]
    today = clock.civil_date(clock.now())
    with tenant(wolkenwerf.id):
        requests = register.requests_page(wolkenwerf.id, OPEN_REQUESTS, today)
        offers = capital.offers(wolkenwerf.id, today)
        rows = capital.subscriptions_page(wolkenwerf.id, today, states=capital.UNFINISHED)
        entries = ledger.journal(wolkenwerf.id)
        lines = payments.inbox_page(wolkenwerf.id, state=None)
        statements = payments.statements(wolkenwerf.id)
        accounts = payments.accounts(wolkenwerf.id)
        matches = payments.latest_matches(wolkenwerf.id)
    yield Village(
        real={
            "slug": [wolkenwerf.coop.slug],
            "request_id": [str(one.id) for one in requests],
            "offer": [one.slug for one in offers],
            "subscription_id": [str(one.id) for one in rows],
            "entry_id": [str(one.id) for one in entries],
            "bank_entry_id": [str(one.id) for one in lines],
            "statement_id": [str(one.id) for one in statements],
            "account_id": [str(one.id) for one in accounts],
            "claim_id": [str(stories["claim"])],
            "match_id": [str(one.id) for one in matches],
            "entry_ids": [str(one.id) for one in lines],
            "account": ["440", "657"],
            "share_class": ["A"],
            "version_id": [str(one.version.id) for one in offers],
            "party_id": [str(member.party_id), str(uuid.uuid4())],
        },
        programs={
            "treasurer": program(wolkenwerf.treasurer).secret,
            "secretary": program(wolkenwerf.secretary).secret,
            "member": program(member).secret,
            "outsider": program(make_person("Olga")).secret,
            "scopeless": program(wolkenwerf.chair, Scope.OFFERS_READ).secret,
            "nobody": "",
        },
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def sharpen(case: Any, real: Mapping[str, list[str]], draw: Callable[[Any], Any]) -> None:
    """Let a request name things that are there, most of the time."""
    for place in (case.path_parameters, case.query):
        for name in list(place or {}):
            if name in real and draw(st.integers(0, 9)):
                place[name] = draw(st.sampled_from(real[name]))
    if isinstance(case.body, dict):
        _sharpen(case.body, real, draw)


def _sharpen(body: dict[str, Any], real: Mapping[str, list[str]], draw: Callable[[Any], Any]) -> None:
    for name, value in body.items():
        if isinstance(value, dict):
            _sharpen(value, real, draw)
        elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
            for one in value:
                _sharpen(one, real, draw)
        elif isinstance(value, list) and name in real:
            body[name] = draw(st.lists(st.sampled_from(real[name]), min_size=1, max_size=3))
        elif name in real and value is not None and draw(st.integers(0, 9)):
            body[name] = draw(st.sampled_from(real[name]))
        elif name == "quantity" and draw(st.integers(0, 3)):
            body[name] = 2
        elif name.startswith("accepts_"):
            body[name] = True


def run(village: Village, *, each: int, seed: int) -> Counter[int]:
    """Ask every address as everybody, `each` times as the treasurer and less as others; count what came."""
    schema = schemathesis.openapi.from_wsgi(BASE, get_wsgi_application())
    checks = [one for one in schemathesis.checks.CHECKS.get_all() if one.__name__ not in LEFT_OUT]
    came: Counter[int] = Counter()
    shares = {"treasurer": each, "secretary": each, "member": each, "outsider": each // 2, "scopeless": 1, "nobody": 1}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not any(operation.iter_parameters()) and not operation.body:
                continue
            for who, times in shares.items():
                _ask(operation, mode, village, who, max(times // (1 if mode.is_positive else 2), 1), checks, came, seed)
    return came


def _ask(
    operation: Any,
    mode: GenerationMode,
    village: Village,
    who: str,
    times: int,
    checks: list[Any],
    came: Counter[int],
    seed: int,
) -> None:
    secret = village.programs[who]

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=times,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if mode.is_positive:
            sharpen(case, village.real, data.draw)
        heads = {"Authorization": f"Bearer {secret}"}
        response = case.call(headers=heads)
        came[response.status_code] += 1
        # A request without a length is refused for that, before anybody looks at what it says.
        fitting = [one for one in checks if response.status_code != 411 or one.__name__ != "negative_data_rejection"]
        case.validate_response(response, checks=fitting, headers=heads, transport_kwargs={"headers": heads})

    ask()


@pytest.mark.django_db
def test_every_answer_is_as_the_document_says(village: Village) -> None:
    """Some hundred requests of all kinds; many reach what is behind the door."""
    came = run(village, each=5, seed=20261126)
    told = f"{sum(came.values())} requests: {dict(came)}"
    assert not [status for status in came if status >= 500], told
    assert sum(came.values()) >= 300, told
    assert came[200] >= 50, told
    assert came[201] >= 1, told
    assert {401, 403, 404, 422} <= set(came), told


@pytest.mark.exhaustive
@pytest.mark.django_db
def test_ten_thousand_requests(village: Village) -> None:
    """The same, ten thousand times."""
    came = run(village, each=52, seed=4)
    assert not [status for status in came if status >= 500], came
    assert sum(came.values()) >= 10_000, came
