"""What one can choose a project by: its theme, its region, how far it has come."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.coops.states import COOPERATIVES, Stage, Texts

THEMES: Final[Mapping[str, Texts]] = {
    "energy": {"nl": "Energie", "fr": "Énergie", "en": "Energy"},
    "housing": {"nl": "Wonen", "fr": "Logement", "en": "Housing"},
    "food": {"nl": "Voeding en landbouw", "fr": "Alimentation et agriculture", "en": "Food and farming"},
    "care": {"nl": "Zorg en welzijn", "fr": "Soins et bien-être", "en": "Care and well-being"},
    "mobility": {"nl": "Delen en mobiliteit", "fr": "Partage et mobilité", "en": "Sharing and mobility"},
    "digital": {"nl": "Digitaal en internet", "fr": "Numérique et internet", "en": "Digital and internet"},
    "culture": {"nl": "Cultuur en media", "fr": "Culture et médias", "en": "Culture and media"},
    "work": {"nl": "Werk en diensten", "fr": "Travail et services", "en": "Work and services"},
    "neighbourhood": {"nl": "Buurt en winkel", "fr": "Quartier et commerce", "en": "Neighbourhood and shop"},
    "learning": {"nl": "Leren en opvang", "fr": "Apprendre et accueil des enfants", "en": "Learning and child care"},
    "nature": {"nl": "Natuur en water", "fr": "Nature et eau", "en": "Nature and water"},
    "finance": {
        "nl": "Geld en verzekering",
        "fr": "Finance et assurance",
        "en": "Finance and insurance",
    },
}
"""The themes of co-operatives: a fixed list, so that projects can be compared."""

MOST_THEMES: Final = 3

REGIONS: Final[Mapping[str, Texts]] = {
    "BE-VAN": {"nl": "Antwerpen", "fr": "Anvers", "en": "Antwerp"},
    "BE-BRU": {"nl": "Brussel", "fr": "Bruxelles", "en": "Brussels"},
    "BE-WHT": {"nl": "Henegouwen", "fr": "Hainaut", "en": "Hainaut"},
    "BE-VLI": {"nl": "Limburg (BE)", "fr": "Limbourg (BE)", "en": "Limburg (BE)"},
    "BE-WLG": {"nl": "Luik", "fr": "Liège", "en": "Liège"},
    "BE-WLX": {"nl": "Luxemburg (BE)", "fr": "Luxembourg (BE)", "en": "Luxembourg (BE)"},
    "BE-WNA": {"nl": "Namen", "fr": "Namur", "en": "Namur"},
    "BE-VOV": {"nl": "Oost-Vlaanderen", "fr": "Flandre orientale", "en": "East Flanders"},
    "BE-VBR": {"nl": "Vlaams-Brabant", "fr": "Brabant flamand", "en": "Flemish Brabant"},
    "BE-WBR": {"nl": "Waals-Brabant", "fr": "Brabant wallon", "en": "Walloon Brabant"},
    "BE-VWV": {"nl": "West-Vlaanderen", "fr": "Flandre occidentale", "en": "West Flanders"},
    "NL-DR": {"nl": "Drenthe", "fr": "Drenthe", "en": "Drenthe"},
    "NL-FL": {"nl": "Flevoland", "fr": "Flevoland", "en": "Flevoland"},
    "NL-FR": {"nl": "Friesland", "fr": "Frise", "en": "Friesland"},
    "NL-GE": {"nl": "Gelderland", "fr": "Gueldre", "en": "Gelderland"},
    "NL-GR": {"nl": "Groningen", "fr": "Groningue", "en": "Groningen"},
    "NL-LI": {"nl": "Limburg (NL)", "fr": "Limbourg (NL)", "en": "Limburg (NL)"},
    "NL-NB": {"nl": "Noord-Brabant", "fr": "Brabant-Septentrional", "en": "North Brabant"},
    "NL-NH": {"nl": "Noord-Holland", "fr": "Hollande-Septentrionale", "en": "North Holland"},
    "NL-OV": {"nl": "Overijssel", "fr": "Overijssel", "en": "Overijssel"},
    "NL-UT": {"nl": "Utrecht", "fr": "Utrecht", "en": "Utrecht"},
    "NL-ZE": {"nl": "Zeeland", "fr": "Zélande", "en": "Zeeland"},
    "NL-ZH": {"nl": "Zuid-Holland", "fr": "Hollande-Méridionale", "en": "South Holland"},
}
"""The provinces of Belgium, Brussels, and the provinces of the Netherlands, by their ISO codes."""


class StageGroup(enum.StrEnum):
    """Say roughly how far a project has come: what somebody searches by."""

    INITIATIVE = "initiative"
    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"


STAGE_GROUP_NAMES: Final = {
    StageGroup.INITIATIVE: _("Initiative"),
    StageGroup.ASSOCIATION: _("Non-profit association"),
    StageGroup.COOPERATIVE: pgettext_lazy("stage", "Co-operative"),
}
"""What each of these is called."""


def group_of(stage: Stage) -> StageGroup:
    """Return the group in which a stage lies."""
    if stage in COOPERATIVES:
        return StageGroup.COOPERATIVE
    return StageGroup.ASSOCIATION if stage is Stage.ASSOCIATION else StageGroup.INITIATIVE


class PartnerKind(enum.StrEnum):
    """Say what sort of organisation supports a project."""

    PUBLIC = "public"
    COOPERATIVE = "cooperative"
    ASSOCIATION = "association"
    COMPANY = "company"
    SCHOOL = "school"
    FUND = "fund"
    OTHER = "other"


PARTNER_KIND_NAMES: Final = {
    PartnerKind.PUBLIC: _("Municipality or public body"),
    PartnerKind.COOPERATIVE: pgettext_lazy("partner", "Co-operative"),
    PartnerKind.ASSOCIATION: pgettext_lazy("partner", "Association"),
    PartnerKind.COMPANY: _("Company"),
    PartnerKind.SCHOOL: _("School or university"),
    PartnerKind.FUND: _("Bank or fund"),
    PartnerKind.OTHER: pgettext_lazy("partner", "Other"),
}
"""What each sort of partner is called."""


class ConsentWay(enum.StrEnum):
    """Say how a partner said that it may be named."""

    MAIL = "mail"
    LETTER = "letter"
    AGREEMENT = "agreement"
    SPOKEN = "spoken"


CONSENT_NAMES: Final = {
    ConsentWay.MAIL: _("by e-mail"),
    ConsentWay.LETTER: _("by letter"),
    ConsentWay.AGREEMENT: _("in a signed agreement"),
    ConsentWay.SPOKEN: _("in a meeting, noted down"),
}
"""What each way is called."""
