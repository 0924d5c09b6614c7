"""Forms of the people package."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.ui.fields import LANGUAGES, DateField

from ..states import MAJORITY, SCOPE_NAMES, Proof, birthday


class SignInForm(forms.Form):
    """Ask with which address somebody signs in."""

    email = forms.EmailField(label=_("Your e-mail address"), max_length=254)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class CodeForm(forms.Form):
    """Ask for the code of a mail."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-short": ""}),
    )


class SecondStepForm(forms.Form):
    """Ask for a code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code of your app"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=_("Six digits. Or one of your recovery codes, eight digits: each works once."),
    )


class PasskeyForm(forms.Form):
    """Take what the browser's passkey signed."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class AddPasskeyForm(PasskeyForm):
    """Ask what to call a new passkey."""

    name = forms.CharField(
        label=_("What do you call it?"),
        max_length=60,
        help_text=_("So that you know it again, for example: phone, or key on my ring."),
    )


class PasskeyNameForm(forms.Form):
    """Ask for another name of a passkey."""

    name = forms.CharField(label=_("What do you call it?"), max_length=60)


class AddSecondStepForm(forms.Form):
    """Ask for the first code that the app gives."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-short": ""}),
    )


class TokenForm(forms.Form):
    """Ask for which program a token is, what it opens, and until when."""

    name = forms.CharField(
        label=_("For which program?"),
        max_length=60,
        help_text=_("So that you know it again, for example: the accountant’s import."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What does it open?"),
        choices=list(SCOPE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may yourself. Choose as little as the program needs."),
        error_messages={"required": _("Choose at least one thing that the token opens.")},
    )
    expires_on = DateField(label=_("Last day on which it works"), help_text=_("A year from today at most."))
    once = forms.UUIDField(widget=forms.HiddenInput)


class EmailForm(forms.Form):
    """Ask for another address to sign in with."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)


class FirstForm(forms.Form):
    """Ask who the first administrator is."""

    given = forms.CharField(label=_("Given name"), max_length=200)
    family = forms.CharField(label=_("Family name"), max_length=500)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("With this address you sign in from now on.")
    )
    language = forms.ChoiceField(label=_("Which language do you read?"), choices=LANGUAGES, widget=forms.RadioSelect)


COUNTRIES = [
    ("BE", _("Belgium")),
    ("NL", _("The Netherlands")),
    ("LU", _("Luxembourg")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("AT", _("Austria")),
    ("CH", _("Switzerland")),
    ("DK", _("Denmark")),
    ("ES", _("Spain")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("IT", _("Italy")),
    ("PL", _("Poland")),
    ("PT", _("Portugal")),
    ("SE", _("Sweden")),
]


class _SinceForm(forms.Form):
    """Ask from which date something holds."""

    valid_from = DateField(
        label=_("From which date?"),
        help_text=_(
            "A date in the past mends what stood there. Nothing is overwritten: who asks for an old date sees it."
        ),
    )


class NameForm(_SinceForm):
    """Ask how a person is called."""

    given = forms.CharField(label=_("Given name"), max_length=200, required=False)
    family = forms.CharField(label=_("Family name"), max_length=500)


class OrganisationNameForm(_SinceForm):
    """Ask how an organisation is called."""

    family = forms.CharField(label=_("Name of the organisation"), max_length=500)
    legal_form = forms.CharField(label=_("Legal form"), max_length=40, required=False)
    enterprise_no = forms.CharField(label=_("Enterprise number"), max_length=30)


class _WhereForm(forms.Form):
    """Ask for an address in its parts."""

    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    number = forms.CharField(label=_("Number"), max_length=20, required=False)
    box = forms.CharField(label=_("Box"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wherever somebody lives already can be chosen.
        here = str(self.initial.get("country", "") or "")
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        if here and here not in dict(COUNTRIES):
            country.choices = [*COUNTRIES, (here, here)]


class AddressForm(_WhereForm, _SinceForm):
    """Ask where somebody lives or has their seat."""

    field_order = ("street", "number", "box", "postcode", "town", "country", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in ("street", "postcode", "town"):
            self.fields[part].required = True


class ContactForm(forms.Form):
    """Ask how somebody is reached, and in which language."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("Where we write to. With which address you sign in is changed under “Signing in”."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language of your pages, mails and papers"), choices=LANGUAGES, widget=forms.RadioSelect
    )


class SureForm(forms.Form):
    """Ask whether somebody has read what goes and what stays."""

    sure = forms.BooleanField(label=_("I have read what goes and what stays."))


class OrganisationForm(_WhereForm):
    """Ask for which organisation somebody acts."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=500)
    legal_form = forms.CharField(
        label=_("Legal form"), max_length=40, required=False, help_text=_("For example: vzw, asbl, bv, stichting.")
    )
    enterprise_no = forms.CharField(
        label=_("Enterprise number"),
        max_length=30,
        help_text=_(
            "Belgium: 0123.456.749. The Netherlands: the eight digits of the KvK. Elsewhere: the VAT number with its "
            "country."
        ),
    )
    email = forms.EmailField(label=_("Its e-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_("Its phone"), max_length=40, required=False)
    proof = forms.ChoiceField(
        label=_("Where does it stand that you may act for it?"),
        choices=[
            (Proof.STATUTES.value, _("In its statutes")),
            (Proof.GAZETTE.value, _("In the official gazette")),
            (Proof.TRADE_REGISTER.value, _("In the trade register")),
            (Proof.DECLARED.value, _("Nowhere that everybody can read: I declare it")),
        ],
        widget=forms.RadioSelect,
        help_text=_("A board that admits it may ask you for the paper."),
    )

    field_order = ("name", "legal_form", "enterprise_no", "street", "number", "box", "postcode", "town", "country")


class MinorForm(forms.Form):
    """Ask for which minor somebody acts, and from the date of birth until when."""

    given = forms.CharField(label=_("Given name of the child"), max_length=200)
    family = forms.CharField(label=_("Family name of the child"), max_length=500)
    born_on = DateField(
        label=_("Date of birth"),
        help_text=_("We don't keep it: only the last day on which you act for the child, the eve of turning eighteen."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.last_day: dt.date | None = None

    def clean_born_on(self) -> dt.date:
        """Find the eve of coming of age; a birth in the future, or of somebody of age, is none."""
        born: dt.date = self.cleaned_data["born_on"]
        if born > self._today:
            raise forms.ValidationError(_("This date lies in the future."))
        comes_of_age = birthday(born, MAJORITY)
        if comes_of_age <= self._today:
            raise forms.ValidationError(_("Who is eighteen acts alone. Let them sign in with their own address."))
        self.last_day = comes_of_age - dt.timedelta(days=1)
        return born


class EndActingForm(forms.Form):
    """Ask for the last day of acting for somebody."""

    last_day = DateField(label=_("Last day on which you act for them"))
