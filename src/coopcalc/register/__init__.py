"""The member and share register, recomputed from its rows: bodies, as-of reading, checks, export and verification."""

from .bodies import (
    amount_text,
    class_body,
    decision_body,
    mandate_body,
    member_body,
    movement_body,
    particulars_body,
    price_text,
    private_text,
    standing_body,
)
from .check import Checker, Finding
from .export import FORMAT, Header, Refused, header_line, link_line, read_header, read_lines
from .fold import Holder, Lot, Register, Rows, fold, particulars_at, terms_at
from .records import ClassTerms, Decision, Member, Movement, MovementKind, Particulars, Standing, StandingEvent
from .verify import Broken, Verification, Verifier, message, verify_export

__all__ = [
    "FORMAT",
    "Broken",
    "Checker",
    "ClassTerms",
    "Decision",
    "Finding",
    "Header",
    "Holder",
    "Lot",
    "Member",
    "Movement",
    "MovementKind",
    "Particulars",
    "Refused",
    "Register",
    "Rows",
    "Standing",
    "StandingEvent",
    "Verification",
    "Verifier",
    "amount_text",
    "class_body",
    "decision_body",
    "fold",
    "header_line",
    "link_line",
    "mandate_body",
    "member_body",
    "message",
    "movement_body",
    "particulars_at",
    "particulars_body",
    "price_text",
    "private_text",
    "read_header",
    "read_lines",
    "standing_body",
    "terms_at",
    "verify_export",
]
