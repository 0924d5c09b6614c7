"""What messages refuses, and what it does, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
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
    "messages.no_smtp": _("This installation has no mail server yet: set COOPWERF_SMTP_URL and start it again."),
    "messages.nobody": _("It isn’t known to whom this letter should go: there is no person and no e-mail address."),
    "messages.not_for_sending": _("This letter is sent by itself when there is reason to."),
    "messages.not_in_doubt": _("Of this mail it is known what became of it."),
    "messages.not_on_paper": _("This letter went by e-mail: there is nothing to print."),
    "messages.pace_wrong": _("Write a domain as example.org, and how many mails a minute: at least 1."),
    "messages.unknown_letter": _("There is no letter called “%(letter)s”."),
}

VERBS = {
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
