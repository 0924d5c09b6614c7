"""Reading the register as of a date, and as known at a position."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from coopwerf.kernel.web import Request

from .. import policies, queries
from .charts import over_time
from .desk import Desk
from .forms import RegisterFilters
from .known import known_position

AT_ONCE = 50


@require_GET
def register(request: Request) -> HttpResponse:
    """Show the register as of a date, fifty members at a time."""
    desk = Desk(request)
    desk.see.require()
    codes = [terms.code for terms in desk.terms]
    form = RegisterFilters(request.GET or None, initial={"on": desk.today}, codes=codes)
    asked = form.asked(desk.today)
    known = known_position(desk, asked.known)
    after = _whole(request.GET.get("after", ""))
    wanted = {"text": asked.text, "share_class": asked.share_class, "state": asked.state}
    lines = list(queries.lines_page(desk.coop_id, asked.at, known=known, after=after, limit=AT_ONCE + 1, **wanted))
    more = len(lines) > AT_ONCE
    lines = lines[:AT_ONCE]
    dated = {"on": asked.at.isoformat(), **({} if known is None else {"known": str(known)})}
    extract = reverse("register:extract", kwargs={"slug": desk.coop.slug})
    is_plain = not after and known is None and not any(wanted.values())
    context = {
        "form": form,
        "bring": policies.may_import_register(desk.actor, desk.coop_id, desk.today),
        "keep": desk.keep,
        "words": desk.words,
        "at": asked.at,
        "is_today": asked.at == desk.today,
        "known": known,
        "begins": queries.begins_after(desk.coop_id, asked.at, known) if asked.at < desk.today else None,
        "dated": "" if asked.at == desk.today and known is None else f"?{urlencode(dated)}",
        "lines": lines,
        "has_shares": bool(codes),
        "knows_shares": bool(codes) or not desk.needs_no_shares,
        "some_left": any(line.ended_on for line in lines),
        "totals": queries.totals(desk.coop_id, asked.at, known),
        "first_after": after,
        "more": f"?{urlencode({**dated, **wanted, 'after': str(lines[-1].number)})}" if more else "",
        "extract_url": f"{extract}?{urlencode(dated)}",
        "charts": over_time(desk, asked.at) if is_plain else [],
    }
    return render(request, "register/register.html", context)


def _whole(text: str) -> int:
    return min(int(text), 2**31 - 1) if text.isdecimal() and len(text) < 12 else 0
