"""A spreadsheet on its way into the register: what was chosen and mended, so that nothing is lost between two steps."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import ImportState


class RegisterImport(TenantModel):
    """A file that somebody brought, how its columns are read, and what was mended; its file goes once it is booked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=ImportState.OPEN.value)
    brought_by = models.UUIDField(null=True, help_text="The party who brought it; empty for the installation itself.")
    brought_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    original = models.CharField(max_length=200, blank=True, help_text="The file as it was brought, in the storage.")
    cells = models.CharField(max_length=200, blank=True, help_text="Its cells as we read them, in the storage.")
    choices = models.JSONField(default=dict, help_text="Sheet, header, columns, shape, date, class: as chosen.")
    mends = models.JSONField(default=dict, help_text="By line: other values, answers, or why it is left out.")
    heads = models.JSONField(default=dict, help_text="Which header was read as what, for the next file.")
    reason = models.CharField(max_length=60, blank=True, help_text="The refusal code that says why booking failed.")
    reason_facts = models.JSONField(default=dict)
    booked = models.JSONField(default=dict, help_text="Counts, sums and the head of the chain, once booked.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["coop", "-brought_at"], name="register_import_brought")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ImportState]), name="register_import_state"
            ),
            models.UniqueConstraint(
                fields=["coop"], condition=Q(state=ImportState.BOOKING.value), name="register_import_one_booking"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.BOOKED.value, ImportState.DROPPED.value])
                | Q(ended_at__isnull=False, original="", cells=""),
                name="register_import_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.brought_at:%Y-%m-%d}"
