"""Comments: under a pseudonym, with an address that is confirmed and never shown, read before the first appears."""

import datetime as dt
import json
import re
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from coopwerf.founding import actions, queries, tasks
from coopwerf.founding.models import Comment, CommentEvent, CommentObjection
from coopwerf.founding.queries import CommentFacts
from coopwerf.founding.states import CommentState, Ground
from coopwerf.founding.web import reading, talking
from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import addresses
from coopwerf.messages import queries as messages
from coopwerf.messages.actions import block_contact, confirm_contact, forget_contact
from coopwerf.messages.models import Contact, Mail
from coopwerf.messages.states import BlockReason
from tests.cast import NOW, Cast, Person

from .reporting import act, forget, published
from .test_reports import HERE, code_of, read

pytestmark = pytest.mark.django_db
TEXT = "Mooi werk. Waarom één rek en niet twee?"
LINK = re.compile(r"http://localhost:8000(/c/\S+/comments/\S+)")


@pytest.fixture
def report(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """Return a report that can be read; whoever sends a form in these stories took their time."""
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    return published(wolkenwerf)


def form(**other: Any) -> dict[str, str]:
    """Return what somebody types below a report."""
    told = {"text": TEXT, "pseudonym": "kabelwacht", "email": "kabel@example.org", "website": "", "began": "x"}
    return {**told, "key": str(uuid.uuid4()), "to": "", **other}


def say(coop: Cast, browser: Client | None = None, **other: Any) -> Any:
    """Send a comment; return the answer."""
    return (browser or Client(headers={"accept-language": "nl"})).post(coop.url(HERE + "comment/"), form(**other))


def link_to(email: str = "kabel@example.org") -> str:
    """Return the link of the newest mail to somebody."""
    mail = Mail.objects.filter(to=email).order_by("-made_at", "-id")[0]
    found = LINK.findall(mail.text)
    return str(found[0])


def comments(coop: Cast) -> list[CommentFacts]:
    """Return every comment there is, the oldest first."""
    with tenant(coop.id):
        ids = list(Comment.objects.filter(coop_id=coop.id).order_by("said_at", "id").values_list("id", flat=True))
        found = queries.comments_with(coop.id, ids)
    return [found[one] for one in ids]


def confirmed(coop: Cast, browser: Client | None = None, **other: Any) -> CommentFacts:
    """Send a comment, open the link in its mail and press the button."""
    browser = browser or Client(headers={"accept-language": "nl"})
    assert say(coop, browser, **other).status_code == 302
    answer = browser.post(link_to(other.get("email", "kabel@example.org")), {"do": "confirm"})
    assert answer.status_code == 302
    return comments(coop)[-1]


def approved(coop: Cast, browser: Client | None = None, **other: Any) -> CommentFacts:
    """Have a first comment read and appear."""
    one = confirmed(coop, browser, **other)
    actions.approve_comment(**act(coop, clock.now()), comment_id=one.id, revision=one.revision)
    return comments(coop)[-1]


def test_a_first_comment_waits_for_the_mail_and_then_to_be_read(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Nobody sees it before; a GET changes nothing; then it stands there with pseudonym and day, and no address."""
    visitor = Client(headers={"accept-language": "nl"})
    answer = say(wolkenwerf, visitor)
    assert answer.headers["Location"] == wolkenwerf.url(HERE + "comment/sent/")
    link = link_to()
    for _ in range(3):
        page = Client(headers={"accept-language": "nl"}).get(link)
        assert page.status_code == 200
        assert TEXT in page.content.decode()
    assert comments(wolkenwerf)[0].state is CommentState.UNCONFIRMED
    assert TEXT not in read(wolkenwerf)
    assert visitor.post(link, {"do": "confirm"}).status_code == 302
    assert visitor.post(link, {"do": "confirm"}).status_code == 302
    assert comments(wolkenwerf)[0].state is CommentState.HELD
    assert TEXT not in read(wolkenwerf)
    told = Mail.objects.filter(to=wolkenwerf.secretary.email, text__contains=TEXT)
    assert told.count() == 1
    assert "kabel@example.org" not in told[0].text
    browser = wolkenwerf.secretary.browser()
    assert "Eén reactie om te lezen" in browser.get(wolkenwerf.url("today/")).content.decode()
    queue = browser.get(wolkenwerf.url("writing/comments/")).content.decode()
    assert TEXT in queue
    assert "kabel@example.org" not in queue
    one = comments(wolkenwerf)[0]
    decided = {"do": "approve", "revision": str(one.revision)}
    assert browser.post(wolkenwerf.url(f"writing/comments/{one.id}/"), decided).status_code == 302
    page = read(wolkenwerf)
    assert TEXT in page
    assert "kabelwacht" in page
    assert "kabel@example.org" not in page
    assert "Eén reactie" in page
    assert "staat op de pagina" in Mail.objects.filter(to="kabel@example.org").order_by("-made_at", "-id")[0].subject


def test_what_somebody_says_later_appears_at_once(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """In the browser that showed that the address is theirs; in another after one more mail, without waiting."""
    visitor = Client(headers={"accept-language": "nl"})
    approved(wolkenwerf, visitor)
    assert say(wolkenwerf, visitor, text="Nog iets.").status_code == 302
    assert "Nog iets." in read(wolkenwerf)
    other = Client(headers={"accept-language": "nl"})
    say(wolkenwerf, other, text="Van mijn telefoon.")
    assert "Van mijn telefoon." not in read(wolkenwerf)
    other.post(link_to(), {"do": "confirm"})
    assert "Van mijn telefoon." in read(wolkenwerf)


def test_nobody_speaks_with_the_address_of_another(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Whoever types an address that is known gets no further than the mail; nor with the cookie of their own."""
    approved(wolkenwerf)
    thief = Client(headers={"accept-language": "nl"})
    approved(wolkenwerf, thief, email="dief@example.org", pseudonym="dief", text="Ik ook.")
    say(wolkenwerf, thief, text="Ik ben het niet.", pseudonym="kabelwacht")
    assert "Ik ben het niet." not in read(wolkenwerf)
    assert comments(wolkenwerf)[-1].state is CommentState.UNCONFIRMED


def test_a_comment_can_be_mended_for_a_quarter_of_an_hour(
    wolkenwerf: Cast, report: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the link; a first one that stood there is read once more; afterwards it can only be taken away."""
    visitor = Client(headers={"accept-language": "nl"})
    one = approved(wolkenwerf, visitor)
    link = link_to()
    assert visitor.post(link, {"do": "mend", "text": "Koop nu!"}).status_code == 302
    assert comments(wolkenwerf)[0].state is CommentState.HELD
    assert "Koop nu!" not in read(wolkenwerf)
    with pytest.raises(Refused) as refusal:
        actions.approve_comment(**act(wolkenwerf), comment_id=one.id, revision=one.revision)
    assert refusal.value.code == "founding.comment_changed"
    seen = comments(wolkenwerf)[0]
    actions.approve_comment(**act(wolkenwerf, clock.now()), comment_id=one.id, revision=seen.revision)
    second = say(wolkenwerf, visitor, text="Tweede")
    assert visitor.post(second.headers["Location"], {"do": "mend", "text": "Tweede, beter"}).status_code == 302
    page = read(wolkenwerf)
    assert "Tweede, beter" in page
    assert "verbeterd door wie ze schreef" in page
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = visitor.post(second.headers["Location"], {"do": "mend", "text": "Te laat"}, follow=True)
    assert "een kwartier lang" in answer.content.decode()
    assert visitor.post(second.headers["Location"], {"do": "away"}).status_code == 302
    assert "Tweede" not in read(wolkenwerf)
    assert comments(wolkenwerf)[-1].state is CommentState.GONE
    assert (comments(wolkenwerf)[-1].text, comments(wolkenwerf)[-1].pseudonym) == ("", "")


def test_a_link_opens_the_comment_that_it_was_signed_for(wolkenwerf: Cast, zonnewerf: Cast, report: uuid.UUID) -> None:
    """Not another one, not with another's token, not in another co-operative, not once it was revoked."""
    one = approved(wolkenwerf)
    link = link_to()
    approved(wolkenwerf, email="ander@example.org", pseudonym="ander")
    other = link_to("ander@example.org")
    for wrong in (
        link[:-2] + "x/",
        link.replace(link.split("/")[-2], other.split("/")[-2]),
        link.replace(str(one.id), str(comments(wolkenwerf)[-1].id)),
        link.replace(wolkenwerf.coop.slug, zonnewerf.coop.slug),
        wolkenwerf.url(f"comments/{one.id}/%00/"),
    ):
        for answer in (Client().get(wrong), Client().post(wrong, {"do": "away"})):
            assert answer.status_code == 404, wrong
    assert comments(wolkenwerf)[0].state is CommentState.SHOWN


def test_an_answer_stands_below_what_it_answers(wolkenwerf: Cast, zonnewerf: Cast, report: uuid.UUID) -> None:
    """One level deep; an author answers by name and at once; nobody answers what isn't shown or isn't here."""
    one = approved(wolkenwerf)
    browser = wolkenwerf.secretary.browser()
    assert "Antwoord" in browser.get(wolkenwerf.url(HERE + f"comment/?to={one.id}")).content.decode()
    told = {"text": "Elke nacht gaat een **kopie** naar Gent.", "key": str(uuid.uuid4()), "to": str(one.id)}
    for _ in range(2):
        assert browser.post(wolkenwerf.url(HERE + "comment/"), told).status_code == 302
    assert len(comments(wolkenwerf)) == 2
    page = read(wolkenwerf)
    assert "<strong>kopie</strong>" in page
    assert "Bram Verhoeven" in page
    assert "comment--reply" in page
    answer = comments(wolkenwerf)[-1]
    deeper = {"text": "Dank!", "key": str(uuid.uuid4()), "to": str(answer.id)}
    browser.post(wolkenwerf.url(HERE + "comment/"), deeper)
    assert comments(wolkenwerf)[-1].parent_id == one.id
    elsewhere = published(zonnewerf)
    who = {**act(zonnewerf), "report_id": elsewhere, "key": uuid.uuid4(), "text": "x", "language": "nl"}
    assert code_of(actions.answer_by_name, **who, parent_id=one.id) == "founding.comment_gone"
    told = {**act(wolkenwerf, who=wolkenwerf.auditor), "report_id": report, "key": uuid.uuid4(), "text": "x"}
    assert code_of(actions.answer_by_name, **told, language="nl") == "coops.lacks_power"


def test_a_comment_is_refused_and_hidden_with_a_reason_that_its_writer_is_told(
    wolkenwerf: Cast, report: uuid.UUID
) -> None:
    """By mail; the log says who, when and why, and the database lets nobody change it; it can be shown after all."""
    one = confirmed(wolkenwerf)
    browser = wolkenwerf.secretary.browser()
    here = wolkenwerf.url(f"writing/comments/{one.id}/")
    assert browser.post(here, {"do": "refuse"}).status_code == 302
    assert comments(wolkenwerf)[0].state is CommentState.HELD
    browser.post(here, {"do": "refuse", "ground": "spam", "words": "Zeg het zonder reclame."})
    assert comments(wolkenwerf)[0].state is CommentState.REFUSED
    mail = Mail.objects.filter(to="kabel@example.org").order_by("-made_at", "-id")[0]
    assert "Het is reclame." in mail.text
    assert "Zeg het zonder reclame." in mail.text
    browser.post(here, {"do": "show"})
    assert TEXT in read(wolkenwerf)
    actions.answer_by_name(
        **act(wolkenwerf), report_id=report, key=uuid.uuid4(), text="Antwoord.", language="nl", parent_id=one.id
    )
    browser.post(here, {"do": "hide", "ground": "hurtful"})
    page = read(wolkenwerf)
    assert TEXT not in page
    assert "kabelwacht" not in page
    assert "Het kwetst of bedreigt iemand." in page
    assert "Antwoord." in page
    log = browser.get(wolkenwerf.url("writing/comments/log/")).content.decode()
    assert "Bram Verhoeven" in log
    assert "Zeg het zonder reclame." in log
    with tenant(wolkenwerf.id):
        events = list(CommentEvent.objects.order_by("at", "id").values_list("state", flat=True))
        assert events == ["refused", "shown", "hidden"]
        with pytest.raises(DatabaseError), transaction.atomic():
            CommentEvent.objects.update(words="")
        with pytest.raises(DatabaseError), transaction.atomic():
            CommentEvent.objects.all().delete()


def test_who_was_hidden_once_waits_again(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Trust that was abused is no trust: the next comment is read first."""
    visitor = Client(headers={"accept-language": "nl"})
    one = approved(wolkenwerf, visitor)
    actions.hide_comment(**act(wolkenwerf), comment_id=one.id, ground=Ground.SPAM)
    say(wolkenwerf, visitor, text="En nog eens")
    assert comments(wolkenwerf)[-1].state is CommentState.HELD


def test_who_takes_back_what_was_hidden_is_not_trusted_for_it(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Its words are gone, what was decided isn't: the next comment is read first."""
    visitor = Client(headers={"accept-language": "nl"})
    one = approved(wolkenwerf, visitor)
    actions.hide_comment(**act(wolkenwerf, clock.now()), comment_id=one.id, ground=Ground.HURTFUL)
    assert visitor.post(link_to(), {"do": "away"}).status_code == 302
    assert comments(wolkenwerf)[0].state is CommentState.GONE
    say(wolkenwerf, visitor, text="En nog eens")
    assert comments(wolkenwerf)[-1].state is CommentState.HELD
    assert "En nog eens" not in read(wolkenwerf)


def test_a_comment_carries_no_token_of_its_reader_away(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """A kept page gets each reader's own token where the form is, whatever somebody wrote elsewhere in it."""
    approved(
        wolkenwerf, text="[meer](https://spy.example/?the-token-of-this-visitor) 00000000-0000-4000-8000-00000000c0de"
    )
    forget()
    reader = Client(headers={"accept-language": "nl"})
    for _twice in range(2):
        page = reader.get(wolkenwerf.url(HERE)).content.decode()
        assert "https://spy.example/?the-token-of-this-visitor" in page
        assert "00000000-0000-4000-8000-00000000c0de" in page


def test_only_who_writes_the_report_decides(
    wolkenwerf: Cast, zonnewerf: Cast, stranger: Person, report: uuid.UUID
) -> None:
    """An auditor, a stranger, and who writes elsewhere don't even see what waits."""
    one = confirmed(wolkenwerf)
    for other in (wolkenwerf.auditor, stranger, zonnewerf.secretary):
        browser = other.browser()
        for rest in ("writing/comments/", f"writing/comments/{one.id}/", "writing/comments/log/"):
            assert browser.get(wolkenwerf.url(rest)).status_code == 403, rest
        answer = browser.post(wolkenwerf.url(f"writing/comments/{one.id}/"), {"do": "approve", "revision": "1"})
        assert answer.status_code == 403
    assert Client().get(wolkenwerf.url("writing/comments/")).status_code == 302
    assert zonnewerf.secretary.browser().get(zonnewerf.url(f"writing/comments/{one.id}/")).status_code == 404
    assert comments(wolkenwerf)[0].state is CommentState.HELD


def test_a_reader_says_that_a_comment_should_not_stand_there(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Who says it isn't kept; whoever writes the report leaves it or hides it, and it is settled then."""
    one = approved(wolkenwerf)
    reader = Client(headers={"accept-language": "nl"})
    here = wolkenwerf.url(f"comments/{one.id}/object/")
    assert reader.get(here).status_code == 200
    assert reader.post(here, {"website": ""}).status_code == 200
    assert reader.post(here, {"ground": "untrue", "words": "Het waren er drie.", "website": ""}).status_code == 302
    assert reader.post(here, {"ground": "spam", "words": "", "website": "http://x"}).status_code == 302
    with tenant(wolkenwerf.id):
        assert CommentObjection.objects.count() == 1
    browser = wolkenwerf.secretary.browser()
    assert "Het waren er drie." in browser.get(wolkenwerf.url("writing/comments/")).content.decode()
    browser.post(wolkenwerf.url(f"writing/comments/{one.id}/"), {"do": "keep"})
    assert "Het waren er drie." not in browser.get(wolkenwerf.url("writing/comments/")).content.decode()
    assert TEXT in read(wolkenwerf)
    whose = {**act(wolkenwerf), "comment_id": one.id}
    assert code_of(actions.settle_objections, **whose) == "founding.comment_settled"
    actions.take_back_comment(**{**act(wolkenwerf), "actor": VISITOR}, comment_id=one.id, contact_id=one.contact_id)
    assert reader.get(here).status_code == 404


def test_machines_and_eager_people_get_no_further(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that nobody sees; a form that comes back at once; ten in an hour from one place; five mails a day."""
    published(wolkenwerf)
    assert say(wolkenwerf, website="http://x").status_code == 302
    page = Client(headers={"accept-language": "nl"}).get(wolkenwerf.url(HERE + "comment/")).content.decode()
    began = re.findall(r'name="began" value="([^"]+)"', page)[0]
    fast = say(wolkenwerf, began=began).content.decode()
    assert "Dat ging erg snel" in fast
    assert TEXT in fast
    assert "Dat ging erg snel" in say(wolkenwerf, began="gemaakt").content.decode()
    assert comments(wolkenwerf) == []
    assert not Mail.objects.filter(to="kabel@example.org").exists()
    monkeypatch.setattr(talking, "is_too_fast", lambda _began: False)
    for number in range(5):
        assert say(wolkenwerf, text=f"Nummer {number}").status_code == 302
    assert "Ga morgen verder" in say(wolkenwerf).content.decode()
    for number in range(4):
        say(wolkenwerf, email=f"ander{number}@example.org", pseudonym=f"ander{number}")
    assert "over een uur" in say(wolkenwerf, email="laatste@example.org", pseudonym="laatste").content.decode()
    many = " ".join(["https://koop.example"] * 4)
    elsewhere = Client(headers={"accept-language": "nl"}, REMOTE_ADDR="203.0.113.9")
    assert "hoogstens 3 links" in say(wolkenwerf, elsewhere, text=many, email="v@example.org").content.decode()


def test_a_form_fills_nobody_elses_mailbox(
    wolkenwerf: Cast, report: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a stranger writes behind the plus; whoever showed that an address is theirs is mailed nothing."""
    visitor = Client(headers={"accept-language": "nl"})
    approved(wolkenwerf, visitor)
    monkeypatch.setattr(addresses, "TO_ONE_MAILBOX", 2)
    say(wolkenwerf, pseudonym="een", email="kabel+1@example.org")
    assert say(wolkenwerf, pseudonym="twee", email="kabel+2@example.org").status_code == 200
    assert say(wolkenwerf, visitor, text="Nog iets.").status_code == 302
    assert Mail.objects.filter(to__startswith="kabel+").count() == 1


def test_a_form_is_too_fast_or_forged_or_old() -> None:
    """The sign of the moment at which it was handed out can't be made by anybody else."""
    sign = talking.stamp()
    assert talking.is_too_fast(sign)
    assert talking.is_too_fast("form:1:x")
    assert talking.is_too_fast("")
    signer = talking.signing.TimestampSigner(salt="coopwerf.founding.talking")
    value, _stamp, _signature = sign.rsplit(":", 2)
    for seconds, expected in ((5, False), (3600 * 47, False), (3600 * 49, True)):
        began = talking.signing.b62_encode(int(clock.now().timestamp()) - seconds)
        whole = f"{value}:{began}"
        assert talking.is_too_fast(f"{whole}:{signer.signature(whole)}") is expected


def test_sent_twice_it_is_said_once(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Whoever presses twice, or goes back and forth, has left one comment and gets one mail."""
    key = str(uuid.uuid4())
    for _ in range(3):
        assert say(wolkenwerf, key=key).status_code == 302
    assert len(comments(wolkenwerf)) == 1
    assert Mail.objects.filter(to="kabel@example.org").count() == 1


def test_many_comments_come_page_by_page(wolkenwerf: Cast, report: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, a page of the report stays one that a telephone opens."""
    visitor = Client(headers={"accept-language": "nl"})
    approved(wolkenwerf, visitor, text="Woord nul.")
    for number in ("een", "twee"):
        say(wolkenwerf, visitor, text=f"Woord {number}.")
    monkeypatch.setattr(reading, "THREADS_A_PAGE", 2)
    forget()
    first, second = (visitor.get(wolkenwerf.url(f"{HERE}?page={page}")).content.decode() for page in (1, 2))
    assert [f"Woord {number}." in first for number in ("nul", "een", "twee")] == [True, True, False]
    assert [f"Woord {number}." in second for number in ("nul", "een", "twee")] == [False, False, True]
    assert "3 reacties" in second


def test_a_closed_report_takes_no_comments(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """It says so, and what was said stays."""
    from .reporting import DUTCH, write

    approved(wolkenwerf)
    write(wolkenwerf, report, DUTCH, takes_comments=False)
    assert "reacties op dit verslag zijn gesloten" in read(wolkenwerf)
    assert TEXT in read(wolkenwerf)
    page = say(wolkenwerf, text="Toch nog iets").content.decode()
    assert "Onder dit verslag kan niets nieuws meer gezegd worden" in page
    assert len(comments(wolkenwerf)) == 1


def test_who_is_forgotten_leaves_nothing_but_that_something_stood_there(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """The contact is forgotten: text and pseudonym go, the answers of others stay; what was stored is told before."""
    one = approved(wolkenwerf)
    actions.answer_by_name(
        **act(wolkenwerf), report_id=report, key=uuid.uuid4(), text="Antwoord.", language="nl", parent_id=one.id
    )
    assert one.contact_id is not None
    with tenant(wolkenwerf.id):
        told = [
            row
            for piece in messages.contact_pieces(wolkenwerf.id, one.contact_id)
            for row in getattr(piece, "rows", ())
        ]
    assert [row["text"] for row in told if "pseudonym" in row] == [TEXT]
    forget_contact(**act(wolkenwerf), contact_id=one.contact_id)
    page = read(wolkenwerf)
    assert TEXT not in page
    assert "kabelwacht" not in page
    assert "Wie ze schreef, haalde ze weg" in page
    assert "Antwoord." in page
    with tenant(wolkenwerf.id):
        assert not Comment.objects.filter(text=TEXT).exists()
        assert not Contact.objects.exclude(email="").exists()


def test_what_nobody_confirms_is_forgotten(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """After a week; what wasn't taken after half a year, and the log keeps that it wasn't."""
    say(wolkenwerf)
    refused = confirmed(wolkenwerf, email="ander@example.org", pseudonym="ander")
    actions.refuse_comment(**act(wolkenwerf), comment_id=refused.id, ground=Ground.ASIDE)
    now = clock.now()
    with tenant(wolkenwerf.id):
        assert not queries.forgettable(wolkenwerf.id, now - dt.timedelta(days=7), now - dt.timedelta(days=183))
    whose = {"actor": VISITOR, "coop_id": wolkenwerf.id}
    actions.forget_old_comments(**whose, now=now + dt.timedelta(days=8))
    assert [one.state for one in comments(wolkenwerf)] == [CommentState.REFUSED]
    actions.forget_old_comments(**whose, now=now + dt.timedelta(days=184))
    assert [one.text for one in comments(wolkenwerf)] == [""]
    tasks.forget(0)


def test_those_who_write_are_reminded(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """One mail for the first that waits, none for each that follows, one on Monday morning while some still wait."""
    confirmed(wolkenwerf)
    confirmed(wolkenwerf, email="ander@example.org", pseudonym="ander")
    mails = Mail.objects.filter(to=wolkenwerf.secretary.email, subject__contains="wacht")
    assert mails.count() == 1
    tasks.remind_moderators(0)
    assert mails.count() == 2
    assert "2 reacties wachten" in mails.order_by("-made_at", "-id")[0].subject
    for one in comments(wolkenwerf):
        actions.approve_comment(**act(wolkenwerf), comment_id=one.id, revision=1)
    tasks.remind_moderators(0)
    assert mails.count() == 2


def test_nothing_is_mailed_to_who_may_not_be_written_to(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Whose address bounced or was blocked gets no mail; the page says the same as ever."""
    say(wolkenwerf)
    contact_id = comments(wolkenwerf)[0].contact_id
    assert contact_id is not None
    block_contact(**act(wolkenwerf), contact_id=contact_id, reason=next(iter(BlockReason)))
    before = Mail.objects.count()
    assert say(wolkenwerf, text="Nog eens").headers["Location"] == wolkenwerf.url(HERE + "comment/sent/")
    assert Mail.objects.count() == before


@pytest.mark.parametrize(
    "text",
    [
        "<script>zz(1)</script>",
        "[x](javascript:zz(1))",
        "![x](https://elders.example/p.gif)",
        "<img src=x onerror=zz(1)>",
    ],
)
def test_a_comment_that_carries_a_script_is_text(wolkenwerf: Cast, report: uuid.UUID, text: str) -> None:
    """On the page, in the queue, in the log, on its own page and in every mail."""
    approved(wolkenwerf, text=text, pseudonym="zz onerror")
    browser = wolkenwerf.secretary.browser()
    shown = [read(wolkenwerf), Client().get(link_to()).content.decode()]
    shown += [browser.get(wolkenwerf.url(f"writing/comments/{rest}")).content.decode() for rest in ("", "log/")]
    shown += [mail.html for mail in Mail.objects.all()]
    for page in shown:
        assert "<script>zz" not in page
        assert "<img src=x" not in page
        assert not re.search(r'(?:href|src)="\s*javascript:', page)
        assert 'src="https://elders' not in page


def test_links_in_comments_win_nothing(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Search engines are told that nobody here stands for them."""
    approved(wolkenwerf, text="Kijk op https://elders.example/pagina")
    assert re.search(r'href="https://elders.example/pagina"[^>]*rel="nofollow ugc noopener"', read(wolkenwerf))


def test_the_trail_holds_no_words(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """No text, no pseudonym, no address; the same contact in two co-operatives are two."""
    approved(wolkenwerf)
    with tenant(wolkenwerf.id):
        entries = list(AuditEntry.objects.filter(verb__startswith="founding.comment"))
    assert {"founding.comment_said", "founding.comment_confirmed", "founding.comment_approved"} <= {
        one.verb for one in entries
    }
    told = json.dumps([one.facts for one in entries])
    assert not [word for word in ("kabel", "Mooi") if word in told]


def test_somebody_who_confirmed_elsewhere_is_still_read_first(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Following the newsletter proves an address, not what its reader says below a report."""
    say(wolkenwerf)
    contact_id = comments(wolkenwerf)[0].contact_id
    assert contact_id is not None
    confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    Client().post(link_to(), {"do": "confirm"})
    assert comments(wolkenwerf)[0].state is CommentState.HELD
    forget()


def mails(email: str) -> list[Mail]:
    """Return the mails about answers to somebody, the oldest first."""
    return list(Mail.objects.filter(to=email, subject__contains="antwoordde").order_by("made_at", "id"))


def test_who_asked_for_it_hears_what_is_answered_until_one_click(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Whoever didn't ask, and whoever answers, gets nothing; opening the link changes nothing, its button stops it."""
    one = approved(wolkenwerf, answers="on")
    approved(wolkenwerf, email="stil@example.org", pseudonym="stil", to=str(one.id))
    assert len(mails("kabel@example.org")) == 1
    told = {"report_id": report, "language": "nl", "parent_id": one.id}
    actions.answer_by_name(**act(wolkenwerf, clock.now()), **told, key=uuid.uuid4(), text="Het komt in Gent.")
    (_first, second) = mails("kabel@example.org")
    assert second.subject.startswith("Bram Verhoeven antwoordde")
    assert "Het komt in Gent." in second.text
    assert "stil@example.org" not in second.text
    assert mails("stil@example.org") == []
    stop = next(found for found in re.findall(r"https?://[^/\s]+(/c/\S+)", second.text) if found.endswith("?stop"))
    visitor = Client(headers={"accept-language": "nl"})
    for _ in range(3):
        assert "Stop deze mails" in visitor.get(stop).content.decode()
    assert comments(wolkenwerf)[0].wants_answers
    assert visitor.post(stop, {"do": "quiet"}).status_code == 302
    assert not comments(wolkenwerf)[0].wants_answers
    actions.answer_by_name(**act(wolkenwerf, clock.now()), **told, key=uuid.uuid4(), text="En in Luik.")
    assert len(mails("kabel@example.org")) == 2
    assert visitor.post(stop, {"do": "listen"}).status_code == 302
    assert comments(wolkenwerf)[0].wants_answers


def test_nobody_hears_of_an_answer_before_it_is_shown_nor_of_one_twice(wolkenwerf: Cast, report: uuid.UUID) -> None:
    """Not while it waits, not for one's own, not again after it was mended; what isn't confirmed gets none."""
    one = approved(wolkenwerf, answers="on")
    say(wolkenwerf, Client(), email="nooit@example.org", pseudonym="nooit", to=str(one.id), answers="on")
    confirmed(wolkenwerf, email="ander@example.org", pseudonym="ander", to=str(one.id), answers="on")
    assert mails("kabel@example.org") == []
    answer = comments(wolkenwerf)[-1]
    actions.approve_comment(**act(wolkenwerf, clock.now()), comment_id=answer.id, revision=answer.revision)
    assert len(mails("kabel@example.org")) == 1
    assert mails("ander@example.org") == []
    mine = {"actor": VISITOR, "now": clock.now(), "coop_id": wolkenwerf.id, "comment_id": answer.id}
    assert answer.contact_id is not None
    actions.edit_comment(**mine, contact_id=answer.contact_id, text="Toch anders.")
    again = comments(wolkenwerf)[-1]
    if again.state is CommentState.HELD:
        actions.approve_comment(**act(wolkenwerf, clock.now()), comment_id=again.id, revision=again.revision)
    assert len(mails("kabel@example.org")) == 1
    confirmed(wolkenwerf, key=str(uuid.uuid4()), to=str(one.id), text="Dank!")
    assert len(mails("kabel@example.org")) == 1
    assert len(mails("ander@example.org")) == 1
    assert mails("nooit@example.org") == []
