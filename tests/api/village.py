"""Wolkenwerf with something of all that programs can read: members, requests, an offer, subscriptions, books."""

import datetime as dt
from decimal import Decimal
from typing import Any

from coopwerf.kernel import clock
from coopwerf.ledger import actions as ledger
from coopwerf.payments import actions as payments
from coopwerf.register import actions as register
from coopwerf.register.states import SharesAsked
from tests.capital.offering import opened, with_shares
from tests.capital.subscribed import applicant, subscribed
from tests.cast import NOW, Cast, make_person
from tests.payments.bank import bring_entries, claim, open_bank, paid_with
from tests.payments.files import camt_entry

DECISION = register.DecisionInput(body="board", on=dt.date(2026, 1, 1), reference="2026-01-01, 1")


def furnish(cast: Cast) -> dict[str, Any]:
    """Let people become members, ask and subscribe, and write in the books; return who and what a story needs."""
    with_shares(cast)
    member = make_person("Jana", "De Wit", email="jana.dewit@example.org")
    for one in (member, make_person("Kobe", email="kobe@example.org"), make_person("Lies", email="lies@example.org")):
        register.record_admission(
            actor=cast.secretary.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=one.party_id,
            on=dt.date(2026, 1, 1),
            decision=DECISION,
            shares=[register.SharesInput(share_class="A", quantity=2, paid=Decimal(100))],
        )
    asker = make_person("Mats", email="mats@example.org")
    asked = register.ask_for_oneself(
        actor=asker.actor,
        now=clock.now(),
        coop_id=cast.id,
        party_id=asker.party_id,
        shares=SharesAsked(share_class="A", quantity=1),
    )
    offer_id = opened(cast, slug="rek")
    done = subscribed(cast, offer_id, 2, applicant("Noor"))
    act = {"actor": cast.treasurer.actor, "now": NOW, "coop_id": cast.id}
    ledger.open_books(**act, chart="be_mar", on=dt.date(2026, 1, 1))
    lines = [
        ledger.ManualLine(account="550", amount=Decimal("12.50")),
        ledger.ManualLine(account="440", amount=-Decimal("12.50")),
    ]
    entry_id = ledger.record_manual(**act, on=dt.date(2026, 2, 1), lines=lines, words="Nota")
    asked_money = claim(cast, person=member)
    paying = paid_with(asked_money)
    open_bank(cast)
    charges, gift = camt_entry("12.10", side="DBIT", ref="REF2"), camt_entry("40.00", ref="REF3")
    *_lines, last = bring_entries(cast, paying, charges, gift)
    part = {"entry_id": last.id, "account_code": "440", "amount": Decimal(1)}
    matched = payments.book_to_account(**act, **part)
    return {
        "member": member,
        "asker": asker,
        "request": asked.id,
        "offer": offer_id,
        "subscription": done.id,
        "entry": entry_id,
        "claim": asked_money.id,
        "line": last.id,
        "match": matched.match_ids[0],
    }
