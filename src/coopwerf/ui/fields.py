"""Form fields that read what people type: dates day first, times, amounts with a comma, counts with a point in them."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import Refused
from coopwerf.ui import formats

LANGUAGES = list(formats.LANGUAGE_NAMES.items())
"""Choices of a field that asks for a language."""


MARKS = _(
    "An empty line begins a paragraph. ## makes a heading, - a list, **two stars** bold, [words](https://…) a link."
)
"""The help of a field for a text in Markdown."""


_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(?=[/?#]|$)")
"""A name with a point in it, before a path or alone; nothing with a colon, which is an address of another sort."""


def put_refusal(form: forms.BaseForm, refusal: Refused, *fields: str) -> None:
    """Show a refusal beside the field that it concerns: its own, else the first of `fields` there is, else on top."""
    form.add_error(next((name for name in (refusal.path, *fields) if name in form.fields), None), refusal.message)


class WebField(forms.CharField):
    """Read the address of a page; who leaves out `https://`, as everybody does on paper, means it.

    Whether it is one is for who keeps it to judge: here nothing is refused.
    """

    def to_python(self, value: Any) -> str:
        """Give the address with how it begins."""
        typed = super().to_python(value) or ""
        return f"https://{typed}" if _HOST.match(typed) else typed


class DateField(forms.Field):
    """Read a date typed as `31-12-2025` (also with slashes, points, nothing, ISO, or in words) and give a date.

    A text field on purpose: a picker is a poor way to reach 18 June 1958, and its order depends on the device.
    `min_date` and `max_date` are inclusive.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write the date as day, month and year, for example 31-12-2025."),
        "early": _("This date is too early: %(limit)s or later."),
        "late": _("This date is too late: %(limit)s or earlier."),
    }

    def __init__(self, *, min_date: dt.date | None = None, max_date: dt.date | None = None, **kwargs: Any) -> None:
        """Take the limits besides the usual arguments of a field."""
        super().__init__(**kwargs)
        self.min_date, self.max_date = min_date, max_date

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Open the digits on a phone."""
        return {"inputmode": "numeric", "autocomplete": "off", "data-short": "", "maxlength": "20"}

    def prepare_value(self, value: Any) -> Any:
        """Show a date as people type it."""
        return formats.date_short(value, "nl") if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        """Give a date, or None for an empty field."""
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            found = formats.parse_date(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if self.min_date and found < self.min_date:
            raise self._outside("early", self.min_date)
        if self.max_date and found > self.max_date:
            raise self._outside("late", self.max_date)
        return found

    def _outside(self, code: str, limit: dt.date) -> forms.ValidationError:
        return forms.ValidationError(
            self.error_messages[code], code=code, params={"limit": formats.date_short(limit, "nl")}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare dates, not how they are written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class TimeField(forms.Field):
    """Read a time of day as people type it: `19:30`, `19.30`, `19u30`, `19 h 30`, `1930`, `19`."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write a time of day, for example 19:30.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Open the digits on a phone."""
        return {"inputmode": "numeric", "autocomplete": "off", "data-short": "", "maxlength": "10"}

    def prepare_value(self, value: Any) -> Any:
        """Show a time as people type it."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def to_python(self, value: Any) -> dt.time | None:
        """Give a time, or None for an empty field."""
        if isinstance(value, dt.time) or value is None:
            return value
        text = str(value).lower().replace("uur", "").replace(" ", "").rstrip("hu")
        if not text:
            return None
        for sign in (".", "h", "u"):
            text = text.replace(sign, ":")
        # The digits that a phone opens may come without any sign.
        if text.isdecimal() and len(text) in (3, 4):
            text = f"{text[:-2]}:{text[-2:]}"
        hour, _sign, minute = text.partition(":")
        try:
            return dt.time(int(hour), int(minute or 0))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class _NumberField(forms.Field):
    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a whole number, for example 25."),
        "low": _("This is too little: at least %(limit)s."),
        "high": _("This is too much: at most %(limit)s."),
    }

    def __init__(self, *, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _read(self, text: str) -> Any:
        raise NotImplementedError

    def _write(self, value: Any) -> str:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        """Show the number as people of this language write it."""
        return self._write(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value

    def to_python(self, value: Any) -> Any:
        """Give the number, or None for an empty field."""
        if isinstance(value, int | Decimal):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            found = self._read(text)
        except (ValueError, ArithmeticError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if self.minimum is not None and found < self.minimum:
            raise self._outside("low", self.minimum)
        if self.maximum is not None and found > self.maximum:
            raise self._outside("high", self.maximum)
        return found

    def _outside(self, code: str, limit: Decimal | int) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params={"limit": self._write(limit)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers, not how they are written."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


class CountField(_NumberField):
    """Read a whole number, such as a number of shares, and give an int."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Open the digits on a phone."""
        return {"inputmode": "numeric", "autocomplete": "off", "data-short": "", "maxlength": "20"}

    def _read(self, text: str) -> int:
        return formats.parse_count(text)

    def _write(self, value: Any) -> str:
        return formats.number(value, get_language() or "en")


class MoneyField(_NumberField):
    """Read an amount in euro and give a Decimal with `places` decimals (2, or 4 for an amount per share)."""

    default_error_messages = {"invalid": _("Write an amount in euro, for example 1.250,00.")}

    def __init__(self, *, places: int = 2, **kwargs: Any) -> None:
        """Take the number of decimals besides minimum, maximum and the usual arguments."""
        super().__init__(**kwargs)
        self.places = places

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Open digits with a comma on a phone, and ask for the euro sign before the field."""
        return {"inputmode": "decimal", "autocomplete": "off", "data-unit": "€", "maxlength": "30"}

    def _read(self, text: str) -> Decimal:
        return formats.parse_money(text, places=self.places)

    def _write(self, value: Any) -> str:
        # An amount per share may have four decimals; where two say it all, two are shown.
        exact = Decimal(value)
        cents = exact.quantize(Decimal("0.01"))
        return formats.number(exact, get_language() or "en", places=2 if exact == cents else self.places)


class MomentForm(forms.Form):
    """Ask for a day and a time, as our clocks show it."""

    day = DateField(label=_("Day"))
    time = TimeField(label=_("Time"), help_text=_("Our time, for example 7.30."))

    def moment(self, zone: dt.tzinfo) -> dt.datetime:
        """Return the moment in a time zone."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=zone)
