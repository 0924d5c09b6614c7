"""What this package refuses and does, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "people.address_missing": _("Give the street and town of the address."),
    "people.administrator_exists": _("This installation has an administrator already."),
    "people.agent_no_person": _("Only a human being can act for somebody else."),
    "people.code_gone": _("This code can't be used any more: it is too old, or it was used. Ask for a new one."),
    "people.contact_is_theirs": _(
        "How this person is reached opens more than your register. Only they can change it, under My data, "
        "or whoever acts for them."
    ),
    "people.country_wrong": _("Choose the country from the list."),
    "people.date_impossible": _("Give a date between %(earliest)s and %(latest)s."),
    "people.downloads_too_many": _("These data were downloaded %(most)s times today. Try again tomorrow."),
    "people.email_missing": _("Give an e-mail address."),
    "people.email_not_free": _("This address can't be used to sign in here. Choose another one."),
    "people.email_wrong": _("This is no e-mail address. It looks like name@example.org."),
    "people.ended_already": _("This has ended already."),
    "people.enterprise_number_missing": _("Give the enterprise number of the organisation."),
    "people.enterprise_number_wrong": _(
        "This enterprise number fails its own check. Belgian ones have 10 digits (0123.456.749), Dutch trade register "
        "numbers 8; others start with the letters of their country."
    ),
    "people.erased_already": _("These data were erased already."),
    "people.erasure_asked_already": _(
        "The erasure is confirmed already. Until it is carried out, you can take it back on the page of your data."
    ),
    "people.erasure_gone": _("There is no erasure to confirm or take back here. Look at the page of your data."),
    "people.erasure_of_organisation": _(
        "An organisation isn't erased on this page. End acting for it: if nobody else does and it stands in no "
        "register, it is erased together with you."
    ),
    "people.file_exists": _("There is a file “%(file)s” already. Name a new one."),
    "people.guardian_too_long": _("A minor is represented for at most %(years)s years, until coming of age."),
    "people.guardian_without_end": _("Give the day before the minor comes of age: until then you act for them."),
    "people.kind_mismatch": _("An organisation has representatives, a minor has guardians."),
    "people.language_unknown": _("Choose Dutch, French or English."),
    "people.last_administrator": _(
        "You are the only administrator of this installation. Make somebody else administrator first."
    ),
    "people.link_gone": _("This link can't be used any more: it is too old, or it was used. Ask for a new one."),
    "people.list_unreadable": _("Line %(number)s of the list of erasures can't be read."),
    "people.name_missing": _("Give a name."),
    "people.no_administrator": _("No administrator signs in with this address."),
    "people.not_waited": _("Ask for the erasure on the page of your data. It is carried out after a waiting time."),
    "people.not_yours": _("You may change your own data only, and those of whom you act for."),
    "people.passkey_unknown": _("We don't know this passkey. Take the code by mail, and add it afterwards."),
    "people.passkey_wrong": _("The passkey couldn't be made. Nothing was changed; try again."),
    "people.passkeys_many": _("You have %(most)s passkeys already. Remove one that you don't use."),
    "people.period_wrong": _("The last day lies before the first."),
    "people.phone_wrong": _("This is no phone number. Write digits, with + and the country before them if needed."),
    "people.represented_already": _("This person acts for them in that time already."),
    "people.second_code_wrong": _(
        "This code is wrong. Look whether the clock of your phone is right, and take the newest."
    ),
    "people.second_step_missing": _("There is no second step to be removed."),
    "people.second_step_there": _("There is a second step already. Remove it first to set up another one."),
    "people.scope_missing": _("Choose at least one thing that the token opens."),
    "people.scope_unknown": _("Choose from the list what the token opens."),
    "people.token_by_program": _("A program can't make or take back tokens. Sign in with a browser for that."),
    "people.token_end": _("Give a last day between %(first)s and %(last)s: a token ends after a year at most."),
    "people.tokens_many": _("You have %(most)s tokens already. Take back one that no program uses."),
    "people.too_long": _("This is too long: %(length)s characters, %(longest)s fit."),
    "people.unchanged": _("Nothing was changed: this is what stands there already."),
    "people.unknown": _("There is nobody with this number here, or their data were erased."),
}

VERBS = {
    "people.answer_kept": _("kept what a program was answered"),
    "people.token_made": _("made a token for programs"),
    "people.token_revoked": _("took back a token for programs"),
    "people.token_used": _("used a token for programs"),
    "people.address_changed": _("recorded a new address"),
    "people.administrator_link_made": _("printed a link that signs an administrator in"),
    "people.administrator_made": _("made the first administrator"),
    "people.code_accepted": _("signed in with a mailed code"),
    "people.code_refused": _("typed a wrong code"),
    "people.contact_changed": _("changed how somebody is reached"),
    "people.data_downloaded": _("downloaded all data about somebody"),
    "people.email_asked": _("asked to sign in with another address"),
    "people.email_changed": _("changed the address for signing in"),
    "people.erased": _("erased somebody's data"),
    "people.erased_rest": _("erased what the law had kept of somebody"),
    "people.erasure_asked": _("asked for an erasure"),
    "people.erasure_confirmed": _("confirmed an erasure"),
    "people.erasure_repeated": _("repeated an erasure after a restore"),
    "people.erasure_withdrawn": _("took back that somebody is erased"),
    "people.first_link_made": _("printed the link for the first administrator"),
    "people.language_changed": _("changed the preferred language"),
    "people.link_used": _("used the link of a mail"),
    "people.name_changed": _("recorded a new name"),
    "people.passkey_added": _("added a passkey"),
    "people.passkey_removed": _("removed a passkey"),
    "people.passkey_renamed": _("renamed a passkey"),
    "people.passkey_used": _("used a passkey"),
    "people.recovery_codes_made": _("made new recovery codes"),
    "people.registered": _("registered somebody"),
    "people.registered_many": _("registered many people"),
    "people.registered_represented": _("registered somebody to act for"),
    "people.representation_ended": _("ended acting for another"),
    "people.representative_appointed": _("let somebody act for another"),
    "people.second_step_added": _("added a second step to signing in"),
    "people.second_step_passed": _("passed the second step"),
    "people.second_step_refused": _("gave a wrong code in the second step"),
    "people.second_step_removed": _("removed the second step from signing in"),
    "people.session_ended": _("ended a session"),
    "people.sessions_ended": _("ended all other sessions"),
    "people.sign_in_asked": _("asked for a mail to sign in"),
    "people.step_up_asked": _("asked for a mail to confirm who they are"),
    "people.signed_in": _("signed in"),
    "people.signed_out": _("signed out"),
    "people.sign_ins_forgotten": _("deleted codes, links and sessions that ran out"),
}

register_sentences(REFUSALS, VERBS)
