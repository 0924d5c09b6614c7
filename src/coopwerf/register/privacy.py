"""What registers hold of somebody: told to them, and kept as long as the law of registers asks."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people.queries import Column, Kept, Piece, Table, Whose

from . import queries
from .states import ENDING_NAMES, EVENT_NAMES, MOVEMENT_NAMES, REQUEST_STATE_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield a party's memberships, their beginnings and ends, its shares, and the names under which it stands."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            members = queries.members_of_party(coop.id, whose.party_id)
            if members:
                yield from _of(coop, whose, members)
            yield Table(
                "requests_for_membership",
                _("Requests for membership"),
                (
                    Column("asked_on", _("Asked on")),
                    Column("is_for_you", _("For yourself")),
                    Column("consented_at", _("Agreed to the statutes and to keeping these data on")),
                    Column("share_class", _("Class")),
                    Column("quantity", _("Shares")),
                    Column("paid", _("Paid")),
                    Column("state", _("State"), REQUEST_STATE_NAMES),
                    Column("decided_on", _("Decided on")),
                    Column("explanation", _("Explanation")),
                ),
                queries.requests_about(coop.id, whose.party_id),
                coop.name,
            )


def _of(coop: CoopFacts, whose: Whose, members: Any) -> Iterator[Piece]:
    numbers = {member.id: member.number for member in members}
    number = Column("member", _("Member"))
    yield Table(
        "memberships",
        _("Memberships"),
        (Column("number", _("Number")), Column("communication", _("Structured communication"))),
        [
            {"id": one.id, "number": one.number, "communication": queries.communication_of(coop.id, one.id)}
            for one in members
        ],
        coop.name,
    )
    yield Table(
        "standings",
        _("Admissions and endings"),
        (
            number,
            Column("event", _("What"), EVENT_NAMES),
            Column("reason", _("Why"), ENDING_NAMES),
            Column("on", _("On")),
            Column("asked_on", _("Asked on")),
            Column("paid_on", _("Paid on")),
            Column("decision", _("Decision")),
            Column("is_void", _("Voided later")),
        ),
        [{**row, "member": numbers[row.pop("member_id")]} for row in queries.standings_of(coop.id, list(numbers))],
        coop.name,
    )
    yield Table(
        "movements",
        _("Movements of shares"),
        (
            number,
            Column("share_class", _("Class")),
            Column("kind", _("What"), MOVEMENT_NAMES),
            Column("quantity", _("Shares")),
            Column("amount_per_share", _("Amount per share")),
            Column("paid", _("Paid")),
            Column("value", _("What changed hands")),
            Column("on", _("On")),
            Column("decision", _("Decision")),
        ),
        [
            {
                "id": row.id,
                "member": one.number,
                "share_class": row.share_class.code,
                "kind": row.kind,
                "quantity": row.quantity,
                "amount_per_share": row.amount_per_share,
                "paid": row.paid,
                "value": row.value,
                "on": row.on,
                "decision": "" if row.decision is None else row.decision.reference,
                "position": row.position,
            }
            for one in members
            for row in queries.movements_of(coop.id, one.id)
        ],
        coop.name,
    )
    yield Table(
        "register_names",
        _("How the register names you"),
        (
            Column("valid_from", pgettext("a day", "From")),
            Column("name", _("Name")),
            Column("domicile", _("Domicile")),
            Column("position", _("Position in the chain")),
        ),
        queries.particulars_in(coop.id, whose.party_id),
        coop.name,
    )
    yield Table(
        "certificates",
        _("Certificates"),
        (Column("issued_at", _("Made on")), Column("as_of", _("As of"))),
        queries.certificates_to(coop.id, whose.party_id),
        coop.name,
    )
    yield Table(
        "looks",
        _("Looks into the register"),
        (
            Column("at", _("When")),
            Column("share_class", _("Class")),
            Column("as_of", _("As of")),
            Column("by_you", _("By you")),
        ),
        queries.looks_of(coop.id, whose.party_id),
        coop.name,
    )


def kept(party_id: uuid.UUID, on: dt.date) -> Iterator[Kept]:
    """Yield the names and domiciles that each register keeps: as long as the membership, and years after its end."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            members = queries.members_of_party(coop.id, party_id)
            if not members:
                continue
            spans = [queries.span(coop.id, one.id) for one in members]
            years, source, check = coops.years_kept(coop.id, on)
            name_ids, address_ids = queries.particulars_ids(coop.id, party_id)
        known = [one for one in spans if one is not None]
        lasts = any(one.ended_on is None or one.ended_on < one.admitted_on for one in known)
        ends = [one.ended_on for one in known if one.ended_on is not None]
        # A membership that was voided altogether was never one: no law keeps its names.
        until = None if lasts else coops.years_after(max(ends), years) if ends else on
        facts = {"number": ", ".join(str(one.number) for one in members)}
        yield Kept(
            coop=coop.name,
            why=_(
                "You are in the register of members (number %(number)s). The law makes us keep it, with the names and "
                "domiciles you had as a member; every movement of shares stays with your number."
            )
            % facts,
            source=source,
            years=years,
            until=until,
            check=check,
            name_ids=name_ids,
            address_ids=address_ids,
        )


def hindrance(party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Refuse to erase somebody who paid for a request that isn't decided: the money goes back first."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            if queries.paid_and_open(coop.id, party_id):
                return refuse("register.erase_after_payment", coop=coop.name)
    return allow()


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which requests are withdrawn and forgotten."""
    count = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            count += len(queries.requests_about(coop.id, party_id))
    if count:
        yield ngettext(
            "what you wrote in %(count)s request for membership; one that is open is withdrawn",
            "what you wrote in %(count)s requests for membership; one that is open is withdrawn",
            count,
        ) % {"count": count}


def subjects(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the memberships and requests of a party."""
    requests = [row["id"] for row in queries.requests_about(coop_id, party_id)]
    return [*(one.id for one in queries.members_of_party(coop_id, party_id)), *requests]
