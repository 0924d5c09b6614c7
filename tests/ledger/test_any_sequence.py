"""Whatever is posted, taken back, closed and opened, in whatever order: the books balance, and equal plain addition."""

import datetime as dt
import uuid
from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopcalc.books import AccountKind
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions, queries
from coopwerf.ledger.actions import ManualLine, Posting
from coopwerf.ledger.rules import rules
from coopwerf.ledger.states import Role
from coopwerf.register import queries as register
from tests.cast import Cast

from .books import BEGIN, open_books, told

pytestmark = pytest.mark.django_db

DAYS = [BEGIN + dt.timedelta(days=40 * step) for step in range(-1, 8)]
AMOUNTS = [Decimal(text) for text in ("100.00", "0.01", "-25.00", "0.00", "33.33", "0.005", "1e13", "999999999.99")]
RULES = sorted(code for code, rule in rules().items() if rule.rule is not None)


class Act(NamedTuple):
    """Something that somebody tries with the books."""

    kind: str
    rule: str
    day: dt.date
    amounts: tuple[Decimal, Decimal, Decimal]
    which: int


ACTS = st.builds(
    Act,
    kind=st.sampled_from(("post", "post", "post", "reverse", "manual", "close", "reopen")),
    rule=st.sampled_from(RULES),
    day=st.sampled_from([*DAYS[1:], *DAYS]),
    amounts=st.tuples(*[st.sampled_from([*AMOUNTS[:5] * 3, *AMOUNTS])] * 3),
    which=st.integers(0, 9),
)


class Treasurer:
    """Try acts on one co-operative's books, and add up by hand what was accepted."""

    def __init__(self, coop: Cast) -> None:
        self.coop = coop
        self.entries: list[uuid.UUID] = []
        self.plain: dict[tuple[str, dt.date], Decimal] = defaultdict(Decimal)

    def do(self, act: Act) -> None:
        """Try it; anything but a refusal with a reason is an error of ours."""
        common = told(self.coop)
        try:
            with transaction.atomic():
                match act.kind:
                    case "post":
                        self.written(*self.posted(act, common))
                    case "reverse":
                        if self.entries:
                            meant = [self.entries[act.which % len(self.entries)]]
                            on = act.day if act.which % 2 else None
                            self.written(*actions.reverse(**common, entry_ids=meant, on=on))
                    case "manual":
                        first, second, third = act.amounts
                        amounts = [first, second, -first - second if act.which % 3 else third]
                        lines = [
                            ManualLine(account=code, amount=amount)
                            for code, amount in zip(("610", "440", "550"), amounts, strict=True)
                        ]
                        self.written(actions.record_manual(**common, on=act.day, lines=lines, words="x"))
                    case "close":
                        actions.close_period(**common, until=act.day)
                    case _:
                        until = act.day if act.which % 2 else None
                        actions.reopen_period(**common, reason="other", until=until)
        except Refused:
            return

    def posted(self, act: Act, common: dict[str, Any]) -> list[uuid.UUID]:
        """Post by a rule, twice in one go now and then."""
        rule = rules()[act.rule].rule
        assert rule is not None
        amounts = dict(zip(sorted(rule.amounts), act.amounts, strict=False))
        one = Posting(on=act.day, rule=act.rule, amounts=amounts, accounts={"account": "743"})
        return actions.post(**common, postings=[one] * (1 + (act.which == 0)))

    def written(self, *made: uuid.UUID) -> None:
        """Add up what an accepted entry says."""
        self.entries += made
        with tenant(self.coop.id):
            for one in queries.entries_with(self.coop.id, made).values():
                assert sum(line.amount for line in one.lines) == 0
                for line in one.lines:
                    self.plain[line.account.code, one.on] += line.amount

    def look(self) -> None:
        """Compare every way of reading with plain addition, on every day."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the database looks at when a transaction ends
        with tenant(self.coop.id):
            proof = register.verify(self.coop.id)
            assert proof.ok, proof.findings
            assert proof.verification.entries == len(self.entries)
            for day in (*DAYS, DAYS[3] + dt.timedelta(days=1)):
                wanted: dict[str, Decimal] = defaultdict(Decimal)
                for (code, on), amount in self.plain.items():
                    if on <= day:
                        wanted[code] += amount
                found = queries.balances(self.coop.id, day)
                assert {one.account.code: one.balance for one in found if one.balance} == {
                    code: amount for code, amount in wanted.items() if amount
                }
                assert sum(one.balance for one in found) == 0
                bank = queries.balance_of_role(self.coop.id, Role.BANK, day)
                assert bank == wanted["550"] == queries.balance_of_account(self.coop.id, "550", day)
                for begin in (BEGIN, DAYS[4]):
                    self.trial(begin, day, wanted)

    def trial(self, begin: dt.date, day: dt.date, wanted: dict[str, Decimal]) -> None:
        """A trial balance has two equal sides, and carries over what isn't a result."""
        trial = queries.trial_balance(self.coop.id, begin, day)
        assert trial.is_balanced
        kinds = {line.account: line.kind for line in trial.lines}
        for line in trial.lines:
            if kinds[line.account] not in (AccountKind.INCOME, AccountKind.EXPENSE):
                assert line.balance == wanted[line.account]


def test_any_sequence(wolkenwerf: Cast) -> None:
    """Twenty-five stories of up to a dozen acts, each on books of its own day."""
    open_books(wolkenwerf)

    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

    @settings(max_examples=25, deadline=None, suppress_health_check=slow)
    @given(st.lists(ACTS, min_size=2, max_size=12))
    def tell(acts: list[Act]) -> None:
        with transaction.atomic():
            treasurer = Treasurer(wolkenwerf)
            for act in acts:
                treasurer.do(act)
            treasurer.look()
            transaction.set_rollback(True)

    tell()
