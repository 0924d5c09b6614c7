"""What gatherings hold of somebody: their registrations, told to them, and forgotten when they are."""

import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.coops.states import in_language
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import queries as messages
from coopwerf.people import queries as people
from coopwerf.people.queries import Column, Piece, Table, Whose

from . import queries
from .states import REGISTRATION_STATE_NAMES


def _table(coop_id: uuid.UUID, contact_id: uuid.UUID, subject: str) -> Table:
    rows = []
    for one, titles in queries.about_contact(coop_id, contact_id):
        passages = [
            f"{passage.direction.value} {passage.at:%Y-%m-%d %H:%M}"
            for ticket in one.tickets
            for passage in queries.passages(coop_id, ticket.id)
        ]
        rows.append(
            {
                "id": one.id,
                "gathering": in_language(titles),
                "sent_at": one.sent_at,
                "confirmed_at": one.confirmed_at,
                "state": one.state.value,
                "people": ", ".join(one.names),
                "codes": ", ".join(ticket.written for ticket in one.tickets),
                "languages": one.needs.languages,
                "children": one.needs.children,
                "access": one.needs.access,
                "passages": ", ".join(passages),
            }
        )
    return Table(
        "gatherings",
        _("Gatherings for which you registered"),
        (
            Column("gathering", _("Gathering")),
            Column("sent_at", _("Sent on")),
            Column("confirmed_at", _("Confirmed on")),
            Column("state", _("State"), REGISTRATION_STATE_NAMES),
            Column("people", _("Who comes")),
            Column("codes", _("Codes")),
            Column("languages", _("Languages that you need")),
            Column("children", _("Children")),
            Column("access", _("What else you need")),
            Column("passages", _("In and out, in UTC")),
        ),
        rows,
        subject,
    )


def gather_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Iterator[Piece]:
    """Yield the registrations of a contact; the co-operative's rows are open."""
    yield _table(coop_id, contact_id, coops.coop_facts(coop_id).name)


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield the registrations that came with an address of a party."""
    emails = people.emails_of(whose.party_id)
    for coop in coops.all_coops():
        with tenant(coop.id):
            for contact in messages.contacts_by_email(coop.id, emails):
                yield _table(coop.id, contact.id, coop.name)


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which registrations go."""
    emails = people.emails_of(party_id)
    count = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            for contact in messages.contacts_by_email(coop.id, emails):
                count += len(queries.about_contact(coop.id, contact.id))
    if count:
        yield ngettext(
            "the names and needs in %(count)s registration for a gathering",
            "the names and needs in %(count)s registrations for gatherings",
            count,
        ) % {"count": count}
