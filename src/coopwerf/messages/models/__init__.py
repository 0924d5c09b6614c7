"""Tables of messages: mails, letters and batches, what came back, people without an account, what they follow."""

from .bulk import Bulk
from .contacts import Contact
from .following import Following, News, Newsletter
from .mails import Letter, Mail, MailFile
from .post import Bounce, Pace, Reach

__all__ = [
    "Bounce",
    "Bulk",
    "Contact",
    "Following",
    "Letter",
    "Mail",
    "MailFile",
    "News",
    "Newsletter",
    "Pace",
    "Reach",
]
