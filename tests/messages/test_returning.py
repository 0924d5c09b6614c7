"""What comes back: for good, for now, an answer of a machine, a loop; from a Maildir, over IMAP, or by a pipe."""

import imaplib
import io
import json
import mailbox as boxes
import uuid
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from coopwerf.kernel.actor import SYSTEM
from coopwerf.messages import actions, inbox, queries, returning, tasks
from coopwerf.messages.models import Bounce, Letter, Mail
from coopwerf.messages.states import BounceKind, Channel, MailState
from tests.cast import NOW, Cast, Person
from tests.journeys.mailbox import Mailbox

from .conftest import Invitation
from .imap_server import ImapServer
from .returned import answer, notice

pytestmark = pytest.mark.django_db
TO = "jana@example.org"


@pytest.fixture
def sent(server: Mailbox) -> queries.MailFacts:
    """Return a mail that its server took."""
    return deliver()


def deliver(to: str = TO) -> queries.MailFacts:
    """Write and deliver a mail."""
    mail_id = actions.keep_mail(actor=SYSTEM, now=NOW, to=to, subject="Nieuws", text="Van op de werf.")
    tasks.deliver(str(mail_id))
    return now(mail_id)


def now(mail_id: uuid.UUID) -> queries.MailFacts:
    """Return what became of a mail."""
    found = queries.mail(mail_id)
    assert found is not None
    return found


def test_for_good_the_address_is_left_alone(sent: queries.MailFacts, host: Person) -> None:
    assert tasks.note_returned(notice(sent)) == "hard"
    told = now(sent.id)
    assert told.state is MailState.BOUNCED
    assert told.words == "550 5.1.1 <jana@example.org>: no such user"
    assert queries.blocked_among([sent.to_key]) == {sent.to_key}
    page = host.browser().get("/host/outbox/reach/").content.decode()
    assert TO in page
    assert "no such user" in page
    host.browser().post("/host/outbox/reach/", {"do": "unblock", "address": TO})
    assert queries.blocked_among([sent.to_key]) == set()


def test_who_cannot_be_reached_by_mail_gets_paper(server: Mailbox, wolkenwerf: Cast, letter: str) -> None:
    tasks.note_returned(notice(deliver(wolkenwerf.director.email)))
    write = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "template": letter, "context": Invitation()}
    sent = actions.send_letter(**write, party_id=wolkenwerf.director.party_id)
    assert sent.channel is Channel.PAPER
    one = actions.LetterTo(template=letter, context=Invitation(), party_id=wolkenwerf.director.party_id)
    actions.send_letters(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, letters=[one])
    from coopwerf.kernel.tenancy import tenant

    with tenant(wolkenwerf.id):
        assert [row.channel for row in Letter.objects.order_by("id")] == ["paper", "paper"]


def test_for_now_it_is_counted(server: Mailbox) -> None:
    """A full mailbox five times, and nothing more is written there; each mail counts once, each notice once."""
    for number in range(1, actions.SOFT_UNTIL_BLOCKED + 1):
        sent = deliver()
        raw = notice(sent, status="5.2.2", words="552 5.2.2 mailbox full")
        assert tasks.note_returned(raw) == "soft"
        assert tasks.note_returned(raw) == "known"
        assert tasks.note_returned(raw.replace(b"I'm sorry", b"We regret")) == "soft"
        assert now(sent.id).state is MailState.DELIVERED
        reach = queries.reach_of([sent.to_key])[sent.to_key]
        assert reach.soft_bounces == number
        assert (reach.blocked is not None) is (number == actions.SOFT_UNTIL_BLOCKED)


def test_what_arrives_in_between_ends_the_count(server: Mailbox) -> None:
    """A mailbox that is full now and then isn't given up: only one bounce after the other counts."""
    for _time in range(actions.SOFT_UNTIL_BLOCKED + 1):
        sent = deliver()
        tasks.note_returned(notice(sent, status="4.2.2", words="mailbox full"))
        reach = queries.reach_of([sent.to_key])[sent.to_key]
        assert (reach.soft_bounces, reach.blocked) == (1, None)
        deliver()


def test_a_notice_that_comes_late_does_not_keep_a_mail_that_is_sent_again(
    server: Mailbox, sent: queries.MailFacts, host: Person
) -> None:
    """The administrator tries once more; a second notice about the first time says nothing about this one."""
    tasks.note_returned(notice(sent))
    assert now(sent.id).state is MailState.BOUNCED
    actions.send_again(actor=host.actor, now=NOW, mail_id=sent.id)
    tasks.note_returned(notice(sent).replace(b"I'm sorry", b"We regret"))
    assert now(sent.id).state is MailState.WAITING
    tasks.deliver(str(sent.id))
    assert now(sent.id).state is MailState.DELIVERED


@pytest.mark.parametrize(
    ("status", "words", "kind", "known"),
    [
        ("5.1.1", "550 no", BounceKind.HARD, "5.1.1"),
        ("5.0.0", "550 5.1.1 unknown", BounceKind.HARD, "5.1.1"),
        ("5.0.0", "554 5.7.1 spam", BounceKind.SOFT, "5.7.1"),
        ("4.4.7", "no answer for days", BounceKind.SOFT, "4.4.7"),
        ("", "gone", BounceKind.HARD, "5.0.0"),
        ("5.2.2", "552 5.1.1 who", BounceKind.SOFT, "5.2.2"),
        ("4.4.7", "550 5.1.1 who", BounceKind.SOFT, "4.4.7"),
    ],
)
def test_a_notice_is_understood(sent: queries.MailFacts, status: str, words: str, kind: BounceKind, known: str) -> None:
    told = returning.read(notice(sent, status=status, words=words))
    assert isinstance(told, returning.Returned)
    assert (told.mail_id, told.kind, told.status) == (sent.id, kind, known)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_still_on_its_way_did_not_come_back(sent: queries.MailFacts, action: str) -> None:
    assert tasks.note_returned(notice(sent, action=action, status="4.4.1")) in ("delay", "delivered")
    assert Bounce.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@example.org"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
    ],
)
def test_a_machine_that_answers_is_neither_counted_nor_answered(
    sent: queries.MailFacts, server: Mailbox, headers: dict[str, str]
) -> None:
    before = Mail.objects.count()
    assert tasks.note_returned(answer(sent, **headers)) == "auto_reply"
    assert (Mail.objects.count(), Bounce.objects.count()) == (before, 0)
    assert queries.reach_of([sent.to_key]) == {}


def test_what_people_answer_is_nothing_for_us(sent: queries.MailFacts) -> None:
    assert tasks.note_returned(answer(sent)) == "other"
    assert tasks.note_returned(b"") == "other"
    assert tasks.note_returned(b"\x00\xff\r\n\r\n" * 100) == "other"


def test_a_loop_ends(server: Mailbox, settings: Settings) -> None:
    """A mail of ours that comes back to us, again and again, makes no mail: it says itself that a machine wrote it."""
    mail = deliver()
    raw = server.to(TO)[0].message.as_bytes()
    for _round in range(3):
        assert tasks.note_returned(raw) == "auto_reply"
    assert Mail.objects.count() == 1
    assert now(mail.id).state is MailState.DELIVERED


def test_the_address_it_came_back_to_names_the_mail(server: Mailbox, settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    sent = deliver()
    to = returning.return_address(sent.id)
    assert server.senders == [to]
    raw = notice(sent, to=to, message_id="<lost@example.org>")
    assert tasks.note_returned(raw) == "hard"
    other = deliver("kris@example.org")
    forged = to.replace(sent.id.hex, other.id.hex)
    assert tasks.note_returned(notice(other, to=forged, message_id="<lost@example.org>")) == "unknown_mail"


def test_where_mail_comes_back_to_a_sealed_address_a_message_id_proves_nothing(
    server: Mailbox, settings: Settings
) -> None:
    """Whoever was passed a mail on knows its Message-ID: a notice that they make up leaves its reader alone."""
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    sent = deliver()
    for to in ("bounces@example.org", f"bounces+{sent.id.hex}-0123456789@example.org"):
        for status in ("5.1.1", "4.2.2"):
            assert tasks.note_returned(notice(sent, to=to, status=status)) == "unsealed"
    assert now(sent.id).state is MailState.DELIVERED
    assert (Bounce.objects.count(), queries.reach_of([sent.to_key])) == (0, {})
    assert tasks.note_returned(notice(sent, to=returning.return_address(sent.id))) == "hard"


def test_a_server_that_quotes_nothing_is_believed_by_the_address_alone(server: Mailbox, settings: Settings) -> None:
    """Some say that it failed and send neither the mail nor its headers along."""
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    sent = deliver()
    head, _mark, _quoted = notice(sent, to=returning.return_address(sent.id)).partition(
        b"--B\r\nContent-Type: text/rfc822-headers"
    )
    assert sent.message_id.encode() not in head
    assert tasks.note_returned(head + b"--B--\r\n") == "hard"
    assert now(sent.id).state is MailState.BOUNCED
    assert queries.blocked_among([sent.to_key]) == {sent.to_key}


@pytest.mark.parametrize("message_id", ["<x@example.org>", "<00000000-0000-7000-8000-000000000000@localhost>"])
def test_a_notice_about_a_mail_that_is_not_ours_changes_nothing(sent: queries.MailFacts, message_id: str) -> None:
    assert tasks.note_returned(notice(sent, message_id=message_id)) == "unknown_mail"
    foreign = sent.message_id.replace("@", "@evil.")
    assert tasks.note_returned(notice(sent, message_id=foreign)) == "unknown_mail"
    assert Bounce.objects.count() == 0


def test_a_maildir_is_emptied(sent: queries.MailFacts, settings: Settings, tmp_path: Path) -> None:
    box = boxes.Maildir(tmp_path / "box")
    for raw in (notice(sent), answer(sent, Precedence="bulk")):
        box.add(raw)
    settings.BOUNCES_URL = f"maildir:{tmp_path / 'box'}"
    tasks.read_returned(0)
    assert now(sent.id).state is MailState.BOUNCED
    assert len(box) == 0
    settings.BOUNCES_URL = f"maildir:{tmp_path / 'nowhere'}"
    with pytest.raises(FileNotFoundError):
        tasks.read_returned(0)


def test_a_mailbox_over_imap_is_emptied(sent: queries.MailFacts, settings: Settings) -> None:
    server = ImapServer(notice(sent), answer(sent))
    settings.BOUNCES_URL = server.url
    assert tasks.take_returned(settings.BOUNCES_URL) == {"hard": 1, "other": 1}
    assert server.messages == {}
    assert tasks.take_returned(settings.BOUNCES_URL) == {}
    with pytest.raises(imaplib.IMAP4.error):
        inbox.take(settings.BOUNCES_URL.replace("bounces:", "other:"), lambda raw: None)
    server.stop()


def test_what_could_not_be_noted_stays_in_the_box(sent: queries.MailFacts, tmp_path: Path) -> None:
    box = boxes.Maildir(tmp_path / "box")
    box.add(notice(sent))
    with pytest.raises(OSError, match="no database"):
        inbox.take(f"maildir:{tmp_path / 'box'}", Mock(side_effect=OSError("no database")))
    assert len(box) == 1


@pytest.mark.parametrize("url", ["", "maildir:", "pop3://x", "/var/mail"])
def test_a_box_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="write maildir"):
        inbox.take(url, lambda raw: None)


def test_a_message_is_piped(
    sent: queries.MailFacts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Mock(buffer=io.BytesIO(notice(sent))))
    call_command("mail", "bounce")
    assert json.loads(capsys.readouterr().out) == {"was": "hard"}
    assert now(sent.id).state is MailState.BOUNCED


def test_a_server_that_knows_no_such_mailbox_blocks_it_at_once(server: Mailbox) -> None:
    server.answer = "550 5.1.1 no such person here"
    mail = deliver()
    assert mail.state is MailState.REFUSED
    assert queries.blocked_among([mail.to_key]) == {mail.to_key}
    server.answer = "550 5.7.1 we don't like you"
    assert queries.blocked_among([deliver("kris@example.org").to_key]) == set()
