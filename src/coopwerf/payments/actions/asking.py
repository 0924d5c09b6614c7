"""Asking who paid too much what is to be done with the rest, and noting the answer. Neither books anything."""

import base64
import datetime as dt
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from coopwerf.coops import queries as coops
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import token_hash
from coopwerf.messages.actions import send_letter
from coopwerf.people import queries as people
from coopwerf.register.states import invitations

from .. import policies, queries
from ..letters import PAYER_ASKED, PayerAsked
from ..models import BankEntry, Question
from ..queries import EntryFacts
from ..states import Answer
from .matching import entry_of, proposed

SURE = frozenset({"communication_exact", "communication_permanent", "reference_in_text", "iban_known"})
"""Reasons by which the account from which money came may be shown to whose claim it is."""


def page_token(question_id: uuid.UUID) -> str:
    """Return the secret of a question's page: only mailed, never shown."""
    digest = salted_hmac("coopwerf.payments.question", str(question_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _held(coop_id: uuid.UUID, entry_id: uuid.UUID) -> EntryFacts:
    """Lock an entry, so that nobody explains it meanwhile, and return it."""
    if not BankEntry.objects.select_for_update().filter(coop_id=coop_id, id=entry_id).exists():
        raise Refused("payments.entry_unknown")
    return entry_of(coop_id, entry_id)


@action(verb="payments.payer_asked")
def ask_payer(
    *, coop_id: uuid.UUID, entry_id: uuid.UUID, claim_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Ask by mail whose claim an entry pays too much what is to be done with the rest; return the question.

    Raises Refused where it isn't more, where it isn't known whose money it is or how to reach them, and where they
    were asked already and that still stands.
    """
    today = civil_date(now)
    policies.may_keep_bank(actor, coop_id, today).require()
    entry = _held(coop_id, entry_id)
    claim = queries.claim_facts(coop_id, claim_id)
    proposal = proposed(coop_id, entry, claim_id)
    if claim is None or proposal is None or proposal.together:
        raise Refused("payments.claim_unknown")
    policies.may_ask(entry, claim).require()
    assert claim.party_id is not None
    if claim.party_id not in people.email_of([claim.party_id]):
        raise Refused("payments.no_address")
    before = queries.question_of(coop_id, entry_id)
    if before is not None and not before.is_stale:
        raise Refused("payments.asked_already")
    Question.objects.filter(coop_id=coop_id, entry_id=entry_id, closed_at=None).update(closed_at=now)
    is_sure = any(reason.code in SURE for reason in proposal.reasons)
    question_id = uuid7()
    token = page_token(question_id)
    row = Question.objects.create(
        id=question_id,
        coop_id=coop_id,
        entry_id=entry_id,
        claim_id=claim_id,
        party_id=claim.party_id,
        token_hash=token_hash(token),
        over=queries.over_of(entry, claim),
        iban=policies.payable_account(entry.iban) if is_sure else "",
        holder=entry.name[: policies.LONGEST_HOLDER] if is_sure else "",
        asked_at=now,
    )
    coop = coops.coop_facts(coop_id)
    letter = PayerAsked(
        coop=coop.name,
        came=entry.amount,
        on=entry.booked,
        kind=claim.kind,
        digits=claim.digits,
        asked=claim.amount,
        is_paid=not claim.open and entry.open == entry.amount,
        over=row.over,
        url=settings.BASE_URL + reverse("payments:question", kwargs={"slug": coop.slug, "token": token}),
    )
    send_letter(actor=SYSTEM, now=now, coop_id=coop_id, template=PAYER_ASKED, context=letter, party_id=claim.party_id)
    audit("bank_entry", entry_id, question=row.id, claim=claim_id, over=row.over)
    return row.id


@action(verb="payments.payer_answered")
def answer_question(
    *,
    coop_id: uuid.UUID,
    token: str,
    answer: Answer,
    claim_id: uuid.UUID | None = None,
    iban: str = "",
    holder: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Note what whoever has the secret wants: the money back to an account, for a claim of theirs, or more shares.

    It can be answered otherwise until the treasurer acts. Raises Refused payments.question_gone, question_closed, and
    what is wrong with the account or the choice.
    """
    known = queries.question_by_token(coop_id, token)
    if known is None:
        raise Refused("payments.question_gone")
    _held(coop_id, known.entry.id)
    row = Question.objects.select_for_update().get(coop_id=coop_id, id=known.id)
    facts = queries.question_by_token(coop_id, token)
    if facts is None or not facts.is_open:
        raise Refused("payments.question_closed")
    if answer is Answer.BACK:
        row.iban, row.holder = policies.clean_account(iban), policies.clean_holder(holder)
    if answer is Answer.OWED and claim_id not in {one.id for one in queries.question_choices(coop_id, facts)}:
        raise Refused("payments.claim_unknown")
    if answer is Answer.SHARES and not invitations(coop_id, civil_date(now)):
        raise Refused("payments.no_offer")
    row.answer = answer.value
    row.for_claim_id = claim_id if answer is Answer.OWED else None
    row.answered_at = now
    row.save(update_fields=["answer", "for_claim", "iban", "holder", "answered_at"])
    audit("question", row.id, entry=row.entry_id, answer=answer.value, claim=row.for_claim_id)
