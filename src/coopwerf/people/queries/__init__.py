"""What others may read about people."""

from .accounts import Account, account_by_email, account_of, actor_and_language, actor_by_email, actor_of
from .contacts import Contact, contact_of, email_of, language_of
from .pages import account_tabs
from .parties import (
    Candidate,
    duplicates,
    exists,
    find_parties,
    particulars,
    particulars_of,
    record_of,
    records_of,
    sort_keys,
)
from .representation import Hat, hats_of, representatives_of
from .tickets import Ticket, has_administrator, ticket, ticket_by_token

__all__ = [
    "Account",
    "Candidate",
    "Contact",
    "Hat",
    "Ticket",
    "account_by_email",
    "account_of",
    "account_tabs",
    "actor_and_language",
    "actor_by_email",
    "actor_of",
    "contact_of",
    "duplicates",
    "email_of",
    "exists",
    "find_parties",
    "has_administrator",
    "hats_of",
    "language_of",
    "particulars",
    "particulars_of",
    "record_of",
    "records_of",
    "representatives_of",
    "sort_keys",
    "ticket",
    "ticket_by_token",
]
