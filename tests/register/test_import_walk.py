"""A French-speaking secretary brings a register along on a phone without JavaScript, in a real browser."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import Party
from coopwerf.register import queries
from tests.cast import TODAY, Cast
from tests.journeys.visitor import Visitor

from .spreadsheets import Made
from .test_register import proof

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SHEET = """Nr;Nom et prénom;Adresse;Parts A;Parts B;Libéré A;Libéré B;Date d'admission
1;Maes, Anna;Rue Haute 1, 1000 Bruxelles;4;2;100;25;03/05/2019
2;Okafor, Daniel;Rue Haute 2, 1000 Bruxelles;10;;250;;31/02/2019
3;Nubo SC;Rue Haute 3, 1000 Bruxelles;20,5;;500;;30/06/2020
4;Anna Maes;Rue Haute 1, 1000 Bruxelles;1;;25;;12/05/2021
5;Peeters, Jana;Rue Haute 9, 1000 Bruxelles;1;;25;;12/05/2021
"""


# Words of the way that come nearer than four pixels to those beside them.
TOUCHING = """() => {
  const boxes = [...document.querySelectorAll('.steps li')].map((item) => {
    const range = document.createRange();
    range.selectNodeContents(item.querySelector('a') || item.firstChild);
    return range.getBoundingClientRect();
  });
  return boxes.slice(1).map((box, place) => box.left - boxes[place].right).filter((gap) => gap < 4);
}"""


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, wolkenwerf: Cast) -> Any:
    """Return the phone of the secretary, signed in."""
    Party.objects.filter(id=wolkenwerf.secretary.party_id).update(language="fr")
    visitor = Visitor(browser, live_server.url, language="fr", phone=True, script=False, shots="import-")
    cookies = wolkenwerf.secretary.browser().cookies
    visitor.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in cookies.items()]
    )
    yield visitor
    visitor.leave()


def test_from_file_to_register(visitor: Visitor, wolkenwerf: Cast, tmp_path: Path) -> None:
    """Every page and every button of the way works as plain forms; nothing is wider than the phone."""
    made = Made("parts.csv", SHEET.encode(), 3, 0, 18, Decimal(425))
    visitor.open(wolkenwerf.url("register/import/"))
    visitor.shot("start")
    visitor.put("file", str(made.write_to(tmp_path)))
    visitor.send()
    visitor.shot("columns")
    assert visitor.page.locator('[name="column_4"]').input_value() == "shares:B"
    visitor.fill(amount="25", at="31-10-2026")
    visitor.go(visitor.page.locator("main form button:not([name])").first)
    visitor.shot("look")
    assert visitor.page.evaluate(TOUCHING) == []
    assert visitor.page.locator("main li.mend").count() == 3
    import_url = visitor.path
    visitor.open(f"{import_url}rows/3/")
    visitor.shot("row")
    visitor.put("admitted_on", "28/02/2019")
    visitor.go(visitor.page.locator('main button[value="row"]'))
    visitor.open(f"{import_url}rows/4/")
    visitor.put("reason", "n'a jamais payé")
    visitor.go(visitor.page.locator('main button[value="skip"]'))
    visitor.go(visitor.page.locator('main button[value="answer:same"]').first)
    visitor.shot("ready")
    visitor.open(f"{import_url}book/")
    visitor.shot("book")
    visitor.send()
    visitor.shot("booked")
    with tenant(wolkenwerf.id):
        totals = queries.totals(wolkenwerf.id, TODAY)
    assert (totals.members, totals.shares, totals.paid) == (made.members, {"A": 16, "B": 2}, made.paid)
    assert proof(wolkenwerf).ok
