"""Documents: who asked for which paper, and where its file is; pictures, with who made them."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from .states import DocumentState, Licence


def new_token() -> str:
    """Return an address that can't be guessed: 144 random bits."""
    return secrets.token_urlsafe(18)


class Document(TenantModel):
    """A paper that somebody asked for: as of which date and position, how far it is, and the hash of its file."""

    own_rows: ClassVar[str | None] = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    party = models.ForeignKey(
        "people.Party", on_delete=models.PROTECT, null=True, related_name="+", help_text="Whom it concerns."
    )
    asked_by = models.UUIDField(null=True, help_text="The party who asked; empty for the installation itself.")
    asked_at = models.DateTimeField()
    language = models.CharField(max_length=2)
    as_of = models.DateField(null=True)
    known_position = models.BigIntegerField(null=True)
    params = models.JSONField(default=dict, help_text="Ids, codes and numbers that its kind needs.")
    token = models.CharField(max_length=40, unique=True, default=new_token)

    state = models.CharField(max_length=10, default=DocumentState.ASKED.value)
    reason = models.CharField(max_length=60, blank=True, help_text="The refusal code that says why it failed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    head = models.CharField(max_length=100, blank=True, help_text="The head of the chain printed on it.")
    file = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True, help_text="The name under which it is downloaded.")
    media_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["coop", "party", "asked_at"], name="documents_document_party"),
            models.Index(fields=["coop", "asked_by", "asked_at"], name="documents_document_asker"),
            models.Index(
                fields=["coop", "asked_at"],
                condition=Q(state__in=[DocumentState.ASKED.value, DocumentState.MAKING.value]),
                name="documents_document_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DocumentState]), name="documents_document_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY.value)
                | (Q(made_at__isnull=False, size__gt=0) & ~Q(file="") & ~Q(sha256="")),
                name="documents_document_ready",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.FAILED.value) | ~Q(reason=""), name="documents_document_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"


class Picture(TenantModel):
    """A picture that somebody brought, as we drew it anew: who made it, on which terms it is shown, what is seen.

    `widths` are those in which it is kept. One that was taken away keeps its row and loses its files.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    author = models.CharField(max_length=120)
    licence = models.CharField(max_length=12)
    texts = models.JSONField(default=dict, help_text="By language: what is seen on it, for who can't see it.")
    widths = models.JSONField(default=list)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    brought_by = models.UUIDField(null=True, help_text="The party who brought it.")
    brought_at = models.DateTimeField()
    taken_away_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(licence__in=[one.value for one in Licence]), name="documents_picture_licence"
            ),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0) & ~models.Q(author=""), name="documents_picture_told"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
