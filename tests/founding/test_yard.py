"""What surrounds reports: numbers and addresses, differences, the trail, and how far a co-operative has come."""

import datetime as dt
import json
import time

import pytest
from django.test import Client

from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.founding import actions
from coopwerf.founding.states import Milestone, Words
from coopwerf.founding.web.differences import changes, runs
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast, Person

from .reporting import DUTCH, act, drafted, facts, pictured, published
from .test_reports import code_of, read

pytestmark = pytest.mark.django_db


def test_each_report_has_an_address_and_number_of_its_own(wolkenwerf: Cast, zonnewerf: Cast) -> None:
    """Two with the same title; numbers are given when they are published, and each co-operative counts for itself."""
    first, second = drafted(wolkenwerf), drafted(wolkenwerf)
    assert {facts(wolkenwerf, one).slug for one in (first, second)} == {
        "de-servers-staan-recht",
        "de-servers-staan-recht-2",
    }
    for one in (second, first):
        actions.publish_report(**act(wolkenwerf), report_id=one)
    assert [facts(wolkenwerf, one).number for one in (first, second)] == [2, 1]
    assert facts(zonnewerf, published(zonnewerf)).number == 1
    assert Client().get(zonnewerf.url("reports/de-servers-staan-recht-2/")).status_code == 404
    taken = actions.draft_report(**act(wolkenwerf), title="Comments", language="nl")
    assert facts(wolkenwerf, taken).slug == "comments-2"


def test_differences_are_shown_word_by_word() -> None:
    """What stayed, went and came; together they are both texts, whatever these are."""
    before = Words(title="Een rek", done="Zes zaterdagen\n\nlang")
    after = Words(title="Een rek", done="Vijf zaterdagen\n\nlang, samen")
    found = changes(before, after)
    assert [one.code for one in found] == ["done"]
    assert "".join(run.text for run in found[0].runs if run.kind != "new") == before.done
    assert "".join(run.text for run in found[0].runs if run.kind != "gone") == after.done
    long = "woord " * 6000
    assert [run.kind for run in runs(long, long + "\nmeer")][-1] == "new"


def test_everything_leaves_its_trail_without_words(wolkenwerf: Cast) -> None:
    """Ids, numbers and codes; no title, no name, no reason."""
    report_id = published(wolkenwerf)
    pictured(wolkenwerf, report_id)
    actions.take_back_report(**act(wolkenwerf), report_id=report_id, reason="Een geheim")
    with tenant(wolkenwerf.id):
        entries = list(AuditEntry.objects.filter(verb__startswith="founding."))
    assert {"founding.report_drafted", "founding.report_published", "founding.picture_brought"} <= {
        one.verb for one in entries
    }
    text = json.dumps([one.facts for one in entries])
    assert not [word for word in ("servers", "Claire", "geheim", "rek") if word in text]


def test_the_first_page_tells_how_far_it_has_come(wolkenwerf: Cast, stranger: Person) -> None:
    """An initiative stands in the scaffolding, with what the next step asks for; its newest reports stand below."""

    coop = coops.found_coop(actor=stranger.actor, now=NOW, name="Zonnedak", language="nl")
    dak = Cast(coop_queries.coop_facts(coop.id), {"secretary": stranger})
    page = read(dak, "")
    assert "Er zijn nog 4 dingen nodig voor “Vereniging”" in page
    assert "Drie mensen of meer dragen het" in page
    whose = {"actor": stranger.actor, "now": NOW, "coop_id": dak.id}
    actions.note_milestone(**whose, milestone=Milestone.CORE, on=NOW.date())
    assert "Er zijn nog 3 dingen nodig" in read(dak, "")
    assert (
        code_of(actions.note_milestone, **whose, milestone=Milestone.TOLD, on=NOW.date()) == "founding.milestone_known"
    )
    far = NOW.date() + dt.timedelta(days=2000)
    assert code_of(actions.note_milestone, **whose, milestone=Milestone.PLAN, on=far) == "founding.milestone_day"
    form = {"decided": "01-11-2026", "core": "23-11-2026", "deed": "01-03-2027"}
    assert stranger.browser().post(dak.url("writing/milestones/"), form).status_code == 302
    page = read(dak, "")
    assert "nodig voor “Coöperatie”" in page
    assert 'datetime="2027-03-01"' in page
    published(dak)
    assert DUTCH.title in read(dak, "")
    assert "Hoe ver we staan" not in read(wolkenwerf, "")


def test_differences_of_long_texts_take_no_time() -> None:
    """Anybody opens an earlier version: two pages full of words, however alike they are, are compared at once."""
    words = [f"woord{number % 700}" if number % 3 else "de" for number in range(2500)]
    mended = ["nieuw" if number % 5 == 0 else word for number, word in enumerate(words)]
    began = time.perf_counter()
    assert list(runs(" ".join(words), " ".join(mended)))
    assert list(runs("a b " * 1900, "b a c " * 1200))
    assert list(runs(" a" * 3900, " b a" * 1900))
    assert time.perf_counter() - began < 3
