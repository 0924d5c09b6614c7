"""Somebody paid too much and is asked: back, or for something else? The treasurer books; nothing goes by itself."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from coopwerf.payments import actions, privacy, queries
from coopwerf.payments.actions.asking import page_token
from coopwerf.payments.queries import ClaimFacts, EntryFacts, QuestionFacts
from coopwerf.payments.states import Answer
from coopwerf.people import queries as people
from coopwerf.people.models import PartyContact
from coopwerf.ui import formats
from tests.capital.offering import opened, with_shares
from tests.cast import NOW, Cast, Person, make_person
from tests.pages import Walker

from .bank import bring_entries, claim, claim_now, entry, open_bank, paid_with, told
from .files import THEIRS, camt_entry

pytestmark = pytest.mark.django_db
ELSEWHERE = "BE43068999999501"


@pytest.fixture
def jana(wolkenwerf: Cast) -> Person:
    """Return somebody who pays too much, and reads English, where there is a bank."""
    open_bank(wolkenwerf)
    return make_person("Jana", "Claes", language="en", email="jana@asking.example")


@pytest.fixture
def treasurer(wolkenwerf: Cast) -> Walker:
    """Return Chantal's browser, in English."""
    return english(wolkenwerf.treasurer.browser())


def english(client: Client) -> Walker:
    client.post("/ui/language/", {"language": "en"})
    return Walker(client, "en")


def twice(coop: Cast, person: Person) -> tuple[ClaimFacts, EntryFacts]:
    """Let somebody pay a claim of €250.00 twice; the first is booked, the second waits."""
    owed = claim(coop, person=person)
    first, second = bring_entries(
        coop, paid_with(owed, name="CLAES JANA", ref="A"), paid_with(owed, name="CLAES JANA", ref="B")
    )
    actions.accept(**told(coop), entry_id=first.id, claim_id=owed.id)
    return owed, entry(coop, second.id)


def asked(coop: Cast, owed: ClaimFacts, line: EntryFacts) -> str:
    """Ask, and return the secret of the page."""
    return page_token(actions.ask_payer(**told(coop), entry_id=line.id, claim_id=owed.id))


def answer(coop: Cast, token: str, what: Answer, **more: Any) -> None:
    act = {"actor": VISITOR, "now": NOW, "coop_id": coop.id, "token": token}
    actions.answer_question(**act, answer=what, **more)


def standing(coop: Cast, line: EntryFacts) -> QuestionFacts | None:
    with tenant(coop.id):
        return queries.question_of(coop.id, line.id)


def link_in(mail: Mail) -> str:
    """Return the path of the secret link in a mail."""
    found = re.search(r"https?://[^/\s]+(/c/\S+/payment/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def test_the_second_payment_of_a_paid_claim_is_asked_back(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """From the line to the mail, the page without an account, the answer beside the line, the payment to make."""
    owed, line = twice(wolkenwerf, jana)
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("€250.00 is more than was asked. Jana Claes gets a mail", "Ask Jana Claes what to do with it")
    treasurer.send("ask/")
    treasurer.says("Asked by mail.", "Jana Claes was asked on", "There is no answer yet.", "Jana Claes was asked")
    assert "Ask Jana Claes" not in treasurer.page, "once is enough"

    mail = Mail.objects.get(to=jana.email)
    assert mail.subject == "€250.00 too much came to Wolkenwerf: what shall we do with it?"
    for words in (
        "paid already",
        "€250.00",
        formats.date_long(line.booked, "en"),
        owed.digits[:3],
        "You need no account",
    ):
        assert words in mail.text
    visitor = english(Client())
    visitor.open(link_in(mail))
    visitor.says("€250.00 too much came in from you", "You paid something that was paid already.", "Give it back to me")
    assert "Keep it for something else" not in visitor.page, "nothing is owed, nothing is offered"
    assert visitor.form("", ("do", "back")).values["iban"] == ["BE71 0961 2345 6769"]
    visitor.send(button=("do", "back"))
    visitor.says(
        "You get €250.00 back", "pays it to BE71 0961 2345 6769, in the name of CLAES JANA", "Changed your mind?"
    )

    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("Jana Claes asks €250.00 back, to BE71 0961 2345 6769 (CLAES JANA).", "Jana Claes asks it back")
    assert "telephone" not in treasurer.page
    assert entry(wolkenwerf, line.id).open == 250, "nothing is booked by itself"
    treasurer.open(wolkenwerf.url(f"bank/lines/{line.id}/refund/"))
    treasurer.says("Jana Claes asks €250.00 back")
    treasurer.send("refund/")
    with tenant(wolkenwerf.id):
        (refund,) = queries.payments_to_make(wolkenwerf.id)
    assert (refund.party_id, refund.amount, refund.iban) == (jana.party_id, 250, THEIRS)
    visitor.open(link_in(mail))
    visitor.says("This is dealt with", "€250.00 goes back to you: it is on the list of payments to make.")
    assert "I want it back" not in visitor.page


def test_too_much_goes_back_to_another_account(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """Only what is over is filled in; an account from which it didn't come is said aloud; the claim stays booked."""
    owed = claim(wolkenwerf, person=jana)
    (line,) = bring_entries(wolkenwerf, paid_with(owed, "300.00", name="Moeder Claes"))
    treasurer.open(wolkenwerf.url(f"bank/lines/{line.id}/refund/"))
    treasurer.says("€50.00 is more than was asked.")
    treasurer.send("ask/", claim=str(owed.id))
    mail = Mail.objects.get(to=jana.email)
    assert "You paid more than we asked: €50.00 of it is still yours." in mail.text
    visitor = english(Client())
    visitor.open(link_in(mail))
    visitor.send(button=("do", "back"), iban="BE43 0689 9999 9501", holder="  Jana   Claes ")
    actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=owed.id)
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("asks €50.00 back, to BE43 0689 9999 9501 (Jana Claes).", "isn’t the account from which it came")
    treasurer.open(wolkenwerf.url(f"bank/lines/{line.id}/refund/"))
    form = treasurer.form("refund/")
    assert form.values["amount"] == ["50.00"]
    assert form.values["iban"] == ["BE43 0689 9999 9501"]
    assert form.values["holder"] == ["Jana Claes"]
    actions.undo(**told(wolkenwerf), entry_id=line.id)
    assert standing(wolkenwerf, line) is not None, "the same is over, whatever was said of the rest"


def test_it_is_kept_for_what_is_still_owed(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """Only what this person owes is listed; the treasurer splits; the question ends when it is booked."""
    owed, line = twice(wolkenwerf, jana)
    other = claim(wolkenwerf, "40.00", jana, kind="other")
    claim(wolkenwerf, "77.00", wolkenwerf.director, kind="other")
    token = asked(wolkenwerf, owed, line)
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{token}/"))
    visitor.says("Keep it for something else", "Something else, €40.00 still to pay")
    assert "77.00" not in visitor.page, "nothing of others"
    visitor.send(button=("do", "keep"))
    visitor.says("We keep €250.00 for you", "If something is left, we ask you again.")
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("keeps €250.00 for what is still to pay: Something else, €40.00 open.", "Book it for that…")
    (split,) = treasurer.links(f"claim={other.id}")
    assert claim_now(wolkenwerf, other.id).paid == 0, "nothing is netted by itself"
    treasurer.open(split)
    assert treasurer.form("split/").values[f"amount-{other.id}"] == ["40.00"]
    treasurer.send("split/")
    assert claim_now(wolkenwerf, other.id).open == 0
    assert standing(wolkenwerf, line) is None
    visitor.open(wolkenwerf.url(f"payment/{token}/"))
    visitor.says("This is dealt with")
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("Ask Jana Claes what to do with it", "€210.00 is more than was asked.")
    again = asked(wolkenwerf, owed, line)
    assert again != token, "what is left is another question"


def test_what_it_was_kept_for_is_paid_meanwhile(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """Then the answer holds no more, and they can be asked again."""
    owed, line = twice(wolkenwerf, jana)
    other = claim(wolkenwerf, "40.00", jana, kind="other")
    token = asked(wolkenwerf, owed, line)
    answer(wolkenwerf, token, Answer.OWED, claim_id=other.id)
    (paid,) = bring_entries(wolkenwerf, paid_with(other, "40.00", booked="2026-11-23"), opening="600.00")
    actions.accept(**told(wolkenwerf), entry_id=paid.id, claim_id=other.id)
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("What Jana Claes wanted it for is paid by now.", "Ask Jana Claes what to do with it")
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{token}/"))
    visitor.says("€250.00 too much came in from you", "I want it back")
    with pytest.raises(Refused, match=r"payments\.claim_unknown"):
        answer(wolkenwerf, token, Answer.OWED, claim_id=other.id)


def test_more_shares_where_some_are_offered(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """The page leads to the offer, and the line says what to wait for."""
    owed, line = twice(wolkenwerf, jana)
    token = asked(wolkenwerf, owed, line)
    with pytest.raises(Refused, match=r"payments\.no_offer"):
        answer(wolkenwerf, token, Answer.SHARES)
    with_shares(wolkenwerf)
    opened(wolkenwerf)
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{token}/"))
    visitor.send(button=("do", "keep"))
    visitor.says("We keep €250.00 for more shares", "pay only what is missing")
    assert visitor.links("/shares/")
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("Jana Claes keeps €250.00 for more shares.", "Once the request for them is here")


def test_a_wrong_account_is_said_beside_its_field(wolkenwerf: Cast, jana: Person) -> None:
    owed, line = twice(wolkenwerf, jana)
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{asked(wolkenwerf, owed, line)}/"))
    visitor.send(button=("do", "back"), iban="BE71 0961 2345 6768")
    visitor.says("One thing to mend", "The digits of this account number don't fit together.")
    assert visitor.form("", ("do", "back")).values["iban"] == ["BE71 0961 2345 6768"], "what was typed stays"
    visitor.send(button=("do", "back"), iban="", holder="")
    visitor.says("2 things to mend")
    found = standing(wolkenwerf, line)
    assert found is not None
    assert found.answer is None


def test_two_tabs(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """The last answer counts; after the treasurer acted none does; two presses of the treasurer send one mail."""
    _owed, line = twice(wolkenwerf, jana)
    other = claim(wolkenwerf, "40.00", jana, kind="other")
    second = english(wolkenwerf.treasurer.browser())
    for tab in (treasurer, second):
        tab.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.send("ask/")
    second.send("ask/")
    second.says("They were asked already.")
    address = link_in(Mail.objects.get(to=jana.email))
    tabs = english(Client()), english(Client())
    for tab in tabs:
        tab.open(address)
    tabs[0].send(button=("do", "back"))
    tabs[1].send(button=("do", "keep"), keep=str(other.id))
    tabs[1].says("We keep €250.00 for you")
    found = standing(wolkenwerf, line)
    assert found is not None
    assert (found.answer, found.for_claim and found.for_claim.id) == (Answer.OWED, other.id)
    tabs[0].open(address)
    actions.turn_to_refund(**told(wolkenwerf), entry_id=line.id)
    tabs[0].send(button=("do", "back"), iban=ELSEWHERE)
    tabs[0].says("The treasurer dealt with this payment meanwhile.", "This is dealt with")
    with tenant(wolkenwerf.id):
        (refund,) = queries.payments_to_make(wolkenwerf.id)
    assert refund.iban == THEIRS


def test_the_first_payment_is_undone_meanwhile(wolkenwerf: Cast, jana: Person) -> None:
    """Then nothing is over any more, and the page says so; booked again as it was, the question stands again."""
    owed, line = twice(wolkenwerf, jana)
    token = asked(wolkenwerf, owed, line)
    with tenant(wolkenwerf.id):
        (match,) = queries.matches_of_claim(wolkenwerf.id, owed.id)
    actions.undo_match(**told(wolkenwerf), match_id=match.id)
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{token}/"))
    visitor.says("This is dealt with", "You have nothing more to do here.")
    with pytest.raises(Refused, match=r"payments\.question_closed"):
        answer(wolkenwerf, token, Answer.BACK, iban=THEIRS, holder="Jana")
    actions.accept(**told(wolkenwerf), entry_id=match.entry_id, claim_id=owed.id)
    answer(wolkenwerf, token, Answer.BACK, iban=THEIRS, holder="Jana")


def test_who_isnt_asked(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """Without an e-mail address there is no button; nor where nothing is over, or it isn't known whose it is."""
    paper = make_person("Piet", "Papier")
    without_mail(paper)
    owed, line = twice(wolkenwerf, paper)
    treasurer.open(wolkenwerf.url(f"bank/?line={line.id}"))
    treasurer.says("Piet Papier")
    assert "/ask/" not in treasurer.page
    with pytest.raises(Refused, match=r"payments\.no_address"):
        asked(wolkenwerf, owed, line)
    exact, nobodys = claim(wolkenwerf, "60.00", jana), claim(wolkenwerf, "20.00")
    fits, more = bring_entries(
        wolkenwerf,
        paid_with(exact, "60.00", booked="2026-11-23", ref="C"),
        paid_with(nobodys, "30.00", booked="2026-11-23", ref="D"),
        opening="600.00",
    )
    for one, code in ((fits, "nothing_over"), (more, "payer_unknown")):
        treasurer.open(wolkenwerf.url(f"bank/?line={one.id}"))
        assert "/ask/" not in treasurer.page
        with pytest.raises(Refused, match=f"payments\\.{code}"):
            asked(wolkenwerf, exact if one is fits else nobodys, one)
    with pytest.raises(Refused, match=r"payments\.claim_unknown"):
        asked(wolkenwerf, exact, line)
    assert Mail.objects.filter(to=jana.email).count() == 0


def without_mail(person: Person) -> None:
    """Take away how somebody is reached by mail."""
    person.account.is_active = False
    person.account.save()
    PartyContact.objects.filter(party_id=person.party_id).update(email="")


def test_the_account_of_a_stranger_isnt_shown(wolkenwerf: Cast, jana: Person, treasurer: Walker) -> None:
    """Where only the name speaks for it, whose account it is stays untold: it may be somebody else's."""
    owed = claim(wolkenwerf, person=jana)
    (line,) = bring_entries(wolkenwerf, camt_entry("300.00", name="Jana Claes", remittance="<Ustrd>hallo</Ustrd>"))
    visitor = english(Client())
    visitor.open(wolkenwerf.url(f"payment/{asked(wolkenwerf, owed, line)}/"))
    assert THEIRS[-4:] not in visitor.page
    assert visitor.form("", ("do", "back")).values["iban"] == [""]


def test_others_see_and_ask_nothing(wolkenwerf: Cast, nederwerf: Cast, jana: Person) -> None:
    """A wrong secret, the secret under another co-operative, its treasurer, a member: nothing opens."""
    owed, line = twice(wolkenwerf, jana)
    token = asked(wolkenwerf, owed, line)
    for address in (wolkenwerf.url(f"payment/{'x' * 43}/"), nederwerf.url(f"payment/{token}/")):
        for sent in (Client().get(address), Client().post(address, {"do": "back", "iban": THEIRS, "holder": "X"})):
            assert sent.status_code == 404
            assert b"250" not in sent.content
    ask = wolkenwerf.url(f"bank/lines/{line.id}/ask/")
    for person in (nederwerf.chair, wolkenwerf.director):
        assert person.browser().post(ask, {"claim": str(owed.id)}).status_code in (403, 404)
    with pytest.raises(Refused):
        actions.ask_payer(**told(wolkenwerf, nederwerf.chair.actor), entry_id=line.id, claim_id=owed.id)
    page = Client().get(wolkenwerf.url(f"payment/{token}/"))
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    assert Mail.objects.filter(to=jana.email).count() == 1


def test_it_is_told_and_forgotten(wolkenwerf: Cast, jana: Person) -> None:
    """Who was asked takes it along; erased, the account goes and the link leads nowhere; so does it after years."""
    owed, line = twice(wolkenwerf, jana)
    token = asked(wolkenwerf, owed, line)
    answer(wolkenwerf, token, Answer.BACK, iban=ELSEWHERE, holder="Jana Claes")
    whose = people.Whose(jana.party_id, None, NOW)
    with translation.override("nl"):
        tables = {one.key: list(one.rows) for one in privacy.gather(whose) if isinstance(one, people.Table)}
        assert len(list(privacy.tell(jana.party_id))) == 1
    (row,) = (one for one in tables["payment_questions"])
    assert (row["over"], row["answer"], row["iban"]) == (Decimal(250), "back", ELSEWHERE)
    question_id = uuid.UUID(str(row["id"]))
    with tenant(wolkenwerf.id):
        assert question_id in people.subjects_of(wolkenwerf.id, jana.party_id)
    actions.forget_person(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, party_id=jana.party_id)
    with tenant(wolkenwerf.id):
        found = queries.question_by_token(wolkenwerf.id, token)
    assert found is not None
    assert (found.iban, found.holder, found.is_open) == ("", "", False)
