"""Files overlap, come in any order, are issued again: each entry of the account counts once, two coffees twice."""

import dataclasses
import itertools
from collections import defaultdict
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopcalc.bank.overlap import Mark, Part, is_anchored, is_kin, points_of, unseen

COFFEE = Decimal("-3.00")


@dataclasses.dataclass
class Books:
    """What was booked so far of an account, by day."""

    marks: dict[int, list[Mark]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    parts: dict[int, list[Part]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    by_amount: int = 0
    alike: int = 0

    def bring(
        self,
        entries: list[tuple[int, Decimal, str]],
        opening: Decimal | None,
        *,
        number: int | None = None,
        reference: str = "",
        has_accounts: bool = False,
    ) -> int:
        """Bring a statement of (day, amount, content); return how many entries were new."""
        by_day: dict[int, list[Mark]] = defaultdict(list)
        points: dict[int, Part] = {}
        balance = opening
        for day, amount, content in sorted(entries, key=lambda one: one[0]):
            by_day[day].append(Mark(amount, content, reference, content if has_accounts else "", balance))
            before = points[day].opening if day in points else balance
            balance = None if balance is None else balance + amount
            points[day] = Part(before, balance, number)
        compared = [(points_of(by_day[day], ()), points_of(self.marks[day], self.parts[day])) for day in points]
        compared += self.beside(points)
        anchored = is_anchored(compared)
        count = 0
        for day, marks in by_day.items():
            told = unseen(marks, points[day], self.marks[day], self.parts[day], anchored=anchored)
            flags = told.new
            self.by_amount += sum(told.by_amount)
            self.alike += sum(told.alike)
            self.marks[day] += [mark for mark, is_new in zip(marks, flags, strict=True) if is_new]
            if opening is not None:
                self.parts[day].append(points[day])
            count += sum(flags)
        return count

    def beside(self, points: dict[int, Part]) -> list[tuple[set[Decimal], set[Decimal]]]:
        """Return what joins a statement at its first and last day."""
        found = []
        for part, days in (
            (points[min(points)], [day for day in self.parts if day < min(points)][-1:]),
            (points[max(points)], [day for day in self.parts if day > max(points)][:1]),
        ):
            near = points_of((), [one for day in days for one in self.parts[day]])
            if part.opening in near or part.closing in near:
                found.append((near, near))
        return found


def test_two_coffees_are_two_and_a_longer_file_adds_none() -> None:
    """In one file, in two files of one morning and one afternoon, and again in the file of the month."""
    books = Books()
    assert books.bring([(1, COFFEE, "coffee")], Decimal(100)) == 1
    assert books.bring([(1, COFFEE, "coffee")], Decimal(97)) == 1
    assert books.bring([(1, COFFEE, "coffee")] * 2, Decimal(100)) == 0
    assert books.bring([(1, COFFEE, "coffee")] * 3, Decimal(100)) == 1
    assert books.bring([(1, COFFEE, "coffee")], Decimal(94)) == 0


def test_the_middle_comes_last() -> None:
    """The first and the last third of a day came already; in the middle stands the same coffee once more."""
    books = Books()
    assert books.bring([(1, COFFEE, "coffee")], Decimal(100), number=1) == 1
    assert books.bring([(1, COFFEE, "coffee")], Decimal(94), number=3) == 1
    assert books.bring([(1, COFFEE, "coffee")], Decimal(97), number=2) == 1
    assert books.bring([(1, COFFEE, "coffee")] * 3, Decimal(100), number=9) == 0


def test_a_statement_issued_again_adds_nothing_whatever_its_text() -> None:
    """The bank writes a name that it had forgotten, other references, another order."""
    books = Books()
    lines = [(1, COFFEE, "coffee"), (1, Decimal(250), "jana"), (2, Decimal(50), "piet")]
    assert books.bring(lines, Decimal(100)) == 3
    again = [(1, Decimal(250), "Jana Peeters"), (1, COFFEE, "Coffee bar"), (2, Decimal(50), "Piet")]
    assert books.bring(again, Decimal(100)) == 0
    assert books.by_amount == 3, "somebody is told to look"


def test_the_account_comes_back_to_a_balance_and_the_same_amount_follows() -> None:
    """In, out, and in again from somebody else: equal balances alone don't make a statement the same, in any order."""
    story = [(1, Decimal(150), "jana", 100), (2, Decimal(-150), "supplier", 250), (3, Decimal(150), "omar", 100)]
    for has_accounts, order in itertools.product((True, False), itertools.permutations(story)):
        books = Books()
        for number, amount, who, opening in (*order, *order):
            books.bring([(1, amount, who)], Decimal(opening), number=number, has_accounts=has_accounts)
        assert len(books.marks[1]) == 3, (has_accounts, order)
        assert books.by_amount == 0


def test_without_numbers_accounts_tell_two_payments_apart() -> None:
    """The bank numbers nothing: another account still says that it is other money."""
    books = Books()
    for amount, who, opening in ((150, "jana", 100), (-150, "supplier", 250), (150, "omar", 100)):
        assert books.bring([(1, Decimal(amount), who)], Decimal(opening), has_accounts=True) == 1


def test_two_references_are_two_payments_unless_nothing_fits_between() -> None:
    """Issued again just after, with the day's own balances, it is the same; with room in between it is another."""
    for number, new in ((1, 0), (2, 0), (3, 1)):
        books = Books()
        assert books.bring([(1, Decimal(150), "jana")], Decimal(100), number=1, reference="R1") == 1
        again = books.bring([(1, Decimal(150), "Jana Peeters")], Decimal(100), number=number, reference="R2")
        assert (again, books.by_amount) == (new, 1 - new), number


def test_a_statement_that_ends_where_it_began_is_another_by_its_number() -> None:
    """In, and in the next statement out and in again by the same payer: no balance moved in it, and still it is new."""
    story = [
        [(1, Decimal(150), "jana")],
        [(1, Decimal(-150), "supplier"), (1, Decimal(150), "jana")],
        [(1, Decimal(20), "piet")],
    ]
    openings = (100, 250, 250)
    for has_accounts, order in itertools.product((True, False), ((1, 2, 3), (2, 1, 3), (3, 2, 1))):
        books = Books()
        for number in (*order, *order):
            opening = Decimal(openings[number - 1])
            books.bring(story[number - 1], opening, number=number, has_accounts=has_accounts)
        assert len(books.marks[1]) == 4, (has_accounts, order)
        assert books.alike == 1, "who sees the same payer twice is told"


def test_what_may_have_followed_is_told() -> None:
    """Nothing is numbered: in, out, and the same payer's next transfer with another text, or even with the same."""
    for text in ("for Anna", "for Bram"):
        books = Books()
        for amount, opening in ((150, 100), (-150, 250)):
            assert books.bring([(1, Decimal(amount), f"{amount} for Anna")], Decimal(opening)) == 1
        assert books.by_amount == 0
        new = books.bring([(1, Decimal(150), f"150 {text}")], Decimal(100))
        assert new + books.by_amount == 1, text


def test_ranges_that_overlap_arent_taken_for_the_next_statement() -> None:
    """A bank's web page numbers its exports as it makes them: what they both hold is the same."""
    history = [(1, Decimal(20), "anna"), (1, Decimal(50), "piet"), (1, Decimal(-80), "supplier"), (1, COFFEE, "coffee")]
    balances = running(history)
    books = Books()
    new = 0
    for number, (begin, end) in enumerate(((3, 4), (1, 2), (1, 3), (0, 4)), start=1):
        new += books.bring(history[begin:end], balances[begin], number=number)
    assert new == len(history)
    assert (books.by_amount, books.alike) == (0, 0)


def test_balances_that_arent_the_accounts_dont_double() -> None:
    """A bank's web page exports a range with nought as its opening balance: equal lines are the same lines."""
    books = Books()
    lines = [(1, COFFEE, "coffee"), (1, COFFEE, "coffee"), (2, Decimal(50), "piet")]
    assert books.bring(lines, Decimal(100)) == 3
    assert books.bring(lines, Decimal(0)) == 0
    assert books.bring([*lines, (2, COFFEE, "coffee")], None) == 1


def test_without_balances_equal_lines_are_counted() -> None:
    """What a file holds more often than is known is new."""
    books = Books()
    assert books.bring([(1, COFFEE, "coffee")], None) == 1
    assert books.bring([(1, COFFEE, "coffee"), (1, COFFEE, "coffee")], None) == 1
    assert books.bring([(1, COFFEE, "coffee")], None) == 0
    assert books.bring([(1, COFFEE, "coffee")] * 3, Decimal(100)) == 1


def test_what_says_that_two_are_two() -> None:
    """Another reference or another account; where one is missing it says nothing."""
    one = Mark(COFFEE, "a", "R1", "BE1")
    assert is_kin(one, Mark(COFFEE, "b", "", "BE1"))
    assert is_kin(one, Mark(COFFEE, "b", "R1", ""))
    assert not is_kin(one, Mark(COFFEE, "b", "R2", "BE1"))
    assert not is_kin(one, Mark(COFFEE, "b", "R1", "BE2"))
    assert not is_kin(one, Mark(Decimal(3), "b", "R1", "BE1"))


def test_an_account_that_came_back_to_a_balance_goes_on_from_there() -> None:
    """In 150, out 150, and somebody else's 150: three numbered statements of a day, of which none is swallowed."""
    first, out, other = (
        Mark(Decimal(150), "jana", "IN-1", "BE1", Decimal(100)),
        Mark(Decimal(-150), "supplier", "OUT-1", "BE2", Decimal(250)),
        Mark(Decimal(150), "omar", "IN-2", "BE3", Decimal(100)),
    )
    parts = [Part(Decimal(100), Decimal(250), 1), Part(Decimal(250), Decimal(100), 2)]
    third = Part(Decimal(100), Decimal(250), 3)
    assert unseen([other], third, [first, out], parts, anchored=True).new == [True]
    # The first one issued again, under its number, with a text and a reference of its own: still the same money.
    again = Part(Decimal(100), Decimal(250), 1)
    known = dataclasses.replace(other, account="BE1")
    assert unseen([known], again, [first, out], parts, anchored=True).new == [False]


HISTORY = st.lists(
    st.tuples(
        st.integers(1, 4), st.sampled_from([COFFEE, Decimal(-5), Decimal(25), Decimal(100)]), st.sampled_from("ab")
    ),
    min_size=1,
    max_size=14,
)


@given(HISTORY, st.data())
@settings(max_examples=300, deadline=None)
def test_any_windows_in_any_order_book_each_entry_once(
    history: list[tuple[int, Decimal, str]], data: st.DataObject
) -> None:
    """A history is cut into files that touch or overlap anywhere; they come in any order, and twice."""
    history.sort(key=lambda one: one[0])
    balances = [Decimal(1000)]
    for _day, amount, _content in history:
        balances.append(balances[-1] + amount)
    # Where the account comes back to a balance within a day, no bank's balance tells two moments apart.
    for day in {one[0] for one in history}:
        places = [place for place, one in enumerate(history) if one[0] == day]
        within = balances[places[0] : places[-1] + 2]
        if len(set(within)) != len(within):
            return
    cuts = sorted({0, len(history), *data.draw(st.lists(st.integers(0, len(history)), max_size=4))})
    windows = list(itertools.pairwise(cuts))
    windows += [
        tuple(sorted(pair)) for pair in data.draw(st.lists(st.tuples(*[st.integers(0, len(history))] * 2), max_size=3))
    ]
    order = data.draw(st.permutations([*windows, *windows]))
    books = Books()
    total = 0
    for begin, end in order:
        if begin < end:
            total += books.bring(history[begin:end], balances[begin], number=begin * 100 + end)
    assert total == len(history)


def cut(history: list[tuple[int, Decimal, str]], places: list[int]) -> list[tuple[int, int]]:
    """Return the windows between some places of a history."""
    return list(itertools.pairwise(sorted({0, len(history), *places})))


def running(history: list[tuple[int, Decimal, str]]) -> list[Decimal]:
    """Return the balance before each entry, and after the last."""
    return [*itertools.accumulate((one[1] for one in history), initial=Decimal(1000))]


AMOUNTS = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from([Decimal(-5), Decimal(5), Decimal(10), Decimal(-10)])),
    min_size=2,
    max_size=10,
)


@given(AMOUNTS, st.data())
@settings(max_examples=300, deadline=None)
def test_where_balances_return_accounts_keep_each_entry(
    amounts: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    """The account comes back to the same balance again and again; each payment is of another account."""
    history = [(day, amount, f"payer {place}") for place, (day, amount) in enumerate(sorted(amounts))]
    balances = running(history)
    windows = cut(history, data.draw(st.lists(st.integers(0, len(history)), max_size=4)))
    windows += [
        (min(pair), max(pair))
        for pair in data.draw(st.lists(st.tuples(*[st.integers(0, len(history))] * 2), max_size=3))
    ]
    books = Books()
    for begin, end in data.draw(st.permutations([*windows, *windows])):
        if begin < end:
            # Files of ranges: numbered, but never as if one followed the other.
            number = begin * 100 + end * 2
            books.bring(history[begin:end], balances[begin], number=number, has_accounts=True)
    booked = sorted(mark.account for marks in books.marks.values() for mark in marks)
    assert booked == sorted(content for _day, _amount, content in history)


@given(AMOUNTS, st.data())
@settings(max_examples=300, deadline=None)
def test_where_nothing_tells_two_apart_somebody_is_told(
    amounts: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    """Two payers again and again, numbered statements in their order, some issued again: none is lost in silence."""
    drawn = data.draw(st.lists(st.sampled_from("ab"), min_size=len(amounts), max_size=len(amounts)))
    history = [(day, amount, who) for (day, amount), who in zip(sorted(amounts), drawn, strict=True)]
    balances = running(history)
    windows = list(enumerate(cut(history, data.draw(st.lists(st.integers(0, len(history)), max_size=4))), start=1))
    has_accounts = data.draw(st.booleans())
    books = Books()
    for number, (begin, end) in (*windows, *data.draw(st.lists(st.sampled_from(windows), max_size=3))):
        books.bring(history[begin:end], balances[begin], number=number, has_accounts=has_accounts)
    booked = sum(map(len, books.marks.values()))
    assert booked <= len(history), "none is booked twice"
    assert booked == len(history) or books.by_amount


@given(AMOUNTS, st.data())
@settings(max_examples=300, deadline=None)
def test_where_balances_return_numbers_keep_each_entry(amounts: list[tuple[int, Decimal]], data: st.DataObject) -> None:
    """Nothing but amounts and the bank's own numbers: statements that follow each other, and all of them again."""
    history = [(day, amount, "the same") for day, amount in sorted(amounts, key=lambda one: one[0])]
    balances = running(history)
    windows = cut(history, data.draw(st.lists(st.integers(0, len(history)), max_size=6)))
    for begin, end in windows:
        for day in (1, 2):
            # Of a piece that leaves the account where it was, nothing tells whether it is the same or came twice.
            within = [amount for on, amount, _content in history[begin:end] if on == day]
            assume(not within or sum(within))
    books = Books()
    for _time in range(2):
        for number, (begin, end) in enumerate(windows, start=1):
            books.bring(history[begin:end], balances[begin], number=number)
        assert sum(map(len, books.marks.values())) == len(history)
