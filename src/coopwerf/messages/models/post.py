"""What a post office has to know: what came back, which addresses can't be reached, how fast each domain takes mail."""

from django.db import models
from django.db.models import Q

from ..states import BlockReason, BounceKind


class Reach(models.Model):
    """How mail to one address fares, in the whole installation; an address that is well has no row."""

    email_key = models.CharField(primary_key=True, max_length=320)
    soft_bounces = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, reason="")
                | Q(blocked_at__isnull=False, reason__in=[reason.value for reason in BlockReason]),
                name="outbox_reach_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.email_key


class Bounce(models.Model):
    """One notice that a mail came back; the same notice counts once, however often it is read."""

    digest = models.CharField(primary_key=True, max_length=64)
    mail = models.ForeignKey("outbox.Mail", on_delete=models.CASCADE, related_name="bounces")
    kind = models.CharField(max_length=4)
    status = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in BounceKind]), name="outbox_bounce_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class Pace(models.Model):
    """How many mails a minute go to a domain, all workers together, and when the next may leave."""

    domain = models.CharField(primary_key=True, max_length=255)
    a_minute = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(a_minute__gte=1), name="outbox_pace_positive")]

    def __str__(self) -> str:
        return f"{self.domain} {self.a_minute}"
