"""Finding a member by number or name, on a page that works without scripts."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import queries
from ..queries import Line
from .desk import Desk

MOST = 12
_NUMBERED = re.compile(r"\s*(\d{1,9})\s*(?:·.*)?", re.S)


def described(line: Line) -> str:
    """Return a member as a choice shows it: number, name, town."""
    parts = [str(line.number), line.name or _("(erased)")]
    if line.town:
        parts.append(line.town)
    return " · ".join(parts)


def find(desk: Desk, text: str) -> Sequence[Line]:
    """Return the members whose number or name is meant, at most a dozen and one."""
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        facts = queries.member_by_number(desk.coop_id, min(int(numbered[1]), 2**31 - 1))
        line = None if facts is None else queries.holdings_of(desk.coop_id, facts.id, desk.today)
        return [] if line is None else [line]
    return queries.lines_page(desk.coop_id, desk.today, text=text, limit=MOST + 1)


class MemberField(forms.CharField):
    """Read a member's number or name; the form turns it into a member, or offers those who fit."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("Number, or part of the name."))
        super().__init__(max_length=200, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Keep the browser's own suggestions away."""
        return {**super().widget_attrs(widget), "autocomplete": "off"}


class Picker:
    """Turn what was typed in one field of a form into a member; offer a choice where several fit.

    The choice is a second field, `<name>_pick`, that is on the form only when it is needed.
    """

    def __init__(self, form: forms.Form, name: str, desk: Desk) -> None:
        self.form, self.name, self.desk = form, name, desk
        self.pick_name = f"{name}_pick"
        self.found: Sequence[Line] = ()
        self.line: Line | None = None
        if form.is_bound:
            text = form.data.get(form.add_prefix(name), "").strip()
            self.found = find(desk, text) if text else ()
            if len(self.found) > 1:
                self._offer()

    def _offer(self) -> None:
        choices = [(str(line.number), described(line)) for line in self.found[:MOST]]
        self.form.fields[self.pick_name] = forms.ChoiceField(
            label=_("Whom do you mean?"),
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Several fit. Choose one."), "invalid_choice": _("Several fit. Choose one.")},
        )

    @property
    def is_offered(self) -> bool:
        """Tell whether there is a choice to be made."""
        return self.pick_name in self.form.fields

    def clean(self) -> None:
        """Find the member, or say beside the field what is missing."""
        if self.name not in self.form.cleaned_data:
            return
        if not self.found:
            self.form.add_error(self.name, _("Nobody in the register has this number or name."))
        elif len(self.found) == 1:
            self.line = self.found[0]
        else:
            chosen = self.form.cleaned_data.get(self.pick_name)
            self.line = next((line for line in self.found[:MOST] if str(line.number) == chosen), None)
            if self.line is None and len(self.found) > MOST:
                self.form.add_error(self.name, _("Many fit. Write more of the name, or choose one below."))

    @property
    def member_id(self) -> uuid.UUID:
        """Return the member found; only after a clean form."""
        assert self.line is not None
        return self.line.member_id
