"""What documents refuses, and what it does, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "documents.disk_full": _(
        "The document could not be kept: the disk of this installation is full. Tell whoever runs it, and then ask for the document again. Nothing was lost."
    ),
    "documents.not_failed": _("This document didn’t fail: there is nothing to make again."),
    "documents.no_pictures": _("Pictures are brought by whoever writes a report here. Ask one of them."),
    "documents.not_yours": _("This document concerns somebody else."),
    "documents.picture_author": _("Say who made this picture. A name, or how they want to be called, is enough."),
    "documents.picture_gone": _("This picture isn’t here (any more). Bring it again."),
    "documents.picture_heavy": _("This file is larger than %(most)s MB. Make a smaller copy and bring that one."),
    "documents.picture_large": _(
        "This picture has more than %(most)s million dots. Make a smaller copy, and bring that one."
    ),
    "documents.picture_shape": _(
        "This picture measures %(width)s by %(height)s dots. One side may be at most %(most)s times as long as the other: cut it."
    ),
    "documents.picture_small": _(
        "This picture measures %(width)s by %(height)s dots. It needs at least %(least)s on each side to be seen."
    ),
    "documents.picture_unreadable": _(
        "This isn’t a picture that we can open. Bring a photo or drawing as JPEG, PNG or WebP; open it first to see whether it is whole."
    ),
    "documents.picture_untold": _(
        "Say in words what is seen on this picture, in at most %(most)s characters: for who can’t see it."
    ),
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
    "documents.picture_brought": _("brought a picture"),
    "documents.picture_described": _("said what is seen on a picture"),
    "documents.picture_taken_away": _("took a picture away for good"),
    "documents.outlived": _("removed documents that had served"),
    "documents.removed": _("removed documents for somebody’s privacy"),
}

register_sentences(REFUSALS, VERBS)
