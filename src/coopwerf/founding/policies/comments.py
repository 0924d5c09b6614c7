"""Who may comment, and who decides what stands below a report."""

import datetime as dt
import uuid

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from ..queries import CommentFacts, ReportFacts
from ..states import CommentState
from .reports import may_write


def may_comment(report: ReportFacts) -> Verdict:
    """Tell whether something can be said below a report: it can be read, and its authors listen."""
    if not report.is_public:
        return refuse("founding.report_gone")
    return allow() if report.takes_comments else refuse("founding.comments_closed")


def may_mend(comment: CommentFacts, now: dt.datetime) -> Verdict:
    """Tell whether whoever wrote a comment can still mend it: for a while, and not once it was decided about."""
    if comment.state not in (CommentState.UNCONFIRMED, CommentState.HELD, CommentState.SHOWN):
        return refuse("founding.comment_settled")
    return allow() if now <= comment.edit_until else refuse("founding.edit_over")


def may_answer_by_name(actor: Actor, coop_id: uuid.UUID, report_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor answers by name, at once: those who write the report."""
    return may_write(actor, coop_id, report_id, on) if actor.is_person else refuse("kernel.not_signed_in")


def may_moderate(actor: Actor, coop_id: uuid.UUID, report_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor decides what stands below a report: those who write it."""
    return may_write(actor, coop_id, report_id, on)
