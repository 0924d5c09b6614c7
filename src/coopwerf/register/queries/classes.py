"""Share classes and the terms that hold on a date."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from coopwerf.coops import queries as coops
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import Question
from coopwerf.kernel.refusals import Refused

from ..models import ShareClassTerms
from .members import ALL_POSITIONS

_RIGHTS = ("votes.basis", "profit.shared_out", "shares.transfer")


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What a class of shares is worth and allows from a date on; prices per share in euro, four decimals."""

    id: uuid.UUID
    share_class_id: uuid.UUID
    code: str
    name: str
    valid_from: dt.date
    nominal: Decimal
    issue_price: Decimal
    holders: str
    minimum: int | None
    maximum: int | None
    votes: str
    dividend: bool
    transfer: str


def _terms(row: ShareClassTerms) -> Terms:
    told = row.terms
    return Terms(
        id=row.id,
        share_class_id=row.share_class_id,
        code=row.code,
        name=str(told.get("name", "")),
        valid_from=row.valid_from,
        nominal=row.nominal,
        issue_price=row.issue_price,
        holders=str(told.get("holders", "all")),
        minimum=told.get("minimum"),
        maximum=told.get("maximum"),
        votes=str(told.get("votes", "member")),
        dividend=bool(told.get("dividend", True)),
        transfer=str(told.get("transfer", "board")),
    )


def usual_rights(coop_id: uuid.UUID, on: dt.date) -> dict[str, Any]:
    """Return what a class gives unless somebody says otherwise: what the rules of the statutes say on a date."""
    rules = {key: found.value for key, found in coops.rules(coop_id, on, keys=_RIGHTS).items()}
    return {
        "votes": "share" if rules.get("votes.basis") == "per_share" else "member",
        "dividend": rules.get("profit.shared_out") is not False,
        "transfer": "none" if rules.get("shares.transfer") == "never" else "board",
    }


def all_terms(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> Sequence[Terms]:
    """Return the terms of every class on a date, by code; before its first terms a class has those first ones."""
    return remembered(("register.all_terms", coop_id, at, known), lambda: _all_terms(coop_id, at, known))


def _all_terms(coop_id: uuid.UUID, at: dt.date, known: int | None) -> Sequence[Terms]:
    rows = _terms_known(coop_id=coop_id, known=ALL_POSITIONS if known is None else known)
    found: dict[uuid.UUID, ShareClassTerms] = {}
    for row in rows:
        if row.share_class_id not in found or row.valid_from <= at:
            found[row.share_class_id] = row
    return [_terms(row) for row in found.values()]


@Question
def _terms_known(coop_id: uuid.UUID, known: int) -> QuerySet[ShareClassTerms]:
    rows = ShareClassTerms.objects.filter(coop_id=coop_id, position__lte=known)
    return rows.order_by("code", "valid_from", "position")


def terms(coop_id: uuid.UUID, code: str, at: dt.date) -> Terms:
    """Return the terms of one class on a date; raises Refused for a class that isn't there."""
    for found in all_terms(coop_id, at):
        if found.code == code:
            return found
    raise Refused("register.class_unknown", share_class=code)


def class_history(coop_id: uuid.UUID, code: str) -> Sequence[Terms]:
    """Return all terms that a class ever had, the oldest first."""
    rows = ShareClassTerms.objects.filter(coop_id=coop_id, code=code).order_by("valid_from", "position")
    return [_terms(row) for row in rows]


def all_class_terms(coop_id: uuid.UUID) -> Sequence[Terms]:
    """Return all terms of all classes, past and to come, by code and date."""
    rows = ShareClassTerms.objects.filter(coop_id=coop_id).order_by("code", "valid_from", "position")
    return [_terms(row) for row in rows]
