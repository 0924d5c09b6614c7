"""Verify a result: count the papers again, ignore what the result claims, and name every difference.

Rule, seats and lot are what was agreed before the vote. Whoever knows them passes them in; otherwise the seats are
those of the papers, rule and lot are taken from the result, and the verification says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Final

from .agreed import Agreed
from .countback import OF, countback
from .countback import RULE as COUNTBACK
from .counting import count
from .lot import NO_LOT, Lot, read_lot
from .papers import Election
from .refusals import Refused
from .results import Count, Reason, Stage, Tie, Transfer, text
from .rules import MARKS_RULES
from .words import Fact, sentence

MOST_DIFFERENCES: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference between what a result claims and what the papers say."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """Say it in a language."""
        # `votes 3`: what differs, and of which candidate.
        name, *of = str(self.facts["what"]).split()
        what = " ".join([sentence(f"what_{name}", language=language), *of])
        return sentence(self.code, {**self.facts, "what": what}, language)


@dataclass(frozen=True, slots=True)
class Verification:
    """The recount, what differs from the result, and what of the agreement was taken from the result."""

    recount: Count
    findings: tuple[Finding, ...]
    believed: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing differs."""
        return not self.findings


def verify(
    claimed: Count,
    election: Election,
    *,
    rule: str | None = None,
    seats: int | None = None,
    lot: Lot | None = None,
    agreed: Agreed | None = None,
) -> Verification:
    """Count an election again and compare. Raises Refused where it can't be counted."""
    believed = [name for name, given in (("rule", rule), ("lot", lot), ("agreed", agreed)) if given is None]
    findings: list[Finding] = []
    if rule is not None and rule != claimed.rule:
        findings.append(_differs("rule", claimed.rule, rule))
    seats = election.seats if seats is None else seats
    if seats != claimed.seats and claimed.rule != COUNTBACK:
        findings.append(_differs("seats", str(claimed.seats), str(seats)))
    if lot is None:
        lot = NO_LOT if claimed.lot is None else read_lot(claimed.lot)
    rule = rule or claimed.rule
    if agreed is None:
        terms = claimed.terms if rule in MARKS_RULES else None
        agreed = Agreed.of_result(claimed.constraints, terms, election.names)
    again = agreed.of(election.with_seats(seats))
    if rule == COUNTBACK:
        recount = _countback(claimed, again, lot, agreed)
    else:
        recount = count(again, rule, lot=lot, constraints=agreed.constraints, terms=agreed.terms)
    for place, finding in enumerate(_compared(claimed, recount)):
        if place == MOST_DIFFERENCES:
            break
        findings.append(finding)
    return Verification(recount, tuple(findings), tuple(believed))


def _countback(claimed: Count, election: Election, lot: Lot, agreed: Agreed) -> Count:
    """Count back again; who left and who stood are no claims but the question."""
    of = claimed.tables.get(OF)
    if not isinstance(of, dict):
        raise Refused("result_malformed")
    rule, left, contestants = of.get("rule"), of.get("left"), of.get("contestants")
    if not isinstance(rule, str) or type(left) is not int or not isinstance(contestants, list):
        raise Refused("result_malformed")
    if not all(type(number) is int for number in contestants):
        raise Refused("result_malformed")
    return countback(election, rule, left, contestants=contestants, lot=lot, constraints=agreed.constraints)


_TOLD: Final = (
    *("title", "candidates", "withdrawn", "valid", "blank", "invalid"),
    *("quota", "elected", "tables", "lot", "constraints", "terms"),
)


def _compared(claimed: Count, counted: Count) -> Iterator[Finding]:
    for name in _TOLD:
        if not _same(getattr(claimed, name), getattr(counted, name)):
            yield _differs(name, _shown(getattr(claimed, name)), _shown(getattr(counted, name)))
    for stage, again in zip(claimed.stages, counted.stages, strict=False):
        for one in fields(Stage):
            before, after = getattr(stage, one.name), getattr(again, one.name)
            if one.name == "number":
                if before != after:
                    yield _differs("stages", str(before), str(after))
            elif isinstance(before, dict) and isinstance(after, dict):
                for number in sorted(before.keys() | after.keys()):
                    if before.get(number) != after.get(number):
                        yield _in_stage(again.number, f"{one.name} {number}", before.get(number), after.get(number))
            elif before != after:
                yield _in_stage(again.number, one.name, before, after)
    if len(claimed.stages) != len(counted.stages):
        yield _differs("stages", str(len(claimed.stages)), str(len(counted.stages)))
    for tie, settled in zip(claimed.ties, counted.ties, strict=False):
        if tie != settled:
            yield _in_stage(settled.stage, "ties", tie, settled)
    if len(claimed.ties) != len(counted.ties):
        yield _differs("ties", str(len(claimed.ties)), str(len(counted.ties)))


def _same(before: Any, after: Any) -> bool:
    # What JSON gave back has lists where a result may hold tuples.
    return bool(before == after or _plain(before) == _plain(after))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _differs(what: str, claimed: str, counted: str) -> Finding:
    return Finding("result_differs", {"what": what, "claimed": claimed, "counted": counted})


def _in_stage(stage: int, what: str, claimed: object, counted: object) -> Finding:
    facts: dict[str, Fact] = {"stage": stage, "what": what, "claimed": _shown(claimed), "counted": _shown(counted)}
    return Finding("stage_differs", facts)


def _shown(value: object) -> str:
    """Write a value for a finding: short, and the same for what came from JSON and what was counted."""
    if isinstance(value, Decimal):
        told = text(value)
    elif isinstance(value, Transfer):
        told = f"{value.source} → {value.target}: {text(value.votes)}"
    elif isinstance(value, Reason):
        told = f"{value.code} {_shown(value.facts)}"
    elif isinstance(value, Tie):
        told = f"{value.decides}, {_shown(value.tied)}, {value.by}: {value.chosen}"
    elif isinstance(value, Mapping):
        told = ", ".join(
            f"{key}={_shown(inner)}" for key, inner in sorted(value.items(), key=lambda item: str(item[0]))
        )
    elif isinstance(value, tuple | list):
        told = ", ".join(_shown(inner) for inner in value)
    else:
        told = "–" if value is None else str(value)
    return told if len(told) <= 200 else f"{told[:199]}…"
