"""Setting up an offer, opening, pausing and closing it."""

import dataclasses
import datetime as dt
import re
import uuid
from decimal import Decimal

import psycopg
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify

from coopcalc.offers import BoundCode, Threshold
from coopwerf.coops import queries as coops
from coopwerf.coops.states import DUTCH
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import actions as messages
from coopwerf.register import queries as register
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, queries
from ..letters import OFFERS, OPENED, OpenedLetter
from ..models import Offer, OfferClass, OfferVersion
from ..queries import OfferFacts
from ..states import OFFER_TRANSITIONS, OfferState, Regime

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = frozenset({"new", "guard"})
LONGEST_SLUG = 40
LONGEST_TITLE = 120
FIXED = ("slug", "opens_on", "regime", "iban", "holder", "classes")
"""What stays as people read it, from the moment an offer opened."""
STARTING_CEILING = Decimal("500000.00")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """The terms of an offer: where it stands, what it offers, how much, until when, how it is paid. Amounts in euro."""

    slug: str
    classes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    opens_on: dt.date
    closes_on: dt.date | None = None
    target: Decimal | None = None
    ceiling: Decimal
    per_person: Decimal | None = None
    regime: Regime = Regime.SMALL
    paper: str = ""
    iban: str = ""
    holder: str = ""
    payment_days: int = 14
    may_admit_unpaid: bool = False


@action(verb="capital.offer_drafted")
def draft_offer(*, coop_id: uuid.UUID, title: str, language: str, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Prepare an offer that only those who manage offers can see; return its id.

    It begins with what suits most: the co-operative's law, every class, its one language, no end.
    """
    today = clock.civil_date(now)
    policies.may_manage_offers(actor, coop_id, today).require()
    _line(title)
    if language not in LANGUAGE_NAMES:
        raise Refused("capital.language_unknown")
    stage = coops.stage(coop_id, today)
    regime = Regime.NOTE if stage in DUTCH else Regime.SMALL
    law = queries.law_of(coop_id, regime, today)
    row = Offer(
        coop_id=coop_id,
        slug=_free_slug(coop_id, title),
        regime=regime.value,
        languages=[language],
        opens_on=today,
        ceiling=_starting_ceiling(coop_id, law, today),
        per_person=None if law is None else law.per_person,
        made_at=now,
    )
    _save(row)
    OfferClass.objects.bulk_create(
        OfferClass(coop_id=coop_id, offer=row, share_class_id=one.share_class_id)
        for one in register.all_terms(coop_id, today)
    )
    OfferVersion.objects.create(
        coop_id=coop_id,
        offer=row,
        number=1,
        texts={language: {"title": title.strip()}},
        recorded_at=now,
        author_id=actor.party_id,
    )
    audit("offer", row.id)
    return row.id


@action(verb="capital.offer_changed")
def change_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, terms: OfferTerms, actor: Actor, now: dt.datetime) -> None:
    """Change the terms of an offer: all of a draft's; of one that was open what people don't rely on.

    Raises Refused for terms that can't be meant, capital.open_keeps, and what would bring it above the law's limits.
    """
    today = clock.civil_date(now)
    row = held(coop_id, offer_id, actor, today)
    policies.may_change_terms(OfferState(row.state)).require()
    iban = _checked(terms)
    codes = {one.code: one.share_class_id for one in register.all_terms(coop_id, today)}
    for code in terms.classes:
        if code not in codes:
            raise Refused("capital.class_unknown", share_class=code, path="classes")
    chosen = {codes[code] for code in terms.classes}
    there = set(OfferClass.objects.filter(coop_id=coop_id, offer=row).values_list("share_class_id", flat=True))
    values = {
        **dataclasses.asdict(terms),
        "iban": iban,
        "regime": terms.regime.value,
        "languages": list(terms.languages),
    }
    del values["classes"]
    if row.state != OfferState.DRAFT:
        kept = all(values[name] == getattr(row, name) for name in FIXED if name in values) and chosen == there
        if not kept or set(row.languages) - set(terms.languages):
            raise Refused("capital.open_keeps")
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    _save(row)
    OfferClass.objects.filter(coop_id=coop_id, offer=row).exclude(share_class_id__in=chosen).delete()
    OfferClass.objects.bulk_create(
        OfferClass(coop_id=coop_id, offer=row, share_class_id=one) for one in sorted(chosen - there)
    )
    if row.state != OfferState.DRAFT:
        _within_law(coop_id, row.id, today)
    audit(
        "offer", row.id, ceiling=row.ceiling, per_person=row.per_person, closes_on=row.closes_on, revision=row.revision
    )


@action(verb="capital.offer_opened")
def open_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Open an offer, for the first time or after a pause: from now on anybody can read its page and subscribe.

    What it tells is published for ever. Raises Refused with what it lacks.
    """
    today = clock.civil_date(now)
    row = held(coop_id, offer_id, actor, today)
    facts = queries.offer_facts(coop_id, offer_id, today)
    assert facts is not None
    law = queries.law_of(coop_id, facts.regime, today)
    policies.may_open(facts, coops.coop_facts(coop_id), law, queries.room(facts, today), today).require()
    is_first = row.opened_at is None
    row.state = OfferState.OPEN.value
    row.opened_at = row.opened_at or now
    row.revision += 1
    row.save(update_fields=["state", "opened_at", "revision"])
    OfferVersion.objects.filter(coop_id=coop_id, offer=row, published_at__isnull=True).update(published_at=now)
    if is_first:
        _tell_followers(facts, now)
    audit("offer", row.id, ceiling=row.ceiling, regime=row.regime, version=facts.written.number)


@action(verb="capital.offer_paused")
def pause_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Pause an offer: its page stays and says so, nobody can subscribe until it is opened again."""
    _move(coop_id, offer_id, OfferState.PAUSED, actor, now)


@action(verb="capital.offer_closed")
def close_offer(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Close an offer for good; who subscribed before can still pay, and its page stays to be read."""
    _move(coop_id, offer_id, OfferState.CLOSED, actor, now)
    messages.withdraw_news(actor=SYSTEM, now=now, coop_id=coop_id, about=offer_id)


@action(verb="capital.draft_deleted")
def delete_draft(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Delete an offer that never was open. Raises Refused capital.only_draft."""
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    if row.state != OfferState.DRAFT:
        raise Refused("capital.only_draft")
    audit("offer", row.id)
    row.delete()


# What several of these need


def _tell_followers(facts: OfferFacts, now: dt.datetime) -> None:
    """Tell whoever follows offers that this one opened."""
    coop = coops.coop_facts(facts.coop_id)
    told = OpenedLetter(
        coop=coop.name,
        titles={language: facts.written.texts[language].title for language in facts.languages},
        leads={language: facts.written.texts[language].lead for language in facts.languages},
        opens_on=facts.opens_on,
        url=settings.BASE_URL + reverse("capital:offer", kwargs={"slug": coop.slug, "offer": facts.slug}),
    )
    messages.tell_followers(
        actor=SYSTEM, now=now, coop_id=coop.id, topic=OFFERS, kind=OPENED, facts=told, about=facts.id
    )


def held(coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, today: dt.date) -> Offer:
    """Return the locked row of an offer for who may manage it; raises Refused capital.offer_gone."""
    policies.may_manage_offers(actor, coop_id, today).require()
    row = queries.hold_offer(coop_id, offer_id)
    if row is None:
        raise Refused("capital.offer_gone")
    return row


def _move(coop_id: uuid.UUID, offer_id: uuid.UUID, to: OfferState, actor: Actor, now: dt.datetime) -> None:
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    policies.may_move(OfferState(row.state), to).require()
    row.state = to.value
    row.revision += 1
    if not OFFER_TRANSITIONS[to]:
        row.closed_at = now
    row.save(update_fields=["state", "closed_at", "revision"])
    audit("offer", row.id, revision=row.revision)


def _line(text: str) -> None:
    if len(text) > LONGEST_TITLE:
        raise Refused("capital.text_too_long", length=len(text), longest=LONGEST_TITLE, path="title")


def _starting_ceiling(coop_id: uuid.UUID, law: Threshold | None, today: dt.date) -> Decimal:
    """Return what the law still leaves; a round sum where it leaves nothing, or sets no limit."""
    if law is None or law.total is None:
        return STARTING_CEILING
    total = queries.judged(law, queries.requested_in_window(coop_id, today), today).bound(BoundCode.TOTAL)
    return total.left if total is not None and total.left > 0 else law.total


def _free_slug(coop_id: uuid.UUID, title: str) -> str:
    wanted = slugify(title)[: LONGEST_SLUG - 4].strip("-") or "shares"
    if wanted in RESERVED:
        wanted = f"{wanted}-1"
    taken = set(Offer.objects.filter(coop_id=coop_id, slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        one for number in range(1, 1000) if (one := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )


def _checked(terms: OfferTerms) -> str:
    """Return the bank account without spaces, where every term can be meant; raises Refused."""
    if not SLUG.fullmatch(terms.slug) or len(terms.slug) > LONGEST_SLUG or terms.slug in RESERVED:
        raise Refused("capital.slug_wrong", path="slug")
    if not terms.languages or set(terms.languages) - set(LANGUAGE_NAMES):
        raise Refused("capital.language_unknown", path="languages")
    for name in ("target", "ceiling", "per_person"):
        policies.fits_amount(getattr(terms, name)).require(path=name)
    if terms.target is not None and terms.target > terms.ceiling:
        raise Refused("capital.target_above_ceiling", target=terms.target, ceiling=terms.ceiling, path="target")
    if terms.closes_on is not None and terms.closes_on < terms.opens_on:
        raise Refused("capital.dates_turned", path="closes_on")
    if not 1 <= terms.payment_days <= 90:
        raise Refused("capital.payment_days", path="payment_days")
    for name, longest in (("paper", 200), ("holder", 70)):
        if len(getattr(terms, name)) > longest:
            raise Refused("capital.text_too_long", length=len(getattr(terms, name)), longest=longest, path=name)
    iban = re.sub(r"\s", "", terms.iban).upper()
    if iban and not policies.fits_iban(iban):
        raise Refused("capital.iban_wrong", path="iban")
    return iban


def _save(row: Offer) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        told = error.__cause__
        if isinstance(told, psycopg.Error) and told.diag.constraint_name == "capital_offer_slug":
            raise Refused("capital.slug_taken", slug=row.slug, path="slug") from None
        raise


def _within_law(coop_id: uuid.UUID, offer_id: uuid.UUID, today: dt.date) -> None:
    """Refuse limits above the law's of an offer that people can subscribe to."""
    facts = queries.offer_facts(coop_id, offer_id, today)
    assert facts is not None
    law = queries.law_of(coop_id, facts.regime, today)
    for one in policies.hindrances(facts, coops.coop_facts(coop_id), law, queries.room(facts, today), today):
        # What is told in a language that was added is asked for when it is published.
        if one.part == "terms":
            one.verdict.require()
