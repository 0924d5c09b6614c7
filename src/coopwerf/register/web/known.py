"""As known when: a position in the chain, or a date, typed into a field."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy

from coopwerf.kernel import chain, clock
from coopwerf.ui import formats

from .desk import Desk

LATEST = dt.date(2200, 12, 31)
"""As of which date the register can be asked at most."""


class KnownField(forms.CharField):
    """Read a position in the chain, or a date: then what was known at the end of that day."""

    default_error_messages = {
        "unreadable": gettext_lazy("Write a position such as 1.250, or a date such as 31-12-2025.")
    }

    def clean(self, value: object) -> int | dt.date | None:
        """Return a position, a date, or None for an empty field."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return formats.parse_date(text)
        except ValueError:
            pass
        try:
            position = formats.parse_count(text)
        except (ValueError, ArithmeticError):
            position = -1
        if not 0 <= position < 2**62:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return position


def known_position(desk: Desk, told: int | dt.date | None) -> int | None:
    """Return the position up to which the register is to be read; None for all there is."""
    if isinstance(told, dt.date):
        evening = dt.datetime.combine(told, dt.time.max, tzinfo=clock.CIVIL)
        return chain.position_at(desk.coop_id, evening)
    if told is None:
        return None
    return min(told, int(chain.head_of(desk.coop_id).partition(":")[0]))
