"""Subscribing: Noor on her phone, a gift, an organisation, a minor, a member; once, whatever she presses twice."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from coopwerf.capital import actions, queries, tasks
from coopwerf.capital.models import Subscription, SubscriptionEvent
from coopwerf.capital.states import ForWhom, Giver, SubscriptionState
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.models import Mail
from coopwerf.people.actions import erase_party
from coopwerf.people.models import Party
from coopwerf.register import actions as register_actions
from coopwerf.register import queries as register
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import ApplicantKind, RequestState
from tests.cast import NOW, TODAY, Cast, MakePerson

from .offering import opened, with_shares
from .subscribed import (
    NOOR,
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(wolkenwerf: Cast) -> uuid.UUID:
    """Return the open offer of Wolkenwerf: shares A of 50 euro."""
    with_shares(wolkenwerf)
    return opened(wolkenwerf)


def test_noor_subscribes_in_three_steps_confirms_and_pays(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """Three pages, one subscription: she sees how to pay at once, confirms by mail, and the board sees her money."""
    parties = Party.objects.count()
    seen = steps(client, wolkenwerf)
    answer = take(client, wolkenwerf, "check/", seen=seen, **YES)
    assert answer.status_code == 302
    page = client.get(answer["Location"], headers={"accept-language": "nl"}).content.decode()
    assert "BE71 0961 2345 6769" in page
    assert "150,00" in page
    (row,) = rows(wolkenwerf)
    assert (row.state, row.quantity, row.amount, row.request_id) == ("to_pay", 3, Decimal("150.00"), None)
    assert f"+++{row.digits[:3]}/{row.digits[3:7]}/{row.digits[7:]}+++" in page
    assert "Yes, I confirm" not in page, "whoever typed an address hasn't read its mail yet"
    assert Party.objects.count() == parties, "nobody is registered before the mail is confirmed"
    actions.write_first_letters(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
    here = link_in(last_mail())
    assert here != answer["Location"]
    assert "noor@example.org" in client.get(here).content.decode()
    assert rows(wolkenwerf)[0].confirmed_at is None, "looking confirms nothing"
    client.post(here, {"do": "confirm"})
    (row,) = rows(wolkenwerf)
    with inside(wolkenwerf):
        request = MembershipRequest.objects.get()
        assert (request.id, request.party_id) == (row.request_id, row.party_id)
        assert (request.state, request.missing) == (RequestState.INCOMPLETE, ["payment"])
    assert (row.told, row.email_key) == ({}, "")
    paid(wolkenwerf, actions.Subscribed(row.id, SubscriptionState.TO_PAY, ""), "150.00")
    with inside(wolkenwerf):
        request = MembershipRequest.objects.get()
    assert (request.state, request.paid) == (RequestState.COMPLETE, Decimal("150.00"))
    assert rows(wolkenwerf)[0].state == "paid"


def test_double_click_back_button_reload_and_two_tabs_are_one_subscription(
    offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """The same page sent again leads to the same payment; so does a second tab with the same draft."""
    seen = steps(client, wolkenwerf)
    first = take(client, wolkenwerf, "check/", seen=seen, **YES)
    again = take(client, wolkenwerf, "check/", seen=seen, **YES)
    assert first["Location"] == again["Location"]
    assert len(rows(wolkenwerf)) == 1
    other = Client()
    seen = steps(other, wolkenwerf)
    tab = take(other, wolkenwerf, "check/", seen=seen, **YES)
    assert tab["Location"] == first["Location"], "another browser, the same in every field: the same subscription"
    assert len(rows(wolkenwerf)) == 1
    more = steps(other, wolkenwerf, quantity="4")
    assert take(other, wolkenwerf, "check/", seen=more, **YES)["Location"] != first["Location"]
    assert len(rows(wolkenwerf)) == 2


def test_what_was_filled_in_is_kept_by_the_back_button_and_stands_in_no_address(
    offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """Back to the first step and on again: everything is still there; the addresses say nothing about her."""
    answer = take(client, wolkenwerf, for_whom="self", quantity="7")
    assert answer["Location"] == wolkenwerf.url("shares/rek/take/who/")
    answer = take(client, wolkenwerf, "who/", **NOOR)
    assert answer["Location"] == wolkenwerf.url("shares/rek/take/check/")
    assert 'value="7"' in client.get(wolkenwerf.url("shares/rek/take/")).content.decode()
    assert "Vlaamsesteenweg" in client.get(wolkenwerf.url("shares/rek/take/who/")).content.decode()
    take(client, wolkenwerf, for_whom="self", quantity="2")
    page = client.get(wolkenwerf.url("shares/rek/take/check/")).content.decode()
    assert "100,00" in page
    assert "Noor Vandamme" in page
    client.post(wolkenwerf.url("shares/rek/take/afresh/"))
    assert "Vlaamsesteenweg" not in client.get(wolkenwerf.url("shares/rek/take/who/"), follow=True).content.decode()
    assert not rows(wolkenwerf)


@pytest.mark.parametrize("said", ["0", "-1", "1.000,00", "drie", "99999999999", "1e9", "2,5", ""])
def test_a_number_that_cannot_be_meant_is_asked_again(
    said: str, offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """Nothing that isn't a whole number of shares goes on, and the page says why."""
    answer = take(client, wolkenwerf, for_whom="self", quantity=said)
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()


def test_names_of_one_letter_and_of_two_hundred_fit(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """Ng Ø and somebody with two hundred letters subscribe, confirm and stand in the register."""
    for given, family in (("Ø", "N"), ("ლ" * 200, "Ж" * 200)):
        browser = Client()
        seen = steps(browser, wolkenwerf, given=given, family=family, email=f"u{len(given)}@example.org")
        answer = take(browser, wolkenwerf, "check/", seen=seen, **YES)
        assert answer.status_code == 302, answer.content.decode()
        assert browser.get(answer["Location"]).status_code == 200
    for row in rows(wolkenwerf):
        token = mailed(wolkenwerf, row.id)
        actions.confirm_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token)
    assert {shown(wolkenwerf, row.id).name for row in rows(wolkenwerf)} == {"N, Ø", f"{'Ж' * 200}, {'ლ' * 200}"}


def test_without_yes_to_statutes_and_risk_nothing_is_sent(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """Both are asked, on the page and in the action."""
    seen = steps(client, wolkenwerf)
    answer = take(client, wolkenwerf, "check/", seen=seen, accepts_statutes="on")
    assert answer.status_code == 200
    assert "Ik weet dat ik kan verliezen wat ik inleg." in answer.content.decode()
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer, accepts_risk=False)
    assert refusal.value.code == "capital.not_accepted"
    assert not rows(wolkenwerf)


def test_an_organisation_a_gift_and_a_minor(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """Each asks what it needs: a number that checks, who gives, a birthday and a guardian."""
    wrong = {"family": "Buurtwerk", "given": "", "agent_given": "Ans", "agent_family": "Maes"}
    take(client, wolkenwerf, for_whom="organisation", quantity="2")
    answer = take(client, wolkenwerf, "who/", **{**NOOR, **wrong, "enterprise_no": "0123.456.748"})
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    browser = Client()
    seen = steps(browser, wolkenwerf, for_whom="organisation", **wrong, enterprise_no="0123.456.749")
    take(browser, wolkenwerf, "check/", seen=seen, **YES)
    browser = Client()
    seen = steps(browser, wolkenwerf, for_whom="gift", payer="Jan Peeters", payer_email="jan@example.org")
    take(browser, wolkenwerf, "check/", seen=seen, **YES)
    browser = Client()
    minor = {"given": "Tuur", "born_on": "12-03-2016", "agent_given": "Noor", "agent_family": "Vandamme"}
    seen = steps(browser, wolkenwerf, for_whom="minor", **minor)
    take(browser, wolkenwerf, "check/", seen=seen, **YES)
    for row in rows(wolkenwerf):
        actions.write_first_letters(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
        token = mailed(wolkenwerf, row.id)
        actions.confirm_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token)
    with inside(wolkenwerf):
        kinds = list(MembershipRequest.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [ApplicantKind.ORGANISATION, ApplicantKind.PERSON, ApplicantKind.MINOR]
    assert [row.for_whom for row in rows(wolkenwerf)] == ["organisation", "gift", "minor"]
    to_giver = last_mail("jan@example.org")
    assert "+++" in to_giver.text, "the giver hears how to pay"
    assert "/subscription/" not in to_giver.text, "the giver can't say yes for who gets it"
    (to_noor,) = [mail for mail in Mail.objects.filter(to="noor@example.org") if "Jan Peeters" in mail.text]
    assert "+++" not in to_noor.text
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer, for_whom=ForWhom.GIFT)
    assert refusal.value.code == "capital.giver_missing"


def test_who_has_signed_in_takes_shares_in_one_step(offer: uuid.UUID, wolkenwerf: Cast, person: MakePerson) -> None:
    """Ines' data are known: one form, and her request is with the board at once; she needn't confirm anything."""
    ines = person("Ines", "Maes")
    browser = ines.browser()
    page = browser.get(wolkenwerf.url("shares/rek/take/")).content.decode()
    key = str(uuid.uuid4())
    assert 'name="key"' in page
    told = {"mine": "1", "key": key, "quantity": "2", "payer": "", **YES}
    first, second = (browser.post(wolkenwerf.url("shares/rek/take/"), told) for _twice in "ab")
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    (row,) = rows(wolkenwerf)
    assert (row.party_id, row.state) == (ines.party_id, "to_pay")
    assert row.confirmed_at is not None
    with inside(wolkenwerf):
        assert row.request_id == MembershipRequest.objects.get().id
    again = browser.get(wolkenwerf.url("shares/rek/take/")).content.decode()
    assert "Ines Maes" in again
    told |= {"key": str(uuid.uuid4()), "quantity": "3"}
    answer = browser.post(wolkenwerf.url("shares/rek/take/"), told)
    assert answer.status_code == 200, "nobody waits twice for the same board"
    assert len(rows(wolkenwerf)) == 1
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer, one=applicant(party_id=wolkenwerf.chair.party_id), actor=ines.actor)
    assert refusal.value.code == "people.not_yours"


def test_the_price_that_was_shown_holds_and_an_invented_one_does_not(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The price rises while Noor fills in: she pays what she read. What nobody was ever shown is refused."""
    with inside(wolkenwerf):
        version = queries.offer_facts(wolkenwerf.id, offer, TODAY)
    assert version is not None
    register_actions.set_class_terms(
        actor=wolkenwerf.chair.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        code="A",
        name="gebruikers",
        valid_from=TODAY,
        nominal=Decimal(50),
        issue_price=Decimal(60),
    )
    done = subscribed(wolkenwerf, offer, amount_per_share=Decimal(50))
    assert shown(wolkenwerf, done.id).amount == Decimal("150.00")
    dear = subscribed(wolkenwerf, offer, one=applicant("Jan"))
    assert shown(wolkenwerf, dear.id).amount == Decimal("180.00")
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer, one=applicant("Tine"), amount_per_share=Decimal("0.01"))
    assert refusal.value.code == "capital.price_old"
    confirmed(wolkenwerf, done)
    with inside(wolkenwerf):
        facts = register.request_facts(wolkenwerf.id, shown(wolkenwerf, done.id).request_id, TODAY)
    assert facts is not None
    assert facts.price == Decimal("150.00")


def test_an_offer_that_closes_midway_takes_nobody_and_says_so(
    offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """Noor is at the last step when the treasurer pauses the offer: nothing is kept, and the page says what is."""
    seen = steps(client, wolkenwerf)
    actions.pause_offer(actor=wolkenwerf.treasurer.actor, now=NOW, coop_id=wolkenwerf.id, offer_id=offer)
    answer = take(client, wolkenwerf, "check/", seen=seen, **YES)
    assert answer.status_code == 200
    assert "accepts_risk" not in answer.content.decode()
    assert not rows(wolkenwerf)


def test_a_mailbox_is_not_flooded_and_a_hall_is_not_blocked(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Ten children on one address are fine, an eleventh waits till tomorrow; a hall behind one address passes."""
    for number in range(10):
        subscribed(wolkenwerf, offer, one=applicant(f"Kind {number}", email="ouder@example.org"), sent_from="10.0.0.1")
    with pytest.raises(Refused) as refusal:
        subscribed(wolkenwerf, offer, one=applicant("Kind 11", email="ouder@example.org"), sent_from="10.0.0.2")
    assert refusal.value.code == "capital.subscribed_often"
    for number in range(30):
        subscribed(wolkenwerf, offer, quantity=1, one=applicant(f"Bezoeker{number}"), sent_from="10.0.0.1")
    tomorrow = NOW + dt.timedelta(days=1, minutes=1)
    subscribed(wolkenwerf, offer, one=applicant("Kind 11", email="ouder@example.org"), now=tomorrow)
    assert len(rows(wolkenwerf)) == 41


def test_a_wrong_address_is_corrected_and_the_mail_sent_again(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The mail came back: the secretary corrects the address, and the link goes there."""
    done = subscribed(wolkenwerf, offer, one=applicant(email="noor@exmaple.org"))
    actions.write_first_letters(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
    whose = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id, "subscription_id": done.id}
    actions.correct_email(**whose, email="noor@example.org")
    assert link_in(last_mail()) == wolkenwerf.url(f"subscription/{mailed(wolkenwerf, done.id)}/")
    actions.send_again(**whose)
    assert Mail.objects.filter(to="noor@example.org").count() == 2
    confirmed(wolkenwerf, done)
    with pytest.raises(Refused) as refusal:
        actions.correct_email(**whose, email="other@example.org")
    assert refusal.value.code == "capital.confirmed_already"
    with inside(wolkenwerf):
        kinds = [event.kind for event in SubscriptionEvent.objects.order_by("at", "id")]
    assert kinds == ["sent", "corrected", "mailed", "confirmed"]


def test_a_member_who_asked_already_confirms_after_the_board(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Noor subscribes twice under one address: the second waits for the board to decide on the first."""
    first, second = subscribed(wolkenwerf, offer), subscribed(wolkenwerf, offer, quantity=1)
    confirmed(wolkenwerf, first)
    # From now on the address belongs to who signs in with it.
    with pytest.raises(Refused) as refusal:
        confirmed(wolkenwerf, second)
    assert refusal.value.code == "capital.earlier_request"
    with inside(wolkenwerf):
        assert Subscription.objects.get(id=second.id).confirmed_at is None
        assert MembershipRequest.objects.count() == 1


def test_whoever_is_erased_leaves_nothing_in_subscriptions(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """What Noor asked for is withdrawn, and her name is gone; as who pays for somebody else she is forgotten too."""
    done = subscribed(wolkenwerf, offer)
    other = subscribed(wolkenwerf, offer, one=applicant("Tuur"), payer=Giver(name="Noor Vandamme"))
    typed = subscribed(wolkenwerf, offer, quantity=1)
    confirmed(wolkenwerf, done)
    party_id = shown(wolkenwerf, done.id).party_id
    assert party_id is not None
    erase_party(actor=SYSTEM, now=NOW, party_id=party_id)
    mine, theirs, unread = rows(wolkenwerf)
    assert (mine.state, unread.state, theirs.state) == ("withdrawn", "withdrawn", "to_pay")
    assert "Noor" not in f"{mine.told} {unread.told} {theirs.payer}"
    assert typed.id == unread.id
    assert other.id == theirs.id


def test_the_secretary_confirms_what_somebody_said_to_her(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """Noor has no mail any more and says yes by telephone; the auditor can't do that for her, Bram can."""
    done = subscribed(wolkenwerf, offer)
    here = wolkenwerf.url(f"subscriptions/{done.id}/confirm/")
    assert wolkenwerf.auditor.browser().post(here).status_code == 403
    assert shown(wolkenwerf, done.id).confirmed_at is None
    assert wolkenwerf.secretary.browser().post(here).status_code == 302
    assert shown(wolkenwerf, done.id).request_id is not None
    with inside(wolkenwerf):
        assert SubscriptionEvent.objects.get(kind="confirmed").author_id == wolkenwerf.secretary.party_id


def test_letters_of_one_evening_are_written_together_and_to_each_once(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """A job writes to all to whom nobody has written, each in their own words; whose mail can't be holds up nobody."""
    done = [
        subscribed(wolkenwerf, offer, number + 1, applicant(f"Kijker{number}", email=f"kijker{number}@example.org"))
        for number in range(3)
    ]
    subscribed(wolkenwerf, offer, 2, applicant("Mila"), **gift())
    with inside(wolkenwerf):
        Subscription.objects.filter(id=done[1].id).update(told={**rows(wolkenwerf)[1].told, "email": "no address"})
    before = Mail.objects.count()
    tasks.write_waiting(wolkenwerf.id, NOW)
    sent = {mail.to: mail.text for mail in Mail.objects.order_by("made_at")[before:]}
    assert sorted(sent) == ["jan@example.org", "kijker0@example.org", "kijker2@example.org", "mila@example.org"]
    assert Mail.objects.count() == before + 4
    assert "50,00" in sent["kijker0@example.org"]
    assert "150,00" in sent["kijker2@example.org"]
    assert [row.letter_id is None for row in rows(wolkenwerf)] == [False, True, False, False]
    subscribed(wolkenwerf, offer, 1, applicant("Later", email="later@example.org"))
    with inside(wolkenwerf):
        Subscription.objects.filter(id=done[1].id).update(told={**rows(wolkenwerf)[1].told, "email": "ok@example.org"})
    tasks.write_waiting(wolkenwerf.id, NOW)
    assert Mail.objects.count() == before + 6, "to both who waited"
    tasks.write_waiting(wolkenwerf.id, NOW)
    assert Mail.objects.count() == before + 6
