"""Sentences of the gallery's one refusal."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "ui.example": _("The decision has no date yet. Write down when the board decided."),
}

register_sentences(REFUSALS)
