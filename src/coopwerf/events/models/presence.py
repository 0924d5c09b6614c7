"""Desks, and the log of who came in and went out: rows that nobody changes."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.tenancy import TenantModel

from ..states import Direction, How
from .gatherings import Gathering
from .registrations import Ticket


class Desk(TenantModel):
    """A table where people are received, reached by a link for its helpers; `gate` says at which door it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="desks", db_index=False)
    name = models.CharField(max_length=60)
    gate = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "name"], name="events_desk_name")]

    def __str__(self) -> str:
        return self.name


class Passage(TenantModel, AppendOnlyModel):
    """Somebody came in or went out at a gate: when, at which desk, known how; `voids` takes a mistake back.

    `press` is the button that was pressed: sent twice, it is noted once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="passages", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="passages", db_index=False)
    gate = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=3)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    how = models.CharField(max_length=10)
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    voids = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="voided_by")
    press = models.UUIDField(null=True)

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["ticket", "press"], name="events_passage_press"),
            models.CheckConstraint(
                condition=Q(direction__in=[one.value for one in Direction]), name="events_passage_direction"
            ),
            models.CheckConstraint(condition=Q(how__in=[one.value for one in How]), name="events_passage_how"),
        ]
        indexes = [
            models.Index(fields=["ticket", "gate", "at"], name="events_passage_of"),
            models.Index(fields=["gathering", "gate", "at"], name="events_passage_when"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%H:%M}"


class HeadCount(TenantModel, AppendOnlyModel):
    """So many heads were counted at a gate at a moment, known or not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="head_counts", db_index=False)
    gate = models.CharField(max_length=40, blank=True)
    heads = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["gathering", "gate", "at"], name="events_headcount_when")]

    def __str__(self) -> str:
        return f"{self.heads} {self.at:%H:%M}"
