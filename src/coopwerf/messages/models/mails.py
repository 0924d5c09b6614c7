"""The outbox of the installation, and the letters of each co-operative."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import Channel, MailState


class Mail(models.Model):
    """One mail to one address. It belongs to the installation, as a post office does; see `Letter` for whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    to = models.CharField(max_length=254)
    to_key = models.CharField(max_length=320, blank=True, help_text="By which two writings are the same address.")
    domain = models.CharField(max_length=255, blank=True, help_text="Whose mail server gets it: mail has a pace there.")
    message_id = models.CharField(max_length=320, blank=True, help_text="Fixed when it is written, whatever happens.")
    sender = models.CharField(max_length=500)
    reply_to = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    documents = models.JSONField(default=list, help_text="Pairs of co-operative and document: they go along.")
    secrets = models.JSONField(default=list, help_text="What is blanked in the text a day after delivery.")
    is_letter = models.BooleanField(default=False, help_text="Of any other mail the whole text counts as secret.")
    bulk_id = models.UUIDField(null=True, help_text="The batch that holds what many mails say; they hold the rest.")
    bulk_of = models.UUIDField(null=True, help_text="The co-operative of the batch.")
    variant = models.CharField(max_length=60, blank=True, help_text="Which of the batch's texts.")
    fills = models.JSONField(null=True, help_text="What stands in the text for this reader alone.")

    made_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    claimed_by = models.CharField(max_length=80, blank=True, help_text="Which worker hands it over, or did.")
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True, help_text="What the receiving server said last.")
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True, help_text="When we heard last that it came back.")
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_at", "id"], name="outbox_mail_made"),
            models.Index(
                fields=["next_at"],
                condition=Q(state=MailState.WAITING.value, bulk_id__isnull=True),
                name="outbox_mail_waiting",
            ),
            models.Index(
                fields=["bulk_id", "next_at"],
                condition=Q(state=MailState.WAITING.value, bulk_id__isnull=False),
                name="outbox_mail_bulk_waiting",
            ),
            models.Index(fields=["claimed_at"], condition=Q(state=MailState.SENDING.value), name="outbox_mail_claimed"),
            models.Index(fields=["to_key"], name="outbox_mail_to"),
            models.Index(fields=["party"], name="outbox_mail_party"),
            models.Index(fields=["made_at"], condition=Q(blanked_at__isnull=True), name="outbox_mail_unblanked"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in MailState]), name="outbox_mail_state"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=False, state__in=[MailState.DELIVERED.value, MailState.BOUNCED.value])
                | (Q(delivered_at__isnull=True) & ~Q(state=MailState.DELIVERED.value)),
                name="outbox_mail_delivered",
            ),
            # Nobody gets the same newsletter twice, whatever lists they stand in.
            models.UniqueConstraint(
                fields=["bulk_id", "to_key"],
                condition=Q(bulk_id__isnull=False) & ~Q(to_key=""),
                name="outbox_mail_once_in_bulk",
            ),
            models.CheckConstraint(
                condition=~Q(subject__contains="\n") & ~Q(subject__contains="\r") & ~Q(to__contains="\n"),
                name="outbox_mail_one_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.subject}"


class MailFile(models.Model):
    """A file that goes along with a mail."""

    mail = models.ForeignKey("outbox.Mail", on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Letter(TenantModel):
    """A letter of a co-operative to somebody: as a mail in the outbox, or on paper for the secretary to print."""

    own_rows: ClassVar[str | None] = "party_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    mail = models.OneToOneField("outbox.Mail", on_delete=models.PROTECT, null=True, related_name="+")
    document_id = models.UUIDField(null=True, help_text="The letter as a document, when it goes on paper.")
    enclosed = models.JSONField(default=list, help_text="Ids of the documents that go along.")
    content = models.JSONField(null=True, help_text="What it says, when it goes on paper.")
    made_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    printed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["coop", "made_at", "id"], name="outbox_letter_made"),
            models.Index(
                fields=["coop", "made_at"],
                condition=Q(channel=Channel.PAPER.value, printed_at__isnull=True),
                name="outbox_letter_to_print",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel=Channel.MAIL.value, mail__isnull=False, printed_at__isnull=True)
                | Q(channel=Channel.PAPER.value, mail__isnull=True),
                name="outbox_letter_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.made_at:%Y-%m-%d}"
