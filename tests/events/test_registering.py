"""Registering: places kept for half an hour, exactly so many, in order, with a waiting list that moves by itself."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from coopwerf.events import actions, queries, tasks
from coopwerf.events.actions import Registered
from coopwerf.events.states import Needs, RegistrationState, Wish
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from tests.cast import NOW, Cast

from .gathered import (
    act,
    announced,
    confirmed,
    drafted,
    facts,
    inside,
    registered,
    room_given,
    seated,
    session,
    shown,
    token,
    wall,
)

pytestmark = pytest.mark.django_db


def minutes(number: int) -> dt.datetime:
    """Return so many minutes later."""
    return NOW + dt.timedelta(minutes=number)


def states(cast: Cast, *ids: uuid.UUID) -> list[str]:
    """Return how far registrations have come."""
    return [shown(cast, one).state.value for one in ids]


def test_a_place_is_kept_for_half_an_hour_and_nobody_is_lost(wolkenwerf: Cast) -> None:
    """Noor's mail is slow: her place goes to who waits, and she waits where she stood."""
    gathering_id = announced(wolkenwerf, capacity=2)
    noor = registered(wolkenwerf, gathering_id, "Noor Vandamme", "Wim Vandamme")
    jan = registered(wolkenwerf, gathering_id, "Jan Smet", now=minutes(1))
    assert states(wolkenwerf, noor.id, jan.id) == ["held", "waiting"]
    confirmed(wolkenwerf, jan, minutes(2))
    assert room_given(wolkenwerf, gathering_id, minutes(29)) == 0
    assert room_given(wolkenwerf, gathering_id, minutes(31)) == 1
    assert states(wolkenwerf, noor.id, jan.id) == ["lapsed", "offered"]
    assert confirmed(wolkenwerf, noor, minutes(40)) is RegistrationState.WAITING
    assert confirmed(wolkenwerf, jan, minutes(41)) is RegistrationState.SEATED
    assert states(wolkenwerf, noor.id, jan.id) == ["waiting", "seated"]
    with inside(wolkenwerf):
        assert queries.place_in_queue(shown(wolkenwerf, noor.id)) == 1


def test_who_confirms_late_is_seated_while_there_is_room(wolkenwerf: Cast) -> None:
    """An hour later there is still room."""
    gathering_id = announced(wolkenwerf, capacity=2)
    noor = registered(wolkenwerf, gathering_id, "Noor")
    room_given(wolkenwerf, gathering_id, minutes(31))
    assert states(wolkenwerf, noor.id) == ["lapsed"]
    assert confirmed(wolkenwerf, noor, minutes(60)) is RegistrationState.SEATED
    assert confirmed(wolkenwerf, noor, minutes(61)) is RegistrationState.SEATED


def test_who_waits_longest_comes_first_and_an_offer_lapses(wolkenwerf: Cast) -> None:
    """A place comes free: the first who waits has a day for it, then it goes to the next, and they wait last."""
    gathering_id = announced(wolkenwerf, capacity=1)
    noor = seated(wolkenwerf, gathering_id, "Noor")
    first, second = (seated(wolkenwerf, gathering_id, name, now=minutes(5)) for name in ("Eerste", "Tweede"))
    assert states(wolkenwerf, first.id, second.id) == ["waiting", "waiting"]
    actions.cancel_registration(actor=VISITOR, now=minutes(10), coop_id=wolkenwerf.id, token=token(wolkenwerf, noor.id))
    late = registered(wolkenwerf, gathering_id, "Laatkomer", now=minutes(11))
    assert states(wolkenwerf, late.id) == ["waiting"], "nobody overtakes"
    assert room_given(wolkenwerf, gathering_id, minutes(12)) == 1
    assert states(wolkenwerf, first.id, second.id) == ["offered", "waiting"]
    next_day = minutes(12) + dt.timedelta(days=1, seconds=1)
    assert room_given(wolkenwerf, gathering_id, next_day) == 1
    assert states(wolkenwerf, first.id, second.id) == ["lapsed", "offered"]
    assert confirmed(wolkenwerf, first, next_day) is RegistrationState.WAITING
    with inside(wolkenwerf):
        assert queries.place_in_queue(shown(wolkenwerf, first.id)) == 2


def test_the_waiting_list_moves_and_lapses_without_anybody(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every minute a worker looks: a place not confirmed goes to who waits, an offer not taken to the next."""
    gathering_id = announced(wolkenwerf, capacity=1)
    noor = registered(wolkenwerf, gathering_id, "Noor")
    wim, yve = (registered(wolkenwerf, gathering_id, name) for name in ("Wim", "Yve"))
    for one in (wim, yve):
        confirmed(wolkenwerf, one)
    told = ((10, "held waiting waiting"), (31, "lapsed offered waiting"), (31 + 25 * 60, "lapsed lapsed offered"))
    for passed, stand in told:
        now = minutes(passed)
        monkeypatch.setattr(clock, "now", lambda at=now: at)
        tasks.keep_time(0)
        assert " ".join(states(wolkenwerf, noor.id, wim.id, yve.id)) == stand


def test_whoever_brings_more_than_fit_is_passed_over_and_keeps_their_turn(wolkenwerf: Cast) -> None:
    """One place comes free: four who wait first don't fit, the single one behind them does."""
    gathering_id = announced(wolkenwerf, capacity=4)
    noor = seated(wolkenwerf, gathering_id, "Noor")
    seated(wolkenwerf, gathering_id, "Drie A", "Drie B", "Drie C")
    four = seated(wolkenwerf, gathering_id, *(f"Vier {number}" for number in range(4)))
    single = seated(wolkenwerf, gathering_id, "Alleen")
    actions.cancel_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, noor.id))
    assert room_given(wolkenwerf, gathering_id) == 1
    assert states(wolkenwerf, four.id, single.id) == ["waiting", "offered"]


def test_an_address_registers_once_and_the_same_form_is_the_same(wolkenwerf: Cast) -> None:
    """Whoever types a known address learns nothing, and changes nothing."""
    gathering_id = announced(wolkenwerf)
    key = uuid.uuid4()
    noor = registered(wolkenwerf, gathering_id, "Noor", key=key)
    assert registered(wolkenwerf, gathering_id, "Noor", key=key).id == noor.id
    again = registered(wolkenwerf, gathering_id, "Iemand", "Anders", email="NOOR@example.org")
    assert (again.id, again.is_new) == (noor.id, False)
    assert shown(wolkenwerf, noor.id).names == ("Noor",)
    actions.cancel_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, noor.id))
    assert registered(wolkenwerf, gathering_id, "Noor").is_new


def test_the_page_tells_a_known_address_what_it_tells_any_other(wolkenwerf: Cast) -> None:
    """Two come, one place is left: they wait, whether or not the address stands in the list already."""
    gathering_id = announced(wolkenwerf, capacity=2)
    seated(wolkenwerf, gathering_id, "Noor")
    page = wolkenwerf.url(f"gatherings/{facts(wolkenwerf, gathering_id).slug}/register/")
    for others, said in (("Wim", "as=waiting"), ("", "as=held")):
        told = {"language": "nl", "name": "Iemand", "email": "noor@example.org", "others": others}
        assert Client().post(page, told)["Location"].endswith(said)
        assert Client().post(page, {**told, "email": f"new{others}@example.org"})["Location"].endswith(said)


def test_sessions_fill_and_let_others_move_up(wolkenwerf: Cast) -> None:
    """The café has one place: Wim waits for it, gets it when Noor leaves, and can't be at two at once."""
    gathering_id = drafted(wolkenwerf)
    cafe = session(wolkenwerf, gathering_id, "Wie beslist?", capacity=1)
    walk = session(wolkenwerf, gathering_id, "Wandeling", begins=wall(15), ends=wall(17))
    actions.announce_gathering(**act(wolkenwerf), gathering_id=gathering_id)
    noor = seated(wolkenwerf, gathering_id, "Noor", sessions=(cafe,))
    wim = seated(wolkenwerf, gathering_id, "Wim", sessions=(cafe,))
    assert [one.is_seated for one in shown(wolkenwerf, noor.id).choices] == [True]
    assert [one.is_seated for one in shown(wolkenwerf, wim.id).choices] == [False]
    with pytest.raises(Refused) as refusal:
        registered(wolkenwerf, gathering_id, "Yve", sessions=(cafe, walk))
    assert refusal.value.code == "events.sessions_overlap"
    change = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id, "language": "nl"}
    actions.change_registration(
        **change, token=token(wolkenwerf, noor.id), wish=Wish(people=("Noor",), sessions=(walk,))
    )
    room_given(wolkenwerf, gathering_id)
    assert [one.is_seated for one in shown(wolkenwerf, wim.id).choices] == [True]


def test_changing_keeps_tickets_and_takes_no_more_than_there_is(wolkenwerf: Cast) -> None:
    """A friend comes along, a name is mended: who stays keeps their code; a fourth doesn't fit."""
    gathering_id = announced(wolkenwerf, capacity=3)
    noor = seated(wolkenwerf, gathering_id, "Noor Vandamme", "Wim Vandame")
    before = {one.name: one.code for one in shown(wolkenwerf, noor.id).tickets}
    change = {
        "actor": VISITOR,
        "now": NOW,
        "coop_id": wolkenwerf.id,
        "token": token(wolkenwerf, noor.id),
        "language": "fr",
    }
    actions.change_registration(**change, wish=Wish(people=("Noor Vandamme", "Wim Vandamme", "Yve Maes")))
    after = {one.name: one.code for one in shown(wolkenwerf, noor.id).tickets}
    assert after["Noor Vandamme"] == before["Noor Vandamme"]
    assert after["Wim Vandamme"] == before["Wim Vandame"]
    assert len(set(after.values())) == 3
    with pytest.raises(Refused) as refusal:
        actions.change_registration(**change, wish=Wish(people=("A", "B", "C", "D")))
    assert refusal.value.code == "events.no_room"
    actions.change_registration(**change, wish=Wish(people=("Yve Maes",), needs=Needs(access="rolstoel")))
    assert shown(wolkenwerf, noor.id).names == ("Yve Maes",)
    assert registered(wolkenwerf, gathering_id, "Jan", "Piet").state is RegistrationState.HELD


def test_what_people_need_is_forgotten_and_heads_still_count_once(wolkenwerf: Cast) -> None:
    """Thirty days after the gathering needs are gone, and the names of those who had no place."""
    gathering_id = announced(wolkenwerf, capacity=1)
    noor = seated(wolkenwerf, gathering_id, "Noor", needs=Needs(access="rolstoel", children=2))
    wim = seated(wolkenwerf, gathering_id, "Wim")
    ends = facts(wolkenwerf, gathering_id).ends
    forget = {"actor": VISITOR, "coop_id": wolkenwerf.id, "gathering_id": gathering_id}
    with pytest.raises(Refused):
        actions.forget_needs(**forget, now=ends + dt.timedelta(days=29))
    with inside(wolkenwerf):
        assert queries.to_forget(wolkenwerf.id, ends + dt.timedelta(days=31)) == [gathering_id]
        assert queries.with_needs(wolkenwerf.id, gathering_id)[0].needs.children == 2
    assert actions.forget_needs(**forget, now=ends + dt.timedelta(days=31)) == 1
    assert shown(wolkenwerf, noor.id).needs.is_nothing
    assert shown(wolkenwerf, noor.id).names == ("Noor",)
    assert shown(wolkenwerf, wim.id).names == ("",)
    with inside(wolkenwerf):
        assert queries.to_forget(wolkenwerf.id, ends + dt.timedelta(days=31)) == []


@pytest.mark.django_db
def test_made_up_addresses_from_one_place_do_not_keep_others_out(wolkenwerf: Cast) -> None:
    """Thirty times ten people hold a hall of 300: who comes from elsewhere has a place, and a few keep theirs."""
    gathering_id = announced(wolkenwerf, capacity=300)

    def come(place: str, email: str, count: int = 1) -> Registered:
        return actions.register(
            actor=VISITOR,
            now=NOW,
            coop_id=wolkenwerf.id,
            gathering_id=gathering_id,
            email=email,
            language="nl",
            wish=Wish(people=tuple(f"{email[:4]} {number}" for number in range(count))),
            sent_from=place,
        )

    false = [come("203.0.113.7", f"f{number:02}@example.org", 10) for number in range(30)]
    true = confirmed(wolkenwerf, false[-1])
    assert (true, come("203.0.113.7", "more@example.org").state) == ("seated", "waiting")
    noor = come("198.51.100.1", "noor@example.org", 2)
    assert noor.state == "held"
    states = [shown(wolkenwerf, one.id).state for one in false]
    assert states == ["held"] * 28 + ["waiting", "seated"], "who confirmed stays, who came last gives way"
    with inside(wolkenwerf):
        assert queries.taken(gathering_id) == 292
    others = [come(f"198.51.100.{number}", f"o{number:02}@example.org", 9) for number in range(2, 36)]
    with inside(wolkenwerf):
        assert queries.taken(gathering_id) <= 300
    assert [one.state for one in others] == ["held"] * 27 + ["waiting"] * 7
    assert [shown(wolkenwerf, one.id).state for one in false[:4]] == ["held"] * 4, "a few keep theirs"
    assert confirmed(wolkenwerf, false[10]) == "waiting", "who is put back isn't lost, and waits at their place"
