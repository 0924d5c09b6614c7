"""What the books above bring to the register: requests of subscribers, and money that the bank brought for them."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.people.states import clean_language

from .. import policies, queries
from ..models import MembershipRequest
from ..states import Applicant, ApplicantKind, RequestState, SharesAsked, cleaned
from .applicants import registered
from .requests import open_request, pay_into, price_of, settle


@dataclasses.dataclass(frozen=True, slots=True)
class Subscriber:
    """Name the request of somebody who subscribed, who asks, and who acts for them."""

    request_id: uuid.UUID
    party_id: uuid.UUID
    agent_id: uuid.UUID | None
    state: RequestState


@action(verb="register.subscriber_asked")
def ask_as_subscriber(
    *,
    coop_id: uuid.UUID,
    applicant: Applicant,
    agent_id: uuid.UUID | None = None,
    shares: SharesAsked,
    language: str,
    asked_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> Subscriber:
    """Put the request of somebody who subscribed to an offer before the board, as the installation.

    Whoever brings it has seen that they read the mail of their address. Registers who asks, unless known;
    `applicant.party_id` names somebody whom this co-operative knows already, then `agent_id` whoever acts for them.
    Raises Refused register.asked_already, register.you_are_member and what can't be meant.
    """
    policies.may_bring_from_books(actor).require()
    today = clock.civil_date(now)
    offer = queries.offer(coop_id, today)
    language = clean_language(language)
    if applicant.party_id is not None:
        one, party_id = applicant, applicant.party_id
    else:
        one = cleaned(applicant, today)
        party_id, agent_id = registered(coop_id, one, language, actor=actor, now=now)
    row = MembershipRequest(
        coop_id=coop_id,
        kind=one.kind.value,
        language=language,
        asked_at=now,
        asked_on=clock.civil_date(asked_at),
        consented_at=asked_at,
        **price_of(coop_id, offer, shares),
    )
    if one.kind is not ApplicantKind.PERSON and agent_id is None:
        # Somebody who isn't known to act for a member organisation: the board sees who says so.
        row.told = {"agent_given": one.agent_given, "agent_family": one.agent_family}
    settle(row, party_id, agent_id, offer, now=now, actor=actor)
    audit("request", row.id, party=party_id, shares=row.quantity, more=row.takes_more)
    return Subscriber(row.id, party_id, agent_id, RequestState(row.state))


@action(verb="register.request_money_matched")
def note_request_money(
    *, coop_id: uuid.UUID, request_id: uuid.UUID, amount: Decimal, on: dt.date, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Note money that the bank brought for a request; return the event, by which it can be taken back.

    The books above call it, as the installation. Raises Refused for more than the shares cost, and once it was decided.
    """
    policies.may_bring_from_books(actor).require()
    policies.fits_money(amount).require()
    row = open_request(coop_id, request_id)
    event = pay_into(row, amount, on, actor=actor, now=now)
    audit("request", row.id, amount=amount, on=on, state=row.state)
    return event.id
