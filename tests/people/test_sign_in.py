"""Signing in: by a mail with a code and a link, without telling anybody who is known here."""

import datetime as dt
import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.people.models import Account, SignInTicket

from ..cast import Cast, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    """Let the clock of the edges go on."""
    moment = clock.now() + dt.timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: moment)


def ask(browser: Client, email: str, next_path: str = "") -> Any:
    """Ask for a mail as somebody does who types an address."""
    return browser.post("/sign-in/", {"email": email, "next": next_path})


def code_in(message: mail.EmailMessage) -> str:
    """Return the code of a mail."""
    found = re.search(r"^ {4}(\d{4} \d{4})$", str(message.body), re.M)
    assert found
    return found[1]


def link_in(message: mail.EmailMessage) -> str:
    """Return the link of a mail, without the host."""
    found = re.search(r"https?://[^/]+(/sign-in/link/\S+)", str(message.body))
    assert found
    return found[1]


def is_in(browser: Client) -> bool:
    """Tell whether this browser has signed in."""
    return browser.get("/me/").status_code == 200


def test_a_code_signs_in_where_it_was_asked(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Amina types her address, gets a code, types it, and goes on where she was going."""
    browser = Client(headers={"accept-language": "nl"})
    answer = ask(browser, " Amina@Example.org ", wolkenwerf.url("bodies/"))
    assert answer.headers["Location"] == reverse("people:code")
    assert mailoutbox[0].to == ["amina@example.org"]
    assert "amina@example.org" in browser.get(reverse("people:code")).content.decode()
    answer = browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0]).replace(" ", "-")})
    assert answer.headers["Location"] == wolkenwerf.url("bodies/")
    assert browser.get(wolkenwerf.url("bodies/")).status_code == 200


def test_the_mail_speaks_the_language_of_its_reader(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Chantal reads French, whatever the browser speaks in which somebody typed her address."""
    ask(Client(headers={"accept-language": "nl"}), "chantal@example.org")
    assert mailoutbox[0].extra_headers["Content-Language"] == "fr"


def test_a_code_is_good_in_no_other_browser(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Whoever overhears a code can't use it elsewhere."""
    ask(Client(), "amina@example.org")
    thief = Client()
    assert thief.post(reverse("people:code"), {"code": code_in(mailoutbox[0])}).status_code == 302
    assert not is_in(thief)
    ask(thief, "bram@example.org")
    thief.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
    assert not is_in(thief)


def test_a_link_works_in_another_browser_and_opening_it_uses_nothing_up(
    wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]
) -> None:
    """A scanner opens it three times, a phone opens and presses: the phone is in; once."""
    ask(Client(), "amina@example.org", wolkenwerf.url())
    where = link_in(mailoutbox[0])
    scanner = Client()
    for method in (scanner.get, scanner.head, scanner.get):
        assert method(where).status_code == 200
    assert not is_in(scanner)
    phone = Client()
    assert "amina@example.org" in phone.get(where).content.decode()
    assert phone.post(where).headers["Location"] == wolkenwerf.url()
    assert is_in(phone)
    again = Client()
    assert again.get(where).status_code == 410
    assert again.post(where).status_code == 410
    assert not is_in(again)


def test_code_and_link_of_one_mail_are_one(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Who used the link has used the code too."""
    browser = Client()
    ask(browser, "amina@example.org")
    Client().post(link_in(mailoutbox[0]))
    answer = browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
    assert answer.status_code == 200
    assert not is_in(browser)


def test_a_mail_is_good_for_a_quarter_of_an_hour(
    wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At fourteen minutes the link opens, at fifteen neither link nor code does."""
    browser = Client()
    ask(browser, "amina@example.org")
    later(monkeypatch, minutes=14)
    assert Client().get(link_in(mailoutbox[0])).status_code == 200
    later(monkeypatch, minutes=1, seconds=1)
    assert Client().get(link_in(mailoutbox[0])).status_code == 410
    browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
    assert not is_in(browser)


def test_five_wrong_codes_are_the_end(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """After the fifth the right one is no good either."""
    browser = Client(headers={"accept-language": "en"})
    ask(browser, "amina@example.org")
    right = code_in(mailoutbox[0])
    wrong = "1111 1111" if right != "1111 1111" else "2222 2222"
    said = [browser.post(reverse("people:code"), {"code": wrong}).content.decode() for _attempt in range(5)]
    assert "4 attempts are left" in said[0]
    assert "One attempt is left" in said[3]
    assert "last attempt" in said[4]
    browser.post(reverse("people:code"), {"code": right})
    assert not is_in(browser)


def test_only_hashes_are_kept(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Neither code nor token stands in the database, and the code's hash needs our key."""
    ask(Client(), "amina@example.org")
    kept = " ".join(str(value) for value in SignInTicket.objects.values_list().get())
    assert code_in(mailoutbox[0]).replace(" ", "") not in kept
    assert link_in(mailoutbox[0]).split("/")[-2] not in kept


# Who is known here


def body(response: HttpResponse) -> str:
    """Return a page without what is different each time: the marks of forms and scripts."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", response.content.decode())


def test_nobody_learns_whether_an_address_is_known(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Known, unknown, closed: the same answers, byte for byte, up to the end of the attempts."""
    closed = wolkenwerf.director.account
    closed.is_active = False
    closed.save()
    told = []
    for address in ("amina@example.org", "xmina@example.org", "dirk1@example.org", "dirk@example.org"):
        browser = Client(headers={"accept-language": "en"})
        pages = [ask(browser, address), browser.get(reverse("people:code"))]
        pages += [browser.post(reverse("people:code"), {"code": "0000 0000"}) for _attempt in range(6)]
        pages.append(browser.get(reverse("people:code")))
        told.append(
            [(page.status_code, page.headers.get("Location"), body(page).replace(address, "")) for page in pages]
        )
    assert told[0] == told[1] == told[2] == told[3]
    assert [message.to[0] for message in mailoutbox] == [
        "amina@example.org",
        "xmina@example.org",
        "dirk1@example.org",
        "dirk@example.org",
    ]
    assert len({message.subject for message in mailoutbox[1:]}) == 1
    assert "/sign-in/link/" not in mailoutbox[1].body


def test_known_and_unknown_take_the_same_work(wolkenwerf: Cast) -> None:
    """The same questions to the database, as many mails: nothing to be measured."""

    def work(address: str) -> list[str]:
        browser = Client()
        with CaptureQueriesContext(connection) as asked:
            ask(browser, address)
            browser.post(reverse("people:code"), {"code": "0000 0000"})
        return [re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"])[:60] for query in asked.captured_queries]

    work("warm@example.org")
    assert work("amina@example.org") == work("nobody@example.org")


def quickest(browser: Client, addresses: list[str]) -> list[float]:
    """Ask for each address in turn, many times, and return the shortest time that each took."""
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _time in range(15):
        for address, times in taken.items():
            cache.clear()
            began = time.perf_counter()
            ask(browser, address)
            times.append(time.perf_counter() - began)
    return [min(times) for times in taken.values()]


def test_known_and_unknown_take_the_same_time(wolkenwerf: Cast) -> None:
    """Whoever holds a watch learns nothing: the quickest answers differ by less than a fifth.

    A busy machine disturbs both; what an address gave away would show in every round.
    """
    browser = Client()
    ask(browser, "warm@example.org")
    rounds = (quickest(browser, ["amina@example.org", "nobody@example.org"]) for _round in range(5))
    assert any(abs(known - unknown) < max(known, unknown) / 5 for known, unknown in rounds)


def test_too_many_mails_are_refused_for_known_and_unknown(
    wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]
) -> None:
    """Five in a quarter of an hour to one address; the sixth answer says to wait, and the form keeps the address."""
    for address in ("amina@example.org", "nobody@example.org"):
        answers = [ask(Client(), address) for _time in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert answers[5].headers["Retry-After"] == "900"
        assert address in answers[5].content.decode()
    assert len(mailoutbox) == 10


def test_a_stranger_cannot_keep_somebody_out(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Whoever asks for Amina's address until they are stopped stops only themselves; all together are stopped too."""
    for _time in range(6):
        ask(Client(REMOTE_ADDR="203.0.113.66"), "amina@example.org")
    assert ask(Client(REMOTE_ADDR="198.51.100.7"), "amina@example.org").status_code == 302
    answers = [ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), "amina@example.org").status_code for number in range(1, 60)]
    assert answers.count(302) == 54
    assert len(mailoutbox) == 60


def test_one_visitor_asks_for_so_many(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many addresses from one connection are stopped; another connection goes on."""
    monkeypatch.setattr("coopwerf.people.web.signing_in.MAILS_PER_VISITOR", 3)
    answers = [ask(Client(), f"somebody{number}@example.org").status_code for number in range(4)]
    assert answers == [302, 302, 302, 429]
    assert ask(Client(REMOTE_ADDR="203.0.113.9"), "somebody5@example.org").status_code == 302


def test_trying_links_and_codes_is_limited(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing comes to an end, whatever is guessed."""
    monkeypatch.setattr("coopwerf.people.web.entrance.TRIES_PER_VISITOR", 2)
    guess = reverse("people:link", kwargs={"token": "x" * 43})
    assert [Client().get(guess).status_code for _time in range(3)] == [410, 410, 429]
    browser = Client()
    ask(browser, "amina@example.org")
    assert browser.post(reverse("people:code"), {"code": "1"}).status_code == 429


# The first administrator


def first_link(capsys: pytest.CaptureFixture[str], *words: str) -> str | None:
    """Return the link that the command prints, without the host."""
    call_command("first_link", *words)
    link = json.loads(capsys.readouterr().out)["link"]
    return None if link is None else urlsplit(link).path


HANA = {"given": "Hana", "family": "Novak", "email": "Hana@example.org", "language": "en"}


def test_the_first_link_makes_the_administrator_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Opening it asks who they are, the form signs them in as administrator; then it is over."""
    link = first_link(capsys)
    assert link is not None
    browser = Client(headers={"accept-language": "nl"})
    assert browser.get(link).status_code == 200
    assert browser.head(link).status_code == 200
    bad = browser.post(link, {**HANA, "family": "", "email": "nonsense"})
    assert bad.content.decode().count('aria-invalid="true"') == 2
    assert 'value="Hana"' in bad.content.decode()
    browser.post(link, HANA)
    assert browser.get("/host/coops/").status_code == 200
    assert browser.get("/me/").headers["Content-Language"] == "en"
    for other in (Client(), browser):
        assert other.post(link, HANA | {"email": "evil@example.org"}).status_code == 410
    assert first_link(capsys) is None
    assert Account.objects.get().email == "hana@example.org"


def test_the_first_link_is_replaced_and_runs_out(
    db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one ends the first; after a quarter of an hour it is too late; nobody else has become anything."""
    old, new = first_link(capsys), first_link(capsys)
    assert old is not None
    assert new is not None
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    later(monkeypatch, minutes=16)
    assert Client().post(new, HANA).status_code == 410
    assert not Account.objects.exists()


def test_an_administrator_whose_mail_is_lost_gets_a_link_from_the_machine(
    host: Person, stranger: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    """For administrators only."""
    link = first_link(capsys, "--email", host.email)
    assert link is not None
    browser = Client()
    browser.post(link)
    assert browser.get("/host/coops/").status_code == 200
    with pytest.raises(Refused, match="no_administrator"):
        first_link(capsys, "--email", stranger.email)


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_first_link_make_one_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    """They press at the same instant; one is in."""
    link = first_link(capsys)
    assert link is not None
    start = threading.Barrier(3)

    def press(number: int) -> None:
        start.wait()
        try:
            Client().post(link, HANA | {"email": f"somebody{number}@example.org"})
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Account.objects.filter(is_administrator=True).count() == 1


# Sessions and ways on


def test_the_session_is_a_new_one(wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Whoever gave a browser its cookie before has nothing afterwards."""
    browser = Client()
    ask(browser, "amina@example.org")
    before = browser.cookies["sessionid"].value
    browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
    assert browser.cookies["sessionid"].value != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert not is_in(planted)
    assert is_in(browser)


@pytest.mark.parametrize(
    "there",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "/" + "x" * 600],
)
def test_nobody_is_led_astray(there: str, wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]) -> None:
    """Only an address of ours is gone on to."""
    browser = Client()
    browser.post("/sign-in/", {"email": "amina@example.org", "next": there})
    if not mailoutbox:  # too long for the field
        return
    answer = browser.post(reverse("people:code"), {"code": code_in(mailoutbox[0])})
    assert answer.headers["Location"] == wolkenwerf.url("today/")


def test_signing_out_asks_and_ends_the_session(stranger: Person) -> None:
    """Opening the address only asks; the button ends the session, also for whoever copied the cookie."""
    browser = stranger.browser()
    copied = Client()
    copied.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert browser.get(reverse("people:sign-out")).status_code == 200
    assert is_in(browser)
    assert browser.post(reverse("people:sign-out")).status_code == 302
    assert not is_in(browser)
    assert not is_in(copied)


def test_who_is_in_needs_no_sign_in_page(stranger: Person) -> None:
    """The sign-in page leads on."""
    assert stranger.browser().get("/sign-in/?next=/new/").headers["Location"] == "/new/"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("page", ["/sign-in/", "/sign-in/code/", "link", "gone"])
def test_pages_stand_in_every_language(
    page: str, language: str, wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]
) -> None:
    """One heading each, in the visitor's language."""
    browser = Client(headers={"accept-language": language})
    ask(browser, "amina@example.org")
    where = {"link": link_in(mailoutbox[0]), "gone": "/sign-in/link/" + "x" * 43 + "/"}.get(page, page)
    answer = browser.get(where)
    assert answer.content.count(b"<h1") == 1
    assert answer.headers["Content-Language"] == language
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_instant_sign_in_once(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Two browsers press the button of one link together: one is in."""
    ask(Client(), stranger.email)
    where = link_in(mailoutbox[0])
    start = threading.Barrier(4)
    browsers = [Client() for _each in range(4)]

    def press(browser: Client) -> None:
        start.wait()
        try:
            browser.post(where)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(is_in(browser) for browser in browsers) == 1
