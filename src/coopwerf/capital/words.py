"""What the law and the co-operative say about an offer, in sentences: for its page, its poster and its letters."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coopcalc.offers import Threshold
from coopwerf.coops import queries as coops
from coopwerf.coops.queries import RuleText
from coopwerf.register.queries import Terms
from coopwerf.ui import formats

from .queries import OfferFacts
from .states import Regime

RULES = ("members.liability", "votes.basis", "dividend.cap_percent", "exit.window_months", "exit.value")
IN_SHORT = ("votes.basis", "dividend.cap_percent", "exit.window_months")


def amount(value: Decimal) -> str:
    """Write an amount in euro in the active language, without cents where there are none."""
    return formats.money(value, _lang(), places=0 if value == value.to_integral_value() else 2)


def law_sentences(offer: OfferFacts, law: Threshold | None) -> list[str]:
    """Return what has to stand on every document about an offer: both amounts, or the paper that was deposited."""
    found = []
    if law is not None and law.total is not None and law.per_person is not None:
        found.append(
            _("In any twelve months we raise at most %(total)s, and nobody puts in more than %(person)s.")
            % {"total": amount(law.total), "person": amount(law.per_person)}
        )
    elif law is not None and law.total is not None:
        found.append(_("In any twelve months we raise at most %(total)s.") % {"total": amount(law.total)})
    if offer.regime is Regime.SMALL:
        found.append(_("That is why no information note was deposited."))
    elif offer.regime is Regime.NOTE:
        found.append(_("An information note was deposited: %(paper)s.") % {"paper": offer.paper})
    elif offer.regime is Regime.PROSPECTUS:
        found.append(_("A prospectus was approved: %(paper)s.") % {"paper": offer.paper})
    elif offer.regime is Regime.OTHER:
        found.append(_("This offer rests on an exception: %(paper)s.") % {"paper": offer.paper})
    return found


def period_sentence(offer: OfferFacts) -> str:
    """Return from when until when an offer runs."""
    lang = _lang()
    begins = formats.date_long(offer.opens_on, lang)
    if offer.closes_on is None:
        return _("This offer runs from %(begins)s until we close it.") % {"begins": begins}
    ends = formats.date_long(offer.closes_on, lang)
    return _("This offer runs from %(begins)s until and including %(ends)s.") % {"begins": begins, "ends": ends}


def class_label(terms: Terms) -> str:
    """Return what one share of a class is called on a page."""
    if terms.name:
        return _("One share, class %(code)s (%(name)s)") % {"code": terms.code, "name": terms.name}
    return _("One share, class %(code)s") % {"code": terms.code}


def facts_in_short(offer: OfferFacts, on: dt.date) -> list[tuple[str, str]]:
    """Return what a share costs and gives, as pairs of a label and a few words."""
    lang = _lang()
    rules = {key: held.value for key, held in coops.rules(offer.coop_id, on, keys=IN_SHORT).items()}
    found = [(class_label(one), amount_each(one.issue_price)) for one in offer.classes]
    least = min((one.minimum for one in offer.classes if one.minimum and one.minimum > 1), default=None)
    if least is not None:
        found.append((_("You take at least"), _("%(number)s shares") % {"number": formats.number(least, lang)}))
    if offer.classes:
        by_share = any(one.votes == "share" for one in offer.classes)
        found.append(
            (_("Your vote in the general assembly"), _("one for each share") if by_share else _("one for each member"))
        )
        cap = rules.get("dividend.cap_percent")
        if not any(one.dividend for one in offer.classes):
            found.append((_("Dividend"), _("none")))
        elif cap is not None:
            percent = formats.percent(Decimal(cap).normalize(), lang)
            found.append((_("Dividend"), _("at most %(cap)s a year") % {"cap": percent}))
        else:
            found.append((_("Dividend"), _("when the assembly decides on one")))
    window = rules.get("exit.window_months")
    if window:
        found.append((_("Leaving"), _("in the first %(months)s months of a financial year") % {"months": window}))
    if offer.per_person is not None:
        found.append((_("Most that one person may put in"), amount(offer.per_person)))
    return found


def amount_each(price: Decimal) -> str:
    """Write a price per share, with four decimals where a split left fractions of a cent."""
    cents = price.quantize(Decimal("0.01"))
    return formats.money(price, _lang(), places=2 if price == cents else 4)


def rules_told(coop_id: uuid.UUID, on: dt.date) -> Sequence[RuleText]:
    """Return what the rules say that whoever takes shares should know, each with where it stands."""
    return list(coops.rules_in_words(coop_id, on, keys=RULES).values())


def _lang() -> str:
    return formats.language(get_language())
