"""Small elections written as a teller would: `9 A B C` are nine papers with A first."""

from decimal import Decimal

from coopcalc.voting import Candidate, Count, Election, Stage


def election(papers: str, *, seats: int, candidates: str = "", title: str = "Board") -> Election:
    """Make an election; candidates stand in the order of the alphabet unless they are given."""
    found: dict[tuple[str, ...], int] = {}
    for line in papers.replace(";", "\n").splitlines():
        if words := line.split("#")[0].split():
            ranking = tuple(words[1:])
            found[ranking] = found.get(ranking, 0) + int(words[0])
    names = candidates.split() or sorted({name for ranking in found for name in ranking})
    numbers = {name: number for number, name in enumerate(names, 1)}
    return Election(
        title=title,
        seats=seats,
        candidates=tuple(Candidate(number, name) for name, number in numbers.items()),
        papers={tuple(numbers[name] for name in ranking): how_many for ranking, how_many in found.items()},
    )


def named(count: Count, numbers: tuple[int, ...]) -> str:
    """Write candidates as their names, `A B`."""
    return " ".join(count.candidates[number - 1] for number in numbers)


def votes(count: Count, stage: int) -> dict[str, str]:
    """Give the votes at the end of a stage by name; `-` is non-transferable, `~` lost by truncation, where not zero."""
    one = count.stages[stage - 1]
    told = {count.candidates[number - 1]: _short(votes) for number, votes in one.votes.items()}
    return {
        **told,
        **({"-": _short(one.non_transferable)} if one.non_transferable else {}),
        **({"~": _short(one.lost)} if one.lost else {}),
    }


def events(count: Count) -> list[str]:
    """Tell stage by stage who was elected (`+`) and excluded (`x`)."""
    return [_event(count, stage) for stage in count.stages]


def codes(stage: Stage) -> list[str]:
    """Give the codes of a stage's reasons."""
    return [reason.code for reason in stage.because]


def _event(count: Count, stage: Stage) -> str:
    told = [f"x{named(count, (number,))}" for number in stage.excluded]
    told += [f"+{named(count, (number,))}" for number in stage.elected]
    return " ".join(told)


def _short(votes: Decimal) -> str:
    return f"{votes:f}".rstrip("0").rstrip(".") if "." in f"{votes:f}" else f"{votes:f}"
