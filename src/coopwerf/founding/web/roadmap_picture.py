"""The roadmap as a picture: for each step what was promised, and what became of it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coopwerf.ui import formats
from coopwerf.ui.charts import ROLE, Chart

from ..queries import StepFacts
from ..states import Season, StepState

MOST_LABELS = 5
ROW = 15
SHORTEST = 8
"""Days: a shorter bar wouldn't be seen."""


def picture(steps: Sequence[StepFacts], today: dt.date, languages: tuple[str, str]) -> Chart | None:
    """Return the picture of the steps that are still promised or done; None where there are none."""
    shown = [one for one in steps if one.state not in (StepState.DRAFT, StepState.DROPPED)]
    if not shown:
        return None
    lang = languages[0]
    bars: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    rows: list[tuple[str, str, str, str]] = []
    order: list[str] = []
    first, moved, real = _("first promised"), _("promised now"), _("what became of it")
    for number, step in enumerate(shown):
        _code, words = step.words(*languages)
        order += [f"{number}t", f"{number}p", f"{number}r", f"{number}s"]
        at_first = step.first
        assert at_first is not None
        bars.append(_bar(f"{number}p", first, at_first.season.first_day, at_first.due_on))
        if step.is_moved:
            bars.append(_bar(f"{number}p", moved, step.season.first_day, step.due_on))
        began = step.began_on or step.done_on
        if began is not None:
            bars.append(_bar(f"{number}r", real, began, step.done_on or max(today, began)))
        titles.append({"row": f"{number}t", "title": words.title})
        rows.append(
            (
                words.title,
                when(at_first.season, at_first.due_on, at_first.has_day, lang),
                when(step.season, step.due_on, step.has_day, lang) if step.is_moved else "–",
                reality(step, today, lang),
            )
        )
    begin = min(Season.of(dt.date.fromordinal(one["from"])) for one in bars)
    end = max(Season.of(dt.date.fromordinal(one["to"])) for one in bars)
    low, high = begin.first_day.toordinal(), end.last_day.toordinal() + 1
    for one in titles:
        one["from"] = low
    done = sum(one.state is StepState.DONE for one in shown)
    late = sum(one.is_moved for one in shown)
    says = _(
        "The roadmap from %(begin)s to %(end)s: %(count)s steps, %(done)s of them done; for %(moved)s of them another "
        "time is promised than at first. The table below says the same in words."
    ) % {"begin": begin.in_words, "end": end.in_words, "count": len(shown), "done": done, "moved": late}
    y = {"field": "row", "type": "ordinal", "scale": {"domain": order, "paddingInner": 0.2}, "axis": None}
    x = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False}, "title": None}
    spec = {
        "height": {"step": ROW},
        "layer": [
            {
                "data": {"values": bars},
                "mark": {"type": "bar", "strokeWidth": 2},
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "from", "axis": _axis(begin, end)},
                    "x2": {"field": "to"},
                    "fill": _scale("kind", [first, moved, real], [ROLE["surface"], ROLE["surface"], ROLE["brand"]]),
                    "stroke": _scale(
                        "kind", [first, moved, real], [ROLE["line-strong"], ROLE["accent"], ROLE["brand"]]
                    ),
                },
            },
            {
                "data": {"values": titles},
                "mark": {"type": "text", "align": "left", "limit": 310, "color": ROLE["ink"], "dy": 2},
                "encoding": {"y": y, "x": {**x, "field": "from"}, "text": {"field": "title"}},
            },
        ],
    }
    if low <= today.toordinal() <= high:
        spec["layer"].append(  # type: ignore[attr-defined]
            {
                "data": {"values": [{"on": today.toordinal()}]},
                "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5, "color": ROLE["accent"]},
                "encoding": {"x": {**x, "field": "on"}},
            }
        )
    return Chart(
        spec=spec,
        says=says,
        columns=(_("Step"), _("First promised"), _("Promised now"), pgettext("step", "Really")),
        rows=rows,
        caption=_("Hollow is what was promised, full is what became of it. The broken line is today."),
    )


def _bar(row: str, kind: str, begin: dt.date, end: dt.date) -> dict[str, Any]:
    return {
        "row": row,
        "kind": kind,
        "from": begin.toordinal(),
        "to": max(end.toordinal() + 1, begin.toordinal() + SHORTEST),
    }


def _scale(field: str, domain: list[str], colours: list[str]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": domain, "range": colours},
        "legend": {"columns": 1, "symbolStrokeWidth": 2},
    }


def _axis(begin: Season, end: Season) -> dict[str, Any]:
    """Return the axis: a line where a season begins, and as many names as there is room for."""
    seasons = [Season(code) for code in range(begin.code, end.code + 1)]
    every = -(-len(seasons) // MOST_LABELS)
    names = [
        f"{one.first_day.toordinal()}:['{one.name}','{one.years if one.part != 3 else one.year}']"
        for one in seasons[::every]
    ]
    return {
        "values": [one.first_day.toordinal() for one in seasons],
        "labelExpr": "({" + ",".join(names) + "})[datum.value] || ''",
        "labelAlign": "left",
        "labelOverlap": False,
        "labelBound": False,
        "grid": True,
        "ticks": False,
        "domain": False,
        "orient": "top",
        "labelFontSize": 13,
        "labelPadding": 20,
    }


def when(season: Season, due_on: dt.date, has_day: bool, lang: str) -> str:
    """Return for when something is promised, in words."""
    return formats.date_long(due_on, lang) if has_day else season.in_words


def reality(step: StepFacts, today: dt.date, lang: str) -> str:
    """Return what became of a step, in words."""
    if step.done_on is not None:
        return _("done on %(day)s") % {"day": formats.date_long(step.done_on, lang)}
    if step.began_on is not None:
        return _("under way since %(day)s") % {"day": formats.date_long(step.began_on, lang)}
    return _("later than promised") if step.is_late(today) else _("to come")
