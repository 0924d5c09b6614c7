"""A real mail server, and a co-operative that writes letters."""

import dataclasses
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from coopwerf.documents.papers import FactRows, Link, Paragraph
from coopwerf.kernel.verdict import allow
from coopwerf.messages import letters
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
