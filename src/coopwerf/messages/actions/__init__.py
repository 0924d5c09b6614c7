"""The only writers of mails, letters and contacts."""

from .bounces import SOFT_UNTIL_BLOCKED, record_bounce, set_pace, unblock_address
from .bulk import hand_on, move_bulk, set_apart
from .contacts import (
    LONGEST_NAME,
    block_contact,
    change_contact,
    confirm_contact,
    forget_contact,
    know_contact,
    revoke_links,
)
from .letters import LETTER_KIND, LetterTo, mark_printed, send_letter, send_letters
from .mails import (
    BACK_OFF,
    READABLE_FOR,
    UNDELIVERED_READABLE_FOR,
    blank_secrets,
    claim_mail,
    consider_delivered,
    doubt_claimed,
    forget_party,
    keep_mail,
    record_attempt,
    send_again,
)

__all__ = [
    "BACK_OFF",
    "LETTER_KIND",
    "LONGEST_NAME",
    "READABLE_FOR",
    "SOFT_UNTIL_BLOCKED",
    "UNDELIVERED_READABLE_FOR",
    "LetterTo",
    "blank_secrets",
    "block_contact",
    "change_contact",
    "claim_mail",
    "confirm_contact",
    "consider_delivered",
    "doubt_claimed",
    "forget_contact",
    "forget_party",
    "hand_on",
    "keep_mail",
    "know_contact",
    "mark_printed",
    "move_bulk",
    "record_attempt",
    "record_bounce",
    "revoke_links",
    "send_again",
    "send_letter",
    "send_letters",
    "set_apart",
    "set_pace",
    "unblock_address",
]
