"""Open requests, found by reference, account, name and amount without looking at each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from .names import NameForm, is_alike, name_form
from .terms import Candidate
from .weights import MOST_WITH_A_WORD

_SHORTEST_WORD: Final = 3


class Side:
    """Requests of one direction: money to come, or money to pay. Each has a place, which says nothing."""

    def __init__(self) -> None:
        self.candidates: Final[dict[int, Candidate]] = {}
        self.forms: Final[dict[int, tuple[NameForm, ...]]] = {}
        self.own: Final[dict[str, list[int]]] = defaultdict(list)
        self.permanent: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_iban: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_party: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_amount: Final[dict[Decimal, list[int]]] = defaultdict(list)
        self.by_form: Final[dict[NameForm, list[int]]] = defaultdict(list)
        self.by_words: Final[dict[tuple[str, ...], list[int]]] = defaultdict(list)
        self.by_word: Final[dict[str, list[NameForm]]] = defaultdict(list)
        self._alike: Final[dict[NameForm, list[int]]] = {}

    def add(self, place: int, one: Candidate) -> None:
        """Put a request in its place."""
        self.candidates[place] = one
        self.forms[place] = forms = tuple(name_form(name) for name in (*one.names, *one.payers) if name)
        for form in set(forms):
            if form not in self.by_form:
                for word in set(form.words):
                    if len(word) >= _SHORTEST_WORD:
                        self.by_word[word].append(form)
        for table, key in self._keys(one, forms):
            table[key].append(place)
        self._alike.clear()

    def remove(self, place: int) -> None:
        """Take a request away."""
        for table, key in self._keys(self.candidates.pop(place), self.forms.pop(place)):
            table[key].remove(place)
            if not table[key] and table is not self.by_form:
                del table[key]
        self._alike.clear()

    def _keys(self, one: Candidate, forms: tuple[NameForm, ...]) -> Iterator[tuple[dict[Any, list[int]], Any]]:
        """Yield under what a request is found."""
        keys: tuple[tuple[dict[Any, list[int]], Iterable[Any]], ...] = (
            (self.own, one.references),
            (self.permanent, one.permanent),
            (self.by_iban, one.ibans),
            (self.by_party, (one.party,) if one.party else ()),
            (self.by_amount, (one.amount,) if one.amount else ()),
            (self.by_form, forms),
            (self.by_words, (form.words for form in forms)),
        )
        for table, found in keys:
            for key in set(found):
                yield table, key

    def __contains__(self, reference: object) -> bool:
        """Tell whether a communication is known here."""
        return reference in self.own or reference in self.permanent

    def is_shared(self, iban: str) -> bool:
        """Tell whether an account paid for several people."""
        return len({self.who(place) for place in self.by_iban.get(iban, ())}) > 1

    def who(self, place: int) -> str:
        """Return whose request this is; where nobody is known, each is its own."""
        one = self.candidates[place]
        return one.party or f"claim {one.claim}"

    def named(self, form: NameForm) -> list[int]:
        """Return the requests of people with this very name."""
        return self.by_words.get(form.words, []) if form.words else []

    def named_alike(self, form: NameForm) -> list[int]:
        """Return the requests of people with a name like this one."""
        found = self._alike.get(form)
        if found is None:
            places: set[int] = set()
            words, mask = len(form.words), form.mask
            for word in form.words:
                sharing = self.by_word.get(word, ())
                if len(sharing) > MOST_WITH_A_WORD:
                    continue
                for known in sharing:
                    # Nearly all are told apart by first letters already.
                    missing = mask & ~known.mask if words <= len(known.words) else known.mask & ~mask
                    if not missing and is_alike(form, known):
                        places.update(self.by_form[known])
            found = self._alike[form] = sorted(places)
        return found


class Index:
    """All open requests of a co-operative, made once for many lines; a few may change without making it anew."""

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        self.incoming: Final = Side()
        self.outgoing: Final = Side()
        self._places: Final[dict[str, tuple[Side, int]]] = {}
        self._next = 0
        for one in candidates:
            self.put(one)

    def __len__(self) -> int:
        """Return how many requests there are."""
        return len(self._places)

    def put(self, one: Candidate) -> None:
        """Add a request, or replace the one that this claim had. Not while another thread proposes."""
        self.drop(one.claim)
        side = self.outgoing if one.is_out else self.incoming
        side.add(self._next, one)
        self._places[one.claim] = side, self._next
        self._next += 1

    def drop(self, claim: str) -> None:
        """Take a request away, if it is there. Not while another thread proposes."""
        side, place = self._places.pop(claim, (None, 0))
        if side is not None:
            side.remove(place)

    def side(self, amount: Decimal) -> Side:
        """Return the requests that a line of this sign can be for."""
        return self.incoming if amount > 0 else self.outgoing
