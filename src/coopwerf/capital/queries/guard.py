"""What counts for an offer's limits, and what they leave; the reckoning itself is `coopcalc.offers`."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from coopcalc.offers import Judgement, Taken, Threshold, guard, threshold, window_start
from coopcalc.offers import Question as GuardQuestion
from coopwerf.coops import queries as coops
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.questions import ask
from coopwerf.register import queries as register

from ..states import COUNTRY_OF, Regime
from .offers import OfferFacts, taking_offers
from .subscriptions import offers_with_queue

WINDOW_MONTHS = 12


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GuardFigures:
    """What was issued and is asked for in a co-operative, by everybody and by the parties who ask, in euro.

    `requested` counts once what is asked for: the register's open requests, and subscriptions that aren't requests yet
    because their address isn't confirmed. `own_*` is what of all this counts for one offer.
    """

    issued: tuple[Taken, ...] = ()
    requested: Decimal = ZERO
    people: int = 0
    person_issued: tuple[Taken, ...] = ()
    person_requested: Decimal = ZERO
    own_taken: Decimal = ZERO
    own_person: Decimal = ZERO


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is subscribed to and no request of the register yet, so not counted there: in euro, and by how many."""

    amount: Decimal = ZERO
    people: int = 0
    of_person: Decimal = ZERO
    of_offer: Decimal = ZERO
    of_offer_people: int = 0
    of_offer_person: Decimal = ZERO


def waiting_subscriptions(
    coop_id: uuid.UUID,
    offer_id: uuid.UUID | None,
    *,
    party_ids: Collection[uuid.UUID] = (),
    who_key: str = "",
    but: uuid.UUID | None = None,
    with_people: bool = True,
) -> Waiting:
    """Return what subscriptions hold that the register doesn't know as requests.

    Those that are open (not lapsed, refused, withdrawn, on the waiting list, or a request already). `of_person` is
    what these parties, or whoever has this `who_key` because they aren't known yet, hold of it. `but` is left out.
    """
    facts = {"coop": coop_id, "offer": offer_id, "parties": list(party_ids), "who": who_key, "but": but}
    (row,) = ask(_WAITING_SQL if with_people else _WAITING_MONEY_SQL, facts)
    amount, people, of_person, of_offer, of_offer_people, of_offer_person = row
    return Waiting(
        amount=amount,
        people=people,
        of_person=of_person,
        of_offer=of_offer,
        of_offer_people=of_offer_people,
        of_offer_person=of_offer_person,
    )


_WAITING_FROM = """
    FROM (
        SELECT amount, who_key, offer_id IS NOT DISTINCT FROM %(offer)s::uuid AS is_here,
            (who_key = %(who)s AND %(who)s <> '') OR party_id = ANY(%(parties)s::uuid[]) AS is_them
        FROM capital_subscription
        WHERE coop_id = %(coop)s AND state IN ('to_pay', 'paid') AND request_id IS NULL
            AND (%(but)s::uuid IS NULL OR id <> %(but)s::uuid)
    ) held
"""
# One person may hold several; whoever subscribed twice under the same name and address is counted once.
_WAITING_SQL = (
    """
    SELECT coalesce(sum(amount), 0.00), count(DISTINCT who_key),
        coalesce(sum(amount) FILTER (WHERE is_them), 0.00),
        coalesce(sum(amount) FILTER (WHERE is_here), 0.00), count(DISTINCT who_key) FILTER (WHERE is_here),
        coalesce(sum(amount) FILTER (WHERE is_here AND is_them), 0.00)
"""
    + _WAITING_FROM
)
# The same without counting people: that costs a sort, and few ways to offer ask for it.
_WAITING_MONEY_SQL = (
    """
    SELECT coalesce(sum(amount), 0.00), 0, coalesce(sum(amount) FILTER (WHERE is_them), 0.00),
        coalesce(sum(amount) FILTER (WHERE is_here), 0.00), 0,
        coalesce(sum(amount) FILTER (WHERE is_here AND is_them), 0.00)
"""
    + _WAITING_FROM
)


def requested_in_window(
    coop_id: uuid.UUID,
    on: dt.date,
    *,
    offer: OfferFacts | None = None,
    party_ids: Collection[uuid.UUID] = (),
    who_key: str = "",
    but: uuid.UUID | None = None,
) -> GuardFigures:
    """Return the figures of the rolling twelve months: issued by day, asked for, and by how many.

    With an offer also what counts for it: its classes, from its first day on. With parties, or the key of
    somebody who isn't one yet, what they took. What lapsed, was refused or withdrawn is in none of them.
    """
    since = window_start(on, WINDOW_MONTHS)
    issued = register.issued_by_day(coop_id, since)
    asked = register.asked_for(coop_id)
    waiting = waiting_subscriptions(
        coop_id,
        None if offer is None else offer.id,
        party_ids=party_ids,
        who_key=who_key,
        but=but,
        with_people=_counts(offer),
    )
    person = register.issued_by_day(coop_id, since, party_ids=party_ids) if party_ids else []
    person_asked = register.asked_for(coop_id, party_ids=party_ids).amount if party_ids else ZERO
    own = own_person = ZERO
    # Nobody could take anything of a draft; what its classes brought in counts for other offers.
    if offer is not None and offer.opened_at is not None:
        classes = [one.share_class_id for one in offer.classes]
        own = _issued_and_asked(coop_id, offer.opens_on, classes, None) + waiting.of_offer
        if party_ids:
            own_person = _issued_and_asked(coop_id, offer.opens_on, classes, party_ids)
        own_person += waiting.of_offer_person
    return GuardFigures(
        issued=tuple(Taken(one.on, one.amount) for one in issued),
        requested=asked.amount + waiting.amount,
        people=_people(coop_id, since, offer) + waiting.people,
        person_issued=tuple(Taken(one.on, one.amount) for one in person),
        person_requested=person_asked + waiting.of_person,
        own_taken=own,
        own_person=own_person,
    )


def _people(coop_id: uuid.UUID, since: dt.date, offer: OfferFacts | None) -> int:
    """Return how many took or ask for shares, where it matters: the law counts people for one way of offering only."""
    return register.takers(coop_id, since) if _counts(offer) else 0


def _counts(offer: OfferFacts | None) -> bool:
    return offer is None or offer.regime is Regime.FEW


def _issued_and_asked(
    coop_id: uuid.UUID, since: dt.date, classes: Collection[uuid.UUID], party_ids: Collection[uuid.UUID] | None
) -> Decimal:
    issued = _issued(coop_id, since, classes, party_ids)
    asked = register.asked_for(coop_id, since=since, classes=classes, party_ids=party_ids)
    return issued + asked.amount


def _issued(
    coop_id: uuid.UUID, since: dt.date, classes: Collection[uuid.UUID], party_ids: Collection[uuid.UUID] | None = None
) -> Decimal:
    """Return what was issued since a date: what is left and how far it has come ask for the same on one page."""
    parties = None if party_ids is None else tuple(party_ids)
    return remembered(
        ("capital.issued", coop_id, since, tuple(classes), parties),
        lambda: sum(
            (one.amount for one in register.issued_by_day(coop_id, since, classes=classes, party_ids=parties)),
            ZERO,
        ),
    )


def law_of(coop_id: uuid.UUID, regime: Regime, on: dt.date) -> Threshold | None:
    """Return what the law says of a way to make an offer, for the form that a co-operative has on a date."""
    country = COUNTRY_OF.get(coops.stage(coop_id, on))
    return None if country is None else threshold(country, regime, on)


def judged(law: Threshold, figures: GuardFigures, on: dt.date, *, offer: OfferFacts | None = None) -> Judgement:
    """Return what figures leave under the law, and under an offer's own limits."""
    return guard(
        GuardQuestion(
            on=on,
            threshold=law,
            issued=figures.issued,
            requested=figures.requested,
            people=figures.people,
            person_issued=figures.person_issued,
            person_requested=figures.person_requested,
            person_counted=bool(figures.person_issued or figures.person_requested),
            ceiling=None if offer is None else offer.ceiling,
            own_taken=figures.own_taken,
            own_per_person=None if offer is None else offer.per_person,
            own_person=figures.own_person,
        )
    )


def room(
    offer: OfferFacts,
    on: dt.date,
    *,
    party_ids: Collection[uuid.UUID] = (),
    who_key: str = "",
    but: uuid.UUID | None = None,
) -> Judgement | None:
    """Return what is left for one more subscription on an offer; None where we know no law for this co-operative.

    Whoever decides on it holds it first (`hold_room`), so that two at once for the last place are counted in turn.
    """
    law = law_of(offer.coop_id, offer.regime, on)
    if law is None:
        return None
    figures = requested_in_window(offer.coop_id, on, offer=offer, party_ids=party_ids, who_key=who_key, but=but)
    return judged(law, figures, on, offer=offer)


def open_offers(coop_id: uuid.UUID, on: dt.date) -> list[OfferFacts]:
    """Return the offers on which somebody can subscribe on a date: those with room first, of these the newest first.

    Where somebody waits there is none for whoever comes now.
    """
    found = taking_offers(coop_id, on)
    if len(found) < 2:
        return found
    queues = offers_with_queue(coop_id)
    return sorted(found, key=lambda one: one.id in queues or not _has_room(one, on))


def _has_room(offer: OfferFacts, on: dt.date) -> bool:
    price, left = offer.lowest_price, room(offer, on)
    return price is not None and (left is None or left.fits(price))


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far an offer has come, in euro and people: admitted, paid and waiting for the board, not paid."""

    admitted: Decimal
    paid: Decimal
    unpaid: Decimal
    people: int

    @property
    def reached(self) -> Decimal:
        """Return what is admitted or paid: what the thermometer shows."""
        return self.admitted + self.paid


def progress(offer: OfferFacts) -> Progress:
    """Return how far an offer has come: shares of its classes issued since its first day, and asked for."""
    if offer.opened_at is None:
        return Progress(ZERO, ZERO, ZERO, 0)
    classes = [one.share_class_id for one in offer.classes]
    asked = register.asked_for(offer.coop_id, since=offer.opens_on, classes=classes)
    waiting = waiting_subscriptions(offer.coop_id, offer.id)
    return Progress(
        admitted=_issued(offer.coop_id, offer.opens_on, classes),
        paid=asked.paid,
        unpaid=asked.amount - asked.paid + waiting.of_offer,
        people=register.takers(offer.coop_id, offer.opens_on, classes=classes) + waiting.of_offer_people,
    )
