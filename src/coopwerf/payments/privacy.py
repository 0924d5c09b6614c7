"""What payments hold of somebody: told to them, and kept as long as bookkeeping asks."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people.queries import Column, Kept, Piece, Table, Whose

from . import queries
from .states import ANSWER_NAMES, CLAIM_KIND_NAMES, CLAIM_STATE_NAMES, DIRECTION_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield what a party was asked for and was owed, and which payments were said to be theirs."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            claims = queries.claims_about(coop.id, whose.party_id)
            payments = queries.payments_about(coop.id, whose.party_id)
            digits = queries.communication_about(coop.id, whose.party_id)
            questions = queries.questions_about(coop.id, whose.party_id)
        yield Table(
            "payment_requests",
            _("Payment requests and refunds"),
            (
                Column("kind", _("For"), CLAIM_KIND_NAMES),
                Column("direction", _("Direction"), DIRECTION_NAMES),
                Column("amount", _("Amount")),
                Column("paid", _("Paid")),
                Column("due_on", _("Due on")),
                Column("digits", _("Structured communication")),
                Column("state", _("State"), CLAIM_STATE_NAMES),
                Column("iban", _("Account")),
                Column("holder", _("Account holder")),
                Column("opened_at", _("Made on")),
            ),
            claims,
            coop.name,
        )
        yield Table(
            "bank_payments",
            _("Payments at the bank that were said to be for you"),
            (
                Column("booked", _("Date")),
                Column("amount", _("Amount")),
                Column("name", _("Name at the bank")),
                Column("iban", _("Account")),
                Column("text", _("Text")),
                Column("is_undone", _("Taken back")),
            ),
            payments,
            coop.name,
        )
        yield Table(
            "payment_questions",
            _("What we asked you about money that was too much"),
            (
                Column("asked_at", _("Asked on")),
                Column("over", _("Amount")),
                Column("answer", _("Your answer"), ANSWER_NAMES),
                Column("answered_at", _("Answered on")),
                Column("iban", _("Account")),
                Column("holder", _("Account holder")),
                Column("closed_at", _("Closed on")),
            ),
            questions,
            coop.name,
        )
        yield Table(
            "permanent_communication",
            _("Your permanent communication"),
            (Column("digits", _("Structured communication")),),
            [{"digits": digits}] if digits else [],
            coop.name,
        )


def kept(party_id: uuid.UUID, on: dt.date) -> Iterator[Kept]:
    """Yield what each co-operative's bank wrote with a party's payments: kept as long as the law asks."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            last = queries.last_payment(coop.id, party_id)
            if last is None:
                continue
            years, source, check = coops.years_kept(coop.id, on, coops.BOOKS_KEEP_YEARS)
        yield Kept(
            coop=coop.name,
            why=_(
                "Your payments are in the books. The law makes us keep what the bank wrote with them: name, account "
                "and text. Each line goes by itself once its years are over."
            ),
            source=source,
            years=years,
            until=queries.kept_until(last, years),
            check=check,
        )


def hindrance(party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Refuse to erase somebody to whom money is still to be paid: it couldn't be any more."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            if queries.is_owed(coop.id, party_id):
                return refuse("payments.erase_before_refund", coop=coop.name)
    return allow()


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which accounts go."""
    count = questions = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            count += len(queries.payees_about(coop.id, party_id))
            questions += len(queries.questions_about(coop.id, party_id))
    if count:
        yield ngettext(
            "the account to which %(count)s payment to you was made",
            "the accounts to which %(count)s payments to you were made",
            count,
        ) % {"count": count}
    if questions:
        yield ngettext(
            "the account in your answer about %(count)s payment that was too much",
            "the accounts in your answers about %(count)s payments that were too much",
            questions,
        ) % {"count": questions}


def subjects(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the claims of a party, and what was matched with them."""
    return queries.ids_about(coop_id, party_id)
