"""Requests for membership, and what happened to each of them."""

from decimal import Decimal
from typing import ClassVar

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.money import MoneyField, PriceField
from coopwerf.kernel.tenancy import TenantModel

from ..states import OPEN_REQUESTS, ApplicantKind, RequestEventKind, RequestState
from .classes import ShareClass
from .rows import Decision, Member


class MembershipRequest(TenantModel):
    """Somebody asks to become a member, or a member for more shares; three dates apart: asked, paid, admitted.

    Until it is confirmed, what was typed stands in `told` and nobody is registered; from then on in people.
    `member` is who takes more shares (`takes_more`), and once decided who was admitted.
    """

    own_rows: ClassVar = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    state = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    is_on_paper = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    told = models.JSONField(default=dict)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    sender_key = models.CharField(
        max_length=64, blank=True, help_text="Keyed hash of where an unconfirmed one came from."
    )
    email_key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the address it was mailed to.")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    takes_more = models.BooleanField(default=False)
    share_class = models.ForeignKey(ShareClass, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = models.BigIntegerField(default=0)
    amount_per_share = PriceField(default=Decimal(0))
    paid = MoneyField(default=Decimal(0))
    missing = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    paid_on = models.DateField(null=True)
    consented_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reference = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=40, blank=True)
    explanation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RequestState]), name="register_request_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ApplicantKind]), name="register_request_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity=0, share_class__isnull=True)
                | models.Q(quantity__gte=1, quantity__lte=1_000_000_000, share_class__isnull=False),
                name="register_request_shares",
            ),
            models.CheckConstraint(
                condition=models.Q(paid__gte=0) & models.Q(amount_per_share__gte=0), name="register_request_paid"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.UNCONFIRMED.value) | models.Q(party__isnull=False),
                name="register_request_party",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.ADMITTED.value)
                | models.Q(member__isnull=False, decision__isnull=False, decided_on__isnull=False),
                name="register_request_admitted",
            ),
            # Nobody waits twice for the same co-operative.
            models.UniqueConstraint(
                fields=["coop", "party"],
                condition=models.Q(state__in=[state.value for state in OPEN_REQUESTS]),
                name="register_request_once",
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "state", "id"], name="register_request_list"),
            models.Index(
                fields=["coop", "asked_at"],
                condition=models.Q(state=RequestState.UNCONFIRMED.value),
                name="register_request_fresh",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_on}"


class RequestEvent(TenantModel, AppendOnlyModel):
    """One dated thing that happened to a request: who wrote it down, when, and the amount where money came.

    Where the number of shares was changed: from how many (`shares_before`) to how many (`shares_after`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    request = models.ForeignKey(MembershipRequest, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=12)
    on = models.DateField()
    at = models.DateTimeField()
    amount = MoneyField(null=True)
    shares_before = models.BigIntegerField(null=True)
    shares_after = models.BigIntegerField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in RequestEventKind]),
                name="register_requestevent_kind",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="taken_back") & models.Q(undoes__isnull=False) & models.Q(amount__lt=0))
                | (models.Q(kind="paid") & models.Q(undoes__isnull=True) & models.Q(amount__gt=0))
                | (
                    ~models.Q(kind__in=["paid", "taken_back"])
                    & models.Q(undoes__isnull=True)
                    & models.Q(amount__isnull=True)
                ),
                name="register_requestevent_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="resized",
                    shares_before__isnull=False,
                    shares_before__gte=1,
                    shares_after__isnull=False,
                    shares_after__gte=1,
                )
                | (~models.Q(kind="resized") & models.Q(shares_before__isnull=True, shares_after__isnull=True)),
                name="register_requestevent_shares",
            ),
        ]
        indexes = [models.Index(fields=["request", "at"], name="register_requestevent_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
