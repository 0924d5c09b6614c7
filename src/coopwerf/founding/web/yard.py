"""What every page for those who keep the yard asks first, and what they share."""

from collections.abc import Sequence

from django.utils.translation import get_language

from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies
from .desk import Here


class Desk(Here):
    """The yard of a request's co-operative; raises Refused for who doesn't keep it."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        policies.may_keep_yard(self.actor, self.coop_id, self.today).require()


def reading(coop: CoopFacts) -> tuple[str, str]:
    """Return the languages in which a reader of this request wants texts: their own, then the co-operative's."""
    return formats.language(get_language()), coop.language


def languages_of(coop: CoopFacts) -> Sequence[str]:
    """Return the languages in which something can be written, the co-operative's own first."""
    return sorted(LANGUAGE_NAMES, key=lambda code: (code != coop.language, list(LANGUAGE_NAMES).index(code)))
