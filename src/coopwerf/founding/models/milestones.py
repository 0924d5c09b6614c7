"""What a co-operative reached on its way, and when."""

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import Milestone


class MilestoneReached(TenantModel):
    """A milestone that somebody noted as reached, with its day; may lie ahead (the day at the notary's)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=24)
    on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "code"], name="founding_milestone_once"),
            models.CheckConstraint(
                condition=models.Q(code__in=[one.value for one in Milestone]), name="founding_milestone_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.on}"
