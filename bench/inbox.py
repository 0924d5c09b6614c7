"""How fast the bank inbox answers with 5,000 lines that wait: over HTTP, twenty people at once."""

import datetime as dt
import io
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.payments.files import OURS, camt, camt_entry, camt_statement

from . import machine, people
from .figures import Figure, percentile
from .machine import serving
from .measures import BOARD, PAGES, PEOPLE, Place, health

LINES = 5000
REQUESTS = 3000
SHOWN = 400
BEGIN = dt.date(2026, 1, 2)
DAYS = 320
GIVEN = ("Jan", "An", "Els", "Marie", "Omar", "Fatima", "Luc")
AMOUNT = Decimal("50.00")


def inbox(place: Place) -> Iterator[Figure]:
    """Open the inbox at random lines, and among them search."""
    told = place.inside("waiting")
    port, mail = machine.free_port(), machine.free_port()
    with (
        people.mailbox(mail) as box,
        serving(machine.up(place.data_dir, port), port, COOPWERF_SMTP_URL=f"smtp://127.0.0.1:{mail}") as (
            _took,
            process,
        ),
    ):
        machine.wait_until_idle(process)
        browsers = [people.Browser(port) for _ in range(PEOPLE)]
        for browser, address in zip(browsers, BOARD, strict=True):
            browser.sign_in(address, box)

        def line(dice: random.Random) -> str:
            return f"/c/{told['slug']}/bank/?line={dice.choice(told['lines'])}"

        people.at_once(browsers, line, 3)
        plain = health(port)
        data = f"{LINES:,} open lines, {REQUESTS:,} open requests"
        reading = people.at_once(browsers, line, 10, pause=1.0)
        yield Figure(
            "inbox with 5,000 open lines, 20 people reading",
            percentile(reading, 0.95),
            "ms p95",
            bound=150,
            peer="the same 20 asking /healthz",
            peer_value=plain,
            data=f"{data}; a page a second each; p50 {percentile(reading, 0.5):.0f} ms",
        )
        alone = people.at_once(browsers[:1], line, PAGES)
        yield Figure("inbox with 5,000 open lines, one treasurer", percentile(alone, 0.95), "ms p95", 150, data=data)
        found = people.at_once(
            browsers[:1], lambda dice: f"/c/{told['slug']}/bank/?q=fam{dice.randrange(26):02}", PAGES
        )
        yield Figure("searching in the inbox", percentile(found, 0.95), "ms p95", data=data)


def waiting(coop_id: uuid.UUID, slug: str) -> dict[str, Any]:
    """Found a co-operative for practice with lines that wait; return its slug and some of them. Runs inside."""
    from coopwerf.coops import actions as coops
    from coopwerf.coops import queries as coop_queries
    from coopwerf.coops.states import BodyKind, Role, Stage
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.ledger import actions as ledger
    from coopwerf.payments import actions, queries
    from coopwerf.payments.states import ClaimKind
    from coopwerf.people import actions as parties
    from coopwerf.people.queries import actor_by_email
    from coopwerf.people.states import PartyKind

    now = clock.now()
    today = clock.civil_date(now)
    board = [actor_by_email(address, on=today) for address in BOARD]
    coop = coops.found_coop(actor=board[0], now=now, name="Proef bank", language="nl", is_practice=True)
    coops.change_stage(actor=SYSTEM, now=now, coop_id=coop.id, stage=Stage.CV_RECOGNISED, valid_from=today)
    act: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop.id}
    with tenant(coop.id):
        body = next(one.id for one in coop_queries.bodies(coop.id) if one.kind is BodyKind.BOARD)
    for actor in board:
        assert actor.party_id is not None
        coops.grant_mandate(**act, party_id=actor.party_id, body_id=body, role=Role.TREASURER, valid_from=today)
    ledger.open_books(**act, chart="be_mar", on=BEGIN)
    actions.open_bank_account(**act, iban=OURS, holder="Proef CV")
    owing = [
        parties.register_party(
            actor=SYSTEM,
            now=now,
            kind=PartyKind.PERSON,
            family=f"Fam{number % 997:03}",
            given=GIVEN[number % len(GIVEN)],
            language="nl",
            valid_from=dt.date(1980, 1, 1),
        )
        for number in range(REQUESTS)
    ]
    asked = [actions.ClaimAsked(kind=ClaimKind.CAPITAL, amount=AMOUNT, party_id=one, due_on=BEGIN) for one in owing]
    digits = [claim.digits for claim in actions.open_claims(**act, asked=asked)]
    content = _file(digits).encode()
    done = actions.import_statements(**act, name="year.xml", file=io.BytesIO(content))
    assert done.new == LINES, done
    with tenant(coop.id):
        lines = [one.id for one in queries.inbox_page(coop.id, limit=LINES)]
    return {"slug": coop.slug, "lines": [str(one) for one in lines[:: LINES // SHOWN]]}


def _file(digits: list[str]) -> str:
    """Write a statement: a half carries a communication, the others a name, some of nobody."""
    entries = []
    for number in range(LINES):
        said = f"<Ustrd>storting {number}</Ustrd>"
        if number % 2:
            said = f"<Strd><CdtrRefInf><Ref>{digits[number * 7 % len(digits)]}</Ref></CdtrRefInf></Strd>"
        booked = BEGIN + dt.timedelta(days=number * DAYS // LINES)
        name = f"FAM{number % 1201:03} {GIVEN[number % len(GIVEN)][0]}."
        entries.append(
            camt_entry(str(AMOUNT), booked=booked.isoformat(), name=name, remittance=said, ref=f"BANK{number:09}")
        )
    total = str(AMOUNT * LINES)
    return camt(camt_statement(entries, opening="0.00", closing=total, on=BEGIN.isoformat()))
