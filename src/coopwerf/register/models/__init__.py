"""Tables of the register: share classes, members, standings, movements, decisions, particulars."""

from .classes import ShareClass, ShareClassTerms
from .rows import DayTotal, Decision, Member, Movement, Particulars, ParticularsSalt, PaymentCommunication, Standing

__all__ = [
    "DayTotal",
    "Decision",
    "Member",
    "Movement",
    "Particulars",
    "ParticularsSalt",
    "PaymentCommunication",
    "ShareClass",
    "ShareClassTerms",
    "Standing",
]
