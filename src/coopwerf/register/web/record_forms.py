"""The plain forms with which decided facts are recorded: one for each kind."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coopwerf.kernel.refusals import Refused
from coopwerf.ui import fields
from coopwerf.ui.fields import CountField, DateField, MoneyField

from .. import actions, policies
from ..actions import DecisionInput
from ..queries import Line
from ..states import BROUGHT_ALONG, BROUGHT_WITH_HISTORY, DECIDERS, ENDING_NAMES, Ending
from .desk import Desk
from .picking import MemberField, Picker

AT_FIELD: Mapping[str, tuple[str, ...]] = {
    "register.admission_needs_date": ("on",),
    "register.amount_fractions": ("paid", "amount", "value", "amount_per_share"),
    "register.amount_out_of_bounds": ("amount", "amount_per_share", "paid"),
    "register.class_maximum": ("quantity",),
    "register.class_minimum": ("quantity",),
    "register.class_not_for_you": ("share_class", "to_class"),
    "register.class_not_transferable": ("share_class",),
    "register.class_unknown": ("share_class", "from_class"),
    "register.date_in_future": ("on",),
    "register.date_too_early": ("on",),
    "register.end_before_start": ("on",),
    "register.member_already": ("family",),
    "register.member_ended_already": ("on", "member"),
    "register.member_unknown": ("member",),
    "register.movements_after_end": ("on",),
    "register.movements_after_split": ("on",),
    "register.movements_before_start": ("on",),
    "register.not_enough_shares": ("quantity", "share_class"),
    "register.not_member_yet": ("on",),
    "register.number_used": ("number",),
    "register.paid_out_of_bounds": ("amount", "paid", "quantity"),
    "register.paid_too_much": ("paid",),
    "register.party_without_name": ("on", "family"),
    "register.quantity_too_large": ("quantity",),
    "register.quantity_too_small": ("quantity",),
    "register.same_class": ("to_class",),
    "register.same_member": ("to_member",),
    "register.shares_left": ("quantity", "member"),
    "register.split_amount": ("factor",),
    "register.split_factor": ("factor",),
    "register.which_amount": ("amount_per_share",),
    "register.which_paid": ("paid",),
}
"""Beside which field a refusal stands: the first of these that the form has."""


def put_refusal(form: forms.Form, refusal: Refused) -> None:
    """Say a refusal beside the field that it is about, else at the top."""
    fields.put_refusal(form, refusal, *AT_FIELD.get(refusal.code, ()))


def class_field(desk: Desk, label: str) -> forms.ChoiceField:
    """Return the choice of a class: none where there is only one."""
    choices = [(one.code, f"{one.code} · {one.name}" if one.name else one.code) for one in desk.terms]
    if len(choices) != 1:
        choices = [("", _("Choose")), *choices]
    return forms.ChoiceField(label=label, choices=choices)


def per_share_field(desk: Desk, help_text: str | Promise) -> MoneyField:
    """Return the field for an amount per share."""
    return MoneyField(
        label=_("Amount per %(share)s") % {"share": desk.words.one},
        places=4,
        required=False,
        minimum=Decimal(0),
        maximum=policies.MOST_MONEY,
        help_text=help_text,
    )


def money_field(label: str | Promise, help_text: str | Promise = "", *, required: bool = False) -> MoneyField:
    """Return a field for an amount that can be meant."""
    return MoneyField(
        label=label, required=required, minimum=Decimal(0), maximum=policies.MOST_MONEY, help_text=help_text
    )


class RecordForm(forms.Form):
    """Ask what was decided; a subclass adds what its kind needs and books it with its action."""

    code: ClassVar[str]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise]
    button: ClassVar[str | Promise] = gettext_lazy("Record it")
    needs_shares: ClassVar[bool] = True
    is_of_member: ClassVar[bool] = True
    pickers: ClassVar[tuple[str, ...]] = ("member",)
    decider: ClassVar[str] = "board"
    dated: ClassVar[str | Promise] = gettext_lazy("From which date does it count?")
    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Which fields stand together, in their order; what isn't named follows. Decision and dates come last."""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.add_fields(desk)
        self.fields["on"] = DateField(label=self.dated)
        self.fields["decided_on"] = DateField(label=_("Decided on"))
        self.fields["body"] = forms.ChoiceField(
            label=_("Who decided?"),
            choices=[
                (code, name) for code, name in DECIDERS.items() if code not in (BROUGHT_ALONG, BROUGHT_WITH_HISTORY)
            ],
        )
        self.fields["reference"] = forms.CharField(
            label=_("Where does the decision stand?"),
            max_length=200,
            help_text=_("For example: minutes of 10 January 2026, item 3. No names: this text stays for ever."),
        )
        self.initial.setdefault("body", self.decider)
        self.initial.setdefault("on", desk.today)
        self.pick = {name: Picker(self, name, desk) for name in self.pickers}

    def add_fields(self, desk: Desk) -> None:
        """Add the fields of this kind."""
        raise NotImplementedError

    def act(self) -> Line | None:
        """Book it with the action of this kind; return whose page comes next, if one member's."""
        raise NotImplementedError

    def lines(self) -> list[Line]:
        """Return the members whose holding may change."""
        return [picker.line for picker in self.pick.values() if picker.line is not None]

    def done(self) -> str:
        """Return what the next page says."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Find the members that are meant."""
        for picker in self.pick.values():
            picker.clean()
        return self.cleaned_data

    @property
    def groups(self) -> list[tuple[forms.BoundField, ...]]:
        """Return the fields in the rows in which they stand, before date and decision."""
        last = {"on", "decided_on", "body", "reference"}
        named = {name for row in self.layout for name in row}
        picks = {picker.pick_name for picker in self.pick.values()}
        rows = [there for row in self.layout if (there := tuple(name for name in row if name in self.fields))]
        rows += [(name,) for name in self.fields if name not in named | last | picks]
        shown: list[tuple[forms.BoundField, ...]] = []
        for row in rows:
            shown.append(tuple(self[name] for name in row))
            for name in row:
                if name in self.pick and self.pick[name].is_offered:
                    shown.append((self[self.pick[name].pick_name],))
        return shown

    @property
    def decision(self) -> DecisionInput:
        """Return the decision that was told."""
        told = self.cleaned_data
        return DecisionInput(body=told["body"], on=told["decided_on"], reference=told["reference"])

    def common(self) -> dict[str, Any]:
        """Return the arguments that every action takes."""
        return {
            "actor": self.desk.actor,
            "now": self.desk.now,
            "coop_id": self.desk.coop_id,
            "decision": self.decision,
        }

    def told(self, *names: str) -> dict[str, Any]:
        """Return arguments that are fields of the same name."""
        return {name: self.cleaned_data[name] for name in names}

    @property
    def on(self) -> dt.date:
        """Return the effective date; only after a clean form."""
        found: dt.date = self.cleaned_data["on"]
        return found

    def whom(self, name: str = "member") -> str:
        """Return a member's name for a sentence."""
        line = self.pick[name].line
        assert line is not None
        return line.spoken or _("(erased)")


class _SharesForm(RecordForm):
    quantity_label: ClassVar[str | Promise] = gettext_lazy("How many?")

    def add_fields(self, desk: Desk) -> None:
        self.fields["member"] = MemberField(label=_("Member"))
        self.fields["share_class"] = class_field(desk, _("Class"))
        self.fields["quantity"] = CountField(label=self.quantity_label, minimum=1, maximum=policies.MOST_SHARES)


class IssueForm(_SharesForm):
    """More shares for a member."""

    code = "issue"
    title = gettext_lazy("Record an issue")
    lead = gettext_lazy("A member took more, by decision of the board.")
    layout = (("member",), ("share_class", "quantity"), ("amount_per_share", "paid"))

    def add_fields(self, desk: Desk) -> None:
        """Add price and what is paid."""
        super().add_fields(desk)
        self.fields["amount_per_share"] = per_share_field(desk, _("Empty: the issue price of the class."))
        self.fields["paid"] = money_field(_("Paid so far"), _("On all of them together. Empty: in full."))

    def act(self) -> Line | None:
        """Book the issue."""
        actions.record_issue(
            **self.common(),
            member_id=self.pick["member"].member_id,
            **self.told("share_class", "quantity", "on", "amount_per_share", "paid"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell what was issued."""
        shares = self.desk.words.count(self.cleaned_data["quantity"])
        return _("Recorded: %(shares)s for %(name)s.") % {"shares": shares, "name": self.whom()}


class PaymentForm(RecordForm):
    """A payment on part-paid shares."""

    code = "payment"
    title = gettext_lazy("Record a payment")
    lead = gettext_lazy("A member paid what was still due on what they hold.")
    decider = "bank"
    dated = gettext_lazy("When was it paid?")
    layout = (("member",), ("share_class", "amount"), ("amount_per_share",))

    def add_fields(self, desk: Desk) -> None:
        """Add the amount."""
        self.fields["member"] = MemberField(label=_("Member"))
        self.fields["share_class"] = class_field(desk, _("Class"))
        self.fields["amount"] = money_field(_("Amount paid"), required=True)
        self.fields["amount_per_share"] = per_share_field(desk, _("Only where the member holds at different amounts."))

    def act(self) -> Line | None:
        """Book the payment."""
        actions.record_payment(
            **self.common(),
            member_id=self.pick["member"].member_id,
            **self.told("share_class", "amount", "on", "amount_per_share"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell who paid."""
        return _("Recorded: a payment by %(name)s.") % {"name": self.whom()}


class _TakingForm(_SharesForm):
    def add_fields(self, desk: Desk) -> None:
        super().add_fields(desk)
        self.fields["amount_per_share"] = per_share_field(desk, _("Only where the member holds at different amounts."))
        self.fields["paid"] = money_field(
            _("Paid on them"), _("Only where what is paid doesn't divide evenly."), required=False
        )


class TransferForm(_TakingForm):
    """Shares that go to another member."""

    code = "transfer"
    title = gettext_lazy("Record a transfer")
    lead = gettext_lazy("One member gave to another. What is paid on them goes along.")
    pickers = ("member", "to_member")
    layout = (
        ("member",),
        ("to_member",),
        ("share_class", "quantity"),
        ("value",),
        ("ends_membership",),
        ("amount_per_share", "paid"),
    )

    def add_fields(self, desk: Desk) -> None:
        """Add who receives, the price and whether the giver leaves."""
        super().add_fields(desk)
        self.fields["member"].label = _("From")
        self.fields["to_member"] = MemberField(label=_("To"))
        self.fields["value"] = money_field(_("Price agreed"), _("Only if the register should tell it."))
        self.fields["ends_membership"] = forms.BooleanField(
            label=_("With this the giver leaves"), required=False, help_text=_("They must have given everything.")
        )

    def act(self) -> Line | None:
        """Book both sides."""
        actions.record_transfer(
            **self.common(),
            from_member_id=self.pick["member"].member_id,
            to_member_id=self.pick["to_member"].member_id,
            **self.told("share_class", "quantity", "on", "amount_per_share", "paid", "value", "ends_membership"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell from whom to whom."""
        shares = self.desk.words.count(self.cleaned_data["quantity"])
        return _("Recorded: %(shares)s from %(giver)s to %(taker)s.") % {
            "shares": shares,
            "giver": self.whom(),
            "taker": self.whom("to_member"),
        }


class ConversionForm(RecordForm):
    """Shares that become shares of another class."""

    code = "conversion"
    title = gettext_lazy("Record a conversion")
    lead = gettext_lazy("What a member holds of one class became as much of another, at the same amount each.")
    decider = "assembly"
    layout = (("member",), ("from_class", "to_class"), ("quantity",), ("amount_per_share", "paid"))

    def add_fields(self, desk: Desk) -> None:
        """Add both classes."""
        self.fields["member"] = MemberField(label=_("Member"))
        self.fields["from_class"] = class_field(desk, _("From class"))
        self.fields["to_class"] = class_field(desk, _("To class"))
        self.fields["quantity"] = CountField(label=_("How many?"), minimum=1, maximum=policies.MOST_SHARES)
        self.fields["amount_per_share"] = per_share_field(desk, _("Only where the member holds at different amounts."))
        self.fields["paid"] = money_field(_("Paid on them"), _("Only where what is paid doesn't divide evenly."))

    def act(self) -> Line | None:
        """Book both sides."""
        actions.record_conversion(
            **self.common(),
            member_id=self.pick["member"].member_id,
            **self.told("from_class", "to_class", "quantity", "on", "amount_per_share", "paid"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell what became of them."""
        told = self.cleaned_data
        return _("Recorded: %(shares)s of %(name)s went from %(old)s to %(new)s.") % {
            "shares": self.desk.words.count(told["quantity"]),
            "name": self.whom(),
            "old": told["from_class"],
            "new": told["to_class"],
        }


class ExitForm(_TakingForm):
    """A member who gives shares back."""

    code = "exit"
    title = gettext_lazy("Record an exit")
    lead = gettext_lazy("A member leaves, or gives a part back. It may take effect later.")
    layout = (("member",), ("share_class", "quantity"), ("value",), ("ends_membership",), ("amount_per_share", "paid"))

    def add_fields(self, desk: Desk) -> None:
        """Add what was paid out, and whether they leave."""
        super().add_fields(desk)
        self.fields["value"] = money_field(_("Paid out"), _("The law asks for it in the register, once it is known."))
        self.fields["ends_membership"] = forms.BooleanField(
            label=_("With this the membership ends"), required=False, help_text=_("They must have given everything.")
        )
        self.initial.setdefault("ends_membership", True)

    def act(self) -> Line | None:
        """Book the exit."""
        actions.record_exit(
            **self.common(),
            member_id=self.pick["member"].member_id,
            **self.told("share_class", "quantity", "on", "amount_per_share", "paid", "value", "ends_membership"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell who left."""
        return _("Recorded: the exit of %(name)s.") % {"name": self.whom()}


class ExclusionForm(ExitForm):
    """A member who was put out."""

    code = "exclusion"
    title = gettext_lazy("Record an exclusion")
    lead = gettext_lazy("A member was put out, with reasons. It may take effect later.")

    def act(self) -> Line | None:
        """Book the exclusion."""
        actions.record_exclusion(
            **self.common(),
            member_id=self.pick["member"].member_id,
            **self.told("share_class", "quantity", "on", "amount_per_share", "paid", "value", "ends_membership"),
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell who was excluded."""
        return _("Recorded: the exclusion of %(name)s.") % {"name": self.whom()}


class SplitForm(RecordForm):
    """Every share of a class becomes several."""

    code = "split"
    title = gettext_lazy("Record a split")
    lead = gettext_lazy("Each one of a class became several smaller ones, for all holders at once.")
    is_of_member = False
    pickers = ()
    decider = "assembly"
    layout = (("share_class", "factor"),)

    def add_fields(self, desk: Desk) -> None:
        """Add class and factor."""
        self.fields["share_class"] = class_field(desk, _("Class"))
        self.fields["factor"] = CountField(label=_("One becomes how many?"), minimum=2, maximum=10_000)

    def act(self) -> Line | None:
        """Book the split of every lot."""
        actions.record_split(**self.common(), **self.told("share_class", "factor", "on"))
        return None

    def done(self) -> str:
        """Tell which class was split."""
        told = self.cleaned_data
        return _("Recorded: class %(share_class)s was split, one into %(factor)s.") % {
            "share_class": told["share_class"],
            "factor": told["factor"],
        }


class EndingForm(RecordForm):
    """The end of a membership without shares."""

    code = "ending"
    title = gettext_lazy("Record the end of a membership")
    lead = gettext_lazy(
        "For somebody who holds nothing any more. The day given is the first on which they are no member."
    )
    needs_shares = False
    layout = (("member",), ("reason",))

    def add_fields(self, desk: Desk) -> None:
        """Add the reason."""
        self.fields["member"] = MemberField(label=_("Member"))
        self.fields["reason"] = forms.ChoiceField(
            label=pgettext_lazy("of an ending", "Why?"),
            choices=[(reason.value, name) for reason, name in ENDING_NAMES.items()],
            widget=forms.RadioSelect,
        )

    def act(self) -> Line | None:
        """Book the end."""
        actions.record_ending(
            **self.common(),
            member_id=self.pick["member"].member_id,
            reason=Ending(self.cleaned_data["reason"]),
            on=self.on,
        )
        return self.pick["member"].line

    def done(self) -> str:
        """Tell whose membership ended."""
        return _("Recorded: the membership of %(name)s ends.") % {"name": self.whom()}


class _CorrectionForm(RecordForm):
    is_of_member = False
    pickers = ()
    dated = gettext_lazy("From which date should it have counted?")

    def __init__(self, *args: Any, line: Line, row_id: uuid.UUID, desk: Desk, **kwargs: Any) -> None:
        self.line, self.row_id = line, row_id
        super().__init__(*args, desk=desk, **kwargs)

    def lines(self) -> list[Line]:
        """Return the member whose row it is."""
        return [self.line]

    def done(self) -> str:
        """Tell that it was corrected."""
        return _("Corrected. What the register said before stays readable, as known then.")


class CorrectionForm(_CorrectionForm):
    """A movement that was recorded wrongly."""

    code = "correction"
    title = gettext_lazy("Correct a movement")
    lead = gettext_lazy("The wrong row stays and is undone by a new one; a third says what should have stood there.")
    layout = (("never",), ("quantity", "amount_per_share"), ("paid", "value"))

    def __init__(self, *args: Any, is_payment: bool, has_value: bool, **kwargs: Any) -> None:
        self.is_payment, self.has_value = is_payment, has_value
        super().__init__(*args, **kwargs)

    def add_fields(self, desk: Desk) -> None:
        """Add what may have been wrong."""
        self.fields["never"] = forms.BooleanField(
            label=_("It never happened"), required=False, help_text=_("Then what is filled in below doesn't count.")
        )
        if not self.is_payment:
            self.fields["quantity"] = CountField(label=desk.words.label, minimum=1, maximum=policies.MOST_SHARES)
            self.fields["amount_per_share"] = per_share_field(desk, "")
            self.fields["amount_per_share"].required = True
        self.fields["paid"] = money_field(_("Amount paid") if self.is_payment else _("Paid on them"), required=True)
        if self.has_value:
            self.fields["value"] = money_field(_("Paid out, or price agreed"))

    def act(self) -> Line | None:
        """Undo the movement, and book the right one."""
        given: dict[str, Any] = {"quantity": 0} if self.cleaned_data["never"] else self._different()
        actions.correct_movement(**self.common(), movement_id=self.row_id, **given)
        return self.line

    def _different(self) -> dict[str, Any]:
        """Return what differs from what was recorded; what is paid goes along wherever it isn't the full price."""
        told, was = self.cleaned_data, self.initial
        names = [name for name in ("quantity", "amount_per_share", "paid", "value", "on") if name in self.fields]
        given: dict[str, Any] = {
            name: told[name] for name in names if told[name] is not None and told[name] != was.get(name)
        }
        if not given or "paid" in given:
            return given
        if self.is_payment or was["paid"] != was["quantity"] * was["amount_per_share"]:
            given["paid"] = told["paid"]
        return given


class StandingForm(_CorrectionForm):
    """An admission or an ending with a wrong date, or one that never was."""

    code = "standing"
    title = gettext_lazy("Correct an admission or an ending")
    lead = gettext_lazy("The wrong row stays and is undone by a new one; a third gives the right date.")
    needs_shares = False

    def __init__(self, *args: Any, is_ending: bool, **kwargs: Any) -> None:
        self.is_ending = is_ending
        super().__init__(*args, **kwargs)

    def add_fields(self, desk: Desk) -> None:
        """Let an ending be taken away."""
        if self.is_ending:
            self.fields["never"] = forms.BooleanField(
                label=_("It never happened: they are still a member"), required=False
            )

    def act(self) -> Line | None:
        """Undo the row, and write the right one."""
        never = self.cleaned_data.get("never", False)
        actions.correct_standing(**self.common(), standing_id=self.row_id, on=None if never else self.on)
        return self.line
