"""Say which requests a line of a bank statement may be for, and why.

Exact integers: the points of the reasons add up to the score. The same line and the same requests give the same
proposals, in whatever order the requests come. What a person owes for shares and what they owe otherwise is never
taken together unless their amounts add up, and then it is shown as several requests.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from coopcalc.references import Refused as NoReference
from coopcalc.references import (
    clean_iban,
    format_communication,
    format_rf,
    is_communication,
    nearly_in,
    only_near,
    references_in,
)

from .index import Index, Side
from .names import NameForm, is_alike, is_same, name_form
from .terms import Candidate, Line, Proposal, Reason
from .weights import MOST_OF_ONE_AMOUNT, MOST_PROPOSALS, MOST_TO_ADD_UP, POINTS

EXACT: Final = frozenset({"communication_exact", "reference_in_text", "communication_permanent"})
"""Reasons that say by communication, without a mistake in it, which request is meant."""

_ZERO: Final = Decimal(0)


def propose(line: Line, candidates: Index | Iterable[Candidate]) -> tuple[Proposal, ...]:
    """Return the requests that a line may be for, the likeliest first, each with its reasons.

    Make an `Index` once for many lines. A line of nought is for nothing.
    """
    index = candidates if isinstance(candidates, Index) else Index(candidates)
    if not line.amount:
        return ()
    return _Search(line, index.side(line.amount)).proposals()


def reason(code: str, **facts: Any) -> Reason:
    """Return a reason with its published points."""
    return Reason(code, POINTS[code], facts)


def shown(reference: str) -> str:
    """Write a reference as people see it on a payment request."""
    return format_communication(reference) if is_communication(reference) else format_rf(reference)


def _account(text: str) -> str:
    try:
        return clean_iban(text)
    except NoReference:
        return text.strip()


class _Search:
    """Look for what one line may be for."""

    def __init__(self, line: Line, side: Side) -> None:
        self.paid = abs(line.amount)
        self.side = side
        self.iban = _account(line.iban) if line.iban else ""
        self.form: NameForm = name_form(line.name)
        self.said = self._communications(line)

    def _communications(self, line: Line) -> Mapping[int, Reason]:
        """Return the requests that the line names, each with the best reason."""
        found: dict[int, Reason] = {}
        structured = references_in(line.reference)
        free = "\n".join(part for part in (line.text, line.end_to_end) if part)
        for code, references in (("communication_exact", structured), ("reference_in_text", references_in(free))):
            for reference in references:
                for place in self.side.own.get(reference, ()):
                    found.setdefault(place, reason(code, reference=shown(reference)))
        for reference in dict.fromkeys((*structured, *references_in(free))):
            for place in self.side.permanent.get(reference, ()):
                found.setdefault(place, reason("communication_permanent", reference=shown(reference)))
        if found:
            return found
        for typed in dict.fromkeys((*nearly_in(line.reference), *nearly_in(free))):
            meant = only_near(typed, self.side)
            for place in (*self.side.own.get(meant, ()), *self.side.permanent.get(meant, ())):
                found.setdefault(place, reason("communication_mistyped", typed=typed, reference=shown(meant)))
        return found

    def proposals(self) -> tuple[Proposal, ...]:
        """Return what the line may be for, the likeliest first."""
        places = self._places()
        scored = {place: self._evidence(place) for place in sorted(places)}
        together = self._adding_up(scored)
        made = [
            self._proposal(place, evidence, together.get(place, ()))
            for place, evidence in scored.items()
            if place not in together or together[place][0] == place
        ]
        made.sort(key=lambda pair: (-pair[1].score, self._due(pair[0]), pair[1].claim))
        only = self._certain()
        return tuple(
            replace(proposal, is_certain=True) if place == only else proposal
            for place, proposal in made[:MOST_PROPOSALS]
        )

    def _due(self, place: int) -> str:
        due = self.side.candidates[place].due
        return due.isoformat() if due else "9999"

    def _places(self) -> set[int]:
        """Return what there is anything to say for: the amount alone only where nothing else speaks."""
        places = set(self.said)
        if any(one.code in EXACT for one in self.said.values()):
            return places
        places.update(self.side.by_iban.get(self.iban, ()) if self.iban else ())
        places.update(self.side.named(self.form))
        if not places:
            places.update(self.side.named_alike(self.form))
        if not places:
            same = self.side.by_amount.get(self.paid, [])
            places.update(same if len(same) <= MOST_OF_ONE_AMOUNT else ())
        return places

    def _evidence(self, place: int) -> list[Reason]:
        """Return everything but the amount."""
        one = self.side.candidates[place]
        found = [self.said[place]] if place in self.said else []
        is_theirs = bool(self.iban) and self.iban in one.ibans
        if is_theirs:
            found.append(reason("iban_shared" if self.side.is_shared(self.iban) else "iban_known"))
        name = self._name(place)
        if name is not None:
            found.append(name)
        elif found and self.form.words and self.side.forms[place] and not is_theirs:
            found.append(reason("paid_by_other"))
        return found

    def _name(self, place: int) -> Reason | None:
        forms = self.side.forms[place]
        own = sum(1 for name in self.side.candidates[place].names if name)
        for at, known in enumerate(forms):
            if is_same(self.form, known):
                return reason("payer_named" if at >= own else "name_earlier" if at else "name_same")
        if any(is_alike(self.form, known) for known in forms):
            return reason("name_alike")
        return None

    def _proposal(self, place: int, evidence: Sequence[Reason], together: Sequence[int]) -> tuple[int, Proposal]:
        one = self.side.candidates[place]
        amount = min(self.paid, one.amount)
        reasons = (*evidence, self._amount(one.amount, len(together)))
        parts = tuple((self.side.candidates[part].claim, self.side.candidates[part].amount) for part in together)
        return place, Proposal(one.claim, amount, sum(each.points for each in reasons), reasons, parts)

    def _amount(self, due: Decimal, together: int) -> Reason:
        if together:
            return reason("amounts_together", count=together, total=self.paid)
        if not due:
            return reason("already_paid", paid=self.paid)
        if self.paid == due:
            return reason("amount_exact", paid=self.paid)
        if self.paid < due:
            return reason("amount_short", paid=self.paid, open=due, missing=due - self.paid)
        return reason("amount_over", paid=self.paid, open=due, over=self.paid - due)

    def _adding_up(self, scored: Mapping[int, Sequence[Reason]]) -> Mapping[int, tuple[int, ...]]:
        """Return requests that add up to the line, each with all of them, the one that most speaks for first.

        Looked for among those that the line names, then among those of each person.
        """
        found: dict[int, tuple[int, ...]] = {}
        groups = [sorted(place for place in self.said if self.said[place].code in EXACT)]
        groups += [
            self.side.by_party[party]
            for party in sorted({self.side.candidates[place].party for place in scored} - {""})
        ]
        for group in groups:
            chosen = self._sum(group, scored)
            if chosen and not any(place in found for place in chosen):
                points = {place: sum(one.points for one in scored.get(place, ())) for place in chosen}
                order = tuple(sorted(chosen, key=lambda place: (-points[place], self._key(place))))
                found.update(dict.fromkeys(order, order))
        return found

    def _key(self, place: int) -> tuple[str, str]:
        return self._due(place), self.side.candidates[place].claim

    def _sum(self, group: Sequence[int], scored: Mapping[int, Sequence[Reason]]) -> tuple[int, ...]:
        """Return the fewest and oldest requests of a group that make the amount; nothing where one alone does."""
        amounts = {place: self.side.candidates[place].amount for place in group}
        places = sorted((place for place in group if amounts[place]), key=self._key)
        if len(places) < 2 or self.paid in amounts.values() or sum(amounts.values()) < self.paid:
            return ()
        tries: Iterable[tuple[int, ...]] = (tuple(places[:count]) for count in range(2, len(places) + 1))
        if len(places) <= MOST_TO_ADD_UP:
            tries = itertools.chain.from_iterable(
                itertools.combinations(places, count) for count in range(2, len(places) + 1)
            )
        for chosen in tries:
            if sum((amounts[place] for place in chosen), _ZERO) == self.paid and any(one in scored for one in chosen):
                return chosen
        return ()

    def _certain(self) -> int | None:
        """Return the request that alone fits exactly by communication, if the line isn't too much for it."""
        if len(self.said) != 1:
            return None
        ((place, said),) = self.said.items()
        is_enough = self.paid <= self.side.candidates[place].amount
        return place if said.code in EXACT and is_enough else None
