"""What followers hear when something is told: at once or by the week, once each, until they leave."""

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, links, queries, tasks
from coopwerf.messages.models import Bulk, Mail, News
from coopwerf.messages.states import MailState, Rhythm
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox

from .conftest import Invitation
from .returned import notice
from .test_following import NOOR, address_all, choose, deliver_all, followed, follows, latest

pytestmark = pytest.mark.django_db


def test_followers_are_told_at_once_or_by_the_week(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    followed(wolkenwerf, "now@example.org", topics=["works"])
    followed(wolkenwerf, "frans@example.org", language="fr", name="")
    followed(wolkenwerf, "week@example.org", rhythm=Rhythm.WEEKLY)
    followed(wolkenwerf, "other@example.org", topics=["news"], rhythm=Rhythm.WEEKLY)
    asked = {"email": "asked@example.org", "name": "", "language": "nl", "topics": ["all"], "rhythm": Rhythm.AT_ONCE}
    actions.ask_to_follow(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, **asked)  # type: ignore[arg-type]
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 2
    actions.tell_followers(**tell, facts="a roof")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 2
    deliver_all(wolkenwerf)
    assert [mail.subject for mail in server.to("now@example.org")] == ["We build a rack (nl)", "We build a roof (nl)"]
    french = server.to("frans@example.org")[0]
    assert french.subject == "We build a rack (fr)"
    assert french.text.startswith("Bonjour")
    assert french.message["List-Unsubscribe"].startswith("<http")
    assert server.to("week@example.org") == server.to("asked@example.org") == []
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 1
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0
    deliver_all(wolkenwerf)
    [week] = server.to("week@example.org")
    assert "We build a rack (nl)" in week.text
    assert "We build a roof (nl)" in week.text
    assert week.text.count("https://werf.example/works/") == 2
    assert server.to("other@example.org") == []
    assert "Noor" in week.text.splitlines()[0]
    with tenant(wolkenwerf.id):
        assert not News.objects.filter(gathered_at=None).exists()


def test_who_leaves_gets_nothing_that_still_waits(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    contact_id = followed(wolkenwerf)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    address_all(wolkenwerf)
    actions.leave(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    deliver_all(wolkenwerf)
    assert server.to(NOOR) == []
    assert Mail.objects.filter(state=MailState.DROPPED).count() == 1
    actions.tell_followers(**tell, facts="a roof")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 0


def test_whose_mail_comes_back_is_left_alone_and_shown(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    contact_id = followed(wolkenwerf)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    deliver_all(wolkenwerf)
    mail = queries.mail(Mail.objects.get(bulk_id__isnull=False).id)
    assert mail is not None
    assert tasks.note_returned(notice(mail)) == "hard"
    actions.tell_followers(**tell, facts="a roof")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 0
    page = wolkenwerf.secretary.browser().get(wolkenwerf.url("followers/")).text
    assert NOOR in page
    assert "no such user" in page
    for nosy in (wolkenwerf.director, wolkenwerf.auditor):
        assert nosy.browser().get(wolkenwerf.url("followers/")).status_code == 403
    # They confirm anew by a mail that arrives: the address works.
    actions.confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    actions.tell_followers(**tell, facts="a door")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 1


def test_who_wants_no_newsletters_as_a_member_still_hears_what_they_follow(wolkenwerf: Cast, topic: str) -> None:
    """The tick box about members and helpers is about these; what is ticked above it still comes."""
    contact_id = followed(wolkenwerf)
    choose(wolkenwerf, contact_id, topics=[topic], newsletters=False)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 1
    choose(wolkenwerf, contact_id, topics=[topic], newsletters=False, rhythm=Rhythm.WEEKLY)
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 1


def test_who_unticks_everything_gets_nothing_that_still_waits(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    contact_id = followed(wolkenwerf)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    address_all(wolkenwerf)
    choose(wolkenwerf, contact_id, topics=[])
    deliver_all(wolkenwerf)
    assert server.to(NOOR) == []


def test_the_mail_of_the_week_is_left_in_one_click(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    contact_id = followed(wolkenwerf, rhythm=Rhythm.WEEKLY)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id)
    deliver_all(wolkenwerf)
    [week] = server.to(NOOR)
    assert week.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    where = re.sub(r"^https?://[^/]+", "", week.message["List-Unsubscribe"].strip("<>"))
    for method in ("get", "head"):
        getattr(Client(), method)(where)
    assert follows(wolkenwerf, contact_id) == {"all"}
    assert Client(enforce_csrf_checks=True).post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert follows(wolkenwerf, contact_id) == set()
    actions.tell_followers(**tell, facts="a roof")  # type: ignore[arg-type]
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0


def test_something_is_told_once_whoever_tells_it(wolkenwerf: Cast, topic: str) -> None:
    followed(wolkenwerf)
    about = uuid.uuid4()
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack", about=about)  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 1
    actions.tell_followers(**tell, facts="a rack", about=about)  # type: ignore[arg-type]
    assert address_all(wolkenwerf) == 0
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 1


def test_who_takes_their_data_along_reads_which_newsletters_they_got(
    wolkenwerf: Cast, server: Mailbox, topic: str, visitor: Client
) -> None:
    contact_id = followed(wolkenwerf)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    address_all(wolkenwerf)
    with tenant(wolkenwerf.id):
        own = wolkenwerf.url(f"following/{links.sign(contact_id, actions.PREFERENCES)}/")
    assert visitor.post(own + "data/").status_code == 302
    data = json.loads(bytes(latest().files.get().content))
    assert [row["subject"] for row in data["newsletters"]] == ["We build a rack (nl)"]
    assert "/leave/" not in str(data["newsletters"])


def test_what_was_told_is_written_once_by_workers(wolkenwerf: Cast, topic: str) -> None:
    """Two workers at once, or one that was killed and begins again: each follower has one mail of it."""
    followed(wolkenwerf)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    assert not Mail.objects.filter(bulk_id__isnull=False).exists(), "whoever publishes waits for nobody"
    with tenant(wolkenwerf.id):
        [news_id] = queries.unaddressed_news(wolkenwerf.id)
    for _worker in range(2):
        tasks.address_news(str(wolkenwerf.id), str(news_id))
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 1
    with tenant(wolkenwerf.id):
        assert queries.unaddressed_news(wolkenwerf.id) == []


def test_a_week_with_a_hundred_news_is_told_to_each_as_they_follow(
    wolkenwerf: Cast, server: Mailbox, topic: str
) -> None:
    """Whoever reads the same has the same text, and nobody that of somebody else, however much there is to tell."""
    followed(wolkenwerf, "all@example.org", rhythm=Rhythm.WEEKLY)
    followed(wolkenwerf, "works@example.org", topics=[topic], rhythm=Rhythm.WEEKLY)
    followed(wolkenwerf, "again@example.org", topics=[topic], rhythm=Rhythm.WEEKLY)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "kind": "tests.works"}
    for one in (topic, "news"):
        actions.tell_followers(**tell, topic=one, facts="a rack")  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        for row in News.objects.all():
            more = {"topic": row.topic, "code": row.code, "lines": row.lines, "made_at": row.made_at}
            News.objects.bulk_create(News(coop_id=wolkenwerf.id, **more) for _each in range(49))
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 3
    deliver_all(wolkenwerf)
    told = {name: server.to(f"{name}@example.org")[0].text for name in ("all", "works", "again")}
    counts = {name: text.count("https://werf.example/works/") for name, text in told.items()}
    assert counts == {"all": 100, "works": 50, "again": 50}
    assert len(set(Mail.objects.filter(bulk_id__isnull=False).values_list("variant", flat=True))) == 2


def test_who_never_confirmed_hears_nothing_by_the_week_either(wolkenwerf: Cast, topic: str) -> None:
    asked = {"name": "", "language": "nl", "topics": ["all"], "rhythm": Rhythm.WEEKLY}
    actions.ask_to_follow(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, email=NOOR, **asked)  # type: ignore[arg-type]
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0


def test_the_mail_of_the_week_leads_to_nothing_that_only_its_reader_may_open(
    wolkenwerf: Cast, letter: str, topic: str
) -> None:
    """The mail of the week is one text for many: a link that opens something for whoever has it isn't in it."""
    followed(wolkenwerf, rhythm=Rhythm.WEEKLY)
    tell = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "topic": topic, "kind": letter}
    actions.tell_followers(**tell, facts=Invitation())  # type: ignore[arg-type]
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 1
    with tenant(wolkenwerf.id):
        [text] = [text for bulk in Bulk.objects.all() for text in bulk.texts.values()]
    assert "Kom kijken op de werf" in text["text"]
    assert "s3cr3t" not in text["text"] + text["html"]


def test_the_week_of_one_cooperative_waits_for_no_other(
    wolkenwerf: Cast, zonnewerf: Cast, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the mail of one can't be written that is logged, and all others have theirs."""
    for coop in (wolkenwerf, zonnewerf):
        followed(coop, f"week@{coop.coop.slug}.example", rhythm=Rhythm.WEEKLY)
        tell = {"actor": SYSTEM, "now": NOW, "coop_id": coop.id, "topic": topic, "kind": "tests.works"}
        actions.tell_followers(**tell, facts="a rack")  # type: ignore[arg-type]
    tell_week = actions.tell_week

    def broken(**whose: Any) -> int:
        if whose["coop_id"] == wolkenwerf.id:
            raise ZeroDivisionError
        return int(tell_week(**whose))

    monkeypatch.setattr(actions, "tell_week", broken)
    tasks.tell_week(0)
    assert Mail.objects.filter(to="week@zonnewerf.example").count() == 2, "the link to confirm, and the week"
    assert Mail.objects.filter(to="week@wolkenwerf.example").count() == 1
