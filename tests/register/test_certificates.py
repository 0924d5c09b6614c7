"""A certificate on paper, and the page behind its code."""

import contextlib
import datetime as dt
import json
import re
import uuid
import zlib
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from coopwerf.documents import actions as documents
from coopwerf.documents import queries as made_documents
from coopwerf.documents import tasks
from coopwerf.documents.queries import DocumentFacts
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.actions import erase_party
from coopwerf.register import actions, queries
from coopwerf.register.models import IssuedCertificate
from tests.cast import NOW, Cast, Person

from .test_register import BOARD, admit, leave, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db

TOKEN = re.compile(r"/confirm/([A-Za-z0-9_-]+)/")


def certificate(coop: Cast, member: actions.Admitted, asker: Person | None = None, **asked: object) -> DocumentFacts:
    """Ask for a member's certificate and let the worker make it."""
    with tenant(coop.id):
        facts = queries.member_facts(coop.id, member.id)
    assert facts is not None
    document = documents.ask_document(
        actor=(asker or coop.secretary).actor,
        now=NOW,
        coop_id=coop.id,
        kind="register.certificate",
        language="nl",
        party_id=facts.party_id,
        params={"member": str(member.id)},
        **asked,  # type: ignore[arg-type]
    )
    tasks.make(str(coop.id), str(document.id))
    with tenant(coop.id):
        return made_documents.document(coop.id, document.id)


def evidence_of(coop: Cast, document: DocumentFacts) -> dict[str, object]:
    """Return the figures that a document carries inside."""
    with tenant(coop.id):
        content = made_documents.file_of(document)
    # Compressed bytes may hold anything, also what looks like the end of a stream: each says itself where it ends.
    for begin in re.finditer(rb"stream\r?\n", content):
        with contextlib.suppress(zlib.error):
            plain = zlib.decompressobj().decompress(content[begin.end() :])
            if plain.startswith(b'{"coop"'):
                told: dict[str, object] = json.loads(plain)["facts"]
                return told
    raise LookupError("no evidence in this paper")


def address_of(coop: Cast, document: DocumentFacts) -> str:
    """Return the address on the code of a certificate."""
    found = TOKEN.search(str(evidence_of(coop, document)["confirm_url"]))
    assert found is not None
    return found[0]


def test_the_code_confirms_what_stands_on_the_paper(with_class: Cast) -> None:
    """Jana's certificate is made, and anybody with the paper sees the same figures, and no more, without signing in."""
    jana = admit(with_class, "Peeters", "Jana", 4, "60.00")
    document = certificate(with_class, jana)
    assert document.is_ready
    told = evidence_of(with_class, document)
    assert (told["name"], told["member_no"]) == ("Jana Peeters", 1)
    assert told["holdings"] == [{"name": "A", "shares": 4, "amount_per_share": "25.0000", "paid": "60.00"}]
    answer = Client(headers={"accept-language": "en"}).get(address_of(with_class, document))
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("This certificate is genuine", "Jana Peeters", "Dok-Noord 4, 9000 Gent", "60.00", document.head):
        assert shown in page
    assert "example.org" not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_its_own_page_hands_it_over_and_leads_to_the_page_that_confirms_it(with_class: Cast) -> None:
    """One filled button downloads; the same address as on the code stands beside it, for this certificate only."""
    document = certificate(with_class, admit(with_class, "Peeters", "Jana", 4))
    other = certificate(with_class, admit(with_class, "Claes", "Piet", 1))
    browser = with_class.secretary.browser()
    page = browser.get(with_class.url(f"documents/{document.token}/")).content.decode()
    assert re.findall(r'<a class="btn" href="([^"]+)" download>', page) == [
        with_class.url(f"documents/{document.token}/file/")
    ]
    assert TOKEN.findall(page) == TOKEN.findall(address_of(with_class, document))
    assert address_of(with_class, document) != address_of(with_class, other)
    extract = documents.ask_document(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        kind="register.extract",
        language="nl",
    )
    tasks.make(str(with_class.id), str(extract.id))
    page = browser.get(with_class.url(f"documents/{extract.token}/")).content.decode()
    assert page.count('class="btn"') == 1
    assert not TOKEN.search(page), "an extract has no such page"


def test_a_certificate_from_another_key_leads_nowhere(with_class: Cast, settings: Any) -> None:
    """Where the address on the paper can't be made again, its page shows no link rather than a wrong one."""
    document = certificate(with_class, admit(with_class, "Peeters", "Jana", 4))
    settings.SECRET_KEY = "another key, as after a move without it"
    browser = with_class.secretary.browser()
    assert not TOKEN.search(browser.get(with_class.url(f"documents/{document.token}/")).content.decode())
    assert Client().get(address_of(with_class, document)).status_code == 200, "the paper still holds"


def test_nothing_personal_stays_with_the_certificate(with_class: Cast) -> None:
    """The row that stays names nobody: ids, numbers and the hash of the address only."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    document = certificate(with_class, jana)
    with tenant(with_class.id):
        row = IssuedCertificate.objects.values().get()
    assert "Jana" not in str(row)
    assert address_of(with_class, document).split("/")[2] not in str(row)


def test_a_later_movement_supersedes_it(with_class: Cast) -> None:
    """Once Jana took two more shares the page says so, and since when; the figures stay those of the paper."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    address = address_of(with_class, certificate(with_class, jana))
    actions.record_issue(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="A",
        quantity=2,
        on=NOW.date(),
        decision=BOARD,
    )
    page = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "Genuine, but superseded" in page
    assert "The register says something else about this holder since" in page
    assert "100.00" in page
    assert "150.00" not in page


def test_an_exit_supersedes_it_on_its_day_only(with_class: Cast) -> None:
    """A decided exit that takes effect later says nothing yet; once it has, the page tells that the member left."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    address = address_of(with_class, certificate(with_class, jana))
    actions.record_exit(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        member_id=jana.id,
        share_class="A",
        quantity=4,
        on=NOW.date() + dt.timedelta(days=20),
        decision=BOARD,
        value=Decimal("100.00"),
        ends_membership=True,
    )
    visitor = Client(headers={"accept-language": "en"})
    assert "This certificate is genuine" in visitor.get(address).content.decode()
    token = address.split("/")[2]
    with tenant(with_class.id):
        later = queries.confirmation(with_class.id, token, NOW.date() + dt.timedelta(days=21))
    assert later is not None
    assert later.superseded_by is queries.Superseded.ENDED
    assert later.superseded_on == NOW.date() + dt.timedelta(days=20)


def test_a_newer_certificate_supersedes_it(with_class: Cast) -> None:
    """The older of two says that there is a newer one; one as of an earlier date doesn't count."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    first = address_of(with_class, certificate(with_class, jana))
    certificate(with_class, jana, as_of=dt.date(2025, 12, 31))
    visitor = Client(headers={"accept-language": "en"})
    assert "This certificate is genuine" in visitor.get(first).content.decode()
    second = address_of(with_class, certificate(with_class, jana))
    assert "A newer certificate was made" in visitor.get(first).content.decode()
    assert "This certificate is genuine" in visitor.get(second).content.decode()


def test_a_back_dated_correction_supersedes_it(with_class: Cast) -> None:
    """What was on the paper turns out to have been wrong: the page doesn't confirm it as present any more."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    address = address_of(with_class, certificate(with_class, jana))
    with tenant(with_class.id):
        movement = queries.movements_of(with_class.id, jana.id)[0]
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=movement.id,
        quantity=3,
        decision=BOARD,
    )
    assert "superseded" in Client(headers={"accept-language": "en"}).get(address).content.decode()


def test_after_an_erasure_the_page_shows_nobody(with_class: Cast) -> None:
    """Whoever was erased is named no more, although the register keeps the name; that it was made stays true."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    document = certificate(with_class, jana)
    address = address_of(with_class, document)
    assert document.party_id is not None
    erase_party(actor=SYSTEM, now=NOW, party_id=document.party_id)
    page = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "had their data erased" in page
    assert "Jana" not in page
    assert "100.00" not in page
    with tenant(with_class.id):
        assert made_documents.document(with_class.id, document.id).state.value == "removed"


@pytest.mark.parametrize("token", ["x" * 43, "A" * 54, "é" * 20, "a" * 4000, "-" * 54, "0"])
def test_an_address_that_was_guessed_confirms_nothing(with_class: Cast, token: str) -> None:
    """Whatever is typed after the slash: 404, as for any address that isn't there."""
    assert Client().get(f"/confirm/{token}/").status_code == 404


def test_the_right_cooperative_with_a_wrong_secret_confirms_nothing(with_class: Cast) -> None:
    """The co-operative in an address is no secret, the rest of it is. Who holds such a paper is told what it proves."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    certificate(with_class, jana)
    for coop_id in (with_class.id, uuid.uuid4()):
        token = queries.certificate_token(coop_id, uuid.uuid4())
        answer = Client(headers={"accept-language": "fr"}).get(f"/confirm/{token}/")
        assert answer.status_code == 404
        assert "Aucun certificat ne porte ce code" in answer.content.decode()
        assert "Wolkenwerf" not in answer.content.decode()


def test_whoever_tries_too_often_has_to_wait(with_class: Cast) -> None:
    """The thirty-first page within a minute from one place is a 429 that says when to come back."""
    visitor = Client(REMOTE_ADDR="192.0.2.77")
    answers = [visitor.get(f"/confirm/{'x' * 54}/") for _again in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {404}
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
    assert Client(REMOTE_ADDR="192.0.2.78").get(f"/confirm/{'x' * 54}/").status_code == 404


def test_who_may_ask_for_whose_certificate(with_class: Cast, nederwerf: Cast, stranger: Person) -> None:
    """The secretary for anybody; nobody from outside; nor for one member with another's number."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    piet = admit(with_class, "Maes", "Piet", 1)
    for asker in (nederwerf.secretary, stranger):
        with pytest.raises(Refused):
            certificate(with_class, jana, asker)
    with tenant(with_class.id):
        facts = queries.member_facts(with_class.id, jana.id)
    assert facts is not None
    mixed = documents.ask_document(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        kind="register.certificate",
        language="fr",
        party_id=facts.party_id,
        params={"member": str(piet.id)},
    )
    tasks.make(str(with_class.id), str(mixed.id))
    with tenant(with_class.id):
        assert made_documents.document(with_class.id, mixed.id).reason == "register.member_unknown"


def test_who_left_gets_a_certificate_of_then_but_none_of_now(with_class: Cast) -> None:
    """As of a day of the membership there is one; as of today the document fails with a sentence."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    leave(with_class, jana.id, 4)
    assert certificate(with_class, jana).reason == "register.no_certificate"
    then = certificate(with_class, jana, as_of=dt.date(2025, 12, 31))
    assert then.is_ready
    page = Client(headers={"accept-language": "en"}).get(address_of(with_class, then)).content.decode()
    assert "no longer a member" in page


def test_a_certificate_speaks_three_languages(with_class: Cast) -> None:
    """The page follows its reader, whatever the language of the paper."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    address = address_of(with_class, certificate(with_class, jana))
    for language in ("nl", "fr", "en"):
        answer = Client(headers={"accept-language": language}).get(address)
        assert answer["Content-Language"] == language
        assert f'lang="{language}"' in answer.content.decode()
