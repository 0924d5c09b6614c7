"""What somebody without an account translated: nothing of it is public before an author read it, nor once declined."""

from typing import Any

import pytest

from coopwerf.founding import actions
from coopwerf.founding.states import Rendering
from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.messages.actions import know_contact
from tests.cast import NOW, Cast

from .reporting import FRENCH, act, drafted, facts, pictured
from .test_reports import code_of, read

pytestmark = pytest.mark.django_db
SEEN = "Deux bénévoles portent un serveur"


def made(cast: Cast) -> tuple[Any, Any]:
    """Let a helper translate a report with a picture; return the report, and the translation that waits."""
    report_id = drafted(cast)
    place = pictured(cast, report_id)
    actions.publish_report(**act(cast), report_id=report_id)
    someone = {"email": "noor@example.org", "name": "Noor", "language": "fr"}
    helper = know_contact(actor=VISITOR, now=NOW, coop_id=cast.id, **someone)
    told = {"language": "fr", "of_version": 1, "translator": "Noor", "contact_id": helper, "alts": {place: SEEN}}
    by_system = {**act(cast), "actor": SYSTEM}
    return report_id, actions.record_translation(**by_system, report_id=report_id, words=FRENCH, **told)


def test_what_a_helper_says_of_a_picture_waits_with_the_rest(wolkenwerf: Cast) -> None:
    report_id, translation_id = made(wolkenwerf)
    assert SEEN not in read(wolkenwerf, language="fr")
    assert [one.texts.get("fr") for one in facts(wolkenwerf, report_id).pictures.values()] == [None]
    whose = {**act(wolkenwerf), "report_id": report_id, "translation_id": translation_id}
    actions.accept_translation(**whose)
    assert SEEN in read(wolkenwerf, language="fr")


def test_what_was_declined_is_not_shown_by_an_old_button(wolkenwerf: Cast) -> None:
    """Two authors read it; one says no, and the page of the other still has its button."""
    report_id, translation_id = made(wolkenwerf)
    whose = {**act(wolkenwerf), "report_id": report_id, "translation_id": translation_id}
    actions.decline_translation(**whose)
    assert code_of(actions.accept_translation, **whose) == "founding.translation_gone"
    assert facts(wolkenwerf, report_id).rendering("fr") is Rendering.MISSING
    assert SEEN not in read(wolkenwerf, language="fr")
