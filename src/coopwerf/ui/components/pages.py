"""Parts that make up a page: its frame, head, notices, tabs, pages of a list, the sticky bar."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coopwerf.ui import formats
from coopwerf.ui import shell as shells

from .basics import classes, current_language

register = template.Library()


@register.simple_tag(takes_context=True)
def shell(context: Context) -> shells.Shell:
    """Give what stands around the page, with a default for whatever the view didn't say; for base templates."""
    return shells.shell_from(context)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Give `light` or `dark` where the page was asked for in one of them (`ui_theme` in the context), else nothing."""
    chosen = str(context.get("ui_theme") or "")
    return chosen if chosen in ("light", "dark") else ""


def _here(request: HttpRequest) -> str:
    """Return the address of a page without the language that a link to it asked for: another was chosen since."""
    if "lang" not in request.GET:
        return request.get_full_path()
    left = request.GET.copy()
    del left["lang"]
    return request.path + (f"?{left.urlencode()}" if left else "")


@register.inclusion_tag("ui/parts/lang_switch.html", takes_context=True)
def lang_switch(context: Context, look: str = "") -> dict[str, Any]:
    """Offer the three languages as buttons of one form, so that it works without script and is never a link."""
    request = context.get("request")
    try:
        action = reverse("ui:language")
    except NoReverseMatch:
        action = ""
    here = current_language()
    return {
        "action": action,
        "languages": [(code, name, code == here) for code, name in formats.LANGUAGE_NAMES.items()],
        "next": _here(request) if request is not None else "/",
        "csrf_token": context.get("csrf_token", ""),
        "classes": classes("lang", look),
    }


@register.simple_block_tag
def page_head(
    content: str,
    title: str,
    lead: str = "",
    *,
    back: str = "",
    back_label: str = "",
    eyebrow: str = "",
    building: bool = False,
) -> SafeString:
    """Head a page: the one h1 that says the state, a lead, a way back, and buttons as content.

    `building` stands the page in the scaffolding.
    """
    return render_to_string(
        "ui/parts/page_head.html",
        {
            "title": title,
            "lead": lead,
            "back": back,
            "back_label": back_label or _("Back"),
            "eyebrow": eyebrow,
            "building": building,
            "content": SafeString(content.strip()),
        },
    )


@register.simple_block_tag
def notice(content: str, look: str = "", *, title: str = "", role: str = "") -> SafeString:
    """Tell something in the flow of the page. `look`: `good attention danger building`, or none."""
    icons = {"good": "check", "attention": "clock", "danger": "close", "building": "clock"}
    return render_to_string(
        "ui/parts/notice.html",
        {
            "classes": classes("notice", look),
            "icon": icons.get(look, "why"),
            "title": title,
            "role": role,
            "content": SafeString(content.strip()),
        },
    )


@register.inclusion_tag("ui/parts/toast.html", takes_context=True)
def toast(context: Context, text: str, *, undo_url: str = "", undo_label: str = "") -> dict[str, Any]:
    """Say what just happened, with the way back as a POST to `undo_url`."""
    return {
        "text": text,
        "undo_url": undo_url,
        "undo_label": undo_label or _("Undo"),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_block_tag
def empty_state(content: str, title: str, text: str = "", *, building: bool = True, level: int = 2) -> SafeString:
    """Show that a list is still empty: what will stand here, and the first step as content."""
    return render_to_string(
        "ui/parts/empty_state.html",
        {
            "title": title,
            "text": text,
            "building": building,
            "level": level,
            "content": SafeString(content.strip()),
        },
    )


@register.simple_block_tag
def dialog(content: str, title: str, *, level: int = 2) -> SafeString:
    """Ask one question before something that is hard to undo; text and buttons as content."""
    return render_to_string(
        "ui/parts/dialog.html", {"title": title, "level": level, "content": SafeString(content.strip())}
    )


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Any], label: str = "") -> dict[str, Any]:
    """Link the pages of one subject; each item a NavItem or a mapping with label, url, current, count."""
    return {"items": [shells.item(one) for one in items], "label": label or _("Parts of this page")}


@register.simple_block_tag
def action_bar(content: str, *, sum: str = "", note: str = "") -> SafeString:  # read in templates
    """Keep the sum and the next step at the thumb on a phone; buttons as content."""
    return render_to_string(
        "ui/parts/action_bar.html", {"sum": sum, "note": note, "content": SafeString(content.strip())}
    )


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, param: str = "page") -> dict[str, Any]:
    """Lead to the pages before and after in a list, keeping the filters of the address."""
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request is not None else None
        if query is None:
            return f"?{param}={number}"
        query[param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "first": page.start_index(),
        "last": page.end_index(),
        "total": page.paginator.count,
    }
