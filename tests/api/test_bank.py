"""The treasurer's program brings the bank's file, sees each line explained, accepts and undoes."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.tenancy import tenant
from tests.cast import Cast
from tests.payments.bank import balance, claim, open_bank, paid_with, statement
from tests.payments.files import camt, camt_entry

from .programs import Program, places, problem, program

pytestmark = pytest.mark.django_db
HERE = "/coops/wolkenwerf/bank"


def bring(treasurer: Program, content: str, *, key: str = "", query: str = "", kind: str = "application/xml") -> Any:
    """Bring a file as the body."""
    return Client().post(
        f"/api/v1{HERE}/imports{query}",
        content.encode(),
        content_type=kind,
        headers={
            "authorization": f"Bearer {treasurer.secret}",
            "accept-language": "en",
            "idempotency-key": key or str(uuid.uuid4()),
        },
    )


def test_a_file_becomes_lines_with_reasons(wolkenwerf: Cast) -> None:
    """Brought once under a key; the line with a communication has its claim; accepted, and taken back."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    hers = program(wolkenwerf.treasurer)
    file = camt(statement(paid_with(asked), camt_entry("12.10", side="DBIT", ref="REF2")))
    first, again = (bring(hers, file, key="file-one", query="?name=november.xml") for _again in range(2))
    assert (first.status_code, first.json()["new"]) == (201, 2)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    anew = bring(hers, file).json()
    assert (anew["new"], anew["known"]) == (0, 2)
    assert hers.get(f"{HERE}/statements").json()["items"][0]["file"] == "november.xml"
    lines = hers.get(f"{HERE}/entries?state=open").json()["items"]
    line = next(one for one in lines if one["amount"] == "250.00")
    (proposal,) = line["proposals"]
    assert (proposal["claim_id"], proposal["is_certain"]) == (str(asked.id), True)
    assert "communication_exact" in [one["code"] for one in proposal["reasons"]]
    done = hers.post(f"{HERE}/entries/{line['id']}/matches", {"claim_id": str(asked.id)})
    assert (done.status_code, done.json()["state"]) == (201, "matched")
    (match,) = done.json()["matches"]
    with tenant(wolkenwerf.id):
        acted = AuditEntry.objects.get(verb="payments.accepted")
    assert acted.facts["token"] == str(hers.token_id)
    assert balance(wolkenwerf, "4891") == -250
    undone = hers.post(f"{HERE}/matches/{match['id']}/undo", {})
    assert undone.json()["moved"] is False
    assert balance(wolkenwerf, "4891") == 0
    assert hers.get(f"{HERE}/entries/{line['id']}").json()["state"] == "open"
    assert problem(hers.post(f"{HERE}/matches/{match['id']}/undo", {}))[1] == "payments.undone_already"
    assert hers.get(f"{HERE}/accounts").json()["items"][0]["balance"] == "337.90"
    entries = hers.get("/coops/wolkenwerf/ledger/entries?journal=bank&limit=1").json()
    assert entries["next"]
    assert sum(Decimal(one["amount"]) for one in entries["items"][0]["lines"]) == 0


def test_a_file_of_a_form(wolkenwerf: Cast) -> None:
    """As curl -F sends it, under its own name."""
    open_bank(wolkenwerf)
    hers = program(wolkenwerf.treasurer)
    heads = {"authorization": f"Bearer {hers.secret}", "idempotency-key": "form-one"}
    upload = SimpleUploadedFile("okt.xml", camt(statement(camt_entry("5.00"))).encode())
    answer = Client().post(f"/api/v1{HERE}/imports", {"file": upload}, headers=heads)
    assert (answer.status_code, answer.json()["new"]) == (201, 1)
    assert hers.get(f"{HERE}/statements").json()["items"][0]["file"] == "okt.xml"
    empty = Client().post(f"/api/v1{HERE}/imports", {"other": "x"}, headers={**heads, "idempotency-key": "form-two"})
    assert problem(empty) == (422, "kernel.api_file_missing")
    assert places(empty) == ["body.file"]


def test_what_cant_be_read_or_booked(wolkenwerf: Cast) -> None:
    """No bank's file, one of an unknown account, a wrong media type: each with the pages' code; nothing is booked."""
    open_bank(wolkenwerf)
    hers = program(wolkenwerf.treasurer)
    status, code = problem(bring(hers, "not a bank's file"))
    assert (status, code.partition(".")[0]) == (422, "payments")
    assert problem(bring(hers, " "))[0] == 422
    unknown = camt(statement(camt_entry("5.00"), account="BE43068999999501"))
    assert problem(bring(hers, unknown)) == (422, "payments.account_unknown")
    broken = bring(hers, "--", kind="multipart/form-data; boundary=")
    assert problem(broken) == (400, "kernel.api_unreadable")
    assert problem(bring(hers, "x", kind="image/png")) == (415, "kernel.api_media_type")
    assert hers.get(f"{HERE}/entries").json()["items"] == []


def test_what_doesnt_add_up_waits(wolkenwerf: Cast) -> None:
    """Until the program says why it is booked anyway."""
    open_bank(wolkenwerf)
    hers = program(wolkenwerf.treasurer)
    told = bring(hers, camt(statement(camt_entry("5.00"), closing="999.00"))).json()
    assert told["new"] == 0
    assert told["findings"][0]["code"] == "payments.does_not_add_up"
    (waiting,) = hers.get(f"{HERE}/statements?state=held").json()["items"]
    booked = hers.post(f"{HERE}/statements/{waiting['id']}/book-anyway", {"because": "The bank confirmed it by phone"})
    assert (booked.status_code, booked.json()["new"]) == (201, 1)
    assert hers.get(f"{HERE}/statements/{waiting['id']}").json()["state"] == "booked"


def test_who_may_look_and_who_may_act(wolkenwerf: Cast, zonnewerf: Cast) -> None:
    """The auditor looks, a token that reads doesn't write, and another co-operative's treasurer sees nothing."""
    open_bank(wolkenwerf)
    hers = program(wolkenwerf.treasurer)
    bring(hers, camt(statement(camt_entry("5.00"))))
    (line,) = hers.get(f"{HERE}/entries").json()["items"]
    auditor = program(wolkenwerf.auditor)
    assert auditor.get(f"{HERE}/entries/{line['id']}").status_code == 200
    assert problem(bring(auditor, "x")) == (403, "coops.lacks_power")
    reading = program(wolkenwerf.treasurer, "bank.read")
    assert problem(bring(reading, "x")) == (403, "kernel.api_scope_missing")
    his = program(zonnewerf.treasurer)
    for address in ("entries", "statements", "accounts", f"entries/{line['id']}"):
        assert problem(his.get(f"{HERE}/{address}")) == (403, "coops.lacks_power"), address
    assert problem(his.get(f"/coops/zonnewerf/bank/entries/{line['id']}")) == (404, "kernel.api_not_found")
    act = {"claim_id": str(uuid.uuid4())}
    assert problem(his.post(f"/coops/zonnewerf/bank/entries/{line['id']}/matches", act))[0] == 404
    assert problem(his.post(f"{HERE}/entries/{line['id']}/matches", act)) == (403, "coops.lacks_power")
