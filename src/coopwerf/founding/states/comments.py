"""What a comment goes through, and on which grounds one is taken away."""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EDIT_WINDOW: Final = dt.timedelta(minutes=15)
"""So long whoever wrote a comment can mend it."""


class CommentState(enum.StrEnum):
    """Say how far a comment has come."""

    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    SHOWN = "shown"
    REFUSED = "refused"
    HIDDEN = "hidden"
    GONE = "gone"


COMMENT_TRANSITIONS: Final[Mapping[CommentState, frozenset[CommentState]]] = {
    CommentState.UNCONFIRMED: frozenset({CommentState.HELD, CommentState.SHOWN, CommentState.GONE}),
    CommentState.HELD: frozenset({CommentState.SHOWN, CommentState.REFUSED, CommentState.GONE}),
    # A first comment that is mended is read once more.
    CommentState.SHOWN: frozenset({CommentState.HELD, CommentState.HIDDEN, CommentState.GONE}),
    CommentState.REFUSED: frozenset({CommentState.SHOWN, CommentState.GONE}),
    CommentState.HIDDEN: frozenset({CommentState.SHOWN, CommentState.GONE}),
    CommentState.GONE: frozenset(),
}
"""From which state a comment comes to which other."""

COMMENT_STATE_NAMES: Final = {
    CommentState.UNCONFIRMED: pgettext_lazy("comment", "Address not confirmed yet"),
    CommentState.HELD: pgettext_lazy("comment", "Waits to be read"),
    CommentState.SHOWN: pgettext_lazy("comment", "On the page"),
    CommentState.REFUSED: pgettext_lazy("comment", "Not taken"),
    CommentState.HIDDEN: pgettext_lazy("comment", "Hidden"),
    CommentState.GONE: pgettext_lazy("comment", "Taken away by its writer"),
}
"""What each state of a comment is called."""


class Ground(enum.StrEnum):
    """Say why a comment isn't shown, or why a reader thinks that it shouldn't be."""

    SPAM = "spam"
    HURTFUL = "hurtful"
    PERSONAL = "personal"
    UNTRUE = "untrue"
    ASIDE = "aside"
    UNLAWFUL = "unlawful"


GROUND_NAMES: Final = {
    Ground.SPAM: _("It is advertising."),
    Ground.HURTFUL: _("It hurts or threatens somebody."),
    Ground.PERSONAL: _("It tells private things about somebody."),
    Ground.UNTRUE: _("It says something that isn’t true."),
    Ground.ASIDE: _("It has nothing to do with this report."),
    Ground.UNLAWFUL: _("It is against the law."),
}
"""Each ground in words."""
