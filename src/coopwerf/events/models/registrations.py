"""Registrations: who asked, for how many, to which sessions, with a ticket for each of them."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import OPEN, RegistrationState, Source, Told
from .gatherings import Gathering, Session


class Registration(TenantModel):
    """Somebody who registered themselves and perhaps others, in the order of `number`.

    The secret address is made from `key`; only its hash is looked for. `told` is the letter that is still to be
    written. `needs` are personal and go some days after the gathering. `answer_by` is set where it was moved and they
    haven't said whether they still come. `news_words` is the wording with which they asked to hear of other gatherings,
    until they confirm: then they follow them, or took it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.UUIDField()
    token_hash = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=0)
    people = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=RegistrationState.WAITING.value)
    source = models.CharField(max_length=6, default=Source.PAGE.value)
    language = models.CharField(max_length=2)
    needs = models.JSONField(default=dict)
    sender_key = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, help_text="Until when a place is kept that isn't taken yet.")
    answer_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=10, blank=True, default=Told.CONFIRM.value)
    letter_id = models.UUIDField(null=True)
    news_words = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "key"], name="events_registration_key"),
            models.UniqueConstraint(fields=["coop", "token_hash"], name="events_registration_token"),
            models.UniqueConstraint(
                fields=["gathering", "contact"],
                condition=Q(state__in=[one.value for one in OPEN], source=Source.PAGE.value),
                name="events_registration_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in RegistrationState]), name="events_registration_state"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in Source]), name="events_registration_source"
            ),
            models.CheckConstraint(condition=Q(told__in=[one.value for one in Told]), name="events_registration_told"),
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=10), name="events_registration_people"),
            models.CheckConstraint(
                condition=Q(state__in=[RegistrationState.HELD.value, RegistrationState.OFFERED.value])
                ^ Q(until__isnull=True),
                name="events_registration_until",
            ),
        ]
        indexes = [
            models.Index(fields=["gathering", "state", "number"], name="events_registration_order"),
            models.Index(fields=["coop", "until"], condition=Q(until__isnull=False), name="events_registration_due"),
            models.Index(fields=["coop", "id"], condition=~Q(told=""), name="events_registration_told"),
            models.Index(
                fields=["coop", "sender_key", "sent_at"], condition=~Q(sender_key=""), name="events_registration_sender"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Ticket(TenantModel):
    """One person of a registration, with a code.

    `who_key` stays when the name is forgotten: by it somebody counts once over a series.
    `name_key` is the folded name with a blank before each word.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="tickets")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120, blank=True)
    name_key = models.CharField(max_length=400, blank=True, db_collation="C")
    code = models.CharField(max_length=9)
    who_key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "code"], name="events_ticket_code")]
        indexes = [models.Index(fields=["gathering", "name_key"], name="events_ticket_name")]

    def __str__(self) -> str:
        return self.code


class TicketWord(TenantModel):
    """A word of the name on a ticket, folded: by its first letters a desk finds it at once among very many.

    A comparison of texts may use an index under row-level security; a pattern may not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=120, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["gathering", "word"], name="events_ticketword_begins")]

    def __str__(self) -> str:
        return self.word


class Choice(TenantModel):
    """A session that a registration chose: with a place in it, or waiting for one in the order of `number`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="choices", db_index=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="choices")
    number = models.PositiveIntegerField(default=0)
    is_seated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="events_choice_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.is_seated}"
