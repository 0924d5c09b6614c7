"""What a step of the roadmap goes through."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StepState(enum.StrEnum):
    """Say how far a step has come."""

    DRAFT = "draft"
    PROMISED = "promised"
    BEGUN = "begun"
    DONE = "done"
    DROPPED = "dropped"


STEP_TRANSITIONS: Final[Mapping[StepState, frozenset[StepState]]] = {
    StepState.DRAFT: frozenset({StepState.PROMISED}),
    StepState.PROMISED: frozenset({StepState.BEGUN, StepState.DONE, StepState.DROPPED}),
    StepState.BEGUN: frozenset({StepState.DONE, StepState.DROPPED}),
    StepState.DONE: frozenset({StepState.BEGUN}),
    StepState.DROPPED: frozenset({StepState.PROMISED}),
}
"""From which state a step comes to which other; a draft can be deleted, what was promised never."""

STEP_STATE_NAMES: Final = {
    StepState.DRAFT: pgettext_lazy("step", "Draft"),
    StepState.PROMISED: pgettext_lazy("step", "Promised"),
    StepState.BEGUN: pgettext_lazy("step", "Under way"),
    StepState.DONE: pgettext_lazy("step", "Done"),
    StepState.DROPPED: pgettext_lazy("step", "Dropped"),
}
"""What each state of a step is called."""

OPEN_STEPS: Final = frozenset({StepState.PROMISED, StepState.BEGUN})
"""The states in which a promise can still slip."""


class MomentKind(enum.StrEnum):
    """Say what happened to a step on a day: kept for ever."""

    PROMISED = "promised"
    MOVED = "moved"
    BEGUN = "begun"
    DONE = "done"
    REOPENED = "reopened"
    DROPPED = "dropped"
    TAKEN_UP = "taken_up"


MOMENT_NAMES: Final = {
    MomentKind.PROMISED: pgettext_lazy("step", "Promised"),
    MomentKind.MOVED: pgettext_lazy("step", "Moved"),
    MomentKind.BEGUN: pgettext_lazy("step", "Begun"),
    MomentKind.DONE: pgettext_lazy("step", "Done"),
    MomentKind.REOPENED: pgettext_lazy("step", "Not done after all"),
    MomentKind.DROPPED: pgettext_lazy("step", "Dropped"),
    MomentKind.TAKEN_UP: pgettext_lazy("step", "Taken up again"),
}
"""What each moment of a step is called."""

PROMISES: Final = frozenset({MomentKind.PROMISED, MomentKind.MOVED, MomentKind.TAKEN_UP})
"""The moments that say by when it will be done."""


class EvidenceKind(enum.StrEnum):
    """Say by what one can see that a step is done."""

    LINK = "link"
    REPORT = "report"
    DOCUMENT = "document"


EVIDENCE_NAMES: Final = {
    EvidenceKind.LINK: _("A page elsewhere"),
    EvidenceKind.REPORT: _("A report from the yard"),
    EvidenceKind.DOCUMENT: _("A document"),
}
"""What each kind of evidence is called."""
