"""The roadmap: steps with what was promised for when, what became of it, and by what one can see it."""

from django.db import models
from django.db.models import F, Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.tenancy import TenantModel

from ..states import EvidenceKind, MomentKind, StepState


class RoadmapStep(TenantModel):
    """A step of the roadmap as it stands: its words by language (`title`, `text`), its season, its place in there.

    `due_on` is the last day of what is promised: the season's last, or a day that was named. What was promised before
    stands in its moments.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    season = models.PositiveSmallIntegerField(help_text="Its code; see states.Season.")
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=StepState.DRAFT.value)
    texts = models.JSONField(default=dict)
    due_on = models.DateField()
    has_day = models.BooleanField(default=False)
    began_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["coop", "season", "place"], name="founding_step_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in StepState]), name="founding_step_state"
            ),
            models.CheckConstraint(
                condition=Q(state=StepState.DONE.value) ^ Q(done_on__isnull=True), name="founding_step_done"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(began_on__isnull=True) | Q(done_on__gte=F("began_on")),
                name="founding_step_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.place}"


class StepMoment(TenantModel, AppendOnlyModel):
    """What happened to a step: promised, moved, begun, done, dropped; when it was written down, and by whom.

    Never changed: a promise that slips is a later row, with why. `because` says it by language.
    """

    id = models.BigAutoField(primary_key=True)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(RoadmapStep, on_delete=models.PROTECT, related_name="moments", db_index=False)
    kind = models.CharField(max_length=10)
    season = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    has_day = models.BooleanField(default=False)
    on = models.DateField(null=True, help_text="The day on which it began or was done.")
    because = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["coop", "step", "id"], name="founding_moment_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in MomentKind]), name="founding_moment_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recorded_at:%Y-%m-%d}"


class StepEvidence(TenantModel):
    """By what one can see that a step is done: a page, a report, a document; its name and its address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(RoadmapStep, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    url = models.CharField(max_length=500)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["coop", "step", "id"], name="founding_evidence_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EvidenceKind]), name="founding_evidence_kind"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://") | Q(url__startswith="/"),
                name="founding_evidence_url",
            ),
        ]

    def __str__(self) -> str:
        return self.url
