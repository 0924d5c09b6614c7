"""What becomes of a mail, and by which way a letter goes."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy


class MailState(enum.StrEnum):
    """Say what became of a mail."""

    WAITING = "waiting"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    KEPT = "kept"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


TRANSITIONS: Final[Mapping[MailState, frozenset[MailState]]] = {
    # Sending: a worker has claimed it, and hands it over. Dropped: its reader left, or can't be reached, meanwhile.
    MailState.WAITING: frozenset({MailState.SENDING, MailState.DROPPED, MailState.GIVEN_UP, MailState.KEPT}),
    MailState.SENDING: frozenset(
        {
            MailState.DELIVERED,
            MailState.REFUSED,
            MailState.WAITING,
            MailState.GIVEN_UP,
            MailState.IN_DOUBT,
        }
    ),
    # Whoever looks at it decides; or the answer comes late after all.
    MailState.IN_DOUBT: frozenset(
        {
            MailState.WAITING,
            MailState.DELIVERED,
            MailState.REFUSED,
            MailState.GIVEN_UP,
            MailState.IN_DOUBT,
            MailState.BOUNCED,
        }
    ),
    MailState.KEPT: frozenset({MailState.WAITING}),
    MailState.DELIVERED: frozenset({MailState.BOUNCED}),
    MailState.BOUNCED: frozenset({MailState.WAITING}),
    MailState.REFUSED: frozenset({MailState.WAITING}),
    MailState.GIVEN_UP: frozenset({MailState.WAITING}),
    MailState.DROPPED: frozenset(),
}

STATE_NAMES: Final = {
    MailState.WAITING: pgettext_lazy("mail", "On its way"),
    MailState.SENDING: pgettext_lazy("mail", "Being handed over"),
    MailState.IN_DOUBT: pgettext_lazy("mail", "In doubt"),
    MailState.KEPT: pgettext_lazy("mail", "Kept here"),
    MailState.DELIVERED: pgettext_lazy("mail", "Delivered"),
    MailState.BOUNCED: pgettext_lazy("mail", "Came back"),
    MailState.REFUSED: pgettext_lazy("mail", "Refused"),
    MailState.GIVEN_UP: pgettext_lazy("mail", "Given up"),
    MailState.DROPPED: pgettext_lazy("mail", "Not sent any more"),
}


class Outcome(enum.StrEnum):
    """Say how one attempt to deliver a mail ended."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    PUT_OFF = "put_off"
    IN_DOUBT = "in_doubt"


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


class BulkState(enum.StrEnum):
    """Say whether mails of a batch leave."""

    OPEN = "open"
    PAUSED = "paused"
    STOPPED = "stopped"


BULK_TRANSITIONS: Final[Mapping[BulkState, frozenset[BulkState]]] = {
    BulkState.OPEN: frozenset({BulkState.PAUSED, BulkState.STOPPED}),
    BulkState.PAUSED: frozenset({BulkState.OPEN, BulkState.STOPPED}),
    BulkState.STOPPED: frozenset(),
}


class BounceKind(enum.StrEnum):
    """Say how a mail came back: for good, or for now."""

    HARD = "hard"
    SOFT = "soft"


class Rhythm(enum.StrEnum):
    """Say how often somebody hears of what they follow."""

    AT_ONCE = "at_once"
    WEEKLY = "weekly"


RHYTHM_NAMES: Final = {
    Rhythm.AT_ONCE: pgettext_lazy("following", "At once, when there is something"),
    Rhythm.WEEKLY: pgettext_lazy("following", "Once a week, all together"),
}


class OptIn(enum.StrEnum):
    """Say how somebody agreed to be written to."""

    FORM = "form"
    PAGE = "page"
    IMPORT = "import"


OPT_IN_NAMES: Final = {
    OptIn.FORM: pgettext_lazy("following", "Filled in the form, and confirmed by mail"),
    OptIn.PAGE: pgettext_lazy("following", "Chose it on their own page"),
    OptIn.IMPORT: pgettext_lazy("following", "Stood in a list that was brought along"),
}


class NewsState(enum.StrEnum):
    """Say how far a newsletter is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"


NEWS_TRANSITIONS: Final[Mapping[NewsState, frozenset[NewsState]]] = {
    NewsState.DRAFT: frozenset({NewsState.SCHEDULED, NewsState.SENDING}),
    NewsState.SCHEDULED: frozenset({NewsState.DRAFT, NewsState.SENDING}),
    NewsState.SENDING: frozenset({NewsState.PAUSED, NewsState.STOPPED}),
    NewsState.PAUSED: frozenset({NewsState.SENDING, NewsState.STOPPED}),
    NewsState.STOPPED: frozenset(),
}

NEWS_STATE_NAMES: Final = {
    NewsState.DRAFT: pgettext_lazy("newsletter", "Draft"),
    NewsState.SCHEDULED: pgettext_lazy("newsletter", "Planned"),
    NewsState.SENDING: pgettext_lazy("newsletter", "Sent"),
    NewsState.PAUSED: pgettext_lazy("newsletter", "Paused"),
    NewsState.STOPPED: pgettext_lazy("newsletter", "Stopped"),
}


class Notice(enum.StrEnum):
    """Say why nobody can unsubscribe from a notice."""

    CONVENING = "convening"
    REGISTER = "register"
    ADMISSION = "admission"


NOTICE_REASONS: Final = {
    Notice.CONVENING: pgettext_lazy(
        "newsletter", "you are a member, and the law has members called to the general assembly"
    ),
    Notice.REGISTER: pgettext_lazy("newsletter", "you stand in our register, and it concerns your shares"),
    Notice.ADMISSION: pgettext_lazy("newsletter", "you are a member, and it concerns your rights and duties"),
}
NOTICE_NAMES: Final = {
    Notice.CONVENING: pgettext_lazy("newsletter", "Convening a general assembly"),
    Notice.REGISTER: pgettext_lazy("newsletter", "Something about their shares"),
    Notice.ADMISSION: pgettext_lazy("newsletter", "Their rights and duties as a member"),
}
