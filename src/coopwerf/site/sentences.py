"""What the site refuses, in words."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "site.not_within": _("Only members and office holders of this co-operative can open this page."),
}

register_sentences(REFUSALS)
