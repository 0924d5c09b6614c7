"""Forms of a subscription: which shares and for whom, who it is, and yes to statutes and risk."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Address
from coopwerf.register.queries import Terms
from coopwerf.register.states import Applicant, countries
from coopwerf.ui import fields
from coopwerf.ui.fields import LANGUAGES, CountField, DateField

from ..states import APPLICANT_OF, FOR_WHOM_NAMES, ForWhom, Giver

ADDRESS = ("street", "number", "box", "postcode", "town", "country")
ABOUT_SHARES = ("register.quantity", "register.class", "register.shares", "capital.room")


def put_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Show a refusal beside the field that it concerns, else on top of the form."""
    fields.put_refusal(form, refusal, *(["quantity"] if refusal.code.startswith(ABOUT_SHARES) else []))


class TakeForm(forms.Form):
    """Ask for which shares, and how many."""

    share_class = forms.ChoiceField(label=_("Which shares?"), widget=forms.RadioSelect)
    quantity = CountField(label=_("How many shares?"), minimum=1, maximum=1_000_000_000)

    def __init__(self, *args: Any, classes: Sequence[Terms], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = classes
        if len(classes) == 1:
            del self.fields["share_class"]
        else:
            self.fields["share_class"].choices = [  # type: ignore[attr-defined]
                (one.code, f"{one.code}: {one.name}" if one.name else one.code) for one in classes
            ]
        self.fields["quantity"].initial = max((one.minimum or 1 for one in classes), default=1)

    def terms(self) -> Terms:
        """Return the class that was chosen."""
        code = self.cleaned_data.get("share_class")
        return next((one for one in self.classes if one.code == code), self.classes[0])


class SharesForm(TakeForm):
    """The first step: how many shares of which class, and for whom."""

    for_whom = forms.ChoiceField(
        label=_("For whom?"),
        widget=forms.RadioSelect,
        choices=[(one.value, name) for one, name in FOR_WHOM_NAMES.items()],
    )
    field_order = ("share_class", "quantity", "for_whom")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for_whom"].initial = ForWhom.SELF.value


class PersonForm(forms.Form):
    """The second step: who becomes a member, who acts for them, and who pays."""

    given = forms.CharField(label=_("First name"), max_length=200)
    family = forms.CharField(label=_("Family name"), max_length=500)
    legal_form = forms.CharField(
        label=_("Legal form"), max_length=40, required=False, help_text=_("For example bv, vzw, coöperatie.")
    )
    enterprise_no = forms.CharField(
        label=_("Enterprise number"),
        max_length=40,
        help_text=_("Belgium: 0123.456.749. The Netherlands: the eight digits of the KvK."),
    )
    born_on = DateField(label=_("Date of birth of the minor"))
    agent_given = forms.CharField(label=_("First name"), max_length=200)
    agent_family = forms.CharField(label=_("Family name"), max_length=500)
    street = forms.CharField(label=_("Street"), max_length=200)
    number = forms.CharField(label=_("Number"), max_length=20)
    box = forms.CharField(label=_("Box"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20)
    town = forms.CharField(label=_("Town"), max_length=100)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="BE")
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Here we send the link to your subscription. You need no password."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    payer = forms.CharField(
        label=_("Does somebody else pay?"),
        max_length=200,
        required=False,
        help_text=_("Then give the name on their account, so that we recognise the payment."),
    )
    payer_email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, help_text=_("Here we send how to pay.")
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"), choices=LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, for_whom: ForWhom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_whom = for_whom
        left_out = ["payer_email"]
        if for_whom is ForWhom.ORGANISATION:
            self.fields["family"].label = _("Name of the organisation")
            left_out += ["given", "born_on"]
        elif for_whom is ForWhom.MINOR:
            self.fields["given"].label = _("First name of the minor")
            self.fields["family"].label = _("Family name of the minor")
            left_out += ["legal_form", "enterprise_no"]
        else:
            left_out += ["legal_form", "enterprise_no", "born_on", "agent_given", "agent_family"]
        if for_whom is ForWhom.GIFT:
            left_out.remove("payer_email")
            left_out.append("phone")
            self.fields["email"].label = _("Their e-mail address")
            self.fields["email"].help_text = _("We ask them whether they agree: nobody becomes a member without it.")
            self.fields["payer"].label = _("Your name")
            self.fields["payer"].help_text = ""
            self.fields["payer"].required = True
            self.fields["language"].label = _("In which language do we write to both of you?")
        for name in left_out:
            del self.fields[name]

    def applicant(self) -> Applicant:
        """Return who would become a member, as typed."""
        told = self.cleaned_data
        return Applicant(
            kind=APPLICANT_OF[self.for_whom],
            family=told.get("family", ""),
            given=told.get("given", ""),
            legal_form=told.get("legal_form", ""),
            enterprise_no=told.get("enterprise_no", ""),
            address=Address(**{part: told.get(part) or "" for part in ADDRESS}),
            email=told.get("email", ""),
            phone=told.get("phone", ""),
            born_on=told.get("born_on"),
            agent_given=told.get("agent_given", ""),
            agent_family=told.get("agent_family", ""),
        )

    def giver(self) -> Giver:
        """Return who else pays, or who gives."""
        return Giver(name=self.cleaned_data.get("payer", ""), email=self.cleaned_data.get("payer_email", ""))


class YesForm(forms.Form):
    """The third step: accept the statutes and the risk, and send."""

    accepts_statutes = forms.BooleanField(label=_("I have read the statutes and accept them."))
    accepts_risk = forms.BooleanField()
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=500)

    def __init__(self, *args: Any, risk: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepts_risk"].label = risk


class MineForm(TakeForm):
    """One step for who has signed in: their data are known."""

    party = forms.ChoiceField(label=_("In whose name?"), widget=forms.RadioSelect)
    payer = forms.CharField(
        label=_("Does somebody else pay?"),
        max_length=200,
        required=False,
        help_text=_("Then give the name on their account, so that we recognise the payment."),
    )
    accepts_statutes = forms.BooleanField(label=_("I have read the statutes and accept them."))
    accepts_risk = forms.BooleanField()
    field_order = ("party", "share_class", "quantity", "payer", "accepts_statutes", "accepts_risk")

    def __init__(self, *args: Any, hats: Sequence[tuple[uuid.UUID, str]], risk: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hats = hats
        self.fields["accepts_risk"].label = risk
        if len(hats) == 1:
            del self.fields["party"]
        else:
            self.fields["party"].choices = [(str(one), name) for one, name in hats]  # type: ignore[attr-defined]
            self.fields["party"].initial = str(hats[0][0])

    def party_id(self) -> uuid.UUID:
        """Return in whose name is subscribed."""
        chosen = self.cleaned_data.get("party")
        return uuid.UUID(chosen) if chosen else self.hats[0][0]


class TermForm(forms.Form):
    """Ask until when somebody may pay."""

    due_on = DateField(label=_("To be paid by"))


class EmailForm(forms.Form):
    """Ask for the right mail address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
