"""Tables of messages: the outbox and its letters, and people who have no account."""

from .contacts import Contact
from .mails import Letter, Mail, MailFile

__all__ = ["Contact", "Letter", "Mail", "MailFile"]
