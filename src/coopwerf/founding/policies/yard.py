"""Who keeps the roadmap, the profile, partners and calls for help; what a step and an address must be."""

import datetime as dt
import uuid
from urllib.parse import urlsplit

from coopwerf.coops import policies as coops
from coopwerf.coops.queries import powers_of
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from ..states import STEP_TRANSITIONS, Season, StepState, is_season

LONGEST_LINE = 120
LONGEST_TEXT = 4000
LONGEST_WHY = 400
MOST_STEPS = 200
MOST_EVIDENCE = 10
LONGEST_URL = 200
YARD_POWERS = frozenset({Power.KEEP_YARD, Power.WRITE_REPORTS, Power.MANAGE_GATHERINGS, Power.WRITE_NEWS})


def may_keep_yard(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor keeps the roadmap, the profile, the partners and the calls for help."""
    return coops.may_do(actor, coop_id, Power.KEEP_YARD, on)


def may_bring_logos(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether the actor may bring logos of partners."""
    return actor.is_person and bool(may_keep_yard(actor, coop_id, on))


def may_see_yard(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor keeps something of the yard: its reports, its gatherings, its news, or the rest."""
    kept = powers_of(coop_id, actor.parties, on) & YARD_POWERS if actor.is_person else frozenset()
    return allow() if kept else coops.lacking(actor, Power.KEEP_YARD)


def may_move_step(state: StepState, to: StepState) -> Verdict:
    """Tell whether a step may come into another state."""
    return allow() if to in STEP_TRANSITIONS[state] else refuse("founding.step_changed")


def fits_promise(season: Season, day: dt.date | None) -> Verdict:
    """Tell whether something can be promised for a season, and for a day in it."""
    if not is_season(season.code):
        return refuse("founding.season_wrong")
    if day is not None and day not in season:
        return refuse("founding.day_outside", first=season.first_day, last=season.last_day)
    return allow()


def fits_url(url: str, *, own: bool = False) -> Verdict:
    """Tell whether this is an address of a page: https or http; where `own`, also one of ours from its slash on."""
    if own and url.startswith("/") and not url.startswith("//") and " " not in url and "\\" not in url:
        return allow()
    try:
        parts = urlsplit(url)
    except ValueError:
        return refuse("founding.url_wrong")
    whole = parts.scheme in ("http", "https") and parts.hostname and "." in parts.hostname and "@" not in parts.netloc
    if not whole or any(sign.isspace() or ord(sign) < 32 for sign in url):
        return refuse("founding.url_wrong")
    return allow()


def fits_text(text: str, longest: int) -> Verdict:
    """Tell whether a text isn't too long."""
    return allow() if len(text) <= longest else refuse("founding.text_long", length=len(text), longest=longest)
