"""What payments do when something happens to people, and what they tell of them."""

import datetime as dt

from coopwerf.coops import queries as coops
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased
from coopwerf.register import queries as register
from coopwerf.register.happenings import SharesMoved

from . import actions, letters, queries
from .privacy import gather, hindrance, kept, subjects, tell

__all__ = ["letters"]


@reacts_to(SharesMoved)
def give_communications(event: SharesMoved, *, actor: Actor, now: dt.datetime) -> None:
    """Give whoever came to hold shares a communication for ever, where there is an account to pay to."""
    if queries.accounts(event.coop_id):
        parties = register.parties_moved(event.coop_id, event.first, event.last)
        if parties:
            actions.give_communications(actor=SYSTEM, now=now, coop_id=event.coop_id, party_ids=parties)


@reacts_to(PartyErased)
def forget_payee(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Forget to which accounts somebody who was erased was paid; what the bank wrote stays for the law's years."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = queries.payees_about(coop.id, event.party_id) or queries.questions_about(coop.id, event.party_id)
        if is_there:
            actions.forget_person(actor=actor, now=now, coop_id=coop.id, party_id=event.party_id)


people.register_export("payments", gather)
people.register_erased("payments", tell)
people.register_law("payments", kept)
people_policies.register_hindrance(hindrance)
people.register_subjects(subjects)
