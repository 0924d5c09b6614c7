"""The demonstration is played whole, and there is something to see on every page of it."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.test import Client

from coopwerf.capital import queries as money
from coopwerf.coops import queries as coops
from coopwerf.kernel import chain
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import queries as bank
from coopwerf.people.models import Account
from coopwerf.register import queries

pytestmark = pytest.mark.django_db


def test_the_demonstration_plays_to_its_end() -> None:
    """No line is refused; the register is whole, the correction is back-dated, the pages open."""
    out = io.StringIO()
    call_command("demo", stdout=out)
    told = json.loads(out.getvalue())
    assert told["refused"] == []
    coop = coops.coop_by_slug(told["slug"])
    assert coop is not None
    assert coop.is_practice
    with tenant(coop.id):
        assert queries.verify(coop.id).ok
        today = queries.totals(coop.id, dt.date(2026, 11, 1))
        assert (today.members, today.left) == (11, 1)
        samira = next(line for line in queries.lines(coop.id, dt.date(2025, 2, 1)) if line.name == "Benali, Samira")
        assert samira.shares == 11
        then = chain.position_at(coop.id, dt.datetime(2025, 2, 1, tzinfo=dt.UTC))
        known = queries.holdings_of(coop.id, samira.member_id, dt.date(2025, 2, 1), then)
        assert known is not None
        assert known.shares == 13
        assert money.proof(coop.id, dt.date(2026, 11, 5)).holds
        assert len(bank.inbox_page(coop.id)) == 4
    for address in told["sign_in_as"].values():
        browser = Client()
        browser.force_login(Account.objects.get(email=address))
        assert browser.get("/me/").status_code == 200
    browser.force_login(Account.objects.get(email=told["sign_in_as"]["chair"]))
    for page in (
        *("register/", "register/members/1/", "requests/", "bodies/", "settings/"),
        *("offers/", "offers/gereedschap/", "shares/gereedschap/"),
        *("bank/", "bank/statements/", "bank/to-pay/", "books/", "books/journal/", "books/proof/"),
    ):
        assert browser.get(f"/c/{told['slug']}/{page}").status_code == 200
    with pytest.raises(Refused, match=r"site\.demo_there"):
        call_command("demo", stdout=out)
