"""Calls for help, what people offer, and what they ask; and the notices that are read from outside."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import LONGEST_TASK, UNDER_WAY, CallState, HelpKind, OfferState


class HelpCall(TenantModel):
    """A call for help: what is asked for, how much of it, until when; its words by language are `title` and `text`.

    A task or a thing may lower what a call for money still needs: `worth` euro for each that is given, as the project
    values it. `is_direct` gives a place to whoever comes first; else the project chooses. `closing` thanks and tells,
    by language, what became of it. A call to translate a `report` names the language that it goes `into`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    slug = models.SlugField(max_length=50, db_index=False)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=CallState.DRAFT.value)
    texts = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(null=True)
    skill = models.CharField(max_length=16, blank=True)
    languages = models.JSONField(default=list, help_text="Languages that it takes, by code.")
    places = models.PositiveSmallIntegerField(default=1)
    where = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    lent_from = models.DateField(null=True)
    lent_until = models.DateField(null=True)
    amount = MoneyField(null=True)
    lowers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    worth = MoneyField(null=True)
    is_direct = models.BooleanField(default=False)
    report = models.ForeignKey("founding.Report", on_delete=models.CASCADE, null=True, related_name="+")
    into = models.CharField(max_length=2, blank=True, help_text="The language into which the report goes.")
    closing = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["coop", "state"], name="founding_call_states")]
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="founding_call_slug"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in HelpKind]), name="founding_call_kind"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CallState]), name="founding_call_state"
            ),
            models.CheckConstraint(
                condition=Q(kind=HelpKind.MONEY.value, amount__gt=0, minutes__isnull=True)
                | Q(kind=HelpKind.THING.value, amount__isnull=True, minutes__isnull=True)
                | Q(kind=HelpKind.TASK.value, amount__isnull=True, minutes__gte=1, minutes__lte=LONGEST_TASK),
                name="founding_call_shape",
            ),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=999), name="founding_call_places"),
            models.CheckConstraint(
                condition=Q(report__isnull=True, into="") | (Q(report__isnull=False) & ~Q(into="")),
                name="founding_call_into",
            ),
            models.UniqueConstraint(
                fields=["report", "into"],
                condition=Q(state=CallState.OPEN.value, report__isnull=False),
                name="founding_call_translation",
            ),
            models.CheckConstraint(
                condition=Q(lent_from__isnull=True) | Q(lent_until__isnull=True) | Q(lent_until__gte=F("lent_from")),
                name="founding_call_lent",
            ),
            models.CheckConstraint(
                condition=(Q(lowers__isnull=True) & Q(worth__isnull=True)) | (Q(lowers__isnull=False) & Q(worth__gt=0)),
                name="founding_call_worth",
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.DRAFT.value) ^ Q(opened_at__isnull=False), name="founding_call_opened"
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.CLOSED.value) ^ Q(closed_at__isnull=True), name="founding_call_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class HelpOffer(TenantModel):
    """What somebody without an account offers for a call: it counts once they confirmed it and have a place.

    `words` is what they wrote, `answer` what the project answered; `value` is what help in kind is worth to a call for
    money, as the project says. `may_name`: they may be thanked by name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(HelpCall, on_delete=models.PROTECT, related_name="offers", db_index=False)
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, help_text="One for each form that was shown: sent twice, it is one offer.")
    state = models.CharField(max_length=10, default=OfferState.SENT.value)
    words = models.TextField(blank=True)
    amount = MoneyField(null=True)
    is_in_kind = models.BooleanField(default=False)
    value = MoneyField(null=True)
    may_name = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    thanked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["coop", "call", "state"], name="founding_offer_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "contact"],
                condition=Q(state__in=sorted(state.value for state in UNDER_WAY)),
                name="founding_offer_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in OfferState]), name="founding_offer_state"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | Q(state__in=[OfferState.SENT.value, OfferState.WITHDRAWN.value, OfferState.LAPSED.value]),
                name="founding_offer_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.GIVEN.value) ^ Q(given_at__isnull=True), name="founding_offer_given"
            ),
            models.CheckConstraint(
                condition=(Q(amount__isnull=True) | Q(amount__gt=0)) & (Q(value__isnull=True) | Q(value__gte=0)),
                name="founding_offer_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.sent_at:%Y-%m-%d}"


class HelpMessage(TenantModel):
    """What somebody without an account and a project write to each other about a call: passed on without addresses.

    One of somebody outside counts once they confirmed it by their mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    call = models.ForeignKey(HelpCall, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField(unique=True)
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    is_ours = models.BooleanField(default=False)
    words = models.TextField()
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["coop", "call", "contact", "sent_at"], name="founding_message_of"),
            models.Index(fields=["contact"], name="founding_message_whose"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ours=False) | Q(confirmed_at__isnull=False), name="founding_message_ours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"


class HelpNotice(TenantModel):
    """A call of a listed project, open to read from everywhere: what stands on its public page, and no more."""

    open_to_read: ClassVar[bool] = True

    call = models.OneToOneField(HelpCall, on_delete=models.CASCADE, primary_key=True, related_name="+")
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=50, db_index=False)
    kind = models.CharField(max_length=8)
    texts = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(null=True)
    skill = models.CharField(max_length=16, blank=True)
    languages = models.JSONField(default=list)
    places_left = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "minutes"], name="founding_notice_minutes")]
        constraints = [models.CheckConstraint(condition=Q(places_left__gte=1), name="founding_notice_places")]

    def __str__(self) -> str:
        return self.slug
