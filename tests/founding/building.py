"""Wolkenwerf builds: steps, partners, calls for help. For several stories."""

import datetime as dt
import uuid
from typing import Any

from coopwerf.founding import actions, queries
from coopwerf.founding.actions import CallTerms, Profile
from coopwerf.founding.queries import CallFacts, CallWords, OfferFacts, ProjectWords, StepFacts, StepWords
from coopwerf.founding.states import HelpKind, Season
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import queries as contacts
from tests.cast import NOW, Cast

SPRING = Season.of(dt.date(2027, 4, 1))
AUTUMN = Season.of(dt.date(2027, 10, 1))
RACK = {
    "nl": StepWords("Het eerste rek staat", "Met stroom, kabels en **twee** servers."),
    "fr": StepWords("La première baie est là", "Avec du courant et deux serveurs."),
}


def act(cast: Cast, now: dt.datetime = NOW) -> dict[str, Any]:
    """Return what every act of the director needs."""
    return {"actor": cast.director.actor, "now": now, "coop_id": cast.id}


def promised(cast: Cast, season: Season = SPRING, title: str = "", now: dt.datetime = NOW) -> uuid.UUID:
    """Promise a step for a season."""
    texts = {"nl": StepWords(title)} if title else RACK
    step_id = actions.write_step(**act(cast, now), season=season, texts=texts)
    actions.promise_step(**act(cast, now), step_id=step_id)
    return step_id


def step(cast: Cast, step_id: uuid.UUID) -> StepFacts:
    """Return a step as it stands."""
    with tenant(cast.id):
        found = queries.step_facts(cast.id, step_id)
    assert found is not None
    return found


# Calls for help


def called(cast: Cast, now: dt.datetime = NOW, **other: Any) -> uuid.UUID:
    """Ask in public for a translation of fifteen minutes, or for what is told otherwise; return the call's id."""
    told: dict[str, Any] = {
        "kind": HelpKind.TASK,
        "minutes": 15,
        "skill": "translating",
        "languages": ("fr", "nl"),
        "texts": {
            "nl": CallWords("Vertaal een verslag", "Eén pagina, van Nederlands naar Frans."),
            "fr": CallWords("Traduire un récit", "Une page, du néerlandais vers le français."),
        },
    }
    if other.get("kind", HelpKind.TASK) is not HelpKind.TASK:
        told = {"texts": told["texts"]}
    call_id = actions.write_call(**act(cast, now), terms=CallTerms(**{**told, **other}))
    actions.open_call(**act(cast, now), call_id=call_id)
    return call_id


def call(cast: Cast, call_id: uuid.UUID) -> CallFacts:
    """Return a call as it stands."""
    with tenant(cast.id):
        found = queries.call_facts(cast.id, call_id)
    assert found is not None
    return found


def offered(
    cast: Cast, call_id: uuid.UUID, name: str, *, confirm: bool = True, now: dt.datetime = NOW, **more: Any
) -> tuple[uuid.UUID, uuid.UUID]:
    """Let somebody offer help and confirm it by mail; return who they are, and their offer."""
    email = more.pop("email", f"{name.lower()}@example.org")
    told = {"words": f"Ik ben {name}, ik kan dat.", "language": "nl", **more}
    actions.offer_help(
        actor=VISITOR, now=now, coop_id=cast.id, call_id=call_id, key=uuid7(), name=name, email=email, **told
    )
    with tenant(cast.id):
        who = contacts.contact_by_email(cast.id, email)
        assert who is not None
    if confirm:
        actions.confirm_help(actor=VISITOR, now=now, coop_id=cast.id, contact_id=who.id)
    with tenant(cast.id):
        mine = [one for one in queries.offers_by(cast.id, who.id) if one.call_id == call_id]
    return who.id, mine[-1].id


def offer(cast: Cast, offer_id: uuid.UUID) -> OfferFacts:
    """Return an offer as it stands."""
    with tenant(cast.id):
        found = queries.offer_facts(cast.id, offer_id)
    assert found is not None
    return found


# Projects


def listed(cast: Cast, **other: Any) -> None:
    """Write a profile and put the project in the directory."""
    told: dict[str, Any] = {
        "themes": ("digital",),
        "region": "BE-BRU",
        "texts": {
            "nl": ProjectWords(
                "Mail en cloud van onszelf. Wie de dienst gebruikt, beslist mee.", "Iemand voor de boeken."
            ),
            "fr": ProjectWords("Un courrier et un nuage à nous. La réunion décide.", ""),
        },
        "people": 7,
        "since": dt.date(2021, 3, 1),
    }
    actions.write_profile(**act(cast), profile=Profile(**{**told, **other}))
    actions.list_project(**act(cast))
