"""Forms of the people package."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import Refused

LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English")]


def put_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Show a refusal on the field that it concerns, else on top of the form."""
    form.add_error(refusal.path if refusal.path in form.fields else None, refusal.message)


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


class FirstForm(forms.Form):
    """Ask who the first administrator is."""

    given = forms.CharField(label=_("Given name"), max_length=200)
    family = forms.CharField(label=_("Family name"), max_length=500)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("With this address you sign in from now on.")
    )
    language = forms.ChoiceField(label=_("Which language do you read?"), choices=LANGUAGES, widget=forms.RadioSelect)
