"""What the database refuses by itself, to the role of the web, whatever program sends it."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions
from coopwerf.register import queries as register
from tests.cast import Cast

from .books import BEGIN, SPRING, balance, open_books, post, posting, told

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = """
    INSERT INTO ledger_entry (id, position, coop_id, journal, number, "on", rule, source_kind, line_count)
    VALUES (%s, %s, %s, 'general', %s, %s, 'manual', '', %s)
"""
LINE = """
    INSERT INTO ledger_line (entry_id, number, coop_id, account_id, "on", amount)
    SELECT %s, %s, coop_id, id, %s, %s FROM ledger_account WHERE coop_id = %s AND code = %s
"""


class Raw:
    """Write rows of the books with SQL, as the web's role, past every action."""

    def __init__(self, coop: Cast) -> None:
        self.coop, self.position = coop, 10_000

    def sql(self, text: str, *values: Any) -> None:
        """Run a statement."""
        with connection.cursor() as cursor:
            cursor.execute(text, values)

    def entry(self, *lines: tuple[str, str], on: dt.date = SPRING, count: int | None = None, number: int = 1) -> str:
        """Write an entry and its lines."""
        made, self.position = str(uuid.uuid4()), self.position + 1
        lines_said = len(lines) if count is None else count
        self.sql(ENTRY, made, self.position, self.coop.id, number, on, lines_said)
        for place, (code, amount) in enumerate(lines, start=1):
            self.line(made, place, code, amount, on)
        return made

    def line(self, entry: str, number: int, code: str, amount: str, on: dt.date = SPRING) -> None:
        """Write a line."""
        self.sql(LINE, entry, number, on, Decimal(amount), self.coop.id, code)


@pytest.fixture
def raw(wolkenwerf: Cast) -> Raw:
    """Return the books of Wolkenwerf, open, and the way past the actions."""
    open_books(wolkenwerf)
    post(wolkenwerf, posting("bank_in", amount="5.00"))
    return Raw(wolkenwerf)


GOOD = (("610", "5.00"), ("440", "-5.00"))


def test_a_good_entry_passes(raw: Raw) -> None:
    """The guards stop what is wrong, not everything."""
    with tenant(raw.coop.id), transaction.atomic():
        raw.entry(*GOOD)
    assert balance(raw.coop, "610") == 5


WRONG: dict[str, Callable[[Raw], Any]] = {
    "lines that don't balance": lambda raw: raw.entry(("610", "5.00"), ("440", "-4.99")),
    "no lines at all": lambda raw: raw.entry(count=2),
    "fewer lines than said": lambda raw: raw.entry(*GOOD, count=3),
    "more lines than said": lambda raw: raw.entry(*GOOD, ("610", "1.00"), ("440", "-1.00"), count=2),
    "a line of nothing": lambda raw: raw.entry(*GOOD, ("610", "0.00")),
    "one line": lambda raw: raw.entry(("610", "5.00")),
    "a line of another day": lambda raw: raw.line(raw.entry(GOOD[0], count=2), 2, "440", "-5.00", BEGIN),
    "before the books begin": lambda raw: raw.entry(*GOOD, on=BEGIN - dt.timedelta(days=1)),
    "a number twice": lambda raw: (raw.entry(*GOOD), raw.entry(*GOOD)),
}


@pytest.mark.parametrize("deed", WRONG.values(), ids=WRONG)
def test_what_is_no_entry_is_refused(raw: Raw, deed: Callable[[Raw], Any]) -> None:
    """At once, or at the latest when the transaction ends; even where nobody's rows are open by then."""
    with pytest.raises(DatabaseError), transaction.atomic(), tenant(raw.coop.id):
        deed(raw)
    assert balance(raw.coop, "610") == 0


def test_an_entry_gets_no_lines_later(raw: Raw) -> None:
    """Not even two that balance: under a number that is taken, or beyond those that the entry said."""
    with tenant(raw.coop.id), transaction.atomic():
        made = raw.entry(*GOOD)
    for first in (1, 3):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), tenant(raw.coop.id):
            raw.line(made, first, "610", "1.00")
            raw.line(made, first + 1, "440", "-1.00")
    assert balance(raw.coop, "610") == 5


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE ledger_line SET amount = 1",
        "DELETE FROM ledger_line",
        "UPDATE ledger_entry SET \"on\" = '2026-05-05'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_closing SET closed_until = NULL",
        "DELETE FROM ledger_closing",
        "UPDATE ledger_books SET begins_on = '2020-01-01'",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET code = '551' WHERE code = '550'",
        "UPDATE ledger_account SET kind = 'income' WHERE code = '550'",
        "TRUNCATE ledger_line",
        "UPDATE ledger_entrywords SET text = 'something else'",
    ],
)
def test_nothing_that_was_written_changes(raw: Raw, deed: str) -> None:
    """The web's role isn't granted it, or a trigger stops it."""
    act = told(raw.coop)
    lines = [actions.ManualLine(account=code, amount=Decimal(amount)) for code, amount in GOOD]
    actions.record_manual(**act, on=SPRING, lines=lines, words="Huur")
    actions.close_period(**act, until=SPRING)
    with pytest.raises(DatabaseError), transaction.atomic(), tenant(raw.coop.id):
        raw.sql(deed)


def test_nothing_is_dated_in_a_closed_period(raw: Raw) -> None:
    """Nor on its last day; on the next one it passes; opened again, it passes there too."""
    actions.close_period(**told(raw.coop), until=SPRING)
    for on in (BEGIN, SPRING):
        with pytest.raises(DatabaseError, match="closed period"), transaction.atomic(), tenant(raw.coop.id):
            raw.entry(*GOOD, on=on)
    with tenant(raw.coop.id), transaction.atomic():
        raw.entry(*GOOD, on=SPRING + dt.timedelta(days=1))
    actions.reopen_period(**told(raw.coop), reason="mistake")
    with tenant(raw.coop.id), transaction.atomic():
        raw.entry(*GOOD, on=SPRING, number=2)
    assert balance(raw.coop, "610") == 10


def test_no_line_goes_to_the_account_of_another(raw: Raw, zonnewerf: Cast) -> None:
    """Row-level security hides it; past that, the check at the end finds it."""
    open_books(zonnewerf)
    with pytest.raises(DatabaseError), transaction.atomic(), tenant(raw.coop.id):
        made = raw.entry(GOOD[0], count=2)
        raw.sql(LINE, made, 2, SPRING, Decimal("-5.00"), zonnewerf.id, "440")


def test_what_was_changed_behind_our_back_is_found(raw: Raw, behind_our_back: psycopg.Connection[Any]) -> None:
    """One cent more, another account, a line gone: the chain no longer fits, at the entry's own position."""
    with tenant(raw.coop.id):
        assert register.verify(raw.coop.id).ok
    rows = behind_our_back.execute("SELECT id, position FROM ledger_entry").fetchall()
    assert len(rows) == 1
    for deed, undo in (
        ("UPDATE ledger_line SET amount = 6 WHERE number = 1", "UPDATE ledger_line SET amount = 5 WHERE number = 1"),
        ("UPDATE ledger_entry SET \"on\" = '2026-03-03'", "UPDATE ledger_entry SET \"on\" = '2026-03-02'"),
        (
            "UPDATE ledger_account SET code = '55X' WHERE code = '550'",
            "UPDATE ledger_account SET code = '550' WHERE code = '55X'",
        ),
    ):
        behind_our_back.execute(deed.encode())
        with tenant(raw.coop.id):
            found = register.verify(raw.coop.id).findings
        assert [(one.position, one.code) for one in found] == [(rows[0][1], "hash_differs")]
        behind_our_back.execute(undo.encode())
    with tenant(raw.coop.id):
        assert register.verify(raw.coop.id).ok
