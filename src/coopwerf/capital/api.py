"""Offers and subscriptions, and the proof that the books agree, for programs."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated

from django.utils.translation import get_language
from pydantic import Field, StringConstraints

from coopcalc.books import Check, CheckCode
from coopwerf.coops import queries as coops
from coopwerf.kernel.api import (
    Amount,
    Answer,
    Asked,
    Call,
    Cursor,
    Date,
    IdempotencyKey,
    Limit,
    Page,
    Routes,
    Slug,
    Text,
    Truth,
    Whole,
    amount,
    packed,
    unpacked,
)
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import Scope
from coopwerf.register.policies import MOST_SHARES
from coopwerf.register.states import Applicant

from . import actions, policies, queries
from .states import ForWhom, OfferState, SubscriptionState, Wish, written_digits

routes = Routes("capital")
proofs = Routes("ledger")

At = Annotated[Date, Field(description="The end of which day; without it of today.")]
OfferSlug = Annotated[
    str,
    StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80),
    Field(description="The name of the offer in addresses."),
]


class OfferClassOut(Answer):
    """A class of shares that is offered, at the price of today."""

    code: str
    name: str
    price: Amount
    minimum: int | None
    maximum: int | None


class OfferOut(Answer):
    """An offer of shares, in the language of Accept-Language where it has that."""

    id: uuid.UUID
    slug: str
    state: OfferState
    title: str
    lead: str
    purpose: str
    rights: str
    risks: str
    risk_sentence: str
    statutes: str
    statutes_on: dt.date | None
    version_id: uuid.UUID
    languages: list[str]
    opens_on: dt.date
    closes_on: dt.date | None
    target: Amount | None
    ceiling: Amount
    per_person: Amount | None
    payment_days: int
    classes: list[OfferClassOut]
    takes_today: bool


class SubscriptionOut(Answer):
    """A subscription to shares: how far it has come, and how it is paid."""

    id: uuid.UUID
    coop: str
    offer_id: uuid.UUID
    state: SubscriptionState
    for_whom: ForWhom
    party_id: uuid.UUID | None
    name: str
    share_class: str
    shares: int
    amount_per_share: Amount
    amount: Amount
    received: Amount
    to_pay: Amount
    communication: str
    iban: str
    holder: str
    due_on: dt.date | None
    request_id: uuid.UUID | None
    claim_id: uuid.UUID | None
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None


class SubscriptionIn(Asked):
    """Subscribe to shares: for yourself, or for somebody for whom you act."""

    share_class: Annotated[Text, Field(min_length=1, max_length=20)]
    quantity: Annotated[Whole, Field(ge=1, le=MOST_SHARES)]
    version_id: uuid.UUID = Field(description="The version of the offer that was shown and accepted.")
    accepts_statutes: Truth = Field(description="Whoever takes the shares has read and accepts the statutes.")
    accepts_risk: Truth = Field(description="Whoever takes the shares has read and accepts the sentence about risk.")
    party_id: uuid.UUID | None = Field(None, description="For whom; without it for yourself.")
    will_wait: Truth = Field(False, description="Without room, take a place on the waiting list.")


class CheckOut(Answer):
    """Two figures that must be the same; the difference is what the books have more than the other side."""

    check: CheckCode = Field(
        description="paid and unpaid: books and register. bank, suspense: books and bank. refunds, exits: books and"
        " payments to make. received: what the register calls paid, and no payment came for."
    )
    account: str = Field(description="The account of the books, where it is about one at a bank; else empty.")
    party_id: uuid.UUID | None = Field(description="Whose shares nobody paid for by the books.")
    ledger: Amount
    other: Amount
    difference: Amount


class ProofOut(Answer):
    """What register, books and bank say at the end of a day, and whether that is the same."""

    at: dt.date
    register_: Amount = Field(alias="register")
    ledger: Amount
    bank: Amount
    open_claims: Amount
    suspense: Amount
    difference: Amount = Field(description="All differences added up, each as if above zero; “0.00” when they agree.")
    agrees: bool
    checks: list[CheckOut] = Field(description="Each comparison.")
    differences: list[CheckOut] = Field(description="Those that don't hold.")


def _offer(one: queries.OfferFacts, today: dt.date) -> OfferOut:
    words = one.words(get_language() or "en")
    return OfferOut(
        id=one.id,
        slug=one.slug,
        state=one.state,
        title=words.title,
        lead=words.lead,
        purpose=words.purpose,
        rights=words.rights,
        risks=words.risks,
        risk_sentence=words.risk_sentence,
        statutes=one.version.statutes_name,
        statutes_on=one.version.statutes_on,
        version_id=one.version.id,
        languages=list(one.languages),
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        target=None if one.target is None else amount(one.target),
        ceiling=amount(one.ceiling),
        per_person=None if one.per_person is None else amount(one.per_person),
        payment_days=one.payment_days,
        classes=[
            OfferClassOut(
                code=terms.code,
                name=terms.name,
                price=amount(terms.issue_price),
                minimum=terms.minimum,
                maximum=terms.maximum,
            )
            for terms in one.classes
        ],
        takes_today=one.takes(today),
    )


def _subscription(
    slug: str, one: queries.SubscriptionFacts, offers: Mapping[uuid.UUID, queries.OfferFacts]
) -> SubscriptionOut:
    offer = offers[one.offer_id]
    return SubscriptionOut(
        id=one.id,
        coop=slug,
        offer_id=one.offer_id,
        state=one.state,
        for_whom=one.for_whom,
        party_id=one.party_id,
        name=one.spoken,
        share_class=one.share_class,
        shares=one.quantity,
        amount_per_share=amount(one.amount_per_share),
        amount=amount(one.amount),
        received=amount(one.received),
        to_pay=amount(one.to_pay),
        communication=written_digits(one.digits),
        iban=offer.iban,
        holder=offer.holder,
        due_on=one.due_on,
        request_id=one.request_id,
        claim_id=one.claim_id,
        sent_at=one.sent_at,
        confirmed_at=one.confirmed_at,
    )


def _offers(coop_id: uuid.UUID, on: dt.date) -> dict[uuid.UUID, queries.OfferFacts]:
    return {one.id: one for one in queries.offers(coop_id, on)}


def _readable(call: Call, offer: str) -> queries.OfferFacts:
    """Return an offer that everybody may read, or its draft to who manages it; raises Refused."""
    found = queries.offer_by_slug(call.coop.id, offer, call.today)
    if found is None or not (found.is_public or policies.may_manage_offers(call.actor, call.coop.id, call.today)):
        raise Refused("kernel.api_not_found")
    return found


@routes.get("/coops/{slug:slug}/offers", scope=Scope.OFFERS_READ, answers=Page[OfferOut])
def offers(call: Call, slug: Slug) -> Page[OfferOut]:
    """List the offers that everybody may read, the newest first; drafts too for who manages them."""
    manages = policies.may_manage_offers(call.actor, call.coop.id, call.today)
    rows = [one for one in queries.offers(call.coop.id, call.today) if one.is_public or manages]
    return Page(items=[_offer(one, call.today) for one in rows], next=None)


@routes.get("/coops/{slug:slug}/offers/{slug:offer}", scope=Scope.OFFERS_READ, answers=OfferOut)
def offer(call: Call, slug: Slug, offer: OfferSlug) -> OfferOut:
    """Tell one offer: what it is for, what a share gives and risks, and the version that whoever subscribes accepts."""
    return _offer(_readable(call, offer), call.today)


@routes.get("/me/subscriptions", scope=Scope.ME_READ, answers=Page[SubscriptionOut])
def own_subscriptions(call: Call) -> Page[SubscriptionOut]:
    """List what you, and those for whom you act, subscribed to and wait for."""
    mine = call.actor.parties
    items: list[SubscriptionOut] = []
    for coop in coops.coops_with_ids(queries.coops_subscribed(mine)):
        with tenant(coop.id):
            known = _offers(coop.id, call.today)
            rows = queries.subscriptions_of(coop.id, mine, call.today)
            items += [_subscription(coop.slug, one, known) for one in rows]
    return Page(items=items, next=None)


@routes.get("/coops/{slug:slug}/subscriptions", scope=Scope.SUBSCRIPTIONS_READ, answers=Page[SubscriptionOut])
def subscriptions(
    call: Call,
    slug: Slug,
    state: SubscriptionState | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[SubscriptionOut]:
    """List who subscribed, first come first, for whoever may see it: those under way, or those in a state."""
    policies.may_see_subscriptions(call.actor, call.coop.id, call.today).require()
    which = f"subscriptions {call.coop.id} {state}"
    place = unpacked(which, cursor)
    rows = queries.subscriptions_page(
        call.coop.id,
        call.today,
        states=queries.UNFINISHED if state is None else [state],
        after=None if place is None else uuid.UUID(place[0]),
        limit=limit + 1,
    )
    some = rows[:limit]
    known = _offers(call.coop.id, call.today)
    return Page(
        items=[_subscription(call.coop.slug, one, known) for one in some],
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


@routes.get(
    "/coops/{slug:slug}/subscriptions/{uuid:subscription_id}",
    scope=Scope.SUBSCRIPTIONS_READ,
    answers=SubscriptionOut,
)
def subscription(call: Call, slug: Slug, subscription_id: uuid.UUID) -> SubscriptionOut:
    """Tell how far a subscription has come: to who subscribed, and to who may see all of them."""
    found = queries.subscription_facts(call.coop.id, subscription_id, call.today)
    if found is None or not (
        found.party_id in call.actor.parties or policies.may_see_subscriptions(call.actor, call.coop.id, call.today)
    ):
        raise Refused("kernel.api_not_found")
    return _subscription(call.coop.slug, found, _offers(call.coop.id, call.today))


@routes.post(
    "/coops/{slug:slug}/offers/{slug:offer}/subscriptions",
    scope=Scope.SUBSCRIPTIONS_WRITE,
    answers=SubscriptionOut,
)
def subscribe(call: Call, slug: Slug, offer: OfferSlug, key: IdempotencyKey, body: SubscriptionIn) -> SubscriptionOut:
    """Subscribe to shares of an offer: they are kept for the days of payment, and the board is asked at once."""
    wanted = _readable(call, offer)

    def act() -> SubscriptionOut:
        made = actions.subscribe(
            actor=call.actor,
            now=call.now,
            coop_id=call.coop.id,
            offer_id=wanted.id,
            wish=Wish(
                share_class=body.share_class,
                quantity=body.quantity,
                version_id=body.version_id,
                applicant=Applicant(party_id=body.party_id or call.actor.party_id),
                accepts_statutes=body.accepts_statutes,
                accepts_risk=body.accepts_risk,
            ),
            language=call.known.language,
            will_wait=body.will_wait,
        )
        found = queries.subscription_facts(call.coop.id, made.id, call.today)
        assert found is not None
        return _subscription(call.coop.slug, found, _offers(call.coop.id, call.today))

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time


def _check(one: Check) -> CheckOut:
    is_party = one.code is CheckCode.RECEIVED
    return CheckOut(
        check=one.code,
        account="" if is_party else one.key,
        party_id=uuid.UUID(one.key) if is_party and one.key else None,
        ledger=amount(one.ledger),
        other=amount(one.other),
        difference=amount(one.difference),
    )


@proofs.get("/coops/{slug:slug}/proof", scope=Scope.PROOF_READ, answers=ProofOut)
def proof(call: Call, slug: Slug, at: At | None = None) -> ProofOut:
    """Prove that register, books and bank agree at the end of a day, to the cent; each difference has its name."""
    policies.may_see_proof(call.actor, call.coop.id, call.today).require()
    day = at or call.today
    with snapshot():
        found = queries.proof(call.coop.id, day)
    return ProofOut(
        at=day,
        register=amount(found.register),
        ledger=amount(found.ledger),
        bank=amount(found.bank),
        open_claims=amount(found.open_claims),
        suspense=amount(found.suspense),
        difference=amount(found.difference),
        agrees=found.holds,
        checks=[_check(one) for one in found.checks],
        differences=[_check(one) for one in found.differences],
    )
