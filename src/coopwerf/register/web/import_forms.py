"""What is asked on the way of a spreadsheet into the register: the file, what its columns hold, one row's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopcalc.register import sheets
from coopcalc.register.sheets import (
    BY_CLASS,
    Field,
    Setting,
    Shape,
    Sheet,
    header_key,
    key_of,
    read_key,
    text_of,
    usual_amount,
)
from coopwerf.kernel.refusals import sentence
from coopwerf.ui.fields import DateField, MoneyField

from .. import queries
from ..spreadsheets.importing import letters
from ..spreadsheets.words import FIELD_NAMES, key_name

EXAMPLES = 3
LEFT_OUT = "-"

GROUPS = (
    (
        _("Who"),
        (
            Field.MEMBER_NO,
            Field.NAME,
            Field.FAMILY,
            Field.GIVEN,
            Field.ORGANISATION,
            Field.KIND,
            Field.LEGAL_FORM,
            Field.ENTERPRISE_NO,
        ),
    ),
    (
        _("Where"),
        (
            Field.DOMICILE,
            Field.STREET,
            Field.NUMBER,
            Field.BOX,
            Field.POSTCODE,
            Field.TOWN,
            Field.COUNTRY,
            Field.EMAIL,
            Field.PHONE,
            Field.LANGUAGE,
        ),
    ),
    (
        _("What they hold"),
        (Field.CLASS, Field.SHARES, Field.AMOUNT, Field.TOTAL, Field.PAID, Field.COMMUNICATION),
    ),
    (_("When"), (Field.ADMITTED, Field.ASKED, Field.PAID_ON, Field.ENDED, Field.ENDING)),
    (
        _("Only where a row is a movement"),
        (Field.ON, Field.MOVEMENT, Field.OTHER, Field.VALUE, Field.TO_CLASS, Field.FACTOR, Field.REFERENCE),
    ),
)


class FileForm(forms.Form):
    """Ask for the spreadsheet."""

    file = forms.FileField(
        label=_("Your spreadsheet"),
        help_text=_("An Excel workbook (.xlsx) or a CSV file, up to 25 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": _("Choose the file in which you keep your members now.")},
    )


class ColumnsForm(forms.Form):
    """Ask what each column holds, and what no column says."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header = forms.IntegerField(label=_("The headers stand on line"), min_value=0, max_value=2_000_000)
    shape = forms.ChoiceField(
        label=_("What is a row?"),
        widget=forms.RadioSelect,
        choices=[
            (Shape.OPENING.value, _("What somebody holds on a day")),
            (Shape.HISTORY.value, _("Something that happened: an issue, a transfer, an exit")),
        ],
    )
    at = DateField(
        label=_("On which day was this right?"),
        help_text=_("From that day on everything is recorded here. What came before stays in your spreadsheet."),
    )
    share_class = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,11}$",
        label=_("Class of the shares"),
        required=False,
        help_text=_("Where no column says it. One letter will do, such as A."),
        error_messages={"invalid": _("Use at most 12 letters and digits, such as A.")},
    )
    amount = MoneyField(label=_("Amount per share"), required=False, places=4, help_text=_("Where no column says it."))
    order = forms.ChoiceField(
        label=_("Dates are written with"),
        choices=[("day", _("the day first: 31-12-2025")), ("month", _("the month first: 12-31-2025"))],
    )

    def __init__(
        self, *args: Any, found: Sequence[Sheet], sheet: Sheet, setting: Setting, chosen: queries.Choices, **kwargs: Any
    ) -> None:
        guessed = {
            f"column_{place}": key_of(told, setting.classes.get(place, "")) for place, told in setting.columns.items()
        }
        told = setting.amount
        if told is None and not setting.prices and chosen.at is None:
            told = usual_amount(sheet, setting.header, setting.columns)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "sheet": sheet.name,
            "header": setting.header,
            "shape": setting.shape.value,
            "at": setting.at,
            "share_class": setting.share_class,
            "amount": told,
            "order": "month" if setting.month_first else "day",
            **guessed,
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        if told is not None and setting.amount is None:
            self.fields["amount"].help_text = _("What most paid for each share in this file. Look whether it is right.")
        self.has_prices = bool(setting.prices)
        self.heads: dict[int, str] = {}
        self.fields["sheet"].required = len(found) > 1
        named = [(one.name, one.name or _("(without name)")) for one in found]
        self.fields["sheet"].choices = named  # type: ignore[attr-defined]
        self.has_sheets = len(found) > 1
        choices: list[Any] = [(LEFT_OUT, _("(leave out)"))]
        choices += [(label, [(told.value, FIELD_NAMES[told]) for told in group]) for label, group in GROUPS]
        codes = sorted({*setting.prices, *setting.classes.values(), "A", "B"})
        by_class = [key_of(told, code) for code in codes for told in BY_CLASS]
        choices.insert(4, (_("Where each class has its own columns"), [(key, key_name(key)) for key in by_class]))
        row = sheet.row(setting.header)
        body = [one for one in sheet.rows if one.line > setting.header]
        for place in range(sheet.width):
            texts = list(dict.fromkeys(text for one in body[:60] if (text := text_of(one.at(place)))))
            head = text_of(row.at(place)) if row else ""
            if not texts and not head:
                continue
            self.heads[place] = header_key(row.at(place)) if row else ""
            shown = " · ".join(text[:40] for text in texts[:EXAMPLES])
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=f"{letters(place)} – {head[:60]}" if head else letters(place),
                help_text=shown or _("(empty)"),
                choices=choices,
                initial=guessed.get(f"column_{place}", LEFT_OUT),
            )

    def column_fields(self) -> list[forms.BoundField]:
        """Return the questions about columns, in the order of the sheet."""
        return [self[f"column_{place}"] for place in self.heads]

    def _told(self, place: int) -> str:
        told = str(self.cleaned_data.get(f"column_{place}") or "")
        return "" if told == LEFT_OUT else told

    def clean(self) -> dict[str, Any]:
        """Refuse a field that two columns hold."""
        told = super().clean() or {}
        seen: dict[str, int] = {}
        keys = {place: read_key(self._told(place)) for place in self.heads}
        has_classes = any(key and key[1] for key in keys.values())
        held = {key[0] for key in keys.values() if key}
        if (
            Field.SHARES in held
            and not held & {Field.AMOUNT, Field.TOTAL}
            and told.get("amount") is None
            and not self.has_prices
            and "amount" not in self.errors
        ):
            self.add_error("amount", sentence("register.import_no_amount"))
        for place in self.heads:
            field, key = self._told(place), keys[place]
            if not field:
                continue
            if key and key[1] and told.get("shape") == Shape.HISTORY.value:
                self.add_error(
                    f"column_{place}",
                    _("In a history each row is about one class. Bring one column with the class and one with shares."),
                )
            elif has_classes and key in ((Field.SHARES, ""), (Field.CLASS, "")):
                self.add_error(
                    f"column_{place}",
                    _("Other columns say the shares of each class. Leave this one out, or leave those out."),
                )
            if field in seen:
                self.add_error(
                    f"column_{place}",
                    forms.ValidationError(
                        _("Column %(column)s holds this already. Choose one of the two."),
                        params={"column": letters(seen[field])},
                    ),
                )
            seen.setdefault(field, place)
        return told

    def choices(self, before: queries.Choices) -> queries.Choices:
        """Return what was chosen."""
        told = self.cleaned_data
        keys = {place: key for place in self.heads if (key := read_key(self._told(place)))}
        return queries.Choices(
            sheet=told["sheet"] or before.sheet,
            header=told["header"],
            columns={place: field for place, (field, _code) in keys.items()},
            classes={place: code for place, (_field, code) in keys.items() if code},
            shape=Shape(told["shape"]),
            at=told["at"],
            share_class=told.get("share_class") or "",
            amount=told.get("amount"),
            month_first=told["order"] == "month",
            answers=before.answers,
        )

    def remembered(self) -> dict[str, str]:
        """Return what each header was read as, for the next file."""
        return {head: self._told(place) for place, head in self.heads.items() if head}


class _AsItStands(forms.CharField):
    """Take whatever stands in a cell, nothing too, without calling each of them optional."""

    def validate(self, value: Any) -> None:
        """Find everything right: what can't be read is said as a doubt."""


class RowForm(forms.Form):
    """Ask for the values of one row."""

    use_required_attribute = False

    def __init__(self, *args: Any, values: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, value in values.items():
            self.fields[key] = _AsItStands(label=key_name(key), initial=value, max_length=600)

    def changed_values(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the fields that somebody changed."""
        return {key: self.cleaned_data[key] for key, value in values.items() if self.cleaned_data[key] != value.strip()}


class SkipForm(forms.Form):
    """Ask why a row is left out."""

    reason = forms.CharField(
        label=_("Why is this row left out?"),
        max_length=200,
        help_text=_("Such as: never paid, withdrew before admission. It is told in the report."),
        error_messages={"required": _("Say in a few words why, so that others can follow it.")},
    )


def row_values(sheet: Sheet, setting: Setting, line: int) -> dict[str, str]:
    """Return what stands in a row, as people read it, with what was mended; by what its columns hold."""
    row = sheet.row(line)
    if row is None:
        return {}
    above = sheet.filled_down()
    mend = setting.mends.get(line)
    found: dict[str, str] = {}
    for place, told in sorted(setting.columns.items()):
        cell = row.at(place)
        if sheets.is_blank(cell):
            cell = above.get((line, place))
        found[key_of(told, setting.classes.get(place, ""))] = text_of(cell)
    if mend is not None:
        found.update({key: value for key, value in mend.values.items() if read_key(key)})
    return found


def row_label(sheet: Sheet, setting: Setting, line: int) -> str:
    """Return who a row is about, as it stands there."""
    values = row_values(sheet, setting, line)
    name = values.get(Field.ORGANISATION) or values.get(Field.NAME)
    if not name:
        parts = (values.get(Field.FAMILY, ""), values.get(Field.GIVEN, ""))
        name = ", ".join(part for part in parts if part)
    return name[:80]
