"""Reports from the yard: what was told when, by whom, in which languages, with which pictures."""

import pgtrigger
from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import ReportState


class Report(TenantModel):
    """A report: its address, its own language, its number among those that were published, and how far it is.

    `revision` counts every change, so that of two who write at once the second is told. Once published it is for ever:
    taken back, its page says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    slug = models.SlugField(max_length=60, db_index=False)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, default=ReportState.DRAFT.value)
    language = models.CharField(max_length=2)
    revision = models.PositiveIntegerField(default=1)
    takes_comments = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="When it is published by itself.")
    published_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="founding_report_slug"),
            models.UniqueConstraint(fields=["coop", "number"], name="founding_report_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ReportState]), name="founding_report_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ReportState.DRAFT.value, ReportState.SCHEDULED.value])
                ^ models.Q(published_at__isnull=False, number__isnull=False),
                name="founding_report_published",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.SCHEDULED.value) ^ models.Q(due_at__isnull=True),
                name="founding_report_due",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.TAKEN_BACK.value) ^ models.Q(taken_back_at__isnull=True),
                name="founding_report_taken_back",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True) | ~models.Q(taken_back_why=""),
                name="founding_report_why",
            ),
        ]
        indexes = [models.Index(fields=["coop", "state", "published_at"], name="founding_report_states")]
        triggers = [
            pgtrigger.Protect(
                name="published_for_ever",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.state}"


class ReportVersion(TenantModel):
    """What a report told from a moment on, in its own language; `reason` says why it was corrected.

    A version is written anew while nobody could read it; published it is for ever (by trigger). `pictures` are those
    that it shows, once it is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    words = models.JSONField(default=dict)
    cover = models.PositiveSmallIntegerField(null=True, help_text="The place of the picture on top.")
    pictures = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="founding_reportversion_number")]
        triggers = [
            pgtrigger.Protect(
                name="told_for_ever",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class ReportTranslation(TenantModel):
    """A report in another language, made from one of its versions; the last one that an author accepted is shown.

    `translator` is how whoever made it wants to be named. What was accepted is for ever, but for that name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="translations", db_index=False)
    language = models.CharField(max_length=2)
    words = models.JSONField(default=dict)
    alts = models.JSONField(default=dict, help_text="What is seen on pictures by their number, while it waits.")
    of_version = models.PositiveIntegerField()
    translator = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    made_by_contact = models.ForeignKey("outbox.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["report", "language", "made_at"], name="founding_translation_last")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(declined_at__isnull=True),
                name="founding_translation_decided",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="accepted_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted_at__isnull=False)
                & (
                    pgtrigger.Q(old__words__df=pgtrigger.F("new__words"))
                    | pgtrigger.Q(old__of_version__df=pgtrigger.F("new__of_version"))
                    | pgtrigger.Q(old__accepted_at__df=pgtrigger.F("new__accepted_at"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} of version {self.of_version}"


class ReportAuthor(TenantModel):
    """Who writes a report, or is invited to: by mail, until they come with the link (of which only a hash is kept)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="authors", db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")
    email = models.CharField(max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "party"], name="founding_author_once"),
            models.UniqueConstraint(
                fields=["report", "email"], condition=~models.Q(email=""), name="founding_author_invited_once"
            ),
            models.CheckConstraint(
                condition=models.Q(party__isnull=False, joined_at__isnull=False, email="", token_hash="")
                | (models.Q(party__isnull=True, joined_at__isnull=True) & ~models.Q(email="")),
                name="founding_author_joined",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReportPicture(TenantModel):
    """A picture of a report, under the number by which its text names it: `![words](picture:2)`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+", db_index=False)
    picture = models.ForeignKey("documents.Picture", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "place"], name="founding_reportpicture_place")]

    def __str__(self) -> str:
        return f"picture {self.place}"
