"""Followers hear of what is announced; a newsletter can go to who comes, and to nobody else."""

import datetime as dt
import re

import pytest
from django.test import Client

from coopwerf.events import actions
from coopwerf.events.states import Needs, When, Where
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import actions as messages
from coopwerf.messages import queries
from coopwerf.messages.actions import draft_newsletter
from coopwerf.messages.audiences import find, known_audiences, offered
from coopwerf.messages.models import Mail
from coopwerf.messages.states import MailState, Rhythm
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox
from tests.messages.conftest import mailbox, server
from tests.messages.test_following import address_all, deliver_all, followed, follows

from .gathered import (
    DAY,
    act,
    announced,
    confirmed,
    facts,
    inside,
    link_in,
    registered,
    seated,
    shown,
    token,
    wall,
    written,
)

__all__ = ["mailbox", "server"]
pytestmark = pytest.mark.django_db


def test_followers_hear_of_a_gathering_in_their_language(wolkenwerf: Cast, server: Mailbox) -> None:
    """Who follows gatherings, or all; not who follows news only."""
    followed(wolkenwerf, "noor@example.org", topics=["gatherings"])
    followed(wolkenwerf, "jos@example.org", topics=["all"], language="fr")
    followed(wolkenwerf, "kris@example.org", topics=["news"])
    announced(wolkenwerf)
    assert address_all(wolkenwerf) == 2
    deliver_all(wolkenwerf)
    [dutch] = server.to("noor@example.org")
    assert "/gatherings/debatdag-over-onze-statuten/" in dutch.text
    assert "meet.example.org" not in dutch.text
    [french] = server.to("jos@example.org")
    assert "Journée de débat" in french.text + french.subject
    assert server.to("kris@example.org") == []


def test_a_newsletter_goes_to_who_has_a_place_and_not_long_afterwards(wolkenwerf: Cast) -> None:
    """Not to who waits, cancelled or never confirmed; a month after the gathering to nobody."""
    gathering_id = announced(wolkenwerf, capacity=2)
    seated(wolkenwerf, gathering_id, "Noor", language="fr", needs=Needs(access="vooraan"))
    gone = seated(wolkenwerf, gathering_id, "Jan")
    seated(wolkenwerf, gathering_id, "Wachter")
    registered(wolkenwerf, gathering_id, "Onbevestigd")
    actions.cancel_registration(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token(wolkenwerf, gone.id))
    audience = known_audiences()["participants"]
    with inside(wolkenwerf):
        for on, number in ((NOW.date(), 1), (DAY + dt.timedelta(days=10), 1), (DAY + dt.timedelta(days=40), 0)):
            found = list(audience.recipients(wolkenwerf.id, on))
            assert [(one.email, one.language) for one in found] == [("noor@example.org", "fr")] * number


def test_a_newsletter_can_be_for_one_gathering(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Each gathering is offered by its title; another co-operative's is nobody."""
    debate, other = announced(wolkenwerf), announced(wolkenwerf)
    seated(wolkenwerf, debate, "Noor")
    seated(wolkenwerf, other, "Jan")
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    one = messages.draft_newsletter(**act)  # type: ignore[arg-type]
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"newsletters/{one}/audience/")).text
    assert f'value="participants:{debate}"' in page
    terms = messages.NewsletterTerms(audiences=(f"participants:{debate}",))
    messages.address_newsletter(**act, newsletter_id=one, terms=terms)  # type: ignore[arg-type]
    with inside(wolkenwerf):
        whom = queries.audience_of(queries.newsletter(wolkenwerf.id, one), wolkenwerf.id, NOW.date())
    assert [recipient.email for recipient, _address in whom.reached] == ["noor@example.org"]
    shown = wolkenwerf.secretary.browser().get(wolkenwerf.url(f"newsletters/{one}/")).text
    assert "Debatdag over onze statuten, 13 maart 2027" in shown.replace("\xa0", " ")
    with inside(nederwerf):
        assert not [found for found in offered(nederwerf.id, NOW.date()) if ":" in found.code]
        foreign = find(f"participants:{debate}")
        assert foreign is not None
        assert list(foreign.recipients(nederwerf.id, NOW.date())) == []
        broken = find("participants:x")
        assert broken is not None
        assert list(broken.recipients(nederwerf.id, NOW.date())) == []


def test_who_hears_by_the_week_hears_of_the_new_day(wolkenwerf: Cast, server: Mailbox) -> None:
    """Moved before the mail of the week leaves: it tells the new day, and so does a mail that still waited."""
    followed(wolkenwerf, "noor@example.org", rhythm=Rhythm.WEEKLY)
    followed(wolkenwerf, "jos@example.org")
    gathering_id = announced(wolkenwerf)
    moved = DAY + dt.timedelta(days=7)
    when = When(begins=wall(9, 30, moved), ends=wall(17, 0, moved))
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id, "gathering_id": gathering_id}
    actions.move_gathering(**act, when=when, where=Where(town="Brussel", address="Muntpunt"))  # type: ignore[arg-type]
    assert messages.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 1
    deliver_all(wolkenwerf)
    for email in ("noor@example.org", "jos@example.org"):
        [mail] = server.to(email)
        text = mail.text.replace("\xa0", " ")
        assert "20 maart" in text
        assert "13 maart" not in text
        assert "Brussel" in text


def test_of_what_is_called_off_nobody_hears_any_more(wolkenwerf: Cast, server: Mailbox) -> None:
    followed(wolkenwerf, "noor@example.org", rhythm=Rhythm.WEEKLY)
    followed(wolkenwerf, "jos@example.org")
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    gathering_id = announced(wolkenwerf)
    assert address_all(wolkenwerf) == 1
    actions.call_off_gathering(**act, gathering_id=gathering_id)  # type: ignore[arg-type]
    assert messages.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0
    assert Mail.objects.get(bulk_id__isnull=False).state == MailState.DROPPED


def test_an_organiser_writes_to_who_comes_to_one_gathering(
    wolkenwerf: Cast, zonnewerf: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button on its page begins a newsletter to them alone; who may not write news is told so."""
    debate, coffee = announced(wolkenwerf), announced(wolkenwerf)
    seated(wolkenwerf, debate, "Noor", language="fr")
    seated(wolkenwerf, debate, "Jan")
    seated(wolkenwerf, coffee, "Koffie")
    registered(wolkenwerf, debate, "Onbevestigd")
    slug = facts(wolkenwerf, debate).slug
    browser = wolkenwerf.secretary.browser()
    page = browser.get(wolkenwerf.url(f"organise/{slug}/")).content.decode()
    assert f"organise/{slug}/write-to/" in page
    answer = browser.post(wolkenwerf.url(f"organise/{slug}/write-to/"), follow=True)
    assert "Debatdag over onze statuten" in answer.content.decode()
    with inside(wolkenwerf):
        (one,) = queries.newsletters(wolkenwerf.id)
        whom = queries.audience_of(one, wolkenwerf.id, NOW.date())
        assert sorted(person.email for person, _address in whom.reached) == ["jan@example.org", "noor@example.org"]
        assert not one.is_public, "it stands in no archive"
        late = queries.audience_of(one, wolkenwerf.id, DAY + dt.timedelta(days=40))
        assert late.reached == [], "a month after it nobody is written to"
    form = browser.get(wolkenwerf.url(f"newsletters/{one.id}/audience/")).content.decode()
    assert re.search(rf'value="participants:{debate}"[^>]* checked', form), "it stays ticked in the form"
    for foreign in ("participants:nothing", f"participants:{announced(zonnewerf)}"):
        with pytest.raises(Refused) as refusal:
            draft_newsletter(**act(wolkenwerf), audiences=[foreign])
    assert refusal.value.code == "messages.no_audience"


def test_who_ticks_the_box_follows_once_they_pressed_the_button_in_their_mail(wolkenwerf: Cast, client: Client) -> None:
    """Ticked and confirmed: follows, in the words that stood there; unticked, taken back or unconfirmed: doesn't."""
    gathering_id = announced(wolkenwerf)
    slug = facts(wolkenwerf, gathering_id).slug
    form = wolkenwerf.url(f"gatherings/{slug}/register/?lang=nl")
    assert "volgen niet wat ik open" in client.get(form).content.decode()
    told = {"language": "nl", "others": ""}
    for name, ticks in (("Noor", True), ("Wim", True), ("Yve", False)):
        news = {"news": "on"} if ticks else {}
        client.post(form, {**told, **news, "name": name, "email": f"{name.lower()}@example.org"})
    links = {mail.to.split("@")[0]: link_in(mail) for mail in written(wolkenwerf, clock.now())}

    def followed_by(name: str) -> set[str]:
        with inside(wolkenwerf):
            contact = queries.contact_by_email(wolkenwerf.id, f"{name}@example.org")
        assert contact is not None
        return follows(wolkenwerf, contact.id)

    for _scanner in range(3):
        page = client.get(links["noor"]).content.decode()
        assert re.search(r'name="news"[^>]* checked', page), "they see what they ticked, and can take it back"
    assert followed_by("noor") == set(), "a link that is opened confirms nothing"
    client.post(links["noor"], {"do": "confirm", "news": "on"})
    client.post(links["wim"], {"do": "confirm"})
    assert 'name="news"' not in client.get(links["yve"]).content.decode()
    client.post(links["yve"], {"do": "confirm", "news": "on"})
    assert [followed_by(name) for name in ("noor", "wim", "yve")] == [{"gatherings"}, set(), set()]
    with inside(wolkenwerf):
        contact = queries.contact_by_email(wolkenwerf.id, "noor@example.org")
        assert contact is not None
        (proof,) = queries.followings(wolkenwerf.id, contact.id)
        assert proof.agreed_to
        assert proof.confirmed_at is not None
        assert proof.asked_at < proof.confirmed_at
    client.post(links["noor"], {"do": "confirm", "news": "on"})
    with inside(wolkenwerf):
        assert len(queries.followings(wolkenwerf.id, contact.id)) == 1, "pressed twice is one"


def test_who_follows_already_keeps_what_they_chose(wolkenwerf: Cast) -> None:
    """Who follows all follows all; what an organiser confirms makes nobody a follower."""
    contact_id = followed(wolkenwerf, "noor@example.org", topics=["all"])
    gathering_id = announced(wolkenwerf)
    confirmed(wolkenwerf, registered(wolkenwerf, gathering_id, "Noor", wants_news=True))
    assert follows(wolkenwerf, contact_id) == {"all"}
    jan = registered(wolkenwerf, gathering_id, "Jan", wants_news=True)
    assert actions.confirm_registration(**act(wolkenwerf), registration_id=jan.id) == "seated"
    found = shown(wolkenwerf, jan.id).contact_id
    assert found is not None
    assert follows(wolkenwerf, found) == set(), "nobody read a mail there yet"
