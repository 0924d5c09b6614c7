"""A Belgian CV comes with its spreadsheet, in Dutch, on a computer; its member on a phone."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from coopwerf.conf.embedded import EmbeddedServer
from coopwerf.ui import formats

from ..launch.conftest import eventually
from ..register.spreadsheets import belgian_cv
from .conftest import Installation, Visit, day, signs_in
from .visitor import Visitor, words_of

pytestmark = pytest.mark.journey

TODAY = dt.datetime.now(dt.UTC).date()
FOUNDED = dt.date(TODAY.year - 6, 3, 2)
NEW_YEAR = dt.date(TODAY.year, 1, 1)
LEEN, CLAIRE, JORIS = "leen@example.org", "claire@example.org", "joris@example.org"
ON_PAPER = (
    ("Joris", "De Wilde", JORIS),
    ("Samira", "Benali", "samira@example.org"),
    ("Emre", "Yıldız", "emre@example.org"),
    ("Niamh", "O’Brien-D’Hondt", ""),
    ("Wouter", "Wouters", "wouter@example.org"),
)
SHEET = belgian_cv()


@pytest.fixture(scope="module")
def leen(visit: Visit) -> Visitor:
    """Return Leen's computer: she keeps the books of the co-operative, and hosts the installation."""
    return visit("nl", shots="cv-")


@pytest.fixture(scope="module")
def claire(visit: Visit) -> Visitor:
    """Return Claire's phone, on which JavaScript is switched off."""
    return visit("fr", phone=True, script=False, shots="cv-")


def test_the_first_administrator_comes_in_by_the_printed_link(leen: Visitor, installation: Installation) -> None:
    leen.open("/")
    leen.shot("hub-empty")
    leen.open(installation.first_link)
    leen.shot("first")
    leen.fill(given="Leen", family="Goossens", email=LEEN, language="nl")
    leen.send()
    leen.shot("hub-first")
    assert leen.path == "/"
    gone = installation.told("first_link")
    assert gone == {"link": None}


def test_the_link_is_good_once(visit: Visit, installation: Installation) -> None:
    somebody = visit("nl")
    somebody.page.goto(installation.first_link)
    assert somebody.status == 410


def test_she_founds_the_co_operative(leen: Visitor) -> None:
    leen.take("/new/")
    leen.fill(name="Wolkenwerf", language="nl")
    leen.shot("new")
    leen.send()
    assert leen.path == "/c/wolkenwerf/settings/"
    leen.shot("founded")
    leen.take("/settings/stage/")
    leen.fill(stage="be_cv_recognised", valid_from=day(FOUNDED), reference="akte van notaris Claes te Brussel")
    leen.send()
    leen.shot("rules")
    leen.open("/c/wolkenwerf/settings/profile/")
    leen.fill(
        legal_name="Wolkenwerf cv",
        enterprise_no="0799.000.084",
        street="Werkhuizenkaai",
        number="41",
        postcode="1000",
        town="Brussel",
        valid_from=day(FOUNDED),
    )
    leen.send()
    assert leen.path == "/c/wolkenwerf/settings/", leen.text
    leen.shot("settings")


def test_she_brings_her_spreadsheet_and_mends_what_is_doubtful(leen: Visitor, tmp_path: Path) -> None:
    leen.open("/c/wolkenwerf/register/")
    leen.shot("register-empty")
    leen.take("/register/import/")
    leen.shot("import")
    leen.put("file", str(SHEET.write_to(tmp_path)))
    leen.send()
    leen.shot("import-columns")
    if not leen.page.locator('[name="at"]').input_value():
        leen.put("at", day(SHEET.at))
    leen.go(leen.page.locator(".action-bar button"))
    leen.shot("import-doubts")
    assert leen.page.locator(".mend").count() == 4
    for line, mend in SHEET.mends.items():
        row = leen.page.locator(f"#line-{line}")
        if "answer" in mend:
            leen.go(row.locator(f'button[value="answer:{mend["answer"]}"]'))
        else:
            [value] = mend["values"].values()
            row.locator('[name="value"]').fill(value)
            leen.go(row.locator('button[name="do"][value="value"]'))
    assert leen.page.locator(".mend").count() == 0
    leen.says("641", "5.473")
    leen.shot("import-ready")


def test_she_books_it_all_at_once(leen: Visitor, installation: Installation) -> None:
    leen.take("/book/")
    leen.shot("import-book")
    leen.send()
    leen.says("641", "5.473")
    leen.shot("import-booked")
    totals = installation.told("register", "show", "--at", TODAY.isoformat(), "--totals")
    assert (totals["members"], totals["shares"]) == (641, {"A": 5473})
    assert Decimal(totals["paid"]) == SHEET.paid
    leen.open("/c/wolkenwerf/register/")
    leen.says("641", "5.473")
    leen.shot("register")
    leen.picture("register")


def test_claire_asks_without_script(claire: Visitor, installation: Installation) -> None:
    """In French, on a phone without JavaScript."""
    claire.open("/c/wolkenwerf/")
    claire.take("/join/")
    claire.fill(
        quantity="4",
        given="Claire",
        family="Lambotte",
        street="Avenue Louis Bertrand",
        number="45",
        postcode="1030",
        town="Schaerbeek",
        email=CLAIRE,
        language="fr",
        consent="on",
    )
    claire.send()
    mail = installation.mailbox.wait_for(CLAIRE)
    assert mail.language == "fr"
    claire.open(mail.links[0])
    claire.send()
    claire.shot("join-status")


def test_five_more_write_on_paper(leen: Visitor) -> None:
    for number, (given, family, email) in enumerate(ON_PAPER):
        leen.open("/c/wolkenwerf/requests/new/")
        leen.fill(
            asked_on=day(TODAY),
            quantity=str(number + 1),
            given=given,
            family=family,
            street="Dok-Noord",
            number=str(number + 1),
            postcode="9000",
            town="Gent",
            email=email,
            language="nl",
        )
        leen.send()
    leen.shot("request")


def test_what_they_paid_is_noted_by_hand(leen: Visitor) -> None:
    leen.open("/c/wolkenwerf/requests/?state=incomplete")
    leen.shot("requests-incomplete")
    waiting = leen.page.locator('main tbody a[href*="/requests/"]')
    addresses = {str(waiting.nth(place).get_attribute("href")) for place in range(waiting.count())}
    assert len(addresses) == 6
    for address in sorted(addresses):
        leen.open(address)
        leen.go(leen.page.locator('form[action$="/paid/"] button'))


def test_the_board_admits_five_and_refuses_one(leen: Visitor, installation: Installation) -> None:
    leen.open("/c/wolkenwerf/requests/")
    leen.shot("requests")
    for choice in leen.page.locator("main tbody tr").filter(has_not_text="Wouters").locator('[name="r"]').all():
        choice.check()
    leen.go(leen.page.locator('button[name="as"][value="admit"]'))
    leen.shot("admit")
    leen.fill(on=day(TODAY), reference="bestuur, punt 4")
    leen.send()
    leen.shot("admitted")
    leen.open("/c/wolkenwerf/requests/")
    leen.page.locator('[name="r"]').check()
    leen.go(leen.page.locator('button[name="as"][value="refuse"]'))
    leen.page.locator('[name="ground"]').first.check()
    leen.fill(on=day(TODAY), reference="bestuur, punt 5", explanation="De werf is nog niet aan jouw straat.")
    leen.shot("refuse")
    leen.send()
    letter = installation.mailbox.wait_for("wouter@example.org", number=2, seconds=60)
    assert "De werf is nog niet aan jouw straat." in letter.text
    totals = installation.told("register", "show", "--at", TODAY.isoformat(), "--totals")
    assert totals["members"] == 646


def test_everybody_admitted_gets_number_and_certificate(installation: Installation) -> None:
    for address, language in ((CLAIRE, "fr"), (JORIS, "nl")):
        mail = installation.mailbox.wait_for(address, number=2, seconds=90)
        assert mail.language == language
        [paper] = [content for name, content in mail.files().items() if name.endswith(".pdf")]
        assert "/confirm/" in words_of(paper)


@pytest.mark.parametrize("at", [NEW_YEAR, TODAY], ids=["new-year", "today"])
def test_the_register_is_printed_as_of_then_and_now(leen: Visitor, installation: Installation, at: dt.date) -> None:
    leen.open("/c/wolkenwerf/register/extract/")
    leen.fill(form="register.extract", on=day(at))
    leen.shot("extract")
    leen.send()
    _name, words = leen.paper()
    totals = installation.told("register", "show", "--at", at.isoformat(), "--totals")
    head = re.search(r"\d+:[0-9a-f]{64}", words.replace(" ", ""))
    assert head is not None, words[-400:]
    assert installation.told("verify", "--head", head[0])["ok"]
    assert formats.date_long(at, "nl").replace("\u00a0", " ") in words
    for figure in (totals["members"], *totals["shares"].values()):
        assert formats.number(figure, "nl") in words, figure
    assert formats.money(Decimal(totals["paid"]), "nl").replace("\u00a0", " ") in words
    assert "Wolkenwerf cv" in words
    assert ("Lambotte" in words) is (at == TODAY)
    # On New Year the shares still stood in the book that was kept before: the paper doesn't pretend to know them.
    assert ("werd overgenomen" in words) is (at == NEW_YEAR)


def record(leen: Visitor) -> None:
    """Look at what will change, and record it."""
    leen.go(leen.page.locator('button[name="step"][value="look"]'))
    leen.shot("record-look")
    leen.go(leen.page.locator('button[name="step"][value="record"]'))


def test_a_transfer_is_recorded(leen: Visitor, installation: Installation) -> None:
    leen.open("/c/wolkenwerf/register/record/transfer/")
    leen.fill(
        member="Lambotte",
        to_member="De Wilde",
        share_class="A",
        quantity="1",
        on=day(TODAY),
        decided_on=day(TODAY),
        reference="bestuur, punt 6",
    )
    leen.shot("record")
    record(leen)
    leen.shot("transferred")
    shown = installation.command("register", "show", "--at", TODAY.isoformat()).stdout
    rows = {row["name"].split(",")[0]: row for row in csv.DictReader(io.StringIO(shown))}
    assert (rows["Lambotte"]["shares"], rows["De Wilde"]["shares"]) == ("3", "2")


def test_a_mistake_of_last_month_is_corrected_and_both_truths_stay(leen: Visitor, installation: Installation) -> None:
    """Member 7 had one share more all along; what was known before the correction can still be asked."""
    before = installation.told("register", "show", "--at", TODAY.isoformat(), "--totals")
    leen.open("/c/wolkenwerf/register/members/7/")
    leen.shot("member")
    leen.go(leen.page.locator('main a[href*="/movements/"][href$="/correct/"]').first)
    held = int(leen.page.locator('[name="quantity"]').input_value())
    leen.fill(quantity=str(held + 1), paid=str(25 * (held + 1)), decided_on=day(TODAY), reference="bestuur, punt 7")
    leen.shot("correct")
    record(leen)
    leen.shot("corrected")
    known, at = before["head"].partition(":")[0], SHEET.at.isoformat()
    then = installation.told("register", "show", "--at", at, "--known", known, "--totals")
    now = installation.told("register", "show", "--at", at, "--totals")
    assert now["shares"]["A"] == then["shares"]["A"] + 1
    again = installation.told("register", "show", "--at", TODAY.isoformat(), "--known", known, "--totals")
    assert again["shares"] == before["shares"]
    assert again["paid"] == before["paid"]


@pytest.mark.parametrize("script", [True, False], ids=["joris", "claire-without-script"])
def test_a_member_inspects_and_takes_a_certificate(
    visit: Visit, claire: Visitor, installation: Installation, script: bool
) -> None:
    member, address = (visit("nl", phone=True, shots="cv-"), JORIS) if script else (claire, CLAIRE)
    signs_in(member, installation, address, by_link=not script)
    member.open("/c/wolkenwerf/today/")
    member.shot("today" if script else "today-fr")
    member.go(member.page.locator('main form[action*="certificate"] button').first)
    name, words = member.paper()
    assert name.startswith("wolkenwerf-")
    assert ("Joris De Wilde" if script else "Claire Lambotte") in words
    [address] = set(re.findall(r"http://localhost:\d+/confirm/[\w-]+/", words.replace(" ", "")))
    anybody = visit(member.language, phone=True, script=script, shots="cv-")
    anybody.open(address)
    anybody.says("De Wilde" if script else "Lambotte", "25,00")
    anybody.shot("confirmed")
    member.open("/c/wolkenwerf/register/classes/A/")
    member.send()
    member.says("Cools", "Schoolstraat 8")
    assert "@" not in member.text
    member.shot("inspect")


def test_anybody_can_recompute_it(installation: Installation) -> None:
    eventually(lambda: installation.told("verify")["unsealed"] == 0)
    proof = installation.told("verify")
    assert proof["ok"]
    assert (
        proof["shares"]["A"] == installation.told("register", "show", "--at", "2200-01-01", "--totals")["shares"]["A"]
    )


def test_whoever_changes_one_cell_behind_our_back_is_found_out(installation: Installation) -> None:
    with psycopg.connect(EmbeddedServer(installation.running.places.data_dir).dsn("postgres", "coopwerf")) as admin:
        admin.execute("SET session_replication_role = replica")
        changed = admin.execute(
            "UPDATE register_movement SET quantity = quantity + 1 WHERE id = (SELECT id FROM register_movement"
            " ORDER BY position OFFSET 100 LIMIT 1) RETURNING position"
        ).fetchone()
    assert changed is not None
    found = installation.told("verify", code=1)
    assert not found["ok"]
    assert found["position"] == changed[0]
