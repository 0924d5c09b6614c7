"""One word per co-operative for its shares, and dates and amounts as people write them."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import translation
from django.utils.formats import date_format

from coopwerf.coops import actions, queries
from coopwerf.coops.states import BodyKind, Role, ShareWord, with_parts
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant

from ..cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("actions_", "parts"),
    [
        ("Registre des actions au 3 mai", "Registre des parts au 3 mai"),
        ("Actions", "Parts"),
        ("une cession d’actions, l’action cédée", "une cession de parts, la part cédée"),
        ("L’action est libérée. D’actions, il n’y en a pas.", "La part est libérée. De parts, il n’y en a pas."),
        ("les actionnaires, une transaction", "les actionnaires, une transaction"),
    ],
)
def test_a_french_text_about_parts(actions_: str, parts: str) -> None:
    """Both words are feminine; only what stands before them changes."""
    assert with_parts(actions_) == parts


def test_a_co_operative_says_its_own_word(wolkenwerf: Cast) -> None:
    """Since June Wolkenwerf says part: its French pages do, Dutch ones say what they said."""
    treasurer = wolkenwerf.treasurer
    page = wolkenwerf.url("register/")
    before = treasurer.browser().get(page).content.decode()
    actions.change_profile(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        valid_from=dt.date(2025, 6, 1),
        share_word=ShareWord.PART.value,
    )
    after = treasurer.browser().get(page)
    assert " actions" in before
    assert with_parts(_main(before)) == _main(after.content.decode())
    assert after.headers["Content-Language"] == "fr"
    assert '<html lang="fr"' in after.content.decode()
    assert queries.coop_facts(wolkenwerf.id).language_for("nl") == "nl"


def _main(page: str) -> str:
    """Return what stands in the middle of a page, without what differs from one request to another."""
    return page[page.index("<h1") : page.index("</main>")]


def test_an_invitation_says_until_when(wolkenwerf: Cast) -> None:
    """The mail is in the reader's language, with the date as that language writes it and the co-op's own footer."""
    actions.change_look(
        actor=wolkenwerf.chair.actor, now=NOW, coop_id=wolkenwerf.id, mail_footer="Wolkenwerf\nBergstraat 12"
    )
    with tenant(wolkenwerf.id):
        board = next(body for body in queries.bodies(wolkenwerf.id, TODAY) if body.kind is BodyKind.BOARD)
    for language, until in [("nl", "7 december 2026"), ("fr", "7 décembre 2026"), ("en", "7 December 2026")]:
        actions.invite(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            body_id=board.id,
            role=Role.DIRECTOR,
            email=f"{language}@example.org",
            language=language,
        )
        text = mail.outbox[-1].body.replace("\xa0", " ")
        assert until in text
        assert text.rstrip().endswith("Wolkenwerf\nBergstraat 12")


def test_a_refusal_writes_its_date(wolkenwerf: Cast) -> None:
    """A date in a refusal reads as it does on the page."""
    with pytest.raises(Refused) as said, translation.override("fr"):
        actions.change_profile(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            valid_from=dt.date(1700, 1, 1),
            legal_name="Wolkenwerf SC",
        )
    with translation.override("fr"):
        assert "1er janvier 1700" in said.value.message.replace("\xa0", " ")


def test_django_writes_dates_as_we_do() -> None:
    """What a mail writes with Django's own filter reads in each language as on our pages."""
    for language, written in [("nl", "3 mei 2024"), ("fr", "3 mai 2024"), ("en", "3 May 2024")]:
        with translation.override(language):
            assert date_format(dt.date(2024, 5, 3), "DATE_FORMAT") == written
