"""What messages does when something happens below, and the one kind of document that it knows: a letter."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from coopwerf.coops import queries as coops
from coopwerf.documents import papers
from coopwerf.documents.happenings import DocumentMade
from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.verdict import Verdict
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased

from . import actions, audiences, follow_letters, policies, queries, topics
from .audiences import Recipient
from .letters import block_from
from .privacy import gather, gather_contact, tell

__all__ = ["follow_letters"]

NEWS = "news"


@reacts_to(DocumentMade)
def send_what_waited(event: DocumentMade, *, actor: Actor, now: dt.datetime) -> None:
    """Have the mails delivered that waited for a document."""
    from .tasks import defer_delivery

    for mail_id in queries.waiting_for(event.document_id):
        defer_delivery(mail_id, because_of=event.document_id)


@reacts_to(PartyErased)
def forget_mails(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Empty the mails of somebody who was erased."""
    actions.forget_party(actor=actor, now=now, party_id=event.party_id, emails=event.emails, names=event.names)
    # Who followed, came or commented with the same address is the same person, or reads the same mail.
    for coop in coops.all_coops():
        with tenant(coop.id):
            known = queries.contacts_by_email(coop.id, event.emails)
        for contact in known:
            actions.forget_contact(actor=actor, now=now, coop_id=coop.id, contact_id=contact.id)


def build_letter(wanted: papers.Wanted, now: dt.datetime) -> papers.Letter:
    """Return a letter as it goes on paper, with the address of the day it was written."""
    letter_id = uuid.UUID(wanted.params["letter"])
    facts = queries.letter(wanted.coop_id, letter_id)
    content = queries.content_of(wanted.coop_id, letter_id)
    address: tuple[str, ...] = ()
    if facts.party_id is not None:
        whom = people.particulars_of(facts.party_id, clock.civil_date(facts.made_at))
        address = (whom.spoken, *(whom.address.lines if whom.address else ()))
    return papers.Letter(
        address=address,
        on=facts.made_at,
        subject=content["subject"],
        blocks=(papers.Paragraph(content["salutation"]), *(block_from(block) for block in content["blocks"])),
        closing=content["closing"],
        sender="",
    )


def build_print_file(wanted: papers.Wanted, now: dt.datetime) -> papers.Letters:
    """Return letters that wait to be printed as one file, in postal order."""
    ids = [uuid.UUID(one) for one in wanted.params["letters"]]
    each = dataclasses.replace(wanted, params={})
    return papers.Letters(
        letters=tuple(build_letter(dataclasses.replace(each, params={"letter": str(one)}), now) for one in ids)
    )


def _secretary(actor: Actor, wanted: papers.Wanted, on: dt.date) -> Verdict:
    return policies.may_see_letters(actor, wanted.coop_id, on)


def followers(coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
    """Return who follows the news of a co-operative, or everything."""
    return queries.followers_of(coop_id, NEWS)


topics.declare(NEWS, name=_("Newsletter"), told=_("a letter to all now and then"), order=10)
audiences.declare("followers", name=_("Followers"), recipients=followers, order=10, is_public=True)
papers.declare(actions.LETTER_KIND, name=_("Letter"), build=build_letter, may_ask=_secretary, may_read=_secretary)
papers.declare(
    actions.PRINT_KIND, name=_("Letters to print"), build=build_print_file, may_ask=_secretary, may_read=_secretary
)
people.register_export("messages", gather)
people.register_erased("messages", tell)
queries.register_contact_export("messages", gather_contact)
