"""How a co-operative comes about: its steps in the scaffolding, and what each of them asks for."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Step(enum.StrEnum):
    """Name a step in the scaffolding."""

    INITIATIVE = "initiative"
    ASSOCIATION = "association"
    FORMING = "forming"
    COOPERATIVE = "cooperative"


STEP_NAMES: Final = {
    Step.INITIATIVE: pgettext_lazy("step", "Initiative"),
    Step.ASSOCIATION: pgettext_lazy("step", "Association"),
    Step.FORMING: pgettext_lazy("step", "Co-operative in formation"),
    Step.COOPERATIVE: pgettext_lazy("step", "Co-operative"),
}
"""What each step is called."""


class Milestone(enum.StrEnum):
    """Name something that has to be there before the next step."""

    TOLD = "told"
    CORE = "core"
    AIM = "aim"
    ASSOCIATION_STATUTES = "association_statutes"
    NEEDS = "needs"
    PLAN = "plan"
    DECIDED = "decided"
    CLASSES = "classes"
    STATUTES = "statutes"
    FOUNDERS = "founders"
    DEED = "deed"


STEP_ASKS: Final[Mapping[Step, tuple[Milestone, ...]]] = {
    Step.INITIATIVE: (),
    Step.ASSOCIATION: (Milestone.TOLD, Milestone.CORE, Milestone.AIM, Milestone.ASSOCIATION_STATUTES),
    Step.FORMING: (Milestone.NEEDS, Milestone.PLAN, Milestone.DECIDED),
    Step.COOPERATIVE: (Milestone.STATUTES, Milestone.CLASSES, Milestone.FOUNDERS, Milestone.DEED),
}
"""What a step asks for before it is reached, in the order in which most come to it."""

MILESTONE_NAMES: Final = {
    Milestone.TOLD: _("What it is for stands on this page"),
    Milestone.CORE: _("Three people or more carry it"),
    Milestone.AIM: _("They agree in writing on the aim"),
    Milestone.ASSOCIATION_STATUTES: _("The statutes of the association are written"),
    Milestone.NEEDS: _("Future members were asked what they need"),
    Milestone.PLAN: _("A financial plan for at least two years is there"),
    Milestone.DECIDED: _("It is decided to become a co-operative"),
    Milestone.STATUTES: _("The statutes were gone through with a notary"),
    Milestone.CLASSES: _("It is known what a share costs"),
    Milestone.FOUNDERS: _("The founders are together, at least three in Belgium"),
    Milestone.DEED: _("There is a day for the deed at the notary’s"),
}
"""What each milestone says once it is reached."""

KNOWN_BY_ITSELF: Final = frozenset({Milestone.TOLD, Milestone.CLASSES})
"""What follows from what stands elsewhere, and isn't noted by anybody."""
