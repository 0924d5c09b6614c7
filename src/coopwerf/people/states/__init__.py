"""Kinds and transitions, and the values in which names, addresses and numbers are handed over."""

from .kinds import (
    REQUEST_TRANSITIONS,
    Language,
    PartyKind,
    Proof,
    RepresentationKind,
    RequestKind,
    RequestState,
    TicketPurpose,
)
from .values import (
    Address,
    Name,
    NewParty,
    Particulars,
    clean_email,
    clean_enterprise_no,
    clean_language,
    clean_phone,
    clean_text,
    clean_valid_from,
    private_record,
)

__all__ = [
    "REQUEST_TRANSITIONS",
    "Address",
    "Language",
    "Name",
    "NewParty",
    "Particulars",
    "PartyKind",
    "Proof",
    "RepresentationKind",
    "RequestKind",
    "RequestState",
    "TicketPurpose",
    "clean_email",
    "clean_enterprise_no",
    "clean_language",
    "clean_phone",
    "clean_text",
    "clean_valid_from",
    "private_record",
]
