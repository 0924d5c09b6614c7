"""Offers of shares to the public, and what is told in them."""

import pgtrigger
from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import OfferState, Regime


class Offer(TenantModel):
    """An offer of shares: how much, until when, under which regime, to which account; its words stand in versions.

    `languages` are those in which its page can be read, the main one first. `revision` counts every change: pages that
    are kept are kept under it. `paper` is the reference of a note, a prospectus or an advice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    slug = models.SlugField(max_length=40, db_index=False)
    state = models.CharField(max_length=8, default=OfferState.DRAFT.value)
    regime = models.CharField(max_length=12, default=Regime.SMALL.value)
    paper = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    target = MoneyField(null=True)
    ceiling = MoneyField()
    per_person = MoneyField(null=True)
    iban = models.CharField(max_length=34, blank=True)
    holder = models.CharField(max_length=70, blank=True)
    payment_days = models.PositiveSmallIntegerField(default=14)
    may_admit_unpaid = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="capital_offer_slug"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in OfferState]), name="capital_offer_state"
            ),
            models.CheckConstraint(
                condition=models.Q(regime__in=[regime.value for regime in Regime]), name="capital_offer_regime"
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling__gt=0)
                & (models.Q(target__isnull=True) | models.Q(target__gt=0))
                & (models.Q(per_person__isnull=True) | models.Q(per_person__gt=0)),
                name="capital_offer_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True) | models.Q(closes_on__gte=models.F("opens_on")),
                name="capital_offer_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(payment_days__gte=1, payment_days__lte=90), name="capital_offer_payment_days"
            ),
            models.CheckConstraint(
                condition=models.Q(state=OfferState.DRAFT.value) | models.Q(opened_at__isnull=False),
                name="capital_offer_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(state=OfferState.CLOSED.value) ^ models.Q(closed_at__isnull=True),
                name="capital_offer_closed",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state"], name="capital_offer_states")]

    def __str__(self) -> str:
        return f"{self.slug} {self.state}"


class OfferClass(TenantModel):
    """A class of shares that an offer offers; what it costs and allows are the register's terms of the day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="classes", db_index=False)
    share_class = models.ForeignKey("register.ShareClass", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "share_class"], name="capital_offerclass_once")]

    def __str__(self) -> str:
        return str(self.share_class_id)


class OfferVersion(TenantModel):
    """What an offer told from a moment on, in all its languages together: who subscribed, subscribed to a version.

    `texts` holds for each language `title`, `lead`, `purpose`, `rights`, `risks`, `risk_sentence` and `statutes`. A
    version is written anew while nobody could read it; from the moment an offer opened it is for ever (by trigger).
    `statutes_file` is the SHA-256 of a kept file, or empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    statutes_name = models.CharField(max_length=120, blank=True)
    statutes_on = models.DateField(null=True)
    statutes_file = models.CharField(max_length=64, blank=True)
    statutes_file_name = models.CharField(max_length=120, blank=True)
    statutes_file_size = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "number"], name="capital_offerversion_number")]
        triggers = [
            pgtrigger.Protect(
                name="told_for_ever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class OfferQuestion(TenantModel):
    """A question about an offer with its answer, in the offer's languages, as the co-operative tells it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="questions", db_index=False)
    place = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict, help_text="By language: question, answer.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "place"], name="capital_offerquestion_place")]

    def __str__(self) -> str:
        return f"question {self.place}"
