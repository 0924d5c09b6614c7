"""What is measured inside the application, in a process of its own: `python -m bench.inside DATA_DIR WHAT SLUG`.

Connects as the web does, calls queries and actions as pages do, and prints a JSON object.
"""

import dataclasses
import datetime as dt
import io
import json
import random
import sys
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from coopwerf.conf.cli import close_connections
from coopwerf.conf.database import open_database
from coopwerf.conf.embedded import Places
from coopwerf.conf.environment import prepare_environment

from .figures import percentile

TRIES = 200


def reading(coop_id: uuid.UUID, slug: str) -> dict[str, float]:
    """Time totals and one member's holding as of random dates, in milliseconds: 95 of 100 are as fast or faster."""
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.register import queries

    dice = random.Random(1)

    def day() -> dt.date:
        return dt.date(2013, 1, 1) + dt.timedelta(days=dice.randrange(365 * 13))

    with tenant(coop_id):
        last = queries.last_number(coop_id)

        def holding() -> object:
            found = queries.member_by_number(coop_id, dice.randint(1, last))
            return None if found is None else queries.holdings_of(coop_id, found.id, day())

        return {"totals": _p95(lambda: queries.totals(coop_id, day())), "holding": _p95(holding)}


def _p95(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return percentile(times, 0.95)


def copying(coop_id: uuid.UUID, slug: str) -> dict[str, float]:
    """Time a plain COPY of the same rows as CSV, and of the tables that verifying reads."""
    from django.db import connection

    from coopwerf.kernel.tenancy import tenant
    from coopwerf.register.queries import asof

    told: dict[str, float] = {}
    with tenant(coop_id), connection.cursor() as cursor:
        facts = {"coop": coop_id, "at": dt.date(2026, 1, 1), "known": 2**62}
        query = cursor.mogrify(asof.LINES_SQL.format(chosen="", party="", lot=""), facts)
        began = time.perf_counter()
        sink = io.BytesIO()
        with cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)") as stream:
            for block in stream:
                sink.write(block)
        told["csv"] = time.perf_counter() - began
        began = time.perf_counter()
        for table in ("kernel_chainlink", "register_movement", "register_standing", "register_member"):
            with cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY position) TO STDOUT") as stream:
                for block in stream:
                    sink.write(block[:1])
        told["tables"] = time.perf_counter() - began
    return told


def admitting(coop_id: uuid.UUID, slug: str) -> dict[str, float]:
    """Time admissions through the actions, one transaction each, and requests admitted by one decision."""
    from coopwerf.kernel import clock
    from coopwerf.people import actions as people
    from coopwerf.people import queries as people_queries
    from coopwerf.people.states import Address, PartyKind
    from coopwerf.register import actions
    from coopwerf.register.states import Applicant, SharesAsked

    now = clock.now()
    today = clock.civil_date(now)
    who = people_queries.actor_by_email("bilal.haddad@bench.example", on=today)
    home = Address("Vlaamsesteenweg", "118", "", "1000", "Brussel", "BE")
    parties = [
        people.register_party(
            actor=who, now=now, coop_id=coop_id, kind=PartyKind.PERSON, family=f"Nieuw {number}", given="Noor",
            address=home, language="nl", valid_from=dt.date(1990, 1, 1),
        )
        for number in range(TRIES)
    ]  # fmt: skip
    decision = actions.DecisionInput(body="board", on=today, reference="bench")
    began = time.perf_counter()
    for party_id in parties:
        actions.record_admission(
            actor=who, now=clock.now(), coop_id=coop_id, party_id=party_id, on=today, decision=decision,
            shares=[actions.SharesInput(share_class="A", quantity=4)],
        )  # fmt: skip
    one_by_one = TRIES / (time.perf_counter() - began)
    asked = []
    for number in range(2 * TRIES):
        request = actions.record_request(
            actor=who, now=now, coop_id=coop_id, language="nl", asked_on=today,
            applicant=Applicant(given="Ask", family=f"Vraag {number}", address=home, email=f"a{number}@bench.example"),
            shares=SharesAsked(share_class="A", quantity=4),
        )  # fmt: skip
        actions.record_request_payment(
            actor=who, now=now, coop_id=coop_id, request_id=request.id, amount=Decimal("100"), on=today
        )
        asked.append(request.id)
    began = time.perf_counter()
    # The rest stays on the board's list, for the page of admissions.
    actions.admit_requests(actor=who, now=clock.now(), coop_id=coop_id, request_ids=asked[:100], decision=decision)
    return {"one_by_one": one_by_one, "by_decision": 100 / (time.perf_counter() - began), "plain": _plain_commits()}


def _plain_commits() -> float:
    """Return how many small transactions a second there are: counting one more in a rate limit, and its commit."""
    from coopwerf.kernel.limits import once_more

    began = time.perf_counter()
    for number in range(TRIES):
        once_more("bench", str(number), most=1, seconds=60)
    return TRIES / (time.perf_counter() - began)


def opening(coop_id: uuid.UUID, slug: str) -> dict[str, str]:
    """Found another co-operative for practice, for a spreadsheet to be brought into; return its slug."""
    from coopwerf.coops import actions as coops
    from coopwerf.coops.states import Stage
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.people import queries as people
    from coopwerf.register import actions

    now = clock.now()
    founder = people.actor_by_email("ada.bosmans@bench.example", on=clock.civil_date(now))
    coop = coops.found_coop(actor=founder, now=now, name="Proef import", language="nl", is_practice=True)
    since = dt.date(2012, 1, 2)
    coops.change_stage(actor=SYSTEM, now=now, coop_id=coop.id, stage=Stage.CV, valid_from=since)
    actions.set_class_terms(actor=SYSTEM, now=now, coop_id=coop.id, code="A", valid_from=since, nominal=Decimal("25"))
    return {"slug": coop.slug}


def owing(coop_id: uuid.UUID, slug: str) -> dict[str, Any]:
    """Open the books with an account at a bank, and ask 10,000 members for money; return their communications."""
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.ledger import actions as ledger
    from coopwerf.ledger import queries as books_queries
    from coopwerf.payments import actions
    from coopwerf.payments.actions import ClaimAsked
    from coopwerf.payments.states import ClaimKind
    from coopwerf.register import queries
    from tests.payments.files import OURS

    from .booking import BEGIN, CLAIMS

    now = clock.now()
    act: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    with tenant(coop_id):
        is_open = books_queries.is_open(coop_id)
        known = queries.lines(coop_id, clock.civil_date(now))
        parties = list(dict.fromkeys(line.party_id for line in known))[:CLAIMS]
    if not is_open:
        ledger.open_books(**act, chart="be_mar", on=BEGIN)
    actions.open_bank_account(**act, iban=OURS, holder="Proef CV")
    asked = [
        ClaimAsked(kind=ClaimKind.CAPITAL, amount=Decimal("250.00"), party_id=party_id, due_on=BEGIN)
        for party_id in parties
    ]
    digits: list[str] = []
    for first in range(0, len(asked), 5000):
        digits += [claim.digits for claim in actions.open_claims(**act, asked=asked[first : first + 5000])]
    return {"digits": digits}


def offering(coop_id: uuid.UUID, slug: str) -> dict[str, str]:
    """Open an offer that is told in three languages; return its address."""
    from coopwerf.capital import actions, queries
    from coopwerf.capital.states import Regime
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.tenancy import tenant

    now = clock.now()
    today = clock.civil_date(now)
    act = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    address = f"rack-{now:%H%M%S}"
    offer_id = actions.draft_offer(**act, title="A rack of our own", language="nl")
    terms = actions.OfferTerms(
        slug=address,
        classes=("A",),
        languages=("nl", "fr", "en"),
        opens_on=today - dt.timedelta(days=365),
        ceiling=Decimal(100_000_000),
        regime=Regime.OTHER,
        paper="bench",
        iban="BE71096123456769",
        holder="Proef",
    )
    actions.change_offer(**act, offer_id=offer_id, terms=terms)
    for language in terms.languages:
        words = queries.OfferWords(
            *("What we build together, and why. " * 4 for _ in range(5)), "I know.", "Article 1."
        )
        words = dataclasses.replace(words, title="A rack of our own", lead="We rent a rack together.")
        actions.write_texts(**act, offer_id=offer_id, language=language, words=words)
    actions.name_statutes(**act, offer_id=offer_id, name="Text of 2025", on=dt.date(2025, 5, 12))
    for number in range(10):
        told = dict.fromkeys(terms.languages, (f"Question {number}?", "An answer. " * 20))
        actions.write_question(**act, offer_id=offer_id, texts=told)
    actions.open_offer(**act, offer_id=offer_id)
    with tenant(coop_id):
        found = queries.offer_facts(coop_id, offer_id, today)
    assert found is not None
    return {"slug": found.slug}


def subscribed(coop_id: uuid.UUID, slug: str) -> dict[str, int]:
    """Count what was subscribed to the newest offer, and the claims of it."""
    from coopwerf.capital import queries
    from coopwerf.kernel import clock
    from coopwerf.kernel.tenancy import tenant

    with tenant(coop_id):
        newest = queries.offers(coop_id, clock.civil_date(clock.now()))[0]
        counts = queries.count_subscriptions(coop_id, newest.id)
        return {"subscriptions": sum(counts.by_state.values()), "claims": queries.count_claimed(coop_id, newest.id)}


def main(folder: str, what: str, slug: str) -> None:
    """Measure one thing."""
    places = Places.of(folder)
    with open_database(places):
        prepare_environment(places, role="web")
        import django

        django.setup()
        from coopwerf.coops import queries

        from .inbox import waiting

        coop = queries.coop_by_slug(slug)
        assert coop is not None, slug
        from .inside_books import books
        from .inside_directory import directory
        from .inside_gatherings import few_places, gathering, received, registered
        from .inside_mail import following, newsletter
        from .inside_reports import correcting, reporting

        measure: Callable[..., dict[str, Any]] = {
            "reading": reading,
            "copying": copying,
            "admitting": admitting,
            "opening": opening,
            "offering": offering,
            "subscribed": subscribed,
            "owing": owing,
            "waiting": waiting,
            "books": books,
            "reporting": reporting,
            "correcting": correcting,
            "directory": directory,
            "gathering": gathering,
            "received": received,
            "few_places": few_places,
            "registered": registered,
            "following": following,
            "newsletter": newsletter,
        }[what.partition(":")[0]]
        # What follows a colon is how much is wanted.
        more = [int(number) for number in what.split(":")[1:]]
        try:
            print(json.dumps(measure(coop.id, slug, *more)))
        finally:
            close_connections()


if __name__ == "__main__":
    main(*sys.argv[1:])
