"""The claims of a co-operative, sorted so that what an entry may be for is found quickly.

They are sorted once and kept in this process; after that only what changed is sorted anew. Who accepts a proposal is
checked again then, so that one that is a moment old does no harm.
"""

import dataclasses
import datetime as dt
import threading
import time
import uuid
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from coopcalc.matching import Candidate, Index, Line, Proposal, propose
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import ask
from coopwerf.people import queries as people

from ..states import ClaimState, Direction
from .claims import known_accounts, permanent_of

KEPT_FOR = 600
"""Seconds after which everything is sorted anew: names change without a claim that does."""
MOST_KEPT = 4
LARGEST_KEPT = 50_000
MOST_CHANGED = 1000
_AGO = dt.timedelta(minutes=1)
_COLUMNS = "id, party_id, direction, amount, paid, due_on, digits, state, iban, holder, payer"
_RECENT = """(state = 'open' OR touched_at > (
    SELECT max(touched_at) - interval '400 days' FROM payments_claim WHERE coop_id = %(coop)s
))"""
_CLAIMS = f"SELECT {_COLUMNS} FROM payments_claim WHERE coop_id = %(coop)s AND {_RECENT} ORDER BY id"  # noqa: S608
# What changed, with everything else of the same people: one claim may speak for them instead of another.
_CHANGED = f"""
    WITH changed AS (SELECT id, party_id FROM payments_claim WHERE coop_id = %(coop)s AND touched_at > %(since)s)
    SELECT {_COLUMNS} FROM payments_claim WHERE coop_id = %(coop)s AND {_RECENT}
        AND (id IN (SELECT id FROM changed) OR party_id IN (SELECT party_id FROM changed))
    ORDER BY id
"""  # noqa: S608  (made of our own constants)
_VERSION = """
    SELECT count(*), max(touched_at), (
        SELECT id FROM payments_match WHERE coop_id = %(coop)s ORDER BY id DESC LIMIT 1
    ) FROM payments_claim WHERE coop_id = %(coop)s
"""
_lock = threading.Lock()
_kept: "OrderedDict[uuid.UUID, _Kept]" = OrderedDict()


@dataclasses.dataclass(slots=True)
class Book:
    """All claims that an entry may be for, sorted; what is open of those that wait; whose each communication is."""

    index: Index
    open: dict[str, Decimal]
    permanent: dict[str, uuid.UUID]
    said: dict[uuid.UUID, Sequence[tuple[int | None, str, Decimal]]] = dataclasses.field(default_factory=dict)
    """What is certain of entries, for who counts them: the payment within it, the claim, the amount."""
    saying: dict[str, set[uuid.UUID]] = dataclasses.field(default_factory=lambda: defaultdict(set))
    changes: int = 0
    counted: tuple[Any, int] = ((), 0)
    """How many entries are certain, and of which state of the book and of the entries that was counted."""
    lock: threading.RLock = dataclasses.field(default_factory=threading.RLock)

    def propose(self, line: Line) -> tuple[Proposal, ...]:
        """Return what a line may be for; certain is only what is asked for still."""
        with self.lock:
            return tuple(
                dataclasses.replace(one, is_certain=False) if one.is_certain and one.claim not in self.open else one
                for one in propose(line, self.index)
            )

    def take(self, candidates: Iterable[Candidate], open: dict[str, Decimal], permanent: dict[str, uuid.UUID]) -> None:
        """Put claims in that changed, and forget what was said of entries that name them."""
        with self.lock:
            self.changes += 1
            self.permanent |= permanent
            for one in candidates:
                self.index.put(one)
                self.open.pop(one.claim, None)
                for digits in (*one.references, *one.permanent):
                    for entry_id in self.saying.pop(digits, ()):
                        self.said.pop(entry_id, None)
            self.open |= open


@dataclasses.dataclass(slots=True)
class _Kept:
    book: Book
    version: tuple[Any, ...]
    made: int

    @property
    def is_old(self) -> bool:
        return _seconds() - self.made >= KEPT_FOR


def _seconds() -> int:
    return time.monotonic_ns() // 1_000_000_000


def book(coop_id: uuid.UUID) -> Book:
    """Return the claims of a co-operative, sorted for matching."""
    return remembered(("payments.book", coop_id), lambda: _book(coop_id))


def _book(coop_id: uuid.UUID) -> Book:
    version = ask(_VERSION, {"coop": coop_id})[0]
    with _lock:
        kept = _kept.get(coop_id)
        if kept is not None and not kept.is_old:
            _kept.move_to_end(coop_id)
            if kept.version == version or _refreshed(coop_id, kept, version):
                return kept.book
    made = Book(Index(), {}, {})
    made.take(*_candidates(coop_id, ask(_CLAIMS, {"coop": coop_id})))
    if len(made.index) <= LARGEST_KEPT:
        with _lock:
            _kept[coop_id] = _Kept(made, version, _seconds())
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return made


def _refreshed(coop_id: uuid.UUID, kept: _Kept, version: tuple[Any, ...]) -> bool:
    """Sort anew only what changed; tell whether that was possible: not where what was seen was taken back."""
    before, after = kept.version, version
    if before[1] is None or after[1] is None or after[1] < before[1] or after[0] < before[0]:
        return False
    rows = ask(_CHANGED, {"coop": coop_id, "since": before[1] - _AGO})
    if len(rows) > MOST_CHANGED:
        return False
    kept.book.take(*_candidates(coop_id, rows))
    kept.version = version
    return True


def _candidates(
    coop_id: uuid.UUID, rows: Sequence[tuple[Any, ...]]
) -> tuple[Iterator[Candidate], dict[str, Decimal], dict[str, uuid.UUID]]:
    """Return claims as candidates, what is open of those that wait, and whose permanent communications speak."""
    owing = {row[1] for row in rows if row[1] is not None and row[7] == ClaimState.OPEN}
    everybody = {row[1] for row in rows if row[1] is not None}
    names = people.names_borne(owing)
    ibans = known_accounts(coop_id, owing)
    permanent = permanent_of(coop_id, everybody)
    # Who owes nothing just now is still recognised by their permanent communication: with their last claim.
    last = {row[1]: row[0] for row in rows if row[1] is not None and row[1] not in owing and row[2] == Direction.IN}

    def made() -> Iterator[Candidate]:
        for claim_id, party_id, direction, amount, paid, due_on, digits, state, iban, holder, payer in rows:
            is_open = state == ClaimState.OPEN
            is_out = direction == Direction.OUT
            known = (iban,) if is_out and iban else tuple(ibans.get(party_id, ())) if is_open and not is_out else ()
            called = tuple(names.get(party_id, ())) if is_open else ()
            speaks = not is_out and party_id in permanent and (is_open or last.get(party_id) == claim_id)
            yield Candidate(
                claim=str(claim_id),
                amount=max(amount - paid, Decimal(0)),
                party="" if party_id is None else str(party_id),
                is_out=is_out,
                references=(digits,),
                permanent=(permanent[party_id],) if speaks else (),
                payers=(payer,) if payer and is_open and not is_out else (),
                names=((holder,) if is_out and holder else ()) + called,
                ibans=known if is_open else (),
                due=due_on,
            )

    waits = {str(row[0]): row[3] - row[4] for row in rows if row[7] == ClaimState.OPEN}
    return made(), waits, {digits: party_id for party_id, digits in permanent.items()}
