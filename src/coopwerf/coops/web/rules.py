"""Rules of the statutes as people read and write them: values in words, and a form field for each kind."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopwerf.ui.fields import CountField, MoneyField

from .. import presets
from ..presets import Kind, RuleKey
from ..states import in_language


class PercentField(MoneyField):
    """Read a percentage with at most two decimals."""

    default_error_messages = {"invalid": gettext_lazy("Write a number, for example 6 or 2,5.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask for the per cent sign before the field."""
        return {**super().widget_attrs(widget), "data-unit": "%"}


def field_for(key: RuleKey) -> forms.Field:
    """Return the form field that reads a rule's value; see `initial_for` and `value_from`."""
    label, unit = in_language(key.label), in_language(key.unit)
    match key.kind:
        case Kind.YES_NO:
            return forms.ChoiceField(
                label=label, widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))]
            )
        case Kind.NUMBER:
            return CountField(label=label, help_text=unit, minimum=0, maximum=1_000_000)
        case Kind.PERCENT:
            return PercentField(label=label, help_text=unit, minimum=Decimal(0), maximum=Decimal(100))
        case Kind.AMOUNT:
            return MoneyField(label=label, minimum=Decimal(0))
        case Kind.FRACTION:
            return forms.CharField(label=label, max_length=12, help_text=_("Two numbers with a stroke: 3/4"))
        case Kind.CHOICE:
            choices = [(code, in_language(text)) for code, text in key.options.items()]
            return forms.ChoiceField(label=label, widget=forms.RadioSelect, choices=choices)
        case Kind.GROUNDS:
            return forms.CharField(label=label, widget=forms.Textarea, help_text=_("One ground on each line."))
        case _:
            return forms.CharField(label=label, widget=forms.Textarea, max_length=presets.LONGEST_TEXT)


def initial_for(key: RuleKey, value: Any) -> Any:
    """Return what the field shows for a value."""
    match key.kind:
        case Kind.YES_NO:
            return None if value is None else ("yes" if value else "no")
        case Kind.PERCENT | Kind.AMOUNT:
            return None if value is None else Decimal(value)
        case Kind.GROUNDS:
            return "\n".join(in_language(ground["text"]) for ground in value or [])
        case _:
            return value


def value_from(key: RuleKey, cleaned: Any, before: Any, language: str) -> Any:
    """Return the value that a filled-in field means; grounds that didn't change keep their other languages."""
    match key.kind:
        case Kind.YES_NO:
            return cleaned == "yes"
        case Kind.PERCENT | Kind.AMOUNT:
            return str(cleaned)
        case Kind.GROUNDS:
            return _grounds(str(cleaned), before or [], language)
        case _:
            return cleaned


def _grounds(text: str, before: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    known = {in_language(ground["text"]): ground for ground in before}
    lines = dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip())
    taken = {known[line]["code"] for line in lines if line in known}
    found = []
    for line in lines:
        if line in known:
            found.append(known[line])
            continue
        code = next(name for name in _codes(line) if name not in taken)
        taken.add(code)
        found.append({"code": code, "text": {language: line}})
    return found


def _codes(line: str) -> Any:
    """Yield codes for a ground, made of its first words, without end."""
    words = "_".join(re.findall(r"[a-z0-9]+", line.lower())[:4])[:30]
    stem = words if words[:1].isalpha() else f"ground_{words}".strip("_")
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1
