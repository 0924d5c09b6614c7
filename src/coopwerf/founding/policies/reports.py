"""Who may write reports, and what one lacks before it can be published."""

import datetime as dt
import uuid

from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from .. import queries
from ..queries import ReportFacts
from ..states import REPORT_TRANSITIONS, SECTIONS, ReportState


def may_author(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may begin reports, invite others to write, publish and take back."""
    return coops.may_do(actor, coop_id, Power.WRITE_REPORTS, on)


def may_write(actor: Actor, coop_id: uuid.UUID, report_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may write on a report: who writes reports here, and who was invited to this one."""
    if actor.is_person and queries.is_author(coop_id, report_id, actor.parties):
        return allow()
    return may_author(actor, coop_id, on)


def may_bring_pictures(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether the actor may bring pictures for reports: whoever writes one."""
    if not actor.is_person:
        return False
    return bool(may_author(actor, coop_id, on)) or queries.is_author(coop_id, None, actor.parties)


def may_take_picture_away(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may take a picture away from reports that others have read."""
    return may_author(actor, coop_id, on)


def may_move(state: ReportState, to: ReportState) -> Verdict:
    """Tell whether a report may come into another state."""
    return allow() if to in REPORT_TRANSITIONS[state] else refuse("founding.report_moved")


def hindrances(report: ReportFacts) -> list[Verdict]:
    """Return everything that keeps what is written of a report from being published."""
    version, lacking = report.written, []
    if not version.words.title:
        lacking.append(refuse("founding.no_title"))
    if not any(getattr(version.words, part) for part in SECTIONS):
        lacking.append(refuse("founding.no_text"))
    for place in sorted(version.places):
        picture = report.pictures.get(place)
        if picture is None:
            lacking.append(refuse("founding.picture_unknown", place=place))
        elif picture.is_there and not picture.texts.get(report.language):
            lacking.append(refuse("founding.picture_untold", place=place))
    return lacking
