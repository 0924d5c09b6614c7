"""Keeping one's own account: sessions, another address, the second step; each after showing who one is."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions, queries
from coopwerf.people.models import Account

from ..cast import Cast, Person
from ..house.addresses import addresses
from .test_sign_in import ask, code_in, is_in, later, link_in

pytestmark = pytest.mark.django_db
PAGE = "/me/signing-in/"
CONFIRMED = [
    "/me/signing-in/address/",
    "/me/signing-in/passkeys/add/",
    "/me/signing-in/second-step/",
]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def come_in(person: Person, mailoutbox: list[mail.EmailMessage], **more: Any) -> Client:
    """Sign somebody in as people do, by a mail."""
    browser = Client(headers={"accept-language": "en", "user-agent": more.pop("device", FIREFOX)}, **more)
    ask(browser, person.email)
    browser.post(reverse("people:code"), {"code": code_in(mailoutbox[-1])})
    return browser


def app_code(secret: str, half_minutes: int = 0) -> str:
    """Return what the app on somebody's phone shows now."""
    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30 + half_minutes))
    return str(code)


def set_up_second_step(browser: Client) -> str:
    """Set up the second step as its page asks, and return the app's secret."""
    browser.get("/me/signing-in/second-step/")
    secret = str(browser.session["people.totp"])
    answer = browser.post("/me/signing-in/second-step/", {"code": app_code(secret)})
    assert answer.headers["Location"] == reverse("people:recovery-codes")
    return secret


# Showing again who one is


@pytest.mark.parametrize("page", CONFIRMED)
def test_changes_ask_for_a_fresh_code(
    page: str, stranger: Person, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty minutes after signing in a code comes first; after it the page opens, and for a quarter of an hour."""
    browser = come_in(stranger, mailoutbox)
    assert browser.get(page).status_code == 200
    later(monkeypatch, minutes=20)
    there = f"{reverse('people:confirm')}?next={page.replace('/', '%2F')}"
    assert browser.get(page).headers["Location"] == there
    assert browser.get(there).status_code == 200
    browser.post(reverse("people:confirm"), {"next": page})
    wrong = browser.post(reverse("people:confirm"), {"next": page, "code": "0000 0000"})
    assert 'aria-invalid="true"' in wrong.content.decode()
    assert browser.get(page).status_code == 302
    answer = browser.post(reverse("people:confirm"), {"next": page, "code": code_in(mailoutbox[-1])})
    assert answer.headers["Location"] == page
    assert browser.get(page).status_code == 200


def test_a_code_for_signing_in_confirms_nothing(
    stranger: Person, host: Person, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes are good for what they were mailed for, and for whom."""
    browser, other = come_in(stranger, mailoutbox), come_in(host, mailoutbox)
    later(monkeypatch, minutes=20)
    for one in (browser, other):
        one.post(reverse("people:confirm"), {"next": PAGE})
    theirs = code_in(mailoutbox[-1])
    browser.post(reverse("people:confirm"), {"next": PAGE, "code": theirs})
    assert browser.get(CONFIRMED[0]).status_code == 302


def test_mails_for_an_account_are_limited(
    stranger: Person, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six in a quarter of an hour."""
    browser = come_in(stranger, mailoutbox)
    later(monkeypatch, minutes=20)
    answers = [browser.post(reverse("people:confirm"), {"next": PAGE}).status_code for _time in range(7)]
    assert answers == [302] * 6 + [429]


# Sessions


def test_somebody_sees_their_devices_and_ends_one(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """A phone was left in a café: it is out at its next request; who looks stays in."""
    phone = come_in(stranger, mailoutbox, device=IPHONE, REMOTE_ADDR="203.0.113.77")
    browser = come_in(stranger, mailoutbox)
    page = browser.get(PAGE).content.decode()
    assert "iPhone · Safari" in page
    assert "203.0.113.x" in page
    assert "203.0.113.77" not in page
    (other,) = [
        one
        for one in queries.sessions_of(stranger.account.pk, here=browser.session.session_key or "", now=clock.now())
        if not one.is_here
    ]
    assert is_in(phone)
    browser.post(reverse("people:end-session", kwargs={"session_id": other.id}))
    assert not is_in(phone)
    assert is_in(browser)


def test_all_other_devices_at_once(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Three are out, one stays."""
    others = [come_in(stranger, mailoutbox) for _each in range(3)]
    browser = come_in(stranger, mailoutbox)
    browser.post(reverse("people:end-other-sessions"))
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(browser)


def test_nobody_ends_the_session_of_another(
    stranger: Person, wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]
) -> None:
    """A number that isn't one's own ends nothing, and shows nothing."""
    theirs = come_in(wolkenwerf.chair, mailoutbox)
    (session,) = queries.sessions_of(wolkenwerf.chair.account.pk, here="", now=clock.now())
    browser = come_in(stranger, mailoutbox)
    browser.post(reverse("people:end-session", kwargs={"session_id": session.id}))
    assert is_in(theirs)
    with pytest.raises(Refused, match="ended_already"):
        actions.end_session(actor=stranger.actor, now=clock.now(), session_id=session.id)


# Another address


def test_another_address_is_proven_by_its_mail(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """The new address gets a code, the old one is told, letters follow where they went to the same."""
    browser = come_in(stranger, mailoutbox)
    browser.post("/me/signing-in/address/", {"email": "Ines.Nieuw@example.org"})
    assert mailoutbox[-1].to == ["ines.nieuw@example.org"]
    assert Account.objects.get(pk=stranger.account.pk).email == stranger.email
    browser.post("/me/signing-in/address/code/", {"code": code_in(mailoutbox[-1])})
    assert Account.objects.get(pk=stranger.account.pk).email == "ines.nieuw@example.org"
    assert mailoutbox[-1].to == [stranger.email]
    assert "ines.nieuw@example.org" in mailoutbox[-1].body
    assert queries.contact_of(stranger.party_id).email == "ines.nieuw@example.org"


def test_the_link_of_the_new_address_works_elsewhere(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Opening it asks, pressing does it; once. It signs nobody in."""
    come_in(stranger, mailoutbox).post("/me/signing-in/address/", {"email": "ines.nieuw@example.org"})
    found = re.search(r"https?://[^/]+(/sign-in/address/\S+)", str(mailoutbox[-1].body))
    assert found
    phone = Client(headers={"accept-language": "en"})
    assert phone.get(found[1]).status_code == 200
    assert Account.objects.get(pk=stranger.account.pk).email == stranger.email
    assert phone.post(found[1]).status_code == 302
    assert Account.objects.get(pk=stranger.account.pk).email == "ines.nieuw@example.org"
    assert phone.post(found[1]).status_code == 410
    assert not is_in(phone)


def test_an_address_that_somebody_has_stays_theirs_and_nobody_is_told(
    stranger: Person, wolkenwerf: Cast, mailoutbox: list[mail.EmailMessage]
) -> None:
    """Asking for a taken and for a free address looks the same; only the mail differs."""
    browser = come_in(stranger, mailoutbox)
    browser.get(PAGE)  # which says that they are signed in
    told = []
    for address in ("free@example.org", "amina@example.org"):
        answer = browser.post("/me/signing-in/address/", {"email": address})
        page = browser.get(answer.headers["Location"]).content.decode()
        refused = browser.post(answer.headers["Location"], {"code": "0000 0000"}).content.decode()
        told.append(
            re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page + refused).replace(address, "")
        )
    assert told[0] == told[1]
    assert mailoutbox[-1].to == ["amina@example.org"]
    assert "/sign-in/address/" not in mailoutbox[-1].body


# The second step


def test_the_second_step_is_asked_after_the_mail(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Reading the mail alone isn't enough any more; the app's code is; it works once."""
    secret = set_up_second_step(come_in(stranger, mailoutbox))
    assert mailoutbox[-1].to == [stranger.email]
    browser = Client()
    ask(browser, stranger.email, "/new/")
    answer = browser.post(reverse("people:code"), {"code": code_in(mailoutbox[-1])})
    assert answer.headers["Location"] == reverse("people:second-step")
    assert not is_in(browser)
    browser.post(reverse("people:second-step"), {"code": "000000"})
    assert not is_in(browser)
    used = app_code(secret, 1)
    answer = browser.post(reverse("people:second-step"), {"code": used})
    assert answer.headers["Location"] == "/new/"
    assert is_in(browser)

    again = Client()
    ask(again, stranger.email)
    again.post(link_in(mailoutbox[-1]))
    again.post(reverse("people:second-step"), {"code": used})
    assert not is_in(again)


def test_a_recovery_code_takes_the_place_of_the_phone(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Once each, and a mail tells that it happened."""
    set_up_second_step(come_in(stranger, mailoutbox))
    codes = queries.recovery_codes_of(stranger.account.pk)
    assert len(codes) == 10
    for is_first in (True, False):
        browser = Client()
        ask(browser, stranger.email)
        browser.post(reverse("people:code"), {"code": code_in(mailoutbox[-1])})
        browser.post(reverse("people:second-step"), {"code": codes[0]})
        assert is_in(browser) is is_first
    step = queries.second_step_of(stranger.account.pk)
    assert step is not None
    assert step.codes_left == 9


def test_guessing_the_second_step_ends(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Five tries in a quarter of an hour, from whatever browser."""
    set_up_second_step(come_in(stranger, mailoutbox))
    cache.clear()
    answers = []
    for _each in range(2):
        browser = Client()
        ask(browser, stranger.email)
        browser.post(reverse("people:code"), {"code": code_in(mailoutbox[-1])})
        answers += [browser.post(reverse("people:second-step"), {"code": "000000"}).status_code for _t in range(3)]
    assert answers == [200] * 5 + [429]


def test_who_waits_too_long_begins_again(
    stranger: Person, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail proves somebody for ten minutes."""
    secret = set_up_second_step(come_in(stranger, mailoutbox))
    browser = Client()
    ask(browser, stranger.email)
    browser.post(reverse("people:code"), {"code": code_in(mailoutbox[-1])})
    later(monkeypatch, minutes=11)
    answer = browser.post(reverse("people:second-step"), {"code": app_code(secret)})
    assert answer.headers["Location"] == reverse("people:sign-in")
    assert not is_in(browser)


def test_secrets_are_sealed(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Neither the app's secret nor a recovery code stands readable in the database."""
    secret = set_up_second_step(come_in(stranger, mailoutbox))
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert all(code.replace(" ", "") not in kept for code in queries.recovery_codes_of(stranger.account.pk))


def test_with_another_key_nobody_gets_in_and_the_machine_helps(
    stranger: Person, mailoutbox: list[mail.EmailMessage], settings: Any
) -> None:
    """A lost secrets file makes codes wrong, not pages broken; whoever has the machine removes the step."""
    browser = come_in(stranger, mailoutbox)
    secret = set_up_second_step(browser)
    settings.SECRET_KEY = "another" * 8
    now = clock.now()
    me = stranger.account.pk
    assert not actions.try_second_step(actor=SYSTEM, now=now, account_id=me, code=app_code(secret, 1))
    assert queries.recovery_codes_of(me) == []
    with pytest.raises(Refused, match="not_yours"):
        actions.remove_second_step(actor=stranger.actor, now=now, account_id=me)
    actions.remove_second_step(actor=SYSTEM, now=now, account_id=me)
    assert not queries.has_second_step(me)


def test_the_second_step_goes_when_its_owner_says_so(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Asked first, then gone, codes too."""
    browser = come_in(stranger, mailoutbox)
    set_up_second_step(browser)
    before = queries.recovery_codes_of(stranger.account.pk)
    browser.post(reverse("people:recovery-codes"))
    assert set(queries.recovery_codes_of(stranger.account.pk)).isdisjoint(before)
    assert browser.get(reverse("people:remove-second-step")).status_code == 200
    assert queries.has_second_step(stranger.account.pk)
    browser.post(reverse("people:remove-second-step"))
    assert not Authenticator.objects.exists()


# Passkeys without a browser; with one: test_passkeys.py


def test_nonsense_is_no_passkey(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """Whatever is sent instead of a signature, the answer is a sentence."""
    visitor = Client(headers={"accept-language": "en"})
    for credential in ("", "nonsense", "[]", '{"response": {"userHandle": "!"}}', '{"response": 5}', "null"):
        answer = visitor.post(reverse("people:passkey"), {"credential": credential, "next": "/new/"})
        assert answer.status_code == 200
        assert "know this passkey" in answer.content.decode()
    browser = come_in(stranger, mailoutbox)
    answer = browser.post("/me/signing-in/passkeys/add/", {"name": "Phone", "credential": "{}"})
    assert answer.status_code == 200
    assert queries.passkeys_of(stranger.account.pk) == []


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_pages_stand_in_every_language(
    language: str, stranger: Person, mailoutbox: list[mail.EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One heading each, in the language that somebody prefers."""
    stranger.account.party.language = language
    stranger.account.party.save()
    browser = come_in(stranger, mailoutbox)
    browser.get("/me/signing-in/second-step/")
    pages = [PAGE, *CONFIRMED, "/sign-out/"]
    set_up_second_step(browser)
    pages += ["/me/signing-in/second-step/codes/", "/me/signing-in/second-step/remove/"]
    for page in pages:
        answer = browser.get(page, follow=True)
        assert answer.status_code == 200
        assert answer.content.count(b"<h1") == 1, page
        assert answer.headers["Content-Language"] == language
    later(monkeypatch, minutes=20)
    assert browser.get("/me/confirm/").content.count(b"<h1") == 1


def test_the_machine_helps_who_lost_phone_and_codes(
    stranger: Person, mailoutbox: list[mail.EmailMessage], capsys: pytest.CaptureFixture[str]
) -> None:
    """`coopwerf people one-step ID`, and its owner is told."""
    set_up_second_step(come_in(stranger, mailoutbox))
    call_command("people", "one-step", str(stranger.party_id))
    assert '"second_step": false' in capsys.readouterr().out
    assert not queries.has_second_step(stranger.account.pk)
    assert mailoutbox[-1].to == [stranger.email]
    with pytest.raises(Refused, match="second_step_missing"):
        call_command("people", "one-step", str(stranger.party_id))


def test_what_ran_out_is_forgotten(stranger: Person, mailoutbox: list[mail.EmailMessage]) -> None:
    """A day after a code ran out nothing is left of it; a month after the last visit nothing of the session."""
    browser = come_in(stranger, mailoutbox)
    assert actions.forget_sign_ins(actor=SYSTEM, now=clock.now() + dt.timedelta(hours=20)) == 0
    assert actions.forget_sign_ins(actor=SYSTEM, now=clock.now() + dt.timedelta(hours=25)) == 1
    assert is_in(browser)
    assert actions.forget_sign_ins(actor=SYSTEM, now=clock.now() + dt.timedelta(days=31)) == 1
    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("path", ["accounts", "account", "allauth"])
@pytest.mark.parametrize(
    "page", ["login", "signup", "password/reset", "password/set", "password/change", "2fa", "email"]
)
def test_allauths_own_pages_are_not_there(path: str, page: str, stranger: Person) -> None:
    """Its parts are used, its pages with passwords can't be reached."""
    for browser in (Client(), stranger.browser()):
        assert browser.get(f"/{path}/{page}/").status_code == 404
    assert not any("allauth" in address.view.__module__ for address in addresses())


def test_nobody_has_a_password(stranger: Person) -> None:
    """There is no column for one."""
    assert "password" not in {field.name for field in Account._meta.get_fields()}
    assert not Client().login(email=stranger.email, password="")
