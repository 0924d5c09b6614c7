"""Share classes and their dated terms."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from coopcalc.register import bodies
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel, ChainedModel
from coopwerf.kernel.money import PriceField
from coopwerf.kernel.tenancy import TenantModel


class ShareClass(TenantModel, AppendOnlyModel):
    """A class of shares, named by its code for good; what it means stands in its dated terms."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=12)

    class Meta(AppendOnlyModel.Meta):
        constraints = [models.UniqueConstraint(fields=["coop", "code"], name="register_shareclass_code")]

    def __str__(self) -> str:
        return self.code


class ShareClassTerms(ChainedModel):
    """What a class of shares is worth and allows from a date on; the past keeps its own terms.

    `terms` holds `name`, `holders` (all, persons, organisations), `minimum` and `maximum` (shares or null),
    `votes` (member, share), `dividend` (bool), `transfer` (board, free, none).
    """

    CHAIN_KIND = "class"
    BODY_FIELDS: ClassVar = ("share_class_id", "code", "valid_from", "nominal", "issue_price", "terms")

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, db_index=False)
    share_class = models.ForeignKey(ShareClass, on_delete=models.PROTECT, related_name="terms")
    code = models.CharField(max_length=12)
    valid_from = models.DateField()
    nominal = PriceField()
    issue_price = PriceField()
    terms = models.JSONField(default=dict)

    class Meta(ChainedModel.Meta):
        indexes = [models.Index(fields=["share_class", "valid_from"], name="register_classterms_from")]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of the terms."""
        return _body(*values)


def _body(
    share_class_id: uuid.UUID,
    code: str,
    valid_from: dt.date,
    nominal: Decimal,
    issue_price: Decimal,
    terms: dict[str, object],
) -> str:
    return bodies.class_body(
        id=share_class_id, code=code, from_on=valid_from, nominal=nominal, issue_price=issue_price, terms=terms
    )
