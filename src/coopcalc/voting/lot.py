"""The lot that settles ties: an order of the candidates that nobody can choose and everybody can recompute.

The order among the tied is ascending SHA-256 of `SEED:ITEM:NAME` in UTF-8: the seed that several people made together,
what is being decided (the election's title where nothing else is said), the candidate's name. Names, not numbers: the
order of the file doesn't matter. Who comes first is favoured: gets the seat, is transferred first, is not excluded.

A seed is made of parts. Before voting opens each person commits to a part: the SHA-256 of name, salt and part, joined
by line feeds. After voting closed they reveal salt and part; the seed is the SHA-256 over the parts in the order of the
names, joined by line feeds. As long as one person chose their part at random and kept it to themselves until
then, nobody could choose the seed. Instead, tellers may draw by hand and enter the order (`Drawn`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Protocol

from .papers import Election
from .refusals import Refused
from .results import Reason, Tie

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def _is_text(text: str) -> bool:
    """Tell whether there is UTF-8 for a text; half a surrogate pair has none."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


class Lot(Protocol):
    """Whatever can put the tied in an order."""

    @property
    def decisive(self) -> bool:
        """Tell whether it may decide who gets a seat."""
        ...

    def order(self, tied: Iterable[int], election: Election) -> tuple[tuple[int, ...], Mapping[int, str], str]:
        """Give the tied from the most favoured on, the hash of each (none for a draw by hand), and the item."""
        ...

    def as_json(self) -> dict[str, Any] | None:
        """Give what makes it recomputable."""
        ...


@dataclass(frozen=True, slots=True)
class Seeded:
    """A lot by SHA-256. `item` says what is decided; the election's title where it is empty."""

    seed: str
    item: str = ""

    def __post_init__(self) -> None:
        """Refuse what has no UTF-8 to hash."""
        if not _is_text(self.seed + self.item):
            raise Refused("lot_malformed")

    @property
    def decisive(self) -> bool:
        """Tell whether it may decide: a seed that everybody knows beforehand, the empty one, may not."""
        return bool(self.seed)

    def order(self, tied: Iterable[int], election: Election) -> tuple[tuple[int, ...], Mapping[int, str], str]:
        """Give the tied in the order of their hashes."""
        item = self.item or election.title
        hashes = {number: digest(self.seed, item, election.candidate(number).name) for number in tied}
        return tuple(sorted(hashes, key=lambda number: hashes[number])), hashes, item

    def as_json(self) -> dict[str, Any] | None:
        """Give seed and item."""
        return {"seed": self.seed, "item": self.item} if self.seed else None


NO_LOT = Seeded("")
"""No lot was drawn: orders what harms nobody (in which order equals are named), and decides nothing else."""


@dataclass(frozen=True, slots=True)
class WithoutEffect(Seeded):
    """Stands in for a lot where every outcome elects the same people: the order of the empty seed."""

    @property
    def decisive(self) -> bool:
        """Tell whether it may decide: there is nothing to decide."""
        return True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw by hand: the names as they were drawn, the first one favoured, and the tellers who entered it."""

    names: tuple[str, ...]
    tellers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name drawn twice."""
        if len(set(self.names)) != len(self.names):
            raise Refused("draw_repeated")

    @property
    def decisive(self) -> bool:
        """Tell whether it may decide: yes."""
        return True

    def order(self, tied: Iterable[int], election: Election) -> tuple[tuple[int, ...], Mapping[int, str], str]:
        """Give the tied as they were drawn. Raises Refused when one of them wasn't."""
        places = {name: place for place, name in enumerate(self.names)}
        numbers = list(tied)
        for number in numbers:
            if (name := election.candidate(number).name) not in places:
                raise Refused("draw_incomplete", name=name)
        return tuple(sorted(numbers, key=lambda number: places[election.candidate(number).name])), {}, ""

    def as_json(self) -> dict[str, Any] | None:
        """Give names and tellers."""
        return {"drawn": list(self.names), "tellers": list(self.tellers)}


def digest(seed: str, item: str, name: str) -> str:
    """Give what is compared: the SHA-256 of `SEED:ITEM:NAME`, as hex digits."""
    return sha256(f"{seed}:{item}:{name}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part of a seed, with the salt that hid it."""

    name: str
    salt: str
    part: str

    def __post_init__(self) -> None:
        """Refuse what would make two different parts the same text, or has no UTF-8."""
        texts = (self.name, self.salt, self.part)
        if any(not text or "\n" in text or not _is_text(text) for text in texts):
            raise Refused("part_malformed", name=self.name)

    def commitment(self) -> str:
        """Give what is published before voting opens, as hex digits."""
        return sha256(f"{self.name}\n{self.salt}\n{self.part}".encode()).hexdigest()


def seed_of(parts: Iterable[Part], commitments: Mapping[str, str]) -> str:
    """Make the seed of the parts, after checking each against what was committed (`{name: hex digits}`).

    Raises Refused when somebody is missing, came too late, or reveals something else.
    """
    known = sorted(parts, key=lambda part: part.name)
    names = [part.name for part in known]
    for name in commitments:
        if name not in names:
            raise Refused("part_missing", name=name)
    for before, part in zip(["", *names], known, strict=False):
        if part.name == before:
            raise Refused("part_repeated", name=part.name)
        committed = commitments.get(part.name)
        if committed is None:
            raise Refused("part_uncommitted", name=part.name)
        if not _HASH.fullmatch(committed) or part.commitment() != committed:
            raise Refused("part_differs", name=part.name)
    if not known:
        raise Refused("parts_none")
    return sha256("\n".join(part.part for part in known).encode()).hexdigest()


Decides = Literal["surplus", "exclusion", "seat", "order"]


def draw(
    lot: Lot, election: Election, tied: Sequence[int], *, decides: Decides, stage: int, code: str | None = None
) -> Tie:
    """Settle a tie by lot; `code` is the reason's, where a rule has a paragraph of its own for it.

    Raises Refused where the tie decides something and no lot was drawn.
    """
    if decides != "order" and not lot.decisive:
        names = ", ".join(sorted(election.candidate(number).name for number in tied))
        raise Refused(f"lot_needed_{decides}", names=names, stage=stage)
    order, hashes, item = lot.order(tied, election)
    chosen = order[-1] if decides == "exclusion" else order[0]
    if isinstance(lot, WithoutEffect) and decides != "order":
        code = "lot_without_effect"
    reason = Reason(code or f"lot_{decides}", {"candidate": chosen, "candidates": sorted(tied), "stage": stage})
    return Tie(
        stage=stage,
        decides=decides,
        tied=tuple(sorted(tied)),
        by="lot",
        order=order,
        chosen=chosen,
        item=item or None,
        hashes=hashes,
        because=reason,
    )


def read_lot(told: Mapping[str, Any]) -> Lot:
    """Read what a lot's `as_json` gave. Raises Refused for anything else."""
    texts = {key: value for key, value in told.items() if isinstance(value, str)}
    if told.keys() == {"seed", "item"} and texts.keys() == told.keys():
        return Seeded(texts["seed"], texts["item"])
    drawn, tellers = told.get("drawn"), told.get("tellers", [])
    if (
        isinstance(drawn, list)
        and isinstance(tellers, list)
        and all(isinstance(one, str) for one in [*drawn, *tellers])
    ):
        return Drawn(tuple(drawn), tuple(tellers))
    raise Refused("lot_malformed")
