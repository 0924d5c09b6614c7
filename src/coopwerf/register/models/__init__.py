"""Tables of the register: classes, members, standings, movements, decisions, particulars, papers, requests, imports."""

from .classes import ShareClass, ShareClassTerms
from .imports import RegisterImport
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
    "RegisterImport",
    "RequestEvent",
    "ShareClass",
    "ShareClassTerms",
    "Standing",
]
