"""An accountant's program asks for the books on the command line; the register's verifier knows them too."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from coopcalc.register import verify_export
from coopwerf.kernel import chain
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, tables
from coopwerf.ledger.states import BooksWord, register_books_word
from coopwerf.register import queries as register
from tests.cast import NOW, Cast

from .books import SUMMER, by_hand, open_books, post, posting, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a few entries, one of them taken back."""
    open_books(wolkenwerf)
    post(wolkenwerf, posting("bank_in", amount="100.00"), posting("match_capital", SUMMER, amount="100.00"))
    wrong = by_hand(wolkenwerf, {"610": "10.00", "440": "-10.00"}, words="@Huur")
    actions.reverse(**told(wolkenwerf), entry_ids=[wrong])
    return wolkenwerf


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what a command prints."""
    call_command("books", *words, "--coop", "wolkenwerf")
    return capsys.readouterr().out


def test_the_journal_of_a_period(kept: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV and as JSON, the same rows; in the language that is asked for."""
    rows = list(csv.DictReader(io.StringIO(asked(capsys, "journal", "--to", "2026-12-31"))))
    assert len(rows) == 8
    assert list(rows[0]) == list(tables.JOURNAL_COLUMNS)
    assert rows[0]["account_name"] == "Bank, zichtrekening"
    assert {row["description"] for row in rows} >= {"'@Huur", "Betaling voor aandelen"}
    assert [row["reverses"] for row in rows if row["reverses"]] == ["general 1"] * 2
    records = json.loads(asked(capsys, "journal", "--to", "2026-12-31", "--format", "json", "--language", "fr"))
    assert [record["debit"] for record in records][:2] == ["100.00", None]
    assert records[0]["account_name"] == "Banque, compte à vue"
    assert json.loads(asked(capsys, "journal", "--from", "2026-08-01", "--to", "2026-08-02", "--format", "json")) == []


def test_the_trial_balance_at_a_date_and_in_a_period(kept: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides are equal; at a date what counts is all that was."""
    rows = list(csv.DictReader(io.StringIO(asked(capsys, "trial-balance", "--at", "2026-06-30"))))
    assert {row["account"]: row["balance_debit"] for row in rows}["550"] == "100.00"
    assert {row["account"]: row["balance_credit"] for row in rows}["499"] == "100.00"
    later = asked(capsys, "trial-balance", "--from", "2026-07-01", "--to", "2026-12-31")
    bank = next(row for row in csv.DictReader(io.StringIO(later)) if row["account"] == "550")
    assert (bank["opening"], bank["debit"], bank["balance_debit"]) == ("100.00", "0.00", "100.00")


def test_a_workbook_on_standard_output(kept: Cast, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Numbers are numbers there, dates dates, and a text stays a text."""
    call_command("books", "journal", "--format", "xlsx", "--to", "2026-12-31", "--coop", "wolkenwerf")
    sheet: Any = load_workbook(io.BytesIO(capfdbinary.readouterr().out)).active
    assert sheet["G2"].value == 100
    assert sheet["A2"].is_date
    assert "@Huur" in {cell.value for cell in sheet["I"]}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("journal", "--from", "2026-12-31", "--to", "2026-01-01"), "ledger.period_order"),
        (("journal", "--coop", "zonnewerf"), "ledger.not_open"),
    ],
)
def test_what_cannot_be_printed_is_refused(kept: Cast, zonnewerf: Cast, words: tuple[str, ...], code: str) -> None:
    """With a code and a sentence."""
    with pytest.raises(Refused) as refused:
        call_command("books", *(words if "--coop" in words else (*words, "--coop", "wolkenwerf")))
    assert refused.value.code == code


def test_too_long_for_a_spreadsheet(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says to take a shorter period, or CSV."""
    monkeypatch.setattr(tables, "MOST_IN_SHEET", 3)
    with pytest.raises(Refused) as refused:
        call_command("books", "journal", "--format", "xlsx", "--to", "2026-12-31", "--coop", "wolkenwerf")
    assert refused.value.code == "ledger.sheet_too_long"


def test_a_package_above_adds_a_word(
    kept: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets the command to say something with, and its own arguments."""
    monkeypatch.setattr("coopwerf.ledger.states._books_words", {})

    def count(command: Any, *, coop: str | None, times: int, **options: Any) -> None:
        command.say({"coop": coop, "times": times})

    word = BooksWord("count", "Count.", lambda parser: parser.add_argument("--times", type=int) and None, count)
    register_books_word(word)
    assert json.loads(asked(capsys, "count", "--times", "3")) == {"coop": "wolkenwerf", "times": 3}


def test_the_export_of_the_register_carries_the_books(
    kept: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Verified without a database; an entry that somebody put out of balance, hashes and all, is named."""
    chain.seal(coop_id=kept.id, at=NOW)
    with tenant(kept.id):
        exported = list(register.export(kept.id))
    _header, verification, _verifier = verify_export(io.BytesIO(b"".join(exported)))
    assert verification.ok
    assert verification.entries == 4
    forged = b"".join(exported).replace(b'"amount":"100.00"', b'"amount":"100.01"')
    _header, verification, _verifier = verify_export(io.BytesIO(forged))
    assert verification.findings[0].code == "hash_differs"
    call_command("verify", "--coop", "wolkenwerf")
    assert json.loads(capsys.readouterr().out)["entries"] == 4
