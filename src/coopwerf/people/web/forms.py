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
