"""The register on a date, as known at a position: who was a member, holding what, with what paid on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .records import ClassTerms, Member, Movement, Particulars, Standing, StandingEvent

ZERO = Decimal("0.00")


@dataclass(slots=True)
class Rows:
    """The rows a register is read from, each kind in the order of the chain."""

    members: list[Member] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    classes: list[ClassTerms] = field(default_factory=list)
    particulars: list[Particulars] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lot:
    """Shares of one class held at one amount per share, and what is paid on them together."""

    share_class: str
    class_code: str
    amount_per_share: Decimal
    shares: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Holder:
    """A member on the date asked, with its lots by class and amount; `ended_on` is None for who is one still."""

    member: Member
    admitted_on: date
    ended_on: date | None
    particulars: Particulars | None
    lots: tuple[Lot, ...]

    @property
    def is_member(self) -> bool:
        """Tell whether the membership hadn't ended by the date asked."""
        return self.ended_on is None


@dataclass(frozen=True, slots=True)
class Register:
    """The register `at` a date, `known` at a position (None: at the end): every member who had been admitted."""

    at: date
    known: int | None
    holders: tuple[Holder, ...]
    class_codes: Mapping[str, str]

    @property
    def members(self) -> int:
        """Count who was a member on the date."""
        return sum(1 for holder in self.holders if holder.is_member)

    @property
    def shares(self) -> dict[str, int]:
        """Count the shares per class code, for every class that had terms by the date or is held."""
        counts = dict.fromkeys(self.class_codes.values(), 0)
        for holder in self.holders:
            for lot in holder.lots:
                counts[lot.class_code] += lot.shares
        return dict(sorted(counts.items()))

    @property
    def paid(self) -> Decimal:
        """Add up what is paid on all shares, in euro."""
        return sum((lot.paid for holder in self.holders for lot in holder.lots), ZERO)


def fold(rows: Rows, *, at: date, known: int | None = None) -> Register:
    """Read the register on a date, from the rows that stood in the chain at a position (all of them when None).

    Holders come sorted by number. Rows that point at a member or class that isn't there are left out: the check names
    them.
    """

    standings = _in_force(s for s in rows.standings if known is None or s.position <= known)
    spans = _spans(s for s in standings if s.on <= at)
    codes = {c: terms.code for c, terms in terms_at(rows.classes, at=at, known=known).items()}
    lots: dict[str, dict[tuple[str, Decimal, str], tuple[int, Decimal]]] = defaultdict(dict)
    for movement in rows.movements:
        if movement.on <= at and (known is None or movement.position <= known) and movement.share_class in codes:
            held = lots[movement.member]
            key = (codes[movement.share_class], movement.amount_per_share, movement.share_class)
            shares, paid = held.get(key, (0, ZERO))
            held[key] = (shares + movement.quantity, paid + movement.paid)
    names = particulars_at(rows.particulars, at=at, known=known)
    holders: list[Holder] = []
    for member in rows.members:
        if member.id not in spans or (known is not None and member.position > known):
            continue
        held_lots = tuple(
            Lot(share_class, code, amount, shares, paid)
            for (code, amount, share_class), (shares, paid) in sorted(lots.get(member.id, {}).items())
            if shares or paid
        )
        admitted_on, ended_on = spans[member.id]
        holders.append(Holder(member, admitted_on, ended_on, names.get(member.party), held_lots))
    holders.sort(key=lambda holder: (holder.member.number, holder.member.id))
    return Register(at, known, tuple(holders), codes)


def _in_force(standings: Iterable[Standing]) -> list[Standing]:
    known = list(standings)
    voided = {s.voids for s in known if s.voids is not None}
    return [s for s in known if s.voids is None and s.id not in voided]


def _spans(standings: Iterable[Standing]) -> dict[str, tuple[date, date | None]]:
    """Find each member's last span: admitted, and ended where it had ended."""
    spans: dict[str, tuple[date, date | None]] = {}
    for standing in sorted(standings, key=lambda s: (s.on, s.position)):
        if standing.event == StandingEvent.ADMITTED:
            spans[standing.member] = (standing.on, None)
        elif standing.member in spans:
            spans[standing.member] = (spans[standing.member][0], standing.on)
    return spans


def terms_at(classes: Iterable[ClassTerms], *, at: date, known: int | None = None) -> dict[str, ClassTerms]:
    """Find the terms that hold for each class on a date; before the first terms of a class, those first ones."""
    found: dict[str, ClassTerms] = {}
    for terms in sorted(classes, key=lambda t: (t.from_on, t.position)):
        if known is not None and terms.position > known:
            continue
        if terms.id not in found or terms.from_on <= at:
            found[terms.id] = terms
    return found


def particulars_at(particulars: Iterable[Particulars], *, at: date, known: int | None = None) -> dict[str, Particulars]:
    """Find the particulars that hold for each party on a date; before the first ones, none."""
    found: dict[str, Particulars] = {}
    for entry in sorted(particulars, key=lambda p: (p.from_on, p.position)):
        if entry.from_on <= at and (known is None or entry.position <= known):
            found[entry.party] = entry
    return found
