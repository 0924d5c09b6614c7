"""Tables of the kernel: the audit trail, the chain of each co-operative, and the bases of all other tables."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

import pgtrigger
from django.db import models

from .ids import uuid7
from .tenancy import TenantModel

NO_TRUNCATE = "RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME USING ERRCODE = '23514';"


def append_only_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers that make the database refuse to change, delete or truncate rows."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=NO_TRUNCATE,
        ),
    ]


class AppendOnlyModel(models.Model):
    """Mark a table whose rows are never changed or deleted: by trigger, and by what the web role is granted."""

    class Meta:
        abstract = True
        triggers = append_only_triggers()


class ChainedModel(TenantModel, AppendOnlyModel):
    """A register's row: it takes its place in the chain of its co-operative in the transaction that writes it.

    A subclass declares `coop`, its kind, the fields of its body and how they are written canonically.
    """

    CHAIN_KIND: ClassVar[str]
    BODY_FIELDS: ClassVar[Sequence[str]]
    BODY_SQL: ClassVar[str] = ""
    """The body as SQL over the row `r`, followed by a tab and the private record that it commits to, where it does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.BigIntegerField(editable=False)

    coop_id: uuid.UUID

    class Meta(AppendOnlyModel.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["coop", "position"], name="%(app_label)s_%(class)s_position"),
        ]

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body for the values of BODY_FIELDS, in their order."""
        raise NotImplementedError

    def chain_body(self) -> str:
        """Return this row's canonical body, without personal data."""
        return self.body_text(*(getattr(self, field) for field in self.BODY_FIELDS))


class AuditEntry(TenantModel, AppendOnlyModel):
    """One act: who, when, what, on which thing, with numbers, codes and ids as its facts, never free text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop_id = models.UUIDField(null=True, help_text="Empty for an act that concerns no co-operative.")
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    acting_for_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta(AppendOnlyModel.Meta):
        indexes = [
            models.Index(fields=["coop_id", "at"], name="kernel_audit_coop_at"),
            models.Index(fields=["subject_id", "at"], name="kernel_audit_subject_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb}"


class Unsealed(TenantModel):
    """An audit entry that the sealing worker has still to put into the chain."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, primary_key=True)
    coop_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["coop_id"], name="kernel_unsealed_coop")]

    def __str__(self) -> str:
        return str(self.entry_id)


class ChainHead(TenantModel):
    """Where a co-operative's chain has come to; its row is the last lock that a writer takes."""

    open_to_read = True

    coop_id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class ChainLink(TenantModel, AppendOnlyModel):
    """One position in the chain: which row stands there, and the hash up to and including it."""

    pk = models.CompositePrimaryKey("coop_id", "position")
    coop_id = models.UUIDField()
    position = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    row_id = models.UUIDField()
    hash = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["coop_id", "at"], name="kernel_chainlink_coop_at")]
        constraints = [
            models.UniqueConstraint(fields=["coop_id", "kind", "row_id"], name="kernel_chainlink_row"),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class Tally(models.Model):
    """How often somebody asked in a stretch of time: a number that all processes share, and that no crash has to keep.

    `who` is a hash; the table isn't logged, so counting costs no write to the disk.
    """

    who = models.CharField(primary_key=True, max_length=64)
    stretch = models.BigIntegerField(help_text="Which stretch, counted from 1970.")
    length = models.PositiveIntegerField(help_text="How many seconds a stretch has.")
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.number} in stretch {self.stretch}"
