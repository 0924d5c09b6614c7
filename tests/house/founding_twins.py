"""A report in each of two co-operatives that look alike, with everything that belongs to one."""

import dataclasses
import re
import uuid

from coopwerf.documents.states import Licence
from coopwerf.founding import actions, queries
from coopwerf.founding.models import ReportAuthor
from coopwerf.founding.states import Words
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import links
from coopwerf.messages.models import Mail
from tests.cast import NOW, Cast
from tests.documents.photos import photo


@dataclasses.dataclass(frozen=True)
class Yard:
    """A published report with a picture, a translation that waits, an invitation, and two comments: shown and held."""

    report: str
    picture: uuid.UUID
    translation: uuid.UUID
    author: uuid.UUID
    invitation: str
    comment: uuid.UUID
    token: str
    held: uuid.UUID


def told(cast: Cast, mark: str, sting: str) -> Yard:
    """Write a report in which every text is somebody's own; `sting` stands in all of them."""
    act = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    said = f"Zilver{mark}{sting}"
    report_id = actions.draft_report(**act, title=f"Report {mark} {said}"[:120], language="nl")
    actions.bring_picture(
        **act,
        report_id=report_id,
        content=photo(400, 300),
        author=f"Goud{mark}{sting}"[:120],
        licence=Licence.BY,
        texts={"nl": said, "fr": said, "en": said},
        where="top",
        caption=said,
    )
    with tenant(cast.id):
        found = queries.report_facts(cast.id, report_id)
    assert found is not None
    words = Words(title=f"Report {mark} {said}"[:120], lead=said, caption=said, done=said, standing=said, next=said)
    actions.write_report(**act, report_id=report_id, words=words, cover=1, takes_comments=True, revision=found.revision)
    actions.publish_report(**act, report_id=report_id)
    waiting = actions.record_translation(
        **{**act, "actor": SYSTEM},
        report_id=report_id,
        language="fr",
        words=words,
        of_version=1,
        translator=f"Brons{mark}{sting}"[:120],
    )
    email = f"along.{mark}@example.org".lower()
    actions.invite_author(**act, report_id=report_id, email=email, language="nl")
    invitation = re.findall(r"/authors/([^/\s]+)/", Mail.objects.filter(to=email).latest("made_at").text)[0]
    shown, contact_id = _comment(cast, report_id, mark, f"Koper{mark}{sting}")
    actions.approve_comment(**act, comment_id=shown, revision=1)
    held, _other = _comment(cast, report_id, f"{mark}b", f"Lood{mark}{sting}")
    with tenant(cast.id):
        token = links.sign(contact_id, f"founding.comment {shown}")
        author = ReportAuthor.objects.get(coop_id=cast.id, report_id=report_id, email=email).id
    return Yard(found.slug, found.pictures[1].id, waiting, author, invitation, shown, token, held)


def _comment(cast: Cast, report_id: uuid.UUID, mark: str, text: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Leave a comment and confirm it; return it and whose it is."""
    as_visitor = {"actor": VISITOR, "now": NOW, "coop_id": cast.id}
    done = actions.say(
        **as_visitor,
        report_id=report_id,
        key=uuid.uuid4(),
        pseudonym=f"Koper{mark}",
        email=f"reader.{mark}@example.org".lower(),
        text=text,
        language="nl",
    )
    assert done.contact_id is not None
    actions.confirm_comment(**as_visitor, comment_id=done.comment_id, contact_id=done.contact_id)
    return done.comment_id, done.contact_id
