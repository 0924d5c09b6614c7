"""Small parts: icons, drawings, figures, names, states, links between pages."""

import datetime as dt
import re
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from coopwerf.ui import formats

register = template.Library()

IMAGES = Path(__file__).resolve().parent.parent / "static" / "ui" / "img"
NOTHING = mark_safe('<span class="soft">–</span>')  # our own constant


def current_language() -> str:
    """Return nl, fr or en: the language of the page being made."""
    return formats.language(get_language())


@lru_cache(maxsize=1024)
def classes(block: str, *looks: str) -> str:
    """Write a class list: `btn` with looks `second small` gives `btn btn--second btn--small`."""
    names = [block]
    for look in looks:
        names.extend(f"{block}--{one}" for one in look.split())
    return " ".join(names)


@cache
def icon_shapes() -> dict[str, str]:
    """Read the shapes of our icons from the sheet, by name."""
    sheet = (IMAGES / "icons.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="i-([a-z-]+)"[^>]*>(.*?)</symbol>', sheet, re.S))


@cache
def drawing(name: str) -> SafeString:
    """Read one of our own drawings for use inside a page, in the colours of the page."""
    text = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    text = re.sub(r"<!--.*?-->|<style>.*?</style>", "", text, flags=re.S)
    text = re.sub(r' xmlns="[^"]*"| color="[^"]*"', "", text)
    text = text.replace('"#d9560f"', '"var(--accent)"')
    return mark_safe(re.sub(r">\s+<", "><", text.strip()))  # noqa: S308  # our own file


@register.filter
def paragraphs(text: str) -> SafeString:
    """Set what somebody typed: empty lines part paragraphs, lines that begin with a dash are a list."""
    return mark_safe("".join(_set(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()))  # noqa: S308


def _set(part: str) -> str:
    made: list[str] = []
    lines: list[str] = []
    points: list[str] = []

    def put() -> None:
        if lines:
            made.append(f"<p>{'<br>'.join(lines)}</p>")
        if points:
            made.append(f"<ul>{''.join(f'<li>{point}</li>' for point in points)}</ul>")
        lines.clear()
        points.clear()

    for line in part.strip().splitlines():
        found = re.match(r"\s*[-–•*]\s+(.+)", line)
        if points if found is None else lines:
            put()
        (points if found else lines).append(escape((found[1] if found else line).strip()))
    put()
    return "".join(made)


@register.simple_tag
def icon(name: str, look: str = "") -> SafeString:
    """Draw an icon; a word always stands beside it. `look`: `s` for the small one. KeyError for an unknown name."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        classes("icon", look),
        mark_safe(icon_shapes()[name]),  # noqa: S308  # our own file
    )


@register.simple_tag
def scaffold() -> SafeString:
    """Draw the scaffolding that marks what is still being built."""
    return mark_safe(drawing("scaffold").replace("<svg", '<svg class="scaffold" aria-hidden="true"', 1))  # noqa: S308


@register.simple_tag
def mark() -> SafeString:
    """Draw Coopwerf's mark, to stand before a name."""
    return mark_safe(drawing("mark").replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S308


@register.simple_tag
def wordmark() -> SafeString:
    """Draw Coopwerf's name."""
    return drawing("wordmark")


@register.simple_tag(takes_context=True)
def nonce(context: Context) -> str:
    """Write the nonce that lets a script of ours run on this page; the one place that knows who hands it out."""
    request = context.get("request")
    return str(getattr(request, "csp_nonce", "") or "")


@register.simple_tag
def money(amount: Decimal | int | None, look: str = "", *, places: int = 2, sign: bool = False) -> SafeString:
    """Write an amount in euro. `look`: `big` or `mid` where it stands alone; `places` 4 for an amount per share."""
    if amount is None:
        return NOTHING
    text = formats.money(amount, current_language(), places=places, sign=sign)
    return SafeString(f"{_money(look)}{text}</span>")  # digits and signs only


@lru_cache(maxsize=64)
def _money(look: str) -> str:
    return f'<span class="{escape(classes("money", look))}">'


@register.simple_tag
def price(amount: Decimal | None, look: str = "") -> SafeString:
    """Write an amount per share: with two decimals, with four where a split left fractions of a cent."""
    if amount is None:
        return NOTHING
    return money(amount, look, places=2 if amount == amount.quantize(Decimal("0.01")) else 4)


@register.simple_tag
def number(value: Decimal | int | None, *, places: int | None = None, sign: bool = False) -> SafeString:
    """Write a number with its thousands grouped; `sign` puts a plus before a positive movement."""
    if value is None:
        return NOTHING
    text = formats.number(value, current_language(), places=places, sign=sign)
    return SafeString(f'<span class="num">{text}</span>')  # digits and signs only


@register.simple_tag
def percent(value: Decimal | int | None, *, places: int | None = None) -> SafeString:
    """Write a percentage given in hundredths."""
    if value is None:
        return NOTHING
    return format_html('<span class="num">{}</span>', formats.percent(value, current_language(), places=places))


@register.simple_tag
def date(value: dt.date | None, look: str = "short") -> SafeString:
    """Write a date or the date of a moment.

    `look`: `short` (31-12-2025) for tables, `long` (31 december 2025) for sentences, `day` (with the weekday),
    `month`, `time` (date and time of a moment), `clock` (time only).
    """
    if value is None:
        return NOTHING
    lang = current_language()
    moment = timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    if look in ("time", "clock") and isinstance(moment, dt.datetime):
        words = formats.clock(moment, lang)
        if look == "time":
            words = f"{formats.date_long(moment, lang)}, {words}"
        machine = moment.isoformat(timespec="minutes")
    else:
        writers = {"long": formats.date_long, "month": formats.month, "short": formats.date_short}
        words = formats.date_long(moment, lang, weekday=True) if look == "day" else writers[look](moment, lang)
        machine = f"{moment:%Y-%m-%d}"
    return SafeString(f'<time class="date" datetime="{machine}">{words}</time>')  # our own words only


@register.simple_tag
def code(text: str, look: str = "") -> SafeString:
    """Write a code letter by letter, its zeros slashed: a reference, IBAN or hash.

    `look`: `line`, `block`, or `path` for an address on the web, which breaks after its slashes.
    """
    if look == "path":
        steps = format_html_join(mark_safe("/<wbr>"), "{}", ((step,) for step in text.split("/")))
        return format_html('<span class="{}" translate="no">{}</span>', classes("code", ""), steps)
    return format_html('<span class="{}" translate="no">{}</span>', classes("code", look), text)


@register.simple_tag
def pill(label: str, look: str = "") -> SafeString:
    """Mark a state that is the exception in its list. `look`: `good attention danger building`, or none."""
    return format_html('<span class="{}">{}</span>', classes("pill", look), label)


@register.simple_tag
def person(name: str, role: str = "", *, url: str = "") -> SafeString:
    """Show somebody: initials, name, and what they do here."""
    shown = format_html('<a href="{}">{}</a>', url, name) if url else name
    return format_html(
        '<span class="person"><span class="person__mark" aria-hidden="true">{}</span>'
        '<span class="person__name">{}{}</span></span>',
        formats.initials(name),
        shown,
        format_html('<span class="person__role">{}</span>', role) if role else "",
    )


@register.simple_tag
def tally(minutes: int) -> SafeString:
    """Show the time a task takes: one stroke is one minute, the fifth lies across; more than ten are told in words."""
    words = ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {
        "minutes": formats.number(minutes, current_language())
    }
    if not 1 <= minutes <= 10:
        return format_html('<span class="tally">{}</span>', words)
    path, x = "", 3
    for stroke in range(1, minutes + 1):
        if stroke % 5:
            path += f"M{x} 3v16"
            x += 6
        else:
            path += f"M{x - 26.5} 15l31-8"
            x += 8
    return format_html(
        '<span class="tally"><svg viewBox="0 0 {} 22" aria-hidden="true"><path d="{}"/></svg>{}</span>', x, path, words
    )
