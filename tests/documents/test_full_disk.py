"""A disk that is full while a document is made: a sentence, nothing half there, and the same document later."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from coopwerf.documents import actions, tasks
from coopwerf.documents import queries as documents
from coopwerf.kernel.tenancy import tenant
from tests.cast import NOW, Cast
from tests.register.test_certificates import certificate
from tests.register.test_register import admit, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def no_room() -> Iterator[None]:
    """Let this process write no file longer than 4 kB, as the system itself says it: EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def left_behind(coop: Cast) -> list[Path]:
    """Return what stands in the folder of a co-operative's documents."""
    return sorted((Path(settings.MEDIA_ROOT) / "documents" / str(coop.id)).glob("*"))


def test_a_full_disk_leaves_nothing_half_done(with_class: Cast, no_room: None) -> None:
    """The page says what to do; no file, no half file, and no certificate that nobody holds."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    document = certificate(with_class, jana)
    assert (document.state.value, document.reason) == ("failed", "documents.disk_full")
    assert left_behind(with_class) == []
    with tenant(with_class.id):
        from coopwerf.register import queries

        assert queries.certificates_of(with_class.id, jana.id) == []
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    page = with_class.secretary.browser().get(with_class.url(f"documents/{document.token}/")).content.decode()
    assert "schijf" in page
    assert "again/" in page


def test_once_there_is_room_the_same_document_is_made(with_class: Cast) -> None:
    """Asked again, it is made; the member list too."""
    jana = admit(with_class, "Peeters", "Jana", 4)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        document = certificate(with_class, jana)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert document.reason == "documents.disk_full"
    actions.ask_again(actor=with_class.secretary.actor, now=NOW, coop_id=with_class.id, document_id=document.id)
    tasks.make(str(with_class.id), str(document.id))
    with tenant(with_class.id):
        made = documents.document(with_class.id, document.id)
        assert made.is_ready
        assert documents.file_of(made).startswith(b"%PDF")
    assert len(left_behind(with_class)) == 1
