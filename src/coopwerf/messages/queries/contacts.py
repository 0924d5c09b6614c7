"""People without an account whom a co-operative may write to; inside `tenant(coop_id)` only."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from coopwerf.people.queries import Piece

from .. import addresses
from ..models import Contact
from ..states import BlockReason


@dataclasses.dataclass(frozen=True, slots=True)
class ContactFacts:
    """Somebody without an account: never shown to others with the address."""

    id: uuid.UUID
    email: str
    name: str
    language: str
    is_confirmed: bool
    known_at: dt.datetime
    confirmed_at: dt.datetime | None
    blocked: BlockReason | None
    blocked_at: dt.datetime | None
    declined_at: dt.datetime | None
    forgotten_at: dt.datetime | None

    @property
    def can_be_written_to(self) -> bool:
        """Tell whether mail to this address may leave."""
        return self.blocked is None and self.forgotten_at is None

    @property
    def greeted(self) -> str:
        """Return the name in a salutation: a name that anybody may have typed greets nobody before it is confirmed."""
        return self.name if self.is_confirmed else ""


def _facts(row: Contact) -> ContactFacts:
    return ContactFacts(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        is_confirmed=row.confirmed_at is not None,
        known_at=row.known_at,
        confirmed_at=row.confirmed_at,
        blocked=BlockReason(row.blocked_reason) if row.blocked_reason else None,
        blocked_at=row.blocked_at,
        declined_at=row.declined_at,
        forgotten_at=row.forgotten_at,
    )


def contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> ContactFacts:
    """Return a contact, also one that was forgotten; raises Contact.DoesNotExist."""
    return _facts(Contact.objects.get(coop_id=coop_id, pk=contact_id))


def contacts(coop_id: uuid.UUID, contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ContactFacts]:
    """Return contacts by id."""
    return {row.id: _facts(row) for row in Contact.objects.filter(coop_id=coop_id, pk__in=contact_ids)}


def hold_contact(coop_id: uuid.UUID, contact_id: uuid.UUID | None) -> None:
    """Hold somebody before what they wrote: who is forgotten at the same instant is held in this order too.

    Not more than is needed: what is being written elsewhere may refer to them. None holds nobody.
    """
    if contact_id is not None:
        rows = Contact.objects.select_for_update(of=("self",), no_key=True).filter(coop_id=coop_id, pk=contact_id)
        rows.values_list("pk").first()


def contact_by_email(coop_id: uuid.UUID, email: str) -> ContactFacts | None:
    """Return whoever has an address in this co-operative, however it is written, or None."""
    key = addresses.key_of(email)
    row = Contact.objects.filter(coop_id=coop_id, email_key=key, forgotten_at__isnull=True).first() if key else None
    return None if row is None else _facts(row)


def contacts_by_email(coop_id: uuid.UUID, emails: Iterable[str]) -> list[ContactFacts]:
    """Return everybody who has one of these addresses."""
    keys = {key for key in map(addresses.key_of, emails) if key}
    rows = Contact.objects.filter(coop_id=coop_id, email_key__in=keys, forgotten_at__isnull=True)
    return [_facts(row) for row in rows.order_by("known_at", "id")]


Gatherer = Callable[[uuid.UUID, uuid.UUID], Iterable[Piece]]
_gatherers: dict[str, Gatherer] = {}


def register_contact_export(code: str, gather: Gatherer) -> Gatherer:
    """Let a package tell what it stores about a contact: `(coop_id, contact_id)`, the co-operative's rows being open.

    Raises ValueError when its code is taken.
    """
    if _gatherers.get(code, gather) is not gather:
        raise ValueError(f"{code} tells its part already")
    _gatherers[code] = gather
    return gather


def known_contact_exports() -> Mapping[str, Gatherer]:
    """Return who tells what is stored about a contact, by code, messages first."""
    return dict(sorted(_gatherers.items(), key=lambda one: (one[0] != "messages", one[0])))


def contact_pieces(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Iterator[Piece]:
    """Yield everything that is stored about a contact, by every package."""
    for gather in known_contact_exports().values():
        yield from gather(coop_id, contact_id)


Needing = Callable[[uuid.UUID, Collection[uuid.UUID], dt.datetime], Collection[uuid.UUID]]
_needs: dict[str, Needing] = {}
_AT_ONCE = 1000


def register_contact_need(code: str, needed: Needing) -> Needing:
    """Let a package say which of some contacts it still needs: `(coop_id, contact_ids, since)`.

    Asked of those who never confirmed; what came after `since` can still be confirmed. The co-operative's rows are
    open. Raises ValueError when its code is taken.
    """
    if _needs.get(code, needed) is not needed:
        raise ValueError(f"{code} says its needs already")
    _needs[code] = needed
    return needed


def known_contact_needs() -> Mapping[str, Needing]:
    """Return who says which contacts are still needed, by code."""
    return _needs


def strangers(
    coop_id: uuid.UUID, since: dt.datetime, among: Collection[uuid.UUID] | None = None
) -> Sequence[uuid.UUID]:
    """Return who is known since before a moment, never confirmed, and to whom nothing points that is still needed.

    Who asked to hear nothing is no stranger: the address is kept so that nobody brings it along again.
    """
    rows = Contact.objects.filter(
        coop_id=coop_id,
        known_at__lt=since,
        confirmed_at__isnull=True,
        declined_at__isnull=True,
        blocked_at__isnull=True,
        forgotten_at__isnull=True,
        followings__isnull=True,
    )
    if among is not None:
        rows = rows.filter(pk__in=among)
    ids = list(rows.order_by("known_at", "id").values_list("pk", flat=True))
    found: list[uuid.UUID] = []
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        needed = {one for say in _needs.values() for one in say(coop_id, some, since)}
        found += [one for one in some if one not in needed]
    return found
