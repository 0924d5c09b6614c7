"""What messages refuses, and what it does, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "messages.agreed_later": _("Nobody can have agreed on a day that is still to come."),
    "messages.asked_long_ago": _(
        "What you asked is too long ago, or you left meanwhile. Fill in the form once more if you want to follow."
    ),
    "messages.asked_often": _("That was asked often already. Wait an hour, then try again."),
    "messages.half_written": _(
        "In one language there is a subject without a text, or a text without a subject. Write both, or empty both."
    ),
    "messages.in_the_past": _("That moment is over. Choose a later one, or send it now."),
    "messages.list_too_long": _("Bring at most %(most)s people at a time: cut the list in parts."),
    "messages.list_unreadable": _(
        "This list can’t be read: %(why)s. Save it as CSV, with a first line that names the columns."
    ),
    "messages.newsletter_gone": _("This newsletter isn’t there (any more)."),
    "messages.no_audience": _("Say first whom it is for."),
    "messages.no_source": _("Say where the list comes from: whoever asks how you got their address is told."),
    "messages.no_topic": _("Choose at least one thing to follow."),
    "messages.nothing_written": _("Write it first, in one language at least: a subject and a text."),
    "messages.notice_to_followers": _(
        "A notice by law goes to members: followers can always leave. Choose members only."
    ),
    "messages.sent_already": _("This newsletter is on its way already: it can’t be changed or sent once more."),
    "messages.text_too_long": _("This text is too long: at most %(most)s characters."),
    "messages.wrong_date": _("“%(text)s” is not a date. Write it as 2026-11-23 or 23-11-2026."),
    "messages.address_wrong": _("“%(address)s” is not an e-mail address that one can write to."),
    "messages.already_delivered": _("This mail was delivered already."),
    "messages.already_waiting": _("This mail is on its way: it will be tried again by itself."),
    "messages.blanked": _(
        "The text of this mail was removed, because it held a code or link that has long expired. Let the person ask for a new one."
    ),
    "messages.contact_gone": _(
        "Whoever this was is not known here any more. Give your address anew if you want to hear from us."
    ),
    "messages.dropped": _("This mail isn’t sent any more: its reader left meanwhile, or it was stopped."),
    "messages.letter_gone": _("This letter isn’t there (any more)."),
    "messages.name_wrong": _("Write only a name, in at most %(most)s characters, without an address or a link."),
    "messages.no_box": _("It isn’t known where mail comes back to: set COOPWERF_BOUNCES."),
    "messages.nothing_to_print": _("In this language no letter waits to be printed."),
    "messages.no_smtp": _("This installation has no mail server yet: set COOPWERF_SMTP_URL and start it again."),
    "messages.nobody": _("It isn’t known to whom this letter should go: there is no person and no e-mail address."),
    "messages.not_for_sending": _("This letter is sent by itself when there is reason to."),
    "messages.not_in_doubt": _("Of this mail it is known what became of it."),
    "messages.not_on_paper": _("This letter went by e-mail: there is nothing to print."),
    "messages.pace_wrong": _("Write a domain as example.org, and how many mails a minute: at least 1."),
    "messages.unknown_letter": _("There is no letter called “%(letter)s”."),
}

VERBS = {
    "messages.asked_forgotten": _("forgot who never confirmed"),
    "messages.follow_agreed": _("agreed to be written to"),
    "messages.follow_asked": _("asked to follow"),
    "messages.follow_changed": _("changed what they follow"),
    "messages.follow_confirmed": _("confirmed that they follow"),
    "messages.follow_left": _("stopped following"),
    "messages.followers_imported": _("brought a list of followers"),
    "messages.followers_told": _("told followers something"),
    "messages.newsletter_addressed": _("said whom a newsletter is for"),
    "messages.newsletter_begun": _("began a newsletter"),
    "messages.newsletter_dropped": _("deleted the draft of a newsletter"),
    "messages.newsletter_moved": _("paused, continued or stopped a newsletter"),
    "messages.newsletter_planned": _("planned a newsletter"),
    "messages.newsletter_released": _("let a newsletter leave"),
    "messages.newsletter_sent": _("sent a newsletter"),
    "messages.newsletter_tried": _("sent a newsletter to oneself"),
    "messages.newsletter_written": _("wrote a newsletter"),
    "messages.news_addressed": _("wrote to followers what was told"),
    "messages.news_mended": _("mended what followers hear"),
    "messages.news_withdrawn": _("took back what followers hear"),
    "messages.stranger_forgotten": _("forgot an address that nobody confirmed"),
    "messages.taken_out": _("took somebody out who asked for it"),
    "messages.address_tried_again": _("wrote again to an address that works"),
    "messages.forget_asked": _("asked to be forgotten"),
    "messages.name_asked": _("asked for another name"),
    "messages.own_data_mailed": _("was mailed their own data"),
    "messages.week_told": _("wrote the mail of the week"),
    "messages.address_unblocked": _("let mail to an address leave again"),
    "messages.bulk_moved": _("paused, continued or stopped a batch of mails"),
    "messages.mail_bounced": _("noted that a mail came back"),
    "messages.mail_claimed": _("began to hand over a mail"),
    "messages.mail_handed_on": _("went on with the next mail of a batch"),
    "messages.mail_in_doubt": _("called a mail in doubt"),
    "messages.mail_left": _("left a mail to whoever hands it over"),
    "messages.mail_paced": _("put off a mail to keep the pace of its domain"),
    "messages.mails_doubted": _("called mails in doubt that a worker left"),
    "messages.mails_set_apart": _("set mails of a batch apart"),
    "messages.print_file_asked": _("had letters put into one file"),
    "messages.print_file_printed": _("printed and posted a file of letters"),
    "messages.pace_set": _("changed how many mails a minute go to a domain"),
    "messages.taken_as_delivered": _("took a mail as delivered"),
    "messages.contact_blocked": _("stopped writing to an address"),
    "messages.contact_changed": _("changed a name or language of somebody without an account"),
    "messages.contact_confirmed": _("confirmed an address"),
    "messages.contact_forgotten": _("forgot somebody without an account"),
    "messages.contact_known": _("noted an address"),
    "messages.links_revoked": _("made the links of somebody without an account worthless"),
    "messages.blanked": _("removed expired codes and links from mails"),
    "messages.kept": _("put a mail into the outbox"),
    "messages.letter_printed": _("printed a letter"),
    "messages.letters_sent": _("sent many letters"),
    "messages.letter_sent": _("wrote a letter"),
    "messages.mail_delivered": _("delivered a mail"),
    "messages.mail_forgotten": _("removed the mails of somebody who was erased"),
    "messages.mail_given_up": _("gave up a mail"),
    "messages.mail_put_off": _("put off a mail"),
    "messages.mail_refused": _("had a mail refused"),
    "messages.sent_again": _("sent a mail again"),
}

register_sentences(REFUSALS, VERBS)
