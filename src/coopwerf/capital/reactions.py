"""What capital does when shares move or books are opened, and what it adds to the books: their proof."""

import argparse
import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock, command
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.snapshot import snapshot
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as books
from coopwerf.ledger.happenings import BooksOpened
from coopwerf.ledger.states import BooksWord, MoneyPage, register_books_word, register_money_page, register_source
from coopwerf.payments import queries as payments
from coopwerf.register import queries as register
from coopwerf.register.happenings import CorrectionBegins, SharesMoved

from . import actions, queries
from .states import MOVEMENT_SOURCE, REGISTER_SOURCE


@reacts_to(BooksOpened)
def open_share_books(event: BooksOpened, *, actor: Actor, now: dt.datetime) -> None:
    """Bring what was contributed before into the books, and what moved since they begin."""
    actions.open_share_books(actor=SYSTEM, now=now, coop_id=event.coop_id, begins_on=event.begins_on)


@reacts_to(SharesMoved)
def post_shares(event: SharesMoved, *, actor: Actor, now: dt.datetime) -> None:
    """Bring movements of shares into the books, where any are kept."""
    if books.is_open(event.coop_id):
        actions.post_shares(actor=SYSTEM, now=now, coop_id=event.coop_id, first=event.first, last=event.last)


@reacts_to(CorrectionBegins)
def take_back_claims(event: CorrectionBegins, *, actor: Actor, now: dt.datetime) -> None:
    """Cancel what followed from a movement that is undone, before the register takes the head of the chain."""
    if payments.claims_by_source(event.coop_id, MOVEMENT_SOURCE, event.movement_id):
        actions.take_back_claims(actor=SYSTEM, now=now, coop_id=event.coop_id, movement_id=event.movement_id)


def _with_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=command.date, metavar="DATE", help="the end of this day, else of today")


def prove_books(
    asked: command.DomainCommand,
    *,
    now: dt.datetime,
    coop: str | None = None,
    at: dt.date | None = None,
    **options: Any,
) -> None:
    """Print what register, ledger and bank say on a date; the finding is that they don't agree."""
    meant = coops.coop_for_command(coop)
    day = at or clock.civil_date(now)
    with tenant(meant.id), snapshot():
        found = queries.proof(meant.id, day)
    told: dict[str, object] = {
        "register": found.register,
        "ledger": found.ledger,
        "bank": found.bank,
        "open_claims": found.open_claims,
        "suspense": found.suspense,
        "difference": found.difference,
    }
    if not found.holds:
        told["differences"] = [
            {"check": check.code.value, "of": check.key, "ledger": check.ledger, "other": check.other}
            for check in found.differences
        ]
    asked.say(told)
    if not found.holds:
        raise SystemExit(command.FINDING)


register_books_word(
    BooksWord("prove", "Prove that register, ledger and bank agree at the end of a day.", _with_date, prove_books)
)
register_money_page(MoneyPage("proof", pgettext_lazy("money", "Proof"), "capital:proof", 60))


def _member_page(slug: str, source_id: uuid.UUID) -> str:
    coop = coops.coop_by_slug(slug)
    found = None if coop is None else register.movement(coop.id, source_id)
    if found is None:
        return reverse("register:register", kwargs={"slug": slug})
    return reverse("register:member", kwargs={"slug": slug, "number": found.member.number})


def _register_page(slug: str, source_id: uuid.UUID) -> str:
    return reverse("register:register", kwargs={"slug": slug})


register_source(MOVEMENT_SOURCE, _("the register"), _member_page)
register_source(REGISTER_SOURCE, _("the register"), _register_page)
