"""What may be done in a register, by whom, and with which reason not."""

import datetime as dt
import re
import uuid
from decimal import Decimal

from coopwerf.coops import policies as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import Power
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.tenancy import parties
from coopwerf.kernel.verdict import Verdict, allow, refuse
from coopwerf.people import queries as people

from . import queries
from .states import ApplicantKind, SharesAsked

FIRST_DAY = dt.date(1800, 1, 1)
AHEAD = dt.timedelta(days=370)
"""How far ahead a decided exit may take effect: the last day of the sixth month, with room (WVV 6:120)."""

MOST_INVENTED = 1_000_000

MOST_SHARES = 1_000_000_000
MOST_MONEY = Decimal("999999999.99")
MOST_NUMBER = 2_000_000_000
"""The highest member number; the column ends a little above it."""
LONGEST_REFERENCE = 200
_COMMUNICATION = re.compile(r"[0-9]{12}")
_DECIDER = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")


def may_keep_register(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may write decided facts into the register."""
    return coops.may_do(actor, coop_id, Power.KEEP_REGISTER, on)


def may_keep_particulars(actor: Actor, coop_id: uuid.UUID, party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may record the name and domicile of a party: the register's keeper, if it stands there."""
    keep = may_keep_register(actor, coop_id, on)
    if keep and not queries.members_of_party(coop_id, party_id):
        return refuse("register.member_unknown")
    return keep


def may_keep_contact(actor: Actor, coop_id: uuid.UUID, party_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may record how a party is reached: whoever reads that mail is taken for the party.

    So it has no other register, request or mandate anywhere, and here no mandate that the actor couldn't give.
    """
    keep = may_keep_particulars(actor, coop_id, party_id, on)
    if not keep:
        return keep
    # What it has elsewhere is invisible inside this co-operative: its own rows are opened as well, for this question.
    with parties([party_id]):
        places = (
            queries.coops_of_party(party_id) | queries.coops_asked(party_id) | coop_queries.coops_of_party(party_id)
        )
    if places - {coop_id}:
        return refuse("people.contact_is_theirs")
    if coop_queries.open_mandates_in(coop_id, party_id, on) and not coops.may_do(
        actor, coop_id, Power.MANAGE_MANDATES, on
    ):
        return refuse("people.contact_is_theirs")
    return allow()


def may_see_register(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may read the whole register, as the board, its secretary or an auditor."""
    return coops.may_do(actor, coop_id, Power.SEE_REGISTER, on)


def may_fill(actor: Actor, coop_id: uuid.UUID) -> Verdict:
    """Tell whether invented members may be written: by the installation, into an empty register for practice."""
    if not coop_queries.coop_facts(coop_id).is_practice:
        return refuse("kernel.not_practice")
    if not actor.is_system:
        return refuse("register.fill_by_installation")
    if queries.last_number(coop_id):
        return refuse("register.fill_empty_only")
    return allow()


def may_import_register(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may bring a register from elsewhere: by mandate, and while nobody stands here yet."""
    allowed = coops.may_do(actor, coop_id, Power.IMPORT_REGISTER, on)
    if allowed and queries.last_number(coop_id):
        return refuse("register.import_not_empty")
    return allowed


def may_inspect_class(actor: Actor, coop_id: uuid.UUID, class_code: str, on: dt.date) -> Verdict:
    """Tell whether the actor may look into a class: its holders may, and that right can't be limited (WVV 6:25)."""
    if may_see_register(actor, coop_id, on):
        return allow()
    if class_code in queries.classes_held(coop_id, actor.parties, on):
        return allow()
    return refuse("register.not_your_class", share_class=class_code)


def may_admit_party(actor: Actor, coop_id: uuid.UUID, party_id: uuid.UUID) -> Verdict:
    """Tell whether this party can be admitted by its id: one that the co-operative knows, or that is nobody's yet.

    Whose name and domicile stand elsewhere on the installation come in by their own request, or are registered anew.
    """
    if actor.is_system or queries.is_known_here(coop_id, party_id):
        return allow()
    if not people.exists(party_id) or queries.is_known_elsewhere(party_id) or people.has_come_in(party_id):
        return refuse("register.party_unknown")
    return allow()


def fits_number(number: int | None) -> Verdict:
    """Tell whether a number can be a member's; None stands for the next one."""
    if number is not None and not 1 <= number <= MOST_NUMBER:
        return refuse("register.number_impossible", most=MOST_NUMBER)
    return allow()


def fits_communication(digits: str) -> Verdict:
    """Tell whether this can be the structured communication under which a member pays."""
    if digits and not _COMMUNICATION.fullmatch(digits):
        return refuse("register.communication_impossible")
    return allow()


def fits_decision(body: str, reference: str) -> Verdict:
    """Tell whether a decision can be kept: taken by somebody who can, under a reference of one short line."""
    if not _DECIDER.fullmatch(body):
        return refuse("register.decider_unknown")
    if len(reference) > LONGEST_REFERENCE:
        return refuse("people.too_long", longest=LONGEST_REFERENCE, length=len(reference))
    if "\x00" in reference:
        return refuse("register.reference_unreadable")
    return allow()


def fits_today(on: dt.date, today: dt.date, *, ahead: bool = False) -> Verdict:
    """Tell whether a date can be the effective date of what is recorded today."""
    if on < FIRST_DAY:
        return refuse("register.date_too_early", on=on)
    if on > (today + AHEAD if ahead else today):
        return refuse("register.date_in_future", on=on)
    return allow()


def fits_quantity(quantity: int) -> Verdict:
    """Tell whether a number of shares can be meant."""
    if quantity < 1:
        return refuse("register.quantity_too_small", quantity=quantity)
    if quantity > MOST_SHARES:
        return refuse("register.quantity_too_large", quantity=quantity, most=MOST_SHARES)
    return allow()


def fits_money(amount: Decimal) -> Verdict:
    """Tell whether an amount can be meant: not below zero, no fractions of a cent, not beyond a billion."""
    if not amount.is_finite() or amount < 0 or amount > MOST_MONEY:
        return refuse("register.amount_out_of_bounds", amount=amount)
    if amount != amount.quantize(Decimal("0.01")):
        return refuse("register.amount_fractions", amount=amount)
    return allow()


def fits_price(amount: Decimal) -> Verdict:
    """Tell whether an amount per share can be meant: not below zero, four decimals at most, not beyond a billion."""
    if not amount.is_finite() or amount < 0 or amount > MOST_MONEY:
        return refuse("register.amount_out_of_bounds", amount=amount)
    if amount != amount.quantize(Decimal("0.0001")):
        return refuse("register.amount_fractions", amount=amount)
    return allow()


def fits_class(terms: queries.Terms, party_kind: str, shares_after: int) -> Verdict:
    """Tell whether somebody may hold so many shares of a class under its terms."""
    if terms.holders != "all" and terms.holders != f"{party_kind}s":
        return refuse("register.class_not_for_you", share_class=terms.code)
    if terms.minimum is not None and 0 < shares_after < terms.minimum:
        return refuse("register.class_minimum", share_class=terms.code, minimum=terms.minimum)
    if terms.maximum is not None and shares_after > terms.maximum:
        return refuse("register.class_maximum", share_class=terms.code, maximum=terms.maximum)
    return allow()


def may_have_paper(actor: Actor, coop_id: uuid.UUID, party_id: uuid.UUID | None, on: dt.date) -> Verdict:
    """Tell whether the actor may have a paper of the register: its own part anybody, the whole who may see it."""
    if party_id is not None and party_id in actor.parties and queries.members_of_party(coop_id, party_id):
        return allow()
    return may_see_register(actor, coop_id, on)


def may_record(keep: Verdict, *, needs_class: bool) -> Verdict:
    """Tell whether a kind of fact can be recorded: by who keeps the register, and of shares where there is a class."""
    if keep and needs_class:
        return refuse("register.no_class")
    return keep


def fits_member(kind: str, *, shares: int, ended_on: dt.date | None, today: dt.date) -> Verdict:
    """Tell whether a kind of fact (the code of its form) can be recorded of a member who holds so many shares."""
    if ended_on is not None and ended_on <= today:
        return refuse("register.member_ended_already", on=ended_on)
    if kind in ("payment", "transfer", "conversion", "exit", "exclusion") and shares == 0:
        return refuse("register.holds_nothing")
    if kind == "ending" and shares:
        return refuse("register.shares_left")
    return allow()


def may_see_requests(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may see who asks to become a member."""
    return coops.may_do(actor, coop_id, Power.SEE_REGISTER, on)


def may_keep_requests(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may write down requests, what was paid on them, and what they lacked."""
    return coops.may_do(actor, coop_id, Power.KEEP_REGISTER, on)


def may_decide_requests(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Tell whether the actor may write down what was decided on requests."""
    return coops.may_do(actor, coop_id, Power.ADMIT_MEMBERS, on)


def may_bring_from_books(actor: Actor) -> Verdict:
    """Tell whether what subscribers told, and money that was matched, may be brought here: by the books above only."""
    return allow() if actor.is_system else refuse("register.from_books_only")


def may_ask(offer: queries.Offer) -> Verdict:
    """Tell whether anybody can ask a co-operative to become a member."""
    return allow() if offer.is_open else refuse("register.not_admitting")


def fits_offer(offer: queries.Offer, kind: ApplicantKind, shares: SharesAsked | None, held: int = 0) -> Verdict:
    """Tell whether these shares can be asked for by somebody of this kind who holds so many of the class already."""
    if shares is None:
        if offer.needs_shares and not held:
            return refuse("register.shares_needed")
        return allow()
    verdict = fits_quantity(shares.quantity)
    if not verdict:
        return verdict
    terms = next((found for found in offer.classes if found.code == shares.share_class), None)
    if terms is None:
        return refuse("register.class_unknown", share_class=shares.share_class)
    if held + shares.quantity < offer.minimum:
        return refuse("register.shares_minimum", minimum=offer.minimum)
    party_kind = "organisation" if kind is ApplicantKind.ORGANISATION else "person"
    verdict = fits_class(terms, party_kind, held + shares.quantity)
    if not verdict:
        return verdict
    amount = terms.issue_price if shares.amount_per_share is None else shares.amount_per_share
    return fits_money(amount * shares.quantity)


def may_look_again(coop_id: uuid.UUID, party_id: uuid.UUID, now: dt.datetime) -> Verdict:
    """Tell whether somebody may look into a class once more: the right stays, copying it all by a program doesn't."""
    if queries.looks_by(coop_id, party_id, now - dt.timedelta(hours=1)) >= queries.HOURLY:
        return refuse("register.looked_often", most=queries.HOURLY)
    if queries.looks_by(coop_id, party_id, now - dt.timedelta(days=1)) >= queries.DAILY:
        return refuse("register.looked_often_today", most=queries.DAILY)
    return allow()
