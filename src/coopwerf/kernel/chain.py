"""The chain of a co-operative: rows take their position in their own transaction, audit entries are sealed after."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coopcalc import chain as pure

from .actor import Actor
from .models import AuditEntry, ChainedModel, ChainHead, ChainLink, Unsealed
from .rows import insert, insert_values
from .tenancy import tenant

AUDIT = "audit"
LINK = ("coop_id", "position", "at", "kind", "row_id", "hash")
SEAL_AT_ONCE = 5000


def begin(*, coop_id: uuid.UUID, at: dt.datetime) -> None:
    """Write the head of a new co-operative's chain, at position 0."""
    ChainHead.objects.create(coop_id=coop_id, position=0, hash=pure.genesis(str(coop_id)), at=at)


def lock(coop_id: uuid.UUID) -> None:
    """Take the head's lock until the transaction ends: whoever writes to the register or ledger goes alone."""
    ChainHead.objects.select_for_update().get(coop_id=coop_id)


def append(*, coop_id: uuid.UUID, at: dt.datetime, rows: Sequence[ChainedModel]) -> None:
    """Give the rows their positions, insert them and their links, and move the head.

    Runs in the caller's transaction. Rows may be of several models; they keep their order. The head's
    row is locked here: everything else must be locked before.
    """
    if not rows:
        return
    head = ChainHead.objects.select_for_update().get(coop_id=coop_id)
    moment = max(at, head.at)
    position, value = head.position, head.hash
    links: list[tuple[Any, ...]] = []
    by_model: dict[type[ChainedModel], list[ChainedModel]] = {}
    written = pure.instant(moment)
    for row in rows:
        position += 1
        row.position = position
        kind = row.CHAIN_KIND
        text = pure.link_text(position=position, at=written, kind=kind, body=row.chain_body())
        value = pure.link_hash(value, text)
        links.append((coop_id, position, moment, kind, row.id, value))
        by_model.setdefault(type(row), []).append(row)
    for model, of_model in by_model.items():
        insert(model, of_model)
    insert_values(ChainLink, LINK, links)
    head.position, head.hash, head.at = position, value, moment
    head.save(update_fields=["position", "hash", "at"])


def record_audit(
    *,
    coop_id: uuid.UUID | None,
    at: dt.datetime,
    verb: str,
    actor: Actor,
    subject_kind: str,
    subject_id: uuid.UUID | None,
    facts: dict[str, Any],
) -> AuditEntry:
    """Insert an audit entry; in a co-operative it waits for its seal, and the action tells a worker at its end."""
    entry = AuditEntry.objects.create(
        coop_id=coop_id,
        at=at,
        verb=verb,
        actor_kind=actor.kind.value,
        actor_id=actor.party_id,
        acting_for_id=actor.acting_for,
        subject_kind=subject_kind,
        subject_id=subject_id,
        facts=facts,
    )
    if coop_id is not None:
        Unsealed.objects.create(entry=entry, coop_id=coop_id)
    return entry


AUDIT_FIELDS = ("id", "verb", "at", "actor_kind", "actor_id", "acting_for_id", "subject_kind", "subject_id", "facts")


def audit_body(
    entry_id: uuid.UUID,
    verb: str,
    at: dt.datetime,
    actor_kind: str,
    actor_id: uuid.UUID | None,
    acting_for_id: uuid.UUID | None,
    subject_kind: str,
    subject_id: uuid.UUID | None,
    facts: dict[str, Any],
) -> str:
    """Return the canonical body of an audit entry."""
    return pure.canonical(
        {
            "id": str(entry_id),
            "verb": verb,
            "at": pure.instant(at),
            "actor_kind": actor_kind,
            "actor": None if actor_id is None else str(actor_id),
            "acting_for": None if acting_for_id is None else str(acting_for_id),
            "subject_kind": subject_kind,
            "subject": None if subject_id is None else str(subject_id),
            "facts": facts,
        }
    )


def seal(*, coop_id: uuid.UUID, at: dt.datetime) -> int:
    """Put the waiting audit entries of a co-operative into its chain, in order of their ids; return how many."""
    sealed = 0
    with transaction.atomic(), tenant(coop_id):
        head = ChainHead.objects.select_for_update().get(coop_id=coop_id)
        waiting = list(
            AuditEntry.objects.filter(pk__in=Unsealed.objects.filter(coop_id=coop_id).values("entry_id")).order_by(
                "id"
            )[:SEAL_AT_ONCE]
        )
        if not waiting:
            return 0
        moment = max(at, head.at)
        position, value = head.position, head.hash
        links: list[ChainLink] = []
        for entry in waiting:
            position += 1
            body = audit_body(*(getattr(entry, field) for field in AUDIT_FIELDS))
            text = pure.link_text(position=position, at=pure.instant(moment), kind=AUDIT, body=body)
            value = pure.link_hash(value, text)
            links.append(
                ChainLink(coop_id=coop_id, position=position, at=moment, kind=AUDIT, row_id=entry.id, hash=value)
            )
        ChainLink.objects.bulk_create(links, batch_size=5000)
        Unsealed.objects.filter(entry_id__in=[entry.id for entry in waiting]).delete()
        head.position, head.hash, head.at = position, value, moment
        head.save(update_fields=["position", "hash", "at"])
        sealed = len(waiting)
    return sealed


def coops() -> list[uuid.UUID]:
    """Return every co-operative that has a chain."""
    return list(ChainHead.objects.order_by("coop_id").values_list("coop_id", flat=True))


def head_of(coop_id: uuid.UUID) -> str:
    """Return the present head of a co-operative's chain, as `position:hash`."""
    head = ChainHead.objects.get(coop_id=coop_id)
    return f"{head.position}:{head.hash}"


def stored_head(coop_id: uuid.UUID) -> str | None:
    """Return the head as it is stored, or None where somebody took its row away: for who verifies."""
    head = ChainHead.objects.filter(coop_id=coop_id).first()
    return None if head is None else f"{head.position}:{head.hash}"


def head_at(coop_id: uuid.UUID, position: int) -> str:
    """Return the head as it was at a position, as `position:hash`; raises ChainLink.DoesNotExist beyond the chain."""
    if position == 0:
        return f"0:{pure.genesis(str(coop_id))}"
    link = ChainLink.objects.get(coop_id=coop_id, position=position)
    return f"{link.position}:{link.hash}"


def kinds_in(coop_id: uuid.UUID) -> frozenset[str]:
    """Return which kinds of rows stand in a co-operative's chain."""
    return frozenset(ChainLink.objects.filter(coop_id=coop_id).values_list("kind", flat=True).distinct())


def position_at(coop_id: uuid.UUID, moment: dt.datetime) -> int:
    """Return the last position that stood in the chain by a moment; 0 before the first."""
    found = (
        ChainLink.objects.filter(coop_id=coop_id, at__lte=moment)
        .order_by("-at", "-position")
        .values_list("position", flat=True)
        .first()
    )
    return found or 0


def chained_models() -> dict[str, type[ChainedModel]]:
    """Return every model whose rows stand in the chain, by kind."""
    from django.apps import apps

    found: dict[str, type[ChainedModel]] = {}
    for model in apps.get_models():
        if issubclass(model, ChainedModel):
            found[model.CHAIN_KIND] = model
    return found


def unsealed(coop_id: uuid.UUID) -> int:
    """Return how many audit entries wait for their seal."""
    return Unsealed.objects.filter(coop_id=coop_id).count()
