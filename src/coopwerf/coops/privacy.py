"""What co-operatives know of somebody besides their register: told to them, kept by law, or forgotten."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.kernel import trail
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people import queries as people
from coopwerf.people.queries import Column, Kept, Piece, Table, Whose

from . import queries
from .queries import CoopFacts, MandateFacts
from .states import BODY_NAMES, ROLE_NAMES, BodyKind

KEPT_BODIES = frozenset({BodyKind.BOARD, BodyKind.DAILY, BodyKind.SUPERVISORY, BodyKind.AUDIT})
"""Bodies whose members answer for what they decided; core groups and working groups do not."""


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield a party's mandates, the invitations mailed to it, and what the audit trail says about it."""
    emails = people.emails_of(whose.party_id)
    for coop in queries.all_coops():
        with tenant(coop.id):
            yield from _of(coop, whose, emails)
    yield _trail(None, "", whose)


def _of(coop: CoopFacts, whose: Whose, emails: list[str]) -> Iterator[Piece]:
    yield Table(
        "mandates",
        _("Mandates"),
        (
            Column("body", _("Body")),
            Column("role", _("Role"), ROLE_NAMES),
            Column("valid_from", _("First day")),
            Column("until", _("Last day")),
            Column("reference", _("Decision")),
        ),
        [
            {
                "id": one.id,
                "body": _body(one),
                "role": one.role.value,
                "valid_from": one.valid_from,
                "until": one.until,
                "reference": one.reference,
            }
            for one in queries.mandates_ever(coop.id, whose.party_id)
        ],
        coop.name,
    )
    yield Table(
        "invitations",
        _("Invitations mailed to you"),
        (
            Column("role", _("Role"), ROLE_NAMES),
            Column("email", _("E-mail address")),
            Column("made_at", _("Sent on")),
            Column("accepted_at", _("Accepted on")),
        ),
        [
            {
                "id": one.id,
                "role": one.role.value,
                "email": one.email,
                "made_at": one.made_at,
                "accepted_at": one.accepted_at,
                "withdrawn_at": one.withdrawn_at,
            }
            for one in queries.invitations_to(coop.id, emails)
        ],
        coop.name,
    )
    yield _trail(coop.id, coop.name, whose)


def _trail(coop_id: uuid.UUID | None, coop: str, whose: Whose) -> Table:
    mine = {whose.party_id} if whose.account_id is None else {whose.party_id, whose.account_id}
    subjects = people.subjects_of(coop_id, whose.party_id) if coop_id else frozenset()
    rows: list[dict[str, Any]] = [
        {
            "at": one.at,
            "what": one.sentence,
            "verb": one.verb,
            "by_you": one.actor_id == whose.party_id,
            "acting_for": one.acting_for_id,
            "subject_kind": one.subject_kind,
            "subject": one.subject_id,
            "facts": one.facts,
        }
        for one in trail.entries_about(coop_id, mine, subjects)
    ]
    return Table(
        "trail",
        _("What was done by you or about you"),
        (
            Column("at", _("When")),
            Column("what", _("What")),
            Column("by_you", _("By you")),
        ),
        rows,
        coop,
    )


def kept(party_id: uuid.UUID, on: dt.date) -> Iterator[Kept]:
    """Yield the names under which a party sat in bodies whose members answer for what they decided."""
    for coop in queries.all_coops():
        with tenant(coop.id):
            held = [one for one in queries.mandates_ever(coop.id, party_id) if one.body_kind in KEPT_BODIES]
            if not held:
                continue
            years, source, check = queries.years_kept(coop.id, on)
        ends = [one.until for one in held]
        last = None if None in ends else max(end for end in ends if end is not None)
        yield Kept(
            coop=coop.name,
            why=_("You held a mandate (%(body)s): who decided, and when, has to stay readable. Your name stays.")
            % {"body": ", ".join(dict.fromkeys(_body(one) for one in held))},
            source=source,
            years=years,
            until=None if last is None else queries.years_after(last, years),
            check=check,
            name_ids=frozenset().union(*(people.names_during(party_id, one.valid_from, one.until) for one in held)),
        )


def hindrance(party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Refuse to erase somebody who holds a mandate: first it gets its last day."""
    for coop in queries.all_coops():
        with tenant(coop.id):
            if queries.open_mandates_in(coop.id, party_id, on):
                return refuse("coops.erase_after_mandate", coop=coop.name)
    return allow()


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words what is forgotten of a party."""
    emails = people.emails_of(party_id)
    count = 0
    for coop in queries.all_coops():
        with tenant(coop.id):
            count += len(queries.invitations_to(coop.id, emails))
    if count:
        yield ngettext("your address in %(count)s invitation", "your address in %(count)s invitations", count) % {
            "count": count
        }


def _body(held: MandateFacts) -> str:
    return held.body_name or str(BODY_NAMES[held.body_kind])
