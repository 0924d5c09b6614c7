"""Money in: an offer, four who take shares on a phone, two files of the bank, the board, and three books that agree."""

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coopcalc.references import format_communication

from ..launch.conftest import clean_environment, coopwerf, eventually
from ..payments.files import camt, camt_entry, camt_statement, coda_move, coda_statement
from .conftest import Installation, Visit, day, signs_in
from .visitor import Visitor, words_of

pytestmark = pytest.mark.journey

TODAY = dt.datetime.now(dt.UTC).date()
BEFORE = TODAY - dt.timedelta(days=1)
NEW_YEAR = dt.date(TODAY.year, 1, 1)
AMINA = "amina@example.org"
IBAN, HOLDER = "BE68 5390 0754 7034", "Zonnewerf cv"
ATELIER = "BE43068999999501"
MOTHER = "BE32123456789002"
PURPOSE = "Met dit geld leggen we zonnepanelen op de sporthal:\n\n- 120 panelen\n- een omvormer\n- een batterij"
OGM = re.compile(r"\+\+\+(\d{3})/(\d{4})/(\d{5})\+\+\+")


@pytest.fixture(scope="module")
def amina(visit: Visit) -> Visitor:
    """Return Amina's computer: she chairs the co-operative, and keeps its money."""
    return visit("nl", shots="money-")


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """Return what people remember from one chapter to the next: communications and addresses."""
    return {}


def test_the_co_operative_opens_its_books_and_names_its_account(amina: Visitor, installation: Installation) -> None:
    amina.open(installation.first_link)
    amina.fill(given="Amina", family="El Idrissi", email=AMINA, language="nl")
    amina.send()
    amina.take("/new/")
    amina.fill(name="Zonnewerf", language="nl")
    amina.send()
    amina.take("/settings/stage/")
    amina.fill(stage="be_cv_recognised", valid_from=day(NEW_YEAR), reference="akte van notaris Claes te Brussel")
    amina.send()
    amina.open("/c/zonnewerf/settings/profile/")
    amina.fill(
        legal_name=HOLDER,
        enterprise_no="0799.000.084",
        street="Werkhuizenkaai",
        number="41",
        postcode="1000",
        town="Brussel",
        valid_from=day(NEW_YEAR),
    )
    amina.send()
    amina.open("/c/zonnewerf/settings/classes/new/")
    amina.fill(code="A", nominal="25,00", valid_from=day(NEW_YEAR))
    amina.send()
    amina.open("/c/zonnewerf/books/open/")
    amina.shot("books-open")
    amina.fill(chart="be_mar", on=day(NEW_YEAR))
    amina.send()
    amina.shot("books")
    amina.open("/c/zonnewerf/bank/accounts/")
    amina.fill(iban=IBAN, holder=HOLDER)
    amina.shot("bank-account")
    amina.send()
    proof = installation.told("books", "prove")
    assert proof["difference"] == "0.00"


def test_an_offer_is_published(amina: Visitor) -> None:
    amina.open("/c/zonnewerf/offers/new/")
    amina.fill(title="Zon op de sporthal")
    amina.shot("offer-new")
    amina.send()
    home = amina.path
    amina.take("/terms/")
    amina.page.locator('main [name="classes"][value="A"]').check()
    amina.fill(ceiling="25.000,00", per_person="5.000,00", opens_on=day(NEW_YEAR), payment_days="14")
    amina.shot("offer-terms")
    amina.send()
    amina.open(f"{home}texts/nl/")
    amina.fill(
        title="Zon op de sporthal",
        lead="We wekken samen stroom op, boven ons eigen hoofd.",
        purpose=PURPOSE,
        rights="Je krijgt een stem in de algemene vergadering, hoeveel aandelen je ook hebt.",
        risks="Werken de panelen niet, dan kan je alles verliezen wat je inlegt.",
        risk_sentence="Ik weet dat ik kan verliezen wat ik inleg.",
        statutes="Artikel 1. De vennootschap heet Zonnewerf.",
    )
    amina.shot("offer-texts")
    amina.send()
    amina.open(f"{home}statutes/")
    amina.fill(name="Akte van oprichting", on=day(NEW_YEAR))
    amina.send()
    amina.open(home)
    amina.shot("offer-ready")
    amina.take("/move/open/")
    amina.shot("offer-open")
    amina.send()
    amina.shot("offer-opened")


def take(visitor: Visitor, installation: Installation, *, quantity: str, for_whom: str, **person: str) -> str:
    """Take shares in three steps, and return the communication of the page on which one pays."""
    visitor.open("/c/zonnewerf/shares/zon-op-de-sporthal/")
    visitor.take("/take/")
    visitor.fill(quantity=quantity, for_whom=for_whom)
    visitor.shot(f"take-shares-{for_whom}")
    visitor.send()
    address = {"street": "Dok-Noord", "number": "4", "postcode": "9000", "town": "Gent"}
    visitor.fill(**(address | person))
    visitor.shot(f"take-who-{for_whom}")
    visitor.send()
    visitor.put("accepts_statutes", "on")
    visitor.put("accepts_risk", "on")
    visitor.shot(f"take-check-{for_whom}")
    visitor.send()
    visitor.shot(f"pay-{for_whom}")
    found = OGM.search(visitor.text)
    assert found is not None, visitor.text
    return "".join(found.groups())


def confirm(visitor: Visitor, installation: Installation, address: str) -> None:
    """Follow the link in one's mail, and say that it is right."""
    mail = installation.mailbox.wait_for(address, seconds=60)
    visitor.open(next(link for link in mail.links if "/subscription/" in link))
    visitor.go(visitor.page.locator('button[name="do"][value="confirm"]'))
    visitor.shot("confirmed")


def test_jana_takes_four_shares_on_her_phone(visit: Visit, installation: Installation, told: dict[str, str]) -> None:
    jana = visit("nl", phone=True, shots="money-")
    jana.open("/c/zonnewerf/shares/zon-op-de-sporthal/")
    jana.shot("offer")
    told["jana"] = take(
        jana, installation, quantity="4", for_whom="self", given="Jana", family="Peeters", email="jana@example.org"
    )
    jana.says("€ 100,00")
    confirm(jana, installation, "jana@example.org")


def test_claires_mother_pays_and_claire_has_no_javascript(
    visit: Visit, installation: Installation, told: dict[str, str]
) -> None:
    claire = visit("nl", phone=True, script=False, shots="money-noscript-")
    told["claire"] = take(
        claire,
        installation,
        quantity="2",
        for_whom="self",
        given="Claire",
        family="Lambotte",
        email="claire@example.org",
        payer="Martine Dubois",
    )
    assert claire.page.locator("[data-copy]:visible").count() == 0
    confirm(claire, installation, "claire@example.org")


def test_bram_gives_a_share_to_noor(visit: Visit, installation: Installation, told: dict[str, str]) -> None:
    """Noor is asked whether she agrees; nobody becomes a member without it."""
    bram = visit("nl", phone=True, shots="money-")
    told["noor"] = take(
        bram,
        installation,
        quantity="1",
        for_whom="gift",
        given="Noor",
        family="Haddad",
        email="noor@example.org",
        payer="Bram Wouters",
        payer_email="bram@example.org",
    )
    noor = visit("nl", phone=True, shots="money-noor-")
    confirm(noor, installation, "noor@example.org")
    assert "Bram Wouters" in installation.mailbox.wait_for("noor@example.org").text


def test_an_organisation_takes_ten(visit: Visit, installation: Installation, told: dict[str, str]) -> None:
    fatma = visit("nl", shots="money-")
    told["fiets"] = take(
        fatma,
        installation,
        quantity="10",
        for_whom="organisation",
        family="Fietsatelier",
        legal_form="vzw",
        enterprise_no="0776.091.951",
        agent_given="Fatma",
        agent_family="Öztürk",
        email="fatma@example.org",
    )
    confirm(fatma, installation, "fatma@example.org")


def files(told: dict[str, str], folder: Path) -> tuple[Path, Path]:
    """Write what the bank has: a camt.053 of yesterday and a CODA file of today, one after the other."""
    on = BEFORE.isoformat()
    exact = f"<Strd><CdtrRefInf><Ref>{told['jana']}</Ref></CdtrRefInf></Strd>"
    entries = [
        camt_entry("75.00", booked=on, name="PEETERS JANA", remittance=exact, ref="A1"),
        camt_entry(
            "25.00", booked=on, name="WOUTERS BRAM", iban="BE39103123456719", remittance="<Ustrd>kdo</Ustrd>", ref="A2"
        ),
        camt_entry(
            "13.37",
            booked=on,
            name="VERHEYEN J",
            iban="BE62510007547061",
            remittance="<Ustrd>zoals afgesproken</Ustrd>",
            ref="A3",
        ),
    ]
    statement = camt_statement(entries, opening="0.00", closing="113.37", account=IBAN.replace(" ", ""))
    first = folder / "uittreksel-1.xml"
    first.write_text(camt(statement).replace("2026-11-20", on).replace("2026-11-19", on))
    date, eve = f"{TODAY:%d%m%y}", f"{BEFORE:%d%m%y}"
    twice = f"101{told['fiets']}"
    moves = [
        coda_move(1, "250.00", structured=twice, name="FIETSATELIER VZW", account=ATELIER),
        coda_move(2, "250.00", structured=twice, name="FIETSATELIER VZW", account=ATELIER),
        coda_move(
            3,
            "50.00",
            communication=f"aandelen Claire {format_communication(told['claire'])}",
            name="DUBOIS MARTINE",
            account=MOTHER,
        ),
    ]
    text = coda_statement(moves, opening="113.37", closing="663.37", account=IBAN.replace(" ", ""), number=2)
    second = folder / "uittreksel-2.cod"
    second.write_text(text.replace("201126", date).replace("191126", eve), encoding="latin-1")
    return first, second


def test_two_files_of_the_bank_are_brought(
    amina: Visitor, installation: Installation, told: dict[str, str], tmp_path: Path
) -> None:
    amina.open("/c/zonnewerf/bank/")
    amina.shot("inbox-empty")
    amina.open("/c/zonnewerf/bank/statements/upload/")
    for place, file in enumerate(files(told, tmp_path)):
        amina.put("content", str(file))
        amina.send()
        amina.shot(f"uploaded-{place}")
    again = installation.told("bank", "import", str(tmp_path / "uittreksel-2.cod"))
    assert again["new"] == 0
    proof = installation.told("books", "prove")
    assert (proof["suspense"], proof["bank"], proof["difference"]) == ("663.37", "663.37", "0.00")


def test_the_lines_explain_themselves(amina: Visitor, installation: Installation) -> None:
    matches = {one["entry"]: one for one in installation.told("bank", "matches")}
    reasons = {frozenset(proposal["reasons"]) for one in matches.values() for proposal in one["proposals"][:1]}
    assert any("communication_exact" in found for found in reasons), reasons
    amina.open("/c/zonnewerf/bank/")
    amina.shot("inbox")
    amina.take("/certain/")
    amina.shot("certain")
    amina.send()
    amina.shot("inbox-after")


def opens(amina: Visitor, who: str) -> None:
    """Go to the line of somebody that waits."""
    amina.open("/c/zonnewerf/bank/")
    if who not in amina.page.locator("#line").inner_text():
        amina.go(amina.page.locator("main a").filter(has_text=who).first)


def test_a_second_payment_goes_on_the_list_to_pay_back(amina: Visitor) -> None:
    opens(amina, "FIETSATELIER")
    amina.shot("line-twice")
    amina.follow("Betaal terug")
    amina.shot("line-refund")
    amina.fill(amount="250,00", holder="Fietsatelier vzw", iban="BE43 0689 9999 9501")
    amina.send()


def test_who_wrote_nothing_is_recognised_by_name_and_amount(amina: Visitor) -> None:
    """Bram said that he would pay for Noor, and wrote no communication."""
    opens(amina, "WOUTERS")
    amina.shot("line-gift")
    amina.says("Noor Haddad", "De rekeninghouder is wie zei dat die zou betalen")
    amina.press("Boek het voor Noor Haddad")


def test_an_unknown_line_is_booked_as_a_gift_and_that_is_undone(amina: Visitor, installation: Installation) -> None:
    """It was no gift after all: both bookings stay in the books, and the line waits again."""
    opens(amina, "VERHEYEN")
    amina.follow("Op een rekening")
    amina.page.get_by_label("Giften", exact=False).first.check()
    amina.shot("line-account")
    amina.send()
    amina.says("Alles is verklaard")
    amina.shot("inbox-done")
    assert installation.told("books", "prove")["suspense"] == "0.00"
    amina.go(amina.page.locator(".toast form button"))
    amina.shot("undone")
    opens(amina, "VERHEYEN")
    proof = installation.told("books", "prove")
    assert (proof["suspense"], proof["difference"]) == ("13.37", "0.00")


def test_the_board_admits_three_and_refuses_one(amina: Visitor, installation: Installation) -> None:
    amina.open("/c/zonnewerf/requests/")
    amina.says("Lambotte, Claire", "door DUBOIS MARTINE", "Haddad, Noor", "Fietsatelier")
    amina.shot("requests")
    for choice in amina.page.locator('main tbody [name="r"]').all():
        choice.check()
    amina.go(amina.page.locator('button[name="as"][value="admit"]'))
    amina.shot("admit")
    amina.fill(on=day(TODAY), reference="bestuur, punt 2")
    amina.send()
    amina.open("/c/zonnewerf/requests/?state=incomplete")
    amina.says("Peeters, Jana", "€ 75,00")
    amina.shot("requests-short")
    amina.page.locator('main tbody [name="r"]').check()
    amina.go(amina.page.locator('button[name="as"][value="refuse"]'))
    amina.page.locator('[name="ground"]').first.check()
    amina.fill(on=day(TODAY), reference="bestuur, punt 3", explanation="Je woont buiten ons werkgebied.")
    amina.send()
    amina.shot("decided")
    proof = installation.told("books", "prove")
    assert proof["difference"] == "0.00", proof
    assert (proof["register"], proof["ledger"]) == ("325.00", "325.00")


def test_what_goes_back_is_on_the_list_with_a_code_for_each(amina: Visitor, installation: Installation) -> None:
    amina.open("/c/zonnewerf/bank/to-pay/")
    amina.says("Jana Peeters", "75,00", "Fietsatelier", "250,00")
    assert amina.page.locator(".pay svg[role=img]").count() == 2
    amina.shot("to-pay")
    letter = installation.mailbox.wait_for("jana@example.org", number=2, seconds=60)
    assert "buiten ons werkgebied" in letter.text


def test_who_was_admitted_gets_a_number_and_a_certificate(installation: Installation) -> None:
    for address in ("claire@example.org", "fatma@example.org"):
        letters = [installation.mailbox.wait_for(address, number=2, seconds=90)]
        papers = [content for mail in letters for name, content in mail.files().items() if name.endswith(".pdf")]
        assert papers, [mail.subject for mail in letters]
        assert "/confirm/" in words_of(papers[0])


def test_the_register_of_yesterday_and_of_today(amina: Visitor, installation: Installation) -> None:
    then = installation.told("register", "show", "--at", BEFORE.isoformat(), "--totals")
    now = installation.told("register", "show", "--at", TODAY.isoformat(), "--totals")
    assert (then["members"], then["paid"]) == (0, "0.00")
    assert (now["members"], now["shares"], now["paid"]) == (3, {"A": 13}, "325.00")
    amina.open("/c/zonnewerf/register/")
    amina.says("Lambotte", "Haddad", "Fietsatelier")
    amina.shot("register")


def test_the_three_books_agree(amina: Visitor, visit: Visit, installation: Installation) -> None:
    amina.open("/c/zonnewerf/books/proof/")
    amina.says("De drie boeken kloppen", "325,00", "663,37")
    amina.shot("proof")
    amina.open("/c/zonnewerf/books/journal/")
    amina.shot("journal")
    amina.open("/c/zonnewerf/books/trial-balance/")
    amina.shot("trial-balance")
    for at in (NEW_YEAR, BEFORE, TODAY):
        proof = installation.told("books", "prove", "--at", at.isoformat())
        assert proof["difference"] == "0.00", (at, proof)
    eventually(lambda: installation.told("verify")["unsealed"] == 0)
    assert installation.told("verify")["ok"]
    phone = visit("nl", phone=True, shots="money-")
    signs_in(phone, installation, AMINA)
    for name, path in (
        ("proof", "books/proof/"),
        ("inbox", "bank/"),
        ("to-pay", "bank/to-pay/"),
        ("books", "books/"),
    ):
        phone.open(f"/c/zonnewerf/{path}")
        phone.shot(name)


def test_anybody_verifies_the_books_without_us(installation: Installation, tmp_path: Path) -> None:
    """The export holds entries and movements; the program that knows no database reads both."""
    export = tmp_path / "zonnewerf.jsonl"
    done = installation.command("register", "export", str(export))
    assert done.returncode == 0, done.stderr
    told = subprocess.run(
        [sys.executable, "-m", "coopcalc.register", "verify", str(export)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    found = json.loads(told.stdout)
    assert found["ok"]


def test_a_backup_brings_back_all_three_books(installation: Installation) -> None:
    """On an empty machine: the same proof, the same head, and a file that was read in before brings nothing new."""
    before, head = installation.told("books", "prove"), installation.told("verify")["head"]
    folder = installation.running.places.data_dir.parent
    done = installation.command("backup", str(folder / "b.tar"))
    assert done.returncode == 0, done.stderr
    there = ("--data-dir", str(folder / "restored"))
    done = coopwerf("restore", str(folder / "b.tar"), *there, env=clean_environment())
    assert done.returncode == 0, done.stderr
    proof = coopwerf("books", "prove", *there, env=clean_environment())
    assert json.loads(proof.stdout) == before
    verified = coopwerf("verify", "--head", head, *there, env=clean_environment())
    assert json.loads(verified.stdout)["ok"], verified.stdout
    journals = [
        coopwerf("books", "journal", "--format", "json", *where, env=clean_environment()).stdout
        for where in (there, ("--data-dir", str(installation.running.places.data_dir)))
    ]
    assert journals[0] == journals[1]
    assert "Aandelen uitgegeven" in journals[0]
