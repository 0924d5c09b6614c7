"""The last place, the waiting list, terms of payment, reminders, and what lapses."""

import datetime as dt
import re
import threading
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from coopwerf.capital import actions, queries, tasks
from coopwerf.capital.actions import subscription_care
from coopwerf.capital.models import Subscription
from coopwerf.capital.states import Regime, SubscriptionState, term
from coopwerf.capital.tasks import look_after_coop
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.models import Mail
from coopwerf.payments import queries as bank
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import invitations
from tests.cast import NOW, TODAY, Cast
from tests.register.test_register import admit

from .offering import opened, with_shares
from .subscribed import (
    YES,
    applicant,
    confirmed,
    gift,
    inside,
    last_mail,
    link_in,
    mailed,
    paid,
    rows,
    shown,
    steps,
    subscribed,
    take,
)


def small(coop: Cast, ceiling: str = "200.00", **terms: object) -> uuid.UUID:
    """Open an offer of four shares of 50 euro."""
    with_shares(coop)
    return opened(coop, ceiling=Decimal(ceiling), target=None, **terms)


def day(number: int) -> dt.datetime:
    """Return so many days later."""
    return NOW + dt.timedelta(days=number)


def moved(coop: Cast, offer_id: uuid.UUID, now: dt.datetime = NOW) -> int:
    """Let whoever waits move up, as a worker does."""
    return actions.move_up(actor=SYSTEM, now=now, coop_id=coop.id, offer_id=offer_id)


@pytest.mark.django_db
def test_when_it_is_full_the_next_one_is_offered_the_waiting_list(wolkenwerf: Cast, client: Client) -> None:
    """Jan takes the last shares; Noor may wait, pays nothing, and moves up when Jan withdraws."""
    offer_id = small(wolkenwerf)
    jan = subscribed(wolkenwerf, offer_id, 4, applicant("Jan"))
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer_id, 1)
    assert refusal.value.code == "capital.room_ceiling"
    seen = steps(client, wolkenwerf, quantity="2")
    page = client.get(wolkenwerf.url("shares/rek/take/check/")).content.decode()
    assert 'name="wait" value="1"' in page
    answer = take(client, wolkenwerf, "check/", seen=seen, wait="1", **YES)
    assert answer.status_code == 302
    here = client.get(answer["Location"]).content.decode()
    assert "BE71" not in here, "who waits has nothing to pay"
    noor = rows(wolkenwerf)[1]
    assert (noor.state, noor.claim_id, noor.due_on) == ("waiting", None, None)
    assert moved(wolkenwerf, offer_id) == 0
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, jan.id))
    assert moved(wolkenwerf, offer_id, day(3)) == 1
    noor = rows(wolkenwerf)[1]
    assert (noor.state, noor.due_on) == ("to_pay", TODAY + dt.timedelta(days=17))
    assert "+++" in last_mail().text
    client.post(link_in(last_mail()), {"do": "confirm"})
    with inside(wolkenwerf):
        assert MembershipRequest.objects.count() == 1
    assert moved(wolkenwerf, offer_id, day(4)) == 0


@pytest.mark.django_db
def test_an_offer_with_room_comes_before_one_that_is_full(wolkenwerf: Cast, client: Client) -> None:
    """The newest offer is the main button, until its last share is taken, and again once nobody waits for it."""
    with_shares(wolkenwerf)
    opened(wolkenwerf)
    newest = opened(wolkenwerf, slug="nieuw", ceiling=Decimal("200.00"), target=None)

    def first_slugs() -> list[str]:
        page = client.get(wolkenwerf.url("")).content.decode()
        with inside(wolkenwerf):
            told = [one.url for one in invitations(wolkenwerf.id, TODAY)]
        shown_urls = re.findall(r'href="(/c/[^"]+/shares/[^"]+/)"', page)
        assert shown_urls == told
        return [one.split("/")[-2] for one in told]

    assert first_slugs() == ["nieuw", "rek"]
    jan = subscribed(wolkenwerf, newest, 4, applicant("Jan"))
    assert first_slugs() == ["rek", "nieuw"]
    subscribed(wolkenwerf, newest, 1, will_wait=True)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, jan.id))
    assert first_slugs() == ["rek", "nieuw"], "the room that came is for who waits"
    assert moved(wolkenwerf, newest) == 1
    assert first_slugs() == ["nieuw", "rek"]


@pytest.mark.django_db
def test_who_waits_longest_comes_first_and_nobody_overtakes(wolkenwerf: Cast) -> None:
    """Three wait; room for one comes: the first gets it, also from somebody who subscribes meanwhile."""
    offer_id = small(wolkenwerf)
    first = subscribed(wolkenwerf, offer_id, 1, applicant("Eerste"))
    subscribed(wolkenwerf, offer_id, 3, applicant("Rest"))
    waiting = [
        subscribed(wolkenwerf, offer_id, number, applicant(name), will_wait=True)
        for name, number in (("Wim", 1), ("Xan", 2), ("Yve", 1))
    ]
    # Wim confirmed already: his request comes with the place, for until then he asks for nothing.
    confirmed(wolkenwerf, waiting[0])
    with inside(wolkenwerf):
        assert not MembershipRequest.objects.exists()
        assert queries.place_in_queue(wolkenwerf.id, offer_id, waiting[2].id) == 3
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, first.id))
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer_id, 1, applicant("Zoe"))
    assert refusal.value.code == "capital.others_wait"
    assert moved(wolkenwerf, offer_id) == 1
    assert [shown(wolkenwerf, one.id).state for one in waiting] == ["to_pay", "waiting", "waiting"]
    assert shown(wolkenwerf, waiting[0].id).request_id is not None


@pytest.mark.django_db
def test_who_has_another_request_open_holds_up_nobody(wolkenwerf: Cast) -> None:
    """Wim waits, and asks through another offer too: Yve behind him gets the place, he keeps his turn."""
    offer_id = small(wolkenwerf)
    first = subscribed(wolkenwerf, offer_id, 4, applicant("Eerste"))
    waiting = [subscribed(wolkenwerf, offer_id, 1, applicant(name), will_wait=True) for name in ("Wim", "Yve", "Zoe")]
    for one in waiting:
        confirmed(wolkenwerf, one)
    other = subscribed(wolkenwerf, opened(wolkenwerf, slug="ander"), 1, applicant("Wim"))
    confirmed(wolkenwerf, other)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, first.id))
    assert moved(wolkenwerf, offer_id) == 2
    assert moved(wolkenwerf, offer_id) == 0
    assert [shown(wolkenwerf, one.id).state for one in waiting] == ["waiting", "to_pay", "to_pay"]
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"subscriptions/{waiting[0].id}/")).content.decode()
    assert page.count("Voorlopig overgeslagen") == 1
    with inside(wolkenwerf):
        assert MembershipRequest.objects.count() == 3
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, other.id))
    assert moved(wolkenwerf, offer_id) == 1


@pytest.mark.django_db
def test_who_pays_late_and_asked_again_meanwhile_is_left_to_the_secretary(wolkenwerf: Cast) -> None:
    """Her second request waits for the board: the late money of the first stays where she sees it."""
    offer_id = small(wolkenwerf, "400.00")
    noor = subscribed(wolkenwerf, offer_id, 2)
    confirmed(wolkenwerf, noor)
    look_after_coop(wolkenwerf.id, day(15))
    confirmed(wolkenwerf, subscribed(wolkenwerf, offer_id, 1, now=day(16)), now=day(16))
    paid(wolkenwerf, noor, "100.00", on=day(16).date(), now=day(16))
    again = {"actor": SYSTEM, "now": day(16), "coop_id": wolkenwerf.id, "subscription_id": noor.id}
    assert not actions.take_up_again(**again)
    assert shown(wolkenwerf, noor.id).state is SubscriptionState.LAPSED
    with inside(wolkenwerf):
        assert queries.count_subscriptions(wolkenwerf.id).late == 1


@pytest.mark.django_db
def test_one_that_fails_keeps_no_other_from_being_looked_after(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is wrong with Jan's subscription, and with a whole co-operative: Noor's lapses all the same."""
    offer_id = small(wolkenwerf)
    jan = subscribed(wolkenwerf, offer_id, 1, applicant("Jan"))
    noor = subscribed(wolkenwerf, offer_id, 2)
    lapse, look = actions.lapse_subscription, tasks.look_after_coop

    def fails(*, subscription_id: uuid.UUID, **whose: Any) -> None:
        if subscription_id == jan.id:
            raise RuntimeError("the mail is broken")
        lapse(subscription_id=subscription_id, **whose)

    def of_two(coop_id: uuid.UUID, now: dt.datetime) -> None:
        if coop_id != wolkenwerf.id:
            raise RuntimeError("another co-operative is broken")
        look(coop_id, now)

    monkeypatch.setattr(actions, "lapse_subscription", fails)
    monkeypatch.setattr(tasks, "look_after_coop", of_two)
    monkeypatch.setattr(tasks.coops, "all_coops", lambda: [SimpleNamespace(id=uuid.uuid4()), wolkenwerf])
    monkeypatch.setattr(clock, "now", lambda: day(15))
    tasks.look_after(0)
    assert [shown(wolkenwerf, one.id).state for one in (jan, noor)] == ["to_pay", "lapsed"]
    assert str(jan.id) in caplog.text
    assert "another co-operative is broken" in caplog.text


@pytest.mark.django_db
def test_what_one_person_may_put_in_is_counted_over_all_they_ask(wolkenwerf: Cast) -> None:
    """Five thousand a year: what she asked for counts, a limit of her own gives way to no waiting list."""
    with_shares(wolkenwerf)
    offer_id = opened(wolkenwerf, per_person=Decimal(1000))
    subscribed(wolkenwerf, offer_id, 15)
    for will_wait in (False, True):
        with pytest.raises(Refused) as refusal:
            subscribed(wolkenwerf, offer_id, 6, will_wait=will_wait)
        assert refusal.value.code == "capital.room_own_per_person"
    subscribed(wolkenwerf, offer_id, 5)
    brother = subscribed(wolkenwerf, offer_id, 20, applicant("Bas", email="noor@example.org"))
    assert brother.state is SubscriptionState.TO_PAY, "who shares a mailbox is somebody else"


@pytest.mark.django_db
def test_unpaid_it_is_reminded_twice_then_lapses_and_gives_room_back(wolkenwerf: Cast) -> None:
    """Fourteen days: a reminder after seven, a last one after twelve, gone after fourteen; once each."""
    offer_id = small(wolkenwerf)
    done = subscribed(wolkenwerf, offer_id, 4)
    confirmed(wolkenwerf, done)
    waits = subscribed(wolkenwerf, offer_id, 2, applicant("Wim"), will_wait=True)
    confirmed(wolkenwerf, waits)
    sent = []
    for number in range(16):
        for _twice in "ab":
            look_after_coop(wolkenwerf.id, day(number))
        sent.append(Mail.objects.filter(to="noor@example.org").count())
    assert [number for number in range(1, 16) if sent[number] > sent[number - 1]] == [7, 12, 15]
    assert sent[-1] - sent[0] == 3
    assert shown(wolkenwerf, done.id).state is SubscriptionState.LAPSED
    with inside(wolkenwerf):
        assert MembershipRequest.objects.order_by("id")[0].state == "withdrawn"
    assert shown(wolkenwerf, waits.id).state is SubscriptionState.TO_PAY


@pytest.mark.django_db
def test_part_of_the_money_does_not_lapse_by_itself(wolkenwerf: Cast) -> None:
    """Noor paid too little: somebody looks at it, nothing is thrown away behind her back."""
    offer_id = small(wolkenwerf)
    done = subscribed(wolkenwerf, offer_id, 2)
    paid(wolkenwerf, done, "60.00")
    look_after_coop(wolkenwerf.id, day(20))
    assert shown(wolkenwerf, done.id).state is SubscriptionState.TO_PAY
    assert shown(wolkenwerf, done.id).to_pay == Decimal("40.00")


def late(coop: Cast, done: actions.Subscribed) -> bool:
    """See to money of the sixteenth day, as a worker does; tell whether the subscription is taken up again."""
    return actions.take_up_again(actor=SYSTEM, now=day(16), coop_id=coop.id, subscription_id=done.id)


@pytest.mark.django_db
def test_who_pays_after_the_term_takes_part_again_while_there_is_room(wolkenwerf: Cast) -> None:
    """A payment that comes late isn't lost where her shares are still there; without money nothing is taken up."""
    offer_id = small(wolkenwerf)
    noor = subscribed(wolkenwerf, offer_id, 4)
    confirmed(wolkenwerf, noor)
    look_after_coop(wolkenwerf.id, day(15))
    assert not late(wolkenwerf, noor), "the match was undone before a worker came"
    paid(wolkenwerf, noor, "200.00", on=day(16).date(), now=day(16))
    assert shown(wolkenwerf, noor.id).state is SubscriptionState.LAPSED
    assert late(wolkenwerf, noor)
    found = shown(wolkenwerf, noor.id, day(16).date())
    assert found.state is SubscriptionState.PAID
    with inside(wolkenwerf):
        request = MembershipRequest.objects.get(id=found.request_id)
    assert (request.state, request.paid) == ("complete", Decimal("200.00"))


@pytest.mark.django_db
def test_who_pays_after_the_term_gets_it_back_when_all_is_taken(wolkenwerf: Cast, client: Client) -> None:
    """Jan has her shares by then: what she paid is on the list of payments to make, she hears so, and once only."""
    offer_id = small(wolkenwerf)
    noor = subscribed(wolkenwerf, offer_id, 4)
    confirmed(wolkenwerf, noor)
    look_after_coop(wolkenwerf.id, day(15))
    paid(wolkenwerf, noor, "200.00", on=day(16).date(), now=day(16))
    jan = subscribed(wolkenwerf, offer_id, 4, applicant("Jan"), now=day(16))
    for _twice in "ab":
        assert not late(wolkenwerf, noor)
    paid(wolkenwerf, noor, "20.00", on=day(16).date(), now=day(16))
    with inside(wolkenwerf):
        assert [one.open for one in bank.payments_to_make(wolkenwerf.id)] == [Decimal("200.00"), Decimal("20.00")]
        assert queries.count_subscriptions(wolkenwerf.id).late == 0
    found = shown(wolkenwerf, noor.id)
    assert (found.state, found.is_late) == (SubscriptionState.LAPSED, False)
    assert last_mail().subject == "Je betaling aan Wolkenwerf komt terug"
    assert "€ 200,00" in last_mail().text.replace("\xa0", " ")
    page = client.get(link_in(last_mail())).content.decode()
    assert "was er geen plaats meer" in page
    # Jan's shares are free again, but her money is on its way back.
    actions.withdraw_subscription(actor=VISITOR, now=day(16), coop_id=wolkenwerf.id, token=mailed(wolkenwerf, jan.id))
    assert not late(wolkenwerf, noor)
    with pytest.raises(Refused) as refusal:
        actions.withdraw_subscription(
            actor=wolkenwerf.secretary.actor, now=day(16), coop_id=wolkenwerf.id, subscription_id=noor.id
        )
    assert refusal.value.code == "capital.subscription_over"


@pytest.mark.django_db
def test_who_lapsed_from_the_waiting_list_had_no_place_to_take_up_again(wolkenwerf: Cast) -> None:
    """The secretary ended it; there is room now, and Wim can subscribe anew: nothing was kept for him."""
    offer_id = small(wolkenwerf)
    jan = subscribed(wolkenwerf, offer_id, 4, applicant("Jan"))
    wim = subscribed(wolkenwerf, offer_id, 2, applicant("Wim"), will_wait=True)
    confirmed(wolkenwerf, wim)
    whose: dict[str, Any] = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    actions.lapse_subscription(**whose, subscription_id=wim.id)
    actions.withdraw_subscription(**whose, subscription_id=jan.id)
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"subscriptions/{wim.id}/")).content.decode()
    assert f"{wim.id}/again/" not in page
    assert not actions.take_up_again(**whose, subscription_id=wim.id)
    assert shown(wolkenwerf, wim.id).state is SubscriptionState.LAPSED


@pytest.mark.django_db
def test_the_secretary_gives_more_time_or_ends_it(wolkenwerf: Cast) -> None:
    """By hand: another day, and the end before its time; not by who may not."""
    offer_id = small(wolkenwerf)
    done = subscribed(wolkenwerf, offer_id, 2)
    whose = {"now": NOW, "coop_id": wolkenwerf.id, "subscription_id": done.id}
    later = TODAY + dt.timedelta(days=40)
    with pytest.raises(Refused):
        actions.extend_term(actor=wolkenwerf.auditor.actor, **whose, due_on=later)
    actions.extend_term(actor=wolkenwerf.secretary.actor, **whose, due_on=later)
    assert shown(wolkenwerf, done.id).due_on == later
    actions.lapse_subscription(actor=wolkenwerf.secretary.actor, **whose)
    assert shown(wolkenwerf, done.id).state is SubscriptionState.LAPSED
    with pytest.raises(Refused) as refusal:
        actions.extend_term(actor=wolkenwerf.secretary.actor, **whose, due_on=later)
    assert refusal.value.code == "capital.not_to_pay"


@pytest.mark.django_db
def test_what_ended_without_money_is_forgotten(wolkenwerf: Cast) -> None:
    """Two months after it lapsed, who it was isn't kept any more."""
    offer_id = small(wolkenwerf)
    done = subscribed(wolkenwerf, offer_id, 2, **gift())
    look_after_coop(wolkenwerf.id, day(15))
    assert shown(wolkenwerf, done.id).spoken == "Noor Vandamme"
    look_after_coop(wolkenwerf.id, day(80))
    (row,) = rows(wolkenwerf)
    assert (row.told, row.payer, row.payer_email, row.email_key) == ({}, "", "", "")


@pytest.mark.parametrize("days", [1, 3, 4, 7, 8, 14, 90])
def test_a_term_of_any_length_reminds_within_itself(days: int) -> None:
    """No reminder on the day itself, after the term, or twice within two days."""
    begins = dt.date(2026, 1, 31)
    found = term(begins, days)
    assert (found.due_on - begins).days == days
    dates = [one for one in (found.remind_on, found.last_on) if one is not None]
    assert all(begins < one < found.due_on for one in dates)
    assert len(dates) < 2 or (dates[1] - dates[0]).days >= 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_place(wolkenwerf: Cast) -> None:
    """Eight people press at the same instant for two places: two get one, six are offered the waiting list."""
    offer_id = small(wolkenwerf, "100.00")
    ready = threading.Barrier(8)
    got: list[str] = []

    def press(number: int) -> None:
        try:
            ready.wait()
            subscribed(wolkenwerf, offer_id, 1, applicant(f"Mens{number}"))
            got.append("place")
        except Refused as refusal:
            got.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == ["capital.room_ceiling"] * 6 + ["place"] * 2
    assert len(rows(wolkenwerf)) == 2


@pytest.mark.django_db(transaction=True)
def test_the_laws_total_is_shared_by_two_offers(wolkenwerf: Cast) -> None:
    """The law leaves room for one share: Jan has asked for it, Noor asks through another offer before he is through."""
    with_shares(wolkenwerf)
    terms = {"ceiling": Decimal("400000.00"), "target": None, "regime": Regime.SMALL}
    offers = [opened(wolkenwerf, **terms), opened(wolkenwerf, slug="ander", **terms)]
    admit(wolkenwerf, "Groot", "Jan", 9999, on=TODAY - dt.timedelta(days=60))
    has_asked, is_through = threading.Event(), threading.Event()
    got: dict[str, str] = {}

    def first() -> None:
        try:
            with transaction.atomic():
                subscribed(wolkenwerf, offers[0], 1, applicant("Jan"))
                has_asked.set()
                got["waited"] = str(not is_through.wait(1))
        finally:
            connections.close_all()

    def second() -> None:
        try:
            has_asked.wait()
            subscribed(wolkenwerf, offers[1], 1)
            got["second"] = "place"
        except Refused as refusal:
            got["second"] = refusal.code
        finally:
            is_through.set()
            connections.close_all()

    threads = [threading.Thread(target=deed) for deed in (first, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got == {"waited": "True", "second": "capital.room_total_until"}
    assert len(rows(wolkenwerf)) == 1


@pytest.mark.django_db
def test_more_wait_than_move_up_at_once(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three wait and two move up in one transaction: the third follows in the next, on the same day."""
    offer_id = small(wolkenwerf)
    first = subscribed(wolkenwerf, offer_id, 4, applicant("Eerste"))
    waiting = [subscribed(wolkenwerf, offer_id, 1, applicant(name), will_wait=True) for name in ("Wim", "Xan", "Yve")]
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, first.id))
    monkeypatch.setattr(actions, "MOVED_AT_ONCE", 2)
    monkeypatch.setattr(subscription_care, "MOVED_AT_ONCE", 2)
    assert moved(wolkenwerf, offer_id) == 2
    look_after_coop(wolkenwerf.id, day(1))
    assert {shown(wolkenwerf, one.id).state for one in waiting} == {SubscriptionState.TO_PAY}


@pytest.mark.django_db(transaction=True)
def test_one_form_pressed_eight_times_at_once(wolkenwerf: Cast) -> None:
    """The same key from eight connections: one subscription, the same page for all."""
    offer_id = small(wolkenwerf)
    ready = threading.Barrier(8)
    key = uuid.uuid4()
    got: list[str] = []

    def press() -> None:
        try:
            ready.wait()
            got.append(subscribed(wolkenwerf, offer_id, 1, key=key).token)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 8
    assert len(set(got)) == 1
    with inside(wolkenwerf):
        assert Subscription.objects.count() == 1
