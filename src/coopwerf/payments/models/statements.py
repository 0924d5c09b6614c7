"""Accounts at banks, their statements, and the entries that these brought."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel
from coopwerf.kernel.money import MoneyField
from coopwerf.kernel.tenancy import TenantModel

from ..states import StatementState

# An entry stays as the bank reported it; only what is still to be explained of it changes.
AS_REPORTED = """
    IF (NEW.id, NEW.coop_id, NEW.account_id, NEW.statement_id, NEW.number, NEW.booked, NEW.value, NEW.posted_on,
        NEW.amount,
        NEW.bank_ref, NEW.kind, NEW.return_code, NEW.is_reversal, NEW.balance_before, NEW.fingerprint, NEW.occurrence)
       IS DISTINCT FROM
       (OLD.id, OLD.coop_id, OLD.account_id, OLD.statement_id, OLD.number, OLD.booked, OLD.value, OLD.posted_on,
        OLD.amount,
        OLD.bank_ref, OLD.kind, OLD.return_code, OLD.is_reversal, OLD.balance_before, OLD.fingerprint, OLD.occurrence)
    THEN
        RAISE EXCEPTION 'an entry stays as the bank reported it' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
"""
NO_TRUNCATE = "RAISE EXCEPTION 'entries are never removed' USING ERRCODE = '23514';"
WITHIN = Q(open__gte=0, open__lte=F("amount")) | Q(open__lte=0, open__gte=F("amount"))


class BankAccount(TenantModel):
    """An account that the co-operative has at a bank, and the account of the ledger on which its money stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=140)
    ledger_code = models.CharField(max_length=20)
    is_main = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    known_from = models.DateField(null=True, help_text="From which day on its balance is known and posted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coop", "iban"], name="payments_account_iban"),
            models.UniqueConstraint(fields=["coop", "ledger_code"], name="payments_account_ledger"),
            models.UniqueConstraint(fields=["coop"], condition=Q(is_main=True), name="payments_account_main"),
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.iban


class StatementFile(TenantModel):
    """A file as the bank gave it: kept in the storage until no law asks for it any more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    stored = models.CharField(max_length=200, blank=True, help_text="Its place in the storage; empty once it is gone.")
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coop", "sha256"], name="payments_file_sha")]
        indexes = [models.Index(fields=["coop", "-brought_at"], name="payments_file_brought")]

    def __str__(self) -> str:
        return self.name


class Statement(TenantModel):
    """What one statement of a file says of an account, and what was done with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements", db_index=False)
    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    place = models.PositiveIntegerField(help_text="Which statement of the file this is, from 1.")
    format = models.CharField(max_length=20)
    family = models.CharField(max_length=10)
    identification = models.CharField(max_length=70, blank=True)
    number = models.BigIntegerField(null=True)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    first_day = models.DateField(null=True, help_text="The first day of which it holds entries.")
    last_day = models.DateField(null=True)
    opening = MoneyField(null=True)
    closing = MoneyField(null=True)
    total = MoneyField(default=Decimal(0), help_text="What its booked entries add up to.")
    entries = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10)
    report = models.JSONField(default=dict, help_text="What a comparison with booked entries found: counts and days.")
    because = models.CharField(max_length=500, blank=True, help_text="Why it was booked although it doesn't add up.")
    imported_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Party", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in StatementState]), name="payments_statement_state"
            ),
        ]
        indexes = [
            models.Index(fields=["coop", "account", "first_day"], name="payments_statement_days"),
            models.Index(fields=["coop", "-imported_at"], name="payments_statement_latest"),
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.identification} {self.state}"


class StatementDay(TenantModel, AppendOnlyModel):
    """The balances before and after what a booked statement holds of a day: the bank's own word."""

    id = models.BigAutoField(primary_key=True)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    opening = MoneyField()
    closing = MoneyField()

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["account", "on"], name="payments_day_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.opening} {self.closing}"


class BankEntry(TenantModel):
    """A line of a statement that was booked: money that moved. It names nobody; what the bank wrote stands beside it.

    `open` is what nobody has explained yet of it, never beyond the amount: so two can't explain the same money.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="booked")
    number = models.PositiveIntegerField(help_text="Its place in the statement, from 1.")
    booked = models.DateField()
    value = models.DateField(null=True)
    posted_on = models.DateField(null=True, help_text="The day in the ledger: a later one where its own was closed.")
    amount = MoneyField()
    open = MoneyField()
    bank_ref = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    return_code = models.CharField(max_length=10, blank=True)
    is_reversal = models.BooleanField(default=False)
    balance_before = MoneyField(null=True, help_text="The balance before it, where its statement adds up.")
    fingerprint = models.CharField(max_length=32, help_text="Of account, day, amount and the bank's reference.")
    occurrence = models.PositiveIntegerField(default=1, help_text="Which of the entries with this fingerprint it is.")

    class Meta:
        verbose_name_plural = "bank entries"
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint", "occurrence"], name="payments_entry_once"),
            models.CheckConstraint(condition=WITHIN, name="payments_entry_open"),
        ]
        indexes = [
            models.Index(fields=["account", "booked"], name="payments_entry_booked", include=["amount"]),
            models.Index(fields=["coop", "booked", "id"], name="payments_entry_waits", condition=~Q(open=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=NO_TRUNCATE,
            ),
            pgtrigger.Trigger(name="as_reported", when=pgtrigger.Before, operation=pgtrigger.Update, func=AS_REPORTED),
        ]

    def __str__(self) -> str:
        return f"{self.booked} {self.amount}"


class BankEntryWords(TenantModel):
    """What the bank wrote with an entry: names, accounts, texts, payments in it. Deleted after the law's years."""

    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, primary_key=True, related_name="words")
    coop = models.ForeignKey("coops.Coop", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=40, blank=True)
    bic = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    text = models.TextField(blank=True)
    end_to_end = models.CharField(max_length=140, blank=True)
    original = models.CharField(max_length=40, blank=True, help_text="Amount and currency in which it was ordered.")
    content = models.CharField(max_length=32, help_text="Of all that the bank says of it, to recognise it again.")
    digits = models.JSONField(
        default=list, help_text="The references that its field and text hold, with a right check."
    )
    details = models.JSONField(default=list, help_text="The payments in an entry that the bank booked as a whole.")

    class Meta:
        verbose_name_plural = "bank entry words"
        indexes = [models.Index(fields=["coop", "iban"], name="payments_words_iban", condition=~Q(iban=""))]

    def __str__(self) -> str:
        return str(self.entry_id)
