"""Who does something: a signed-in person, the system, or a visitor."""

import dataclasses
import enum
import uuid


class ActorKind(enum.StrEnum):
    """Say what kind of actor stands before us."""

    PERSON = "person"
    SYSTEM = "system"
    VISITOR = "visitor"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Name who acts, and for whom.

    `party_id` is the acting human being, `represents` the organisations and minors whom that person
    may act for today, `acting_for` the one of them chosen for this act. `also` are entries about people that
    registers made with the e-mail address with which this person signs in: theirs, or of whoever reads the same mail.
    `entrusted` are those whose particulars an action lets the actor write in its course: its own policy allowed it.
    `token_id` names the token with which a program acts in the name of the person; what it does says so in the trail.
    """

    kind: ActorKind
    account_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    is_administrator: bool = False
    represents: frozenset[uuid.UUID] = frozenset()
    acting_for: uuid.UUID | None = None
    also: frozenset[uuid.UUID] = frozenset()
    entrusted: frozenset[uuid.UUID] = frozenset()
    token_id: uuid.UUID | None = None

    @property
    def is_person(self) -> bool:
        """Tell whether a signed-in human being acts."""
        return self.kind is ActorKind.PERSON

    @property
    def is_system(self) -> bool:
        """Tell whether the installation itself acts: a task, a reaction to time, an operator's command."""
        return self.kind is ActorKind.SYSTEM

    @property
    def parties(self) -> frozenset[uuid.UUID]:
        """Return every party in whose name this actor may look: oneself and whom one represents."""
        own = frozenset() if self.party_id is None else frozenset({self.party_id})
        return own | self.represents | self.also

    def entrusted_with(self, party_id: uuid.UUID) -> "Actor":
        """Return the actor as an action hands it to another one that writes a party's particulars."""
        return dataclasses.replace(self, entrusted=self.entrusted | {party_id})


SYSTEM = Actor(kind=ActorKind.SYSTEM)
VISITOR = Actor(kind=ActorKind.VISITOR)
