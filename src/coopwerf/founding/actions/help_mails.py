"""What is written about calls for help: to whoever offers or asks, and to those who keep the yard. No addresses."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.coops.states import Power, Texts
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.messages import links
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import LetterTo, send_letters

from .. import letters, queries
from ..models import HelpCall, HelpOffer
from ..queries import CallFacts
from ..states import OfferState

PURPOSE = "founding.help"
"""What a helper's signed link is for: their own page, with everything that they offered and asked."""


def confirm(coop_id: uuid.UUID, contact_id: uuid.UUID, call: CallFacts, *, now: dt.datetime) -> None:
    """Ask whoever typed this address whether it was them."""
    titles = {code: words.title for code, words in call.texts.items()}
    facts = letters.ConfirmLetter(
        coop=coops.coop_facts(coop_id).name, titles=titles, url=helper_url(coop_id, contact_id)
    )
    _send(coop_id, now, [LetterTo(template=letters.CONFIRM, context=facts, contact_id=contact_id)])


def accepted(call: HelpCall, offer: HelpOffer, *, now: dt.datetime) -> None:
    """Tell somebody that their help is taken up."""
    _decide(call, offer, now=now, outcome="accepted")


def declined(call: HelpCall, offer: HelpOffer, *, now: dt.datetime, is_over: bool = False) -> None:
    """Tell somebody that their help isn't needed; where `is_over`, because others came first."""
    _decide(call, offer, now=now, outcome="over" if is_over else "declined")


def _decide(call: HelpCall, offer: HelpOffer, *, now: dt.datetime, outcome: str) -> None:
    facts = letters.DecisionLetter(
        coop=coops.coop_facts(call.coop_id).name,
        titles=_titles(call),
        outcome=outcome,
        answer=offer.answer,
        url=helper_url(call.coop_id, offer.contact_id),
    )
    _send(call.coop_id, now, [LetterTo(template=letters.DECISION, context=facts, contact_id=offer.contact_id)])


def to_helper(call: HelpCall, contact_id: uuid.UUID, words: str, *, now: dt.datetime) -> None:
    """Pass on what the project answers."""
    facts = letters.AnswerLetter(
        coop=coops.coop_facts(call.coop_id).name,
        titles=_titles(call),
        words=words,
        url=helper_url(call.coop_id, contact_id),
    )
    _send(call.coop_id, now, [LetterTo(template=letters.ANSWER, context=facts, contact_id=contact_id)])


def to_keepers(
    call: HelpCall, contact_id: uuid.UUID, *, now: dt.datetime, offer: HelpOffer | None = None, words: str = ""
) -> None:
    """Tell those who keep the yard what somebody offers, takes back or asks, without the address."""
    today = clock.civil_date(now)
    coop = coops.coop_facts(call.coop_id)
    where = {"slug": coop.slug, "call_id": call.id}
    url = reverse("founding:call", kwargs=where)
    if offer is None:
        url = reverse("founding:talk", kwargs={**where, "contact_id": contact_id})
    if call.report_id is not None and offer is not None and offer.state == OfferState.GIVEN:
        report = queries.report_facts(call.coop_id, call.report_id)
        assert report is not None
        told = {"slug": coop.slug, "report": report.slug, "language": call.into}
        url = reverse("founding:report-translate", kwargs=told)
    facts = letters.ArrivedLetter(
        coop=coop.name,
        titles=_titles(call),
        name=messages.contact(call.coop_id, contact_id).name,
        kind="message" if offer is None else offer.state,
        words=words if offer is None else offer.words,
        url=settings.BASE_URL + url,
    )
    readers = sorted(coops.holders_of(call.coop_id, Power.KEEP_YARD, today))
    _send(
        call.coop_id,
        now,
        [LetterTo(template=letters.ARRIVED, context=facts, party_id=party_id) for party_id in readers],
    )


def thanks(call: HelpCall, offers: Sequence[HelpOffer], *, now: dt.datetime) -> None:
    """Thank everybody who helped, with what became of it."""
    coop = coops.coop_facts(call.coop_id)
    page = reverse("founding:help-one", kwargs={"slug": coop.slug, "call": call.slug})
    known = messages.contacts(call.coop_id, {offer.contact_id for offer in offers})
    told = [
        LetterTo(
            template=letters.THANKS,
            context=letters.ThanksLetter(
                coop=coop.name,
                titles=_titles(call),
                closing=dict(call.closing),
                page=settings.BASE_URL + page,
                is_named=offer.may_name and bool(known[offer.contact_id].name),
                url=helper_url(call.coop_id, offer.contact_id),
            ),
            contact_id=offer.contact_id,
        )
        for offer in offers
    ]
    _send(call.coop_id, now, told)


def helper_url(coop_id: uuid.UUID, contact_id: uuid.UUID) -> str:
    """Return the address of somebody's own page, for their mail only."""
    slug = coops.coop_facts(coop_id).slug
    token = links.sign(contact_id, PURPOSE)
    return settings.BASE_URL + reverse("founding:helper", kwargs={"slug": slug, "token": token})


def _titles(call: HelpCall) -> Texts:
    return {code: words["title"] for code, words in call.texts.items()}


def _send(coop_id: uuid.UUID, now: dt.datetime, found: Sequence[LetterTo]) -> None:
    """Send what can be sent: who is forgotten meanwhile, or asked us to stop, is written nothing."""
    ids = {one.contact_id for one in found if one.contact_id is not None}
    people = messages.contacts(coop_id, ids)
    there = [one for one in found if one.contact_id is None or people[one.contact_id].can_be_written_to]
    if there:
        send_letters(actor=SYSTEM, now=now, coop_id=coop_id, letters=there)
