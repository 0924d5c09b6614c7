"""Noor subscribes to the shares of Wolkenwerf: on the page, by an action; the bank brings her money. For stories."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.test import Client

from coopwerf.capital import actions, queries
from coopwerf.capital.actions import Subscribed
from coopwerf.capital.actions.subscriptions import mail_token
from coopwerf.capital.models import Subscription
from coopwerf.capital.queries import SubscriptionFacts
from coopwerf.capital.states import ForWhom, Giver, Wish
from coopwerf.kernel.actor import SYSTEM, VISITOR, Actor
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from coopwerf.people.states import Address
from coopwerf.register.states import Applicant
from tests.cast import NOW, TODAY, Cast

HOME = Address("Vlaamsesteenweg", "118", "3", "1000", "Brussel", "BE")
NOOR = {
    "given": "Noor",
    "family": "Vandamme",
    "street": "Vlaamsesteenweg",
    "number": "118",
    "box": "3",
    "postcode": "1000",
    "town": "Brussel",
    "country": "BE",
    "email": "noor@example.org",
    "phone": "",
    "payer": "",
    "language": "nl",
}
YES = {"accepts_statutes": "on", "accepts_risk": "on", "website": ""}


def applicant(given: str = "Noor", family: str = "Vandamme", email: str = "", **told: Any) -> Applicant:
    """Return somebody who lives at Noor's."""
    return Applicant(given=given, family=family, email=email or f"{given.lower()}@example.org", address=HOME, **told)


def wish(quantity: int = 3, one: Applicant | None = None, **told: Any) -> Wish:
    """Return what somebody subscribes to, with yes to everything."""
    return Wish(
        **{
            "share_class": "A",
            "quantity": quantity,
            "applicant": one or applicant(),
            "accepts_statutes": True,
            "accepts_risk": True,
            **told,
        }
    )


def subscribed(
    coop: Cast,
    offer_id: uuid.UUID,
    quantity: int = 3,
    one: Applicant | None = None,
    *,
    actor: Actor = VISITOR,
    now: dt.datetime = NOW,
    key: uuid.UUID | None = None,
    will_wait: bool = False,
    sent_from: str = "",
    **told: Any,
) -> Subscribed:
    """Subscribe."""
    return actions.subscribe(
        actor=actor,
        now=now,
        coop_id=coop.id,
        offer_id=offer_id,
        wish=wish(quantity, one, **told),
        language="nl",
        key=key,
        will_wait=will_wait,
        sent_from=sent_from,
    )


def gift() -> dict[str, Any]:
    """Return what makes a subscription a gift of Jan."""
    return {"for_whom": ForWhom.GIFT, "payer": Giver(name="Jan Peeters", email="jan@example.org")}


def shown(coop: Cast, subscription_id: uuid.UUID, on: dt.date = TODAY) -> SubscriptionFacts:
    """Return a subscription as it stands."""
    with tenant(coop.id):
        found = queries.subscription_facts(coop.id, subscription_id, on)
    assert found is not None
    return found


def rows(coop: Cast) -> list[Subscription]:
    """Return every subscription there is."""
    with tenant(coop.id):
        return list(Subscription.objects.order_by("id"))


def mailed(coop: Cast, subscription_id: uuid.UUID) -> str:
    """Return the secret that was mailed for a subscription."""
    with tenant(coop.id):
        return mail_token(Subscription.objects.get(id=subscription_id).key)


def confirmed(coop: Cast, done: Subscribed, now: dt.datetime = NOW) -> None:
    """Press the button in the mail."""
    actions.confirm_subscription(actor=VISITOR, now=now, coop_id=coop.id, token=mailed(coop, done.id))


def paid(coop: Cast, done: Subscribed, amount: str, on: dt.date = TODAY, now: dt.datetime = NOW) -> uuid.UUID:
    """Let money be matched to a subscription; return the match."""
    match_id = uuid.uuid4()
    actions.note_payment(
        actor=SYSTEM,
        now=now,
        coop_id=coop.id,
        subscription_id=done.id,
        match_id=match_id,
        amount=Decimal(amount),
        on=on,
    )
    return match_id


def link_in(mail: Mail) -> str:
    """Return the path of the secret link in a mail."""
    found = re.search(r"https?://[^/\s]+(/c/\S+/subscription/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def last_mail(to: str = "noor@example.org") -> Mail:
    """Return the latest mail to somebody."""
    return Mail.objects.filter(to=to).order_by("-id")[0]


def take(client: Client, coop: Cast, step: str = "", **told: Any) -> Any:
    """Send one step of the form."""
    return client.post(coop.url(f"shares/rek/take/{step}"), told)


def steps(client: Client, coop: Cast, quantity: str = "3", for_whom: str = "self", **who: str) -> str:
    """Fill in the first two steps; return the sealed draft of the third."""
    answer = take(client, coop, for_whom=for_whom, quantity=quantity)
    assert answer.status_code == 302, answer.content.decode()
    answer = take(client, coop, "who/", **{**NOOR, **who})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, page
    return found[1]


@contextmanager
def inside(coop: Cast) -> Iterator[None]:
    """Look into a co-operative's rows."""
    with tenant(coop.id):
        yield
