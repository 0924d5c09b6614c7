"""Register, books and bank side by side, for programs: the figures of the page and of the command."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.capital.offering import with_shares
from tests.cast import Cast, Person
from tests.payments.bank import bring_entries, claim, open_bank
from tests.payments.files import camt_entry

from .programs import places, problem, program
from .test_register import admitted

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 12, 31)
PROOF = "/coops/wolkenwerf/proof"


def command(capsys: pytest.CaptureFixture[str], at: dt.date) -> dict[str, Any]:
    """Return what `coopwerf books prove` prints."""
    capsys.readouterr()
    with contextlib.suppress(SystemExit):
        call_command("books", "prove", coop="wolkenwerf", at=at)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_the_figures_are_those_of_the_command(wolkenwerf: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that waits, a claim that is open: all agrees, and the books begin on a day."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    bring_entries(wolkenwerf, camt_entry("40.00", ref="REF1"))
    hers = program(wolkenwerf.treasurer)
    told = hers.get(f"{PROOF}?at=2026-12-31").json()
    printed = command(capsys, LAST)
    assert {name: told[name] for name in printed} == printed
    assert (told["bank"], told["suspense"], told["open_claims"]) == ("140.00", "40.00", str(asked.amount))
    assert (told["difference"], told["agrees"], told["differences"]) == ("0.00", True, [])
    assert {one["check"] for one in told["checks"]} == {"paid", "unpaid", "bank", "suspense", "refunds", "exits"}
    early = hers.get(f"{PROOF}?at=2025-12-31")
    assert problem(early) == (422, "capital.proof_before_books")
    assert places(early) == ["query.at"]


def test_each_difference_has_its_name(wolkenwerf: Cast, stranger: Person, capsys: pytest.CaptureFixture[str]) -> None:
    """Shares that the register calls paid and no payment came for: whose, and how much, as the command tells."""
    with_shares(wolkenwerf)
    open_bank(wolkenwerf)
    admitted(wolkenwerf, stranger)
    told = program(wolkenwerf.auditor).get(f"{PROOF}?at=2026-12-31").json()
    printed = command(capsys, LAST)
    assert told["agrees"] is False
    assert told["difference"] == printed["difference"] != "0.00"
    assert [(one["check"], one["ledger"], one["other"]) for one in told["differences"]] == [
        (one["check"], one["ledger"], one["other"]) for one in printed["differences"]
    ]
    assert str(stranger.party_id) in {one["party_id"] for one in told["differences"]}


def test_who_may_see_it(wolkenwerf: Cast, zonnewerf: Cast, stranger: Person) -> None:
    """Who may see the books, with a token that opens this; before there are books it says so."""
    hers = program(wolkenwerf.treasurer)
    assert problem(hers.get(PROOF)) == (422, "ledger.not_open")
    open_bank(wolkenwerf)
    assert hers.get(PROOF).status_code == 200
    assert problem(program(wolkenwerf.treasurer, "ledger.read").get(PROOF)) == (403, "kernel.api_scope_missing")
    for other in (zonnewerf.treasurer, stranger):
        assert problem(program(other).get(PROOF)) == (403, "coops.lacks_power")
    assert problem(hers.get(f"{PROOF}?at=31-12-2026"))[1] == "kernel.api_invalid"


def test_as_of_a_day(wolkenwerf: Cast) -> None:
    """What came later isn't in it."""
    open_bank(wolkenwerf)
    bring_entries(wolkenwerf, camt_entry("40.00", ref="REF1", booked="2026-11-20"))
    hers = program(wolkenwerf.treasurer)
    suspense = {day: hers.get(f"{PROOF}?at={day}").json()["suspense"] for day in ("2026-11-19", "2026-11-20")}
    assert suspense == {"2026-11-19": "0.00", "2026-11-20": "40.00"}
