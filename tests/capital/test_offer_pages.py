"""The pages of an offer: for whoever reads it, and for those who write it."""

import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from coopwerf.capital import actions, queries
from coopwerf.capital.states import OfferState
from coopwerf.capital.web import public
from coopwerf.capital.web.telling import numbers_of
from coopwerf.kernel import kept
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from tests.cast import TODAY, Cast, Person
from tests.register.asking import asked

from .offering import DUTCH, FRENCH, IBAN, act, drafted, opened, with_shares, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def wolken(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a class A of 50 euro."""
    with_shares(wolkenwerf)
    return wolkenwerf


def read(coop: Cast, rest: str = "", language: str = "nl") -> str:
    """Return a public page of the offer, as it stands this moment."""
    public._moments.forget()
    answer = Client(headers={"accept-language": language}).get(coop.url(f"shares/rek/{rest}"))
    assert answer.status_code == 200, rest
    return str(answer.content.decode())


def text_of(content: bytes) -> str:
    """Return the words of a PDF."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\xad", "")


def test_a_visitor_reads_everything_without_an_account(wolken: Cast) -> None:
    """Purpose, prices, rights, risks, statutes, what the law wants said, and one big button."""
    opened(wolken)
    page = read(wolken)
    for told in (DUTCH.title, "twee servers", DUTCH.rights, DUTCH.risk_sentence, "Gecoördineerde tekst van mei 2025"):
        assert told in page
    assert "Neem aandelen vanaf €\xa050" in page
    assert f'href="{wolken.url("shares/rek/take/")}"' in page
    assert "€\xa0500.000 op, en niemand legt meer in dan €\xa05.000" in page
    assert "geen informatienota neergelegd" in page
    assert "<li>twee servers</li>" in page
    assert "<script" not in re.sub(r'<script type="module" src="[^"]+"></script>', "", page)
    first_page = Client(headers={"accept-language": "nl"}).get(wolken.url("")).content.decode()
    assert f"Neem aandelen: {DUTCH.title}" in first_page, "a button says what it does"


def test_each_language_is_told_in_its_own_words(wolken: Cast) -> None:
    """The browser's language, or the one a link asks for; one that the offer isn't told in shows the main one."""
    opened(wolken)
    assert FRENCH.title in read(wolken, language="fr")
    assert "Prendre des actions à partir de 50" in read(wolken, "?lang=fr")
    english = read(wolken, "?lang=en")
    assert DUTCH.title in english
    assert "What you buy" in english
    assert f'lang="nl">{DUTCH.title}' in english
    assert "?lang=" not in re.findall(r'name="next" value="([^"]*)"', read(wolken, "?lang=fr"))[0]


def test_a_link_that_is_shared_shows_title_text_and_picture(wolken: Cast) -> None:
    """Open Graph: the title, the first sentences, and a picture of 1200 by 630 pixels that is there."""
    opened(wolken)
    page = read(wolken, "?lang=fr")
    told = dict(re.findall(r'<meta property="og:(\S+)" content="([^"]*)">', page))
    assert told["title"] == FRENCH.title
    assert told["locale"] == "fr_BE"
    assert (told["image:width"], told["image:height"]) == ("1200", "630")
    path = "/" + told["image"].split("/", 3)[3]
    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(answer.content[16:20]), int.from_bytes(answer.content[20:24])) == (1200, 630)
    assert Client().get(path.replace("-fr.png", "-en.png")).status_code == 404


def test_the_picture_has_another_address_once_it_shows_something_else(wolken: Cast) -> None:
    """Whoever kept the picture of an address isn't shown an old one."""
    offer_id = opened(wolken)

    def address() -> str:
        return re.findall(r'og:image" content="([^"]*)"', read(wolken))[0]

    before = address()
    assert address() == before
    actions.write_texts(
        **act(wolken),
        offer_id=offer_id,
        language="nl",
        words=DUTCH.__class__(**{**_told(DUTCH), "title": "Een ander rek"}),
    )
    assert address() == before
    actions.publish_texts(**act(wolken), offer_id=offer_id)
    assert address() != before


def _told(words: queries.OfferWords) -> dict[str, str]:
    return {
        name: getattr(words, name)
        for name in ("title", "lead", "purpose", "rights", "risks", "risk_sentence", "statutes")
    }


def test_the_poster_is_one_sheet_with_both_amounts(wolken: Cast) -> None:
    """A4, title, price, address, the sentence about risk and what the law wants, in each language of the offer."""
    opened(wolken)
    for language, words in (("nl", DUTCH), ("fr", FRENCH)):
        answer = Client().get(wolken.url(f"shares/rek/poster-{language}.pdf"))
        assert answer.status_code == 200
        pages = PdfReader(io.BytesIO(answer.content)).pages
        assert len(pages) == 1
        assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (595, 842)
        said = re.sub(r"\s+", " ", text_of(answer.content))
        assert words.risk_sentence in said
        assert "500" in said
        assert "/shares/rek" in said
    assert Client().get(wolken.url("shares/rek/poster-en.pdf")).status_code == 404


def test_a_long_title_and_small_print_stay_on_one_sheet(wolken: Cast) -> None:
    """The longest texts that are taken, in signs that the fonts don't have too."""
    offer_id = written(wolken, languages=("nl",))
    words = DUTCH.__class__(
        **{
            **_told(DUTCH),
            "title": "Zonnedelers " * 9 + "🌻",
            "lead": "wij delen de zon " * 23,
            "risk_sentence": "x y " * 60,
        }
    )
    actions.write_texts(**act(wolken), offer_id=offer_id, language="nl", words=words)
    actions.open_offer(**act(wolken), offer_id=offer_id)
    content = Client().get(wolken.url("shares/rek/poster-nl.pdf")).content
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert Client().get(wolken.url("shares/rek/picture-nl.png")).status_code == 200


def test_how_many_people_is_told_from_five_on(wolken: Cast) -> None:
    """With four nobody can guess who put in what; with five the thermometer stands, and the table behind it."""
    opened(wolken)
    for number in range(4):
        asked(wolken, f"Noor{number}", 2, "100.00")
    few = read(wolken)
    assert "€\xa0400" not in few
    assert "Hoe ver we staan" not in few
    assert "samen moet komen: €\xa0120.000" in few
    asked(wolken, "Omar", 2, "100.00")
    enough = read(wolken)
    assert "€\xa0500 van €\xa0120.000" in enough
    assert "van 5 mensen" in enough
    assert "Hoe ver we staan" in enough


def test_what_a_page_says_when_nobody_can_take_shares(wolken: Cast) -> None:
    """Paused, closed, not begun and full: each says so, and what to do; none has the big button."""
    offer_id = opened(wolken, ceiling=Decimal(5000), target=None)
    asked(wolken, "Noor", 100, "")
    full = read(wolken)
    assert "Alles is voorlopig bezet" in full
    assert "wachtlijst" in full
    actions.pause_offer(**act(wolken), offer_id=offer_id)
    assert "Nu even niet" in read(wolken)
    actions.close_offer(**act(wolken), offer_id=offer_id)
    closed = read(wolken)
    assert "Dit aanbod is gesloten" in closed
    for page in (full, read(wolken)):
        assert "Neem aandelen vanaf" not in page


def test_a_draft_is_nobodys_but_its_writers(wolken: Cast, stranger: Person) -> None:
    """Its public addresses answer 404, and its own pages only those who manage offers."""
    written(wolken)
    public._moments.forget()
    for rest in ("", "ask/", "poster-nl.pdf", "picture-nl.png", "texts/1/", "statutes/1/"):
        assert Client().get(wolken.url(f"shares/rek/{rest}")).status_code == 404, rest
    assert stranger.browser().get(wolken.url("offers/rek/preview/")).status_code == 403
    assert wolken.director.browser().get(wolken.url("offers/rek/preview/")).status_code == 403
    preview = wolken.treasurer.browser().get(wolken.url("offers/rek/preview/"))
    assert FRENCH.title in preview.content.decode()


def test_the_first_page_of_the_co_operative_leads_to_it(wolken: Cast) -> None:
    """Only while somebody can take shares."""
    offer_id = opened(wolken)
    link = f'href="{wolken.url("shares/rek/")}"'
    assert link in Client().get(wolken.url()).content.decode()
    actions.pause_offer(**act(wolken), offer_id=offer_id)
    assert link not in Client().get(wolken.url()).content.decode()


def test_a_change_is_seen_within_a_second(wolken: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is made once for many; what it shows is never older than a moment."""
    offer_id = opened(wolken)
    clock = [100.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: clock[0])
    public._moments.forget()
    visitor = Client(headers={"accept-language": "nl"})
    here = wolken.url("shares/rek/")
    assert "Neem aandelen vanaf" in visitor.get(here).content.decode()
    actions.pause_offer(**act(wolken), offer_id=offer_id)
    clock[0] += 0.5
    assert "Neem aandelen vanaf" in visitor.get(here).content.decode()
    assert "Op pauze" in wolken.chair.browser().get(wolken.url("offers/rek/")).content.decode()
    clock[0] += 0.4
    assert "Nu even niet" in visitor.get(here).content.decode()


def test_what_is_kept_holds_nothing_of_a_visitor(wolken: Cast) -> None:
    """Each gets a token of their own in a page that was made for another, and can choose their language with it."""
    opened(wolken)
    public._moments.forget()
    here = wolken.url("shares/rek/")
    found = []
    for _ in range(2):
        visitor = Client(headers={"accept-language": "nl"}, enforce_csrf_checks=True)
        page = visitor.get(here).content.decode()
        assert public.STAND_IN not in page
        assert "nonce=" not in page
        found.append(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0])
        told = {"csrfmiddlewaretoken": found[-1], "language": "fr", "next": here}
        assert visitor.post("/ui/language/", told).status_code == 302
        assert FRENCH.title in visitor.get(here).content.decode()
    assert found[0] != found[1]
    assert "Mijn account" in wolken.chair.browser().get(here).content.decode()


def test_many_readers_ask_the_database_little(wolken: Cast, django_assert_max_num_queries: Any) -> None:
    """A page that was made a moment ago costs which co-operative it is, and nothing of the offer."""
    opened(wolken)
    visitor = Client(headers={"accept-language": "nl"})
    read(wolken)
    visitor.get(wolken.url("shares/rek/"))
    with django_assert_max_num_queries(4):
        visitor.get(wolken.url("shares/rek/"))


def test_what_all_languages_share_is_counted_once(wolken: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far an offer has come is slow to count where members are many: once a moment, whatever people speak."""
    opened(wolken)
    public._moments.forget()
    counted: list[object] = []

    def count(offer: queries.OfferFacts, on: Any) -> public.Numbers:
        counted.append(offer.id)
        return numbers_of(offer, on)

    monkeypatch.setattr(public, "numbers_of", count)
    pages = [Client().get(wolken.url(f"shares/rek/?lang={language}")).content.decode() for language in ("nl", "fr")]
    assert DUTCH.title in pages[0]
    assert FRENCH.title in pages[1]
    assert len(counted) == 1
    public._moments.forget()
    read(wolken)
    assert len(counted) == 2


def test_a_question_goes_to_those_who_manage_offers(wolken: Cast) -> None:
    """Each gets a mail with words and address; the page shows nothing of it, and who asks is told what follows."""
    opened(wolken)
    visitor = Client(headers={"accept-language": "fr"})
    told = {
        "question": "Puis-je offrir des actions à ma fille ?",
        "email": "noor@example.org",
        "name": "Noor",
        "website": "",
    }
    answer = visitor.post(wolken.url("shares/rek/ask/"), told)
    assert answer.status_code == 302
    assert "en route" in visitor.get(answer.headers["Location"]).content.decode()
    mails = Mail.objects.filter(text__contains="Puis-je offrir")
    assert {mail.to for mail in mails} == {wolken.chair.email, wolken.secretary.email, wolken.treasurer.email}
    assert all("noor@example.org" in mail.text for mail in mails)
    assert "Puis-je offrir" not in read(wolken)


def test_a_machine_and_an_eager_visitor_send_nothing_more(wolken: Cast) -> None:
    """A field that nobody sees stops machines; after five questions in an hour a place has to wait; so far, no mail."""
    opened(wolken)
    visitor = Client()
    told = {"question": "Hoe?", "email": "noor@example.org", "name": ""}
    assert visitor.post(wolken.url("shares/rek/ask/"), {**told, "website": "x"}).status_code == 302
    assert not Mail.objects.filter(text__contains="Hoe?").exists()
    for _ in range(5):
        assert visitor.post(wolken.url("shares/rek/ask/"), told).status_code == 302
    answer = visitor.post(wolken.url("shares/rek/ask/"), told, headers={"accept-language": "nl"})
    assert answer.status_code == 200
    assert "Probeer het over een uur opnieuw" in answer.content.decode()
    wrong = Client(REMOTE_ADDR="203.0.113.9").post(wolken.url("shares/rek/ask/"), {**told, "email": "noor"})
    assert wrong.status_code == 200


def test_questions_and_answers_stand_on_the_page(wolken: Cast) -> None:
    """In the reader's language, else in the one that there is; taken off, they are gone."""
    offer_id = opened(wolken)
    browser = wolken.treasurer.browser()
    here = wolken.url("offers/rek/questions/")
    asked_in = {
        "question_nl": "Wie beslist er?",
        "answer_nl": "Iedereen:\n\n- één stem\n- elk",
        "question_fr": "",
        "answer_fr": "",
    }
    assert browser.post(here + "new/", asked_in).status_code == 302
    assert "Wie beslist er?" in read(wolken)
    assert "Wie beslist er?" in read(wolken, language="fr")
    assert "<li>één stem</li>" in read(wolken)
    with tenant(wolken.id):
        (question,) = queries.questions_of(wolken.id, offer_id)
    browser.post(f"{here}{question.id}/", {**asked_in, "question_fr": "Qui décide ?", "answer_fr": "Tout le monde."})
    assert "Qui décide ?" in read(wolken, language="fr")
    assert browser.post(f"{here}{question.id}/remove/").status_code == 302
    assert "Wie beslist er?" not in read(wolken)
    assert browser.post(here + "new/", dict.fromkeys(asked_in, "")).status_code == 200


def test_the_statutes_are_read_as_file_or_as_text(wolken: Cast) -> None:
    """A PDF is handed out as it came in; without one their text is a page; what is no PDF is refused."""
    opened(wolken)
    assert "Artikel 1" in read(wolken, "statutes/1/")
    browser = wolken.treasurer.browser()
    here = wolken.url("offers/rek/statutes/")
    told = {"name": "Tekst van mei 2026", "on": "12-05-2026"}
    refused = browser.post(here, {**told, "file": SimpleUploadedFile("statuten.pdf", b"MZ no pdf")})
    assert refused.status_code == 200
    content = b"%PDF-1.7 invented"
    assert browser.post(here, {**told, "file": SimpleUploadedFile("statuten.pdf", content)}).status_code == 302
    assert Client().get(wolken.url("shares/rek/statutes/2/")).status_code == 404
    assert browser.get(wolken.url("shares/rek/statutes/2/")).content == content
    assert browser.post(wolken.url("offers/rek/move/publish/")).status_code == 302
    answer = Client().get(wolken.url("shares/rek/statutes/2/"))
    assert answer.content == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statuten.pdf"'
    assert "Artikel 1" in read(wolken, "statutes/1/")


def test_who_subscribed_before_can_read_what_was_told(wolken: Cast) -> None:
    """Every published version has its page; the offer's page leads to the earlier ones."""
    offer_id = opened(wolken)
    words = DUTCH.__class__(**{**_told(DUTCH), "risks": "Er is een nieuw risico."})
    actions.write_texts(**act(wolken), offer_id=offer_id, language="nl", words=words)
    actions.publish_texts(**act(wolken), offer_id=offer_id)
    page = read(wolken)
    assert "Er is een nieuw risico." in page
    assert wolken.url("shares/rek/texts/1/") in page
    assert DUTCH.risks in read(wolken, "texts/1/")
    assert Client().get(wolken.url("shares/rek/texts/3/")).status_code == 404


def test_somebody_sets_an_offer_up_from_the_first_page_to_the_last(wolken: Cast) -> None:
    """Without scripts: title, terms, texts, statutes, preview, open. Each page says what comes next."""
    browser = wolken.chair.browser()
    empty = browser.get(wolken.url("offers/")).content.decode()
    assert wolken.url("offers/new/") in empty
    made = browser.post(wolken.url("offers/new/"), {"title": "Een dak vol zon", "language": "nl"})
    assert made.headers["Location"] == wolken.url("offers/een-dak-vol-zon/")
    here = made.headers["Location"]
    draft = browser.get(here).content.decode()
    assert "Er ontbreken 8 dingen voor het open kan." in draft
    assert wolken.url("offers/een-dak-vol-zon/move/open/") not in draft
    terms = {
        "classes": ["A"],
        "ceiling": "1.000,00",
        "target": "",
        "per_person": "5.000,00",
        "opens_on": "01-09-2026",
        "closes_on": "",
        "iban": IBAN,
        "holder": "Wolkenwerf cv",
        "payment_days": "14",
        "regime": "small",
        "paper": "",
        "languages": ["nl"],
        "slug": "dak",
    }
    wrong = browser.post(here + "terms/", {**terms, "iban": "BE71 0961 2345 6760"})
    assert wrong.status_code == 200
    assert 'id="id_iban-error"' in wrong.content.decode()
    moved = browser.post(here + "terms/", terms)
    assert moved.headers["Location"] == wolken.url("offers/dak/")
    here = moved.headers["Location"]
    suggested = browser.get(here + "texts/nl/").content.decode()
    assert "Een aandeel is geen spaarboekje" in suggested
    unwritten = browser.get(here + "preview/").content.decode()
    assert unwritten.count("Nog niet geschreven.") == 4, "a heading with nothing below it tells nothing"
    assert browser.post(here + "texts/nl/", _told(DUTCH)).status_code == 302
    assert browser.post(here + "statutes/", {"name": "Tekst van 2025", "on": "12-05-2025"}).status_code == 302
    assert DUTCH.lead in browser.get(here + "preview/").content.decode()
    question = browser.get(here + "move/open/").content.decode()
    assert "<form" in question
    opened_now = browser.post(here + "move/open/", follow=True).content.decode()
    assert wolken.url("shares/dak/poster-nl.pdf") in opened_now
    with tenant(wolken.id):
        found = queries.offer_by_slug(wolken.id, "dak", TODAY)
    assert found is not None
    assert (found.state, found.ceiling) == (OfferState.OPEN, Decimal("1000.00"))
    for form in ("terms/", "texts/nl/", "statutes/", "questions/", "questions/new/", "move/close/", "preview/"):
        assert browser.get(here + form).status_code == 200, form
    assert browser.post(here + "move/close/").status_code == 302
    assert browser.get(here).status_code == 200


def test_facts_are_in_the_trail_without_words(wolken: Cast) -> None:
    """Whatever is written, the trail holds numbers, dates and codes only."""
    opened(wolken)
    drafted(wolken)
    with tenant(wolken.id):
        told = json.dumps([entry.facts for entry in AuditEntry.objects.filter(verb__startswith="capital.")])
    assert DUTCH.title not in told
