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


def lines_of(hers: Program) -> dict[str, Any]:
    """Return the lines by what the bank calls them."""
    return {one["bank_ref"]: one for one in hers.get(f"{HERE}/entries").json()["items"]}


def test_all_that_is_certain_at_once(wolkenwerf: Cast) -> None:
    """Only lines with a claim's communication; first those that the program saw, then all; then nothing is left."""
    open_bank(wolkenwerf)
    asked = [claim(wolkenwerf, person=one) for one in (wolkenwerf.director, wolkenwerf.chair)]
    hers = program(wolkenwerf.treasurer)
    paying = [paid_with(one, ref=f"SURE{number}") for number, one in enumerate(asked)]
    bring(hers, camt(statement(*paying, camt_entry("7.00", ref="REF7"))))
    lines = lines_of(hers)
    seen = {"entry_ids": [lines["SURE0"]["id"], lines["REF7"]["id"]]}
    first = hers.post(f"{HERE}/entries/accept-certain", seen, key="certain-one")
    assert (first.status_code, len(first.json()["match_ids"])) == (201, 1)
    again = hers.post(f"{HERE}/entries/accept-certain", seen, key="certain-one")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    rest = hers.post(f"{HERE}/entries/accept-certain", {}).json()["match_ids"]
    assert len(rest) == 1
    assert hers.post(f"{HERE}/entries/accept-certain", {}).json() == {"match_ids": []}
    assert {name: one["state"] for name, one in lines_of(hers).items()} == {
        "SURE0": "matched",
        "SURE1": "matched",
        "REF7": "open",
    }
    told = hers.get(f"{HERE}/matches?limit=1").json()
    assert [one["id"] for one in told["items"]] == rest
    assert told["items"][0]["bank_entry_id"] == lines["SURE1"]["id"]
    (older,) = hers.get(f"{HERE}/matches?limit=1&cursor={told['next']}").json()["items"]
    assert [older["id"]] == first.json()["match_ids"]
    empty = hers.post(f"{HERE}/entries/accept-certain", {"entry_ids": []})
    assert problem(empty) == (422, "kernel.api_invalid")
    assert places(empty) == ["body.entry_ids"]


def test_a_line_is_split_and_taken_back(wolkenwerf: Cast) -> None:
    """A part for a claim, a part for the bank's charges, the rest waits; all or none; undone in one go."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    hers = program(wolkenwerf.treasurer)
    bring(hers, camt(statement(camt_entry("300.00", ref="REF3"))))
    where = f"{HERE}/entries/{lines_of(hers)['REF3']['id']}"
    share = {"claim_id": str(asked.id), "amount": "250.00"}
    for parts, code in (
        ([share, {"amount": "50.01", "account": "440"}], "payments.more_than_open"),
        ([share, {"amount": "10.00"}], "payments.part_for_what"),
        ([{**share, "account": "440"}], "payments.part_for_what"),
        ([{**share, "detail": 1}], "payments.detail_unknown"),
        ([{**share, "claim_id": str(uuid.uuid4())}], "payments.claim_unknown"),
        ([{"amount": "10.00", "account": "none"}], "ledger.account_unknown"),
    ):
        assert problem(hers.post(f"{where}/split", {"parts": parts})) == (422, code)
    for parts in ([], [{**share, "amount": "1.000,00"}], [{**share, "amount": 250}], [{**share, "amount": "-1.00"}]):
        assert problem(hers.post(f"{where}/split", {"parts": parts})) == (422, "kernel.api_invalid")
    assert hers.get(where).json()["matches"] == []
    answer = hers.post(f"{where}/split", {"parts": [share, {"amount": "10.00", "account": "440"}]})
    assert (answer.status_code, answer.json()["open"], answer.json()["state"]) == (201, "40.00", "partly")
    assert hers.get(f"{HERE}/claims/{asked.id}").json()["state"] == "settled"
    undone = hers.post(f"{where}/undo", {})
    assert len(undone.json()["match_ids"]) == 2
    assert hers.get(where).json()["open"] == "300.00"
    assert hers.get(f"{HERE}/claims/{asked.id}").json()["open"] == "250.00"
    assert problem(hers.post(f"{where}/undo", {})) == (422, "payments.nothing_to_undo")
    assert problem(hers.post(f"{HERE}/entries/{uuid.uuid4()}/undo", {})) == (404, "kernel.api_not_found")


def test_what_is_owed(wolkenwerf: Cast) -> None:
    """Claims with how they are paid, by state, kind, direction and person, page by page."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf, person=wolkenwerf.director)
    paid = claim(wolkenwerf, "30.00", person=wolkenwerf.chair)
    back = claim(wolkenwerf, "5.00", kind="refund", direction="out", iban="BE43068999999501", holder="Noor")
    hers = program(wolkenwerf.treasurer)
    bring(hers, camt(statement(paid_with(paid, "30.00", ref="PAID"))))
    hers.post(f"{HERE}/entries/accept-certain", {})

    def ids(query: str) -> list[str]:
        return [one["id"] for one in hers.get(f"{HERE}/claims{query}").json()["items"]]

    assert ids("") == [str(one.id) for one in (back, paid, asked)]
    assert ids("?state=settled") == [str(paid.id)]
    assert ids("?direction=out") == ids("?kind=refund") == [str(back.id)]
    assert ids(f"?party_id={wolkenwerf.director.party_id}&state=open") == [str(asked.id)]
    first = hers.get(f"{HERE}/claims?limit=2").json()
    assert ids(f"?limit=2&cursor={first['next']}") == [str(asked.id)]
    other = hers.get(f"{HERE}/claims?limit=2&state=open&cursor={first['next']}")
    assert problem(other) == (422, "kernel.api_cursor")
    told = hers.get(f"{HERE}/claims/{asked.id}").json()
    assert (told["amount"], told["paid"], told["communication"]) == ("250.00", "0.00", asked.digits)
    assert problem(hers.get(f"{HERE}/claims?state=paid"))[1] == "kernel.api_invalid"
    assert problem(hers.get(f"{HERE}/claims?state=open&state=settled"))[1] == "kernel.api_invalid"
    assert problem(hers.get(f"{HERE}/claims/{uuid.uuid4()}")) == (404, "kernel.api_not_found")


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
    for address in ("entries", "statements", "accounts", "matches", "claims", f"entries/{line['id']}"):
        assert problem(his.get(f"{HERE}/{address}")) == (403, "coops.lacks_power"), address
    assert problem(his.get(f"/coops/zonnewerf/bank/entries/{line['id']}")) == (404, "kernel.api_not_found")
    act = {"claim_id": str(uuid.uuid4())}
    assert problem(his.post(f"/coops/zonnewerf/bank/entries/{line['id']}/matches", act))[0] == 404
    assert problem(his.post(f"{HERE}/entries/{line['id']}/matches", act)) == (403, "coops.lacks_power")
