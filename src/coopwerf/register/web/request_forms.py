"""Forms around requests for membership."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Address
from coopwerf.ui import fields
from coopwerf.ui.fields import LANGUAGES, CountField, DateField, MoneyField

from .. import queries
from ..actions import DecisionInput
from ..states import Applicant, ApplicantKind, SharesAsked, countries

ABOUT_SHARES = ("register.quantity", "register.class", "register.shares")
ADDRESS = ("street", "number", "box", "postcode", "town", "country")


def put_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Show a refusal beside the field that it concerns, else on top of the form."""
    fields.put_refusal(form, refusal, *(["quantity"] if refusal.code.startswith(ABOUT_SHARES) else []))


class SharesForm(forms.Form):
    """Ask for which shares, and how many; without classes it asks nothing."""

    share_class = forms.ChoiceField(label=_("Which shares?"), widget=forms.RadioSelect)
    quantity = CountField(label=_("How many shares?"), minimum=0, maximum=1_000_000_000)

    def __init__(self, *args: Any, offer: queries.Offer, needs_shares: bool | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        needed = offer.needs_shares if needs_shares is None else needs_shares
        if not offer.classes:
            del self.fields["share_class"], self.fields["quantity"]
            return
        codes = [(terms.code, f"{terms.code}: {terms.name}" if terms.name else terms.code) for terms in offer.classes]
        if len(codes) == 1:
            del self.fields["share_class"]
        else:
            self.fields["share_class"].choices = codes  # type: ignore[attr-defined]
            self.fields["share_class"].required = needed
        self.fields["quantity"].required = needed
        if needed:
            self.fields["quantity"].minimum = 1  # type: ignore[attr-defined]
        least = max(offer.minimum, offer.classes[0].minimum or 1)
        self.fields["quantity"].initial = least if needed else None

    def shares(self) -> SharesAsked | None:
        """Return the shares asked for, or None."""
        quantity = self.cleaned_data.get("quantity")
        if not quantity:
            return None
        code = self.cleaned_data.get("share_class") or self.offer.classes[0].code
        return SharesAsked(share_class=code, quantity=quantity)


class HolderForm(SharesForm):
    """Ask somebody who has signed in for which shares, in whose name, and whether they agree."""

    party = forms.ChoiceField(label=_("In whose name?"), widget=forms.RadioSelect)
    consent = forms.BooleanField(label=_("I accept the statutes and what membership asks of me."))
    field_order = ("party", "share_class", "quantity", "consent")

    def __init__(self, *args: Any, hats: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hats = hats
        if len(hats) == 1:
            del self.fields["party"]
        else:
            self.fields["party"].choices = [(str(party_id), name) for party_id, name in hats]  # type: ignore[attr-defined]
            self.fields["party"].initial = str(hats[0][0])

    def party_id(self) -> uuid.UUID:
        """Return in whose name is asked."""
        chosen = self.cleaned_data.get("party")
        return uuid.UUID(chosen) if chosen else self.hats[0][0]


class WhoForm(SharesForm):
    """Ask who becomes a member: a person, an organisation with its representative, or a minor with a guardian."""

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
        help_text=_("We mail a link with which you confirm your request. You need no password."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"), choices=LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, kind: ApplicantKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        left_out: list[str] = []
        if kind is ApplicantKind.ORGANISATION:
            self.fields["family"].label = _("Name of the organisation")
            left_out = ["given", "born_on"]
        elif kind is ApplicantKind.MINOR:
            self.fields["given"].label, self.fields["family"].label = (
                _("First name of the minor"),
                _("Family name of the minor"),
            )
            left_out = ["legal_form", "enterprise_no"]
        else:
            left_out = ["legal_form", "enterprise_no", "born_on", "agent_given", "agent_family"]
        for name in left_out:
            del self.fields[name]

    def applicant(self) -> Applicant:
        """Return who asks, as typed."""
        told = self.cleaned_data
        return Applicant(
            kind=self.kind,
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


class JoinForm(WhoForm):
    """Ask a passer-by who wants to become a member. `website` is there for machines that fill in everything."""

    consent = forms.BooleanField(label=_("I accept the statutes and what membership asks of me."))
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=500)


class PaperForm(WhoForm):
    """Write down the request of somebody on paper: what they didn't write may be missing."""

    asked_on = DateField(label=_("Date on the paper"))
    same_as = forms.ChoiceField(label=_("Is this somebody you know already?"), widget=forms.RadioSelect)
    field_order = ("asked_on",)

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("street", "number", "postcode", "town", "email"):
            self.fields[name].required = False
        self.fields["email"].help_text = _("Without one, letters go on paper.")
        if known:
            choices = [*known, ("new", _("No, this is somebody else"))]
            self.fields["same_as"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["same_as"]


class DecisionForm(forms.Form):
    """Ask when the decision was taken, and where it is found."""

    on = DateField(label=_("Date of the decision"), help_text=_("Members are members from this day."))
    reference = forms.CharField(
        label=_("Where is it written down?"),
        max_length=200,
        help_text=_("For example: board of 12 March, item 4."),
    )

    def decision(self, body: str) -> DecisionInput:
        """Return the decision of a body."""
        return DecisionInput(body=body, on=self.cleaned_data["on"], reference=self.cleaned_data["reference"])


class RefusalForm(DecisionForm):
    """Ask on which ground of the statutes somebody is refused."""

    ground = forms.ChoiceField(label=_("On which ground of the statutes?"), widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea,
        required=False,
        max_length=2000,
        help_text=_("It goes into the letter, after the ground. Write it as you would say it to them."),
    )

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = ""
        self.fields["ground"].choices = grounds  # type: ignore[attr-defined]
        if len(grounds) == 1:
            self.fields["ground"].initial = grounds[0][0]


class PaymentForm(forms.Form):
    """Ask what was paid, and when."""

    amount = MoneyField(label=_("Amount"), minimum=Decimal("0.01"), maximum=Decimal("999999999.99"))
    on = DateField(label=_("Paid on"))

    def __init__(self, *args: Any, today: dt.date, left: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = left
        self.fields["on"].initial = today


class QuantityForm(forms.Form):
    """Ask how many shares a request is for now."""

    quantity = CountField(label=_("How many shares?"), minimum=1, maximum=1_000_000_000)


class AddressForm(forms.Form):
    """Ask for the domicile or seat that a request lacks."""

    street = forms.CharField(label=_("Street"), max_length=200)
    number = forms.CharField(label=_("Number"), max_length=20)
    box = forms.CharField(label=_("Box"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20)
    town = forms.CharField(label=_("Town"), max_length=100)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="BE")

    def address(self) -> Address:
        """Return the address as typed."""
        return Address(**{part: self.cleaned_data.get(part) or "" for part in ADDRESS})
