"""Forgetting: the accounts of who was erased, and what the bank wrote once no law asks for it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Coalesce

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import BankEntryWords, Claim, Question, StatementFile

AT_ONCE = 20_000


@action(verb="payments.person_forgotten")
def forget_person(*, coop_id: uuid.UUID, party_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Delete to which accounts somebody who is being erased was paid; return of how many claims.

    Raises Refused for anybody but the installation and the person.
    """
    if not actor.is_system and party_id not in actor.parties and not actor.is_administrator:
        raise Refused("people.not_yours")
    found = queries.payees_about(coop_id, party_id)
    Claim.objects.filter(coop_id=coop_id, id__in=found).update(iban="", holder="", payer="", touched_at=now)
    asked = Question.objects.filter(coop_id=coop_id, party_id=party_id)
    questions = asked.update(iban="", holder="", closed_at=Coalesce("closed_at", now))
    audit("party", party_id, claims=len(found), questions=questions)
    return len(found)


@action(verb="payments.payers_forgotten")
def forget_payers(*, coop_id: uuid.UUID, claim_ids: Sequence[uuid.UUID], actor: Actor, now: dt.datetime) -> int:
    """Forget who said that they would pay these claims; return of how many. Raises Refused for who may not."""
    if not actor.is_system and not actor.is_administrator:
        policies.may_keep_bank(actor, coop_id, civil_date(now)).require()
    rows = Claim.objects.filter(coop_id=coop_id, id__in=list(claim_ids)).exclude(payer="")
    gone = rows.update(payer="", touched_at=now)
    audit("coop", coop_id, claims=gone)
    return gone


@action(verb="payments.old_words_forgotten")
def forget_old_words(*, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Delete what the bank wrote with lines that no law asks to keep any more, and its files; return of how many lines.

    The lines themselves stay: amounts, days and references of the bank, which name nobody. Raises Refused for anybody
    but the installation.
    """
    if not actor.is_system:
        raise Refused("kernel.not_signed_in")
    before = queries.kept_from(coop_id, civil_date(now))
    entry_ids = queries.old_words(coop_id, before, limit=AT_ONCE)
    BankEntryWords.objects.filter(entry_id__in=entry_ids).delete()
    Question.objects.filter(coop_id=coop_id, entry_id__in=entry_ids).update(iban="", holder="")
    files = queries.old_files(coop_id, before)
    StatementFile.objects.filter(id__in=[file_id for file_id, _stored in files]).update(stored="", name="–")
    for _file_id, stored in files:
        # What can't be undone comes last.
        transaction.on_commit(lambda name=stored: default_storage.delete(name))  # type: ignore[misc]
    audit("coop", coop_id, lines=len(entry_ids), files=len(files), before=before)
    return len(entry_ids)
