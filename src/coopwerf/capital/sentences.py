"""What capital refuses and what its acts are called, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "capital.amount_out_of_bounds": _(
        "The amount %(amount)s can't be meant. Give an amount in euro and cents, above zero."
    ),
    "capital.asked_often": _("Many questions came from your network just now. Try again in an hour."),
    "capital.class_withdrawn": _(
        "Shares of class %(share_class)s aren't offered any more. Go back to the first step and choose again."
    ),
    "capital.confirmed_already": _("This was confirmed already. Nothing was done twice."),
    "capital.earlier_request": _(
        "Your earlier request still waits for the board. Press the button again once it has decided on that one."
    ),
    "capital.ceiling_above_law": _(
        "At most %(ceiling)s is more than the %(room)s that is left of the %(limit)s which the law allows in twelve months. Lower the most that this offer may bring in, or choose another way to make it."
    ),
    "capital.class_unknown": _("There is no class “%(share_class)s” in the register. Choose from the list."),
    "capital.closes_in_past": _("The offer would end on %(on)s, which is past. Give a later day, or none."),
    "capital.dates_turned": _("The offer would end before it begins. Change one of the two dates."),
    "capital.few_not_public": _(
        "A page that anybody can read is an offer to the public. Offer to fewer than 150 people without such a page, or choose another way to make this offer."
    ),
    "capital.file_no_pdf": _("This file isn't a PDF. Save your statutes as PDF and choose that file."),
    "capital.file_too_large": _("This file is larger than %(most)s MB. Make a smaller PDF of it."),
    "capital.iban_wrong": _("This isn't a bank account number: its check fails. Copy the IBAN from a statement."),
    "capital.language_of_coop": _(
        "The co-operative speaks %(language)s, and this offer doesn't. Add it to the languages of the offer."
    ),
    "capital.language_unknown": _("An offer is told in Dutch, French or English. Choose at least one."),
    "capital.no_bank_account": _("No bank account is named to which people pay. Give its IBAN and its holder."),
    "capital.no_class": _("No class of shares is chosen. Choose one; classes are opened under Settings."),
    "capital.no_law": _(
        "Shares are offered by a co-operative, and this isn't one yet. Say under Settings what you have become."
    ),
    "capital.no_paper": _(
        "This way to make an offer needs a paper: give the reference of the note, the prospectus or the advice."
    ),
    "capital.no_statutes_text": _("Nobody can read the statutes in %(language)s. Add their file, or their text."),
    "capital.no_statutes_version": _("Say which version of the statutes holds: its name and its date."),
    "capital.not_ready": _("%(count)s things are lacking before this offer can open. They are listed on its page."),
    "capital.nothing_pending": _("Nothing was changed since the texts were published."),
    "capital.offer_closed": _("This offer is closed: it stays as it was. Prepare a new one."),
    "capital.offer_gone": _("This offer isn't there (any more). Look at the list of offers."),
    "capital.only_draft": _("This offer was open: it can't be deleted. Close it instead."),
    "capital.open_keeps": _(
        "People have read this offer: its classes, account, address, first day and way stay as they are. Close it and prepare a new one to change them."
    ),
    "capital.payment_days": _("Give people from 1 to 90 days to pay."),
    "capital.per_person_above_law": _(
        "One person may put in at most %(limit)s under this way to make an offer. Set the most per person to that, or lower."
    ),
    "capital.price_above_person": _(
        "The cheapest share costs %(price)s, more than the %(limit)s that one person may put in. Raise the most per person."
    ),
    "capital.proof_before_books": _("The books begin on %(begins)s. Choose that day, or a later one."),
    "capital.question_empty": _("Write the question and its answer, in at least one language."),
    "capital.question_gone": _("This question isn't there (any more). Look at the page again."),
    "capital.questions_full": _("An offer has at most %(most)s questions. Put two together, or remove one."),
    "capital.follows_books": _(
        "This follows from the bank and the register. Match the payment, or decide on the request."
    ),
    "capital.giver_missing": _("Give your name and your e-mail address: there we send how to pay."),
    "capital.network_busy": _(
        "Very many subscriptions came from your network within an hour. Try again in an hour, or on another network."
    ),
    "capital.not_accepted": _("Tick that you accept it. Without that nobody can take shares."),
    "capital.not_taking": _("Nobody can subscribe to this offer at the moment: it is paused, closed or hasn't begun."),
    "capital.not_to_pay": _("This subscription doesn't wait for a payment (any more). Look at it again."),
    "capital.others_wait": _("Others wait for these shares already, and who waits longest comes first."),
    "capital.price_old": _("Meanwhile a share costs %(price)s. Look at the number of shares again."),
    "capital.room_ceiling": _(
        "%(amount)s is more than the %(left)s that is left of this offer, which is limited to %(limit)s."
    ),
    "capital.room_own_per_person": _(
        "One person puts in at most %(limit)s in this offer. %(left)s of it is left, %(amount)s is too much."
    ),
    "capital.room_people": _("This offer is for at most %(most)s people, and all places are taken."),
    "capital.room_per_person": _(
        "One person puts in at most %(limit)s in twelve months. %(left)s of it is left, %(amount)s is too much."
    ),
    "capital.room_total": _(
        "The co-operative takes at most %(limit)s in twelve months. %(left)s of it is left, %(amount)s is too much."
    ),
    "capital.room_total_until": _(
        "The co-operative takes at most %(limit)s in twelve months. %(left)s of it is left, %(amount)s is too much. On %(on)s there is room again."
    ),
    "capital.slug_taken": _("Another offer has the address “%(slug)s”. Choose another one."),
    "capital.slug_wrong": _("An address is made of letters, digits and hyphens: solar-roof-2026."),
    "capital.state": _("The offer changed meanwhile. Look at it again."),
    "capital.subscribed_often": _(
        "Today %(most)s subscriptions came for this e-mail address. Go on tomorrow, or with another address."
    ),
    "capital.subscription_gone": _("This subscription isn't here (any more). Copy the address from your mail again."),
    "capital.subscription_over": _(
        "This subscription has ended: it was decided, withdrawn or not paid in time. Subscribe anew if you still want shares."
    ),
    "capital.target_above_ceiling": _(
        "The goal of %(target)s is more than the %(ceiling)s that this offer may bring in. Change one of the two."
    ),
    "capital.term_out_of_bounds": _("Give a day from %(first)s until %(last)s."),
    "capital.text_too_long": _("This text has %(length)s characters. At most %(longest)s fit."),
    "capital.version_old": _("The text of the offer changed since you read it. Read it again, then subscribe."),
    "capital.withdraw_by_mail": _("Withdraw it by the link in the mail: it belongs to whoever reads that mail."),
    "capital.untold": _("The %(language)s page doesn't tell %(what)s. Write it."),
}

VERBS = {
    "capital.claims_taken_back": _("took back what was due by a movement of shares that was undone"),
    "capital.draft_deleted": _("deleted a draft of an offer"),
    "capital.offer_asked_about": _("asked a question about an offer"),
    "capital.offer_changed": _("changed the terms of an offer"),
    "capital.offer_closed": _("closed an offer"),
    "capital.offer_drafted": _("prepared an offer"),
    "capital.offer_opened": _("opened an offer"),
    "capital.offer_paused": _("paused an offer"),
    "capital.offer_published": _("published new texts of an offer"),
    "capital.offer_texts": _("wrote the texts of an offer"),
    "capital.question_removed": _("removed a question about an offer"),
    "capital.question_written": _("wrote a question about an offer, with its answer"),
    "capital.subscribed": _("subscribed to shares"),
    "capital.subscribed_again": _("sent a subscription a second time"),
    "capital.subscriber_address_corrected": _("corrected the mail address of a subscriber"),
    "capital.subscriber_forgotten": _("forgot a subscriber who was erased"),
    "capital.subscriber_reminded": _("reminded a subscriber"),
    "capital.subscriber_written": _("wrote to a subscriber"),
    "capital.subscriber_written_again": _("wrote to a subscriber again"),
    "capital.subscription_confirmed": _("confirmed a subscription"),
    "capital.subscription_extended": _("gave a subscriber more time to pay"),
    "capital.subscription_lapsed": _("let a subscription lapse"),
    "capital.subscription_paid_back": _("noted that a subscription was paid back"),
    "capital.subscription_paid": _("noted a payment for a subscription"),
    "capital.subscription_request_withdrawn": _("followed a withdrawn request"),
    "capital.subscription_resized": _("changed the amount of a subscription"),
    "capital.subscription_revived": _("looked whether a lapsed subscription can go on"),
    "capital.subscription_unpaid": _("took back a payment for a subscription"),
    "capital.subscription_withdrawn": _("withdrew a subscription"),
    "capital.subscriptions_decided": _("followed a decision on subscriptions"),
    "capital.subscriptions_forgotten": _("forgot what was typed for subscriptions that ended"),
    "capital.waiting_list_moved": _("gave room to who waits"),
    "capital.shares_opened": _("brought the shares into new books"),
    "capital.shares_posted": _("brought movements of shares into the books"),
    "capital.statutes_named": _("named the version of the statutes in an offer"),
}

register_sentences(REFUSALS, VERBS)
