"""A question to decide: a rule, the call, who is entitled and present, and how the votes fell.

Votes come as totals (`votes`), for the whole or by class, or as a list of holders with what each holds and how each
votes (`holders`). Totals are taken as they are: a cap has been applied before they were added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from .presets import Source, rule_of
from .reading import Node, below, read
from .refusals import Refused
from .rules import Rule, Tie, Unit
from .rules import call as rule_call

CHOICES: Final = ("for", "against", "abstain", "blank", "invalid")
ABSENT: Final = "absent"
SILENT: Final = "none"
"""Present or represented, but without a ballot."""

_SIZE_KEYS: Final = ("members", "shares", "votes")
_TOGETHER: Final = ("present", "represented")
_BESIDE: Final = ("entitled", "issued", "call")


@dataclass(frozen=True, slots=True)
class Ballots:
    """How votes fell; `silent` ones are present and weren't used."""

    for_: Fraction = Fraction(0)
    against: Fraction = Fraction(0)
    abstain: Fraction = Fraction(0)
    blank: Fraction = Fraction(0)
    invalid: Fraction = Fraction(0)
    silent: Fraction = Fraction(0)

    def __add__(self, other: "Ballots") -> "Ballots":
        """Add two piles."""
        return Ballots(*(mine + yours for mine, yours in zip(self.all(), other.all(), strict=True)))

    def all(self) -> tuple[Fraction, ...]:
        """Return the six numbers in their order."""
        return (self.for_, self.against, self.abstain, self.blank, self.invalid, self.silent)

    @property
    def used(self) -> Fraction:
        """Return how many votes have a ballot."""
        return sum(self.all()[:-1], Fraction(0))


@dataclass(frozen=True, slots=True)
class Size:
    """How much is there: members, shares, and votes where they aren't the same; None where nobody said."""

    members: int | None = None
    shares: int | None = None
    votes: Fraction | None = None

    def of(self, unit: Unit) -> int | None:
        """Return how many members or shares there are."""
        return self.members if unit is Unit.MEMBER else self.shares


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is there on the whole and in each class."""

    whole: Size = Size()
    classes: Mapping[str, Size] = field(default_factory=dict)
    place: str = ""
    """Where the classes stand in the question."""

    def at(self, name: str | None) -> Size:
        """Return the size of a class, or of the whole for None."""
        return self.whole if name is None else self.classes.get(name, Size())


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody entitled: what they hold by class, who votes for them, and how: one choice, or votes by choice."""

    id: str
    voter: str
    shares: Mapping[str, int]
    choice: str
    cast: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a decision needs. Either `holders`, or `whole` (None: the sum of `classes`) and `classes`."""

    rule: Rule
    source: Source | None
    call: int
    entitled: Sizes
    issued: Sizes
    present: Sizes
    whole: Ballots | None
    classes: Mapping[str, Ballots]
    place: str
    """Where the votes of classes stand in the question."""
    holders: tuple[Holder, ...] | None
    listed: bool
    casting: str | None


def parse(data: bytes) -> Question:
    """Read a question from a file's bytes. Raises Refused with the path of what can't be."""
    return of(read(data))


def of(node: Node) -> Question:
    """Read a question. Raises Refused with the path of what can't be."""
    found = node.keys(
        needed=("rule",), allowed=("call", "entitled", "issued", "present", "votes", "holders", "casting")
    )
    rule, source = rule_of(found["rule"])
    # What is null isn't given.
    found = {key: one for key, one in found.items() if one.value is not None}
    if ("votes" in found) == ("holders" in found):
        node.refuse("one_of", names=("votes", "holders"))
    classes_named = _classes_named(found, rule)
    found = _beside_present(found, classes_named)
    call = rule_call(found["call"]) if "call" in found else 1
    casting = _casting(found, rule)
    if "holders" in found:
        if "present" in found:
            found["present"].refuse("present_with_holders")
        listed = "entitled" in found and found["entitled"].value == "listed"
        entitled = Sizes() if listed or "entitled" not in found else _sizes(found["entitled"], rule, classes_named)
        return Question(
            rule=rule,
            source=source,
            call=call,
            entitled=entitled,
            issued=_sizes(found["issued"], rule, classes_named) if "issued" in found else Sizes(),
            present=Sizes(),
            whole=None,
            classes={},
            place="holders",
            holders=_holders(found["holders"], rule),
            listed=listed,
            casting=casting,
        )
    whole, classes = _tallies(found["votes"], rule)
    place = "votes.classes" if "classes" in found["votes"].object() else "votes"
    sizes = {
        key: _sizes(found[key], rule, classes_named) if key in found else Sizes()
        for key in ("entitled", "issued", "present")
    }
    return Question(
        rule=rule,
        source=source,
        call=call,
        whole=whole,
        classes=classes,
        place=place,
        holders=None,
        listed=False,
        casting=casting,
        **sizes,
    )


def _casting(found: Mapping[str, Node], rule: Rule) -> str | None:
    """Read the chair's casting vote, which stands beside the votes or among them."""
    given = [found["casting"]] if "casting" in found else []
    among = found["votes"].object().get("casting") if "votes" in found else None
    if isinstance(among, str):
        given.append(Node(among, below(found["votes"].path, "casting")))
    if not given:
        return None
    if len(given) > 1:
        given[1].refuse("casting_twice")
    if rule.tie is not Tie.CHAIR:
        given[0].refuse("casting_without_rule")
    return given[0].choice("for", "against")


def _inner_unit(rule: Rule) -> Unit:
    """Return what a plain number inside a class counts."""
    return rule.classes.unit if rule.classes and rule.unit is Unit.CLASS else rule.unit


def _classes_named(found: Mapping[str, Node], rule: Rule) -> frozenset[str]:
    """Return the names that are certainly those of classes: a class may be called like one of our words."""
    named = set(rule.weights) | set((rule.classes.agree if rule.classes else None) or ())
    if "votes" in found:
        votes = found["votes"].object()
        piles = votes.get("classes", votes)
        named |= {name for name, one in piles.items() if isinstance(one, dict)} if isinstance(piles, dict) else set()
    return frozenset(named)


def _beside_present(found: Mapping[str, Node], classes: frozenset[str]) -> Mapping[str, Node]:
    """Take what was said under `present` of the entitled, the issued and the call to its own place."""
    present = found.get("present")
    if present is None or not isinstance(present.value, dict):
        return found
    moved = [key for key in _BESIDE if key in present.value and key not in classes]
    for key in moved:
        if key in found:
            raise Refused("key_repeated", below(present.path, key))
    if not moved:
        return found
    rest = {key: value for key, value in present.value.items() if key not in moved}
    if set(rest) == {"present"} and "present" not in classes:
        rest = rest["present"]
    told = {key: Node(present.value[key], below(present.path, key)) for key in moved}
    if rest != {}:
        told["present"] = Node(rest, present.path)
    return {**{key: one for key, one in found.items() if key != "present"}, **told}


def _sizes(node: Node, rule: Rule, named: frozenset[str]) -> Sizes:
    node = _together(node, named)
    if not isinstance(node.value, dict):
        if rule.unit is Unit.CLASS:
            node.refuse("object_expected")
        return Sizes(_size(node, rule.unit), place=node.path)
    # A class may be called `members`; where no votes say so, that word tells how many there are.
    if any(key in (*_SIZE_KEYS, *_TOGETHER, *_BESIDE, "classes") and key not in named for key in node.value):
        found = node.keys(allowed=(*_SIZE_KEYS, "classes"))
        classes = _classes(found["classes"], rule) if "classes" in found else {}
        own = _size_of({key: one for key, one in found.items() if key != "classes"})
        added = _sum(classes)
        return Sizes(
            Size(
                added.members if own.members is None else own.members,
                added.shares if own.shares is None else own.shares,
                added.votes if own.votes is None else own.votes,
            ),
            classes,
            below(node.path, "classes"),
        )
    classes = _classes(node, rule)
    return Sizes(_sum(classes), classes, node.path)


def _classes(node: Node, rule: Rule) -> Mapping[str, Size]:
    return {name: _size(one, _inner_unit(rule)) for name, one in node.named().items()}


def _together(node: Node, named: frozenset[str] = frozenset()) -> Node:
    """Add up who is present in person and who is represented, where these are told apart."""
    value = node.value
    if not isinstance(value, dict) or set(value) != set(_TOGETHER) or named & set(_TOGETHER):
        return node
    return Node(sum(Node(value[key], below(node.path, key)).whole() for key in _TOGETHER), node.path)


def _size(node: Node, unit: Unit) -> Size:
    node = _together(node)
    if isinstance(node.value, dict):
        return _size_of(node.keys(allowed=_SIZE_KEYS))
    return Size(members=node.whole()) if unit is Unit.MEMBER else Size(shares=node.whole())


def _size_of(found: Mapping[str, Node]) -> Size:
    return Size(
        members=found["members"].whole() if "members" in found else None,
        shares=found["shares"].whole() if "shares" in found else None,
        votes=found["votes"].votes() if "votes" in found else None,
    )


def _sum(classes: Mapping[str, Size]) -> Size:
    """Add up what every class says; what one class doesn't say, the whole doesn't know."""
    members = [one.members for one in classes.values()]
    shares = [one.shares for one in classes.values()]
    votes = [one.votes for one in classes.values()]
    return Size(
        members=sum(one for one in members if one is not None) if members and None not in members else None,
        shares=sum(one for one in shares if one is not None) if shares and None not in shares else None,
        votes=sum((one for one in votes if one is not None), Fraction(0)) if votes and None not in votes else None,
    )


def _tallies(node: Node, rule: Rule) -> tuple[Ballots | None, Mapping[str, Ballots]]:
    # A casting vote among them was read before; a class of that name has votes of its own.
    value = {key: one for key, one in node.object().items() if key != "casting" or not isinstance(one, str)}
    node = Node(value, node.path)
    flat = "classes" in value or not any(isinstance(one, dict) for one in value.values())
    if not flat:
        classes = {name: _ballots(one, _inner_unit(rule)) for name, one in node.named().items()}
        if rule.classes and rule.unit is not Unit.CLASS and rule.classes.unit is not rule.unit:
            node.refuse("whole_missing")
        return None, classes
    found = node.keys(allowed=(*CHOICES, "classes"))
    inner = rule.classes.unit if rule.classes else rule.unit
    classes = (
        {name: _ballots(one, inner) for name, one in found["classes"].named().items()} if "classes" in found else {}
    )
    if rule.unit is Unit.CLASS:
        if len(found) > ("classes" in found) or "classes" not in found:
            node.refuse("votes_by_class")
        return None, classes
    whole = {key: one for key, one in found.items() if key != "classes"}
    if classes and not whole and inner is rule.unit:
        return None, classes
    if classes and not whole:
        node.refuse("whole_missing")
    return _piles(whole, rule.unit), classes


def _ballots(node: Node, unit: Unit) -> Ballots:
    return _piles(node.keys(allowed=CHOICES), unit)


def _piles(found: Mapping[str, Node], unit: Unit) -> Ballots:
    given = {key: one for key, one in found.items() if one.value is not None}
    return Ballots(
        *(
            (Fraction(given[key].whole()) if unit is Unit.MEMBER else given[key].votes())
            if key in given
            else Fraction(0)
            for key in CHOICES
        )
    )


def _holders(node: Node, rule: Rule) -> tuple[Holder, ...]:
    nodes = list(node.items())
    found: dict[str, Holder] = {}
    for one in nodes:
        holder = _holder(one, rule)
        if holder.id in found:
            raise Refused("holder_repeated", below(one.path, "id"), holder=holder.id)
        found[holder.id] = holder
    for one, holder in zip(nodes, found.values(), strict=True):
        proxy = found.get(holder.voter)
        if proxy is not None and proxy.choice == ABSENT and holder.voter != holder.id:
            raise Refused("voter_absent", below(one.path, "voter"), voter=holder.voter)
    return tuple(found[name] for name in sorted(found))


def _holder(node: Node, rule: Rule) -> Holder:
    found = node.keys(needed=("id",), allowed=("class", "shares", "vote", "cast", "voter"))
    name = _id(found["id"])
    if ("vote" in found) == ("cast" in found):
        node.refuse("one_of", names=("vote", "cast"))
    choice = found["vote"].choice(*CHOICES, SILENT, ABSENT) if "vote" in found else SILENT
    if choice == ABSENT and "voter" in found:
        found["voter"].refuse("absent_with_voter")
    shares = _shares(node, found, rule)
    return Holder(
        id=name,
        voter=_id(found["voter"]) if "voter" in found else name,
        shares=shares,
        choice=choice,
        cast=_split(found["cast"], rule, shares) if "cast" in found else {},
    )


def _id(node: Node) -> str:
    return str(node.value) if type(node.value) is int and node.value >= 0 else node.name()


def _shares(node: Node, found: Mapping[str, Node], rule: Rule) -> Mapping[str, int]:
    """Return shares by class; without classes they stand under an empty name."""
    name = found["class"].name() if "class" in found else ""
    if "shares" in found and isinstance(found["shares"].value, dict):
        if "class" in found:
            found["class"].refuse("class_twice")
        return {one: inner.whole() for one, inner in found["shares"].named().items()}
    if rule.classes and not name:
        raise Refused("key_missing", below(node.path, "class"))
    if "shares" in found:
        return {name: found["shares"].whole()}
    if needs_shares(rule):
        raise Refused("key_missing", below(node.path, "shares"))
    return {name: 0}


def needs_shares(rule: Rule) -> bool:
    """Tell whether a rule counts shares anywhere."""
    inside = rule.classes
    quorums = (*rule.quorum, *(inside.quorum if inside else ()))
    units = {rule.unit, *([inside.unit] if inside else []), *(one.unit for one in quorums)}
    return Unit.SHARE in units


def _split(node: Node, rule: Rule, shares: Mapping[str, int]) -> Mapping[str, int]:
    if rule.unit is not Unit.SHARE:
        node.refuse("split_without_shares")
    if len(shares) != 1:
        node.refuse("split_over_classes")
    cast = {key: one.whole() for key, one in node.keys(allowed=CHOICES).items()}
    if sum(cast.values()) > sum(shares.values()):
        node.refuse("split_too_much", cast=sum(cast.values()), shares=sum(shares.values()))
    return cast
