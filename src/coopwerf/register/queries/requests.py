"""Who asks to become a member, and what a co-operative offers to whoever asks."""

import dataclasses
import datetime as dt
import functools
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet

from coopwerf.coops import queries as coops
from coopwerf.coops.states import Stage
from coopwerf.kernel import trail
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import Question, ask
from coopwerf.kernel.tenancy import parties
from coopwerf.kernel.tokens import token_hash
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars

from ..models import Member, MembershipRequest, Movement, RequestEvent
from ..states import OPEN_REQUESTS, ApplicantKind, Missing, MovementKind, RequestEventKind, RequestState
from .classes import Terms, all_terms

RULES = ("admission.open", "shares.exist", "shares.fully_paid", "members.minimum_shares", "admission.by")
CENT = Decimal("0.01")
REGISTERED = ("people.registered", "people.registered_represented")
"""Acts after which a party is the co-operative's own, for it wrote down who that is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """What somebody can ask for on a date: with which shares, at least how many, whether paid in full first."""

    is_open: bool
    needs_shares: bool
    classes: tuple[Terms, ...]
    minimum: int
    must_be_paid: bool
    decided_by: str


@dataclasses.dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request as pages show it; `share_class` is empty where no shares are asked for."""

    id: uuid.UUID
    state: RequestState
    kind: ApplicantKind
    is_on_paper: bool
    language: str
    party_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    name: str
    spoken: str
    agent: str
    domicile: str
    enterprise_no: str
    email: str
    takes_more: bool
    member_id: uuid.UUID | None
    number: int | None
    share_class: str
    quantity: int
    amount_per_share: Decimal
    paid: Decimal
    missing: tuple[Missing, ...]
    asked_at: dt.datetime
    asked_on: dt.date
    paid_on: dt.date | None
    decided_on: dt.date | None
    reference: str
    ground: str
    explanation: str

    @property
    def price(self) -> Decimal:
        """Return what the shares cost together, in euro."""
        return (self.amount_per_share * self.quantity).quantize(CENT)

    @property
    def to_pay(self) -> Decimal:
        """Return what isn't paid yet, in euro."""
        return max(self.price - self.paid, Decimal("0.00"))

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for somebody of the co-operative."""
        return self.state in OPEN_REQUESTS


@dataclasses.dataclass(frozen=True, slots=True)
class EventFacts:
    """One dated thing that happened to a request; `can_undo` for a payment that wasn't taken back.

    `shares_before` and `shares_after` say from how many shares to how many, where that was changed.
    """

    id: uuid.UUID
    kind: RequestEventKind
    on: dt.date
    at: dt.datetime
    amount: Decimal | None
    shares_before: int | None
    shares_after: int | None
    author: str
    can_undo: bool


def offer(coop_id: uuid.UUID, on: dt.date) -> Offer:
    """Return what a co-operative offers to whoever wants to become a member on a date."""
    rules = coops.rules(coop_id, on, keys=RULES)
    values = {key: found.value for key, found in rules.items()}
    needs_shares = values.get("shares.exist") is True
    classes = tuple(all_terms(coop_id, on))
    is_open = (
        coops.stage(coop_id, on) is not Stage.INITIATIVE
        and values.get("admission.open") is not False
        and (bool(classes) or not needs_shares)
    )
    return Offer(
        is_open=is_open,
        needs_shares=needs_shares,
        classes=classes,
        minimum=int(values.get("members.minimum_shares") or 0),
        must_be_paid=values.get("shares.fully_paid") is True,
        decided_by="assembly" if values.get("admission.by") == "general_assembly" else "board",
    )


def grounds(coop_id: uuid.UUID, on: dt.date) -> dict[str, dict[str, str]]:
    """Return the objective grounds on which a request can be refused on a date: their texts by language, by code."""
    found = coops.rule(coop_id, "admission.grounds", on)
    return {one["code"]: one["text"] for one in (found.value if found else ())}


def requests_page(
    coop_id: uuid.UUID,
    states: Collection[RequestState],
    on: dt.date,
    *,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Sequence[RequestFacts]:
    """Return requests in some states with names as of a date: open ones first come first, decided ones newest first."""
    if not states:
        return []
    newest_first = not set(states) <= set(OPEN_REQUESTS)
    begin = uuid.UUID(int=2**128 - 1 if newest_first else 0)
    rows = _page(tuple(sorted(states)), newest_first, limit)(coop_id=coop_id, after=begin if after is None else after)
    return _told(rows, on)


@functools.cache
def _page(states: tuple[RequestState, ...], newest_first: bool, limit: int) -> Question[MembershipRequest]:
    def rows(coop_id: uuid.UUID, after: uuid.UUID) -> QuerySet[MembershipRequest]:
        found = MembershipRequest.objects.filter(coop_id=coop_id, state__in=states)
        found = found.filter(id__lt=after) if newest_first else found.filter(id__gt=after)
        return found.select_related("share_class", "member").order_by("-id" if newest_first else "id")[:limit]

    return Question(rows)


def requests_with(coop_id: uuid.UUID, ids: Collection[uuid.UUID], on: dt.date) -> Sequence[RequestFacts]:
    """Return these requests of a co-operative, first come first; ids that aren't there are left out."""
    rows = MembershipRequest.objects.filter(coop_id=coop_id, id__in=ids).exclude(state=RequestState.UNCONFIRMED)
    return _facts(rows.order_by("id"), on)


def request_facts(coop_id: uuid.UUID, request_id: uuid.UUID, on: dt.date) -> RequestFacts | None:
    """Return one confirmed request, or None."""
    found = requests_with(coop_id, [request_id], on)
    return found[0] if found else None


def request_by_token(coop_id: uuid.UUID, token: str, on: dt.date) -> RequestFacts | None:
    """Return the request behind a mailed address, confirmed or not, or None."""
    rows = MembershipRequest.objects.filter(coop_id=coop_id, token_hash=token_hash(token))
    found = _facts(rows, on)
    return found[0] if found else None


def open_requests_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> Sequence[RequestFacts]:
    """Return the open requests of these parties in a co-operative."""
    rows = MembershipRequest.objects.filter(coop_id=coop_id, party_id__in=party_ids, state__in=OPEN_REQUESTS)
    return _facts(rows.order_by("id"), on)


def coops_asked(party_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return which co-operatives a party ever asked; sees the parties that `kernel.tenancy.parties` has opened."""
    return frozenset(MembershipRequest.objects.filter(party_id=party_id).values_list("coop_id", flat=True))


def count_open_requests(coop_id: uuid.UUID) -> dict[RequestState, int]:
    """Return how many requests wait, by state; one query, for the frame and the page together."""

    def count() -> dict[RequestState, int]:
        rows = ask(_COUNT_SQL, {"coop": coop_id, "states": [state.value for state in OPEN_REQUESTS]})
        return {RequestState(state): count for state, count in rows}

    found = remembered(("register.open_requests", coop_id), count)
    return {state: found.get(state, 0) for state in OPEN_REQUESTS}


_COUNT_SQL = """
    SELECT state, count(*) FROM register_membershiprequest
    WHERE coop_id = %(coop)s AND state = ANY(%(states)s) GROUP BY state
"""


def request_events(coop_id: uuid.UUID, request_id: uuid.UUID, on: dt.date) -> Sequence[EventFacts]:
    """Return what happened to a request, the oldest first."""
    rows = list(
        RequestEvent.objects.filter(coop_id=coop_id, request_id=request_id)
        .select_related("undone_by")
        .order_by("at", "id")
    )
    names = people.particulars({row.author_id for row in rows if row.author_id}, on)
    return [
        EventFacts(
            id=row.id,
            kind=RequestEventKind(row.kind),
            on=row.on,
            at=row.at,
            amount=row.amount,
            shares_before=row.shares_before,
            shares_after=row.shares_after,
            author=names[row.author_id].spoken if row.author_id in names else "",
            can_undo=row.kind == RequestEventKind.PAID and not hasattr(row, "undone_by"),
        )
        for row in rows
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class IssueFacts:
    """The issue that came of a request: its movement, and what is paid on it, in euro."""

    id: uuid.UUID
    paid: Decimal


def issue_of_request(coop_id: uuid.UUID, request_id: uuid.UUID) -> IssueFacts | None:
    """Return the issue of shares that came of an admitted request, as it is in force; None where it was corrected away.

    What took the place of a corrected issue has the same member, class, amount per share and number of shares.
    """
    row = MembershipRequest.objects.filter(coop_id=coop_id, id=request_id, state=RequestState.ADMITTED).first()
    if row is None or row.member_id is None:
        return None
    issues = Movement.objects.filter(
        coop_id=coop_id,
        member_id=row.member_id,
        share_class_id=row.share_class_id,
        kind=MovementKind.ISSUE,
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        corrected_by=None,
    )
    found = sorted(issues, key=lambda issue: (issue.decision_id != row.decision_id, issue.on != row.decided_on))
    return IssueFacts(found[0].id, found[0].paid) if found else None


def hold_requests(coop_id: uuid.UUID, request_ids: Collection[uuid.UUID]) -> None:
    """Lock requests until the end of the transaction: in actions of the books above, before accounts and chains."""
    rows = MembershipRequest.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, id__in=request_ids)
    list(rows.order_by("id").values_list("id", flat=True))


def known_here(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int | None]:
    """Return which of these parties a co-operative knows, with their last member number or None for a request only."""
    members = Member.objects.filter(coop_id=coop_id, party_id__in=party_ids).order_by("number")
    asked = MembershipRequest.objects.filter(coop_id=coop_id, party_id__in=party_ids).values_list("party_id", flat=True)
    found: dict[uuid.UUID, int | None] = dict.fromkeys(asked)
    found.update(members.values_list("party_id", "number"))
    return found


def is_known_here(coop_id: uuid.UUID, party_id: uuid.UUID) -> bool:
    """Tell whether a co-operative knows a party: as a member, an applicant or who asks for one, by a mandate, or
    because it registered the party itself.
    """
    return (
        Member.objects.filter(coop_id=coop_id, party_id=party_id).exists()
        or MembershipRequest.objects.filter(Q(party_id=party_id) | Q(agent_id=party_id), coop_id=coop_id).exists()
        or party_id in coops.mandate_parties(coop_id)
        or trail.is_subject(coop_id, party_id, REGISTERED)
    )


def is_known_elsewhere(party_id: uuid.UUID) -> bool:
    """Tell whether any co-operative has this party as a member, an applicant or by a mandate."""
    with parties([party_id]):
        return (
            Member.objects.filter(party_id=party_id).exists()
            or MembershipRequest.objects.filter(party_id=party_id).exists()
            or bool(coops.coops_of_party(party_id))
        )


def has_stale_requests(coop_id: uuid.UUID, before: dt.datetime) -> bool:
    """Tell whether there are requests from before a moment that nobody confirmed."""
    return stale_requests(coop_id, before).exists()


def stale_requests(coop_id: uuid.UUID, before: dt.datetime) -> QuerySet[MembershipRequest]:
    """Return the requests from before a moment that nobody confirmed."""
    return MembershipRequest.objects.filter(coop_id=coop_id, state=RequestState.UNCONFIRMED, asked_at__lt=before)


def _facts(rows: QuerySet[MembershipRequest], on: dt.date) -> Sequence[RequestFacts]:
    return _told(list(rows.select_related("share_class", "member")), on)


def _told(found: Sequence[MembershipRequest], on: dt.date) -> Sequence[RequestFacts]:
    if not found:
        return []
    ids = {row.party_id for row in found} | {row.agent_id for row in found}
    known = people.particulars([party_id for party_id in ids if party_id is not None], on)
    mails = people.email_of([row.party_id for row in found if row.party_id is not None])
    return [_one(row, known, mails) for row in found]


def _one(row: MembershipRequest, known: dict[uuid.UUID, Particulars], mails: dict[uuid.UUID, str]) -> RequestFacts:
    party = known.get(row.party_id) if row.party_id else None
    agent = known.get(row.agent_id) if row.agent_id else None
    told = row.told
    given, family = told.get("given", ""), told.get("family", "")
    return RequestFacts(
        id=row.id,
        state=RequestState(row.state),
        kind=ApplicantKind(row.kind),
        is_on_paper=row.is_on_paper,
        language=row.language,
        party_id=row.party_id,
        agent_id=row.agent_id,
        name=party.display if party else (f"{family}, {given}" if given else family),
        spoken=party.spoken if party else f"{given} {family}".strip(),
        agent=agent.spoken if agent else f"{told.get('agent_given', '')} {told.get('agent_family', '')}".strip(),
        domicile=party.domicile if party else told.get("domicile", ""),
        enterprise_no=party.enterprise_no if party else told.get("enterprise_no", ""),
        email=mails.get(row.party_id, "") if row.party_id else told.get("email", ""),
        takes_more=row.takes_more,
        member_id=row.member_id,
        number=row.member.number if row.member else None,
        share_class=row.share_class.code if row.share_class else "",
        quantity=row.quantity,
        amount_per_share=row.amount_per_share,
        paid=row.paid,
        missing=tuple(Missing(code) for code in row.missing),
        asked_at=row.asked_at,
        asked_on=row.asked_on,
        paid_on=row.paid_on,
        decided_on=row.decided_on,
        reference=row.reference,
        ground=row.ground,
        explanation=row.explanation,
    )
