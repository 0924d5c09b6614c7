"""What becomes of a mail: kept without a server, delivered, refused, put off and tried again, given up."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from django.core.mail import get_connection, send_mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from coopwerf.coops import actions as coops
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, queries, tasks
from coopwerf.messages.happenings import MailUndeliverable
from coopwerf.messages.models import Mail, MailFile
from coopwerf.messages.smtp import Answer
from coopwerf.messages.states import MailState, Outcome
from tests.cast import NOW, TODAY, Cast, Person
from tests.journeys.mailbox import Mailbox

pytestmark = pytest.mark.django_db
TO = "jana@example.org"


def keep(to: str = TO) -> uuid.UUID:
    """Put a mail with a code into the outbox."""
    return actions.keep_mail(actor=SYSTEM, now=NOW, to=to, subject="Uw code", text="Uw code is 1234 5678.")


def state(mail_id: uuid.UUID) -> queries.MailFacts:
    """Return what became of a mail."""
    found = queries.mail(mail_id)
    assert found is not None
    return found


def planned(mail_id: uuid.UUID) -> list[dt.datetime | None]:
    """Return when a worker is asked to deliver a mail."""
    jobs = ProcrastinateJob.objects.filter(task_name="messages.deliver", args__mail_id=str(mail_id)).order_by("id")
    return list(jobs.values_list("scheduled_at", flat=True))


def test_without_a_server_mail_is_kept_for_the_administrator_alone(
    host: Person, wolkenwerf: Cast, settings: Settings
) -> None:
    settings.SMTP_URL = ""
    mail_id = keep()
    assert state(mail_id).state is MailState.KEPT
    assert planned(mail_id) == []
    page = host.browser().get(f"/host/outbox/{mail_id}/")
    assert "1234 5678" in page.text
    assert TO in host.browser().get("/host/outbox/").text
    for nosy in (wolkenwerf.chair, wolkenwerf.secretary, wolkenwerf.auditor):
        assert nosy.browser().get("/host/outbox/").status_code == 403
        assert nosy.browser().get(f"/host/outbox/{mail_id}/").status_code == 403
        assert nosy.browser().post(f"/host/outbox/{mail_id}/again/").status_code == 403


def test_what_was_kept_leaves_once_there_is_a_server(host: Person, mailbox: Mailbox, settings: Settings) -> None:
    settings.SMTP_URL = ""
    mail_id = keep()
    refused = host.browser().post(f"/host/outbox/{mail_id}/again/")
    assert refused.status_code == 403
    settings.SMTP_URL = mailbox.url
    assert host.browser().post(f"/host/outbox/{mail_id}/again/").status_code == 302
    tasks.deliver(str(mail_id))
    assert mailbox.to(TO)[0].subject == "Uw code"
    assert state(mail_id).state is MailState.DELIVERED


def test_a_mail_is_delivered_once(server: Mailbox) -> None:
    mail_id = keep()
    assert planned(mail_id) == [None]
    tasks.deliver(str(mail_id))
    tasks.deliver(str(mail_id))
    assert len(server.to(TO)) == 1
    told = state(mail_id)
    assert (told.state, told.attempts, told.words) == (MailState.DELIVERED, 1, "250 taken")
    with pytest.raises(Refused) as refused:
        actions.send_again(actor=SYSTEM, now=NOW, mail_id=mail_id)
    assert refused.value.code == "messages.already_delivered"


def test_a_server_that_says_no_for_good_is_believed(
    server: Mailbox, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """550: nothing is tried again by itself; the administrator reads the server's own words and may send again."""
    heard: list[MailUndeliverable] = []
    monkeypatch.setattr("coopwerf.messages.actions.mails.announce", heard.append)
    server.answer = "550 5.1.1 no such person here"
    mail_id = keep()
    tasks.deliver(str(mail_id))
    told = state(mail_id)
    assert (told.state, told.words, told.next_at) == (MailState.REFUSED, "550 5.1.1 no such person here", None)
    assert heard == [MailUndeliverable(mail_id, None)]
    assert planned(mail_id) == [None]
    assert "no such person here" in host.browser().get("/host/outbox/?state=refused").text
    server.answer = "250 taken"
    host.browser().post(f"/host/outbox/{mail_id}/again/")
    tasks.deliver(str(mail_id))
    assert state(mail_id).state is MailState.DELIVERED


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_server_that_is_busy_or_hangs_up_is_asked_again_later(server: Mailbox, hangs_up: bool) -> None:
    """451, or a line that breaks early: the mail waits a minute, then five, and arrives when the server is back."""
    server.answer, server.hangs_up = "451 4.3.0 later please", hangs_up
    mail_id = keep()
    began = dt.datetime.now(dt.UTC)
    tasks.deliver(str(mail_id))
    told = state(mail_id)
    assert (told.state, told.attempts) == (MailState.WAITING, 1)
    assert told.words == "451 4.3.0 later please" or "Disconnected" in told.words
    assert told.next_at is not None
    assert dt.timedelta(seconds=55) < told.next_at - began < dt.timedelta(seconds=90)
    server.answer, server.hangs_up = "250 taken", False
    tasks.deliver(str(mail_id))
    assert state(mail_id).state is MailState.DELIVERED
    assert [mail.subject for mail in server.to(TO)] == ["Uw code"]


def test_a_mail_of_which_nobody_knows_is_in_doubt(server: Mailbox, host: Person) -> None:
    """The line breaks after the last byte: nothing is sent by itself; somebody says what is to be done."""
    server.drops = True
    first, second = keep(), keep("kris@example.org")
    for mail_id in (first, second):
        tasks.deliver(str(mail_id))
        tasks.deliver(str(mail_id))
    assert (state(first).state, server.tried) == (MailState.IN_DOUBT, 2)
    tasks.resume(0)
    assert planned(first) == [None]
    browser = host.browser()
    assert "2 mails" in browser.get("/host/outbox/").text
    page = browser.get(f"/host/outbox/{first}/").text
    assert state(first).message_id.strip("<>") in page
    server.drops = False
    assert browser.post(f"/host/outbox/{first}/again/").status_code == 302
    assert browser.post(f"/host/outbox/{second}/delivered/").status_code == 302
    tasks.deliver(str(first))
    assert server.to(TO)[0].message["Message-ID"] == state(first).message_id
    assert {state(one).state for one in (first, second)} == {MailState.DELIVERED}
    assert browser.post(f"/host/outbox/{second}/delivered/").status_code == 403


def test_a_worker_that_dies_with_a_mail_leaves_it_in_doubt(server: Mailbox) -> None:
    """Its job comes back, finds the mail claimed, and sends nothing; where no job comes back, time tells."""
    first, second = keep(), keep("kris@example.org")
    for mail_id in (first, second):
        assert actions.claim_mail(actor=SYSTEM, now=NOW, mail_id=mail_id, by=f"mail:{mail_id}")
        assert state(mail_id).state is MailState.SENDING
    tasks.deliver(str(first))
    assert state(first).state is MailState.IN_DOUBT
    tasks.resume(0)
    assert state(second).state is MailState.IN_DOUBT
    assert server.tried == 0
    # The worker was only slow: what it says counts.
    actions.record_attempt(actor=SYSTEM, now=NOW, mail_id=first, answer=Answer(Outcome.DELIVERED, "250 taken"))
    assert state(first).state is MailState.DELIVERED


def test_a_domain_gets_mail_at_its_pace(server: Mailbox, host: Person) -> None:
    """Two a minute, whoever sends: the first leaves, the second half a minute later, other domains at once."""
    browser = host.browser()
    page = browser.post("/host/outbox/reach/", {"do": "pace", "domain": "no domain", "a_minute": "2"})
    assert page.status_code == 200
    browser.post("/host/outbox/reach/", {"do": "pace", "domain": "Example.org", "a_minute": "2"})
    first, second, other = keep(), keep("kris@example.org"), keep("kris@example.net")
    for mail_id in (first, second, other):
        tasks.deliver(str(mail_id))
    assert [state(one).state for one in (first, second, other)] == [
        MailState.DELIVERED,
        MailState.WAITING,
        MailState.DELIVERED,
    ]
    later = state(second).next_at
    assert later is not None
    assert actions.claim_mail(actor=SYSTEM, now=later, mail_id=second, by="test")
    browser.post("/host/outbox/reach/", {"do": "lift", "domain": "example.org"})
    assert queries.paces() == []


def test_a_server_that_is_down_puts_mail_off(settings: Settings, mailbox: Mailbox) -> None:
    url = mailbox.url
    mailbox.stop()
    settings.SMTP_URL = url
    mail_id = keep()
    tasks.deliver(str(mail_id))
    told = state(mail_id)
    assert told.state is MailState.WAITING
    assert "ConnectionRefused" in told.words
    mailbox.start()
    tasks.deliver(str(mail_id))
    assert state(mail_id).state is MailState.DELIVERED


def test_after_two_days_it_is_given_up(server: Mailbox) -> None:
    server.answer = "421 closing"
    mail_id = keep()
    waits = []
    for _attempt in actions.BACK_OFF:
        tasks.deliver(str(mail_id))
        told = state(mail_id)
        assert told.state is MailState.WAITING
        waits.append(told.next_at)
    assert waits == sorted(waits)  # type: ignore[type-var]
    tasks.deliver(str(mail_id))
    assert state(mail_id).state is MailState.GIVEN_UP
    assert server.to(TO) == []


def test_what_a_dead_worker_left_is_taken_up_again(server: Mailbox) -> None:
    mail_id = keep()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.resume(0)
    assert planned(mail_id) == [None]
    tasks.deliver(str(mail_id))
    assert state(mail_id).state is MailState.DELIVERED
    tasks.resume(0)
    assert planned(mail_id) == [None]


def test_codes_dont_stay_readable(server: Mailbox, host: Person) -> None:
    """A day after its delivery, or a week after it was made, a mail has lost what opened something."""
    mail_id, refused_id = keep(), keep("other@example.org")
    tasks.deliver(str(mail_id))
    server.answer = "550 no"
    tasks.deliver(str(refused_id))
    later = state(mail_id).delivered_at
    assert later is not None
    actions.blank_secrets(actor=SYSTEM, now=later + dt.timedelta(days=1, minutes=1))
    assert "1234" not in state(mail_id).text
    assert "1234" in state(refused_id).text
    actions.blank_secrets(actor=SYSTEM, now=later + dt.timedelta(days=8))
    assert "1234" not in state(refused_id).text
    assert "1234" not in host.browser().get(f"/host/outbox/{refused_id}/").text


def test_files_go_with_what_a_mail_said(server: Mailbox, wolkenwerf: Cast) -> None:
    """A copy of what is stored about somebody doesn't stay in the outbox."""
    told = {"actor": SYSTEM, "coop_id": wolkenwerf.id}
    someone = {"email": TO, "name": "Jana", "language": "nl"}
    contact_id = actions.know_contact(**told, now=NOW, **someone)  # type: ignore[arg-type]
    actions.mail_own_data(**told, now=NOW, contact_id=contact_id)  # type: ignore[arg-type]
    assert TO.encode() in bytes(MailFile.objects.get().content)
    actions.blank_secrets(actor=SYSTEM, now=NOW + dt.timedelta(days=6))
    assert MailFile.objects.exists()
    tasks.deliver(str(Mail.objects.get().id))
    delivered_at = state(Mail.objects.get().id).delivered_at
    assert delivered_at is not None
    actions.blank_secrets(actor=SYSTEM, now=max(delivered_at, NOW) + dt.timedelta(days=1, minutes=1))
    assert not MailFile.objects.exists()


def test_who_is_erased_is_erased_however_their_address_was_written(server: Mailbox, host: Person) -> None:
    mail_id = keep("Jana@EXAMPLE.org")
    tasks.deliver(str(mail_id))
    actions.forget_party(actor=SYSTEM, now=NOW, party_id=uuid.uuid4(), emails=[TO])
    found = Mail.objects.get(pk=mail_id)
    assert (found.to, found.to_key) == ("", "")
    assert "1234" not in found.text


def test_what_is_sent_again_is_tried_at_once(server: Mailbox, host: Person) -> None:
    server.answer = "550 no"
    mail_id = keep()
    tasks.deliver(str(mail_id))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    actions.send_again(actor=host.actor, now=NOW, mail_id=mail_id)
    assert planned(mail_id) == [None]


def test_nobody_sees_another_address(server: Mailbox) -> None:
    outbox = get_connection("coopwerf.messages.backend.OutboxBackend")
    send_mail("Nieuws", "Van op de werf.", None, ["jana@example.org", "kris@example.org"], connection=outbox)
    for line in queries.outbox():
        tasks.deliver(str(line.id))
    for address, other in (("jana@example.org", "kris"), ("kris@example.org", "jana")):
        mail = server.to(address)[0]
        assert other not in mail.message.as_string()


@pytest.mark.parametrize("subject", ["Dag\nBcc: all@example.org", "Dag\r\nX-Evil: 1"])
def test_a_header_cannot_be_smuggled_in(server: Mailbox, subject: str) -> None:
    mail_id = actions.keep_mail(actor=SYSTEM, now=NOW, to=TO, subject=subject, text="x")
    tasks.deliver(str(mail_id))
    mail = server.to(TO)[0]
    assert mail.message["Bcc"] is None
    assert mail.message["X-Evil"] is None


@pytest.mark.parametrize("address", ["", "jana", "jana@", "a b@example.org", "jana@example.org\nBcc: x@example.org"])
def test_an_address_that_cannot_be_one_is_refused(server: Mailbox, address: str) -> None:
    with pytest.raises(Refused) as refused:
        keep(address)
    assert refused.value.code == "messages.address_wrong"


SEND = Callable[..., queries.LetterFacts]


@pytest.fixture
def send(wolkenwerf: Cast, letter: str) -> SEND:
    """Return the function that writes a letter in the name of Wolkenwerf."""
    from .conftest import Invitation

    def write(**how: object) -> queries.LetterFacts:
        return actions.send_letter(
            actor=wolkenwerf.secretary.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            template=letter,
            context=Invitation(),
            **how,  # type: ignore[arg-type]
        )

    return write


def test_a_letter_speaks_the_language_of_its_reader(send: SEND, wolkenwerf: Cast, server: Mailbox) -> None:
    send(party_id=wolkenwerf.treasurer.party_id)
    send(party_id=wolkenwerf.director.party_id)
    for line in queries.outbox():
        tasks.deliver(str(line.id))
    french, dutch = server.to(wolkenwerf.treasurer.email)[0], server.to(wolkenwerf.director.email)[0]
    assert (french.language, dutch.language) == ("fr", "nl")
    assert french.text.startswith("Bonjour") or "Chantal Dubois" in french.text
    assert "Dirk Janssens" in dutch.text
    assert french.text.splitlines()[0] != dutch.text.splitlines()[0]
    assert french.links == ["https://wolkenwerf.example/open/s3cr3t/"]
    assert "s3cr3t" in french.html
    # A colon stands alone in French, and nobody signs with two dashes and nothing.
    assert "Waar\u00a0: Werkhuizenkaai 41" in french.text
    assert "Waar: Werkhuizenkaai 41" in dutch.text
    assert not french.text.rstrip().endswith("--")


def test_a_signature_has_something_to_say(send: SEND, wolkenwerf: Cast, server: Mailbox) -> None:
    """The mark of a signature comes with a seat and a number, written as its country does, and not without any."""
    send(party_id=wolkenwerf.director.party_id)
    coops.change_profile(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        enterprise_no="0403.170.701",
        valid_from=TODAY,
    )
    send(party_id=wolkenwerf.director.party_id)
    for line in queries.outbox():
        tasks.deliver(str(line.id))
    texts = sorted((one.text for one in server.to(wolkenwerf.director.email)), key=len)
    assert ["\n-- " in text for text in texts] == [False, True]
    assert "0403.170.701" in texts[1]


def test_who_has_no_address_gets_a_letter_to_print(send: SEND, wolkenwerf: Cast, nederwerf: Cast) -> None:
    sent = send(party_id=wolkenwerf.director.party_id, on_paper=True)
    secretary = wolkenwerf.secretary.browser()
    page = secretary.get(wolkenwerf.url("letters/"))
    assert "Janssens" in page.text
    assert sent.document_id is not None
    from coopwerf.documents import tasks as documents

    documents.make(str(wolkenwerf.id), str(sent.document_id))
    from coopwerf.documents.queries import document

    with tenant(wolkenwerf.id):
        paper = document(wolkenwerf.id, sent.document_id)
    assert paper.is_ready, paper.reason
    handed = secretary.get(wolkenwerf.url(f"documents/{paper.token}/file/"))
    assert b"".join(handed.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    for stranger in (wolkenwerf.auditor, nederwerf.secretary):
        assert stranger.browser().get(wolkenwerf.url("letters/")).status_code == 403
        assert stranger.browser().get(wolkenwerf.url(f"documents/{paper.token}/file/")).status_code == 403
        assert stranger.browser().post(wolkenwerf.url(f"letters/{sent.id}/printed/")).status_code == 403
    assert secretary.post(wolkenwerf.url(f"letters/{sent.id}/printed/")).status_code == 302
    with tenant(wolkenwerf.id):
        assert queries.count_to_print(wolkenwerf.id) == 0
    page = secretary.get(wolkenwerf.url("letters/")).text
    assert "Janssens" not in page
    assert "Er wacht geen brief om geprint te worden." in page, "a sentence, not a count of nothing"
    assert not re.search(r"\b0\s", re.sub(r"<[^>]*>", "", page.split("<main")[1].split("</main")[0]))
    assert "Janssens" in secretary.get(wolkenwerf.url("letters/?show=all")).text


def test_a_mail_waits_for_the_paper_that_goes_along(send: SEND, wolkenwerf: Cast, server: Mailbox) -> None:
    from coopwerf.documents import actions as documents
    from coopwerf.documents import tasks as making

    paper = documents.ask_document(
        actor=SYSTEM,
        now=NOW,
        coop_id=wolkenwerf.id,
        kind="register.member_list",
        language="nl",
        as_of=NOW.date(),
    )
    send(party_id=wolkenwerf.director.party_id, attachments=[paper.id])
    mail_id = queries.outbox()[0].id
    tasks.deliver(str(mail_id))
    assert server.to(wolkenwerf.director.email) == []
    assert state(mail_id).state is MailState.WAITING
    asked = len(planned(mail_id))
    making.make(str(wolkenwerf.id), str(paper.id))
    # A request of its own: the one that waits may be taken up before the document can be seen.
    assert len(planned(mail_id)) == asked + 1
    tasks.deliver(str(mail_id))
    [(name, content)] = server.to(wolkenwerf.director.email)[0].files().items()
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF")


def test_letters_to_print_come_as_one_file_in_postal_order(send: SEND, wolkenwerf: Cast, nederwerf: Cast) -> None:
    """One file for each language, sorted by address; once it is posted, its letters don't wait any more."""
    from coopwerf.documents import tasks as documents
    from coopwerf.documents.queries import documents_of_kind
    from coopwerf.people import actions as people

    homes = {"director": ("2000", "Zaat"), "chair": ("1000", "Zaat"), "secretary": ("1000", "Aardweg")}
    for role, (postcode, street) in homes.items():
        person = getattr(wolkenwerf, role)
        home = {"street": street, "number": "1", "postcode": postcode, "town": "Stad"}
        people.change_address(actor=person.actor, now=NOW, party_id=person.party_id, valid_from=TODAY, **home)
    sent = {role: send(party_id=getattr(wolkenwerf, role).party_id, on_paper=True).id for role in homes}
    french = send(party_id=wolkenwerf.treasurer.party_id, on_paper=True).id
    with tenant(wolkenwerf.id):
        order = queries.letters_in_postal_order(wolkenwerf.id, "nl", TODAY)
    assert order == [sent["secretary"], sent["chair"], sent["director"]]
    browser = wolkenwerf.secretary.browser()
    assert browser.get(wolkenwerf.url("letters/")).status_code == 200
    asked = browser.post(wolkenwerf.url("letters/print/"), {"language": "nl"})
    assert "/documents/" in asked.headers["Location"]
    with tenant(wolkenwerf.id):
        [file] = documents_of_kind(wolkenwerf.id, actions.PRINT_KIND)
    documents.make(str(wolkenwerf.id), str(file.id))
    with tenant(wolkenwerf.id):
        [file] = documents_of_kind(wolkenwerf.id, actions.PRINT_KIND)
    assert file.is_ready, file.reason
    assert browser.get(wolkenwerf.url("letters/")).status_code == 200
    posted = {"do": "posted", "file": str(file.id)}
    for stranger, status in ((nederwerf.secretary, 403), (wolkenwerf.auditor, 403)):
        assert stranger.browser().post(wolkenwerf.url("letters/print/"), posted).status_code == status
    assert browser.post(wolkenwerf.url("letters/print/"), posted).status_code == 302
    with tenant(wolkenwerf.id):
        assert queries.count_to_print_by_language(wolkenwerf.id) == {"fr": 1}
        assert queries.letter(wolkenwerf.id, french).printed_at is None
    assert browser.post(wolkenwerf.url("letters/print/"), {"language": "en"}).status_code == 403
