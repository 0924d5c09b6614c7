"""Whatever a secretary records and corrects, in whatever order: each accepted act leaves a register that holds.

Acts are made up. One may be refused, but only with a reason; after each that isn't, the chain verifies, nobody holds
fewer than no shares on any date, nobody holds shares after leaving, nobody is a member twice at once, the totals are
the sum of the rows, and what is exported is read back by the program that knows no database.
"""

import datetime as dt
import io
import uuid
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coopcalc.register.verify import verify_export
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.models import Movement, Standing
from coopwerf.register.states import Ending
from tests.cast import NOW, TODAY, Cast

from .test_register import party, proof

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=30 * step) for step in range(8)]
AHEAD = TODAY + dt.timedelta(days=200)
AMOUNTS = [
    None,
    Decimal("25"),
    Decimal("12.5"),
    Decimal("0.0001"),
    Decimal("7.123456"),
    Decimal("-25"),
    Decimal("1e13"),
]
PAID = [None, Decimal("0"), Decimal("10"), Decimal("25"), Decimal("50"), Decimal("-5"), Decimal("0.001")]
QUANTITIES = [1, 2, 4, 0, -1, 10**9, 10**19]


class Act(NamedTuple):
    """Something a secretary tries: the numbers choose among what there is."""

    kind: str
    who: int = 0
    other: int = 1
    quantity: int | None = 2
    day: dt.date | None = DAYS[1]
    amount: Decimal | None = None
    paid: Decimal | None = None
    row: int = 0
    share_class: str = "A"
    flag: bool = False


KINDS = (
    *("admit", "issue", "pay", "transfer", "convert", "exit", "exclude", "split", "end"),
    *("correct", "correct", "correct_standing", "terms"),
)
ACTS = st.builds(
    Act,
    kind=st.sampled_from(KINDS),
    who=st.integers(0, 2),
    other=st.integers(0, 2),
    quantity=st.sampled_from([None, None, *QUANTITIES[:3] * 3, *QUANTITIES]),
    day=st.sampled_from([None, *DAYS, *DAYS, AHEAD, AHEAD]),
    amount=st.sampled_from([*[None] * 15, *AMOUNTS]),
    paid=st.sampled_from([*[None] * 10, *PAID[:5] * 2, *PAID]),
    row=st.integers(0, 8),
    share_class=st.sampled_from("AAB"),
    flag=st.booleans(),
)


class Secretary:
    """Try acts on one register, and look at it after each that was accepted."""

    def __init__(self, coop: Cast, people: list[uuid.UUID]) -> None:
        self.coop, self.people = coop, people
        self.members: list[uuid.UUID] = []
        self.accepted: list[Act] = []

    def member(self, number: int) -> uuid.UUID:
        """Return one of the members; nobody's id before there is any."""
        return self.members[number % len(self.members)] if self.members else uuid.UUID(int=9, version=4)

    def row(self, model: type[Movement | Standing], number: int) -> uuid.UUID:
        """Return a row of the register, corrections among them."""
        with tenant(self.coop.id):
            rows = list(model.objects.order_by("position").values_list("id", flat=True))
        return rows[number % len(rows)] if rows else uuid.UUID(int=9, version=4)

    def do(self, act: Act) -> bool:
        """Try it; tell whether it was accepted. Anything but a refusal with a reason is an error of ours."""
        try:
            with transaction.atomic():
                self._call(act)
        except Refused:
            return False
        self.accepted.append(act)
        return True

    def _call(self, act: Act) -> None:
        on = act.day or DAYS[1]
        quantity = 1 if act.quantity is None else act.quantity
        common: dict[str, Any] = {
            "actor": self.coop.secretary.actor,
            "now": NOW,
            "coop_id": self.coop.id,
            "decision": DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="item 3"),
        }
        lot = {**common, "on": on, "quantity": quantity, "amount_per_share": act.amount, "paid": act.paid}
        match act.kind:
            case "admit":
                shares = [
                    SharesInput(
                        share_class=act.share_class, quantity=quantity, amount_per_share=act.amount, paid=act.paid
                    )
                ]
                number = act.row + 1 if act.flag else None
                made = actions.record_admission(
                    **common, party_id=self.people[act.who], on=on, shares=shares[: act.other], number=number
                )
                self.members.append(made.id)
            case "issue":
                actions.record_issue(**lot, member_id=self.member(act.who), share_class=act.share_class)
            case "pay":
                actions.record_payment(
                    **common,
                    member_id=self.member(act.who),
                    share_class=act.share_class,
                    amount=act.paid or Decimal("10"),
                    on=on,
                    amount_per_share=act.amount,
                )
            case "transfer":
                actions.record_transfer(
                    **lot,
                    from_member_id=self.member(act.who),
                    to_member_id=self.member(act.other),
                    share_class=act.share_class,
                    ends_membership=act.flag,
                )
            case "convert":
                actions.record_conversion(
                    **lot,
                    member_id=self.member(act.who),
                    from_class=act.share_class,
                    to_class="B" if act.share_class == "A" else "A",
                )
            case "exit" | "exclude":
                record = actions.record_exit if act.kind == "exit" else actions.record_exclusion
                record(**lot, member_id=self.member(act.who), share_class=act.share_class, ends_membership=act.flag)
            case "split":
                actions.record_split(**common, share_class=act.share_class, factor=quantity, on=on)
            case "end":
                actions.record_ending(**common, member_id=self.member(act.who), reason=Ending.EXIT, on=on)
            case "correct":
                actions.correct_movement(
                    **common,
                    movement_id=self.row(Movement, act.row),
                    quantity=act.quantity,
                    paid=act.paid,
                    amount_per_share=act.amount,
                    on=act.day,
                )
            case "correct_standing":
                actions.correct_standing(**common, standing_id=self.row(Standing, act.row), on=act.day)
            case "terms":
                self._terms(act.share_class, on)

    def _terms(self, code: str, on: dt.date) -> None:
        actions.set_class_terms(
            actor=self.coop.chair.actor, now=NOW, coop_id=self.coop.id, code=code, valid_from=on, nominal=Decimal("25")
        )

    def look(self) -> None:
        """Say what is wrong with the register as it now stands."""
        found = proof(self.coop)
        assert found.ok, (self.accepted, found.findings)
        with tenant(self.coop.id):
            for day in (*DAYS, TODAY, AHEAD, dt.date(2030, 1, 1)):
                lines = queries.lines(self.coop.id, day)
                totals = queries.totals(self.coop.id, day)
                there = [line for line in lines if line.ended_on is None]
                assert len({line.party_id for line in there}) == len(there), (self.accepted, day, "a member twice")
                assert totals.members == len(there), (self.accepted, day)
                shares: dict[str, int] = {}
                for line in lines:
                    for held in line.holdings:
                        assert held.shares > 0, (self.accepted, day, line)
                        assert 0 <= held.paid <= held.shares * held.amount_per_share, (self.accepted, day, line)
                        assert line.ended_on is None, (self.accepted, day, line)
                        shares[held.share_class] = shares.get(held.share_class, 0) + held.shares
                assert {code: count for code, count in totals.shares.items() if count} == shares, (self.accepted, day)
                assert totals.paid == sum((line.paid for line in lines), Decimal(0)), (self.accepted, day)

    def export(self) -> None:
        """Have the register verified by the program that knows no database."""
        with tenant(self.coop.id):
            lines = b"".join(queries.export(self.coop.id))
        _header, verification, _verifier = verify_export(io.BytesIO(lines))
        assert not verification.findings, (self.accepted, verification.findings)


@pytest.fixture
def register(wolkenwerf: Cast) -> tuple[Cast, list[uuid.UUID]]:
    """Return Wolkenwerf with two classes, and three people who may become members."""
    for code in "AB":
        actions.set_class_terms(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            code=code,
            valid_from=dt.date(2021, 3, 1),
            nominal=Decimal("25"),
        )
    return wolkenwerf, [party(wolkenwerf, family) for family in ("Aerts", "Baert", "Claes")]


def play(register: tuple[Cast, list[uuid.UUID]], acts: list[Act]) -> list[bool]:
    """Try acts one after the other, and look after each accepted one; leave nothing behind."""
    with transaction.atomic():
        secretary = Secretary(*register)
        answers = []
        for act in acts:
            answers.append(secretary.do(act))
            if answers[-1]:
                secretary.look()
        secretary.export()
        transaction.set_rollback(True)
    return answers


@settings(
    max_examples=15,
    deadline=None,
    # Each try talks to a database: a failure is told as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, max_size=10))
def test_whatever_is_recorded_the_register_holds(register: tuple[Cast, list[uuid.UUID]], acts: list[Act]) -> None:
    """Begin with two members who hold shares, then try anything."""
    begin = [Act("admit", who=0, other=1, quantity=4), Act("admit", who=1, other=1, quantity=2, paid=Decimal("10"))]
    assert all(play(register, [*begin, *acts])[:2])
