"""Wolkenwerf gathers people: a debate day with parallel sessions, who registers, and the mails. For several stories."""

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

from coopwerf.events import actions, queries, tasks
from coopwerf.events.actions import GatheringPlan, Registered
from coopwerf.events.actions.registrations import page_token
from coopwerf.events.models import Registration
from coopwerf.events.queries import GatheringFacts, RegistrationFacts
from coopwerf.events.states import (
    Format,
    GatheringWords,
    Kind,
    Needs,
    SessionPlan,
    SessionWords,
    When,
    Where,
    Wish,
)
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from tests.cast import NOW, Cast

DAY = dt.date(2027, 3, 13)
TITLE = "Debatdag over onze statuten"
NOTHING = Needs()
DUTCH = GatheringWords(
    title=TITLE,
    lead="Een dag lang praten we over wie beslist, wie betaalt en wie meedoet.",
    description="In de voormiddag luisteren we. In de namiddag kies je **een van vier** vormen.",
    access="Met de tram tot Korenmarkt. De zaal is zonder trappen bereikbaar.",
)
FRENCH = GatheringWords(
    title="Journée de débat sur nos statuts",
    lead="Une journée pour parler de qui décide, qui paie et qui participe.",
    description="Le matin, nous écoutons. L’après-midi, vous choisissez.",
    access="En tram jusqu’au Korenmarkt. La salle est accessible sans marches.",
)


def wall(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    """Return what the clock on the wall shows."""
    return dt.datetime.combine(day, dt.time(hour, minute))


def act(cast: Cast, now: dt.datetime = NOW) -> dict[str, Any]:
    """Return what every act of an organiser needs."""
    return {"actor": cast.secretary.actor, "now": now, "coop_id": cast.id}


def plan(**other: Any) -> GatheringPlan:
    """Return the plan of the debate day, with what is planned otherwise."""
    told: dict[str, Any] = {
        "kind": Kind.DEBATE,
        "when": When(begins=wall(9, 30), ends=wall(17)),
        "where": Where(
            town="Gent", address="De Centrale, Kraankindersstraat 2", online="https://meet.example.org/debat"
        ),
        "capacity": 300,
        "languages": ("nl", "fr"),
        "asks_children": True,
    }
    return GatheringPlan(**{**told, **other})


def drafted(cast: Cast, **other: Any) -> uuid.UUID:
    """Prepare the debate day with its texts in two languages."""
    gathering_id = actions.draft_gathering(**act(cast), title=TITLE, language="nl", plan=plan(**other))
    for language, words in (("nl", DUTCH), ("fr", FRENCH)):
        actions.write_gathering(**act(cast), gathering_id=gathering_id, language=language, words=words)
    return gathering_id


def announced(cast: Cast, **other: Any) -> uuid.UUID:
    """Prepare the debate day and announce it."""
    gathering_id = drafted(cast, **other)
    actions.announce_gathering(**act(cast), gathering_id=gathering_id)
    return gathering_id


def session(cast: Cast, gathering_id: uuid.UUID, title: str, **other: Any) -> uuid.UUID:
    """Put a session on the programme, in the afternoon if nothing else is said."""
    told: dict[str, Any] = {
        "texts": {"nl": SessionWords(title=title)},
        "format": Format.CAFE,
        "begins": wall(14),
        "ends": wall(16),
    }
    return actions.plan_session(**act(cast), gathering_id=gathering_id, plan=SessionPlan(**{**told, **other}))


def registered(
    cast: Cast,
    gathering_id: uuid.UUID,
    *people: str,
    email: str = "",
    sessions: tuple[uuid.UUID, ...] = (),
    needs: Needs = NOTHING,
    language: str = "nl",
    now: dt.datetime = NOW,
    key: uuid.UUID | None = None,
    wants_news: bool = False,
) -> Registered:
    """Register people by the first one's address, as a visitor does."""
    return actions.register(
        actor=VISITOR,
        now=now,
        coop_id=cast.id,
        gathering_id=gathering_id,
        email=email or f"{people[0].lower().replace(' ', '.')}@example.org",
        language=language,
        wish=Wish(people=people, sessions=sessions, needs=needs),
        key=key,
        wants_news=wants_news,
    )


def token(cast: Cast, registration_id: uuid.UUID) -> str:
    """Return the secret in the mail about a registration."""
    with tenant(cast.id):
        return page_token(Registration.objects.get(id=registration_id).key)


def confirmed(cast: Cast, done: Registered, now: dt.datetime = NOW) -> Any:
    """Press the button behind the link."""
    return actions.confirm_registration(actor=VISITOR, now=now, coop_id=cast.id, token=token(cast, done.id))


def seated(cast: Cast, gathering_id: uuid.UUID, *people: str, now: dt.datetime = NOW, **other: Any) -> Registered:
    """Register people, and confirm."""
    done = registered(cast, gathering_id, *people, now=now, **other)
    confirmed(cast, done, now)
    return done


def shown(cast: Cast, registration_id: uuid.UUID) -> RegistrationFacts:
    """Return a registration as it stands."""
    with tenant(cast.id):
        found = queries.registration(cast.id, registration_id)
    assert found is not None
    return found


def facts(cast: Cast, gathering_id: uuid.UUID) -> GatheringFacts:
    """Return a gathering as it stands."""
    with tenant(cast.id):
        found = queries.gathering(cast.id, gathering_id)
    assert found is not None
    return found


@contextlib.contextmanager
def inside(cast: Cast) -> Iterator[None]:
    """Look into the rows of a co-operative."""
    with tenant(cast.id):
        yield


def written(cast: Cast, now: dt.datetime = NOW) -> list[Mail]:
    """Let a worker write the letters that wait; return the mails that came of it, the first one first."""
    before = set(Mail.objects.values_list("id", flat=True))
    tasks.write_waiting(cast.id, now)
    return list(Mail.objects.exclude(id__in=before).order_by("made_at", "id"))


def room_given(cast: Cast, gathering_id: uuid.UUID, now: dt.datetime = NOW) -> int:
    """Let a worker see who can have a place."""
    return actions.give_room(actor=SYSTEM, now=now, coop_id=cast.id, gathering_id=gathering_id)


def link_in(mail: Mail) -> str:
    """Return the path of the registration in a mail."""
    found = re.search(r"https?://[^/]+(/c/[^/\s]+/registration/[\w-]+/)", mail.text)
    assert found is not None, mail.text
    return found[1]
