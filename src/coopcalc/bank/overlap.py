"""Which entries of a day are known already: files overlap, statements are issued again, two coffees are two coffees.

Banks promise no reference by which an entry could be told from every other. What a bank always tells is the balance:
an entry with the same amount on the same day, before which the account held the same, is the same entry. Two equal
coffees stand at different balances, so both count; a file that holds the same two again adds none.

Where balances say nothing (a statement without them, or with others than the account's), entries of equal content are
counted: what a file holds more often than is known, is new.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from decimal import Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """What an entry is recognised by: its amount, what the bank says of it, and the balance before it.

    `content` is equal only for entries of which the bank says the same. `before` is None where the balance isn't known.
    """

    amount: Decimal
    content: Hashable
    reference: str = ""
    account: str = ""
    before: Decimal | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What one statement holds of a day: the balances before and after it, and the statement's own number."""

    opening: Decimal | None
    closing: Decimal | None
    number: int | None = None


def points_of(marks: Iterable[Mark], parts: Iterable[Part]) -> set[Decimal]:
    """Return the balances at which the account is known to have been on a day."""
    found: set[Decimal] = set()
    for mark in marks:
        if mark.before is not None:
            found.update((mark.before, mark.before + mark.amount))
    for part in parts:
        found.update(point for point in (part.opening, part.closing) if point is not None)
    return found


def is_anchored(days: Iterable[tuple[Collection[Decimal], Collection[Decimal]]]) -> bool:
    """Tell whether a statement's balances are those of the account.

    Each of its days is given with its own balances, and with those known of that day or of the one beside it. On half
    of the days at least of which both are known, they have one in common.
    """
    told = [any(point in known for point in own) for own, known in days if own and known]
    return 2 * sum(told) >= len(told) > 0


def unseen(
    fresh: Sequence[Mark], part: Part, known: Sequence[Mark], parts: Sequence[Part], *, anchored: bool
) -> list[bool]:
    """Return of each entry of a statement's day whether it is new.

    `known` are the day's entries so far, `parts` what known statements hold of the day. `anchored` tells whether the
    statement's balances are those of the account: they join what is known somewhere.
    """
    pairing = _Pairing(fresh, known)
    if anchored:
        pairing.pair(lambda mark: None if mark.before is None else (mark.amount, mark.before, mark.content))
        pairing.pair_kin(by_balance=True)
        is_same = _is_same(part, parts) and not _goes_on(part, parts)
        # Where not one balance agrees although both begin or end alike, the bank wrote the day in another order.
        if not is_same and (len(pairing.fresh) < len(fresh) or _is_apart(part, parts)):
            # Only what stands without a balance may still be the same.
            pairing.drop_known(lambda mark: mark.before is not None)
    elif _is_another_number(part, parts):
        return pairing.left_of_fresh()
    else:
        is_same = False
    pairing.pair(lambda mark: (mark.amount, mark.content))
    if is_same:
        # Issued again: the same money in the same day, however its text reads now.
        pairing.pair_kin(by_balance=False)
        pairing.pair(lambda mark: mark.amount)
    return pairing.left_of_fresh()


def _is_same(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether a part begins and ends where known parts do: they hold the same part of the day."""
    if part.opening is None or part.closing is None:
        return False
    return any(one.opening == part.opening for one in parts) and any(one.closing == part.closing for one in parts)


def _goes_on(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether a part of another number may go on where the account came back to: it isn't one issued again."""
    return _is_another_number(part, parts) and any(one.closing == part.opening != one.opening for one in parts)


def _is_apart(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether a part lies beside what is known of the day: it begins and ends nowhere where a known part does."""
    if part.opening is None or part.closing is None:
        return False
    return all(one.opening != part.opening and one.closing != part.closing for one in parts)


def _is_another_number(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether the bank itself numbers this as another statement, with balances, than each that is known."""
    if part.number is None or part.opening is None or part.closing is None:
        return False
    return bool(parts) and all(
        one.number is not None and one.number != part.number and one.opening is not None for one in parts
    )


class _Pairing:
    """Pair entries of a file with known ones, each with at most one."""

    def __init__(self, fresh: Sequence[Mark], known: Sequence[Mark]) -> None:
        self.count = len(fresh)
        self.fresh = dict(enumerate(fresh))
        self.known = dict(enumerate(known))

    def pair(self, key: Callable[[Mark], Hashable]) -> None:
        """Pair what has the same key; None is no key."""
        if not self.fresh or not self.known:
            return
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for place, mark in self.known.items():
            found = key(mark)
            if found is not None:
                waiting[found].append(place)
        for place, mark in list(self.fresh.items()):
            found = key(mark)
            if found is not None and waiting.get(found):
                del self.known[waiting[found].pop(0)]
                del self.fresh[place]

    def pair_kin(self, *, by_balance: bool) -> None:
        """Pair equal amounts whose texts differ, where neither reference nor account says that they are two."""
        if not self.fresh or not self.known:
            return
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for place, mark in self.known.items():
            if not by_balance or mark.before is not None:
                waiting[mark.amount, mark.before if by_balance else None].append(place)
        for place, mark in list(self.fresh.items()):
            if by_balance and mark.before is None:
                continue
            among = waiting.get((mark.amount, mark.before if by_balance else None), [])
            other = next((one for one in among if is_kin(mark, self.known[one])), None)
            if other is not None:
                among.remove(other)
                del self.known[other]
                del self.fresh[place]

    def drop_known(self, which: Callable[[Mark], bool]) -> None:
        """Pair no more with some of the known ones."""
        self.known = {place: mark for place, mark in self.known.items() if not which(mark)}

    def left_of_fresh(self) -> list[bool]:
        """Return of each entry of the file whether it found no partner."""
        return [place in self.fresh for place in range(self.count)]


def is_kin(one: Mark, other: Mark) -> bool:
    """Tell whether nothing says that two entries of one amount are two: neither their references nor their accounts."""
    return (
        one.amount == other.amount
        and (not one.reference or not other.reference or one.reference == other.reference)
        and (not one.account or not other.account or one.account == other.account)
    )
