"""Somebody with the superuser's password changes one cell, any cell: verifying finds it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models
from psycopg import sql
from psycopg.types.json import Jsonb

from coopwerf.kernel import chain
from coopwerf.kernel.models import ChainedModel
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as books
from coopwerf.people import actions as people
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.states import Ending
from tests.cast import NOW, Cast

BOARD = DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="2024-01-10, item 3")
START = dt.date(2024, 2, 1)

# What the chain rests on besides the rows that stand in it.
BENEATH = (
    "kernel.AuditEntry",
    "kernel.ChainHead",
    "kernel.ChainLink",
    "ledger.Line",
    "people.PartyAddress",
    "people.PartyName",
    "register.DayTotal",
    "register.ParticularsSalt",
    "register.ShareClass",
)

# Which rows of a table are about the register, where not all are.
OF_THE_REGISTER = {
    "kernel_auditentry": "WHERE coop_id IS NOT NULL",
    "register_daytotal": "WHERE shares <> 0 OR members <> 0",
    "people_partyname": "WHERE id IN (SELECT name_id FROM register_particulars)",
    "people_partyaddress": "WHERE id IN (SELECT address_id FROM register_particulars)",
}

# Cells that a register doesn't rest on, and why nothing it says changes with them.
SILENT = {
    "coops_mandate.reference": "words beside a mandate; who held which role from when until when is hashed",
    "kernel_chainhead.at": "only keeps the moments of links from going back; each link's own moment is hashed",
    "ledger_entry.line_count": "only keeps lines from being added later; the lines themselves are hashed",
    "ledger_line.number": "only says in which order the lines stand; they are hashed in that order",
    "people_partyaddress.recorded_at": "when it was typed; what held from when is committed to",
    "people_partyaddress.valid_from": "the register's own rows say from when they show an address",
    "people_partyname.legal_form": "the register prints the registered name",
    "people_partyname.recorded_at": "when it was typed; what held from when is committed to",
    "people_partyname.valid_from": "the register's own rows say from when they show a name",
    "register_daytotal.id": "a number that nothing points at",
}
# Where any value won't do: another one that the database takes.
ANOTHER = {
    "register_movement.kind": ("payment", "issue"),
    "register_standing.reason": ("transfer", "exit"),
    "people_partyaddress.country": ("NL", "BE"),
}


def party(coop: Cast, family: str, given: str) -> uuid.UUID:
    """Register somebody who lives in Ghent."""
    return people.register_party(
        actor=coop.secretary.actor,
        now=NOW,
        kind=PartyKind.PERSON,
        family=family,
        given=given,
        address=Address("Dok-Noord", "4", "b", "9000", "Gent", "BE"),
        language="nl",
        valid_from=dt.date(2020, 1, 1),
    )


@pytest.fixture
def register(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a register in which everything has happened once."""
    coop, who = wolkenwerf.id, wolkenwerf.secretary.actor
    told = {"coop_id": coop, "actor": who, "now": NOW, "decision": BOARD}
    for code in "AB":
        actions.set_class_terms(
            actor=who, now=NOW, coop_id=coop, code=code, valid_from=dt.date(2021, 3, 1), nominal=Decimal("25")
        )
    jana, omar = (
        actions.record_admission(
            **told,
            party_id=party(wolkenwerf, family, given),
            on=START,
            asked_on=dt.date(2024, 1, 2),
            paid_on=dt.date(2024, 1, 5),
            communication=communication,
            shares=[SharesInput(share_class="A", quantity=8, paid=Decimal("150"))],
        )
        for family, given, communication in (("Peeters", "Jana", "123456789002"), ("Haddad", "Omar", "010806817183"))
    )
    actions.record_payment(**told, member_id=jana.id, share_class="A", amount=Decimal("50"), on=dt.date(2024, 3, 1))
    actions.record_transfer(
        **told,
        from_member_id=jana.id,
        to_member_id=omar.id,
        share_class="A",
        quantity=2,
        value=Decimal("40"),
        paid=Decimal("50"),
        on=dt.date(2024, 4, 1),
    )
    actions.record_conversion(
        **told, member_id=jana.id, from_class="A", to_class="B", quantity=1, on=dt.date(2024, 5, 1), paid=Decimal("25")
    )
    wrong = actions.record_issue(**told, member_id=omar.id, share_class="B", quantity=3, on=dt.date(2024, 6, 1))
    actions.correct_movement(**told, movement_id=wrong, quantity=2)
    actions.record_exit(
        **told,
        member_id=jana.id,
        share_class="B",
        quantity=1,
        value=Decimal("20"),
        on=dt.date(2024, 7, 1),
    )
    actions.record_exit(
        **told,
        member_id=jana.id,
        share_class="A",
        quantity=5,
        on=dt.date(2024, 8, 1),
        value=Decimal("100"),
        ends_membership=True,
    )
    nobody = actions.record_admission(**told, party_id=party(wolkenwerf, "Niels", "Noor"), on=START)
    ended = actions.record_ending(**told, member_id=nobody.id, reason=Ending.EXIT, on=dt.date(2024, 9, 1))
    actions.correct_standing(**told, standing_id=ended, on=dt.date(2024, 9, 2))
    keeper = {"coop_id": coop, "actor": wolkenwerf.treasurer.actor, "now": NOW}
    books.open_books(**keeper, chart="be_mar", on=dt.date(2024, 1, 1))
    lines = [books.ManualLine(account="400", amount=Decimal(5)), books.ManualLine(account="440", amount=-Decimal(5))]
    bought = books.record_manual(**keeper, on=START, lines=lines, words="Kasboek, blad 3")
    books.reverse(**keeper, entry_ids=[bought])
    posting = books.Posting(
        on=START,
        rule="bank_in",
        amounts={"amount": Decimal(7)},
        source_kind="payments.entry",
        source_id=uuid.uuid4(),
        party_id=wolkenwerf.chair.party_id,
        claim_id=uuid.uuid4(),
    )
    books.post(**keeper, postings=[posting])
    chain.seal(coop_id=coop, at=NOW)
    return wolkenwerf


def watched() -> list[type[models.Model]]:
    """Return the tables that a register is made of."""
    chained = [model for model in apps.get_models() if issubclass(model, ChainedModel)]
    return [*chained, *(apps.get_model(name) for name in BENEATH)]


def another(field: models.Field, key: str, was: Any) -> Any:
    """Return another value of the same kind, one that is free where values are unique."""
    if key in ANOTHER:
        return next(value for value in ANOTHER[key] if value != was)
    kind = field.get_internal_type()
    if field.is_relation or kind == "UUIDField":
        return uuid.uuid4()
    if kind in ("DateField", "DateTimeField"):
        return dt.datetime(2023, 1, 1, tzinfo=dt.UTC) if kind == "DateTimeField" else dt.date(2023, 1, 1)
    if kind in ("DecimalField", "MoneyField", "PriceField"):
        return (was or Decimal(0)) + 1
    if "Integer" in kind or kind.endswith("AutoField"):
        return (was or 0) + 1000
    if kind == "JSONField":
        return Jsonb({"changed": 1})
    text = str(was or "")
    return text[:-1] + ("x" if not text.endswith("x") else "y") if text else "x"


def cells(behind: psycopg.Connection[Any]) -> Iterator[str]:
    """Change the last filled cell of every column in turn, yield its name, and put it back."""
    for model in watched():
        table = model._meta.db_table
        for field in model._meta.local_concrete_fields:
            if field.generated:
                continue
            column = field.column
            names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            mine = OF_THE_REGISTER.get(table, "")
            row = behind.execute(
                sql.SQL(
                    "SELECT ctid::text, {column} FROM {table} " + mine + " ORDER BY {column} IS NULL, ctid DESC LIMIT 1"
                ).format(**names)
            ).fetchone()
            assert row is not None, f"{table} is empty: let everything happen once"
            where, was = row
            change = sql.SQL("UPDATE {table} SET {column} = %s WHERE ctid = %s::tid RETURNING ctid::text").format(
                **names
            )
            try:
                changed = behind.execute(change, [another(field, f"{table}.{column}", was), where]).fetchone()
            except psycopg.errors.CheckViolation:
                continue  # Even the superuser would have to change two cells.
            assert changed is not None
            yield f"{table}.{column}"
            behind.execute(change, [Jsonb(was) if isinstance(was, dict | list) else was, changed[0]])


@pytest.mark.django_db(transaction=True)
def test_no_cell_can_be_changed_unseen(register: Cast, behind_our_back: psycopg.Connection[Any]) -> None:
    """Every column of every table that the register rests on: a change is found, or we know why it says nothing."""

    def broken() -> bool:
        with tenant(register.id):
            return not queries.verify(register.id).ok

    assert not broken()
    unseen = {name for name in cells(behind_our_back) if not broken()}
    assert unseen ^ set(SILENT) == set()
    assert not broken()
