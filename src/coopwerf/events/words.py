"""How gatherings are said in words: when, and what stands on their poster."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coopwerf.coops.queries import CoopFacts
from coopwerf.documents.posters import Poster, PosterFact
from coopwerf.ui import formats

from .queries import GatheringFacts
from .states import KIND_NAMES, GatheringState


def _lang() -> str:
    return formats.language(get_language())


def moment_in_words(at: dt.datetime) -> str:
    """Write a moment as people say it: weekday, day and clock."""
    lang = _lang()
    return _("%(day)s at %(time)s") % {
        "day": formats.date_long(at.date(), lang, weekday=True),
        "time": formats.clock(at, lang),
    }


def deadline_in_words(at: dt.datetime) -> str:
    """Write until when something can be done: the end of a day as its last minute, which nobody takes for the next."""
    is_end_of_day = at.time() == dt.time()
    return moment_in_words(at - dt.timedelta(minutes=1) if is_end_of_day else at)


def span_in_words(begins: dt.datetime, ends: dt.datetime) -> str:
    """Write from when until when something lasts."""
    lang = _lang()
    if begins.date() == ends.date():
        return _("%(day)s, from %(begins)s until %(ends)s") % {
            "day": formats.date_long(begins.date(), lang, weekday=True),
            "begins": formats.clock(begins, lang),
            "ends": formats.clock(ends, lang),
        }
    return _("from %(begins)s until %(ends)s") % {"begins": moment_in_words(begins), "ends": moment_in_words(ends)}


def where_in_words(found: GatheringFacts) -> str:
    """Write where a gathering is: its address, and that it can be followed from home."""
    parts = [part for part in (found.address, found.town) if part]
    if found.is_online:
        parts.append(_("also online") if parts else _("online"))
    return ", ".join(parts)


def place_in_words(found: GatheringFacts) -> str:
    """Write where a gathering is in a word or two: its town, or online."""
    return found.town or (_("online") if found.is_online else "")


def state_in_words(found: GatheringFacts, now: dt.datetime) -> str:
    """Say what somebody who looks at a list has to know: called off, moved, on now."""
    if found.state is GatheringState.CANCELLED:
        return _("called off")
    if found.is_open and found.moved_from:
        return _("moved")
    if found.is_open and found.has_begun(now) and not found.is_past(now):
        return _("on now")
    return ""


def poster_of(coop: CoopFacts, found: GatheringFacts) -> Poster:
    """Return what stands beside a shared link, and on a poster, in the language of its texts."""
    words = found.words
    full = settings.BASE_URL + reverse("events:gathering", kwargs={"slug": coop.slug, "gathering": found.slug})
    return Poster(
        coop=coop.name,
        hue=coop.hue,
        language=formats.language(found.text_language),
        title=words.title,
        lead=words.lead,
        act=_("Register now"),
        url=f"{full}?lang={found.text_language}",
        shown_url=full.split("://", 1)[-1].rstrip("/"),
        facts=(
            PosterFact(label=_("When"), value=span_in_words(found.begins, found.ends)),
            PosterFact(label=_("Where"), value=where_in_words(found)),
            PosterFact(label=_("What"), value=str(KIND_NAMES[found.kind])),
        ),
        small=(coop.name,),
    )
