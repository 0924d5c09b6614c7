"""Making a token on a page, seeing it once, taking it back; and the page that tells what programs can do."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.test import Client

from coopwerf.kernel import clock
from coopwerf.people.models import ApiToken
from coopwerf.people.web.entrance import FRESH
from tests.cast import Person

from .programs import Program, problem, program

pytestmark = pytest.mark.django_db
MAKE = "/me/signing-in/tokens/make/"


def fresh(person: Person) -> Client:
    """Return a browser in which somebody showed a moment ago who they are."""
    browser = person.browser()
    session = browser.session
    session[FRESH] = clock.now().timestamp()
    session.save()
    return browser


def form(**other: object) -> dict[str, object]:
    """Fill in the form."""
    last = clock.civil_date(clock.now()) + dt.timedelta(days=30)
    told = {"name": "Boekhouding", "scopes": ["me.read"], "expires_on": f"{last:%d-%m-%Y}", "once": str(uuid.uuid4())}
    return {**told, **other}


def test_a_token_is_shown_once(stranger: Person) -> None:
    """Ines makes one, her program uses it, and no page shows it again."""
    browser = fresh(stranger)
    told = form()
    answer = browser.post(MAKE, told)
    found = re.search(r"cw_[\w-]{43}", answer.content.decode())
    assert found is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert Program(found[0]).get("/me").status_code == 200
    page = browser.get("/me/signing-in/").content.decode()
    assert "Boekhouding" in page
    assert found[0] not in page
    assert found[0] not in str(dict(browser.session))
    # The same form once more, by a reload: nothing is made, and the page says so.
    again = browser.post(MAKE, told, follow=True)
    assert found[0] not in again.content.decode()
    assert ApiToken.objects.count() == 1


def test_making_asks_for_a_fresh_code(stranger: Person) -> None:
    """Whoever finds her browser open makes no key to it."""
    answer = stranger.browser().post(MAKE, form())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/me/confirm/")
    assert not ApiToken.objects.exists()


def test_taking_back(stranger: Person, host: Person) -> None:
    """With a button, at once; nobody takes back another's."""
    hers = program(stranger)
    where = f"/me/signing-in/tokens/{hers.token_id}/revoke/"
    host.browser().post(where)
    assert hers.get("/me").status_code == 200
    browser = stranger.browser()
    assert browser.get(where).status_code == 405
    page = browser.post(where, follow=True).content.decode()
    assert "ingetrokken" in page
    assert problem(hers.get("/me")) == (401, "kernel.api_token_bad")
    assert "ingetrokken" in browser.post(where, follow=True).content.decode()


def test_what_is_missing_stands_beside_its_field(stranger: Person) -> None:
    """No scope, and an end too far: the form comes back with what was typed."""
    browser = fresh(stranger)
    page = browser.post(MAKE, form(scopes=[], expires_on="01-01-2100")).content.decode()
    assert "Boekhouding" in page
    assert "Kies minstens" in page
    late = browser.post(MAKE, form(expires_on="01-01-2100")).content.decode()
    assert 'id="id_expires_on-error"' in late
    assert not ApiToken.objects.exists()
    assert not mail.outbox


def test_the_page_for_programs(stranger: Person) -> None:
    """Anybody may read what programs can do: each address, from the document itself, without a script of others."""
    page = Client(headers={"accept-language": "fr"}).get("/api/v1/")
    text = page.content.decode().replace("<wbr>", "")
    document = Client().get("/api/v1/openapi.json").json()
    for address, methods in document["paths"].items():
        assert address in text
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text
    assert "Lire le registre" in text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert set(re.findall(r'<script[^>]*src="([^"]+)"', text)) <= {"/static/ui/js/page.js"}
    assert stranger.browser().get("/api/v1/").status_code == 200
