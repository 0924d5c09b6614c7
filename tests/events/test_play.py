"""A scenario announces a gathering, lets people register, and receives them: as the journey does with a thousand."""

import uuid
from typing import Any

import pytest

from coopwerf.coops import queries as coops
from coopwerf.events import queries
from coopwerf.kernel.tenancy import tenant
from tests.player.test_play import FOUNDED, PlayLines, line, play

__all__ = ["play"]
pytestmark = pytest.mark.django_db
AMINA = "amina@werf.example"
DAY = "2026-03-14"


def told(
    what: str, known_as: str = "", /, *, at: str = "2026-03-03T10:00:00+01:00", who: str = AMINA, **more: Any
) -> Any:
    """Write a line about the gathering."""
    return line(f"events.{what}", known_as, at=at, who=who, coop_id="$werf.id", **more)


def test_a_scenario_holds_a_gathering(play: PlayLines) -> None:
    """Three places, four people, one of them waits; two come in, one of them without a registration."""
    words = {"title": "Debat", "lead": "Wie beslist?"}
    plan = {
        "kind": "debate",
        "when": {"begins": f"{DAY}T19:00:00", "ends": f"{DAY}T22:00:00", "zone": "Europe/Brussels"},
        "where": {"town": "Gent", "address": "De Werf"},
        "capacity": 3,
        "languages": ["nl"],
    }
    lines = [
        *FOUNDED,
        told("draft_gathering", "debat", title="Debat", language="nl", plan=plan),
        told("write_gathering", gathering_id="$debat", language="nl", words=words),
        told("announce_gathering", gathering_id="$debat"),
        *(
            told(
                "register",
                f"guest{number}",
                who="visitor",
                gathering_id="$debat",
                email=f"guest{number}@werf.example",
                language="nl",
                wish={"people": [f"Gast {number}"], "needs": {"access": "vooraan"}},
            )
            for number in range(4)
        ),
        *(told("confirm_registration", registration_id=f"$guest{number}.id") for number in range(4)),
        told("open_desk", "desk", gathering_id="$debat", name="Deur"),
        told(
            "check_in",
            at=f"{DAY}T18:50:00+01:00",
            gathering_id="$debat",
            ticket_id="$guest0.tickets.0",
            desk_id="$desk",
        ),
        told("walk_in", at=f"{DAY}T18:55:00+01:00", gathering_id="$debat", name="Toevallig", desk_id="$desk"),
    ]
    said, code = play(*lines)
    assert code == 0, said[-1]
    assert [one["result"] for one in said[11:15]] == ["seated", "seated", "seated", "waiting"]
    coop = coops.coop_by_slug("de-proefwerf")
    assert coop is not None
    with tenant(coop.id):
        assert queries.inside(uuid.UUID(said[4]["result"])) == (2, 2)
