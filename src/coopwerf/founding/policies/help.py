"""Who may offer what, and what a call for help must say."""

from decimal import Decimal

from coopwerf.kernel.verdict import Verdict, allow, refuse

from ..queries import CallFacts
from ..states import CALL_TRANSITIONS, LONGEST_TASK, OFFER_TRANSITIONS, SKILLS, CallState, OfferState

LONGEST_MESSAGE = 2000
LONGEST_ANSWER = 2000
LONGEST_WHERE = 120
MOST_CALLS = 300
MOST_PLACES = 999
MOST_MONEY = Decimal("99999999.99")
MOST_MESSAGES = 50
"""How many messages somebody outside sends about one call: a conversation, not a mailbox."""


def may_move_call(state: CallState, to: CallState) -> Verdict:
    """Tell whether a call may come into another state."""
    return allow() if to in CALL_TRANSITIONS[state] else refuse("founding.call_changed")


def may_move_offer(state: OfferState, to: OfferState) -> Verdict:
    """Tell whether an offer may come into another state."""
    return allow() if to in OFFER_TRANSITIONS[state] else refuse("founding.offer_changed")


def may_offer(call: CallFacts) -> Verdict:
    """Tell whether somebody can offer something for a call."""
    if call.state is not CallState.OPEN:
        return refuse("founding.call_closed")
    return allow() if call.left else refuse("founding.help_found")


def fits_minutes(minutes: int | None) -> Verdict:
    """Tell whether a task can take so long."""
    if minutes is None or not 1 <= minutes <= LONGEST_TASK:
        return refuse("founding.minutes_wrong", most=LONGEST_TASK)
    return allow()


def fits_money(amount: Decimal | None) -> Verdict:
    """Tell whether an amount can be meant: above zero, in cents."""
    if amount is None or not amount.is_finite() or not 0 < amount <= MOST_MONEY:
        return refuse("founding.amount_wrong")
    return allow() if amount == amount.quantize(Decimal("0.01")) else refuse("founding.amount_wrong")


def fits_skill(skill: str) -> Verdict:
    """Tell whether a skill is one of the list, or none."""
    return allow() if not skill or skill in SKILLS else refuse("founding.skill_wrong")
