"""Who is or was a member."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Max, Min, QuerySet, Sum

from coopwerf.kernel.questions import Question, ask
from coopwerf.kernel.tenancy import tenant

from ..models import Decision, Member, Movement, Standing
from ..states import BROUGHT_ALONG, MovementKind

# Standings that count: no voiding row, and not voided by one; each member has one span at most.
_SPAN_SQL = """
    SELECT s.member_id,
           max(s."on") FILTER (WHERE s.event = 'admitted') AS admitted_on,
           max(s."on") FILTER (WHERE s.event = 'ended') AS ended_on
    FROM register_standing s
    WHERE s.voids_id IS NULL
      AND {stands}
      AND s.position <= %(known)s AND s."on" <= %(at)s
      AND {whose}
    GROUP BY s.member_id
"""
_OF_SOME = "NOT EXISTS (SELECT FROM register_standing v WHERE v.voids_id = s.id AND v.position <= %(known)s)"
# For a whole register the few voided ones are read once, into a hash. An anti-join is for the planner to choose: after
# a large import the statistics still speak of a small table: it would read every row for every row, for minutes.
NOT_VOIDED_SQL = """s.id NOT IN (
          SELECT v.voids_id FROM register_standing v
          WHERE v.coop_id = %(coop)s AND v.voids_id IS NOT NULL AND v.position <= %(known)s
      )"""
ALL_SPANS_SQL = _SPAN_SQL.format(stands=NOT_VOIDED_SQL, whose="s.coop_id = %(coop)s")
FOREVER = dt.date(9999, 12, 31)
ALL_POSITIONS = 2**62


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """From when until when a membership lasts; the day of its end is no longer part of it."""

    admitted_on: dt.date
    ended_on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member as pages need it."""

    id: uuid.UUID
    coop_id: uuid.UUID
    number: int
    party_id: uuid.UUID
    party_kind: str


def _facts(row: Member) -> MemberFacts:
    return MemberFacts(row.id, row.coop_id, row.number, row.party_id, row.party_kind)


def span(coop_id: uuid.UUID, member_id: uuid.UUID, at: dt.date = FOREVER, known: int | None = None) -> Span | None:
    """Return the span of a membership as known; None when there was never one (or all of it was voided)."""
    sql = _SPAN_SQL.format(stands=_OF_SOME, whose="s.coop_id = %(coop)s AND s.member_id = %(member)s")
    with connection.cursor() as cursor:
        cursor.execute(
            sql, {"coop": coop_id, "member": member_id, "at": at, "known": ALL_POSITIONS if known is None else known}
        )
        row = cursor.fetchone()
    return None if row is None or row[1] is None else Span(row[1], row[2])


def memberships(coop_id: uuid.UUID | None, party_ids: frozenset[uuid.UUID], on: dt.date) -> Sequence[MemberFacts]:
    """Return the memberships of these parties that last on a date: in one co-operative, or in all that may be seen.

    Without a co-operative it sees the parties that the request or `kernel.tenancy.parties` has opened.
    """
    if not party_ids:
        return []
    if coop_id is None:
        # A member's row is theirs to see anywhere; how long it lasts is seen inside its co-operative only.
        found: list[MemberFacts] = []
        coop_ids = Member.objects.filter(party_id__in=party_ids).values_list("coop_id", flat=True)
        for one in sorted(set(coop_ids)):
            with tenant(one):
                found += memberships(one, party_ids, on)
        return found
    members = {row.id: row for row in Member.objects.filter(coop_id=coop_id, party_id__in=party_ids).order_by("number")}
    if not members:
        return []
    sql = _SPAN_SQL.format(stands=_OF_SOME, whose="s.member_id = ANY(%(members)s)")
    rows = ask(sql, {"members": list(members), "at": on, "known": ALL_POSITIONS})
    lasting = {row[0] for row in rows if row[1] is not None and (row[2] is None or row[2] < row[1])}
    return [_facts(row) for key, row in members.items() if key in lasting]


def members_from(coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return which of these parties have a membership that lasts on a date, or that begins after it."""
    return {party_id for party_id, _member, _begun, ended in _spans_of(coop_id, party_ids) if ended > on}


def is_member_besides(coop_id: uuid.UUID, member_id: uuid.UUID, since: dt.date, until: dt.date | None) -> bool:
    """Tell whether a member has, under another number, a membership that lasts on a day of this period."""
    party_id = Member.objects.values_list("party_id", flat=True).get(coop_id=coop_id, id=member_id)
    last = FOREVER if until is None else until
    return any(
        other != member_id and begun < last and since < ended
        for _party, other, begun, ended in _spans_of(coop_id, frozenset({party_id}))
    )


def _spans_of(
    coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID]
) -> list[tuple[uuid.UUID, uuid.UUID, dt.date, dt.date]]:
    """Return party, member, begin and end (FOREVER where there is none) of every membership of these parties."""
    owners = dict(Member.objects.filter(coop_id=coop_id, party_id__in=party_ids).values_list("id", "party_id"))
    if not owners:
        return []
    sql = _SPAN_SQL.format(stands=_OF_SOME, whose="s.member_id = ANY(%(members)s)")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"members": list(owners), "at": FOREVER, "known": ALL_POSITIONS})
        rows = cursor.fetchall()
    return [(owners[row[0]], row[0], row[1], row[2] or FOREVER) for row in rows if row[1] is not None]


def is_member(coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID], on: dt.date) -> bool:
    """Tell whether one of these parties is a member of a co-operative on a date."""
    return bool(memberships(coop_id, party_ids, on))


def coops_of_party(party_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return in whose register a party ever stood; sees the parties that `kernel.tenancy.parties` has opened."""
    return frozenset(Member.objects.filter(party_id=party_id).values_list("coop_id", flat=True))


def members_of_party(coop_id: uuid.UUID, party_id: uuid.UUID) -> Sequence[MemberFacts]:
    """Return every membership that a party ever had in a co-operative, by number."""
    return [_facts(row) for row in Member.objects.filter(coop_id=coop_id, party_id=party_id).order_by("number")]


def member_facts(coop_id: uuid.UUID, member_id: uuid.UUID) -> MemberFacts | None:
    """Return a member by id, or None."""
    row = Member.objects.filter(coop_id=coop_id, id=member_id).first()
    return None if row is None else _facts(row)


def member_by_number(coop_id: uuid.UUID, number: int) -> MemberFacts | None:
    """Return a member by number, or None."""
    rows = _numbered(coop_id=coop_id, number=number)
    return _facts(rows[0]) if rows else None


@Question
def _numbered(coop_id: uuid.UUID, number: int) -> QuerySet[Member]:
    return Member.objects.filter(coop_id=coop_id, number=number)


def party_kind(coop_id: uuid.UUID, member_id: uuid.UUID) -> str:
    """Return whether a member is a person or an organisation."""
    return Member.objects.values_list("party_kind", flat=True).get(coop_id=coop_id, id=member_id)


def last_number(coop_id: uuid.UUID) -> int:
    """Return the highest member number ever given; 0 before the first."""
    return Member.objects.filter(coop_id=coop_id).aggregate(last=Max("number"))["last"] or 0


def number_taken(coop_id: uuid.UUID, number: int) -> bool:
    """Tell whether a member number was ever given."""
    return Member.objects.filter(coop_id=coop_id, number=number).exists()


def last_change(coop_id: uuid.UUID) -> int:
    """Return the position of the last movement or standing of a register; 0 before the first."""
    rows = (model.objects.filter(coop_id=coop_id).aggregate(last=Max("position")) for model in (Movement, Standing))
    return max(row["last"] or 0 for row in rows)


def begins_after(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> dt.date | None:
    """Return the day as of which the register was brought along, where that lies after `at`; else None.

    Of earlier days it only knows what the list that was brought along said of them: when members came and left, but
    neither their shares nor who wasn't in it any more.
    """
    rows = Decision.objects.filter(coop_id=coop_id, body=BROUGHT_ALONG, decided_on__gt=at)
    if known is not None:
        rows = rows.filter(position__lte=known)
    return rows.order_by("decided_on").values_list("decided_on", flat=True).last()


def movement_dates(coop_id: uuid.UUID, member_id: uuid.UUID) -> tuple[dt.date | None, dt.date | None]:
    """Return the dates of a member's first and last movement that still stand."""
    rows = (
        Movement.objects.filter(coop_id=coop_id, member_id=member_id, corrected_by=None)
        .exclude(kind=MovementKind.CORRECTION)
        .aggregate(first=Min("on"), last=Max("on"))
    )
    return rows["first"], rows["last"]


def classes_held(coop_id: uuid.UUID, party_ids: frozenset[uuid.UUID], on: dt.date) -> frozenset[str]:
    """Return the codes of the classes of which these parties hold shares on a date."""
    rows = (
        Movement.objects.filter(coop_id=coop_id, member__party_id__in=party_ids, on__lte=on)
        .values_list("share_class__code")
        .annotate(shares=Sum("quantity"))
        .filter(shares__gt=0)
        .order_by()
    )
    return frozenset(code for code, _shares in rows)


def shares_of(coop_id: uuid.UUID, member_id: uuid.UUID, share_class_id: uuid.UUID, on: dt.date) -> int:
    """Return how many shares of a class a member holds on a date."""
    rows = Movement.objects.filter(coop_id=coop_id, member_id=member_id, share_class_id=share_class_id, on__lte=on)
    return rows.aggregate(shares=Sum("quantity"))["shares"] or 0


def lots_of_class(
    coop_id: uuid.UUID, share_class_id: uuid.UUID, on: dt.date
) -> Sequence[tuple[uuid.UUID, Decimal, int, Decimal]]:
    """Return (member, amount per share, shares, paid) of every lot of a class that holds shares on a date."""
    rows = (
        Movement.objects.filter(coop_id=coop_id, share_class_id=share_class_id, on__lte=on)
        .values("member_id", "amount_per_share")
        .annotate(shares=Sum("quantity"), settled=Sum("paid"))
        .filter(shares__gt=0)
        .order_by("member__number", "amount_per_share")
    )
    return [(row["member_id"], row["amount_per_share"], row["shares"], row["settled"]) for row in rows]
