"""Decide whether a motion is adopted, and show the working.

In order: the quorum of this call, what each may cast under a cap, what lies on which pile, what the percentage is taken
of, how many votes that asks for, a tie, and the classes that have to agree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from .question import Ballots, Question, Size, Sizes
from .reading import below
from .refusals import Refused
from .rules import Base, Counting, Quorum, Rule, Tie, Unit
from .tally import Counted, Step, count

HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One quorum of this call: how much was needed, how much is there. `name` is the class, None for the whole."""

    name: str | None
    unit: Unit
    present: int
    needed: int

    @property
    def missing(self) -> int:
        """Return how much more had to be present."""
        return max(0, self.needed - self.present)


@dataclass(frozen=True, slots=True)
class Part:
    """The arithmetic of the whole or of one class.

    `missing`: how many of the votes in the base had to be for instead. `missing_added`: how many further votes for
    would have done it, coming on top; None where no number of them would, or where they would move a cap. `excess`: how
    many votes for weren't needed.
    """

    base: Fraction
    needed: Fraction
    for_: Fraction
    missing: Fraction
    missing_added: Fraction | None
    excess: Fraction

    @property
    def enough(self) -> bool:
        """Tell whether there are enough votes for."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why. `casting` is the chair's casting vote where it was used."""

    rule: Rule
    adopted: bool
    attendances: tuple[Attendance, ...]
    whole: Part
    classes: Mapping[str, Part]
    casting: str | None
    steps: tuple[tuple[str | None, Step], ...]

    @property
    def quorum_met(self) -> bool:
        """Tell whether every quorum of this call is met."""
        return not any(one.missing for one in self.attendances)


class _Working:
    """The steps so far, each of the whole or of a class."""

    def __init__(self) -> None:
        self.steps: list[tuple[str | None, Step]] = []

    def say(self, name: str | None, code: str, /, **facts: object) -> None:
        self.steps.append((name, Step(code, facts)))


def decide(question: Question) -> Verdict:
    """Decide on a question. Raises Refused where it lacks what its rule asks for, or contradicts itself."""
    rule, counted, working = question.rule, count(question), _Working()
    names = _names(question, counted)
    _check(question, counted, names)
    _tell_source(question, working)
    working.say(
        None, "rule_more" if rule.strict else "rule_at_least", threshold=rule.threshold, base=rule.base, unit=rule.unit
    )
    attendances = list(_attendances(None, rule.quorum, question, counted, names, working))
    working.steps += [(None, step) for step in counted.steps]
    judged, inside = _classes(question, counted, names, working)
    attendances += [one for one in inside if rule.classes and rule.classes.agrees(one.name or "")]
    if rule.unit is Unit.CLASS:
        counted = _blocks(rule, counted, names, judged, inside, working)
    casting = None
    if judged:
        working.say(None, "whole_says")
    ballots = _settled(counted.whole, rule, None, working)
    if not any(one.missing for one in attendances):
        casting = _casting(question, ballots, working)
    part = _judge(None, rule, counted, ballots, casting, working)
    dissent = [name for name in judged if rule.classes and rule.classes.agrees(name) and not judged[name].enough]
    lacking = [one for one in attendances if one.missing]
    adopted = part.enough and not dissent and not lacking
    if lacking:
        working.say(None, "undecided_quorum")
    elif not part.enough:
        working.say(None, "rejected_votes")
    elif dissent:
        working.say(None, "rejected_classes", names=tuple(dissent))
    else:
        working.say(None, "adopted")
    return Verdict(rule, adopted, tuple(attendances), part, judged, casting, tuple(working.steps))


def _tell_source(question: Question, working: _Working) -> None:
    """Say where the rule comes from, and how sure that is."""
    source = question.source
    if source is None:
        return
    given = source.preset
    working.say(None, "rule_preset", name=given.name, article=given.article, since=given.valid_from)
    if source.statutes:
        working.say(None, "rule_statutes", keys=source.statutes)
    if source.unsure:
        working.say(None, "rule_check")
    if source.readings:
        working.say(None, "rule_readings", paths=source.readings)


def _names(question: Question, counted: Counted) -> tuple[str, ...]:
    """Return the classes that the question knows; one in which nobody is entitled has nothing to say."""
    known = {*counted.classes, *counted.present.classes, *counted.entitled.classes}
    empty = {name for name, size in counted.entitled.classes.items() if size in (Size(0), Size(0, 0), Size(None, 0))}
    rule = question.rule
    for name in rule.weights:
        if known and name not in known:
            raise Refused("class_unknown", below("rule.weights", name), name=name)
    for name in (rule.classes.agree or ()) if rule.classes else ():
        if name not in known:
            raise Refused("class_unknown", "rule.classes.agree", name=name)
    names = tuple(sorted(known - {name for name in empty if not _used(counted, name)}))
    if rule.classes and not names:
        raise Refused("classes_missing", question.place.partition(".")[0])
    return names


def _used(counted: Counted, name: str) -> Fraction:
    return counted.classes.get(name, Ballots()).used


def _check(question: Question, counted: Counted, names: tuple[str, ...]) -> None:
    """Refuse numbers that can't be together: more present than entitled, more cast than present."""
    order: tuple[tuple[str, Sizes], ...] = (
        ("present", counted.present),
        ("entitled", counted.entitled),
        ("issued", question.issued),
    )
    scopes: tuple[str | None, ...] = (None, *names)
    for index, (word, sizes) in enumerate(order):
        for larger_word, larger in order[index + 1 :]:
            for name in scopes:
                _fits(word, sizes, larger_word, larger, name, question)
    rule = question.rule
    for name in scopes:
        if rule.unit is Unit.CLASS and name is None:
            continue
        ballots = counted.whole if name is None else counted.classes.get(name, Ballots())
        for word, sizes in order[:2]:
            there = _votes(rule, sizes, name, bound=True)
            if there is not None and ballots.used > there:
                place = question.place if name is None else below(question.place, name)
                raise Refused(f"more_cast_than_{word}", place, cast=ballots.used, there=there)
    for name, ballots in counted.classes.items():
        if ballots.used and counted.present.classes and name not in counted.present.classes:
            raise Refused("class_not_present", below(question.place, name), name=name)


def _fits(word: str, sizes: Sizes, larger_word: str, larger: Sizes, name: str | None, question: Question) -> None:
    mine, yours = sizes.at(name), larger.at(name)
    for less, more in ((mine.members, yours.members), (mine.shares, yours.shares), (mine.votes, yours.votes)):
        if less is not None and more is not None and less > more:
            listed = "holders" if question.holders is not None and word == "present" else word
            path = listed if name is None else below(sizes.place or listed, name)
            raise Refused("more_than", path, less=word, number=less, more=larger_word, most=more)
    if name is not None and larger.classes and sizes.classes and name in sizes.classes and name not in larger.classes:
        raise Refused("class_unknown", below(sizes.place or "holders", name), name=name)


def _votes(rule: Rule, sizes: Sizes, name: str | None, *, bound: bool = False) -> Fraction | None:
    """Return how many votes there are in a size of the whole or a class; None where it can't be known.

    With `bound`, shares that a cap may reduce do as well: there can't be more votes than that.
    """
    size = sizes.at(name)
    unit = rule.unit if name is None or rule.classes is None else rule.classes.unit
    if unit is Unit.MEMBER:
        return None if size.members is None else Fraction(size.members)
    if size.votes is not None:
        return size.votes
    is_capped = rule.cap is not None and (name is None or (rule.classes is not None and rule.classes.capped))
    if size.shares is None or (is_capped and not bound):
        return None
    if name is not None:
        return size.shares * (rule.weight(name) if rule.unit is Unit.SHARE else Fraction(1))
    if not rule.weights:
        return Fraction(size.shares)
    shares = {one: found.shares for one, found in sizes.classes.items()}
    if None in shares.values() or sum(number or 0 for number in shares.values()) != size.shares:
        return None
    return sum((rule.weight(one) * (number or 0) for one, number in shares.items()), Fraction(0))


def _attendances(
    name: str | None,
    quorums: tuple[Quorum, ...],
    question: Question,
    counted: Counted,
    names: tuple[str, ...],
    working: _Working,
) -> Iterator[Attendance]:
    """Yield each quorum of this call, in the whole or in a class."""
    if not quorums and name is None:
        working.say(None, "quorum_none")
    for quorum in quorums:
        if not quorum.applies(question.call):
            working.say(name, "quorum_not_now", call=question.call)
            continue
        present = _there(counted.present, name, quorum.unit, counted, names, "present")
        facts: dict[str, object] = {"unit": quorum.unit, "present": present}
        if quorum.fraction is None:
            needed = quorum.at_least or 0
            facts |= {"needed": needed}
            code = "quorum_number"
        else:
            sizes = counted.entitled if quorum.base == "entitled" else question.issued
            total = _there(sizes, name, quorum.unit, counted, names, quorum.base)
            product = quorum.fraction * total
            needed = floor(product) + 1 if quorum.strict else ceil(product)
            facts |= {"fraction": quorum.fraction, "total": total, "needed": needed, "base": quorum.base}
            code = "quorum_more" if quorum.strict else "quorum_at_least"
        working.say(name, code, **facts)
        attendance = Attendance(name, quorum.unit, present, needed)
        if attendance.missing:
            working.say(name, "quorum_missing", unit=quorum.unit, missing=attendance.missing)
        else:
            working.say(name, "quorum_met", unit=quorum.unit)
        yield attendance


def _there(sizes: Sizes, name: str | None, unit: Unit, counted: Counted, names: tuple[str, ...], word: str) -> int:
    if unit is Unit.CLASS:
        return len(names) if word != "present" else sum(_is_there(counted, one) for one in names)
    found = sizes.at(name).of(unit)
    if found is None:
        raise Refused("size_missing", word if name is None else below(sizes.place or word, name), what=word, unit=unit)
    return found


def _is_there(counted: Counted, name: str) -> bool:
    size = counted.present.at(name)
    return bool(_used(counted, name) or size.members or size.shares or size.votes)


def _settled(ballots: Ballots, rule: Rule, name: str | None, working: _Working) -> Ballots:
    """Put blank and invalid ballots on the pile that the rule says, or aside."""
    settled = replace(ballots, blank=Fraction(0), invalid=Fraction(0))
    for which, votes, counting in (("blank", ballots.blank, rule.blank), ("invalid", ballots.invalid, rule.invalid)):
        if not votes:
            continue
        working.say(name, "set_aside", which=which, votes=votes, counting=counting)
        if counting is Counting.AGAINST:
            settled = replace(settled, against=settled.against + votes)
        elif counting is Counting.ABSTAIN:
            settled = replace(settled, abstain=settled.abstain + votes)
    return settled


def _casting(question: Question, ballots: Ballots, working: _Working) -> str | None:
    """Return the chair's casting vote where there is a tie and the rule knows one."""
    rule = question.rule
    is_tie = rule.strict and rule.threshold == HALF and ballots.for_ == ballots.against and ballots.for_ > 0
    if rule.tie is Tie.REJECTED:
        if is_tie:
            working.say(None, "tie_rejected", votes=ballots.for_)
        return None
    if not is_tie:
        if question.casting:
            working.say(None, "casting_unused")
        return None
    if question.casting is None:
        raise Refused("casting_missing", "casting", votes=ballots.for_)
    working.say(None, "tie_chair", votes=ballots.for_, casting=question.casting)
    return question.casting


def _judge(
    name: str | None, rule: Rule, counted: Counted, ballots: Ballots, casting: str | None, working: _Working
) -> Part:
    """Work out what is needed and what is there, in the whole or in a class."""
    inside = rule.classes if name is not None else None
    base_kind, threshold, strict = (
        (inside.base, inside.threshold, inside.strict) if inside else (rule.base, rule.threshold, rule.strict)
    )
    if casting:
        extra = Ballots(for_=Fraction(1)) if casting == "for" else Ballots(against=Fraction(1))
        ballots = ballots + extra
    working.say(name, "piles", **{"for": ballots.for_, "against": ballots.against, "abstain": ballots.abstain})
    base = _base(name, base_kind, rule, counted, ballots)
    working.say(name, f"base_{base_kind}", base=base)
    grain = Fraction(1, lcm(*(votes.denominator for votes in ballots.all())))
    product = threshold * base
    needed = _least(product, grain, strict=strict)
    facts = {"threshold": threshold, "base": base, "product": product, "needed": needed}
    working.say(name, "needed_more" if strict else "needed_at_least", **facts)
    missing = max(Fraction(0), needed - ballots.for_)
    added: Fraction | None = Fraction(0)
    if missing:
        # Who comes on top would move a cap that depends on who is there; and there are no more blocks than classes.
        is_fixed = (rule.cap is not None and rule.cap.fraction is not None) or (rule.unit is Unit.CLASS and not name)
        added = None if is_fixed else _added(base_kind, threshold, strict, base, ballots.for_, grain)
    part = Part(base, needed, ballots.for_, missing, added, max(Fraction(0), ballots.for_ - needed))
    if part.enough:
        working.say(name, "enough", **{"for": part.for_, "excess": part.excess})
    elif not part.for_:
        working.say(name, "nobody_for", missing=missing)
    else:
        working.say(name, "short", **{"for": part.for_, "missing": missing})
    if added is not None and added > missing:
        working.say(name, "short_added", missing=added)
    return part


def _base(name: str | None, kind: Base, rule: Rule, counted: Counted, ballots: Ballots) -> Fraction:
    if kind is Base.FOR_AGAINST:
        return ballots.for_ + ballots.against
    if kind is Base.CAST:
        return ballots.for_ + ballots.against + ballots.abstain
    sizes = counted.present if kind is Base.PRESENT else counted.entitled
    found = _votes(rule, sizes, name)
    if found is None:
        unit = rule.classes.unit if name is not None and rule.classes else rule.unit
        path = kind.value if name is None else below(sizes.place or kind.value, name)
        raise Refused("votes_missing" if rule.cap or rule.weights else "size_missing", path, what=kind, unit=unit)
    return found


def _least(product: Fraction, grain: Fraction, *, strict: bool) -> Fraction:
    """Return the smallest number of votes that is enough; without a vote for, nothing is."""
    steps = product / grain
    return max(1, floor(steps) + 1 if strict else ceil(steps)) * grain


def _added(
    kind: Base, threshold: Fraction, strict: bool, base: Fraction, for_: Fraction, grain: Fraction
) -> Fraction | None:
    """Return how many votes for, on top of what was cast, would have done it; None where no number would.

    With `x` more the base grows along: `for + x >= threshold × (base + x)`, so `x >= (threshold × base - for) / (1 -
    threshold)`. Where the base is who is present or entitled, it stays.
    """
    if kind in (Base.PRESENT, Base.ENTITLED):
        return _least(threshold * base, grain, strict=strict) - for_
    if threshold == 1:
        return None if base > for_ else grain
    return _least((threshold * base - for_) / (1 - threshold), grain, strict=strict)


def _classes(
    question: Question, counted: Counted, names: tuple[str, ...], working: _Working
) -> tuple[dict[str, Part], list[Attendance]]:
    """Judge every class that has a say of its own."""
    rule = question.rule
    if rule.classes is None:
        return {}, []
    judged: dict[str, Part] = {}
    attendances: list[Attendance] = []
    for name in sorted(counted.entitled.classes.keys() - set(names)):
        if rule.unit is Unit.CLASS or rule.classes.agrees(name):
            working.say(None, "class_empty", name=name)
    for name in names:
        if rule.unit is not Unit.CLASS and not rule.classes.agrees(name):
            continue
        working.say(name, "class_says", name=name)
        attendances += _attendances(name, rule.classes.quorum, question, counted, names, working)
        ballots = _settled(counted.classes.get(name, Ballots()), rule, name, working)
        judged[name] = _judge(name, rule, counted, ballots, None, working)
    return judged, attendances


def _blocks(
    rule: Rule,
    counted: Counted,
    names: tuple[str, ...],
    judged: Mapping[str, Part],
    attendances: list[Attendance],
    working: _Working,
) -> Counted:
    """Let every class cast its votes as one block, as it decided inside."""
    whole = Ballots()
    for name in names:
        votes, piles = rule.weight(name), counted.classes.get(name, Ballots())
        if any(one.missing for one in attendances if one.name == name) or not piles.used:
            side = "silent"
        elif judged[name].enough:
            side = "for"
        else:
            side = "against" if piles.for_ + piles.against else "abstain"
        whole += Ballots(**{"for_" if side == "for" else side: votes})
        working.say(None, f"block_{side}", name=name, votes=votes)
    there = sum((rule.weight(name) for name in names if _is_there(counted, name)), Fraction(0))
    everybody = sum((rule.weight(name) for name in names), Fraction(0))
    return replace(
        counted,
        whole=whole,
        present=replace(counted.present, whole=replace(counted.present.whole, votes=there)),
        entitled=replace(counted.entitled, whole=replace(counted.entitled.whole, votes=everybody)),
    )
