"""Noor asks to become a member: on the public form, on paper; and a board that decides. For several stories."""

import re
import uuid
from decimal import Decimal
from typing import Any

from django.test import Client

from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from coopwerf.people.states import Address
from coopwerf.register import actions
from coopwerf.register.actions import DecisionInput
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import Applicant, ApplicantKind, SharesAsked
from tests.cast import NOW, TODAY, Cast, Person

LATER = max(clock.now(), NOW)
"""When the board decides: pages know no other clock than the real one."""
BOARD = DecisionInput(body="board", on=clock.civil_date(LATER), reference="this board, item 4")
NOOR = {
    "as": "person",
    "given": "Noor",
    "family": "Vandamme",
    "quantity": "3",
    "street": "Vlaamsesteenweg",
    "number": "118",
    "box": "3",
    "postcode": "1000",
    "town": "Brussel",
    "country": "BE",
    "email": "noor@example.org",
    "phone": "",
    "language": "fr",
    "consent": "on",
    "website": "",
}


def typed(client: Client, coop: Cast, **other: str) -> Any:
    """Fill in the public form as Noor, with what is told otherwise."""
    return client.post(coop.url("join/"), {**NOOR, **other})


def link_in(mail: Mail) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/c/\S+/join/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


def last_mail(to: str = "noor@example.org") -> Mail:
    """Return the latest mail to somebody."""
    return Mail.objects.filter(to=to).order_by("-id")[0]


def only_request(coop: Cast) -> MembershipRequest:
    """Return the one request there is."""
    with tenant(coop.id):
        return MembershipRequest.objects.get(coop_id=coop.id)


def asked(coop: Cast, given: str = "Noor", quantity: int = 3, paid: str = "", **more: Any) -> actions.Asked:
    """Note the request of somebody on paper, paid or not."""
    one = actions.record_request(
        actor=coop.secretary.actor,
        now=NOW,
        coop_id=coop.id,
        applicant=Applicant(
            given=given,
            family=more.pop("family", "Vandamme"),
            address=Address("Vlaamsesteenweg", "118", "", "1000", "Brussel", "BE"),
            **more,
        ),
        shares=SharesAsked(share_class="A", quantity=quantity) if quantity else None,
        language="fr",
        asked_on=TODAY,
    )
    if paid:
        actions.record_request_payment(
            actor=coop.treasurer.actor,
            now=NOW,
            coop_id=coop.id,
            request_id=one.id,
            amount=Decimal(paid),
            on=TODAY,
        )
    return one


def organisation_asked(coop: Cast, quantity: int, paid: str, **agent: str) -> actions.Asked:
    """Note the paid request of Buurtwerk, for which Maes acts."""
    return asked(
        coop,
        "",
        quantity,
        paid,
        kind=ApplicantKind.ORGANISATION,
        family="Buurtwerk",
        enterprise_no="0123.456.749",
        agent_family="Maes",
        **agent,
    )


def decide(coop: Cast, *ids: uuid.UUID, who: Person | None = None) -> actions.AdmittedMany:
    """Admit these requests today."""
    return actions.admit_requests(
        actor=(who or coop.chair).actor, now=LATER, coop_id=coop.id, request_ids=ids, decision=BOARD
    )
