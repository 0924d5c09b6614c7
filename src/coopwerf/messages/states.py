"""What becomes of a mail, and by which way a letter goes."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy


class MailState(enum.StrEnum):
    """Say what became of a mail."""

    WAITING = "waiting"
    KEPT = "kept"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


TRANSITIONS: Final[Mapping[MailState, frozenset[MailState]]] = {
    # Waiting to waiting: put off, and tried again later.
    MailState.WAITING: frozenset(
        {MailState.WAITING, MailState.DELIVERED, MailState.REFUSED, MailState.GIVEN_UP, MailState.KEPT}
    ),
    MailState.KEPT: frozenset({MailState.WAITING}),
    MailState.DELIVERED: frozenset(),
    MailState.REFUSED: frozenset({MailState.WAITING}),
    MailState.GIVEN_UP: frozenset({MailState.WAITING}),
}

STATE_NAMES: Final = {
    MailState.WAITING: pgettext_lazy("mail", "On its way"),
    MailState.KEPT: pgettext_lazy("mail", "Kept here"),
    MailState.DELIVERED: pgettext_lazy("mail", "Delivered"),
    MailState.REFUSED: pgettext_lazy("mail", "Refused"),
    MailState.GIVEN_UP: pgettext_lazy("mail", "Given up"),
}


class Outcome(enum.StrEnum):
    """Say how one attempt to deliver a mail ended."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    PUT_OFF = "put_off"


class Channel(enum.StrEnum):
    """Say by which way a letter goes."""

    MAIL = "mail"
    PAPER = "paper"


CHANNEL_NAMES: Final = {
    Channel.MAIL: pgettext_lazy("letter", "By e-mail"),
    Channel.PAPER: pgettext_lazy("letter", "On paper"),
}


class BlockReason(enum.StrEnum):
    """Say why nothing more is written to an address."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    ASKED = "asked"


BLOCK_REASON_NAMES: Final = {
    BlockReason.HARD: pgettext_lazy("mail", "There is no such mailbox"),
    BlockReason.SOFT: pgettext_lazy("mail", "Mail came back again and again"),
    BlockReason.COMPLAINT: pgettext_lazy("mail", "It was reported as unwanted"),
    BlockReason.ASKED: pgettext_lazy("mail", "They asked for no more mail"),
}
