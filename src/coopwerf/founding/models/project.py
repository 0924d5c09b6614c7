"""Who a project is, as all are told; the entry of those that want to be found; and its partners."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import ConsentWay, PartnerKind, StageGroup


class Project(TenantModel):
    """Who a project is: the same questions for all. Its words by language are `about` and `needs`."""

    coop = models.OneToOneField("coops.Coop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    themes = models.JSONField(default=list)
    region = models.CharField(max_length=8, blank=True)
    texts = models.JSONField(default=dict)
    people = models.PositiveSmallIntegerField(null=True, help_text="How many work on it now.")
    since = models.DateField(null=True)
    website = models.CharField(max_length=200, blank=True)
    shows_members = models.BooleanField(default=False)
    shows_capital = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.coop_id)


class Words(Func):
    """Return the words of a column as the search of a language knows them, with their weight."""

    template = "setweight(to_tsvector('%(config)s'::regconfig, %(expressions)s), '%(weight)s')"
    output_field = SearchVectorField()
    arity = 1


class DirectoryEntry(TenantModel):
    """A project that wants to be found: open to read from everywhere, and so only what everybody may know.

    Copied from the profile and the figures by an action of its own co-operative; without it the project isn't listed.
    The columns `words_…` hold folded text (no accents, no capitals), each searched by the rules of its language.
    """

    open_to_read: ClassVar[bool] = True

    coop = models.OneToOneField("coops.Coop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    stage = models.CharField(max_length=30)
    stage_group = models.CharField(max_length=12)
    region = models.CharField(max_length=8, blank=True)
    themes = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    people = models.PositiveSmallIntegerField(null=True)
    since = models.DateField(null=True)
    website = models.CharField(max_length=200, blank=True)
    members = models.PositiveIntegerField(null=True)
    capital = MoneyField(null=True)
    helpers = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    last_report_on = models.DateField(null=True)
    words_nl = models.TextField(blank=True)
    words_fr = models.TextField(blank=True)
    words_en = models.TextField(blank=True)
    words_all = models.TextField(blank=True)
    refreshed_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=Func(
            Words(F("words_nl"), config="dutch", weight="B"),
            Words(F("words_fr"), config="french", weight="B"),
            Words(F("words_en"), config="english", weight="B"),
            Words(F("words_all"), config="simple", weight="A"),
            template="(%(expressions)s)",
            arg_joiner=" || ",
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "coop"], name="founding_entry_names"),
            GinIndex(fields=["search"], name="founding_entry_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage_group__in=[group.value for group in StageGroup]), name="founding_entry_group"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(TenantModel):
    """An organisation that supports a project: named in public once somebody there agreed, and that is written down.

    `role` says by language what it does. Who agreed (`agreed_by`) is for the project only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    url = models.CharField(max_length=200, blank=True)
    role = models.JSONField(default=dict)
    logo = models.ForeignKey("documents.Picture", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    agreed_on = models.DateField(null=True)
    agreed_how = models.CharField(max_length=10, blank=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    place = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["coop", "place"], name="founding_partner_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in PartnerKind]), name="founding_partner_kind"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="founding_partner_period"
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True, agreed_how="", agreed_by="")
                | Q(agreed_on__isnull=False, agreed_how__in=[way.value for way in ConsentWay]),
                name="founding_partner_agreed",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="founding_partner_url",
            ),
        ]

    def __str__(self) -> str:
        return self.name
