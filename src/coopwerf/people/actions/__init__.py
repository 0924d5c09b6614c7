"""What may be done to people's data; the only writers of this package."""

from .accounts import change_email, change_language, first_administrator
from .parties import (
    change_address,
    change_contact,
    change_name,
    register_parties,
    register_party,
    register_represented,
)
from .representation import appoint_representative, end_representation

__all__ = [
    "appoint_representative",
    "change_address",
    "change_contact",
    "change_email",
    "change_language",
    "change_name",
    "end_representation",
    "first_administrator",
    "register_parties",
    "register_party",
    "register_represented",
]
