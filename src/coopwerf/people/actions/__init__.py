"""What may be done to people's data; the only writers of this package."""

from .accounts import change_email, change_language
from .erasure import (
    ask_erasure,
    confirm_erasure,
    erase_party,
    erase_rest,
    record_download,
    repeat_erasure,
    withdraw_erasure,
)
from .parties import (
    change_address,
    change_contact,
    change_name,
    register_parties,
    register_party,
    register_represented,
)
from .representation import appoint_representative, end_representation
from .sessions import close_session, end_other_sessions, end_session, open_session
from .tickets import (
    Proven,
    ask_to_sign_in,
    first_administrator,
    forget_tickets,
    make_administrator_link,
    make_first_link,
    try_code,
    use_link,
)

__all__ = [
    "Proven",
    "appoint_representative",
    "ask_erasure",
    "ask_to_sign_in",
    "change_address",
    "change_contact",
    "change_email",
    "change_language",
    "change_name",
    "close_session",
    "confirm_erasure",
    "end_other_sessions",
    "end_representation",
    "end_session",
    "erase_party",
    "erase_rest",
    "first_administrator",
    "forget_tickets",
    "make_administrator_link",
    "make_first_link",
    "open_session",
    "record_download",
    "register_parties",
    "register_party",
    "register_represented",
    "repeat_erasure",
    "try_code",
    "use_link",
    "withdraw_erasure",
]
