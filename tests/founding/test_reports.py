"""Reports from the yard: written by several, told in several languages, corrected openly, taken back."""

import dataclasses
import datetime as dt
import json
import re
import xml.etree.ElementTree as ET  # our own feed, which holds no entities of others
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from coopwerf.documents.models import Picture
from coopwerf.founding import actions, happenings, queries, tasks
from coopwerf.founding.models import Report, ReportAuthor, ReportVersion
from coopwerf.founding.states import Rendering, ReportState, Words
from coopwerf.founding.web import reading
from coopwerf.kernel import happenings as kernel_happenings
from coopwerf.kernel import kept
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.actions import know_contact
from coopwerf.messages.models import Mail
from tests.cast import NOW, Cast, Person
from tests.documents.photos import photo, with_position

from .reporting import DUTCH, FRENCH, act, drafted, facts, forget, pictured, published, translated, write

pytestmark = pytest.mark.django_db
HERE = "reports/de-servers-staan-recht/"


def code_of(deed: Any, *args: Any, **how: Any) -> str:
    """Return why something is refused."""
    with pytest.raises(Refused) as refusal:
        deed(*args, **how)
    assert refusal.value.message
    return refusal.value.code


def read(coop: Cast, rest: str = HERE, language: str = "nl") -> str:
    """Return a page as a visitor reads it, as it stands this moment."""
    forget()
    answer = Client(headers={"accept-language": language}).get(coop.url(rest))
    assert answer.status_code == 200, rest
    return str(answer.content.decode())


def test_a_visitor_reads_what_was_done_where_it_stands_and_what_comes(wolkenwerf: Cast) -> None:
    """Title, first sentences, the three parts in Markdown, who wrote it; nothing inline but what machines read."""
    published(wolkenwerf)
    page = read(wolkenwerf)
    for told in (DUTCH.title, DUTCH.lead, "Wat we deden", "<strong>elf vrijwilligers</strong>", "<li>het rek</li>"):
        assert told in page
    assert "Geschreven door Bram Verhoeven" in page
    assert "Verslag 1," in page
    assert DUTCH.title in read(wolkenwerf, "reports/")
    scripts = re.findall(r"<script(?![^>]*src=)([^>]*)>", page)
    assert scripts == [' type="application/ld+json"']


def test_a_draft_is_nobodys_but_its_writers(wolkenwerf: Cast, zonnewerf: Cast, stranger: Person) -> None:
    """Nobody reads it at its public address, nor in the list, the feed or a version; who writes here sees it."""
    drafted(wolkenwerf)
    forget()
    for rest in (HERE, HERE + "versions/1/", HERE + "comment/"):
        assert Client().get(wolkenwerf.url(rest)).status_code == 404, rest
        assert wolkenwerf.secretary.browser().get(wolkenwerf.url(rest)).status_code == 404, rest
    assert DUTCH.title not in read(wolkenwerf, "reports/")
    assert DUTCH.title not in read(wolkenwerf, "reports/feed-nl.atom")
    write_page = wolkenwerf.url("writing/de-servers-staan-recht/")
    assert wolkenwerf.director.browser().get(write_page).status_code == 200
    for other in (stranger, wolkenwerf.auditor, zonnewerf.secretary):
        assert other.browser().get(write_page).status_code == 403
    assert Client().get(write_page).status_code == 302


def test_it_is_written_and_looked_at_without_any_script(wolkenwerf: Cast) -> None:
    """The button “look at it first” shows the text as it will be read and keeps nothing; the other one keeps it."""
    browser = wolkenwerf.secretary.browser()
    answer = browser.post(wolkenwerf.url("writing/new/"), {"title": DUTCH.title, "language": "nl"})
    here = answer.headers["Location"]
    assert here == wolkenwerf.url("writing/de-servers-staan-recht/")
    form = {**dataclasses.asdict(DUTCH), "revision": "1", "takes_comments": "on"}
    looked = browser.post(here, {**form, "do": "look"}).content.decode()
    assert "<strong>elf vrijwilligers</strong>" in looked
    assert "Het is nog niet bewaard" in looked
    assert "**elf vrijwilligers**" in looked
    assert (
        "elf vrijwilligers"
        not in browser.get(wolkenwerf.url("writing/de-servers-staan-recht/preview/")).content.decode()
    )
    assert browser.post(here, {**form, "do": "keep"}).status_code == 302
    assert (
        "elf vrijwilligers" in browser.get(wolkenwerf.url("writing/de-servers-staan-recht/preview/")).content.decode()
    )
    assert browser.post(wolkenwerf.url("writing/de-servers-staan-recht/move/publish/")).status_code == 302
    assert DUTCH.title in read(wolkenwerf)


def test_of_two_who_write_at_once_the_second_is_told(wolkenwerf: Cast) -> None:
    """What the first kept isn't lost, and what the second typed stands in the form."""
    report_id = drafted(wolkenwerf)
    revision = facts(wolkenwerf, report_id).revision
    browser = wolkenwerf.chair.browser()
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, lead="Van Bram"))
    form = {**dataclasses.asdict(DUTCH), "lead": "Van Amina", "revision": str(revision)}
    page = browser.post(wolkenwerf.url("writing/de-servers-staan-recht/"), form).content.decode()
    assert "Van Amina" in page
    assert "Van Bram" in page, "both are read on one page"
    now = facts(wolkenwerf, report_id)
    assert now.version.words.lead == "Van Bram"
    assert re.search(rf'name="revision" value="{now.revision}"', page), "who has read it may keep theirs after all"


def test_what_a_report_lacks_is_said_before_it_is_published(wolkenwerf: Cast) -> None:
    """No text, a picture that isn't there: each has a sentence, and nothing is published."""
    report_id = actions.draft_report(**act(wolkenwerf), title="Leeg", language="nl")
    assert code_of(actions.publish_report, **act(wolkenwerf), report_id=report_id) == "founding.no_text"
    write(wolkenwerf, report_id, Words(title="Leeg", done="![x](picture:4)"))
    assert code_of(actions.publish_report, **act(wolkenwerf), report_id=report_id) == "founding.picture_unknown"
    write(wolkenwerf, report_id, Words(done="Iets"))
    assert code_of(actions.publish_report, **act(wolkenwerf), report_id=report_id) == "founding.no_title"
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url("writing/leeg/")).content.decode()
    assert "Geef het een titel" in page
    too_long = Words(title="x" * 121, done="y")
    assert code_of(write, wolkenwerf, report_id, too_long) == "founding.text_too_long"
    assert facts(wolkenwerf, report_id).state is ReportState.DRAFT


def test_several_write_one_report(wolkenwerf: Cast, stranger: Person) -> None:
    """Who is invited by mail signs in, presses a button, and writes this report and no other; then they leave it."""
    report_id, other_id = drafted(wolkenwerf), drafted(wolkenwerf, dataclasses.replace(DUTCH, title="Een ander"))
    actions.invite_author(**act(wolkenwerf), report_id=report_id, email="ines@example.org", language="nl")
    mail = Mail.objects.get(to="ines@example.org")
    link = re.findall(r"http://localhost:8000(\S+)", mail.text)[0]
    browser = stranger.browser()
    assert browser.get(link).status_code == 200
    assert not queries_author(wolkenwerf, report_id, stranger)
    assert browser.post(link).status_code == 302
    assert browser.post(link).status_code == 404
    write_page = wolkenwerf.url("writing/de-servers-staan-recht/")
    assert browser.get(write_page).status_code == 200
    assert browser.get(wolkenwerf.url("writing/een-ander/")).status_code == 403
    found = facts(wolkenwerf, report_id)
    told = {"words": DUTCH, "cover": None, "takes_comments": True, "revision": found.revision}
    actions.write_report(**act(wolkenwerf, who=stranger), report_id=report_id, **told)
    mine = act(wolkenwerf, who=stranger)
    assert code_of(actions.publish_report, **mine, report_id=report_id) == "coops.lacks_power"
    assert code_of(actions.sign_report, **mine, report_id=other_id) == "coops.lacks_power"
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    assert f"Geschreven door Bram Verhoeven, {stranger.name}" in read(wolkenwerf)
    actions.leave_report(**mine, report_id=report_id)
    assert browser.get(write_page).status_code == 403
    assert "Ines" not in read(wolkenwerf)


def queries_author(coop: Cast, report_id: Any, who: Person) -> bool:
    """Tell whether somebody writes a report."""
    with tenant(coop.id):
        return queries.is_author(coop.id, report_id, who.actor.parties)


def test_a_picture_stands_in_the_text_with_its_maker_and_licence(wolkenwerf: Cast) -> None:
    """On top and in a part; with what is seen, in sizes for every screen; and nobody sees it before it is published."""
    report_id = drafted(wolkenwerf)
    browser = wolkenwerf.secretary.browser()
    with_file = {
        "picture": _file(with_position()),
        "where": "top",
        "author": "Claire Lambotte",
        "licence": "cc_by_sa",
        "caption": "Het rek",
        "alt_nl": "Twee vrijwilligers",
    }
    answer = browser.post(wolkenwerf.url("writing/de-servers-staan-recht/pictures/"), with_file)
    assert answer.status_code == 302
    pictured(wolkenwerf, report_id, "done", caption="Kabels [op] zaterdag")
    assert "![Kabels (op) zaterdag](picture:2)" in facts(wolkenwerf, report_id).written.words.done
    picture = facts(wolkenwerf, report_id).pictures[1]
    small = wolkenwerf.url(f"pictures/{picture.id}/480.webp")
    assert Client().get(small).status_code == 404
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    page = read(wolkenwerf)
    assert 'alt="Twee vrijwilligers"' in page
    assert "480w" in page
    assert page.count("<figure") == 2
    assert 'Beeld: Claire Lambotte, <a href="https://creativecommons.org/licenses/by-sa/4.0/"' in page
    answer = Client().get(small)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.content


def _file(content: bytes, name: str = "foto.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>zz(1)</script></svg>'),
        ("foto.svg", photo(800, 600)),
        ("foto.jpg.html", photo(800, 600)),
        ("foto.png", b"<script>zz(1)</script>"),
    ],
)
def test_what_is_no_picture_comes_back_with_a_sentence(wolkenwerf: Cast, name: str, content: bytes) -> None:
    """By its name or by what it is; what was typed beside it isn't lost."""
    drafted(wolkenwerf)
    told = {
        "picture": _file(content, name),
        "where": "top",
        "author": "Claire",
        "licence": "own",
        "alt_nl": "Een deur",
    }
    answer = wolkenwerf.secretary.browser().post(wolkenwerf.url("writing/de-servers-staan-recht/pictures/"), told)
    assert answer.status_code == 200
    assert 'value="Claire"' in answer.content.decode()
    assert "field--error" in answer.content.decode()
    with tenant(wolkenwerf.id):
        assert not Picture.objects.exists()


def test_a_picture_that_was_taken_away_says_so_wherever_it_stood(wolkenwerf: Cast) -> None:
    """Also in versions that were published, and it is served to nobody; nobody needs to correct the report for it."""
    report_id = drafted(wolkenwerf)
    pictured(wolkenwerf, report_id)
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    url = re.findall(r'src="(/c/[^"]+webp)"', read(wolkenwerf))[0]
    browser = wolkenwerf.secretary.browser()
    assert browser.get(wolkenwerf.url("writing/de-servers-staan-recht/pictures/1/away/")).status_code == 200
    assert Client().get(url).status_code == 200
    assert browser.post(wolkenwerf.url("writing/de-servers-staan-recht/pictures/1/away/")).status_code == 302
    assert Client().get(url).status_code == 404
    assert "Hier stond een beeld" in read(wolkenwerf)
    assert "Hier stond een beeld" in read(wolkenwerf, HERE + "versions/1/")
    assert "og:image" not in read(wolkenwerf)


def test_a_translation_shows_how_it_stands(wolkenwerf: Cast) -> None:
    """Missing, then there with whose it is, then older than the original; each is said to who reads and who writes."""
    report_id = published(wolkenwerf)
    missing = read(wolkenwerf, language="fr")
    assert DUTCH.title in missing
    assert "n’est pas encore traduit en français" in missing
    assert 'hreflang="fr"' not in missing
    translated(wolkenwerf, report_id)
    page = read(wolkenwerf, language="fr")
    assert FRENCH.title in page
    assert "Ce que nous avons fait" in page
    assert "Langue d’origine\u00a0: néerlandais. Traduction\u00a0: Noor." in page
    assert f'hreflang="nl" href="http://localhost:8000{wolkenwerf.url(HERE)}?lang=nl"' in page
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.THERE
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, done="Vijf zaterdagen."))
    actions.publish_report(**act(wolkenwerf), report_id=report_id, reason="Het waren er vijf.")
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.STALE
    assert "plus ancienne que le compte rendu" in read(wolkenwerf, language="fr")
    writing = wolkenwerf.secretary.browser().get(wolkenwerf.url("writing/de-servers-staan-recht/translations/fr/"))
    assert "<del>Zes" in writing.content.decode()
    translated(wolkenwerf, report_id, dataclasses.replace(FRENCH, done="Cinq samedis."))
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.THERE
    assert "plus ancienne" not in read(wolkenwerf, language="fr")


def test_a_helper_without_an_account_translates_and_an_author_reads_first(wolkenwerf: Cast) -> None:
    """The door for help wanted: it waits, is shown to who writes, and appears when one of them presses a button."""
    report_id = published(wolkenwerf)
    helper = know_contact(
        actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, email="noor@example.org", name="Noor", language="fr"
    )
    told = {"language": "fr", "of_version": 1, "translator": "Noor V.", "contact_id": helper}
    by_system = {**act(wolkenwerf), "actor": SYSTEM}
    made = actions.record_translation(**by_system, report_id=report_id, words=FRENCH, **told)
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.WAITING
    assert DUTCH.title in read(wolkenwerf, language="fr")
    browser = wolkenwerf.secretary.browser()
    here = wolkenwerf.url("writing/de-servers-staan-recht/translations/fr/")
    assert "Noor V." in browser.get(here).content.decode()
    assert browser.post(here, {"do": "accept", "translation": str(made)}).status_code == 302
    assert FRENCH.title in read(wolkenwerf, language="fr")
    again = {**act(wolkenwerf), "report_id": report_id, "translation_id": made}
    assert code_of(actions.decline_translation, **again) == "founding.translation_gone"
    shorter = dataclasses.replace(FRENCH, standing="")
    part = code_of(actions.record_translation, **by_system, report_id=report_id, words=shorter, **told)
    assert part == "founding.part_untold"
    assert (
        code_of(
            actions.record_translation,
            **{**act(wolkenwerf), "actor": VISITOR},
            report_id=report_id,
            words=FRENCH,
            **told,
        )
        == "kernel.not_signed_in"
    )


def test_a_correction_is_told_openly(wolkenwerf: Cast) -> None:
    """With a reason; what stood before stays readable, with what went and what came; it never changes any more."""
    report_id = published(wolkenwerf)
    told = "38 vennoten hebben mail. Er ging niets verloren."
    done, after_marks = DUTCH.done.replace("elf", "twaalf"), DUTCH.next.replace("10 mei", "**10 mei**")
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, standing=told, done=done, next=after_marks))
    assert "40 vennoten" in read(wolkenwerf)
    assert code_of(actions.publish_report, **act(wolkenwerf), report_id=report_id) == "founding.no_reason"
    answer = wolkenwerf.secretary.browser().post(
        wolkenwerf.url("writing/de-servers-staan-recht/move/correct/"), {"reason": "We telden twee mensen dubbel."}
    )
    assert answer.status_code == 302
    page = read(wolkenwerf)
    assert "38 vennoten" in page
    assert "We telden twee mensen dubbel." in page
    before = read(wolkenwerf, HERE + "versions/1/")
    assert "40 vennoten" in before
    assert "Dit is sindsdien verbeterd" in before
    after = read(wolkenwerf, HERE + "versions/2/")
    assert "<del>40</del><ins>38</ins> vennoten" in after
    assert "<del>elf</del><ins>twaalf</ins> vrijwilligers" in after, "as it is read, without marks"
    assert "<ins>**10 mei**." in after, "marks that changed themselves are shown"
    assert Client().get(wolkenwerf.url(HERE + "versions/3/")).status_code == 404
    with tenant(wolkenwerf.id):
        for version in ReportVersion.objects.filter(report_id=report_id):
            with pytest.raises(DatabaseError), transaction.atomic():
                ReportVersion.objects.filter(id=version.id).update(words={"title": "anders"})
            with pytest.raises(DatabaseError), transaction.atomic():
                version.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(id=report_id).delete()
    assert code_of(actions.delete_draft, **act(wolkenwerf), report_id=report_id) == "founding.only_draft"


def test_what_was_changed_and_thrown_away_leaves_the_report_as_it_was(wolkenwerf: Cast) -> None:
    """Nobody reads a correction before it is published; thrown away, nothing waits."""
    report_id = published(wolkenwerf)
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, title="Anders"))
    actions.discard_correction(**act(wolkenwerf), report_id=report_id)
    assert facts(wolkenwerf, report_id).pending is None
    assert code_of(actions.discard_correction, **act(wolkenwerf), report_id=report_id) == "founding.nothing_new"
    told = {**act(wolkenwerf), "report_id": report_id, "reason": "x"}
    assert code_of(actions.publish_report, **told) == "founding.nothing_new"


def test_a_report_published_by_mistake_is_taken_back(wolkenwerf: Cast) -> None:
    """Its address says so and why; nothing of it is told anywhere, its pictures neither; the feed tells readers."""
    report_id = drafted(wolkenwerf)
    pictured(wolkenwerf, report_id)
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    url = re.findall(r'src="(/c/[^"]+webp)"', read(wolkenwerf))[0]
    assert Client().get(url).status_code == 200
    translated(wolkenwerf, report_id)
    told = {**act(wolkenwerf), "report_id": report_id}
    assert code_of(actions.take_back_report, **told, reason="  ") == "founding.no_reason"
    actions.take_back_report(**told, reason="De bedragen waren van een ander jaar.")
    forget()
    for rest in (HERE, HERE + "?lang=fr", HERE + "versions/1/"):
        answer = Client(headers={"accept-language": "nl"}).get(wolkenwerf.url(rest))
        assert answer.status_code == 410
        text = answer.content.decode()
        assert "De bedragen waren van een ander jaar." in text
        assert DUTCH.title not in text
        assert FRENCH.title not in text
    assert Client().get(url).status_code == 404
    for rest in ("reports/", "reports/feed-nl.atom"):
        assert "De bedragen waren van een ander jaar." in read(wolkenwerf, rest)
        assert DUTCH.title not in read(wolkenwerf, rest)
    assert code_of(write, wolkenwerf, report_id, FRENCH) == "founding.report_taken_back"
    assert code_of(actions.take_back_report, **told, reason="Nog eens") == "founding.report_moved"
    assert code_of(translated, wolkenwerf, report_id) == "founding.report_taken_back"
    assert Client().get(wolkenwerf.url(HERE + "comment/")).status_code == 404


def test_a_report_is_published_by_itself_at_its_moment(wolkenwerf: Cast) -> None:
    """Not before; once; and the next day it is there although a worker died. One that lacks something stays."""
    report_id = drafted(wolkenwerf)
    at = NOW + dt.timedelta(hours=20)
    told = {**act(wolkenwerf), "report_id": report_id}
    assert code_of(actions.schedule_report, **told, at=NOW) == "founding.moment_past"
    answer = wolkenwerf.secretary.browser().post(
        wolkenwerf.url("writing/de-servers-staan-recht/move/schedule/"), {"day": "01-01-2027", "time": "7.30"}
    )
    assert answer.status_code == 302
    due = facts(wolkenwerf, report_id).due_at
    assert due is not None
    assert due.isoformat().startswith("2027-01-01T06:30")
    actions.unschedule_report(**told)
    actions.schedule_report(**told, at=at)
    tasks.publish_due(wolkenwerf.id, at - dt.timedelta(minutes=1))
    assert facts(wolkenwerf, report_id).state is ReportState.SCHEDULED
    tasks.publish_due(wolkenwerf.id, at)
    tasks.publish_due(wolkenwerf.id, at)
    found = facts(wolkenwerf, report_id)
    assert (found.state, found.number, found.published_at) == (ReportState.PUBLISHED, 1, at)
    empty = drafted(wolkenwerf, dataclasses.replace(DUTCH, title="Tweede"))
    actions.schedule_report(**{**told, "report_id": empty}, at=at)
    write(wolkenwerf, empty, Words(title="Tweede"))
    tasks.publish_due(wolkenwerf.id, at)
    assert facts(wolkenwerf, empty).state is ReportState.SCHEDULED


def test_what_was_put_off_meanwhile_is_not_published(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker looks what is due; before it publishes somebody makes one a draft again and puts another off."""
    told, at = act(wolkenwerf), NOW + dt.timedelta(hours=20)
    draft, later = drafted(wolkenwerf), drafted(wolkenwerf, dataclasses.replace(DUTCH, title="Tweede"))
    for one in (draft, later):
        actions.schedule_report(**told, report_id=one, at=at)
    with tenant(wolkenwerf.id):
        due = queries.due(wolkenwerf.id, at)
    assert set(due) == {draft, later}
    actions.unschedule_report(**told, report_id=draft)
    actions.schedule_report(**told, report_id=later, at=at + dt.timedelta(days=1))
    monkeypatch.setattr(queries, "due", lambda *_whose: due)
    tasks.publish_due(wolkenwerf.id, at)
    assert [facts(wolkenwerf, one).state for one in (draft, later)] == [ReportState.DRAFT, ReportState.SCHEDULED]


def test_who_may_not_publish_writes_nothing_that_appears_by_itself(wolkenwerf: Cast, stranger: Person) -> None:
    """Whoever was invited to write along changes a draft; once it is scheduled, those who publish do."""
    report_id = drafted(wolkenwerf)
    with tenant(wolkenwerf.id):
        ReportAuthor.objects.create(
            coop_id=wolkenwerf.id, report_id=report_id, party_id=stranger.party_id, invited_at=NOW, joined_at=NOW
        )
    told: dict[str, Any] = {"report_id": report_id, "cover": None, "takes_comments": True}
    along = act(wolkenwerf, who=stranger)
    mended = dataclasses.replace(DUTCH, next="Kom op 10 mei.")
    actions.write_report(**along, **told, words=mended, revision=facts(wolkenwerf, report_id).revision)
    actions.schedule_report(**act(wolkenwerf), report_id=report_id, at=NOW + dt.timedelta(days=1))
    revision = facts(wolkenwerf, report_id).revision
    assert code_of(actions.write_report, **along, **told, words=DUTCH, revision=revision) == "coops.lacks_power"
    actions.write_report(**act(wolkenwerf), **told, words=DUTCH, revision=revision)


def test_whoever_listens_above_hears_of_it(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Published, corrected, translated, taken back: followers are written to by who reacts."""
    heard: list[str] = []
    monkeypatch.setattr(
        kernel_happenings,
        "_reactions",
        {
            **kernel_happenings._reactions,
            **{
                event: [(1, "tests", lambda one, **_how: heard.append(type(one).__name__))]
                for event in (
                    happenings.ReportPublished,
                    happenings.ReportCorrected,
                    happenings.ReportTranslated,
                    happenings.ReportTakenBack,
                )
            },
        },
    )
    report_id = published(wolkenwerf)
    translated(wolkenwerf, report_id)
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, next="Later."))
    actions.publish_report(**act(wolkenwerf), report_id=report_id, reason="Later")
    actions.take_back_report(**act(wolkenwerf), report_id=report_id, reason="Mis")
    assert heard == ["ReportPublished", "ReportTranslated", "ReportCorrected", "ReportTakenBack"]


def test_machines_read_it_too(wolkenwerf: Cast) -> None:
    """Open Graph with title, text and picture; structured data that no title can break out of."""
    nasty = dataclasses.replace(DUTCH, title="Rek </script><script>zz(1)</script> & co", lead='Zo & "zo"')
    report_id = actions.draft_report(**act(wolkenwerf), title="Rek", language="nl")
    write(wolkenwerf, report_id, nasty)
    pictured(wolkenwerf, report_id)
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    page = read(wolkenwerf, "reports/rek/")
    assert "<script>zz" not in page
    about = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert about["headline"] == nasty.title
    assert about["author"][0]["name"] == "Bram Verhoeven"
    assert (about["image"]["creditText"], about["inLanguage"]) == ("Claire Lambotte", "nl")
    told = dict(re.findall(r'<meta property="og:(\S+)" content="([^"]*)">', page))
    assert told["description"] == "Zo &amp; &quot;zo&quot;"
    assert (told["image:width"], told["image:height"]) == ("1200", "800")
    answer = Client().get(told["image"].removeprefix("http://localhost:8000"))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content[:2] == b"\xff\xd8"


def test_the_feed_is_whole_in_each_language(wolkenwerf: Cast) -> None:
    """Well-formed Atom with lasting ids; a translation where there is one; addresses that work elsewhere."""
    report_id = drafted(wolkenwerf)
    pictured(wolkenwerf, report_id)
    actions.publish_report(**act(wolkenwerf), report_id=report_id)
    translated(wolkenwerf, report_id)
    atom = "{http://www.w3.org/2005/Atom}"
    for language, words in (("nl", DUTCH), ("fr", FRENCH), ("en", DUTCH)):
        answer = Client().get(wolkenwerf.url(f"reports/feed-{language}.atom"))
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ET.fromstring(answer.content)
        assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
        entry = feed.find(f"{atom}entry")
        assert entry is not None
        assert entry.findtext(f"{atom}id") == f"urn:uuid:{report_id}"
        assert entry.findtext(f"{atom}title") == words.title
        html = entry.findtext(f"{atom}content") or ""
        assert "<h2>" in html
        assert 'src="http://localhost:8000/c/' in html
        assert "<script" not in html
    assert Client().get(wolkenwerf.url("reports/feed-de.atom")).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>zz(1)</script>",
        "[x](javascript:zz(1))",
        "![x](https://elders.example/pixel.gif)",
        '![x](picture:1 "onerror=zz(1)")',
        '<img src=x onerror="zz(1)">',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<svg/onload=zz(1)>",
        "```\n<script>zz(1)</script>\n```",
        '<https://ok.example/"onmouseover=zz(1)>',
    ],
)
def test_a_text_that_carries_a_script_is_text(wolkenwerf: Cast, text: str) -> None:
    """In every part; nothing of it runs, nothing is fetched from elsewhere."""
    published(wolkenwerf, dataclasses.replace(DUTCH, done=text, standing=text, next=text))
    page = read(wolkenwerf)
    assert "<script>zz" not in page
    assert not re.search(r"<[^>]+\son\w+\s*=", page)
    assert not re.search(r'(?:href|src)="\s*(?:javascript|data):', page)
    assert 'src="https://elders' not in page


def test_a_change_is_seen_within_a_second(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is made once for many; what it shows is never older than a moment."""
    report_id = published(wolkenwerf)
    clock = [100.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: clock[0])
    forget()
    visitor = Client(headers={"accept-language": "nl"})
    assert "40 vennoten" in visitor.get(wolkenwerf.url(HERE)).content.decode()
    actions.take_back_report(**act(wolkenwerf), report_id=report_id, reason="Mis")
    clock[0] += 0.5
    assert visitor.get(wolkenwerf.url(HERE)).status_code == 200
    clock[0] += 0.4
    assert visitor.get(wolkenwerf.url(HERE)).status_code == 410


def test_what_is_kept_holds_nothing_of_a_visitor(wolkenwerf: Cast) -> None:
    """Each gets a token and a key of their own in a page that was made for another; who signed in gets their own."""
    published(wolkenwerf)
    forget()
    seen = []
    for _ in range(2):
        page = Client(headers={"accept-language": "nl"}, enforce_csrf_checks=True).get(wolkenwerf.url(HERE))
        text = page.content.decode()
        assert reading.STAND_IN not in text
        assert reading.KEY_STAND_IN not in text
        seen += re.findall(r'name="(?:csrfmiddlewaretoken|key)" value="([^"]+)"', text)
    assert len(set(seen)) == 4
    assert "Schrijf eraan" in wolkenwerf.secretary.browser().get(wolkenwerf.url(HERE)).content.decode()
    assert "Schrijf eraan" not in read(wolkenwerf)


def test_many_readers_ask_the_database_little(wolkenwerf: Cast, django_assert_max_num_queries: Any) -> None:
    """A page that was made a moment ago costs which co-operative it is, and nothing of the report."""
    published(wolkenwerf)
    read(wolkenwerf)
    visitor = Client(headers={"accept-language": "nl"})
    visitor.get(wolkenwerf.url(HERE))
    with django_assert_max_num_queries(4):
        visitor.get(wolkenwerf.url(HERE))


def test_the_list_reads_no_more_than_a_page(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many reports there are: of those on other pages nothing is read."""
    for number in range(3):
        published(wolkenwerf, dataclasses.replace(DUTCH, title=f"Nieuws {number}"), NOW + dt.timedelta(days=number))
    monkeypatch.setattr(reading, "A_PAGE", 2)
    asked: list[int] = []
    told = queries.published_reports
    monkeypatch.setattr(
        queries, "published_reports", lambda *args, **how: asked.append(how["limit"]) or told(*args, **how)
    )
    visitor = Client(headers={"accept-language": "nl"})
    first, second = (visitor.get(wolkenwerf.url(f"reports/?page={number}")).content.decode() for number in (1, 2))
    assert [f"Nieuws {number}" in first for number in range(3)] == [False, True, True]
    assert [f"Nieuws {number}" in second for number in range(3)] == [True, False, False]
    assert asked == [2, 1]


def test_signs_of_a_word_processor_break_no_feed(wolkenwerf: Cast) -> None:
    """What XML doesn't know is left out when it is pasted, not found by the readers of a feed."""
    published(wolkenwerf, dataclasses.replace(DUTCH, done="Zes\x0bzaterdagen\x08 lang\ufffe.\n\n- een 🧰"))
    feed = Client().get(wolkenwerf.url("reports/feed-nl.atom")).content
    told = "".join(ET.fromstring(feed).itertext())
    assert "zaterdagen lang." in told
    assert "🧰" in told
