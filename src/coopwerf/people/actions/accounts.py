"""Accounts: the first one, their language and their address."""

import datetime as dt
import uuid

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import Account, Party, PartyContact
from ..states import Name, NewParty, PartyKind, clean_email, clean_language
from .parties import insert_parties, locked


@action(verb="people.language_changed")
def change_language(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID, language: str) -> None:
    """Change the language in which a party reads its pages, mails and documents.

    Raises Refused people.not_yours, people.unknown, people.language_unknown.
    """
    policies.may_change_own(actor, party_id).require()
    party = locked(party_id)
    party.language = clean_language(language)
    party.save(update_fields=["language"])
    audit("party", party_id, language=party.language)


@action(verb="people.administrator_made")
def first_administrator(
    *, actor: Actor, now: dt.datetime, family: str, given: str, email: str, language: str
) -> uuid.UUID:
    """Make the first administrator of this installation and return the account's id.

    Raises Refused people.administrator_exists once there is one, people.email_missing, and what
    `register_party` raises.
    """
    Party.objects.select_for_update().order_by("pk").first()
    if Account.objects.filter(is_administrator=True).exists():
        raise Refused("people.administrator_exists")
    mail = clean_email(email)
    if not mail:
        raise Refused("people.email_missing", path="email")
    account = Account.objects.select_for_update().filter(email=mail).first()
    if account is None:
        row = NewParty(PartyKind.PERSON, Name(family, given), None, mail, "", clean_language(language))
        (made,) = insert_parties([row], now)
        account = Account.objects.get(party_id=made.party_id)
    account.is_administrator = True
    account.save(update_fields=["is_administrator"])
    audit("account", account.pk)
    return account.pk


@action(verb="people.email_changed")
def change_email(*, actor: Actor, now: dt.datetime, account_id: uuid.UUID, email: str) -> None:
    """Change the address with which somebody signs in, once they have proven to read its mail.

    The contact's address follows when it was the same. Raises Refused people.not_yours, people.email_missing,
    people.email_wrong, people.email_not_free.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    policies.may_change_own(actor, account.party_id).require()
    mail = clean_email(email)
    if not mail:
        raise Refused("people.email_missing", path="email")
    if Account.objects.filter(email=mail).exclude(pk=account_id).exists():
        raise Refused("people.email_not_free", path="email")
    before, account.email = account.email, mail
    account.save(update_fields=["email"])
    PartyContact.objects.filter(party_id=account.party_id, email=before).update(email=mail, changed_at=now)
    audit("account", account_id)
