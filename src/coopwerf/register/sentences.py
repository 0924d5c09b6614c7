"""What the register refuses and what its acts are called, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "register.admission_needs_date": _(
        "An admission can be moved to another date, but not simply taken away. Give its right date."
    ),
    "register.amount_fractions": _(
        "The amount %(amount)s has fractions of a cent. Write it with at most two decimals."
    ),
    "register.amount_out_of_bounds": _(
        "The amount %(amount)s can't be meant. Give an amount above zero and below one billion euro."
    ),
    "register.asked_already": _("There is an open request of theirs already. It has to be decided or withdrawn first."),
    "register.asked_too_often": _(
        "Very many requests came from your network in the last hour. Try again later, or ask the co-operative for a form on paper."
    ),
    "register.class_code": _(
        "“%(share_class)s” can't be the code of a class. Use at most 12 letters and digits, such as A."
    ),
    "register.class_exists": _(
        "Class %(share_class)s is there already. Choose another code, or give that one other terms."
    ),
    "register.class_limits": _(
        "The least (%(minimum)s) and most (%(maximum)s) shares that somebody may hold don't fit together."
    ),
    "register.class_maximum": _("Nobody may hold more than %(maximum)s shares of class %(share_class)s."),
    "register.class_minimum": _("Whoever takes shares of class %(share_class)s takes at least %(minimum)s."),
    "register.class_not_for_you": _("Class %(share_class)s isn't meant for this kind of member."),
    "register.class_not_transferable": _(
        "Shares of class %(share_class)s can't be transferred. An exit may be the way."
    ),
    "register.class_terms": _("These terms of a class don't exist. Choose from the list."),
    "register.class_unknown": _("There is no class “%(share_class)s”. Open it first, under Settings."),
    "register.date_in_future": _("%(on)s lies too far ahead. Record it once it has happened, or give its right date."),
    "register.date_too_early": _("%(on)s lies before 1800. Check the year."),
    "register.decided_before_asked": _(
        "One of these asked on %(asked)s only. The decision can’t be of %(on)s: give its right date."
    ),
    "register.communication_impossible": _("A structured communication has twelve digits, such as 123456789002."),
    "register.decider_unknown": _("Say who decided, with a short code such as “board” or “assembly”."),
    "register.decision_without_reference": _(
        "Say where this decision can be found, for example “board of 12 March, item 4”."
    ),
    "register.end_before_start": _("A membership that began on %(admitted)s can't end on %(on)s."),
    "register.erase_after_payment": _(
        "Something is paid for a request in %(coop)s that isn't decided yet. Withdraw it and have the money paid back "
        "first."
    ),
    "register.file_binary_excel": _("This is a binary Excel workbook (.xlsb). Open it in Excel and save it as .xlsx."),
    "register.file_broken": _(
        "This file can't be read: it is damaged, or not what its name says. Open it in your spreadsheet program, save it as .xlsx, and try again."
    ),
    "register.file_empty": _("There is nothing in this file. Check that you chose the right one."),
    "register.file_locked": _("This workbook is behind a password. Open it, save it without password, and try again."),
    "register.file_numbers": _("This is an Apple Numbers file. Export it as Excel (.xlsx) or CSV, and bring that."),
    "register.file_old_excel": _("This is an old Excel workbook (.xls). Open it and save it as .xlsx, then try again."),
    "register.file_opendocument": _(
        "This is an OpenDocument spreadsheet (.ods). Save it as Excel (.xlsx) or CSV, and bring that."
    ),
    "register.file_pdf": _(
        "This is a PDF, made for reading. Bring the spreadsheet it was made from, as .xlsx or .csv."
    ),
    "register.file_too_large": _(
        "This file has %(size)s MB; at most %(most)s MB can be read. Leave out pictures and other sheets, or save it as CSV."
    ),
    "register.file_too_many_columns": _(
        "Line %(row)s has more than %(most)s columns. Leave out what doesn't belong to the register."
    ),
    "register.file_too_many_rows": _(
        "This file has more than %(most)s rows. Leave out what doesn't belong to the register."
    ),
    "register.file_unknown": _("This is no spreadsheet. Bring an Excel workbook (.xlsx) or a CSV file."),
    "register.file_unpacks_too_large": _(
        "This file unpacks to more than %(most)s MB, far more than a register needs. Save only the sheet with the members, as .xlsx or CSV."
    ),
    "register.file_web_page": _(
        "This is a web page or data file, even if its name says otherwise. Open it in your spreadsheet program and save it as .xlsx."
    ),
    "register.fill_bounds": _(
        "Invented members join between two past days, the first before the last, and there are at most %(most)s of them."
    ),
    "register.fill_by_installation": _("Invented members are written by the installation only: `coopwerf bench-data`."),
    "register.fill_empty_only": _("Invented members are written into an empty register only. Take a new co-operative."),
    "register.ground_unknown": _("Choose the ground in the statutes on which the request is refused."),
    "register.from_books_only": _(
        "Subscriptions and matched payments come from the offer and the bank. Confirm them there."
    ),
    "register.holds_nothing": _("This member holds no shares today."),
    "register.import_amount": _("Give what one share is worth, above zero, with at most four decimals."),
    "register.import_at": _(
        "The cut-over date %(at)s lies in the future. Take the day on which your spreadsheet was right."
    ),
    "register.import_column_unknown": _(
        "“%(column)s” can't be read: write a column's letter or header, then what it holds, such as C=paid."
    ),
    "register.import_doubtful": _(
        "%(doubtful)s things about the rows are doubtful. Mend them or leave the rows out, then book."
    ),
    "register.import_inconsistent": _(
        "What member %(number)s would hold doesn't fit together. Read the file again and look at their rows."
    ),
    "register.import_no_amount": _(
        "No column says what a share is worth. Give the amount per share below the columns."
    ),
    "register.import_no_date": _("No column says when something happened. Choose which one holds the date."),
    "register.import_no_name": _("No column says who the members are. Choose which one holds their names."),
    "register.import_nobody": _(
        "No row looks like a member. Choose another sheet, or the line on which the headers stand."
    ),
    "register.import_not_empty": _(
        "This register has members already. A spreadsheet can be brought into an empty register only; record what is new one by one."
    ),
    "register.import_not_open": _(
        "This import was booked or dropped, or is being booked just now. Look at the page again."
    ),
    "register.import_sheet": _("There is no sheet “%(sheet)s” in this file. It has: %(sheets)s."),
    "register.import_unforeseen": _(
        "Booking stopped for a reason that we didn't foresee. Nothing was booked. Try again; if it stays so, tell whoever hosts this installation."
    ),
    "register.import_unknown": _("This import isn't here (any more). Bring the file again."),
    "register.looked_often": _("You looked %(most)s times within an hour. Look again a little later."),
    "register.looked_often_today": _("You looked %(most)s times within a day. Look again tomorrow."),
    "register.member_already": _("They are a member already on %(on)s."),
    "register.member_ended_already": _("This membership ended on %(on)s."),
    "register.member_unknown": _("There is no such member in this register."),
    "register.movements_after_end": _("There are movements until %(last)s, after that date. Correct them first."),
    "register.movements_after_split": _(
        "There are movements of this class after %(on)s. A split can't be put before them."
    ),
    "register.movements_before_start": _(
        "There are movements from %(first)s on, before that date. Correct them first."
    ),
    "register.no_certificate": _(
        "There is no certificate: on that date this wasn't a member, or the name was erased since."
    ),
    "register.no_class": _("There is no class of shares yet. Open one first, under Settings."),
    "register.no_document_for_whom": _("Say for which member this document is."),
    "register.not_a_minor": _(
        "Give the date of birth of somebody younger than 18. Whoever is older asks in their own name."
    ),
    "register.not_admitting": _("This co-operative doesn’t take requests for membership here at the moment."),
    "register.not_enough_shares": _("On %(on)s there are %(held)s shares, %(asked)s are asked for."),
    "register.not_member_yet": _("The membership begins on %(admitted)s, after %(on)s."),
    "register.not_your_class": _(
        "You may look into the classes of which you hold shares. You hold none of class %(share_class)s."
    ),
    "register.nothing_chosen": _("Choose at least one request first."),
    "register.nothing_to_correct": _("Say what should have been recorded: nothing is different yet."),
    "register.number_impossible": _("A member number is a whole number from 1 to %(most)s."),
    "register.number_used": _("Member number %(number)s was given before. A number is never used twice."),
    "register.paid_out_of_bounds": _("On %(on)s %(paid)s would be paid, on shares that ask %(asked)s."),
    "register.paid_too_much": _("%(paid)s is more than the %(asked)s that these shares ask."),
    "register.party_unknown": _("This person or organisation isn’t known in this co-operative."),
    "register.party_without_name": _("This person or organisation has no name here (any more)."),
    "register.quantity_too_large": _("%(quantity)s shares can't be meant: at most %(most)s at once."),
    "register.quantity_too_small": _("%(quantity)s shares can't be meant: give a whole number from 1."),
    "register.reference_unreadable": _("This reference has signs that can’t be kept. Type it again."),
    "register.request_confirmed": _("This request was confirmed already. Nothing was done twice."),
    "register.request_decided": _("This request was decided or withdrawn already. Look at it again."),
    "register.request_gone": _(
        "This request isn’t there (any more). If you asked more than two weeks ago without confirming, ask again."
    ),
    "register.request_paid_too_much": _(
        "With %(amount)s more, %(paid)s and that would be more than the %(asked)s that the shares cost."
    ),
    "register.request_costs_less_than_paid": _(
        "So many would cost %(asked)s, and %(paid)s is paid. Take a payment back first, or leave more shares."
    ),
    "register.request_without_shares": _(
        "This request asks for no shares. Withdraw it and note one with shares on paper."
    ),
    "register.requests_decided": _(
        "Meanwhile %(count)s of these requests were decided or withdrawn by somebody else. Nothing was done: look at the list again."
    ),
    "register.requests_incomplete": _(
        "%(count)s of these requests still lack something. Complete them first, or leave them out."
    ),
    "register.row_admission_missing": _("When were they admitted? Most rows say it, this one doesn't."),
    "register.row_admitted_after": _(
        "%(value)s lies after the cut-over date %(at)s. Perhaps day and month were turned round."
    ),
    "register.row_amount_fractions": _("“%(value)s” has fractions of a cent."),
    "register.row_amount_impossible": _("“%(value)s” can't be the amount: give one from zero to a billion euro."),
    "register.row_amount_missing": _("What is one share worth? Neither this row nor its class says it."),
    "register.row_amount_unreadable": _("“%(value)s” is no amount that can be read."),
    "register.row_class_unknown": _("There is no class “%(value)s” in this register."),
    "register.row_class_unreadable": _("“%(value)s” can't be a class. A class has a short code, such as A."),
    "register.row_communication_check": _("The communication %(value)s has a slip: its last two digits don't check."),
    "register.row_communication_repeated": _("The communication %(value)s belongs to line %(other)s already."),
    "register.row_communication_unreadable": _("“%(value)s” is no structured communication: that has twelve digits."),
    "register.row_conversion_amount": _(
        "A conversion keeps the amount per share. It was %(asked)s, and this row says %(value)s."
    ),
    "register.row_conversion_half": _(
        "Which class did these shares become, or come from? Write one row with both, such as “A → B”, or two rows of the same day and number: conversion out, conversion in."
    ),
    "register.row_conversion_paid": _(
        "A conversion keeps what is paid. That was %(asked)s, and this row says %(value)s."
    ),
    "register.row_count_broken": _("“%(value)s” is no whole number of shares."),
    "register.row_count_impossible": _("“%(value)s” can't be the number of shares."),
    "register.row_count_unreadable": _("“%(value)s” is no number of shares."),
    "register.row_date_impossible": _("The date “%(value)s” doesn't exist."),
    "register.row_date_in_future": _("%(value)s lies in the future. Perhaps day and month were turned round."),
    "register.row_date_missing": _("When did this happen? The row has no date."),
    "register.row_date_unreadable": _("“%(value)s” is no date that can be read. Write it as 31-12-2025."),
    "register.row_email_wrong": _("“%(value)s” is no e-mail address."),
    "register.row_end_before_start": _("They left on %(value)s, before they were admitted on %(admitted)s."),
    "register.row_ended_after": _(
        "They left on %(value)s, after the cut-over date %(at)s. Leave the date out and record it afterwards, or take a later cut-over date."
    ),
    "register.row_enterprise_no_wrong": _("The enterprise number “%(value)s” has a slip: its check fails."),
    "register.row_holds_after_end": _("They left on %(value)s, but hold shares or have movements after that day."),
    "register.row_movement_unknown": _(
        "“%(value)s” is no kind of movement that we know. Write issue, payment, transfer, conversion, split, exit or exclusion."
    ),
    "register.row_name_missing": _("Whose row is this? It has no name."),
    "register.row_not_enough": _("On %(on)s they held %(held)s shares, and %(value)s go."),
    "register.row_not_in_force": _("This row was corrected before, or isn't there. Look at the register again."),
    "register.row_number_repeated": _("Member number %(value)s stands on line %(other)s too, with another name."),
    "register.row_number_unreadable": _("“%(value)s” is no member number. Write a whole number from 1."),
    "register.row_paid_out_of_bounds": _(
        "On %(on)s %(paid)s would be paid on their shares: less than nothing, or more than they ask."
    ),
    "register.row_paid_too_much": _("%(paid)s is paid, but the shares ask %(asked)s."),
    "register.row_paid_which_class": _(
        "%(paid)s is paid on shares of several classes. How much of it on those of class %(share_class)s?"
    ),
    "register.row_same_person": _(
        "%(value)s stands on line %(other)s too, at the same address. Is it the same person?"
    ),
    "register.row_shares_missing": _("How many shares? The row doesn't say it."),
    "register.row_split_not_all": _(
        "A split is about all shares of a class. On %(on)s they held %(held)s, and this row says %(value)s."
    ),
    "register.row_split_nothing": _("On %(on)s nobody held shares of class %(value)s that this row could split."),
    "register.row_split_partly": _(
        "Class %(value)s was split on that day, but the member of line %(other)s kept the old shares. Add their row, or write one row for the whole class without a member."
    ),
    "register.row_split_unclear": _(
        "How many shares did one share become? Write “split 1:5”, or two rows: the old shares with a minus sign, and the new ones."
    ),
    "register.row_split_without_amounts": _(
        "Class %(value)s was split, so the amount per share changed. Add a column that says it for each issue, and bring the file again."
    ),
    "register.row_too_long": _("“%(value)s…” has %(length)s signs; at most %(longest)s fit."),
    "register.row_total_differs": _("The row says %(total)s in all, but its shares come to %(asked)s."),
    "register.row_transfer_half": _("To or from whom did these shares go? Give the member number of the other side."),
    "register.row_transfer_unlike": _(
        "This transfer and line %(other)s seem to be its two sides, but they don't say the same day, class and number of shares. Here stands “%(value)s”."
    ),
    "register.row_two_names": _(
        "“%(value)s” seems to be two people. A share has one holder in the register: name one, or keep both names as they are."
    ),
    "register.same_class": _("Choose two different classes."),
    "register.same_member": _("Choose two different members."),
    "register.shares_left": _("This member still holds shares. Record their exit or transfer first."),
    "register.shares_minimum": _("Whoever becomes a member takes at least %(minimum)s shares."),
    "register.shares_needed": _("Whoever becomes a member of this co-operative takes shares. Say how many."),
    "register.split_amount": _("Shares of %(amount)s can't be split into %(factor)s without fractions of a cent."),
    "register.split_factor": _("A share can be split into 2 to 10,000 shares, not into %(factor)s."),
    "register.split_not_correctable": _("A split of shares can't be undone member by member."),
    "register.too_many_chosen": _("At most %(most)s requests can be decided at once."),
    "register.which_amount": _("This member holds shares at different amounts (%(amounts)s). Say which."),
    "register.which_paid": _(
        "%(paid)s is paid on %(held)s shares, which doesn't divide evenly. Say how much goes along."
    ),
    "register.you_are_member": _("You are a member already, with number %(number)s. Sign in to see what you hold."),
}

VERBS = {
    "register.class_inspected": _("looked into a class of the register"),
    "register.certificate_issued": _("made a certificate"),
    "register.class_terms_set": _("set the terms of a share class"),
    "register.filled_for_practice": _("filled the register with invented members, for practice"),
    "register.import_answered": _("answered the same doubt about several rows of a spreadsheet"),
    "register.import_begun": _("had a register booked from a spreadsheet"),
    "register.import_brought": _("brought a spreadsheet for the register"),
    "register.import_chosen": _("said how the columns of a spreadsheet are read"),
    "register.import_dropped": _("dropped a spreadsheet for the register"),
    "register.import_forgotten": _("removed spreadsheets that nobody booked"),
    "register.import_mended": _("mended a row of a spreadsheet"),
    "register.import_stopped": _("stopped the booking of a spreadsheet"),
    "register.imported": _("brought the register from elsewhere"),
    "register.member_admitted": _("recorded an admission"),
    "register.member_excluded": _("recorded an exclusion"),
    "register.membership_asked": _("asked to become a member, not confirmed yet"),
    "register.membership_asked_again": _("asked again to become a member"),
    "register.membership_asked_by_holder": _("asked for membership or shares"),
    "register.membership_ended": _("recorded the end of a membership"),
    "register.movement_corrected": _("corrected a movement of shares"),
    "register.person_forgotten": _("forgot what somebody wrote who was erased"),
    "register.request_completed": _("completed a request"),
    "register.request_confirmed": _("confirmed a request"),
    "register.request_money_matched": _("noted money from the bank for a request"),
    "register.request_paid": _("noted a payment for a request"),
    "register.request_payment_taken_back": _("took back a payment for a request"),
    "register.request_recorded": _("wrote down a request on paper"),
    "register.request_resized": _("changed how many shares a request asks for"),
    "register.request_withdrawn": _("withdrew a request"),
    "register.requests_admitted": _("admitted members"),
    "register.requests_refused": _("refused requests"),
    "register.shares_converted": _("recorded a conversion of shares"),
    "register.shares_exited": _("recorded an exit"),
    "register.shares_issued": _("recorded an issue of shares"),
    "register.shares_paid": _("recorded a payment on shares"),
    "register.shares_split": _("recorded a split of shares"),
    "register.shares_transferred": _("recorded a transfer of shares"),
    "register.standing_corrected": _("corrected an admission or ending"),
    "register.subscriber_asked": _("brought the request of a subscriber"),
    "register.unconfirmed_forgotten": _("deleted requests that nobody confirmed"),
}

register_sentences(REFUSALS, VERBS)
