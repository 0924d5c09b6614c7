"""What is refused and done about comments, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.asked_often": _("Many comments came from your network just now. Try again in an hour."),
    "founding.comment_changed": _("This comment was changed since you read it. Read it again, then decide."),
    "founding.comment_gone": _("This comment isn’t here (any more). Go back to the report."),
    "founding.comment_settled": _("Somebody has decided on this comment already. Look at it again."),
    "founding.comments_closed": _("Nothing new can be said below this report: its comments are closed."),
    "founding.edit_over": _("A comment can be mended for fifteen minutes. Take it away and write a new one."),
    "founding.many_links": _("At most %(most)s links fit in a comment. Leave some out."),
    "founding.no_ground": _("Say why, by choosing one of the reasons."),
    "founding.nothing_said": _("Write what you want to say."),
    "founding.pseudonym_mixed": _(
        "Write your pseudonym in letters of one alphabet, and without signs that nobody sees: else it could pass for "
        "somebody else’s."
    ),
    "founding.pseudonym_taken": _("Somebody else goes by this pseudonym here. Choose another one."),
    "founding.pseudonym_wrong": _(
        "A pseudonym has 2 to %(most)s characters, with letters or digits in it, and is no address or link."
    ),
    "founding.said_often": _("Many comments came with this address today. Go on tomorrow."),
    "founding.sent_fast": _("That was very fast. Read your words once more, and send them again."),
}

VERBS = {
    "founding.comment_answered": _("answered below a report by name"),
    "founding.comment_approved": _("let a comment appear"),
    "founding.comment_confirmed": _("confirmed a comment"),
    "founding.comment_edited": _("mended a comment"),
    "founding.comment_hidden": _("hid a comment"),
    "founding.comment_objected": _("objected to a comment"),
    "founding.comment_refused": _("did not take a comment"),
    "founding.comment_said": _("left a comment"),
    "founding.comment_said_again": _("sent a comment a second time"),
    "founding.comment_shown_again": _("showed a comment again"),
    "founding.answers_followed": _("chose whether to hear of answers to a comment"),
    "founding.comment_taken_back": _("took a comment of their own away"),
    "founding.comments_cleared": _("forgot comments that were never confirmed or not taken"),
    "founding.comments_forgotten": _("emptied the comments of somebody who was forgotten"),
    "founding.moderators_reminded": _("reminded authors of comments that wait"),
    "founding.objections_settled": _("left a comment where it stands"),
}

register_sentences(REFUSALS, VERBS)
