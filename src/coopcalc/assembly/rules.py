"""What decides whether a motion is adopted, as data: who votes, what the percentage is taken of, how much is needed.

A rule is read from JSON and written back to the same JSON, with every default spelled out. It knows no co-operative
and no law: presets say which rule an article asks for, statutes may say something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from .reading import Node, text
from .refusals import Refused


class Unit(StrEnum):
    """Who or what has a vote: each member, each share, or each class of shares as one block."""

    MEMBER = "member"
    SHARE = "share"
    CLASS = "class"


class Base(StrEnum):
    """What the threshold is a part of."""

    FOR_AGAINST = "for_against"  # votes for and against only
    CAST = "cast"  # also abstentions
    PRESENT = "present"  # everybody present or represented, voting or not
    ENTITLED = "entitled"  # everybody who may vote, there or not


class Counting(StrEnum):
    """What a blank or invalid ballot counts as."""

    NOT_CAST = "not_cast"
    ABSTAIN = "abstain"
    AGAINST = "against"


class Tie(StrEnum):
    """What happens when as many votes are for as against."""

    REJECTED = "rejected"
    CHAIR = "chair"  # the chair's casting vote, one more vote, decides


class Of(StrEnum):
    """What a cap that is a part of the votes present is a part of."""

    BEFORE_CAP = "before_cap"  # the votes attached to what is present, whatever the cap then takes away
    AFTER_CAP = "after_cap"  # the votes that take part once everybody is capped: the circular reading


class Remainder(StrEnum):
    """What happens to parts of a vote that a cap leaves over."""

    DROPPED = "dropped"
    KEPT = "kept"


class Per(StrEnum):
    """Whose votes a cap looks at together."""

    HOLDER = "holder"  # what each holder has
    VOTER = "voter"  # what somebody casts, their own and as a proxy


@dataclass(frozen=True, slots=True)
class Quorum:
    """How much must be present or represented, at which calls (none named: at every call).

    Either `fraction` of all that are entitled or issued, or a number: `at_least`.
    """

    unit: Unit
    base: str
    fraction: Fraction | None
    at_least: int | None
    strict: bool
    calls: tuple[int, ...]

    def applies(self, call: int) -> bool:
        """Tell whether this quorum is asked at a call."""
        return not self.calls or call in self.calls


@dataclass(frozen=True, slots=True)
class Cap:
    """How many votes somebody can have at most: a number, or a part of the votes present and represented."""

    at_most: int | None
    fraction: Fraction | None
    of: Of
    remainder: Remainder
    per: Per


@dataclass(frozen=True, slots=True)
class Inside:
    """What must hold inside each class that has to agree; `agree` None means all of them.

    Where a class votes as one block (unit class), this also says when the block is for.
    """

    agree: tuple[str, ...] | None
    unit: Unit
    base: Base
    threshold: Fraction
    strict: bool
    quorum: tuple[Quorum, ...]
    capped: bool

    def agrees(self, name: str) -> bool:
        """Tell whether a class has to agree."""
        return self.agree is None or name in self.agree


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule. `weights`: votes per share, or of a block, by class; where a class isn't named, one."""

    unit: Unit
    base: Base
    threshold: Fraction
    strict: bool
    blank: Counting
    invalid: Counting
    quorum: tuple[Quorum, ...]
    cap: Cap | None
    weights: Mapping[str, Fraction]
    classes: Inside | None
    tie: Tie

    def weight(self, name: str) -> Fraction:
        """Return how many votes a share, or the block, of a class has."""
        return self.weights.get(name, Fraction(1))


KEYS: Final = ("blank", "invalid", "quorum", "cap", "weights", "classes", "tie")


def parse(node: Node) -> Rule:
    """Read a rule. Raises Refused with the path of what can't be."""
    found = node.keys(needed=("unit", "base", "threshold", "strict"), allowed=KEYS)
    unit = Unit(found["unit"].choice(*Unit))
    base, threshold, strict = Base(found["base"].choice(*Base)), *_threshold(found)
    classes = _inside(found["classes"], unit, base, threshold, strict) if _given(found, "classes") else None
    if unit is Unit.CLASS and classes is None:
        raise Refused("inside_missing", f"{node.path}.classes")
    cap = _cap(found["cap"]) if _given(found, "cap") else None
    if cap and unit is not Unit.SHARE:
        found["cap"].refuse("cap_without_shares")
    if classes and classes.capped and cap is None:
        found["classes"].refuse("capped_without_cap")
    weights = _weights(found["weights"]) if _given(found, "weights") else {}
    if weights and unit is Unit.MEMBER:
        found["weights"].refuse("weights_without_shares")
    return Rule(
        unit=unit,
        base=base,
        threshold=threshold,
        strict=strict,
        blank=Counting(found["blank"].choice(*Counting)) if "blank" in found else Counting.NOT_CAST,
        invalid=Counting(found["invalid"].choice(*Counting)) if "invalid" in found else Counting.NOT_CAST,
        quorum=_quorums(found["quorum"], unit, tuple(Unit)) if _given(found, "quorum") else (),
        cap=cap,
        weights=weights,
        classes=classes,
        tie=Tie(found["tie"].choice(*Tie)) if "tie" in found else Tie.REJECTED,
    )


def _given(found: Mapping[str, Node], key: str) -> bool:
    return key in found and found[key].value is not None


def _threshold(found: Mapping[str, Node]) -> tuple[Fraction, bool]:
    threshold, strict = found["threshold"].share(), found["strict"].flag()
    if strict and threshold == 1:
        found["threshold"].refuse("more_than_all")
    return threshold, strict


def _quorums(node: Node, unit: Unit, units: tuple[Unit, ...]) -> tuple[Quorum, ...]:
    nodes = list(node.items()) if isinstance(node.value, list) else [node]
    return tuple(_quorum(one, unit, units) for one in nodes)


def _quorum(node: Node, unit: Unit, units: tuple[Unit, ...]) -> Quorum:
    found = node.keys(allowed=("unit", "base", "fraction", "at_least", "strict", "call"))
    if ("fraction" in found) == ("at_least" in found):
        node.refuse("one_of", names=("fraction", "at_least"))
    strict = found["strict"].flag() if "strict" in found else False
    fraction = found["fraction"].share() if "fraction" in found else None
    if strict and fraction == 1:
        found["fraction"].refuse("more_than_all")
    if strict and fraction is None:
        found["strict"].refuse("strict_without_fraction")
    return Quorum(
        unit=Unit(found["unit"].choice(*units)) if "unit" in found else unit,
        base=found["base"].choice("entitled", "issued") if "base" in found else "entitled",
        fraction=fraction,
        at_least=_from_one(found["at_least"]) if "at_least" in found else None,
        strict=strict,
        calls=_calls(found["call"]) if "call" in found else (),
    )


def _calls(node: Node) -> tuple[int, ...]:
    if node.value == "every":
        return ()
    calls = tuple(_from_one(one) for one in (node.items() if isinstance(node.value, list) else [node]))
    if not calls or len(set(calls)) < len(calls):
        node.refuse("calls_expected")
    return tuple(sorted(calls))


def _from_one(node: Node) -> int:
    value = node.whole()
    return value if value else node.refuse("number_zero")


def _cap(node: Node) -> Cap:
    if isinstance(node.value, str) and "/" in node.value:
        return Cap(None, node.share(), Of.BEFORE_CAP, Remainder.DROPPED, Per.HOLDER)
    if not isinstance(node.value, dict):
        return Cap(_from_one(node), None, Of.BEFORE_CAP, Remainder.DROPPED, Per.HOLDER)
    found = node.keys(allowed=("at_most", "fraction", "of", "fractions", "per"))
    if ("at_most" in found) == ("fraction" in found):
        node.refuse("one_of", names=("fraction", "at_most"))
    if "of" in found and "at_most" in found:
        found["of"].refuse("of_without_fraction")
    return Cap(
        at_most=_from_one(found["at_most"]) if "at_most" in found else None,
        fraction=found["fraction"].share() if "fraction" in found else None,
        of=Of(found["of"].choice(*Of)) if "of" in found else Of.BEFORE_CAP,
        remainder=Remainder(found["fractions"].choice(*Remainder)) if "fractions" in found else Remainder.DROPPED,
        per=Per(found["per"].choice(*Per)) if "per" in found else Per.HOLDER,
    )


def _weights(node: Node) -> Mapping[str, Fraction]:
    weights = {name: one.votes() for name, one in node.named().items()}
    for name, one in node.named().items():
        if not weights[name]:
            one.refuse("number_zero")
    return weights


def _inside(node: Node, unit: Unit, base: Base, threshold: Fraction, strict: bool) -> Inside:
    found = node.keys(
        needed=("agree", "unit") if unit is Unit.CLASS else ("agree",),
        allowed=("unit", "base", "threshold", "strict", "quorum", "capped"),
    )
    agree = _agree(found["agree"], unit)
    own = Unit(found["unit"].choice(Unit.MEMBER, Unit.SHARE)) if "unit" in found else unit
    asked = found["threshold"].share() if "threshold" in found else threshold
    is_strict = found["strict"].flag() if "strict" in found else strict
    if is_strict and asked == 1:
        node.refuse("more_than_all")
    return Inside(
        agree=agree,
        unit=own,
        base=Base(found["base"].choice(*Base)) if "base" in found else base,
        threshold=asked,
        strict=is_strict,
        quorum=_quorums(found["quorum"], own, (Unit.MEMBER, Unit.SHARE)) if _given(found, "quorum") else (),
        capped=found["capped"].flag() if "capped" in found else False,
    )


def _agree(node: Node, unit: Unit) -> tuple[str, ...] | None:
    if node.value == "all":
        return None
    names = tuple(one.name() for one in node.items())
    if len(set(names)) < len(names) or not (names or unit is Unit.CLASS):
        node.refuse("agree_expected")
    return tuple(sorted(names))


def as_json(rule: Rule) -> dict[str, Any]:
    """Write a rule with every default spelled out, as `parse` reads it."""
    return {
        "unit": rule.unit.value,
        "base": rule.base.value,
        "threshold": text(rule.threshold),
        "strict": rule.strict,
        "blank": rule.blank.value,
        "invalid": rule.invalid.value,
        "quorum": [_quorum_json(one) for one in rule.quorum] or None,
        "cap": _cap_json(rule.cap) if rule.cap else None,
        "weights": {name: text(rule.weights[name]) for name in sorted(rule.weights)} or None,
        "classes": _inside_json(rule.classes) if rule.classes else None,
        "tie": rule.tie.value,
    }


def _quorum_json(quorum: Quorum) -> dict[str, Any]:
    amount = {"at_least": quorum.at_least} if quorum.fraction is None else {"fraction": text(quorum.fraction)}
    return {
        "unit": quorum.unit.value,
        "base": quorum.base,
        **amount,
        "strict": quorum.strict,
        "call": list(quorum.calls) or "every",
    }


def _cap_json(cap: Cap) -> dict[str, Any]:
    if cap.fraction is None:
        amount: dict[str, Any] = {"at_most": cap.at_most}
    else:
        amount = {"fraction": text(cap.fraction), "of": cap.of.value}
    return {**amount, "fractions": cap.remainder.value, "per": cap.per.value}


def _inside_json(inside: Inside) -> dict[str, Any]:
    return {
        "agree": "all" if inside.agree is None else list(inside.agree),
        "unit": inside.unit.value,
        "base": inside.base.value,
        "threshold": text(inside.threshold),
        "strict": inside.strict,
        "quorum": [_quorum_json(one) for one in inside.quorum] or None,
        "capped": inside.capped,
    }
