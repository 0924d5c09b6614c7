"""No page in Dutch or French shows an English sentence: somebody walks through every page that leads from another."""

import dataclasses
import html.parser
import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import polib
import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from coopwerf.people.models import Party
from coopwerf.people.states import Language
from tests.cast import Cast, Person
from tools import translations
from tools.findings import APPLICATION

from .all_pages import PAGES

ENGLISH = frozenset(
    [
        "the",
        "and",
        "you",
        "your",
        "with",
        "this",
        "that",
        "these",
        "from",
        "are",
        "have",
        "has",
        "been",
        "they",
        "their",
    ]
)
"""Words that no Dutch or French sentence has."""
LABELS = ("title", "aria-label", "alt", "placeholder", "data-label", "data-copied")
UNTOUCHED = frozenset({"script", "style", "code", "pre", "kbd", "svg"})
VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
OWN_NAMES = frozenset(["Nederlands", "Français", "English"])
"""What languages are called in themselves, on every page."""


class Reader(html.parser.HTMLParser):
    """Read what a page says in its own language, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.depth: list[str] = []
        self.left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and labels; what is code or in another language is passed over."""
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if not self.left_out:
            self.texts += [str(given[name]) for name in LABELS if given.get(name)]
        if tag in VOID:
            return
        other = tag in UNTOUCHED or (tag != "html" and "lang" in given)
        self.depth.append(tag)
        if self.left_out or other:
            self.left_out += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and what was opened in it."""
        while self.depth and tag in self.depth:
            self.left_out = max(0, self.left_out - 1)
            if self.depth.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self.left_out and data.strip():
            self.texts.append(" ".join(data.split()))


def read(content: str) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(content)
    return reader


def english_only(language: str) -> frozenset[str]:
    """Return the English sentences whose translation differs, but those that mean something in the language too."""
    english, own = set(), set()
    for path in sorted(APPLICATION.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            english |= {entry.msgid, entry.msgid_plural}
            own |= set(translations.forms(entry))
    return frozenset(text for text in english - own if text)


def is_english(text: str, known: frozenset[str]) -> bool:
    """Tell whether a text is an English sentence of ours, or has words that only English has."""
    return text in known - OWN_NAMES or not ENGLISH.isdisjoint(re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()))


def walk(browser: Client, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Open a page of every route that one comes to, and send its form empty; yield address and content."""
    seen: set[str] = set()
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        try:
            route = resolve(urlsplit(address).path).route
        except Resolver404:
            route = ""
        # The gallery shows its source; to change the language or to sign out would end the walk.
        if route in seen or route.startswith("ui/") or "sign-out" in route:
            continue
        seen.add(route)
        for answer in (browser.get(address), browser.post(address)):
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            content = answer.content.decode()
            if content:
                yield address, content
            for link in read(content).links:
                there = urlsplit(urljoin(address, link))
                if not there.netloc:
                    waiting.append(there.path + (f"?{there.query}" if there.query else ""))


def spoken(person: Person | None, language: str) -> Client:
    """Return the browser of somebody who reads a language."""
    if person is None:
        return Client(headers={"accept-language": language})
    Party.objects.filter(pk=person.party_id).update(language=language)
    return dataclasses.replace(person, language=language).browser()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_nobody_reads_english_who_asked_for_another_language(
    language: str, wolkenwerf: Cast, host: Person, stranger: Person
) -> None:
    """A chair, the host, somebody new and a visitor walk; what they see is in their language."""
    # A spreadsheet comes into an empty register only: it goes first.
    made: Counter[str] = Counter()
    # Pages that one function signs in show the same things: they are brought once.
    once = {PAGES[route].__code__: route for route in PAGES}
    for route in sorted(once.values(), key=lambda route: "/import/" not in route):
        topic = PAGES[route].__module__
        # What two pages of a topic bring is told apart by how many rows there are.
        PAGES[route](wolkenwerf, 3 + made[topic])
        made[topic] += 1
    known = english_only(language)
    inside = wolkenwerf.url()
    walks: list[tuple[Person | None, list[str]]] = [
        (wolkenwerf.chair, [inside, wolkenwerf.url("today/"), wolkenwerf.url("settings/"), "/me/", "/"]),
        (host, ["/", "/host/coops/", "/host/mail/", "/me/"]),
        (stranger, ["/", "/new/", inside, wolkenwerf.url("register/")]),
        (None, ["/", inside, "/nowhere/"]),
    ]
    found: dict[str, str] = {}
    pages = 0
    for person, starts in walks:
        for address, content in walk(spoken(person, language), starts):
            pages += 1
            # A mail is in the language of whoever gets it.
            is_mail = address.startswith("/host/outbox/") and address.endswith("/html/")
            is_mail = is_mail or ("/newsletters/" in address and "/preview/" in address)
            assert is_mail or f'<html lang="{language}"' in content, address
            for text in read(content).texts:
                if is_english(text, known):
                    found.setdefault(text, address)
    assert pages > 60
    assert "\n".join(f"{address}: {text}" for text, address in found.items()) == ""


def test_english_is_told_from_others() -> None:
    """The test itself can fail: it finds sentences, labels and single words; no names, no code, no other language."""
    known = english_only("fr")
    page = read(
        """<html lang="fr"><title>Save</title><p>Nothing waits for you.</p><img alt="Show the page">
        <p>Rien ne vous attend.</p><code>make it</code><p lang="en">You are here</p><p>Ines Maes</p></html>"""
    )
    assert [text for text in page.texts if is_english(text, known)] == [
        "Save",
        "Nothing waits for you.",
        "Show the page",
    ]


def test_languages_are_ours() -> None:
    """The walk is taken in each language but English."""
    assert {language.value for language in Language} == {"nl", "fr", "en"}
