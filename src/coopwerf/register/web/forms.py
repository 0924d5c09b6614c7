"""What a reader of the register can ask for."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.ui.fields import DateField

from ..policies import FIRST_DAY
from .known import LATEST, KnownField


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Say which page of the register is wanted."""

    at: dt.date
    text: str = ""
    share_class: str = ""
    state: str = ""
    known: int | dt.date | None = None


class RegisterFilters(forms.Form):
    """Ask for the register as of a date, narrowed by name or number, class and state."""

    on = DateField(label=_("As of"), required=False, min_date=FIRST_DAY, max_date=LATEST)
    text = forms.CharField(label=_("Name or number"), required=False, max_length=120)
    share_class = forms.ChoiceField(label=_("Class"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("member", _("member")), ("left", _("left"))],
    )

    known = KnownField(label=_("Known at (position or date)"), required=False, max_length=20)

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all")), *((code, code) for code in codes)]
        self.fields["share_class"] = forms.ChoiceField(label=_("Class"), required=False, choices=choices)

    def asked(self, today: dt.date) -> Asked:
        """Return what was asked; what can't be read is left out and said beside its field."""
        if not self.is_bound:
            return Asked(today)
        self.full_clean()
        told = self.cleaned_data
        return Asked(
            told.get("on") or today,
            told.get("text") or "",
            told.get("share_class") or "",
            told.get("state") or "",
            told.get("known"),
        )
