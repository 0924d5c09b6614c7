"""Tables of gatherings: their programme, registrations with tickets, desks with the log of presence, what was heard."""

from .gatherings import Contribution, Gathering, GatheringPicture, Series, Session
from .presence import Desk, HeadCount, Passage
from .registrations import Choice, Registration, Ticket, TicketWord

__all__ = [
    "Choice",
    "Contribution",
    "Desk",
    "Gathering",
    "GatheringPicture",
    "HeadCount",
    "Passage",
    "Registration",
    "Series",
    "Session",
    "Ticket",
    "TicketWord",
]
