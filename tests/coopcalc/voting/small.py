"""Small elections, written as one reads them, and drawn by hypothesis."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from coopcalc.voting import Candidate, Count, Election

NAMES = "ABCDEFGHIJ"


def board(
    seats: int,
    papers: str,
    *,
    names: str = "",
    traits: Sequence[Mapping[str, str]] = (),
    withdrawn: str = "",
    title: str = "Board",
) -> Election:
    """Build an election from lines `3 A B`: three papers with A before B. Candidates are the letters in use."""
    letters = sorted({*names, *(word for line in papers.splitlines() for word in line.split()[1:])})
    number = {letter: place for place, letter in enumerate(letters, 1)}
    counted: dict[tuple[int, ...], int] = {}
    for line in papers.strip().splitlines():
        how_many, *ranking = line.split()
        key = tuple(number[letter] for letter in ranking)
        counted[key] = counted.get(key, 0) + int(how_many)
    own = [*traits, *({} for _ in letters)]
    candidates = tuple(Candidate(place, letter, own[place - 1]) for letter, place in number.items())
    return Election(title, seats, candidates, counted, frozenset(number[letter] for letter in withdrawn))


def elected(count: Count) -> str:
    """Give the names of the elected, in order."""
    return "".join(count.candidates[number - 1] for number in count.elected)


def renamed(election: Election, places: Sequence[int]) -> Election:
    """Give the same people and papers with other numbers: `places[i]` is the new number of number i + 1."""
    candidates = sorted(
        (Candidate(places[one.number - 1], one.name, one.traits) for one in election.candidates),
        key=lambda one: one.number,
    )
    papers = {
        tuple(places[number - 1] for number in ranking): how_many for ranking, how_many in election.papers.items()
    }
    withdrawn = frozenset(places[number - 1] for number in election.withdrawn)
    return Election(election.title, election.seats, tuple(candidates), papers, withdrawn)


def names_of(election: Election, numbers: Sequence[int]) -> list[str]:
    """Give the names of numbers."""
    return [election.candidate(number).name for number in numbers]


@st.composite
def elections(
    draw: st.DrawFn, *, most_candidates: int = 6, most_seats: int = 4, most_papers: int = 9, with_traits: bool = False
) -> Election:
    """Draw an election of a few candidates, with equal rankings, blank papers and withdrawn candidates among them."""
    how_many = draw(st.integers(1, most_candidates))
    trait = st.fixed_dictionaries({}, optional={"gender": st.sampled_from("fm"), "region": st.sampled_from("ns")})
    candidates = tuple(
        Candidate(number, NAMES[number - 1], draw(trait) if with_traits else {}) for number in range(1, how_many + 1)
    )
    ranking = st.lists(st.integers(1, how_many), unique=True, max_size=how_many).map(tuple)
    papers = draw(st.dictionaries(ranking, st.integers(1, 12), max_size=most_papers))
    withdrawn = draw(st.frozensets(st.integers(1, how_many), max_size=max(0, how_many - 2)))
    return Election("Board", draw(st.integers(1, most_seats)), candidates, papers, withdrawn)
