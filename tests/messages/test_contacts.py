"""Somebody without an account: known once in each co-operative, reached by signed links, forgotten when they say so."""

import threading
import uuid

import pytest
from django.db import connection, connections

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, addresses, links, queries, tasks
from coopwerf.messages.models import Contact, Mail
from coopwerf.messages.states import BlockReason, MailState
from coopwerf.people.happenings import PartyErased
from coopwerf.people.queries import Table
from tests.cast import NOW, Cast, make_person
from tests.journeys.mailbox import Mailbox

from .conftest import Invitation

pytestmark = pytest.mark.django_db


def known(coop: Cast, email: str = "Noor@Example.org", name: str = "Noor", language: str = "nl") -> uuid.UUID:
    """Let a visitor give an address to a co-operative."""
    return actions.know_contact(actor=VISITOR, now=NOW, coop_id=coop.id, email=email, name=name, language=language)


def facts(coop: Cast, contact_id: uuid.UUID) -> queries.ContactFacts:
    """Return a contact as the co-operative knows it."""
    with tenant(coop.id):
        return queries.contact(coop.id, contact_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("noor@example.org", " NOOR@Example.ORG "),
        ("noor+werf@example.org", "Noor+Werf@example.org"),
        ("noor@bücher.example", "noor@xn--bcher-kva.example"),
        ("noor@bücher.example", "noor@BU\u0308CHER.example"),
        ('"noor"@example.org', "noor@example.org"),
        ('"noor smets"@example.org', '"Noor\\ Smets"@example.org'),
    ],
)
def test_two_writings_of_an_address_are_one_contact(wolkenwerf: Cast, one: str, other: str) -> None:
    assert known(wolkenwerf, one) == known(wolkenwerf, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("noor@example.org", "noor+werf@example.org"), ('"a b"@example.org', "ab@example.org"), ("a.b@x.be", "ab@x.be")],
)
def test_what_may_be_another_mailbox_is_another_contact(wolkenwerf: Cast, one: str, other: str) -> None:
    assert known(wolkenwerf, one) != known(wolkenwerf, other)


@pytest.mark.parametrize(
    "address",
    ["", "noor", "noor@", "@example.org", "a b@example.org", "noor@[127.0.0.1]", "noor@example..org", "é@example.org",
     "noor@example.org\nBcc: all@example.org", '"a"b"@example.org', "a" * 65 + "@example.org",
     "n@" + "a" * 260 + ".org"],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused(wolkenwerf: Cast, address: str) -> None:
    with pytest.raises(Refused) as refused:
        known(wolkenwerf, address)
    assert refused.value.code == "messages.address_wrong"
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("address", ["noor+werf@example.org", "noor@bücher.example", '"noor smets"@example.org'])
def test_an_unusual_address_is_written_to(wolkenwerf: Cast, letter: str, server: Mailbox, address: str) -> None:
    """A plus, an umlaut in the domain, a quoted part: the mail server gets what it can take."""
    contact_id = known(wolkenwerf, address)
    actions.send_letter(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, template=letter, context=Invitation(), contact_id=contact_id
    )
    tasks.deliver(str(Mail.objects.get().id))
    assert Mail.objects.get().state == MailState.DELIVERED, Mail.objects.get().words
    assert len(server.to(addresses.envelope(address))) == 1


def test_a_stranger_does_not_rename_whom_we_know(wolkenwerf: Cast, letter: str) -> None:
    """Whoever types an address may be anybody: the first name stays, and greets nobody until confirmed."""
    contact_id = known(wolkenwerf, name="")
    known(wolkenwerf, name="Noor")
    known(wolkenwerf, name="You idiot", language="fr")
    assert (facts(wolkenwerf, contact_id).name, facts(wolkenwerf, contact_id).language) == ("Noor", "nl")
    write = {"actor": SYSTEM, "now": NOW, "coop_id": wolkenwerf.id, "template": letter, "context": Invitation()}
    actions.send_letter(**write, contact_id=contact_id)
    actions.confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    actions.send_letter(**write, contact_id=contact_id)
    texts = list(Mail.objects.order_by("id").values_list("text", flat=True))
    assert ["Noor" in text for text in texts] == [False, True]
    # Who confirmed without a name stays without: what somebody else types would greet them.
    nameless = known(wolkenwerf, "jos@example.org", name="")
    actions.confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=nameless)
    assert known(wolkenwerf, "jos@example.org", name="You idiot") == nameless
    assert facts(wolkenwerf, nameless).name == ""


@pytest.mark.parametrize(
    "name", ["N" * 121, "Win at https://evil.example", "www.evil.example", "write to me@evil.example"]
)
def test_a_name_is_no_advertisement(wolkenwerf: Cast, name: str) -> None:
    with pytest.raises(Refused) as refused:
        known(wolkenwerf, name=name)
    assert refused.value.code == "messages.name_wrong"


def test_a_name_does_not_smuggle_a_header_in(wolkenwerf: Cast, letter: str, server: Mailbox) -> None:
    contact_id = known(wolkenwerf, name="Noor\r\nBcc: all@\u200bexample\x00\u202e")
    assert facts(wolkenwerf, contact_id).name == "Noor Bcc: all@ example"
    actions.confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    actions.send_letter(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, template=letter, context=Invitation(), contact_id=contact_id
    )
    tasks.deliver(str(Mail.objects.get().id))
    [mail] = server.to("Noor@Example.org")
    assert mail.message["Bcc"] is None


def test_a_link_is_for_one_purpose_one_person_and_one_coop(wolkenwerf: Cast, nederwerf: Cast) -> None:
    noor, other = known(wolkenwerf), known(wolkenwerf, "other@example.org")
    with tenant(wolkenwerf.id):
        token = links.sign(noor, "tests.read")
        assert links.read(token, "tests.read") == noor
        assert links.read(token, "tests.write") is None
        assert links.sign_many([noor, other], "tests.read")[noor] == token
        forged = links.sign(other, "tests.read")[:22] + token[22:]
        for broken in (token[:-1] + ("A" if token[-1] != "A" else "B"), token + "A", "", "é", "x" * 300, forged):
            assert links.read(broken, "tests.read") is None, broken
    with tenant(nederwerf.id):
        assert links.read(token, "tests.read") is None
    actions.revoke_links(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=noor)
    with tenant(wolkenwerf.id):
        assert links.read(token, "tests.read") is None
        assert links.read(links.sign(noor, "tests.read"), "tests.read") == noor


def test_who_is_forgotten_leaves_an_id(wolkenwerf: Cast, letter: str) -> None:
    """Address, name, links and what was written to them go; the same address later is somebody new."""
    contact_id = known(wolkenwerf)
    actions.send_letter(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, template=letter, context=Invitation(), contact_id=contact_id
    )
    with tenant(wolkenwerf.id):
        token = links.sign(contact_id, "tests.read")
    for _twice in range(2):
        actions.forget_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    left = facts(wolkenwerf, contact_id)
    assert (left.email, left.name, left.forgotten_at) == ("", "", NOW)
    mail = Mail.objects.get()
    assert (mail.to, mail.text, mail.html) == ("", "…", "")
    with tenant(wolkenwerf.id):
        assert links.read(token, "tests.read") is None
        assert queries.contact_by_email(wolkenwerf.id, "noor@example.org") is None
    with pytest.raises(Refused) as refused:
        actions.confirm_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id)
    assert refused.value.code == "messages.contact_gone"
    assert known(wolkenwerf) != contact_id


def test_who_is_erased_with_an_account_is_forgotten_as_a_contact_too(wolkenwerf: Cast, nederwerf: Cast) -> None:
    noor = make_person("Noor", "Aerts", email="noor@example.org")
    here, there, other = known(wolkenwerf), known(nederwerf), known(nederwerf, "other@example.org")
    from coopwerf.messages.reactions import forget_mails

    with connection.cursor():
        forget_mails(
            PartyErased(noor.party_id, frozenset(), frozenset(), frozenset({"noor@example.org"})), actor=SYSTEM, now=NOW
        )
    assert facts(wolkenwerf, here).forgotten_at == facts(nederwerf, there).forgotten_at == NOW
    assert facts(nederwerf, other).forgotten_at is None


def test_a_contact_is_told_what_is_stored(wolkenwerf: Cast, letter: str) -> None:
    contact_id = known(wolkenwerf)
    actions.send_letter(
        actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, template=letter, context=Invitation(), contact_id=contact_id
    )
    actions.block_contact(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id, contact_id=contact_id, reason=BlockReason.ASKED)
    with tenant(wolkenwerf.id):
        told = {one.key: one for one in queries.contact_pieces(wolkenwerf.id, contact_id) if isinstance(one, Table)}
    assert told["contacts"].rows[0]["email"] == "Noor@Example.org"
    assert told["contacts"].rows[0]["blocked"] == "asked"
    assert "metsen zaterdag" in told["letters"].rows[0]["text"]


def test_another_coop_knows_nobody_of_ours(wolkenwerf: Cast, nederwerf: Cast) -> None:
    contact_id = known(wolkenwerf)
    with tenant(nederwerf.id), pytest.raises(Contact.DoesNotExist):
        queries.contact(wolkenwerf.id, contact_id)
    with pytest.raises(Refused):
        actions.forget_contact(actor=VISITOR, now=NOW, coop_id=nederwerf.id, contact_id=contact_id)
    assert known(nederwerf) != contact_id


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_make_one_contact(wolkenwerf: Cast) -> None:
    found: list[uuid.UUID] = []

    def send() -> None:
        found.append(known(wolkenwerf))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_forms_ask_for_so_many_mails_to_one_mailbox_and_from_one_place() -> None:
    """In however many co-operatives, and whatever stands behind a plus."""
    asked = [addresses.once_more_to(f"Noor+{number}@Example.org") for number in range(20)]
    assert asked == [True] * addresses.TO_ONE_MAILBOX + [False] * (20 - addresses.TO_ONE_MAILBOX)
    assert addresses.mailbox("+@example.org") == "+@example.org"
    asked = [addresses.once_more_to(f"een{number}@example.org", place="192.0.2.1") for number in range(70)]
    assert asked.count(True) == addresses.FROM_ONE_PLACE
