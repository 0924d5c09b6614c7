"""Registrations: one by its secret address, lists for organisers, who is next, and how many places are taken."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from django.db.models import Count, F, Q, QuerySet, Sum

from coopwerf.kernel.tokens import token_hash
from coopwerf.messages import queries as messages

from ..models import Choice, Gathering, Registration, Ticket
from ..states import HOLDING, OPEN, GatheringState, Needs, RegistrationState, Source, Told, name_key, written_code
from .gatherings import GatheringFacts, gathering_facts

_HOLDING = [one.value for one in HOLDING]


@dataclasses.dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket: for whom, and the code that is shown at the desk."""

    id: uuid.UUID
    name: str
    code: str

    @property
    def written(self) -> str:
        """Return the code as it stands on the ticket."""
        return written_code(self.code)


@dataclasses.dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """A session that was chosen, and whether there is a place in it."""

    session_id: uuid.UUID
    is_seated: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFacts:
    """A registration with its tickets and sessions; address and needs are for themselves and the organisers only."""

    id: uuid.UUID
    gathering_id: uuid.UUID
    contact_id: uuid.UUID | None
    number: int
    people: int
    state: RegistrationState
    source: Source
    language: str
    needs: Needs
    email: str
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None
    until: dt.datetime | None
    answer_by: dt.datetime | None
    tickets: tuple[TicketFacts, ...]
    choices: tuple[ChoiceFacts, ...]
    asked_news: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Return who comes."""
        return tuple(ticket.name for ticket in self.tickets)

    @property
    def is_open(self) -> bool:
        """Tell whether it isn't over."""
        return self.state in OPEN


def facts_of(coop_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RegistrationFacts]:
    """Return registrations by id, with few questions whatever their number."""
    rows = list(Registration.objects.filter(coop_id=coop_id, id__in=ids).order_by("number", "id"))
    contacts = messages.contacts(coop_id, {row.contact_id for row in rows if row.contact_id is not None})
    tickets: dict[uuid.UUID, list[TicketFacts]] = {}
    for one in Ticket.objects.filter(coop_id=coop_id, registration_id__in=ids).order_by("place"):
        tickets.setdefault(one.registration_id, []).append(TicketFacts(one.id, one.name, one.code))
    choices: dict[uuid.UUID, list[ChoiceFacts]] = {}
    for choice in Choice.objects.filter(coop_id=coop_id, registration_id__in=ids).order_by("session__begins_at", "id"):
        choices.setdefault(choice.registration_id, []).append(ChoiceFacts(choice.session_id, choice.is_seated))
    return {
        row.id: RegistrationFacts(
            id=row.id,
            gathering_id=row.gathering_id,
            contact_id=row.contact_id,
            number=row.number,
            people=row.people,
            state=RegistrationState(row.state),
            source=Source(row.source),
            language=row.language,
            needs=Needs(**row.needs),
            email=contacts[row.contact_id].email if row.contact_id is not None else "",
            sent_at=row.sent_at,
            confirmed_at=row.confirmed_at,
            until=row.until,
            answer_by=row.answer_by,
            tickets=tuple(tickets.get(row.id, ())),
            choices=tuple(choices.get(row.id, ())),
            asked_news=row.news_words is not None,
        )
        for row in rows
    }


def registration(coop_id: uuid.UUID, registration_id: uuid.UUID) -> RegistrationFacts | None:
    """Return one registration, or None."""
    return facts_of(coop_id, [registration_id]).get(registration_id)


def registration_by_token(coop_id: uuid.UUID, token: str) -> RegistrationFacts | None:
    """Return the registration behind a secret address, or None."""
    found = Registration.objects.filter(coop_id=coop_id, token_hash=token_hash(token)).values_list("id", flat=True)
    return next((registration(coop_id, one) for one in found), None)


def by_key(coop_id: uuid.UUID, key: uuid.UUID) -> uuid.UUID | None:
    """Return the registration that was made with a key, or None."""
    return Registration.objects.filter(coop_id=coop_id, key=key).values_list("id", flat=True).first()


def open_of(coop_id: uuid.UUID, gathering_id: uuid.UUID, contact_id: uuid.UUID) -> uuid.UUID | None:
    """Return the registration that a contact has for a gathering and that isn't over, or None."""
    rows = Registration.objects.filter(
        coop_id=coop_id,
        gathering_id=gathering_id,
        contact_id=contact_id,
        source=Source.PAGE.value,
        state__in=[one.value for one in OPEN],
    )
    return rows.values_list("id", flat=True).first()


def _one(ident: uuid.UUID | None) -> list[uuid.UUID]:
    return [] if ident is None else [ident]


def taken(gathering_id: uuid.UUID, *, but: uuid.UUID | None = None) -> int:
    """Return how many places are taken, kept or offered, without those of one registration."""
    rows = Registration.objects.filter(gathering_id=gathering_id, state__in=_HOLDING, source=Source.PAGE.value)
    return rows.exclude(id__in=_one(but)).aggregate(people=Sum("people"))["people"] or 0


def smallest_waiting(gathering_id: uuid.UUID, *, before: int | None = None, but: uuid.UUID | None = None) -> int | None:
    """Return how many people the smallest confirmed registration brings that waits, of all or before a number."""
    rows = Registration.objects.filter(
        gathering_id=gathering_id, state=RegistrationState.WAITING.value, confirmed_at__isnull=False
    ).exclude(id__in=_one(but))
    if before is not None:
        rows = rows.filter(number__lt=before)
    return rows.order_by("people").values_list("people", flat=True).first()


def has_room(
    gathering_id: uuid.UUID,
    capacity: int | None,
    people: int,
    *,
    before: int | None = None,
    but: uuid.UUID | None = None,
) -> bool:
    """Tell whether so many people fit, and nobody who waits (before a number) would fit there first."""
    if capacity is None:
        return True
    now = taken(gathering_id, but=but)
    if now + people > capacity:
        return False
    smallest = smallest_waiting(gathering_id, before=before, but=but)
    return smallest is None or now + smallest > capacity


def taken_in_sessions(gathering_id: uuid.UUID, *, but: uuid.UUID | None = None) -> dict[uuid.UUID, int]:
    """Return how many places are taken in each session, without those of one registration."""
    rows = Choice.objects.filter(
        registration__gathering_id=gathering_id, registration__state__in=_HOLDING, is_seated=True
    )
    sums = rows.exclude(registration_id__in=_one(but)).values("session_id").annotate(people=Sum("registration__people"))
    return {one["session_id"]: one["people"] for one in sums.order_by()}


def place_in_queue(found: RegistrationFacts) -> int:
    """Return at which place somebody waits, counting registrations."""
    before = Registration.objects.filter(
        gathering_id=found.gathering_id, state=RegistrationState.WAITING.value, number__lt=found.number
    )
    return before.count() + 1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many people a gathering has in each state, and how many of its registrations haven't answered a move."""

    seated: int = 0
    held: int = 0
    offered: int = 0
    waiting: int = 0
    unanswered: int = 0
    at_desk: int = 0

    @property
    def taken(self) -> int:
        """Return how many places are taken."""
        return self.seated + self.held + self.offered


def counts(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> Counts:
    """Return how many people registered, by state."""
    return counts_of(coop_id, [gathering_id]).get(gathering_id, Counts())


def counts_of(coop_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Counts]:
    """Return the same for several gatherings at once."""

    def people(state: RegistrationState) -> Sum:
        return Sum("people", filter=Q(state=state.value, source=Source.PAGE.value), default=0)

    rows = Registration.objects.filter(coop_id=coop_id, gathering_id__in=ids).values("gathering_id")
    found = rows.annotate(
        seated=people(RegistrationState.SEATED),
        held=people(RegistrationState.HELD),
        offered=people(RegistrationState.OFFERED),
        waiting=people(RegistrationState.WAITING),
        unanswered=Count("id", filter=Q(state=RegistrationState.SEATED.value, answer_by__isnull=False)),
        at_desk=Sum("people", filter=Q(source=Source.DESK.value), default=0),
    ).order_by()
    return {
        one["gathering_id"]: Counts(**{name: one[name] for name in one if name != "gathering_id"})  # type: ignore[literal-required]
        for one in found
    }


PAGE = 50


def registrations(
    coop_id: uuid.UUID, gathering_id: uuid.UUID, *, state: str = "", text: str = "", after: int = 0, limit: int = PAGE
) -> list[RegistrationFacts]:
    """Return registrations in the order in which they came; `text` is looked for in names."""
    rows = Registration.objects.filter(coop_id=coop_id, gathering_id=gathering_id, number__gt=after)
    if state in list(RegistrationState):
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(tickets__name_key__contains=name_key(text)).distinct()
    ids = list(rows.order_by("number").values_list("id", flat=True)[:limit])
    return list(facts_of(coop_id, ids).values())


def with_needs(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> list[RegistrationFacts]:
    """Return who needs something and comes: for the organisers only."""
    rows = Registration.objects.filter(
        coop_id=coop_id, gathering_id=gathering_id, state=RegistrationState.SEATED.value
    ).exclude(needs={})
    ids = list(rows.order_by("number").values_list("id", flat=True)[:1000])
    return [one for one in facts_of(coop_id, ids).values() if not one.needs.is_nothing]


def session_counts(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> dict[uuid.UUID, tuple[int, int]]:
    """Return for each session how many have a place in it, and how many wait for one."""
    rows = Choice.objects.filter(
        coop_id=coop_id, registration__gathering_id=gathering_id, registration__state__in=_HOLDING
    )
    sums = rows.values("session_id").annotate(
        seated=Sum("registration__people", filter=Q(is_seated=True), default=0),
        waiting=Sum("registration__people", filter=Q(is_seated=False), default=0),
    )
    return {one["session_id"]: (one["seated"], one["waiting"]) for one in sums.order_by()}


def sent_lately(coop_id: uuid.UUID, sender_key: str, since: dt.datetime) -> int:
    """Return how many registrations came from one place on the network since a moment."""
    if not sender_key:
        return 0
    return Registration.objects.filter(coop_id=coop_id, sender_key=sender_key, sent_at__gt=since).count()


THANKED_FOR = dt.timedelta(days=30)
"""How long after a gathering those who had a place can still be written to about it, all at once."""


def _participants(coop_id: uuid.UUID, now: dt.datetime, gathering_id: uuid.UUID | None) -> QuerySet[Registration]:
    rows = Registration.objects.filter(
        coop_id=coop_id,
        state=RegistrationState.SEATED.value,
        contact_id__isnull=False,
        confirmed_at__isnull=False,
        source=Source.PAGE.value,
        gathering__ends_at__gt=now - THANKED_FOR,
    )
    rows = rows if gathering_id is None else rows.filter(gathering_id=gathering_id)
    return rows.exclude(gathering__state=GatheringState.CANCELLED.value)


def participants(coop_id: uuid.UUID, now: dt.datetime, gathering_id: uuid.UUID | None = None) -> dict[uuid.UUID, str]:
    """Return the contacts who have a place at a gathering to come, or had one in the last days, with their language.

    With `gathering_id` at that one alone.
    """
    found = _participants(coop_id, now, gathering_id).order_by("number")
    return {ident: language for ident, language in found.values_list("contact_id", "language") if ident is not None}


def count_participants(coop_id: uuid.UUID, now: dt.datetime, gathering_id: uuid.UUID) -> int:
    """Return to how many who have a place at a gathering one can write."""
    rows = _participants(coop_id, now, gathering_id).order_by()
    return int(rows.aggregate(number=Count("contact_id", distinct=True))["number"])


def with_participants(coop_id: uuid.UUID, now: dt.datetime) -> list[GatheringFacts]:
    """Return the gatherings to whose participants one can write: to come, or held in the last days; first to begin."""
    rows = Gathering.objects.filter(coop_id=coop_id, ends_at__gt=now - THANKED_FOR)
    shown = rows.filter(state__in=[GatheringState.ANNOUNCED.value, GatheringState.HELD.value])
    return [gathering_facts(row) for row in shown.select_related("series").order_by("begins_at", "id")]


# What waits to be done


def unwritten(coop_id: uuid.UUID, limit: int, *, after: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Return the registrations about which a letter is to be written, the first one first, or those `after` one."""
    rows = Registration.objects.filter(coop_id=coop_id).exclude(told=Told.NOTHING.value)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def due_gatherings(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the gatherings in which a kept place, an offer or the time to answer a move has run out."""
    late = Registration.objects.filter(coop_id=coop_id, until__lte=now).values_list("gathering_id", flat=True)
    unanswered = Registration.objects.filter(
        coop_id=coop_id, answer_by__lte=now, state=RegistrationState.SEATED.value
    ).values_list("gathering_id", flat=True)
    return sorted({*late.distinct(), *unanswered.distinct()})


def to_remind(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the announced gatherings that begin within the next two days: their local day decides."""
    rows = Gathering.objects.filter(
        coop_id=coop_id,
        state=GatheringState.ANNOUNCED.value,
        begins_at__gt=now,
        begins_at__lt=now + dt.timedelta(days=2),
    )
    return list(rows.order_by("begins_at").values_list("id", flat=True))


def to_ask_again(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the announced gatherings that were moved, with answers due within two days."""
    rows = Gathering.objects.filter(
        coop_id=coop_id,
        state=GatheringState.ANNOUNCED.value,
        answer_by__gt=now,
        answer_by__lt=now + dt.timedelta(days=2),
    )
    return list(rows.order_by("begins_at").values_list("id", flat=True))


def to_forget(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the gatherings that ended so long ago that what people needed is forgotten."""
    rows = Gathering.objects.filter(coop_id=coop_id, forgotten_at__isnull=True, ends_at__lt=now)
    kept = rows.annotate(days=F("forget_days")).values_list("id", "ends_at", "days")
    return [ident for ident, ends_at, days in kept if ends_at + dt.timedelta(days=days) < now]


def to_forget_names(coop_id: uuid.UUID, before: dt.datetime) -> list[uuid.UUID]:
    """Return the gatherings that ended before a moment, and of which it is still known who was there."""
    rows = Gathering.objects.filter(coop_id=coop_id, names_forgotten_at__isnull=True, ends_at__lt=before)
    return list(rows.order_by("ends_at", "id").values_list("id", flat=True))


def about_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[tuple[RegistrationFacts, Mapping[str, str]]]:
    """Return the registrations of a contact with the titles of their gatherings, the first one first."""
    rows = Registration.objects.filter(coop_id=coop_id, contact_id=contact_id).select_related("gathering")
    titles = {row.id: {code: told["title"] for code, told in row.gathering.texts.items()} for row in rows}
    return [(facts, titles[ident]) for ident, facts in facts_of(coop_id, list(titles)).items()]


def coming_contacts(coop_id: uuid.UUID, contact_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return who of some people without an account registered, and may still come or was there.

    Not who let it lapse and hasn't come back, nor who waited in vain for a gathering of which needs are forgotten.
    """
    rows = Registration.objects.filter(coop_id=coop_id, contact_id__in=contact_ids)
    is_over = Q(state__in=[RegistrationState.LAPSED.value, RegistrationState.CANCELLED.value])
    in_vain = Q(gathering__forgotten_at__isnull=False) & ~Q(state=RegistrationState.SEATED.value)
    needed = rows.exclude(Q(confirmed_at__isnull=True, sent_at__lt=since) & (is_over | in_vain))
    return {one for one in needed.values_list("contact_id", flat=True) if one is not None}
