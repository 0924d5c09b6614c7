"""What nobody confirmed counts for nothing: it gets no place, and nobody is written to for it."""

import uuid

import pytest

from coopwerf.founding import actions
from coopwerf.founding.models import HelpOffer
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.actions import know_contact
from tests.cast import NOW, Cast

from .building import called, offered
from .reporting import act
from .test_reports import code_of

pytestmark = pytest.mark.django_db


def test_nobody_is_written_to_who_confirmed_nothing(wolkenwerf: Cast) -> None:
    call_id = called(wolkenwerf, is_direct=False)
    offered(wolkenwerf, call_id, "Noor", confirm=False)
    with tenant(wolkenwerf.id):
        offer = HelpOffer.objects.get()
    assert code_of(actions.accept_offer, **act(wolkenwerf), offer_id=offer.id) == "founding.offer_changed"
    someone = {"email": "jos@example.org", "name": "Jos", "language": "nl"}
    whose = {"actor": VISITOR, "now": NOW, "coop_id": wolkenwerf.id}
    question = {"call_id": call_id, "words": "Kan ik komen kijken?"}
    actions.ask_question(**whose, **someone, **question, key=uuid.uuid4())  # type: ignore[arg-type]
    jos = know_contact(**whose, **someone)  # type: ignore[arg-type]
    stranger = know_contact(**whose, **{**someone, "email": "an@example.org"})  # type: ignore[arg-type]
    for contact_id in (offer.contact_id, jos, stranger):
        answer = {"call_id": call_id, "contact_id": contact_id, "key": uuid.uuid4(), "words": "Graag!"}
        assert code_of(actions.answer_message, **act(wolkenwerf), **answer) == "founding.talk_gone"
    said = {**whose, "call_id": call_id, "contact_id": stranger, "key": uuid.uuid4(), "words": "Hallo"}
    assert code_of(actions.write_message, **said) == "founding.call_gone"
