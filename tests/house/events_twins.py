"""A gathering in each of two co-operatives that look alike: a session, who registered, a desk, what was said."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coopwerf.documents.states import Licence
from coopwerf.events import actions, queries
from coopwerf.events.actions import GatheringPlan
from coopwerf.events.actions.registrations import page_token
from coopwerf.events.models import Registration
from coopwerf.events.states import (
    Fate,
    Format,
    GatheringWords,
    Kind,
    Needs,
    SessionPlan,
    SessionWords,
    When,
    Where,
    Wish,
    on_the_wall,
)
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast
from tests.documents.photos import photo


@dataclasses.dataclass(frozen=True)
class Gathered:
    """The address of a gathering, and ids and secrets of what is in it."""

    slug: str
    series: str
    session: uuid.UUID
    registration: uuid.UUID
    token: str
    ticket: uuid.UUID
    code: str
    desk: uuid.UUID
    desk_token: str
    contribution: uuid.UUID
    series_id: uuid.UUID


Told = Mapping[str, Callable[[Gathered], Any]]
_C = "/c/<slug:slug>/"
PUBLIC = _C + "gatherings/"
_P = PUBLIC + "<slug:gathering>/"
_G = _C + "organise/<slug:gathering>/"
_GATHERING: Told = {"gathering": lambda one: one.slug}
_REGISTERED: Told = {"token": lambda one: one.token}
_DESK: Told = {"token": lambda one: one.desk_token}
_SERIES: Told = {"series": lambda one: one.series}
_SESSION: Told = {**_GATHERING, "session_id": lambda one: one.session}
BLANKS: dict[str, Told] = {
    _P: _GATHERING,
    _P + "calendar.ics": _GATHERING,
    _P + "heard/": _GATHERING,
    _P + "picture-<str:language>.png": {**_GATHERING, "language": lambda one: "nl"},
    _P + "poster-<str:language>.pdf": {**_GATHERING, "language": lambda one: "nl"},
    _P + "register/": _GATHERING,
    _P + "register/sent/": _GATHERING,
    _P + "ticket/<str:code>/": {**_GATHERING, "code": lambda one: one.code},
    PUBLIC + "series/<slug:series>/": _SERIES,
    PUBLIC + "series/<slug:series>/calendar.ics": _SERIES,
    _C + "registration/<str:token>/": _REGISTERED,
    _C + "registration/<str:token>/calendar.ics": _REGISTERED,
    _C + "registration/<str:token>/change/": _REGISTERED,
    _C + "registration/<str:token>/tickets/": _REGISTERED,
    _C + "desk/<str:token>/": _DESK,
    _C + "desk/<str:token>/catch-up/": _DESK,
    _C + "desk/<str:token>/receive/": _DESK,
    _G: _GATHERING,
    _G + "become/<str:to>/": {**_GATHERING, "to": lambda one: "call-off"},
    _G + "desks/": _GATHERING,
    _G + "desks/<uuid:desk_id>/close/": {**_GATHERING, "desk_id": lambda one: one.desk},
    _G + "desks/catch-up/": _GATHERING,
    _G + "desks/list/": _GATHERING,
    _G + "heard/": _GATHERING,
    _G + "heard/<uuid:contribution_id>/": {**_GATHERING, "contribution_id": lambda one: one.contribution},
    _G + "heard/new/": _GATHERING,
    _G + "move/": _GATHERING,
    _G + "people/": _GATHERING,
    _G + "people/<uuid:registration_id>/cancel/": {
        **_GATHERING,
        "registration_id": lambda one: one.registration,
    },
    _G + "plan/": _GATHERING,
    _G + "preview/": _GATHERING,
    _G + "pictures/<int:place>/away/": {**_GATHERING, "place": lambda one: 1},
    _G + "report/<str:language>/": {**_GATHERING, "language": lambda one: "nl"},
    _G + "report/<str:language>/picture/": {**_GATHERING, "language": lambda one: "nl"},
    _G + "write-to/": _GATHERING,
    _G + "sessions/<uuid:session_id>/": _SESSION,
    _G + "sessions/<uuid:session_id>/drop/": _SESSION,
    _G + "sessions/new/": _GATHERING,
    _G + "texts/<str:language>/": {**_GATHERING, "language": lambda one: "nl"},
}
"""What of a gathering stands in the blanks of its addresses."""


def gathered(cast: Cast, mark: str, sting: str) -> Gathered:
    """Announce a gathering of today with one of everything; what is secret bears the names of the twin."""
    act: dict[str, Any] = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    begins = on_the_wall(clock.now() + dt.timedelta(hours=2), "Europe/Brussels").replace(tzinfo=None, microsecond=0)
    when = When(begins=begins, ends=begins + dt.timedelta(hours=2))
    series = actions.make_series(**act, texts={"nl": f"Series{mark}{sting}"}, programme=f"Series{mark}{sting}"[:60])
    plan = GatheringPlan(
        kind=Kind.DEBATE,
        when=when,
        where=Where(
            town=f"Town{mark}{sting}"[:100], address=f"Hall{mark}{sting}", online=f"https://zilver{mark}.example/x"
        ),
        capacity=50,
        series_id=series,
    )
    gathering_id = actions.draft_gathering(**act, title=f"Gathering{mark}{sting}", language="nl", plan=plan)
    said = f"Gathering{mark}{sting}"
    actions.write_gathering(
        **act,
        gathering_id=gathering_id,
        language="nl",
        words=GatheringWords(title=said, lead=said, description=said, access=said),
    )
    session = actions.plan_session(
        **act,
        gathering_id=gathering_id,
        plan=SessionPlan(
            texts={"nl": SessionWords(title=said, description=said)},
            format=Format.CAFE,
            room=f"Room{mark}{sting}",
            speakers=f"Speaker{mark}{sting}",
            begins=when.begins,
            ends=when.ends,
        ),
    )
    actions.announce_gathering(**act, gathering_id=gathering_id)
    visit: dict[str, Any] = {"actor": VISITOR, "now": NOW, "coop_id": cast.id}
    done = actions.register(
        **visit,
        gathering_id=gathering_id,
        email=f"guest.{mark}@example.org",
        language="nl",
        wish=Wish(
            people=(_plain(f"Goud{mark}{sting}"),),
            sessions=(session,),
            needs=Needs(languages=f"Brons{mark}{sting}", access=f"Koper{mark}{sting}"),
        ),
    )
    with tenant(cast.id):
        token = page_token(Registration.objects.get(id=done.id).key)
    actions.confirm_registration(**visit, token=token)
    desk = actions.open_desk(**act, gathering_id=gathering_id, name=f"Lood{mark}{sting}"[:60])
    contribution = actions.note_contribution(
        **act, gathering_id=gathering_id, theme=f"Theme{mark}{sting}"[:60], texts={"nl": said}
    )
    actions.answer_contribution(**act, contribution_id=contribution, fate=Fate.TAKEN_UP, answers={"nl": said})
    actions.bring_picture(
        **{**act, "now": clock.now() + dt.timedelta(hours=3)},
        gathering_id=gathering_id,
        language="nl",
        content=photo(400, 300),
        author=f"Maker{mark}{sting}"[:120],
        licence=Licence.BY_SA,
        texts={"nl": f"Seen{mark}{sting}"},
        caption=f"Caption{mark}{sting}",
    )
    with tenant(cast.id):
        facts = queries.registration(cast.id, done.id)
        found = queries.gathering(cast.id, gathering_id)
    assert facts is not None
    assert found is not None
    assert found.series is not None
    return Gathered(
        slug=found.slug,
        series=found.series.slug,
        session=session,
        registration=done.id,
        token=token,
        ticket=facts.tickets[0].id,
        code=facts.tickets[0].code,
        desk=desk,
        desk_token=queries.desk_token(desk),
        contribution=contribution,
        series_id=series,
    )


def _plain(name: str) -> str:
    """Return a name that a form takes: what looks like a link or an address is refused there."""
    return name.replace("://", " ").replace("www.", " ")[:100]


def attempts(own: Gathered, theirs: Gathered) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield forms of one's own pages with ids of the other's, each with its address and its method."""
    desk, base = f"desk/{own.desk_token}/", f"organise/{own.slug}/"
    yield f"{desk}receive/", {"ticket": str(theirs.ticket), "do": "in", "how": "scan"}, "post"
    yield f"{desk}receive/", {"ticket": str(theirs.ticket), "do": "anyway"}, "post"
    yield f"{desk}receive/", {"text": theirs.code, "do": "in"}, "post"
    yield desk, {"t": str(theirs.ticket), "again": "1"}, "get"
    plan = {"kind": "debate", "day": "1-1-2030", "begins": "10", "ends": "12", "zone": "Europe/Brussels"}
    plan |= {"languages": "nl", "forget_days": "30", "town": "Gent", "address": "Hal", "series": str(theirs.series_id)}
    yield f"{base}plan/", plan, "post"
    yield "organise/new/", {**plan, "title": "Anders"}, "post"
    yield f"{base}desks/", {"name": "Anders", "gate": str(theirs.session)}, "post"
    said = {"theme": "Anders", "text_nl": "Anders", "voices": "1", "fate": "open", "session": str(theirs.session)}
    yield f"{base}heard/new/", said, "post"
    guest = {"name": "Anders", "language": "nl", "slot0": str(theirs.session)}
    yield f"registration/{own.token}/change/", guest, "post"
    yield f"gatherings/{own.slug}/register/", {**guest, "email": "anders@example.org"}, "post"
