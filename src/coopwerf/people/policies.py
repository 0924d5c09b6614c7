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


Keeper = Callable[[Actor, uuid.UUID, uuid.UUID, dt.date], bool]
_keepers: list[Keeper] = []
_contact_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> Keeper:
    """Let a package above say who else keeps names and addresses: `(actor, party_id, coop_id, on) -> bool`.

    True when the actor holds a mandate in that co-operative (its rows are open) to keep the register in which
    the party stands. It opens nothing else: neither contact nor representation. May be used as a decorator.
    """
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


def register_contact_keeper(keeper: Keeper) -> Keeper:
    """Let a package above say who else changes how somebody is reached: `(actor, party_id, coop_id, on) -> bool`.

    Whoever reads a contact's mail can sign in and see every entry of that party, so it is true only when there is
    no entry outside that co-operative. May be used as a decorator.
    """
    if keeper not in _contact_keepers:
        _contact_keepers.append(keeper)
    return keeper


def may_change_particulars(actor: Actor, party_id: uuid.UUID, coop_id: uuid.UUID | None, on: dt.date) -> Verdict:
    """Allow a person for oneself and whom one represents, and who keeps the register of `coop_id` for its people.

    And whom an action above entrusted with this party.
    """
    if may_change_own(actor, party_id) or party_id in actor.entrusted:
        return allow()
    if coop_id is not None and any(keeper(actor, party_id, coop_id, on) for keeper in _keepers):
        return allow()
    return refuse("people.not_yours")


def may_change_contact(actor: Actor, party_id: uuid.UUID, coop_id: uuid.UUID | None, on: dt.date) -> Verdict:
    """Allow whom `may_change_particulars` allows, but a keeper only where the mail opens nothing outside.

    That is: for somebody who has no sign-in of their own and acts for nobody, with entries in that co-operative only.
    The refusal is the same for each reason, so that a keeper doesn't learn who stands in which register.
    """
    verdict = may_change_particulars(actor, party_id, coop_id, on)
    if not verdict or coop_id is None or may_change_own(actor, party_id):
        return verdict
    if not queries.opens_more(party_id, on) and any(
        keeper(actor, party_id, coop_id, on) for keeper in _contact_keepers
    ):
        return allow()
    return refuse("people.contact_is_theirs")


def may_change_own(actor: Actor, party_id: uuid.UUID) -> Verdict:
    """Allow a person for oneself and whom one represents, nobody else."""
    return allow() if actor.is_system or party_id in actor.parties else refuse("people.not_yours")


def may_keep_tokens(actor: Actor) -> Verdict:
    """Allow a person who signed in to make and take back tokens; a program with a token makes none."""
    return refuse("people.token_by_program") if actor.token_id is not None else allow()


def may_appoint(actor: Actor, principal_id: uuid.UUID) -> Verdict:
    """Allow who represents the principal already; a keeper never, for acting for it opens every co-operative."""
    return allow() if actor.is_system or principal_id in actor.represents else refuse("people.not_yours")


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
