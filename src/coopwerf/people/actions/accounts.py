"""Accounts: their language and their address."""

import datetime as dt
import uuid

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import Account, PartyContact
from ..states import clean_email, clean_language
from . import mails
from .parties import locked


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


@action(verb="people.email_changed")
def change_email(*, actor: Actor, now: dt.datetime, account_id: uuid.UUID, email: str) -> None:
    """Change the address with which somebody signs in, once they have proven to read its mail.

    The contact's address follows when it was the same; the old address gets a mail. Raises Refused people.not_yours,
    people.email_missing, people.email_wrong, people.email_not_free.
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("party").get(pk=account_id)
    policies.may_change_own(actor, account.party_id).require()
    mail = clean_email(email)
    if not mail:
        raise Refused("people.email_missing", path="email")
    if Account.objects.filter(email=mail).exclude(pk=account_id).exists():
        raise Refused("people.email_not_free", path="email")
    before, account.email = account.email, mail
    account.save(update_fields=["email"])
    PartyContact.objects.filter(party_id=account.party_id, email=before).update(email=mail, changed_at=now)
    mails.address_changed(before, account.party.language, new=mail)
    audit("account", account_id)
