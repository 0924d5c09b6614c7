"""What the books hold of somebody: told to them. Entries name nobody, they carry an id that an erasure empties."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.queries import Column, Piece, Table, Whose

from . import queries
from .states import JOURNAL_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield what was posted about a party in each co-operative."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            rows = [
                {
                    "id": row.entry_id,
                    "on": row.on,
                    "journal": row.journal,
                    "number": row.number,
                    "account": row.account.code,
                    "account_name": row.account.name,
                    "amount": row.amount,
                }
                for row in queries.lines_about(coop.id, whose.party_id)
            ]
        yield Table(
            "book_lines",
            _("Posted in the books about you"),
            (
                Column("on", _("Date")),
                Column("journal", _("Journal"), JOURNAL_NAMES),
                Column("number", _("Number")),
                Column("account", _("Account")),
                Column("account_name", _("Name of the account")),
                Column("amount", _("Amount, debit positive")),
            ),
            rows,
            coop.name,
        )
