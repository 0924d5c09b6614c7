"""What the refusals and audit verbs of the books say."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "ledger.account_closed": _(
        "Account %(account)s is closed since %(on)s. Choose another account, or an earlier date."
    ),
    "ledger.account_code": _("Write the account's number with digits, letters, dots and hyphens only, at most 20."),
    "ledger.account_exists": _("There is an account %(account)s already. Choose another number."),
    "ledger.account_kind": _("An account of this kind can't be there for that. Choose another kind, or no use."),
    "ledger.account_name": _("Give the account a name of at most 120 characters."),
    "ledger.account_named": _("Say on which account: there are several for “%(role)s”."),
    "ledger.account_needed": _(
        "Entries are posted on account %(account)s by themselves. Add another account for the same use first."
    ),
    "ledger.account_not_empty": _(
        "%(balance)s still stands on account %(account)s. Bring it to nothing first, then close it."
    ),
    "ledger.account_unknown": _("There is no account %(account)s. Choose one from the list, or add it first."),
    "ledger.account_used": _("Something was posted on account %(account)s already: what it is there for stays."),
    "ledger.amount_fractions": _("%(amount)s has fractions of a cent. Write at most two decimals."),
    "ledger.amount_out_of_bounds": _("The books hold amounts up to %(most)s. Check the amount."),
    "ledger.amount_unknown": _("The posting rule doesn't know an amount “%(amount)s”."),
    "ledger.before_first_day": _("The books begin on %(begins)s. Choose that day or a later one."),
    "ledger.chart_unknown": _("There is no such chart of accounts. Choose one from the list."),
    "ledger.close_past_only": _("Close the books until a day that is over; %(until)s isn't yet."),
    "ledger.closed_already": _("The books are closed until %(until)s already. Choose a later day."),
    "ledger.date_too_late": _("%(on)s is too far ahead. Check the date."),
    "ledger.entry_lines": _("An entry has two lines at least and %(most)s at most, each with an amount."),
    "ledger.entry_unbalanced": _(
        "The lines don't balance: debit is %(debit)s, credit is %(credit)s. The difference is %(difference)s."
    ),
    "ledger.entry_unknown": _("There is no such entry in these books. Look it up in the journal."),
    "ledger.entry_without_words": _("Say in a few words why you write this entry, at most 500 characters."),
    "ledger.first_day_unlikely": _(
        "%(on)s can't be the first day of the books. Take the first day of a financial year."
    ),
    "ledger.format_unknown": _("“%(format)s” is no form in which the books can be written. Choose csv, json or xlsx."),
    "ledger.is_reversal": _("This entry takes another one back. Write the right entry anew instead."),
    "ledger.not_open": _("The books aren't open yet. Open them first: choose a chart of accounts and a first day."),
    "ledger.nothing_closed": _("No period is closed: there is nothing to open again."),
    "ledger.nothing_to_post": _("There is nothing to post: every amount is nothing."),
    "ledger.open_already": _("The books are open already."),
    "ledger.opening_closed": _(
        "The first day of the books lies in a closed period. Open the period again, then record the opening balances."
    ),
    "ledger.opening_there": _(
        "The opening balances are recorded already. Reverse that entry first, then record them again."
    ),
    "ledger.opening_unbalanced": _(
        "The balances don't cancel out: %(debit)s debit and %(credit)s credit, a difference of %(difference)s."
        " Look for a missing account or a wrong side."
    ),
    "ledger.period_closed": _("The books are closed until %(until)s. Choose a date from %(first)s on."),
    "ledger.period_order": _("The first day comes after the last one. Check the dates."),
    "ledger.reason_unknown": _("Say why the period is opened again: choose a reason from the list."),
    "ledger.reopen_earlier": _("Choose a day before %(until)s, from which the books are open again."),
    "ledger.reversal_before": _("An entry can't be taken back before its own day, %(on)s. Choose a later date."),
    "ledger.reversed_already": _("This entry was taken back already. Look at the entry that did it."),
    "ledger.role_not_mapped": _("No account is there for “%(role)s”. Add one for it first."),
    "ledger.sheet_too_long": _(
        "This period has %(lines)s lines, more than a spreadsheet can work with (%(most)s). Take a shorter one, or CSV."
    ),
    "ledger.rule_unknown": _("There is no posting rule “%(rule)s”."),
}

VERBS = {
    "ledger.account_added": _("added an account"),
    "ledger.account_changed": _("changed an account"),
    "ledger.account_closed": _("closed an account"),
    "ledger.books_opened": _("opened the books"),
    "ledger.manual_recorded": _("wrote an entry by hand"),
    "ledger.opening_recorded": _("recorded the opening balances"),
    "ledger.period_closed": _("closed a period"),
    "ledger.period_reopened": _("opened a closed period again"),
    "ledger.words_forgotten": _("erased what was written about an entry"),
    "ledger.posted": _("posted to the books"),
    "ledger.reversed": _("took an entry back"),
}

register_sentences(REFUSALS, VERBS)
