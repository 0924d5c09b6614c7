"""A Dutch coöperatie U.A. of fifteen, without shares, lives on phones: in English for its chair, in Dutch outside."""

import datetime as dt
from pathlib import Path

import pytest

from ..register.spreadsheets import dutch_cooperative
from .conftest import Installation, Visit, day, signs_in
from .visitor import Visitor

pytestmark = pytest.mark.journey

TODAY = dt.datetime.now(dt.UTC).date()
FEMKE, NOOR = "femke@example.org", "noor@example.org"


@pytest.fixture(scope="module")
def femke(visit: Visit) -> Visitor:
    """Return the phone of Femke, who chairs the co-operative and reads English."""
    return visit("en", phone=True, shots="ua-")


@pytest.fixture(scope="module")
def noor(visit: Visit) -> Visitor:
    """Return the phone of Noor, who wants to become a member."""
    return visit("nl", phone=True, shots="ua-")


def test_femke_founds_it(femke: Visitor, installation: Installation) -> None:
    femke.open(installation.first_link)
    femke.fill(given="Femke", family="de Boer", email=FEMKE, language="en")
    femke.send()
    femke.take("/new/")
    femke.fill(name="Nederwerf", language="nl")
    femke.send()
    femke.open("/c/nederwerf/settings/stage/")
    femke.fill(stage="nl_ua", valid_from="02-05-2022", reference="akte van notaris Bos te Amersfoort")
    femke.send()
    femke.open("/c/nederwerf/settings/")
    femke.shot("settings")


def test_its_fifteen_members_come_along(femke: Visitor, installation: Installation, tmp_path: Path) -> None:
    sheet = dutch_cooperative()
    told = installation.told("register", "import", str(sheet.write_to(tmp_path)))
    assert (told["members"], told["shares"]) == (15, {})
    femke.open("/c/nederwerf/register/")
    femke.says("Sanne")
    femke.shot("register")


def test_noor_asks_to_become_a_member(noor: Visitor, installation: Installation) -> None:
    noor.open("/c/nederwerf/")
    noor.shot("poster")
    noor.open("/c/nederwerf/join/")
    noor.shot("join")
    noor.fill(
        given="Noor",
        family="van ’t Hof",
        street="Koppelpoort",
        number="5",
        postcode="3811 BA",
        town="Amersfoort",
        email=NOOR,
        language="nl",
    )
    noor.send()
    assert noor.path == "/c/nederwerf/join/", "whoever forgets to accept the statutes is asked again"
    assert noor.page.locator('[name="town"]').input_value() == "Amersfoort"
    noor.put("consent", "on")
    noor.send()
    noor.shot("join-sent")
    mail = installation.mailbox.wait_for(NOOR)
    assert mail.language == "nl"
    noor.open(mail.links[0])
    noor.shot("join-confirm")
    noor.send()
    noor.shot("join-status")


def test_femke_admits_her(femke: Visitor) -> None:
    femke.open("/c/nederwerf/requests/")
    femke.says("Noor")
    femke.shot("requests")
    femke.page.locator('input[name="r"]').first.check()
    femke.go(femke.page.locator('button[name="as"][value="admit"]'))
    femke.shot("decide")
    femke.fill(on=day(TODAY), reference="bestuur, punt 2")
    femke.send()
    femke.shot("decided")


def test_noor_is_welcomed_and_has_a_page(noor: Visitor, installation: Installation) -> None:
    mail = installation.mailbox.wait_for(NOOR, number=2, seconds=60)
    assert "17" in mail.subject
    assert mail.language == "nl"
    assert [name for name in mail.files() if name.endswith(".pdf")]
    signs_in(noor, installation, NOOR, by_link=True)
    noor.open("/c/nederwerf/today/")
    noor.shot("today")


def test_femke_prints_the_list_of_members(femke: Visitor) -> None:
    femke.open("/c/nederwerf/register/extract/")
    femke.put("form", "register.member_list")
    femke.put("language", "nl")
    femke.send()
    name, words = femke.paper()
    assert name.startswith("nederwerf-")
    for member in ("Boer", "Sanne", "Noor", "Saskia"):
        assert member in words
    assert "Koppelpoort 5" in words
    femke.shot("paper")


def test_anybody_can_recompute_it(installation: Installation) -> None:
    assert installation.told("verify")["ok"]
    totals = installation.told("register", "show", "--at", TODAY.isoformat(), "--totals")
    assert totals["members"] == 16
    assert totals["shares"] == {}
