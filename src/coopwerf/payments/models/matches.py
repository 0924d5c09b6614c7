"""What money was for: an entry of the bank, or a part of it, and a claim, an account or another entry."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import MatchKind
from .claims import Claim
from .statements import BankEntry


class Match(TenantModel, AppendOnlyModel):
    """Say what a part of an entry was for, and why. What was wrong is undone by another row, never changed.

    `amount` has the entry's sign; a row that undoes has the other one. `claim` is what is paid, or for money to be
    given back the claim that it made. Its posting in the ledger has the source `payments.match` and this id.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=10)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="matches")
    account_code = models.CharField(max_length=20, blank=True)
    other_entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.PositiveIntegerField(null=True, help_text="Which payment within the entry, from 1.")
    amount = MoneyField()
    score = models.SmallIntegerField(null=True, help_text="Of the proposal that was accepted.")
    reasons = models.JSONField(default=list)
    on = models.DateField(help_text="The day of its posting.")
    at = models.DateTimeField()
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    class Meta(AppendOnlyModel.Meta):
        verbose_name_plural = "matches"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in MatchKind]), name="payments_match_kind"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="payments_match_amount"),
            models.CheckConstraint(
                condition=~Q(kind__in=[MatchKind.CLAIM.value, MatchKind.REFUND.value]) | Q(claim__isnull=False),
                name="payments_match_claim",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MatchKind.ACCOUNT.value) | ~Q(account_code=""), name="payments_match_account"
            ),
        ]
        indexes = [models.Index(fields=["coop", "-id"], name="payments_match_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
