"""What was told is corrected or taken back while it leaves: at whatever moment, nobody gets what isn't so any more."""

import itertools
import threading
import uuid
from typing import Any

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, queries, tasks
from coopwerf.messages.actions import telling
from coopwerf.messages.models import Mail, News
from coopwerf.messages.smtp import Answer
from coopwerf.messages.states import BlockReason, MailState, Outcome, Rhythm
from coopwerf.messages.tasks import lanes
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox

from .test_following import NOOR, address_all, deliver_all, followed

pytestmark = pytest.mark.django_db


def tell(coop: Cast, topic: str, what: str, about: uuid.UUID) -> None:
    """Tell something to whoever follows a topic."""
    how = {"actor": SYSTEM, "now": NOW, "coop_id": coop.id, "topic": topic, "kind": "tests.works"}
    actions.tell_followers(**how, facts=what, about=about)  # type: ignore[arg-type]


def mend(coop: Cast, what: str, about: uuid.UUID) -> int:
    """Tell it otherwise from now on."""
    return actions.mend_news(actor=SYSTEM, now=NOW, coop_id=coop.id, about=about, kind="tests.works", facts=what)


def withdraw(coop: Cast, about: uuid.UUID) -> int:
    """Tell it no more."""
    return actions.withdraw_news(actor=SYSTEM, now=NOW, coop_id=coop.id, about=about)


def batch() -> uuid.UUID:
    """Return the batch that was written last."""
    found = Mail.objects.filter(bulk_id__isnull=False).order_by("-made_at", "-id")[0].bulk_id
    assert found is not None
    return found


def subjects(server: Mailbox) -> list[str]:
    """Return what the followers read."""
    return sorted(mail.subject for number in range(4) for mail in server.to(f"reader{number}@example.org"))


def test_a_correction_reaches_what_a_worker_holds_already(
    wolkenwerf: Cast, server: Mailbox, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker has read the text and set two mails apart: what it hasn't handed over by then says what is so."""
    monkeypatch.setattr(lanes, "AT_ONCE", 2)
    for number in range(4):
        followed(wolkenwerf, f"reader{number}@example.org")
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    assert address_all(wolkenwerf) == 4
    mails, mended = itertools.count(), []

    def stop() -> bool:
        # It is asked before it sets mails apart, and before each of them.
        if next(mails) == 2:
            mended.append(mend(wolkenwerf, "a roof", about))
        return False

    tasks.work(wolkenwerf.id, batch(), 0, stop=stop)
    assert mended == [3]
    # Those that it sets apart from now on tell it at once, the one that it held when others come to it.
    assert subjects(server) == ["We build a rack (nl)", *["We build a roof (nl)"] * 2]
    Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
    tasks.work(wolkenwerf.id, batch(), 0)
    assert subjects(server) == ["We build a rack (nl)", *["We build a roof (nl)"] * 3]


def test_what_is_taken_back_stays_with_the_worker_that_holds_it(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    for number in range(4):
        followed(wolkenwerf, f"reader{number}@example.org")
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    address_all(wolkenwerf)
    mails = itertools.count()

    def stop() -> bool:
        if next(mails) == 2:
            assert withdraw(wolkenwerf, about) == 3
        return False

    tasks.work(wolkenwerf.id, batch(), 0, stop=stop)
    assert len(subjects(server)) == 1
    assert withdraw(wolkenwerf, about) == 0


def test_what_is_put_off_and_taken_back_meanwhile_does_not_leave_later(
    wolkenwerf: Cast, server: Mailbox, topic: str
) -> None:
    """It is in the hands of a worker when it is taken back; the server says "later", and later it isn't sent."""
    followed(wolkenwerf)
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    address_all(wolkenwerf)
    [mail] = Mail.objects.filter(bulk_id__isnull=False)
    lane = {"actor": SYSTEM, "now": clock.now(), "by": "lane:0"}
    with tenant(wolkenwerf.id):
        actions.set_apart(**lane, bulk_id=batch(), count=1)  # type: ignore[arg-type]
        assert actions.hand_on(**lane, claim=mail.id, domain=mail.domain)  # type: ignore[arg-type]
        assert withdraw(wolkenwerf, about) == 0
        later = actions.Noted(mail.id, Answer(Outcome.PUT_OFF, "451 later"))
        actions.hand_on(**lane, noted=later)  # type: ignore[arg-type]
    assert Mail.objects.get(pk=mail.id).state == MailState.DROPPED, "it waits for nothing"
    Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
    assert tasks.work(wolkenwerf.id, batch(), 0) == 0
    assert server.to(NOOR) == []


@pytest.mark.parametrize("goes", ["leaves", "is forgotten", "asks us to stop", "stays"])
def test_who_goes_while_their_mail_is_handed_over_gets_it_no_second_time(
    wolkenwerf: Cast, server: Mailbox, topic: str, goes: str
) -> None:
    """It is in the hands of a worker when they go; the server says "later": who stayed gets it then, nobody else."""
    contact_id = followed(wolkenwerf)
    tell(wolkenwerf, topic, "a rack", uuid.uuid4())
    address_all(wolkenwerf)
    [mail] = Mail.objects.filter(bulk_id__isnull=False)
    lane = {"actor": SYSTEM, "now": clock.now(), "by": "lane:0"}
    them = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id, "contact_id": contact_id}
    with tenant(wolkenwerf.id):
        actions.set_apart(**lane, bulk_id=batch(), count=1)  # type: ignore[arg-type]
        assert actions.hand_on(**lane, claim=mail.id, domain=mail.domain)  # type: ignore[arg-type]
    if goes == "leaves":
        actions.leave(**them)  # type: ignore[arg-type]
    elif goes == "is forgotten":
        actions.forget_contact(**them)  # type: ignore[arg-type]
    elif goes == "asks us to stop":
        actions.block_contact(**them, reason=BlockReason.ASKED)  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        later = actions.Noted(mail.id, Answer(Outcome.PUT_OFF, "451 later"))
        actions.hand_on(**lane, noted=later)  # type: ignore[arg-type]
    Mail.objects.filter(state=MailState.WAITING).update(next_at=clock.now())
    assert tasks.work(wolkenwerf.id, batch(), 0) == (goes == "stays")
    assert len(server.to(NOOR)) == (goes == "stays")
    assert Mail.objects.filter(state=MailState.DROPPED).count() == (goes != "stays")


def test_without_a_server_it_is_taken_back_too(wolkenwerf: Cast, topic: str) -> None:
    """What is kept can be sent again by hand: not what was taken back."""
    followed(wolkenwerf)
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    address_all(wolkenwerf)
    mails = Mail.objects.filter(bulk_id__isnull=False)
    assert [mail.state for mail in mails] == [MailState.KEPT]
    assert withdraw(wolkenwerf, about) == 1
    assert [mail.state for mail in mails.all()] == [MailState.DROPPED]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_while_a_worker_writes_it_to_everybody_does_not_leave(
    wolkenwerf: Cast, server: Mailbox, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes it back waits until it is written, and then takes back all of it."""
    followed(wolkenwerf)
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    writes, taken_back = threading.Event(), []
    write = telling.write_to_many

    def slowly(*told: Any, **more: Any) -> uuid.UUID:
        writes.set()
        taker.join(timeout=1)
        return write(*told, **more)

    def take_back() -> None:
        writes.wait(timeout=10)
        taken_back.append(withdraw(wolkenwerf, about))
        connections.close_all()

    monkeypatch.setattr(telling, "write_to_many", slowly)
    taker = threading.Thread(target=take_back)
    taker.start()
    assert address_all(wolkenwerf) == 1
    taker.join(timeout=10)
    assert taken_back == [1]
    assert [mail.state for mail in Mail.objects.filter(bulk_id__isnull=False)] == [MailState.DROPPED]


def test_what_was_taken_back_before_anybody_was_written_to_is_not_told_by_a_correction(
    wolkenwerf: Cast, server: Mailbox, topic: str
) -> None:
    followed(wolkenwerf)
    followed(wolkenwerf, "week@example.org", rhythm=Rhythm.WEEKLY)
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    withdraw(wolkenwerf, about)
    assert mend(wolkenwerf, "a roof", about) == 0
    # The worker that was asked comes late.
    with tenant(wolkenwerf.id):
        news_id = News.objects.get(about=about).id
        assert queries.unaddressed_news(wolkenwerf.id) == []
    tasks.address_news(str(wolkenwerf.id), str(news_id))
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0
    assert not Mail.objects.filter(bulk_id__isnull=False).exists()


def test_what_a_reader_takes_along_says_what_they_got(wolkenwerf: Cast, server: Mailbox, topic: str) -> None:
    """The subject beside a mail is that of the mail, also when it was mended before it left."""
    contact_id = followed(wolkenwerf)
    about = uuid.uuid4()
    tell(wolkenwerf, topic, "a rack", about)
    address_all(wolkenwerf)
    mend(wolkenwerf, "a roof", about)
    deliver_all(wolkenwerf)
    mend(wolkenwerf, "a door", about)
    [mail] = server.to(NOOR)
    with tenant(wolkenwerf.id):
        [line] = queries.bulk_mails_to_contact(wolkenwerf.id, contact_id)
    assert line.subject == mail.subject == "We build a roof (nl)"


def test_something_is_told_once_on_each_topic(wolkenwerf: Cast, topic: str) -> None:
    """Who follows only one of two topics hears of what belongs to both."""
    followed(wolkenwerf, "works@example.org", topics=[topic])
    followed(wolkenwerf, "news@example.org", topics=["news"])
    about = uuid.uuid4()
    for one in (topic, "news", topic):
        tell(wolkenwerf, one, "a rack", about)
    assert address_all(wolkenwerf) == 2
    assert mend(wolkenwerf, "a roof", about) == withdraw(wolkenwerf, about)


def test_a_follower_who_called_it_unwanted_is_written_to_no_more(wolkenwerf: Cast, topic: str) -> None:
    """Neither at once nor by the week, although they still stand in the list of those who follow."""
    for email, rhythm in ((NOOR, Rhythm.AT_ONCE), ("week@example.org", Rhythm.WEEKLY)):
        contact_id = followed(wolkenwerf, email, rhythm=rhythm)
        whose = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id, "contact_id": contact_id}
        actions.block_contact(**whose, reason=BlockReason.COMPLAINT)  # type: ignore[arg-type]
    tell(wolkenwerf, topic, "a rack", uuid.uuid4())
    assert address_all(wolkenwerf) == 0
    assert actions.tell_week(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0


def test_who_comes_late_writes_what_nobody_was_asked_to(wolkenwerf: Cast, topic: str) -> None:
    """The worker that was to write died, and its job with it: within a minute another is asked."""
    followed(wolkenwerf, topics=[topic])
    tell(wolkenwerf, topic, "a rack", uuid.uuid4())
    tell(wolkenwerf, "news", "for nobody at once", uuid.uuid4())
    jobs = ProcrastinateJob.objects.filter(task_name="messages.address_news")
    assert jobs.count() == 2, "asked at once"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.send_planned(0)
    assert jobs.count() == 2
    address_all(wolkenwerf)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.send_planned(0)
    assert jobs.count() == 0
