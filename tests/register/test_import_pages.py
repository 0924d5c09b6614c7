"""Bringing a register along on screen, step by step, without a script."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from coopcalc.register.sheets.columns import known_field
from coopwerf.coops import actions as coops
from coopwerf.coops.states import Stage
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import Party
from coopwerf.register import actions, queries, tasks
from coopwerf.register.models import Member, RegisterImport
from coopwerf.register.spreadsheets.words import FIELD_NAMES
from coopwerf.register.states import ImportState
from tests.cast import NOW, TODAY, Cast, MakePerson, Person

from .spreadsheets import Made, belgian_cv, dutch_cooperative, many
from .test_register import admit, proof, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    """Read the pages in the language in which they are written."""
    with translation.override("en"):
        yield


def english(person: Person) -> Client:
    """Return the browser of somebody who reads English."""
    Party.objects.filter(id=person.party_id).update(language="en")
    return person.browser()


def said(page: Any) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.content.decode())).split())


def bring(browser: Client, coop: Cast, made: Made) -> str:
    """Upload a spreadsheet and return the address of its import."""
    answer = browser.post(
        coop.url("register/import/"), {"file": SimpleUploadedFile(made.name, made.content)}, follow=False
    )
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"]).removesuffix("columns/")


def chosen(browser: Client, address: str, **changes: str) -> Any:
    """Confirm what was guessed, with changes, and return the page that follows."""
    page = browser.get(f"{address}columns/")
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form}
    told = {
        name: value.strftime("%d-%m-%Y") if isinstance(value, dt.date) else value
        for name, value in data.items()
        if value is not None
    }
    return browser.post(f"{address}columns/", {**told, **changes}, follow=True)


def one(coop: Cast) -> queries.ImportFacts:
    """Return the only import there is."""
    with tenant(coop.id):
        (facts,) = queries.imports(coop.id)
    return facts


def test_from_file_to_register(wolkenwerf: Cast) -> None:
    """The secretary uploads, confirms the guess, mends four rows, and books: 641 members stand in the register."""
    browser = english(wolkenwerf.secretary)
    made = belgian_cv()
    address = bring(browser, wolkenwerf, made)
    page = chosen(browser, address)
    text = said(page)
    assert "4 rows to mend" in text
    assert "Total row of the file (line 676)" in text
    assert "Is it the same person?" in text
    refused = browser.post(f"{address}book/", follow=True)
    assert "doubtful" in refused.content.decode()
    with tenant(wolkenwerf.id):
        assert Member.objects.count() == 0
    for line, mend in made.mends.items():
        if "answer" in mend:
            data = {"do": f"answer:{mend['answer']}", "code": made.doubtful[line]}
        else:
            ((field, value),) = mend["values"].items()
            data = {"do": "value", "field": field, "value": value}
        page = browser.post(f"{address}rows/{line}/", data, follow=True)
    text = said(page)
    assert "641 members are ready to be booked" in text
    assert "The file's own total row says the same." in text
    assert "Book 641 members?" in browser.get(f"{address}book/").content.decode()
    files = (one(wolkenwerf).original, one(wolkenwerf).cells)
    page = browser.post(f"{address}book/", follow=True)
    text = said(page)
    assert "641 members stand in your register" in text
    facts = one(wolkenwerf)
    assert facts.booked["head"] in text
    assert facts.state is ImportState.BOOKED
    assert (facts.original, facts.cells, facts.mends) == ("", "", {})
    assert all(files)
    with tenant(wolkenwerf.id):
        totals = queries.totals(wolkenwerf.id, TODAY)
    assert (totals.members, totals.shares, totals.paid) == (641, {"A": 5473}, made.paid)
    assert proof(wolkenwerf).ok


@pytest.mark.django_db(transaction=True)
def test_the_file_is_gone_once_it_is_booked(nederwerf: Cast) -> None:
    """The spreadsheet with everybody's address isn't kept longer than needed."""
    browser = english(nederwerf.secretary)
    address = bring(browser, nederwerf, dutch_cooperative())
    facts = one(nederwerf)
    assert default_storage.exists(facts.original)
    assert default_storage.exists(facts.cells)
    chosen(browser, address)
    browser.post(f"{address}book/")
    assert one(nederwerf).state is ImportState.BOOKED
    assert not default_storage.exists(facts.original)
    assert not default_storage.exists(facts.cells)


def test_a_dropped_file_is_gone(nederwerf: Cast, django_capture_on_commit_callbacks: Any) -> None:
    """Whoever thinks better of it drops the file, and may bring another."""
    browser = english(nederwerf.secretary)
    address = bring(browser, nederwerf, dutch_cooperative())
    facts = one(nederwerf)
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(f"{address}drop/", follow=True)
    assert "ledenlijst.xlsx is gone. Nothing of it was booked." in page.content.decode()
    assert not default_storage.exists(facts.cells)
    assert browser.get(address).status_code == 404


def test_forgotten_files_are_removed(nederwerf: Cast, django_capture_on_commit_callbacks: Any) -> None:
    """Two weeks later a file that nobody booked is removed."""
    bring(english(nederwerf.secretary), nederwerf, dutch_cooperative())
    facts = one(nederwerf)
    with tenant(nederwerf.id):
        assert queries.forgotten_imports(nederwerf.id, facts.brought_at - dt.timedelta(days=1)) == []
    with django_capture_on_commit_callbacks(execute=True):
        count = actions.forget_imports(
            actor=SYSTEM, now=NOW, coop_id=nederwerf.id, before=facts.brought_at + dt.timedelta(seconds=1)
        )
    assert count == 1
    assert not default_storage.exists(facts.original)


def test_columns_are_chosen_and_remembered(wolkenwerf: Cast) -> None:
    """A header that nobody could guess is matched once; the next file with it is read the same way."""
    browser = english(wolkenwerf.secretary)
    made = Made("a.csv", b"wie;hoeveel;sinds\nMaes, Anna;4;3 mei 2019\n", 1, 0, 4, Decimal(100))
    address = bring(browser, wolkenwerf, made)
    page = chosen(browser, address, column_0="name", column_1="shares", header="1", amount="25", share_class="B")
    assert "1 member is ready to be booked" in said(page)
    assert "Class B isn't here yet" in said(page)
    browser.post(f"{address}drop/")
    again = bring(browser, wolkenwerf, made)
    form = browser.get(f"{again}columns/").context["form"]
    assert form["column_1"].value() == "shares"


PER_CLASS = b"""Nr;Naam;Aandelen A;Gestort A;Aandelen B;Gestort B;Totaal aandelen;Toetreding
1;Maes, Anna;4;100;2;25;6;03/05/2019
2;Okafor, Daniel;;;2,5;50;2;03/05/2019
"""


def test_columns_per_class_become_holdings(wolkenwerf: Cast) -> None:
    """Shares of A and B stand side by side: guessed, mended in the column of their class, booked as two holdings."""
    browser = english(wolkenwerf.secretary)
    address = bring(browser, wolkenwerf, Made("a.csv", PER_CLASS, 2, 0, 8, Decimal(175)))
    form = browser.get(f"{address}columns/").context["form"]
    assert [form[f"column_{place}"].value() for place in (2, 3, 4, 5, 6)] == [
        "shares:A",
        "paid:A",
        "shares:B",
        "paid:B",
        "-",
    ]
    assert "Other columns say the shares of each class" in said(
        chosen(browser, address, amount="25", column_6="shares")
    )
    assert "each row is about one class" in said(chosen(browser, address, amount="25", shape="history"))
    page = said(chosen(browser, address, amount="25", at="31-10-2026"))
    assert "1 row to mend" in page
    assert "Number of shares, class B" in page
    assert "Number of shares, class B" in said(browser.get(f"{address}rows/3/"))
    page = said(browser.post(f"{address}rows/3/", {"do": "value", "field": "shares:B", "value": "2"}, follow=True))
    assert "2 members are ready to be booked" in page
    assert "2 members stand in your register" in said(browser.post(f"{address}book/", follow=True))
    with tenant(wolkenwerf.id):
        totals = queries.totals(wolkenwerf.id, TODAY)
    assert (totals.shares, totals.paid) == ({"A": 4, "B": 4}, Decimal(175))
    assert proof(wolkenwerf).ok


def test_two_columns_cant_hold_the_same(nederwerf: Cast) -> None:
    """The field says which other column holds it already; nothing is lost."""
    browser = english(nederwerf.secretary)
    address = bring(browser, nederwerf, dutch_cooperative())
    page = chosen(browser, address, column_1="family")
    assert "Column B holds this already. Choose one of the two." in page.content.decode()
    assert page.context["form"]["at"].value()


def test_another_sheet_is_read_again(wolkenwerf: Cast) -> None:
    """The notes can be looked at, found wanting, and left for the register's sheet."""
    browser = english(wolkenwerf.secretary)
    address = bring(browser, wolkenwerf, belgian_cv())
    page = browser.post(
        f"{address}columns/", {"sheet": "Nota's", "header": "4", "was": "Aandelenregister", "again": "1"}
    )
    assert page.context["form"]["sheet"].value() == "Nota's"
    page = chosen(browser, address, sheet="Nota's", header="1")
    assert page.status_code == 200


def test_the_whole_row_and_leaving_it_out(wolkenwerf: Cast) -> None:
    """A row is mended whole, left out with a reason, and taken in again."""
    browser = english(wolkenwerf.secretary)
    made = belgian_cv()
    address = bring(browser, wolkenwerf, made)
    chosen(browser, address)
    row = f"{address}rows/235/"
    assert "The date “31/02/2019” doesn't exist." in said(browser.get(row))
    assert "Say in a few words why" in browser.post(row, {"do": "skip", "reason": ""}).content.decode()
    page = said(browser.post(row, {"do": "skip", "reason": "never paid"}, follow=True))
    assert "Line 235, left out: never paid" in page
    assert "3 rows to mend" in page
    assert "4 rows to mend" in said(browser.post(row, {"do": "back"}, follow=True))
    form = browser.get(row).context["row_form"]
    data = {bound.html_name: bound.value() or "" for bound in form}
    page = said(browser.post(row, {**data, "admitted_on": "28-02-2019", "do": "row"}, follow=True))
    assert "3 rows to mend" in page
    assert "Line 235, mended" in page


def test_the_report_says_what_was_left_out(nederwerf: Cast) -> None:
    """A row left out stands in the report with its line and reason, and nobody of that row in the register."""
    browser = english(nederwerf.secretary)
    address = bring(browser, nederwerf, dutch_cooperative())
    chosen(browser, address)
    browser.post(f"{address}rows/3/", {"do": "skip", "reason": "withdrew before admission"})
    report = said(browser.post(f"{address}book/", follow=True))
    assert "14 members stand in your register" in report
    assert "Line 3withdrew before admission" in report
    with tenant(nederwerf.id):
        assert queries.member_by_number(nederwerf.id, 2) is None


def test_one_answer_for_many_rows(wolkenwerf: Cast) -> None:
    """A subscription a row, without numbers: the same person comes back, and is answered for once and for all."""
    browser = english(wolkenwerf.secretary)
    lines = ["Naam;Adres;Aantal aandelen;Bedrag per aandeel;Datum toetreding"]
    lines += [f"Maes, Anna;Kerkstraat 1, 9000 Gent;2;25;0{month}/03/2019" for month in range(1, 6)]
    address = bring(browser, wolkenwerf, Made("a.csv", "\n".join(lines).encode(), 1, 0, 10, Decimal(250)))
    page = said(chosen(browser, address))
    assert "The same person: for all 4 rows" in page
    page = said(browser.post(f"{address}answer/", {"code": "same_person", "answer": "same"}, follow=True))
    assert "1 member is ready to be booked" in page
    page = said(browser.post(f"{address}answer/", {"code": "same_person", "answer": ""}, follow=True))
    assert "4 rows to mend" in page


def test_a_large_register_is_booked_by_a_worker(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a page may wait for: it is handed over, the page looks again by itself, the report follows."""
    monkeypatch.setattr("coopwerf.register.web.importing.AT_ONCE", 50)
    browser = english(wolkenwerf.secretary)
    address = bring(browser, wolkenwerf, many(60))
    chosen(browser, address)
    page = browser.post(f"{address}book/", follow=True)
    assert page["Refresh"] == "4"
    facts = one(wolkenwerf)
    assert facts.state is ImportState.BOOKING
    assert "We are writing it" in said(browser.get(f"{address}columns/", follow=True))
    tasks.book_import(str(wolkenwerf.id), str(facts.id), str(wolkenwerf.secretary.account.id))
    assert "60 members stand in your register" in said(browser.get(address))
    tasks.book_import(str(wolkenwerf.id), str(facts.id), str(wolkenwerf.secretary.account.id))
    with tenant(wolkenwerf.id):
        assert Member.objects.count() == 60


def test_a_worker_that_cant_book_says_why(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody admitted a member meanwhile: the import is open again, with the reason on its page."""
    monkeypatch.setattr("coopwerf.register.web.importing.AT_ONCE", 5)
    browser = english(wolkenwerf.secretary)
    address = bring(browser, wolkenwerf, many(6))
    chosen(browser, address)
    browser.post(f"{address}book/")
    actions.set_class_terms(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        code="A",
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal("25"),
    )
    admit(wolkenwerf, "Peeters", "Jana", 4)
    tasks.book_import(str(wolkenwerf.id), str(one(wolkenwerf).id), str(wolkenwerf.secretary.account.id))
    page = browser.get(address).content.decode()
    assert "Booking stopped" in page
    assert "This register has members already" in page


def test_a_crash_of_the_worker_is_told(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """What nobody foresaw is logged, and the page says that nothing was booked."""
    monkeypatch.setattr("coopwerf.register.web.importing.AT_ONCE", 5)
    browser = english(wolkenwerf.secretary)
    address = bring(browser, wolkenwerf, many(6))
    chosen(browser, address)
    browser.post(f"{address}book/")
    monkeypatch.setattr("coopwerf.register.actions.importing._booked", lambda *given: 1 // 0)
    tasks.book_import(str(wolkenwerf.id), str(one(wolkenwerf).id), "")
    assert "ZeroDivisionError" in caplog.text
    assert "Nothing was booked. Try again" in browser.get(address).content.decode()
    with tenant(wolkenwerf.id):
        assert Member.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("leden.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Excel workbook"),
        ("leden.pdf.xlsx", b"%PDF-1.7 ...", "This is a PDF"),
        ("leden.xlsx", b"<html><table><tr><td>1</td></tr></table>", "web page"),
        ("leden.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("leden.csv", b"", "nothing in this file"),
        ("leden.png", b"\x89PNG\r\n\x1a\n", "no spreadsheet"),
    ],
)
def test_other_files_get_a_sentence(nederwerf: Cast, name: str, content: bytes, said: str) -> None:
    """Whatever else is uploaded: the field says what it is and what to do, and nothing is kept."""
    answer = english(nederwerf.secretary).post(
        nederwerf.url("register/import/"), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 200
    assert said in answer.content.decode()
    with tenant(nederwerf.id):
        assert RegisterImport.objects.count() == 0


def test_a_register_with_members_says_so(with_class: Cast) -> None:
    """The page explains instead of asking for a file; the register no longer offers it."""
    browser = english(with_class.secretary)
    assert "Bring your register" in browser.get(with_class.url("register/")).content.decode()
    admit(with_class, "Peeters", "Jana", 4)
    page = browser.get(with_class.url("register/import/")).content.decode()
    assert "This register has members already" in page
    assert 'type="file"' not in page
    assert "register/import/" not in browser.get(with_class.url("register/")).content.decode()


def test_a_spreadsheet_that_came_too_late_says_so(with_class: Cast) -> None:
    """Somebody was admitted while it waited: its button is greyed with the reason, and booking leads back there."""
    browser = english(with_class.secretary)
    address = bring(browser, with_class, many(2))
    chosen(browser, address)
    admit(with_class, "Peeters", "Jana", 1)
    assert browser.get(address).context["verdict"].code == "register.import_not_empty"
    assert browser.get(f"{address}book/")["Location"] == address


def test_a_new_cooperative_is_told(nederwerf: Cast) -> None:
    """Its overview offers it to whoever may, until there are members."""
    page = english(nederwerf.chair).get(nederwerf.url("settings/")).content.decode()
    assert nederwerf.url("register/import/") in page


def test_others_stay_outside(wolkenwerf: Cast, nederwerf: Cast, stranger: Person, host: Person) -> None:
    """Who may not import sees no page of it, nor does the secretary of another co-operative, nor a stranger."""
    address = bring(english(wolkenwerf.secretary), wolkenwerf, dutch_cooperative())
    facts = one(wolkenwerf)
    for person in (wolkenwerf.director, wolkenwerf.auditor, nederwerf.secretary, stranger, host):
        browser = english(person)
        for path in ("", "columns/", "rows/2/", "book/"):
            answer = browser.get(f"{address}{path}")
            assert answer.status_code == 403, (person.given, path)
            assert "Femke" not in answer.content.decode()
        for path in ("answer/", "drop/", "rows/2/", "book/", "columns/"):
            assert browser.post(f"{address}{path}", {"do": "back"}).status_code == 403
    # A number guessed right leads nowhere in another co-operative.
    other = english(nederwerf.secretary).get(nederwerf.url(f"register/import/{facts.id}/"))
    assert other.status_code == 404
    assert english(wolkenwerf.secretary).get(wolkenwerf.url(f"register/import/{uuid.uuid4()}/")).status_code == 404
    assert one(wolkenwerf).state is ImportState.OPEN


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_our_own_words_for_columns_are_recognised(language: str) -> None:
    """Whoever heads a column as this page calls it, in any language, has nothing to choose."""
    with translation.override(language):
        unknown = {
            str(name): known_field(str(name))
            for field, name in FIELD_NAMES.items()
            if known_field(str(name)) is not field
        }
    assert unknown == {}


def test_the_amount_of_a_share_is_worked_out_or_asked_beside_its_field(wolkenwerf: Cast) -> None:
    """A treasurer without that column finds what most paid; where they differ it is asked, and nothing is lost."""
    browser = english(wolkenwerf.secretary)
    head = "Nr;Naam;Aantal aandelen;Gestort\n"
    rows = "".join(f"{line};Maes {line};{line};{line * 125},00\n" for line in range(1, 10))
    address = bring(browser, wolkenwerf, Made("leden.csv", (head + rows).encode(), 9, 0, 45, Decimal(5625)))
    assert browser.get(f"{address}columns/").context["form"]["amount"].value() == "125.00"
    assert "9 members are ready to be booked" in said(chosen(browser, address))
    page = chosen(browser, address, amount="", share_class="B")
    form = page.context["form"]
    assert form.errors == {
        "amount": ["No column says what a share is worth. Give the amount per share below the columns."]
    }
    assert form["share_class"].value() == "B"


def test_a_class_that_an_import_opens_votes_as_the_statutes_say(wolkenwerf: Cast, person: MakePerson) -> None:
    """A Belgian CV counts votes by share unless its statutes say otherwise; the page told so before it was booked."""
    content = b"Nr;Naam;Aantal aandelen;Bedrag per aandeel;Gestort\n1;Maes Anna;4;25;100\n"
    founder = person("Karim")
    new = coops.found_coop(actor=founder.actor, now=NOW, name="Zonnewerf", language="nl")
    browser = english(founder)
    start = f"/c/{new.slug}/register/import/"
    assert "Is the deed signed?" in said(browser.get(start))
    coops.change_stage(actor=founder.actor, now=NOW, coop_id=new.id, stage=Stage.CV, valid_from=dt.date(2024, 1, 1))
    assert "Is the deed signed?" not in said(browser.get(start))
    address = str(browser.post(start, {"file": SimpleUploadedFile("leden.csv", content)})["Location"]).removesuffix(
        "columns/"
    )
    page = said(chosen(browser, address))
    assert "One vote for each share." in page
    browser.post(f"{address}book/")
    with tenant(new.id):
        (terms,) = queries.all_terms(new.id, TODAY)
    assert (terms.votes, terms.dividend, terms.transfer) == ("share", True, "board")
