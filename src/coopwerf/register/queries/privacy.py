"""What a register holds of one party, for the party itself; all inside `tenant(coop_id)`."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Min, Q, QuerySet

from coopwerf.kernel.questions import Question
from coopwerf.people import queries as people

from ..models import (
    Inspection,
    IssuedCertificate,
    MembershipRequest,
    Movement,
    Particulars,
    PaymentCommunication,
    RegisterImport,
    Standing,
)
from ..states import OPEN_REQUESTS, ImportState, RequestState


def communication_of(coop_id: uuid.UUID, member_id: uuid.UUID) -> str:
    """Return the digits under which a member pays; empty when there are none."""
    rows = _communications(coop_id=coop_id, member_id=member_id)
    return rows[0].digits if rows else ""


@Question
def _communications(coop_id: uuid.UUID, member_id: uuid.UUID) -> QuerySet[PaymentCommunication]:
    return PaymentCommunication.objects.filter(coop_id=coop_id, member_id=member_id).order_by("pk")


def communications(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID] | None = None) -> dict[str, uuid.UUID]:
    """Return whose the communications are under which members pay, by their digits; of everybody, or of some."""
    rows = PaymentCommunication.objects.filter(coop_id=coop_id)
    if party_ids is not None:
        rows = rows.filter(member__party_id__in=party_ids)
    return dict(rows.order_by("pk").values_list("digits", "member__party_id"))


def communications_among(coop_id: uuid.UUID, digits: Collection[str]) -> frozenset[str]:
    """Return which of these communications members pay under."""
    rows = PaymentCommunication.objects.filter(coop_id=coop_id, digits__in=list(digits))
    return frozenset(rows.values_list("digits", flat=True))


def standings_of(coop_id: uuid.UUID, member_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """Return the beginnings and ends of memberships with their decisions, in the order in which they were written."""
    rows = Standing.objects.filter(coop_id=coop_id, member_id__in=member_ids).select_related("decision", "voided_by")
    return [
        {
            "id": row.id,
            "member_id": row.member_id,
            "event": row.event,
            "reason": row.reason,
            "on": row.on,
            "asked_on": row.asked_on,
            "paid_on": row.paid_on,
            "decision": "" if row.decision is None else row.decision.reference,
            "is_void": row.voids_id is not None or hasattr(row, "voided_by"),
            "position": row.position,
        }
        for row in rows.order_by("position")
    ]


def particulars_in(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return under which names and domiciles a party stands in a register, in the order in which they were written."""
    rows = list(
        Particulars.objects.filter(coop_id=coop_id, party_id=party_id)
        .order_by("position")
        .values_list("id", "valid_from", "name_id", "address_id", "position", "commitment", "secret__salt")
    )
    records = people.records_of([(row[2], row[3]) for row in rows])
    found = []
    for row_id, valid_from, name_id, address_id, position, commitment, salt in rows:
        record = records.get((name_id, address_id)) or {}
        domicile = record.get("domicile") or {}
        found.append(
            {
                "id": row_id,
                "valid_from": valid_from,
                "name": record.get("name", ""),
                "domicile": " ".join(
                    domicile.get(part, "") for part in ("street", "number", "box", "postcode", "town")
                ).strip(),
                "position": position,
                # With record and salt anybody can check that this name stood there.
                "record": record,
                "salt": salt,
                "commitment": commitment,
            }
        )
    return found


def particulars_ids(coop_id: uuid.UUID, party_id: uuid.UUID) -> tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]:
    """Return the ids of the names and of the addresses with which a party stands in a register."""
    rows = Particulars.objects.filter(coop_id=coop_id, party_id=party_id).values_list("name_id", "address_id")
    pairs = list(rows)
    return frozenset(name for name, _a in pairs), frozenset(address for _n, address in pairs if address is not None)


def certificates_to(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the certificates that were made for a party, oldest first."""
    rows = IssuedCertificate.objects.filter(coop_id=coop_id, party_id=party_id).order_by("issued_at", "id")
    fields = ("id", "issued_at", "as_of", "language", "known_position", "says", "content_hash")
    return [dict(zip(fields, row, strict=True)) for row in rows.values_list(*fields)]


def looks_of(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the looks into classes by a party, and those of others into a class in which it stood by then.

    Who the others were is their affair: the board knows it.
    """
    first = {
        row["share_class_id"]: row["first"]
        for row in Movement.objects.filter(coop_id=coop_id, member__party_id=party_id)
        .values("share_class_id")
        .annotate(first=Min("on"))
        .order_by()
    }
    rows = Inspection.objects.filter(Q(party_id=party_id) | Q(share_class_id__in=first), coop_id=coop_id)
    return [
        {
            "id": row.id,
            "at": row.at,
            "share_class": row.share_class.code,
            "as_of": row.as_of,
            "by_you": row.party_id == party_id,
        }
        for row in rows.select_related("share_class").order_by("at", "id")
        if row.party_id == party_id or row.as_of >= first[row.share_class_id]
    ]


def requests_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the requests for membership of a party or made for another by it, oldest first."""
    rows = MembershipRequest.objects.filter(Q(party_id=party_id) | Q(agent_id=party_id), coop_id=coop_id)
    return [
        {
            "id": row.id,
            "is_for_you": row.party_id == party_id,
            "asked_on": row.asked_on,
            "is_on_paper": row.is_on_paper,
            "consented_at": row.consented_at,
            "share_class": "" if row.share_class is None else row.share_class.code,
            "quantity": row.quantity,
            "paid": row.paid,
            "paid_on": row.paid_on,
            "state": row.state,
            "decided_on": row.decided_on,
            "reference": row.reference,
            "ground": row.ground,
            "explanation": row.explanation,
            "told": row.told,
        }
        for row in rows.select_related("share_class").order_by("asked_at", "id")
    ]


def unconfirmed_from(coop_id: uuid.UUID, emails: Collection[str]) -> QuerySet[MembershipRequest]:
    """Return the requests that were typed with one of these addresses and never confirmed."""
    rows = MembershipRequest.objects.filter(coop_id=coop_id, state=RequestState.UNCONFIRMED.value)
    return rows.filter(told__email__in=[one for one in emails if one])


def open_imports_with(coop_id: uuid.UUID, emails: Collection[str], names: Collection[str]) -> list[uuid.UUID]:
    """Return the spreadsheets waiting to be booked in which an address stands, or every word of a whole name."""
    found = []
    for row in (
        RegisterImport.objects.filter(coop_id=coop_id, state=ImportState.OPEN.value).exclude(cells="").order_by("id")
    ):
        try:
            with default_storage.open(row.cells) as stored:
                text = json.dumps(json.load(stored), ensure_ascii=False).casefold()
        except (FileNotFoundError, ValueError):
            continue
        words = [[word.casefold() for word in name.replace(",", " ").split()] for name in names]
        if any(one.casefold() in text for one in emails if one) or any(
            len(one) > 1 and all(word in text for word in one) for one in words
        ):
            found.append(row.id)
    return found


def paid_and_open(coop_id: uuid.UUID, party_id: uuid.UUID) -> bool:
    """Tell whether a party paid for a request that isn't decided yet."""
    rows = MembershipRequest.objects.filter(coop_id=coop_id, party_id=party_id, state__in=OPEN_REQUESTS)
    return rows.filter(paid__gt=0).exists()
