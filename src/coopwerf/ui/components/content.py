"""Parts that hold content: panels, reasons, ledgers, figures, steps, tasks, timelines, papers."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coopwerf.ui import markdown as marks
from coopwerf.ui import shell as shells

from .basics import classes, icon, tally

register = template.Library()


@register.simple_block_tag
def panel(content: str, look: str = "", *, title: str = "", level: int = 2) -> SafeString:
    """Lay a sheet on the page. `look`: `plain` (a rule on top only) or `building` (in the scaffolding)."""
    head = format_html('<h{0} class="h-small">{1}</h{0}>', level, title) if title else ""
    return format_html('<section class="{}">{}{}</section>', classes("panel", look), head, SafeString(content))


@register.simple_tag
def markdown(
    text: str, level: int = 2, *, picture: marks.Picture | None = None, by_anybody: bool = False
) -> SafeString:
    """Show a text in Markdown, its highest heading as one of `level`; `picture` makes the HTML of pictures in it."""
    shown = marks.html(text, level=level, picture=picture, by_anybody=by_anybody)
    return format_html('<div class="prose">{}</div>', shown)


@register.simple_block_tag
def why(content: str, question: str, *, source: str = "", open: bool = False) -> SafeString:
    """Say where a number or a rule comes from, folded behind its question; `source` names the article or row."""
    return render_to_string(
        "ui/parts/why.html",
        {"question": question, "source": source, "open": open, "content": SafeString(content.strip())},
    )


@register.simple_block_tag
def ledger(content: str, look: str = "") -> SafeString:
    """List facts and amounts, one a line; `fact` inside. `look`: `tight`, `bare`."""
    return format_html('<dl class="{}">{}</dl>', classes("ledger", look), SafeString(content))


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """Write one line of a ledger: a label, and its value as content (a `why` may follow inside)."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, SafeString(content.strip()))


@register.simple_block_tag
def totals(content: str) -> SafeString:
    """Set figures in one line; `figure` inside."""
    return format_html('<dl class="totals">{}</dl>', SafeString(content))


@register.simple_block_tag
def figure(content: str, label: str, *, note: str = "") -> SafeString:
    """Write one figure of totals: a label, its value as content, a note below."""
    below = format_html("<small>{}</small>", note) if note else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", label, SafeString(content.strip()), below)


@register.inclusion_tag("ui/parts/steps.html")
def steps(labels: Sequence[Any], current: int = 1, *, label: str = "") -> dict[str, Any]:
    """Show the way through a few steps; `current` counts from 1. A done step may be a (label, url) pair to go back."""
    shown = []
    for position, one in enumerate(labels, start=1):
        step = shells.NavItem(label=str(one), url="") if isinstance(one, str) or not _is_pair(one) else shells.item(one)
        shown.append(
            {"label": step.label, "url": step.url, "is_done": position < current, "is_now": position == current}
        )
    return {"steps": shown, "label": label}


def _is_pair(one: Any) -> bool:
    return isinstance(one, tuple | list | dict | shells.NavItem)


@register.simple_block_tag
def tasks(content: str) -> SafeString:
    """List what needs somebody; `task` inside."""
    return format_html('<ul class="tasks plain">{}</ul>', SafeString(content))


@register.simple_block_tag
def task(
    content: str,
    title: str,
    url: str,
    act: str,
    *,
    minutes: int | None = None,
    until: str = "",
    look: str = "second",
    level: int = 2,
) -> SafeString:
    """Ask for one thing: a title, a sentence as content, the minutes it takes, a button. `look=""` fills the button."""
    return render_to_string(
        "ui/parts/task.html",
        {
            "title": title,
            "url": url,
            "act": act,
            "tally": tally(minutes) if minutes else "",
            "until": until,
            "classes": classes("btn", look),
            "level": level,
            "content": SafeString(content.strip()),
        },
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """Tell what happened and what comes; `moment` inside."""
    return format_html('<ol class="timeline">{}</ol>', SafeString(content))


@register.simple_block_tag
def moment(content: str, title: str, state: str = "done", *, when: str = "") -> SafeString:
    """Tell one moment. `state`: `done` (solid), `now` (orange), `later` (hollow); text as content."""
    state_class = {"done": "is-done", "now": "is-now", "later": "is-later"}[state]
    text = content.strip()
    return format_html(
        '<li class="{}"><b>{}</b>{}{}</li>',
        state_class,
        title,
        format_html("<small>{}</small>", when) if when else "",
        format_html("<small>{}</small>", SafeString(text)) if text else "",
    )


@register.simple_block_tag
def docs(content: str) -> SafeString:
    """List papers; `doc` inside."""
    return format_html('<ul class="docs">{}</ul>', SafeString(content))


@register.simple_tag
def doc(title: str, url: str, note: str = "", *, kind: str = "document") -> SafeString:
    """Link one paper. `kind`: `document` opens, `download` saves."""
    return format_html(
        '<li><a href="{}"{}>{}<span><b>{}</b>{}</span></a></li>',
        url,
        SafeString(" download") if kind == "download" else "",
        icon(kind),
        title,
        format_html("<small>{}</small>", note) if note else "",
    )
