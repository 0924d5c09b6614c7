"""A batch of mails: each reader once, whoever dies; paused, stopped, and at the pace of their domains."""

import datetime as dt
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, bulk_mime, queries, tasks
from coopwerf.messages.actions.bulk import BulkReader, drop_waiting, write_bulk
from coopwerf.messages.models import Mail, Pace
from coopwerf.messages.states import BulkState, MailState
from tests.cast import Cast, Person
from tests.journeys.mailbox import Mailbox
from tests.settings import ROOT

pytestmark = pytest.mark.django_db
LEAVE = "https://werf.example/c/wolkenwerf/leave/abc=123/"
TEXT = (
    f"{bulk_mime.SALUTATION}\n\nOp de werf metsen we zaterdag – kom kijken = doe mee.   \n.\nFrom hier\n"
    + "lang " * 60
    + f"\n\nGeen nieuws meer? {bulk_mime.LEAVE}\n"
)


def written(coop: Cast, count: int, *, domain: str = "example.org", list_id: str = "<news>") -> uuid.UUID:
    """Write a batch for so many readers."""
    texts = {
        language: bulk_mime.BulkText(
            language,
            f"Nieuws {language} – één",
            TEXT,
            f"<p>{bulk_mime.SALUTATION}</p><a href='{bulk_mime.LEAVE}'>x</a>",
        )
        for language in ("nl", "fr")
    }
    readers = [
        BulkReader(
            f"lezer{number}@{domain}",
            f"lezer{number}@{domain}",
            ("nl", "fr")[number % 2],
            {"salutation": f"Dag Noor <{number}> é,", "leave": LEAVE, "manage": LEAVE},
        )
        for number in range(count)
    ]
    with tenant(coop.id):
        return write_bulk(
            now=clock.now(),
            coop_id=coop.id,
            code="tests.news",
            texts=texts,
            sender="Wolkenwerf <werf@example.org>",
            reply_to="",
            list_id=list_id,
            readers=readers,
        )


def progress(bulk_id: uuid.UUID) -> dict[str, int]:
    """Return how many mails stand in which state."""
    return {state.value: count for state, count in queries.progress(bulk_id).by_state.items()}


def test_every_reader_gets_their_own(wolkenwerf: Cast, server: Mailbox) -> None:
    bulk_id = written(wolkenwerf, 60)
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 60
    assert progress(bulk_id) == {"delivered": 60}
    mail = server.to("lezer7@example.org")[0]
    assert mail.subject == "Nieuws fr – één"
    assert mail.language == "fr"
    said = TEXT.replace(bulk_mime.SALUTATION, "Dag Noor <7> é,").replace(bulk_mime.LEAVE, LEAVE)
    assert mail.text.replace("\r\n", "\n") == said
    assert "Dag Noor &lt;7&gt; é," in mail.html
    assert mail.message["List-Unsubscribe"] == f"<{LEAVE}>"
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail.message["Precedence"], mail.message["Auto-Submitted"]) == ("bulk", "auto-generated")
    assert max(len(line) for line in server.raw[7].split(b"\r\n")) <= 200
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 0


def test_an_address_stands_in_a_batch_once(wolkenwerf: Cast, server: Mailbox) -> None:
    text = {"nl": bulk_mime.BulkText("nl", "x", "x", "x")}
    emails = ("noor@example.org", "NOOR@example.org")
    twice = [BulkReader(email, "noor@example.org", "nl", {"leave": LEAVE}) for email in emails]
    how = {"now": clock.now(), "coop_id": wolkenwerf.id, "code": "tests.news", "sender": "a@example.org"}
    with tenant(wolkenwerf.id):
        bulk_id = write_bulk(**how, texts=text, reply_to="", list_id="<x>", readers=twice)
    assert progress(bulk_id) == {"waiting": 1}


def test_a_notice_by_law_offers_no_way_out(wolkenwerf: Cast, server: Mailbox) -> None:
    tasks.work(wolkenwerf.id, written(wolkenwerf, 1, list_id=""), 0)
    message = server.to("lezer0@example.org")[0].message
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_a_batch_is_paused_continued_and_stopped(wolkenwerf: Cast, server: Mailbox) -> None:
    bulk_id = written(wolkenwerf, 5)
    move = {"actor": wolkenwerf.chair.actor, "now": clock.now(), "coop_id": wolkenwerf.id, "bulk_id": bulk_id}
    actions.move_bulk(**move, to=BulkState.PAUSED)
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 0
    actions.move_bulk(**move, to=BulkState.OPEN)
    once = iter([False, False, False, True])
    assert tasks.work(wolkenwerf.id, bulk_id, 0, stop=lambda: next(once, True)) == 2
    actions.move_bulk(**move, to=BulkState.STOPPED)
    assert progress(bulk_id) == {"delivered": 2, "dropped": 3}
    with pytest.raises(Refused):
        actions.move_bulk(**move, to=BulkState.OPEN)
    with pytest.raises(Refused) as refused:
        actions.move_bulk(**{**move, "actor": wolkenwerf.director.actor}, to=BulkState.OPEN)
    assert refused.value.code == "coops.lacks_power"


def test_a_batch_that_is_paused_while_a_worker_holds_it_stops_at_once(wolkenwerf: Cast, server: Mailbox) -> None:
    bulk_id = written(wolkenwerf, 5)
    move = {"actor": wolkenwerf.chair.actor, "now": clock.now(), "coop_id": wolkenwerf.id, "bulk_id": bulk_id}
    calls = itertools.count()

    def stop() -> bool:
        if next(calls) == 3:
            actions.move_bulk(**move, to=BulkState.PAUSED)
        return False

    tasks.work(wolkenwerf.id, bulk_id, 0, stop=stop)
    assert progress(bulk_id) == {"delivered": 2, "waiting": 3}
    assert len(server.raw) == 2


def test_what_a_dead_worker_held_is_in_doubt_once_another_takes_its_place(wolkenwerf: Cast, server: Mailbox) -> None:
    """It may have arrived: it isn't sent a second time, and the administrator sees it at once."""
    bulk_id, now = written(wolkenwerf, 3), clock.now()
    with tenant(wolkenwerf.id):
        [held] = actions.set_apart(actor=SYSTEM, now=now, bulk_id=bulk_id, by="lane:0", count=1)
        assert actions.hand_on(actor=SYSTEM, now=now, by="lane:0", claim=held.id, domain=held.domain)
    assert tasks.work(wolkenwerf.id, bulk_id, 1) == 2
    assert progress(bulk_id) == {"delivered": 2, "sending": 1}, "another lane knows nothing of it"
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 0
    assert progress(bulk_id) == {"delivered": 2, "in_doubt": 1}
    assert len(server.raw) == 2


def test_without_a_server_a_batch_is_stopped_for_good(wolkenwerf: Cast) -> None:
    """What is kept could be sent again by hand, had it not been dropped."""
    bulk_id = written(wolkenwerf, 2)
    move = {"actor": wolkenwerf.chair.actor, "now": clock.now(), "coop_id": wolkenwerf.id, "bulk_id": bulk_id}
    actions.move_bulk(**move, to=BulkState.STOPPED)
    assert progress(bulk_id) == {"dropped": 2}


def test_who_leaves_still_gets_the_notice_by_law_that_waits(wolkenwerf: Cast, server: Mailbox) -> None:
    """They asked for no more news: not to be left out of an assembly. Whoever is blocked gets nothing more at all."""
    news, notice, other = written(wolkenwerf, 2), written(wolkenwerf, 2, list_id=""), written(wolkenwerf, 2)
    with tenant(wolkenwerf.id):
        assert drop_waiting(wolkenwerf.id, "lezer1@example.org", keep="") == 2
        assert drop_waiting(wolkenwerf.id, "lezer0@example.org", also_notices=True) == 3
    for bulk_id in (news, notice, other):
        tasks.work(wolkenwerf.id, bulk_id, 0)
    assert len(server.to("lezer1@example.org")) == 1
    assert server.to("lezer1@example.org")[0].message["List-Unsubscribe"] is None
    assert server.to("lezer0@example.org") == []


def test_what_was_set_apart_too_long_ago_belongs_to_another_worker(wolkenwerf: Cast, server: Mailbox) -> None:
    """A worker that was held up for minutes comes back: the mails that it held are another's by now."""
    bulk_id, now = written(wolkenwerf, 2), clock.now()
    with tenant(wolkenwerf.id):
        held = actions.set_apart(actor=SYSTEM, now=now, bulk_id=bulk_id, by="lane:0", count=2)
        soon = now + dt.timedelta(minutes=1)
        assert actions.set_apart(actor=SYSTEM, now=soon, bulk_id=bulk_id, by="lane:1", count=2) == []
        later = now + dt.timedelta(minutes=3)
        taken = actions.set_apart(actor=SYSTEM, now=later, bulk_id=bulk_id, by="lane:1", count=2)
        assert {one.id for one in taken} == {one.id for one in held}
        first, second = held
        assert not actions.hand_on(actor=SYSTEM, now=later, by="lane:0", claim=first.id, domain=first.domain)
        assert not actions.hand_on(actor=SYSTEM, now=later, by="lane:0", let_go=[second.id])
        for one in taken:
            assert actions.hand_on(actor=SYSTEM, now=later, by="lane:1", claim=one.id, domain=one.domain)
        assert not actions.hand_on(actor=SYSTEM, now=later, by="lane:1", let_go=[second.id])
    assert progress(bulk_id) == {"sending": 2}
    assert not Mail.objects.exclude(claimed_by="lane:1").exists()


def test_a_batch_that_is_paused_for_weeks_still_leaves_whole(wolkenwerf: Cast, server: Mailbox) -> None:
    """What was delivered loses its links a day later; what waits keeps the reader's own words and way out."""
    bulk_id = written(wolkenwerf, 2)
    move = {"actor": wolkenwerf.chair.actor, "now": clock.now(), "coop_id": wolkenwerf.id, "bulk_id": bulk_id}
    actions.move_bulk(**move, to=BulkState.PAUSED)
    actions.blank_secrets(actor=SYSTEM, now=clock.now() + dt.timedelta(days=20))
    actions.move_bulk(**move, to=BulkState.OPEN)
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 2
    mail = server.to("lezer1@example.org")[0]
    assert mail.text.startswith("Dag Noor <1> é,")
    assert mail.message["List-Unsubscribe"] == f"<{LEAVE}>"


def test_a_mail_of_a_batch_leaves_with_its_batch_alone(wolkenwerf: Cast, server: Mailbox, host: Person) -> None:
    """Put off, or sent again by hand: no job of its own would ask whether the batch was paused or stopped meanwhile."""
    bulk_id = written(wolkenwerf, 1)
    server.answer = "451 later"
    tasks.work(wolkenwerf.id, bulk_id, 0)
    server.answer = "550 no"
    Mail.objects.update(next_at=clock.now())
    tasks.work(wolkenwerf.id, bulk_id, 0)
    assert progress(bulk_id) == {"refused": 1}
    actions.send_again(actor=host.actor, now=clock.now(), mail_id=Mail.objects.get().id)
    assert not ProcrastinateJob.objects.filter(task_name="messages.deliver").exists()
    server.answer = "250 taken"
    assert queries.due_bulks(clock.now()) == [(wolkenwerf.id, bulk_id)]
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 1


def test_a_batch_keeps_the_pace_of_a_domain(wolkenwerf: Cast, server: Mailbox) -> None:
    actions.set_pace(actor=SYSTEM, now=clock.now(), domain="slow.example", a_minute=1)
    bulk_id = written(wolkenwerf, 4, domain="slow.example")
    before = clock.now()
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 1
    assert tasks.work(wolkenwerf.id, bulk_id, 1) == 0
    pace = Pace.objects.get()
    assert dt.timedelta(minutes=1) <= pace.next_at - before < dt.timedelta(minutes=2)
    # A minute later.
    Pace.objects.update(next_at=clock.now())
    Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
    assert tasks.work(wolkenwerf.id, bulk_id, 1) == 1
    assert progress(bulk_id) == {"delivered": 2, "waiting": 2}


def test_what_is_put_off_goes_on_later(wolkenwerf: Cast, server: Mailbox, settings: Settings) -> None:
    settings.MAIL_LANES = 2
    bulk_id = written(wolkenwerf, 3)
    server.answer = "451 later"
    tasks.work(wolkenwerf.id, bulk_id, 0)
    assert progress(bulk_id) == {"waiting": 3}
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 0
    server.answer = "250 taken"
    Mail.objects.update(next_at=clock.now())
    assert queries.due_bulks(clock.now()) == [(wolkenwerf.id, bulk_id)]
    tasks.resume_bulks(0)
    tasks.send_bulk(str(wolkenwerf.id), str(bulk_id), 1)
    assert progress(bulk_id) == {"delivered": 3}


def test_a_line_that_was_closed_meanwhile_is_opened_again(wolkenwerf: Cast, server: Mailbox) -> None:
    """A mail server hangs up between two mails: neither is lost, neither comes twice."""
    bulk_id = written(wolkenwerf, 4)
    taken = server.handle_RCPT
    calls = iter([False, True, False, False, True, False, False])

    async def sometimes(*told: object) -> str:
        server.hangs_up = next(calls, False)
        return await taken(*told)  # type: ignore[arg-type]

    server.handle_RCPT = sometimes  # type: ignore[method-assign]
    tasks.work(wolkenwerf.id, bulk_id, 0)
    assert progress(bulk_id) == {"delivered": 4}
    assert len(server.raw) == 4


def test_a_server_that_is_down_costs_nobody_an_attempt(wolkenwerf: Cast, mailbox: Mailbox, settings: Settings) -> None:
    """One mail finds out; the others wait with it, and all arrive when the server is back."""
    settings.SMTP_URL = mailbox.url
    mailbox.stop()
    bulk_id = written(wolkenwerf, 5)
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    mailbox.start()
    Mail.objects.update(next_at=clock.now())
    assert tasks.work(wolkenwerf.id, bulk_id, 0) == 5


WORKS = """
import os, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.conf import settings
settings.SMTP_URL = sys.argv[3]
from coopwerf.messages import tasks
while tasks.work(uuid.UUID(sys.argv[1]), uuid.UUID(sys.argv[2]), int(sys.argv[4])):
    pass
"""


def worker(coop: Cast, bulk_id: uuid.UUID, url: str, lane: int) -> subprocess.Popen[bytes]:
    """Let a process of its own hand over a batch."""
    words = [sys.executable, "-c", WORKS, str(coop.id), str(bulk_id), url, str(lane)]
    return subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"})


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_it_twice_after_three_kills(wolkenwerf: Cast, server: Mailbox) -> None:
    """Two workers; three times one is killed at once, while it works. What it held is in doubt, and told as such."""
    bulk_id = written(wolkenwerf, 600)
    other = worker(wolkenwerf, bulk_id, server.url, 1)
    for killed in range(1, 4):
        one, before = worker(wolkenwerf, bulk_id, server.url, 0), len(server.raw)
        deadline = time.monotonic() + 60
        while len(server.raw) < before + 40 + killed * 13 and time.monotonic() < deadline:
            time.sleep(0.003)
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
    assert other.wait(timeout=120) == 0
    # What was set apart for those that died comes to others when its time is over.
    Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
    assert worker(wolkenwerf, bulk_id, server.url, 0).wait(timeout=120) == 0
    counts = Counter(mail.message["Message-ID"] for mail in map(server.to, addresses(600)) for mail in mail)
    assert max(counts.values()) == 1
    told = progress(bulk_id)
    assert told.get("in_doubt", 0) <= 3
    assert told["delivered"] + told.get("in_doubt", 0) == 600
    assert len(counts) >= 600 - told.get("in_doubt", 0)


def addresses(count: int) -> list[str]:
    """Return the addresses of the readers."""
    return [f"lezer{number}@example.org" for number in range(count)]


@pytest.mark.django_db(transaction=True)
def test_two_lanes_share_a_batch(wolkenwerf: Cast, server: Mailbox) -> None:
    from django.db import connections

    bulk_id, done = written(wolkenwerf, 200), []

    def work(lane: int) -> None:
        done.append(tasks.work(wolkenwerf.id, bulk_id, lane))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(lane,)) for lane in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(done) == 200
    assert min(done) > 20
    assert len(server.raw) == 200
