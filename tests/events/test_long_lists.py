"""Letters when one of them fails, and lists of which there is more than a page."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from coopwerf.events import actions, queries, tasks
from coopwerf.events.actions import mails
from coopwerf.events.models import Gathering
from coopwerf.events.states import Fate, When
from coopwerf.kernel import clock
from tests.cast import NOW, Cast

from .gathered import DAY, act, announced, facts, inside, registered, wall, written

pytestmark = pytest.mark.django_db


def test_a_letter_that_fails_holds_up_no_other_and_is_tried_later(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Five register, to the third no letter can be written: four get theirs, and it says which waits."""
    gathering_id = announced(wolkenwerf)
    names = ("Noor", "Wim", "Ongeluk", "Yve", "Jan")
    ids = {name: registered(wolkenwerf, gathering_id, name).id for name in names}
    as_ever = mails._context

    def context(coop: Any, found: Any, programme: Any, row: Any, token: str) -> Any:
        if row.names == ("Ongeluk",):
            raise ValueError("a letter that can't be written")
        return as_ever(coop, found, programme, row, token)

    monkeypatch.setattr(mails, "_context", context)
    mailed = sorted(mail.to for mail in written(wolkenwerf))
    assert mailed == ["jan@example.org", "noor@example.org", "wim@example.org", "yve@example.org"]
    (told,) = [one for one in caplog.records if one.name == "coopwerf.events.tasks"]
    assert str(ids["Ongeluk"]) in told.getMessage()
    assert "Ongeluk" not in told.getMessage(), "no name in a log"
    with inside(wolkenwerf):
        assert queries.unwritten(wolkenwerf.id, 10) == [ids["Ongeluk"]]
    monkeypatch.setattr(mails, "_context", as_ever)
    assert [mail.to for mail in written(wolkenwerf)] == ["ongeluk@example.org"]
    assert written(wolkenwerf) == [], "nobody is written to twice"


def test_when_the_database_is_away_nothing_is_tried_many_times(
    wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task fails at once; what waits is written when it runs again."""
    gathering_id = announced(wolkenwerf)
    for name in ("Noor", "Wim", "Yve"):
        registered(wolkenwerf, gathering_id, name)
    tried = []

    def away(**_whose: Any) -> None:
        tried.append(1)
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(actions, "write_letters", away)
    with pytest.raises(OperationalError):
        tasks.write_waiting(wolkenwerf.id, NOW)
    assert len(tried) == 1
    monkeypatch.undo()
    assert len(written(wolkenwerf)) == 3


def test_the_mail_to_confirm_says_what_was_ticked(wolkenwerf: Cast) -> None:
    """Who ticked that they want to hear of other gatherings reads so, and that it can still be taken away."""
    gathering_id = announced(wolkenwerf)
    registered(wolkenwerf, gathering_id, "Noor", wants_news=True)
    registered(wolkenwerf, gathering_id, "Wim")
    noor, wim = sorted(written(wolkenwerf), key=lambda mail: mail.to)
    said = "schrijven als er nog een bijeenkomst komt"
    assert said in " ".join(noor.text.split())
    assert said not in " ".join(wim.text.split())


def test_the_list_of_gatherings_goes_page_by_page(wolkenwerf: Cast, nederwerf: Cast, client: Client) -> None:
    """Those to come first, the next one first; then those that are over; on the next page the others."""
    today = clock.now().date()
    announced(nederwerf)
    for days in (30, 20, 10):
        announced(wolkenwerf, when=_on(today + dt.timedelta(days=days)))
    for number in range(20):
        slug = facts(wolkenwerf, announced(wolkenwerf)).slug
        with inside(wolkenwerf):
            _put(slug, today - dt.timedelta(days=number + 1))
    first = client.get(wolkenwerf.url("gatherings/")).content.decode()
    second = client.get(wolkenwerf.url("gatherings/?page=2")).content.decode()
    days = [re.findall(r'datetime="([\d-]+)"', page) for page in (first, second)]
    expected = [today + dt.timedelta(days=days) for days in (10, 20, 30, *(-number - 1 for number in range(20)))]
    assert days[0] + days[1] == [str(on) for on in expected]
    assert len(days[0]) == 20
    assert "1 tot 20 van 23" in first
    assert "Er is nog niets gepland" not in second, "what is to come stands on the first page"
    organised = wolkenwerf.secretary.browser().get(wolkenwerf.url("organise/?page=2")).content.decode()
    assert organised.count("/organise/debatdag-over-onze-statuten") == 3


def test_what_was_heard_goes_page_by_page(wolkenwerf: Cast, client: Client) -> None:
    """Sums are over all of it; the report stands on the first page."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    later = act(wolkenwerf, NOW + (dt.datetime.combine(DAY, dt.time(), tzinfo=dt.UTC) - NOW) + dt.timedelta(days=2))
    actions.write_report(**later, gathering_id=gathering_id, language="nl", text="We waren met veel.")
    for number in range(53):
        noted = actions.note_contribution(
            **later, gathering_id=gathering_id, theme="Stemrecht", texts={"nl": f"Voorstel {number:02d}."}
        )
    actions.answer_contribution(**later, contribution_id=noted, fate=Fate.TAKEN_UP, answers={"nl": "Artikel 14."})
    first = client.get(wolkenwerf.url(f"gatherings/{slug}/heard/")).content.decode()
    second = client.get(wolkenwerf.url(f"gatherings/{slug}/heard/?page=2")).content.decode()
    said = [re.findall(r"Voorstel (\d\d)\.", page) for page in (first, second)]
    assert [len(one) for one in said] == [50, 3]
    assert sorted(said[0] + said[1]) == [f"{number:02d}" for number in range(53)]
    for page in (first, second):
        assert re.search(r">\s*52\s*<", page), "still open, over all pages"
    assert "We waren met veel." in first
    assert "We waren met veel." not in second
    desk = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"organise/{slug}/heard/?page=2")).content.decode()
    assert len(re.findall(r"Voorstel \d\d\.", desk)) == 3


def test_a_calendar_keeps_the_last_gatherings(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more than a calendar holds, those to come are in it."""
    monkeypatch.setattr("coopwerf.events.queries.gatherings.IN_CALENDAR", 2)
    for days in (0, 7, 14):
        announced(wolkenwerf, when=_on(DAY + dt.timedelta(days=days)))
    with inside(wolkenwerf):
        found = queries.in_calendar(wolkenwerf.id)
    assert [one.begins.date() for one in found] == [DAY + dt.timedelta(days=7), DAY + dt.timedelta(days=14)]


def _on(day: dt.date) -> When:
    return When(begins=wall(19, 30, day), ends=wall(22, 0, day))


def _put(slug: str, day: dt.date) -> None:
    """Put a gathering on a day that is over: nobody can announce one there."""
    begins = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    Gathering.objects.filter(slug=slug).update(begins_at=begins, ends_at=begins + dt.timedelta(hours=2))
