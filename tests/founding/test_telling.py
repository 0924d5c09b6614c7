"""A published report reaches followers: once, in their language, at once or by the week, until it is taken back."""

import pytest
from django.test import Client

from coopwerf.founding import actions
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions as messages
from coopwerf.messages import queries
from coopwerf.messages.audiences import known_audiences
from coopwerf.messages.models import Mail, News
from coopwerf.messages.states import MailState, Rhythm
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox
from tests.messages.conftest import mailbox, server
from tests.messages.test_following import address_all, deliver_all, followed
from tests.pages import Walker

from .building import called, offered
from .reporting import DUTCH, FRENCH, act, drafted, facts, published, translated, write

__all__ = ["mailbox", "server"]
pytestmark = pytest.mark.django_db


def week(coop: Cast) -> int:
    """Write the mail of the week."""
    return messages.tell_week(actor=SYSTEM, now=clock.now(), coop_id=coop.id)


def test_followers_hear_of_a_report_once_and_in_their_language(wolkenwerf: Cast, server: Mailbox) -> None:
    """Who follows reports, or all; who reads French gets French, or is told that it is in Dutch."""
    followed(wolkenwerf, "noor@example.org", topics=["reports"])
    followed(wolkenwerf, "jos@example.org", language="fr")
    followed(wolkenwerf, "news@example.org", topics=["news"])
    followed(wolkenwerf, "week@example.org", topics=["reports"], language="fr", rhythm=Rhythm.WEEKLY)
    report_id = published(wolkenwerf)
    deliver_all(wolkenwerf)
    [dutch] = server.to("noor@example.org")
    assert dutch.subject == "Wolkenwerf, van op de werf: De servers staan recht"
    assert DUTCH.lead in dutch.text
    assert "/reports/de-servers-staan-recht/" in dutch.text
    assert "andere taal" not in dutch.text
    [french] = server.to("jos@example.org")
    assert "De servers staan recht" in french.subject
    assert french.text.startswith("Bonjour")
    assert "Nederlands" in french.text
    assert server.to("news@example.org") == server.to("week@example.org") == []
    # A correction and a translation are no news; the mail of the week tells what the report tells by then.
    translated(wolkenwerf, report_id)
    write(wolkenwerf, report_id, DUTCH)
    deliver_all(wolkenwerf)
    assert len(server.to("noor@example.org")) == len(server.to("jos@example.org")) == 1
    assert week(wolkenwerf) == 1
    assert week(wolkenwerf) == 0
    deliver_all(wolkenwerf)
    [told] = server.to("week@example.org")
    assert FRENCH.title in told.text
    assert FRENCH.lead in told.text
    assert told.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_asks_for_the_next_report_finds_reports_ticked(wolkenwerf: Cast) -> None:
    """What the button below a report says is what the form asks; the rest is theirs to add."""
    published(wolkenwerf)
    reader = Walker(Client(headers={"accept-language": "fr"}), "fr")
    reader.open(wolkenwerf.url("reports/de-servers-staan-recht/"))
    (wanted,) = (link for link in reader.links("/follow/") if "topic" in link)
    reader.open(wanted)
    assert reader.form("", None, "topics").values["topics"] == ["reports"]


@pytest.mark.parametrize("is_addressed", [False, True])
def test_a_correction_reaches_what_has_not_left(wolkenwerf: Cast, server: Mailbox, is_addressed: bool) -> None:
    """Whether a worker wrote it to each of them already, or not yet."""
    import dataclasses

    followed(wolkenwerf, "noor@example.org")
    report_id = published(wolkenwerf)
    if is_addressed:
        assert address_all(wolkenwerf) == 1
    write(wolkenwerf, report_id, dataclasses.replace(DUTCH, title="Twee servers staan recht"))
    actions.publish_report(**act(wolkenwerf), report_id=report_id, reason="Het zijn er twee.")
    deliver_all(wolkenwerf)
    [mail] = server.to("noor@example.org")
    assert mail.subject == "Wolkenwerf, van op de werf: Twee servers staan recht"


@pytest.mark.parametrize("is_addressed", [False, True])
def test_a_report_that_is_taken_back_is_told_to_nobody_else(
    wolkenwerf: Cast, server: Mailbox, is_addressed: bool
) -> None:
    """Published by mistake: mails that still wait don't leave, and the mail of the week leaves it out."""
    followed(wolkenwerf, "noor@example.org")
    followed(wolkenwerf, "week@example.org", rhythm=Rhythm.WEEKLY)
    report_id = published(wolkenwerf)
    if is_addressed:
        assert address_all(wolkenwerf) == 1
    actions.take_back_report(**act(wolkenwerf), report_id=report_id, reason="Te vroeg.")
    deliver_all(wolkenwerf)
    assert week(wolkenwerf) == 0
    assert server.to("noor@example.org") == []
    states = list(Mail.objects.filter(bulk_id__isnull=False).values_list("state", flat=True))
    assert states == [MailState.DROPPED] * is_addressed
    other = published(wolkenwerf)
    deliver_all(wolkenwerf)
    assert len(server.to("noor@example.org")) == 1
    with tenant(wolkenwerf.id):
        assert News.objects.get(about=other).gathered_at is None


def test_a_planned_report_reaches_followers_when_it_is_published(wolkenwerf: Cast, server: Mailbox) -> None:
    import datetime as dt

    from coopwerf.founding import tasks

    followed(wolkenwerf, "noor@example.org")
    report_id = drafted(wolkenwerf)
    actions.schedule_report(**act(wolkenwerf), report_id=report_id, at=NOW + dt.timedelta(hours=1))
    deliver_all(wolkenwerf)
    assert server.to("noor@example.org") == []
    for _twice in range(2):
        tasks.publish_due(wolkenwerf.id, NOW + dt.timedelta(hours=2))
    assert facts(wolkenwerf, report_id).is_public
    assert address_all(wolkenwerf) == 1
    assert Mail.objects.filter(bulk_id__isnull=False).count() == 1


def test_a_newsletter_can_be_for_helpers(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Who has a place helps; who waits for one, or never confirmed, isn't written to."""
    call_id = called(wolkenwerf, places=2, is_direct=True)
    offered(wolkenwerf, call_id, "Noor")
    offered(wolkenwerf, call_id, "Onbevestigd", confirm=False)
    waits = called(wolkenwerf, is_direct=False)
    offered(wolkenwerf, waits, "Wachter")
    audience = known_audiences()["helpers"]
    with tenant(wolkenwerf.id):
        assert [one.email for one in audience.recipients(wolkenwerf.id, NOW.date())] == ["noor@example.org"]
        assert queries.contact_by_email(wolkenwerf.id, "wachter@example.org") is not None
    with tenant(nederwerf.id):
        assert list(audience.recipients(nederwerf.id, NOW.date())) == []
