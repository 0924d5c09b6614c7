"""The life of a document, from the wish to the file; on which terms pictures may be shown."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentState(enum.StrEnum):
    """Say how far a document is."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


TRANSITIONS: Final[Mapping[DocumentState, frozenset[DocumentState]]] = {
    DocumentState.ASKED: frozenset({DocumentState.MAKING, DocumentState.FAILED, DocumentState.REMOVED}),
    # Making again is what a worker does after one that was killed.
    DocumentState.MAKING: frozenset(
        {DocumentState.MAKING, DocumentState.READY, DocumentState.FAILED, DocumentState.REMOVED}
    ),
    DocumentState.READY: frozenset({DocumentState.REMOVED}),
    DocumentState.FAILED: frozenset({DocumentState.ASKED, DocumentState.REMOVED}),
    # What was removed for somebody’s privacy doesn’t come back; the document is asked for anew.
    DocumentState.REMOVED: frozenset(),
}

STATE_NAMES: Final = {
    DocumentState.ASKED: _("Waiting to be made"),
    DocumentState.MAKING: _("Being made"),
    DocumentState.READY: _("Ready"),
    DocumentState.FAILED: _("Not made"),
    DocumentState.REMOVED: _("Removed"),
}


class Licence(enum.StrEnum):
    """Say on which terms a picture may be shown."""

    CC0 = "cc0"
    BY = "cc_by"
    BY_SA = "cc_by_sa"
    PERMISSION = "permission"
    OWN = "own"


LICENCE_NAMES: Final[Mapping[Licence, str | Promise]] = {
    Licence.BY_SA: "CC BY-SA 4.0",
    Licence.BY: "CC BY 4.0",
    Licence.CC0: _("CC0: free for all"),
    Licence.PERMISSION: _("All rights kept; shown with the maker’s permission"),
    Licence.OWN: pgettext_lazy("licence", "All rights kept; it is ours"),
}
"""What each licence is called, the one that suits most reports first."""

LICENCE_NOTES: Final = {
    Licence.BY_SA: _("Everybody may use it, with the maker’s name, and share what they make of it on the same terms."),
    Licence.BY: _("Everybody may use it, with the maker’s name."),
    Licence.CC0: _("Everybody may use it, without asking or naming anybody."),
    Licence.PERMISSION: _("You asked the maker, and they said yes to showing it here."),
    Licence.OWN: _("Somebody of you made it, and nobody else may use it without asking."),
}
"""What each licence means to whoever chooses one."""

LICENCE_URLS: Final = {
    Licence.BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""Where the words of a licence stand."""

LICENCE_SHORT: Final = {
    Licence.BY_SA: "CC BY-SA 4.0",
    Licence.BY: "CC BY 4.0",
    Licence.CC0: "CC0",
    Licence.PERMISSION: _("with permission"),
    Licence.OWN: _("all rights kept"),
}
"""What stands below a picture."""
