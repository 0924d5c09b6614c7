"""Newsletters: written in several languages, tried, sent to each person once, followed, paused, read in the archive."""

import datetime as dt
import re
import uuid
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, audiences, queries, tasks
from coopwerf.messages.audiences import Recipient
from coopwerf.messages.models import Bulk, Contact, Letter, Mail
from coopwerf.messages.states import MailState, NewsState, Notice, Rhythm
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox

from .test_following import address_all, choose, deliver_all, followed

pytestmark = pytest.mark.django_db
DUTCH = "## Wat we deden\n\nWe **metselden** een muur.\n\n- steen\n- mortel\n\n[Kijk](https://werf.example/)"


@pytest.fixture
def members(wolkenwerf: Cast) -> list[Recipient]:
    """Let the board be the members whom a newsletter can be for, with somebody who has no address."""
    people = [
        Recipient(one.email, one.name, one.language, party_id=one.party_id)
        for one in (wolkenwerf.chair, wolkenwerf.treasurer, wolkenwerf.director)
    ]
    people.append(Recipient("", wolkenwerf.auditor.name, "nl", party_id=wolkenwerf.auditor.party_id))
    audiences.declare("test_members", name="Members", recipients=lambda coop_id, on: people)
    yield people
    audiences._audiences.pop("test_members")


def written(coop: Cast, *languages: str, audience: tuple[str, ...] = ("followers",), **terms: object) -> uuid.UUID:
    """Return a newsletter, written in these languages, for these people."""
    act = {"actor": coop.secretary.actor, "now": NOW, "coop_id": coop.id}
    one = actions.draft_newsletter(**act)  # type: ignore[arg-type]
    for language in languages or ("nl",):
        actions.write_newsletter(**act, newsletter_id=one, language=language, subject=f"Nieuws {language}", text=DUTCH)  # type: ignore[arg-type]
    told = actions.NewsletterTerms(audiences=audience, **terms)  # type: ignore[arg-type]
    actions.address_newsletter(**act, newsletter_id=one, terms=told)  # type: ignore[arg-type]
    return one


def send(coop: Cast, newsletter_id: uuid.UUID) -> int:
    """Send a newsletter as a worker does."""
    return actions.send_newsletter(
        actor=coop.secretary.actor, now=clock.now(), coop_id=coop.id, newsletter_id=newsletter_id
    )


def facts(coop: Cast, newsletter_id: uuid.UUID) -> queries.NewsletterFacts:
    """Return a newsletter."""
    with tenant(coop.id):
        return queries.newsletter(coop.id, newsletter_id)


def test_a_secretary_writes_tries_and_sends_in_a_browser(wolkenwerf: Cast, server: Mailbox) -> None:
    followed(wolkenwerf)
    browser, home = wolkenwerf.secretary.browser(), wolkenwerf.url("newsletters/")
    assert browser.get(home).status_code == 200
    page = browser.post(home).headers["Location"]
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}texts/nl/", {"subject": "Nieuws", "text": DUTCH, "again": "1"}).status_code == 302
    shown = browser.get(f"{page}texts/nl/").text
    assert "<strong>metselden</strong>" in shown
    mailed = browser.get(f"{page}preview/nl/")
    assert "<strong>metselden</strong>" in mailed.text
    assert "sandbox" in mailed.headers["Content-Security-Policy"]
    assert browser.get(f"{page}preview/fr/").status_code == 404
    assert (
        browser.post(f"{page}audience/", {"audiences": ["followers"], "reply_to": "werf@example.org"}).status_code
        == 302
    )
    assert browser.post(f"{page}do/try/").status_code == 302
    tried = Mail.objects.get(to=wolkenwerf.secretary.email)
    assert tried.subject == "Proef: Nieuws"
    assert "1 persoon" in browser.get(f"{page}send/").text
    assert browser.post(f"{page}do/send/").status_code == 302
    tasks.send_newsletter(str(wolkenwerf.id), page.rstrip("/").rsplit("/", 1)[1])
    deliver_all(wolkenwerf)
    [mail] = server.to("noor@example.org")
    assert mail.message["Reply-To"] == "werf@example.org"
    assert mail.text.startswith("Beste Noor,")
    assert "We metselden een muur." in mail.text
    assert "<strong>metselden</strong>" in mail.html
    assert mail.message["List-Id"].startswith("<news.wolkenwerf.")
    assert mail.message["From"].startswith("Wolkenwerf <")
    done = browser.get(page).text
    assert "Verstuurd" in done
    for nosy in (wolkenwerf.director, wolkenwerf.auditor):
        for url in (home, page, f"{page}preview/nl/", f"{page}send/"):
            assert nosy.browser().get(url).status_code == 403
        assert nosy.browser().post(f"{page}do/send/").status_code == 403


def test_each_person_gets_it_once_in_their_language(
    wolkenwerf: Cast, members: list[Recipient], server: Mailbox
) -> None:
    """A member who follows too, under another writing of the address; who reads what isn't written gets the first."""
    followed(wolkenwerf, wolkenwerf.chair.email.upper(), name="")
    followed(wolkenwerf, "english@example.org", language="en")
    one = written(wolkenwerf, "nl", "fr", audience=("followers", "test_members"))
    assert send(wolkenwerf, one) == 4
    deliver_all(wolkenwerf)
    chair = [mail for mail in server._mails if mail.to.lower() == wolkenwerf.chair.email]
    assert len(chair) == 1
    assert wolkenwerf.chair.name in chair[0].text
    assert server.to(wolkenwerf.treasurer.email)[0].subject == "Nieuws fr"
    assert server.to("english@example.org")[0].subject == "Nieuws nl"
    assert facts(wolkenwerf, one).unreached == 1
    with pytest.raises(Refused) as refused:
        send(wolkenwerf, one)
    assert refused.value.code == "messages.sent_already"


def test_only_readers_of_a_language(wolkenwerf: Cast, members: list[Recipient], server: Mailbox) -> None:
    assert send(wolkenwerf, written(wolkenwerf, "fr", audience=("test_members",), languages=("fr",))) == 1


def test_a_member_who_leaves_gets_notices_by_law_and_no_newsletter(
    wolkenwerf: Cast, members: list[Recipient], server: Mailbox
) -> None:
    """One click takes them out of newsletters; a convening still comes, can't be left, and says why."""
    send(wolkenwerf, written(wolkenwerf, audience=("test_members",)))
    deliver_all(wolkenwerf)
    [first] = server.to(wolkenwerf.chair.email)
    leave = first.message["List-Unsubscribe"].strip("<>")
    path = re.sub(r"^https?://[^/]+", "", leave)
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert send(wolkenwerf, written(wolkenwerf, audience=("test_members",))) == 2
    notice = written(wolkenwerf, audience=("test_members",), notice=Notice.CONVENING, on_paper=True)
    assert send(wolkenwerf, notice) == 3
    deliver_all(wolkenwerf)
    mails = server.to(wolkenwerf.chair.email)
    assert len(mails) == 2
    assert mails[1].message["List-Unsubscribe"] is None
    assert "algemene vergadering" in mails[1].text
    assert "uitschrijven" in mails[1].text
    assert "/leave/" not in mails[1].text
    with tenant(wolkenwerf.id):
        [paper] = Letter.objects.filter(template="messages.newsletter")
        assert paper.party_id == wolkenwerf.auditor.party_id
    assert (facts(wolkenwerf, notice).papers, facts(wolkenwerf, notice).unreached) == (1, 0)
    assert Client().get(wolkenwerf.url("news/")).text.count("Nieuws nl") == 0


def test_a_notice_does_not_go_to_followers(wolkenwerf: Cast) -> None:
    with pytest.raises(Refused) as refused:
        written(wolkenwerf, notice=Notice.CONVENING)
    assert refused.value.code == "messages.notice_to_followers"


def test_who_was_blocked_meanwhile_is_left_out(wolkenwerf: Cast, server: Mailbox) -> None:
    from coopwerf.messages.models import Reach

    followed(wolkenwerf)
    followed(wolkenwerf, "gone@example.org")
    Reach.objects.create(email_key="gone@example.org", bounced_at=NOW, blocked_at=NOW, reason="hard")
    one = written(wolkenwerf)
    assert send(wolkenwerf, one) == 1
    assert facts(wolkenwerf, one).unreached == 1


def test_it_leaves_at_its_time(wolkenwerf: Cast, server: Mailbox) -> None:
    followed(wolkenwerf)
    one = written(wolkenwerf)
    browser, page = wolkenwerf.secretary.browser(), wolkenwerf.url(f"newsletters/{one}/")
    past = browser.post(f"{page}do/plan/", {"day": "01-01-2020", "time": "09:00"}, follow=True)
    assert "voorbij" in past.text
    assert facts(wolkenwerf, one).state is NewsState.DRAFT
    day = f"{clock.now() + dt.timedelta(days=2):%d-%m-%Y}"
    browser.post(f"{page}do/plan/", {"day": day, "time": "09:30"})
    planned = facts(wolkenwerf, one)
    assert planned.state is NewsState.SCHEDULED
    assert planned.send_at is not None
    tasks.send_planned(0)
    tasks.send_newsletter(str(wolkenwerf.id), str(one))
    assert facts(wolkenwerf, one).sent_at is None
    with tenant(wolkenwerf.id):
        assert queries.due_newsletters(wolkenwerf.id, planned.send_at) == [one]
    browser.post(f"{page}do/unplan/")
    assert facts(wolkenwerf, one).state is NewsState.DRAFT
    browser.post(f"{page}do/send/")
    tasks.send_planned(0)
    tasks.send_newsletter(str(wolkenwerf.id), str(one))
    tasks.send_newsletter(str(wolkenwerf.id), str(one))
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 1


def test_it_is_paused_goes_on_and_is_stopped(wolkenwerf: Cast, server: Mailbox) -> None:
    for number in range(4):
        followed(wolkenwerf, f"noor{number}@example.org")
    one = written(wolkenwerf)
    send(wolkenwerf, one)
    browser, page = wolkenwerf.secretary.browser(), wolkenwerf.url(f"newsletters/{one}/")
    browser.post(f"{page}do/pause/")
    deliver_all(wolkenwerf)
    assert [mail for mail in server._mails if "noor" in mail.to] == []
    browser.post(f"{page}do/go-on/")
    told = facts(wolkenwerf, one)
    assert told.bulk_id is not None
    turns = iter([False, False, True])
    tasks.work(wolkenwerf.id, told.bulk_id, 0, stop=lambda: next(turns, True))
    browser.post(f"{page}do/stop/")
    deliver_all(wolkenwerf)
    progress = queries.progress(told.bulk_id)
    assert (progress.delivered, progress.dropped, progress.waiting) == (1, 3, 0)
    assert "Gestopt" in browser.get(page).text


def test_what_was_put_off_meanwhile_does_not_leave(wolkenwerf: Cast, server: Mailbox) -> None:
    """A worker saw that it is due; before it writes, a secretary keeps it back."""
    followed(wolkenwerf)
    one = written(wolkenwerf)
    act = {"actor": wolkenwerf.secretary.actor, "now": clock.now(), "coop_id": wolkenwerf.id, "newsletter_id": one}
    worker = {**act, "actor": SYSTEM}
    actions.release_newsletter(**act)  # type: ignore[arg-type]
    actions.plan_newsletter(**act, at=None)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="changed_meanwhile"):
        actions.send_newsletter(**worker)  # type: ignore[arg-type]
    actions.plan_newsletter(**act, at=clock.now() + dt.timedelta(days=1))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="changed_meanwhile"):
        actions.send_newsletter(**worker)  # type: ignore[arg-type]
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 0


def test_what_was_stopped_on_its_way_stands_in_no_archive(wolkenwerf: Cast) -> None:
    """Nobody else gets it: not by the page, not by the feed."""
    followed(wolkenwerf)
    one = written(wolkenwerf)
    send(wolkenwerf, one)
    browser, page = wolkenwerf.secretary.browser(), wolkenwerf.url(f"newsletters/{one}/")
    assert "Nieuws nl" in Client().get(wolkenwerf.url("news/feed.atom")).text
    assert Client().get(wolkenwerf.url("news/1/")).status_code == 200
    for what in ("pause", "stop"):
        browser.post(f"{page}do/{what}/")
        assert Client().get(wolkenwerf.url("news/1/")).status_code == 404
        assert "Nieuws nl" not in Client().get(wolkenwerf.url("news/feed.atom")).text
        assert "news/1/" not in browser.get(page).text


def test_the_archive_is_for_everybody(wolkenwerf: Cast, nederwerf: Cast, members: list[Recipient]) -> None:
    followed(wolkenwerf)
    send(wolkenwerf, written(wolkenwerf, "nl", "fr"))
    send(wolkenwerf, written(wolkenwerf, "nl", audience=("test_members",)))
    draft = written(wolkenwerf, "nl")
    visitor = Client(headers={"accept-language": "fr"})
    page = visitor.get(wolkenwerf.url("news/"))
    assert page.text.count("Nieuws fr") == 1
    one = visitor.get(wolkenwerf.url("news/1/")).text
    assert "<strong>metselden</strong>" in one
    assert "noor" not in one.lower()
    assert visitor.get(wolkenwerf.url("news/2/")).status_code == 404, "for members only"
    assert visitor.get(nederwerf.url("news/1/")).status_code == 404
    feed = visitor.get(wolkenwerf.url("news/feed.atom"))
    assert feed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(feed.content)
    titles = [one.text for one in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Wolkenwerf", "Nieuws fr"]
    assert not root.findall(".//{http://www.w3.org/2005/Atom}id[.='']")
    assert facts(wolkenwerf, draft).number is None


def test_what_is_missing_is_said(wolkenwerf: Cast) -> None:
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    one = actions.draft_newsletter(**act)  # type: ignore[arg-type]
    write = {**act, "newsletter_id": one}
    with pytest.raises(Refused) as refused:
        actions.release_newsletter(**write)  # type: ignore[arg-type]
    assert refused.value.code == "messages.nothing_written"
    actions.write_newsletter(**write, language="nl", subject="Nieuws", text=DUTCH)  # type: ignore[arg-type]
    actions.write_newsletter(**write, language="fr", subject="Nouvelles", text="")  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        actions.release_newsletter(**write)  # type: ignore[arg-type]
    assert refused.value.code == "messages.half_written"
    with pytest.raises(Refused) as refused:
        actions.write_newsletter(**write, language="nl", subject="x", text="x" * 60_000)  # type: ignore[arg-type]
    assert refused.value.code == "messages.text_too_long"
    actions.delete_newsletter(**write)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        actions.write_newsletter(**write, language="nl", subject="x", text="x")  # type: ignore[arg-type]
    assert refused.value.code == "messages.newsletter_gone"


def test_text_is_no_markup_and_no_header(wolkenwerf: Cast, server: Mailbox) -> None:
    """Scripts in a text are shown as text, a line break in a subject is a blank, marks of ours are taken out."""
    followed(wolkenwerf, name="Noor")
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    one = written(wolkenwerf)
    evil = "<script>zz(1)</script> [x](javascript:zz(2)) \ue002 ![x](https://evil.example/x.png)"
    actions.write_newsletter(**act, newsletter_id=one, language="nl", subject="Dag\r\nBcc: all@example.org", text=evil)  # type: ignore[arg-type]
    send(wolkenwerf, one)
    deliver_all(wolkenwerf)
    [mail] = server.to("noor@example.org")
    assert mail.message["Bcc"] is None
    assert mail.subject == "Dag Bcc: all@example.org"
    assert "<script>zz" not in mail.html
    assert "evil.example" not in mail.html
    assert mail.text.count("/leave/") == 1


def test_members_of_the_register_are_an_audience(wolkenwerf: Cast) -> None:
    assert "members" in audiences.known_audiences()
    with tenant(wolkenwerf.id):
        assert list(audiences.known_audiences()["members"].recipients(wolkenwerf.id, NOW.date())) == []


def test_a_member_who_left_is_written_to_no_more(wolkenwerf: Cast) -> None:
    """Members of the day it leaves: not who gave up their shares, nor who is admitted later."""
    from coopwerf.register import actions as register

    keeps = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    decided = register.DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="3")
    terms = {"code": "A", "valid_from": dt.date(2021, 3, 1), "nominal": Decimal(25)}
    register.set_class_terms(**keeps, **terms)  # type: ignore[arg-type]
    one = [register.SharesInput(share_class="A", quantity=1)]
    member = {}
    for role, on in (("director", dt.date(2024, 2, 1)), ("treasurer", dt.date(2024, 2, 1))):
        whose = getattr(wolkenwerf, role).party_id
        member[role] = register.record_admission(**keeps, party_id=whose, on=on, decision=decided, shares=one)  # type: ignore[arg-type]
    gone = {"member_id": member["director"].id, "share_class": "A", "quantity": 1, "on": dt.date(2026, 6, 30)}
    register.record_exit(**keeps, **gone, decision=decided, ends_membership=True)  # type: ignore[arg-type]
    whole = audiences.known_audiences()["members"]
    with tenant(wolkenwerf.id):
        for on, who in (
            (dt.date(2023, 1, 1), set()),
            (dt.date(2026, 6, 29), {"director", "treasurer"}),
            (dt.date(2026, 6, 30), {"treasurer"}),
            (NOW.date(), {"treasurer"}),
        ):
            found = {one.party_id for one in whole.recipients(wolkenwerf.id, on)}
            assert found == {getattr(wolkenwerf, role).party_id for role in who}, on


def test_who_is_forgotten_is_forgotten_in_newsletters_too(wolkenwerf: Cast, server: Mailbox) -> None:
    contact_id = followed(wolkenwerf)
    send(wolkenwerf, written(wolkenwerf))
    deliver_all(wolkenwerf)
    actions.forget_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    mail = Mail.objects.get(bulk_id__isnull=False)
    assert (mail.to, mail.to_key, mail.fills, mail.state) == ("", "", None, MailState.DELIVERED)


@pytest.mark.parametrize(("newsletters", "state"), [(True, MailState.WAITING), (False, MailState.DROPPED)])
def test_who_unticks_all_topics_chooses_whether_what_waits_for_members_still_comes(
    wolkenwerf: Cast, server: Mailbox, topic: str, newsletters: bool, state: MailState
) -> None:
    """A newsletter that waits goes by the tick box about newsletters; what they followed doesn't come any more."""
    contact_id = followed(wolkenwerf)
    send(wolkenwerf, written(wolkenwerf))
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    address_all(wolkenwerf)
    choose(wolkenwerf, contact_id, topics=[], newsletters=newsletters)
    with tenant(wolkenwerf.id):
        states = {Bulk.objects.get(pk=mail.bulk_id).code: mail.state for mail in Mail.objects.exclude(bulk_id=None)}
    assert states == {"messages.newsletter": state, "tests.works": MailState.DROPPED}


def test_a_day_later_the_links_are_gone(wolkenwerf: Cast, server: Mailbox) -> None:
    followed(wolkenwerf)
    send(wolkenwerf, written(wolkenwerf))
    deliver_all(wolkenwerf)
    actions.blank_secrets(actor=SYSTEM, now=clock.now() + dt.timedelta(days=2))
    assert Mail.objects.get(bulk_id__isnull=False).fills is None
    with tenant(wolkenwerf.id):
        assert Contact.objects.get().email == "noor@example.org"
        assert queries.choices(wolkenwerf.id, Contact.objects.get().id).rhythm is Rhythm.AT_ONCE


def test_what_was_stopped_does_not_stand_in_the_archive(wolkenwerf: Cast, server: Mailbox) -> None:
    """Sent by mistake and stopped: whoever has it has it, and nobody else reads it."""
    followed(wolkenwerf)
    one = written(wolkenwerf)
    send(wolkenwerf, one)
    assert "Nieuws nl" in Client().get(wolkenwerf.url("news/")).text
    wolkenwerf.secretary.browser().post(wolkenwerf.url(f"newsletters/{one}/do/stop/"))
    for address in ("news/", "news/feed.atom"):
        assert "Nieuws nl" not in Client().get(wolkenwerf.url(address)).text
    assert Client().get(wolkenwerf.url("news/1/")).status_code == 404


def test_what_was_emptied_after_it_was_planned_is_a_draft_again(wolkenwerf: Cast, server: Mailbox) -> None:
    followed(wolkenwerf)
    one = written(wolkenwerf)
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id, "newsletter_id": one}
    actions.release_newsletter(**act)  # type: ignore[arg-type]
    actions.write_newsletter(**act, language="nl", subject="", text="")  # type: ignore[arg-type]
    tasks.send_newsletter(str(wolkenwerf.id), str(one))
    assert facts(wolkenwerf, one).state is NewsState.DRAFT
    assert not Mail.objects.filter(bulk_id__isnull=False).exists()


def test_signs_of_a_word_processor_break_no_feed(wolkenwerf: Cast) -> None:
    followed(wolkenwerf)
    act = {"actor": wolkenwerf.secretary.actor, "now": NOW, "coop_id": wolkenwerf.id}
    one = written(wolkenwerf)
    actions.write_newsletter(
        **act, newsletter_id=one, language="nl", subject="Nieuws\x0b\x08", text="Een\x0bmuur\ufffe."
    )  # type: ignore[arg-type]
    send(wolkenwerf, one)
    told = "".join(ElementTree.fromstring(Client().get(wolkenwerf.url("news/feed.atom")).content).itertext())
    assert "muur." in told
