"""The books of a co-operative: accounts, entries with their lines, and which periods are closed."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from coopcalc.books import AccountKind
from coopcalc.register import bodies
from coopwerf.kernel.canonical import date_sql, id_sql
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel, ChainedModel
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from .states import ReopenReason, Role

# What an entry is checked for when its transaction ends; `ledger_check_entry` is in the first migration. It runs as
# the owner of the tables: by then the setting that opens a co-operative's rows may be gone.
BALANCED = "PERFORM ledger_check_entry(NEW.id); RETURN NULL;"
# Each entry has as many lines as it says, numbered from 1: so none can be added later.
WITHIN = """
    IF EXISTS (
        SELECT 1 FROM new_lines l JOIN ledger_entry e ON e.id = l.entry_id WHERE l.number > e.line_count
    ) THEN
        RAISE EXCEPTION 'an entry has the lines with which it was written' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (
        SELECT 1 FROM new_lines l
        WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.id = l.account_id AND a.coop_id = l.coop_id)
    ) THEN
        RAISE EXCEPTION 'a line goes to an account of its own books' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
"""
IN_OPEN_PERIOD = """
    IF NEW."on" < (SELECT b.begins_on FROM ledger_books b WHERE b.coop_id = NEW.coop_id)
       OR NOT EXISTS (SELECT 1 FROM ledger_books b WHERE b.coop_id = NEW.coop_id) THEN
        RAISE EXCEPTION 'no entry before the books begin' USING ERRCODE = '23514';
    END IF;
    IF NEW."on" <= (
        SELECT c.closed_until FROM ledger_closing c WHERE c.coop_id = NEW.coop_id ORDER BY c.id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'no entry in a closed period' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
"""
SAME_ACCOUNT = """
    IF (NEW.id, NEW.coop_id, NEW.code, NEW.kind) IS DISTINCT FROM (OLD.id, OLD.coop_id, OLD.code, OLD.kind) THEN
        RAISE EXCEPTION 'code and kind of an account stay' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
"""


class Books(TenantModel, AppendOnlyModel):
    """That a co-operative keeps books here, from which first day, and the chart that it began with."""

    coop = models.OneToOneField("coops.Coop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    chart = models.CharField(max_length=20)
    begins_on = models.DateField()
    opened_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name_plural = "books"

    def __str__(self) -> str:
        return f"{self.chart} from {self.begins_on}"


class Account(TenantModel):
    """An account of the ledger: code and kind stay, its names and what it is there for may change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20, db_collation="C")
    names = models.JSONField(help_text="By language; a name that the co-operative gave stands under all three.")
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=30, blank=True)
    closed_on = models.DateField(null=True, help_text="From this day nothing more is posted on it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "code"], name="ledger_account_code"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AccountKind]), name="ledger_account_kind"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["", *(role.value for role in Role)]), name="ledger_account_role"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="same", when=pgtrigger.Before, operation=pgtrigger.Update, func=SAME_ACCOUNT),
        ]

    def __str__(self) -> str:
        return self.code


class Entry(ChainedModel):
    """An entry of a journal, with its lines in the chain: never changed; what was wrong is reversed by another."""

    CHAIN_KIND = "journal"
    BODY_FIELDS: ClassVar = (
        "id",
        "journal",
        "number",
        "on",
        "rule",
        "source_kind",
        "source_id",
        "reverses_id",
        "author_id",
        "written",
    )
    # A line that was given another day than its entry's is left out, so that the text is another one.
    BODY_SQL = f"""
        '{{"author":' || {id_sql("author_id")} || ',"id":"' || r.id || '","journal":"' || r.journal || '","lines":['
        || coalesce((
            SELECT string_agg('{{"account":"' || (SELECT a.code FROM ledger_account a WHERE a.id = n.account_id)
                   || '","amount":"' || n.amount || '","claim":'
                   || coalesce('"' || n.claim_id || '"', 'null') || ',"party":'
                   || coalesce('"' || n.party_id || '"', 'null') || '}}', ',' ORDER BY n.number)
            FROM ledger_line n WHERE n.entry_id = r.id AND n."on" = r."on"
        ), '') || '],"number":' || r.number || ',"on":' || {date_sql("on")} || ',"reverses":' || {id_sql("reverses_id")}
        || ',"rule":"' || r.rule || '","source":' || {id_sql("source_id")} || ',"source_kind":'
        || coalesce('"' || nullif(r.source_kind, '') || '"', 'null') || '}}'
    """  # noqa: S608  (made of our own constants)

    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    journal = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    on = models.DateField()
    rule = models.CharField(max_length=40)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.UUIDField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    line_count = models.PositiveSmallIntegerField()

    # The lines as the chain writes them, while the entry is being written.
    written: tuple[str, ...] = ()

    class Meta(ChainedModel.Meta):
        verbose_name_plural = "entries"
        constraints = [
            *ChainedModel.Meta.constraints,
            models.UniqueConstraint(fields=["coop", "journal", "number"], name="ledger_entry_number"),
            models.CheckConstraint(condition=Q(number__gte=1, line_count__gte=2), name="ledger_entry_counts"),
        ]
        indexes = [
            models.Index(fields=["coop", "on", "position"], name="ledger_entry_on"),
            models.Index(
                fields=["coop", "source_id"], name="ledger_entry_source", condition=Q(source_id__isnull=False)
            ),
        ]
        triggers = [
            *ChainedModel.Meta.triggers,
            pgtrigger.Trigger(
                name="balanced",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=BALANCED,
            ),
            pgtrigger.Trigger(
                name="open_period", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IN_OPEN_PERIOD
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journal} {self.number}"

    def chain_body(self) -> str:
        """Return the canonical body, from the lines that are being written, else from those that were."""
        if not self.written:
            self.written = tuple(
                bodies.journal_line(account=row.account.code, amount=row.amount, party=row.party_id, claim=row.claim_id)
                for row in self.lines.select_related("account").order_by("number")
            )
        return super().chain_body()

    @staticmethod
    def body_text(*values: Any) -> str:
        """Return the canonical body of an entry with its lines."""
        row_id, journal, number, on, rule, source_kind, source_id, reverses_id, author_id, written = values
        return bodies.journal_body(
            id=row_id,
            journal=journal,
            number=number,
            on=on,
            rule=rule,
            source_kind=source_kind or None,
            source=source_id,
            reverses=reverses_id,
            author=author_id,
            lines=written,
        )


class Line(TenantModel, AppendOnlyModel):
    """What an entry puts on an account: debit positive, credit negative. Its day is the entry's."""

    pk = models.CompositePrimaryKey("entry", "number")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines", db_index=False)
    on = models.DateField()
    amount = MoneyField()
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    claim_id = models.UUIDField(null=True)

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_amount"),
            models.CheckConstraint(condition=Q(number__gte=1), name="ledger_line_number"),
        ]
        indexes = [
            # Balances are read from this index alone: of one account, of a role, of all accounts at any date. It
            # doesn't begin with the co-operative: whoever looks for the lines of an entry could be led astray by it.
            models.Index(fields=["account", "on"], include=["amount", "coop"], name="ledger_line_balance"),
            models.Index(fields=["coop", "party"], name="ledger_line_party", condition=Q(party__isnull=False)),
            models.Index(fields=["coop", "claim_id"], name="ledger_line_claim", condition=Q(claim_id__isnull=False)),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="within",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_lines"),  # type: ignore[no-untyped-call]
                func=WITHIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


class EntryWords(TenantModel):
    """Why an entry was written, in the words of who wrote it; kept beside the chain, so that they can be erased."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="words")
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(max_length=500)

    class Meta:
        verbose_name_plural = "entry words"
        triggers = [pgtrigger.Protect(name="as_written", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.entry_id)


class Closing(TenantModel, AppendOnlyModel):
    """A period was closed, or opened again: the last row says until when the books are closed."""

    id = models.BigAutoField(primary_key=True)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_until = models.DateField(null=True, help_text="The last closed day; empty when nothing is closed any more.")
    reason = models.CharField(
        max_length=20, blank=True, help_text="Why a period was opened again; empty for a closing."
    )
    head = models.CharField(max_length=90, help_text="The chain's head when it was closed.")
    recorded_at = models.DateTimeField()
    author = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["coop", "id"], name="ledger_closing_coop")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["", *(reason.value for reason in ReopenReason)]), name="ledger_closing_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_until__isnull=False) | ~Q(reason=""), name="ledger_closing_until"
            ),
        ]

    def __str__(self) -> str:
        return f"closed until {self.closed_until}"
