"""What capital holds of somebody: their subscriptions, told to them, and forgotten when they are erased."""

import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.queries import Column, Piece, Table, Whose

from . import queries
from .states import FOR_WHOM_NAMES, SUBSCRIPTION_STATE_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield the subscriptions of a party, and those for whom it acts."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            rows = queries.subscriptions_about(coop.id, whose.party_id)
        yield Table(
            "subscriptions",
            _("Subscriptions to shares"),
            (
                Column("sent_at", _("Sent on")),
                Column("for_whom", _("For whom"), FOR_WHOM_NAMES),
                Column("share_class", _("Class")),
                Column("quantity", _("Shares")),
                Column("amount", _("Amount")),
                Column("received", _("Paid")),
                Column("payer", _("Paid by")),
                Column("digits", _("Structured communication")),
                Column("confirmed_at", _("Confirmed on")),
                Column("state", _("State"), SUBSCRIPTION_STATE_NAMES),
            ),
            rows,
            coop.name,
        )


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which subscriptions are withdrawn and forgotten."""
    count = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            count += len(queries.subscriptions_about(coop.id, party_id))
    if count:
        yield ngettext(
            "what you wrote in %(count)s subscription to shares; one that is under way is withdrawn",
            "what you wrote in %(count)s subscriptions to shares; one that is under way is withdrawn",
            count,
        ) % {"count": count}
