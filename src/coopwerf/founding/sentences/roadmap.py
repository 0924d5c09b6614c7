"""What the roadmap refuses and what its acts are called."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.day_ahead": _("This day is still to come. Give a day until today."),
    "founding.day_outside": _("This day isn't in that season: it goes from %(first)s until %(last)s."),
    "founding.done_before_begun": _("Work on it began on %(began)s. Give that day or a later one."),
    "founding.evidence_empty": _("Say how it is called, so that readers know where the link leads."),
    "founding.evidence_full": _("A step shows at most %(most)s links. Take one off first."),
    "founding.evidence_gone": _("This link isn't there (any more). Look at the step again."),
    "founding.text_language": _("Texts are written in Dutch, French or English. Choose one of these."),
    "founding.promise_same": _("That is what is promised already. Choose another season or day."),
    "founding.roadmap_full": _("A roadmap holds at most %(most)s steps. Put two together."),
    "founding.season_wrong": _("Choose a season, and a year from 2000 to 2099."),
    "founding.step_changed": _("The step changed meanwhile. Look at it again."),
    "founding.step_empty": _("Say in at least one language what will be there."),
    "founding.step_gone": _("This step isn't there (any more). Look at the roadmap again."),
    "founding.step_kept": _("This was promised, so it stays to be read. Say that you won't make it, and why."),
    "founding.text_long": _("This text has %(length)s characters. At most %(longest)s fit."),
    "founding.url_wrong": _("This isn't an address of a page. Copy it from your browser: https://…"),
    "founding.why_missing": _("Say why, in at least one language: whoever was promised something reads it."),
}

VERBS = {
    "founding.evidence_added": _("added by what one can see a step"),
    "founding.evidence_removed": _("took a link off a step"),
    "founding.promise_moved": _("moved a promise of the roadmap"),
    "founding.step_begun": _("noted that work on a step began"),
    "founding.step_deleted": _("deleted a draft of a step"),
    "founding.step_done": _("noted that a step is done"),
    "founding.step_dropped": _("dropped a step of the roadmap"),
    "founding.step_placed": _("changed the order of steps"),
    "founding.step_promised": _("promised a step on the roadmap"),
    "founding.step_reopened": _("noted that a step isn't done after all"),
    "founding.step_taken_up": _("promised a dropped step again"),
    "founding.step_written": _("wrote a step of the roadmap"),
}

register_sentences(REFUSALS, VERBS)
