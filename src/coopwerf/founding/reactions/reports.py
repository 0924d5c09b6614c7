"""Forgetting people with what they said and wrote; the letters, pictures and private data of reports."""

import datetime as dt

from coopwerf.coops import queries as coops
from coopwerf.documents import pictures
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import queries as messages
from coopwerf.messages.happenings import ContactForgotten
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased

from .. import actions, letters, policies, queries
from ..privacy import gather, gather_of_contact, tell

__all__ = ["letters"]


@reacts_to(ContactForgotten)
def empty_comments(event: ContactForgotten, *, actor: Actor, now: dt.datetime) -> None:
    """Empty what somebody without an account said, and take their name off translations."""
    if queries.comments_about(event.coop_id, event.contact_id) or queries.translations_by_contact(
        event.coop_id, event.contact_id
    ):
        actions.forget_comments_of(actor=actor, now=now, coop_id=event.coop_id, contact_id=event.contact_id)


@reacts_to(PartyErased)
def forget_writer(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Take somebody who was erased off reports, and empty what they answered."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = queries.has_traces(coop.id, event.party_id, event.emails)
        if is_there:
            actions.forget_reports_of(
                actor=actor, now=now, coop_id=coop.id, party_id=event.party_id, emails=sorted(event.emails)
            )


people.register_export("founding", gather)
people.register_erased("founding", tell)
messages.register_contact_export("founding", gather_of_contact)
pictures.register_use(
    "founding",
    pictures.Use(
        is_shown=queries.is_picture_shown,
        is_used=queries.is_picture_used,
        may_bring=policies.may_bring_pictures,
    ),
)
