"""Mail that is signed: whoever receives it can check that it is ours, and that nobody changed how to leave."""

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django.fixtures import Settings

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.messages import actions, bulk_mime, queries, signing, tasks
from coopwerf.messages.states import MailState
from tests.cast import NOW
from tests.journeys.mailbox import Mailbox

DNS = dict[bytes, bytes]


@pytest.fixture
def dns(settings: Settings, tmp_path: Path) -> DNS:
    """Let mail be signed, and return what stands in the domain name system for it."""
    import base64

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    settings.DKIM_KEY, settings.DKIM_SELECTOR, settings.DEFAULT_FROM_EMAIL = str(path), "werf", "werf@example.org"
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {b"werf._domainkey.example.org.": b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)}


def verified(content: bytes, dns: DNS) -> bool:
    """Check a signature as a receiving server does."""
    return bool(dkim.verify(content, dnsfunc=lambda name, timeout=5: dns.get(name)))


def newsletter() -> bytes:
    """Return a mail of a batch."""
    text = bulk_mime.BulkText("nl", "Nieuws – één", "Dag\n.\nmet een punt", "<p>Dag</p>")
    form = bulk_mime.BulkForm(text, sender="Werf <werf@example.org>", reply_to="", list_id="<news.werf.example.org>")
    reader = bulk_mime.Reader("jana@example.org", "<1@example.org>", NOW, {"leave": "https://example.org/leave/x/"})
    return form.filled(reader)


def test_a_newsletter_is_signed_with_its_way_out(dns: DNS) -> None:
    whole = signing.signed(newsletter())
    assert verified(whole, dns)
    for header in (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"List-Unsubscribe", b"List-Unsubscribe-Post"):
        changed = whole.replace(b"\r\n" + header + b": ", b"\r\n" + header + b": x", 1)
        assert changed != whole
        assert not verified(changed, dns), header
    added = whole.replace(b"\r\nFrom: ", b"\r\nSubject: another\r\nFrom: ", 1)
    assert not verified(added, dns), "a second subject"
    assert not verified(whole.replace(b"met een punt", b"met een komma"), dns)


@pytest.mark.django_db
def test_every_mail_that_leaves_is_signed(server: Mailbox, dns: DNS) -> None:
    mail_id = actions.keep_mail(actor=SYSTEM, now=NOW, to="jana@example.org", subject="Uw code", text=".\nDag é")
    tasks.deliver(str(mail_id))
    assert verified(server.raw[0], dns)


@pytest.mark.django_db
def test_without_its_key_nothing_leaves_unsigned(server: Mailbox, settings: Settings, tmp_path: Path) -> None:
    """A key that isn't there, or is none, puts mail off: the administrator reads why."""
    for path in (tmp_path / "nowhere.pem", Path(__file__)):
        settings.DKIM_KEY = str(path)
        mail_id = actions.keep_mail(actor=SYSTEM, now=clock.now(), to="jana@example.org", subject="x", text="x")
        tasks.deliver(str(mail_id))
        told = queries.mail(mail_id)
        assert told is not None
        assert told.state is MailState.WAITING
        assert told.words
    assert server.raw == []
