"""What may be done to people's data, and by whom."""

import datetime as dt
import uuid
from collections.abc import Callable

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from . import queries
from .states import PartyKind

Hindrance = Callable[[uuid.UUID, dt.date], Verdict]
_hindrances: list[Hindrance] = []

MOST_DOWNLOADS = 10
"""How often a day one may download the data of one party: gathering them is work."""


def register_hindrance(hindrance: Hindrance) -> Hindrance:
    """Let a package above say what has to be settled before somebody is erased: `(party_id, on) -> Verdict`.

    May be used as a decorator.
    """
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)
    return hindrance


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
    """Allow a person for oneself and whom one represents, and who keeps the register of `coop_id` for its people.

    And whom an action above entrusted with this party.
    """
    if actor.is_system or party_id in actor.parties or party_id in actor.entrusted:
        return allow()
    if coop_id is not None and any(keeper(actor, party_id, coop_id) for keeper in _keepers):
        return allow()
    return refuse("people.not_yours")


def may_change_own(actor: Actor, party_id: uuid.UUID) -> Verdict:
    """Allow a person for oneself and whom one represents, nobody else."""
    return allow() if actor.is_system or party_id in actor.parties else refuse("people.not_yours")


def may_appoint(actor: Actor, principal_id: uuid.UUID, coop_id: uuid.UUID | None = None) -> Verdict:
    """Allow who represents the principal already, and who keeps the register of `coop_id` in which it stands."""
    if actor.is_system or principal_id in actor.represents:
        return allow()
    if coop_id is not None and any(keeper(actor, principal_id, coop_id) for keeper in _keepers):
        return allow()
    return refuse("people.not_yours")


def may_host(actor: Actor) -> Verdict:
    """Allow the installation itself: whoever has the machine and its terminal."""
    return allow() if actor.is_system else refuse("people.not_yours")


def may_download(actor: Actor, party_id: uuid.UUID, now: dt.datetime) -> Verdict:
    """Allow a person the data of oneself and of whom one represents, a few times a day."""
    if not actor.is_system and party_id not in actor.parties:
        return refuse("people.not_yours")
    if queries.count_downloads(party_id, now - dt.timedelta(days=1)) >= MOST_DOWNLOADS:
        return refuse("people.downloads_too_many", most=MOST_DOWNLOADS)
    return allow()


def may_erase(actor: Actor, party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Allow a person to have oneself or a minor erased, and an operator anybody, once nothing hinders it."""
    if not actor.is_system:
        if party_id not in actor.parties:
            return refuse("people.not_yours")
        if queries.particulars_of(party_id, on).kind is PartyKind.ORGANISATION:
            return refuse("people.erasure_of_organisation")
    account = queries.account_of(party_id)
    if account is not None and account.is_administrator and queries.count_administrators() < 2:
        return refuse("people.last_administrator")
    for hindrance in _hindrances:
        verdict = hindrance(party_id, on)
        if not verdict:
            return verdict
    return allow()
