"""The form with which somebody brings a picture: which, who made it, on which terms, and what is seen on it."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import Refused
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES, LANGUAGES

from .actions import LONGEST_ALT, LONGEST_AUTHOR
from .pictures import LARGEST_FILE
from .states import LICENCE_NAMES, LICENCE_NOTES, Licence


class ImageForm(forms.Form):
    """Ask for a picture, who made it, on which terms it may be shown, and what is seen, in the first language at least.

    `seen` is an example of what somebody writes who tells what is seen.
    """

    seen: str | Promise = ""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 12 MB. Where and with what it was taken is taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        validators=[FileExtensionValidator(["jpg", "jpeg", "jpe", "jfif", "png", "webp"])],
    )
    author = forms.CharField(label=_("Who made it?"), max_length=LONGEST_AUTHOR)
    licence = forms.ChoiceField(
        label=_("On which terms?"), choices=list(LICENCE_NAMES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, language: str, languages: Collection[str] = LANGUAGES, **kwargs: Any) -> None:
        """Take the language in which must be told what is seen, and all in which it can be."""
        super().__init__(*args, **kwargs)
        self.languages = (language, *(one for one in languages if one != language))
        for code in self.languages:
            self.fields[f"alt_{code}"] = forms.CharField(
                label=_("What is seen on it (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                max_length=LONGEST_ALT,
                required=code == language,
                help_text=str(self.seen) if code == language else "",
            )

    @property
    def notes(self) -> dict[str, str]:
        """Return what each licence means, by its code."""
        return {code.value: str(note) for code, note in LICENCE_NOTES.items()}

    def alt_fields(self) -> list[forms.BoundField]:
        """Return the fields for what is seen."""
        return [self[f"alt_{code}"] for code in self.languages]

    def brought(self) -> dict[str, Any]:
        """Return what `actions.bring_picture` takes; raises Refused for a file so large that it isn't even read."""
        told = self.cleaned_data
        if told["picture"].size > LARGEST_FILE:
            raise Refused("documents.picture_heavy", most=LARGEST_FILE // 1_000_000, path="picture")
        return {
            "content": told["picture"].read(),
            "author": told["author"],
            "licence": Licence(told["licence"]),
            "texts": {code: told[f"alt_{code}"] for code in self.languages},
        }

    def put(self, refusal: Refused) -> None:
        """Show a refusal beside the field that it concerns."""
        put_refusal(self, refusal, f"alt_{self.languages[0]}" if refusal.path == "alt" else "picture")
