"""Letters about reports and what is said below them."""

import dataclasses
from collections.abc import Mapping

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from coopwerf.coops.states import Texts, in_language
from coopwerf.messages import letters
from coopwerf.messages.letters import FactRows, LetterText, Link, Paragraph, quoted
from coopwerf.ui import formats
from coopwerf.ui.formats import LANGUAGE_NAMES

from ..states import GROUND_NAMES, CommentState, Ground

WRITE_ALONG = "founding.write_along"
CONFIRM_COMMENT = "founding.confirm_comment"
COMMENT_DECIDED = "founding.comment_decided"
ANSWERED = "founding.comment_answered"
TO_READ = "founding.comments_to_read"
TOLD = "founding.report_told"
REPORTS = "reports"
"""What one follows to hear of reports."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WriteAlongLetter:
    """An invitation to write a report: of which co-operative, what it is called, and the link."""

    coop: str
    title: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CommentLetter:
    """A comment that waits for its address to be confirmed: below which report, under which pseudonym, its words."""

    coop: str
    titles: Texts
    pseudonym: str
    text: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLetter:
    """What became of a comment: below which report, its state, the ground and the words of whoever decided."""

    coop: str
    titles: Texts
    state: CommentState
    ground: Ground | None
    words: str
    text: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ToReadLetter:
    """Comments that wait for whoever writes a report: how many, and the words of the first."""

    coop: str
    titles: Texts
    count: int
    text: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ToldLetter:
    """A report that was published: its titles, first sentences and language by the reader's language, and its page."""

    coop: str
    titles: Texts
    leads: Texts
    told_in: Mapping[str, str]
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLetter:
    """Something was answered below a comment: by whom, in which words, where, and the link that stops these mails."""

    coop: str
    titles: Texts
    name: str
    text: str
    url: str
    stop_url: str


def compose_write_along(facts: WriteAlongLetter) -> LetterText:
    """Invite somebody to write a report."""
    return LetterText(
        subject=_("Will you write along on “%(title)s”?") % {"title": facts.title},
        blocks=(
            Paragraph(
                _("%(coop)s asks you to write along on a report from the yard: “%(title)s”.")
                % {"coop": facts.coop, "title": facts.title}
            ),
            Paragraph(
                _(
                    "Sign in with this link and you can change this report, and no other. Once it is published your "
                    "name stands below it; you can take it off again."
                )
            ),
            Link(_("Write along"), facts.url, is_secret=True),
        ),
    )


def compose_confirm(facts: CommentLetter) -> LetterText:
    """Ask whether a comment is theirs."""
    return LetterText(
        subject=_("Is this your comment on “%(title)s”?") % {"title": in_language(facts.titles)},
        blocks=(
            Paragraph(
                _(
                    "Somebody left this comment with your e-mail address. If it was you, open the link and press the "
                    "button."
                )
            ),
            FactRows(((_("Pseudonym"), facts.pseudonym),)),
            *quoted(facts.text),
            Link(_("Look at my comment"), facts.url, is_secret=True),
            Paragraph(
                _(
                    "Your address is never shown. With the same link you can mend your comment for fifteen minutes, "
                    "and take it away whenever you like. If it wasn’t you, do nothing: it is forgotten after a week."
                )
            ),
        ),
    )


def compose_decided(facts: DecidedLetter) -> LetterText:
    """Tell what became of a comment, and why."""
    title = {"title": in_language(facts.titles)}
    if facts.state is CommentState.SHOWN:
        subject = _("Your comment on “%(title)s” is on the page") % title
        said = _("It was read, and stands below the report now. What you write from now on appears at once.")
    elif facts.state is CommentState.HIDDEN:
        subject = _("Your comment on “%(title)s” was hidden") % title
        said = _("Whoever writes the report has hidden your comment. This is why:")
    else:
        subject = _("Your comment on “%(title)s” was not taken") % title
        said = _("Whoever writes the report has not put your comment on the page. This is why:")
    reasons = [Paragraph(str(GROUND_NAMES[facts.ground]))] if facts.ground is not None else []
    if facts.words and facts.state is not CommentState.SHOWN:
        reasons.append(Paragraph(facts.words))
    way_out = []
    if facts.state is not CommentState.SHOWN:
        way_out.append(
            Paragraph(
                _("Do you see it otherwise? Answer to this mail, or say the same in another way in a new comment.")
            )
        )
    return LetterText(
        subject=subject,
        blocks=(
            Paragraph(said),
            *reasons,
            Paragraph(_("You wrote:")),
            *quoted(facts.text),
            *way_out,
            Link(_("Look at my comment"), facts.url, is_secret=True),
        ),
    )


def compose_answered(facts: AnsweredLetter) -> LetterText:
    """Tell somebody what was answered where they said something."""
    return LetterText(
        subject=_("%(name)s answered on “%(title)s”") % {"name": facts.name, "title": in_language(facts.titles)},
        blocks=(
            Paragraph(_("%(name)s answered where you said something:") % {"name": facts.name}),
            *quoted(facts.text),
            Link(_("Read it on the page"), facts.url),
            Paragraph(_("You get this because you asked for it when you left your comment.")),
            Link(_("No more mail about answers here"), facts.stop_url, is_secret=True),
        ),
    )


def compose_to_read(facts: ToReadLetter) -> LetterText:
    """Tell whoever writes a report that comments wait."""
    title = in_language(facts.titles)
    return LetterText(
        subject=ngettext(
            "A comment on “%(title)s” waits for you",
            "%(count)s comments wait for you, on “%(title)s” and others",
            facts.count,
        )
        % {"title": title, "count": facts.count},
        blocks=(
            Paragraph(
                _(
                    "Somebody’s first comment is read before it appears; so is what a reader objects to. One of those "
                    "who write the report decides, and it takes a minute."
                )
            ),
            *quoted(facts.text),
            Link(_("Read and decide"), facts.url),
        ),
    )


def compose_told(facts: ToldLetter) -> LetterText:
    """Tell followers of a report."""
    language = formats.language(get_language())
    told_in = facts.told_in.get(language, language)
    lead = in_language(facts.leads)
    other = []
    if told_in != language:
        other.append(
            Paragraph(_("This report is written in another language: %(name)s.") % {"name": LANGUAGE_NAMES[told_in]})
        )
    return LetterText(
        subject=_("%(coop)s, from the yard: %(title)s") % {"coop": facts.coop, "title": in_language(facts.titles)},
        blocks=(*([Paragraph(lead)] if lead else []), *other, Link(_("Read the report"), facts.url)),
    )


_TITLES = {"en": "The servers stand", "nl": "De servers staan recht", "fr": "Les serveurs sont debout"}
_TEXT = "Mooi werk. Waarom één rek en niet twee, op twee plaatsen?"

letters.declare(
    WRITE_ALONG,
    name=gettext_lazy("Invitation to write a report"),
    facts=WriteAlongLetter,
    compose=compose_write_along,
    sample=lambda: WriteAlongLetter(
        coop="Wolkenwerf", title="De servers staan recht", url="https://example.org/c/wolkenwerf/writing/servers/x/"
    ),
)
letters.declare(
    CONFIRM_COMMENT,
    name=gettext_lazy("Comment to confirm"),
    facts=CommentLetter,
    compose=compose_confirm,
    sample=lambda: CommentLetter(
        coop="Wolkenwerf", titles=_TITLES, pseudonym="kabelwacht", text=_TEXT, url="https://example.org/c/wolkenwerf/"
    ),
)
letters.declare(
    COMMENT_DECIDED,
    name=gettext_lazy("What became of a comment"),
    facts=DecidedLetter,
    compose=compose_decided,
    sample=lambda: DecidedLetter(
        coop="Wolkenwerf",
        titles=_TITLES,
        state=CommentState.HIDDEN,
        ground=Ground.HURTFUL,
        words="Zeg het zonder iemand uit te schelden.",
        text=_TEXT,
        url="https://example.org/c/wolkenwerf/",
    ),
)
letters.declare(
    ANSWERED,
    name=gettext_lazy("What was answered to a comment"),
    facts=AnsweredLetter,
    compose=compose_answered,
    sample=lambda: AnsweredLetter(
        coop="Wolkenwerf",
        titles=_TITLES,
        name="Bram Verhoeven",
        text="Het tweede rek komt in Gent, in de lente.",
        url="https://example.org/c/wolkenwerf/reports/servers/#comment-1",
        stop_url="https://example.org/c/wolkenwerf/comments/1/x/?stop",
    ),
)
letters.declare(
    TO_READ,
    name=gettext_lazy("Comments to read"),
    facts=ToReadLetter,
    compose=compose_to_read,
    sample=lambda: ToReadLetter(
        coop="Wolkenwerf", titles=_TITLES, count=1, text=_TEXT, url="https://example.org/c/wolkenwerf/writing/comments/"
    ),
)
letters.declare(
    TOLD,
    name=gettext_lazy("A report was published"),
    facts=ToldLetter,
    compose=compose_told,
    sample=lambda: ToldLetter(
        coop="Wolkenwerf",
        titles=_TITLES,
        leads={"en": "Six Saturdays of cables.", "nl": "Zes zaterdagen kabels.", "fr": "Six samedis de câbles."},
        told_in={"en": "nl"},
        url="https://example.org/c/wolkenwerf/reports/servers/",
    ),
)
