"""What documents refuses, and what it does, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "documents.disk_full": _(
        "The document could not be kept: the disk of this installation is full. Tell whoever runs it, and then ask for the document again. Nothing was lost."
    ),
    "documents.not_failed": _("This document didn’t fail: there is nothing to make again."),
    "documents.not_yours": _("This document concerns somebody else."),
    "documents.unknown_kind": _("There is no document of the kind “%(kind)s”."),
    "documents.unset": _(
        "The document could not be laid out. Tell whoever runs this installation; the details stand in its log."
    ),
}

VERBS = {
    "documents.asked": _("asked for a document"),
    "documents.asked_again": _("asked for a document again"),
    "documents.asked_many": _("asked for many documents"),
    "documents.begun": _("began to make a document"),
    "documents.failed": _("could not make a document"),
    "documents.made": _("made a document"),
    "documents.removed": _("removed documents for somebody’s privacy"),
}

register_sentences(REFUSALS, VERBS)
