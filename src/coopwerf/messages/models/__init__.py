"""Tables of messages: the outbox and its letters, batches, what came back, and people who have no account."""

from .bulk import Bulk
from .contacts import Contact
from .mails import Letter, Mail, MailFile
from .post import Bounce, Pace, Reach

__all__ = ["Bounce", "Bulk", "Contact", "Letter", "Mail", "MailFile", "Pace", "Reach"]
