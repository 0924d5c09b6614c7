"""What is refused and done about reports, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.author_already": _("This person writes along already."),
    "founding.authors_full": _("At most %(most)s people write one report. Take somebody off first."),
    "founding.invitation_gone": _("This invitation isn’t valid (any more). Ask whoever invited you for a new one."),
    "founding.language_unknown": _("A report is told in Dutch, French or English. Choose one of the others."),
    "founding.moment_past": _("Choose a moment that is still to come, within a year."),
    "founding.no_reason": _("Say why, in a sentence: readers see it."),
    "founding.no_text": _("No text is kept yet. Write at least one of the three parts, and keep it."),
    "founding.no_title": _("Give it a title."),
    "founding.nothing_new": _("Nothing was changed since it was published."),
    "founding.only_draft": _("This report was published: it can’t be deleted. Correct it, or take it back."),
    "founding.part_untold": _("This part stands in the original and isn’t translated yet. Translate it."),
    "founding.picture_unknown": _(
        "There is no picture %(place)s in this report. Bring it, or take it out of the text."
    ),
    "founding.picture_untold": _(
        "Nobody says yet what is seen on picture %(place)s, in the language of this report. Say it below the picture."
    ),
    "founding.pictures_full": _("A report has at most %(most)s pictures. Begin another report for the others."),
    "founding.report_gone": _("This report isn’t here (any more). Look at the list of reports."),
    "founding.report_moved": _("The report changed meanwhile. Look at it again."),
    "founding.report_taken_back": _("This report was taken back: it stays as it was. Write a new one."),
    "founding.text_too_long": _("This text has %(length)s characters. At most %(longest)s fit."),
    "founding.translation_gone": _("This translation doesn’t wait (any more): somebody has decided on it."),
    "founding.version_unknown": _("This isn’t a version of the report that can be translated. Look at it again."),
    "founding.where_unknown": _("Say where the picture goes: on top, or in one of the three parts."),
}

VERBS = {
    "founding.author_invited": _("invited somebody to write a report"),
    "founding.author_joined": _("joined the authors of a report"),
    "founding.author_left": _("took their name off a report"),
    "founding.author_removed": _("took an author off a report"),
    "founding.correction_discarded": _("threw away what was written since a report was published"),
    "founding.draft_deleted": _("deleted a draft of a report"),
    "founding.picture_brought": _("brought a picture to a report"),
    "founding.picture_taken_away": _("took a picture out of a report for good"),
    "founding.report_drafted": _("began a report"),
    "founding.report_published": _("published a report, or a correction of one"),
    "founding.report_scheduled": _("scheduled a report"),
    "founding.report_signed": _("put their name below a report"),
    "founding.report_taken_back": _("took a report back"),
    "founding.report_unscheduled": _("made a scheduled report a draft again"),
    "founding.report_written": _("wrote on a report"),
    "founding.translation_accepted": _("accepted a translation of a report"),
    "founding.translation_declined": _("left a translation of a report aside"),
    "founding.translation_recorded": _("translated a report"),
    "founding.writer_forgotten": _("forgot who wrote reports, for somebody’s privacy"),
}

register_sentences(REFUSALS, VERBS)
