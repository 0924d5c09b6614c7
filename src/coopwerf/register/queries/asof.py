"""The register as of a date, as known at a position of the chain.

The SQL is put together from constants of this module; what a person typed is always a parameter.
"""
# ruff: noqa: S608

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from coopcalc.register.table import domicile_text, short_price
from coopwerf.kernel import chain, questions
from coopwerf.kernel.questions import Question
from coopwerf.people import queries as people
from coopwerf.people.states import Address, Name

from ..models import Movement, Standing
from .classes import all_terms
from .members import ALL_POSITIONS, ALL_SPANS_SQL, NOT_VOIDED_SQL

ZERO = Decimal("0.00")


@dataclasses.dataclass(frozen=True, slots=True)
class Holding:
    """Shares of one class at one amount per share, and what is paid on them together, in euro."""

    share_class: str
    shares: int
    amount_per_share: Decimal
    paid: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A member as the register shows it on a date.

    `domicile` is written for tables, `home` as people write it, `spoken` is the name as people say it; `name_id` and
    `address_id` are the rows of people in which they stand.
    """

    member_id: uuid.UUID
    number: int
    party_id: uuid.UUID
    kind: str
    name: str
    domicile: str
    town: str
    enterprise_no: str
    admitted_on: dt.date
    ended_on: dt.date | None
    holdings: tuple[Holding, ...]
    spoken: str = ""
    home: str = ""
    name_id: uuid.UUID | None = None
    address_id: uuid.UUID | None = None

    @property
    def shares(self) -> int:
        """Return the shares of all classes together."""
        return sum(holding.shares for holding in self.holdings)

    @property
    def paid(self) -> Decimal:
        """Return what is paid on all shares together."""
        return sum((holding.paid for holding in self.holdings), ZERO)


# One row per member and lot; a member without shares has one row without class. Names are those of the date, as the
# register knew them at the position.
LINES_SQL = f"""
    WITH spans AS ({ALL_SPANS_SQL}),
    chosen AS (
        SELECT m.id, m.number, m.party_id, m.party_kind, spans.admitted_on,
               CASE WHEN spans.ended_on >= spans.admitted_on THEN spans.ended_on END AS ended_on
        FROM register_member m JOIN spans ON spans.member_id = m.id
        WHERE m.coop_id = %(coop)s AND spans.admitted_on IS NOT NULL AND m.position <= %(known)s {{chosen}}
    ),
    known AS (
        SELECT DISTINCT ON (p.party_id) p.party_id, p.name_id, p.address_id
        FROM register_particulars p
        WHERE p.coop_id = %(coop)s AND p.position <= %(known)s AND p.valid_from <= %(at)s {{party}}
        ORDER BY p.party_id, p.valid_from DESC, p.position DESC
    ),
    lots AS (
        SELECT v.member_id, v.share_class_id, v.amount_per_share, sum(v.quantity)::bigint AS shares, sum(v.paid) AS paid
        FROM register_movement v
        WHERE v.coop_id = %(coop)s AND v.position <= %(known)s AND v."on" <= %(at)s {{lot}}
        GROUP BY v.member_id, v.share_class_id, v.amount_per_share
        HAVING sum(v.quantity) <> 0 OR sum(v.paid) <> 0
    )
    SELECT c.number, c.party_kind, n.family, n.given, n.legal_form, a.street, a.number, a.box, a.postcode, a.town,
           a.country, n.enterprise_no, k.code, coalesce(l.shares, 0), l.amount_per_share, coalesce(l.paid, 0.00),
           c.admitted_on, c.ended_on, c.id, c.party_id, n.id, a.id
    FROM chosen c
    LEFT JOIN lots l ON l.member_id = c.id
    LEFT JOIN register_shareclass k ON k.id = l.share_class_id
    LEFT JOIN known ON known.party_id = c.party_id
    LEFT JOIN people_partyname n ON n.id = known.name_id
    LEFT JOIN people_partyaddress a ON a.id = known.address_id
    ORDER BY c.number, k.code COLLATE "C", l.amount_per_share
"""


def ask(sql: str, **facts: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query with named parameters; `known` is the end of the chain unless told."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _told(facts))
        return list(cursor.fetchall())


def ask_often(sql: str, **facts: Any) -> list[tuple[Any, ...]]:
    """Return the same, for what pages ask about few members: one plan must serve for all of them."""
    return questions.ask(sql, _told(facts))


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"known": ALL_POSITIONS, **{name: value for name, value in facts.items() if value is not None}}


def _grouped(rows: Sequence[tuple[Any, ...]]) -> Iterator[Line]:
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end][18] == rows[start][18]:
            end += 1
        yield _line(rows[start], rows[start:end])
        start = end


def _line(row: tuple[Any, ...], lots: Sequence[tuple[Any, ...]]) -> Line:
    address = dict(zip(ADDRESS, row[5:11], strict=True))
    return Line(
        member_id=row[18],
        number=row[0],
        party_id=row[19],
        kind=row[1],
        name=register_name(row[2], row[3]),
        domicile=domicile_text(address),
        town=row[9] or "",
        enterprise_no=row[11] or "",
        admitted_on=row[16],
        ended_on=row[17],
        holdings=tuple(Holding(lot[12], lot[13], lot[14], lot[15]) for lot in lots if lot[12] is not None),
        spoken=Name(row[2], row[3] or "").spoken_way if row[2] else "",
        home=Address(**address).on_one_line if row[21] else "",
        name_id=row[20],
        address_id=row[21],
    )


ADDRESS = ("street", "number", "box", "postcode", "town", "country")


def register_name(family: str | None, given: str | None) -> str:
    """Return a name as the register writes it: family name, comma, given name; empty once it is erased."""
    if not family:
        return ""
    return f"{family}, {given}" if given else family


def lines(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> Sequence[Line]:
    """Return the whole register as of a date, by member number; members who left stay in it with the date."""
    return list(_grouped(ask(LINES_SQL.format(chosen="", party="", lot=""), coop=coop_id, at=at, known=known)))


def table_rows(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> Iterator[tuple[str, ...]]:
    """Yield the register as of a date in the columns of `coopcalc.register.table`, one row per member and lot."""
    sql = LINES_SQL.format(chosen="", party="", lot="")
    # The database writes numbers and dates: a hundred thousand rows are there in half the time.
    prices: dict[str | None, str] = {None: ""}
    written = ", ".join(f"t.c{place}::text" for place in range(18))
    named = ", ".join(f"c{place}" for place in range(20))
    for row in ask(f"SELECT {written} FROM ({sql}) AS t ({named})", coop=coop_id, at=at, known=known):
        price = row[14]
        if price not in prices:
            prices[price] = short_price(Decimal(price))
        yield (
            row[0],
            row[1],
            register_name(row[2], row[3]),
            domicile_text(dict(zip(ADDRESS, row[5:11], strict=True))),
            row[11] or "",
            row[12] or "",
            row[13],
            prices[price],
            row[15],
            row[16],
            row[17] or "",
        )


def lines_page(
    coop_id: uuid.UUID,
    at: dt.date,
    *,
    known: int | None = None,
    text: str = "",
    share_class: str = "",
    state: str = "",
    after: int = 0,
    limit: int = 50,
) -> Sequence[Line]:
    """Return up to `limit` members whose number comes after `after`, with the filters applied.

    `text` is a member number or the beginning of words of a name, without regard to accents and capitals;
    `state` is "", "member" or "left".
    """
    wanted, facts = _conditions(text, share_class, state)
    numbers = f"""
        WITH spans AS ({ALL_SPANS_SQL})
        SELECT m.id, m.party_id FROM register_member m JOIN spans ON spans.member_id = m.id
        WHERE m.coop_id = %(coop)s AND m.position <= %(known)s AND m.number > %(after)s
          AND spans.admitted_on IS NOT NULL {wanted}
        ORDER BY m.number LIMIT %(limit)s
    """
    if not wanted:
        numbers = _FIRST_PAGE_SQL
    found = ask(numbers, coop=coop_id, at=at, known=known, after=after, limit=limit, **facts)
    return _lines_of(coop_id, at, known, [row[0] for row in found], [row[1] for row in found])


# Without filters the page is found by walking the numbers, however many members there are.
_FIRST_PAGE_SQL = f"""
    SELECT m.id, m.party_id FROM register_member m
    WHERE m.coop_id = %(coop)s AND m.position <= %(known)s AND m.number > %(after)s
      AND EXISTS (
          SELECT FROM register_standing s
          WHERE s.member_id = m.id AND s.event = 'admitted' AND s.voids_id IS NULL
            AND s.position <= %(known)s AND s."on" <= %(at)s
            AND {NOT_VOIDED_SQL}
      )
    ORDER BY m.number LIMIT %(limit)s
"""


def _conditions(text: str, share_class: str, state: str) -> tuple[str, dict[str, Any]]:
    wanted = ""
    facts: dict[str, Any] = {}
    words = text.split()
    if text.strip().isdigit():
        wanted += " AND m.number = %(number)s"
        facts["number"] = min(int(text), 2**31 - 1)
    elif words:
        facts["words"] = [f"%{_like(word)}%" for word in people.sort_keys(words)]
        wanted += """
            AND m.party_id IN (
                SELECT p.party_id FROM register_particulars p JOIN people_partyname n ON n.id = p.name_id
                WHERE p.coop_id = %(coop)s AND n.sort_key LIKE ALL (%(words)s)
            )"""
    if share_class:
        facts["share_class"] = share_class
        wanted += """
            AND m.id IN (
                SELECT v.member_id FROM register_movement v JOIN register_shareclass k ON k.id = v.share_class_id
                WHERE v.coop_id = %(coop)s AND k.code = %(share_class)s AND v."on" <= %(at)s
                  AND v.position <= %(known)s
                GROUP BY v.member_id HAVING sum(v.quantity) > 0
            )"""
    if state == "member":
        wanted += " AND (spans.ended_on IS NULL OR spans.ended_on < spans.admitted_on)"
    elif state == "left":
        wanted += " AND spans.ended_on >= spans.admitted_on"
    return wanted, facts


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _lines_of(
    coop_id: uuid.UUID, at: dt.date, known: int | None, members: list[uuid.UUID], parties: list[uuid.UUID]
) -> Sequence[Line]:
    if not members:
        return []
    sql = LINES_SQL.format(
        chosen="AND m.id = ANY(%(members)s)",
        party="AND p.party_id = ANY(%(parties)s)",
        lot="AND v.member_id = ANY(%(members)s)",
    ).replace("AND s.coop_id = %(coop)s", "AND s.coop_id = %(coop)s AND s.member_id = ANY(%(members)s)", 1)
    return list(_grouped(ask_often(sql, coop=coop_id, at=at, known=known, members=members, parties=parties)))


def holdings_of_members(
    coop_id: uuid.UUID, members: Mapping[uuid.UUID, uuid.UUID], at: dt.date
) -> dict[uuid.UUID, Line]:
    """Return members (their ids with those of their parties) as of a date, with every lot; one query."""
    return {line.member_id: line for line in _lines_of(coop_id, at, None, list(members), list(members.values()))}


def holdings_of(
    coop_id: uuid.UUID,
    member_id: uuid.UUID,
    at: dt.date,
    known: int | None = None,
    *,
    party_id: uuid.UUID | None = None,
) -> Line | None:
    """Return one member as of a date, with every lot; None before the admission. `party_id` where it is known."""
    parties = [party_id] if party_id is not None else _party_of(member_id)
    found = _lines_of(coop_id, at, known, [member_id], parties)
    return found[0] if found else None


def _party_of(member_id: uuid.UUID) -> list[uuid.UUID]:
    return [row[0] for row in ask("SELECT party_id FROM register_member WHERE id = %(member)s", member=member_id)]


@dataclasses.dataclass(frozen=True, slots=True)
class Totals:
    """Add up the register as of a date."""

    at: dt.date
    known: int
    members: int
    left: int
    shares: dict[str, int]
    paid_by_class: dict[str, Decimal]
    paid: Decimal
    head: str


def totals(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> Totals:
    """Return members, shares per class and what is paid, as of a date.

    As known now they come from the derived totals per day; as known earlier they are added up from the rows.
    """
    head = chain.head_of(coop_id)
    position = int(head.split(":")[0])
    codes = {found.share_class_id: found.code for found in all_terms(coop_id, at, known)}
    shares: dict[str, int] = dict.fromkeys(sorted(codes.values()), 0)
    settled: dict[str, Decimal] = dict.fromkeys(shares, ZERO)
    if known is None or known >= position:
        rows = ask_often(_DAYS_SQL, coop=coop_id, at=at)
    else:
        rows = ask(_ROWS_SQL, coop=coop_id, at=at, known=known)
        head = chain.head_at(coop_id, known)
    members = left = 0
    for share_class_id, quantity, paid, joined, ended in rows:
        if share_class_id is None:
            members, left = joined, ended
        else:
            code = codes[share_class_id]
            shares[code], settled[code] = quantity, paid
    return Totals(
        at=at,
        known=position if known is None else min(known, position),
        members=members,
        left=left,
        shares=shares,
        paid_by_class=settled,
        paid=sum(settled.values(), ZERO),
        head=head,
    )


_DAYS_SQL = """
    SELECT share_class_id, sum(shares)::bigint, sum(paid), sum(members)::bigint, sum(ended)::bigint
    FROM register_daytotal WHERE coop_id = %(coop)s AND "on" <= %(at)s GROUP BY share_class_id
"""
_ROWS_SQL = f"""
    SELECT share_class_id, sum(quantity)::bigint, sum(paid), 0::bigint, 0::bigint
    FROM register_movement WHERE coop_id = %(coop)s AND position <= %(known)s AND "on" <= %(at)s
    GROUP BY share_class_id
    UNION ALL
    SELECT NULL, 0, 0.00,
           count(*) FILTER (WHERE spans.ended_on IS NULL OR spans.ended_on < spans.admitted_on),
           count(*) FILTER (WHERE spans.ended_on >= spans.admitted_on)
    FROM ({ALL_SPANS_SQL}) spans WHERE spans.admitted_on IS NOT NULL
"""


def movements_of(coop_id: uuid.UUID, member_id: uuid.UUID, known: int | None = None) -> Sequence[Movement]:
    """Return every movement of a member in the order of its dates, corrections included."""
    return _movements(coop_id=coop_id, member_id=member_id, known=ALL_POSITIONS if known is None else known)


@Question
def _movements(coop_id: uuid.UUID, member_id: uuid.UUID, known: int) -> QuerySet[Movement]:
    rows = Movement.objects.filter(coop_id=coop_id, member_id=member_id, position__lte=known)
    rows = rows.select_related("share_class", "decision", "corrects", "corrected_by")
    return rows.order_by("on", "position")


def movement(coop_id: uuid.UUID, movement_id: uuid.UUID) -> Movement | None:
    """Return a movement by id, or None."""
    return Movement.objects.filter(coop_id=coop_id, id=movement_id).select_related("share_class", "decision").first()


def standing_history(coop_id: uuid.UUID, member_id: uuid.UUID, known: int | None = None) -> Sequence[Standing]:
    """Return every beginning and end of a membership, and every voiding of one, in the order of their positions."""
    return _standings(coop_id=coop_id, member_id=member_id, known=ALL_POSITIONS if known is None else known)


@Question
def _standings(coop_id: uuid.UUID, member_id: uuid.UUID, known: int) -> QuerySet[Standing]:
    rows = Standing.objects.filter(coop_id=coop_id, member_id=member_id, position__lte=known)
    return rows.select_related("decision", "voids", "voided_by").order_by("position")


def standing(coop_id: uuid.UUID, standing_id: uuid.UUID) -> Standing | None:
    """Return the beginning or end of a membership by id, or None."""
    return Standing.objects.filter(coop_id=coop_id, id=standing_id).select_related("decision").first()


@dataclasses.dataclass(frozen=True, slots=True)
class DayPoint:
    """A day on which the register changed, with what it came to."""

    on: dt.date
    members: int
    shares: int
    paid: Decimal


def history_points(coop_id: uuid.UUID, until: dt.date, most: int = 60) -> Sequence[DayPoint]:
    """Return how members, shares and paid amounts grew, thinned out to at most `most` days; the last day stays."""
    rows = ask(
        """
        SELECT "on", sum(sum(members)) OVER w, sum(sum(shares)) OVER w, sum(sum(paid)) OVER w
        FROM register_daytotal WHERE coop_id = %(coop)s AND "on" <= %(at)s
        GROUP BY "on" WINDOW w AS (ORDER BY "on") ORDER BY "on"
        """,
        coop=coop_id,
        at=until,
    )
    points = [DayPoint(on, int(members), int(shares), paid) for on, members, shares, paid in rows]
    step = max(1, -(-len(points) // most))
    return points[::-1][::step][::-1]


def history_of(coop_id: uuid.UUID, member_id: uuid.UUID, known: int | None = None) -> Sequence[tuple[Movement, int]]:
    """Return a member's movements, as known at a position, with the shares of that class after each."""
    sums: dict[uuid.UUID, int] = {}
    told: list[tuple[Movement, int]] = []
    for movement in movements_of(coop_id, member_id, known):
        sums[movement.share_class_id] = sums.get(movement.share_class_id, 0) + movement.quantity
        told.append((movement, sums[movement.share_class_id]))
    return told


@dataclasses.dataclass(frozen=True, slots=True)
class NameFrom:
    """How a party is written in a register from a date on; empty where it was erased."""

    valid_from: dt.date
    position: int
    name: str
    home: str
    enterprise_no: str


def names_of(coop_id: uuid.UUID, party_id: uuid.UUID, known: int | None = None) -> Sequence[NameFrom]:
    """Return every name and domicile under which a party stands in a register, the latest date first."""
    rows = ask_often(
        """
        SELECT p.valid_from, p.position, n.family, n.given, n.enterprise_no,
               a.street, a.number, a.box, a.postcode, a.town, a.country
        FROM register_particulars p
        LEFT JOIN people_partyname n ON n.id = p.name_id
        LEFT JOIN people_partyaddress a ON a.id = p.address_id
        WHERE p.coop_id = %(coop)s AND p.party_id = %(party)s AND p.position <= %(known)s
        ORDER BY p.valid_from DESC, p.position DESC
        """,
        coop=coop_id,
        party=party_id,
        known=known,
    )
    return [
        NameFrom(
            valid_from=row[0],
            position=row[1],
            name=register_name(row[2], row[3]),
            home="" if row[10] is None else Address(*row[5:11]).on_one_line,
            enterprise_no=row[4] or "",
        )
        for row in rows
    ]
