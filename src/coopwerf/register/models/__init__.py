"""Tables of the register: classes, members, standings, movements, decisions, particulars, papers, looks, requests."""

from .classes import ShareClass, ShareClassTerms
from .papers import Inspection, IssuedCertificate
from .requests import MembershipRequest, RequestEvent
from .rows import DayTotal, Decision, Member, Movement, Particulars, ParticularsSalt, PaymentCommunication, Standing

__all__ = [
    "DayTotal",
    "Decision",
    "Inspection",
    "IssuedCertificate",
    "Member",
    "MembershipRequest",
    "Movement",
    "Particulars",
    "ParticularsSalt",
    "PaymentCommunication",
    "RequestEvent",
    "ShareClass",
    "ShareClassTerms",
    "Standing",
]
