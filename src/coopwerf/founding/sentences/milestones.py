"""What is refused and done about milestones, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.milestone_day": _("Give the day on which this was reached, or a day within the next two years."),
    "founding.milestone_known": _("This follows from what stands elsewhere: nobody has to note it."),
}

VERBS = {
    "founding.milestone_noted": _("noted how far the co-operative has come"),
}

register_sentences(REFUSALS, VERBS)
