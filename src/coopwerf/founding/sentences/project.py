"""What profiles, the directory and partners refuse, and what their acts are called."""

from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.refusals import register_sentences

REFUSALS = {
    "founding.consent_half": _("Give both: on which day they agreed to be named, and how."),
    "founding.partner_empty": _("Give the name of the organisation."),
    "founding.partner_gone": _("This partner isn't there (any more). Look at the list again."),
    "founding.partners_full": _("The list holds at most %(most)s partners. Remove one that left."),
    "founding.people_wrong": _("Say how many people work on it: from 1 to %(most)s, or leave it empty."),
    "founding.profile_lacks": _("The profile lacks %(what)s. Choose it, then the project can be listed."),
    "founding.profile_untold": _(
        "The profile lacks %(what)s, in %(language)s. Write it, then the project can be listed."
    ),
    "founding.region_wrong": _("Choose a region from the list."),
    "founding.since_wrong": _("Give the day on which it began: in the past."),
    "founding.themes_wrong": _("Choose at most %(most)s themes from the list."),
    "founding.until_before": _("It supports you since %(since)s. Give that day as the last one, or a later one."),
}

VERBS = {
    "founding.entry_refreshed": _("brought a project of the directory up to date"),
    "founding.logo_brought": _("brought the logo of a partner"),
    "founding.logo_taken_away": _("took the logo of a partner away"),
    "founding.partner_removed": _("took a partner off the list"),
    "founding.partner_written": _("wrote down a partner"),
    "founding.profile_written": _("wrote the profile of the project"),
    "founding.project_listed": _("put the project in the directory"),
    "founding.project_unlisted": _("took the project out of the directory"),
}

register_sentences(REFUSALS, VERBS)
