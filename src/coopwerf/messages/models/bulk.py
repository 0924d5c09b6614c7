"""What many mails of a co-operative say alike."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import BulkState


class Bulk(TenantModel):
    """A batch of mails: its texts by variant (a language, or one of several choices in it); see `Mail.bulk_id`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, help_text="The letter, or `messages.newsletter`.")
    texts = models.JSONField(help_text="By variant: language, subject, text, html, with marks for what differs.")
    sender = models.CharField(max_length=500)
    reply_to = models.CharField(max_length=500, blank=True)
    list_id = models.CharField(max_length=200, blank=True, help_text="Empty: a notice by law, which nobody can leave.")
    state = models.CharField(max_length=8, default=BulkState.OPEN.value)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["coop", "made_at"], name="outbox_bulk_made"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in BulkState]), name="outbox_bulk_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.made_at:%Y-%m-%d}"
