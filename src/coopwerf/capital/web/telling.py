"""What the page of an offer shows, put together once for everybody who reads it in a language."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coopcalc.offers import Judgement
from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.documents.posters import Poster, PosterFact
from coopwerf.people.states import written_enterprise_no
from coopwerf.ui import formats

from .. import queries, words
from ..queries import OfferFacts, OfferWords, Progress, VersionFacts
from ..states import OfferState

FEWEST = 5
"""From so many people on their number, and what they put in together, is told to everybody."""


@dataclasses.dataclass(frozen=True, slots=True)
class Numbers:
    """How far an offer has come and what is left of it: the same in every language, and slow where members are many."""

    progress: Progress
    room: Judgement | None


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """The page of an offer in one language, but for what stands around it; `mark` changes with its picture."""

    title: str
    lead: str
    text_language: str
    poster: str
    picture: str
    content: str
    mark: str


def page_url(coop: CoopFacts, offer: OfferFacts) -> str:
    """Return the address of the public page of an offer."""
    return reverse("capital:offer", kwargs={"slug": coop.slug, "offer": offer.slug})


def text_language(offer: OfferFacts) -> str:
    """Return in which language an offer's own texts are shown to the reader."""
    wanted = formats.language(get_language())
    return wanted if wanted in offer.languages else offer.languages[0]


def numbers_of(offer: OfferFacts, on: dt.date) -> Numbers:
    """Return how far an offer has come, and what is left of it where it takes subscriptions."""
    return Numbers(queries.progress(offer), queries.room(offer, on) if offer.takes(on) else None)


def told(
    coop: CoopFacts,
    offer: OfferFacts,
    on: dt.date,
    *,
    version: VersionFacts | None = None,
    numbers: Numbers | None = None,
) -> Told:
    """Return the page of an offer in the active language, of its published version or of the one that is given.

    `numbers` are those of a moment ago, where somebody has them.
    """
    if version is not None:
        offer = dataclasses.replace(offer, version=version)
    context = facts(coop, offer, on, numbers=numbers)
    said: OfferWords = context["words"]
    return Told(
        title=said.title,
        lead=said.lead,
        text_language=context["text_language"],
        poster=render_to_string("capital/parts/offer_poster.html", context),
        picture=render_to_string("capital/parts/offer_picture.html", context),
        content=render_to_string("capital/parts/offer_content.html", context),
        mark=poster_of(coop, offer, context).mark[:12],
    )


def facts(coop: CoopFacts, offer: OfferFacts, on: dt.date, *, numbers: Numbers | None = None) -> dict[str, Any]:
    """Return everything that the page of an offer tells."""
    language = text_language(offer)
    law = queries.law_of(coop.id, offer.regime, on)
    numbers = numbers or numbers_of(offer, on)
    progress, room = numbers.progress, numbers.room
    takes = offer.takes(on)
    price = offer.lowest_price
    is_full = room is not None and price is not None and not room.fits(price)
    here = page_url(coop, offer)
    profile = coops.profile(coop.id, on)
    return {
        "coop": coop,
        "offer": offer,
        "words": offer.words(language),
        "text_language": language,
        "goal": offer.target or offer.ceiling,
        "goal_note": _("what we need") if offer.target is not None else _("the most we take"),
        "nothing": None,
        "progress": progress if progress.people >= FEWEST else None,
        "people_note": _people(progress),
        "takes": takes,
        "is_full": is_full,
        "room_on": room.enough_on(price) if room is not None and is_full and price is not None else None,
        "begins_later": offer.state is OfferState.OPEN and on < offer.opens_on,
        "is_paused": offer.state is OfferState.PAUSED,
        "is_closed": offer.state is OfferState.CLOSED
        or (offer.closes_on is not None and on > offer.closes_on and offer.state is not OfferState.DRAFT),
        "lowest_price": None if price is None else words.amount(price),
        "take_url": f"{here}take/",
        "ask_url": f"{here}ask/",
        "here": here,
        "in_short": words.facts_in_short(offer, on),
        "rules": words.rules_told(coop.id, on),
        "law": [*words.law_sentences(offer, law)],
        "period": words.period_sentence(offer),
        "questions": [one.words(language, offer.languages[0]) for one in queries.questions_of(coop.id, offer.id)],
        "versions": [one for one in queries.versions_of(coop.id, offer.id) if one.published_at is not None],
        "full_url": settings.BASE_URL + here,
        "profile": profile,
        "enterprise_no": written_enterprise_no(profile.enterprise_no),
    }


def _people(progress: Progress) -> str:
    lang = formats.language(get_language())
    return _("from %(people)s people and organisations") % {"people": formats.number(progress.people, lang)}


def poster_of(coop: CoopFacts, offer: OfferFacts, context: dict[str, Any]) -> Poster:
    """Return what stands on the poster of an offer, and beside a link to it, in the language of its texts."""
    said: OfferWords = context["words"]
    lang = context["text_language"]
    goal: Decimal = context["goal"]
    progress: Progress | None = context["progress"]
    shown = [
        PosterFact(
            label=words.class_label(one), value=words.amount_each(one.issue_price), large=len(offer.classes) == 1
        )
        for one in offer.classes[:3]
    ]
    share = -1
    if progress is not None:
        share = min(100, int(progress.reached * 100 / goal))
        reached = _("%(reached)s of %(goal)s") % {
            "reached": words.amount(progress.reached),
            "goal": words.amount(goal),
        }
        shown.append(PosterFact(label=_("Brought together so far"), value=reached))
    if offer.closes_on is not None:
        shown.append(PosterFact(label=_("Until and including"), value=formats.date_long(offer.closes_on, lang)))
    profile: coops.Profile = context["profile"]
    imprint = [profile.legal_name or coop.name]
    if profile.seat is not None:
        imprint.append(profile.seat.on_one_line)
    if context["enterprise_no"]:
        imprint.append(context["enterprise_no"])
    full: str = context["full_url"]
    return Poster(
        coop=coop.name,
        hue=coop.hue,
        language=lang,
        title=said.title,
        lead=said.lead,
        act=act_words(context["lowest_price"]),
        url=f"{full}?lang={lang}",
        shown_url=full.split("://", 1)[-1].rstrip("/"),
        share=share,
        facts=tuple(shown),
        small=(said.risk_sentence, *context["law"], context["period"], ", ".join(imprint) + "."),
    )


def act_words(lowest_price: str | None) -> str:
    """Return what the big button says."""
    return _("Take shares from %(price)s") % {"price": lowest_price} if lowest_price else _("Take shares")
