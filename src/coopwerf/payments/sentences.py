"""What payments refuse and what their acts are called, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
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

register_sentences(REFUSALS)
