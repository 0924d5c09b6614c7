"""Tables of the register: share classes, members, standings, movements, decisions, particulars, papers, looks."""

from .classes import ShareClass, ShareClassTerms
from .papers import Inspection, IssuedCertificate
from .rows import DayTotal, Decision, Member, Movement, Particulars, ParticularsSalt, PaymentCommunication, Standing

__all__ = [
    "DayTotal",
    "Decision",
    "Inspection",
    "IssuedCertificate",
    "Member",
    "Movement",
    "Particulars",
    "ParticularsSalt",
    "PaymentCommunication",
    "ShareClass",
    "ShareClassTerms",
    "Standing",
]
