"""Who held which mandate on a date, and what they may do by it."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.utils.html import strip_tags

from coopwerf.coops import actions, queries
from coopwerf.coops.queries import MandateFacts
from coopwerf.coops.states import POWERS, BodyKind, Power, Role
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant

from ..cast import NOW, TODAY, Cast, MakePerson, Person

pytestmark = pytest.mark.django_db

LEFT = dt.date(2024, 5, 3)


def held(coop: Cast, role: Role, on: dt.date = TODAY) -> MandateFacts:
    """Return the mandate of one role on the board."""
    with tenant(coop.id):
        (found,) = queries.office_holders(coop.id, on, role=role, body=BodyKind.BOARD)
    return found


def grant(coop: Cast, party_id: uuid.UUID, role: Role, since: dt.date, until: dt.date | None = None) -> MandateFacts:
    """Let the chair give somebody a role on the board."""
    return actions.grant_mandate(
        actor=coop.chair.actor,
        now=NOW,
        coop_id=coop.id,
        party_id=party_id,
        body_id=held(coop, Role.CHAIR).body_id,
        role=role,
        valid_from=since,
        until=until,
    )


def test_who_was_on_the_board_on_a_day(wolkenwerf: Cast, person: MakePerson) -> None:
    """Dirk left on 3 May 2024 and Jana came the day after; both days keep their own board."""
    jana = person("Jana")
    dirks = held(wolkenwerf, Role.DIRECTOR)
    actions.end_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        mandate_id=dirks.id,
        until=LEFT,
    )
    grant(wolkenwerf, jana.party_id, Role.DIRECTOR, LEFT + dt.timedelta(days=1))
    with tenant(wolkenwerf.id):

        def directors(on: dt.date, known: int | None = None) -> list[object]:
            found = queries.office_holders(wolkenwerf.id, on, role=Role.DIRECTOR, known=known)
            return [one.party_id for one in found]

        assert directors(LEFT) == [wolkenwerf.director.party_id]
        assert directors(LEFT + dt.timedelta(days=1)) == [jana.party_id]
        assert directors(TODAY, known=dirks.position) == [wolkenwerf.director.party_id]


def test_the_page_answers_it(wolkenwerf: Cast) -> None:
    """The auditor asks on the page who sat there on 3 May 2024, in Dutch, and on a day before there was a board."""
    actions.end_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        mandate_id=held(wolkenwerf, Role.DIRECTOR).id,
        until=LEFT,
        reference="Ontslagbrief van 2 april 2024",
    )
    browser = wolkenwerf.auditor.browser()

    def page(on: str) -> str:
        content = strip_tags(browser.get(wolkenwerf.url("bodies/"), {"on": on}).content.decode())
        return " ".join(content.replace("\xa0", " ").split())

    assert "Op 3 mei 2024 liepen 5 mandaten" in page("03-05-2024")
    assert "Dirk JanssensOntslagbrief van 2 april 2024" in page("03-05-2024")
    assert "Dirk Janssens" not in page("04-05-2024")
    assert "Op die dag was er geen orgaan" in page("01-01-2020")


def test_what_somebody_may_do_ends_with_the_mandate(wolkenwerf: Cast) -> None:
    """On the last day the secretary keeps the register; on the day after not any more."""
    actions.end_mandate(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        mandate_id=held(wolkenwerf, Role.SECRETARY).id,
        until=LEFT,
    )
    parties = [wolkenwerf.secretary.party_id]
    with tenant(wolkenwerf.id):
        assert queries.powers_of(wolkenwerf.id, parties, LEFT) == POWERS[BodyKind.BOARD][Role.SECRETARY]
        assert queries.powers_of(wolkenwerf.id, parties, LEFT + dt.timedelta(days=1)) == frozenset()
    assert wolkenwerf.secretary.browser().get(wolkenwerf.url("settings/")).status_code == 403


def test_a_mandate_to_come_gives_nothing_yet(wolkenwerf: Cast, stranger: Person) -> None:
    """Elected for next year: until then the pages stay closed."""
    grant(wolkenwerf, stranger.party_id, Role.TREASURER, dt.date(2027, 1, 1))
    assert stranger.browser().get(wolkenwerf.url("bodies/")).status_code == 403
    with tenant(wolkenwerf.id):
        assert Power.KEEP_REGISTER in queries.powers_of(wolkenwerf.id, [stranger.party_id], dt.date(2027, 1, 1))


def test_a_mandate_by_mistake_was_never_held(wolkenwerf: Cast, stranger: Person) -> None:
    """It goes out of every day, but what was written stays in the chain, and is known as known then."""
    wrong = grant(wolkenwerf, stranger.party_id, Role.DIRECTOR, LEFT)
    actions.end_mandate(
        actor=wolkenwerf.chair.actor, now=NOW, coop_id=wolkenwerf.id, mandate_id=wrong.id, was_never_held=True
    )
    with tenant(wolkenwerf.id):
        assert not queries.holds_mandate(wolkenwerf.id, [stranger.party_id], LEFT)
        then = queries.office_holders(wolkenwerf.id, LEFT, role=Role.DIRECTOR, known=wrong.position)
    assert {one.party_id for one in then} == {wolkenwerf.director.party_id, stranger.party_id}


@pytest.mark.parametrize(("since", "until"), [(LEFT, None), (dt.date(2020, 1, 1), dt.date(2022, 1, 1)), (LEFT, LEFT)])
def test_nobody_holds_a_role_twice(wolkenwerf: Cast, since: dt.date, until: dt.date | None) -> None:
    """Dirk is a director already: whatever overlaps is refused, and says since when."""
    with pytest.raises(Refused) as said:
        grant(wolkenwerf, wolkenwerf.director.party_id, Role.DIRECTOR, since, until)
    assert said.value.code == "coops.mandate_overlaps"
    assert said.value.facts["valid_from"] == dt.date(2021, 3, 1)


def test_somebody_can_always_give_mandates(nederwerf: Cast) -> None:
    """The secretary may go; then the chair is the last who can, and stays until somebody else can."""
    chair = nederwerf.chair.actor
    end = {"actor": chair, "now": NOW, "coop_id": nederwerf.id, "until": TODAY}
    actions.end_mandate(**end, mandate_id=held(nederwerf, Role.SECRETARY).id)
    with pytest.raises(Refused, match="last_manager"):
        actions.end_mandate(**end, mandate_id=held(nederwerf, Role.CHAIR).id)
    with pytest.raises(Refused, match="last_manager"):
        actions.end_mandate(
            actor=chair,
            now=NOW,
            coop_id=nederwerf.id,
            mandate_id=held(nederwerf, Role.CHAIR).id,
            was_never_held=True,
        )
    grant(nederwerf, nederwerf.secretary.party_id, Role.CHAIR, TODAY + dt.timedelta(days=1))
    actions.end_mandate(**end, mandate_id=held(nederwerf, Role.CHAIR).id)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (None, "coops.last_day_missing"),
        (dt.date(2021, 2, 28), "coops.ends_before_it_begins"),
        (dt.date(1500, 1, 1), "coops.date_unlikely"),
    ],
)
def test_an_end_that_cannot_be(wolkenwerf: Cast, until: dt.date | None, code: str) -> None:
    """No last day, one before the first, one of another age."""
    with pytest.raises(Refused) as said:
        actions.end_mandate(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            mandate_id=held(wolkenwerf, Role.DIRECTOR).id,
            until=until,
        )
    assert said.value.code == code


def test_mandates_are_given_by_those_who_may(wolkenwerf: Cast, nederwerf: Cast, host: Person, stranger: Person) -> None:
    """Neither a treasurer, nor a chair elsewhere, nor the host, nor a stranger makes a chair of themselves."""
    seat = held(wolkenwerf, Role.CHAIR).body_id
    for somebody in (wolkenwerf.treasurer, nederwerf.chair, host, stranger):
        with pytest.raises(Refused, match="lacks_power"):
            actions.grant_mandate(
                actor=somebody.actor,
                now=NOW,
                coop_id=wolkenwerf.id,
                party_id=somebody.party_id,
                body_id=seat,
                role=Role.CHAIR,
                valid_from=TODAY,
            )


def test_a_body_of_another_co_operative_is_not_there(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """A chair can't give a seat elsewhere, not even with its id."""
    with pytest.raises(Refused, match="body_unknown"):
        actions.grant_mandate(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            party_id=wolkenwerf.chair.party_id,
            body_id=held(nederwerf, Role.CHAIR).body_id,
            role=Role.CHAIR,
            valid_from=TODAY,
        )


def test_pages_of_another_co_operative_stay_closed(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """The chair next door gets no page, and ids of here are unknown there."""
    mandate = held(wolkenwerf, Role.DIRECTOR)
    browser = nederwerf.chair.browser()
    for page in ("settings/", "settings/stage/2021-03-01/", "bodies/", f"bodies/mandates/{mandate.id}/end/"):
        assert browser.get(wolkenwerf.url(page)).status_code == 403
    assert browser.get(nederwerf.url(f"bodies/mandates/{mandate.id}/end/")).status_code == 404
    assert browser.get(nederwerf.url(f"bodies/{mandate.body_id}/")).status_code == 404


def test_the_database_is_the_second_lock(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Even a query that forgets the co-operative sees one's own rows only, and without an open one none."""
    tables = ("coops_mandate", "coops_body", "coops_statuterule", "coops_invitation")

    def coops_in(table: str) -> set[uuid.UUID]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coop_id FROM {table}")
            return {row[0] for row in cursor.fetchall()}

    for table in tables:
        assert coops_in(table) == set()
        with tenant(nederwerf.id):
            assert coops_in(table) <= {nederwerf.id}
    with tenant(wolkenwerf.id):
        assert coops_in("coops_mandate") == {wolkenwerf.id}


def test_a_body_closes_when_nobody_sits_in_it(wolkenwerf: Cast) -> None:
    """A working group with a mandate after that day stays open; a second board is refused; a group needs a name."""
    chair = {"actor": wolkenwerf.chair.actor, "now": NOW, "coop_id": wolkenwerf.id}
    group = actions.add_body(**chair, kind=BodyKind.COMMITTEE, name="Servers", valid_from=LEFT)
    seat = actions.grant_mandate(
        **chair,
        party_id=wolkenwerf.director.party_id,
        body_id=group.id,
        role=Role.MEMBER,
        valid_from=LEFT,
    )
    with pytest.raises(Refused, match="body_holds_mandates"):
        actions.change_body(**chair, body_id=group.id, until=TODAY)
    actions.end_mandate(**chair, mandate_id=seat.id, until=TODAY)
    actions.change_body(**chair, body_id=group.id, name="Serverploeg", until=TODAY)
    with tenant(wolkenwerf.id):
        assert "Serverploeg" in {one.name for one in queries.bodies(wolkenwerf.id, TODAY)}
        assert "Serverploeg" not in {one.name for one in queries.bodies(wolkenwerf.id, TODAY + dt.timedelta(days=1))}
    with pytest.raises(Refused, match="body_there_already"):
        actions.add_body(**chair, kind=BodyKind.BOARD, valid_from=TODAY)
    with pytest.raises(Refused, match="text_missing"):
        actions.add_body(**chair, kind=BodyKind.COMMITTEE, valid_from=TODAY)
