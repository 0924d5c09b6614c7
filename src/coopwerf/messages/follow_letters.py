"""What followers are written about following itself, and a newsletter on paper."""

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import letters
from .letters import Bullets, LetterText, Link, Paragraph
from .topics import ALL, known_topics

CONFIRM = "messages.follow_confirm"
KNOWN = "messages.follow_known"
ON_PAPER = "messages.newsletter"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FollowLetter:
    """Somebody gave an address to follow: which co-operative, which topics, and where they say that it was them."""

    coop: str
    topics: tuple[str, ...]
    url: str


def topic_names(topics: tuple[str, ...]) -> tuple[str, ...]:
    """Return what topics are called, in the active language."""
    if ALL in topics:
        return (_("everything there is to tell"),)
    known = known_topics()
    return tuple(str(known[code].name) for code in known if code in topics)


def compose_confirm(facts: FollowLetter) -> LetterText:
    """Ask whether it was them."""
    return LetterText(
        subject=_("Follow %(coop)s: is that right?") % {"coop": facts.coop},
        blocks=(
            Paragraph(_("Somebody filled in your address to follow %(coop)s:") % {"coop": facts.coop}),
            Bullets(topic_names(facts.topics)),
            Paragraph(_("Was that you? Then open this page and press the button. Before that we write you nothing.")),
            Link(_("Yes, I want to follow"), facts.url, True),
            Paragraph(_("Was it somebody else? Then do nothing: you hear no more of it.")),
        ),
    )


def compose_known(facts: FollowLetter) -> LetterText:
    """Say that they follow already, and where they can change it."""
    return LetterText(
        subject=_("You follow %(coop)s already") % {"coop": facts.coop},
        blocks=(
            Paragraph(_("Somebody filled in your address to follow %(coop)s. You do already:") % {"coop": facts.coop}),
            Bullets(topic_names(facts.topics)),
            Link(_("See or change what you follow"), facts.url, True),
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PaperNews:
    """A newsletter as it goes on paper to whoever has no mail: subject and paragraphs, already in their language."""

    subject: str
    paragraphs: tuple[str, ...]


def compose_on_paper(facts: PaperNews) -> LetterText:
    """Write a newsletter on paper."""
    return LetterText(subject=facts.subject, blocks=tuple(Paragraph(text) for text in facts.paragraphs))


def _sample() -> FollowLetter:
    return FollowLetter(coop="Wolkenwerf", topics=(ALL,), url="https://example.org/c/wolkenwerf/follow/geheim/")


letters.declare(
    CONFIRM,
    name=gettext_lazy("Confirm that you want to follow"),
    facts=FollowLetter,
    compose=compose_confirm,
    sample=_sample,
)
letters.declare(
    KNOWN, name=gettext_lazy("You follow already"), facts=FollowLetter, compose=compose_known, sample=_sample
)
letters.declare(
    ON_PAPER,
    name=gettext_lazy("Newsletter on paper"),
    facts=PaperNews,
    compose=compose_on_paper,
    sample=lambda: PaperNews(subject="Nieuws van de werf", paragraphs=("We metsen zaterdag.", "Kom kijken.")),
)
