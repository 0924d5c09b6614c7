"""Somebody has fifteen minutes: asked, offered without an account, confirmed by mail, taken up, thanked."""

import datetime as dt
import re
import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from coopwerf.founding import actions, queries, tasks
from coopwerf.founding.models import HelpMessage, HelpNotice, HelpOffer
from coopwerf.founding.queries import CallWords, HelpSearch
from coopwerf.founding.states import CallState, HelpKind, OfferState
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.actions import block_contact, forget_contact
from coopwerf.messages.models import Contact, Mail
from coopwerf.messages.states import BlockReason
from coopwerf.messages.tasks import forget_strangers
from tests.cast import NOW, TODAY, Cast, Person
from tests.pages import Walker

from .building import act, call, called, listed, offer, offered

pytestmark = pytest.mark.django_db

LINK = re.compile(r"/c/\S+/help/mine/[\w-]+/")


def mails_to(address: str) -> list[Mail]:
    """Return the mails to an address, the oldest first."""
    return list(Mail.objects.filter(to__contains=address).order_by("made_at", "id"))


def link_of(mail: Mail) -> str:
    """Return the signed link of a mail."""
    return LINK.findall(mail.text)[0]


def visitor(language: str = "nl") -> Walker:
    """Return somebody without an account, who reads this language."""
    return Walker(Client(headers={"accept-language": language}), language)


def ask(cast: Cast, call_id: uuid.UUID, email: str, words: str, now: dt.datetime = NOW) -> None:
    """Let somebody ask something."""
    actions.ask_question(
        actor=VISITOR, now=now, coop_id=cast.id, call_id=call_id, key=uuid7(), name="", email=email, language="nl",
        words=words,
    )  # fmt: skip


# Found


def test_who_has_fifteen_minutes_finds_every_task_that_takes_no_more(wolkenwerf: Cast) -> None:
    """And who speaks French finds what takes French or no language; things and money aren't tasks."""
    for minutes, languages in ((5, ()), (15, ("fr", "nl")), (16, ()), (60, ("nl",))):
        texts = {"nl": CallWords(f"Taak {minutes}")}
        called(wolkenwerf, minutes=minutes, languages=languages, texts=texts)
    called(wolkenwerf, kind=HelpKind.THING, texts={"nl": CallWords("Een bakfiets")})

    def found(**search: Any) -> list[str]:
        with tenant(wolkenwerf.id):
            calls = queries.open_calls(wolkenwerf.id, HelpSearch(**search))
        return [one.words("nl")[1].title for one in calls]

    assert found(minutes=15) == ["Taak 5", "Taak 15"]
    assert found(minutes=60, language="fr") == ["Taak 5", "Taak 15", "Taak 16"]
    assert found(kind=HelpKind.THING) == ["Een bakfiets"]
    assert found(skill="law") == []
    page = visitor()
    page.open(wolkenwerf.url("help/?minutes=15&language=fr"))
    page.says("Taak 15")
    assert "Taak 16" not in page.page
    assert "Taak 60" not in page.page


def test_nonsense_in_the_search_finds_everything(wolkenwerf: Cast) -> None:
    """A filter that can't be meant isn't asked, and nothing breaks."""
    called(wolkenwerf)
    for query in (
        "minutes=15&kind=x",
        "minutes=abc",
        "minutes=99999999999999999999",
        "kind=x&language=zz",
        "skill=%00",
    ):
        assert Client().get(wolkenwerf.url(f"help/?{query}")).status_code == 200


def test_tasks_of_all_listed_projects_stand_on_one_page(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Of those that are listed only; what is taken, closed or unlisted goes at once."""
    listed(wolkenwerf)
    first = called(wolkenwerf)
    with tenant(nederwerf.id):
        pass
    call_id = actions.write_call(
        actor=nederwerf.chair.actor,
        now=NOW,
        coop_id=nederwerf.id,
        terms=actions.CallTerms(kind=HelpKind.TASK, minutes=10, texts={"nl": CallWords("Niet in de gids")}),
    )
    actions.open_call(actor=nederwerf.chair.actor, now=NOW, coop_id=nederwerf.id, call_id=call_id)

    def titles() -> list[str]:
        return [one.words("nl")[1].title for one in queries.notices(HelpSearch(minutes=15, language="fr"))]

    assert titles() == ["Vertaal een verslag"]
    page = visitor("fr")
    page.open("/projects/help/?minutes=15&language=fr")
    page.says("J’ai 15 minutes", "Traduire un récit", "Wolkenwerf")
    page.open("/projects/")
    assert page.links("/projects/help/") == ["/projects/help/?minutes=15"], "it leads to what it says"
    _who, offer_id = offered(wolkenwerf, first, "Noor")
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id)
    assert titles() == []
    actions.decline_offer(**act(wolkenwerf), offer_id=offer_id, answer="Toch niet.")
    assert titles() == ["Vertaal een verslag"]
    actions.unlist_project(**act(wolkenwerf))
    assert HelpNotice.objects.count() == 0
    page.open("/projects/help/")
    page.says("Rien n’est demandé pour l’instant", "Tous les projets")


# Offered and confirmed


def test_the_whole_story_without_an_account(wolkenwerf: Cast) -> None:
    """Found, offered, confirmed by the button, accepted with a letter, thanked by name, told what became of it."""
    call_id = called(wolkenwerf)
    noor = visitor()
    noor.open(wolkenwerf.url("help/"))
    noor.open(noor.links("/help/vertaal")[0])
    noor.open(wolkenwerf.url("help/vertaal-een-verslag/answer/"))
    noor.send("answer/", name="Noor", email="noor@example.org", words="Zaterdag kan ik.", may_name="on")
    noor.says("Kijk in je mail")
    assert mails_to("amina@") == []
    (asked,) = mails_to("noor@")
    noor.open(link_of(asked))
    noor.says("Zaterdag kan ik.")
    with tenant(wolkenwerf.id):
        assert HelpOffer.objects.get().state == OfferState.SENT
        assert Contact.objects.get().confirmed_at is None
    noor.send(button=("do", "confirm"))
    noor.says("het is bevestigd", "Wacht op antwoord")
    for keeper in ("amina@", "bram@", "dirk@"):
        (told,) = mails_to(keeper)
        assert "Zaterdag kan ik." in told.text
        assert "noor@" not in told.text + told.html
        assert "Noor" in told.text
    assert mails_to("eva@") == []

    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(wolkenwerf.url("help/desk/"))
    dirk.open(dirk.links(f"help/desk/{call_id}")[0])
    assert "noor@" not in dirk.page
    dirk.open(dirk.links("help/desk/offers/")[0])
    assert "noor@" not in dirk.page
    dirk.send(button=("do", "accept"), answer="Graag! De tekst komt vrijdag.")
    dirk.says("1 van 1 gevonden")
    yes = mails_to("noor@")[-1]
    assert yes.subject.startswith("Ja, graag")
    assert "De tekst komt vrijdag." in yes.text
    dirk.open(wolkenwerf.url(f"help/desk/{call_id}/close/"))
    dirk.send(closing_nl="Het verslag staat er nu ook in het Frans.")
    thanks = mails_to("noor@")[-1]
    assert thanks.subject.startswith("Dank je")
    assert "ook in het Frans" in thanks.text
    page = visitor()
    page.open(wolkenwerf.url("help/vertaal-een-verslag/"))
    page.says("Het verslag staat er nu ook in het Frans.", "Met dank aan", "Noor")


def test_opening_the_link_changes_nothing_however_often(wolkenwerf: Cast) -> None:
    """Three scanners within a second confirm nobody; a link that was bent opens nothing, and says what to do."""
    who, _offer = offered(wolkenwerf, called(wolkenwerf), "Noor", confirm=False)
    link = link_of(mails_to("noor@")[0])
    for agent in ("scanner", "other scanner", "third"):
        answer = Client(headers={"user-agent": agent}).get(link)
        assert answer.status_code == 200
        assert "noindex" in answer.content.decode()
        Client(headers={"user-agent": agent}).head(link)
    with tenant(wolkenwerf.id):
        assert HelpOffer.objects.get().state == OfferState.SENT
        assert Contact.objects.get(id=who).confirmed_at is None
    bent = visitor()
    answer = bent.client.get(link[:-6] + "AAAAA/")
    assert answer.status_code == 404
    assert "Deze link opent niets" in answer.content.decode()


def test_a_link_of_one_co_operative_opens_nothing_in_another(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Not even with the right token under the wrong slug."""
    offered(wolkenwerf, called(wolkenwerf), "Noor", confirm=False)
    link = link_of(mails_to("noor@")[0])
    theirs = link.replace(wolkenwerf.coop.slug, nederwerf.coop.slug)
    assert Client().get(theirs).status_code == 404
    assert Client().post(theirs, {"do": "confirm"}).status_code == 404


def test_the_same_form_sent_twice_is_one_offer(wolkenwerf: Cast) -> None:
    """Whoever presses twice, or goes back and sends it again, offers once; another page of theirs changes nothing."""
    call_id = called(wolkenwerf, places=5)
    key = uuid7()
    for _again in range(2):
        actions.offer_help(
            actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, call_id=call_id, key=key, name="Noor",
            email="noor@example.org", language="nl", words="Ja",
        )  # fmt: skip
    assert len(mails_to("noor@")) == 1
    offered(wolkenwerf, call_id, "Noor", confirm=False)
    with tenant(wolkenwerf.id):
        assert HelpOffer.objects.count() == 1
    assert len(mails_to("noor@")) == 2, "who offers again is mailed the link again"


def test_a_machine_that_fills_in_everything_is_told_the_same(wolkenwerf: Cast) -> None:
    """And nothing is kept, and nobody is written to."""
    called(wolkenwerf)
    told = {"email": "x@example.org", "words": "spam", "website": "http://spam.example", "key": str(uuid7())}
    for rest in ("answer/", "ask/"):
        answer = Client().post(wolkenwerf.url(f"help/vertaal-een-verslag/{rest}"), told)
        assert answer.status_code == 302
    assert Mail.objects.count() == 0
    with tenant(wolkenwerf.id):
        assert Contact.objects.count() == 0


def test_a_mailbox_is_not_flooded(wolkenwerf: Cast) -> None:
    """Six in a day for one address, then a sentence; another address still passes."""
    called(wolkenwerf, places=900)
    where = wolkenwerf.url("help/vertaal-een-verslag/ask/")
    for number in range(7):
        told = {"email": "Noor@example.org", "words": f"Vraag {number}?", "key": str(uuid7())}
        answer = Client(headers={"accept-language": "nl"}).post(where, told)
        assert answer.status_code == (302 if number < 6 else 200)
    assert "Voor dit e-mailadres kwam er vandaag veel" in answer.content.decode()
    told = {"email": "omar@example.org", "words": "En ik?", "key": str(uuid7())}
    assert Client().post(where, told).status_code == 302


@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("noor+werf@example.org", True), ("noor@müller.example", True), ('"noor vd"@example.org', True),
        ("noor@example.org\r\nBcc: x@example.org", False), ("noor", False), ("@example.org", False),
    ],
)  # fmt: skip
def test_addresses_as_people_have_them(wolkenwerf: Cast, email: str, fits: bool) -> None:
    """A plus, an umlaut domain and a quoted part are fine; a line break in it is no address."""
    call_id = called(wolkenwerf)
    if fits:
        offered(wolkenwerf, call_id, "Noor", email=email, confirm=False)
        assert Mail.objects.count() == 1
    else:
        with pytest.raises(Refused, match="address_wrong"):
            offered(wolkenwerf, call_id, "Noor", email=email, confirm=False)


@pytest.mark.parametrize("name", ["Koop nu op www.spam.example", "x" * 121])
def test_a_name_is_no_advertisement(wolkenwerf: Cast, name: str) -> None:
    """Nor a novel: both are refused, and nobody is written to."""
    with pytest.raises(Refused, match="name_wrong"):
        offered(wolkenwerf, called(wolkenwerf), name, email="noor@example.org", confirm=False)
    assert Mail.objects.count() == 0


def test_a_line_break_in_a_name_is_a_space(wolkenwerf: Cast) -> None:
    """It makes no header of a mail."""
    offered(wolkenwerf, called(wolkenwerf), "Noor\r\nBcc: x", email="noor@example.org")
    for mail in Mail.objects.all():
        assert "Bcc" not in mail.subject
    assert "Noor Bcc: x" in mails_to("amina@")[0].text


# Places


def test_two_for_one_place_at_once(transactional_db: None, wolkenwerf: Cast) -> None:
    """Whoever keeps the yard and says yes to both in the same instant gives the place to one."""
    call_id = called(wolkenwerf)
    offers = [offered(wolkenwerf, call_id, name)[1] for name in ("Noor", "Omar")]
    refused: list[str] = []
    begin = threading.Barrier(2)

    def accept(offer_id: uuid.UUID) -> None:
        try:
            begin.wait(5)
            actions.accept_offer(**act(wolkenwerf), offer_id=offer_id)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    _together(accept, offers)
    assert refused == ["founding.help_found"]
    states = sorted(offer(wolkenwerf, one).state for one in offers)
    assert states == [OfferState.ACCEPTED, OfferState.OPEN]


def test_whoever_comes_first_has_the_place(transactional_db: None, wolkenwerf: Cast) -> None:
    """Of ten who confirm at once three get the three places, and the others are told that they were just late."""
    call_id = called(wolkenwerf, places=3, is_direct=True)
    people = [offered(wolkenwerf, call_id, f"Helper{number}", confirm=False)[0] for number in range(10)]

    def confirm(contact_id: uuid.UUID) -> None:
        try:
            actions.confirm_help(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
        finally:
            connection.close()

    _together(confirm, people)
    with tenant(wolkenwerf.id):
        states = list(HelpOffer.objects.order_by("state").values_list("state", flat=True))
    assert states == ["accepted"] * 3 + ["declined"] * 7
    assert call(wolkenwerf, call_id).left == 0
    subjects = [mails_to(f"helper{number}@")[-1].subject for number in range(10)]
    assert sum(subject.startswith("Ja, graag") for subject in subjects) == 3
    assert sum(subject.startswith("Al gevonden") for subject in subjects) == 7


def _together(do: Any, whose: list[Any]) -> None:
    threads = [threading.Thread(target=do, args=[one]) for one in whose]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_who_takes_an_offer_back_frees_the_place(wolkenwerf: Cast) -> None:
    """By their own page; those who keep the yard are told, and another can have it."""
    call_id = called(wolkenwerf)
    _who, offer_id = offered(wolkenwerf, call_id, "Noor")
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id)
    with pytest.raises(Refused, match="help_found"):
        offered(wolkenwerf, call_id, "Omar")
    noor = visitor()
    noor.open(link_of(mails_to("noor@")[-1]))
    noor.send(button=("do", "withdraw"))
    noor.says("Ingetrokken")
    assert mails_to("amina@")[-1].subject.startswith("Hulp ingetrokken")
    _omar, second = offered(wolkenwerf, call_id, "Omar")
    actions.accept_offer(**act(wolkenwerf), offer_id=second)
    assert call(wolkenwerf, call_id).left == 0


def test_nobody_does_anothers(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """A helper touches their own offers only; another co-operative and a stranger none."""
    call_id = called(wolkenwerf, places=2)
    _noor, offer_id = offered(wolkenwerf, call_id, "Noor")
    omar, _other = offered(wolkenwerf, call_id, "Omar")
    with pytest.raises(Refused, match="offer_gone"):
        actions.withdraw_offer(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=omar, offer_id=offer_id)
    with pytest.raises(Refused, match="offer_gone"):
        actions.accept_offer(actor=nederwerf.chair.actor, now=NOW, coop_id=nederwerf.id, offer_id=offer_id)
    with pytest.raises(Refused, match="lacks_power"):
        actions.accept_offer(actor=stranger.actor, now=NOW, coop_id=wolkenwerf.id, offer_id=offer_id)
    omars = visitor()
    omars.open(link_of(mails_to("omar@")[0]))
    omars.client.post(omars.address, {"do": "withdraw", "offer": str(offer_id)})
    assert offer(wolkenwerf, offer_id).state is OfferState.OPEN


# Money


def test_help_in_kind_lowers_what_is_needed_by_what_the_project_says(wolkenwerf: Cast) -> None:
    """5.000 asked: 1.000 promised, a surveyor for 2.000 as valued, a task worth 150 done twice; all shown as such."""
    money = called(wolkenwerf, kind=HelpKind.MONEY, amount=Decimal(5000), texts={"nl": CallWords("Een studie")})
    _a, promised = offered(wolkenwerf, money, "Noor", amount=Decimal(1000))
    _b, kind = offered(wolkenwerf, money, "Omar", is_in_kind=True, words="Ik meet gratis.")
    assert call(wolkenwerf, money).needed == Decimal(5000)
    actions.accept_offer(**act(wolkenwerf), offer_id=promised)
    with pytest.raises(Refused, match="value_missing"):
        actions.accept_offer(**act(wolkenwerf), offer_id=kind)
    actions.accept_offer(**act(wolkenwerf), offer_id=kind, value=Decimal(2000))
    task = called(wolkenwerf, places=3, lowers_id=money, worth=Decimal(150))
    for name in ("Pia", "Quinten"):
        actions.accept_offer(**act(wolkenwerf), offer_id=offered(wolkenwerf, task, name)[1])
    found = call(wolkenwerf, money)
    assert (found.found.promised, found.found.in_kind, found.needed) == (Decimal(1000), Decimal(2300), Decimal(1700))
    assert found.found.received == 0
    actions.give_offer(**act(wolkenwerf), offer_id=promised)
    assert call(wolkenwerf, money).found.received == Decimal(1000)
    page = visitor()
    page.open(wolkenwerf.url("help/een-studie/"))
    page.says("€\u00a01.700", "€\u00a02.300", "In natura, zoals het project schat", "het schatte dat zelf")


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal("-5"), Decimal("0.001"), Decimal("NaN"), Decimal(10**12)])
def test_an_amount_must_be_one(wolkenwerf: Cast, amount: Decimal | None) -> None:
    """Nothing, less than nothing and a thousandth aren't offered."""
    money = called(wolkenwerf, kind=HelpKind.MONEY, amount=Decimal(5000))
    with pytest.raises(Refused, match="amount_wrong"):
        offered(wolkenwerf, money, "Noor", amount=amount)


# Asked


def test_a_question_is_relayed_without_addresses(wolkenwerf: Cast) -> None:
    """Asked, confirmed, passed on, answered, answered again: neither side ever sees the other's address."""
    call_id = called(wolkenwerf)
    who = visitor()
    who.open(wolkenwerf.url("help/vertaal-een-verslag/ask/"))
    who.send("ask/", email="noor@example.org", name="Noor", words="Mag het ook in het Engels?")
    assert mails_to("dirk@") == []
    who.open(link_of(mails_to("noor@")[0]))
    who.send(button=("do", "confirm"))
    (passed,) = mails_to("dirk@")
    assert "Mag het ook in het Engels?" in passed.text
    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(re.findall(r"/c/\S+/talk/[\w-]+/", passed.text)[0])
    dirk.says("Mag het ook in het Engels?", "Noor")
    dirk.send(words="Liever Frans, maar Engels kan.")
    answered = mails_to("noor@")[-1]
    assert "Liever Frans, maar Engels kan." in answered.text
    who.open(link_of(answered))
    who.says("Liever Frans, maar Engels kan.")
    who.send(words="Goed!", button=("do", "write"))
    assert "Goed!" in mails_to("dirk@")[-1].text
    for mail in Mail.objects.all():
        whole = mail.text + mail.html + mail.subject
        others = "noor@example.org" if "noor@" not in mail.to else "dirk@example.org"
        assert others not in whole
    with tenant(wolkenwerf.id):
        (talk,) = queries.talks(wolkenwerf.id, call_id)
    assert (talk.name, talk.count, talk.waits) == ("Noor", 3, True)


def test_what_nobody_confirmed_is_never_passed_on_and_goes(wolkenwerf: Cast) -> None:
    """After a week an unconfirmed offer has no words any more, and an unconfirmed question is gone."""
    call_id = called(wolkenwerf)
    offered(wolkenwerf, call_id, "Noor", confirm=False)
    ask(wolkenwerf, call_id, "omar@example.org", "Geheim?")
    tasks.look_after(wolkenwerf.id, NOW + dt.timedelta(days=6))
    with tenant(wolkenwerf.id):
        assert HelpMessage.objects.count() == 1
    tasks.look_after(wolkenwerf.id, NOW + dt.timedelta(days=8))
    with tenant(wolkenwerf.id):
        assert HelpMessage.objects.count() == 0
        (row,) = HelpOffer.objects.all()
        assert (row.state, row.words) == (OfferState.LAPSED, "")
    assert mails_to("dirk@") == []


def test_who_offered_and_never_confirmed_is_forgotten_after_a_month(wolkenwerf: Cast) -> None:
    """When their offer has lapsed; not while one waits to be confirmed, nor who did."""
    call_id = called(wolkenwerf, places=3)
    offered(wolkenwerf, call_id, "Noor", confirm=False)
    offered(wolkenwerf, call_id, "Dirk")
    late = NOW + dt.timedelta(days=31)
    tasks.look_after(wolkenwerf.id, late)
    offered(wolkenwerf, called(wolkenwerf), "Noor", confirm=False, now=late)
    forget_strangers(wolkenwerf.id, late)
    with tenant(wolkenwerf.id):
        assert Contact.objects.filter(forgotten_at__isnull=True).count() == 2
    tasks.look_after(wolkenwerf.id, late + dt.timedelta(days=8))
    forget_strangers(wolkenwerf.id, late + dt.timedelta(days=8))
    with tenant(wolkenwerf.id):
        assert list(Contact.objects.values_list("email", flat=True).order_by("email")) == ["", "dirk@example.org"]


def test_who_is_forgotten_is_forgotten_here(wolkenwerf: Cast) -> None:
    """Words and messages go; that somebody helped, and with how much, stays as a number; a place comes free."""
    call_id = called(wolkenwerf, places=2)
    noor, offer_id = offered(wolkenwerf, call_id, "Noor", may_name=True)
    ask(wolkenwerf, call_id, "noor@example.org", "Mag ik binnenkomen?")
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id, answer="Ja, Noor!")
    forget_contact(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, contact_id=noor)
    with tenant(wolkenwerf.id):
        (row,) = HelpOffer.objects.all()
        assert (row.state, row.words, row.answer, row.may_name) == (OfferState.WITHDRAWN, "", "", False)
        assert HelpMessage.objects.count() == 0
    assert call(wolkenwerf, call_id).left == 2
    assert "Noor" not in wolkenwerf.director.browser().get(wolkenwerf.url(f"help/desk/{call_id}/")).content.decode()


# Closed


def test_closing_answers_everybody(wolkenwerf: Cast) -> None:
    """Who helped is thanked once, who still waits is told; names stand there only as each allowed."""
    call_id = called(wolkenwerf, places=2)
    named = offered(wolkenwerf, call_id, "Noor", may_name=True)[1]
    silent = offered(wolkenwerf, call_id, "Omar")[1]
    offered(wolkenwerf, call_id, "Pia")
    for one in (named, silent):
        actions.accept_offer(**act(wolkenwerf), offer_id=one)
    with pytest.raises(Refused, match="closing_empty"):
        actions.close_call(**act(wolkenwerf), call_id=call_id, closing={"nl": "  "})
    assert actions.close_call(**act(wolkenwerf), call_id=call_id, closing={"nl": "Klaar, **dank**!"}) == 2
    assert mails_to("pia@")[-1].subject.startswith("Al gevonden")
    assert mails_to("omar@")[-1].subject.startswith("Dank je")
    page = visitor()
    page.open(wolkenwerf.url("help/vertaal-een-verslag/"))
    page.says("Noor, en 1 die liever niet genoemd worden")
    assert "Omar" not in page.page
    noor = visitor()
    noor.open(link_of(mails_to("noor@")[-1]))
    noor.send(button=("do", "no-name"))
    page.open(wolkenwerf.url("help/vertaal-een-verslag/"))
    assert "Noor" not in page.page
    assert call(wolkenwerf, call_id).state is CallState.CLOSED


def test_a_draft_is_nobodys_but_its_writers(wolkenwerf: Cast) -> None:
    """No page, no list, no form; it can be deleted, what was open can't."""
    terms = actions.CallTerms(kind=HelpKind.THING, texts={"nl": CallWords("Een bakfiets")})
    call_id = actions.write_call(**act(wolkenwerf), terms=terms)
    for rest in ("", "answer/", "ask/"):
        assert Client().get(wolkenwerf.url(f"help/een-bakfiets/{rest}")).status_code == 404
    assert "Een bakfiets" not in Client().get(wolkenwerf.url("help/")).content.decode()
    with pytest.raises(Refused, match="call_gone"):
        ask(wolkenwerf, call_id, "x@example.org", "Hm?")
    actions.delete_call(**act(wolkenwerf), call_id=call_id)
    kept = called(wolkenwerf)
    with pytest.raises(Refused, match="call_kept"):
        actions.delete_call(**act(wolkenwerf), call_id=kept)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"minutes": None}, "minutes_wrong"), ({"minutes": 0}, "minutes_wrong"), ({"minutes": 99_999}, "minutes_wrong"),
        ({"kind": HelpKind.MONEY}, "amount_wrong"), ({"places": 0}, "places_wrong"), ({"skill": "x"}, "skill_wrong"),
        ({"texts": {"nl": CallWords(" ")}}, "call_empty"), ({"languages": ("xx",)}, "text_language"),
        ({"due_on": TODAY - dt.timedelta(days=1)}, "due_past"),
        ({"kind": HelpKind.THING, "lent_from": TODAY, "lent_until": TODAY - dt.timedelta(days=1)}, "lent_turned"),
        ({"lowers_id": uuid.UUID(int=7), "worth": Decimal(5)}, "lowers_wrong"),
    ],
)  # fmt: skip
def test_what_a_call_must_say(wolkenwerf: Cast, terms: dict[str, Any], code: str) -> None:
    """Each thing that can't be meant has a sentence."""
    with pytest.raises(Refused, match=code) as refusal:
        called(wolkenwerf, **terms)
    assert "%(" not in refusal.value.message


def test_the_trail_holds_no_words_and_no_addresses(wolkenwerf: Cast) -> None:
    """Ids, numbers and codes only."""
    call_id = called(wolkenwerf)
    _who, offer_id = offered(wolkenwerf, call_id, "Noor")
    actions.accept_offer(**act(wolkenwerf), offer_id=offer_id, answer="Tot zaterdag")
    with tenant(wolkenwerf.id):
        facts = str(list(AuditEntry.objects.values_list("facts", flat=True)))
    for word in ("Noor", "noor@", "zaterdag", "Vertaal"):
        assert word not in facts


def test_a_call_is_written_by_its_page(wolkenwerf: Cast) -> None:
    """Written, opened, mended, with a browser that has no scripts; a place that is taken can't be taken away."""
    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(wolkenwerf.url("help/desk/new/"))
    dirk.send(title_nl="Affiches hangen", text_nl="Te *Evere*.", minutes="30", places="2", skill="hands", where="Evere")
    dirk.says("Affiches hangen", "Ontwerp")
    dirk.send("open/")
    dirk.says("Iedereen leest het")
    call_id = uuid.UUID(re.findall(r"desk/([\w-]{36})/", dirk.address)[0])
    for name in ("Noor", "Omar"):
        actions.accept_offer(**act(wolkenwerf, clock.now()), offer_id=offered(wolkenwerf, call_id, name)[1])
    dirk.open(wolkenwerf.url(f"help/desk/{call_id}/write/"))
    dirk.send(places="1")
    dirk.says("Er zijn al 2 plaatsen ingenomen")


def test_who_asked_us_to_stop_is_mailed_nothing_because_somebody_typed_their_address(wolkenwerf: Cast) -> None:
    """Offers and questions in their name reach nobody: they can't be confirmed."""
    call_id = called(wolkenwerf)
    who, _offer = offered(wolkenwerf, call_id, "Noor")
    block_contact(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, contact_id=who, reason=BlockReason.ASKED)
    before = len(mails_to("noor@"))
    offered(wolkenwerf, called(wolkenwerf), "Noor", confirm=False)
    ask(wolkenwerf, call_id, "noor@example.org", "Mag het ook later?")
    assert len(mails_to("noor@")) == before
