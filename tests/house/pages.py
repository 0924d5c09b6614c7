"""Pages with rows, for the test that their number of queries doesn't grow with them. Each list page signs in here.

A builder makes sure that the page shows at least so many rows, and says who looks at which address:

    @page("/c/<slug:slug>/register/")
    def register(cast: Cast, rows: int) -> tuple[Client, str]: ...
"""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from coopcalc.register import sheets
from coopwerf.capital import actions as offers
from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import BodyKind, Role
from coopwerf.documents import actions as documents
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.ledger import queries as books
from coopwerf.payments import actions as payments
from coopwerf.payments import queries as payment_queries
from coopwerf.payments.actions.asking import page_token
from coopwerf.payments.queries import EntryFacts
from coopwerf.people import actions as people
from coopwerf.people.models import ApiToken
from coopwerf.people.states import Proof, RepresentationKind
from coopwerf.register import actions as shares
from coopwerf.register import queries
from coopwerf.register.spreadsheets import read_sheets
from tests.capital.offering import DUTCH, drafted, opened, with_shares
from tests.capital.subscribed import applicant, confirmed, paid, subscribed
from tests.cast import NOW, Cast, Person, make_person
from tests.payments import bank
from tests.payments.files import camt, camt_entry
from tests.register.asking import asked

Builder = Callable[[Cast, int], tuple[Client, str]]
PAGES: dict[str, Builder] = {}
BEGUN = dt.date(2026, 1, 1)
DECISION = shares.DecisionInput(body="board", on=BEGUN, reference="2026-01-01, item 1")


def page(route: str) -> Callable[[Builder], Builder]:
    """Sign in a page with rows, by the route of its address."""

    def sign_in(builder: Builder) -> Builder:
        assert route not in PAGES, route
        PAGES[route] = builder
        return builder

    return sign_in


@page("/")
def hub(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the co-operatives of an installation."""
    founder = make_person("Founder", email=f"founder{rows}@example.org")
    for number in range(rows):
        coops.found_coop(actor=founder.actor, now=NOW, name=f"Werf {rows} {number}", language="nl")
    return Client(), "/"


def _committees(cast: Cast, rows: int) -> None:
    for number in range(rows):
        body = coops.add_body(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            kind=BodyKind.COMMITTEE,
            name=f"Group {rows} {number}",
            valid_from=BEGUN,
        )
        coops.grant_mandate(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=make_person(f"Member {rows} {number}", email=f"m{rows}.{number}@example.org").party_id,
            body_id=body.id,
            role=Role.MEMBER,
            valid_from=BEGUN,
        )


@page("/c/<slug:slug>/bodies/")
def bodies(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show bodies and who holds which mandate."""
    _committees(cast, rows)
    return cast.chair.browser(), cast.url("bodies/")


@page("/c/<slug:slug>/bodies/history/")
def mandates(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every mandate there was."""
    _committees(cast, rows)
    return cast.chair.browser(), cast.url("bodies/history/")


@page("/c/<slug:slug>/settings/classes/")
def share_classes(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every class of shares with its terms."""
    for number in range(rows):
        shares.set_class_terms(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            code=f"K{rows}.{number}",
            valid_from=BEGUN,
            nominal=Decimal(25),
        )
    return cast.chair.browser(), cast.url("settings/classes/")


def _books(cast: Cast, rows: int) -> None:
    """Open the books, and write so many entries by hand about so many people."""
    act = {"actor": cast.treasurer.actor, "now": NOW, "coop_id": cast.id}
    with tenant(cast.id):
        is_open = books.is_open(cast.id)
    if not is_open:
        ledger.open_books(**act, chart="be_mar", on=BEGUN)
    for number in range(rows):
        ledger.add_account(**act, code=f"61.{rows}.{number}", name=f"Kosten {number}", kind="expense")
        lines = [
            ledger.ManualLine(account=f"61.{rows}.{number}", amount=Decimal(5)),
            ledger.ManualLine(account="440", amount=-Decimal(5)),
        ]
        ledger.record_manual(**act, on=BEGUN, lines=lines, words=f"Nota {number}")
        party = make_person(f"Payer {rows} {number}", email=f"p{rows}.{number}@example.org").party_id
        money = {"rule": "bank_in", "amounts": {"amount": Decimal(1)}, "party_id": party}
        ledger.post(**act, postings=[ledger.Posting(on=BEGUN, **money)])


for _route in ("", "accounts/", "journal/", "trial-balance/", "opening/", "accounts/<str:code>/"):

    @page(f"/c/<slug:slug>/books/{_route}")
    def _pages_of_books(cast: Cast, rows: int, route: str = _route) -> tuple[Client, str]:
        """Show the books with so many entries and accounts."""
        _books(cast, rows)
        address = route.replace("<str:code>", "550")
        return cast.treasurer.browser(), cast.url(f"books/{address}?begin=2026-01-01&all=1")


@page("/c/<slug:slug>/books/closing/")
def closings(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what was closed and opened again, day by day."""
    _books(cast, 0)
    act = {"actor": cast.treasurer.actor, "now": NOW, "coop_id": cast.id}
    for number in range(rows):
        ledger.close_period(**act, until=BEGUN + dt.timedelta(days=number))
        ledger.reopen_period(**act, reason="mistake")
    return cast.treasurer.browser(), cast.url("books/closing/")


@page("/c/<slug:slug>/books/entries/<uuid:entry_id>/")
def entry(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show an entry of so many lines."""
    _books(cast, rows)
    act = {"actor": cast.treasurer.actor, "now": NOW, "coop_id": cast.id}
    lines = [ledger.ManualLine(account=f"61.{rows}.{number}", amount=Decimal(5)) for number in range(rows)]
    lines.append(ledger.ManualLine(account="440", amount=-Decimal(5 * rows)))
    made = ledger.record_manual(**act, on=BEGUN, lines=lines, words="Kasboek")
    return cast.treasurer.browser(), cast.url(f"books/entries/{made}/")


@page("/me/signing-in/")
def signing_in(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show one's passkeys, tokens for programs, and where one is signed in."""
    account = cast.chair.account
    browser = cast.chair.browser()
    for number in range(rows):
        Authenticator.objects.create(user=account, type="webauthn", data={"name": f"Key {number}", "credential": {}})
        key = cast.chair.browser().session.session_key
        UserSession.objects.create(user=account, session_key=key, ip="203.0.113.0", data={"way": "code"})
        ApiToken.objects.create(
            account=account,
            name=f"Program {number}",
            scopes=["me.read"],
            token_hash=f"{rows} {number}",
            made_at=NOW,
            expires_on=BEGUN,
        )
    return browser, "/me/signing-in/"


def _requests(cast: Cast, rows: int) -> list[str]:
    """Let so many people wait for the board, paid."""
    shares.set_class_terms(
        actor=cast.secretary.actor,
        now=NOW,
        coop_id=cast.id,
        code="A",
        valid_from=BEGUN,
        nominal=Decimal("25"),
    )
    return [str(asked(cast, f"Asker {rows} {number}", 1, "25.00").id) for number in range(rows)]


@page("/c/<slug:slug>/requests/")
def requests(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show who waits for the board."""
    _requests(cast, rows)
    return cast.chair.browser(), cast.url("requests/?state=complete")


@page("/c/<slug:slug>/requests/decide/")
def decide(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show those on whom is decided in one go."""
    chosen = "&r=".join(_requests(cast, rows))
    return cast.chair.browser(), cast.url(f"requests/decide/?as=admit&r={chosen}")


@page("/c/<slug:slug>/today/")
def today(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what waits for a chair, and who sits on the board."""
    _requests(cast, rows)
    with tenant(cast.id):
        board = next(one.id for one in coop_queries.bodies(cast.id) if one.kind is BodyKind.BOARD)
    for number in range(rows):
        coops.grant_mandate(
            actor=cast.chair.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=make_person(f"Director {rows} {number}", email=f"d{rows}.{number}@example.org").party_id,
            body_id=board,
            role=Role.DIRECTOR,
            valid_from=BEGUN,
        )
    return cast.chair.browser(), cast.url("today/")


def _members(cast: Cast, rows: int) -> list[tuple[Person, shares.Admitted]]:
    """Admit so many people with a share of class A each, the last of them in this call one who can sign in."""
    shares.set_class_terms(
        actor=cast.secretary.actor, now=NOW, coop_id=cast.id, code="A", valid_from=BEGUN, nominal=Decimal(25)
    )
    found = []
    for number in range(rows):
        one = make_person(f"Holder {number}", "Smet", email=f"h{rows}.{number}@example.org")
        admitted = shares.record_admission(
            actor=cast.secretary.actor,
            now=NOW,
            coop_id=cast.id,
            party_id=one.party_id,
            on=BEGUN,
            decision=DECISION,
            shares=[shares.SharesInput(share_class="A", quantity=1)],
        )
        found.append((one, admitted))
    return found


@page("/c/<slug:slug>/books/proof/")
def proof_of_books(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show so many people of whom the register says that they paid, and of whom no payment came."""
    _books(cast, 0)
    _members(cast, rows)
    return cast.treasurer.browser(), cast.url("books/proof/")


@page("/c/<slug:slug>/register/")
def register_as_of(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the shares."""
    _members(cast, rows)
    return cast.secretary.browser(), cast.url("register/")


@page("/c/<slug:slug>/register/members/<int:number>/")
def member(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show a member with many movements."""
    (_one, admitted), *_others = _members(cast, rows)
    for _again in range(rows):
        shares.record_issue(
            actor=cast.secretary.actor,
            now=NOW,
            coop_id=cast.id,
            member_id=admitted.id,
            share_class="A",
            quantity=1,
            on=BEGUN,
            decision=DECISION,
        )
    return cast.secretary.browser(), cast.url(f"register/members/{admitted.number}/")


@page("/c/<slug:slug>/register/extract/")
def extracts(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what was asked for before."""
    for _again in range(rows):
        documents.ask_document(
            actor=cast.secretary.actor,
            now=NOW,
            coop_id=cast.id,
            kind="register.member_list",
            language="nl",
            as_of=BEGUN,
        )
    return cast.secretary.browser(), cast.url("register/extract/")


@page("/c/<slug:slug>/register/classes/<str:code>/")
def inspection(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the holders of a class to one of them."""
    people = _members(cast, rows)
    looker = people[-1][0]
    look = shares.inspect_class(actor=looker.actor, now=clock.now(), coop_id=cast.id, share_class="A")
    return looker.browser(), cast.url(f"register/classes/A/?look={look}")


@page("/c/<slug:slug>/register/looks/")
def looks(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show who looked."""
    for one, _admitted in _members(cast, rows):
        shares.inspect_class(actor=one.actor, now=NOW, coop_id=cast.id, share_class="A")
    return cast.secretary.browser(), cast.url("register/looks/")


@page("/me/acting/")
def acting(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show for whom somebody acts."""
    agent = make_person("Agent", email=f"agent{rows}@example.org")
    for number in range(rows):
        people.register_represented(
            actor=agent.actor,
            now=NOW,
            kind=RepresentationKind.GUARDIAN,
            agent_id=agent.party_id,
            family="Maes",
            given=f"Child {number}",
            proof=Proof.DECLARED,
            valid_until=dt.date(2036, 1, 1),
        )
    return agent.browser(), "/me/acting/"


@page("/me/data/")
def data(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every name that somebody ever had."""
    owner = make_person("Owner", email=f"owner{rows}@example.org")
    for number in range(rows):
        people.change_name(
            actor=owner.actor,
            now=NOW,
            party_id=owner.party_id,
            family=f"Maes {number}",
            given="Owner",
            valid_from=BEGUN + dt.timedelta(days=number),
        )
    return owner.browser(), "/me/data/"


def _brought(cast: Cast, rows: int) -> str:
    """Bring a spreadsheet with so many doubtful rows, its columns chosen; return the path of its pages."""
    lines = [
        "Lidnr;Naam;Adres;Aandelen;Bedrag per aandeel",
        *(f"{n};Maes {n};Kerkstraat {n};2,5;25" for n in range(1, rows + 1)),
    ]
    content = "\n".join(lines).encode()
    found = read_sheets(io.BytesIO(content))
    whose = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    import_id = shares.bring_spreadsheet(**whose, file_name=f"{rows}.csv", content=content, found=found)
    choices = queries.Choices(header=1, columns=sheets.guess(found[0]).columns, shape=sheets.Shape.OPENING, at=BEGUN)
    shares.choose_columns(**whose, import_id=import_id, choices=choices, heads={})
    return cast.url(f"register/import/{import_id}/")


@page("/c/<slug:slug>/register/import/")
def imports(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the spreadsheets that are on their way."""
    for _ in range(min(rows, 18)):
        _brought(cast, 1)
    return cast.secretary.browser(), cast.url("register/import/")


@page("/c/<slug:slug>/register/import/<uuid:import_id>/")
def doubts(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the doubtful rows of a spreadsheet."""
    return cast.secretary.browser(), _brought(cast, rows)


def _offer(cast: Cast, rows: int) -> str:
    """Open an offer with so many questions and versions; return the path of its pages for who manages it."""
    act = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    with_shares(cast)
    offer_id = opened(cast, slug=f"offer-{rows}")
    for number in range(rows):
        offers.write_question(**act, offer_id=offer_id, texts={"nl": (f"Vraag {number}", "Ja."), "fr": ("Q", "Oui.")})
        offers.write_texts(**act, offer_id=offer_id, language="nl", words=DUTCH)
        offers.publish_texts(**act, offer_id=offer_id)
    return cast.url(f"offers/offer-{rows}/")


@page("/c/<slug:slug>/offers/")
def all_offers(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show every offer."""
    for number in range(rows):
        drafted(cast, f"Offer {rows} {number}")
    return cast.chair.browser(), cast.url("offers/")


@page("/c/<slug:slug>/offers/<slug:offer>/")
def one_offer(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show an offer with its versions to who manages it."""
    return cast.chair.browser(), _offer(cast, rows)


@page("/c/<slug:slug>/offers/<slug:offer>/questions/")
def offer_questions(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the questions on the page of an offer."""
    return cast.chair.browser(), _offer(cast, rows) + "questions/"


@page("/c/<slug:slug>/shares/<slug:offer>/")
def offer_page(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show an offer to a visitor, with its questions and versions."""
    return Client(), _offer(cast, rows).replace("/offers/", "/shares/")


@page("/c/<slug:slug>/register/import/<uuid:import_id>/columns/")
def columns(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the columns of a spreadsheet."""
    return cast.secretary.browser(), _brought(cast, rows) + "columns/"


def _subscriptions(cast: Cast, rows: int) -> uuid.UUID:
    """Let so many people subscribe to an offer; every second one confirms, and pays too little."""
    with_shares(cast)
    offer_id = opened(cast, slug=f"rek-{rows}")
    for number in range(rows):
        done = subscribed(cast, offer_id, 2, applicant(f"Rij {number}", email=f"rij{rows}.{number}@example.org"))
        if number % 2:
            confirmed(cast, done)
        paid(cast, done, "60.00")
    return offer_id


@page("/c/<slug:slug>/subscriptions/")
def subscriptions(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show who subscribed."""
    _subscriptions(cast, rows)
    return cast.secretary.browser(), cast.url("subscriptions/?state=to_pay")


@page("/c/<slug:slug>/subscriptions/<uuid:subscription_id>/")
def subscription(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what happened to one subscription."""
    with_shares(cast)
    done = subscribed(cast, opened(cast, slug=f"rek-{rows}"), 50)
    for _number in range(rows):
        paid(cast, done, "1.00")
    return cast.secretary.browser(), cast.url(f"subscriptions/{done.id}/")


def _bank(cast: Cast, rows: int) -> list[EntryFacts]:
    """Open a bank, let so many people owe, and bring so many lines with their communications."""
    with tenant(cast.id):
        is_open = bool(payment_queries.accounts(cast.id))
        before = payment_queries.bank_balance(cast.id, dt.date(2026, 12, 31)) if is_open else Decimal(100)
    if not is_open:
        bank.open_bank(cast)
    people_ = [
        make_person(f"Payer{number}", "Claes", email=f"{uuid.uuid4().hex}@example.org") for number in range(rows)
    ]
    entries = [
        bank.paid_with(bank.claim(cast, "10.00", one), "10.00", ref=f"{rows}.{number}", name=one.name)
        for number, one in enumerate(people_)
    ]
    return bank.bring_entries(cast, *entries, opening=str(before))


@page("/c/<slug:slug>/bank/")
def bank_inbox(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that wait."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/")


@page("/c/<slug:slug>/bank/certain/")
def bank_certain(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that are certain."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/certain/")


@page("/c/<slug:slug>/bank/booked/")
def bank_booked(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the lines that are explained."""
    ids = [one.id for one in _bank(cast, rows)]
    payments.accept_certain(**bank.told(cast), entry_ids=ids)
    return cast.treasurer.browser(), cast.url("bank/booked/")


@page("/c/<slug:slug>/bank/suspense/")
def bank_suspense(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show what waits longest."""
    _bank(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/suspense/")


@page("/c/<slug:slug>/bank/lines/<uuid:entry_id>/other/")
def bank_other(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the requests that were found."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/lines/{line.id}/other/?find=Claes")


@page("/c/<slug:slug>/bank/lines/<uuid:entry_id>/split/")
def bank_split(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the requests over which a line can be split."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/lines/{line.id}/split/?find=Claes")


@page("/c/<slug:slug>/bank/statements/")
def bank_statements(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the statements."""
    for number in range(min(rows, 12)):
        _bank(cast, 1) if number == 0 else bank.bring(
            cast, camt(bank.statement(camt_entry("1.00", booked=f"2026-10-{number + 1:02}", ref=f"{rows}.{number}")))
        )
    return cast.treasurer.browser(), cast.url("bank/statements/")


@page("/c/<slug:slug>/bank/statements/<uuid:statement_id>/")
def bank_statement(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show a statement with its lines."""
    line = _bank(cast, rows)[0]
    return cast.treasurer.browser(), cast.url(f"bank/statements/{line.statement_id}/")


def _to_pay(cast: Cast, rows: int) -> None:
    _bank(cast, 1)
    for number in range(rows):
        one = make_person(f"Leaver{number}", "Claes", email=f"{uuid.uuid4().hex}@example.org")
        bank.claim(cast, "10.00", one, kind="exit", direction="out", iban="BE71096123456769", holder=one.name)


@page("/c/<slug:slug>/bank/to-pay/")
def bank_to_pay(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the payments to make."""
    _to_pay(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/to-pay/")


@page("/c/<slug:slug>/bank/to-pay/paper/")
def bank_to_pay_paper(cast: Cast, rows: int) -> tuple[Client, str]:
    """Show the payments to make on paper."""
    _to_pay(cast, rows)
    return cast.treasurer.browser(), cast.url("bank/to-pay/paper/")


@page("/c/<slug:slug>/payment/<str:token>/")
def paid_too_much(cast: Cast, rows: int) -> tuple[Client, str]:
    """Ask somebody who paid too much, and owes so many other things."""
    _bank(cast, 1)
    told = {**bank.told(cast), "now": clock.now(), "party_id": cast.chair.party_id}
    what = {"kind": "other", "source_kind": "", "source_id": None, "due_on": None}
    owed = payments.open_claim(**told, **what, amount=Decimal(10))
    for _number in range(rows):
        bank.claim(cast, "5.00", cast.chair, kind="other")
    with tenant(cast.id):
        before = str(payment_queries.bank_balance(cast.id, dt.date(2026, 12, 31)))
    (line,) = bank.bring_entries(cast, bank.paid_with(owed, "30.00", ref=f"over {rows}"), opening=before)
    asked = payments.ask_payer(**bank.told(cast), entry_id=line.id, claim_id=owed.id)
    return Client(), cast.url(f"payment/{page_token(asked)}/")
