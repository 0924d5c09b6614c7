"""The register over time: how members and shares grew, as pictures with their table."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coopwerf.ui import charts, formats

from .. import queries
from .desk import Desk

LEAST = 3


def over_time(desk: Desk, until: dt.date) -> list[charts.Chart]:
    """Return how members, and shares where there are any, came to what they are on a date; nothing for a few days."""
    points = queries.history_points(desk.coop_id, until)
    if len(points) < LEAST:
        return []
    if points[-1].on < until:
        points = [*points, queries.DayPoint(until, points[-1].members, points[-1].shares, points[-1].paid)]
    found = [_chart([(one.on, one.members) for one in points], _("Members"))]
    if any(one.shares for one in points):
        found.append(_chart([(one.on, one.shares) for one in points], desk.words.label))
    return found


def _chart(points: list[tuple[dt.date, int]], what: str) -> charts.Chart:
    lang = formats.language(get_language())
    days = (points[-1][0] - points[0][0]).days
    axis = "%Y" if days > 900 else "%b %Y" if days > 80 else "%d-%m"
    (first, before), (last, now) = points[0], points[-1]
    says = _("%(what)s: from %(before)s on %(first)s to %(now)s on %(last)s") % {
        "what": what,
        "before": formats.number(before, lang),
        "first": formats.date_long(first, lang),
        "now": formats.number(now, lang),
        "last": formats.date_long(last, lang),
    }
    spec = {
        "data": {"values": [{"on": on.isoformat(), "count": count} for on, count in points]},
        "mark": {"type": "area", "interpolate": "step-after"},
        "encoding": {
            "x": {
                "field": "on",
                "type": "temporal",
                "title": None,
                "axis": {"format": axis, "tickCount": 4, "labelOverlap": True},
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": None,
                "axis": {"format": ",d", "tickMinStep": 1},
                "scale": {"domainMin": 0},
            },
        },
    }
    return charts.Chart(
        spec=spec,
        says=says,
        caption=says,
        columns=[_("Date"), what],
        rows=[[formats.date_short(on, lang), formats.number(count, lang)] for on, count in points],
    )
