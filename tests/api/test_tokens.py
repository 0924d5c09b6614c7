"""Whose token opens what, and until when; and that what a program does is known as that."""

import dataclasses
import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions, queries
from coopwerf.people.models import ApiToken
from tests.cast import Cast, Person

from .programs import Program, problem, program

pytestmark = pytest.mark.django_db


def make(actor: Actor, **other: object) -> actions.Made:
    """Make a token, but for what is told otherwise."""
    today = clock.civil_date(clock.now())
    told = {"name": "Books", "scopes": ["me.read"], "expires_on": today + dt.timedelta(days=30), **other}
    return actions.make_token(actor=actor, now=clock.now(), **told)  # type: ignore[arg-type]


def test_a_program_says_for_whom_it_acts(stranger: Person) -> None:
    """Ines makes a token; her program reads who she is, and only its hash is kept here."""
    her = program(stranger, "me.read")
    told = her.get("/me").json()
    assert (told["name"], told["email"], told["language"]) == ("Ines Maes", "ines@example.org", "nl")
    assert told["address"]["town"] == "Brussel"
    assert told["token"]["scopes"] == ["me.read"]
    row = ApiToken.objects.get()
    assert her.secret not in str(vars(row))
    assert row.used_on == clock.civil_date(clock.now())
    assert her.secret.startswith("cw_")


def test_without_a_token_nobody_is_known(stranger: Person) -> None:
    """No token, half a token, another scheme, and a browser's cookie open nothing."""
    assert problem(Client().get("/api/v1/me")) == (401, "kernel.api_token_missing")
    assert problem(Program("cw_" + "x" * 43).get("/me")) == (401, "kernel.api_token_bad")
    assert problem(Program("\x7f" * 8).get("/me")) == (401, "kernel.api_token_bad")
    her = program(stranger)
    assert problem(Client().get("/api/v1/me", headers={"authorization": f"Basic {her.secret}"}))[0] == 401
    answer = stranger.browser().get("/api/v1/me")
    assert problem(answer) == (401, "kernel.api_token_missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_no_form_of_another_site_is_asked_for(wolkenwerf: Cast) -> None:
    """A program has no cookie, so it needs none of the marks that keep other sites from using one."""
    hers = program(wolkenwerf.secretary)
    browser = Client(enforce_csrf_checks=True)
    heads = {"authorization": f"Bearer {hers.secret}", "idempotency-key": "12345678"}
    answer = browser.post("/api/v1/coops/wolkenwerf/requests", "{}", content_type="application/json", headers=heads)
    assert problem(answer)[0] == 422
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_language_is_asked_for_or_the_owners(stranger: Person) -> None:
    """Without a header it is what Ines reads."""
    hers = program(stranger, "offers.read")
    answer = Client().get("/api/v1/coops/nobody/offers", headers={"authorization": f"Bearer {hers.secret}"})
    assert answer.headers["Content-Language"] == "nl"
    assert "Op dit adres is niets" in answer.json()["detail"]
    scope = Client().get("/api/v1/me", headers={"authorization": f"Bearer {hers.secret}"})
    assert "opent “me.read” niet" in scope.json()["detail"]
    hers.language = "fr"
    assert hers.get("/coops/nobody/offers").json()["detail"].startswith("Il n’y a rien")


def test_a_token_opens_its_scopes_only(wolkenwerf: Cast) -> None:
    """The secretary may read the register; a token that lacks the scope may not."""
    hers = program(wolkenwerf.secretary, "me.read", "coops.read")
    answer = hers.get("/coops/wolkenwerf/register")
    assert problem(answer) == (403, "kernel.api_scope_missing")
    assert "register.read" in answer.json()["detail"]
    assert hers.get("/coops/wolkenwerf").status_code == 200


def test_a_token_ends(stranger: Person) -> None:
    """It opens nothing after its last day, nor once it was taken back."""
    today = clock.civil_date(clock.now())
    her = program(stranger, until=today)
    assert her.get("/me").status_code == 200
    ApiToken.objects.update(expires_on=today - dt.timedelta(days=1))
    assert problem(her.get("/me")) == (401, "kernel.api_token_bad")
    other = program(stranger)
    assert other.get("/me").status_code == 200
    assert other.token_id is not None
    actions.revoke_token(actor=stranger.actor, now=clock.now(), token_id=other.token_id)
    assert problem(other.get("/me")) == (401, "kernel.api_token_bad")
    with pytest.raises(Refused, match="ended_already"):
        actions.revoke_token(actor=stranger.actor, now=clock.now(), token_id=other.token_id)


def test_nobody_takes_back_what_is_anothers(stranger: Person, host: Person) -> None:
    """Hana can't end the token of Ines."""
    hers = program(stranger)
    assert hers.token_id is not None
    with pytest.raises(Refused, match="ended_already"):
        actions.revoke_token(actor=host.actor, now=clock.now(), token_id=hers.token_id)
    assert hers.get("/me").status_code == 200


def test_the_erased_and_the_closed_have_no_program(stranger: Person, host: Person) -> None:
    """With somebody's account go their tokens; of an account that is switched off they open nothing."""
    hers = program(stranger)
    stranger.account.is_active = False
    stranger.account.save()
    assert problem(hers.get("/me")) == (401, "kernel.api_token_bad")
    stranger.account.is_active = True
    stranger.account.save()
    assert hers.get("/me").status_code == 200
    actions.erase_party(actor=SYSTEM, now=clock.now(), party_id=stranger.party_id)
    assert problem(hers.get("/me")) == (401, "kernel.api_token_bad")
    assert not ApiToken.objects.exists()


def test_an_administrators_program_is_no_administrator(host: Person) -> None:
    """Hosting is done in a browser."""
    bearer = queries.bearer(program(host).secret, clock.civil_date(clock.now()))
    assert host.actor.is_administrator
    assert bearer is not None
    assert not bearer.actor.is_administrator


def test_what_cant_be_meant_is_refused(stranger: Person) -> None:
    """A name, a scope, an end within a year; and no program makes tokens."""
    today = clock.civil_date(clock.now())
    for code, other in (
        ("people.name_missing", {"name": " "}),
        ("people.too_long", {"name": "x" * 61}),
        ("people.scope_missing", {"scopes": []}),
        ("people.scope_unknown", {"scopes": ["me.read", "everything"]}),
        ("people.token_end", {"expires_on": today - dt.timedelta(days=1)}),
        ("people.token_end", {"expires_on": today + dt.timedelta(days=367)}),
    ):
        with pytest.raises(Refused, match=code):
            make(stranger.actor, **other)
    made = make(stranger.actor)
    acting = dataclasses.replace(stranger.actor, token_id=made.id)
    with pytest.raises(Refused, match="token_by_program"):
        make(acting)
    with pytest.raises(Refused, match="token_by_program"):
        actions.revoke_token(actor=acting, now=clock.now(), token_id=made.id)
    for _n in range(19):
        make(stranger.actor)
    with pytest.raises(Refused, match="tokens_many"):
        make(stranger.actor)


def test_a_mail_tells_the_owner(stranger: Person) -> None:
    """Somebody else at her desk can't make one unseen."""
    make(stranger.actor)
    assert [one.to for one in mail.outbox] == [["ines@example.org"]]
    assert "programma" in mail.outbox[0].body


def test_the_trail_says_that_a_program_acted(stranger: Person) -> None:
    """Its first use of a day stands in the trail with the token; what she does herself has none."""
    her = program(stranger)
    for _again in range(3):
        her.get("/me")
    used = AuditEntry.objects.get(verb="people.token_used")
    assert used.actor_id == stranger.party_id
    assert used.facts == {"token": str(her.token_id)}
    assert "token" not in AuditEntry.objects.get(verb="people.token_made").facts


def test_old_tokens_are_forgotten(stranger: Person) -> None:
    """A month after its end a token is gone from the list."""
    now = clock.now()
    her = program(stranger, until=clock.civil_date(now))
    assert her.token_id
    actions.forget_sign_ins(actor=SYSTEM, now=now + dt.timedelta(days=30))
    assert ApiToken.objects.exists()
    actions.forget_sign_ins(actor=SYSTEM, now=now + dt.timedelta(days=32))
    assert not ApiToken.objects.exists()


@override_settings(IS_HTTPS=True)
def test_where_there_is_https_nothing_goes_in_the_clear(stranger: Person) -> None:
    """A token that is sent without it is refused, so that nobody gets used to it."""
    her = program(stranger)
    assert problem(her.get("/me")) == (403, "kernel.api_https")
    secure = Client().get("/api/v1/me", headers={"authorization": f"Bearer {her.secret}"}, secure=True)
    assert secure.status_code == 200


def test_who_asks_very_often_waits(stranger: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many requests a minute with a token, and far fewer without a valid one."""
    monkeypatch.setattr("coopwerf.kernel.api.routes.A_MINUTE", 3)
    monkeypatch.setattr("coopwerf.kernel.api.routes.UNKNOWN_A_MINUTE", 2)
    # The minute may turn in between: then two more are let in.
    her = program(stranger)
    answers = [her.get("/me") for _again in range(8)]
    assert {one.status_code for one in answers} == {200, 429}
    assert problem(answers[-1]) == (429, "kernel.api_too_often")
    assert int(answers[-1].headers["Retry-After"]) > 0
    guesses = [Program(f"cw_{number}").get("/me").status_code for number in range(6)]
    assert set(guesses) == {401, 429}


@pytest.mark.django_db(transaction=True)
def test_several_workers_count_together(stranger: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers of the server, each with its own connection: together they answer no more than one would."""
    monkeypatch.setattr("coopwerf.kernel.api.routes.A_MINUTE", 10)
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)
    hers = program(stranger)
    found: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            found.extend([hers.get("/me").status_code for _time in range(8)])
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _one in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(found) == [200] * 10 + [429] * 6
