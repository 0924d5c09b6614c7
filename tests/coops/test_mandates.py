"""Who held which mandate on a date, and what they may do by it."""

import datetime as dt

import pytest

from coopwerf.coops import actions, queries
from coopwerf.coops.states import BodyKind, Role
from coopwerf.kernel.tenancy import tenant

from ..cast import NOW, TODAY, Cast, MakePerson

pytestmark = pytest.mark.django_db


def test_who_was_on_the_board_on_a_day(wolkenwerf: Cast, person: MakePerson) -> None:
    """Dirk left on 3 May 2024 and Jana came the day after; both days keep their own board."""
    jana = person("Jana")
    with tenant(wolkenwerf.id):
        (dirks,) = queries.office_holders(wolkenwerf.id, TODAY, role=Role.DIRECTOR, body=BodyKind.BOARD)
    actions.end_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        mandate_id=dirks.id,
        until=dt.date(2024, 5, 3),
    )
    actions.grant_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        party_id=jana.party_id,
        body_id=dirks.body_id,
        role=Role.DIRECTOR,
        valid_from=dt.date(2024, 5, 4),
    )
    with tenant(wolkenwerf.id):

        def directors(on: dt.date, known: int | None = None) -> list[object]:
            held = queries.office_holders(wolkenwerf.id, on, role=Role.DIRECTOR, known=known)
            return [one.party_id for one in held]

        assert directors(dt.date(2024, 5, 3)) == [wolkenwerf.director.party_id]
        assert directors(dt.date(2024, 5, 4)) == [jana.party_id]
        assert directors(TODAY, known=dirks.position) == [wolkenwerf.director.party_id]
