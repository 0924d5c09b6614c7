"""What is asked about lines of the bank: parts, accounts, who is paid, files, why a statement is booked anyway."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopcalc.references import format_iban
from coopwerf.kernel.money import CENT
from coopwerf.ledger.queries import AccountFacts
from coopwerf.ledger.states import FOLLOWS, Role
from coopwerf.ui.fields import MoneyField

from ..actions import SplitPart
from ..states import LONGEST_WORDS

INTERNAL = "internal"
OTHER = "other"
SHARES = "shares"
MOST_FILES = 40
MONEY_IN = (Role.GIFTS, Role.INTEREST, Role.OTHER_INCOME)
MONEY_OUT = (Role.BANK_COSTS, Role.OTHER_COSTS)


def account_choices(accounts: Sequence[AccountFacts]) -> list[tuple[str, str]]:
    """Return the accounts on which a line can be booked: not those that follow the bank, the register or requests."""
    return [
        (one.code, f"{one.code} {one.name}")
        for one in accounts
        if one.closed_on is None and (one.role is None or one.role not in FOLLOWS)
    ]


class PartRow:
    """A request that a part of a line may be for."""

    def __init__(self, claim_id: uuid.UUID, title: str, note: str, open: Decimal, amount: Decimal | None) -> None:
        self.claim_id, self.title, self.note, self.open, self.amount = claim_id, title, note, open, amount
        self.name = f"amount-{claim_id}"
        self.field: BoundField


class SplitForm(forms.Form):
    """Ask how much of a line is for each request, and for an account."""

    account = forms.ChoiceField(
        label=gettext_lazy("And to an account"),
        required=False,
        help_text=gettext_lazy("For a part that no request was made for, such as a gift on top."),
    )
    account_amount = MoneyField(label=gettext_lazy("Amount for the account"), required=False, minimum=CENT)

    def __init__(
        self, *args: Any, rows: Sequence[PartRow], left: Decimal, accounts: Sequence[AccountFacts], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        self.rows = list(rows)
        self.fields["account"].choices = [("", _("(none)")), *account_choices(accounts)]  # type: ignore[attr-defined]
        for row in self.rows:
            self.fields[row.name] = MoneyField(
                label=row.title, help_text=row.note, required=False, minimum=CENT, initial=row.amount
            )
            row.field = self[row.name]

    def clean(self) -> dict[str, Any]:
        """Refuse what is more than a request or the line has, and an amount that stands in the wrong place."""
        told = super().clean() or self.cleaned_data
        for row in self.rows:
            amount = told.get(row.name)
            if amount is not None and amount > row.open:
                said = _("Only this much of it is open: %(open)s. What is more can go to another request.")
                self.add_error(row.name, said % {"open": row.field.field.prepare_value(row.open)})
        account, amount = told.get("account"), told.get("account_amount")
        if amount is not None and not account:
            self.add_error("account", _("Choose the account for this amount, or empty the amount."))
        if account and amount is None and "account_amount" not in self.errors:
            self.add_error("account_amount", _("Write how much goes to this account."))
        parts = self.parts()
        total = sum((part.amount for part in parts), Decimal(0))
        if not self.errors and not parts:
            self.add_error(None, _("Write at least one amount."))
        if not self.errors and total > self.left:
            said = _("Together that is %(over)s more than the line has. Make an amount smaller.")
            self.add_error(None, said % {"over": MoneyField().prepare_value(total - self.left)})
        return told

    def parts(self) -> list[SplitPart]:
        """Return the parts that were filled in."""
        told = self.cleaned_data
        found = [SplitPart(amount=told[row.name], claim_id=row.claim_id) for row in self.rows if told.get(row.name)]
        if told.get("account") and told.get("account_amount"):
            found.append(SplitPart(amount=told["account_amount"], account_code=told["account"]))
        return found


class AccountForm(forms.Form):
    """Ask on which account a line is booked: the likely ones at hand, every other one in a list."""

    account = forms.ChoiceField(label=gettext_lazy("What was it?"), widget=forms.RadioSelect)
    other = forms.ChoiceField(label=gettext_lazy("Which other account?"), required=False)
    amount = MoneyField(
        label=gettext_lazy("Amount"),
        minimum=CENT,
        help_text=gettext_lazy("The whole line, unless a part was for something else."),
    )

    def __init__(self, *args: Any, left: Decimal, accounts: Sequence[AccountFacts], **kwargs: Any) -> None:
        kwargs["initial"] = {"amount": abs(left), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.left = abs(left)
        likely = MONEY_IN if left > 0 else MONEY_OUT
        near = [next((one for one in accounts if one.role is role and one.closed_on is None), None) for role in likely]
        chosen = [(one.code, one.name) for one in near if one is not None]
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            *chosen,
            (INTERNAL, _("A transfer between our own accounts")),
            (OTHER, _("Another account")),
        ]
        taken = {code for code, _name in chosen}
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose an account")),
            *((code, name) for code, name in account_choices(accounts) if code not in taken),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse more than the line has, and an account that is named in the other field only."""
        told = super().clean() or self.cleaned_data
        if told.get("account") == OTHER and not told.get("other"):
            self.add_error("other", _("Choose the account from the list."))
        if told.get("other") and told.get("account") not in (OTHER, None):
            self.add_error("other", _("You chose one above too. Choose “Another account” there, or none here."))
        amount = told.get("amount")
        if amount is not None and amount > self.left:
            said = _("That is more than waits of this line: %(left)s.")
            self.add_error("amount", said % {"left": self.fields["amount"].prepare_value(self.left)})
        if told.get("account") == INTERNAL and amount is not None and amount < self.left:
            self.add_error("amount", _("A transfer between own accounts is always the whole line."))
        return told

    @property
    def code(self) -> str:
        """Return the account that was chosen."""
        told = self.cleaned_data
        return str(told["other"] if told["account"] == OTHER else told["account"])


class PayeeForm(forms.Form):
    """Ask to which account money is paid."""

    holder = forms.CharField(
        label=gettext_lazy("Account holder"),
        max_length=140,
        help_text=gettext_lazy("As the bank has it: banks compare the name with the account."),
    )
    iban = forms.CharField(label=gettext_lazy("Account number (IBAN)"), max_length=50)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["iban"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}
        self.initial["iban"] = format_iban(self.initial.get("iban") or "")


class BackForm(PayeeForm):
    """Ask who paid too much to which account it goes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].label = _("In whose name is the account?")


class KeepForm(forms.Form):
    """Ask who paid too much for what else it is."""

    keep = forms.ChoiceField(
        label=gettext_lazy("What is it for?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what it is for."),
            "invalid_choice": gettext_lazy("That isn’t open any more. Choose one of these."),
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], chosen: str = "", **kwargs: Any) -> None:
        one = choices[0][0] if len(choices) == 1 else ""
        super().__init__(*args, **kwargs)
        self.initial["keep"] = chosen or one
        self.fields["keep"].choices = list(choices)  # type: ignore[attr-defined]


class RefundForm(PayeeForm):
    """Ask how much of a line goes back, and to which account."""

    amount = MoneyField(label=gettext_lazy("Amount"), minimum=CENT)
    field_order = ("amount", "holder", "iban")

    def __init__(self, *args: Any, left: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        self.fields["iban"].required = False
        self.fields["holder"].required = False
        self.fields["iban"].help_text = _("You can fill it in later, when you pay.")

    def clean_amount(self) -> Decimal:
        """Refuse more than the line has."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.left:
            said = _("That is more than waits of this line: %(left)s.")
            raise forms.ValidationError(said % {"left": self.fields["amount"].prepare_value(self.left)})
        return amount


class BankAccountForm(PayeeForm):
    """Ask for an account of the co-operative."""

    is_main = forms.BooleanField(label=gettext_lazy("People pay to this account from now on"), required=False)
    field_order = ("iban", "holder", "is_main")

    def __init__(self, *args: Any, is_first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["is_main"]


class BecauseForm(forms.Form):
    """Ask why a statement is booked although it doesn't add up."""

    because = forms.CharField(
        label=gettext_lazy("Book it anyway, because…"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
        help_text=gettext_lazy("For the auditor: what you compared, and with what."),
    )


class Files(forms.FileInput):
    """Let several files be chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Take several files."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files; refuses none at all, and very many."""
        given = list(data or [])
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(most)s files at a time.") % {"most": MOST_FILES})
        return [super(FilesField, self).clean(one, initial) for one in given]


class FilesForm(forms.Form):
    """Ask for the files of the bank."""

    content = FilesField(
        label=gettext_lazy("Files of the bank"),
        help_text=gettext_lazy("CODA (.cod), camt.053 (.xml) or MT940 (.sta, .940, .txt)."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose the files that your bank gave.")},
    )
