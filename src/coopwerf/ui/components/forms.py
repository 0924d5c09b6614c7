"""Fields of a form: label, help, input and error wired together for eyes and ears."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from .basics import classes

register = template.Library()


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "input"


@register.simple_tag
def field(
    bound: BoundField,
    look: str = "",
    *,
    label: str | None = None,
    help: str | None = None,  # read in templates
    notes: dict[str, str] | None = None,
    **attributes: Any,
) -> SafeString:
    """Draw a field of a form with its label, help and errors.

    `look`: `short`, `mid` for narrow inputs; `cards` and `across` for choices. `label` and `help` replace the form's.
    `notes` maps a choice's value to a line of help below it. Other arguments become attributes of the input
    (`autocomplete`, `inputmode`, `data_…`). Hidden fields are written bare.
    """
    if bound.is_hidden:
        return SafeString(str(bound))
    widget = bound.field.widget
    kind = _kind(widget)
    name = bound.id_for_label or bound.auto_id or bound.html_name
    shown_help = bound.help_text if help is None else help
    described = [f"{name}-help"] if shown_help else []
    if bound.errors:
        described.append(f"{name}-error")
    attrs: dict[str, Any] = {key.replace("_", "-"): value for key, value in attributes.items()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    unit = widget.attrs.get("data-unit", "")
    if kind == "input":
        looks = look
        if unit:
            looks += " amount"
        elif "data-short" in widget.attrs and not look:
            looks = "short"
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
            attrs.setdefault("rows", "4")  # ten is Django's default, and a wall on a phone
        attrs["class"] = " ".join(filter(None, (widget.attrs.get("class"), classes("field__input", looks))))
    css = ["field"]
    if bound.errors:
        css.append("field--error")
    if kind == "input" and isinstance(widget, forms.TextInput) and "field__input--" not in attrs["class"]:
        css.append("field--wide")
    context = {
        "kind": kind,
        "field": bound,
        "name": name,
        "label": bound.label if label is None else label,
        "help": shown_help,
        "errors": bound.errors,
        # Where at least one of several is asked for, or something before others see it, none is called optional.
        "optional": not bound.field.required and kind != "checkbox" and not getattr(bound.field, "is_wanted", False),
        "unit": unit,
        "described": " ".join(described),
        "classes": " ".join(css),
    }
    if kind == "choices":
        context["choices_classes"] = classes("choices", look)
        context["choices"] = [(choice, (notes or {}).get(str(choice.data["value"]), "")) for choice in bound.subwidgets]
    else:
        context["input"] = bound.as_widget(attrs=attrs)
    return render_to_string(f"ui/parts/field_{kind}.html", context)


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(*given: forms.BaseForm) -> dict[str, Any]:
    """Say at the top of a form what to mend, with links to the fields; nothing when there is nothing to mend."""
    general: list[str] = []
    fields: list[tuple[str, str, list[str]]] = []
    for form in given:
        general.extend(str(one) for one in form.non_field_errors())
        for bound in form:
            where = bound.id_for_label or bound.auto_id or bound.html_name
            if bound.errors:
                fields.append((f"#{where}", str(bound.label), [str(error) for error in bound.errors]))
    count = len(general) + sum(len(errors) for _url, _label, errors in fields)
    title = ngettext("One thing to mend", "%(count)s things to mend", count) % {"count": count}
    return {"count": count, "title": title, "general": general, "fields": fields}
