"""What a reader of the register can ask for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.ui.fields import DateField


class RegisterFilters(forms.Form):
    """Ask for the register as of a date, narrowed by name or number, class and state."""

    on = DateField(label=_("As of"), required=False)
    text = forms.CharField(label=_("Name or number"), required=False, max_length=120)
    share_class = forms.ChoiceField(label=_("Class"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("member", _("member")), ("left", _("left"))],
    )

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all")), *((code, code) for code in codes)]
        self.fields["share_class"] = forms.ChoiceField(label=_("Class"), required=False, choices=choices)

    def asked(self, today: dt.date) -> dict[str, Any]:
        """Return what was asked; what can't be read is left out and said beside its field."""
        told = self.cleaned_data if self.is_valid() else {k: v for k, v in self.cleaned_data.items() if v}
        return {
            "at": told.get("on") or today,
            "text": told.get("text") or "",
            "share_class": told.get("share_class") or "",
            "state": told.get("state") or "",
        }
