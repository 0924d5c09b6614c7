"""What others may read about documents and pictures; all inside `tenant(coop_id)` unless the parties are one's own."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from coopcalc.register.table import domicile_text
from coopwerf.coops import queries as coops
from coopwerf.people.states import written_enterprise_no

from .models import Document, Picture
from .papers.base import Letterhead
from .papers.kinds import Wanted, known_kinds
from .states import LICENCE_SHORT, LICENCE_URLS, DocumentState, Licence


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as others see it; size in bytes, `reason` a refusal code when it failed."""

    id: uuid.UUID
    coop_id: uuid.UUID
    kind: str
    party_id: uuid.UUID | None
    asked_by: uuid.UUID | None
    asked_at: dt.datetime
    language: str
    as_of: dt.date | None
    known_position: int | None
    params: Mapping[str, Any]
    token: str
    state: DocumentState
    reason: str
    made_at: dt.datetime | None
    head: str
    file: str
    name: str
    media_type: str
    size: int | None
    sha256: str

    @property
    def title(self) -> str:
        """Return the name of its kind in the active language."""
        kind = known_kinds().get(self.kind)
        return self.kind if kind is None else str(kind.name)

    @property
    def confirmed_at(self) -> str:
        """Return the path of the public page that confirms the paper, inside its tenant; empty where there is none."""
        kind = known_kinds().get(self.kind)
        if kind is None or kind.confirmed_at is None or not self.is_ready:
            return ""
        return kind.confirmed_at(self.coop_id, self.id)

    @property
    def is_ready(self) -> bool:
        """Tell whether its file is there."""
        return self.state is DocumentState.READY

    @property
    def wanted(self) -> Wanted:
        """Return the wish behind it."""
        return Wanted(
            coop_id=self.coop_id,
            party_id=self.party_id,
            language=self.language,
            as_of=self.as_of,
            known_position=self.known_position,
            params=self.params,
            document_id=self.id,
        )


def _facts(row: Document) -> DocumentFacts:
    return DocumentFacts(
        id=row.id,
        coop_id=row.coop_id,
        kind=row.kind,
        party_id=row.party_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        language=row.language,
        as_of=row.as_of,
        known_position=row.known_position,
        params=row.params,
        token=row.token,
        state=DocumentState(row.state),
        reason=row.reason,
        made_at=row.made_at,
        head=row.head,
        file=row.file,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
    )


def document(coop_id: uuid.UUID, document_id: uuid.UUID) -> DocumentFacts:
    """Return a document; raises Document.DoesNotExist."""
    return _facts(Document.objects.get(coop_id=coop_id, pk=document_id))


def document_by_token(coop_id: uuid.UUID, token: str) -> DocumentFacts | None:
    """Return the document at an address, or None."""
    found = Document.objects.filter(coop_id=coop_id, token=token).first()
    return None if found is None else _facts(found)


def documents_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], limit: int = 50) -> list[DocumentFacts]:
    """Return the latest documents that concern these parties or that they asked for, newest first."""
    rows = Document.objects.filter(Q(party_id__in=party_ids) | Q(asked_by__in=party_ids), coop_id=coop_id)
    return [_facts(row) for row in rows.order_by("-asked_at", "-id")[:limit]]


def coops_of_parties(party_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return where there are documents about these parties; sees those that `kernel.tenancy.parties` has opened."""
    return frozenset(Document.objects.filter(party_id__in=party_ids).values_list("coop_id", flat=True))


def documents_with(coop_id: uuid.UUID, document_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, DocumentFacts]:
    """Return these documents by id."""
    return {row.id: _facts(row) for row in Document.objects.filter(coop_id=coop_id, pk__in=document_ids)}


def documents_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[DocumentFacts]:
    """Return every document that concerns a party or that it asked for, oldest first."""
    rows = Document.objects.filter(Q(party_id=party_id) | Q(asked_by=party_id), coop_id=coop_id)
    return [_facts(row) for row in rows.order_by("asked_at", "id")]


def has_papers_with(coop_id: uuid.UUID, party_id: uuid.UUID) -> bool:
    """Tell whether there are documents about a party, or about everybody, that aren't removed."""
    rows = Document.objects.filter(Q(party_id=party_id) | Q(party_id__isnull=True), coop_id=coop_id)
    return rows.exclude(state=DocumentState.REMOVED).exists()


def latest(coop_id: uuid.UUID, kind: str, party_id: uuid.UUID) -> DocumentFacts | None:
    """Return the latest document of a kind about a party, or None."""
    found = Document.objects.filter(coop_id=coop_id, kind=kind, party_id=party_id).order_by("-asked_at", "-id").first()
    return None if found is None else _facts(found)


def waiting(coop_id: uuid.UUID, before: dt.datetime) -> QuerySet[Document, uuid.UUID]:
    """Return the ids of documents asked before a moment that aren't made yet."""
    rows = Document.objects.filter(
        coop_id=coop_id, state__in=[DocumentState.ASKED, DocumentState.MAKING], asked_at__lt=before
    )
    return rows.order_by("asked_at", "id").values_list("id", flat=True)


def file_of(facts: DocumentFacts) -> bytes:
    """Return the file of a document that is ready; raises FileNotFoundError when it is gone."""
    from .files import read

    return read(facts.file)


def documents_of_kind(coop_id: uuid.UUID, kind: str) -> list[DocumentFacts]:
    """Return the latest ten documents of a kind, newest first."""
    rows = Document.objects.filter(coop_id=coop_id, kind=kind).exclude(state=DocumentState.REMOVED)
    return [_facts(row) for row in rows.order_by("-asked_at", "-id")[:10]]


def document_or_none(coop_id: uuid.UUID, document_id: uuid.UUID) -> DocumentFacts | None:
    """Return a document, or None."""
    row = Document.objects.filter(coop_id=coop_id, pk=document_id).first()
    return None if row is None else _facts(row)


def letterhead_of(coop_id: uuid.UUID, on: dt.date) -> Letterhead:
    """Return name, hue, legal name, seat and enterprise number of a co-operative on a date; needs its tenant."""
    coop = coops.coop_facts(coop_id)
    profile = coops.profile(coop_id, on)
    seat = profile.seat
    where = ""
    if seat is not None:
        where = domicile_text(
            {
                "street": seat.street,
                "number": seat.number,
                "box": seat.box,
                "postcode": seat.postcode,
                "town": seat.town,
            }
        )
    legal_name = profile.legal_name if profile.legal_name != coop.name else ""
    lines = (legal_name, where, written_enterprise_no(profile.enterprise_no))
    return Letterhead(
        coop=coop.name, hue=coop.hue, lines=tuple(line for line in lines if line), footer=coop.mail_footer
    )


@dataclasses.dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture as others see it: who made it, on which terms, what is seen on it, its widths and largest size."""

    id: uuid.UUID
    coop_id: uuid.UUID
    author: str
    licence: Licence
    texts: Mapping[str, str]
    widths: Sequence[int]
    width: int
    height: int
    brought_at: dt.datetime
    is_there: bool

    def alt(self, *languages: str) -> tuple[str, str]:
        """Return what is seen on it in the first of these languages in which it is told, else in any, and in which."""
        told = [code for code in (*languages, *sorted(self.texts)) if self.texts.get(code)]
        return (self.texts[told[0]], told[0]) if told else ("", "")

    @property
    def licence_words(self) -> str:
        """Return its licence as it stands below a picture."""
        return str(LICENCE_SHORT[self.licence])

    @property
    def licence_url(self) -> str:
        """Return where the words of its licence stand; empty where all rights are kept."""
        return LICENCE_URLS.get(self.licence, "")


def _picture_facts(row: Picture) -> PictureFacts:
    return PictureFacts(
        id=row.id,
        coop_id=row.coop_id,
        author=row.author,
        licence=Licence(row.licence),
        texts=row.texts,
        widths=tuple(row.widths),
        width=row.width,
        height=row.height,
        brought_at=row.brought_at,
        is_there=row.taken_away_at is None,
    )


def picture(coop_id: uuid.UUID, picture_id: uuid.UUID) -> PictureFacts | None:
    """Return a picture, or None."""
    row = Picture.objects.filter(coop_id=coop_id, pk=picture_id).first()
    return None if row is None else _picture_facts(row)


def pictures_brought_by(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[PictureFacts]:
    """Return the pictures that a party brought, the oldest first."""
    rows = Picture.objects.filter(coop_id=coop_id, brought_by=party_id).order_by("brought_at", "id")
    return [_picture_facts(row) for row in rows]


def pictures_with(coop_id: uuid.UUID, picture_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, PictureFacts]:
    """Return these pictures by id, those that are there."""
    if not picture_ids:
        return {}
    return {row.id: _picture_facts(row) for row in Picture.objects.filter(coop_id=coop_id, pk__in=picture_ids)}


def picture_place(coop_id: uuid.UUID, picture_id: uuid.UUID, name: str) -> str:
    """Return under which name a file of a picture is stored: `480.webp`, `shared.jpg`."""
    return f"pictures/{coop_id}/{picture_id}/{name}"
