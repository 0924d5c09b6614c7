"""What was asked of who paid too much: should it come back, or what is it for?"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import Answer
from .claims import Claim
from .statements import BankEntry


class Question(TenantModel):
    """Ask whose claim was paid too much what is to be done with the rest, and keep the answer.

    `over` is how much it was when it was asked: the question stands as long as that is so, and nobody closed it.
    `iban` and `holder` are those of the answer, before it those of the bank where the money is surely this party's.
    """

    own_rows: ClassVar = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="questions")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64)
    over = MoneyField()
    answer = models.CharField(max_length=10, blank=True)
    for_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    iban = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=140, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="payments_question_token"),
            models.UniqueConstraint(
                fields=["entry"], name="payments_question_once", condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(over__gt=0), name="payments_question_over"),
            models.CheckConstraint(
                condition=Q(answer__in=["", *(one.value for one in Answer)]), name="payments_question_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="payments_question_answered",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.OWED.value, for_claim__isnull=False)
                | ~Q(answer=Answer.OWED.value) & Q(for_claim__isnull=True),
                name="payments_question_for",
            ),
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.over} {self.answer}"
