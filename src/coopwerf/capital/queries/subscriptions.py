"""Subscriptions: one by its secret address, lists for who looks after them, and what waits to be done."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask
from coopwerf.kernel.tokens import token_hash
from coopwerf.payments import queries as payments
from coopwerf.payments.queries import ClaimFacts
from coopwerf.payments.states import ClaimState
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars
from coopwerf.register import queries as register

from ..models import Subscription, SubscriptionEvent, SubscriptionPayment
from ..states import (
    ASKED_SOURCE,
    HOLDING,
    ForWhom,
    Standing,
    SubscriptionEventKind,
    SubscriptionState,
    standing,
)

UNFINISHED = (SubscriptionState.TO_PAY, SubscriptionState.PAID, SubscriptionState.WAITING)


@dataclasses.dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A subscription as pages show it; names are those that were typed until it is a request of the register."""

    id: uuid.UUID
    offer_id: uuid.UUID
    version_id: uuid.UUID
    for_whom: ForWhom
    state: SubscriptionState
    language: str
    share_class: str
    quantity: int
    amount_per_share: Decimal
    amount: Decimal
    received: Decimal
    given: str
    name: str
    spoken: str
    agent: str
    domicile: str
    enterprise_no: str
    email: str
    payer: str
    payer_email: str
    party_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    request_id: uuid.UUID | None
    claim_id: uuid.UUID | None
    refund_id: uuid.UUID | None
    letter_id: uuid.UUID | None
    digits: str
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None
    due_on: dt.date | None
    ended_at: dt.datetime | None

    @property
    def to_pay(self) -> Decimal:
        """Return what isn't paid yet, in euro."""
        return max(self.amount - self.received, ZERO)

    @property
    def over(self) -> Decimal:
        """Return what was paid too much, in euro."""
        return max(self.received - self.amount, ZERO)

    @property
    def standing(self) -> Standing:
        """Return how what came in compares with what was asked."""
        return standing(self.amount, self.received)

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for something: a payment, the board, a place."""
        return self.state in UNFINISHED

    @property
    def is_holding(self) -> bool:
        """Tell whether it takes room of the offer."""
        return self.state in HOLDING

    @property
    def is_revivable(self) -> bool:
        """Tell whether it lapsed, and can be taken up again: it had a place, and no money went back."""
        return self.state is SubscriptionState.LAPSED and self.refund_id is None and self.claim_id is not None

    @property
    def is_late(self) -> bool:
        """Tell whether somebody has to look: money came for what isn't confirmed, or for what is over."""
        return self.received > 0 and (
            (self.is_holding and self.confirmed_at is None)
            or (self.state is SubscriptionState.LAPSED and self.refund_id is None)
        )


@dataclasses.dataclass(frozen=True, slots=True)
class SubscriptionEventFacts:
    """One dated thing that happened to a subscription."""

    kind: SubscriptionEventKind
    on: dt.date
    at: dt.datetime
    amount: Decimal | None
    author: str


def subscription_by_token(coop_id: uuid.UUID, token: str, on: dt.date) -> tuple[SubscriptionFacts, bool] | None:
    """Return the subscription behind a secret address, and whether that address was mailed; or None."""
    hashed = token_hash(token)
    rows = Subscription.objects.filter(Q(page_hash=hashed) | Q(mail_hash=hashed), coop_id=coop_id)
    row = rows.select_related("share_class").first()
    return None if row is None else (_told([row], on)[0], row.mail_hash == hashed)


def subscription_facts(coop_id: uuid.UUID, subscription_id: uuid.UUID, on: dt.date) -> SubscriptionFacts | None:
    """Return one subscription, or None."""
    found = _facts(Subscription.objects.filter(coop_id=coop_id, id=subscription_id), on)
    return found[0] if found else None


def facts_of(coop_id: uuid.UUID, ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, SubscriptionFacts]:
    """Return several subscriptions, by their ids."""
    return {one.id: one for one in _facts(Subscription.objects.filter(coop_id=coop_id, id__in=ids), on)}


def unwritten(coop_id: uuid.UUID, since: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Return the subscriptions since a moment about which a first letter is still to be written, the first first."""
    return list(_unwritten(coop_id).filter(sent_at__gt=since).order_by("id").values_list("id", flat=True)[:limit])


def hold_unwritten(
    coop_id: uuid.UUID, since: dt.datetime, *, ids: Collection[uuid.UUID] | None = None, limit: int
) -> list[uuid.UUID]:
    """Lock the first subscriptions since a moment, or of these, about which a first letter is still to be written.

    Those that somebody holds at this moment are left for the next time: nobody is waited for.
    """
    rows = _unwritten(coop_id).filter(sent_at__gt=since).select_for_update(of=("self",), skip_locked=True)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return [found for (found,) in rows.order_by("id").values_list("id")[:limit]]


def _unwritten(coop_id: uuid.UUID) -> QuerySet[Subscription]:
    return Subscription.objects.filter(coop_id=coop_id, letter_id=None, state__in=[state.value for state in UNFINISHED])


def subscriptions_page(
    coop_id: uuid.UUID,
    on: dt.date,
    *,
    states: Collection[SubscriptionState],
    offer_id: uuid.UUID | None = None,
    unconfirmed: bool = False,
    late: bool = False,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Sequence[SubscriptionFacts]:
    """Return subscriptions in some states, first come first; those that wait to be confirmed, or where money waits."""
    rows = Subscription.objects.filter(coop_id=coop_id)
    rows = rows.filter(_LATE) if late else rows.filter(state__in=[state.value for state in states])
    if unconfirmed:
        rows = rows.filter(confirmed_at=None)
    if offer_id is not None:
        rows = rows.filter(offer_id=offer_id)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return _facts(rows.order_by("id")[:limit], on)


_LATE = Q(received__gt=0) & (
    Q(state__in=[state.value for state in HOLDING], confirmed_at=None)
    | Q(state=SubscriptionState.LAPSED.value, refund_id=None)
)


@dataclasses.dataclass(frozen=True, slots=True)
class SubscriptionCounts:
    """How many subscriptions stand in each state, what they come to in euro, and where somebody has to look."""

    by_state: Mapping[SubscriptionState, int]
    amounts: Mapping[SubscriptionState, Decimal]
    unconfirmed: int
    late: int


_COUNT_SQL = """
    SELECT state, count(*), coalesce(sum(amount), 0),
        count(*) FILTER (WHERE confirmed_at IS NULL AND state IN ('to_pay', 'paid', 'waiting')),
        count(*) FILTER (WHERE received > 0
            AND ((state = 'lapsed' AND refund_id IS NULL) OR (state IN ('to_pay', 'paid') AND confirmed_at IS NULL)))
    FROM capital_subscription
    WHERE coop_id = %(coop)s AND (%(offer)s::uuid IS NULL OR offer_id = %(offer)s::uuid)
    GROUP BY state
"""


def count_subscriptions(coop_id: uuid.UUID, offer_id: uuid.UUID | None = None) -> SubscriptionCounts:
    """Return how many subscriptions there are, by state, of one offer or all."""
    rows = ask(_COUNT_SQL, {"coop": coop_id, "offer": offer_id})
    numbers = dict.fromkeys(SubscriptionState, 0)
    amounts = dict.fromkeys(SubscriptionState, ZERO)
    for state, count, amount, _unconfirmed, _late in rows:
        numbers[SubscriptionState(state)], amounts[SubscriptionState(state)] = count, amount
    return SubscriptionCounts(numbers, amounts, sum(row[3] for row in rows), sum(row[4] for row in rows))


def count_claimed(coop_id: uuid.UUID, offer_id: uuid.UUID) -> int:
    """Return how many different claims the subscriptions of an offer have."""
    rows = Subscription.objects.filter(coop_id=coop_id, offer_id=offer_id).exclude(claim_id=None)
    return rows.values("claim_id").distinct().count()


@dataclasses.dataclass(frozen=True, slots=True)
class Lately:
    """How many subscriptions came for an e-mail address within a day, and from a place within an hour."""

    mails: int
    sent: int


_LATELY_SQL = """
    SELECT
        (SELECT count(*) FROM capital_subscription WHERE coop_id = %(coop)s AND email_key = %(email)s
            AND email_key <> '' AND sent_at > %(day)s),
        (SELECT count(*) FROM capital_subscription WHERE coop_id = %(coop)s AND sender_key = %(sender)s
            AND sender_key <> '' AND sent_at > %(hour)s)
"""


def lately(coop_id: uuid.UUID, email_key: str, sender_key: str, now: dt.datetime) -> Lately:
    """Return how many subscriptions came lately, by keyed hashes of address and place."""
    facts = {"coop": coop_id, "email": email_key, "sender": sender_key}
    times = {"day": now - dt.timedelta(days=1), "hour": now - dt.timedelta(hours=1)}
    return Lately(*ask(_LATELY_SQL, {**facts, **times})[0])


def by_key(coop_id: uuid.UUID, key: uuid.UUID) -> tuple[uuid.UUID, SubscriptionState] | None:
    """Return the subscription that came from a form, with its state, or None."""
    found = ask(
        "SELECT id, state FROM capital_subscription WHERE coop_id = %(coop)s AND key = %(key)s",
        {"coop": coop_id, "key": key},
    )
    return (found[0][0], SubscriptionState(found[0][1])) if found else None


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """What stands already where somebody is about to subscribe.

    `key` is that of another form with the same content in every field from a moment ago; `has_queue` where somebody
    waits for a place in the offer.
    """

    key: uuid.UUID | None
    has_queue: bool


_BEFORE_SQL = """
    SELECT
        (SELECT key FROM capital_subscription WHERE coop_id = %(coop)s AND email_key = %(email)s
            AND email_key <> '' AND sent_at > %(since)s AND content_key = %(content)s AND offer_id = %(offer)s
            AND key <> %(key)s AND state IN ('to_pay', 'waiting') ORDER BY id LIMIT 1),
        EXISTS (SELECT FROM capital_subscription WHERE offer_id = %(offer)s AND coop_id = %(coop)s
            AND state = 'waiting')
"""


def before(row: Subscription, since: dt.datetime) -> Before:
    """Return what stands already where this subscription is about to be written."""
    facts = {"coop": row.coop_id, "key": row.key, "email": row.email_key, "content": row.content_key}
    return Before(*ask(_BEFORE_SQL, {**facts, "offer": row.offer_id, "since": since})[0])


def place_in_queue(coop_id: uuid.UUID, offer_id: uuid.UUID, subscription_id: uuid.UUID) -> int:
    """Return which place somebody has on the waiting list of an offer, the first being 1."""
    waiting = Subscription.objects.filter(coop_id=coop_id, offer_id=offer_id, state=SubscriptionState.WAITING.value)
    return waiting.filter(id__lte=subscription_id).count()


def waiting_in_queue(coop_id: uuid.UUID, offer_id: uuid.UUID, limit: int = 200) -> list[uuid.UUID]:
    """Return who waits for a place in an offer, first come first."""
    rows = Subscription.objects.filter(coop_id=coop_id, offer_id=offer_id, state=SubscriptionState.WAITING.value)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def offers_with_queue(coop_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the offers for which somebody waits."""
    rows = Subscription.objects.filter(coop_id=coop_id, state=SubscriptionState.WAITING.value)
    return sorted(set(rows.values_list("offer_id", flat=True)))


def unpaid_since(coop_id: uuid.UUID, today: dt.date, limit: int = 200) -> list[uuid.UUID]:
    """Return the subscriptions whose term is over and for which nothing came in."""
    rows = Subscription.objects.filter(
        coop_id=coop_id, state=SubscriptionState.TO_PAY.value, due_on__lt=today, received=0
    )
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def to_remind(coop_id: uuid.UUID, today: dt.date, limit: int = 200) -> list[uuid.UUID]:
    """Return the subscriptions that have to be reminded today: to be paid, or paid and not confirmed."""
    rows = Subscription.objects.filter(
        Q(state=SubscriptionState.TO_PAY.value) | Q(state=SubscriptionState.PAID.value, confirmed_at=None),
        Q(remind_on__lte=today) | Q(last_on__lte=today),
        coop_id=coop_id,
        due_on__gte=today,
    )
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def stale_in_queue(coop_id: uuid.UUID, before: dt.datetime, limit: int = 200) -> list[uuid.UUID]:
    """Return who went on the waiting list before a moment and never confirmed their address."""
    rows = Subscription.objects.filter(
        coop_id=coop_id, state=SubscriptionState.WAITING.value, confirmed_at=None, sent_at__lt=before
    )
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def forgettable(coop_id: uuid.UUID, before: dt.datetime) -> QuerySet[Subscription]:
    """Return the subscriptions that ended before a moment and still hold what was typed."""
    ended = [SubscriptionState.LAPSED.value, SubscriptionState.WITHDRAWN.value]
    return Subscription.objects.filter(coop_id=coop_id, state__in=ended, ended_at__lt=before, received=0).exclude(
        told={}, payer="", payer_email="", email_key=""
    )


def subscriptions_of_requests(
    coop_id: uuid.UUID, request_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None, Decimal]]:
    """Return the subscription behind each of these requests, its claim, and what came in, in euro."""
    rows = Subscription.objects.filter(coop_id=coop_id, request_id__in=request_ids)
    return {
        request: (one, claim, received)
        for one, request, claim, received in rows.values_list("id", "request_id", "claim_id", "received")
        if request is not None
    }


def subscriptions_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> Sequence[SubscriptionFacts]:
    """Return the subscriptions of these parties that wait for something, the oldest first."""
    states = [state.value for state in UNFINISHED]
    rows = Subscription.objects.filter(coop_id=coop_id, party_id__in=party_ids, state__in=states)
    return _facts(rows.order_by("id"), on)


def coops_subscribed(party_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return where these parties subscribed; sees those that `kernel.tenancy.parties` has opened."""
    return frozenset(Subscription.objects.filter(party_id__in=party_ids).values_list("coop_id", flat=True))


def hold_subscriptions(coop_id: uuid.UUID, subscription_ids: Collection[uuid.UUID]) -> None:
    """Lock the requests that subscriptions became, then these; their claims, accounts and the chain come after."""
    rows = Subscription.objects.filter(coop_id=coop_id, id__in=subscription_ids)
    requests = [one for one in rows.values_list("request_id", flat=True) if one is not None]
    register.hold_requests(coop_id, requests)
    list(rows.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))


def subscriptions_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the subscriptions of a party, or for which it acts, as it is told them."""
    rows = Subscription.objects.filter(Q(party_id=party_id) | Q(agent_id=party_id), coop_id=coop_id)
    return [
        {
            "id": row.id,
            "sent_at": row.sent_at,
            "for_whom": row.for_whom,
            "share_class": row.share_class.code,
            "quantity": row.quantity,
            "amount": row.amount,
            "received": row.received,
            "payer": row.payer,
            "digits": row.digits,
            "confirmed_at": row.confirmed_at,
            "state": row.state,
        }
        for row in rows.select_related("share_class").order_by("id")
    ]


def subscriptions_with(
    coop_id: uuid.UUID, party_id: uuid.UUID, emails: Collection[str], names: Collection[str]
) -> QuerySet[Subscription]:
    """Return the subscriptions that say something of somebody: as who asks, who acts, who was typed, or who pays."""
    return Subscription.objects.filter(
        Q(party_id=party_id)
        | Q(agent_id=party_id)
        | Q(told__email__in=list(emails))
        | Q(payer_email__in=list(emails))
        | (Q(payer__in=list(names)) & ~Q(payer="")),
        coop_id=coop_id,
    )


def subscription_events(
    coop_id: uuid.UUID, subscription_id: uuid.UUID, on: dt.date
) -> Sequence[SubscriptionEventFacts]:
    """Return what happened to a subscription, the oldest first."""
    rows = list(SubscriptionEvent.objects.filter(coop_id=coop_id, subscription_id=subscription_id).order_by("at", "id"))
    names = people.particulars({row.author_id for row in rows if row.author_id}, on)
    return [
        SubscriptionEventFacts(
            SubscriptionEventKind(row.kind),
            row.on,
            row.at,
            row.amount,
            names[row.author_id].spoken if row.author_id in names else "",
        )
        for row in rows
    ]


def payments_of(coop_id: uuid.UUID, subscription_id: uuid.UUID) -> list[tuple[uuid.UUID, dt.date, Decimal]]:
    """Return the matches that stand for a subscription: each with its day and amount."""
    rows = SubscriptionPayment.objects.filter(coop_id=coop_id, subscription_id=subscription_id, undone_at=None)
    return list(rows.order_by("on", "id").values_list("match_id", "on", "amount"))


def asked_back(coop_id: uuid.UUID, subscription_id: uuid.UUID) -> list[ClaimFacts]:
    """Return the open claims for what was paid back of a subscription although it never came in, the oldest first."""
    found = payments.claims_by_source(coop_id, ASKED_SOURCE, subscription_id)
    return [one for one in found if one.state is ClaimState.OPEN]


def _facts(rows: QuerySet[Subscription], on: dt.date) -> Sequence[SubscriptionFacts]:
    return _told(list(rows.select_related("share_class")), on)


def _told(found: Sequence[Subscription], on: dt.date) -> Sequence[SubscriptionFacts]:
    ids = {row.party_id for row in found} | {row.agent_id for row in found}
    known = people.particulars([one for one in ids if one is not None], on) if ids - {None} else {}
    mails = people.email_of([row.party_id for row in found if row.party_id is not None]) if known else {}
    return [_one(row, known, mails) for row in found]


def _one(
    row: Subscription, known: Mapping[uuid.UUID, Particulars], mails: Mapping[uuid.UUID, str]
) -> SubscriptionFacts:
    told = row.told
    party = known.get(row.party_id) if row.party_id else None
    agent = known.get(row.agent_id) if row.agent_id else None
    given, family = told.get("given", ""), told.get("family", "")
    if party is not None and party.name is not None:
        given = party.name.given
    typed_agent = f"{told.get('agent_given', '')} {told.get('agent_family', '')}".strip()
    return SubscriptionFacts(
        id=row.id,
        offer_id=row.offer_id,
        version_id=row.version_id,
        for_whom=ForWhom(row.for_whom),
        state=SubscriptionState(row.state),
        language=row.language,
        share_class=row.share_class.code,
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        amount=row.amount,
        received=row.received,
        given=given,
        name=party.display if party else (f"{family}, {given}" if given else family),
        spoken=party.spoken if party else f"{given} {family}".strip(),
        agent=agent.spoken if agent else typed_agent,
        domicile=party.domicile if party else told.get("domicile", ""),
        enterprise_no=party.enterprise_no if party else told.get("enterprise_no", ""),
        email=mails.get(row.party_id, "") if row.party_id else told.get("email", ""),
        payer=row.payer,
        payer_email=row.payer_email,
        party_id=row.party_id,
        agent_id=row.agent_id,
        request_id=row.request_id,
        claim_id=row.claim_id,
        refund_id=row.refund_id,
        letter_id=row.letter_id,
        digits=row.digits,
        sent_at=row.sent_at,
        confirmed_at=row.confirmed_at,
        due_on=row.due_on,
        ended_at=row.ended_at,
    )
