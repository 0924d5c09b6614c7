"""The letter of payments: somebody paid more than was asked, and is asked what is to be done with it."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coopcalc.references import format_communication
from coopwerf.messages import letters
from coopwerf.messages.letters import FactRows, LetterText, Link, Paragraph
from coopwerf.ui import formats

from .states import CLAIM_KIND_NAMES, ClaimKind

PAYER_ASKED = "payments.payer_asked"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PayerAsked:
    """What came in and when, what was asked and under which communication, what is over, in euro; the secret page."""

    coop: str
    came: Decimal
    on: dt.date
    kind: ClaimKind
    digits: str
    asked: Decimal
    is_paid: bool
    over: Decimal
    url: str


def compose_payer_asked(facts: PayerAsked) -> LetterText:
    """Say what is over, and ask what is to be done with it."""
    lang = formats.language(get_language())
    over = formats.money(facts.over, lang)
    first = (
        _("A payment came in for something that is paid already: %(over)s is still yours.")
        if facts.is_paid
        else _("You paid more than we asked: %(over)s of it is still yours.")
    )
    return LetterText(
        subject=_("%(over)s too much came to %(coop)s: what shall we do with it?") % {"over": over, "coop": facts.coop},
        blocks=(
            Paragraph(first % {"over": over}),
            FactRows(
                (
                    (_("Came in"), formats.money(facts.came, lang)),
                    (_("On"), formats.date_long(facts.on, lang)),
                    (_("For"), str(CLAIM_KIND_NAMES[facts.kind])),
                    (_("Structured communication"), format_communication(facts.digits)),
                    (_("Asked for"), formats.money(facts.asked, lang)),
                    (_("Too much"), over),
                )
            ),
            Paragraph(_("Do you want it back, or shall we keep it for something else? Tell us on this page:")),
            Link(_("Say what we do with it"), facts.url, is_secret=True),
            Paragraph(
                _("You need no account. As long as you don’t answer we keep the money apart, and use it for nothing.")
            ),
        ),
    )


def _sample() -> PayerAsked:
    return PayerAsked(
        coop="Wolkenwerf",
        came=Decimal("300.00"),
        on=dt.date(2026, 3, 12),
        kind=ClaimKind.CAPITAL,
        digits="202600031215",
        asked=Decimal("250.00"),
        is_paid=False,
        over=Decimal("50.00"),
        url="https://example.org/c/wolkenwerf/payment/x/",
    )


letters.declare(
    PAYER_ASKED,
    name=gettext_lazy("Paid too much: what shall we do with it?"),
    facts=PayerAsked,
    compose=compose_payer_asked,
    sample=_sample,
)
