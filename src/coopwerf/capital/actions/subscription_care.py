"""Looking after subscriptions: first letters, reminders, what lapses, who moves up, and what a secretary mends."""

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.people import policies as people
from coopwerf.people.states import clean_email
from coopwerf.register import actions as register_actions

from .. import policies, queries
from ..models import Subscription
from ..states import SubscriptionEventKind, SubscriptionState, term
from . import claims, mails
from .subscriptions import bring, end, give_back, hold_now, keyed, move, not_given_back, note

log = logging.getLogger(__name__)

QUEUE_DAYS = 14
"""How long a place on the waiting list is kept for who doesn't confirm their address."""
FORGET_DAYS = 60
"""How long what was typed is kept after a subscription lapsed: who pays late is still known by it."""
AT_ONCE = 200
MOVED_AT_ONCE = 20
"""How many move up together: whoever subscribes meanwhile waits for so many at most."""
LETTERS_AT_ONCE = 50
"""To how many it is written together: few enough to hold nobody up, and still soon done on a busy evening."""
LETTERS_FOR = dt.timedelta(days=1)
"""How long it is tried again where a first letter couldn't be written; the secretary sees who got none."""
_SHOWN = ("share_class", "offer")


def _locked(coop_id: uuid.UUID, subscription_id: uuid.UUID) -> Subscription:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related(*_SHOWN)
    row = rows.filter(coop_id=coop_id, id=subscription_id).first()
    if row is None:
        raise Refused("capital.subscription_gone")
    return row


@action(verb="capital.subscriber_written")
def write_first_letters(
    *, coop_id: uuid.UUID, ids: Sequence[uuid.UUID] | None = None, actor: Actor, now: dt.datetime
) -> list[uuid.UUID]:
    """Write to whoever subscribed lately: how to pay, and the link to their page; return to which of them.

    To `LETTERS_AT_ONCE` of them, first come first, or of these; to each once, whoever asks twice.
    """
    policies.may_keep_subscriptions(actor, coop_id, clock.civil_date(now)).require()
    held = queries.hold_unwritten(coop_id, now - LETTERS_FOR, ids=ids, limit=LETTERS_AT_ONCE)
    rows = list(Subscription.objects.select_related(*_SHOWN).filter(id__in=held).order_by("id"))
    mails.first(rows, now=now)
    Subscription.objects.bulk_update(rows, ["letter_id"])
    audit("coop", coop_id, subscriptions=held)
    return held


@action(verb="capital.subscriber_written_again")
def send_again(*, coop_id: uuid.UUID, subscription_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Send the first mail again, as it stands now. Raises Refused capital.subscription_over."""
    policies.may_keep_subscriptions(actor, coop_id, clock.civil_date(now)).require()
    row = _locked(coop_id, subscription_id)
    policies.may_end(SubscriptionState(row.state)).require()
    mails.first([row], now=now)
    row.save(update_fields=["letter_id"])
    note(row, SubscriptionEventKind.MAILED, actor=actor, now=now)
    audit("subscription", row.id, state=row.state)


@action(verb="capital.subscriber_address_corrected")
def correct_email(
    *, coop_id: uuid.UUID, subscription_id: uuid.UUID, email: str, actor: Actor, now: dt.datetime
) -> None:
    """Correct the mail address that was typed, and send the first mail there.

    Only while nobody confirmed it: from then on it is theirs, in people. Raises Refused capital.confirmed_already.
    """
    policies.may_keep_subscriptions(actor, coop_id, clock.civil_date(now)).require()
    row = _locked(coop_id, subscription_id)
    policies.may_confirm(SubscriptionState(row.state), row.confirmed_at).require()
    address = clean_email(email)
    if not address:
        raise Refused("people.email_missing", path="email")
    if address == row.told.get("email"):
        raise Refused("people.unchanged", path="email")
    row.told = {**row.told, "email": address}
    row.email_key = keyed("email", address.casefold())
    mails.first([row], now=now)
    row.save(update_fields=["told", "email_key", "letter_id"])
    note(row, SubscriptionEventKind.CORRECTED, actor=actor, now=now)
    audit("subscription", row.id, state=row.state)


@action(verb="capital.subscription_extended")
def extend_term(
    *, coop_id: uuid.UUID, subscription_id: uuid.UUID, due_on: dt.date, actor: Actor, now: dt.datetime
) -> None:
    """Give somebody until another day to pay. Raises Refused capital.not_to_pay, capital.term_out_of_bounds."""
    today = clock.civil_date(now)
    policies.may_keep_subscriptions(actor, coop_id, today).require()
    policies.fits_term(due_on, today).require()
    row = _locked(coop_id, subscription_id)
    if row.state != SubscriptionState.TO_PAY:
        raise Refused("capital.not_to_pay")
    given = term(today, (due_on - today).days)
    row.due_on, row.remind_on, row.last_on = due_on, given.remind_on, given.last_on
    claims.postpone(row, now=now)
    row.save(update_fields=["due_on", "remind_on", "last_on"])
    note(row, SubscriptionEventKind.EXTENDED, actor=actor, now=now, on=today)
    audit("subscription", row.id, until=due_on)


@action(verb="capital.subscription_lapsed")
def lapse_subscription(*, coop_id: uuid.UUID, subscription_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Let a subscription that isn't paid lapse, by hand or because its term is over: its room is free again.

    Part of the money stays noted, and is shown. Raises Refused capital.not_to_pay, capital.subscription_gone.
    """
    today = clock.civil_date(now)
    policies.may_keep_subscriptions(actor, coop_id, today).require()
    row = Subscription.objects.select_related(*_SHOWN).filter(coop_id=coop_id, id=subscription_id).first()
    if row is None:
        raise Refused("capital.subscription_gone")
    if row.state not in (SubscriptionState.TO_PAY, SubscriptionState.WAITING):
        raise Refused("capital.not_to_pay")
    queries.hold_subscriptions(coop_id, [row.id])
    mails.lapsed(row, now=now)
    end([row], SubscriptionState.LAPSED, on=today, actor=actor, now=now)
    if row.request_id is not None:
        register_actions.withdraw_request(actor=SYSTEM, now=now, coop_id=coop_id, request_id=row.request_id)
    audit("subscription", row.id, amount=row.amount, due_on=row.due_on)


@action(verb="capital.subscriber_reminded")
def remind(*, coop_id: uuid.UUID, subscription_id: uuid.UUID, actor: Actor, now: dt.datetime) -> bool:
    """Remind somebody of what is still to be done, if that is due today and wasn't done; tell whether it was."""
    today = clock.civil_date(now)
    policies.may_keep_subscriptions(actor, coop_id, today).require()
    row = _locked(coop_id, subscription_id)
    waits = row.state == SubscriptionState.TO_PAY or (row.state == SubscriptionState.PAID and row.confirmed_at is None)
    is_last = row.last_on is not None and row.last_on <= today
    is_due = waits and (is_last or (row.remind_on is not None and row.remind_on <= today))
    if is_due:
        # Who was late with both sends one.
        row.remind_on, row.last_on = None, None if is_last else row.last_on
        mails.reminder(row, is_last=is_last, now=now)
        row.save(update_fields=["remind_on", "last_on", "letter_id"])
        note(row, SubscriptionEventKind.REMINDED, actor=actor, now=now)
    audit("subscription", row.id, reminded=is_due, last=is_last)
    return is_due


@action(verb="capital.waiting_list_moved")
def move_up(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Give the room that came to whoever waits, first come first, and write to them; return how many moved up.

    `MOVED_AT_ONCE` at most: where so many moved, there may be more.

    Who has reached a limit of their own is passed over, and whose request can't be made now, for an earlier one still
    waits for the board: they keep their turn, and hold up nobody; their page says so to the board. Who asks for more
    than there is keeps it too, and holds up who comes after.
    """
    today = clock.civil_date(now)
    policies.may_keep_subscriptions(actor, coop_id, today).require()
    held = queries.hold_room(coop_id, offer_id)
    offer = queries.offer_facts(coop_id, offer_id, today)
    moved = 0
    ids = queries.waiting_in_queue(coop_id, offer_id, AT_ONCE) if held and offer and offer.takes(today) else []
    for subscription_id in ids:
        assert offer is not None
        if moved == MOVED_AT_ONCE:
            break
        row = Subscription.objects.select_related(*_SHOWN).get(id=subscription_id)
        fits = policies.fits_subscription(offer, row.amount, today, party_id=row.party_id, who_key=row.who_key)
        if not fits and policies.may_wait(fits):
            break
        try:
            fits.require()
            with transaction.atomic():
                moved += _take(row, offer, now=now)
        except Refused as refusal:
            log.warning("the subscription %s can't move up: %s", row.id, refusal.code)
            _note_passed(row, now=now)
    audit("offer", offer_id, moved=moved)
    return moved


def _note_passed(row: Subscription, *, now: dt.datetime) -> None:
    """Write down that somebody was passed over, once however often it is tried."""
    latest = row.events.order_by("at", "id").values_list("kind", flat=True).last()
    if latest != SubscriptionEventKind.PASSED.value:
        note(row, SubscriptionEventKind.PASSED, actor=SYSTEM, now=now)


def _take(row: Subscription, offer: queries.OfferFacts, *, now: dt.datetime) -> bool:
    """Keep shares for somebody who waited; tell whether that went, for meanwhile they may have withdrawn."""
    hold_now(row, offer, now=now)
    values = {name: getattr(row, name) for name in ("state", "due_on", "remind_on", "last_on", "claim_id", "digits")}
    if not Subscription.objects.filter(id=row.id, state=SubscriptionState.WAITING.value).update(**values):
        claims.end(row, has_lapsed=False, now=now)
        return False
    note(row, SubscriptionEventKind.MOVED_UP, actor=SYSTEM, now=now)
    if row.confirmed_at is not None:
        bring(row, now=now)
    mails.moved_up(row, now=now)
    Subscription.objects.filter(id=row.id).update(letter_id=row.letter_id)
    return True


@action(verb="capital.subscription_revived")
def take_up_again(*, coop_id: uuid.UUID, subscription_id: uuid.UUID, actor: Actor, now: dt.datetime) -> bool:
    """Let somebody who paid after their subscription lapsed take part again while there is room; tell whether so.

    Who had no place yet has none to take up again. Without room what came in is given back at once, with a letter.
    Where the register takes no request of them now, for an earlier one still waits for the board, it stays for the
    secretary to decide.
    """
    today = clock.civil_date(now)
    policies.may_keep_subscriptions(actor, coop_id, today).require()
    offer_id = (
        Subscription.objects.filter(coop_id=coop_id, id=subscription_id).values_list("offer_id", flat=True).first()
    )
    if offer_id is None:
        raise Refused("capital.subscription_gone")
    queries.hold_room(coop_id, offer_id)
    row = _locked(coop_id, subscription_id)
    offer = queries.offer_facts(coop_id, offer_id, today)
    # A worker comes for money only, which may be gone again.
    waits = row.state == SubscriptionState.LAPSED and row.refund_id is None and row.claim_id is not None
    waits = waits and bool(row.received or not actor.is_system)
    revives = False
    if waits and offer is not None:
        fits = bool(row.told or row.party_id) and bool(
            policies.fits_subscription(offer, row.amount, today, party_id=row.party_id, who_key=row.who_key)
        )
        if fits:
            revives = _revives(row, offer, actor=actor, now=now)
        else:
            _give_back_late(row, actor=actor, now=now)
    audit("subscription", row.id, revived=revives)
    return revives


def _give_back_late(row: Subscription, *, actor: Actor, now: dt.datetime) -> None:
    """Give back what came after the term, for there is no room any more, and write so."""
    came = not_given_back([row])
    if not came:
        return
    mails.given_back(row, sum((payment.amount for _row, payment in came), ZERO), now=now)
    give_back(came, clock.civil_date(now), actor=actor, now=now)
    row.save(update_fields=["refund_id", "letter_id"])


def _revives(row: Subscription, offer: queries.OfferFacts, *, actor: Actor, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            _revive(row, offer, actor=actor, now=now)
    except Refused as refusal:
        log.warning("the subscription %s can't be taken up again: %s", row.id, refusal.code)
        return False
    return True


def _revive(row: Subscription, offer: queries.OfferFacts, *, actor: Actor, now: dt.datetime) -> None:
    given = term(clock.civil_date(now), offer.payment_days)
    # An ended request of the register stays ended: a new one takes its place.
    row.due_on, row.remind_on, row.last_on = given.due_on, given.remind_on, given.last_on
    row.request_id, row.ended_at = None, None
    move(row, SubscriptionState.PAID if row.received >= row.amount else SubscriptionState.TO_PAY)
    row.save()
    claims.reopen(row, now=now)
    note(row, SubscriptionEventKind.REVIVED, actor=actor, now=now)
    if row.confirmed_at is not None:
        bring(row, now=now)


@action(verb="capital.subscriptions_forgotten")
def forget_typed(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Forget what was typed for subscriptions that ended long ago without any money; return how many."""
    policies.may_keep_subscriptions(actor, coop_id, clock.civil_date(now)).require()
    rows = queries.forgettable(coop_id, now - dt.timedelta(days=FORGET_DAYS))
    claims.forget_payers(coop_id, rows, now=now)
    gone = rows.update(told={}, payer="", payer_email="", email_key="", sender_key="", content_key="")
    audit("subscription", None, subscriptions=gone)
    return gone


@action(verb="capital.subscriber_forgotten")
def forget_subscriber(
    *,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    emails: Collection[str] = (),
    names: Collection[str] = (),
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Withdraw what somebody who was erased has under way, and forget what was typed about them; return how many.

    Where they only pay for somebody else, their name goes and the subscription stays.
    """
    people.may_host(actor).require()
    rows = list(queries.subscriptions_with(coop_id, party_id, emails, names).order_by("id"))
    theirs = [row for row in rows if row.party_id == party_id or row.told.get("email") in emails]
    open_ones = [row for row in theirs if row.state in queries.UNFINISHED]
    if open_ones:
        end(open_ones, SubscriptionState.WITHDRAWN, on=clock.civil_date(now), actor=actor, now=now)
    Subscription.objects.filter(id__in=[row.id for row in theirs]).update(
        told={}, payer="", payer_email="", email_key="", sender_key="", content_key="", who_key=""
    )
    others = [row.id for row in rows if row not in theirs]
    Subscription.objects.filter(id__in=others).update(payer="", payer_email="")
    Subscription.objects.filter(coop_id=coop_id, agent_id=party_id).update(agent_id=None)
    claims.forget_payers(coop_id, rows, now=now)
    audit("party", party_id, subscriptions=len(rows), withdrawn=len(open_ones))
    return len(rows)
