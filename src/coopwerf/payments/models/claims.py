"""What is owed to the co-operative and by it, and the communications under which people pay."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import ClaimKind, ClaimState, Direction

SAME_CLAIM = """
    IF (NEW.id, NEW.coop_id, NEW.kind, NEW.direction, NEW.source_kind, NEW.source_id, NEW.digits)
       IS DISTINCT FROM
       (OLD.id, OLD.coop_id, OLD.kind, OLD.direction, OLD.source_kind, OLD.source_id, OLD.digits)
       OR (OLD.party_id IS NOT NULL AND NEW.party_id IS DISTINCT FROM OLD.party_id) THEN
        RAISE EXCEPTION 'what a claim is for, and whose it is, stays' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
"""


class Claim(TenantModel):
    """Money to come in or to be paid, with a communication of its own; `paid` is the sum of its matches.

    `iban` and `holder` are those of whom it is paid to: ours for money to come in, the payee's for money to be paid.
    """

    own_rows: ClassVar = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    direction = models.CharField(max_length=3)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.UUIDField(null=True)
    account_code = models.CharField(max_length=20, blank=True, help_text="The ledger's account, for another kind.")
    amount = MoneyField()
    paid = MoneyField(default=Decimal(0))
    due_on = models.DateField(null=True)
    digits = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=ClaimState.OPEN.value)
    iban = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=140, blank=True)
    payer = models.CharField(max_length=200, blank=True, help_text="Who said that they would pay, if somebody else.")
    exported_on = models.DateField(null=True, help_text="When its payment was given to the bank.")
    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "digits"], name="payments_claim_digits"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_claim_amount"),
            models.CheckConstraint(condition=Q(paid__gte=0), name="payments_claim_paid"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ClaimKind]), name="payments_claim_kind"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[one.value for one in Direction]), name="payments_claim_direction"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ClaimState]), name="payments_claim_state"
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "state", "due_on"], name="payments_claim_due"),
            models.Index(fields=["coop", "party"], name="payments_claim_party", condition=Q(party__isnull=False)),
            models.Index(
                fields=["coop", "source_id"], name="payments_claim_source", condition=Q(source_id__isnull=False)
            ),
            models.Index(fields=["coop", "-touched_at"], name="payments_claim_touched"),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="same", when=pgtrigger.Before, operation=pgtrigger.Update, func=SAME_CLAIM),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.state}"


class Communication(TenantModel, AppendOnlyModel):
    """The communication under which somebody pays for ever; one brought from elsewhere stands in the register."""

    own_rows: ClassVar = "party_id"

    id = models.BigAutoField(primary_key=True)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    digits = models.CharField(max_length=12)

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["coop", "party"], name="payments_communication_party"),
            models.UniqueConstraint(fields=["coop", "digits"], name="payments_communication_digits"),
        ]

    def __str__(self) -> str:
        return self.digits
