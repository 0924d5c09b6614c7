"""The register and requests for membership, for programs."""

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from coopwerf.coops import queries as coops
from coopwerf.kernel import chain
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
    Whole,
    amount,
    packed,
    unpacked,
)
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import Scope

from . import actions, policies, queries
from .states import OPEN_REQUESTS, ApplicantKind, Missing, RequestState, SharesAsked

routes = Routes("register")

Position = Annotated[
    int,
    Field(ge=0, lt=2**62, description="A position in the chain: what was known then. Without it all that is known."),
]
Day = Annotated[Date, Field(description="As of which day; without it today.", examples=["2026-11-23"])]
ClassCode = Annotated[Text, Field(min_length=1, max_length=20, description="The code of a class of shares.")]
Shares = Annotated[Whole, Field(ge=1, le=policies.MOST_SHARES)]
State = Literal["member", "left"]


class HoldingOut(Answer):
    """Shares of one class at one amount per share, and what is paid on them together."""

    share_class: str
    shares: int
    amount_per_share: Amount
    paid: Amount


class MemberOut(Answer):
    """A member as the register shows it on a day."""

    id: uuid.UUID
    number: int
    party_id: uuid.UUID
    kind: Literal["person", "organisation"]
    name: str
    domicile: str
    enterprise_no: str
    admitted_on: dt.date
    ended_on: dt.date | None
    shares: int
    paid: Amount
    holdings: list[HoldingOut]


class RegisterOut(Page[MemberOut]):
    """Some of the register as of a day, as it was known at a position of the chain."""

    at: dt.date
    known: int
    head: str


class ClassTotalOut(Answer):
    """What there is of a class of shares."""

    share_class: str
    shares: int
    paid: Amount


class TotalsOut(Answer):
    """The register as of a day, added up."""

    at: dt.date
    known: int
    head: str
    members: int
    left: int
    paid: Amount
    classes: list[ClassTotalOut]


class ClassOut(Answer):
    """The terms of a class of shares on a day."""

    code: str
    name: str
    since: dt.date
    nominal: Amount
    issue_price: Amount
    holders: str
    minimum: int | None
    maximum: int | None


class MembershipOut(Answer):
    """A membership of yours, or of whom you act for."""

    coop: str
    member: MemberOut


class RequestOut(Answer):
    """A request to become a member, or for more shares."""

    id: uuid.UUID
    coop: str
    state: RequestState
    kind: ApplicantKind
    party_id: uuid.UUID | None
    name: str
    takes_more: bool
    number: int | None
    share_class: str
    shares: int
    amount_per_share: Amount
    price: Amount
    paid: Amount
    missing: list[Missing]
    asked_on: dt.date
    paid_on: dt.date | None
    decided_on: dt.date | None


class SharesIn(Asked):
    """Which shares are asked for, at the issue price of the day."""

    share_class: ClassCode
    quantity: Shares


class RequestIn(Asked):
    """Ask to become a member, or for more shares: for yourself, or for somebody for whom you act."""

    party_id: uuid.UUID | None = Field(None, description="For whom; without it for yourself.")
    shares: SharesIn | None = Field(None, description="Without it without shares, where the co-operative has none.")


class RequestStates(enum.StrEnum):
    """Which requests are listed."""

    OPEN = "open"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def _member(line: queries.Line) -> MemberOut:
    return MemberOut(
        id=line.member_id,
        number=line.number,
        party_id=line.party_id,
        kind="organisation" if line.kind == "organisation" else "person",
        name=line.name,
        domicile=line.domicile,
        enterprise_no=line.enterprise_no,
        admitted_on=line.admitted_on,
        ended_on=line.ended_on,
        shares=line.shares,
        paid=amount(line.paid),
        holdings=[
            HoldingOut(
                share_class=one.share_class,
                shares=one.shares,
                amount_per_share=amount(one.amount_per_share),
                paid=amount(one.paid),
            )
            for one in line.holdings
        ],
    )


def _see(call: Call) -> None:
    policies.may_see_register(call.actor, call.coop.id, call.today).require()


@routes.get("/coops/{slug:slug}/register", scope=Scope.REGISTER_READ, answers=RegisterOut, etag=True)
def register(
    call: Call,
    slug: Slug,
    at: Day | None = None,
    known: Position | None = None,
    share_class: ClassCode | None = None,
    state: State | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> RegisterOut:
    """List the members as of a day, by their numbers, for whoever may see the whole register.

    The pages that follow a cursor are of the same position in the chain as the first one, whatever is written
    meanwhile. Those who left stay in it, with the day.
    """
    _see(call)
    coop_id, day = call.coop.id, at or call.today
    which = f"register {coop_id} {day} {known} {share_class} {state}"
    head = int(chain.head_of(coop_id).partition(":")[0])
    position, after = unpacked(which, cursor) or (head if known is None else min(known, head), 0)
    lines = queries.lines_page(
        coop_id,
        day,
        known=position,
        share_class=share_class or "",
        state=state or "",
        after=after,
        limit=limit + 1,
    )
    some = lines[:limit]
    return RegisterOut(
        items=[_member(line) for line in some],
        next=packed(which, position, some[-1].number) if len(lines) > limit else None,
        at=day,
        known=position,
        head=chain.head_at(coop_id, position),
    )


@routes.get("/coops/{slug:slug}/register/totals", scope=Scope.REGISTER_READ, answers=TotalsOut, etag=True)
def totals(call: Call, slug: Slug, at: Day | None = None, known: Position | None = None) -> TotalsOut:
    """Add up the register as of a day: members, shares and what is paid."""
    _see(call)
    found = queries.totals(call.coop.id, at or call.today, known)
    return TotalsOut(
        at=found.at,
        known=found.known,
        head=found.head,
        members=found.members,
        left=found.left,
        paid=amount(found.paid),
        classes=[
            ClassTotalOut(share_class=code, shares=shares, paid=amount(found.paid_by_class[code]))
            for code, shares in found.shares.items()
        ],
    )


@routes.get("/coops/{slug:slug}/classes", scope=Scope.COOPS_READ, answers=Page[ClassOut])
def classes(call: Call, slug: Slug, at: Day | None = None) -> Page[ClassOut]:
    """List the classes of shares with their terms on a day."""
    items = [
        ClassOut(
            code=one.code,
            name=one.name,
            since=one.valid_from,
            nominal=amount(one.nominal),
            issue_price=amount(one.issue_price),
            holders=one.holders,
            minimum=one.minimum,
            maximum=one.maximum,
        )
        for one in queries.all_terms(call.coop.id, at or call.today)
    ]
    return Page(items=items, next=None)


@routes.get("/me/memberships", scope=Scope.ME_READ, answers=Page[MembershipOut])
def memberships(call: Call, at: Day | None = None) -> Page[MembershipOut]:
    """List what you, and those for whom you act, hold on a day, in every co-operative; past memberships too."""
    day, mine = at or call.today, call.actor.parties
    places = frozenset[uuid.UUID]().union(*(queries.coops_of_party(one) for one in mine))
    items: list[MembershipOut] = []
    for coop in coops.coops_with_ids(places):
        with tenant(coop.id):
            members = {one.id: one.party_id for party in sorted(mine) for one in _ever(coop.id, party)}
            lines = queries.holdings_of_members(coop.id, members, day)
            items += [MembershipOut(coop=coop.slug, member=_member(line)) for line in lines.values()]
    return Page(items=items, next=None)


def _ever(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[queries.MemberFacts]:
    return list(queries.members_of_party(coop_id, party_id))


def _request(slug: str, one: queries.RequestFacts) -> RequestOut:
    return RequestOut(
        id=one.id,
        coop=slug,
        state=one.state,
        kind=one.kind,
        party_id=one.party_id,
        name=one.spoken,
        takes_more=one.takes_more,
        number=one.number,
        share_class=one.share_class,
        shares=one.quantity,
        amount_per_share=amount(Decimal(one.amount_per_share)),
        price=amount(one.price),
        paid=amount(one.paid),
        missing=list(one.missing),
        asked_on=one.asked_on,
        paid_on=one.paid_on,
        decided_on=one.decided_on,
    )


@routes.get("/me/requests", scope=Scope.ME_READ, answers=Page[RequestOut])
def own_requests(call: Call) -> Page[RequestOut]:
    """List what you, and those for whom you act, ask of co-operatives and wait for."""
    mine = call.actor.parties
    places = frozenset[uuid.UUID]().union(*(queries.coops_asked(one) for one in mine))
    items: list[RequestOut] = []
    for coop in coops.coops_with_ids(places):
        with tenant(coop.id):
            items += [_request(coop.slug, one) for one in queries.open_requests_of(coop.id, mine, call.today)]
    return Page(items=items, next=None)


@routes.get("/coops/{slug:slug}/requests", scope=Scope.SUBSCRIPTIONS_READ, answers=Page[RequestOut])
def requests(
    call: Call,
    slug: Slug,
    state: RequestStates = RequestStates.OPEN,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[RequestOut]:
    """List who asks to become a member: open requests first come first, decided ones the newest first."""
    policies.may_see_requests(call.actor, call.coop.id, call.today).require()
    which = f"requests {call.coop.id} {state}"
    place = unpacked(which, cursor)
    rows = queries.requests_page(
        call.coop.id,
        OPEN_REQUESTS if state is RequestStates.OPEN else [RequestState(state)],
        call.today,
        after=None if place is None else uuid.UUID(place[0]),
        limit=limit + 1,
    )
    some = rows[:limit]
    return Page(
        items=[_request(call.coop.slug, one) for one in some],
        next=packed(which, str(some[-1].id)) if len(rows) > limit else None,
    )


@routes.get("/coops/{slug:slug}/requests/{uuid:request_id}", scope=Scope.SUBSCRIPTIONS_READ, answers=RequestOut)
def request(call: Call, slug: Slug, request_id: uuid.UUID) -> RequestOut:
    """Tell how far a request has come: to who asked, and to who may see all of them."""
    found = queries.request_facts(call.coop.id, request_id, call.today)
    if found is None or not (
        found.party_id in call.actor.parties or policies.may_see_requests(call.actor, call.coop.id, call.today)
    ):
        # Whether there is one is nobody else's business.
        raise Refused("kernel.api_not_found")
    return _request(call.coop.slug, found)


@routes.post("/coops/{slug:slug}/requests", scope=Scope.SUBSCRIPTIONS_WRITE, answers=RequestOut)
def ask(call: Call, slug: Slug, key: IdempotencyKey, body: RequestIn) -> RequestOut:
    """Ask to become a member, or for more shares."""
    shares = body.shares

    def act() -> RequestOut:
        assert call.actor.party_id is not None
        asked = actions.ask_for_oneself(
            actor=call.actor,
            now=call.now,
            coop_id=call.coop.id,
            party_id=body.party_id or call.actor.party_id,
            shares=None if shares is None else SharesAsked(share_class=shares.share_class, quantity=shares.quantity),
        )
        found = queries.request_facts(call.coop.id, asked.id, call.today)
        assert found is not None
        return _request(call.coop.slug, found)

    return call.once(key, act)  # type: ignore[return-value]  # as it was answered the first time
