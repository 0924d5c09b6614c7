"""What the yard holds of somebody who helped or asked: told to them."""

import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import queries as messages
from coopwerf.people import queries as people
from coopwerf.people.queries import Column, Piece, Table, Whose

from .. import queries
from ..states import OFFER_STATE_NAMES


def gather_help_of_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Iterator[Piece]:
    """Yield what somebody without an account offered and wrote, the co-operative's rows being open."""
    yield from _pieces(coop_id, [contact_id], "")


def gather_help(whose: Whose) -> Iterator[Piece]:
    """Yield what a party offered and wrote under its addresses, in every co-operative."""
    emails = people.emails_of(whose.party_id)
    for coop in coops.all_coops():
        with tenant(coop.id):
            ids = [one.id for one in messages.contacts_by_email(coop.id, emails)]
            yield from list(_pieces(coop.id, ids, coop.name))


def _pieces(coop_id: uuid.UUID, contact_ids: list[uuid.UUID], coop: str) -> Iterator[Piece]:
    offers = [one for contact_id in contact_ids for one in queries.offers_by(coop_id, contact_id)]
    said = [one for contact_id in contact_ids for one in queries.messages_by(coop_id, contact_id)]
    yield Table(
        "help_offers",
        _("Help that you offered"),
        (
            Column("sent_at", _("Sent on")),
            Column("words", _("Text")),
            Column("amount", _("Amount")),
            Column("state", _("State"), OFFER_STATE_NAMES),
            Column("answer", _("Answer")),
        ),
        [
            {
                "id": one.id,
                "call": one.call_id,
                "sent_at": one.sent_at,
                "words": one.words,
                "amount": one.amount,
                "is_in_kind": one.is_in_kind,
                "value": one.value,
                "may_name": one.may_name,
                "state": one.state.value,
                "answer": one.answer,
                "confirmed_at": one.confirmed_at,
                "given_at": one.given_at,
            }
            for one in offers
        ],
        coop,
    )
    yield Table(
        "help_messages",
        _("Messages about help"),
        (Column("sent_at", _("Sent on")), Column("words", _("Text"))),
        [
            {"id": one.id, "call": one.call_id, "sent_at": one.sent_at, "words": one.words, "is_ours": one.is_ours}
            for one in said
        ],
        coop,
    )
