"""Questions about an offer: those that the co-operative answers on its page, and those that visitors send it."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.coops.states import Power
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import send_letter
from coopwerf.people.states import clean_email
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import letters, policies, queries
from ..models import Offer, OfferQuestion
from .offers import held

LONGEST_QUESTION = 2000


@action(verb="capital.question_written")
def write_question(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    question_id: uuid.UUID | None = None,
    texts: Mapping[str, tuple[str, str]],
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Put a question with its answer on the page of an offer, or write one anew; return its id."""
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    told = {}
    for language, (question, answer) in texts.items():
        if language not in LANGUAGE_NAMES:
            raise Refused("capital.language_unknown")
        for text, longest in ((question, policies.LONGEST_LINE), (answer, policies.LONGEST_TEXT)):
            if len(text) > longest:
                raise Refused("capital.text_too_long", length=len(text), longest=longest)
        if question.strip() and answer.strip():
            told[language] = {"question": question.strip(), "answer": answer.replace("\r\n", "\n").strip()}
    if not told:
        raise Refused("capital.question_empty")
    questions = OfferQuestion.objects.filter(coop_id=coop_id, offer=row)
    if question_id is None:
        last = questions.order_by("-place").first()
        if questions.count() >= policies.MOST_QUESTIONS:
            raise Refused("capital.questions_full", most=policies.MOST_QUESTIONS)
        one = OfferQuestion(coop_id=coop_id, offer=row, place=1 if last is None else last.place + 1)
    else:
        found = questions.filter(id=question_id).first()
        if found is None:
            raise Refused("capital.question_gone")
        one = found
    one.texts, one.changed_at = told, now
    one.save()
    _changed(row)
    audit("offer", row.id, question=one.id, place=one.place)
    return one.id


@action(verb="capital.question_removed")
def remove_question(
    *, coop_id: uuid.UUID, offer_id: uuid.UUID, question_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> None:
    """Take a question with its answer off the page of an offer."""
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    gone, _tables = OfferQuestion.objects.filter(coop_id=coop_id, offer=row, id=question_id).delete()
    if not gone:
        raise Refused("capital.question_gone")
    _changed(row)
    audit("offer", row.id, question=question_id)


def _changed(row: Offer) -> None:
    row.revision += 1
    row.save(update_fields=["revision"])


@action(verb="capital.offer_asked_about")
def ask_about(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    name: str,
    email: str,
    question: str,
    language: str,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Mail a visitor's question to those who manage offers; return to how many. Nothing of it is kept here.

    Who asks is who they say they are: nobody checked the address, and the mail says so.
    """
    today = clock.civil_date(now)
    facts = queries.offer_facts(coop_id, offer_id, today)
    if facts is None or not facts.is_public:
        raise Refused("capital.offer_gone")
    address = clean_email(email)
    text = question.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST_QUESTION:
        raise Refused("capital.text_too_long", length=len(text), longest=LONGEST_QUESTION, path="question")
    coop = coops.coop_facts(coop_id)
    told = letters.QuestionLetter(
        coop=coop.name,
        titles={code: facts.words(code).title for code in facts.languages},
        name=name.strip()[:120],
        email=address,
        language=language,
        question=text,
        url=settings.BASE_URL + reverse("capital:questions", kwargs={"slug": coop.slug, "offer": facts.slug}),
    )
    readers = sorted(coops.holders_of(coop_id, Power.MANAGE_OFFERS, today))
    for party_id in readers:
        send_letter(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            template=letters.QUESTION,
            context=told,
            party_id=party_id,
        )
    audit("offer", facts.id, readers=len(readers))
    return len(readers)
