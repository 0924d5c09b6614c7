"""Following without an account: asked by a form, confirmed by a button, changed and left by a link; never by a GET."""

import datetime as dt
import io
import json
import re
import threading
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.coops.actions import grant_mandate
from coopwerf.coops.states import BodyKind, Role
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, links, queries, tasks
from coopwerf.messages.models import Contact, Following, Mail, Reach
from coopwerf.messages.states import BlockReason, OptIn, Rhythm
from coopwerf.messages.tasks import work
from tests.cast import NOW, Cast
from tests.journeys.mailbox import Mailbox

pytestmark = pytest.mark.django_db
NOOR = "noor@example.org"
FILLED = {"email": NOOR, "topics": ["news"], "rhythm": "at_once", "language": "nl", "name": "Noor"}


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


def link_in(mail: Mail, what: str) -> str:
    """Return the path of a link in a mail."""
    found = re.search(rf"https?://[^/\s]+(/c/[^/\s]+/{what}/[^/\s]+/)", mail.text)
    assert found, mail.text
    return found[1]


def latest() -> Mail:
    """Return the mail that was written last."""
    return Mail.objects.order_by("-made_at", "-id")[0]


def followed(coop: Cast, email: str = NOOR, **more: object) -> uuid.UUID:
    """Let somebody follow a co-operative, confirmed."""
    told = {"name": "Noor", "language": "nl", "topics": ["all"], "rhythm": Rhythm.AT_ONCE, **more}
    actions.ask_to_follow(actor=VISITOR, now=NOW, coop_id=coop.id, email=email, **told)  # type: ignore[arg-type]
    with tenant(coop.id):
        contact = queries.contact_by_email(coop.id, email)
    assert contact is not None
    actions.confirm_following(actor=VISITOR, now=NOW, coop_id=coop.id, contact_id=contact.id)
    return contact.id


def follows(coop: Cast, contact_id: uuid.UUID) -> set[str]:
    """Return what somebody follows now."""
    with tenant(coop.id):
        return set(queries.choices(coop.id, contact_id).topics)


def test_who_fills_in_the_form_and_presses_the_button_follows(wolkenwerf: Cast, visitor: Client) -> None:
    page = visitor.get(wolkenwerf.url("follow/"))
    assert page.status_code == 200
    sent = visitor.post(wolkenwerf.url("follow/"), FILLED)
    assert sent.headers["Location"] == wolkenwerf.url("follow/sent/")
    assert visitor.get(wolkenwerf.url("follow/sent/")).status_code == 200
    mail = latest()
    assert mail.to == NOOR
    assert "Noor" not in mail.text, "a name that anybody can type greets nobody yet"
    where = link_in(mail, "follow")
    with tenant(wolkenwerf.id):
        contact = Contact.objects.get()
        assert queries.count_followers(wolkenwerf.id).people == 0
        assert queries.count_followers(wolkenwerf.id).waiting == 1
    assert visitor.get(where).status_code == 200
    assert follows(wolkenwerf, contact.id) == set()
    pressed = visitor.post(where)
    assert pressed.status_code == 302
    assert follows(wolkenwerf, contact.id) == {"news"}
    own = visitor.get(pressed.headers["Location"])
    assert NOOR in own.text
    with tenant(wolkenwerf.id):
        [proof] = queries.followings(wolkenwerf.id, contact.id)
    assert (proof.how, proof.words, proof.language) == (OptIn.FORM, 1, "nl")
    with translation.override("nl"):
        assert "Schrijf mij" in proof.agreed_to
    assert not [field.name for field in Following._meta.get_fields() if "ip" in field.name.split("_")]


def test_three_scanners_within_a_second_change_nothing(wolkenwerf: Cast, server: Mailbox, visitor: Client) -> None:
    """They open every link of every mail, at once: nobody is confirmed, nobody leaves, nothing is spent."""
    visitor.post(wolkenwerf.url("follow/"), FILLED)
    confirming = link_in(latest(), "follow")
    contact_id = followed(wolkenwerf, "other@example.org")
    with tenant(wolkenwerf.id):
        own = wolkenwerf.url(f"following/{links.sign(contact_id, actions.PREFERENCES)}/")
        leaving = wolkenwerf.url(f"leave/{links.sign(contact_id, actions.LEAVE)}/")
        before = list(Following.objects.order_by("id").values_list("topic", "confirmed_at", "left_at"))
    for _scanner in range(3):
        for url in (confirming, own, leaving, own + "data/", own + "forget/"):
            for method in ("get", "head"):
                assert getattr(Client(), method)(url).status_code in (200, 405)
    with tenant(wolkenwerf.id):
        assert list(Following.objects.order_by("id").values_list("topic", "confirmed_at", "left_at")) == before
    assert visitor.post(confirming).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_scanners_that_come_at_the_same_instant_change_nothing(wolkenwerf: Cast) -> None:
    contact_id = followed(wolkenwerf)
    with tenant(wolkenwerf.id):
        leaving = wolkenwerf.url(f"leave/{links.sign(contact_id, actions.LEAVE)}/")
    answers: list[int] = []

    def scan() -> None:
        answers.append(Client().get(leaving).status_code)
        connections.close_all()

    threads = [threading.Thread(target=scan) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [200, 200, 200]
    assert follows(wolkenwerf, contact_id) == {"all"}


def test_one_click_of_a_mail_program_leaves(wolkenwerf: Cast, server: Mailbox) -> None:
    """RFC 8058: one POST without cookies, without a page before it; again changes nothing."""
    contact_id = followed(wolkenwerf)
    with tenant(wolkenwerf.id):
        leaving = wolkenwerf.url(f"leave/{links.sign(contact_id, actions.LEAVE)}/")
    program = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        answer = program.post(leaving, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert follows(wolkenwerf, contact_id) == set()
    assert not answer.cookies
    # Whoever opens the link afterwards reads that they left, and isn't asked again.
    page = program.get(leaving)
    assert (page.status_code, page.templates[0].name) == (200, "messages/left.html")


def test_the_answer_never_says_who_is_known(wolkenwerf: Cast, visitor: Client) -> None:
    """A known address, an unknown one, one that left, one that is blocked, a machine: the same page for all."""
    followed(wolkenwerf, "known@example.org")
    left = followed(wolkenwerf, "left@example.org")
    actions.leave(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=left)
    blocked = followed(wolkenwerf, "blocked@example.org")
    actions.block_contact(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, contact_id=blocked, reason=BlockReason.COMPLAINT
    )
    before = Mail.objects.count()
    answers = set()
    for email, more in (
        ("known@example.org", {"topics": ["all"]}),
        ("unknown@example.org", {}),
        ("left@example.org", {}),
        ("blocked@example.org", {}),
        ("machine@example.org", {"website": "https://spam.example"}),
    ):
        answer = visitor.post(wolkenwerf.url("follow/"), {**FILLED, "email": email, **more})
        answers.add((answer.status_code, answer.headers["Location"]))
    assert len(answers) == 1
    written = set(Mail.objects.order_by("id").values_list("to", flat=True)[before:])
    assert written == {"known@example.org", "unknown@example.org", "left@example.org"}
    known = Mail.objects.filter(to="known@example.org").order_by("-id")[0]
    assert link_in(known, "following")


def test_a_mailbox_is_not_flooded(wolkenwerf: Cast, visitor: Client) -> None:
    for _try in range(6):
        assert visitor.post(wolkenwerf.url("follow/"), FILLED).status_code == 302
    assert Mail.objects.filter(to=NOOR).count() == 3
    for number in range(14):
        visitor.post(wolkenwerf.url("follow/"), {**FILLED, "email": f"a{number}@example.org"})
    page = visitor.post(wolkenwerf.url("follow/"), {**FILLED, "email": "one@example.org"})
    assert page.status_code == 200
    assert not Mail.objects.filter(to="one@example.org").exists()


def test_a_stranger_changes_nothing_of_who_follows(wolkenwerf: Cast, visitor: Client) -> None:
    contact_id = followed(wolkenwerf, topics=["news"])
    visitor.post(wolkenwerf.url("follow/"), {**FILLED, "rhythm": "weekly", "language": "fr", "name": "Dummy"})
    with tenant(wolkenwerf.id):
        told = queries.choices(wolkenwerf.id, contact_id)
        contact = queries.contact(wolkenwerf.id, contact_id)
    assert (told.rhythm, contact.language, contact.name) == (Rhythm.AT_ONCE, "nl", "Noor")


def test_what_was_asked_long_ago_is_forgotten(wolkenwerf: Cast) -> None:
    ask = {"email": NOOR, "name": "", "language": "nl", "topics": ["all"], "rhythm": Rhythm.WEEKLY}
    actions.ask_to_follow(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, **ask)  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        contact = queries.contact_by_email(wolkenwerf.id, NOOR)
    assert contact is not None
    later = NOW + dt.timedelta(days=31)
    with pytest.raises(Refused) as refused:
        actions.confirm_following(actor=VISITOR, now=later, coop_id=wolkenwerf.id, contact_id=contact.id)
    assert refused.value.code == "messages.asked_long_ago"
    actions.forget_unconfirmed(actor=SYSTEM, now=later, coop_id=wolkenwerf.id)
    with tenant(wolkenwerf.id):
        assert not Following.objects.exists()


def test_who_never_confirmed_and_is_needed_no_more_is_forgotten(wolkenwerf: Cast) -> None:
    """After the month in which they could: the address goes. Not that of who left, follows, or was known lately."""
    whose = {"actor": VISITOR, "coop_id": wolkenwerf.id}
    typed = {"name": "Noor", "language": "nl"}
    asked = {**typed, "topics": ["all"], "rhythm": Rhythm.WEEKLY}
    actions.ask_to_follow(**whose, now=NOW, email=NOOR, **asked)  # type: ignore[arg-type]
    actions.know_contact(**whose, now=NOW, email="typed@example.org", **typed)  # type: ignore[arg-type]
    actions.take_out(**{**whose, "actor": wolkenwerf.secretary.actor}, now=NOW, email="out@example.org")  # type: ignore[arg-type]
    blocked = actions.know_contact(**whose, now=NOW, email="stop@example.org", **typed)  # type: ignore[arg-type]
    actions.block_contact(**whose, now=NOW, contact_id=blocked, reason=BlockReason.ASKED)  # type: ignore[arg-type]
    followed(wolkenwerf, "follows@example.org")
    soon, late = NOW + dt.timedelta(days=29), NOW + dt.timedelta(days=31)
    actions.know_contact(**whose, now=soon, email="lately@example.org", **typed)  # type: ignore[arg-type]
    tasks.forget_strangers(wolkenwerf.id, soon)
    with tenant(wolkenwerf.id):
        assert not Contact.objects.filter(forgotten_at__isnull=False).exists()
    tasks.forget_strangers(wolkenwerf.id, late)
    with tenant(wolkenwerf.id):
        gone = Contact.objects.filter(forgotten_at=late)
        assert list(gone.values_list("email", "email_key", "name")) == [("", "", "")] * 2
        kept = set(Contact.objects.filter(forgotten_at__isnull=True).values_list("email", flat=True))
        assert {"out@example.org", "stop@example.org", "follows@example.org", "lately@example.org"} == kept
        gone_ids = list(gone.values_list("id", flat=True))
    for mail in Mail.objects.all():
        assert NOOR not in (mail.to, mail.to_key)
    actions.know_contact(**whose, now=late, email=NOOR, **typed)  # type: ignore[arg-type]
    for contact_id in gone_ids:
        assert not actions.forget_stranger(**whose, now=late, contact_id=contact_id)  # type: ignore[arg-type]


def test_ones_own_page_changes_and_leaves(wolkenwerf: Cast, visitor: Client) -> None:
    contact_id = followed(wolkenwerf)
    with tenant(wolkenwerf.id):
        own = wolkenwerf.url(f"following/{links.sign(contact_id, actions.PREFERENCES)}/")
    choices = {"topics": ["news"], "rhythm": "weekly", "language": "fr", "name": "Noor Aerts", "newsletters": "on"}
    assert visitor.post(own, choices).status_code == 302
    with tenant(wolkenwerf.id):
        told, contact = queries.choices(wolkenwerf.id, contact_id), queries.contact(wolkenwerf.id, contact_id)
    assert (set(told.topics), told.rhythm) == ({"news"}, Rhythm.WEEKLY)
    assert (contact.language, contact.name) == ("fr", "Noor"), "who was passed a mail on doesn't rename its reader"
    asked = latest()
    assert (asked.to, "Noor Aerts" in asked.text) == (NOOR, True)
    rename = link_in(asked, "name") + "?name=Noor+Aerts"
    assert rename in asked.text
    assert visitor.post(rename.replace("Aerts", "Dief")).status_code == 404
    assert visitor.get(rename).status_code == 200
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).name == "Noor", "a GET changes nothing"
    assert visitor.post(rename).status_code == 302
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).name == "Noor Aerts"
    page = visitor.get(own)
    assert "Ce que vous recevez" in page.text, "in the language that they chose"
    wrong = visitor.post(own, {**choices, "name": "www.evil.example"})
    assert wrong.status_code == 200
    assert NOOR in visitor.get(own + "data/").text
    assert visitor.post(own + "data/").status_code == 302
    mail = Mail.objects.order_by("-made_at", "-id")[0]
    assert mail.to == NOOR, "who was passed the link on gets nothing"
    data = json.loads(bytes(mail.files.get().content))
    assert [row["topic"] for row in data["followings"]] == ["all", "news"]
    assert data["contacts"][0]["email"] == NOOR
    assert visitor.post(own, {**choices, "topics": [], "newsletters": ""}).status_code == 302
    assert follows(wolkenwerf, contact_id) == set()
    assert NOOR in visitor.get(own + "forget/").text
    assert visitor.post(own + "forget/").status_code == 302
    assert visitor.get(own).status_code == 200, "who was passed a mail on erases nobody"
    assert latest().to == NOOR
    forget = link_in(latest(), "forget")
    assert visitor.get(forget).status_code == 200
    assert visitor.get(own).status_code == 200, "a GET changes nothing"
    assert visitor.post(forget).status_code == 200
    assert visitor.post(forget).status_code == 404
    assert visitor.get(own).status_code == 404
    with tenant(wolkenwerf.id):
        assert Contact.objects.get().email == ""
    assert NOOR not in "".join(Mail.objects.values_list("text", flat=True)) + "".join(
        Mail.objects.values_list("to", flat=True)
    )


def test_links_open_nothing_elsewhere(wolkenwerf: Cast, nederwerf: Cast, visitor: Client) -> None:
    contact_id = followed(wolkenwerf)
    with tenant(wolkenwerf.id):
        tokens = {purpose: links.sign(contact_id, purpose) for purpose in (actions.PREFERENCES, actions.LEAVE)}
    for url in (
        nederwerf.url(f"following/{tokens[actions.PREFERENCES]}/"),
        nederwerf.url(f"leave/{tokens[actions.LEAVE]}/"),
        wolkenwerf.url(f"following/{tokens[actions.LEAVE]}/"),
        wolkenwerf.url(f"leave/{tokens[actions.PREFERENCES]}/"),
        wolkenwerf.url(f"follow/{tokens[actions.PREFERENCES]}/"),
    ):
        for method in ("get", "post"):
            answer = getattr(visitor, method)(url)
            assert answer.status_code == 404
            assert NOOR not in answer.text
    assert follows(wolkenwerf, contact_id) == {"all"}


def address_all(coop: Cast) -> int:
    """Let a worker write what was told to whoever hears of it at once; return to how many."""
    from coopwerf.kernel import clock

    with tenant(coop.id):
        told = queries.unaddressed_news(coop.id)
    return sum(actions.address_news(actor=SYSTEM, now=clock.now(), coop_id=coop.id, news_id=one) for one in told)


def deliver_all(coop: Cast) -> None:
    """Let a worker write what was told, and hand over every batch of a co-operative."""
    from coopwerf.kernel import clock

    address_all(coop)
    for _coop, bulk_id in queries.due_bulks(clock.now()):
        work(coop.id, bulk_id, 0)


LIST = """\
E-mail;Naam;Taal;Datum
noor@example.org;Noor;nl;2025-03-01
"Jos@BÜCHER.example";"Jos ""de lange"" Smets";fr;1-4-2025
noor@example.org;Noor weer;nl;2025-03-02
known@example.org;Known;nl;2025-03-01
left@example.org;Left;nl;2025-03-01

formula@example.org;=1+1 https://evil.example;;2025-03-01
"""


def bring(coop: Cast, text: str, **more: object) -> object:
    """Bring a list along in a browser."""
    file = SimpleUploadedFile("list.csv", text.encode("cp1252"))
    told = {"file": file, "source": "Infoavonden 2025", "topics": ["all"], "rhythm": "at_once", "agreed": "on", **more}
    return coop.secretary.browser().post(coop.url("followers/bring/"), told)


def test_a_list_is_brought_along_with_its_days(wolkenwerf: Cast) -> None:
    followed(wolkenwerf, "known@example.org")
    left = followed(wolkenwerf, "left@example.org")
    actions.leave(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=left)
    mails = Mail.objects.count()
    for _twice in range(2):
        answer = bring(wolkenwerf, LIST)
        assert answer.status_code == 302, answer.content.decode()  # type: ignore[attr-defined]
    assert Mail.objects.count() == mails, "nobody is asked again"
    with tenant(wolkenwerf.id):
        assert queries.count_followers(wolkenwerf.id).people == 4
        noor = queries.contact_by_email(wolkenwerf.id, NOOR)
        jos = queries.contact_by_email(wolkenwerf.id, "jos@bücher.example")
        odd = queries.contact_by_email(wolkenwerf.id, "formula@example.org")
        assert noor is not None
        assert jos is not None
        assert odd is not None
        [proof] = queries.followings(wolkenwerf.id, noor.id)
    assert (jos.language, jos.name, odd.name, odd.language) == ("fr", 'Jos "de lange" Smets', "", "nl")
    assert (proof.how, proof.source, proof.words) == (OptIn.IMPORT, "Infoavonden 2025", 0)
    assert proof.confirmed_at == dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    assert follows(wolkenwerf, left) == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("naam\nNoor\n", "ontbreekt"),
        ("e-mail,datum\nnoor@example.org,gisteren\n", "2"),
        ("e-mail,datum\nok@example.org,2025-01-01\nnoor,2025-01-01\n", "3"),
        ("e-mail,datum\nok@example.org,2999-01-01\n", "2"),
        ("e-mail,datum\n\n\nnoor,2025-01-01\n", "Regel 4"),
        ("e-mail,datum\r\rnoor,2025-01-01\r", "Regel 3"),
        ('e-mail,datum\nok@example.org,"' + 140_000 * "x", "nergens gesloten"),
        ("", "ontbreekt"),
    ],
)
def test_a_list_with_a_mistake_is_refused_whole(wolkenwerf: Cast, text: str, said: str) -> None:
    answer = bring(wolkenwerf, text or "\n")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert said in answer.content.decode()  # type: ignore[attr-defined]
    with tenant(wolkenwerf.id):
        assert not Contact.objects.exists()


def test_a_list_of_today_is_brought_along_after_midnight(wolkenwerf: Cast) -> None:
    """Half past midnight in Brussels is still yesterday in Greenwich: who signed and who may write, counts by ours."""
    night = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    today = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    with tenant(wolkenwerf.id):
        [board] = [one.id for one in coops.bodies(wolkenwerf.id) if one.kind is BodyKind.BOARD]
    eva = wolkenwerf.auditor
    whose = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "party_id": eva.party_id}
    grant_mandate(**whose, body_id=board, role=Role.SECRETARY, valid_from=today.date())  # type: ignore[arg-type]
    row = actions.FollowerInput(email=NOOR, name="Noor", language="nl", agreed_on=today, line=1)
    how = {"rows": [row], "source": "Infoavond", "topics": ["all"], "rhythm": Rhythm.AT_ONCE}
    done = actions.import_followers(actor=eva.actor, now=night, coop_id=wolkenwerf.id, **how)  # type: ignore[arg-type]
    assert done.added == 1
    actions.take_out(actor=eva.actor, now=night, coop_id=wolkenwerf.id, email=NOOR)
    actions.try_address_again(actor=eva.actor, now=night, coop_id=wolkenwerf.id, address=NOOR)


def test_only_who_may_write_brings_a_list(wolkenwerf: Cast) -> None:
    file = io.BytesIO(LIST.encode())
    for nosy in (wolkenwerf.director, wolkenwerf.auditor):
        answer = nosy.browser().post(wolkenwerf.url("followers/bring/"), {"file": file})
        assert answer.status_code == 403


def choose(coop: Cast, contact_id: uuid.UUID, **what: object) -> None:
    """Let somebody choose on their own page."""
    told = {"topics": [], "rhythm": Rhythm.AT_ONCE, "language": "nl", "newsletters": True, **what}
    actions.choose_following(actor=VISITOR, now=NOW, coop_id=coop.id, contact_id=contact_id, **told)  # type: ignore[arg-type]


def test_whose_mail_came_back_says_that_it_works(wolkenwerf: Cast, server: Mailbox, visitor: Client) -> None:
    """They fill in the form; the mail that asks whether it was them is tried, and their answer shows that it works."""
    followed(wolkenwerf)
    Reach.objects.create(email_key=NOOR, bounced_at=NOW, blocked_at=NOW, reason="hard")
    visitor.post(wolkenwerf.url("follow/"), {**FILLED, "topics": ["offers"], "email": NOOR})
    assert link_in(latest(), "following")
    own = link_in(latest(), "following")
    assert "kwam naar ons terug" in visitor.get(own).text
    assert queries.blocked_among([NOOR]) == {NOOR}, "a scanner opens it too"
    choices = {"topics": ["all"], "rhythm": "at_once", "language": "nl", "name": "Noor"}
    assert visitor.post(own, choices).status_code == 302
    assert queries.blocked_among([NOOR]) == set()


def test_a_secretary_writes_again_to_who_says_it_works(wolkenwerf: Cast, nederwerf: Cast) -> None:
    followed(wolkenwerf)
    Reach.objects.create(email_key=NOOR, bounced_at=NOW, blocked_at=NOW, reason="soft")
    again = {"do": "again", "address": NOOR}
    nederwerf.secretary.browser().post(nederwerf.url("followers/"), again)
    assert queries.blocked_among([NOOR]) == {NOOR}, "nobody there knows them"
    assert wolkenwerf.director.browser().post(wolkenwerf.url("followers/"), again).status_code == 403
    browser = wolkenwerf.secretary.browser()
    assert "Daar weer schrijven" in browser.get(wolkenwerf.url("followers/")).text
    assert browser.post(wolkenwerf.url("followers/"), again).status_code == 302
    assert queries.blocked_among([NOOR]) == set()


def test_who_asks_by_telephone_is_taken_out_and_not_brought_back(wolkenwerf: Cast) -> None:
    """Also somebody whom nobody knows yet: a list that is brought along later leaves them out."""
    contact_id = followed(wolkenwerf)
    browser, page = wolkenwerf.secretary.browser(), wolkenwerf.url("followers/")
    for email in (NOOR, "jos@bücher.example"):
        assert browser.post(page, {"do": "out", "email": email}).status_code == 302
    assert follows(wolkenwerf, contact_id) == set()
    assert browser.post(page, {"do": "out", "email": "no address"}).status_code == 200
    assert wolkenwerf.auditor.browser().post(page, {"do": "out", "email": NOOR}).status_code == 403
    bring(wolkenwerf, LIST)
    with tenant(wolkenwerf.id):
        assert queries.count_followers(wolkenwerf.id).people == 3


def test_who_was_blocked_by_request_can_choose_mail_again(wolkenwerf: Cast, visitor: Client) -> None:
    """Nobody else can by typing their address; with the link in an older mail they can."""
    contact_id = followed(wolkenwerf)
    how = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "contact_id": contact_id}
    actions.block_contact(**how, reason=BlockReason.ASKED)  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        own = wolkenwerf.url(f"following/{links.sign(contact_id, actions.PREFERENCES)}/")
    assert "hier gestopt" in visitor.get(own).text
    choose(wolkenwerf, contact_id, topics=[])
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).blocked is BlockReason.ASKED
    choose(wolkenwerf, contact_id, topics=["news"])
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).blocked is None


def test_an_old_link_brings_nobody_back_who_left(wolkenwerf: Cast) -> None:
    """The button behind the mail that asked is worth nothing once they left; who asks anew, and confirms, is back."""
    whose = {"actor": VISITOR, "coop_id": wolkenwerf.id}
    asked = {"email": NOOR, "name": "", "language": "nl", "topics": ["all"], "rhythm": Rhythm.AT_ONCE}
    actions.ask_to_follow(**whose, now=NOW, **asked)  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        contact_id = Contact.objects.get().id
    actions.leave(**whose, now=NOW, contact_id=contact_id)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        actions.confirm_following(**whose, now=NOW, contact_id=contact_id)  # type: ignore[arg-type]
    assert refused.value.code == "messages.asked_long_ago"
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).declined_at == NOW
    actions.ask_to_follow(**whose, now=NOW, **asked)  # type: ignore[arg-type]
    assert actions.confirm_following(**whose, now=NOW, contact_id=contact_id) == 1  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        assert queries.contact(wolkenwerf.id, contact_id).declined_at is None


def test_who_ticks_one_more_topic_elsewhere_hears_of_it_as_often_as_of_others(wolkenwerf: Cast) -> None:
    contact_id = followed(wolkenwerf, topics=["news"], rhythm=Rhythm.WEEKLY)
    ticked = {"topics": ["reports"], "language": "nl", "words": 1, "asked_at": NOW}
    actions.follow_by_form(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id, **ticked)  # type: ignore[arg-type]
    with tenant(wolkenwerf.id):
        assert queries.weekly_followers(wolkenwerf.id) == {contact_id: frozenset({"news", "reports"})}


def test_who_wants_nothing_more_is_not_tried_again(wolkenwerf: Cast) -> None:
    """Their mail came back: that they untick everything doesn't show that it arrives."""
    contact_id = followed(wolkenwerf)
    Reach.objects.create(email_key=NOOR, bounced_at=NOW, blocked_at=NOW, reason="hard")
    choose(wolkenwerf, contact_id, topics=[], newsletters=False)
    assert queries.blocked_among([NOOR]) == {NOOR}
    choose(wolkenwerf, contact_id, topics=[], newsletters=True)
    assert queries.blocked_among([NOOR]) == set()
