"""What is written about calls for help."""

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopwerf.coops.states import Texts, in_language
from coopwerf.messages import letters
from coopwerf.messages.letters import LetterText, Link, Paragraph, quoted

CONFIRM = "founding.help_confirm"
DECISION = "founding.help_decision"
ANSWER = "founding.help_answer"
ARRIVED = "founding.help_arrived"
THANKS = "founding.help_thanks"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLetter:
    """Somebody typed this address to offer or ask something: the call's titles by language, and their own page."""

    coop: str
    titles: Texts
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLetter:
    """What the project says to an offer: `accepted`, `declined`, or `over` because others came first."""

    coop: str
    titles: Texts
    outcome: str
    answer: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLetter:
    """What the project writes to somebody who asked or offered something."""

    coop: str
    titles: Texts
    words: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedLetter:
    """What somebody offers, takes back or asks: how they call themselves, what they wrote, and where to answer."""

    coop: str
    titles: Texts
    name: str
    kind: str
    words: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ThanksLetter:
    """Thanks to somebody who helped, with what became of it; `is_named`: their name stands on the page."""

    coop: str
    titles: Texts
    closing: Texts
    page: str
    is_named: bool
    url: str


def compose_confirm(facts: ConfirmLetter) -> LetterText:
    """Ask whether it was them."""
    return LetterText(
        subject=_("Was it you who answered to “%(title)s”?") % {"title": in_language(facts.titles)},
        blocks=(
            Paragraph(
                _("Somebody gave this address on the page of %(coop)s. If it was you, open your page and confirm it.")
                % {"coop": facts.coop}
            ),
            Link(_("Open my page"), facts.url, is_secret=True),
            Paragraph(
                _(
                    "If it wasn’t you, do nothing: without your confirmation nobody reads it, and after a week it is "
                    "forgotten."
                )
            ),
        ),
    )


def compose_decision(facts: DecisionLetter) -> LetterText:
    """Say yes or no to an offer."""
    title = {"title": in_language(facts.titles)}
    if facts.outcome == "accepted":
        subject = _("Yes, please: “%(title)s”") % title
        first = _("Thank you for your help. We count on you.")
    elif facts.outcome == "over":
        subject = _("Already found: “%(title)s”") % title
        first = _("Others came just before you, so this time it isn’t needed any more. Thank you for offering.")
    else:
        subject = _("No, thank you: “%(title)s”") % title
        first = _("Thank you for offering. This time we don’t need it.")
    return LetterText(
        subject=subject,
        blocks=(
            Paragraph(first),
            *quoted(facts.answer),
            Link(_("Open my page"), facts.url, is_secret=True),
            Paragraph(_("There you can write to us, or take your offer back.")),
        ),
    )


def compose_answer(facts: AnswerLetter) -> LetterText:
    """Pass on what the project writes."""
    return LetterText(
        subject=_("An answer about “%(title)s”") % {"title": in_language(facts.titles)},
        blocks=(
            Paragraph(_("%(coop)s writes to you:") % {"coop": facts.coop}),
            *quoted(facts.words),
            Paragraph(_("Answer on your page. We don’t see your address, and you don’t need ours.")),
            Link(_("Answer on my page"), facts.url, is_secret=True),
        ),
    )


def compose_arrived(facts: ArrivedLetter) -> LetterText:
    """Tell those who keep the yard what came."""
    who = facts.name or _("Somebody who gave no name")
    title = {"title": in_language(facts.titles), "name": who}
    if facts.kind == "message":
        subject = _("A question about “%(title)s”") % title
        first = _("%(name)s writes to you:") % title
    elif facts.kind == "withdrawn":
        subject = _("Help taken back: “%(title)s”") % title
        first = _("%(name)s can’t help after all. The place is free again.") % title
    elif facts.kind == "given":
        subject = _("To read before it appears: “%(title)s”") % title
        first = _("%(name)s sent the translation. Read it, and let it appear.") % title
    elif facts.kind == "accepted":
        subject = _("Found: “%(title)s”") % title
        first = _("%(name)s has taken a place.") % title
    else:
        subject = _("Help offered: “%(title)s”") % title
        first = _("%(name)s offers help. Say yes or no; they are written to.") % title
    return LetterText(
        subject=subject,
        blocks=(
            Paragraph(first),
            *quoted(facts.words),
            Link(_("Read and answer"), facts.url),
            Paragraph(_("They confirmed their address. We keep it to ourselves and pass on what you write.")),
        ),
    )


def compose_thanks(facts: ThanksLetter) -> LetterText:
    """Thank somebody who helped."""
    named = (
        _("Your name stands there, as you allowed.")
        if facts.is_named
        else _("Your name doesn’t stand there. If you like that, say so on your page.")
    )
    return LetterText(
        subject=_("Thank you: “%(title)s”") % {"title": in_language(facts.titles)},
        blocks=(
            Paragraph(_("It is done, also by you. This is what became of it:")),
            *quoted(in_language(facts.closing)),
            Link(_("See it on the page"), facts.page),
            Paragraph(named),
            Link(_("Open my page"), facts.url, is_secret=True),
        ),
    )


_TITLES = {"en": "Translate a report", "nl": "Vertaal een verslag", "fr": "Traduire un récit"}
_URL = "https://example.org/c/wolkenwerf/help/mine/secret/"

letters.declare(
    CONFIRM,
    name=gettext_lazy("Is it you who wants to help?"),
    facts=ConfirmLetter,
    compose=compose_confirm,
    sample=lambda: ConfirmLetter(coop="Wolkenwerf", titles=_TITLES, url=_URL),
)
letters.declare(
    DECISION,
    name=gettext_lazy("Answer to an offer of help"),
    facts=DecisionLetter,
    compose=compose_decision,
    sample=lambda: DecisionLetter(
        coop="Wolkenwerf", titles=_TITLES, outcome="accepted", answer="Tot zaterdag!", url=_URL
    ),
)
letters.declare(
    ANSWER,
    name=gettext_lazy("Answer to a question about help"),
    facts=AnswerLetter,
    compose=compose_answer,
    sample=lambda: AnswerLetter(coop="Wolkenwerf", titles=_TITLES, words="Dat kan ook ’s avonds.", url=_URL),
)
letters.declare(
    ARRIVED,
    name=gettext_lazy("Help or a question that came"),
    facts=ArrivedLetter,
    compose=compose_arrived,
    sample=lambda: ArrivedLetter(
        coop="Wolkenwerf",
        titles=_TITLES,
        name="Noor",
        kind="open",
        words="Ik kan dat zaterdag doen.",
        url="https://example.org/c/wolkenwerf/help/desk/",
    ),
)
letters.declare(
    THANKS,
    name=gettext_lazy("Thanks for help"),
    facts=ThanksLetter,
    compose=compose_thanks,
    sample=lambda: ThanksLetter(
        coop="Wolkenwerf",
        titles=_TITLES,
        closing={"nl": "Het verslag is er nu ook in het Frans."},
        page="https://example.org/c/wolkenwerf/help/vertaal/",
        is_named=True,
        url=_URL,
    ),
)
