"""The life of a document, from the wish to the file."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _


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
