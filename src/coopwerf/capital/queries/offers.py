"""Offers, their versions, classes and questions."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from coopwerf.kernel.questions import Question as Asked
from coopwerf.kernel.questions import ask
from coopwerf.register import queries as register

from ..models import Offer, OfferClass, OfferQuestion, OfferVersion
from ..states import PUBLIC_STATES, OfferState, Regime


@dataclasses.dataclass(frozen=True, slots=True)
class OfferWords:
    """What an offer tells in one language; `risk_sentence` is what whoever subscribes accepts."""

    title: str = ""
    lead: str = ""
    purpose: str = ""
    rights: str = ""
    risks: str = ""
    risk_sentence: str = ""
    statutes: str = ""


WORDS = tuple(field.name for field in dataclasses.fields(OfferWords))


@dataclasses.dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of what an offer tells: its words by language, and the statutes that it refers to."""

    id: uuid.UUID
    number: int
    texts: Mapping[str, OfferWords]
    statutes_name: str
    statutes_on: dt.date | None
    statutes_file: str
    statutes_file_name: str
    statutes_file_size: int
    published_at: dt.datetime | None
    recorded_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer with what it tells; `classes` are the register's terms of the day that was asked about.

    `version` is the last one that was published, or that of a draft; `pending` is a later one that nobody can read yet.
    """

    id: uuid.UUID
    coop_id: uuid.UUID
    slug: str
    state: OfferState
    regime: Regime
    paper: str
    languages: tuple[str, ...]
    opens_on: dt.date
    closes_on: dt.date | None
    target: Decimal | None
    ceiling: Decimal
    per_person: Decimal | None
    iban: str
    holder: str
    payment_days: int
    may_admit_unpaid: bool
    revision: int
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    version: VersionFacts
    pending: VersionFacts | None
    classes: tuple[register.Terms, ...]

    @property
    def written(self) -> VersionFacts:
        """Return the version that whoever manages the offer writes on: the pending one, if there is one."""
        return self.pending or self.version

    def takes(self, on: dt.date) -> bool:
        """Tell whether somebody can subscribe on a date: it is open, and the date lies within its own."""
        return (
            self.state is OfferState.OPEN and self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)
        )

    @property
    def is_public(self) -> bool:
        """Tell whether anybody can read its page."""
        return self.state in PUBLIC_STATES

    @property
    def lowest_price(self) -> Decimal | None:
        """Return what one share of the cheapest class costs, in euro; None without classes."""
        return min((one.issue_price for one in self.classes), default=None)

    def words(self, language: str) -> OfferWords:
        """Return what it tells in a language, else in its main one."""
        code = language[:2]
        texts = self.version.texts
        return texts.get(code if code in self.languages else self.languages[0], OfferWords())


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A question about an offer and its answer, by language."""

    id: uuid.UUID
    place: int
    texts: Mapping[str, tuple[str, str]]

    def words(self, language: str, fallback: str) -> tuple[str, str]:
        """Return question and answer in a language, else in the fallback, else in the language that there is."""
        return self.texts.get(language[:2]) or self.texts.get(fallback) or next(iter(self.texts.values()), ("", ""))


def _version(row: OfferVersion) -> VersionFacts:
    return VersionFacts(
        id=row.id,
        number=row.number,
        texts={
            language: OfferWords(**{name: str(told.get(name, "")) for name in WORDS})
            for language, told in row.texts.items()
        },
        statutes_name=row.statutes_name,
        statutes_on=row.statutes_on,
        statutes_file=row.statutes_file,
        statutes_file_name=row.statutes_file_name,
        statutes_file_size=row.statutes_file_size,
        published_at=row.published_at,
        recorded_at=row.recorded_at,
    )


def _by_id(coop_id: uuid.UUID, offer_id: uuid.UUID) -> QuerySet[Offer]:
    return Offer.objects.filter(coop_id=coop_id, id=offer_id)


def _by_slug(coop_id: uuid.UUID, slug: str) -> QuerySet[Offer]:
    return Offer.objects.filter(coop_id=coop_id, slug=slug)


def _held(coop_id: uuid.UUID, offer_id: uuid.UUID) -> QuerySet[Offer]:
    return Offer.objects.select_for_update(no_key=True).filter(coop_id=coop_id, id=offer_id)


def _last_version(coop_id: uuid.UUID, offer_id: uuid.UUID) -> QuerySet[OfferVersion]:
    return OfferVersion.objects.filter(coop_id=coop_id, offer_id=offer_id).order_by("-number")[:1]


def _classes(coop_id: uuid.UUID, offer_id: uuid.UUID) -> QuerySet[OfferClass]:
    return OfferClass.objects.filter(coop_id=coop_id, offer_id=offer_id)


# What everybody who subscribes asks for: written once, and planned once in each connection.
_ONE, _SLUG, _HOLD = Asked(_by_id), Asked(_by_slug), Asked(_held)
_LAST, _CLASSES = Asked(_last_version), Asked(_classes)


def _told(coop_id: uuid.UUID, rows: Iterable[Offer], on: dt.date) -> list[OfferFacts]:
    found = list(rows)
    if not found:
        return []
    if len(found) == 1:
        last = _LAST(coop_id=coop_id, offer_id=found[0].id)
        if last[0].published_at is not None or last[0].number == 1:
            classes = {one.share_class_id for one in _CLASSES(coop_id=coop_id, offer_id=found[0].id)}
            terms = register.all_terms(coop_id, on)
            return [_facts(found[0], _version(last[0]), None, classes, terms)]
    ids = [row.id for row in found]
    newest = OfferVersion.objects.filter(coop_id=coop_id, offer_id__in=ids).order_by("offer_id", "-number")
    versions: dict[uuid.UUID, VersionFacts] = {}
    pending: dict[uuid.UUID, VersionFacts] = {}
    for version in newest.distinct("offer_id"):
        versions[version.offer_id] = _version(version)
    # An unpublished version hides the one before it, which is what the page of an offer shows.
    hidden = [offer_id for offer_id, one in versions.items() if one.published_at is None and one.number > 1]
    if hidden:
        shown = newest.filter(offer_id__in=hidden, published_at__isnull=False)
        for version in shown.distinct("offer_id"):
            pending[version.offer_id] = versions[version.offer_id]
            versions[version.offer_id] = _version(version)
    chosen: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one in OfferClass.objects.filter(coop_id=coop_id, offer_id__in=ids):
        chosen.setdefault(one.offer_id, set()).add(one.share_class_id)
    terms = register.all_terms(coop_id, on)
    return [_facts(row, versions[row.id], pending.get(row.id), chosen.get(row.id, set()), terms) for row in found]


def _facts(
    row: Offer,
    version: VersionFacts,
    pending: VersionFacts | None,
    chosen: Collection[uuid.UUID],
    terms: Sequence[register.Terms],
) -> OfferFacts:
    return OfferFacts(
        id=row.id,
        coop_id=row.coop_id,
        slug=row.slug,
        state=OfferState(row.state),
        regime=Regime(row.regime),
        paper=row.paper,
        languages=tuple(row.languages),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        target=row.target,
        ceiling=row.ceiling,
        per_person=row.per_person,
        iban=row.iban,
        holder=row.holder,
        payment_days=row.payment_days,
        may_admit_unpaid=row.may_admit_unpaid,
        revision=row.revision,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=version,
        pending=pending,
        classes=tuple(one for one in terms if one.share_class_id in chosen),
    )


def offers(coop_id: uuid.UUID, on: dt.date) -> list[OfferFacts]:
    """Return every offer of a co-operative, the newest first, with prices of a date."""
    return _told(coop_id, Offer.objects.filter(coop_id=coop_id).order_by("-id"), on)


def taking_offers(coop_id: uuid.UUID, on: dt.date) -> list[OfferFacts]:
    """Return the offers on which somebody can subscribe on a date, the newest first."""
    rows = Offer.objects.filter(coop_id=coop_id, state=OfferState.OPEN, opens_on__lte=on).order_by("-id")
    return [one for one in _told(coop_id, rows, on) if one.takes(on)]


def offer_facts(coop_id: uuid.UUID, offer_id: uuid.UUID, on: dt.date) -> OfferFacts | None:
    """Return one offer with the prices of a date, or None."""
    found = _told(coop_id, _ONE(coop_id=coop_id, offer_id=offer_id), on)
    return found[0] if found else None


def offer_by_slug(coop_id: uuid.UUID, slug: str, on: dt.date) -> OfferFacts | None:
    """Return the offer under an address, with the prices of a date, or None."""
    found = _told(coop_id, _SLUG(coop_id=coop_id, slug=slug), on)
    return found[0] if found else None


def hold_offer(coop_id: uuid.UUID, offer_id: uuid.UUID) -> Offer | None:
    """Lock an offer until the end of the transaction and return its row: in actions, before it is changed.

    In the order of locks an offer comes after the co-operative and before a person.
    """
    found = _HOLD(coop_id=coop_id, offer_id=offer_id)
    return found[0] if found else None


_HOLD_ROOM_SQL = "SELECT pg_advisory_xact_lock(hashtextextended('capital.room ' || %(coop)s::text, 0))"


def hold_room(coop_id: uuid.UUID, offer_id: uuid.UUID) -> Offer | None:
    """Lock the room of a co-operative and then an offer, and return its row: before what is left of it is counted.

    The law's total belongs to the co-operative: who asks for the last of it through two offers comes one after the
    other too. No row stands for that total; nobody who does anything else waits for it.
    """
    ask(_HOLD_ROOM_SQL, {"coop": coop_id})
    return hold_offer(coop_id, offer_id)


def versions_of(coop_id: uuid.UUID, offer_id: uuid.UUID) -> Sequence[VersionFacts]:
    """Return every version of what an offer told, the newest first."""
    return [
        _version(row) for row in OfferVersion.objects.filter(coop_id=coop_id, offer_id=offer_id).order_by("-number")
    ]


def version_facts(coop_id: uuid.UUID, version_id: uuid.UUID) -> VersionFacts | None:
    """Return one version of what an offer told, or None."""
    row = OfferVersion.objects.filter(coop_id=coop_id, id=version_id).first()
    return None if row is None else _version(row)


def questions_of(coop_id: uuid.UUID, offer_id: uuid.UUID) -> Sequence[Question]:
    """Return the questions about an offer with their answers, in their order."""
    return [
        Question(row.id, row.place, {code: (told["question"], told["answer"]) for code, told in row.texts.items()})
        for row in OfferQuestion.objects.filter(coop_id=coop_id, offer_id=offer_id).order_by("place")
    ]


def statutes_place(coop_id: uuid.UUID, sha256: str) -> str:
    """Return under which name the file with the statutes is stored."""
    return f"statutes/{coop_id}/{sha256}.pdf"
