"""Buttons, and links that look like one. With a verdict that refuses they stay visible, with the reason beside them."""

from typing import Any, Protocol

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from .basics import classes, icon

register = template.Library()


class Reasoned(Protocol):
    """Anything that allows or gives its reason: the kernel's Verdict."""

    @property
    def allowed(self) -> bool: ...
    @property
    def reason(self) -> str: ...


def _face(label: str, icon_name: str, key: str = "") -> SafeString:
    # An amount among the words is an element of its own, and a button would swallow the blanks around it.
    words = format_html("<span>{}</span>", label) if "<" in conditional_escape(label) else label
    return format_html("{}{}{}", icon(icon_name) if icon_name else "", words, kbd(key) if key else "")


@register.simple_tag
def kbd(key: str) -> SafeString:
    """Draw the key that does the same, for who works by keyboard; of several, the first."""
    shown = key.split()[0]
    cap = shown.upper() if len(shown) == 1 else KEY_CAPS[shown]
    return format_html('<kbd class="kbd" aria-hidden="true">{}</kbd>', cap)


KEY_CAPS = {"enter": pgettext_lazy("key", "Enter"), "arrowdown": "↓", "arrowup": "↑"}
"""How a key with a longer name is drawn."""


def _off(label: str, look: str, icon_name: str, verdict: Reasoned) -> SafeString:
    return format_html(
        '<span class="off"><button type="button" class="{}" disabled>{}</button>'
        '<span class="off__reason">{}<span>{}</span></span></span>',
        classes("btn", look),
        _face(label, icon_name),
        icon("why", "s"),
        verdict.reason,
    )


def _attributes(given: dict[str, Any]) -> SafeString:
    """Write extra attributes; `data_busy` becomes `data-busy`, None and False leave one out, True writes it bare."""
    shown = [
        (name.replace("_", "-"), value) for name, value in given.items() if value is not None and value is not False
    ]
    return format_html_join(
        "", " {}{}", ((name, "" if value is True else format_html('="{}"', value)) for name, value in shown)
    )


@register.simple_tag
def button(
    label: str,
    look: str = "",
    *,
    verdict: Reasoned | None = None,
    icon: str = "",
    type: str = "submit",  # the attribute's own name
    key: str = "",
    **attributes: Any,
) -> SafeString:
    """Draw a button that says what it does.

    `look`: none (filled), `second`, `quiet`, `danger`, with `big`, `small`, `wide`. A refusing `verdict` disables it
    and shows the reason. `key` presses it inside a `data-keys` place, and is drawn on it. Other arguments (`name`,
    `value`, `form`, `formaction`, `data_…`) become attributes.
    """
    if verdict is not None and not verdict.allowed:
        return _off(label, look, icon, verdict)
    return format_html(
        '<button type="{}" class="{}"{}>{}</button>',
        type,
        classes("btn", look),
        _attributes({**attributes, "data_key": key or None}),
        _face(label, icon, key),
    )


@register.simple_tag
def link_button(
    label: str,
    url: str,
    look: str = "",
    *,
    verdict: Reasoned | None = None,
    icon: str = "",
    key: str = "",
    **attributes: Any,
) -> SafeString:
    """Draw a link that looks like a button; arguments as for `button`."""
    if verdict is not None and not verdict.allowed:
        return _off(label, look, icon, verdict)
    return format_html(
        '<a class="{}" href="{}"{}>{}</a>',
        classes("btn", look),
        url,
        _attributes({**attributes, "data_key": key or None}),
        _face(label, icon, key),
    )
