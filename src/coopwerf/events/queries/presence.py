"""Who is there: the desk's look-ups, the log of a ticket, attendance, and heads over a series."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core import signing
from django.db.models import Max, QuerySet

from coopwerf.kernel.questions import Question, ask
from coopwerf.people import queries as people

from ..models import Choice, Desk, HeadCount, Passage, Ticket
from ..states import DOOR, Direction, How, RegistrationState, Source, name_key
from .gatherings import GatheringFacts, SessionFacts
from .registrations import counts, session_counts

DESK_SALT = "coopwerf.events.desk"
MOST_FOUND = 20


@dataclasses.dataclass(frozen=True, slots=True)
class DeskFacts:
    """A desk: of which gathering, its name, at which gate."""

    id: uuid.UUID
    gathering_id: uuid.UUID
    name: str
    gate: str
    closed_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class PassageFacts:
    """Somebody came in or went out: which way, when, at which desk, known how, noted by whom."""

    id: uuid.UUID
    direction: Direction
    at: dt.datetime
    recorded_at: dt.datetime
    desk: str
    how: How
    author_id: uuid.UUID | None
    gate: str
    is_void: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody at the desk: only what helpers need to see."""

    ticket_id: uuid.UUID
    gathering_id: uuid.UUID
    registration_id: uuid.UUID
    name: str
    code: str
    state: RegistrationState
    source: Source
    people: int
    is_in: bool
    last: PassageFacts | None


def _by_id(coop_id: uuid.UUID, desk_id: uuid.UUID) -> QuerySet[Desk]:
    return Desk.objects.filter(coop_id=coop_id, id=desk_id)


_DESK = Question(_by_id)


def desk_token(desk_id: uuid.UUID) -> str:
    """Return the secret of a desk's link."""
    return signing.dumps(str(desk_id), salt=DESK_SALT, compress=False)


def desk_by_token(coop_id: uuid.UUID, token: str) -> DeskFacts | None:
    """Return the desk behind a link, or None where it isn't signed by us or isn't of this co-operative."""
    try:
        desk_id = uuid.UUID(signing.loads(token, salt=DESK_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return desk(coop_id, desk_id)


def desk(coop_id: uuid.UUID, desk_id: uuid.UUID) -> DeskFacts | None:
    """Return a desk, or None."""
    rows = _DESK(coop_id=coop_id, desk_id=desk_id)
    return _desk(rows[0]) if rows else None


def desks(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> list[DeskFacts]:
    """Return the desks of a gathering, the first one first."""
    rows = Desk.objects.filter(coop_id=coop_id, gathering_id=gathering_id).order_by("made_at", "id")
    return [_desk(row) for row in rows]


def _desk(row: Desk) -> DeskFacts:
    return DeskFacts(row.id, row.gathering_id, row.name, row.gate, row.closed_at)


def _passage(row: Passage, *, is_void: bool = False) -> PassageFacts:
    return PassageFacts(
        id=row.id,
        direction=Direction(row.direction),
        at=row.at,
        recorded_at=row.recorded_at,
        desk=row.desk.name if row.desk is not None else "",
        how=How(row.how),
        author_id=row.author_id,
        gate=row.gate,
        is_void=is_void,
    )


def last_passages(ticket_ids: Sequence[uuid.UUID], gate: str) -> dict[uuid.UUID, PassageFacts]:
    """Return for each ticket its last passage at a gate, without those that were taken back."""
    rows = Passage.objects.select_related("desk").filter(
        ticket_id__in=ticket_ids, gate=gate, voids__isnull=True, voided_by__isnull=True
    )
    found: dict[uuid.UUID, PassageFacts] = {}
    for row in rows.order_by("at", "recorded_at", "id"):
        found[row.ticket_id] = _passage(row)
    return found


def _last(ticket_id: uuid.UUID, gate: str, until: dt.datetime) -> QuerySet[Passage]:
    rows = Passage.objects.select_related("desk").filter(ticket_id=ticket_id, gate=gate, at__lte=until)
    return rows.filter(voids__isnull=True, voided_by__isnull=True).order_by("-at", "-recorded_at", "-id")


_LAST = Question(_last)
_PRESSED = "SELECT 1 FROM events_passage WHERE ticket_id = %(ticket)s AND press = %(press)s"
FOR_EVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


def last_passage(ticket_id: uuid.UUID, gate: str, *, until: dt.datetime = FOR_EVER) -> PassageFacts | None:
    """Return the last passage of one ticket at a gate, up to a moment, unless it was taken back; each press asks it."""
    rows = _LAST(ticket_id=ticket_id, gate=gate, until=until)
    return _passage(rows[0]) if rows else None


def was_pressed(ticket_id: uuid.UUID, press: uuid.UUID | None) -> bool:
    """Tell whether a press of a button was noted of a ticket already, whatever became of that."""
    return press is not None and bool(ask(_PRESSED, {"ticket": ticket_id, "press": press}))


def passages(coop_id: uuid.UUID, ticket_id: uuid.UUID) -> list[PassageFacts]:
    """Return everything that was noted of a ticket, the first one first; what was taken back is marked so."""
    rows = Passage.objects.select_related("desk", "voided_by").filter(coop_id=coop_id, ticket_id=ticket_id)
    return [
        _passage(row, is_void=hasattr(row, "voided_by"))
        for row in rows.filter(voids__isnull=True).order_by("at", "recorded_at", "id")
    ]


def _guest(gathering_id: uuid.UUID, ticket_id: uuid.UUID) -> QuerySet[Ticket]:
    return Ticket.objects.select_related("registration").filter(id=ticket_id, gathering_id=gathering_id)


_GUEST = Question(_guest)


def guests(coop_id: uuid.UUID, gathering_id: uuid.UUID, ticket_ids: Sequence[uuid.UUID], gate: str) -> list[Guest]:
    """Return people as a desk of a gathering sees them, in this order; nobody of another gathering."""
    if len(ticket_ids) == 1:
        rows = {row.id: row for row in _GUEST(gathering_id=gathering_id, ticket_id=ticket_ids[0])}
        only = last_passage(ticket_ids[0], gate)
        last = {} if only is None else {ticket_ids[0]: only}
    elif ticket_ids:
        tickets = Ticket.objects.select_related("registration").filter(id__in=ticket_ids, gathering_id=gathering_id)
        rows = {row.id: row for row in tickets}
        last = last_passages(list(rows), gate)
    else:
        return []
    found = []
    for ticket_id in ticket_ids:
        row = rows.get(ticket_id)
        if row is None or row.coop_id != coop_id:
            continue
        passage = last.get(row.id)
        found.append(
            Guest(
                ticket_id=row.id,
                gathering_id=row.gathering_id,
                registration_id=row.registration_id,
                name=row.name,
                code=row.code,
                state=RegistrationState(row.registration.state),
                source=Source(row.registration.source),
                people=row.registration.people,
                is_in=passage is not None and passage.direction is Direction.IN,
                last=passage,
            )
        )
    return found


def ticket_by_code(gathering_id: uuid.UUID, code: str) -> uuid.UUID | None:
    """Return the ticket with a code, or None."""
    rows = ask(_BY_CODE, {"gathering": gathering_id, "code": code})
    return rows[0][0] if rows else None


_BY_CODE = "SELECT id FROM events_ticket WHERE gathering_id = %(gathering)s AND code = %(code)s"
_BY_NAME = """
SELECT DISTINCT t.name_key, t.id FROM events_ticketword w JOIN events_ticket t ON t.id = w.ticket_id
    JOIN events_registration r ON r.id = t.registration_id
WHERE w.gathering_id = %(gathering)s AND w.word >= %(first)s AND w.word < %(end)s AND t.name_key LIKE %(like)s
    AND r.state IN ('seated', 'offered', 'held', 'waiting')
ORDER BY t.name_key, t.id LIMIT %(limit)s
"""


def tickets_by_name(gathering_id: uuid.UUID, text: str) -> list[uuid.UUID]:
    """Return the tickets of whom a word of the name begins so, accents and capitals left aside; the first twenty."""
    key = name_key(text)
    if len(key) < 3:
        return []
    first = key.split()[0]
    # What comes after every word that begins so: no folded letter has a higher number.
    told = {"first": first, "end": f"{first}\U0010ffff", "like": f"%{key}%", "limit": MOST_FOUND}
    return [row[1] for row in ask(_BY_NAME, {"gathering": gathering_id, **told})]


_INSIDE = """
SELECT count(*) FILTER (WHERE direction = 'in'), count(*) FROM (
    SELECT DISTINCT ON (p.ticket_id) p.direction FROM events_passage p
    WHERE p.gathering_id = %(gathering)s AND p.gate = %(gate)s AND p.voids_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM events_passage v WHERE v.voids_id = p.id)
    ORDER BY p.ticket_id, p.at DESC, p.recorded_at DESC, p.id DESC
) latest
"""


def inside(gathering_id: uuid.UUID, gate: str = DOOR) -> tuple[int, int]:
    """Return how many known people are inside now, and how many came at all."""
    (row,) = ask(_INSIDE, {"gathering": gathering_id, "gate": gate})
    return int(row[0]), int(row[1])


@dataclasses.dataclass(frozen=True, slots=True)
class HeadFacts:
    """So many heads were counted at a moment."""

    heads: int
    at: dt.datetime
    desk: str
    gate: str


def head_counts(coop_id: uuid.UUID, gathering_id: uuid.UUID) -> list[HeadFacts]:
    """Return the head-counts of a gathering, the first one first."""
    rows = HeadCount.objects.select_related("desk").filter(coop_id=coop_id, gathering_id=gathering_id)
    return [HeadFacts(row.heads, row.at, row.desk.name if row.desk else "", row.gate) for row in rows.order_by("at")]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Who came through a gate: registered people, known people, those of them without a registration, heads at most."""

    registered: int = 0
    came: int = 0
    walk_ins: int = 0
    most_heads: int | None = None

    @property
    def unknown(self) -> int:
        """Return how many more heads were counted than people were known."""
        return max((self.most_heads or 0) - self.came, 0)


_CAME = """
SELECT p.gate, count(DISTINCT p.ticket_id), count(DISTINCT p.ticket_id) FILTER (WHERE r.source = 'desk')
FROM events_passage p JOIN events_ticket t ON t.id = p.ticket_id JOIN events_registration r ON r.id = t.registration_id
WHERE p.gathering_id = %(gathering)s AND p.direction = 'in' AND p.voids_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM events_passage v WHERE v.voids_id = p.id)
GROUP BY p.gate
"""


def attendance(found: GatheringFacts, programme: Sequence[SessionFacts]) -> tuple[Attendance, dict[str, Attendance]]:
    """Return who came to a gathering, and to each of its sessions at whose door somebody was noted or counted."""

    came = {gate: (known, walk_ins) for gate, known, walk_ins in ask(_CAME, {"gathering": found.id})}
    heads: Mapping[str, int] = dict(
        HeadCount.objects.filter(coop_id=found.coop_id, gathering_id=found.id)
        .values("gate")
        .annotate(most=Max("heads"))
        .order_by()
        .values_list("gate", "most")
    )
    seats = session_counts(found.coop_id, found.id)
    at_all = came.get(DOOR, (0, 0))
    whole = Attendance(
        registered=counts(found.coop_id, found.id).seated,
        came=at_all[0],
        walk_ins=at_all[1],
        most_heads=heads.get(DOOR),
    )
    by_session = {}
    for one in programme:
        gate = str(one.id)
        known, walk_ins = came.get(gate, (0, 0))
        by_session[gate] = Attendance(
            registered=whole.registered if one.is_for_all else seats.get(one.id, (0, 0))[0],
            came=known,
            walk_ins=walk_ins,
            most_heads=heads.get(gate),
        )
    return whole, by_session


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A series for its accounts: gatherings held, participations, different people, and heads nobody knows."""

    gatherings: int
    participations: int
    people: int
    unknown_heads: int


_REACHED = """
WITH came AS (
    SELECT DISTINCT p.gathering_id, p.ticket_id, t.who_key
    FROM events_passage p JOIN events_ticket t ON t.id = p.ticket_id
        JOIN events_gathering g ON g.id = p.gathering_id
    WHERE g.coop_id = %(coop)s AND g.series_id = %(series)s AND p.gate = '' AND p.direction = 'in'
        AND p.voids_id IS NULL AND NOT EXISTS (SELECT 1 FROM events_passage v WHERE v.voids_id = p.id)
), known AS (
    SELECT gathering_id, count(*) AS people FROM came GROUP BY gathering_id
), heads AS (
    SELECT h.gathering_id, max(h.heads) AS heads FROM events_headcount h
        JOIN events_gathering g ON g.id = h.gathering_id
    WHERE g.coop_id = %(coop)s AND g.series_id = %(series)s AND h.gate = '' GROUP BY h.gathering_id
)
SELECT
    (SELECT count(*) FROM events_gathering
        WHERE coop_id = %(coop)s AND series_id = %(series)s AND state = 'held'),
    (SELECT count(*) FROM came),
    (SELECT count(DISTINCT who_key) FROM came),
    (SELECT coalesce(sum(greatest(h.heads - coalesce(k.people, 0), 0)), 0)
        FROM heads h LEFT JOIN known k USING (gathering_id))
"""


def reached(coop_id: uuid.UUID, series_id: uuid.UUID) -> Reached:
    """Return what a series comes to: who came to two of its gatherings is one of its people, and two participations."""
    (row,) = ask(_REACHED, {"coop": coop_id, "series": series_id})
    return Reached(gatherings=int(row[0]), participations=int(row[1]), people=int(row[2]), unknown_heads=int(row[3]))


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A line of the printed list: no more than a desk needs."""

    name: str
    code: str


def listed(coop_id: uuid.UUID, gathering_id: uuid.UUID, session_id: uuid.UUID | None = None) -> list[Listed]:
    """Return who has a place at a gathering, by name; at the door of a session only who has one in it."""
    rows = Ticket.objects.filter(
        coop_id=coop_id, gathering_id=gathering_id, registration__state=RegistrationState.SEATED.value
    )
    if session_id is not None:
        chosen = Choice.objects.filter(coop_id=coop_id, session_id=session_id, is_seated=True)
        rows = rows.filter(registration_id__in=chosen.values("registration_id"))
    return [Listed(name, code) for name, code in rows.order_by("name_key", "id").values_list("name", "code")]


def authors(found: Sequence[PassageFacts], on: dt.date) -> Mapping[uuid.UUID, str]:
    """Return the names of signed-in people who noted these passages."""
    ids = {one.author_id for one in found if one.author_id is not None}
    return {ident: one.spoken for ident, one in people.particulars(ids, on).items()}


def together(registration_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the tickets of a registration."""
    return list(Ticket.objects.filter(registration_id=registration_id).order_by("place").values_list("id", flat=True))
