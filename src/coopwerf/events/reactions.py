"""What gatherings do when something happens below, and what they declare: a topic, an audience, the list of a desk."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coopwerf.coops import policies as coop_policies
from coopwerf.coops.states import Power
from coopwerf.documents import papers, pictures
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict
from coopwerf.messages import audiences, topics
from coopwerf.messages import queries as messages
from coopwerf.messages.audiences import Audience, Recipient
from coopwerf.messages.happenings import ContactForgotten
from coopwerf.people import queries as people
from coopwerf.ui import formats

from . import actions, policies, queries, words
from .letters import GATHERINGS
from .privacy import gather, gather_contact, tell
from .states import DESK_LIST, ONE_GATHERING, written_code


@reacts_to(ContactForgotten)
def forget_registrations(event: ContactForgotten, *, actor: Actor, now: dt.datetime) -> None:
    """Forget the registrations of somebody who is forgotten."""
    actions.forget_registrant(actor=actor, now=now, coop_id=event.coop_id, contact_id=event.contact_id)


def build_desk_list(wanted: papers.Wanted, now: dt.datetime) -> papers.DeskList:
    """Return the list of a desk: one of so many parts of all names at its door, cut where they divide evenly."""
    found = queries.gathering(wanted.coop_id, uuid.UUID(str(wanted.params["gathering"])))
    if found is None:
        raise Refused("events.gathering_gone")
    gate = str(wanted.params.get("session", ""))
    session = next((one for one in queries.sessions(found) if str(one.id) == gate), None)
    if gate and session is None:
        raise Refused("events.session_gone")
    chosen = None if session is None or session.is_for_all else session.id
    everybody = queries.listed(wanted.coop_id, found.id, chosen)
    parts = max(int(wanted.params.get("parts", 1)), 1)
    part = min(max(int(wanted.params.get("part", 1)), 1), parts)
    cut = [len(everybody) * number // parts for number in range(parts + 1)]
    mine = everybody[cut[part - 1] : cut[part]]
    begins, ends = (found.begins, found.ends) if session is None else (session.begins, session.ends)
    return papers.DeskList(
        title=found.words.title if session is None else f"{session.words.title} ({found.words.title})",
        when=words.span_in_words(begins, ends),
        where=words.where_in_words(found) if session is None else session.room or words.where_in_words(found),
        part=part,
        parts=parts,
        first=mine[0].name if mine else "",
        last=mine[-1].name if mine else "",
        lines=tuple(papers.DeskLine(name=one.name, code=written_code(one.code)) for one in mine),
    )


def _organiser(actor: Actor, wanted: papers.Wanted, on: dt.date) -> Verdict:
    return coop_policies.may_do(actor, wanted.coop_id, Power.MANAGE_GATHERINGS, on)


def participants(coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
    """Return who has a place at a gathering to come, or had one in the last thirty days."""
    at = dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)
    return _written_to(coop_id, queries.participants(coop_id, at))


def _written_to(coop_id: uuid.UUID, languages: Mapping[uuid.UUID, str]) -> list[Recipient]:
    return [
        Recipient(one.email, one.name, languages[one.id], contact_id=one.id)
        for one in messages.contacts(coop_id, set(languages)).values()
        if one.can_be_written_to
    ]


def participants_of(coop_id: uuid.UUID, key: str) -> Audience | None:
    """Return who has a place at one gathering as an audience; None where there is no such gathering."""
    try:
        gathering_id = uuid.UUID(key)
    except ValueError:
        return None
    found = queries.gathering(coop_id, gathering_id)
    if found is None or not found.is_public:
        return None
    day = formats.date_short(found.begins.date(), formats.language(get_language()))
    name = _("Who has a place at “%(title)s”, %(day)s") % {"title": found.words.title, "day": day}

    def recipients(coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
        at = dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)
        return _written_to(coop_id, queries.participants(coop_id, at, gathering_id=gathering_id))

    return Audience(f"{ONE_GATHERING}:{gathering_id}", name, recipients, order=40, is_public=False)


audiences.declare_each(ONE_GATHERING, find=participants_of)
audiences.declare("participants", name=_("Participants of gatherings"), recipients=participants, order=40)
topics.declare(GATHERINGS, name=_("Gatherings"), told=_("when a gathering is announced"), order=40)
papers.declare(DESK_LIST, name=_("List of a desk"), build=build_desk_list, may_ask=_organiser, may_read=_organiser)
pictures.register_use(
    "events",
    pictures.Use(
        is_shown=queries.is_picture_shown,
        is_used=queries.is_picture_used,
        may_bring=policies.may_bring_pictures,
    ),
)
people.register_export("events", gather)
people.register_erased("events", tell)
messages.register_contact_export("events", gather_contact)
