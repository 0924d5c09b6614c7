"""A real mail server, and a co-operative that writes letters."""

import dataclasses
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from coopwerf.documents.papers import FactRows, Link, Paragraph
from coopwerf.kernel.verdict import allow
from coopwerf.messages import letters, topics
from tests.journeys.mailbox import Mailbox


@dataclasses.dataclass(frozen=True)
class Invitation:
    """What the letters of these tests say."""

    secret: str = "https://wolkenwerf.example/open/s3cr3t/"


@pytest.fixture
def letter() -> Iterator[str]:
    """Declare a letter for the time of a test, and return its code."""
    declared = letters.declare(
        "tests.invitation",
        name="Invitation",
        facts=Invitation,
        compose=lambda facts: letters.LetterText(
            subject="Kom kijken op de werf",
            blocks=(
                Paragraph("We metsen zaterdag."),
                FactRows((("Waar", "Werkhuizenkaai 41"),)),
                Link("Zeg dat je komt", facts.secret, True),
            ),
        ),
        sample=Invitation,
        may_send=lambda actor, coop_id, on: allow(),
    )
    yield declared.code
    letters._letters.pop(declared.code)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Run a real mail server."""
    server = Mailbox()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(mailbox: Mailbox, settings: Settings) -> Mailbox:
    """Let this installation know the mail server."""
    settings.SMTP_URL = mailbox.url
    return mailbox


@pytest.fixture
def topic() -> Iterator[str]:
    """Declare a topic and a letter about it, for one test."""
    topics.declare("works", name="Works", told="when we build")
    letters.declare(
        "tests.works",
        name="Works",
        facts=str,
        compose=lambda what: letters.LetterText(
            subject=f"We build {what} ({translation.get_language()})",
            blocks=(Paragraph(f"Come and see {what}."), Link("See", "https://werf.example/works/", False)),
        ),
        sample=lambda: "x",
    )
    yield "works"
    topics._topics.pop("works")
    letters._letters.pop("tests.works")


@pytest.fixture
def visitor() -> Client:
    """Return the browser of somebody who never was here."""
    return Client(headers={"accept-language": "nl"}, enforce_csrf_checks=False)
