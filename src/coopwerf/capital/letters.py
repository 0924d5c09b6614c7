"""What is written about offers: a visitor's question, to those who answer it; to followers, that one opened."""

import dataclasses
import datetime as dt

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coopwerf.coops.states import Texts, in_language
from coopwerf.messages import letters
from coopwerf.messages.letters import FactRows, LetterText, Link, Paragraph
from coopwerf.ui import formats
from coopwerf.ui.formats import LANGUAGE_NAMES

QUESTION = "capital.question"
OPENED = "capital.offer_opened"
OFFERS = "offers"
"""What followers of offers follow."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLetter:
    """A question about an offer: its titles by language, who asks under which address, in which language, and what."""

    coop: str
    titles: Texts
    name: str
    email: str
    language: str
    question: str
    url: str


def compose_question(facts: QuestionLetter) -> LetterText:
    """Pass a visitor's question on."""
    return LetterText(
        subject=_("A question about your offer “%(title)s”") % {"title": in_language(facts.titles)},
        blocks=(
            Paragraph(_("Somebody asks you this on the page of your offer. Nobody checked who it is.")),
            FactRows(
                (
                    (_("Name"), facts.name or _("not given")),
                    (_("E-mail"), facts.email),
                    (_("Language"), str(LANGUAGE_NAMES.get(facts.language, facts.language))),
                )
            ),
            *(Paragraph(part.strip()) for part in facts.question.split("\n\n") if part.strip()),
            Paragraph(
                _("Answer to that address. If others will wonder too, put the question with its answer on the page.")
            ),
            Link(_("Questions on the page"), facts.url),
        ),
    )


def _question() -> QuestionLetter:
    return QuestionLetter(
        coop="Wolkenwerf",
        titles={"en": "A rack of our own", "nl": "Een eigen rek", "fr": "Notre propre baie"},
        name="Noor Vandamme",
        email="noor@example.org",
        language="nl",
        question="Kan ik mijn aandelen later aan mijn dochter geven?",
        url="https://example.org/c/wolkenwerf/shares/rack/questions/",
    )


letters.declare(
    QUESTION,
    name=gettext_lazy("Question about an offer"),
    facts=QuestionLetter,
    compose=compose_question,
    sample=_question,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLetter:
    """An offer that opened: its titles and first sentences by language, from which day on, and its page."""

    coop: str
    titles: Texts
    leads: Texts
    opens_on: dt.date
    url: str


def compose_opened(facts: OpenedLetter) -> LetterText:
    """Tell followers that shares can be taken; the law's words stand on the page."""
    return LetterText(
        subject=_("%(coop)s offers shares: %(title)s") % {"coop": facts.coop, "title": in_language(facts.titles)},
        blocks=(
            Paragraph(in_language(facts.leads)),
            Paragraph(
                _("You can take shares from %(date)s on. Read first what it is for, and what you risk.")
                % {"date": formats.date_long(facts.opens_on, formats.language(get_language()))}
            ),
            Link(_("Read the offer"), facts.url),
        ),
    )


letters.declare(
    OPENED,
    name=gettext_lazy("An offer of shares opened"),
    facts=OpenedLetter,
    compose=compose_opened,
    sample=lambda: OpenedLetter(
        coop="Wolkenwerf",
        titles={"en": "A rack of our own", "nl": "Een eigen rek", "fr": "Notre propre baie"},
        leads={"en": "Own servers.", "nl": "Eigen servers.", "fr": "Nos propres serveurs."},
        opens_on=dt.date(2026, 12, 1),
        url="https://example.org/c/wolkenwerf/shares/rack/",
    ),
)
