"""What columns are called, and which sentence says each doubt about a row."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coopcalc.register.sheets import Field, read_key

FIELD_NAMES = {
    Field.MEMBER_NO: _("Member number"),
    Field.NAME: _("Name, whole"),
    Field.FAMILY: _("Family name"),
    Field.GIVEN: _("Given name"),
    Field.ORGANISATION: _("Name of an organisation"),
    Field.KIND: _("Person or organisation"),
    Field.LEGAL_FORM: _("Legal form"),
    Field.ENTERPRISE_NO: _("Enterprise number"),
    Field.DOMICILE: _("Address, whole"),
    Field.STREET: _("Street"),
    Field.NUMBER: _("House number"),
    Field.BOX: pgettext_lazy("of an address", "Box"),
    Field.POSTCODE: _("Postcode"),
    Field.TOWN: _("Town"),
    Field.COUNTRY: _("Country"),
    Field.EMAIL: _("E-mail address"),
    Field.PHONE: _("Telephone"),
    Field.LANGUAGE: _("Language"),
    Field.CLASS: _("Class of shares"),
    Field.SHARES: _("Number of shares"),
    Field.AMOUNT: _("Amount per share"),
    Field.TOTAL: _("Amount in all"),
    Field.PAID: _("Amount paid"),
    Field.ADMITTED: _("Date of admission"),
    Field.ASKED: _("Date of the request"),
    Field.PAID_ON: _("Date of payment"),
    Field.ENDED: _("Date of leaving"),
    Field.ENDING: _("Reason for leaving"),
    Field.COMMUNICATION: _("Structured communication"),
    Field.MOVEMENT: _("Kind of movement"),
    Field.ON: _("Date of the movement"),
    Field.OTHER: _("Member number of the other side"),
    Field.VALUE: _("Amount paid out"),
    Field.REFERENCE: _("Reference of the decision"),
    Field.TO_CLASS: _("Class that the shares became"),
    Field.FACTOR: _("Shares that one share became"),
}
"""What each column of a spreadsheet can hold."""


def key_name(key: str) -> str:
    """Return what a column is called that may be about one class only: “Number of shares, class A”."""
    told = read_key(key)
    if told is None:
        return ""
    field, share_class = told
    if not share_class:
        return str(FIELD_NAMES[field])
    return gettext("%(field)s, class %(share_class)s") % {"field": FIELD_NAMES[field], "share_class": share_class}


DOUBTS = {
    "admission_missing": "register.row_admission_missing",
    "admitted_after": "register.row_admitted_after",
    "amount_fractions": "register.row_amount_fractions",
    "amount_impossible": "register.row_amount_impossible",
    "amount_missing": "register.row_amount_missing",
    "amount_unreadable": "register.row_amount_unreadable",
    "class_unknown": "register.row_class_unknown",
    "class_unreadable": "register.row_class_unreadable",
    "communication_check": "register.row_communication_check",
    "communication_repeated": "register.row_communication_repeated",
    "communication_unreadable": "register.row_communication_unreadable",
    "conversion_amount": "register.row_conversion_amount",
    "conversion_half": "register.row_conversion_half",
    "conversion_paid": "register.row_conversion_paid",
    "count_broken": "register.row_count_broken",
    "count_impossible": "register.row_count_impossible",
    "count_unreadable": "register.row_count_unreadable",
    "date_impossible": "register.row_date_impossible",
    "date_in_future": "register.row_date_in_future",
    "date_missing": "register.row_date_missing",
    "date_unreadable": "register.row_date_unreadable",
    "email_wrong": "register.row_email_wrong",
    "end_before_start": "register.row_end_before_start",
    "ended_after": "register.row_ended_after",
    "enterprise_no_wrong": "register.row_enterprise_no_wrong",
    "holds_after_end": "register.row_holds_after_end",
    "movement_unknown": "register.row_movement_unknown",
    "name_missing": "register.row_name_missing",
    "not_enough": "register.row_not_enough",
    "number_repeated": "register.row_number_repeated",
    "number_unreadable": "register.row_number_unreadable",
    "paid_out_of_bounds": "register.row_paid_out_of_bounds",
    "paid_too_much": "register.row_paid_too_much",
    "paid_which_class": "register.row_paid_which_class",
    "same_person": "register.row_same_person",
    "shares_missing": "register.row_shares_missing",
    "split_amount": "register.split_amount",
    "split_factor": "register.split_factor",
    "split_not_all": "register.row_split_not_all",
    "split_nothing": "register.row_split_nothing",
    "split_partly": "register.row_split_partly",
    "split_unclear": "register.row_split_unclear",
    "split_without_amounts": "register.row_split_without_amounts",
    "too_long": "register.row_too_long",
    "total_differs": "register.row_total_differs",
    "transfer_half": "register.row_transfer_half",
    "transfer_unlike": "register.row_transfer_unlike",
    "two_names": "register.row_two_names",
    "which_paid": "register.which_paid",
}
"""The sentence of each doubt about a row of a spreadsheet."""

PROBLEMS = {
    "no_amount": "register.import_no_amount",
    "no_date": "register.import_no_date",
    "no_name": "register.import_no_name",
    "nobody": "register.import_nobody",
}
"""The sentence of each problem of a spreadsheet as a whole."""

ANSWERS = {
    ("", "same"): _("The same person"),
    ("", "different"): _("Different people"),
    ("", "keep"): _("Keep it as it is"),
    ("", "clear"): _("Leave it out"),
    ("", "fill"): _("Take the cut-over date"),
    ("number_repeated", "same"): _("The same member"),
    ("two_names", "keep"): _("Keep both names"),
    ("total_differs", "keep"): _("The number of shares is right"),
    ("ended_after", "clear"): _("Leave the date out"),
    ("enterprise_no_wrong", "clear"): _("Book without number"),
    ("email_wrong", "clear"): _("Book without address"),
}
"""What can be answered to a doubt, by code and answer; without code for all others."""

NOTES = {
    "all_admitted_at": _("No column says when members were admitted: the cut-over date is taken for all."),
    "all_numbered": _("No column has member numbers: they are given in the order of admission."),
    "all_paid": _("No column says what is paid: all shares are taken as paid in full."),
    "paid_empty": _("Shares without an amount paid: taken as not paid yet."),
    "remarks": _("Remarks and other lines without a member: passed over."),
    "without_address": _("Members without an address. The register should have one for each."),
    "without_enterprise_no": _("Organisations without an enterprise number. The register should have one for each."),
    "without_phone": _("Telephone numbers that can't be read: left out."),
    "without_shares": _("Members without shares."),
}
"""What was taken for granted, or is still missing; counted."""
