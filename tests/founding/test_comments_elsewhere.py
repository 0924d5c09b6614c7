"""A comment answers what is shown below its own report, and belongs to who wrote it, whatever a form says."""

import dataclasses
import uuid

import pytest

from coopwerf.founding import actions
from coopwerf.founding.states import CommentState
from coopwerf.kernel.actor import VISITOR
from coopwerf.messages.actions import know_contact
from tests.cast import NOW, Cast

from .reporting import DUTCH, act, published
from .test_reports import code_of

pytestmark = pytest.mark.django_db


def said(cast: Cast, report_id: uuid.UUID, email: str, **other: object) -> actions.Said:
    """Say something below a report, from a browser that has shown whose address it is."""
    someone = {"email": email, "name": "", "language": "nl"}
    whose = {"actor": VISITOR, "now": NOW, "coop_id": cast.id}
    contact_id = know_contact(**whose, **someone)  # type: ignore[arg-type]
    told = {"pseudonym": email.partition("@")[0], "email": email, "text": "Mooi!", "language": "nl", **other}
    return actions.say(**whose, report_id=report_id, key=uuid.uuid4(), proven_id=contact_id, **told)  # type: ignore[arg-type]


def test_nothing_answers_what_is_not_shown_or_stands_elsewhere(wolkenwerf: Cast) -> None:
    here = published(wolkenwerf)
    there = published(wolkenwerf, dataclasses.replace(DUTCH, title="Een ander verslag"))
    first = said(wolkenwerf, here, "noor@example.org")
    assert first.state is CommentState.HELD
    answer = {"parent_id": first.comment_id}
    assert code_of(said, wolkenwerf, here, "jos@example.org", **answer) == "founding.comment_gone"
    actions.approve_comment(**act(wolkenwerf), comment_id=first.comment_id, revision=1)
    assert code_of(said, wolkenwerf, there, "jos@example.org", **answer) == "founding.comment_gone"
    assert said(wolkenwerf, here, "jos@example.org", **answer).state is CommentState.HELD


def test_nobody_mends_or_takes_back_what_another_said(wolkenwerf: Cast) -> None:
    report_id = published(wolkenwerf)
    hers, his = (said(wolkenwerf, report_id, email) for email in ("noor@example.org", "jos@example.org"))
    whose = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id}
    whose |= {"comment_id": hers.comment_id, "contact_id": his.contact_id}
    assert code_of(actions.edit_comment, **whose, text="Lelijk!") == "founding.comment_gone"
    assert code_of(actions.take_back_comment, **whose) == "founding.comment_gone"
    assert code_of(actions.confirm_comment, **whose) == "founding.comment_gone"
    assert code_of(actions.follow_answers, **whose, wants=False) == "founding.comment_gone"
