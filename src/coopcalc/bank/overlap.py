"""Which entries of a day are known already: files overlap, statements are issued again, two coffees are two coffees.

Banks promise no reference by which an entry could be told from every other. What a bank always tells is the balance:
an entry with the same amount on the same day, before which the account held the same, is the same entry. Two equal
coffees stand at different balances, so both count; a file that holds the same two again adds none.

Where the account comes back to a balance within a day, balances alone don't tell two moments apart: there the bank's
own numbers, references and accounts decide, and in doubt an entry is new. What is taken as known by its amount alone,
or where it may be another, is told, so that somebody can look; and what is new although it looks like a known one.

Where balances say nothing (a statement without them, or with others than the account's), entries of equal content are
counted: what a file holds more often than is known, is new.
"""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from decimal import Decimal

_Steps = Collection[tuple[Decimal, Decimal]]


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


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What was found of each entry of a day: whether it is new, and whether somebody has to look at it.

    `by_amount` are known although nothing that the bank says of them tells that they are the same, or although they may
    have followed the same ones. `alike` are new although one is known at the same balance that may be the same.
    """

    new: list[bool]
    by_amount: list[bool]
    alike: list[bool]


def unseen(fresh: Sequence[Mark], part: Part, known: Sequence[Mark], parts: Sequence[Part], *, anchored: bool) -> Told:
    """Return which entries of a statement's day are new.

    `known` are the day's entries so far, `parts` what known statements hold of the day. `anchored` tells whether the
    statement's balances are those of the account: they join what is known somewhere.
    """
    pairing = _Pairing(fresh, known)
    is_same = may_be_other = False
    if anchored:
        own, there = _steps(fresh), _steps(known)
        comes_back = _comes_back(own) or _comes_back(there)
        may_be_later = _comes_back({*own, *there})
        joins = may_be_later and _joins(part, there, parts)
        follows = may_be_later and _follows(part, parts)
        if joins and follows:
            # The account came back to a balance, and this is what followed: only the bank's reference says otherwise.
            pairing.pair(lambda mark: (mark.amount, mark.content) if mark.reference else None)
            return pairing.told()
        if part.number is None or part not in parts:
            pairing.is_doubtful, pairing.comes_back = joins or follows, comes_back
        may_be_other = _may_be_other(part, parts, joins=joins)
        pairing.pair(lambda mark: None if mark.before is None else (mark.amount, mark.before, mark.content))
        pairing.pair_kin(by_balance=True, must_share=may_be_other)
        is_same = _is_same(part, parts)
        # Where not one balance agrees although both begin or end alike, the bank wrote the day in another order.
        if not is_same and (len(pairing.fresh) < len(fresh) or _is_apart(part, parts)):
            # Only what stands without a balance may still be the same.
            pairing.drop_known(lambda mark: mark.before is not None)
    elif _is_another_number(part, parts):
        return pairing.told()
    pairing.pair(lambda mark: (mark.amount, mark.content))
    if is_same:
        # Issued again: the same money in the same day, however its text reads now.
        pairing.pair_kin(by_balance=False, must_share=may_be_other)
        if not may_be_other:
            pairing.pair_amounts()
    return pairing.told()


def _joins(part: Part, walked: _Steps, parts: Sequence[Part]) -> bool:
    """Tell whether a part goes on where the known steps of the day end, or ends where they begin."""
    if part.opening is None or part.closing is None:
        return False
    befores, afters = Counter(before for before, _after in walked), Counter(after for _before, after in walked)
    begins, ends = befores - afters, afters - befores
    if walked and not begins:
        # The account came back to where it was: it began with the lowest number, or with what came first.
        told = sorted(parts, key=lambda one: one.number or 0)
        edge = told[0].opening if told else next(iter(walked))[0]
        return part.opening != part.closing and edge in (part.opening, part.closing)
    return part.opening in ends or part.closing in begins


def _follows(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether the bank numbers a part just after a known one and begins it there, or just before one."""
    numbers = [one.number for one in parts if one.number is not None]
    if part.number is None or part.number in numbers or len(numbers) < len(parts):
        return False
    return any(
        (one.number == part.number - 1 and one.closing == part.opening)
        or (one.number == part.number + 1 and one.opening == part.closing)
        for one in parts
    )


def _steps(marks: Sequence[Mark]) -> list[tuple[Decimal, Decimal]]:
    """Return from which balance to which the account went."""
    return [(mark.before, mark.before + mark.amount) for mark in marks if mark.before is not None and mark.amount]


def _comes_back(steps: _Steps) -> bool:
    """Tell whether an account that went these steps was twice at a balance."""
    goes_on = dict(steps)
    at = goes_on.keys() - {after for _before, after in steps}
    reached: set[Decimal] = set()
    while at:
        reached |= at
        at = {goes_on[one] for one in at if one in goes_on} - reached
    afters = {after for _before, after in steps}
    return len(goes_on) < len(steps) or len(afters) < len(steps) or not goes_on.keys() <= reached


def _may_be_other(part: Part, parts: Sequence[Part], *, joins: bool) -> bool:
    """Tell whether a part may hold other money than known ones although its balances are the same.

    It may where it follows them or is followed by them, and where the bank's numbers leave room between it and each of
    them: then others, in which the account came back, may still be on their way.
    """
    numbers = [one.number for one in parts if one.number is not None]
    if part.number is not None and part.number in numbers:
        return False
    if joins:
        return True
    if part.number is None or not numbers or len(numbers) < len(parts):
        return False
    return min(abs(part.number - number) for number in numbers) > 1


def _is_same(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether a part begins and ends where known parts do: they hold the same part of the day."""
    if part.opening is None or part.closing is None:
        return False
    return any(one.opening == part.opening for one in parts) and any(one.closing == part.closing for one in parts)


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
    """Pair entries of a file with known ones, each with at most one.

    Where it `is_doubtful` they may have followed the known ones: then only the bank's reference tells that two are one.
    Where the account `comes_back` to a balance the same at the same balance tells so too, and nothing less.
    """

    def __init__(self, fresh: Sequence[Mark], known: Sequence[Mark]) -> None:
        self.count = len(fresh)
        self.fresh = dict(enumerate(fresh))
        self.known = dict(enumerate(known))
        self.apart: list[Mark] = []
        self.by_amount: set[int] = set()
        self.is_doubtful = self.comes_back = False

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
                self._take(place, waiting[found].pop(0), is_sure=True)

    def pair_kin(self, *, by_balance: bool, must_share: bool) -> None:
        """Pair equal amounts whose texts differ, where neither reference nor account says that they are two.

        With `must_share` one of both has to be the same, too.
        """

        def fits(one: Mark, other: Mark) -> bool:
            return is_kin(one, other) and (not must_share or _shares(one, other))

        self._pair_alike(fits, by_balance=by_balance)

    def pair_amounts(self) -> None:
        """Pair equal amounts whose references differ too, where the accounts don't say that they are two."""
        self._pair_alike(lambda one, other: _is_one_account(one.account, other.account), by_balance=False)

    def _pair_alike(self, fits: Callable[[Mark, Mark], bool], *, by_balance: bool) -> None:
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
            found = next((one for one in among if fits(mark, self.known[one])), None)
            if found is not None:
                other = self.known[found]
                among.remove(found)
                self._take(place, found, is_sure=is_kin(mark, other) and _shares(mark, other))

    def _take(self, place: int, found: int, *, is_sure: bool) -> None:
        """Pair an entry with a known one, and tell of it where that isn't sure."""
        mark, other = self.fresh.pop(place), self.known.pop(found)
        if self.comes_back:
            is_sure = is_sure and (mark.before, mark.content) == (other.before, other.content)
        if not (is_sure and not self.is_doubtful) and not (mark.reference and mark.reference == other.reference):
            self.by_amount.add(place)

    def drop_known(self, which: Callable[[Mark], bool]) -> None:
        """Pair no more with some of the known ones."""
        self.apart += [mark for mark in self.known.values() if which(mark)]
        self.known = {place: mark for place, mark in self.known.items() if not which(mark)}

    def told(self) -> Told:
        """Return of each entry of the file whether it found no partner, by its amount only, or one that it left."""
        places = range(self.count)
        left = defaultdict(list)
        for mark in (*self.known.values(), *self.apart):
            left[mark.amount, mark.before].append(mark)
        alike = {
            place
            for place, mark in self.fresh.items()
            if mark.before is not None and any(is_kin(mark, one) for one in left[mark.amount, mark.before])
        }
        return Told(
            [place in self.fresh for place in places],
            [place in self.by_amount for place in places],
            [place in alike for place in places],
        )


def is_kin(one: Mark, other: Mark) -> bool:
    """Tell whether nothing says that two entries of one amount are two: neither their references nor their accounts."""
    return (
        one.amount == other.amount
        and (not one.reference or not other.reference or one.reference == other.reference)
        and _is_one_account(one.account, other.account)
    )


def _is_one_account(one: str, other: str) -> bool:
    """Tell whether two accounts may be the same: one isn't told, or is the other's local number."""
    return one.endswith(other) or other.endswith(one)


def _shares(one: Mark, other: Mark) -> bool:
    """Tell whether two entries have the same reference, or the same account."""
    return bool(one.reference and one.reference == other.reference) or bool(
        one.account and other.account and _is_one_account(one.account, other.account)
    )
