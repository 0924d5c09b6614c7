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
        # Never by str.join, which forgets that its parts are safe: the options would be words then, and the list empty.
        groups = format_html_join("", "{}", ((self._group(one, chosen),) for one in self.choices))
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}), groups
        )

    @classmethod
    def _group(cls, one: Any, chosen: set[str]) -> SafeString:
        if not isinstance(one[1], (list, tuple)):
            return cls._options([one], chosen)
        return format_html('<optgroup label="{}">{}</optgroup>', one[0], cls._options(one[1], chosen))

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
