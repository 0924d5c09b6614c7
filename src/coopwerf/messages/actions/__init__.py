"""The only writers of mails, letters and contacts."""

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
    "UNDELIVERED_READABLE_FOR",
    "LetterTo",
    "blank_secrets",
    "block_contact",
    "change_contact",
    "confirm_contact",
    "forget_contact",
    "forget_party",
    "keep_mail",
    "know_contact",
    "mark_printed",
    "record_attempt",
    "revoke_links",
    "send_again",
    "send_letter",
    "send_letters",
]
