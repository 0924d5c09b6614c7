"""What some law makes us keep of somebody who asks to be erased: each package that keeps such rows says so.

people.register_law("register", kept)           # in the package's reactions.py: `kept(party_id, on) -> [Kept]`
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable

from django.db.models import Q
from django.utils.functional import Promise

from coopwerf.kernel.tenancy import parties

from ..models import DataRequest, Erasure, Party, PartyAddress, PartyName, Representation
from ..states import Particulars, RequestKind, RequestState
from .parties import particulars

Text = str | Promise


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Names and addresses that stay: in whose books, why, by which article, for how long.

    `until` is the first day on which they may go; None while that day isn't known, because the membership or mandate
    lasts: `years` after its end. `check` marks a rule that the notary should confirm.
    """

    coop: str
    why: Text
    source: str
    years: int
    until: dt.date | None
    check: bool = True
    name_ids: frozenset[uuid.UUID] = frozenset()
    address_ids: frozenset[uuid.UUID] = frozenset()


Law = Callable[[uuid.UUID, dt.date], Iterable[Kept]]
_laws: dict[str, Law] = {}


def register_law(code: str, kept: Law) -> Law:
    """Let a package say what it must keep of a party on a date; raises ValueError when its code is taken."""
    if _laws.get(code, kept) is not kept:
        raise ValueError(f"{code} keeps something already")
    _laws[code] = kept
    return kept


def kept_of(party_id: uuid.UUID, on: dt.date) -> list[Kept]:
    """Return what some law keeps of a party on a date, the longest kept last."""
    with parties([party_id]):
        found = [kept for law in _laws.values() for kept in law(party_id, on)]
    standing = [kept for kept in found if kept.until is None or kept.until > on]
    return sorted(standing, key=lambda kept: (kept.until or dt.date.max, kept.coop, kept.source))


def names_during(party_id: uuid.UUID, since: dt.date, until: dt.date | None) -> frozenset[uuid.UUID]:
    """Return the ids of the names that a party bore, or was thought to bear, from a date until another."""
    rows = list(
        PartyName.objects.filter(party_id=party_id).order_by("valid_from", "id").values_list("id", "valid_from")
    )
    before = [valid_from for _id, valid_from in rows if valid_from <= since]
    first = max(before) if before else min((valid_from for _id, valid_from in rows), default=since)
    return frozenset(
        name_id
        for name_id, valid_from in rows
        if first <= valid_from and (until is None or valid_from <= max(until, first))
    )


def erased_with_remains() -> list[uuid.UUID]:
    """Return the parties that were erased and whose names or addresses some law kept."""
    rows = Party.objects.filter(Q(names__isnull=False) | Q(addresses__isnull=False), erased_at__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def only_through(party_id: uuid.UUID, on: dt.date) -> list[uuid.UUID]:
    """Return organisations and minors that are here only because this person acts for them: nothing else keeps them."""
    principals = set(Representation.objects.filter(agent_id=party_id).values_list("principal_id", flat=True))
    shared = set(
        Representation.objects.filter(principal_id__in=principals)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        .exclude(agent_id=party_id)
        .values_list("principal_id", flat=True)
    )
    alone = Party.objects.filter(pk__in=principals - shared, account__isnull=True, erased_at__isnull=True)
    return [found for found in sorted(alone.values_list("pk", flat=True)) if not kept_of(found, on)]


Telling = Callable[[uuid.UUID], Iterable[str]]
_erased: dict[str, Telling] = {}


def register_erased(code: str, tell: Telling) -> Telling:
    """Let a package say in words what it erases of a party; raises ValueError when its code is taken."""
    if _erased.get(code, tell) is not tell:
        raise ValueError(f"{code} tells what it erases already")
    _erased[code] = tell
    return tell


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """Say what an erasure takes away, what stays by which law, and who goes along, as known on a date."""

    party_id: uuid.UUID
    on: dt.date
    goes: tuple[str, ...]
    kept: tuple[Kept, ...]
    along: tuple[Particulars, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing stays."""
        return not self.kept

    @property
    def kept_name_ids(self) -> frozenset[uuid.UUID]:
        """Return the ids of the names that stay."""
        return frozenset().union(*(kept.name_ids for kept in self.kept))

    @property
    def kept_address_ids(self) -> frozenset[uuid.UUID]:
        """Return the ids of the addresses that stay."""
        return frozenset().union(*(kept.address_ids for kept in self.kept))


def notice_of(party_id: uuid.UUID, on: dt.date) -> Notice:
    """Return what an erasure on a date would take away of a party, and what it would leave, in the active language."""
    with parties([party_id]):
        goes = tuple(str(text) for _code, tell in sorted(_erased.items()) for text in tell(party_id))
    along = only_through(party_id, on)
    known = particulars(along, on)
    return Notice(party_id, on, goes, tuple(kept_of(party_id, on)), tuple(known[found] for found in along))


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A request for erasure that is open: when it was asked, and when it is carried out, once confirmed."""

    id: uuid.UUID
    party_id: uuid.UUID
    asked_at: dt.datetime
    due_at: dt.datetime | None


def asked_erasure(party_id: uuid.UUID) -> Asked | None:
    """Return the open request for erasure of a party, or None."""
    return _asked(Q(party_id=party_id))


def asked_erasure_by_id(request_id: uuid.UUID) -> Asked | None:
    """Return a request for erasure that is still open, or None."""
    return _asked(Q(pk=request_id))


def _asked(condition: Q) -> Asked | None:
    rows = DataRequest.objects.filter(condition, kind=RequestKind.ERASURE.value, state=RequestState.ASKED.value)
    found = rows.values_list("id", "party_id", "asked_at", "due_at").first()
    return None if found is None else Asked(*found)


def erasures_due(now: dt.datetime) -> list[uuid.UUID]:
    """Return the parties whose erasure was confirmed and whose waiting time is over."""
    rows = DataRequest.objects.filter(
        kind=RequestKind.ERASURE.value, state=RequestState.ASKED.value, due_at__lte=now, party__erased_at__isnull=True
    )
    return list(rows.order_by("due_at", "pk").values_list("party_id", flat=True))


def count_downloads(party_id: uuid.UUID, since: dt.datetime) -> int:
    """Return how often the data of a party were downloaded since a moment."""
    return DataRequest.objects.filter(party_id=party_id, kind=RequestKind.EXPORT.value, asked_at__gte=since).count()


def erasures() -> list[tuple[uuid.UUID, dt.datetime]]:
    """Return every erasure there was: the party's id and when, oldest first."""
    return list(Erasure.objects.order_by("at", "id").values_list("party_id", "at"))


def may_lose_more(party_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether a party has names or addresses that no law keeps on a date."""
    kept = kept_of(party_id, on)
    names = PartyName.objects.filter(party_id=party_id).exclude(pk__in={i for one in kept for i in one.name_ids})
    addresses = PartyAddress.objects.filter(party_id=party_id).exclude(
        pk__in={i for one in kept for i in one.address_ids}
    )
    return names.exists() or addresses.exists()
