"""The treasurer works through the bank: each line explained, split, paid back, booked to an account; and undone."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as books
from coopwerf.payments import actions, queries
from coopwerf.payments.states import ClaimState, MatchKind
from tests.cast import NOW, Cast, make_person
from tests.house.test_languages import read
from tests.pages import Walker

from .bank import balance, bring, claim, open_bank, statement, told
from .files import camt, camt_entry, camt_statement, coda_move, coda_statement
from .inbox import Inbox, euro, furnish


@pytest.fixture
def inbox(wolkenwerf: Cast) -> Inbox:
    return furnish(wolkenwerf)


@pytest.fixture
def treasurer(inbox: Inbox) -> Walker:
    """Return Chantal's browser, in English."""
    return english(inbox.coop.treasurer.browser())


def english(client: Client) -> Walker:
    client.post("/ui/language/", {"language": "en"})
    return Walker(client, "en")


def test_the_newest_line_is_at_hand_with_its_likeliest_request(inbox: Inbox, treasurer: Walker) -> None:
    treasurer.open(inbox.url())
    treasurer.says("7 lines wait for you", "2 lines fit a request exactly", "No name", "beheerskosten kwartaal")
    treasurer.open(inbox.url(f"?line={inbox.lines['luc'].id}"))
    treasurer.says("PEETERS LUC", "Luc Peeters", "80 of 100", "is that of this request", "The amount is exactly €50.00")


def test_accepting_leads_to_the_next_line_and_back(inbox: Inbox, treasurer: Walker) -> None:
    """One press books it; one more takes it back, and nothing is erased."""
    treasurer.open(inbox.url(f"?line={inbox.lines['luc'].id}"))
    treasurer.send(inbox.line("luc", "accept/"))
    treasurer.says("6 lines wait for you", "Booked: €50.00 from PEETERS LUC. Luc Peeters · shares.")
    assert inbox.owed("luc").state is ClaimState.SETTLED
    assert inbox.entry("luc").open == 0
    (match,) = inbox.matches("luc")
    assert (match.score, match.reasons[0].code) == (80, "communication_exact")
    treasurer.send(f"matches/{match.id}/undo/")
    treasurer.says("7 lines wait for you", "Undone: the line waits again, and its posting is reversed.", "PEETERS LUC")
    assert [one.stands for one in inbox.matches("luc")] == [False, False]
    assert inbox.owed("luc").paid == 0


def test_a_short_payment_and_one_that_is_too_much(inbox: Inbox, treasurer: Walker) -> None:
    """Short leaves the request open; of too much only the request is booked, and the rest is at hand at once."""
    treasurer.open(inbox.url(f"?line={inbox.lines['tarik'].id}"))
    treasurer.says("€50.00 is still missing", "€50.00 still open")
    treasurer.send(inbox.line("tarik", "accept/"))
    assert inbox.owed("tarik").open == euro("50.00")
    treasurer.open(inbox.url(f"?line={inbox.lines['fatou'].id}"))
    treasurer.says("€50.00 is too much", "Book €250.00 of it")
    treasurer.send(inbox.line("fatou", "accept/"))
    treasurer.says("€250.00 of it is booked already; €50.00 waits.", "This request is already paid")
    treasurer.open(inbox.line("fatou", "refund/"))
    treasurer.send(amount="50,00", holder="Fatou Diallo", iban="be68 5390 0754 7035")
    treasurer.says("One thing to mend")
    treasurer.send(amount="50,00", holder="Fatou Diallo", iban="BE71 0961 2345 6769")
    assert inbox.entry("fatou").open == 0
    treasurer.open(inbox.url("to-pay/"))
    treasurer.says("One payment to make", "Fatou Diallo", "€50.00", "BE71 0961 2345 6769")
    assert 'role="img"' in treasurer.page
    with tenant(inbox.coop.id):
        (refund,) = queries.payments_to_make(inbox.coop.id)
    assert refund.party_id == inbox.people["fatou"].party_id, "who paid too much is known by the communication"


def test_mistyped_is_proposed_but_not_certain(inbox: Inbox, treasurer: Walker) -> None:
    treasurer.open(inbox.url(f"?line={inbox.lines['ana'].id}"))
    treasurer.says("one typing mistake away from", "Ana De Smet")
    treasurer.open(inbox.url("certain/"))
    assert "DE SMET" not in treasurer.page


def test_all_certain_in_one_go(inbox: Inbox, treasurer: Walker) -> None:
    """They are shown with their sums first; what was changed meanwhile is left out."""
    treasurer.open(inbox.url("certain/"))
    treasurer.says("2 lines are certain", "PEETERS LUC", "EL AMRANI TARIK", "€250.00", "€50.00 still open")
    actions.accept(**told(inbox.coop), entry_id=inbox.lines["luc"].id, claim_id=inbox.claims["luc"].id)
    treasurer.send(inbox.url("certain/"))
    treasurer.says("One line is booked.", "Some changed meanwhile", "5 lines wait for you")
    treasurer.open(inbox.url("certain/"))
    treasurer.says("No line is certain")


def test_splitting_over_requests_and_an_account(inbox: Inbox, treasurer: Walker) -> None:
    """Amounts as people write them; more than a request or the line has is said beside the field."""
    treasurer.open(inbox.line("fatou", f"split/?claim={inbox.claims['fatou'].id}&claim={inbox.claims['ana'].id}"))
    first, second = (f"amount-{inbox.claims[who].id}" for who in ("fatou", "ana"))
    assert treasurer.form("split/", None, first).values[first] == ["250.00"]
    assert treasurer.form("split/", None, first).values[second] == ["50.00"]
    treasurer.send("split/", **{first: "1.000,00", second: "50"})
    treasurer.says("Only this much of it is open: 250.00.")
    treasurer.send("split/", **{first: "250.00", second: "60,00"})
    treasurer.says("Together that is 10.00 more than the line has.")
    treasurer.send("split/", **{first: "BE71 0961 2345 6769", second: ""})
    treasurer.says("Write an amount in euro")
    treasurer.send("split/", **{first: "250,00", second: "30,00", "account_amount": "20"})
    treasurer.says("Choose the account for this amount")
    assert inbox.matches("fatou") == []
    treasurer.send(
        "split/", **{first: "250,00", second: "30,00", "account": of_role(inbox, "gifts"), "account_amount": "20"}
    )
    treasurer.says("The line is split and booked.")
    assert [(one.kind, one.amount) for one in inbox.matches("fatou")] == [
        (MatchKind.CLAIM, euro("250.00")),
        (MatchKind.CLAIM, euro("30.00")),
        (MatchKind.ACCOUNT, euro("20.00")),
    ]
    assert inbox.owed("ana").open == euro("70.00")


def test_bank_charges_go_to_an_account(inbox: Inbox, treasurer: Walker) -> None:
    treasurer.open(inbox.line("bank", "account/"))
    form = treasurer.form("account/", None, "account")
    treasurer.send("account/", account="other")
    treasurer.says("Choose the account from the list.")
    treasurer.send("account/", account="650000000", amount="7,50")
    treasurer.says("Select a valid choice")
    code = of_role(inbox, "bank_costs")
    treasurer.send("account/", account=code, amount="8,00")
    treasurer.says("That is more than waits of this line: 7.50.")
    treasurer.send("account/", account=code, amount="7,50")
    treasurer.says("Booked: €7.50 to No name")
    assert form.names >= {"account", "other", "amount"}
    assert balance(inbox.coop, code) == euro("7.50")


def of_role(inbox: Inbox, role: str) -> str:
    """Return the number of the ledger's account for something."""
    with tenant(inbox.coop.id):
        return next(one.code for one in books.accounts(inbox.coop.id) if one.role == role)


def test_somebody_else_pays(inbox: Inbox, treasurer: Walker) -> None:
    """A gift from a stranger turns out to be Noor's employer: found by her name, by amount, by communication."""
    treasurer.open(inbox.line("gift", "other/"))
    treasurer.says("No open request found")
    for words in ("vandamme", "150,00", inbox.claims["noor"].digits):
        treasurer.open(inbox.line("gift", f"other/?find={words}"))
        treasurer.says("Noor Vandamme", "€150.00")
    treasurer.send("other/", claim=str(inbox.claims["noor"].id))
    treasurer.says("Booked: €25.00 from J. MAES. Noor Vandamme · shares.")
    assert inbox.owed("noor").open == euro("125.00")


def test_searching(inbox: Inbox, treasurer: Walker) -> None:
    """By name, by amount, by communication with its signs; what isn't found is said, and how to go on."""
    for words in ("diallo", "300,00", inbox.claims["fatou"].digits):
        treasurer.open(inbox.url(f"?q={words}"))
        treasurer.says("DIALLO FATOU")
        assert "PEETERS" not in treasurer.page
    treasurer.open(inbox.url("?q=nobody"))
    treasurer.says("Nothing found", "Show all open lines")


def test_what_waits_longest_and_what_is_booked(inbox: Inbox, treasurer: Walker) -> None:
    treasurer.open(inbox.url("suspense/"))
    treasurer.says("What waits longest", "Up to a week", "DIALLO FATOU", " days")
    treasurer.open(inbox.url("booked/"))
    treasurer.says("Nothing is booked yet")
    actions.accept(**told(inbox.coop), entry_id=inbox.lines["luc"].id, claim_id=inbox.claims["luc"].id)
    treasurer.open(inbox.url("booked/"))
    treasurer.says("PEETERS LUC", "Luc Peeters · shares")
    treasurer.open(inbox.line("luc"))
    treasurer.says("What it was for", "is that of this request", "Chantal Dubois")
    treasurer.open(inbox.url("undo/"))
    treasurer.says(
        "Undo this booking?", "€50.00 of the line waits again", "In the register the payment is taken back too."
    )
    treasurer.send("undo/")
    treasurer.says("7 lines wait for you")
    treasurer.open(inbox.url("undo/"))
    treasurer.says("There is nothing of yours to undo just now.")


def test_a_line_that_somebody_explained_meanwhile(inbox: Inbox, treasurer: Walker) -> None:
    """The page that stands open is old: whoever comes second is told, and sees what waits now."""
    treasurer.open(inbox.url(f"?line={inbox.lines['luc'].id}"))
    actions.accept(**told(inbox.coop), entry_id=inbox.lines["luc"].id, claim_id=inbox.claims["luc"].id)
    treasurer.send(inbox.line("luc", "accept/"))
    treasurer.says("Somebody explained this line meanwhile", "6 lines wait for you")
    treasurer.open(inbox.line("luc", "split/"))
    treasurer.says("Somebody explained this line meanwhile", "What it was for")
    assert len(inbox.matches("luc")) == 1


def test_nonsense_from_outside_is_told(inbox: Inbox, treasurer: Walker) -> None:
    client = treasurer.client
    for data in (
        {},
        {"claim": "x"},
        {"claim": str(uuid.uuid4())},
        {"claim": str(inbox.claims["luc"].id), "amount": "NaN"},
    ):
        answer = client.post(inbox.line("luc", "accept/"), data, follow=True)
        assert answer.status_code == 200, data
        if "amount" not in data:
            assert b"There is no such request" in answer.content
    assert client.get(inbox.url(f"lines/{uuid.uuid4()}/")).status_code == 404
    assert client.get(inbox.url(f"matches/{uuid.uuid4()}/undo/")).status_code == 404
    assert client.get(inbox.url("?line=x&done=y&q=%00")).status_code == 200
    assert client.post(inbox.line("luc", "pair/"), {"entry": "x"}, follow=True).status_code == 200


def test_who_may_look_and_who_may_not(inbox: Inbox, nederwerf: Cast) -> None:
    """The auditor sees everything and changes nothing; somebody of another co-operative finds no door."""
    auditor = english(inbox.coop.auditor.browser())
    auditor.open(inbox.url(f"?line={inbox.lines['luc'].id}"))
    auditor.says("PEETERS LUC", "80 of 100")
    assert "accept/" not in auditor.page
    assert auditor.client.post(inbox.line("luc", "accept/"), {"claim": str(inbox.claims["luc"].id)}).status_code == 403
    assert auditor.client.get(inbox.url("statements/upload/")).status_code == 403
    for path in (inbox.url(), inbox.line("luc"), inbox.url("to-pay/")):
        assert nederwerf.chair.browser().get(path).status_code in (403, 404)
    theirs = nederwerf.url(f"bank/lines/{inbox.lines['luc'].id}/")
    assert nederwerf.chair.browser().get(theirs).status_code in (403, 404)
    assert inbox.matches("luc") == []


def test_a_page_with_nothing_on_it_says_one_thing_and_offers_one_way_on(wolkenwerf: Cast) -> None:
    """No button to a page that only sends back, nothing to search in, no words about lines that aren't there."""
    client = english(wolkenwerf.treasurer.browser())

    def opened(rest: str) -> tuple[str, str]:
        page = client.client.get(wolkenwerf.url(f"bank/{rest}")).content.decode()
        return page, " ".join(" ".join(read(page).texts).split())

    for rest in ("", "statements/"):
        page, text = opened(rest)
        assert "First tell where the money stands" in text, rest
        assert wolkenwerf.url("bank/accounts/") in page, rest
        assert wolkenwerf.url("bank/statements/upload/") not in page, rest
    open_bank(wolkenwerf)
    for rest in ("", "statements/"):
        assert opened(rest)[0].count(f'href="{wolkenwerf.url("bank/statements/upload/")}"') == 1, rest
    assert 'type="search"' not in opened("booked/")[0]
    assert 'type="search"' in opened("booked/?q=xyz")[0]
    assert "Each of these carries" not in opened("certain/")[1]
    assert opened("to-pay/")[1].count("Nothing to pay") == 1


def test_bringing_files(wolkenwerf: Cast) -> None:
    """Several at once; each says what it brought, and what is refused why."""
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url("bank/"))
    client.says("First tell where the money stands")
    client.open(wolkenwerf.url("bank/accounts/"))
    client.says("Open the books first")
    open_bank(wolkenwerf)
    client.open(wolkenwerf.url("bank/"))
    client.says("No bank file was read in yet")
    good = camt(statement(camt_entry("10.00"), camt_entry("20.00", name="Els Maes"))).encode()
    files = [
        SimpleUploadedFile("mei.xml", good),
        SimpleUploadedFile("mei-nog-eens.xml", good),
        SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff\xe0 no bank file"),
        SimpleUploadedFile("leeg.txt", b""),
    ]
    answer = client.client.post(wolkenwerf.url("bank/statements/upload/"), {"content": files})
    assert answer.status_code == 200
    text = " ".join(" ".join(read(answer.content.decode()).texts).split())
    assert "mei.xml Bank lines 2 New 2 Known already 0 Not booked 0" in text
    assert "mei-nog-eens.xml Bank lines 2 New 0 Known already 2 Not booked 0" in text
    assert "There is nothing in this file" in text
    assert text.count("Refused") == 2
    client.open(wolkenwerf.url("bank/statements/upload/"))
    client.send("upload/")
    client.says("Choose the files that your bank gave.")


def test_a_statement_that_does_not_add_up(wolkenwerf: Cast) -> None:
    """It waits for the treasurer's word, which stays with it for the auditor."""
    open_bank(wolkenwerf)
    done = bring(wolkenwerf, camt(camt_statement([camt_entry("10.00")], opening="100.00", closing="115.00")))
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url("bank/statements/"))
    client.says("One statement waits for your word.", "Waits for you", "1 (camt.053)")
    client.open(wolkenwerf.url(f"bank/statements/{done.statement_ids[0]}/"))
    client.says("It isn’t booked yet Its lines and its closing balance differ by €5.00.", "Book it anyway, because…")
    client.send(because="")
    client.says("One thing to mend")
    client.send(because="compared with the bank’s site: a line of €5.00 comes tomorrow")
    client.says("The statement is booked. One line is new.", "Booked anyway by Chantal Dubois", "comes tomorrow")


def test_a_statement_that_was_only_compared_names_its_lines(wolkenwerf: Cast) -> None:
    """Each day and amount that the other file doesn't have stands on a line of its own; nothing is called known."""
    open_bank(wolkenwerf)
    bring(wolkenwerf, coda_statement([coda_move(1, "250.00")], closing="350.00"), name="x.cod")
    entries = [camt_entry("7.00", ref="REF3"), camt_entry("9.00", ref="REF4")]
    done = bring(wolkenwerf, camt(statement(*entries)))
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url(f"bank/statements/{done.statement_ids[0]}/"))
    client.says("Only in this file 20-11-2026 €7.00 20-11-2026 €9.00", "None of its lines is booked.")
    page = client.client.get(wolkenwerf.url(f"bank/statements/{done.statement_ids[0]}/")).content.decode()
    assert page.count("<li>20-11-2026") == 3
    client.open(wolkenwerf.url("bank/statements/"))
    client.says("(camt.053)", "1 (CODA)")


def test_accepting_what_is_gone_does_not_say_one(inbox: Inbox) -> None:
    """In French nothing is singular: a sentence that says “one” would be untrue."""
    client = inbox.coop.treasurer.browser()
    client.post("/ui/language/", {"language": "fr"})
    page = client.post(inbox.url("certain/"), {"line": [str(inbox.lines["luc"].id)]}, follow=True).content.decode()
    assert "Une ligne est comptabilisée" in page
    page = client.post(inbox.url("certain/"), {"line": [str(inbox.lines["luc"].id)]}, follow=True).content.decode()
    assert "Une ligne est comptabilisée" not in page
    assert "Certaines ont changé entre-temps" in page


def test_gaps_are_shown(wolkenwerf: Cast) -> None:
    open_bank(wolkenwerf)
    bring(wolkenwerf, camt(statement(camt_entry("10.00", booked="2026-11-02"), opening="100.00")))
    bring(wolkenwerf, camt(statement(camt_entry("5.00", booked="2026-11-12"), opening="150.00")), name="b.xml")
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url("bank/statements/"))
    client.says("Something is missing between", "ends with €110.00, the next begins with €150.00", "€40.00")


def test_accounts(wolkenwerf: Cast) -> None:
    """A wrong number says what is wrong with it; the holder can be corrected; another account can be the main one."""
    open_bank(wolkenwerf)
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url("bank/accounts/"))
    client.send(iban="BE68 5390 0754 7043", holder="Wolkenwerf")
    client.says("One thing to mend")
    client.send(iban="be43 0689 9999 9501", holder="Wolkenwerf", is_main="on")
    client.says("The account is there.", "BE43 0689 9999 9501", "for payments")
    with tenant(wolkenwerf.id):
        main = queries.main_account(wolkenwerf.id)
    assert main is not None
    assert main.iban == "BE43068999999501"
    client.open(wolkenwerf.url(f"bank/accounts/{main.id}/"))
    client.send(holder="Wolkenwerf CV, spaarpot")
    client.says("The account is changed.", "spaarpot")


def test_payments_to_make(wolkenwerf: Cast) -> None:
    """Without account one is asked; each has its code; on paper too; what went to the bank is noted."""
    open_bank(wolkenwerf)
    leaver = make_person("Lena", "Maes", email="lena@inbox.example")
    owed = claim(wolkenwerf, "75.00", leaver, kind="exit", direction="out")
    client = english(wolkenwerf.treasurer.browser())
    client.open(wolkenwerf.url("bank/to-pay/"))
    client.says("One payment to make", "Lena Maes", "not known yet", "Without account")
    client.open(wolkenwerf.url(f"bank/to-pay/{owed.id}/account/"))
    client.send(holder="Lena Maes", iban="BE71 0961 2345 6760")
    client.says("One thing to mend")
    client.send(holder="Lena Maes", iban="be71096123456769")
    client.says("The account is noted", "BE71 0961 2345 6769")
    client.send("given/")
    client.says("Choose at least one payment first.")
    client.send("given/", claim=[str(owed.id)])
    client.says("Noted: one payment went to the bank.", "Given to the bank on")
    client.open(wolkenwerf.url("bank/to-pay/paper/"))
    client.says("Payments to make", "Lena Maes", "Date and signature")


def test_a_payment_that_comes_back(inbox: Inbox, treasurer: Walker) -> None:
    """The bank says that a payment was returned: one press, and what it paid is open again."""
    actions.accept(**told(inbox.coop), entry_id=inbox.lines["luc"].id, claim_id=inbox.claims["luc"].id)
    back = camt_entry(
        "50.00",
        side="DBIT",
        name="PEETERS LUC",
        booked="2026-11-21",
        more="<RvslInd>true</RvslInd>",
        ref="REF9",
    )
    bring(inbox.coop, camt(statement(back, opening="1167.50")), name="terug.xml")
    treasurer.open(inbox.url())
    treasurer.says("It brings back the payment of €50.00", "Note that it came back")
    treasurer.send("pair/")
    treasurer.says("Noted: the payment came back")
    assert inbox.owed("luc").open == euro("50.00")


def test_a_batch_is_accepted_payment_by_payment(inbox: Inbox, treasurer: Walker) -> None:
    """The bank booked two payments as one line: each goes to its own request."""

    def one(who: str, amount: str) -> str:
        ref = inbox.claims[who].digits
        return (
            f'<TxDtls><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>{who}</Nm></Dbtr>'
            f"</RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        )

    details = f"<NtryDtls>{one('noor', '150.00')}{one('ana', '100.00')}</NtryDtls>"
    batch = camt_entry("250.00", booked="2026-11-22", details=details, ref="REF7")
    bring(inbox.coop, camt(statement(batch, opening="1167.50")), name="batch.xml")
    treasurer.open(inbox.url())
    treasurer.says("Payments in this line", "Noor Vandamme · Shares", "Ana De Smet · Shares")
    treasurer.send("accept/", detail="2", claim=str(inbox.claims["ana"].id), amount="100.00")
    assert inbox.owed("ana").state is ClaimState.SETTLED


def test_who_looks_again_asks_no_more(inbox: Inbox, treasurer: Walker) -> None:
    """Ten lines or fifty: the page asks the database as often."""

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert treasurer.client.get(inbox.url()).status_code == 200
        return len(captured.captured_queries)

    asked()
    few = asked()
    for number in range(12):
        person = make_person(f"P{number}", "Claes", email=f"p{number}@inbox.example")
        claim(inbox.coop, "10.00", person)
    more = [camt_entry("10.00", name=f"P{n} CLAES", booked="2026-11-22", ref=f"M{n}") for n in range(40)]
    bring(inbox.coop, camt(statement(*more, opening="1167.50")), name="more.xml")
    asked()
    assert asked() <= few
    assert few < 40


def test_the_count_of_certain_follows_every_change(inbox: Inbox) -> None:
    """What is kept between pages is what would be found anew."""
    coop = inbox.coop

    def both() -> Iterator[int]:
        with tenant(coop.id):
            yield queries.count_certain(coop.id)
            yield len({one.entry.id for one in queries.certain(coop.id, limit=10_000)})

    assert list(both()) == [2, 2]
    later = {**told(coop), "now": NOW + dt.timedelta(seconds=1)}
    done = actions.accept(**later, entry_id=inbox.lines["luc"].id, claim_id=inbox.claims["luc"].id)
    assert list(both()) == [1, 1]
    actions.undo_match(**{**later, "now": NOW + dt.timedelta(seconds=2)}, match_id=done.match_ids[0])
    assert list(both()) == [2, 2]
    act = {"actor": told(coop)["actor"], "coop_id": coop.id}
    actions.cancel_claim(**act, now=NOW + dt.timedelta(seconds=3), claim_id=inbox.claims["luc"].id)
    assert list(both()) == [1, 1]
    actions.change_claim(
        **act, now=NOW + dt.timedelta(seconds=4), claim_id=inbox.claims["fatou"].id, amount=Decimal("300.00")
    )
    assert list(both()) == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_two_treasurers_accept_the_same_line_at_once(wolkenwerf: Cast) -> None:
    """Over HTTP, at the same moment: one books it, the other is told; the money is there once."""
    inbox = furnish(wolkenwerf)
    browsers = [wolkenwerf.treasurer.browser(), wolkenwerf.treasurer.browser()]
    gate, answers = threading.Barrier(2), []

    def press(client: Client) -> None:
        try:
            gate.wait(20)
            data = {"claim": str(inbox.claims["luc"].id), "amount": "50.00"}
            answers.append(client.post(inbox.line("luc", "accept/"), data)["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(client,)) for client in browsers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted("done=" in address for address in answers) == [False, True]
    assert len(inbox.matches("luc")) == 1
    assert inbox.owed("luc").paid == euro("50.00")
