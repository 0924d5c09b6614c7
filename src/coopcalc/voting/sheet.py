"""The count sheet, as text: the table a returning officer reads out, then every stage in words.

Three stages stand beside each other, in as many tables as are needed. `*` marks who is elected in a stage, `x` who is
excluded. It is made from a result alone; recomputing it is `verify`'s work.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from .constraints import Constraint
from .results import LOST, NON_TRANSFERABLE, Count, Stage, text
from .words import number as localised
from .words import sentence

STAGES_BESIDE: Final = 3
LONGEST_NAME: Final = 28
MINIMUM_SPAN: Final = 18
NOTHING: Final = Decimal(0)


def sheet(count: Count, language: str = "en") -> str:
    """Write a count as a text sheet in a language."""
    return "\n".join(_Sheet(count, language).lines()) + "\n"


class _Sheet:
    def __init__(self, count: Count, language: str) -> None:
        self.count = count
        self.language = language
        names = [self.say("sheet_non_transferable"), self.say("sheet_lost"), self.say("sheet_total")]
        names += [f"{number} {name}" for number, name in enumerate(count.candidates, 1)]
        self.width = min(max(width(name) for name in names), LONGEST_NAME)
        # Votes move between stages where there are several; a rule that marks papers has one stage and no sum.
        self.moves = len(count.stages) > 1
        numbers = [votes for stage in count.stages for votes in [*stage.votes.values(), stage.non_transferable]]
        self.room = max([len(text(votes)) for votes in [*numbers, Decimal(count.valid)]]) + 1
        self.span = self.room + 2 + (self.room + 1 if self.moves else 0)

    def say(self, code: str, **facts: Any) -> str:
        return sentence(code, facts, self.language, self.count.candidates)

    def votes(self, votes: Decimal, *, sign: bool = False) -> str:
        if sign and not votes:
            return ""
        return ("+" if sign and votes > 0 else "") + localised(text(votes), self.language)

    def lines(self) -> Iterator[str]:
        yield from self.head()
        stages = [stage for stage in self.count.stages if stage.votes]
        if not stages:
            # A rule without votes per candidate: its tables have numbers, so say whose they are.
            yield ""
            yield from (f"{number} {name}" for number, name in enumerate(self.count.candidates, 1))
        for first in range(0, len(stages), STAGES_BESIDE):
            yield ""
            before = stages[first - 1] if first else None
            yield from self.table(stages[first : first + STAGES_BESIDE], before)
        if stages:
            yield ""
            yield self.say("sheet_marks")
        yield from self.tables()
        yield from self.story()
        yield ""
        yield self.say("sheet_elected")
        for place, number in enumerate(self.count.elected, 1):
            yield f"{place:>3}. {self.count.candidates[number - 1]}"

    def head(self) -> Iterator[str]:
        count = self.count
        if count.title:
            yield count.title
            yield "=" * width(count.title)
        yield self.say("sheet_rule", rule=self.say(f"rule_{count.rule.replace('-', '_')}"))
        told = [
            self.say("sheet_seats", seats=count.seats),
            self.say("sheet_valid", valid=count.valid),
            self.say("sheet_blank", blank=count.blank),
        ]
        if count.invalid:
            told.append(self.say("sheet_invalid", invalid=count.invalid))
        if count.quota is not None:
            told.append(self.say("sheet_quota", quota=text(count.quota)))
        yield " · ".join(told)
        for constraint in count.constraints or ():
            yield self.say("sheet_constraint", constraint=str(Constraint.from_json(constraint)))
        if count.constraints:
            yield self.say("sheet_constraint_method")
        if count.withdrawn:
            yield self.say("sheet_withdrawn", candidates=list(count.withdrawn))

    def table(self, stages: Sequence[Stage], before: Stage | None) -> Iterator[str]:
        span = max(self.span, MINIMUM_SPAN)
        heads = [self.say("sheet_stage", stage=stage.number) for stage in stages]
        yield " " * self.width + "".join(f" │ {pad(head, span)}" for head in heads).rstrip()
        yield " " * self.width + "".join(f" │ {pad(self.heading(stage), span)}" for stage in stages).rstrip()
        line = "─" * self.width + ("─┼─" + "─" * span) * len(stages)
        yield line
        for number in self.standing():
            cells = []
            previous = before
            for stage in stages:
                votes = stage.votes[number]
                change = votes - previous.votes[number] if previous is not None else NOTHING
                mark = "*" if number in stage.elected else "x" if number in stage.excluded else " "
                cells.append((change, votes, mark))
                previous = stage
            yield self.row(f"{number} {self.count.candidates[number - 1]}", cells)
        if self.count.quota is None:
            return
        yield line
        for code, kind in (("sheet_non_transferable", NON_TRANSFERABLE), ("sheet_lost", LOST)):
            cells = []
            previous = before
            for stage in stages:
                votes = _beside(stage, kind)
                cells.append((votes - _beside(previous, kind) if previous is not None else NOTHING, votes, " "))
                previous = stage
            if any(votes for _change, votes, _mark in cells) or kind == NON_TRANSFERABLE:
                yield self.row(self.say(code), cells)
        totals = [sum(stage.votes.values(), stage.non_transferable + stage.lost) for stage in stages]
        yield self.row(self.say("sheet_total"), [(NOTHING, total, " ") for total in totals])
        if any(stage.quota is not None for stage in stages):
            quotas = [NOTHING if stage.quota is None else stage.quota for stage in stages]
            yield self.row(self.say("sheet_quota_row"), [(NOTHING, quota, " ") for quota in quotas])

    def row(self, name: str, cells: Sequence[tuple[Decimal, Decimal, str]]) -> str:
        told = []
        for change, votes, mark in cells:
            moved = f"{self.votes(change, sign=True):>{self.room + 1}}" if self.moves else ""
            cell = f"{moved}{self.votes(votes):>{self.room}} {mark}"
            told.append(f"{cell:>{MINIMUM_SPAN}}")
        return (pad(name, self.width) + "".join(f" │ {cell}" for cell in told)).rstrip()

    def heading(self, stage: Stage) -> str:
        sources = sorted({transfer.source for transfer in stage.transfers} - set(stage.excluded))
        if stage.excluded:
            return self.say("sheet_exclusion", candidates=list(stage.excluded))
        if sources:
            return self.say("sheet_surplus", candidates=sources)
        if stage.number > 1:
            return ""
        return self.say("sheet_votes") if self.count.quota is None else self.say("sheet_first")

    def standing(self) -> list[int]:
        return sorted(self.count.stages[0].votes)

    def tables(self) -> Iterator[str]:
        """Show the tables of a rule that are rows of text."""
        for name, rows in self.count.tables.items():
            if isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows):
                yield ""
                yield self.say(f"table_{name}")
                cells = [[str(cell) for cell in row] for row in rows]
                widths = [max(width(row[column]) for row in cells) for column in range(len(cells[0]))]
                for row in cells:
                    line = (f"{' ' * (room - width(cell))}{cell}" for cell, room in zip(row, widths, strict=True))
                    yield "  ".join(line).rstrip()

    def story(self) -> Iterator[str]:
        for stage in self.count.stages:
            yield ""
            yield self.say("sheet_stage", stage=stage.number)
            first, *rest = stage.because or (None,)
            for tie in self.count.ties:
                # What was settled stands before what was done for it, or before the names put in order.
                if tie.stage == stage.number and tie.because is not None:
                    yield f"  {tie.because.sentence(self.language, self.count.candidates)}"
                    if tie.hashes:
                        seed = (self.count.lot or {}).get("seed", "")
                        yield f"      {self.say('sheet_hashes', seed=seed, item=tie.item or '')}"
                        for number in tie.order:
                            yield f"      {tie.hashes[number]}  {self.count.candidates[number - 1]}"
            for reason in (first, *rest):
                if reason is not None:
                    yield f"  {reason.sentence(self.language, self.count.candidates)}"


def _beside(stage: Stage, kind: str) -> Decimal:
    return stage.lost if kind == LOST else stage.non_transferable


def width(line: str) -> int:
    """Count the columns that a text takes: wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in line
    )


def pad(line: str, room: int) -> str:
    """Fill or cut a text to so many columns."""
    if width(line) > room:
        while width(line) > room - 1:
            line = line[:-1]
        line += "…"
    return line + " " * (room - width(line))
