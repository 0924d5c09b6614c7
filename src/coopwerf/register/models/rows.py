"""The rows of the register: every one stands in the chain, none is ever changed."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from coopcalc.register import bodies
from coopwerf.kernel.canonical import date_sql, id_sql, text_sql
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel, ChainedModel
from coopwerf.kernel.money import MoneyField, PriceField
from coopwerf.kernel.tenancy import TenantModel

from ..states import ENDINGS, MovementKind, StandingEvent
from .classes import ShareClass


class Decision(ChainedModel):
    """A decision that rows rest on: which body took it, when, and under which reference. Its words are committed to."""

    CHAIN_KIND = "decision"
    BODY_FIELDS: ClassVar = ("id", "decided_on", "commitment")
    BODY_SQL = f"""
        '{{"commitment":"' || r.commitment || '","id":"' || r.id || '","on":' || {date_sql("decided_on")} || '}}'
        || chr(9) || '{{"record":{{"body":' || {text_sql("r.body")} || ',"reference":' || {text_sql("r.reference")}
        || '}},"salt":"' || r.salt || '"}}'
    """

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    decided_on = models.DateField()
    body = models.CharField(max_length=40, help_text="What decided: board, assembly, founders, import.")
    reference = models.CharField(max_length=200)
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)

    class Meta(ChainedModel.Meta):
        indexes = [models.Index(fields=["coop", "decided_on"], name="register_decision_on")]

    def __str__(self) -> str:
        return f"{self.decided_on} {self.reference}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of a decision."""
        row_id, decided_on, commitment = values
        return bodies.decision_body(id=row_id, on=decided_on, commitment=commitment)


class Member(ChainedModel):
    """A membership under its number, which is never used again; who comes back gets a new one."""

    CHAIN_KIND = "member"
    BODY_FIELDS: ClassVar = ("id", "number", "party_id", "party_kind")
    BODY_SQL = """
        '{"id":"' || r.id || '","number":' || r.number || ',"party":"' || r.party_id
        || '","party_kind":"' || r.party_kind || '"}'
    """
    own_rows = "party_id"

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    number = models.PositiveIntegerField()
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    party_kind = models.CharField(max_length=12)

    class Meta(ChainedModel.Meta):
        constraints = [
            *ChainedModel.Meta.constraints,
            models.UniqueConstraint(fields=["coop", "number"], name="register_member_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="register_member_number_from_1"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of a member."""
        row_id, number, party_id, party_kind = values
        return bodies.member_body(id=row_id, number=number, party=party_id, party_kind=party_kind)


class PaymentCommunication(TenantModel, AppendOnlyModel):
    """The permanent structured communication under which a member pays (ten digits, two of them a check)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="communication")
    digits = models.CharField(max_length=12)

    class Meta(AppendOnlyModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "digits"], name="register_communication_digits")]

    def __str__(self) -> str:
        return self.digits


class Standing(ChainedModel):
    """The beginning or the end of a membership, or the voiding of one that was written by mistake."""

    CHAIN_KIND = "standing"
    BODY_FIELDS: ClassVar = (
        "id",
        "member_id",
        "event",
        "reason",
        "on",
        "asked_on",
        "paid_on",
        "decision_id",
        "voids_id",
        "author_id",
    )
    BODY_SQL = f"""
        '{{"asked_on":' || {date_sql("asked_on")} || ',"author":' || {id_sql("author_id")}
        || ',"decision":' || {id_sql("decision_id")} || ',"event":"' || r.event || '","id":"' || r.id
        || '","member":"' || r.member_id || '","on":' || {date_sql("on")} || ',"paid_on":' || {date_sql("paid_on")}
        || ',"reason":' || coalesce('"' || nullif(r.reason, '') || '"', 'null')
        || ',"voids":' || {id_sql("voids_id")} || '}}'
    """

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, db_index=False, related_name="standings")
    event = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    on = models.DateField()
    asked_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    voids = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="voided_by")
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(ChainedModel.Meta):
        constraints = [
            *ChainedModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(event__in=[event.value for event in StandingEvent]), name="register_standing_event"
            ),
            models.CheckConstraint(
                condition=models.Q(event="admitted", reason="") | models.Q(event="ended", reason__in=ENDINGS),
                name="register_standing_reason",
            ),
        ]
        indexes = [models.Index(fields=["member", "on"], name="register_standing_member_on")]

    def __str__(self) -> str:
        return f"{self.event} {self.on}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of a standing."""
        row_id, member_id, event, reason, on, asked_on, paid_on, decision_id, voids_id, author_id = values
        return bodies.standing_body(
            id=row_id,
            member=member_id,
            event=event,
            reason=reason or None,
            on=on,
            asked_on=asked_on,
            paid_on=paid_on,
            decision=decision_id,
            voids=voids_id,
            author=author_id,
        )


class Movement(ChainedModel):
    """A signed change of what a member holds in a class at an amount per share, or of what is paid on it."""

    CHAIN_KIND = "movement"
    BODY_FIELDS: ClassVar = (
        "id",
        "member_id",
        "share_class_id",
        "kind",
        "quantity",
        "amount_per_share",
        "paid",
        "on",
        "decision_id",
        "pair",
        "corrects_id",
        "value",
        "author_id",
    )
    BODY_SQL = f"""
        '{{"amount_per_share":"' || r.amount_per_share || '","author":' || {id_sql("author_id")}
        || ',"class":"' || r.share_class_id || '","corrects":' || {id_sql("corrects_id")}
        || ',"decision":' || {id_sql("decision_id")} || ',"id":"' || r.id || '","kind":"' || r.kind
        || '","member":"' || r.member_id || '","on":' || {date_sql("on")} || ',"paid":"' || r.paid
        || '","pair":' || {id_sql("pair")} || ',"quantity":' || r.quantity
        || ',"value":' || coalesce('"' || r.value || '"', 'null') || '}}'
    """

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, db_index=False, related_name="movements")
    share_class = models.ForeignKey(ShareClass, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=16)
    quantity = models.BigIntegerField()
    amount_per_share = PriceField()
    paid = MoneyField()
    value = MoneyField(null=True, help_text="What changed hands: paid out at an exit, the price of a transfer.")
    on = models.DateField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    pair = models.UUIDField(null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(ChainedModel.Meta):
        constraints = [
            *ChainedModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in MovementKind]), name="register_movement_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=-1_000_000_000, quantity__lte=1_000_000_000),
                name="register_movement_quantity",
            ),
            models.CheckConstraint(condition=models.Q(amount_per_share__gte=0), name="register_movement_amount"),
            models.CheckConstraint(
                condition=models.Q(kind="correction") ^ models.Q(corrects__isnull=True),
                name="register_movement_corrects",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "on"], name="register_movement_member_on"),
            models.Index(
                fields=["coop", "on"],
                condition=models.Q(kind__in=[MovementKind.ISSUE.value, MovementKind.CORRECTION.value]),
                name="register_movement_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d} on {self.on}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of a movement."""
        return _movement_body(*values)


def _movement_body(
    row_id: uuid.UUID,
    member_id: uuid.UUID,
    share_class_id: uuid.UUID,
    kind: str,
    quantity: int,
    amount_per_share: Decimal,
    paid: Decimal,
    on: dt.date,
    decision_id: uuid.UUID | None,
    pair: uuid.UUID | None,
    corrects_id: uuid.UUID | None,
    value: Decimal | None,
    author_id: uuid.UUID | None,
) -> str:
    return bodies.movement_body(
        id=row_id,
        member=member_id,
        share_class=share_class_id,
        kind=kind,
        quantity=quantity,
        amount_per_share=amount_per_share,
        paid=paid,
        on=on,
        decision=decision_id,
        pair=pair,
        corrects=corrects_id,
        value=value,
        author=author_id,
    )


class Particulars(ChainedModel):
    """The name and domicile of a party, from a date on, as this register knows them: committed to, kept by people.

    `name_id` and `address_id` are rows of people that an erasure may remove; the commitment stays.
    """

    CHAIN_KIND = "particulars"
    BODY_FIELDS: ClassVar = ("id", "party_id", "valid_from", "commitment")
    BODY_SQL = f"""
        '{{"commitment":"' || r.commitment || '","from":' || {date_sql("valid_from")} || ',"id":"' || r.id
        || '","party":"' || r.party_id || '"}}' || chr(9) || coalesce((
            SELECT '{{"record":{{"domicile":' || CASE WHEN a.id IS NULL THEN 'null' ELSE
                   '{{"box":' || {text_sql("a.box")} || ',"country":' || {text_sql("a.country")}
                   || ',"number":' || {text_sql("a.number")} || ',"postcode":' || {text_sql("a.postcode")}
                   || ',"street":' || {text_sql("a.street")} || ',"town":' || {text_sql("a.town")} || '}}' END
                   || ',"enterprise_no":' || coalesce({text_sql("nullif(n.enterprise_no, '')")}::text, 'null')
                   || ',"kind":' || {text_sql("y.kind")} || ',"name":'
                   || {text_sql("(n.family || CASE WHEN n.given = '' THEN '' ELSE ', ' || n.given END)")}
                   || '}},"salt":"' || s.salt || '"}}'
            FROM register_particularssalt s
            JOIN people_partyname n ON n.id = r.name_id
            JOIN people_party y ON y.id = n.party_id
            LEFT JOIN people_partyaddress a ON a.id = r.address_id
            WHERE s.particulars_id = r.id
        ), '')
    """  # noqa: S608  (made of our own constants)

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    name_id = models.UUIDField()
    address_id = models.UUIDField(null=True)
    commitment = models.CharField(max_length=64)

    class Meta(ChainedModel.Meta):
        indexes = [models.Index(fields=["coop", "party", "valid_from"], name="register_particulars_from")]

    def __str__(self) -> str:
        return f"{self.party_id} from {self.valid_from}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of particulars."""
        row_id, party_id, valid_from, commitment = values
        return bodies.particulars_body(id=row_id, party=party_id, from_on=valid_from, commitment=commitment)


class ParticularsSalt(TenantModel):
    """The salt under which particulars are committed to; deleted by an erasure, so that nobody can guess any more."""

    particulars = models.OneToOneField(Particulars, on_delete=models.PROTECT, primary_key=True, related_name="secret")
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return str(self.particulars_id)


class DayTotal(TenantModel):
    """What changed on a day in a class, or without class in the members and those who left: derived, for fast totals.

    `verify` proves it equal to the rows it was added up from.
    """

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    share_class = models.ForeignKey(ShareClass, on_delete=models.PROTECT, null=True)
    on = models.DateField()
    shares = models.BigIntegerField(default=0)
    paid = MoneyField(default=Decimal("0.00"), max_digits=18)
    members = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "on", "share_class"], name="register_daytotal_day", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"
