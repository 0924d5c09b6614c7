"""What decides whether a motion is adopted, as data: who votes, what the percentage is taken of, how much is needed.

A rule is read from JSON and written back to the same JSON, with every default spelled out. It knows no co-operative
and no law: presets say which rule an article asks for, statutes may say something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from .reading import Node, plain, text
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

# Other ways to say the same, which can't mean anything else; a rule is always written back in our own words.
_UNITS: Final = MappingProxyType({"members": "member", "shares": "share", "classes": "class"})
_BASES: Final = MappingProxyType(
    {
        "for_and_against": "for_against",
        "cast_including_abstentions": "cast",
        "present_and_represented": "present",
        "present_or_represented": "present",
        "all_entitled": "entitled",
    }
)
_TIES: Final = MappingProxyType(
    {"reject": "rejected", "casting": "chair", "casting_vote": "chair", "chair_casting_vote": "chair"}
)
_CALLS: Final = MappingProxyType({"first": 1, "second": 2})
_OF: Final = MappingProxyType({"present": "before_cap", "present_and_represented": "before_cap"})
_CAP_ALLOWED: Final = ("at_most", "fraction", "of", "fractions", "per")
_CAP_KEYS: Final = MappingProxyType({"max": "at_most", "votes": "at_most"})
_NO_CAP: Final = ("none", "per_share")
_ONE_EACH: Final = "one_member_one_vote"
_TENTH: Final = "tenth"


def parse(node: Node) -> Rule:
    """Read a rule. Raises Refused with the path of what can't be."""
    found = node.keys(needed=("unit", "base", "threshold", "strict"), allowed=KEYS)
    found = {key: one for key, one in found.items() if key not in KEYS or one.value is not None}
    unit = _unit(found["unit"], *Unit)
    base, threshold, strict = _base(found["base"]), *_threshold(found)
    classes = _inside(found["classes"], unit, base, threshold, strict) if "classes" in found else None
    if unit is Unit.CLASS and classes is None:
        raise Refused("inside_missing", f"{node.path}.classes")
    cap = _cap(found["cap"], unit) if "cap" in found else None
    if classes and classes.capped and cap is None:
        found["classes"].refuse("capped_without_cap")
    weights = _weights(found["weights"]) if "weights" in found else {}
    if weights and unit is Unit.MEMBER:
        found["weights"].refuse("weights_without_shares")
    return Rule(
        unit=unit,
        base=base,
        threshold=threshold,
        strict=strict,
        blank=Counting(found["blank"].choice(*Counting)) if "blank" in found else Counting.NOT_CAST,
        invalid=Counting(found["invalid"].choice(*Counting)) if "invalid" in found else Counting.NOT_CAST,
        quorum=_quorums(found["quorum"], unit, tuple(Unit)) if "quorum" in found else (),
        cap=cap,
        weights=weights,
        classes=classes,
        tie=Tie(found["tie"].choice(*Tie, also=_TIES)) if "tie" in found else Tie.REJECTED,
    )


def _unit(node: Node, *units: Unit) -> Unit:
    return Unit(node.choice(*units, also=_UNITS))


def _base(node: Node) -> Base:
    return Base(node.choice(*Base, also=_BASES))


def _threshold(found: Mapping[str, Node]) -> tuple[Fraction, bool]:
    threshold, strict = found["threshold"].share(), found["strict"].flag()
    if strict and threshold == 1:
        found["threshold"].refuse("more_than_all")
    return threshold, strict


def _quorums(node: Node, unit: Unit, units: tuple[Unit, ...]) -> tuple[Quorum, ...]:
    nodes = list(node.items()) if isinstance(node.value, list) else [] if node.value == {} else [node]
    return tuple(_quorum(one, unit, units) for one in nodes)


def _quorum(node: Node, unit: Unit, units: tuple[Unit, ...]) -> Quorum:
    if isinstance(node.value, str):
        node = Node({"fraction": node.value}, node.path)
    found = node.keys(allowed=("unit", "base", "fraction", "at_least", "strict", "call"))
    found = {key: one for key, one in found.items() if one.value is not None}
    if ("fraction" in found) == ("at_least" in found):
        node.refuse("one_of", names=("fraction", "at_least"))
    strict = found["strict"].flag() if "strict" in found else False
    fraction = found["fraction"].share() if "fraction" in found else None
    if strict and fraction == 1:
        found["fraction"].refuse("more_than_all")
    if strict and fraction is None:
        found["strict"].refuse("strict_without_fraction")
    return Quorum(
        unit=_unit(found["unit"], *units) if "unit" in found else unit,
        base=found["base"].choice("entitled", "issued", also=_BASES) if "base" in found else "entitled",
        fraction=fraction,
        at_least=_from_one(found["at_least"]) if "at_least" in found else None,
        strict=strict,
        calls=_calls(found["call"]) if "call" in found else (),
    )


def _calls(node: Node) -> tuple[int, ...]:
    if node.value == "every":
        return ()
    calls = tuple(call(one) for one in (node.items() if isinstance(node.value, list) else [node]))
    if not calls or len(set(calls)) < len(calls):
        node.refuse("calls_expected")
    return tuple(sorted(calls))


def call(node: Node) -> int:
    """Read which call this is, from 1 on; the first two also have names."""
    named = _CALLS.get(node.value) if isinstance(node.value, str) else None
    return _from_one(node) if named is None else named


def _from_one(node: Node) -> int:
    value = node.whole()
    return value if value else node.refuse("number_zero")


def _cap(node: Node, unit: Unit) -> Cap | None:
    """Read a cap; None where it can't bite: each member has one vote already."""
    cap = _some_cap(node)
    if cap and unit is not Unit.SHARE:
        if unit is Unit.MEMBER and cap.at_most:
            return None
        node.refuse("cap_without_shares")
    return cap


def _some_cap(node: Node) -> Cap | None:
    if not isinstance(node.value, dict):
        word = plain(node.value) if isinstance(node.value, str) else ""
        if word in _NO_CAP:
            return None
        if word == _TENTH or "/" in word or "%" in word:
            part = Fraction(1, 10) if word == _TENTH else node.share()
            return Cap(None, part, Of.BEFORE_CAP, Remainder.DROPPED, Per.HOLDER)
        most = 1 if word == _ONE_EACH else _from_one(node)
        return Cap(most, None, Of.BEFORE_CAP, Remainder.DROPPED, Per.HOLDER)
    if "kind" in node.value:
        return _cap_of_kind(node)
    told = node.keys(allowed=(*_CAP_ALLOWED, *_CAP_KEYS))
    found = {_CAP_KEYS.get(key, key): one for key, one in told.items()}
    if len(found) < len(told):
        node.refuse("one_of", names=("at_most", *_CAP_KEYS))
    if ("at_most" in found) == ("fraction" in found):
        node.refuse("one_of", names=("fraction", "at_most"))
    if "of" in found and "at_most" in found:
        found["of"].refuse("of_without_fraction")
    return Cap(
        at_most=_from_one(found["at_most"]) if "at_most" in found else None,
        fraction=found["fraction"].share() if "fraction" in found else None,
        of=Of(found["of"].choice(*Of, also=_OF)) if "of" in found else Of.BEFORE_CAP,
        remainder=Remainder(found["fractions"].choice(*Remainder)) if "fractions" in found else Remainder.DROPPED,
        per=Per(found["per"].choice(*Per)) if "per" in found else Per.HOLDER,
    )


def _cap_of_kind(node: Node) -> Cap | None:
    """Read a cap that names its kind: as the word alone, or with the rest beside it."""
    rest = {key: value for key, value in node.value.items() if key != "kind"}
    kind = Node(node.value["kind"], f"{node.path}.kind")
    word = kind.choice(_TENTH, "fixed", _ONE_EACH, *_NO_CAP)
    if word == _TENTH:
        Node(rest, node.path).keys(allowed=("of", "fractions", "per"))
        return _some_cap(Node({"fraction": "1/10", **rest}, node.path))
    if word == "fixed":
        return _some_cap(Node(rest, node.path))
    if rest:
        Node(rest, node.path).keys()
    return _some_cap(Node(word, node.path))


def _weights(node: Node) -> Mapping[str, Fraction]:
    weights = {name: one.votes() for name, one in node.named().items()}
    for name, one in node.named().items():
        if not weights[name]:
            one.refuse("number_zero")
    return weights


def _inside(node: Node, unit: Unit, base: Base, threshold: Fraction, strict: bool) -> Inside | None:
    value = node.value
    if unit is not Unit.CLASS:
        if value is False or value in ([], "none"):
            return None
        if value is True or value == "all" or isinstance(value, list):
            node = Node({"agree": "all" if value is True else value}, node.path)
        elif isinstance(value, dict) and "agree" not in value:
            node = Node({"agree": "all", **value}, node.path)
    found = node.keys(
        needed=("agree", "unit") if unit is Unit.CLASS else ("agree",),
        allowed=("unit", "base", "threshold", "strict", "quorum", "capped"),
    )
    optional = ("unit", "base", "threshold", "strict", "quorum", "capped") if unit is not Unit.CLASS else ("quorum",)
    found = {key: one for key, one in found.items() if key not in optional or one.value is not None}
    agree = _agree(found["agree"], unit)
    own = _unit(found["unit"], Unit.MEMBER, Unit.SHARE) if "unit" in found else unit
    asked = found["threshold"].share() if "threshold" in found else threshold
    is_strict = found["strict"].flag() if "strict" in found else strict
    if is_strict and asked == 1:
        node.refuse("more_than_all")
    return Inside(
        agree=agree,
        unit=own,
        base=_base(found["base"]) if "base" in found else base,
        threshold=asked,
        strict=is_strict,
        quorum=_quorums(found["quorum"], own, (Unit.MEMBER, Unit.SHARE)) if "quorum" in found else (),
        capped=found["capped"].flag() if "capped" in found else False,
    )


def _agree(node: Node, unit: Unit) -> tuple[str, ...] | None:
    if node.value == "all" or node.value is True:
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
