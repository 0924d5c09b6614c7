"""Filling a register for practice with a crowd of invented members, as many as a machine should be tried with."""

import datetime as dt
import uuid
from decimal import Decimal

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions as people

from .. import policies, queries
from ..states import Ending, MovementKind, StandingEvent
from .batch import Batch, DecisionInput
from .crowd import CENT, Deed, Month, communication, invented, story


class _Filling:
    """What is known of the crowd while its story is written."""

    def __init__(self, coop_id: uuid.UUID, actor: Actor) -> None:
        self.coop_id = coop_id
        self.actor = actor
        self.members: dict[int, uuid.UUID] = {}
        self.corrected: dict[int, tuple[uuid.UUID, dt.date, int]] = {}
        self.movements = 0
        self.terms: list[queries.Terms] = []

    def write(self, month: Month) -> None:
        """Write a month: its decision, who came in, what else happened."""
        moment = dt.datetime.combine(month.on, dt.time(20), tzinfo=dt.UTC)
        parties = people.register_parties(
            actor=self.actor, now=moment, rows=[invented(number) for number in month.joins], coop_id=self.coop_id
        )
        batch = Batch(coop_id=self.coop_id, now=moment, author=self.actor.party_id)
        decided = batch.decision(DecisionInput(body="board", on=month.on, reference=f"{month.on:%Y-%m}/1"))
        for number, known in zip(month.joins, parties, strict=True):
            member_id = batch.member(
                number=number,
                party_id=known.party_id,
                party_kind=known.kind.value,
                communication=communication(number),
            )
            self.members[number] = member_id
            batch.particulars(known, valid_from=month.on)
            batch.standing(
                member_id=member_id,
                event=StandingEvent.ADMITTED,
                on=month.on,
                asked_on=month.on - dt.timedelta(days=number % 20),
                paid_on=month.on - dt.timedelta(days=number % 10),
                decision_id=decided,
            )
        for deed in month.deeds:
            self._do(batch, deed, month.on, decided)
        batch.write()

    def _do(self, batch: Batch, deed: Deed, on: dt.date, decided: uuid.UUID) -> None:
        terms = self.terms[deed.share_class % len(self.terms)]
        price = terms.nominal
        member = self.members[deed.member]

        def move(
            kind: MovementKind,
            quantity: int,
            paid: int,
            *,
            of: uuid.UUID = member,
            day: dt.date = on,
            pair: uuid.UUID | None = None,
            corrects_id: uuid.UUID | None = None,
            value: Decimal | None = None,
        ) -> uuid.UUID:
            self.movements += 1
            return batch.movement(
                member_id=of,
                share_class_id=terms.share_class_id,
                kind=kind,
                quantity=quantity,
                amount_per_share=price,
                paid=(price * paid).quantize(CENT),
                on=day,
                decision_id=decided,
                pair=pair,
                corrects_id=corrects_id,
                value=value,
            )

        if deed.what == "issue":
            made = move(MovementKind.ISSUE, deed.quantity, deed.paid)
            self.corrected[deed.member] = made, on, deed.quantity
        elif deed.what == "payment":
            move(MovementKind.PAYMENT, 0, deed.paid)
        elif deed.what == "transfer":
            pair = uuid7()
            move(MovementKind.TRANSFER_OUT, -deed.quantity, -deed.paid, pair=pair)
            move(MovementKind.TRANSFER_IN, deed.quantity, deed.paid, of=self.members[deed.other], pair=pair)
        elif deed.what == "exit":
            worth = (price * deed.paid).quantize(CENT)
            move(MovementKind.EXIT, -deed.quantity, -deed.paid, value=worth)
            batch.standing(
                member_id=member, event=StandingEvent.ENDED, reason=Ending.EXIT.value, on=on, decision_id=decided
            )
        else:
            wrong, day, quantity = self.corrected[deed.member]
            move(MovementKind.CORRECTION, -quantity, -quantity, day=day, corrects_id=wrong)
            move(MovementKind.ISSUE, deed.quantity, deed.paid, day=day)


@action(verb="register.filled_for_practice")
def fill_for_practice(
    *,
    coop_id: uuid.UUID,
    members: int,
    first: dt.date,
    last: dt.date,
    seed: int = 1,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Fill the empty register of a co-operative for practice with so many invented members, three movements each.

    They join month by month between two days, under the classes that are there; the same number and seed make the
    same story. Returns the number of movements. Raises Refused for anybody but the installation, a co-operative that
    isn't for practice, and a register with members.
    """
    policies.may_fill(actor, coop_id).require()
    if not 1 <= members <= policies.MOST_INVENTED or not policies.FIRST_DAY <= first < last <= now.date():
        raise Refused("register.fill_bounds", most=policies.MOST_INVENTED)
    chain.lock(coop_id)
    filling = _Filling(coop_id, actor)
    filling.terms = list(queries.all_terms(coop_id, last))
    if not filling.terms:
        raise Refused("register.class_unknown", share_class="A")
    for month in story(members, first, last, seed):
        filling.write(month)
    audit("register", coop_id, members=members, movements=filling.movements, seed=seed)
    return filling.movements
