"""Choices that are drawn in every search: without a template for each of their options."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class QuickSelect(forms.Select):
    """Draw a choice from a list in one go; what it shows is what Django's own shows."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the choice with its options, grouped where they are."""
        chosen = {str(one) for one in self.format_value(value)}
        groups = SafeString("").join(
            self._options([one], chosen)
            if not isinstance(one[1], (list, tuple))
            else format_html('<optgroup label="{}">{}</optgroup>', one[0], self._options(one[1], chosen))
            for one in self.choices
        )
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}), groups
        )

    @staticmethod
    def _options(choices: Any, chosen: set[str]) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                ("" if code is None else code, SafeString(" selected") if str(code) in chosen else "", label)
                for code, label in choices
            ),
        )
