"""People without an account whom a co-operative may write to."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import BlockReason


class Contact(TenantModel):
    """Somebody with an address, once in each co-operative: who follows, comments, helps, comes along."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    email = models.CharField(max_length=254, blank=True, help_text="As it was typed; empty when forgotten.")
    email_key = models.CharField(max_length=320, blank=True, help_text="By which two writings are the same address.")
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2)
    salt = models.CharField(max_length=43, help_text="Every signed link stands on it: another salt, and none opens.")
    known_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, help_text="When somebody who reads this address said so.")
    blocked_at = models.DateTimeField(null=True)
    blocked_reason = models.CharField(max_length=12, blank=True)
    declined_at = models.DateTimeField(null=True, help_text="No newsletters, whatever else they are here.")
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["coop", "known_at", "id"], name="outbox_contact_known")]
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "email_key"], condition=Q(forgotten_at__isnull=True), name="outbox_contact_once"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False, email="", email_key="", name="")
                | (Q(forgotten_at__isnull=True) & ~Q(email="") & ~Q(email_key="")),
                name="outbox_contact_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, blocked_reason="")
                | Q(blocked_at__isnull=False, blocked_reason__in=[reason.value for reason in BlockReason]),
                name="outbox_contact_blocked",
            ),
            models.CheckConstraint(
                condition=~Q(email__contains="\n") & ~Q(name__contains="\n") & ~Q(name__contains="\r"),
                name="outbox_contact_one_line",
            ),
            models.CheckConstraint(condition=Q(language__in=["nl", "fr", "en"]), name="outbox_contact_language"),
        ]

    def __str__(self) -> str:
        return str(self.id)
