"""A helper translates a report: a task of fifteen minutes, read by an author before it appears."""

import re
from typing import Any

import pytest

from coopwerf.founding import actions, queries
from coopwerf.founding.queries import HelpSearch
from coopwerf.founding.states import Words
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from tests.cast import Cast
from tests.pages import Walker

from .building import act, called, offered
from .reporting import act as report_act
from .reporting import drafted, facts, forget, pictured, published
from .test_help import link_of, mails_to, visitor

pytestmark = pytest.mark.django_db


def test_a_helper_translates_a_report_in_fifteen_minutes(wolkenwerf: Cast) -> None:
    """Asked for by one press, taken by whoever comes first, written beside the original, read by an author, there."""
    report_id = published(wolkenwerf)
    with tenant(wolkenwerf.id):
        report = queries.report_facts(wolkenwerf.id, report_id)
    assert report is not None
    dirk = Walker(wolkenwerf.director.browser(), "nl")
    dirk.open(wolkenwerf.url("help/desk/translations/"))
    dirk.send(button=("want", f"{report.slug} fr"))
    dirk.says("Vertaal ons verslag naar het Frans", "0 van 1 gevonden")
    with pytest.raises(Refused, match="translation_there"):
        actions.ask_translation(**act(wolkenwerf, clock.now()), report_id=report_id, language="fr")
    with tenant(wolkenwerf.id):
        (asked,) = queries.open_calls(wolkenwerf.id, HelpSearch(minutes=15, language="fr"))
    offered(wolkenwerf, asked.id, "Noor", may_name=True)
    noor = visitor("fr")
    noor.open(link_of(mails_to("noor@")[-1]) + "?lang=fr")
    noor.says("Acceptée")
    noor.open(next(link for link in noor.links("/help/mine/") if len(link.split("/")[-2]) == 36))
    told = {part: f"En français : {part}." for part in ("title", "lead", "done", "standing", "next")}
    there = noor.form("", None, "title").names
    noor.send(**{part: words for part, words in told.items() if part in there})
    with tenant(wolkenwerf.id):
        waiting = queries.report_facts(wolkenwerf.id, report_id)
        assert waiting is not None
        assert (list(waiting.waiting), list(waiting.translations)) == (["fr"], [])
        assert waiting.waiting["fr"].translator == "Noor"
    letter = mails_to("dirk@")[-1]
    assert letter.subject.startswith("Te lezen voor het verschijnt")
    dirk.open(re.findall(r"/c/\S+/translations/fr/", letter.text)[0])
    dirk.send(button=("do", "accept"))
    with tenant(wolkenwerf.id):
        done = queries.report_facts(wolkenwerf.id, report_id)
    assert done is not None
    assert done.translations["fr"].words.title == "En français : title."


def test_only_who_has_the_place_translates(wolkenwerf: Cast) -> None:
    """A second helper, one whose offer is another, and one who sent it already are led back or refused."""
    report_id = published(wolkenwerf)
    call_id = actions.ask_translation(**act(wolkenwerf, clock.now()), report_id=report_id, language="fr")
    noor, mine = offered(wolkenwerf, call_id, "Noor")
    other = called(wolkenwerf)
    omar, theirs = offered(wolkenwerf, other, "Omar")
    words = Words(title="Titre", done="Fait.", standing="Où.", next="Puis.")
    told: dict[str, Any] = {"of_version": 1, "translator": "", "alts": {}, "words": words}
    act_ = {"actor": VISITOR, "now": clock.now(), "coop_id": wolkenwerf.id}
    for who, which in ((omar, mine), (omar, theirs), (noor, theirs)):
        with pytest.raises(Refused, match="offer_gone"):
            actions.send_translation(**act_, contact_id=who, offer_id=which, **told)
    actions.send_translation(**act_, contact_id=noor, offer_id=mine, **told)
    with pytest.raises(Refused, match="offer_changed"):
        actions.send_translation(**act_, contact_id=noor, offer_id=mine, **told)


def test_what_a_helper_says_is_seen_waits_too(wolkenwerf: Cast) -> None:
    """A stranger's words on a picture stand nowhere before an author has read them with the rest."""
    report_id = drafted(wolkenwerf)
    pictured(wolkenwerf, report_id)
    actions.publish_report(**report_act(wolkenwerf, clock.now()), report_id=report_id)
    call_id = actions.ask_translation(**act(wolkenwerf, clock.now()), report_id=report_id, language="fr")
    noor, mine = offered(wolkenwerf, call_id, "Noor")
    actions.send_translation(
        actor=VISITOR,
        now=clock.now(),
        coop_id=wolkenwerf.id,
        contact_id=noor,
        offer_id=mine,
        words=Words(title="Titre", lead="Début.", done="Fait.", standing="Où.", next="Puis."),
        of_version=1,
        translator="",
        alts={1: "Achetez chez nous"},
    )
    path = wolkenwerf.url("reports/de-servers-staan-recht/?lang=fr")
    forget()
    assert "Achetez" not in visitor("fr").open(path)
    browser = wolkenwerf.secretary.browser()
    page = wolkenwerf.url("writing/de-servers-staan-recht/translations/fr/")
    assert "Achetez chez nous" in browser.get(page).content.decode()
    waiting = facts(wolkenwerf, report_id).waiting["fr"]
    actions.accept_translation(**report_act(wolkenwerf, clock.now()), report_id=report_id, translation_id=waiting.id)
    forget()
    assert 'alt="Achetez chez nous"' in visitor("fr").open(path)
