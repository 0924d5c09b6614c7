"""The only writers of documents and pictures."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from coopwerf.coops import queries as coops
from coopwerf.coops.states import language_with
from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, announce, audit, fact_value
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.people import policies as people_policies

from . import files, pictures, policies, queries
from .happenings import DocumentFailed, DocumentMade
from .models import Document, Picture
from .papers.base import Setting, set_file
from .papers.kinds import Wanted, known_kinds
from .queries import DocumentFacts, letterhead_of
from .states import TRANSITIONS, DocumentState, Licence


@action(verb="documents.asked")
def ask_document(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    kind: str,
    language: str,
    party_id: uuid.UUID | None = None,
    as_of: dt.date | None = None,
    known_position: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> DocumentFacts:
    """Ask for a document of a declared kind; a worker makes it, and the page at its token says when it is there.

    `party_id` is whom it concerns, `known_position` the chain position up to which the register is read (by
    default all there is now), `params` ids, codes and numbers for its kind. Raises Refused
    documents.unknown_kind and what the kind's policy refuses.
    """
    given = {str(key): fact_value(str(key), value) for key, value in (params or {}).items()}
    wanted = Wanted(
        coop_id=coop_id, party_id=party_id, language=language, as_of=as_of, known_position=known_position, params=given
    )
    policies.may_ask(actor, kind, wanted, clock.civil_date(now)).require()
    if known_position is None:
        known_position = int(chain.head_of(coop_id).partition(":")[0])
    row = Document.objects.create(
        coop_id=coop_id,
        kind=kind,
        party_id=party_id,
        asked_by=actor.party_id,
        asked_at=now,
        language=language,
        as_of=as_of,
        known_position=known_position,
        params=given,
    )
    audit("document", row.id, kind=kind, as_of=as_of, known=known_position, party=party_id)
    _enqueue(row)
    return queries.document(coop_id, row.id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Say whom one of many documents concerns, in which language, with which arguments of its kind."""

    party_id: uuid.UUID | None
    language: str
    params: Mapping[str, Any]


@action(verb="documents.asked_many")
def ask_documents(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    kind: str,
    wishes: Sequence[Wish],
    as_of: dt.date | None = None,
) -> list[uuid.UUID]:
    """Ask for many documents of one kind at once, as `ask_document` does for one; return their ids in order.

    Few questions to the database, whatever their number.
    """
    on = clock.civil_date(now)
    known_position = int(chain.head_of(coop_id).partition(":")[0])
    rows = []
    for wish in wishes:
        given = {str(key): fact_value(str(key), value) for key, value in wish.params.items()}
        wanted = Wanted(
            coop_id=coop_id,
            party_id=wish.party_id,
            language=wish.language,
            as_of=as_of,
            known_position=None,
            params=given,
        )
        policies.may_ask(actor, kind, wanted, on).require()
        rows.append(
            Document(
                coop_id=coop_id,
                kind=kind,
                party_id=wish.party_id,
                asked_by=actor.party_id,
                asked_at=now,
                language=wish.language,
                as_of=as_of,
                known_position=known_position,
                params=given,
            )
        )
    Document.objects.bulk_create(rows, batch_size=1000)
    audit("document", None, kind=kind, as_of=as_of, known=known_position, documents=len(rows))
    # The task knows this module: it is imported only when there is something to do.
    from .tasks import defer_making_many

    defer_making_many(coop_id, [row.id for row in rows])
    return [row.id for row in rows]


@action(verb="documents.asked_again")
def ask_again(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Have a document that failed made once more; raises Refused documents.not_failed, documents.not_yours."""
    row = Document.objects.select_for_update().get(coop_id=coop_id, pk=document_id)
    policies.may_retry(actor, queries.document(coop_id, document_id), clock.civil_date(now)).require()
    _move(row, DocumentState.ASKED)
    row.reason = ""
    row.save(update_fields=["state", "reason"])
    audit("document", row.id, kind=row.kind)
    _enqueue(row)


@action(verb="documents.begun")
def begin_document(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, document_id: uuid.UUID) -> bool:
    """Say that a worker has taken up a document; return False when there is nothing left to do.

    A document found in the making was left by a worker that died: it is begun again.
    """
    row = Document.objects.select_for_update().get(coop_id=coop_id, pk=document_id)
    begun = row.state in (DocumentState.ASKED, DocumentState.MAKING)
    if begun:
        _move(row, DocumentState.MAKING)
        row.attempts += 1
        row.save(update_fields=["state", "attempts"])
    audit("document", row.id, kind=row.kind, attempt=row.attempts, begun=begun)
    return begun


@action(verb="documents.made")
def make_document(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Gather the facts, set the paper and keep its file; the hash of the file goes into the audit trail.

    The file appears whole or not at all. Raises Refused documents.disk_full and what the kind's builder
    refuses, and PaperError when the paper can't be set: then nothing has changed.
    """
    row = Document.objects.select_for_update().get(coop_id=coop_id, pk=document_id)
    wanted = queries.document(coop_id, document_id).wanted
    coop = coops.coop_facts(coop_id)
    row.head = chain.head_of(coop_id)
    word = coops.share_word(coop_id, row.as_of or clock.civil_date(now))
    with translation.override(language_with(word, row.language)):
        setting = Setting(
            letterhead=letterhead_of(coop_id, row.as_of or clock.civil_date(now)),
            language=row.language,
            at=now,
            head=row.head,
        )
        papers = known_kinds()[row.kind].build(wanted, now).papers(setting)
        made = set_file(papers, row.language, now)
    row.name, row.media_type = f"{coop.slug}-{made.name}", made.media_type
    row.file = f"documents/{coop_id}/{row.id}.{made.name.rpartition('.')[2]}"
    row.size, row.sha256, row.made_at = len(made.content), hashlib.sha256(made.content).hexdigest(), now
    _move(row, DocumentState.READY)
    files.put(row.file, made.content)
    row.save()
    audit("document", row.id, kind=row.kind, sha256=row.sha256, head=row.head, volumes=len(papers))
    announce(DocumentMade(coop_id, row.id, row.kind, row.party_id))


@action(verb="documents.failed")
def fail_document(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, document_id: uuid.UUID, reason: str) -> None:
    """Write down why a document could not be made, as a refusal code."""
    row = Document.objects.select_for_update().get(coop_id=coop_id, pk=document_id)
    _move(row, DocumentState.FAILED)
    row.reason = reason
    row.save(update_fields=["state", "reason"])
    audit("document", row.id, kind=row.kind, reason=reason, attempt=row.attempts)
    announce(DocumentFailed(coop_id, row.id, row.kind, row.party_id, reason))


def _move(row: Document, state: DocumentState) -> None:
    if state not in TRANSITIONS[DocumentState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    row.state = state.value


def _enqueue(row: Document) -> None:
    # The task knows this module: it is imported only when there is something to do.
    from .tasks import defer_making

    defer_making(row.coop_id, row.id)


@action(verb="documents.removed")
def remove_for_privacy(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, party_id: uuid.UUID) -> int:
    """Remove the documents about somebody who was erased, and those about everybody; return how many.

    A list of all members can be made anew, without the name where no law keeps it. The files go when the
    transaction is through; a worker looks after it too, should this process die at that moment.
    """
    people_policies.may_host(actor).require()
    rows = Document.objects.select_for_update().filter(Q(party_id=party_id) | Q(party_id__isnull=True), coop_id=coop_id)
    removed = list(rows.exclude(state=DocumentState.REMOVED))
    names = [row.file for row in removed if row.file]
    for row in removed:
        _move(row, DocumentState.REMOVED)
        row.params = {}
    Document.objects.bulk_update(removed, ["state", "params"], batch_size=500)
    # Pictures stay where they are shown, with the name of who made them; who brought them is forgotten.
    brought = Picture.objects.filter(coop_id=coop_id, brought_by=party_id).update(brought_by=None)
    audit("party", party_id, documents=len(removed), pictures=brought)
    if names:
        from .tasks import defer_removing

        defer_removing(names)
        transaction.on_commit(lambda: files.remove(names), robust=True)
    return len(removed)


@action(verb="documents.outlived")
def remove_documents(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, kind: str, params: Mapping[str, Any]
) -> int:
    """Remove the documents of a kind that were asked for with these params, when they have served; return how many.

    For the package that declared the kind, which has looked who may.
    """
    given = {str(key): fact_value(str(key), value) for key, value in params.items()}
    rows = Document.objects.select_for_update().filter(coop_id=coop_id, kind=kind, params__contains=given)
    removed = list(rows.exclude(state=DocumentState.REMOVED))
    names = [row.file for row in removed if row.file]
    for row in removed:
        _move(row, DocumentState.REMOVED)
    Document.objects.bulk_update(removed, ["state"], batch_size=500)
    audit("document", None, documents=len(removed))
    if names:
        from .tasks import defer_removing

        defer_removing(names)
    return len(removed)


LONGEST_ALT = 300
LONGEST_AUTHOR = 120
SHARED = "shared.jpg"


@action(verb="documents.picture_brought")
def bring_picture(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    content: bytes,
    author: str,
    licence: Licence,
    texts: Mapping[str, str],
) -> uuid.UUID:
    """Keep a picture as we draw it anew, with who made it, its licence and what is seen on it; return its id.

    `texts` holds by language what is seen. Raises Refused for what isn't a picture that can be shown.
    """
    policies.may_bring_picture(actor, coop_id, clock.civil_date(now)).require()
    maker = " ".join(author.split())
    if not maker or len(maker) > LONGEST_AUTHOR:
        raise Refused("documents.picture_author", path="author")
    told = {language: _alt(said) for language, said in texts.items() if said.strip()}
    if not told:
        raise Refused("documents.picture_untold", most=LONGEST_ALT, path="alt")
    drawn = pictures.draw(content)
    row = Picture(
        coop_id=coop_id,
        author=maker,
        licence=licence.value,
        texts=told,
        widths=sorted(drawn.webp),
        width=drawn.width,
        height=drawn.height,
        brought_by=actor.party_id,
        brought_at=now,
    )
    # Undone, they are read by nobody.
    for width, picture in drawn.webp.items():
        files.put(queries.picture_place(coop_id, row.id, f"{width}.webp"), picture)
    files.put(queries.picture_place(coop_id, row.id, SHARED), drawn.jpeg)
    row.save(force_insert=True)
    audit("picture", row.id, width=row.width, height=row.height, licence=row.licence)
    return row.id


@action(verb="documents.picture_described")
def describe_picture(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, picture_id: uuid.UUID, texts: Mapping[str, str]
) -> None:
    """Say what is seen on a picture in one or more languages; what is told in others stays."""
    policies.may_bring_picture(actor, coop_id, clock.civil_date(now)).require()
    row = _held_picture(coop_id, picture_id)
    row.texts = {**row.texts, **{language: _alt(said) for language, said in texts.items()}}
    row.save(update_fields=["texts"])
    audit("picture", row.id, languages=sorted(texts))


@action(verb="documents.picture_taken_away")
def take_picture_away(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, picture_id: uuid.UUID) -> None:
    """Take a picture away for good, wherever it is shown: somebody on it doesn't want it, or it was never ours.

    Its files go; where it stood, it is said that it was taken away.
    """
    policies.may_bring_picture(actor, coop_id, clock.civil_date(now)).require()
    row = _held_picture(coop_id, picture_id)
    row.taken_away_at = now
    row.save(update_fields=["taken_away_at"])
    from .tasks import defer_removing

    names = [f"{width}.webp" for width in row.widths]
    defer_removing([queries.picture_place(coop_id, row.id, name) for name in (*names, SHARED)])
    audit("picture", row.id)


def _held_picture(coop_id: uuid.UUID, picture_id: uuid.UUID) -> Picture:
    row = Picture.objects.select_for_update(no_key=True).filter(coop_id=coop_id, pk=picture_id).first()
    if row is None or row.taken_away_at is not None:
        raise Refused("documents.picture_gone")
    return row


def _alt(said: str) -> str:
    words = " ".join(said.split())
    if not words or len(words) > LONGEST_ALT:
        raise Refused("documents.picture_untold", most=LONGEST_ALT, path="alt")
    return words
