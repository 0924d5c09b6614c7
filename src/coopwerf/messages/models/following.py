"""Who follows what, and what there was to hear."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import OptIn, Rhythm


class Following(TenantModel):
    """That somebody asked to hear of a topic, agreed, and perhaps left: at once the proof that they agreed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, related_name="followings")
    topic = models.CharField(max_length=20)
    rhythm = models.CharField(max_length=8)
    language = models.CharField(max_length=2, help_text="In which they read the words that they agreed to.")
    words = models.PositiveSmallIntegerField(help_text="Which wording they agreed to; 0: elsewhere.")
    how = models.CharField(max_length=6)
    source = models.CharField(max_length=200, blank=True, help_text="Where a list that was brought along came from.")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["coop", "topic"],
                condition=Q(confirmed_at__isnull=False, left_at__isnull=True),
                name="outbox_following_now",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "topic"], condition=Q(left_at__isnull=True), name="outbox_following_once"
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=[one.value for one in Rhythm]), name="outbox_following_rhythm"
            ),
            models.CheckConstraint(condition=Q(how__in=[one.value for one in OptIn]), name="outbox_following_how"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.asked_at:%Y-%m-%d}"


class News(TenantModel):
    """Something that followers were told of: in each language a line, its beginning and an address; for the week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=20)
    code = models.CharField(max_length=60, help_text="The letter that told it.")
    lines = models.JSONField(help_text="By language: subject, teaser, facts, url.")
    texts = models.JSONField(null=True, help_text="What mails at once will say, until they are written.")
    about = models.UUIDField(null=True, help_text="What was told: once, and mended or taken back by this id.")
    bulk = models.ForeignKey("outbox.Bulk", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    gathered_at = models.DateTimeField(null=True, help_text="When it went into the mail of a week.")

    class Meta:
        indexes = [
            models.Index(fields=["coop", "made_at"], condition=Q(gathered_at__isnull=True), name="outbox_news_fresh"),
            models.Index(fields=["coop"], condition=Q(texts__isnull=False), name="outbox_news_told"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "about", "topic"], condition=Q(about__isnull=False), name="outbox_news_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.made_at:%Y-%m-%d}"


class Newsletter(TenantModel):
    """A newsletter, or a notice by law: its texts by language, whom it is for, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True, help_text="By which it stands in the archive, once it is sent.")
    texts = models.JSONField(default=dict, help_text="By language: subject and Markdown.")
    audiences = models.JSONField(default=list)
    languages = models.JSONField(default=list, help_text="Only who reads one of these; empty: everybody.")
    reply_to = models.CharField(max_length=254, blank=True)
    notice = models.CharField(max_length=12, blank=True, help_text="Why nobody can leave it; empty: everybody can.")
    on_paper = models.BooleanField(default=False, help_text="Whoever has no mail gets it on paper.")
    state = models.CharField(max_length=10)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bulk = models.OneToOneField("outbox.Bulk", on_delete=models.PROTECT, null=True, related_name="+")
    unreached = models.PositiveIntegerField(default=0, help_text="For how many there was no address that takes mail.")
    papers = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["coop", "made_at"], name="outbox_newsletter_made")]
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "number"], condition=Q(number__isnull=False), name="outbox_newsletter_number"
            ),
        ]

    def __str__(self) -> str:
        return f"newsletter {self.made_at:%Y-%m-%d}"
