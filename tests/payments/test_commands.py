"""What `coopwerf bank` promises to programs: its JSON, its exit codes, and that everything goes from a terminal."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import queries
from tests.cast import Cast

from .bank import SAVINGS, claim, open_bank, paid_with, statement
from .files import camt, camt_entry, camt_statement

pytestmark = pytest.mark.django_db


def said(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """Run `coopwerf bank …`; return its exit code, and what it printed."""
    code = 0
    capfd.readouterr()
    try:
        call_command("bank", *words)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capfd.readouterr().out)


def test_a_file_is_booked_matched_accepted_and_undone(
    wolkenwerf: Cast, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """From a terminal, without a page."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    file = tmp_path / "bank.xml"
    file.write_text(camt(statement(paid_with(asked), camt_entry("7.00", ref="R2", name="Onbekend"))))
    at = ("--coop", "wolkenwerf")
    first = {"statements": 1, "entries": 2, "new": 2, "known": 0, "refused": 0}
    assert said(capfd, "import", str(file), *at) == (0, first)
    assert said(capfd, "import", str(file), *at) == (0, {**first, "new": 0, "known": 2})
    code, lines = said(capfd, "matches", *at)
    assert code == 0
    assert [(line["state"], line["amount"], len(line["proposals"])) for line in lines] == [
        ("open", "250.00", 1),
        ("open", "7.00", 0),
    ]
    (proposal,) = lines[0]["proposals"]
    assert (proposal["claim"], proposal["amount"], proposal["certain"]) == (str(asked.id), "250.00", True)
    assert proposal["reasons"][0] == "communication_exact"
    code, told = said(capfd, "accept", "--certain", *at)
    assert (code, told["accepted"], len(told["matches"])) == (0, 1, 1)
    assert said(capfd, "accept", "--certain", *at) == (0, {"accepted": 0, "matches": []})
    assert len(said(capfd, "matches", *at)[1]) == 1
    assert said(capfd, "undo", told["matches"][0], *at) == (
        0,
        {"undone": told["matches"], "on": "2026-11-20", "moved": False},
    )
    said(capfd, "accept", "--certain", *at)
    assert said(capfd, "undo", lines[0]["entry"], *at)[0] == 0
    assert len(said(capfd, "matches", *at)[1]) == 2


def test_what_isnt_booked_is_a_finding(wolkenwerf: Cast, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A statement that doesn't add up beside one of an unknown account: exit 1, with what to do about each."""
    open_bank(wolkenwerf)
    file = tmp_path / "bank.xml"
    file.write_text(
        camt(
            camt_statement([camt_entry("250.00")], closing="351.00"),
            statement(camt_entry("1.00"), account=SAVINGS),
        )
    )
    at = ("--coop", "wolkenwerf")
    code, told = said(capfd, "import", str(file), *at)
    assert (code, told["new"], told["refused"]) == (1, 0, 2)
    assert [one["code"] for one in told["findings"]] == ["payments.does_not_add_up", "payments.account_unknown"]
    assert all(one["message"] for one in told["findings"])
    code, told = said(capfd, "open", "BE43 0689 9999 9501", *at)
    assert (code, told["iban"], told["ledger"]) == (0, SAVINGS, "551")
    code, told = said(capfd, "import", str(file), "--because", "De bank bevestigt het", *at)
    assert (code, told["new"], told["refused"]) == (0, 2, 0)
    assert said(capfd, "gaps", *at) == (0, [])
    with tenant(wolkenwerf.id):
        assert sum(one.amount for one in queries.inbox_page(wolkenwerf.id)) == Decimal(251)


def test_a_gap_is_a_finding(wolkenwerf: Cast, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The closing balance isn't the next opening one."""
    open_bank(wolkenwerf)
    file = tmp_path / "bank.xml"
    later = statement(camt_entry("1.00", booked="2026-11-22"), opening="400.00", number=2, on="2026-11-22")
    file.write_text(camt(statement(camt_entry("250.00")), later))
    said(capfd, "import", str(file), "--coop", "wolkenwerf")
    code, (gap,) = said(capfd, "gaps", "--coop", "wolkenwerf")
    assert (code, gap["kind"], gap["closing"], gap["opening"], gap["missing"]) == (
        1,
        "balance",
        "350.00",
        "400.00",
        "50.00",
    )


def test_refused_input(wolkenwerf: Cast, tmp_path: Path) -> None:
    """No file, no bank's file, an account that isn't ours."""
    open_bank(wolkenwerf)
    for content, code in (
        (None, "kernel.file_unreadable"),
        ("%PDF-1.4", "payments.other_kind"),
        (camt(statement(camt_entry("1.00"), account=SAVINGS)), "payments.account_unknown"),
    ):
        file = tmp_path / "x"
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_text(content)
        with pytest.raises(Refused) as refused:
            call_command("bank", "import", str(file), "--coop", "wolkenwerf")
        assert refused.value.code == code
