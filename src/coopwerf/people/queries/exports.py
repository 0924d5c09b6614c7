"""Everything that is stored about somebody, gathered for them: each package tells its part.

    def gather(whose: Whose) -> Iterator[Piece]:
        yield Table("memberships", _("Memberships"), (Column("number", _("Number")), …), rows, coop="Wolkenwerf")
        yield File("documents/certificate.pdf", lambda: files.stream(name))

    people.register_export("register", gather)      # in the package's reactions.py

Rows hold plain values (text, numbers, dates, ids, truth): JSON takes them as they are, the page writes them for people.
A gatherer opens the rows of a co-operative itself (`kernel.tenancy.tenant`); those that the party owns are open.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from django.utils.functional import Promise

from coopwerf.kernel.tenancy import parties

Text = str | Promise


@dataclasses.dataclass(frozen=True, slots=True)
class Whose:
    """Say whose data are gathered, and when."""

    party_id: uuid.UUID
    account_id: uuid.UUID | None
    now: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """Name a column: its key in JSON, its head for people, and what its codes are called."""

    key: str
    label: Text
    names: Mapping[Any, Text] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind, of one co-operative or of the installation. `key` names it in JSON."""

    key: str
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    coop: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file that goes along, under a path of its own; opened when its turn comes."""

    path: str
    open: Callable[[], IO[bytes]]


Piece = Table | File
Gatherer = Callable[[Whose], Iterable[Piece]]
_gatherers: dict[str, Gatherer] = {}


def register_export(code: str, gather: Gatherer) -> Gatherer:
    """Let a package tell what it stores about somebody; raises ValueError when its code is taken."""
    if _gatherers.get(code, gather) is not gather:
        raise ValueError(f"{code} tells its part already")
    _gatherers[code] = gather
    return gather


def known_exports() -> Mapping[str, Gatherer]:
    """Return who tells what is stored about somebody, by code, in the order in which it is told."""
    return dict(sorted(_gatherers.items(), key=lambda one: (one[0] != "people", one[0])))


Subjects = Callable[[uuid.UUID, uuid.UUID], Iterable[uuid.UUID]]
_subjects: list[Subjects] = []


def register_subjects(finder: Subjects) -> Subjects:
    """Let a package say which of its things are a party's own, for the trail of a co-operative whose rows are open:
    `(coop_id, party_id) -> ids`.
    """
    if finder not in _subjects:
        _subjects.append(finder)
    return finder


def subjects_of(coop_id: uuid.UUID, party_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the ids of what is a party's own in a co-operative: its memberships, its requests."""
    return frozenset(found for finder in _subjects for found in finder(coop_id, party_id))


def pieces(whose: Whose) -> Iterator[Piece]:
    """Yield everything that is stored about somebody, tables without rows left out."""
    with parties([whose.party_id]):
        for gather in known_exports().values():
            for piece in gather(whose):
                if isinstance(piece, File) or piece.rows:
                    yield piece
