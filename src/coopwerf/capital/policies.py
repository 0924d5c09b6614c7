"""Who may set up an offer, what an offer lacks before it can open, and what fits its limits."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopcalc.offers import BoundCode, Judgement, Threshold
from coopcalc.references import is_iban
from coopwerf.coops import policies as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.ui.formats import LANGUAGE_NAMES

from . import queries
from .states import OFFER_TRANSITIONS, PAPER_REGIMES, OfferState, Regime, SubscriptionState

MOST_MONEY = Decimal("999999999.99")
LONGEST_TEXT = 6000
LONGEST_LINE = 240
LONGEST_LEAD = 400
LARGEST_FILE = 5_000_000
MOST_QUESTIONS = 40
WORD_NAMES: dict[str, str | Promise] = {
    "title": _("the title"),
    "lead": _("the first sentences"),
    "purpose": _("what the money is for"),
    "rights": _("what a share gives"),
    "risks": _("the risks"),
    "risk_sentence": _("the sentence about risk"),
}
"""What an offer must tell in each of its languages, by what people call it."""


def may_manage_offers(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may set up offers, open and close them."""
    return coops.may_do(actor, coop_id, Power.MANAGE_OFFERS, on)


def may_see_proof(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may see that register, ledger and bank agree, and where they don't."""
    return coops.may_do(actor, coop_id, Power.SEE_BOOKS, on)


def may_move(state: OfferState, to: OfferState) -> Verdict:
    """Tell whether an offer may come into another state."""
    return allow() if to in OFFER_TRANSITIONS[state] else refuse("capital.state", state=state.value, to=to.value)


def may_change_terms(state: OfferState) -> Verdict:
    """Tell whether something of an offer's terms may still change: nothing of one that is closed."""
    return refuse("capital.offer_closed") if state is OfferState.CLOSED else allow()


def fits_iban(number: str) -> Verdict:
    """Tell whether this can be a bank account number; spaces are fine."""
    return allow() if is_iban(number) else refuse("capital.iban_wrong")


def fits_amount(amount: Decimal | None) -> Verdict:
    """Tell whether an amount of an offer can be meant: above zero, in cents, or none."""
    if amount is None:
        return allow()
    if not amount.is_finite() or amount <= 0 or amount > MOST_MONEY or amount != amount.quantize(Decimal("0.01")):
        return refuse("capital.amount_out_of_bounds", amount=amount)
    return allow()


def fits_room(judgement: Judgement, amount: Decimal) -> Verdict:
    """Tell whether an amount can still be subscribed to; a refusal says which limit it passes and what is left."""
    passed = judgement.exceeded_by(amount)
    if passed is None:
        return allow()
    if passed.code is BoundCode.PEOPLE:
        return refuse("capital.room_people", most=int(passed.limit))
    facts = {"amount": amount, "limit": passed.limit, "left": passed.left}
    if passed.code is BoundCode.TOTAL and (again := judgement.enough_on(amount)) is not None:
        return refuse("capital.room_total_until", **facts, on=again)
    if passed.code is BoundCode.TOTAL:
        return refuse("capital.room_total", **facts)
    if passed.code is BoundCode.PER_PERSON:
        return refuse("capital.room_per_person", **facts)
    if passed.code is BoundCode.OWN_PER_PERSON:
        return refuse("capital.room_own_per_person", **facts)
    return refuse("capital.room_ceiling", **facts)


@dataclasses.dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that an offer lacks before it can open: the reason, and in which part it is mended."""

    verdict: Verdict
    part: str


def hindrances(
    offer: queries.OfferFacts, coop: CoopFacts, law: Threshold | None, judgement: Judgement | None, on: dt.date
) -> list[Hindrance]:
    """Return everything that keeps an offer from opening, in the order in which people mend it."""
    return [Hindrance(verdict, part) for part, verdict in _hindrances(offer, coop, law, judgement, on)]


def _hindrances(
    offer: queries.OfferFacts, coop: CoopFacts, law: Threshold | None, judgement: Judgement | None, on: dt.date
) -> Iterator[tuple[str, Verdict]]:
    if law is None:
        yield "terms", refuse("capital.no_law")
    if not offer.classes:
        yield "terms", refuse("capital.no_class")
    if offer.regime is Regime.FEW:
        yield "terms", refuse("capital.few_not_public")
    if offer.regime in PAPER_REGIMES and not offer.paper:
        yield "terms", refuse("capital.no_paper")
    if not offer.iban or not offer.holder:
        yield "terms", refuse("capital.no_bank_account")
    if offer.closes_on is not None and offer.closes_on < on:
        yield "terms", refuse("capital.closes_in_past", on=offer.closes_on)
    if law is not None:
        yield from (("terms", verdict) for verdict in _above_law(offer, law, judgement))
    price = offer.lowest_price
    if price is not None and offer.per_person is not None and price > offer.per_person:
        yield "terms", refuse("capital.price_above_person", price=price, limit=offer.per_person)
    if coop.language not in offer.languages:
        yield "terms", refuse("capital.language_of_coop", language=LANGUAGE_NAMES[coop.language])
    yield from _untold(offer)


def _above_law(offer: queries.OfferFacts, law: Threshold, judgement: Judgement | None) -> Iterator[Verdict]:
    if law.total is not None and judgement is not None:
        total = judgement.bound(BoundCode.TOTAL)
        assert total is not None
        # What counts for this offer already is inside its own ceiling.
        ceiling = judgement.bound(BoundCode.CEILING)
        room = total.left + (ceiling.used if ceiling is not None else 0)
        if offer.ceiling > room:
            yield refuse("capital.ceiling_above_law", ceiling=offer.ceiling, limit=law.total, room=room)
    if law.per_person is not None and (offer.per_person is None or offer.per_person > law.per_person):
        yield refuse("capital.per_person_above_law", limit=law.per_person)


def _untold(offer: queries.OfferFacts) -> Iterator[tuple[str, Verdict]]:
    version = offer.written
    if not version.statutes_name or version.statutes_on is None:
        yield "statutes", refuse("capital.no_statutes_version")
    for language in offer.languages:
        words = version.texts.get(language, queries.OfferWords())
        for name, called in WORD_NAMES.items():
            if not getattr(words, name):
                yield f"texts-{language}", refuse("capital.untold", what=called, language=LANGUAGE_NAMES[language])
        if not version.statutes_file and not words.statutes:
            yield "statutes", refuse("capital.no_statutes_text", language=LANGUAGE_NAMES[language])


def may_open(
    offer: queries.OfferFacts, coop: CoopFacts, law: Threshold | None, judgement: Judgement | None, on: dt.date
) -> Verdict:
    """Tell whether an offer can open today: nothing is lacking, and its state leads there."""
    move = may_move(offer.state, OfferState.OPEN)
    if not move:
        return move
    found = hindrances(offer, coop, law, judgement, on)
    if not found:
        return allow()
    return found[0].verdict if len(found) == 1 else refuse("capital.not_ready", count=len(found))


def may_subscribe(offer: queries.OfferFacts, on: dt.date) -> Verdict:
    """Tell whether anybody can subscribe to an offer on a date."""
    return allow() if offer.takes(on) else refuse("capital.not_taking")


def may_send_again(*, mails: int, sent: int, most_mails: int, most_sent: int) -> Verdict:
    """Tell whether one more subscription may come for an e-mail address, and from a place on the network."""
    if mails >= most_mails:
        return refuse("capital.subscribed_often", most=most_mails)
    return allow() if sent < most_sent else refuse("capital.network_busy")


def fits_subscription(
    offer: queries.OfferFacts,
    amount: Decimal,
    on: dt.date,
    *,
    party_id: uuid.UUID | None = None,
    who_key: str = "",
    but: uuid.UUID | None = None,
) -> Verdict:
    """Tell whether an amount can still be subscribed to by somebody; to decide on it, hold its room first.

    `but` is the subscription that asks, where it is written already.
    """
    parties = () if party_id is None else (party_id,)
    judgement = queries.room(offer, on, party_ids=parties, who_key=who_key, but=but)
    return refuse("capital.no_law") if judgement is None else fits_room(judgement, amount)


def fits_person(offer: queries.OfferFacts, party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether somebody, with all that they ask for now, stays within what one person may put in."""
    judgement = queries.room(offer, on, party_ids=(party_id,))
    if judgement is None:
        return refuse("capital.no_law")
    law, own = judgement.bound(BoundCode.PER_PERSON), judgement.bound(BoundCode.OWN_PER_PERSON)
    if law is not None and law.used > law.limit:
        return refuse("capital.room_per_person", amount=law.used, limit=law.limit, left=ZERO)
    if own is not None and own.used > own.limit:
        return refuse("capital.room_own_per_person", amount=own.used, limit=own.limit, left=ZERO)
    return allow()


def may_wait(room: Verdict) -> bool:
    """Tell whether what doesn't fit may wait for a place: limits of everybody give way with time, one's own don't."""
    return room.code not in ("capital.no_law", "capital.room_per_person", "capital.room_own_per_person")


def room_or_queue(room: Verdict) -> Verdict:
    """Tell whether somebody can have a place at once: there is room, and nobody waits for it."""
    return refuse("capital.others_wait") if room else room


def may_confirm(state: SubscriptionState, confirmed_at: dt.datetime | None) -> Verdict:
    """Tell whether a subscription still waits to be confirmed."""
    if confirmed_at is not None:
        return refuse("capital.confirmed_already")
    return may_end(state)


def may_end(state: SubscriptionState) -> Verdict:
    """Tell whether a subscription is still under way, and so can be withdrawn."""
    return allow() if state in queries.UNFINISHED else refuse("capital.subscription_over")


def may_withdraw(state: SubscriptionState, received: Decimal, refund_id: uuid.UUID | None) -> Verdict:
    """Tell whether a subscription can be withdrawn: while it is under way, or to give back what came after its term."""
    waits = state is SubscriptionState.LAPSED and received > 0 and refund_id is None
    return allow() if waits else may_end(state)


def may_withdraw_unread(confirmed_at: dt.datetime | None, received: Decimal) -> Verdict:
    """Tell whether whoever typed a subscription may take it back without reading its mail."""
    return refuse("capital.withdraw_by_mail") if confirmed_at is not None or received else allow()


def may_see_subscriptions(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may see who subscribed: the board and its auditors, or who manages offers."""
    seen = coops.may_do(actor, coop_id, Power.SEE_REGISTER, on)
    return seen or coops.may_do(actor, coop_id, Power.MANAGE_OFFERS, on)


def may_keep_subscriptions(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may look after subscriptions: who keeps the register, or who manages offers."""
    kept = coops.may_do(actor, coop_id, Power.KEEP_REGISTER, on)
    return kept or coops.may_do(actor, coop_id, Power.MANAGE_OFFERS, on)


def fits_term(due_on: dt.date, today: dt.date) -> Verdict:
    """Tell whether a subscription may be paid until a day: from today on, and within a year."""
    if not today <= due_on <= today + dt.timedelta(days=366):
        return refuse("capital.term_out_of_bounds", first=today, last=today + dt.timedelta(days=366))
    return allow()


def may_follow_books(actor: Actor) -> Verdict:
    """Tell whether what the bank and the register say may be followed here: by the installation only."""
    return allow() if actor.is_system else refuse("capital.follows_books")
