"""Who may do what in a co-operative: it follows from the mandates held on that date."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping

from django.utils.text import format_lazy

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people import queries as people

from . import queries
from .states import POWER_NAMES, ROLE_NAMES, Power, roles_with

Acquaintances = Callable[[uuid.UUID, str, dt.date], Iterable[uuid.UUID]]
_acquaintances: list[Acquaintances] = []
Describer = Callable[[uuid.UUID, Collection[uuid.UUID], dt.date], Mapping[uuid.UUID, str]]
_describers: list[Describer] = []


def register_acquaintances(finder: Acquaintances) -> Acquaintances:
    """Let a package above say whom a co-operative knows: `(coop_id, words, on) -> party ids` whose names match.

    Those who give mandates may look them up. May be used as a decorator; its rows are open when it is called.
    """
    if finder not in _acquaintances:
        _acquaintances.append(finder)
    return finder


def acquaintances(coop_id: uuid.UUID, words: str, on: dt.date) -> frozenset[uuid.UUID]:
    """Return whom a co-operative knows by these words; without words those who ever held a mandate in it."""
    once = queries.mandate_parties(coop_id)
    if not words:
        return once
    found = {one.party_id for one in people.find_parties(words, at=on, among=once)}
    return frozenset(found.union(*(finder(coop_id, words, on) for finder in _acquaintances)))


def register_describer(describer: Describer) -> Describer:
    """Let a package above say what tells people apart: `(coop_id, party ids, on) -> {party id: "member 12"}`.

    Shown to those who give mandates; never a way to reach somebody. May be used as a decorator.
    """
    if describer not in _describers:
        _describers.append(describer)
    return describer


def described(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, list[str]]:
    """Return what the packages above say about each of these parties."""
    told: dict[uuid.UUID, list[str]] = {party_id: [] for party_id in party_ids}
    for describer in _describers if told else ():
        for party_id, words in describer(coop_id, party_ids, on).items():
            told[party_id].append(words)
    return told


def may_do(actor: Actor, coop_id: uuid.UUID, power: Power, on: dt.date) -> Verdict:
    """Say whether an actor may use a power in a co-operative on a date.

    The installation itself may; its administrator may not: hosting a co-operative gives no look into its register.
    """
    if actor.is_system or queries.may(coop_id, actor.parties, power, on):
        return allow()
    return lacking(actor, power)


def may_with(actor: Actor, powers: frozenset[Power], power: Power) -> Verdict:
    """Say the same from powers that the caller has read before, with `queries.powers_of`."""
    return allow() if actor.is_system or power in powers else lacking(actor, power)


def lacking(actor: Actor, power: Power) -> Verdict:
    """Refuse for want of a power, and name the roles that carry it."""
    if not actor.is_person:
        return refuse("kernel.not_signed_in")
    roles = dict.fromkeys(role for _body, role in roles_with(power))
    names = [ROLE_NAMES[role] for role in roles]
    template = ", ".join("{}" for _name in names)
    return refuse("coops.lacks_power", power=POWER_NAMES[power], roles=format_lazy(template, *names))


def may_found(actor: Actor, founder_id: uuid.UUID | None = None) -> Verdict:
    """Say whether an actor may start a co-operative: anybody who signed in and has a name, for themselves.

    Only the installation itself starts one in the name of somebody else.
    """
    if actor.is_system and founder_id is not None:
        return allow() if people.exists(founder_id) else refuse("coops.party_unknown")
    if not actor.is_person:
        return refuse("kernel.not_signed_in")
    if founder_id not in (None, actor.party_id):
        return refuse("coops.founder_is_another")
    return allow()


def may_host(actor: Actor) -> Verdict:
    """Say whether an actor may make co-operatives for others."""
    if actor.is_system or actor.is_administrator:
        return allow()
    return refuse("kernel.not_administrator" if actor.is_person else "kernel.not_signed_in")


def may_invite(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may invite somebody to a role.

    Besides those who give mandates: the administrator, as long as nobody in the co-operative can.
    """
    verdict = may_do(actor, coop_id, Power.MANAGE_MANDATES, on)
    if not verdict and actor.is_administrator and not queries.holders_of(coop_id, Power.MANAGE_MANDATES, on):
        return allow()
    return verdict


def may_mark_practice(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may turn a co-operative into one for practice: only before its register holds anything."""
    if not actor.is_administrator:
        verdict = may_do(actor, coop_id, Power.MANAGE_SETTINGS, on)
        if not verdict:
            return verdict
    if queries.has_register(coop_id):
        return refuse("coops.register_not_empty")
    return allow()
