"""Wolkenwerf builds: steps, partners, calls for help. For several stories."""

import datetime as dt
import uuid
from typing import Any

from coopwerf.founding import actions, queries
from coopwerf.founding.queries import StepFacts, StepWords
from coopwerf.founding.states import Season
from coopwerf.kernel.tenancy import tenant
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
