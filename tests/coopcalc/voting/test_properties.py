"""What holds for every count of Scottish STV, whatever the papers say."""

import json
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as some

from coopcalc.voting import Candidate, Drawn, Election, Seeded, as_json, count, from_json
from coopcalc.voting.verify import verify
from tests.coopcalc.voting.plain import plain_count

RULE = "stv-scottish"

COUNTS = settings(deadline=None, max_examples=60)
SEED = Seeded("a seed")


@some.composite
def elections(choose: some.DrawFn) -> Election:
    """Up to seven candidates; few different papers, so that ties and exact quotas are common."""
    number = choose(some.integers(1, 7))
    rankings = some.permutations(range(1, number + 1)).flatmap(
        lambda order: some.integers(0, number).map(lambda length: tuple(order[:length]))
    )
    papers = choose(some.dictionaries(rankings, some.integers(1, 12), max_size=10))
    names = [f"Candidate {chr(ord('A') + place)}" for place in range(number)]
    return Election(
        title="Board",
        seats=choose(some.integers(1, number + 1)),
        candidates=tuple(Candidate(place, name) for place, name in enumerate(names, 1)),
        papers=papers,
    )


@COUNTS
@given(elections())
def test_every_vote_is_somewhere_at_every_stage(election: Election) -> None:
    for stage in count(election, RULE, lot=SEED).stages:
        assert sum(stage.votes.values()) + stage.non_transferable + stage.lost == election.valid_total
        assert all(votes >= 0 for votes in [*stage.votes.values(), stage.non_transferable, stage.lost])


@COUNTS
@given(elections())
def test_exactly_the_seats_are_filled(election: Election) -> None:
    counted = count(election, RULE, lot=SEED)
    assert len(counted.elected) == len(set(counted.elected)) == min(election.seats, len(election.candidates))
    assert counted.elected == tuple(number for stage in counted.stages for number in stage.elected)
    excluded = [number for stage in counted.stages for number in stage.excluded]
    assert not set(excluded) & set(counted.elected)
    assert all(len(stage.excluded) <= 1 for stage in counted.stages)


@COUNTS
@given(elections())
def test_transfers_are_the_difference_between_two_stages(election: Election) -> None:
    counted = count(election, RULE, lot=SEED)
    for before, after in zip(counted.stages, counted.stages[1:], strict=False):
        moved = dict.fromkeys(after.votes, Decimal(0))
        beside = {"non_transferable": Decimal(0), "lost": Decimal(0)}
        for transfer in after.transfers:
            moved[transfer.source] -= transfer.votes
            if isinstance(transfer.target, int):
                moved[transfer.target] += transfer.votes
            else:
                beside[transfer.target] += transfer.votes
        assert moved == {number: after.votes[number] - before.votes[number] for number in after.votes}
        assert beside["non_transferable"] == after.non_transferable - before.non_transferable
        assert beside["lost"] == after.lost - before.lost


@COUNTS
@given(elections(), some.randoms(use_true_random=False))
def test_the_order_of_papers_and_of_candidates_never_matters(election: Election, dice: object) -> None:
    counted = count(election, RULE, lot=SEED)
    papers = list(election.papers.items())
    dice.shuffle(papers)  # type: ignore[attr-defined]
    again = count(Election("Board", election.seats, election.candidates, dict(papers)), RULE, lot=SEED)
    assert again == counted

    order = [one.number for one in election.candidates]
    dice.shuffle(order)  # type: ignore[attr-defined]
    place = {number: new for new, number in enumerate(order, 1)}
    renumbered = Election(
        title="Board",
        seats=election.seats,
        candidates=tuple(Candidate(new, election.names[number - 1]) for new, number in enumerate(order, 1)),
        papers={tuple(place[number] for number in ranking): how_many for ranking, how_many in election.papers.items()},
    )
    other = count(renumbered, RULE, lot=SEED)
    assert [other.candidates[number - 1] for number in other.elected] == [
        counted.candidates[number - 1] for number in counted.elected
    ]
    for stage, same in zip(counted.stages, other.stages, strict=True):
        assert {place[number]: votes for number, votes in stage.votes.items()} == same.votes


@COUNTS
@given(elections())
def test_a_result_recounts_to_itself(election: Election) -> None:
    counted = count(election, RULE, lot=SEED)
    kept = from_json(json.loads(json.dumps(as_json(counted, "fr"))))
    assert kept == counted
    found = verify(kept, election)
    assert found.findings == ()


@COUNTS
@given(elections(), some.permutations(range(1, 8)))
def test_the_fast_count_is_the_plain_one(election: Election, order: list[int]) -> None:
    """Two readings of the order's text, written apart, agree on every vote of every stage."""
    favour = [number for number in order if number <= len(election.candidates)]
    counted = count(election, RULE, lot=Drawn(tuple(election.names[number - 1] for number in favour)))
    plain = plain_count(election, favour)
    assert plain.elected == list(counted.elected)
    assert plain.excluded == [number for stage in counted.stages for number in stage.excluded]
    assert plain.stages == [dict(stage.votes) for stage in counted.stages]


@COUNTS
@given(elections(), some.data())
def test_a_blank_paper_changes_nothing_but_its_own_number(election: Election, data: some.DataObject) -> None:
    assume(() not in election.papers)
    blanks = data.draw(some.integers(1, 50))
    more = Election("Board", election.seats, election.candidates, {**election.papers, (): blanks})
    counted, same = count(election, RULE, lot=SEED), count(more, RULE, lot=SEED)
    assert (same.blank, same.valid, same.stages) == (blanks, counted.valid, counted.stages)
