"""Gatherings with their programme, the series they belong to, and what was heard there."""

from django.db import models
from django.db.models import Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel

from ..states import Fate, Format, GatheringState, Kind


class Series(TenantModel):
    """Gatherings that belong together, in several towns or years; `programme` is the id that a funder knows it by."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    slug = models.SlugField(max_length=60, db_index=False)
    texts = models.JSONField(default=dict, help_text="By language: its name.")
    programme = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coop", "slug"], name="events_series_slug")]

    def __str__(self) -> str:
        return self.slug


class Gathering(TenantModel):
    """A gathering: what, when in which zone, where, how many fit, and how far it has come.

    `texts` holds for each of its `languages` title, lead, description and access; `sequence` counts what calendars have
    to know of. Its row is what registrations hold while they count: `last_number` is the place of the last that came.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="gatherings")
    slug = models.SlugField(max_length=60, db_index=False)
    kind = models.CharField(max_length=14)
    state = models.CharField(max_length=10, default=GatheringState.DRAFT.value)
    languages = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=40)
    town = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    online = models.CharField(max_length=500, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    asks_children = models.BooleanField(default=False)
    forget_days = models.PositiveSmallIntegerField(default=30)
    sequence = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was called off, or said to have been held.")
    forgotten_at = models.DateTimeField(null=True, help_text="When what people needed was forgotten.")
    names_forgotten_at = models.DateTimeField(null=True, help_text="When the names of who came were forgotten.")
    moved_from = models.JSONField(default=dict, help_text="Where and when it was before it was moved.")
    answer_by = models.DateTimeField(null=True, help_text="Until when people say whether they still come.")
    report = models.JSONField(default=dict, help_text="By language: what was heard, in Markdown.")
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "slug"], name="events_gathering_slug"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="events_gathering_kind"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in GatheringState]), name="events_gathering_state"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("begins_at")), name="events_gathering_ends"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="events_gathering_capacity"
            ),
            models.CheckConstraint(
                condition=Q(state=GatheringState.DRAFT.value) | Q(announced_at__isnull=False),
                name="events_gathering_announced",
            ),
        ]
        indexes = [models.Index(fields=["coop", "begins_at"], name="events_gathering_when")]

    def __str__(self) -> str:
        return f"{self.slug} {self.state}"


class Session(TenantModel):
    """A part of a gathering: in which form, where, with whom, from when until when, for how many."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="sessions")
    texts = models.JSONField(default=dict)
    format = models.CharField(max_length=10)
    room = models.CharField(max_length=120, blank=True)
    speakers = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=2, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_for_all = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(format__in=[one.value for one in Format]), name="events_session_format"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("begins_at")), name="events_session_ends"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="events_session_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.begins_at:%H:%M}"


class GatheringPicture(TenantModel):
    """A picture of a gathering, under the number by which its report names it: `![words](picture:2)`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="pictures", db_index=False)
    picture = models.ForeignKey("documents.Picture", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "place"], name="events_gatheringpicture_place")]

    def __str__(self) -> str:
        return f"picture {self.place}"


class Contribution(TenantModel):
    """Something that people said, without who said it: its theme, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="contributions")
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, related_name="+")
    theme = models.CharField(max_length=60)
    texts = models.JSONField(default=dict, help_text="By language: what was said.")
    fate = models.CharField(max_length=10, default=Fate.OPEN.value)
    answers = models.JSONField(default=dict, help_text="By language: taken up in what, or not, because of what.")
    answered_on = models.DateField(null=True)
    voices = models.PositiveIntegerField(default=1, help_text="How many said so.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fate__in=[one.value for one in Fate]), name="events_contribution_fate"),
            models.CheckConstraint(condition=Q(voices__gte=1), name="events_contribution_voices"),
        ]

    def __str__(self) -> str:
        return f"{self.theme} {self.fate}"
