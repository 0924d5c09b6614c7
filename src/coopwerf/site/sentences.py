"""What the site refuses, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "site.demo_there": _(
        "The demonstration is here already, at /c/%(slug)s/. Name another data directory for a new one."
    ),
    "site.play_arguments": _("“%(field)s” doesn't fit: %(why)s. `coopwerf actions` shows what this action takes."),
    "site.play_backwards": _("This line is earlier than the one before it. Put the lines in the order of their times."),
    "site.play_failed": _("Something happened that we didn't foresee (%(kind)s). Nothing of this line was kept."),
    "site.play_json": _("This line isn't a JSON object: %(why)s."),
    "site.play_key": _("“%(key)s” doesn't belong in a line. A line has at, as, do, with and name."),
    "site.play_missing": _("“%(key)s” is missing in this line, or has the wrong shape."),
    "site.play_name": _(
        "The name “%(name)s” can't be used: it has other signs than letters, digits and _, or is taken."
    ),
    "site.play_nobody": _("Nobody signs in here with “%(email)s”. Register this person in an earlier line."),
    "site.play_not_here": _("“%(action)s” isn't for scenarios: it is about the whole installation."),
    "site.play_not_there": _("Something that this line names isn't there (%(kind)s)."),
    "site.play_reference": _("“%(reference)s” refers to nothing that an earlier line gave back."),
    "site.play_somebody_real": _(
        "A scenario changes only people whom it made itself, or who belong to co-operatives for practice and to no other."
    ),
    "site.play_time": _("“%(text)s” is no moment with its time zone. Write it as 2026-11-23T10:00:00+01:00."),
    "site.not_within": _("Only members and office holders of this co-operative can open this page."),
}

register_sentences(REFUSALS)
