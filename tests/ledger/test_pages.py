"""The treasurer keeps books in a browser: opens them, writes, closes, hands them to the accountant."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from coopwerf.coops.states import Power
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.states import money_pages
from tests.cast import Cast, Person

from .books import BEGIN, SPRING, balance, by_hand, entry, open_books, post, posting, told

pytestmark = pytest.mark.django_db


def typed(lines: list[tuple[str, str, str]], **more: str) -> dict[str, str]:
    """Return what the form for an entry sends: account, debit and credit of each line."""
    sent = {"on": "2-3-2026", "words": "Huur maart", **more}
    for number, (account, debit, credit) in enumerate(lines):
        sent |= {f"line{number}-account": account, f"line{number}-debit": debit, f"line{number}-credit": credit}
    return sent


def test_the_treasurer_opens_the_books(wolkenwerf: Cast) -> None:
    """An empty page leads to a form; the Belgian chart is chosen for a Belgian co-operative."""
    chantal = wolkenwerf.treasurer.browser()
    empty = chantal.get(wolkenwerf.url("books/"))
    assert wolkenwerf.url("books/open/") in empty.content.decode()
    form = chantal.get(wolkenwerf.url("books/open/")).content.decode()
    assert 'value="be_mar"' in form
    answer = chantal.post(wolkenwerf.url("books/open/"), {"chart": "be_mar", "on": "1-1-2026"}, follow=True)
    assert answer.redirect_chain[-1][0] == wolkenwerf.url("books/")
    with tenant(wolkenwerf.id):
        assert queries.begins_on(wolkenwerf.id) == BEGIN
    again = chantal.post(wolkenwerf.url("books/open/"), {"chart": "nl", "on": "1-1-2026"}, follow=True)
    assert again.redirect_chain == [(wolkenwerf.url("books/"), 302)]
    assert "Les livres sont déjà ouverts." in again.content.decode()


def test_an_entry_is_typed_and_explains_itself(wolkenwerf: Cast) -> None:
    """Unequal sides are refused with the difference; equal ones make an entry that says who wrote it, and why."""
    open_books(wolkenwerf)
    chantal = wolkenwerf.treasurer.browser()
    address = wolkenwerf.url("books/entries/new/")
    wrong = chantal.post(address, typed([("610", "1.000,00", ""), ("440", "", "999,50")]))
    assert wrong.status_code == 200
    assert "0,50" in wrong.content.decode()
    more = chantal.post(address, typed([("610", "1.000,00", "")], do="more")).content.decode()
    assert "line4-account" in more
    assert "1.000,00" in more
    answer = chantal.post(address, typed([("610", "1.000,00", ""), ("440", "", "1.000,00"), ("", "", "")]), follow=True)
    page = answer.content.decode()
    assert "Huur maart" in page
    assert "Chantal" in page
    assert balance(wolkenwerf, "610") == 1000


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (("610", "1.000.00", ""), "debit"),
        (("610", "", ""), "debit"),
        (("", "5", ""), "account"),
        (("610", "5", "5"), "credit"),
        (("610", "1e20", ""), "debit"),
        (("no", "5", ""), "account"),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_its_field(
    wolkenwerf: Cast, line: tuple[str, str, str], where: str
) -> None:
    """And nothing is written."""
    open_books(wolkenwerf)
    answer = wolkenwerf.treasurer.browser().post(wolkenwerf.url("books/entries/new/"), typed([line, ("440", "", "5")]))
    assert answer.status_code == 200
    assert f'id="id_line0-{where}-error"' in answer.content.decode()
    assert balance(wolkenwerf, "440") == 0


def test_an_entry_is_taken_back_in_the_browser(wolkenwerf: Cast) -> None:
    """Each of the two pages names the other."""
    open_books(wolkenwerf)
    made = by_hand(wolkenwerf, {"610": "10.00", "440": "-10.00"})
    chantal = wolkenwerf.treasurer.browser()
    address = wolkenwerf.url(f"books/entries/{made}/")
    assert f"{address}reverse/" in chantal.get(address).content.decode()
    answer = chantal.post(f"{address}reverse/", {"on": "3-3-2026"}, follow=True)
    assert address in answer.content.decode()
    assert answer.redirect_chain[-1][0] in chantal.get(address).content.decode()
    assert entry(wolkenwerf, made).reversed_by is not None
    assert chantal.post(f"{address}reverse/", {"on": "3-3-2026"}).status_code == 403


def test_the_old_balances_come_along(wolkenwerf: Cast) -> None:
    """A form with every account of the balance sheet; what doesn't cancel out is named."""
    open_books(wolkenwerf)
    chantal = wolkenwerf.treasurer.browser()
    address = wolkenwerf.url("books/opening/")
    assert "a550-debit" in chantal.get(address).content.decode()
    wrong = chantal.post(address, {"a550-debit": "100", "a133-credit": "90"})
    assert "10,00" in wrong.content.decode()
    answer = chantal.post(address, {"a550-debit": "100", "a133-credit": "100"}, follow=True)
    assert answer.status_code == 200
    assert balance(wolkenwerf, "550", BEGIN) == 100
    assert "a550-debit" not in chantal.get(address).content.decode()


def test_a_period_is_closed_and_opened_again(wolkenwerf: Cast) -> None:
    """Eva, the auditor, reads why; she can't do it herself."""
    open_books(wolkenwerf, dt.date(2025, 1, 1))
    chantal, eva = wolkenwerf.treasurer.browser(), wolkenwerf.auditor.browser()
    address = wolkenwerf.url("books/closing/")
    assert eva.post(address, {"until": "31-12-2025"}).status_code == 403
    chantal.post(address, {"until": "31-12-2025"})
    with tenant(wolkenwerf.id):
        found = queries.books(wolkenwerf.id)
    assert found is not None
    assert found.closed_until == dt.date(2025, 12, 31)
    missing = chantal.post(f"{address}reopen/", {"again-until": ""})
    assert "again-reason-error" in missing.content.decode()
    chantal.post(f"{address}reopen/", {"again-reason": "auditor", "again-until": "30-6-2025"})
    page = eva.get(address).content.decode()
    assert "Chantal" in page
    with tenant(wolkenwerf.id):
        assert [one.closed_until for one in queries.closings(wolkenwerf.id)] == [
            dt.date(2025, 6, 30),
            dt.date(2025, 12, 31),
        ]


def test_accounts_are_added_renamed_and_closed(wolkenwerf: Cast) -> None:
    """A number is given once; an account that holds something stays open."""
    open_books(wolkenwerf)
    chantal = wolkenwerf.treasurer.browser()
    new = {"code": "551", "name": "Spaarrekening", "kind": "asset", "role": "bank"}
    address = wolkenwerf.url("books/accounts/")
    assert chantal.post(f"{address}new/", new).status_code == 302
    assert "id_code-error" in chantal.post(f"{address}new/", new).content.decode()
    chantal.post(f"{address}551/change/", {"name": "Spaarboekje", "role": "bank"})
    assert "Spaarboekje" in chantal.get(f"{address}551/").content.decode()
    post(wolkenwerf, posting("bank_in", amount="5.00", accounts={"bank": "551"}))
    assert chantal.post(f"{address}551/change/", {"do": "close"}).status_code == 200
    post(wolkenwerf, posting("bank_in", amount="-5.00", accounts={"bank": "551"}))
    assert chantal.post(f"{address}551/change/", {"do": "close"}).status_code == 302
    with tenant(wolkenwerf.id):
        account = queries.account(wolkenwerf.id, "551")
    assert account is not None
    assert account.closed_on is not None


def test_the_accountant_gets_journal_and_trial_balance(wolkenwerf: Cast) -> None:
    """As CSV and as a workbook; what somebody typed acts as no formula in either."""
    open_books(wolkenwerf)
    by_hand(wolkenwerf, {"610": "10.00", "440": "-10.00"}, words="=HYPERLINK(1)")
    chantal = wolkenwerf.treasurer.browser()
    period = "?begin=2026-01-01&end=2026-12-31"
    text = b"".join(chantal.get(wolkenwerf.url(f"books/export/journal.csv{period}"))).decode()  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["account"], row["debit"], row["credit"]) for row in rows] == [
        ("610", "10.00", ""),
        ("440", "", "10.00"),
    ]
    assert rows[0]["description"] == "'=HYPERLINK(1)"
    answer = chantal.get(wolkenwerf.url(f"books/export/journal.xlsx{period}"))
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    assert sheet["I2"].value == "=HYPERLINK(1)"
    assert sheet["I2"].data_type == "s"
    trial = b"".join(chantal.get(wolkenwerf.url(f"books/export/trial-balance.csv{period}"))).decode()  # type: ignore[arg-type]
    assert [row["account"] for row in csv.DictReader(io.StringIO(trial))] == ["440", "610"]
    leads = chantal.get(wolkenwerf.url("books/export/?what=journal&form=csv&begin=1-1-2026&end=31-12-2026"))
    assert leads["Location"].endswith("journal.csv?begin=2026-01-01&end=2026-12-31")
    assert chantal.get(wolkenwerf.url("books/export/secrets.csv")).status_code == 404


PAGES = (
    "",
    "accounts/",
    "accounts/550/",
    "accounts/?on=1-2-2026&all=1",
    "journal/",
    "journal/?journal=bank&begin=1-1-2026",
    "trial-balance/",
    "trial-balance/?begin=31-12-2026&end=1-1-2026",
    "opening/",
    "closing/",
    "export/",
)


def test_who_sees_the_books(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """Board and auditor read; an ordinary person and another co-operative don't; only who keeps them writes."""
    open_books(wolkenwerf)
    post(wolkenwerf, posting("bank_in", amount="5.00"))
    for rest in PAGES:
        address = wolkenwerf.url(f"books/{rest}")
        for reader in (wolkenwerf.director, wolkenwerf.auditor):
            assert reader.browser().get(address).status_code == 200, rest
        for other in (nederwerf.chair, stranger):
            assert other.browser().get(address).status_code in (403, 404), rest
        assert Client().get(address).status_code == 302
    for rest in ("entries/new/", "accounts/new/", "accounts/550/change/"):
        assert wolkenwerf.auditor.browser().get(wolkenwerf.url(f"books/{rest}")).status_code == 403
        assert wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"books/{rest}")).status_code == 200
    first = money_pages({Power.SEE_BOOKS})[0]
    money = reverse(first.url_name, args=[wolkenwerf.coop.slug])
    assert f'href="{money}"' in wolkenwerf.auditor.browser().get(wolkenwerf.url("register/")).content.decode()


def test_before_the_books_are_open_pages_lead_to_where_they_are_opened(wolkenwerf: Cast, stranger: Person) -> None:
    """Nobody is told that it isn't for them who only came too early."""
    for rest in PAGES[1:]:
        answer = wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"books/{rest}"), follow=True)
        assert answer.redirect_chain == [(wolkenwerf.url("books/"), 302)], rest
        assert "Les livres ne sont pas encore ouverts." in answer.content.decode()
        assert stranger.browser().get(wolkenwerf.url(f"books/{rest}")).status_code == 403, rest


def test_nobody_fills_in_opening_balances_that_would_be_refused(wolkenwerf: Cast) -> None:
    """Once a period is closed the page says so before the work, not after it."""
    open_books(wolkenwerf)
    chantal = wolkenwerf.treasurer.browser()
    assert "a550-debit" in chantal.get(wolkenwerf.url("books/opening/")).content.decode()
    chantal.post(wolkenwerf.url("books/closing/"), {"until": "31-1-2026"})
    page = chantal.get(wolkenwerf.url("books/opening/")).content.decode()
    assert "a550-debit" not in page
    assert wolkenwerf.url("books/closing/") in page


def test_a_statement_runs_on_over_its_pages(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The balance after each line goes on where the page before ended."""
    monkeypatch.setattr("coopwerf.ledger.web.accounts.AT_ONCE", 4)
    open_books(wolkenwerf)
    post(wolkenwerf, *(posting("bank_in", SPRING + dt.timedelta(days=n // 2), amount="1.00") for n in range(10)))
    with tenant(wolkenwerf.id):
        account = queries.account(wolkenwerf.id, "550")
        assert account is not None
        found: list[int] = []
        after = None
        more = True
        while more:
            part = queries.statement(wolkenwerf.id, account.id, BEGIN, dt.date(2026, 12, 31), after=after, limit=4)
            found += [int(line.balance) for line in part.lines]
            last = part.lines[-1]
            after, more = (last.on, last.position, last.line), part.more
    assert found == list(range(1, 11))
    first = wolkenwerf.treasurer.browser().get(wolkenwerf.url("books/accounts/550/")).content.decode()
    assert "after=2026-03-03." in first


def test_the_journal_leads_to_earlier_entries(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, none left out."""
    monkeypatch.setattr("coopwerf.ledger.web.journal.AT_ONCE", 3)
    open_books(wolkenwerf)
    ids = post(wolkenwerf, *(posting("bank_in", amount="1.00") for _ in range(7)))
    with tenant(wolkenwerf.id):
        before = None
        found = []
        while part := queries.journal(wolkenwerf.id, before=before, limit=3):
            found += [one.id for one in part]
            before = part[-1].position
    assert found == ids[::-1]
    page = wolkenwerf.treasurer.browser().get(wolkenwerf.url("books/journal/")).content.decode()
    assert "before=" in page


def test_a_closed_bank_account_says_so(wolkenwerf: Cast) -> None:
    """And the last account of a use can't be closed."""
    open_books(wolkenwerf)
    chantal = wolkenwerf.treasurer.browser()
    refused = chantal.post(wolkenwerf.url("books/accounts/550/change/"), {"do": "close"}).content.decode()
    assert "550" in refused
    actions.add_account(**told(wolkenwerf), code="551", name="Andere bank", kind="asset", role="bank")
    chantal.post(wolkenwerf.url("books/accounts/550/change/"), {"do": "close"})
    post(wolkenwerf, posting("bank_in", dt.date(2026, 11, 23), amount="1.00"))
    assert balance(wolkenwerf, "551") == 1
