"""Who may organise gatherings, what a gathering lacks, who may register, and who may receive people at a desk."""

import datetime as dt
import uuid

from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.ui.formats import LANGUAGE_NAMES

from .queries import DeskFacts, GatheringFacts, SessionFacts
from .states import GATHERING_TRANSITIONS, GatheringState, RegistrationState, on_the_wall

LONGEST_TITLE = 120
LONGEST_LEAD = 300
LONGEST_TEXT = 10_000
MOST_SESSIONS = 80
MOST_PEOPLE = 100_000
SENT_AN_HOUR = 3000
"""From one place on the network: a hall sits behind one address."""
NAMES_FOR = dt.timedelta(days=365)
"""How long after a gathering it is known who was there; then only how many."""
DESK_FROM = dt.timedelta(days=1)
"""How long before the day of a gathering its desks open: to try them out."""


def may_manage(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may organise gatherings."""
    return coops.may_do(actor, coop_id, Power.MANAGE_GATHERINGS, on)


def may_bring_pictures(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether the actor may bring pictures for the report of a gathering: whoever organises them."""
    return actor.is_person and bool(may_manage(actor, coop_id, on))


def may_move(state: GatheringState, to: GatheringState) -> Verdict:
    """Tell whether a gathering may come into another state."""
    return allow() if to in GATHERING_TRANSITIONS[state] else refuse("events.state")


def may_change(state: GatheringState) -> Verdict:
    """Tell whether something of a gathering may still change: nothing of one that was called off."""
    return refuse("events.called_off") if state is GatheringState.CANCELLED else allow()


def may_report(found: GatheringFacts, now: dt.datetime) -> Verdict:
    """Tell whether it can be told what was heard at a gathering: once it began."""
    return allow() if found.is_public and found.has_begun(now) else refuse("events.not_begun")


def hindrances(found: GatheringFacts, now: dt.datetime) -> list[Verdict]:
    """Return everything that keeps a gathering from being announced."""
    lacking = []
    for code in found.languages:
        words = found.texts.get(code)
        if words is None or not words.title or not words.lead:
            lacking.append(refuse("events.untold", language=LANGUAGE_NAMES[code]))
    if not (found.town or found.online):
        lacking.append(refuse("events.nowhere"))
    if found.town and not found.address:
        lacking.append(refuse("events.no_address"))
    if found.begins <= now:
        lacking.append(refuse("events.begins_in_past"))
    return lacking


def may_announce(found: GatheringFacts, now: dt.datetime) -> Verdict:
    """Tell whether a gathering may be announced."""
    moved = may_move(found.state, GatheringState.ANNOUNCED)
    if not moved:
        return moved
    lacking = hindrances(found, now)
    return allow() if not lacking else refuse("events.not_ready", count=len(lacking))


def fits_programme(found: GatheringFacts, programme: list[SessionFacts], of: uuid.UUID | None = None) -> Verdict:
    """Tell whether all sessions, or one of them, lie within their gathering, and there aren't too many of them."""
    if len(programme) > MOST_SESSIONS:
        return refuse("events.sessions_full", most=MOST_SESSIONS)
    judged = [one for one in programme if of in (None, one.id)]
    outside = next((one for one in judged if one.begins < found.begins or one.ends > found.ends), None)
    return allow() if outside is None else refuse("events.session_outside", title=outside.words.title)


def may_register(found: GatheringFacts, now: dt.datetime) -> Verdict:
    """Tell whether anybody can still register."""
    if found.state is GatheringState.CANCELLED:
        return refuse("events.called_off")
    if found.state is not GatheringState.ANNOUNCED or found.is_past(now):
        return refuse("events.not_registering")
    return allow()


def may_send(sent: int) -> Verdict:
    """Tell whether another registration may come from the same place on the network."""
    return allow() if sent < SENT_AN_HOUR else refuse("events.network_busy")


def may_confirm(state: RegistrationState) -> Verdict:
    """Tell whether a registration can be confirmed, or taken up again."""
    return refuse("events.registration_over") if state is RegistrationState.CANCELLED else allow()


def fits_room(capacity: int | None, taken: int, people: int) -> Verdict:
    """Tell whether so many people still fit."""
    if capacity is None or taken + people <= capacity:
        return allow()
    return refuse("events.no_room", left=max(capacity - taken, 0))


def desk_closes(found: GatheringFacts) -> dt.datetime:
    """Return when the desks of a gathering close: at the end of its last day, where it is."""
    last = on_the_wall(found.ends, found.zone).date()
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=found.ends.tzinfo)
    return midnight.astimezone(dt.UTC)


def may_receive(found: GatheringFacts, desk: DeskFacts | None, now: dt.datetime) -> Verdict:
    """Tell whether people may be received with a desk's link: around its day, while the desk is open."""
    if desk is None or desk.gathering_id != found.id:
        return refuse("events.desk_gone")
    if desk.closed_at is not None or found.state in (GatheringState.DRAFT, GatheringState.CANCELLED):
        return refuse("events.desk_closed")
    if now >= desk_closes(found):
        return refuse("events.desk_over")
    first = dt.datetime.combine(found.begins.date(), dt.time(), tzinfo=found.begins.tzinfo) - DESK_FROM
    return allow() if now >= first else refuse("events.desk_early", on=first.date())


def may_let_in(state: RegistrationState, *, anyway: bool) -> Verdict:
    """Tell whether somebody with this registration may be let in; `anyway` where who receives them says so."""
    if state is RegistrationState.SEATED or (anyway and state is not RegistrationState.CANCELLED):
        return allow()
    return refuse("events.ticket_cancelled") if state is RegistrationState.CANCELLED else refuse("events.not_seated")
