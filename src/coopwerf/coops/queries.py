"""What others may read about co-operatives.

Except for the public facts (co-operatives, stages, profile) these queries see rows only inside `tenant(coop_id)`, which
requests to `/c/<slug>/…` and actions with a `coop_id` open; `mandates_of` works anywhere for the actor's own parties.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now, TruncDate
from django.urls import reverse

from coopwerf.kernel import chain
from coopwerf.kernel.clock import CIVIL
from coopwerf.kernel.memo import remembered
from coopwerf.kernel.questions import ask
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.tokens import token_hash
from coopwerf.people.states import Address

from . import models, presets
from .models import COOP_SQL, HELD_SQL, Body, Coop, CoopFact, Invitation, Mandate, StageChange, StatuteRule
from .states import (
    POWERS,
    BodyKind,
    Fact,
    Mark,
    Power,
    Role,
    ShareWord,
    Stage,
    in_language,
    language_with,
    roles_with,
    settings_pages,
)

KEEP_YEARS, BOOKS_KEEP_YEARS = "register.keep_years", "books.keep_years"
LONGEST_KEPT = 10
"""Years, where nothing is known: the longest limitation for claims of which we know in Belgium."""


@dataclasses.dataclass(frozen=True, slots=True)
class CoopFacts:
    """What a page needs of a co-operative."""

    id: uuid.UUID
    slug: str
    name: str
    language: str
    hue: int
    is_practice: bool
    mail_footer: str
    share_word: ShareWord = ShareWord.ACTION

    def language_for(self, language: str) -> str:
        """Return the language in which to address somebody who reads this one, with its own word for shares."""
        return language_with(self.share_word, language)

    @property
    def url(self) -> str:
        """Return the address of its public page."""
        return f"/c/{self.slug}/"

    @property
    def inside_url(self) -> str:
        """Return the address where whoever belongs to it sees what concerns them."""
        return f"/c/{self.slug}/today/"


@dataclasses.dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage, and the date from which it holds."""

    stage: Stage
    valid_from: dt.date
    reference: str
    recorded_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule as it holds: its value (JSON; None when ended), from which date, how sure, and where it comes from."""

    key: str
    value: Any
    valid_from: dt.date
    mark: Mark
    source: str
    preset: str
    recorded_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """Who a co-operative is on a date, in public; what isn't known is empty."""

    legal_name: str
    seat: Address | None
    enterprise_no: str
    share_word: ShareWord
    public_text: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body: its kind, its own name if it has one, from when until which last day."""

    id: uuid.UUID
    kind: BodyKind
    name: str
    valid_from: dt.date
    until: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class MandateFacts:
    """A mandate as it is known: who holds which role in which body, from when until which last day."""

    id: uuid.UUID
    coop_id: uuid.UUID
    party_id: uuid.UUID
    body_id: uuid.UUID
    body_kind: BodyKind
    body_name: str
    role: Role
    valid_from: dt.date
    until: dt.date | None
    reference: str
    position: int


@dataclasses.dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation as the inviter sees it; the token itself is nowhere."""

    id: uuid.UUID
    body_kind: BodyKind
    body_name: str
    role: Role
    email: str
    valid_from: dt.date
    made_at: dt.datetime
    expires_at: dt.datetime
    accepted_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


# Co-operatives


def _coops() -> QuerySet[Coop]:
    """Return co-operatives with the word that they use today for their shares."""
    words = CoopFact.objects.filter(
        coop_id=OuterRef("pk"), key=Fact.SHARE_WORD, valid_from__lte=TruncDate(Now(), tzinfo=CIVIL)
    ).order_by("-valid_from", "-id")
    return Coop.objects.annotate(share_word=Subquery(words.values("value")[:1]))


def _facts(coop: Any) -> CoopFacts:
    return CoopFacts(
        coop.id,
        coop.slug,
        coop.name,
        coop.language,
        coop.hue,
        coop.is_practice,
        coop.mail_footer,
        ShareWord(coop.share_word or ShareWord.ACTION),
    )


def coop_by_slug(slug: str) -> CoopFacts | None:
    """Return the co-operative with this slug, or None."""
    rows = ask(COOP_SQL, {"slug": slug, "key": Fact.SHARE_WORD.value, "zone": CIVIL.key})
    return CoopFacts(*(*rows[0][:7], ShareWord(rows[0][7] or ShareWord.ACTION))) if rows else None


def coop_facts(coop_id: uuid.UUID) -> CoopFacts:
    """Return a co-operative's facts; raises Coop.DoesNotExist."""
    return _facts(_coops().get(pk=coop_id))


def find_coop(coop_id: uuid.UUID) -> CoopFacts | None:
    """Return a co-operative's facts, or None where there is none with this id."""
    found = _coops().filter(pk=coop_id).first()
    return None if found is None else _facts(found)


def all_coops() -> list[CoopFacts]:
    """Return every co-operative of this installation, by name."""
    return [_facts(coop) for coop in _coops().order_by("name", "id")]


def coops_with_ids(coop_ids: Collection[uuid.UUID]) -> list[CoopFacts]:
    """Return those co-operatives that are here, of any ids, by name."""
    return [_facts(coop) for coop in _coops().filter(pk__in=coop_ids).order_by("name", "id")]


def has_register(coop_id: uuid.UUID) -> bool:
    """Tell whether the chain holds more than mandates and audit entries: then there is a register to be kept."""
    return bool(chain.kinds_in(coop_id) - {Mandate.CHAIN_KIND, chain.AUDIT})


def settings_tabs(
    coop: CoopFacts, stage: Stage, powers: Collection[Power], current: str
) -> list[dict[str, str | bool]]:
    """Return the pages of a co-operative's settings that its stage has reached, as items for `{% tabs %}`.

    Pages come from `states.register_settings_page`; `current` is the code of the page that is being shown.
    """
    return [
        {
            "label": str(page.label),
            "url": reverse(page.url_name, kwargs={"slug": coop.slug}),
            "current": page.code == current,
        }
        for page in settings_pages(stage, powers)
    ]


# Stages, rules and profile, each as of a date and as known at a moment


def stage(coop_id: uuid.UUID, at: dt.date, known: dt.datetime | None = None) -> Stage:
    """Return the stage of a co-operative on a date; before the first one it was an initiative."""

    def look() -> Stage:
        rows = models.stages_known(coop_id=coop_id, at=at, known=known or models.END_OF_TIME)
        return Stage(rows[-1].stage) if rows else Stage.INITIATIVE

    return remembered(("coops.stage", coop_id, at, known), look)


def stages(
    coop_ids: Collection[uuid.UUID], at: dt.date, known: dt.datetime | None = None
) -> dict[uuid.UUID, StageFacts]:
    """Return the stage of each of these co-operatives on a date, in one query; those without one are left out."""
    rows = StageChange.objects.filter(coop_id__in=coop_ids, valid_from__lte=at)
    if known is not None:
        rows = rows.filter(recorded_at__lte=known)
    newest = rows.order_by("coop_id", "valid_from", "-id").distinct("coop_id", "valid_from")
    return {row.coop_id: _stage_facts(row) for row in _reached(newest)}


def stage_history(coop_id: uuid.UUID) -> list[StageFacts]:
    """Return the stages that a co-operative reached, as known today, oldest first."""
    newest = models.stages_known(coop_id=coop_id, at=dt.date.max, known=models.END_OF_TIME)
    return [_stage_facts(row) for row in _reached(newest)]


def _reached(rows: Iterable[StageChange]) -> Iterator[StageChange]:
    """Yield the rows that bring another stage, of the last written ones for each date, oldest first."""
    here: dict[uuid.UUID, str] = {}
    for row in rows:
        if row.stage != here.get(row.coop_id, Stage.INITIATIVE):
            here[row.coop_id] = row.stage
            yield row


def _stage_facts(row: StageChange) -> StageFacts:
    return StageFacts(Stage(row.stage), row.valid_from, row.reference, row.recorded_at)


def rule(coop_id: uuid.UUID, key: str, at: dt.date, known: dt.datetime | None = None) -> RuleFacts | None:
    """Return the rule that holds on a date, as known at a moment; None when there is none or it has ended."""
    return rules(coop_id, at, known, keys=[key]).get(key)


def rules(
    coop_id: uuid.UUID, at: dt.date, known: dt.datetime | None = None, *, keys: Collection[str] | None = None
) -> dict[str, RuleFacts]:
    """Return the rules that hold on a date, as known at a moment, by key, in one query."""
    if keys is not None and not keys:
        return {}
    newest = models.rules_known(None if keys is None else tuple(keys))(
        coop_id=coop_id, at=at, known=known or models.END_OF_TIME
    )
    return {row.key: _rule_facts(row) for row in newest if row.value is not None}


def share_word(coop_id: uuid.UUID, at: dt.date) -> ShareWord:
    """Return which French word a co-operative uses for its shares on a date; see `states.share_words`."""
    return profile(coop_id, at).share_word


def rule_history(coop_id: uuid.UUID) -> dict[str, list[RuleFacts]]:
    """Return every rule ever written, by key: newest date first, and of one date the last written first."""
    found: dict[str, list[RuleFacts]] = {}
    for row in StatuteRule.objects.filter(coop_id=coop_id).order_by("key", "-valid_from", "-id"):
        found.setdefault(row.key, []).append(_rule_facts(row))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as a sentence of a paper, and where it stands."""

    text: str
    source: str


def rules_in_words(coop_id: uuid.UUID, at: dt.date, *, keys: Collection[str]) -> dict[str, RuleText]:
    """Return the rules that hold on a date as sentences in the active language, by key, in the order of the keys."""
    holding = rules(coop_id, at, keys=keys)
    return {
        key: RuleText(
            presets.in_words(key, held.value, held.preset, held.valid_from),
            presets.source_in_words(held.source, held.preset, key),
        )
        for key in keys
        if (held := holding.get(key)) is not None
    }


def _rule_facts(row: StatuteRule) -> RuleFacts:
    return RuleFacts(row.key, row.value, row.valid_from, Mark(row.mark), row.source, row.preset, row.recorded_at)


def profile(coop_id: uuid.UUID, at: dt.date, known: dt.datetime | None = None) -> Profile:
    """Return who a co-operative is on a date, as known at a moment."""
    found = models.facts_known(coop_id=coop_id, at=at, known=known or models.END_OF_TIME)
    return _profile({row.key: row.value for row in found})


def profiles(
    coop_ids: Collection[uuid.UUID], at: dt.date, known: dt.datetime | None = None
) -> dict[uuid.UUID, Profile]:
    """Return who each of these co-operatives is on a date, in one query."""
    rows = CoopFact.objects.filter(coop_id__in=coop_ids, valid_from__lte=at)
    if known is not None:
        rows = rows.filter(recorded_at__lte=known)
    values: dict[uuid.UUID, dict[str, Any]] = {coop_id: {} for coop_id in coop_ids}
    for row in rows.order_by("coop_id", "key", "-valid_from", "-id").distinct("coop_id", "key"):
        values[row.coop_id][row.key] = row.value
    return {coop_id: _profile(found) for coop_id, found in values.items()}


def _profile(values: Mapping[str, Any]) -> Profile:
    return Profile(
        legal_name=values.get(Fact.LEGAL_NAME) or "",
        seat=Address(**values[Fact.SEAT]) if values.get(Fact.SEAT) else None,
        enterprise_no=values.get(Fact.ENTERPRISE_NO) or "",
        share_word=ShareWord(values.get(Fact.SHARE_WORD) or ShareWord.ACTION),
        public_text=values.get(Fact.PUBLIC_TEXT) or {},
    )


# Bodies and mandates


def bodies(coop_id: uuid.UUID, on: dt.date | None = None) -> list[BodyFacts]:
    """Return the bodies of a co-operative, those there on a date only when one is given."""
    rows = Body.objects.filter(coop_id=coop_id)
    if on is not None:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=on), valid_from__lte=on)
    order = list(BodyKind)
    found = [BodyFacts(row.id, BodyKind(row.kind), row.name, row.valid_from, row.until) for row in rows]
    return sorted(found, key=lambda body: (order.index(body.kind), body.name, body.id))


def _standing_mandates(known: int | None = None) -> QuerySet[Mandate]:
    """Return the mandates that no later row voids, as known at a chain position, without those never held."""
    later = Mandate.objects.filter(voids=OuterRef("pk"))
    rows = Mandate.objects.all()
    if known is not None:
        later = later.filter(position__lte=known)
        rows = rows.filter(position__lte=known)
    return rows.filter(~Exists(later)).exclude(until__lt=F("valid_from"))


def _held_on(rows: QuerySet[Mandate], on: dt.date) -> QuerySet[Mandate]:
    return rows.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        Q(body__until__isnull=True) | Q(body__until__gte=on),
        valid_from__lte=on,
    )


def _mandate_facts(row: Mandate) -> MandateFacts:
    return MandateFacts(
        id=row.id,
        coop_id=row.coop_id,
        party_id=row.party_id,
        body_id=row.body_id,
        body_kind=BodyKind(row.body.kind),
        body_name=row.body.name,
        role=Role(row.role),
        valid_from=row.valid_from,
        until=row.until,
        reference=row.reference,
        position=row.position,
    )


def _in_order(rows: QuerySet[Mandate]) -> list[MandateFacts]:
    return _sorted(_mandate_facts(row) for row in rows.select_related("body"))


def _sorted(found: Iterable[MandateFacts]) -> list[MandateFacts]:
    kinds, roles = list(BodyKind), list(Role)
    return sorted(
        found, key=lambda held: (kinds.index(held.body_kind), held.body_id, roles.index(held.role), held.position)
    )


def holds_mandate(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> bool:
    """Tell whether one of these parties holds any mandate in a co-operative on a date."""
    return bool(_roles(coop_id, party_ids, on))


def _roles(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> frozenset[tuple[str, str]]:
    """Return which roles in which kinds of bodies these parties hold on a date; a page asks the database once."""
    return frozenset((held.body_kind.value, held.role.value) for held in mandates_here(coop_id, party_ids, on))


def mandates_here(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> Sequence[MandateFacts]:
    """Return the mandates that these parties hold on a date in the co-operative that is open, by body and role.

    The door, the frame and every policy of a page ask this; the database is asked once.
    """
    if not party_ids:
        return ()

    def look() -> list[MandateFacts]:
        rows = ask(HELD_SQL, {"coop": coop_id, "parties": list(party_ids), "on": on})
        return _sorted(MandateFacts(*(*row[:4], BodyKind(row[4]), row[5], Role(row[6]), *row[7:])) for row in rows)

    return remembered(("coops.mandates", coop_id, frozenset(party_ids), on), look)


def mandates_of(party_ids: Collection[uuid.UUID], on: dt.date) -> list[MandateFacts]:
    """Return the mandates that these parties hold on a date, in every co-operative: one query for each.

    Sees the parties that the request or `kernel.tenancy.parties` has opened, and those of the open co-operative.
    """
    found: list[MandateFacts] = []
    theirs = Mandate.objects.filter(party_id__in=party_ids)
    for coop_id in sorted(set(theirs.values_list("coop_id", flat=True))):
        # A mandate is its holder's own row; its body is seen inside its co-operative only.
        with tenant(coop_id):
            found += _in_order(_held_on(_standing_mandates().filter(coop_id=coop_id, party_id__in=party_ids), on))
    return found


def mandates_ever(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[MandateFacts]:
    """Return every mandate of a party in a co-operative that stands, past and future ones too."""
    return _in_order(_standing_mandates().filter(coop_id=coop_id, party_id=party_id))


def open_mandates_in(coop_id: uuid.UUID, party_id: uuid.UUID, on: dt.date) -> list[MandateFacts]:
    """Return the mandates that a party holds in a co-operative on a date, or will hold."""
    return [one for one in mandates_ever(coop_id, party_id) if one.until is None or one.until >= on]


def office_holders(
    coop_id: uuid.UUID,
    on: dt.date,
    *,
    role: Role | None = None,
    body: BodyKind | None = None,
    known: int | None = None,
) -> list[MandateFacts]:
    """Return who held which mandate on a date, as known at a chain position, by body and role."""
    rows = _held_on(_standing_mandates(known).filter(coop_id=coop_id), on)
    if role is not None:
        rows = rows.filter(role=role)
    if body is not None:
        rows = rows.filter(body__kind=body)
    return _in_order(rows)


def mandate_history(coop_id: uuid.UUID) -> list[MandateFacts]:
    """Return every mandate of a co-operative that stands, past and future ones too, by body and role."""
    return _in_order(_standing_mandates().filter(coop_id=coop_id))


def mandate_parties(coop_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return everybody who ever held, holds or will hold a mandate in a co-operative."""
    return frozenset(_standing_mandates().filter(coop_id=coop_id).values_list("party_id", flat=True))


def coops_of_party(party_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return where a party ever had a mandate; sees the parties that `kernel.tenancy.parties` has opened."""
    return frozenset(Mandate.objects.filter(party_id=party_id).values_list("coop_id", flat=True))


def _carrying(power: Power) -> Q:
    carried = Q(pk__in=[])
    for body, role in roles_with(power):
        carried |= Q(body__kind=body, role=role)
    return carried


def may(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], power: Power, on: dt.date) -> bool:
    """Tell whether a mandate that one of these parties holds on a date carries a power."""
    return power in powers_of(coop_id, party_ids, on)


def powers_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> frozenset[Power]:
    """Return all that the mandates of these parties allow on a date."""
    held = _roles(coop_id, party_ids, on)
    return frozenset().union(*(POWERS[BodyKind(body)].get(Role(role), frozenset()) for body, role in held))


def holders_of(
    coop_id: uuid.UUID, power: Power, on: dt.date, *, but: Collection[uuid.UUID] = ()
) -> frozenset[uuid.UUID]:
    """Return the parties whose mandates carry a power on a date; mandates with an id in `but` don't count."""
    rows = _standing_mandates().filter(_carrying(power), coop_id=coop_id).exclude(pk__in=but)
    return frozenset(_held_on(rows, on).values_list("party_id", flat=True))


# Invitations


def _invitation_facts(row: Invitation) -> InvitationFacts:
    return InvitationFacts(
        id=row.id,
        body_kind=BodyKind(row.body.kind),
        body_name=row.body.name,
        role=Role(row.role),
        email=row.email,
        valid_from=row.valid_from,
        made_at=row.made_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
    )


def invitation(coop_id: uuid.UUID, invitation_id: uuid.UUID) -> InvitationFacts:
    """Return an invitation; raises Invitation.DoesNotExist."""
    return _invitation_facts(Invitation.objects.select_related("body").get(coop_id=coop_id, pk=invitation_id))


def has_invitation(coop_id: uuid.UUID, invitation_id: uuid.UUID) -> bool:
    """Tell whether an invitation is this co-operative's, whatever became of it."""
    return Invitation.objects.filter(coop_id=coop_id, pk=invitation_id).exists()


def open_invitations(coop_id: uuid.UUID, now: dt.datetime) -> list[InvitationFacts]:
    """Return the invitations that can still be accepted, newest first."""
    rows = Invitation.objects.filter(
        coop_id=coop_id, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    return [_invitation_facts(row) for row in rows.select_related("body").order_by("-made_at", "-id")]


def invitation_by_token(coop_id: uuid.UUID, token: str) -> InvitationFacts | None:
    """Return the invitation with this token, whatever became of it, or None."""
    found = Invitation.objects.filter(coop_id=coop_id, token_hash=token_hash(token)).select_related("body").first()
    return None if found is None else _invitation_facts(found)


def invitations_to(coop_id: uuid.UUID, emails: Collection[str]) -> list[InvitationFacts]:
    """Return the invitations that were mailed to addresses, oldest first."""
    rows = Invitation.objects.filter(coop_id=coop_id, email__in=[one for one in emails if one])
    return [_invitation_facts(row) for row in rows.select_related("body").order_by("made_at", "id")]


def years_kept(coop_id: uuid.UUID, on: dt.date, key: str = KEEP_YEARS) -> tuple[int, str, bool]:
    """Return how long names of members and office holders stay after the end, by which source, and whether to check it.

    The rule of the co-operative, else that of its stage, else the longest we know. BOOKS_KEEP_YEARS: bank statements.
    """
    own = rule(coop_id, key, on)
    if own is not None:
        source = presets.source_in_words(own.source, own.preset, key)
        return int(own.value), source, own.mark is not Mark.CONFIRMED
    given = [one for one in presets.rules_of(stage(coop_id, on)).get(key, ()) if one.valid_from <= on]
    if given:
        return int(given[-1].value), in_language(given[-1].sources), True
    return LONGEST_KEPT, "", True


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the day after so many whole years: the first on which a name may go."""
    try:
        return day.replace(year=day.year + years) + dt.timedelta(days=1)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def coop_for_command(slug: str | None) -> CoopFacts:
    """Return the co-operative that a command means: the named one, or the only one; raises Refused."""
    if slug is None:
        only = all_coops()[:2]
        if len(only) == 1:
            return only[0]
        raise Refused("coops.which_one")
    found = coop_by_slug(slug)
    if found is None:
        raise Refused("kernel.coop_unknown", slug=slug)
    return found
