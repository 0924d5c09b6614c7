"""What a count says: every stage with its votes, transfers and reasons, so that anybody can follow and recompute it.

Votes are exact Decimals, in JSON text. Candidates are numbers from 1. `as_json` gives what docs/reference/commands.md
promises; `from_json` reads it back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact
from typing import Any, Final, Literal

from . import words
from .refusals import Refused
from .words import Fact

NON_TRANSFERABLE: Final = "non_transferable"
LOST: Final = "lost"

Target = int | Literal["non_transferable", "lost"]

_VOTES = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_EXACT = Context(prec=1000, traps=[Inexact])


def scaled(units: int, places: int) -> Decimal:
    """Give the Decimal of so many units of the last decimal place, exactly: 1234567 with 5 places is 12.34567."""
    return Decimal(units).scaleb(-places, context=_EXACT)


def text(votes: Decimal) -> str:
    """Write votes as JSON holds them, without an exponent."""
    return format(votes, "f")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something happened: a code of words/*.toml and the facts of its sentence."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def sentence(self, language: str = "en", names: Sequence[str] = ()) -> str:
        """Say it in a language."""
        return words.sentence(self.code, self.facts, language, names)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Votes that went from a candidate to another, to nobody (non-transferable), or were lost by truncation.

    `papers` counts the ballot papers that moved along, where a rule moves papers.
    """

    source: int
    target: Target
    votes: Decimal
    papers: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Candidates who were equal where one had to come first, and how that was settled.

    `decides` says on what: `surplus` (whose is transferred first), `exclusion`, `seat` (who gets it), `order` (only the
    order in which the elected are named). `chosen` is the one on whom it fell. By `look_back`: `looked_back_to` is the
    stage that decided, `votes` those of the tied at its end. By `lot`: `order` has those among whom was drawn, the most
    favoured first (an exclusion falls on the last), `item` and `hashes` (hex) what was drawn; empty for a draw by hand.
    """

    stage: int
    decides: str
    tied: tuple[int, ...]
    by: Literal["look_back", "lot"]
    chosen: int
    order: tuple[int, ...] = ()
    item: str | None = None
    hashes: Mapping[int, str] = field(default_factory=dict)
    looked_back_to: int | None = None
    votes: Mapping[int, Decimal] = field(default_factory=dict)
    because: Reason | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The count at the end of a stage.

    `votes` of every candidate who stands, also of those elected or excluded. `non_transferable` and `lost` (by
    truncation) are totals so far: votes + non_transferable + lost = valid papers. `elected` and `excluded` are those of
    this stage, in order. `because` says first what was done, then why each was elected or excluded. `quota` is that of
    this stage where a rule computes it anew (Meek), `keep` its keep values.
    """

    number: int
    votes: Mapping[int, Decimal]
    non_transferable: Decimal
    lost: Decimal
    elected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    because: tuple[Reason, ...] = ()
    quota: Decimal | None = None
    keep: Mapping[int, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A result with everything that led to it.

    `elected` is in order of election. `tables` holds what a rule shows besides stages, by name: rows of rows of text
    (Schulze's pairwise and strongest-path tables), or anything JSON can hold without numbers that aren't whole.
    `lot`, `constraints` and `terms` (of papers with marks) say what was declared before the vote, as JSON; None where
    there was none. `invalid` papers named too few or too many, where a rule knows that.
    """

    rule: str
    title: str
    seats: int
    quota: Decimal | None
    valid: int
    blank: int
    candidates: tuple[str, ...]
    elected: tuple[int, ...]
    stages: tuple[Stage, ...]
    ties: tuple[Tie, ...] = ()
    withdrawn: tuple[int, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)
    lot: Mapping[str, Any] | None = None
    constraints: Sequence[Mapping[str, Any]] | None = None
    invalid: int = 0
    terms: Mapping[str, Any] | None = None


def as_json(count: Count, language: str | None = None) -> dict[str, Any]:
    """Give a count as JSON holds it. With a language, each reason also has its sentence as `text`."""
    names = count.candidates

    def reason(one: Reason) -> dict[str, Any]:
        told: dict[str, Any] = {"code": one.code, "facts": dict(one.facts)}
        if language is not None:
            told["text"] = one.sentence(language, names)
        return told

    told: dict[str, Any] = {
        "rule": count.rule,
        "title": count.title,
        "seats": count.seats,
        "quota": None if count.quota is None else text(count.quota),
        "valid": count.valid,
        "blank": count.blank,
        "invalid": count.invalid,
        "candidates": list(names),
        "withdrawn": list(count.withdrawn),
        "elected": list(count.elected),
        "stages": [_stage_json(stage, reason) for stage in count.stages],
        "ties": [_tie_json(tie, reason) for tie in count.ties],
    }
    if count.tables:
        told["tables"] = dict(count.tables)
    if count.lot is not None:
        told["lot"] = dict(count.lot)
    if count.constraints is not None:
        told["constraints"] = [dict(one) for one in count.constraints]
    if count.terms is not None:
        told["terms"] = dict(count.terms)
    return told


def _votes_json(votes: Mapping[int, Decimal]) -> dict[str, str]:
    return {str(number): text(votes[number]) for number in sorted(votes)}


def _stage_json(stage: Stage, reason: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "stage": stage.number,
        "votes": _votes_json(stage.votes),
        "non_transferable": text(stage.non_transferable),
        "lost": text(stage.lost),
        "elected": list(stage.elected),
        "excluded": list(stage.excluded),
        "transfers": [_transfer_json(transfer) for transfer in stage.transfers],
        "because": [reason(one) for one in stage.because],
    }
    if stage.quota is not None:
        told["quota"] = text(stage.quota)
    if stage.keep is not None:
        told["keep"] = _votes_json(stage.keep)
    return told


def _transfer_json(transfer: Transfer) -> dict[str, Any]:
    told: dict[str, Any] = {"from": transfer.source, "to": transfer.target, "votes": text(transfer.votes)}
    if transfer.papers is not None:
        told["papers"] = transfer.papers
    return told


def _tie_json(tie: Tie, reason: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "stage": tie.stage,
        "decides": tie.decides,
        "tied": list(tie.tied),
        "by": tie.by,
        "chosen": tie.chosen,
    }
    if tie.order:
        told["order"] = list(tie.order)
    if tie.item is not None:
        told["item"] = tie.item
    if tie.hashes:
        told["hashes"] = {str(number): tie.hashes[number] for number in sorted(tie.hashes)}
    if tie.looked_back_to is not None:
        told["looked_back_to"] = tie.looked_back_to
    if tie.votes:
        told["votes"] = _votes_json(tie.votes)
    if tie.because is not None:
        told["because"] = reason(tie.because)
    return told


def from_json(told: Any) -> Count:
    """Read what `as_json` gave; sentences are left out. Raises Refused for anything else."""
    try:
        return Count(
            rule=_text(told["rule"]),
            title=_text(told.get("title", "")),
            seats=_whole(told["seats"]),
            quota=None if told["quota"] is None else _decimal(told["quota"]),
            valid=_whole(told.get("valid", 0)),
            blank=_whole(told.get("blank", 0)),
            candidates=tuple(_text(name) for name in told["candidates"]),
            elected=tuple(_whole(number) for number in told["elected"]),
            stages=tuple(_stage_read(stage) for stage in told["stages"]),
            ties=tuple(_tie_read(tie) for tie in told["ties"]),
            withdrawn=tuple(_whole(number) for number in told.get("withdrawn", ())),
            tables=dict(told.get("tables", {})),
            lot=None if told.get("lot") is None else dict(told["lot"]),
            constraints=None if told.get("constraints") is None else [dict(one) for one in told["constraints"]],
            invalid=_whole(told.get("invalid", 0)),
            terms=None if told.get("terms") is None else dict(told["terms"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Refused("result_malformed") from error


def _stage_read(told: Any) -> Stage:
    return Stage(
        number=_whole(told["stage"]),
        votes=_votes_read(told["votes"]),
        non_transferable=_decimal(told["non_transferable"]),
        lost=_decimal(told["lost"]),
        elected=tuple(_whole(number) for number in told["elected"]),
        excluded=tuple(_whole(number) for number in told["excluded"]),
        transfers=tuple(
            Transfer(
                _whole(one["from"]),
                one["to"] if one["to"] in (NON_TRANSFERABLE, LOST) else _whole(one["to"]),
                _decimal(one["votes"]),
                None if one.get("papers") is None else _whole(one["papers"]),
            )
            for one in told["transfers"]
        ),
        because=tuple(_reason_read(one) for one in told["because"]),
        quota=None if told.get("quota") is None else _decimal(told["quota"]),
        keep=None if told.get("keep") is None else _votes_read(told["keep"]),
    )


def _tie_read(told: Any) -> Tie:
    if told["by"] not in ("look_back", "lot"):
        raise ValueError(told["by"])
    return Tie(
        stage=_whole(told["stage"]),
        decides=_text(told["decides"]),
        tied=tuple(_whole(number) for number in told["tied"]),
        by=told["by"],
        chosen=_whole(told["chosen"]),
        order=tuple(_whole(number) for number in told.get("order", ())),
        item=None if told.get("item") is None else _text(told["item"]),
        hashes={int(number): _text(digest) for number, digest in told.get("hashes", {}).items()},
        looked_back_to=None if told.get("looked_back_to") is None else _whole(told["looked_back_to"]),
        votes=_votes_read(told.get("votes", {})),
        because=None if told.get("because") is None else _reason_read(told["because"]),
    )


def _reason_read(told: Any) -> Reason:
    return Reason(_text(told["code"]), dict(told["facts"]))


def _votes_read(told: Any) -> dict[int, Decimal]:
    return {int(number): _decimal(votes) for number, votes in told.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number expected")
    return value


def _decimal(value: Any) -> Decimal:
    if not _VOTES.fullmatch(_text(value)):
        raise ValueError("votes expected")
    return Decimal(value)
