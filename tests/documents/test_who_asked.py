"""Having asked for a paper of everybody gives no right to it for ever."""

import datetime as dt

import pytest

from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.documents import actions, tasks
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant

from ..cast import Cast, Person

pytestmark = pytest.mark.django_db


def has_it(person: Person, file: str) -> bool:
    """Tell whether somebody gets the file, whole."""
    answer = person.browser().get(file)
    return answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_a_former_secretary_has_no_list_of_members_any_more(wolkenwerf: Cast) -> None:
    """Bram asked for the list while he was secretary; his mandate ended, and with it his look into the register."""
    bram, now = wolkenwerf.secretary, clock.now()
    asked = actions.ask_document(
        actor=bram.actor, now=now, coop_id=wolkenwerf.id, kind="register.member_list", language="nl", as_of=now.date()
    )
    tasks.make(str(wolkenwerf.id), str(asked.id))
    file = wolkenwerf.url(f"documents/{asked.token}/file/")
    assert has_it(bram, file)
    with tenant(wolkenwerf.id):
        held = [one for one in coop_queries.office_holders(wolkenwerf.id, now.date()) if one.party_id == bram.party_id]
    for one in held:
        coops.end_mandate(
            actor=SYSTEM, now=now, coop_id=wolkenwerf.id, mandate_id=one.id, until=now.date() - dt.timedelta(days=1)
        )
    for page in (file, wolkenwerf.url(f"documents/{asked.token}/")):
        assert bram.browser().get(page).status_code == 403
    assert has_it(wolkenwerf.chair, file)
