"""The journeys of `tests/journeys`, page by page, in the languages in which no browser walks them."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coopwerf.coops.queries import coop_by_slug
from coopwerf.documents import tasks
from coopwerf.documents.models import Document
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Mail
from coopwerf.people.models import Account
from coopwerf.ui import formats
from tests.cast import make_person
from tests.house.test_languages import read
from tests.pages import Walker
from tests.register.spreadsheets import Made, belgian_cv, dutch_cooperative

pytestmark = pytest.mark.django_db

TODAY = clock.civil_date(clock.now())
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def day(date: dt.date) -> str:
    """Write a date as somebody types it."""
    return f"{date:%d-%m-%Y}"


def walker(given: str, language: str) -> Walker:
    """Return somebody who signed in and reads this language."""
    person = make_person(given, "Goossens", language=language, is_administrator=True)
    return Walker(person.browser(), language)


def signed_in(email: str, language: str) -> Walker:
    """Return a member who came in with the address that the register knows."""
    client = Client(headers={"accept-language": language})
    client.force_login(Account.objects.get(email=email))
    return Walker(client, language)


def found(one: Walker, name: str, stage: str) -> str:
    """Found a co-operative and say what it is by law; return the beginning of its addresses."""
    one.open("/new/")
    one.send(name=name, language=one.language)
    inside = one.address.removesuffix("settings/")
    one.open(f"{inside}settings/stage/")
    one.send(stage=stage, valid_from=day(dt.date(2020, 3, 2)), reference="12/2020")
    one.open(f"{inside}settings/profile/")
    one.send(legal_name=f"{name} cv", street="Werkhuizenkaai", number="41", postcode="1000", town="Brussel")
    return inside


def bring(one: Walker, inside: str, sheet: Made) -> None:
    """Bring a spreadsheet, mend what is doubtful, and book it."""
    one.open(f"{inside}register/import/")
    one.send(file=SimpleUploadedFile(sheet.name, sheet.content))
    at = one.form("", None, "at").values["at"]
    one.send("", at=at[0] or day(sheet.at))
    for line, mend in sheet.mends.items():
        where = f"/rows/{line}/"
        if "answer" in mend:
            one.send(where, button=("do", f"answer:{mend['answer']}"))
        else:
            [value] = mend["values"].values()
            one.send(where, button=("do", "value"), value=value)
    one.open(one.links("/book/")[0])
    one.send("/book/")


def paper(one: Walker) -> bytes:
    """Let the worker make the paper that was just asked for, and take it from its page."""
    slug, _documents, token = one.address.strip("/").split("/")[1:4]
    coop = coop_by_slug(slug)
    assert coop is not None
    with tenant(coop.id):
        row = Document.objects.get(coop_id=coop.id, token=token)
    tasks.make(str(coop.id), str(row.pk))
    one.open(one.address)
    [file] = one.links("/file/")
    return b"".join(one.client.get(file))


def mailed(to: str, language: str) -> Mail:
    """Return the latest mail to somebody, which is in their language."""
    mail = Mail.objects.filter(to=to).latest("id")
    assert f'<html lang="{language}"' in mail.html
    return mail


def noted(one: Walker, inside: str, given: str, **more: Any) -> None:
    """Write down the request of somebody who asked on paper."""
    one.open(f"{inside}requests/new/")
    one.send(
        asked_on=day(TODAY),
        given=given,
        family="Vandenbroucke",
        street="Dok-Noord",
        number="3",
        postcode="9000",
        town="Gent",
        email=f"{given.lower()}@example.org",
        language=one.language,
        **more,
    )


def recorded(one: Walker, **told: Any) -> None:
    """Look at what a decision will change, and record it."""
    one.send("", button=("step", "look"), **told)
    one.send("", button=("step", "record"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_belgian_cv(language: str) -> None:
    """Its spreadsheet, admissions, papers, a transfer, a correction; a member, and the page behind the certificate."""
    leen, sheet = walker("Leen", language), belgian_cv()
    inside = found(leen, "Wolkenwerf", "be_cv_recognised")
    bring(leen, inside, sheet)
    leen.open(f"{inside}register/")
    leen.says(formats.number(sheet.members, language), formats.number(sheet.shares, language))
    for given in ("Joris", "Wouter"):
        noted(leen, inside, given, quantity="2")
    leen.open(f"{inside}requests/?state=incomplete")
    for address in leen.links("/requests/0"):
        leen.open(address)
        leen.send("/paid/")
    for given, verdict in (("Joris", "admit"), ("Wouter", "refuse")):
        leen.open(f"{inside}requests/")
        [chosen] = re.findall(rf'value="([0-9a-f-]{{36}})" aria-label="[^"]*{given}', leen.page)
        leen.send("/decide/", button=("as", verdict), r=chosen)
        ground = {} if verdict == "admit" else {"ground": re.findall(r'name="ground" value="([^"]+)"', leen.page)[0]}
        leen.send("", on=day(TODAY), reference="4", **ground)
    assert mailed("wouter@example.org", language).subject
    leen.open(f"{inside}register/extract/")
    leen.send(form="register.extract", on=day(dt.date(TODAY.year, 1, 1)), language=language)
    assert paper(leen).startswith(b"%PDF")

    leen.open(f"{inside}register/record/transfer/")
    who = {"member": "1", "to_member": "2", "share_class": "A", "quantity": "1"}
    recorded(leen, **who, on=day(TODAY), decided_on=day(TODAY), reference="6")
    leen.open(f"{inside}register/members/7/")
    leen.open(leen.links("/correct/")[0])
    held = int(leen.form("", None, "quantity").values["quantity"][0])
    recorded(leen, quantity=str(held + 1), paid=str(25 * (held + 1)), decided_on=day(TODAY), reference="7")

    joris = signed_in("joris@example.org", language)
    joris.open(f"{inside}today/")
    joris.send(re.findall(r'action="[^"]*(/certificate/\d+/)"', joris.page)[0])
    assert paper(joris).startswith(b"%PDF")
    anybody = Walker(Client(headers={"accept-language": language}), language)
    anybody.open(joris.links("/confirm/")[0])
    anybody.says("Vandenbroucke", formats.money(Decimal(25), language))
    joris.open(f"{inside}register/classes/A/")
    joris.send("/classes/A/")
    assert "@" not in " ".join(read(joris.page).texts)


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_dutch_cooperative_without_shares(language: str) -> None:
    """Its spreadsheet, a request on the public form, the admission, and the list of members."""
    femke = walker("Femke", language)
    inside = found(femke, "Nederwerf", "nl_ua")
    bring(femke, inside, dutch_cooperative())
    noor = Walker(Client(headers={"accept-language": language}), language)
    noor.open(f"{inside}join/")
    noor.send(
        given="Noor",
        family="van ’t Hof",
        street="Koppelpoort",
        number="5",
        postcode="3811 BA",
        town="Amersfoort",
        email="noor@example.org",
        language=language,
        consent="on",
    )
    [link] = LINK.findall(mailed("noor@example.org", language).text)[:1]
    noor.open(link)
    noor.send()
    femke.open(f"{inside}requests/")
    femke.says("Noor")
    [chosen] = re.findall(r'name="r" value="([^"]+)"', femke.page)
    femke.send("/decide/", button=("as", "admit"), r=chosen)
    femke.send("", on=day(TODAY), reference="2")
    noor = signed_in("noor@example.org", language)
    noor.open(f"{inside}today/")
    femke.open(f"{inside}register/extract/")
    femke.send(form="register.member_list", language=language)
    assert paper(femke).startswith(b"%PDF")
