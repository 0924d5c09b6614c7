"""Rows on their way into the register: built in memory, then written with their chain in one go."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from coopcalc import chain as pure
from coopwerf.kernel import chain
from coopwerf.kernel.action import announce
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import ChainedModel
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.rows import insert
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars as PartyParticulars
from coopwerf.people.states import private_record

from .. import policies
from ..happenings import SharesMoved
from ..models import Decision, Member, Movement, Particulars, ParticularsSalt, PaymentCommunication, Standing
from ..states import MovementKind, StandingEvent


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInput:
    """Say which body decided (a code), when, and under which reference its decision is found."""

    body: str
    on: dt.date
    reference: str


class Batch:
    """Collect new rows of one co-operative's register in the order in which they happened, then write them at once."""

    def __init__(self, *, coop_id: uuid.UUID, now: dt.datetime, author: uuid.UUID | None) -> None:
        self.coop_id = coop_id
        self.now = now
        self.author = author
        self.rows: list[ChainedModel] = []
        self.salts: list[ParticularsSalt] = []
        self.communications: list[PaymentCommunication] = []
        # Who is brought along without a name, because they were erased where the register was kept before.
        self.nameless: set[uuid.UUID] = set()
        self._days: dict[tuple[dt.date, uuid.UUID | None], list[int | Decimal]] = defaultdict(
            lambda: [0, Decimal("0.00"), 0, 0]
        )

    def decision(self, told: DecisionInput) -> uuid.UUID:
        """Add a decision, or find the same one written before; return its id."""
        _check_year(told.on)
        policies.fits_decision(told.body, told.reference).require()
        written = (
            Decision.objects.filter(coop_id=self.coop_id, decided_on=told.on, body=told.body, reference=told.reference)
            .values_list("id", flat=True)
            .first()
        )
        if written is not None:
            return written
        salt = secrets.token_hex(16)
        row = Decision(
            coop_id=self.coop_id,
            decided_on=told.on,
            body=told.body,
            reference=told.reference,
            salt=salt,
            commitment=pure.commitment(salt, {"body": told.body, "reference": told.reference}),
        )
        self.rows.append(row)
        return row.id

    def member(self, *, number: int, party_id: uuid.UUID, party_kind: str, communication: str = "") -> uuid.UUID:
        """Add a member under a number that the caller knows to be free; return its id."""
        row = Member(
            coop_id=self.coop_id,
            number=number,
            party_id=party_id,
            party_kind=party_kind,
        )
        self.rows.append(row)
        if communication:
            self.communications.append(PaymentCommunication(coop_id=self.coop_id, member=row, digits=communication))
        return row.id

    def standing(
        self,
        *,
        member_id: uuid.UUID,
        event: StandingEvent,
        on: dt.date,
        reason: str = "",
        asked_on: dt.date | None = None,
        paid_on: dt.date | None = None,
        decision_id: uuid.UUID | None = None,
        voids_id: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Add the beginning or end of a membership, or the voiding of one; return its id."""
        _check_year(asked_on)
        _check_year(paid_on)
        row = Standing(
            coop_id=self.coop_id,
            member_id=member_id,
            event=event.value,
            reason=reason,
            on=on,
            asked_on=asked_on,
            paid_on=paid_on,
            decision_id=decision_id,
            voids_id=voids_id,
            author_id=self.author,
        )
        self.rows.append(row)
        sign = -1 if voids_id else 1
        day = self._days[on, None]
        if event is StandingEvent.ADMITTED:
            day[2] = int(day[2]) + sign
        else:
            day[2] = int(day[2]) - sign
            day[3] = int(day[3]) + sign
        return row.id

    def movement(
        self,
        *,
        member_id: uuid.UUID,
        share_class_id: uuid.UUID,
        kind: MovementKind,
        quantity: int,
        amount_per_share: Decimal,
        paid: Decimal,
        on: dt.date,
        decision_id: uuid.UUID | None,
        value: Decimal | None = None,
        pair: uuid.UUID | None = None,
        corrects_id: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Add a movement; return its id."""
        row = Movement(
            coop_id=self.coop_id,
            member_id=member_id,
            share_class_id=share_class_id,
            kind=kind.value,
            quantity=quantity,
            amount_per_share=amount_per_share,
            paid=paid,
            value=value,
            on=on,
            decision_id=decision_id,
            pair=pair,
            corrects_id=corrects_id,
            author_id=self.author,
        )
        self.rows.append(row)
        day = self._days[on, share_class_id]
        day[0] = int(day[0]) + quantity
        day[1] = Decimal(day[1]) + paid
        return row.id

    def particulars(self, known: PartyParticulars, *, valid_from: dt.date) -> uuid.UUID:
        """Add a party's name and domicile as they hold from a date; return the row's id."""
        if known.name is None or known.name_id is None:
            raise Refused("register.party_without_name")
        salt = secrets.token_hex(16)
        row = Particulars(
            id=uuid7(),
            coop_id=self.coop_id,
            party_id=known.party_id,
            valid_from=valid_from,
            name_id=known.name_id,
            address_id=known.address_id,
            commitment=pure.commitment(salt, private_record(known.kind, known.name, known.address)),
        )
        self.rows.append(row)
        self.salts.append(ParticularsSalt(particulars=row, coop_id=self.coop_id, salt=salt))
        return row.id

    def write(self) -> None:
        """Insert everything with its place in the chain, and add it to the totals per day.

        Raises Refused register.party_without_name where somebody was erased at the same moment.
        """
        chain.append(coop_id=self.coop_id, at=self.now, rows=self.rows)
        # The rows hold their parties now: whoever erases one comes before us, and is seen here, or after us.
        named = {row.party_id for row in self.rows if isinstance(row, Member | Particulars)} - self.nameless
        if named and people.any_erased(named):
            raise Refused("register.party_without_name")
        insert(ParticularsSalt, self.salts)
        insert(PaymentCommunication, self.communications)
        add_to_days(
            self.coop_id,
            ((on, share_class_id, *values) for (on, share_class_id), values in sorted(self._days.items(), key=_by_day)),
        )
        moved = [row.position for row in self.rows if isinstance(row, Movement)]
        if moved:
            announce(SharesMoved(coop_id=self.coop_id, first=min(moved), last=max(moved)))


def _check_year(on: dt.date | None) -> None:
    """Raise Refused for a date that no register can hold: two digits of the year forgotten, mostly."""
    if on is not None and on < policies.FIRST_DAY:
        raise Refused("register.date_too_early", on=on)


def _by_day(item: tuple[tuple[dt.date, uuid.UUID | None], list[int | Decimal]]) -> tuple[dt.date, str]:
    (on, share_class_id), _values = item
    return on, str(share_class_id)


def add_to_days(
    coop_id: uuid.UUID, days: Iterable[tuple[dt.date, uuid.UUID | None, *tuple[int | Decimal, ...]]]
) -> None:
    """Add changes (day, class, shares, paid, members, ended) to the derived totals."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO register_daytotal AS known (coop_id, "on", share_class_id, shares, paid, members, ended)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (coop_id, "on", share_class_id) DO UPDATE
            SET shares = known.shares + excluded.shares, paid = known.paid + excluded.paid,
                members = known.members + excluded.members, ended = known.ended + excluded.ended
            """,
            [(coop_id, on, share_class_id, *values) for on, share_class_id, *values in days],
        )
