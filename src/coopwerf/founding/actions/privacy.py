"""Forgetting who wrote and translated reports."""

import datetime as dt
import uuid
from collections.abc import Sequence

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor

from ..models import Comment, ReportAuthor, ReportTranslation
from .comments import empty


@action(verb="founding.writer_forgotten")
def forget_reports_of(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    emails: Sequence[str] = (),
) -> None:
    """Take somebody who was erased off the reports that they wrote or translated, and empty what they answered.

    What the reports told stays: they belong to the co-operative.
    """
    authors, _tables = ReportAuthor.objects.filter(coop_id=coop_id, party_id=party_id).delete()
    invited, _tables = ReportAuthor.objects.filter(coop_id=coop_id, party__isnull=True, email__in=list(emails)).delete()
    translated = ReportTranslation.objects.filter(coop_id=coop_id, made_by_id=party_id).update(translator="")
    answers = empty(Comment.objects.filter(coop_id=coop_id, party_id=party_id), now)
    audit("party", party_id, reports=authors + invited, translations=translated, comments=answers)
