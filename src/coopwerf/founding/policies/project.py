"""What a profile lacks before it can be found, and what fits in it."""

import datetime as dt
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel.verdict import Verdict, allow, refuse

from ..queries import ProjectFacts
from ..states import LANGUAGE_WORDS, MOST_THEMES, REGIONS, THEMES

LONGEST_ABOUT = 400
LONGEST_NEEDS = 400
MOST_PEOPLE = 9999
MOST_PARTNERS = 100
LONGEST_NAME = 120
FEWEST = 5
"""Of how many members, or from how many of them money, is told: of fewer somebody might know who they are."""

PARTS: dict[str, str | Promise] = {
    "about": _("what it is, in two sentences"),
    "themes": _("its theme"),
    "region": _("its region"),
}


def lacking(profile: ProjectFacts | None, coop: CoopFacts) -> Sequence[Verdict]:
    """Return what keeps a project from being listed, in the order in which it is mended."""
    found = []
    words = profile.texts.get(coop.language) if profile is not None else None
    if words is None or not words.about:
        found.append(refuse("founding.profile_untold", what=PARTS["about"], language=LANGUAGE_WORDS[coop.language]))
    if profile is None or not profile.themes:
        found.append(refuse("founding.profile_lacks", what=PARTS["themes"]))
    if profile is None or not profile.region:
        found.append(refuse("founding.profile_lacks", what=PARTS["region"]))
    return found


def may_list(profile: ProjectFacts | None, coop: CoopFacts) -> Verdict:
    """Tell whether a project can be listed."""
    return next(iter(lacking(profile, coop)), allow())


def fits_themes(themes: Sequence[str]) -> Verdict:
    """Tell whether these are themes of the list, and not too many."""
    if set(themes) - set(THEMES) or len(set(themes)) != len(themes) or len(themes) > MOST_THEMES:
        return refuse("founding.themes_wrong", most=MOST_THEMES)
    return allow()


def fits_region(region: str) -> Verdict:
    """Tell whether this is a region of the list, or none."""
    return allow() if not region or region in REGIONS else refuse("founding.region_wrong")


def fits_since(since: dt.date | None, today: dt.date) -> Verdict:
    """Tell whether a project can have begun then."""
    if since is not None and (since > today or since.year < 1800):
        return refuse("founding.since_wrong")
    return allow()
