"""Co-operatives, what they are from which date on, their bodies and who holds which mandate."""

import datetime as dt
import functools
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from coopcalc.chain import canonical
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel, ChainedModel
from coopwerf.kernel.questions import Question
from coopwerf.kernel.tenancy import TenantModel

from .states import BodyKind, Mark, Role, Stage


class Coop(TenantModel):
    """A co-operative at any stage of its life, from initiative on; the root of everything that is its own."""

    open_to_read = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    hue = models.PositiveSmallIntegerField(default=184, help_text="The brand's hue, 0 to 359 degrees.")
    mail_footer = models.TextField(blank=True)
    is_practice = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hue__lt=360), name="coops_coop_hue"),
            models.CheckConstraint(condition=Q(language__in=["nl", "fr", "en"]), name="coops_coop_language"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def coop_id(self) -> uuid.UUID:
        """Return its own id: a co-operative's row belongs to itself."""
        return self.id


class _Dated(TenantModel, AppendOnlyModel):
    """A statement that holds from a date until the next of its kind; a correction is a later row for the same date."""

    id = models.BigAutoField(primary_key=True)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, help_text="The party who wrote it; empty for the installation itself.")

    class Meta(AppendOnlyModel.Meta):
        abstract = True


class StageChange(_Dated):
    """The stage that a co-operative reached on a date."""

    open_to_read = True

    stage = models.CharField(max_length=30)
    reference = models.CharField(max_length=300, blank=True, help_text="The deed or decision, in words.")

    class Meta(_Dated.Meta):
        indexes = [models.Index(fields=["coop", "valid_from", "id"], name="coops_stagechange_from")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="coops_stagechange_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.valid_from}"


class StatuteRule(_Dated):
    """A rule of the statutes or of the law, with the date from which it holds and where it comes from."""

    key = models.CharField(max_length=60)
    value = models.JSONField(null=True, help_text="Empty when the rule has ended.")
    mark = models.CharField(max_length=10)
    source = models.CharField(max_length=300, blank=True)
    preset = models.CharField(max_length=40, blank=True, help_text="The preset it came from; empty if set by hand.")

    class Meta(_Dated.Meta):
        indexes = [models.Index(fields=["coop", "key", "valid_from", "id"], name="coops_statuterule_from")]
        constraints = [
            models.CheckConstraint(condition=Q(mark__in=[mark.value for mark in Mark]), name="coops_statuterule_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class CoopFact(_Dated):
    """A public fact about the co-operative: its legal name, seat, enterprise number, word for shares, text."""

    open_to_read = True

    key = models.CharField(max_length=30)
    value = models.JSONField(null=True)

    class Meta(_Dated.Meta):
        indexes = [models.Index(fields=["coop", "key", "valid_from", "id"], name="coops_coopfact_from")]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class Body(TenantModel):
    """A body of the co-operative: its board, its general assembly, its audit, a working group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True, help_text="Its own name; empty for the usual one.")
    valid_from = models.DateField()
    until = models.DateField(null=True, help_text="The last day on which it was there.")

    class Meta:
        indexes = [models.Index(fields=["coop", "kind"], name="coops_body_of")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in BodyKind]), name="coops_body_kind"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("valid_from")), name="coops_body_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class Mandate(ChainedModel):
    """A role that somebody holds in a body, from a date until and including another.

    Never changed: an end or a correction is a new row that voids the earlier one and says anew how it is. A row
    whose last day lies before its first says that the mandate was never held.
    """

    CHAIN_KIND = "mandate"
    BODY_FIELDS = ("id", "party_id", "body_id", "role", "valid_from", "until", "decision_id", "voids_id")
    own_rows: ClassVar[str | None] = "party_id"

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("coops.Body", on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=20)
    valid_from = models.DateField()
    until = models.DateField(null=True)
    decision_id = models.UUIDField(null=True, help_text="The decision in the register that gave it.")
    voids = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="voided_by")
    reference = models.CharField(max_length=300, blank=True, help_text="The decision, in words.")

    class Meta(ChainedModel.Meta):
        indexes = [models.Index(fields=["party", "coop"], name="coops_mandate_party")]
        constraints = [
            *ChainedModel.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="coops_mandate_role"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("valid_from") - dt.timedelta(days=1)),
                name="coops_mandate_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.valid_from}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body: ids, role and dates."""
        ident, party, body, role, valid_from, until, decision, voids = values
        return canonical(
            {
                "id": str(ident),
                "party": str(party),
                "body": str(body),
                "role": role,
                "from": valid_from.isoformat(),
                "until": None if until is None else until.isoformat(),
                "decision": None if decision is None else str(decision),
                "voids": None if voids is None else str(voids),
            }
        )


class Invitation(TenantModel):
    """A role that was offered by mail to somebody who is perhaps not known yet; only the hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("coops.Body", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=2)
    valid_from = models.DateField()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    mandate = models.OneToOneField("coops.Mandate", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["coop", "made_at"], name="coops_invitation_made")]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, mandate__isnull=True)
                | Q(accepted_at__isnull=False, mandate__isnull=False, withdrawn_at__isnull=True),
                name="coops_invitation_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.made_at:%Y-%m-%d}"


# Two questions of every page, written out: Django would build them anew each time, which costs more than asking.
# A co-operative by its slug, with the word that it uses today for its shares (`queries._coops`).
COOP_SQL = """
    SELECT c.id, c.slug, c.name, c.language, c.hue, c.is_practice, c.mail_footer,
           (SELECT f.value #>> '{}' FROM coops_coopfact f
            WHERE f.coop_id = c.id AND f.key = %(key)s AND f.valid_from <= (now() AT TIME ZONE %(zone)s)::date
            ORDER BY f.valid_from DESC, f.id DESC LIMIT 1)
    FROM coops_coop c WHERE c.slug = %(slug)s
"""
# The mandates that parties hold in a co-operative on a date (`queries._standing_mandates` and `_held_on`).
HELD_SQL = """
    SELECT m.id, m.coop_id, m.party_id, m.body_id, b.kind, b.name, m.role, m.valid_from, m.until, m.reference,
           m.position
    FROM coops_mandate m JOIN coops_body b ON b.id = m.body_id
    WHERE m.coop_id = %(coop)s AND m.party_id = ANY(%(parties)s)
      AND m.valid_from <= %(on)s AND (m.until IS NULL OR m.until >= %(on)s) AND (b.until IS NULL OR b.until >= %(on)s)
      AND NOT EXISTS (SELECT FROM coops_mandate later WHERE later.voids_id = m.id)
"""

END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@Question
def stages_known(coop_id: uuid.UUID, at: dt.date, known: dt.datetime) -> "models.QuerySet[StageChange]":
    """Ask for the stage of each date; of one date the last written counts."""
    rows = StageChange.objects.filter(coop_id=coop_id, valid_from__lte=at, recorded_at__lte=known)
    return rows.order_by("valid_from", "-id").distinct("valid_from")


@functools.lru_cache(maxsize=64)
def rules_known(keys: tuple[str, ...] | None) -> Question[StatuteRule]:
    """Return the question for the rules with these keys that hold, ended ones too."""

    def rows(coop_id: uuid.UUID, at: dt.date, known: dt.datetime) -> "models.QuerySet[StatuteRule]":
        found = StatuteRule.objects.filter(coop_id=coop_id, valid_from__lte=at, recorded_at__lte=known)
        if keys is not None:
            found = found.filter(key__in=keys)
        return found.order_by("key", "-valid_from", "-id").distinct("key")

    return Question(rows)


@Question
def facts_known(coop_id: uuid.UUID, at: dt.date, known: dt.datetime) -> "models.QuerySet[CoopFact]":
    """Ask for who a co-operative is, by key."""
    rows = CoopFact.objects.filter(coop_id=coop_id, valid_from__lte=at, recorded_at__lte=known)
    return rows.order_by("key", "-valid_from", "-id").distinct("key")
