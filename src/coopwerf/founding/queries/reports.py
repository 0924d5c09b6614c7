"""Reports with what they tell, in which languages, by whom, with which pictures."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet

from coopwerf.documents import queries as documents
from coopwerf.documents.queries import PictureFacts
from coopwerf.kernel.questions import ask
from coopwerf.kernel.tokens import token_hash

from ..models import Comment, Report, ReportAuthor, ReportPicture, ReportTranslation, ReportVersion
from ..states import SECTIONS, Rendering, ReportState, Words

PLACE_IN_TEXT: Final = re.compile(r"!\[[^\]]*\]\(\s*picture:(\d{1,3})\s*\)")
"""Where a text shows a picture of its report, by the number that it has there."""
_WORDS: Final = tuple(field.name for field in dataclasses.fields(Words))


@dataclasses.dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of a report in its own language: what it told, the place of its cover, why it was corrected."""

    id: uuid.UUID
    number: int
    words: Words
    cover: int | None
    reason: str
    recorded_at: dt.datetime
    published_at: dt.datetime | None

    @property
    def places(self) -> frozenset[int]:
        """Return the numbers of the pictures that it shows."""
        return pictures_in(self.words) | ({self.cover} if self.cover is not None else frozenset())


@dataclasses.dataclass(frozen=True, slots=True)
class TranslationFacts:
    """A report in another language: made from which version, how whoever made it is named, accepted or not yet."""

    id: uuid.UUID
    report_id: uuid.UUID
    language: str
    words: Words
    of_version: int
    translator: str
    made_by: uuid.UUID | None
    contact_id: uuid.UUID | None
    made_at: dt.datetime
    accepted_at: dt.datetime | None
    alts: Mapping[int, str]


@dataclasses.dataclass(frozen=True, slots=True)
class AuthorFacts:
    """Who writes a report: a party, or an address to which an invitation went."""

    id: uuid.UUID
    party_id: uuid.UUID | None
    email: str
    invited_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report. `version` is the last one that was published, or that of a draft; `pending` a later one.

    `translations` are those that are shown, by language; `waiting` those that an author has to read first.
    """

    id: uuid.UUID
    coop_id: uuid.UUID
    slug: str
    number: int | None
    state: ReportState
    language: str
    revision: int
    takes_comments: bool
    made_at: dt.datetime
    due_at: dt.datetime | None
    published_at: dt.datetime | None
    taken_back_at: dt.datetime | None
    taken_back_why: str
    version: VersionFacts
    pending: VersionFacts | None
    published: Sequence[VersionFacts]
    translations: Mapping[str, TranslationFacts]
    waiting: Mapping[str, TranslationFacts]
    authors: Sequence[AuthorFacts]
    pictures: Mapping[int, PictureFacts]

    @property
    def written(self) -> VersionFacts:
        """Return the version that its authors write on: the pending one, if there is one."""
        return self.pending or self.version

    @property
    def is_public(self) -> bool:
        """Tell whether anybody can read it."""
        return self.state is ReportState.PUBLISHED

    @property
    def changed_at(self) -> dt.datetime:
        """Return when what is read of it changed last."""
        moments = [
            self.taken_back_at,
            self.version.published_at,
            *(one.accepted_at for one in self.translations.values()),
        ]
        return max((moment for moment in moments if moment is not None), default=self.made_at)

    def rendering(self, language: str) -> Rendering:
        """Return how it stands in a language."""
        if language == self.language:
            return Rendering.ORIGINAL
        found = self.translations.get(language)
        if found is None:
            return Rendering.WAITING if language in self.waiting else Rendering.MISSING
        return Rendering.THERE if found.of_version >= self.version.number else Rendering.STALE

    def told_in(self, language: str) -> str:
        """Return the language in which it is shown to who wants this one: that, else its own."""
        return language if language in self.translations else self.language

    def words(self, language: str) -> Words:
        """Return what it tells in a language, else in its own."""
        found = self.translations.get(language)
        return self.version.words if found is None or language == self.language else found.words

    @property
    def titles(self) -> dict[str, str]:
        """Return what it is called in each language in which it can be read."""
        return {code: self.words(code).title for code in self.languages}

    @property
    def languages(self) -> list[str]:
        """Return every language in which it can be read, its own first."""
        return [self.language, *sorted(self.translations.keys() - {self.language})]

    @property
    def party_ids(self) -> list[uuid.UUID]:
        """Return the parties who write it, in the order in which they came."""
        return [one.party_id for one in self.authors if one.party_id is not None]

    @property
    def cover(self) -> PictureFacts | None:
        """Return the picture on top, if it is (still) there."""
        found = self.pictures.get(self.version.cover or 0)
        return found if found is not None and found.is_there else None


def pictures_in(words: Words) -> frozenset[int]:
    """Return the numbers of the pictures that a text shows."""
    return frozenset(int(place) for part in SECTIONS for place in PLACE_IN_TEXT.findall(getattr(words, part)))


def _words(told: Mapping[str, Any]) -> Words:
    return Words(**{name: str(told.get(name, "")) for name in _WORDS})


def _version(row: ReportVersion) -> VersionFacts:
    return VersionFacts(
        id=row.id,
        number=row.number,
        words=_words(row.words),
        cover=row.cover,
        reason=row.reason,
        recorded_at=row.recorded_at,
        published_at=row.published_at,
    )


def _translation(row: ReportTranslation) -> TranslationFacts:
    return TranslationFacts(
        id=row.id,
        report_id=row.report_id,
        language=row.language,
        words=_words(row.words),
        of_version=row.of_version,
        translator=row.translator,
        made_by=row.made_by_id,
        contact_id=row.made_by_contact_id,
        made_at=row.made_at,
        accepted_at=row.accepted_at,
        alts={int(place): said for place, said in row.alts.items()},
    )


def _told(coop_id: uuid.UUID, rows: Iterable[Report]) -> list[ReportFacts]:
    """Return reports with all that belongs to them: six questions, however many they are."""
    found = list(rows)
    if not found:
        return []
    ids = [row.id for row in found]
    versions: dict[uuid.UUID, list[VersionFacts]] = {one: [] for one in ids}
    for version in ReportVersion.objects.filter(coop_id=coop_id, report_id__in=ids).order_by("-number"):
        versions[version.report_id].append(_version(version))
    shown: dict[uuid.UUID, dict[str, TranslationFacts]] = {one: {} for one in ids}
    waiting: dict[uuid.UUID, dict[str, TranslationFacts]] = {one: {} for one in ids}
    made = ReportTranslation.objects.filter(coop_id=coop_id, report_id__in=ids, declined_at__isnull=True)
    for translation in made.order_by("made_at", "id"):
        where = waiting if translation.accepted_at is None else shown
        where[translation.report_id][translation.language] = _translation(translation)
    authors: dict[uuid.UUID, list[AuthorFacts]] = {one: [] for one in ids}
    for author in ReportAuthor.objects.filter(coop_id=coop_id, report_id__in=ids).order_by("invited_at", "id"):
        authors[author.report_id].append(AuthorFacts(author.id, author.party_id, author.email, author.invited_at))
    places = list(ReportPicture.objects.filter(coop_id=coop_id, report_id__in=ids).order_by("place"))
    pictures = documents.pictures_with(coop_id, {one.picture_id for one in places})
    placed: dict[uuid.UUID, dict[int, PictureFacts]] = {one: {} for one in ids}
    for one in places:
        placed[one.report_id][one.place] = pictures[one.picture_id]
    return [
        _facts(row, versions[row.id], shown[row.id], waiting[row.id], authors[row.id], placed[row.id]) for row in found
    ]


def _facts(
    row: Report,
    versions: Sequence[VersionFacts],
    translations: Mapping[str, TranslationFacts],
    waiting: Mapping[str, TranslationFacts],
    authors: Sequence[AuthorFacts],
    pictures: Mapping[int, PictureFacts],
) -> ReportFacts:
    published = [one for one in versions if one.published_at is not None]
    newest = versions[0]
    return ReportFacts(
        id=row.id,
        coop_id=row.coop_id,
        slug=row.slug,
        number=row.number,
        state=ReportState(row.state),
        language=row.language,
        revision=row.revision,
        takes_comments=row.takes_comments,
        made_at=row.made_at,
        due_at=row.due_at,
        published_at=row.published_at,
        taken_back_at=row.taken_back_at,
        taken_back_why=row.taken_back_why,
        version=published[0] if published else newest,
        pending=newest if published and newest.published_at is None else None,
        published=published,
        translations=translations,
        # One that was accepted since, or made anew, waits no more.
        waiting={
            language: one
            for language, one in waiting.items()
            if language not in translations or translations[language].made_at < one.made_at
        },
        authors=authors,
        pictures=pictures,
    )


def reports(coop_id: uuid.UUID) -> list[ReportFacts]:
    """Return every report of a co-operative, the newest first."""
    return _told(coop_id, Report.objects.filter(coop_id=coop_id).order_by("-made_at", "-id"))


def reports_written_by(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID]) -> list[ReportFacts]:
    """Return the reports that one of these parties writes, the newest first."""
    mine = ReportAuthor.objects.filter(coop_id=coop_id, party_id__in=party_ids).values("report_id")
    return _told(coop_id, Report.objects.filter(coop_id=coop_id, id__in=mine).order_by("-made_at", "-id"))


def published_reports(
    coop_id: uuid.UUID, *, with_taken_back: bool = False, first: int = 0, limit: int = 50
) -> list[ReportFacts]:
    """Return what anybody can read, the last one that was published first."""
    rows = _public(coop_id, with_taken_back=with_taken_back).order_by("-published_at", "-id")
    return _told(coop_id, rows[first : first + limit])


def count_published(coop_id: uuid.UUID, *, with_taken_back: bool = False) -> int:
    """Return how many reports anybody can read."""
    return _public(coop_id, with_taken_back=with_taken_back).count()


def _public(coop_id: uuid.UUID, *, with_taken_back: bool) -> QuerySet[Report]:
    states = [ReportState.PUBLISHED, ReportState.TAKEN_BACK] if with_taken_back else [ReportState.PUBLISHED]
    return Report.objects.filter(coop_id=coop_id, state__in=states)


def report_facts(coop_id: uuid.UUID, report_id: uuid.UUID) -> ReportFacts | None:
    """Return one report, or None."""
    found = _told(coop_id, Report.objects.filter(coop_id=coop_id, id=report_id))
    return found[0] if found else None


def report_by_slug(coop_id: uuid.UUID, slug: str) -> ReportFacts | None:
    """Return the report under an address, or None."""
    found = _told(coop_id, Report.objects.filter(coop_id=coop_id, slug=slug))
    return found[0] if found else None


def is_author(coop_id: uuid.UUID, report_id: uuid.UUID | None, party_ids: Collection[uuid.UUID]) -> bool:
    """Tell whether one of these parties writes a report, or any at all."""
    rows = ReportAuthor.objects.filter(coop_id=coop_id, party_id__in=party_ids)
    return (rows if report_id is None else rows.filter(report_id=report_id)).exists()


def author_by_token(coop_id: uuid.UUID, report_id: uuid.UUID, token: str) -> AuthorFacts | None:
    """Return the invitation to write a report that a link brings, or None when it was taken up or never made."""
    row = ReportAuthor.objects.filter(
        coop_id=coop_id, report_id=report_id, token_hash=token_hash(token), party__isnull=True
    ).first()
    return None if row is None else AuthorFacts(row.id, None, row.email, row.invited_at)


def due(coop_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the reports whose moment has come."""
    rows = Report.objects.filter(coop_id=coop_id, state=ReportState.SCHEDULED, due_at__lte=now)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True))


def _showing(picture_id: uuid.UUID) -> Q:
    return Q(published_at__isnull=False, pictures__contains=[str(picture_id)])


def is_picture_shown(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether a report that anybody can read shows a picture, in its last version or in an earlier one."""
    rows = ReportVersion.objects.filter(_showing(picture_id), coop_id=coop_id, report__state=ReportState.PUBLISHED)
    return rows.exists()


def is_picture_used(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether a picture stands in a report."""
    return ReportPicture.objects.filter(coop_id=coop_id, picture_id=picture_id).exists()


def translations_by_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[TranslationFacts]:
    """Return the translations that somebody without an account made."""
    rows: QuerySet[ReportTranslation] = ReportTranslation.objects.filter(coop_id=coop_id, made_by_contact_id=contact_id)
    return [_translation(row) for row in rows.order_by("made_at", "id")]


def translations_of_party(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[TranslationFacts]:
    """Return the translations that a party made."""
    rows = ReportTranslation.objects.filter(coop_id=coop_id, made_by_id=party_id)
    return [_translation(row) for row in rows.order_by("made_at", "id")]


_HOLD_NUMBERS_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('founding.numbers ' || %(coop)s::text, 0))"


def hold_numbers(coop_id: uuid.UUID) -> None:
    """Let those who number reports of a co-operative come one after the other, until the end of the transaction."""
    ask(_HOLD_NUMBERS_SQL, {"coop": coop_id})


def has_traces(coop_id: uuid.UUID, party_id: uuid.UUID, emails: Collection[str]) -> bool:
    """Tell whether somebody wrote, translated, was invited to or answered below a report."""
    return (
        ReportAuthor.objects.filter(Q(party_id=party_id) | Q(email__in=list(emails)), coop_id=coop_id).exists()
        or ReportTranslation.objects.filter(coop_id=coop_id, made_by_id=party_id).exists()
        or Comment.objects.filter(coop_id=coop_id, party_id=party_id).exists()
    )
