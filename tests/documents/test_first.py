"""Documents from the wish to the file."""

import pytest

from coopwerf.documents import actions, papers, tasks
from coopwerf.kernel.verdict import allow

from ..cast import NOW, Cast
from .samples import certificate


@pytest.fixture
def kind():
    yield papers.declare(
        "tests.certificate",
        name="Certificate",
        build=lambda wanted, now: certificate(),
        may_ask=lambda *a: allow(),
        may_read=lambda *a: allow(),
    )
    papers.kinds._kinds.pop("tests.certificate")


def test_it(wolkenwerf: Cast, kind) -> None:
    asked = actions.ask_document(
        actor=wolkenwerf.secretary.actor, now=NOW, coop_id=wolkenwerf.id, kind="tests.certificate", language="nl"
    )
    client = wolkenwerf.secretary.browser()
    r = client.get(wolkenwerf.url(f"documents/{asked.token}/"))
    assert r.status_code == 200
    tasks.make(str(wolkenwerf.id), str(asked.id))
    r = client.get(wolkenwerf.url(f"documents/{asked.token}/"))
    assert r.status_code == 200
    r = client.get(wolkenwerf.url(f"documents/{asked.token}/file/"))
    assert b"".join(r.streaming_content).startswith(b"%PDF")
