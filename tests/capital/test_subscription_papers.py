"""What somebody who subscribes reads: both amounts of the law everywhere, and a code that their bank's app can scan."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from coopwerf.capital import actions, tasks
from coopwerf.capital.states import SubscriptionState
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.messages.models import Mail
from tests.cast import NOW, Cast

from .offering import LATER, opened, with_shares
from .subscribed import applicant, confirmed, gift, mailed, rows, shown, steps, subscribed

pytestmark = pytest.mark.django_db

YEAR, EACH = "500.000", "5.000"


@pytest.fixture
def offer(wolkenwerf: Cast) -> uuid.UUID:
    """Return the open offer of Wolkenwerf: shares A of 50 euro, and 500 euro altogether."""
    with_shares(wolkenwerf)
    return opened(wolkenwerf, target=Decimal("500.00"), ceiling=Decimal("500.00"))


def told(text: str) -> bool:
    """Tell whether both amounts stand in a text."""
    return YEAR in text and EACH in text.replace(YEAR, "")


def test_both_amounts_stand_on_every_page_of_a_subscription(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """From the offer to what became of it, whoever looks and however it ended."""
    steps(client, wolkenwerf)
    pages = {step: wolkenwerf.url(f"shares/rek/{step}") for step in ("", "take/", "take/who/", "take/check/")}
    ended = subscribed(wolkenwerf, offer, 1, applicant("Lapsed"))
    actions.lapse_subscription(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, subscription_id=ended.id)
    taken = subscribed(wolkenwerf, offer, 10, applicant("First"))
    queued = subscribed(wolkenwerf, offer, 1, applicant("Queued"), will_wait=True)
    left = subscribed(wolkenwerf, offer, 1, applicant("Left"), will_wait=True)
    actions.withdraw_subscription(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=mailed(wolkenwerf, left.id))
    for done, state in ((ended, "lapsed"), (taken, "to_pay"), (queued, "waiting"), (left, "withdrawn")):
        assert shown(wolkenwerf, done.id).state is SubscriptionState(state)
        pages[state] = wolkenwerf.url(f"subscription/{done.token}/")
    for name, address in pages.items():
        page = client.get(address, headers={"accept-language": "nl"}).content.decode()
        assert told(page), name
    member = wolkenwerf.secretary.browser().get(wolkenwerf.url("shares/rek/take/"), headers={"accept-language": "nl"})
    assert told(member.content.decode())


def test_both_amounts_stand_in_every_mail_about_a_subscription(offer: uuid.UUID, wolkenwerf: Cast) -> None:
    """The first mail, a gift's two, the waiting list, room again, a reminder, the end."""
    done = subscribed(wolkenwerf, offer, 8)
    subscribed(wolkenwerf, offer, 2, applicant("Mila"), **gift())
    queued = subscribed(wolkenwerf, offer, 5, applicant("Queued"), will_wait=True)
    confirmed(wolkenwerf, queued)
    tasks.write_waiting(wolkenwerf.id, NOW)
    for day in range(40):
        tasks.look_after_coop(wolkenwerf.id, NOW + dt.timedelta(days=day))
    mails = list(
        Mail.objects.filter(to__in=["noor@example.org", "mila@example.org", "jan@example.org", "queued@example.org"])
    )
    assert shown(wolkenwerf, done.id).state is SubscriptionState.LAPSED
    assert len({mail.subject for mail in mails}) >= 6
    for mail in mails:
        assert told(mail.text), mail.subject
        assert told(mail.html), mail.subject


def test_the_code_says_to_the_bank_what_stands_beside_it(offer: uuid.UUID, wolkenwerf: Cast, client: Client) -> None:
    """Twelve lines as banks agreed on them: whom, which account, how much, and the communication of this one."""
    done = subscribed(wolkenwerf, offer, 3)
    answer = client.get(wolkenwerf.url(f"subscription/{done.token}/"))
    digits = rows(wolkenwerf)[0].digits
    lines = answer.context["pay"]["code"].split("\n")
    assert lines[0] == "BCD"
    assert lines[3] == "SCT"
    assert lines[5:8] == ["Wolkenwerf", "BE71096123456769", "EUR150.00"]
    assert f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" in lines
    assert "<svg" in answer.content.decode()


def test_who_is_ended_by_hand_before_the_term_reads_that_day(
    offer: uuid.UUID, wolkenwerf: Cast, client: Client
) -> None:
    """The page doesn't say that we waited until a day that is still to come."""
    done = subscribed(wolkenwerf, offer, 1, now=LATER)
    actions.lapse_subscription(actor=SYSTEM, now=LATER, coop_id=wolkenwerf.id, subscription_id=done.id)
    answer = client.get(wolkenwerf.url(f"subscription/{done.token}/"), headers={"accept-language": "nl"})
    assert answer.context["lapsed_on"] == clock.civil_date(LATER)
