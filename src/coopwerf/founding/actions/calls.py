"""The only writers of calls for help."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, queries
from ..models import HelpCall, HelpOffer
from ..queries import CallWords
from ..states import LANGUAGE_WORDS, CallState, HelpKind, OfferState, Rendering
from . import help_mails
from .notices import follow_calls

RESERVED = frozenset({"desk", "mine", "sent"})
TRANSLATION_MINUTES = 15
_SPACES = re.compile(r"[ \t]+")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallTerms:
    """What a call asks for: of whom, how much, until when. Amounts in euro, times in minutes."""

    kind: HelpKind
    texts: Mapping[str, CallWords]
    minutes: int | None = None
    skill: str = ""
    languages: Sequence[str] = ()
    places: int = 1
    where: str = ""
    due_on: dt.date | None = None
    lent_from: dt.date | None = None
    lent_until: dt.date | None = None
    amount: Decimal | None = None
    lowers_id: uuid.UUID | None = None
    worth: Decimal | None = None
    is_direct: bool = False


@action(verb="founding.call_written")
def write_call(
    *, coop_id: uuid.UUID, call_id: uuid.UUID | None = None, terms: CallTerms, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Write a call for help, as a draft that nobody else reads, or mend one; return its id.

    What an open call asks stays of its kind, and never offers fewer places than are taken.
    """
    today = clock.civil_date(now)
    policies.may_keep_yard(actor, coop_id, today).require()
    told = _texts(terms.texts)
    if call_id is None:
        if HelpCall.objects.filter(coop_id=coop_id).count() >= policies.MOST_CALLS:
            raise Refused("founding.calls_full", most=policies.MOST_CALLS)
        row = HelpCall(coop_id=coop_id, kind=terms.kind.value, made_at=now)
        row.slug = _free_slug(coop_id, next(iter(told.values()))["title"])
    else:
        row = held_call(coop_id, call_id)
        if row.state != CallState.DRAFT and row.kind != terms.kind:
            raise Refused("founding.kind_stays", path="kind")
    _set_terms(row, terms, today)
    row.texts, row.changed_at = told, now
    row.save()
    if row.state == CallState.OPEN:
        follow_calls(coop_id, now)
    audit("call", row.id, kind=row.kind, minutes=row.minutes, places=row.places, amount=row.amount)
    return row.id


@action(verb="founding.translation_asked")
def ask_translation(
    *, coop_id: uuid.UUID, report_id: uuid.UUID, language: str, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Ask in public who translates a report: a task of fifteen minutes for whoever comes first; return the call's id.

    Raises Refused founding.report_gone, founding.translation_there for one that nobody needs, or is asked for already.
    """
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    report = queries.report_facts(coop_id, report_id)
    if report is None or not report.is_public:
        raise Refused("founding.report_gone")
    if language not in LANGUAGE_NAMES:
        raise Refused("founding.text_language")
    asked = HelpCall.objects.filter(coop_id=coop_id, report_id=report_id, into=language, state=CallState.OPEN)
    if report.rendering(language) not in (Rendering.MISSING, Rendering.STALE) or asked.exists():
        raise Refused("founding.translation_there")
    texts = {}
    for code in LANGUAGE_NAMES:
        with translation.override(code):
            texts[code] = {
                "title": _("Translate our report into %(language)s") % {"language": str(LANGUAGE_WORDS[language])},
                "text": _(
                    "“%(title)s”: about a page, in %(own)s. You find the original and a form on your own page; one of "
                    "us reads it before it appears."
                )
                % {"title": report.version.words.title, "own": str(LANGUAGE_WORDS[report.language])},
            }
    row = HelpCall.objects.create(
        coop_id=coop_id,
        slug=_free_slug(coop_id, f"{report.slug}-{language}"),
        kind=HelpKind.TASK.value,
        state=CallState.OPEN.value,
        texts=texts,
        minutes=TRANSLATION_MINUTES,
        skill="translating",
        languages=sorted({report.language, language}),
        is_direct=True,
        report_id=report_id,
        into=language,
        made_at=now,
        changed_at=now,
        opened_at=now,
    )
    follow_calls(coop_id, now)
    audit("call", row.id, report=report_id, language=language)
    return row.id


@action(verb="founding.call_opened")
def open_call(*, coop_id: uuid.UUID, call_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Ask for help in public, for the first time or again."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = held_call(coop_id, call_id)
    policies.may_move_call(CallState(row.state), CallState.OPEN).require()
    row.state, row.closed_at = CallState.OPEN.value, None
    row.opened_at = row.opened_at or now
    row.changed_at = now
    row.save()
    follow_calls(coop_id, now)
    audit("call", row.id)


@action(verb="founding.call_closed")
def close_call(
    *, coop_id: uuid.UUID, call_id: uuid.UUID, closing: Mapping[str, str], actor: Actor, now: dt.datetime
) -> int:
    """Close a call: say what became of it, thank who helped by letter, and answer who still waits; return how many.

    Who has a place of a task or thing has given it now; money that was promised stays promised until it came.
    """
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = held_call(coop_id, call_id)
    policies.may_move_call(CallState(row.state), CallState.CLOSED).require()
    row.closing = _closing(closing)
    row.state, row.closed_at, row.changed_at = CallState.CLOSED.value, now, now
    row.save()
    offers = HelpOffer.objects.select_for_update().filter(coop_id=coop_id, call=row)
    waiting = list(offers.filter(state=OfferState.OPEN).order_by("id"))
    for one in waiting:
        one.state, one.decided_at, one.decided_by_id = OfferState.DECLINED.value, now, actor.party_id
        one.save()
        help_mails.declined(row, one, now=now, is_over=True)
    if row.kind != HelpKind.MONEY:
        for one in offers.filter(state=OfferState.ACCEPTED).order_by("id"):
            one.state, one.given_at = OfferState.GIVEN.value, now
            one.save()
    helped = list(offers.filter(state=OfferState.GIVEN, thanked_at__isnull=True).order_by("id"))
    for one in helped:
        one.thanked_at = now
        one.save(update_fields=["thanked_at"])
    help_mails.thanks(row, helped, now=now)
    follow_calls(coop_id, now)
    audit("call", row.id, thanked=len(helped), declined=len(waiting))
    return len(helped)


@action(verb="founding.call_deleted")
def delete_call(*, coop_id: uuid.UUID, call_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft. Raises Refused founding.call_kept for what people have read."""
    policies.may_keep_yard(actor, coop_id, clock.civil_date(now)).require()
    row = held_call(coop_id, call_id)
    if row.state != CallState.DRAFT:
        raise Refused("founding.call_kept")
    audit("call", row.id)
    row.delete()


# What several of these need


def held_call(coop_id: uuid.UUID, call_id: uuid.UUID) -> HelpCall:
    """Lock a call until the end of the transaction and return its row; before its offers. Raises Refused."""
    row = HelpCall.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, id=call_id).first()
    if row is None:
        raise Refused("founding.call_gone")
    return row


def _texts(texts: Mapping[str, CallWords]) -> dict[str, dict[str, str]]:
    told = {}
    for code, words in texts.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        title, text = " ".join(words.title.split()), words.text.replace("\r\n", "\n").strip()
        policies.fits_text(title, policies.LONGEST_LINE).require(path=f"title_{code}")
        policies.fits_text(text, policies.LONGEST_TEXT).require(path=f"text_{code}")
        if title:
            told[code] = {"title": title, "text": text}
    if not told:
        raise Refused("founding.call_empty")
    return told


def _closing(closing: Mapping[str, str]) -> dict[str, str]:
    told = {}
    for code, text in closing.items():
        if code not in LANGUAGE_NAMES:
            raise Refused("founding.text_language")
        plain = text.replace("\r\n", "\n").strip()
        policies.fits_text(plain, policies.LONGEST_TEXT).require(path=f"closing_{code}")
        if plain:
            told[code] = plain
    if not told:
        raise Refused("founding.closing_empty")
    return told


def _set_terms(row: HelpCall, terms: CallTerms, today: dt.date) -> None:
    row.kind = terms.kind.value
    if terms.kind is HelpKind.TASK:
        policies.fits_minutes(terms.minutes).require(path="minutes")
    if terms.kind is HelpKind.MONEY:
        policies.fits_money(terms.amount).require(path="amount")
    policies.fits_skill(terms.skill).require(path="skill")
    if set(terms.languages) - set(LANGUAGE_NAMES):
        raise Refused("founding.text_language", path="languages")
    where = _SPACES.sub(" ", terms.where).strip()
    policies.fits_text(where, policies.LONGEST_WHERE).require(path="where")
    if not 1 <= terms.places <= policies.MOST_PLACES:
        raise Refused("founding.places_wrong", most=policies.MOST_PLACES, path="places")
    taken = HelpOffer.objects.filter(call_id=row.id, state__in=[OfferState.ACCEPTED, OfferState.GIVEN]).count()
    if terms.kind is not HelpKind.MONEY and terms.places < taken:
        raise Refused("founding.places_taken", taken=taken, path="places")
    if row.state == CallState.DRAFT and terms.due_on is not None and terms.due_on < today:
        raise Refused("founding.due_past", path="due_on")
    if terms.lent_from and terms.lent_until and terms.lent_until < terms.lent_from:
        raise Refused("founding.lent_turned", path="lent_until")
    is_task, is_thing, is_money = (terms.kind is one for one in (HelpKind.TASK, HelpKind.THING, HelpKind.MONEY))
    row.minutes = terms.minutes if is_task else None
    row.skill = terms.skill if is_task else ""
    row.languages = sorted(set(terms.languages)) if is_task else []
    row.places = 1 if is_money else terms.places
    row.where, row.due_on = where, terms.due_on
    row.lent_from, row.lent_until = (terms.lent_from, terms.lent_until) if is_thing else (None, None)
    row.amount = terms.amount if is_money else None
    row.is_direct = terms.is_direct and not is_money
    _set_worth(row, terms)


def _set_worth(row: HelpCall, terms: CallTerms) -> None:
    """Let a task or thing lower what a call for money needs, by what the project says it is worth."""
    row.lowers_id, row.worth = None, None
    if terms.lowers_id is None or terms.kind is HelpKind.MONEY:
        return
    policies.fits_money(terms.worth).require(path="worth")
    money = HelpCall.objects.filter(coop_id=row.coop_id, id=terms.lowers_id, kind=HelpKind.MONEY)
    if not money.exists():
        raise Refused("founding.lowers_wrong", path="lowers")
    row.lowers_id, row.worth = terms.lowers_id, terms.worth


def _free_slug(coop_id: uuid.UUID, title: str) -> str:
    wanted = slugify(title)[:40].strip("-") or "help"
    taken = set(HelpCall.objects.filter(coop_id=coop_id, slug__startswith=wanted).values_list("slug", flat=True))
    taken |= RESERVED
    return next(
        one for number in range(1, 1000) if (one := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )
