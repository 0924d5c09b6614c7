"""Open requests, found by reference, account, name and amount without looking at each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from .names import NameForm, is_alike, name_form
from .terms import Candidate
from .weights import MOST_WITH_A_WORD

_SHORTEST_WORD: Final = 3


class Side:
    """Requests of one direction: money to come, or money to pay."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        """Sort by claim, so that the order in which they come says nothing."""
        self.candidates: Final = tuple(sorted(candidates, key=lambda one: one.claim))
        self.forms: Final[list[tuple[NameForm, ...]]] = []
        self.own: Final[dict[str, list[int]]] = defaultdict(list)
        self.permanent: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_iban: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_party: Final[dict[str, list[int]]] = defaultdict(list)
        self.by_amount: Final[dict[Decimal, list[int]]] = defaultdict(list)
        self.by_form: Final[dict[NameForm, list[int]]] = defaultdict(list)
        self.by_words: Final[dict[tuple[str, ...], list[int]]] = defaultdict(list)
        self.by_word: Final[dict[str, list[NameForm]]] = defaultdict(list)
        for place, one in enumerate(self.candidates):
            self._take(place, one)
        self.known: Final[frozenset[str]] = frozenset(self.own) | frozenset(self.permanent)
        self.shared: Final = frozenset(
            iban for iban, places in self.by_iban.items() if len({self.who(place) for place in places}) > 1
        )
        self._alike: Final[dict[NameForm, list[int]]] = {}

    def _take(self, place: int, one: Candidate) -> None:
        forms = tuple(name_form(name) for name in one.names if name)
        self.forms.append(forms)
        for reference in one.references:
            self.own[reference].append(place)
        for reference in one.permanent:
            self.permanent[reference].append(place)
        for iban in set(one.ibans):
            self.by_iban[iban].append(place)
        if one.party:
            self.by_party[one.party].append(place)
        if one.amount:
            self.by_amount[one.amount].append(place)
        for words in {form.words for form in forms}:
            self.by_words[words].append(place)
        for form in set(forms):
            if form not in self.by_form:
                for word in set(form.words):
                    if len(word) >= _SHORTEST_WORD:
                        self.by_word[word].append(form)
            self.by_form[form].append(place)

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
    """All open requests of a co-operative, made once for many lines."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        """Take requests in any order; each claim once."""
        everything: Mapping[str, Candidate] = {one.claim: one for one in candidates}
        self.incoming: Final = Side(one for one in everything.values() if not one.is_out)
        self.outgoing: Final = Side(one for one in everything.values() if one.is_out)

    def side(self, amount: Decimal) -> Side:
        """Return the requests that a line of this sign can be for."""
        return self.incoming if amount > 0 else self.outgoing
