"""Where a co-operative stands in the scaffolding, and what the next step still asks for."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from coopwerf.coops import queries as coops
from coopwerf.coops.states import COOPERATIVES, Stage
from coopwerf.register import queries as register

from ..models import MilestoneReached
from ..states import KNOWN_BY_ITSELF, STEP_ASKS, Milestone, Step


@dataclasses.dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """A milestone: reached or not, and on which day where somebody noted one."""

    code: Milestone
    is_reached: bool
    on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Scaffold:
    """The step on which a co-operative stands, the next one, and what that asks for."""

    step: Step
    next: Step | None
    milestones: Sequence[MilestoneFacts]

    @property
    def is_building(self) -> bool:
        """Tell whether it stands in the scaffolding still."""
        return self.step is not Step.COOPERATIVE

    @property
    def lacking(self) -> list[MilestoneFacts]:
        """Return what the next step still asks for."""
        return [one for one in self.milestones if not one.is_reached]


def noted(coop_id: uuid.UUID) -> dict[Milestone, dt.date]:
    """Return the milestones that somebody noted, with their days."""
    rows = MilestoneReached.objects.filter(coop_id=coop_id)
    return {Milestone(row.code): row.on for row in rows}


def scaffold(coop_id: uuid.UUID, on: dt.date) -> Scaffold:
    """Return how far a co-operative has come on a date."""
    stage = coops.stage(coop_id, on)
    days = noted(coop_id) if stage not in COOPERATIVES else {}
    step = _step(stage, days)
    following = {
        Step.INITIATIVE: Step.ASSOCIATION,
        Step.ASSOCIATION: Step.FORMING,
        Step.FORMING: Step.COOPERATIVE,
    }.get(step)
    if following is None:
        return Scaffold(step, None, ())
    return Scaffold(step, following, [_facts(coop_id, code, days, on) for code in STEP_ASKS[following]])


def all_milestones(coop_id: uuid.UUID, on: dt.date) -> dict[Step, list[MilestoneFacts]]:
    """Return every milestone by the step that asks for it."""
    days = noted(coop_id)
    return {step: [_facts(coop_id, code, days, on) for code in codes] for step, codes in STEP_ASKS.items() if codes}


def _step(stage: Stage, days: dict[Milestone, dt.date]) -> Step:
    if stage in COOPERATIVES:
        return Step.COOPERATIVE
    # Whoever decided to found a co-operative is forming one, also without an association before.
    if Milestone.DECIDED in days:
        return Step.FORMING
    return Step.ASSOCIATION if stage is Stage.ASSOCIATION else Step.INITIATIVE


def _facts(coop_id: uuid.UUID, code: Milestone, days: dict[Milestone, dt.date], on: dt.date) -> MilestoneFacts:
    if code not in KNOWN_BY_ITSELF:
        return MilestoneFacts(code, code in days, days.get(code))
    if code is Milestone.TOLD:
        return MilestoneFacts(code, any(coops.profile(coop_id, on).public_text.values()), None)
    return MilestoneFacts(code, bool(register.all_terms(coop_id, on)), None)
