"""Who writes a report."""

import datetime as dt
import uuid

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import new_token, token_hash
from coopwerf.messages.actions import send_letter
from coopwerf.people import queries as people
from coopwerf.people.states import clean_email

from .. import letters, queries
from ..models import Report, ReportAuthor
from .reports import held, touched

MOST_AUTHORS = 20


@action(verb="founding.author_invited")
def invite_author(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, email: str, language: str
) -> None:
    """Invite somebody to write a report too, by mail: whoever signs in with its link writes this one, and no other."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    address = clean_email(email)
    if ReportAuthor.objects.filter(coop_id=coop_id, report=row).count() >= MOST_AUTHORS:
        raise Refused("founding.authors_full", most=MOST_AUTHORS)
    known = people.account_by_email(address)
    if known is not None and queries.is_author(coop_id, report_id, [known.party_id]):
        raise Refused("founding.author_already", path="email")
    token = new_token()
    one, _made = ReportAuthor.objects.update_or_create(
        coop_id=coop_id,
        report=row,
        email=address,
        defaults={"token_hash": token_hash(token), "invited_at": now},
    )
    facts = queries.report_facts(coop_id, report_id)
    assert facts is not None
    coop = coops.coop_facts(coop_id)
    path = reverse("founding:write-along", kwargs={"slug": coop.slug, "report": row.slug, "token": token})
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=coop_id,
        template=letters.WRITE_ALONG,
        context=letters.WriteAlongLetter(coop=coop.name, title=facts.written.words.title, url=settings.BASE_URL + path),
        email=address,
        language=language,
    )
    touched(row)
    audit("report", row.id, author=one.id)


@action(verb="founding.author_joined")
def accept_invitation(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, token: str) -> None:
    """Take up an invitation to write a report, as whoever signed in; it works once."""
    row = Report.objects.select_for_update(no_key=True).filter(coop_id=coop_id, id=report_id).first()
    found = queries.author_by_token(coop_id, report_id, token) if row is not None else None
    if row is None or found is None:
        raise Refused("founding.invitation_gone")
    if actor.party_id is None:
        raise Refused("kernel.not_signed_in")
    invited = ReportAuthor.objects.filter(coop_id=coop_id, id=found.id)
    if queries.is_author(coop_id, report_id, [actor.party_id]):
        invited.delete()
    else:
        invited.update(party_id=actor.party_id, joined_at=now, email="", token_hash="")
    touched(row)
    audit("report", row.id, author=found.id)


@action(verb="founding.report_signed")
def sign_report(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """Put one's own name below a report that one may write on; doing so again changes nothing."""
    row = held(coop_id, report_id, actor, now)
    if actor.party_id is None:
        raise Refused("kernel.not_signed_in")
    if not queries.is_author(coop_id, report_id, [actor.party_id]):
        ReportAuthor.objects.create(coop_id=coop_id, report=row, party_id=actor.party_id, invited_at=now, joined_at=now)
        touched(row)
    audit("report", row.id)


@action(verb="founding.author_left")
def leave_report(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """Take one's own name off a report; whoever was invited can't write on it any more then."""
    row = held(coop_id, report_id, actor, now)
    ReportAuthor.objects.filter(coop_id=coop_id, report=row, party_id__in=actor.parties).delete()
    touched(row)
    audit("report", row.id)


@action(verb="founding.author_removed")
def remove_author(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, report_id: uuid.UUID, author_id: uuid.UUID
) -> None:
    """Take somebody off a report, or an invitation back."""
    row = held(coop_id, report_id, actor, now, publishes=True)
    gone, _tables = ReportAuthor.objects.filter(coop_id=coop_id, report=row, id=author_id).delete()
    if not gone:
        raise Refused("founding.invitation_gone")
    touched(row)
    audit("report", row.id, author=author_id)
