"""What every page of a register asks first."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import get_language

from coopwerf.coops import queries as coops
from coopwerf.coops.states import share_words
from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request
from coopwerf.ui import formats

from .. import policies, queries
from ..queries import Terms


@dataclasses.dataclass(frozen=True)
class Words:
    """The co-operative's own word for its shares: one and several, as in a sentence and as a label."""

    one: str
    many: str

    @property
    def label(self) -> str:
        """Return the plural with a capital, for heads and labels."""
        return capfirst(self.many)

    def count(self, quantity: int) -> str:
        """Return a number of shares: `1 aandeel`, `4 parts`."""
        number = formats.number(quantity, formats.language(get_language()))
        return f"{number}{formats.NBSP}{self.one if abs(quantity) == 1 else self.many}"


class Desk:
    """The register of a request's co-operative, today, and what its actor may do there."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop = request.coop
        self.coop_id: uuid.UUID = request.coop.id
        self.actor: Actor = request.actor
        self.now: dt.datetime = clock.now()
        self.today: dt.date = clock.civil_date(self.now)

    @cached_property
    def keep(self) -> Verdict:
        """Say whether the actor may write into the register."""
        return policies.may_keep_register(self.actor, self.coop_id, self.today)

    @cached_property
    def see(self) -> Verdict:
        """Say whether the actor may read the whole register."""
        return policies.may_see_register(self.actor, self.coop_id, self.today)

    @cached_property
    def terms(self) -> Sequence[Terms]:
        """Return the terms of every class, as of today."""
        return queries.all_terms(self.coop_id, self.today)

    @cached_property
    def needs_no_shares(self) -> bool:
        """Tell whether the rules know members without shares, as in a Dutch co-operative."""
        rule = coops.rule(self.coop_id, "shares.exist", self.today)
        return rule is not None and rule.value is False

    @cached_property
    def words(self) -> Words:
        """Return the word for shares in the language of the page."""
        chosen = coops.share_word(self.coop_id, self.today)
        return Words(*share_words(chosen, formats.language(get_language())))
