"""What gatherings do when something happens below, and what they declare: a topic, an audience, the list of a desk."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext
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
from coopwerf.messages.audiences import Recipient
from coopwerf.messages.happenings import ContactForgotten
from coopwerf.people import queries as people
from coopwerf.ui import formats

from . import actions, policies, queries, words
from .letters import GATHERINGS
from .privacy import gather, gather_contact, tell
from .states import DESK_LIST, PARTICIPANTS, written_code


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
    return _recipients(coop_id, queries.participants(coop_id, _begin(on)))


def participants_of(coop_id: uuid.UUID, key: str, on: dt.date) -> Iterable[Recipient]:
    """Return who has a place at one gathering."""
    try:
        gathering_id = uuid.UUID(key)
    except ValueError:
        return ()
    return _recipients(coop_id, queries.participants(coop_id, _begin(on), gathering_id))


def gatherings_with_participants(coop_id: uuid.UUID, on: dt.date) -> Iterable[audiences.Part]:
    """Return the gatherings to whose participants one can write: those to come, and those of the last thirty days."""
    return [
        audiences.Part(
            str(one.id),
            gettext("Participants: %(title)s, %(day)s")
            % {"title": one.words.title, "day": formats.date_long(one.begins.date(), formats.language(get_language()))},
        )
        for one in queries.with_participants(coop_id, _begin(on))
    ]


def _begin(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)


def _recipients(coop_id: uuid.UUID, languages: Mapping[uuid.UUID, str]) -> list[Recipient]:
    return [
        Recipient(one.email, one.name, languages[one.id], contact_id=one.id)
        for one in messages.contacts(coop_id, set(languages)).values()
        if one.can_be_written_to
    ]


audiences.declare(
    PARTICIPANTS,
    name=_("Participants of gatherings"),
    recipients=participants,
    order=40,
    parts=gatherings_with_participants,
    of_part=participants_of,
)
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
messages.register_contact_need("events", queries.coming_contacts)
