"""What was handed out of the register, and who looked into it: rows that stay, without personal data."""

from typing import ClassVar

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.tenancy import TenantModel

from .classes import ShareClass
from .rows import Member


class IssuedCertificate(TenantModel, AppendOnlyModel):
    """A certificate that was made: for which member, as of when, and what it says.

    Name and domicile are the rows of people that stood in the register then, so that an erasure takes them from here
    too. Of the address on its code only the hash is kept.
    """

    own_rows: ClassVar[str | None] = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="certificates", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    language = models.CharField(max_length=2)
    as_of = models.DateField()
    known_position = models.BigIntegerField()
    name_id = models.UUIDField()
    address_id = models.UUIDField(null=True)
    says = models.JSONField(help_text="Member number, admission and holdings, as printed.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 over all that it says, ids in place of the name.")

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "token_hash"], name="register_certificate_token"),
        ]
        indexes = [models.Index(fields=["member", "issued_at"], name="register_certificate_member")]

    def __str__(self) -> str:
        return f"certificate as of {self.as_of}"


class Inspection(TenantModel, AppendOnlyModel):
    """A look of a holder into a class: who, when, how many holders were shown."""

    own_rows: ClassVar[str | None] = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    share_class = models.ForeignKey(ShareClass, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    as_of = models.DateField()
    rows = models.PositiveIntegerField()

    class Meta(AppendOnlyModel.Meta):
        indexes = [
            models.Index(fields=["coop", "at"], name="register_inspection_at"),
            models.Index(fields=["coop", "party", "at"], name="register_inspection_party"),
            models.Index(fields=["share_class", "at"], name="register_inspection_class"),
        ]

    def __str__(self) -> str:
        return f"look of {self.at:%Y-%m-%d %H:%M}"
