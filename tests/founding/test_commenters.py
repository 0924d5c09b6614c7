"""Who comments: nobody passes for another, and who never confirmed is forgotten."""

import datetime as dt
import threading
import time
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.test import Client

from coopwerf.founding import actions
from coopwerf.founding.actions import moderation
from coopwerf.founding.web import moderating, talking
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.actions import forget_contact
from coopwerf.messages.models import Contact, Mail
from coopwerf.messages.tasks import forget_strangers
from tests.cast import NOW, Cast

from .reporting import published
from .test_comments import approved, comments, confirmed, link_to, say
from .test_reports import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """Return a report that can be read; whoever sends a form in these stories took their time."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    return published(wolkenwerf)


def test_nobody_goes_by_the_pseudonym_of_another(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """However it is written; nor by the name of who writes the report or of the co-operative."""
    approved(wolkenwerf)
    for name in ("kabelwacht", "Kabel-Wacht", "KÁBELWACHT", "Bram Verhoeven", "wolkenwerf"):
        page = say(wolkenwerf, email="ander@example.org", pseudonym=name)
        assert page.status_code == 200, name
        assert "Kies een andere" in page.content.decode()
    assert say(wolkenwerf, pseudonym="Kabelwacht").status_code == 302
    for name in ("x", "https://koop.example", "koop@example.org", "!!", "a" * 41):
        assert say(wolkenwerf, pseudonym=name).status_code == 200, name


def test_nobody_confirms_a_pseudonym_that_became_somebody_elses(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Two type the same before either has confirmed it: whoever confirms first has it, though the other is known."""
    approved(wolkenwerf, email="dief@example.org", pseudonym="dief")
    say(wolkenwerf, text="Ik ben de wacht.", email="dief@example.org", pseudonym="Kabel-Wacht")
    link = link_to("dief@example.org")
    approved(wolkenwerf)
    page = Client(headers={"accept-language": "nl"}).post(link, {"do": "confirm"}, follow=True)
    assert "Kies een andere" in page.content.decode()
    assert "Ik ben de wacht." not in read(wolkenwerf)


def test_nobody_looks_like_another(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """In letters of another alphabet, or with signs that nobody sees: a name in one alphabet of one's own passes."""
    approved(wolkenwerf, pseudonym="Anna Poot")
    approved(wolkenwerf, email="ivan@example.org", pseudonym="\u0420\u043e\u0442\u0430")
    mixed = (
        "\u0410nna Poot",
        "Anna P\u03bfot",
        "Anna \u0420\u043e\u043et",
        "Anna\u200b Poot",
        "tooP annA\u202e",
        "\u3164Noor",
    )
    for name in (*mixed, "\u2066Noor\u2069", "No\u00ador", "No\u200dor"):
        cache.clear()
        page = say(wolkenwerf, email="ander@example.org", pseudonym=name)
        assert page.status_code == 200, ascii(name)
        assert "van één alfabet" in page.content.decode(), ascii(name)
    for name in ("Pota", "\u03a1\u03bf\u03c4\u03b1", "\uff30ota", "ANNA-POOT"):
        cache.clear()
        page = say(wolkenwerf, email="ander@example.org", pseudonym=name)
        assert "Kies een andere" in page.content.decode(), ascii(name)
    own = (
        "Зоя",
        "Ελένη",
        "Jürgen Ålesund",
        "マリオと花",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\U0001f469\u200d\U0001f33e Noor",
    )
    for number, name in enumerate(own):
        cache.clear()
        assert say(wolkenwerf, email=f"mens{number}@example.org", pseudonym=name).status_code == 302, ascii(name)


def test_who_commented_and_never_confirmed_is_forgotten_after_a_month(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """When what they said was forgotten; who said something that stands there is not."""
    say(wolkenwerf)
    approved(wolkenwerf, email="ander@example.org", pseudonym="ander")
    late = clock.now() + dt.timedelta(days=31)
    forget_strangers(wolkenwerf.id, late)
    with tenant(wolkenwerf.id):
        assert Contact.objects.filter(forgotten_at__isnull=True).count() == 2
    actions.forget_old_comments(actor=VISITOR, now=late, coop_id=wolkenwerf.id)
    forget_strangers(wolkenwerf.id, late)
    with tenant(wolkenwerf.id):
        assert list(Contact.objects.values_list("email", flat=True).order_by("email")) == ["", "ander@example.org"]


def test_the_log_of_moderation_is_read_page_by_page(
    wolkenwerf: Cast, report: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first line ever can still be read; what waits is shown the oldest first, as many as somebody reads."""
    monkeypatch.setattr(moderating, "A_PAGE", 1)
    for name in ("eerste", "tweede"):
        approved(wolkenwerf, email=f"{name}@example.org", pseudonym=name)
        confirmed(wolkenwerf, email=f"{name}nieuw@example.org", pseudonym=f"{name} wacht")
    browser = wolkenwerf.secretary.browser()
    pages = [browser.get(wolkenwerf.url(f"writing/comments/log/?page={n}")).content.decode() for n in (1, 2)]
    assert ["tweede:" in pages[0], "eerste:" in pages[0]] == [True, False]
    assert ["tweede:" in pages[1], "eerste:" in pages[1]] == [False, True]
    queue = browser.get(wolkenwerf.url("writing/comments/")).content.decode()
    assert ["eerste wacht" in queue, "tweede wacht" in queue] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_the_same_instant_it_is_said_once(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses again while the first form is on its way is told the same, and gets one mail."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    published(wolkenwerf)
    key, answers, gate = str(uuid.uuid4()), list[int](), threading.Barrier(3)

    def press() -> None:
        gate.wait(20)
        answers.append(say(wolkenwerf, key=key).status_code)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [302, 302, 302]
    assert len(comments(wolkenwerf)) == 1
    assert Mail.objects.filter(to="kabel@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_forgotten_while_their_comment_is_decided_about_holds_nobody_up(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both hold first who it is: one waits for the other, and neither ends in an error page."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    published(wolkenwerf)
    comment = confirmed(wolkenwerf)
    assert comment.contact_id is not None
    failures: list[Exception] = []

    them = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id, "contact_id": comment.contact_id}

    def forget() -> None:
        try:
            forget_contact(**them)  # type: ignore[arg-type]
        except OperationalError as error:
            failures.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=forget)
    tell = moderation._tell

    def tell_later(*what: Any) -> None:
        other.start()
        # Until the other has taken all that it can.
        time.sleep(0.7)
        tell(*what)

    monkeypatch.setattr(moderation, "_tell", tell_later)
    decided = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id, "comment_id": comment.id}
    actions.approve_comment(**decided, revision=1)
    other.join()
    assert failures == []
    with tenant(wolkenwerf.id):
        assert Contact.objects.get(pk=comment.contact_id).email == ""
