"""Somebody downloads everything that is stored about them: for programs, for people, and the files."""

import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from coopwerf.documents import actions as documents
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions, queries
from coopwerf.people.policies import MOST_DOWNLOADS
from coopwerf.people.states import Proof, RepresentationKind
from tests.cast import NOW, Cast, MakePerson, Person

from .test_erasure import member

pytestmark = pytest.mark.django_db


def archive_of(party_id: uuid.UUID, language: str = "en") -> zipfile.ZipFile:
    """Return somebody's archive."""
    out = io.BytesIO()
    queries.write_archive(party_id, out, now=NOW, language=language)
    return zipfile.ZipFile(out)


def tables(archive: zipfile.ZipFile) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table in an archive."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in json.loads(archive.read("data.json"))["tables"]:
        found.setdefault(table["table"], []).extend(table["rows"])
    return found


@pytest.fixture(autouse=True)
def files_place(tmp_path: Path, settings: Any) -> None:
    """Keep the files of a test in a place of their own."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_BACKEND = "coopwerf.messages.backend.OutboxBackend"


def test_a_member_of_two_cooperatives_gets_everything_of_both(
    person: MakePerson, wolkenwerf: Cast, nederwerf: Cast
) -> None:
    """Jonas holds shares here, is a member there, acts for a bakery, was mailed; all of it, and nobody else's."""
    jonas, kim = person("Jonas", "Vandewalle", language="nl"), person("Kim", "Sels")
    member(wolkenwerf, jonas)
    member(wolkenwerf, kim)
    member(nederwerf, jonas, shares=0)
    jonas.browser().get("/me/")
    actions.register_represented(
        actor=jonas.actor,
        now=NOW,
        kind=RepresentationKind.ORGANISATION,
        agent_id=jonas.party_id,
        family="Bakkerij Zonnestraal",
        enterprise_no="BE0123456749",
        proof=Proof.DECLARED,
    )
    EmailMessage(subject="Welkom", body="Dag Jonas", to=[jonas.email]).send()
    asked = documents.ask_document(
        actor=jonas.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        kind="register.certificate",
        language="nl",
        party_id=jonas.party_id,
    )
    for act in (documents.begin_document, documents.make_document):
        act(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, document_id=asked.id)
    archive = archive_of(jonas.party_id, "nl")
    assert archive.testzip() is None
    told = tables(archive)
    assert told["account"][0]["email"] == jonas.email
    assert (told["names"][0]["given"], told["names"][0]["family"]) == ("Jonas", "Vandewalle")
    assert told["addresses"][0]["town"] == "Brussel"
    assert told["contact"][0]["email"] == jonas.email
    assert told["acts_for"][0]["name"] == "Bakkerij Zonnestraal"
    assert [row["number"] for row in told["memberships"]] == [1, 1]
    assert told["movements"][0]["paid"] == "50.00"
    assert told["register_names"][0]["record"]["name"] == "Vandewalle, Jonas"
    assert "Dag Jonas" in told["mails"][0]["text"]
    assert told["documents"][0]["id"] == str(asked.id)
    assert told["certificates"]
    assert {row["verb"] for row in told["trail"]} >= {
        "people.registered",
        "register.member_admitted",
        "documents.asked",
    }
    (paper,) = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(paper).startswith(b"%PDF")
    page = archive.read("data.html").decode()
    assert '<html lang="nl">' in page
    assert paper in page
    for text in ("Vandewalle", "Bakkerij Zonnestraal", "Wolkenwerf", "Nederwerf"):
        assert text in page
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert "Sels" not in everything
    assert kim.email not in everything
    assert str(kim.party_id) not in everything


def test_a_download_stands_in_the_next_one_and_there_are_only_so_many_a_day(person: MakePerson) -> None:
    """What was handed over when is itself told; the eleventh on a day has to wait."""
    jonas = person("Jonas", "Vandewalle")
    for _ in range(MOST_DOWNLOADS):
        actions.record_download(actor=jonas.actor, now=NOW, party_id=jonas.party_id)
    with pytest.raises(Refused, match=r"people\.downloads_too_many"):
        actions.record_download(actor=jonas.actor, now=NOW, party_id=jonas.party_id)
    assert len(tables(archive_of(jonas.party_id))["requests_about_data"]) == MOST_DOWNLOADS


def test_names_that_want_to_be_more_than_names_stay_text(person: MakePerson) -> None:
    """Markup, formulas and far scripts are shown as they were typed."""
    odd = person('<b>"=cmd()"</b>', "שלום 🦉 O’Hara", email="odd@example.org")
    page = archive_of(odd.party_id).read("data.html").decode()
    assert "<b>" not in page
    assert "שלום 🦉 O’Hara" in page


def test_who_was_erased_has_only_what_some_law_keeps(person: MakePerson, wolkenwerf: Cast, stranger: Person) -> None:
    """Their archive, which an operator may still write, holds what the register keeps."""
    jonas = person("Jonas", "Vandewalle")
    member(wolkenwerf, jonas)
    actions.erase_party(actor=SYSTEM, now=NOW, party_id=jonas.party_id)
    told = tables(archive_of(jonas.party_id))
    assert told.keys() == {
        "person", "names", "addresses", "memberships", "standings", "movements", "register_names", "trail",
    }  # fmt: skip
    assert "account" not in told
