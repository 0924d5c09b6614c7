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
FORGET_ASKED = "messages.forget_asked"
NAME_ASKED = "messages.name_asked"


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnLetter:
    """Somebody wants something by the link of a mail that may have been passed on: where its reader says that it's so.

    `name` is what they want to be called, where it is that.
    """

    coop: str
    url: str
    name: str = ""


def compose_forget(facts: OwnLetter) -> LetterText:
    """Ask whether it was them who wants to be forgotten."""
    wish = _("Somebody asked %(coop)s to forget you, with a link from a mail to you.")
    return LetterText(
        subject=_("Shall %(coop)s forget you?") % {"coop": facts.coop},
        blocks=(
            Paragraph(wish % {"coop": facts.coop}),
            Paragraph(_("Was that you? Then open this page and press the button. Before that nothing is forgotten.")),
            Link(_("Yes, forget me"), facts.url, True),
            Paragraph(_("Was it somebody else? Then do nothing. A mail that you pass on carries your links along.")),
        ),
    )


def compose_name(facts: OwnLetter) -> LetterText:
    """Ask whether it was them who wants another name."""
    wish = _("Somebody asked %(coop)s to write to you by another name, with a link from a mail to you:")
    return LetterText(
        subject=_("Another name at %(coop)s?") % {"coop": facts.coop},
        blocks=(
            Paragraph(wish % {"coop": facts.coop}),
            Bullets((facts.name or _("no name"),)),
            Paragraph(_("Was that you? Then open this page and press the button. Before that your name stays.")),
            Link(_("Yes, that is my name"), facts.url, True),
            Paragraph(_("Was it somebody else? Then do nothing. A mail that you pass on carries your links along.")),
        ),
    )


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
letters.declare(
    FORGET_ASKED,
    name=gettext_lazy("Confirm that you want to be forgotten"),
    facts=OwnLetter,
    compose=compose_forget,
    sample=lambda: OwnLetter(coop="Wolkenwerf", url="https://example.org/c/wolkenwerf/forget/geheim/"),
)
letters.declare(
    NAME_ASKED,
    name=gettext_lazy("Confirm another name"),
    facts=OwnLetter,
    compose=compose_name,
    sample=lambda: OwnLetter(coop="Wolkenwerf", url="https://example.org/c/wolkenwerf/name/geheim/", name="Noor Aerts"),
)
