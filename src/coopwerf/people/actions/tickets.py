"""Mails with a code and a link: for signing in, for confirming who one is, for another address."""

import dataclasses
import datetime as dt
import secrets
import uuid

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import new_token, token_hash

from .. import policies
from ..models import Account, SignInTicket
from ..states import Name, NewParty, PartyKind, TicketPurpose, clean_email, clean_language
from . import mails
from .parties import insert_parties

LIFETIME = dt.timedelta(minutes=15)
ATTEMPTS = 5
DIGITS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Proven:
    """Somebody showed to read a mail: whose account it is, where they were going, which new address it proves."""

    account_id: uuid.UUID
    next_path: str
    email: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Secrets:
    ticket: SignInTicket
    token: str
    code: str


@action(verb="people.sign_in_asked")
def ask_to_sign_in(*, actor: Actor, now: dt.datetime, email: str, language: str, next_path: str = "") -> uuid.UUID:
    """Mail a code and a link to whoever signs in with an address, and return the ticket for which the code is good.

    An address that nobody has gets a mail that says so, in `language`, and a ticket that no code fits: who asked
    can't tell the difference. Raises Refused people.email_missing, people.email_wrong.
    """
    address = clean_email(email)
    if not address:
        raise Refused("people.email_missing", path="email")
    account = Account.objects.select_related("party").filter(email=address, is_active=True).first()
    made = _make(TicketPurpose.SIGN_IN, now, account=account, next_path=next_path)
    if account is None:
        mails.unknown_address(address, clean_language(language))
    else:
        mails.sign_in(address, account.party.language, code=made.code, token=made.token, until=made.ticket.expires_at)
    audit("ticket", made.ticket.pk)
    return made.ticket.pk


@action(verb="people.step_up_asked")
def ask_to_confirm(*, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Mail a code to who has signed in, before something about signing in changes; return the ticket."""
    account = own_account(actor)
    made = _make(TicketPurpose.STEP_UP, now, account=account)
    mails.confirm(account.email, account.party.language, code=made.code, until=made.ticket.expires_at)
    audit("ticket", made.ticket.pk, account=account.pk)
    return made.ticket.pk


@action(verb="people.email_asked")
def ask_for_new_email(*, actor: Actor, now: dt.datetime, email: str) -> uuid.UUID:
    """Mail a code and a link to a new address with which somebody wants to sign in; return the ticket.

    An address that somebody has already gets a mail that says so, and a ticket that no code fits: who asked can't
    tell the difference. Raises Refused people.email_missing, people.email_wrong, people.unchanged.
    """
    account = own_account(actor)
    address = clean_email(email)
    if not address:
        raise Refused("people.email_missing", path="email")
    if address == account.email:
        raise Refused("people.unchanged", path="email")
    language = account.party.language
    is_free = not Account.objects.filter(email=address).exists()
    made = _make(TicketPurpose.NEW_EMAIL, now, account=account if is_free else None, email=address)
    if is_free:
        mails.new_address(address, language, code=made.code, token=made.token, until=made.ticket.expires_at)
    else:
        mails.address_taken(address, language)
    audit("ticket", made.ticket.pk, account=account.pk)
    return made.ticket.pk


@action(verb="people.code_accepted")
def try_code(
    *, actor: Actor, now: dt.datetime, ticket_id: uuid.UUID, code: str, purpose: TicketPurpose = TicketPurpose.SIGN_IN
) -> Proven | None:
    """Use the ticket if the code is right; None, and one attempt less, if it is wrong.

    Raises Refused people.code_gone when it is too old, was used, or was tried too often.
    """
    ticket = SignInTicket.objects.select_for_update().filter(pk=ticket_id, purpose=purpose).first()
    if ticket is None or not _is_open(ticket, now) or ticket.attempts_left < 1:
        raise Refused("people.code_gone")
    digits = "".join(character for character in code if character.isdigit())
    if not constant_time_compare(ticket.code_hash, _code_hash(ticket.pk, digits)) or ticket.account_id is None:
        ticket.attempts_left -= 1
        ticket.save(update_fields=["attempts_left"])
        audit("ticket", ticket.pk, verb="people.code_refused", left=ticket.attempts_left)
        return None
    return _use(ticket, now)


@action(verb="people.link_used")
def use_link(*, actor: Actor, now: dt.datetime, token: str, purpose: TicketPurpose = TicketPurpose.SIGN_IN) -> Proven:
    """Use the link of a mail, in whatever browser it was opened; raises Refused people.link_gone."""
    ticket = SignInTicket.objects.select_for_update().filter(token_hash=token_hash(token), purpose=purpose).first()
    if ticket is None or ticket.account_id is None or not _is_open(ticket, now):
        raise Refused("people.link_gone")
    return _use(ticket, now)


def _use(ticket: SignInTicket, now: dt.datetime) -> Proven:
    assert ticket.account_id is not None
    ticket.used_at = now
    ticket.save(update_fields=["used_at"])
    audit("ticket", ticket.pk, account=ticket.account_id, purpose=ticket.purpose)
    return Proven(ticket.account_id, ticket.next_path, ticket.email)


@action(verb="people.first_link_made")
def make_first_link(*, actor: Actor, now: dt.datetime) -> str:
    """Return the token of a link that makes the first administrator; earlier ones stop working.

    Raises Refused people.administrator_exists once an administrator has signed in, people.not_yours for anybody
    but the installation itself.
    """
    policies.may_host(actor).require()
    _one_at_a_time()
    if Account.objects.filter(is_administrator=True, proven_at__isnull=False).exists():
        raise Refused("people.administrator_exists")
    SignInTicket.objects.filter(purpose=TicketPurpose.FIRST_ADMINISTRATOR, used_at__isnull=True).update(used_at=now)
    made = _make(TicketPurpose.FIRST_ADMINISTRATOR, now)
    audit("ticket", made.ticket.pk)
    return made.token


@action(verb="people.administrator_made")
def first_administrator(
    *, actor: Actor, now: dt.datetime, token: str, family: str, given: str, email: str, language: str
) -> uuid.UUID:
    """Make the first administrator of this installation, with the link that it printed; return the account's id.

    Raises Refused people.link_gone, people.administrator_exists once there is one, people.email_missing, and what
    `register_party` raises.
    """
    _one_at_a_time()
    mail = clean_email(email)
    if not mail:
        raise Refused("people.email_missing", path="email")
    account = Account.objects.select_for_update().filter(email=mail).first()
    ticket = (
        SignInTicket.objects.select_for_update()
        .filter(token_hash=token_hash(token), purpose=TicketPurpose.FIRST_ADMINISTRATOR)
        .first()
    )
    if ticket is None or not _is_open(ticket, now):
        raise Refused("people.link_gone")
    if Account.objects.filter(is_administrator=True, proven_at__isnull=False).exists():
        raise Refused("people.administrator_exists")
    ticket.used_at = now
    ticket.save(update_fields=["used_at"])
    if account is None:
        row = NewParty(PartyKind.PERSON, Name(family, given), None, mail, "", clean_language(language))
        (made,) = insert_parties([row], now)
        account = Account.objects.get(party_id=made.party_id)
    Account.objects.filter(pk=account.pk).update(is_administrator=True)
    audit("account", account.pk)
    return account.pk


@action(verb="people.administrator_link_made")
def make_administrator_link(*, actor: Actor, now: dt.datetime, email: str) -> str:
    """Return the token of a link that signs in an administrator whose mail doesn't arrive.

    For whoever has the machine itself. Raises Refused people.no_administrator, people.not_yours.
    """
    policies.may_host(actor).require()
    account = Account.objects.filter(email=clean_email(email), is_administrator=True, is_active=True).first()
    if account is None:
        raise Refused("people.no_administrator", path="email")
    made = _make(TicketPurpose.SIGN_IN, now, account=account)
    audit("ticket", made.ticket.pk, account=account.pk)
    return made.token


def own_account(actor: Actor, *, lock: bool = False) -> Account:
    """Return the account of who acts, locked if asked; raises Refused people.not_yours when there is none."""
    rows = Account.objects.select_related("party")
    if lock:
        rows = rows.select_for_update(of=("self",))
    account = None if actor.account_id is None else rows.filter(pk=actor.account_id, is_active=True).first()
    if account is None:
        raise Refused("people.not_yours")
    return account


def _one_at_a_time() -> None:
    """Let nobody else make the first administrator until this transaction ends; there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('coopwerf.first_administrator'))")


def _make(
    purpose: TicketPurpose, now: dt.datetime, *, account: Account | None = None, email: str = "", next_path: str = ""
) -> _Secrets:
    token, code = new_token(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    ticket = SignInTicket(
        purpose=purpose.value,
        account=account,
        email=email,
        token_hash=token_hash(token),
        next_path=next_path[:500],
        attempts_left=ATTEMPTS,
        made_at=now,
        expires_at=now + LIFETIME,
    )
    ticket.code_hash = _code_hash(ticket.pk, code)
    ticket.save(force_insert=True)
    return _Secrets(ticket, token, f"{code[:4]} {code[4:]}")


def _code_hash(ticket_id: uuid.UUID, digits: str) -> str:
    # A code is short: without our secret key its hash could be tried out.
    return salted_hmac("coopwerf.people.code", f"{ticket_id}:{digits}", algorithm="sha256").hexdigest()


def _is_open(ticket: SignInTicket, now: dt.datetime) -> bool:
    return ticket.used_at is None and now < ticket.expires_at
