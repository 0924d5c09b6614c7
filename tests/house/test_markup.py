"""Whatever somebody types is text: on no page and in no mail does it become markup, script, link or formula."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from coopwerf.coops import actions as coops
from coopwerf.documents import queries as documents
from coopwerf.documents import tasks
from coopwerf.documents.models import Document
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from tests.cast import NOW, TODAY, Cast

from .addresses import addresses
from .twins import BLANKS, Twin, furnish

pytestmark = pytest.mark.django_db

STING = """ "><script>zz(1)</script><img src=x onerror=zz(2)> javascript:zz(3) #panic("zz") =1+1"""
ALIVE = re.compile(
    r"<script>zz|<img src=x|onerror=zz\(2\)>(?!&)|(?:href|src|action|formaction)=[\"']?\s*javascript:", re.I
)


@pytest.fixture
def stung(wolkenwerf: Cast) -> Twin:
    """Return a co-operative in which every text is an attack: its own name, its profile, its people and papers."""
    act = {"actor": wolkenwerf.chair.actor, "now": NOW, "coop_id": wolkenwerf.id}
    coops.change_look(**act, name=f"Werf{STING}", mail_footer=f"Footer{STING}")
    coops.change_profile(
        **act,
        valid_from=TODAY,
        legal_name=f"Legal{STING}",
        seat={"street": f"Street{STING}", "number": "1", "postcode": "1000", "town": f"Town{STING}", "country": "BE"},
        public_text={"nl": f"Public{STING}", "fr": f"Public{STING}", "en": f"Public{STING}"},
    )
    return furnish(wolkenwerf, "wolk", 501, STING)


def walk(twin: Twin) -> Iterator[tuple[str, Client]]:
    """Yield every address there is, with what is of this co-operative in its blanks, by whom it is opened."""
    chair, leaver = twin.cast.chair.browser(), twin.leaver.browser()
    for one in addresses():
        if one.route in BLANKS:
            yield twin.address(one.route, twin.cast.coop.slug), leaver if "erase" in one.route else chair
        elif "/record/<str:kind>/" in one.route:
            for kind in ("admission", "issue", "transfer"):
                yield twin.cast.url(f"register/record/{kind}/?member={twin.number}"), chair
        else:
            yield one.filled(twin.cast.coop.slug), chair
    for more in ("register/?text=", "bodies/mandates/new/?q=", "requests/?state=", "settings/look/?hue=3&name="):
        yield twin.cast.url(more + "%22%3E%3Cscript%3Ezz(1)%3C/script%3E"), chair
    for more in (
        "register/import/?",
        "requests/?state=incomplete",
        "letters/?show=all",
        f"requests/decide/?r={twin.request}",
    ):
        yield twin.cast.url(more), chair
    yield "/sign-in/?next=javascript:zz(3)", Client()


def test_no_page_turns_text_into_markup(stung: Twin) -> None:
    """Every page of a co-operative in which every text is an attack; and as many as expected do show one."""
    wrong, shown = [], 0
    for address, browser in walk(stung):
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if "html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            b"".join(answer)
            continue
        text = answer.content.decode()
        shown += "&lt;script&gt;zz" in text
        wrong += [f"{address}: {text[found.start() - 60 : found.end() + 60]!r}" for found in ALIVE.finditer(text)]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
    assert wrong == []
    assert shown >= 25, shown


def test_forms_give_back_what_was_typed_as_text(stung: Twin) -> None:
    """What is wrong in a form comes back with what was typed, and with sentences about it."""
    browser = stung.cast.chair.browser()
    names = [
        "family",
        "given",
        "name",
        "legal_name",
        "reference",
        "email",
        "q",
        "member",
        "share_class",
        "seat",
        "party",
        "code",
        "value",
        "on",
        "title",
        "text",
    ]
    shown = 0
    for one in addresses():
        if "POST" in getattr(one.view, "closed", ()) or one.route.startswith(("/me/data/erase", "/sign-out")):
            continue
        where = (
            stung.address(one.route, stung.cast.coop.slug) if one.route in BLANKS else one.filled(stung.cast.coop.slug)
        )
        answer = browser.post(where.replace("x" * 43, "admission"), dict.fromkeys(names, STING), follow=True)
        assert answer.status_code < 500, where
        if answer.streaming:
            b"".join(answer)
            continue
        text = answer.content.decode()
        shown += "&lt;script&gt;zz" in text
        assert not ALIVE.search(text), where
    assert shown >= 15, shown


def test_no_mail_turns_text_into_markup(stung: Twin) -> None:
    """The HTML of every mail, and its head in one line."""
    mails = list(Mail.objects.all())
    assert any("&lt;script&gt;zz" in mail.html for mail in mails)
    for mail in mails:
        assert not ALIVE.search(mail.html), mail.subject
        assert "\n" not in mail.subject + mail.to + mail.sender


def test_papers_and_tables_hold_text(stung: Twin) -> None:
    """A certificate is made although its name asks the typesetter to stop; no cell of a table begins as a formula."""
    coop_id = stung.cast.id
    with tenant(coop_id):
        waiting = list(Document.objects.filter(coop_id=coop_id))
        for row in waiting:
            tasks.make(str(coop_id), str(row.pk))
        made = [documents.document(coop_id, row.pk) for row in waiting]
    assert made
    assert all(one.is_ready for one in made)
    table = stung.cast.chair.browser().get(stung.cast.url("register/table.csv")).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
