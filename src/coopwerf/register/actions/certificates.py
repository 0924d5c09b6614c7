"""Certificates: what was handed out is written down, so that its code can confirm it."""

import datetime as dt
import hashlib
import uuid

from django.conf import settings
from django.urls import reverse

from coopcalc import chain as pure
from coopwerf.documents import papers
from coopwerf.documents import queries as documents
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import token_hash

from .. import queries
from ..models import IssuedCertificate


@action(verb="register.certificate_issued")
def issue_certificate(
    *,
    coop_id: uuid.UUID,
    document_id: uuid.UUID,
    member_id: uuid.UUID,
    as_of: dt.date,
    known_position: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> papers.Certificate:
    """Write down that a certificate is made, and return what stands on it.

    Runs in the transaction that makes the document. Raises Refused where nobody is a member on that date.
    """
    token = queries.certificate_token(coop_id, document_id)
    address = settings.BASE_URL + reverse("register:confirm", kwargs={"token": token})
    found = queries.certificate_facts(coop_id, member_id, as_of, known_position, confirm_url=address)
    if found is None:
        raise Refused("register.no_certificate")
    line, facts = found
    assert line.name_id is not None
    says = {
        "member_no": facts.member_no,
        "admitted_on": facts.admitted_on.isoformat(),
        "holdings": [
            {
                "name": held.name,
                "shares": held.shares,
                "amount_per_share": str(held.amount_per_share),
                "paid": str(held.paid),
            }
            for held in facts.holdings
        ],
    }
    content = pure.canonical(
        {
            "as_of": as_of.isoformat(),
            "known_position": facts.known_position,
            "name_id": str(line.name_id),
            "address_id": None if line.address_id is None else str(line.address_id),
            **says,
        }
    )
    row = IssuedCertificate.objects.create(
        coop_id=coop_id,
        member_id=member_id,
        party_id=line.party_id,
        document_id=document_id,
        token_hash=token_hash(token),
        issued_at=now,
        language=documents.document(coop_id, document_id).language,
        as_of=as_of,
        known_position=facts.known_position,
        name_id=line.name_id,
        address_id=line.address_id,
        says=says,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
    )
    audit("member", member_id, certificate=row.id, as_of=as_of, known=facts.known_position, content=row.content_hash)
    return facts
