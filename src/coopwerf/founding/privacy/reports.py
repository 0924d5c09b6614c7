"""Reports that somebody writes or translated, and comments of theirs."""

import uuid
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.queries import Column, Piece, Table, Whose

from .. import queries
from ..queries import CommentFacts, TranslationFacts
from ..states import COMMENT_STATE_NAMES, REPORT_STATE_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield the reports that a party writes, its translations and its comments."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            written = queries.reports_written_by(coop.id, [whose.party_id])
            translated = queries.translations_of_party(coop.id, whose.party_id)
            said = queries.comments_of_party(coop.id, whose.party_id)
        yield Table(
            "reports",
            _("Reports that you write"),
            (
                Column("title", _("Title")),
                Column("state", _("State"), REPORT_STATE_NAMES),
                Column("published_at", _("Published on")),
            ),
            [
                {
                    "id": one.id,
                    "title": one.written.words.title,
                    "state": one.state.value,
                    "published_at": one.published_at,
                }
                for one in written
            ],
            coop.name,
        )
        yield _translations(translated, coop.name)
        yield _comments(said, coop.name)


def gather_of_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Iterator[Piece]:
    """Yield the comments and translations of somebody without an account."""
    name = coops.coop_facts(coop_id).name
    yield _comments(queries.comments_about(coop_id, contact_id), name)
    yield _translations(queries.translations_by_contact(coop_id, contact_id), name)


def _comments(found: Iterable[CommentFacts], coop: str) -> Table:
    return Table(
        "comments",
        _("Comments"),
        (
            Column("said_at", _("Said on")),
            Column("pseudonym", _("Pseudonym")),
            Column("text", _("Comment")),
            Column("state", _("State"), COMMENT_STATE_NAMES),
            Column("wants_answers", _("Mail about answers")),
        ),
        [
            {
                "id": one.id,
                "said_at": one.said_at,
                "pseudonym": one.pseudonym,
                "text": one.text,
                "state": one.state.value,
                "wants_answers": one.wants_answers,
            }
            for one in found
        ],
        coop,
    )


def _translations(found: Iterable[TranslationFacts], coop: str) -> Table:
    return Table(
        "translations",
        _("Translations"),
        (
            Column("made_at", _("Made on")),
            Column("language", _("Language")),
            Column("title", _("Title")),
            Column("translator", _("Named as")),
        ),
        [
            {
                "id": one.id,
                "made_at": one.made_at,
                "language": one.language,
                "title": one.words.title,
                "translator": one.translator,
            }
            for one in found
        ],
        coop,
    )


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words what is taken off and emptied."""
    reports = comments = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            reports += len(queries.reports_written_by(coop.id, [party_id]))
            comments += len(queries.comments_of_party(coop.id, party_id))
    if reports:
        yield ngettext(
            "your name below %(count)s report; the report itself stays",
            "your name below %(count)s reports; the reports themselves stay",
            reports,
        ) % {"count": reports}
    if comments:
        yield ngettext("%(count)s comment by your name", "%(count)s comments by your name", comments) % {
            "count": comments
        }
