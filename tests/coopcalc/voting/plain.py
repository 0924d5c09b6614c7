"""Scottish STV a second time, plainly: every parcel of papers with its holder, Decimals, no sorting by piles.

It is slow and short, so that it can be read beside the order's text. Departures from the text that other programs make
can be switched on, to show that they and nothing else explain a difference:

- `rounds` (against rule 48(3)): a paper's value is rounded to five decimal places instead of cut off;
- `batches` (against rules 47(1) and 49(1)): all surpluses of those elected together are transferred before anybody
  looks who has the quota now, and which surplus is the largest now;
- `mixed` (against rule 48(1) and (2)): in such a batch papers also go to those elected whose surplus has yet to be
  transferred, and a paper that one of these holds is taken for a paper of any other of them whom it names;
- `beyond` (against rule 52(2)): the papers of the last candidate excluded are transferred although all seats are
  filled; who reaches the quota by that is elected before others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from itertools import groupby

from coopcalc.voting import Election

UNIT = Decimal("0.00001")
DEPARTURES = ("rounds", "batches", "mixed", "beyond")


@dataclass
class Parcel:
    ranking: tuple[int, ...]
    how_many: int
    holder: int | None
    value: Decimal = Decimal(1)


@dataclass
class Plain:
    quota: int
    elected: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    before_exclusion: list[dict[int, Decimal]] = field(default_factory=list)
    """Votes of those who were continuing when somebody was excluded."""
    stages: list[dict[int, Decimal]] = field(default_factory=list)
    drawn: int = 0


def plain_count(election: Election, favour: Sequence[int], departures: frozenset[str] = frozenset()) -> Plain:
    """Count; `favour` is the lot: all candidates, the most favoured first."""
    parcels = [Parcel(ranking, how_many, ranking[0]) for ranking, how_many in election.valid.items()]
    papers = sum(parcel.how_many for parcel in parcels)
    told = Plain(papers // (election.seats + 1) + 1)
    continuing = list(election.standing)
    pending: list[int] = []
    exact = ROUND_HALF_EVEN if "rounds" in departures else ROUND_DOWN

    def votes(candidate: int) -> Decimal:
        if candidate in told.elected and candidate not in pending:
            return Decimal(told.quota)
        held = (parcel.how_many * parcel.value for parcel in parcels if parcel.holder == candidate)
        return sum(held, Decimal(0))

    def settle(tied: list[int], pick: Callable[[list[Decimal]], Decimal], *, last: bool) -> int:
        for before in reversed(told.stages):
            decisive = pick([before[candidate] for candidate in tied])
            tied = [candidate for candidate in tied if before[candidate] == decisive]
        if len(tied) > 1:
            told.drawn += 1
        return sorted(tied, key=favour.index)[-1 if last else 0]

    def ordered(candidates: list[int]) -> list[int]:
        found = []
        for _votes, group in groupby(sorted(candidates, key=votes, reverse=True), key=votes):
            equal = list(group)
            while equal:
                found.append(settle(equal, lambda several: max(several), last=False) if len(equal) > 1 else equal[0])
                equal.remove(found[-1])
        return found

    def elect(candidates: list[int]) -> None:
        for candidate in ordered(candidates):
            continuing.remove(candidate)
            told.elected.append(candidate)
            pending.append(candidate)

    def move(source: int, value: Callable[[Decimal], Decimal], targets: list[int]) -> None:
        for parcel in parcels:
            if parcel.holder == source:
                parcel.value = value(parcel.value).quantize(UNIT, rounding=exact)
                parcel.holder = next((candidate for candidate in parcel.ranking if candidate in targets), None)

    def surplus(source: int) -> None:
        total = votes(source)
        move(source, lambda value: (total - told.quota) * value / total, continuing)
        pending.remove(source)

    def mixed_batch() -> None:
        credited = {candidate: votes(candidate) for candidate in pending}
        while pending:
            source = pending.pop(0)
            part = (credited[source] - told.quota) / credited[source]
            for parcel in parcels:
                if next((one for one in parcel.ranking if one in (source, *continuing)), None) == source:
                    parcel.value = (parcel.value * part).quantize(UNIT, rounding=exact)
                    target = next((one for one in parcel.ranking if one in continuing + pending), None)
                    if target in pending:
                        credited[target] += parcel.how_many * parcel.value
        for parcel in parcels:
            parcel.holder = next((one for one in parcel.ranking if one in continuing), None)

    def end_stage() -> None:
        told.stages.append({candidate: votes(candidate) for candidate in election.standing})
        elect([candidate for candidate in continuing if votes(candidate) >= told.quota])
        if len(continuing) <= election.seats - len(told.elected):
            elect(list(continuing))

    end_stage()
    while len(told.elected) < election.seats and continuing:
        waiting = [candidate for candidate in pending if votes(candidate) > told.quota]
        if waiting and {"batches", "mixed"} <= departures:
            mixed_batch()
        elif waiting and "batches" in departures:
            for candidate in list(pending):
                surplus(candidate)
        elif waiting:
            most = max(votes(candidate) for candidate in waiting)
            equal = [candidate for candidate in waiting if votes(candidate) == most]
            surplus(settle(equal, lambda several: max(several), last=False) if len(equal) > 1 else equal[0])
        else:
            fewest = min(votes(candidate) for candidate in continuing)
            equal = [candidate for candidate in continuing if votes(candidate) == fewest]
            out = settle(equal, lambda several: min(several), last=True) if len(equal) > 1 else equal[0]
            told.before_exclusion.append({candidate: votes(candidate) for candidate in continuing})
            told.excluded.append(out)
            continuing.remove(out)
            if "beyond" in departures or len(continuing) > election.seats - len(told.elected):
                move(out, lambda value: value, continuing)
        end_stage()
    return told
