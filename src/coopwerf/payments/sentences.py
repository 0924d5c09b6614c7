"""What payments refuse and what their acts are called, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

OF_BANK_FILES = {
    "payments.coda_version": _(
        "Line %(line)s: this CODA file is of version %(version)s. Ask your bank for version 2, the one that all Belgian banks give."
    ),
    "payments.declares_entities": _(
        "Line %(line)s: the file declares a document type, which no bank's file does. It isn't read any further. Download it again from your bank."
    ),
    "payments.element_missing": _(
        "Line %(line)s: %(path)s is missing. A statement can't do without <%(element)s>. Download the file again, or ask your bank."
    ),
    "payments.file_cut_short": _("The file stops in the middle, at line %(line)s. Download it again from your bank."),
    "payments.file_empty": _("There is nothing in this file. Download it again from your bank."),
    "payments.file_too_large": _(
        "The file is larger than %(most)s MB. Ask your bank for a file per month, or for camt.053."
    ),
    "payments.file_unreadable": _("The file %(path)s can't be opened: %(reason)s."),
    "payments.no_amount": _("Line %(line)s: “%(text)s” is no amount (in %(path)s). Download the file again."),
    "payments.no_date": _("Line %(line)s: “%(text)s” is no date (in %(path)s). Download the file again."),
    "payments.no_statement": _(
        "This XML file holds no bank statement. We read camt.052, camt.053 and camt.054; your bank may call them “statement in XML” or “CAMT”."
    ),
    "payments.not_well_formed": _("Line %(line)s is no correct XML. Download the file again from your bank."),
    "payments.other_kind": _(
        "This is a file of the kind %(kind)s. We read CODA, camt.053 (XML) and MT940. Choose one of these where your bank lets you download statements."
    ),
    "payments.other_message": _("This is a file %(message)s. We read the statements camt.052, camt.053 and camt.054."),
    "payments.record_missing": _(
        "A record of type %(record)s is missing in the statement that begins at line %(line)s. Download the file again from your bank."
    ),
    "payments.record_out_of_place": _("Line %(line)s stands where it can't. Download the file again from your bank."),
    "payments.record_too_long": _("Line %(line)s is longer than the %(most)s signs that a CODA record has."),
    "payments.record_unreadable": _(
        "Line %(line)s can't be read. Download the file again; if it stays so, send us an anonymised copy (coopwerf bank anonymise)."
    ),
    "payments.records_missing": _(
        "The statement that ends at line %(line)s says that it has %(told)s records, but %(found)s are there. Download the file again."
    ),
    "payments.text_too_long": _("Line %(line)s: a text in %(path)s is longer than any bank's. The file isn't read."),
    "payments.too_deep": _(
        "Line %(line)s: elements stand deeper in each other than in any bank's file. It isn't read."
    ),
    "payments.unknown_kind": _(
        "We don't know this kind of file. We read CODA, camt.053 (XML) and MT940. If it comes from your bank, send us an anonymised copy (coopwerf bank anonymise)."
    ),
}

OF_NUMBERS = {
    "payments.iban_check": _(
        "The digits of this account number don't fit together. Compare them with the original, one by one."
    ),
    "payments.iban_country": _("No account number begins with %(country)s. Check the first two letters."),
    "payments.iban_empty": _("Write the account number."),
    "payments.iban_length": _(
        "An account number that begins with %(country)s has %(expected)s signs; here are %(length)s. Check whether some are missing or too many."
    ),
    "payments.iban_signs": _(
        "An account number begins with two letters and two digits, such as BE68. Check it for other signs."
    ),
}

REFUSALS = {
    **OF_BANK_FILES,
    **OF_NUMBERS,
    "payments.account_exists": _("The account %(account)s is here already."),
    "payments.account_follows": _(
        "Account %(account)s follows the bank, the register or the requests by itself. Choose another account, or accept a request."
    ),
    "payments.account_gone": _("This bank account isn't here. Choose one from the list."),
    "payments.account_needed": _("Say on which account of the ledger this is booked: book the line to an account."),
    "payments.account_not_named": _(
        "The file doesn't say which account it is about. Download the statement again, in another form if your bank has one."
    ),
    "payments.account_of_ledger": _(
        "Account %(account)s of the ledger isn't for money at a bank, or another bank account has it. Choose another one."
    ),
    "payments.account_unknown": _(
        "This file is about the account %(account)s (%(holder)s), which isn't one of ours. If it is yours, add it as a bank account, then bring the file again."
    ),
    "payments.amount_impossible": _("Write an amount from 0.01 to %(most)s, with at most two decimals."),
    "payments.amounts_too_large": _(
        "This statement holds amounts that no books can hold. It isn't booked; ask your bank."
    ),
    "payments.balance_missing": _(
        "Statement %(statement)s doesn't say what stood on the account before or after it. Compare it with your bank, and say why it is booked anyway."
    ),
    "payments.asked_already": _("They were asked already. The answer comes with this line; nothing was sent twice."),
    "payments.because_missing": _("Say in a few words why, at most 500 characters."),
    "payments.before_books": _(
        "The books begin on %(begins)s. Lines before it, %(count)s of them, aren't booked; they count in the opening balance."
    ),
    "payments.claim_cancelled": _("This request was cancelled. Open it again first, or make a new one."),
    "payments.claim_of_other": _("This request is somebody else's. Make a new one."),
    "payments.claim_paid": _("This request is paid already. Choose another one, or give the money back."),
    "payments.claim_unknown": _("There is no such request. Look it up again; it may be somebody else's."),
    "payments.claims_count": _("Make from 1 to %(most)s requests at a time."),
    "payments.detail_explained": _(
        "This payment within the line was explained already. Look at what it was for, and undo that first if it is wrong."
    ),
    "payments.detail_unknown": _("This line has no such payment in it. Open it again."),
    "payments.does_not_add_up": _(
        "Statement %(statement)s doesn't add up: %(difference)s is missing between its lines and its closing balance. Compare it with your bank, and say why it is booked anyway."
    ),
    "payments.entry_unknown": _("There is no such line. Go back to the list."),
    "payments.erase_before_refund": _(
        "“%(coop)s” still has to pay something to this person. Pay it or cancel it first, then the data can go."
    ),
    "payments.explained_already": _(
        "Somebody explained this line meanwhile. Look at what it was for, and undo that first if it is wrong."
    ),
    "payments.explains_batches": _(
        "This notice (camt.054) isn't booked: it names the payments in lines that the statement books as a whole. Explained: %(count)s."
    ),
    "payments.file_gone": _("The file of this statement is gone. Bring it again."),
    "payments.foreign_currency": _(
        "The account %(account)s is kept in %(currency)s. Only euro is booked here: ask your accountant how to record it, and write the entry by hand."
    ),
    "payments.formats_agree": _(
        "Another kind of file was booked of these days already (%(days)s): it says the same %(same)s lines. Nothing was booked twice."
    ),
    "payments.formats_differ": _(
        "Another kind of file was booked of these days already (%(days)s), and they don't agree: %(same)s lines are the same, %(missing)s stand only in this file, %(extra)s only in the other. Nothing was booked; ask your bank."
    ),
    "payments.fraction_of_cent": _(
        "The amount %(amount)s has fractions of a cent. This statement isn't booked; ask your bank."
    ),
    "payments.holder_missing": _("Write in whose name the account stands, as the bank has it, at most 140 characters."),
    "payments.is_undoing": _("This row takes another one back. Accept the line anew instead."),
    "payments.kind_unknown": _(
        "A request is for shares, a refund, an exit or something else, and comes in or goes out."
    ),
    "payments.known_by_amount": _(
        "Lines of statement %(statement)s were taken as known by their amount and day only, %(count)s of them: their text or reference differs from what is booked, or the account came back to the same balance. Compare them with your bank's own list; if one is another payment, record it in the journal."
    ),
    "payments.looks_known": _(
        "Lines of statement %(statement)s were booked as new although lines like them are booked on the same day, %(count)s of them: the account came back to the same balance. Compare them with your bank's own list; if it has one of them only once, record the opposite in the journal."
    ),
    "payments.match_unknown": _("This isn't here. Go back to the line."),
    "payments.more_than_claim": _(
        "Only %(open)s of this request is open, less than %(amount)s. Accept that, and say what the rest was for."
    ),
    "payments.more_than_detail": _(
        "Only %(open)s of this payment within the line is open, less than %(amount)s. Take a smaller amount."
    ),
    "payments.more_than_open": _("Only %(open)s of this line is open, less than %(amount)s. Take a smaller amount."),
    "payments.never_booked": _(
        "A camt.052 shows what isn't final: it is never booked. %(same)s of its %(entries)s lines are booked already. Bring the statement (camt.053, CODA) when your bank has it."
    ),
    "payments.no_other_side": _("That line isn't the other side of this one: the amounts or the accounts don't fit."),
    "payments.no_return": _("That line isn't what came back: the amounts or the accounts don't fit."),
    "payments.nothing_came_in": _("Only money that came in can be given back."),
    "payments.nothing_over": _(
        "This line doesn't bring more than that request asks. Look at it again: something changed meanwhile."
    ),
    "payments.nothing_to_undo": _("Nothing was said of this line yet: there is nothing to undo."),
    "payments.part_for_what": _("Say of each part what it is for: a request or an account, one of the two."),
    "payments.parts_count": _("A line can be split in 1 to %(most)s parts."),
    "payments.no_address": _("We have no e-mail address of this person. Ask them by telephone or by letter."),
    "payments.no_offer": _("No shares are offered just now. Choose something else, or have the money given back."),
    "payments.payee_stays": _("This payment is made or cancelled: its account stays as it was."),
    "payments.payer_unknown": _("We don't know yet whose money this is. Say first which request it was for."),
    "payments.period_closed": _(
        "The books were closed for days of this statement: %(count)s lines are dated %(on)s, the first open day."
    ),
    "payments.question_closed": _(
        "The treasurer dealt with this payment meanwhile. Write to the co-operative if that isn't what you wanted."
    ),
    "payments.question_gone": _("This question isn't here. Copy the address from your mail once more."),
    "payments.refund_paid": _("%(paid)s of it was given back already. Undo that payment first."),
    "payments.returned_already": _("This payment came back already. Look at the line that brought it back."),
    "payments.statement_decided": _("This statement doesn't wait any more. Look at what was done with it."),
    "payments.statement_unknown": _("There is no such statement. Go back to the list."),
    "payments.undone_already": _("This was undone already. Look at the line as it is now."),
    "payments.wrong_direction": _(
        "Money that comes in can't pay what we owe, nor the other way round. Choose another request."
    ),
}

VERBS = {
    "payments.accepted": _("said which request a line of the bank pays"),
    "payments.accepted_certain": _("accepted the lines of the bank that were certain"),
    "payments.account_changed": _("changed a bank account"),
    "payments.account_opened": _("added a bank account"),
    "payments.booked_anyway": _("booked a statement that doesn't add up"),
    "payments.booked_to_account": _("booked a line of the bank to an account"),
    "payments.claim_assigned": _("said whose a payment request is"),
    "payments.claim_cancelled": _("cancelled a payment request"),
    "payments.claim_changed": _("changed a payment request"),
    "payments.claim_lapsed": _("let a payment request lapse"),
    "payments.claim_opened": _("made a payment request"),
    "payments.claim_reopened": _("opened a payment request again"),
    "payments.claims_opened": _("made payment requests"),
    "payments.communication_given": _("gave somebody a permanent communication"),
    "payments.entry_undone": _("took back what was said of a line of the bank"),
    "payments.given_to_bank": _("noted payments as given to the bank"),
    "payments.internal_booked": _("said that money went between own accounts"),
    "payments.match_undone": _("took back what a line of the bank was for"),
    "payments.old_words_forgotten": _("deleted what the bank wrote with old lines"),
    "payments.payer_answered": _("answered what is to be done with money that was too much"),
    "payments.payer_asked": _("asked somebody what is to be done with money that was too much"),
    "payments.payee_set": _("said to which account is paid"),
    "payments.communications_given": _("gave members their permanent communication"),
    "payments.payers_forgotten": _("forgot who said that they would pay"),
    "payments.person_forgotten": _("deleted the accounts of somebody who was erased"),
    "payments.returned": _("noted a payment that came back"),
    "payments.split": _("split a line of the bank"),
    "payments.statements_imported": _("brought a bank file"),
    "payments.turned_to_refund": _("put money that came in on the list to be given back"),
}

register_sentences(REFUSALS, VERBS)

OF_ACCOUNTS = {code.removeprefix("payments."): code for code in OF_NUMBERS}
"""The refusals by the code under which the check of account numbers raises them."""
