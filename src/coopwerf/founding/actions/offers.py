"""The only writers of what people offer, and of what they and a project write to each other."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.money import ZERO
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import confirm_contact, know_contact

from .. import policies, queries
from ..models import HelpCall, HelpMessage, HelpOffer
from ..states import UNDER_WAY, CallState, OfferState, Words
from . import help_mails
from .calls import held_call
from .notices import follow_calls, places_left
from .translations import record_translation

# By somebody outside, without an account


@action(verb="founding.help_offered")
def offer_help(
    *,
    coop_id: uuid.UUID,
    call_id: uuid.UUID,
    key: uuid.UUID,
    name: str,
    email: str,
    language: str,
    words: str,
    amount: Decimal | None = None,
    is_in_kind: bool = False,
    may_name: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take what somebody offers, and mail them a link by which they confirm it: before that it counts for nothing.

    `key` is one for each form: sent twice, it is one offer. Who offers the same again is mailed the link again, and
    whoever typed the address learns nothing of that. Raises Refused founding.call_closed, founding.help_found, …
    """
    call = queries.call_facts(coop_id, call_id)
    if call is None or not call.is_public:
        raise Refused("founding.call_gone")
    policies.may_offer(call).require()
    text = _said(words, required=is_in_kind)
    if not call.is_money:
        amount, is_in_kind = None, False
    elif is_in_kind:
        amount = None
    else:
        policies.fits_money(amount).require(path="amount")
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name=name, language=language)
    row = HelpOffer(
        coop_id=coop_id,
        call_id=call_id,
        contact_id=contact_id,
        key=key,
        words=text,
        amount=amount,
        is_in_kind=is_in_kind,
        may_name=may_name,
        sent_at=now,
    )
    # The same form sent twice, and somebody who has offered already, change nothing.
    HelpOffer.objects.bulk_create([row], ignore_conflicts=True)
    is_new = HelpOffer.objects.filter(id=row.id).exists()
    if is_new or not HelpOffer.objects.filter(key=key).exists():
        help_mails.confirm(coop_id, contact_id, call, now=now)
    audit("call", call_id, offer=row.id if is_new else None)


@action(verb="founding.question_asked")
def ask_question(
    *,
    coop_id: uuid.UUID,
    call_id: uuid.UUID,
    key: uuid.UUID,
    name: str,
    email: str,
    language: str,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take a question about a call; it is passed on once its writer confirmed it by mail."""
    call = queries.call_facts(coop_id, call_id)
    if call is None or not call.is_public:
        raise Refused("founding.call_gone")
    text = _said(words, required=True)
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name=name, language=language)
    _not_too_much(coop_id, call_id, contact_id)
    row = HelpMessage(coop_id=coop_id, call_id=call_id, contact_id=contact_id, key=key, words=text, sent_at=now)
    HelpMessage.objects.bulk_create([row], ignore_conflicts=True)
    is_new = HelpMessage.objects.filter(id=row.id).exists()
    if is_new:
        help_mails.confirm(coop_id, contact_id, call, now=now)
    audit("call", call_id, message=row.id if is_new else None)


@action(verb="founding.help_confirmed")
def confirm_help(*, coop_id: uuid.UUID, contact_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Let everything count that somebody sent; return how much. The caller read their signed link, by a button.

    A place for whoever comes first is theirs if it is free; else the project is told and chooses.
    """
    confirm_contact(actor=actor, now=now, coop_id=coop_id, contact_id=contact_id)
    waiting = HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id, state=OfferState.SENT)
    ids = sorted(waiting.values_list("call_id", "id"))
    for call_id, offer_id in ids:
        call = held_call(coop_id, call_id)
        row = HelpOffer.objects.select_for_update(of=("self",)).get(id=offer_id)
        if row.state != OfferState.SENT:
            continue
        row.confirmed_at = now
        _arrive(call, row, now)
    said = list(
        HelpMessage.objects.select_for_update(of=("self",))
        .filter(coop_id=coop_id, contact_id=contact_id, confirmed_at__isnull=True)
        .order_by("sent_at", "id")
    )
    for one in said:
        one.confirmed_at = now
        one.save(update_fields=["confirmed_at"])
        help_mails.to_keepers(one.call, contact_id, now=now, words=one.words)
    if ids:
        follow_calls(coop_id, now)
    audit("contact", contact_id, offers=len(ids), messages=len(said))
    return len(ids) + len(said)


def _arrive(call: HelpCall, row: HelpOffer, now: dt.datetime) -> None:
    """Give a confirmed offer its place, or let it wait for the project, or say that others came first."""
    is_free = call.state == CallState.OPEN and places_left(call) > 0
    if not is_free:
        row.state, row.decided_at = OfferState.DECLINED.value, now
        row.save()
        help_mails.declined(call, row, now=now, is_over=True)
        return
    if call.is_direct:
        row.state, row.decided_at = OfferState.ACCEPTED.value, now
        row.save()
        help_mails.accepted(call, row, now=now)
    else:
        row.state = OfferState.OPEN.value
        row.save()
    help_mails.to_keepers(call, row.contact_id, now=now, offer=row)


@action(verb="founding.offer_withdrawn")
def withdraw_offer(
    *, coop_id: uuid.UUID, contact_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Take an offer back; its place comes free. The caller read the helper's signed link."""
    found = HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id, id=offer_id).first()
    if found is None:
        raise Refused("founding.offer_gone")
    call = held_call(coop_id, found.call_id)
    row = HelpOffer.objects.select_for_update(of=("self",)).get(id=offer_id)
    policies.may_move_offer(OfferState(row.state), OfferState.WITHDRAWN).require()
    was_known = row.state != OfferState.SENT
    row.state, row.decided_at = OfferState.WITHDRAWN.value, now
    row.save()
    if was_known:
        help_mails.to_keepers(call, contact_id, now=now, offer=row)
    follow_calls(coop_id, now)
    audit("offer", row.id)


@action(verb="founding.helper_named")
def allow_name(
    *,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    offer_id: uuid.UUID,
    may_name: bool,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let somebody say whether they may be thanked by name. The caller read their signed link."""
    row = HelpOffer.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, contact_id=contact_id, id=offer_id)
    found = row.first()
    if found is None:
        raise Refused("founding.offer_gone")
    found.may_name = may_name
    found.save(update_fields=["may_name"])
    audit("offer", found.id, may_name=may_name)


@action(verb="founding.message_sent")
def write_message(
    *,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    call_id: uuid.UUID,
    key: uuid.UUID,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Pass on what somebody writes to the project. The caller read their signed link."""
    known = HelpMessage.objects.filter(coop_id=coop_id, contact_id=contact_id, call_id=call_id)
    offered = HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id, call_id=call_id)
    if not known.exists() and not offered.exists():
        raise Refused("founding.call_gone")
    text = _said(words, required=True)
    _not_too_much(coop_id, call_id, contact_id)
    row = HelpMessage(
        coop_id=coop_id,
        call_id=call_id,
        contact_id=contact_id,
        key=key,
        words=text,
        sent_at=now,
        confirmed_at=now,
    )
    HelpMessage.objects.bulk_create([row], ignore_conflicts=True)
    is_new = HelpMessage.objects.filter(id=row.id).exists()
    if is_new:
        help_mails.to_keepers(HelpCall.objects.get(id=call_id), contact_id, now=now, words=text)
    audit("call", call_id, message=row.id if is_new else None)


@action(verb="founding.translation_sent")
def send_translation(
    *,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    offer_id: uuid.UUID,
    words: Words,
    of_version: int,
    translator: str,
    alts: Mapping[int, str],
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Take the translation that a helper made: it waits until an author has read it; return its id.

    The caller read the helper's signed link. Raises Refused founding.offer_gone, and what the report refuses.
    """
    call, row = _held(coop_id, offer_id)
    if row.contact_id != contact_id or call.report_id is None:
        raise Refused("founding.offer_gone")
    policies.may_move_offer(OfferState(row.state), OfferState.GIVEN).require()
    made = record_translation(
        actor=SYSTEM,
        now=now,
        coop_id=coop_id,
        report_id=call.report_id,
        language=call.into,
        words=words,
        of_version=of_version,
        translator=translator,
        alts=alts,
        contact_id=contact_id,
    )
    row.state, row.given_at = OfferState.GIVEN.value, now
    row.save()
    help_mails.to_keepers(call, contact_id, now=now, offer=row)
    audit("offer", row.id, translation=made)
    return made


# By those who keep the yard


@action(verb="founding.offer_accepted")
def accept_offer(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    answer: str = "",
    value: Decimal | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Give somebody a place, and write to them; `value` is what help in kind is worth to a call for money.

    Of two who are given the last place at once, one gets it. Raises Refused founding.help_found.
    """
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    call, row = _held(coop_id, offer_id)
    policies.may_move_offer(OfferState(row.state), OfferState.ACCEPTED).require()
    if row.state == OfferState.SENT:
        raise Refused("founding.offer_changed")
    if places_left(call) < 1:
        raise Refused("founding.help_found")
    if row.is_in_kind:
        if value is None or not value.is_finite() or not ZERO <= value <= policies.MOST_MONEY:
            raise Refused("founding.value_missing", path="value")
        row.value = value.quantize(Decimal("0.01"))
    row.answer = _said(answer, path="answer")
    row.state, row.decided_at, row.decided_by_id = OfferState.ACCEPTED.value, now, actor.party_id
    row.save()
    help_mails.accepted(call, row, now=now)
    follow_calls(coop_id, now)
    audit("offer", row.id, value=row.value)


@action(verb="founding.offer_declined")
def decline_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, answer: str, actor: Actor, now: dt.datetime) -> None:
    """Say no to an offer, and write why; a place that it had comes free."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    call, row = _held(coop_id, offer_id)
    policies.may_move_offer(OfferState(row.state), OfferState.DECLINED).require()
    row.answer = _said(answer, required=True, path="answer")
    row.state, row.decided_at, row.decided_by_id = OfferState.DECLINED.value, now, actor.party_id
    row.save()
    help_mails.declined(call, row, now=now)
    follow_calls(coop_id, now)
    audit("offer", row.id)


@action(verb="founding.help_given")
def give_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Note that somebody did what they offered: the money came, the thing was lent, the task is done."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    _call, row = _held(coop_id, offer_id)
    policies.may_move_offer(OfferState(row.state), OfferState.GIVEN).require()
    row.state, row.given_at = OfferState.GIVEN.value, now
    row.save()
    audit("offer", row.id)


@action(verb="founding.message_answered")
def answer_message(
    *,
    coop_id: uuid.UUID,
    call_id: uuid.UUID,
    contact_id: uuid.UUID,
    key: uuid.UUID,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write to somebody who asked or offered something, without seeing their address."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    known = HelpMessage.objects.filter(coop_id=coop_id, contact_id=contact_id, call_id=call_id)
    offered = HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id, call_id=call_id)
    if not (known.filter(confirmed_at__isnull=False).exists() or offered.filter(confirmed_at__isnull=False).exists()):
        raise Refused("founding.talk_gone")
    text = _said(words, required=True)
    row = HelpMessage(
        coop_id=coop_id,
        call_id=call_id,
        contact_id=contact_id,
        key=key,
        author_id=actor.party_id,
        is_ours=True,
        words=text,
        sent_at=now,
        confirmed_at=now,
    )
    HelpMessage.objects.bulk_create([row], ignore_conflicts=True)
    is_new = HelpMessage.objects.filter(id=row.id).exists()
    if is_new:
        help_mails.to_helper(HelpCall.objects.get(id=call_id), contact_id, text, now=now)
    audit("call", call_id, message=row.id if is_new else None)


# By itself


@action(verb="founding.unconfirmed_forgotten")
def forget_unconfirmed(*, coop_id: uuid.UUID, before: dt.datetime, actor: Actor, now: dt.datetime) -> int:
    """Forget what was sent before a moment and never confirmed; return how much."""
    offers, said = queries.unconfirmed_help(coop_id, before)
    HelpOffer.objects.filter(coop_id=coop_id, id__in=offers, state=OfferState.SENT).update(
        state=OfferState.LAPSED.value, words="", decided_at=now
    )
    HelpMessage.objects.filter(coop_id=coop_id, id__in=said, confirmed_at__isnull=True).delete()
    audit("coop", coop_id, offers=len(offers), messages=len(said))
    return len(offers) + len(said)


@action(verb="founding.helper_forgotten")
def forget_helper(*, coop_id: uuid.UUID, contact_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Forget what somebody wrote who is forgotten; what is under way is withdrawn, numbers stay. Return how much."""
    mine = HelpOffer.objects.filter(coop_id=coop_id, contact_id=contact_id)
    mine.filter(state__in=[state.value for state in UNDER_WAY]).update(state=OfferState.WITHDRAWN.value, decided_at=now)
    count = mine.update(words="", answer="", may_name=False)
    gone, _tables = HelpMessage.objects.filter(coop_id=coop_id, contact_id=contact_id).delete()
    follow_calls(coop_id, now)
    audit("contact", contact_id, offers=count, messages=gone)
    return count + gone


# What several of these need


def _held(coop_id: uuid.UUID, offer_id: uuid.UUID) -> tuple[HelpCall, HelpOffer]:
    found = HelpOffer.objects.filter(coop_id=coop_id, id=offer_id).first()
    if found is None:
        raise Refused("founding.offer_gone")
    call = held_call(coop_id, found.call_id)
    return call, HelpOffer.objects.select_for_update(of=("self",)).get(id=offer_id)


def _said(words: str, *, required: bool = False, path: str = "words") -> str:
    text = words.replace("\r\n", "\n").strip()
    policies.fits_text(text, policies.LONGEST_MESSAGE).require(path=path)
    if required and not text:
        raise Refused("founding.words_missing", path=path)
    return text


def _not_too_much(coop_id: uuid.UUID, call_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    said = HelpMessage.objects.filter(coop_id=coop_id, call_id=call_id, contact_id=contact_id, is_ours=False)
    if said.count() >= policies.MOST_MESSAGES:
        raise Refused("founding.messages_full", most=policies.MOST_MESSAGES)
