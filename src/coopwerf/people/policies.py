"""What may be done to people's data, and by whom."""

import uuid
from collections.abc import Callable

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

Keeper = Callable[[Actor, uuid.UUID, uuid.UUID], bool]
_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> Keeper:
    """Let a package above say who else keeps somebody's particulars: `(actor, party_id, coop_id) -> bool`.

    True when the actor holds a mandate in that co-operative (its rows are open) to keep the register in which
    the party stands. May be used as a decorator.
    """
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


def may_change_particulars(actor: Actor, party_id: uuid.UUID, coop_id: uuid.UUID | None = None) -> Verdict:
    """Allow a person for oneself and whom one represents, and who keeps the register of `coop_id` for its people."""
    if actor.is_system or party_id in actor.parties:
        return allow()
    if coop_id is not None and any(keeper(actor, party_id, coop_id) for keeper in _keepers):
        return allow()
    return refuse("people.not_yours")


def may_change_own(actor: Actor, party_id: uuid.UUID) -> Verdict:
    """Allow a person for oneself and whom one represents, nobody else."""
    return allow() if actor.is_system or party_id in actor.parties else refuse("people.not_yours")


def may_appoint(actor: Actor, principal_id: uuid.UUID, coop_id: uuid.UUID | None = None) -> Verdict:
    """Allow who represents the principal already, and who keeps the register of `coop_id` in which it stands."""
    if actor.is_system or actor.is_administrator or principal_id in actor.represents:
        return allow()
    if coop_id is not None and any(keeper(actor, principal_id, coop_id) for keeper in _keepers):
        return allow()
    return refuse("people.not_yours")


def may_host(actor: Actor) -> Verdict:
    """Allow the installation itself: whoever has the machine and its terminal."""
    return allow() if actor.is_system else refuse("people.not_yours")
