"""Calls for help with what came of them, and the notices that are read from outside."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from coopwerf.kernel.money import ZERO
from coopwerf.messages import queries as messages

from ..models import HelpCall, HelpMessage, HelpNotice, HelpOffer
from ..states import TAKES_PLACE, CallState, HelpKind, OfferState, spoken

_TAKEN = [state.value for state in TAKES_PLACE]


@dataclasses.dataclass(frozen=True, slots=True)
class CallWords:
    """What a call is called and what it asks, in one language."""

    title: str = ""
    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What came for a call: how many have a place; for one for money what is promised, given, and given in kind."""

    taken: int = 0
    promised: Decimal = ZERO
    received: Decimal = ZERO
    in_kind: Decimal = ZERO


@dataclasses.dataclass(frozen=True, slots=True)
class CallFacts:
    """A call for help as anybody may read it, once it is open."""

    id: uuid.UUID
    slug: str
    kind: HelpKind
    state: CallState
    texts: Mapping[str, CallWords]
    minutes: int | None
    skill: str
    languages: tuple[str, ...]
    places: int
    where: str
    due_on: dt.date | None
    lent_from: dt.date | None
    lent_until: dt.date | None
    amount: Decimal | None
    lowers_id: uuid.UUID | None
    worth: Decimal | None
    is_direct: bool
    report_id: uuid.UUID | None
    into: str
    closing: Mapping[str, str]
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    found: Found

    def words(self, *languages: str) -> tuple[str, CallWords]:
        """Return in which language it is told, and what it tells."""
        code, words = spoken(self.texts, languages)
        return code, words or CallWords()

    @property
    def is_money(self) -> bool:
        """Tell whether money is asked for."""
        return self.kind is HelpKind.MONEY

    @property
    def left(self) -> int:
        """Return how many places are free; of a call for money, one as long as something is needed."""
        if self.is_money:
            return 1
        return max(0, self.places - self.found.taken)

    @property
    def needed(self) -> Decimal:
        """Return what a call for money still needs: less what is promised or given, and what is given in kind."""
        return max(ZERO, (self.amount or ZERO) - self.found.promised - self.found.in_kind)

    @property
    def takes(self) -> bool:
        """Tell whether somebody can still offer something."""
        return self.state is CallState.OPEN and self.left > 0

    @property
    def is_public(self) -> bool:
        """Tell whether anybody can read it."""
        return self.state is not CallState.DRAFT


@dataclasses.dataclass(frozen=True, slots=True)
class OfferFacts:
    """What somebody offers, for the project and for themselves; `name` is how they call themselves."""

    id: uuid.UUID
    call_id: uuid.UUID
    contact_id: uuid.UUID
    name: str
    state: OfferState
    words: str
    amount: Decimal | None
    is_in_kind: bool
    value: Decimal | None
    may_name: bool
    answer: str
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None
    decided_at: dt.datetime | None
    given_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message between somebody outside and the project."""

    id: uuid.UUID
    call_id: uuid.UUID
    contact_id: uuid.UUID
    is_ours: bool
    words: str
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A call of a listed project, as it stands on the page of all projects."""

    slug: str
    coop_slug: str
    coop_name: str
    kind: HelpKind
    texts: Mapping[str, CallWords]
    minutes: int | None
    skill: str
    languages: tuple[str, ...]
    places_left: int
    where: str
    due_on: dt.date | None

    def words(self, *languages: str) -> tuple[str, CallWords]:
        """Return in which language it is told, and what it tells."""
        code, words = spoken(self.texts, languages)
        return code, words or CallWords()


# Calls


def _call_words(texts: Mapping[str, Mapping[str, str]]) -> dict[str, CallWords]:
    return {code: CallWords(told.get("title", ""), told.get("text", "")) for code, told in texts.items()}


def _what_came(coop_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Found]:
    """Return what came for these calls, with what other calls for tasks and things give to them."""
    lowering = HelpCall.objects.filter(coop_id=coop_id, lowers_id__in=ids).values_list("id", "lowers_id", "worth")
    gives = {call_id: (lowers_id, worth) for call_id, lowers_id, worth in lowering.order_by("id")}
    is_taken = Q(state__in=_TAKEN)
    rows = (
        HelpOffer.objects.filter(coop_id=coop_id, call_id__in={*ids, *gives})
        .values("call_id")
        .annotate(
            taken=Count("id", filter=is_taken),
            promised=Sum("amount", filter=is_taken & Q(is_in_kind=False)),
            received=Sum("amount", filter=Q(state=OfferState.GIVEN.value, is_in_kind=False)),
            in_kind=Sum("value", filter=is_taken & Q(is_in_kind=True)),
        )
        .order_by("call_id")
    )
    came = {row["call_id"]: row for row in rows}
    through: dict[uuid.UUID, Decimal] = {}
    for call_id, (lowers_id, worth) in gives.items():
        if call_id in came:
            through[lowers_id] = through.get(lowers_id, ZERO) + came[call_id]["taken"] * worth
    return {
        call_id: Found(
            taken=row["taken"] if row else 0,
            promised=(row["promised"] if row else None) or ZERO,
            received=(row["received"] if row else None) or ZERO,
            in_kind=((row["in_kind"] if row else None) or ZERO) + through.get(call_id, ZERO),
        )
        for call_id in ids
        for row in [came.get(call_id)]
    }


def _told(coop_id: uuid.UUID, rows: Iterable[HelpCall]) -> list[CallFacts]:
    found = list(rows)
    came = _what_came(coop_id, {row.id for row in found}) if found else {}
    return [
        CallFacts(
            id=row.id,
            slug=row.slug,
            kind=HelpKind(row.kind),
            state=CallState(row.state),
            texts=_call_words(row.texts),
            minutes=row.minutes,
            skill=row.skill,
            languages=tuple(row.languages),
            places=row.places,
            where=row.where,
            due_on=row.due_on,
            lent_from=row.lent_from,
            lent_until=row.lent_until,
            amount=row.amount,
            lowers_id=row.lowers_id,
            worth=row.worth,
            is_direct=row.is_direct,
            report_id=row.report_id,
            into=row.into,
            closing=row.closing,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            found=came[row.id],
        )
        for row in found
    ]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HelpSearch:
    """What somebody can give; what is empty isn't asked. Who has so many minutes finds every task that takes no more.

    With a language are found the calls that take it, and those that take none.
    """

    kind: HelpKind | None = None
    minutes: int | None = None
    skill: str = ""
    language: str = ""


def _suits(search: HelpSearch) -> Q:
    asked = Q()
    if search.kind is not None:
        asked &= Q(kind=search.kind.value)
    if search.minutes is not None:
        asked &= Q(kind=HelpKind.TASK.value, minutes__lte=search.minutes)
    if search.skill:
        asked &= Q(skill=search.skill)
    if search.language:
        asked &= Q(languages=[]) | Q(languages__contains=[search.language])
    return asked


def calls(coop_id: uuid.UUID, *, with_drafts: bool = False) -> Sequence[CallFacts]:
    """Return every call, the newest first; drafts for those who write them."""
    rows = HelpCall.objects.filter(coop_id=coop_id).order_by("-id")
    return _told(coop_id, rows if with_drafts else rows.exclude(state=CallState.DRAFT))


def calls_with(coop_id: uuid.UUID, call_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CallFacts]:
    """Return calls by id."""
    return {one.id: one for one in _told(coop_id, HelpCall.objects.filter(coop_id=coop_id, id__in=call_ids))}


def open_calls(coop_id: uuid.UUID, search: HelpSearch) -> Sequence[CallFacts]:
    """Return the open calls that suit somebody: the shortest tasks first, then things, then money."""
    rows = HelpCall.objects.filter(_suits(search), coop_id=coop_id, state=CallState.OPEN)
    order = (HelpKind.TASK, HelpKind.THING, HelpKind.MONEY)
    return sorted(_told(coop_id, rows.order_by("id")), key=lambda one: (order.index(one.kind), one.minutes or 0))


def closed_calls(coop_id: uuid.UUID, most: int = 20) -> Sequence[CallFacts]:
    """Return the calls that were closed, the latest first."""
    rows = HelpCall.objects.filter(coop_id=coop_id, state=CallState.CLOSED).order_by("-closed_at")
    return _told(coop_id, rows[:most])


def call_facts(coop_id: uuid.UUID, call_id: uuid.UUID) -> CallFacts | None:
    """Return one call, or None."""
    return next(iter(_told(coop_id, HelpCall.objects.filter(coop_id=coop_id, id=call_id))), None)


def call_by_slug(coop_id: uuid.UUID, slug: str) -> CallFacts | None:
    """Return the call under an address, or None."""
    return next(iter(_told(coop_id, HelpCall.objects.filter(coop_id=coop_id, slug=slug))), None)


def money_calls(coop_id: uuid.UUID) -> Sequence[CallFacts]:
    """Return the calls for money that help in kind can lower."""
    rows = HelpCall.objects.filter(coop_id=coop_id, kind=HelpKind.MONEY).exclude(state=CallState.CLOSED)
    return _told(coop_id, rows.order_by("id"))


# Offers and messages


def _offers(coop_id: uuid.UUID, rows: QuerySet[HelpOffer]) -> list[OfferFacts]:
    found = list(rows.order_by("sent_at", "id"))
    people = messages.contacts(coop_id, {row.contact_id for row in found}) if found else {}
    return [
        OfferFacts(
            id=row.id,
            call_id=row.call_id,
            contact_id=row.contact_id,
            name=people[row.contact_id].name,
            state=OfferState(row.state),
            words=row.words,
            amount=row.amount,
            is_in_kind=row.is_in_kind,
            value=row.value,
            may_name=row.may_name,
            answer=row.answer,
            sent_at=row.sent_at,
            confirmed_at=row.confirmed_at,
            decided_at=row.decided_at,
            given_at=row.given_at,
        )
        for row in found
    ]


def offers_for(coop_id: uuid.UUID, call_id: uuid.UUID) -> Sequence[OfferFacts]:
    """Return what was offered for a call and confirmed, the oldest first."""
    return _offers(coop_id, HelpOffer.objects.filter(coop_id=coop_id, call_id=call_id).exclude(confirmed_at=None))


def helpers(coop_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the contacts who help or have helped: their offers have a place."""
    rows = HelpOffer.objects.filter(coop_id=coop_id, state__in=_TAKEN)
    return set(rows.values_list("contact_id", flat=True))


def offer_facts(coop_id: uuid.UUID, offer_id: uuid.UUID) -> OfferFacts | None:
    """Return one offer that was confirmed, or None."""
    rows = HelpOffer.objects.filter(coop_id=coop_id, id=offer_id).exclude(confirmed_at=None)
    return next(iter(_offers(coop_id, rows)), None)


def offers_by(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Sequence[OfferFacts]:
    """Return what somebody offered, also what waits for their own confirmation."""
    return _offers(coop_id, HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id))


def count_waiting(coop_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return how many offers wait for an answer, by call."""
    rows = HelpOffer.objects.filter(coop_id=coop_id, state=OfferState.OPEN).values("call_id")
    return {row["call_id"]: row["count"] for row in rows.annotate(count=Count("id")).order_by("call_id")}


def named_helpers(coop_id: uuid.UUID, call_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[list[str], int]]:
    """Return who helped with these calls: the names of those who may be named, and how many others."""
    rows = HelpOffer.objects.filter(coop_id=coop_id, call_id__in=call_ids, state=OfferState.GIVEN)
    told: dict[uuid.UUID, tuple[list[str], int]] = {}
    for one in _offers(coop_id, rows):
        names, others = told.get(one.call_id, ([], 0))
        told[one.call_id] = ([*names, one.name], others) if one.may_name and one.name else (names, others + 1)
    return told


def _message(row: HelpMessage) -> MessageFacts:
    return MessageFacts(row.id, row.call_id, row.contact_id, row.is_ours, row.words, row.sent_at, row.confirmed_at)


def conversation(coop_id: uuid.UUID, call_id: uuid.UUID, contact_id: uuid.UUID) -> Sequence[MessageFacts]:
    """Return what somebody and the project wrote to each other about a call, the oldest first."""
    rows = HelpMessage.objects.filter(coop_id=coop_id, call_id=call_id, contact_id=contact_id)
    return [_message(row) for row in rows.exclude(confirmed_at=None).order_by("sent_at", "id")]


def messages_by(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Sequence[MessageFacts]:
    """Return everything that somebody and the project wrote to each other, also what isn't confirmed."""
    rows = HelpMessage.objects.filter(coop_id=coop_id, contact_id=contact_id)
    return [_message(row) for row in rows.order_by("sent_at", "id")]


@dataclasses.dataclass(frozen=True, slots=True)
class TalkFacts:
    """Whom one talks to about a call: how they call themselves, how much was written, whether they wait."""

    contact_id: uuid.UUID
    name: str
    count: int
    waits: bool
    last_at: dt.datetime


def talks(coop_id: uuid.UUID, call_id: uuid.UUID) -> Sequence[TalkFacts]:
    """Return the conversations about a call, who waits for an answer first."""
    rows = HelpMessage.objects.filter(coop_id=coop_id, call_id=call_id).exclude(confirmed_at=None)
    found: dict[uuid.UUID, list[HelpMessage]] = {}
    for row in rows.order_by("sent_at", "id"):
        found.setdefault(row.contact_id, []).append(row)
    people = messages.contacts(coop_id, found.keys()) if found else {}
    told = [
        TalkFacts(contact_id, people[contact_id].name, len(said), not said[-1].is_ours, said[-1].sent_at)
        for contact_id, said in found.items()
    ]
    return sorted(told, key=lambda one: (not one.waits, one.last_at))


def unconfirmed_help(coop_id: uuid.UUID, before: dt.datetime) -> tuple[Sequence[uuid.UUID], Sequence[uuid.UUID]]:
    """Return the offers and messages that were sent before a moment and never confirmed."""
    offers = HelpOffer.objects.filter(coop_id=coop_id, state=OfferState.SENT, sent_at__lt=before)
    said = HelpMessage.objects.filter(coop_id=coop_id, confirmed_at=None, sent_at__lt=before)
    return list(offers.values_list("id", flat=True)), list(said.values_list("id", flat=True))


def helping_contacts(coop_id: uuid.UUID, contact_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return who of some people without an account offered help, confirmed or not lapsed yet, or was written to."""
    offers = HelpOffer.objects.filter(coop_id=coop_id, contact_id__in=contact_ids)
    alive = offers.filter(Q(confirmed_at__isnull=False) | Q(state=OfferState.SENT))
    said = HelpMessage.objects.filter(coop_id=coop_id, contact_id__in=contact_ids)
    return {*alive.values_list("contact_id", flat=True), *said.values_list("contact_id", flat=True)}


# Read from outside


def notices(search: HelpSearch, *, most: int = 100) -> Sequence[NoticeFacts]:
    """Return the calls of all listed projects that suit somebody, the shortest first: one query, whoever asks."""
    rows = HelpNotice.objects.filter(_suits(search), coop__is_practice=False).select_related("coop")
    return [
        NoticeFacts(
            slug=row.slug,
            coop_slug=row.coop.slug,
            coop_name=row.coop.name,
            kind=HelpKind(row.kind),
            texts=_call_words(row.texts),
            minutes=row.minutes,
            skill=row.skill,
            languages=tuple(row.languages),
            places_left=row.places_left,
            where=row.where,
            due_on=row.due_on,
        )
        for row in rows.order_by("minutes", "opened_at", "call_id")[:most]
    ]
