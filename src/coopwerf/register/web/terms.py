"""Shares and statutes in plain sentences, for whoever thinks of becoming a member."""

import datetime as dt
import uuid
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.ui import formats

from .. import queries

KEYS = ("members.liability", "votes.basis", "dividend.cap_percent", "exit.window_months")


def rights(*, votes: str, dividend: bool, transfer: str) -> list[str]:
    """Return what shares give, a sentence each."""
    return [
        _("One vote for each share.") if votes == "share" else _("One vote for each member."),
        _("A share in the profit, when the general assembly decides on one.")
        if dividend
        else _("No share in the profit."),
        {
            "free": _("You may pass your shares on to others."),
            "none": _("You can’t pass your shares on to others."),
        }.get(transfer, _("You may pass your shares on when the board agrees.")),
    ]


def rights_of(terms: queries.Terms) -> list[str]:
    """Return what a class of shares gives and asks, a sentence each."""
    found = rights(votes=terms.votes, dividend=terms.dividend, transfer=terms.transfer)
    if terms.holders == "persons":
        found.append(_("For human beings only."))
    elif terms.holders == "organisations":
        found.append(_("For organisations only."))
    if terms.minimum is not None and terms.minimum > 1:
        found.append(_("At least %(minimum)s.") % {"minimum": terms.minimum})
    if terms.maximum is not None:
        found.append(_("At most %(maximum)s.") % {"maximum": terms.maximum})
    return found


def statutes_in_short(coop_id: uuid.UUID, offer: queries.Offer, on: dt.date) -> list[str]:
    """Return what the statutes say that a new member should know, a sentence each."""
    lang = formats.language(get_language())
    rules = {key: found.value for key, found in coops.rules(coop_id, on, keys=KEYS).items()}
    found = []
    liability = {
        "contribution": _("You are liable for what you put in, and for nothing more."),
        "none": _("You are not liable for debts of the co-operative."),
        "equal_parts": _("If the co-operative ends with a deficit, members pay it in equal parts."),
        "limited": _("If the co-operative ends with a deficit, members pay in it up to a limit."),
    }.get(str(rules.get("members.liability")))
    if liability:
        found.append(liability)
    if not offer.classes and rules.get("votes.basis") == "per_member":
        found.append(_("Everybody has one vote in the general assembly."))
    if rules.get("dividend.cap_percent") is not None:
        cap = formats.percent(Decimal(rules["dividend.cap_percent"]).normalize(), lang)
        found.append(_("A dividend is at most %(cap)s a year.") % {"cap": cap})
    if rules.get("exit.window_months"):
        found.append(
            _("You may leave in the first %(months)s months of a financial year.")
            % {"months": rules["exit.window_months"]}
        )
    return found
