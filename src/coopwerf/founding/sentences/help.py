"""What calls for help refuse, and what their acts are called."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.amount_wrong": _("Give an amount in euro and cents, above zero."),
    "founding.help_often": _("Much came from your network just now. Try again in an hour."),
    "founding.call_changed": _("This call changed meanwhile. Look at it again."),
    "founding.call_closed": _("This call is closed. Look at the others: there is more to do."),
    "founding.call_empty": _("Say in at least one language what you ask for."),
    "founding.call_gone": _("This call isn't there (any more). Look at the list again."),
    "founding.call_kept": _("People have read this call, so it stays. Close it instead, and say what became of it."),
    "founding.calls_full": _("There are %(most)s calls already, the most that fit. Mend an older draft instead."),
    "founding.closing_empty": _("Say in at least one language what became of it: whoever helped wants to know."),
    "founding.due_past": _("This day is past. Give a later day, or none."),
    "founding.help_found": _("Every place is taken: somebody came just before. Look at the other calls."),
    "founding.kind_stays": _("People have read this call: what it asks for stays. Close it, and write a new one."),
    "founding.lent_turned": _("It would come back before it is lent. Change one of the two days."),
    "founding.lowers_wrong": _("Choose a call for money from the list, or none."),
    "founding.messages_full": _("You wrote %(most)s messages about this already. Wait for the answer."),
    "founding.minutes_wrong": _("Say how many minutes it takes: from 1 to %(most)s."),
    "founding.offer_changed": _("This offer changed meanwhile. Look at it again."),
    "founding.offer_gone": _("This offer isn't there (any more). Look at the page again."),
    "founding.offered_often": _("Much came for this e-mail address today. Go on tomorrow, or with another address."),
    "founding.places_taken": _("%(taken)s places are taken already. Offer as many, or more."),
    "founding.places_wrong": _("Say how many people or things you need: from 1 to %(most)s."),
    "founding.skill_wrong": _("Choose what it takes from the list."),
    "founding.talk_gone": _("Nobody has written here (any more). Look at the call again."),
    "founding.translation_there": _("This translation is there, or somebody is asked for it already."),
    "founding.value_missing": _("Say what it is worth to you in euro; zero if it doesn't lower what you need."),
    "founding.words_missing": _("Write a few words."),
}

VERBS = {
    "founding.call_closed": _("closed a call for help"),
    "founding.call_deleted": _("deleted a draft of a call for help"),
    "founding.call_opened": _("asked for help in public"),
    "founding.call_written": _("wrote a call for help"),
    "founding.help_confirmed": _("confirmed what they offered or asked"),
    "founding.help_given": _("noted that help was given"),
    "founding.help_offered": _("offered help"),
    "founding.helper_forgotten": _("forgot a helper"),
    "founding.helper_named": _("said whether they may be thanked by name"),
    "founding.message_answered": _("answered somebody who asked or offered something"),
    "founding.message_sent": _("wrote to a project about help"),
    "founding.offer_accepted": _("accepted an offer of help"),
    "founding.offer_declined": _("declined an offer of help"),
    "founding.offer_withdrawn": _("took an offer of help back"),
    "founding.question_asked": _("asked something about a call for help"),
    "founding.translation_asked": _("asked who translates a report"),
    "founding.translation_sent": _("sent the translation of a report"),
    "founding.unconfirmed_forgotten": _("forgot what was never confirmed"),
}

register_sentences(REFUSALS, VERBS)
