"""What every page for those who keep the yard asks first, and what they share."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request
from coopwerf.ui import formats
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies


class Desk:
    """The yard of a request's co-operative, today; raises Refused for who doesn't keep it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop: CoopFacts = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)
        policies.may_keep_yard(self.actor, self.coop_id, self.today).require()

    @property
    def act(self) -> dict[str, Any]:
        """Return what every action takes."""
        return {"actor": self.actor, "now": self.now, "coop_id": self.coop_id}


def reading(coop: CoopFacts) -> tuple[str, str]:
    """Return the languages in which a reader of this request wants texts: their own, then the co-operative's."""
    return formats.language(get_language()), coop.language


def languages_of(coop: CoopFacts) -> Sequence[str]:
    """Return the languages in which something can be written, the co-operative's own first."""
    return sorted(LANGUAGE_NAMES, key=lambda code: (code != coop.language, list(LANGUAGE_NAMES).index(code)))
