"""What may be played from a script, and upon whom: never upon what is real."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import parties
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people import queries as people
from coopwerf.register import queries as register

# What may be played outside a co-operative. Signing in, sessions, hosting and the first administrator are left out:
# they are about the installation and real people, not about a scenario.
OUTSIDE = frozenset(
    {
        "coops.found_coop",
        "people.appoint_representative",
        "people.change_address",
        "people.change_contact",
        "people.change_language",
        "people.change_name",
        "people.end_representation",
        "people.register_parties",
        "people.register_party",
        "people.register_represented",
    }
)

# Of a co-operative, but not for a scenario: what makes it one for practice, and parts of an erasure.
WITHIN = frozenset(
    {
        "capital.forget_subscriber",
        "coops.mark_practice",
        "events.forget_registrant",
        "payments.forget_payers",
        "register.forget_person",
    }
)


def is_playable(action: str, is_tenant: bool) -> bool:
    """Tell whether an action may be played at all: every one inside a co-operative, few outside."""
    return action in OUTSIDE or (is_tenant and action not in WITHIN)


def may_play(
    action: str, is_tenant: bool, arguments: Mapping[str, Any], named: Iterable[uuid.UUID], made: Collection[uuid.UUID]
) -> Verdict:
    """Tell whether a line of a script may be played.

    `named` are the ids that stand anywhere in its arguments, `made` those that earlier lines gave back. A person may
    be changed only if this script made them, or if they belong to co-operatives for practice and to no other.
    """
    if not is_playable(action, is_tenant):
        return refuse("site.play_not_here", action=action)
    if arguments.get("coop_id") is None and action not in OUTSIDE:
        return refuse("site.play_not_here", action=action)
    if action == "coops.found_coop" and arguments.get("is_practice") is not True:
        return refuse("kernel.not_practice")
    others = {ident for ident in named if ident not in made}
    meant = {coop.id: coop.is_practice for coop in coops.coops_with_ids(others)}
    if not all(meant.values()):
        return refuse("kernel.not_practice")
    if action.startswith("people.") and not all(_is_of_practice(ident) for ident in others - meant.keys()):
        return refuse("site.play_somebody_real")
    return allow()


def _is_of_practice(party_id: uuid.UUID) -> bool:
    """Tell whether a party belongs to co-operatives for practice, and to no other."""
    account = people.account_of(party_id)
    if account is not None and account.is_administrator:
        return False
    with parties([party_id]):
        belongs = {*register.coops_of_party(party_id), *coops.coops_of_party(party_id)}
    found = coops.coops_with_ids(belongs)
    return bool(found) and all(coop.is_practice for coop in found)
