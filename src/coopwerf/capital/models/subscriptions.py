"""Subscriptions, what happened to them, and the money that was matched to them."""

from typing import ClassVar

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.money import ZERO, MoneyField, PriceField
from coopwerf.kernel.tenancy import TenantModel

from ..states import ForWhom, SubscriptionEventKind, SubscriptionState
from .offers import Offer, OfferVersion


class Subscription(TenantModel):
    """Somebody subscribes to shares of an offer, under the version that they read and at the price that they saw.

    What was typed stands in `told` until it is a request of the register; from then on in people. `payer` is somebody
    else who pays. `key` comes from the form: the same form sent twice is one subscription. Its page opens with the
    token of `page_hash`; only the one of `mail_hash` confirms, for that was mailed. `who_key` and `email_key` are keyed
    hashes of who it is and of the address, `content_key` of all that was typed.
    """

    own_rows: ClassVar = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(OfferVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    for_whom = models.CharField(max_length=12)
    state = models.CharField(max_length=9)
    language = models.CharField(max_length=2)
    share_class = models.ForeignKey("register.ShareClass", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    amount_per_share = PriceField()
    amount = MoneyField()
    received = MoneyField(default=ZERO)
    told = models.JSONField(default=dict)
    payer = models.CharField(max_length=200, blank=True)
    payer_email = models.CharField(max_length=254, blank=True)
    page_hash = models.CharField(max_length=64, unique=True)
    mail_hash = models.CharField(max_length=64, unique=True)
    who_key = models.CharField(max_length=64)
    email_key = models.CharField(max_length=64, blank=True)
    content_key = models.CharField(max_length=64, blank=True)
    sender_key = models.CharField(max_length=64, blank=True)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    request = models.OneToOneField("register.MembershipRequest", on_delete=models.PROTECT, null=True, related_name="+")
    claim_id = models.UUIDField(null=True, unique=True)
    digits = models.CharField(max_length=12, blank=True, help_text="The structured communication of its claim.")
    refund_id = models.UUIDField(null=True, help_text="The last claim by which something is paid back.")
    letter_id = models.UUIDField(null=True, help_text="The last letter to who subscribed.")
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    remind_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="capital_subscription_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in SubscriptionState]),
                name="capital_subscription_state",
            ),
            models.CheckConstraint(
                condition=models.Q(for_whom__in=[one.value for one in ForWhom]), name="capital_subscription_for_whom"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=1_000_000_000, amount__gt=0, amount_per_share__gt=0),
                name="capital_subscription_shares",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SubscriptionState.WAITING.value)
                | models.Q(state__in=[SubscriptionState.LAPSED.value, SubscriptionState.WITHDRAWN.value])
                | models.Q(claim_id__isnull=False, due_on__isnull=False),
                name="capital_subscription_claimed",
            ),
            models.CheckConstraint(
                condition=models.Q(request__isnull=True) | models.Q(party__isnull=False, confirmed_at__isnull=False),
                name="capital_subscription_party",
            ),
        ]
        indexes = [
            models.Index(fields=["offer", "state", "id"], name="capital_subscription_list"),
            # What the guard counts: it takes room, and the register doesn't know it yet.
            models.Index(
                fields=["coop"],
                include=["offer", "who_key", "amount", "party"],
                condition=models.Q(state__in=["to_pay", "paid"], request__isnull=True),
                name="capital_subscription_holding",
            ),
            models.Index(
                fields=["coop", "email_key", "sent_at"],
                condition=~models.Q(email_key=""),
                name="capital_subscription_mails",
            ),
            models.Index(
                fields=["coop", "sender_key", "sent_at"],
                condition=~models.Q(sender_key=""),
                name="capital_subscription_sender",
            ),
            models.Index(
                fields=["coop", "due_on"],
                condition=models.Q(state="to_pay"),
                name="capital_subscription_due",
            ),
            models.Index(
                fields=["coop", "id"],
                condition=models.Q(letter_id__isnull=True),
                name="capital_subscription_unwritten",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.amount}"


class SubscriptionEvent(TenantModel, AppendOnlyModel):
    """One dated thing that happened to a subscription, with the amount where money came, went or is due."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    amount = MoneyField(null=True)
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in SubscriptionEventKind]),
                name="capital_subscriptionevent_kind",
            )
        ]
        indexes = [models.Index(fields=["subscription", "at"], name="capital_subscriptionevent_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class SubscriptionPayment(TenantModel):
    """Money that was matched to a subscription; `event_id` and `movement_id` say where the register noted it.

    A match is here once, whatever comes twice; undone it stays, with the moment. It is paid back by a claim of its own,
    to the account it came from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="payments")
    match_id = models.UUIDField(unique=True)
    amount = MoneyField()
    noted = MoneyField(default=ZERO, help_text="How much of it the register noted: never more than shares cost.")
    on = models.DateField()
    event_id = models.UUIDField(null=True)
    movement_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    refund_id = models.UUIDField(null=True, help_text="The claim by which it is paid back.")
    asked_id = models.UUIDField(null=True, help_text="The claim for what was paid back before its match was undone.")

    def __str__(self) -> str:
        return f"{self.amount} {self.on}"
