"""Share classes: opening one, and giving it other terms from a date on."""

import datetime as dt
import re
import uuid
from decimal import Decimal

from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import ShareClass, ShareClassTerms

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,11}")
HOLDERS = ("all", "persons", "organisations")
VOTES = ("member", "share")
TRANSFERS = ("board", "free", "none")


@action(verb="register.class_terms_set")
def set_class_terms(
    *,
    coop_id: uuid.UUID,
    code: str,
    valid_from: dt.date,
    nominal: Decimal,
    issue_price: Decimal | None = None,
    name: str = "",
    holders: str = "all",
    minimum: int | None = None,
    maximum: int | None = None,
    votes: str = "member",
    dividend: bool = True,
    transfer: str = "board",
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Open a class of shares, or give it other terms from a date; earlier dates keep the terms they had.

    Returns the class's id. Raises Refused for a code, amount or limit that can't be meant.
    """
    today = clock.civil_date(now)
    coops.may_do(actor, coop_id, Power.MANAGE_SETTINGS, today).require()
    if not CODE.fullmatch(code):
        raise Refused("register.class_code", share_class=code)
    if valid_from < policies.FIRST_DAY:
        raise Refused("register.date_too_early", on=valid_from)
    price = nominal if issue_price is None else issue_price
    for amount in (nominal, price):
        if not amount.is_finite() or amount <= 0 or amount > policies.MOST_MONEY:
            raise Refused("register.amount_out_of_bounds", amount=amount)
        if amount != amount.quantize(Decimal("0.0001")):
            raise Refused("register.amount_fractions", amount=amount)
    least = 1 if minimum is None else minimum
    if least < 1 or (maximum is not None and maximum < least):
        raise Refused("register.class_limits", minimum=minimum or 1, maximum=maximum or 0)
    if holders not in HOLDERS or votes not in VOTES or transfer not in TRANSFERS:
        raise Refused("register.class_terms")
    chain.lock(coop_id)
    share_class, _made = ShareClass.objects.get_or_create(coop_id=coop_id, code=code)
    chain.append(
        coop_id=coop_id,
        at=now,
        rows=[
            ShareClassTerms(
                coop_id=coop_id,
                share_class=share_class,
                code=code,
                valid_from=valid_from,
                nominal=nominal.quantize(Decimal("0.0001")),
                issue_price=price.quantize(Decimal("0.0001")),
                terms={
                    "name": name.strip()[:80],
                    "holders": holders,
                    "minimum": minimum,
                    "maximum": maximum,
                    "votes": votes,
                    "dividend": dividend,
                    "transfer": transfer,
                },
            )
        ],
    )
    audit("share_class", share_class.id, share_class=code, valid_from=valid_from, nominal=nominal, issue_price=price)
    return share_class.id
