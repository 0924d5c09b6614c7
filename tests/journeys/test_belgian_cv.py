"""A Belgian CV comes with its spreadsheet, in Dutch, on a computer; its member on a phone."""

import datetime as dt

import pytest

from .conftest import Installation, Visit, day, signs_in
from .visitor import Visitor

pytestmark = pytest.mark.journey

TODAY = dt.datetime.now(dt.UTC).date()
FOUNDED = dt.date(TODAY.year - 6, 3, 2)
LEEN = "leen@example.org"


@pytest.fixture(scope="module")
def leen(visit: Visit) -> Visitor:
    """Return Leen's computer: she keeps the books of the co-operative, and hosts the installation."""
    return visit("nl", shots="cv-")


def test_the_first_administrator_comes_in_by_the_printed_link(leen: Visitor, installation: Installation) -> None:
    leen.open("/")
    leen.shot("hub-empty")
    leen.open(installation.first_link)
    leen.shot("first")
    leen.fill(given="Leen", family="Goossens", email=LEEN, language="nl")
    leen.send()
    leen.shot("hub-first")
    assert leen.path == "/"
    gone = installation.told("first_link")
    assert gone == {"link": None}


def test_the_link_is_good_once(visit: Visit, installation: Installation) -> None:
    somebody = visit("nl")
    somebody.page.goto(installation.first_link)
    assert somebody.status == 410


def test_she_founds_the_co_operative(leen: Visitor) -> None:
    leen.take("/new/")
    leen.fill(name="Wolkenwerf", language="nl")
    leen.shot("new")
    leen.send()
    assert leen.path == "/c/wolkenwerf/settings/"
    leen.shot("founded")
    leen.take("/settings/stage/")
    leen.fill(stage="be_cv_recognised", valid_from=day(FOUNDED), reference="akte van notaris Claes te Brussel")
    leen.send()
    leen.shot("rules")
    leen.open("/c/wolkenwerf/settings/profile/")
    leen.fill(
        legal_name="Wolkenwerf cv",
        enterprise_no="0799.000.041",
        street="Werkhuizenkaai",
        number="41",
        postcode="1000",
        town="Brussel",
        valid_from=day(FOUNDED),
    )
    leen.send()


def test_she_signs_in_again_by_mail(leen: Visitor, installation: Installation, visit: Visit) -> None:
    elsewhere = visit("nl", phone=True)
    signs_in(elsewhere, installation, LEEN)
    elsewhere.shot("me")
