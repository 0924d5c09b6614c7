"""Certificates that were handed out: what each says, and whether it still holds."""

import base64
import binascii
import dataclasses
import datetime as dt
import enum
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from coopwerf.kernel import clock
from coopwerf.kernel.questions import Question
from coopwerf.kernel.tokens import token_hash
from coopwerf.people.states import Address, Name

from ..models import IssuedCertificate
from .asof import ask

SECRET_BYTES = 24
"""How much of a certificate's address can't be guessed; before it stand the 16 bytes of the co-operative's id."""


class Superseded(enum.StrEnum):
    """Say why a certificate doesn't describe the present register any more."""

    MOVEMENT = "movement"
    ENDED = "ended"
    NEWER = "newer"


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What a certificate says of one class; amounts in euro."""

    name: str
    shares: int
    amount_per_share: Decimal
    paid: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Confirmation:
    """What the page of a certificate may say: what stands on the paper, and whether it was overtaken.

    Once the member was erased `name` and `home` are empty.
    """

    id: uuid.UUID
    coop_id: uuid.UUID
    member_no: int
    name: str
    home: str
    is_erased: bool
    issued_at: dt.datetime
    as_of: dt.date
    known_position: int
    head: str
    admitted_on: dt.date
    holdings: tuple[Held, ...]
    superseded_by: Superseded | None
    superseded_on: dt.date | None


def certificate_token(coop_id: uuid.UUID, document_id: uuid.UUID) -> str:
    """Return the address of a certificate: nobody can guess it, whoever has it finds the co-operative in it.

    Made of the document's id with the installation's key, so that its own page can lead there and no table holds it.
    """
    secret = salted_hmac("coopwerf.register.certificate", document_id.bytes, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(coop_id.bytes + secret[:SECRET_BYTES]).rstrip(b"=").decode()


def confirmed_at(coop_id: uuid.UUID, document_id: uuid.UUID) -> str:
    """Return the path of the page that confirms a certificate; empty where its address was made with another key."""
    token = certificate_token(coop_id, document_id)
    issued = IssuedCertificate.objects.filter(coop_id=coop_id, document_id=document_id, token_hash=token_hash(token))
    return reverse("register:confirm", kwargs={"token": token}) if issued.exists() else ""


def coop_of_token(token: str) -> uuid.UUID | None:
    """Return the co-operative whose certificate an address would be, or None for what can't be one."""
    if len(token) > 100 or not token.isascii():
        return None
    try:
        told = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    return uuid.UUID(bytes=told[:16]) if len(told) == 16 + SECRET_BYTES else None


_CERTIFICATE_SQL = """
    SELECT c.id, c.coop_id, c.member_id, c.issued_at, c.as_of, c.known_position, d.head, c.says,
           n.family, n.given, a.street, a.number, a.box, a.postcode, a.town, a.country, y.erased_at IS NOT NULL
    FROM register_issuedcertificate c
    JOIN documents_document d ON d.id = c.document_id
    JOIN people_party y ON y.id = c.party_id
    LEFT JOIN people_partyname n ON n.id = c.name_id
    LEFT JOIN people_partyaddress a ON a.id = c.address_id
    WHERE c.coop_id = %(coop)s AND c.token_hash = %(token)s
"""
# What a movement or standing says counts from its date, or from the day it was written down, whichever is later; a
# decision that takes effect later says nothing yet.
_OVERTAKEN_SQL = """
    SELECT why, min(since) FROM (
        SELECT 'movement' AS why, greatest(v."on", (l.at AT TIME ZONE %(zone)s)::date) AS since
        FROM register_movement v
        JOIN kernel_chainlink l ON l.coop_id = v.coop_id AND l.position = v.position
        WHERE v.member_id = %(member)s AND v."on" <= %(today)s
          AND (v.position > %(position)s OR v."on" > %(as_of)s)
        UNION ALL
        SELECT CASE WHEN s.event = 'ended' AND s.voids_id IS NULL
                     AND NOT EXISTS (SELECT FROM register_standing w WHERE w.voids_id = s.id)
                    THEN 'ended' ELSE 'movement' END,
               greatest(s."on", (l.at AT TIME ZONE %(zone)s)::date)
        FROM register_standing s
        JOIN kernel_chainlink l ON l.coop_id = s.coop_id AND l.position = s.position
        WHERE s.member_id = %(member)s AND s."on" <= %(today)s
          AND (s.position > %(position)s OR s."on" > %(as_of)s)
        UNION ALL
        SELECT 'newer', (c.issued_at AT TIME ZONE %(zone)s)::date
        FROM register_issuedcertificate c
        WHERE c.member_id = %(member)s AND c.as_of >= %(as_of)s AND c.issued_at > %(issued)s
    ) overtaking GROUP BY why
"""
_WEIGHT = {Superseded.ENDED: 0, Superseded.MOVEMENT: 1, Superseded.NEWER: 2}


def confirmation(coop_id: uuid.UUID, token: str, today: dt.date) -> Confirmation | None:
    """Return what the page of a certificate says on a day, or None when no certificate has this address."""
    rows = ask(_CERTIFICATE_SQL, coop=coop_id, token=token_hash(token))
    if not rows:
        return None
    (id_, _coop, member_id, issued_at, as_of, position, head, says, family, given, *rest) = rows[0]
    *address, erased = rest
    says = json.loads(says)
    reasons = [
        (Superseded(why), since)
        for why, since in ask(
            _OVERTAKEN_SQL,
            member=member_id,
            today=today,
            position=position,
            as_of=as_of,
            issued=issued_at,
            zone=clock.CIVIL.key,
        )
    ]
    # An ending says more than the movements that came with it, whatever their order.
    why, since = min(reasons, key=lambda one: (_WEIGHT[one[0]], one[1]), default=(None, None))
    first = min((since for _why, since in reasons), default=since)
    hidden = erased or not family
    return Confirmation(
        id=id_,
        coop_id=coop_id,
        member_no=says["member_no"],
        name="" if hidden else Name(family, given or "").spoken_way,
        home="" if hidden or address[5] is None else Address(*address).on_one_line,
        is_erased=bool(erased) or not family,
        issued_at=issued_at,
        as_of=as_of,
        known_position=position,
        head=head,
        admitted_on=dt.date.fromisoformat(says["admitted_on"]),
        holdings=tuple(_held(one) for one in says["holdings"]),
        superseded_by=why,
        superseded_on=since if why is Superseded.ENDED else first,
    )


def _held(told: dict[str, Any]) -> Held:
    return Held(told["name"], told["shares"], Decimal(told["amount_per_share"]), Decimal(told["paid"]))


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as the board and the member see it in a list."""

    id: uuid.UUID
    document_id: uuid.UUID
    issued_at: dt.datetime
    as_of: dt.date


def certificates_of(coop_id: uuid.UUID, member_id: uuid.UUID) -> Sequence[Issued]:
    """Return the certificates of a member that were made, the latest first."""
    rows = _certificates(coop_id=coop_id, member_id=member_id)
    return [Issued(row.id, row.document_id, row.issued_at, row.as_of) for row in rows]


@Question
def _certificates(coop_id: uuid.UUID, member_id: uuid.UUID) -> QuerySet[IssuedCertificate]:
    rows = IssuedCertificate.objects.filter(coop_id=coop_id, member_id=member_id).order_by("-issued_at", "-id")
    return rows.only("id", "document_id", "issued_at", "as_of")
