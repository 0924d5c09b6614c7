"""Everything that changes a co-operative's own facts, its statutes' rules, its bodies and mandates."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify

from coopwerf.kernel import chain
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant

from . import mails, policies, presets, queries
from .happenings import CoopFounded, MandateEnded, MandateGranted, RulesSet, StageReached
from .identifiers import clean_enterprise_no
from .models import Body, Coop, CoopFact, Invitation, Mandate, StageChange, StatuteRule
from .queries import BodyFacts, CoopFacts, InvitationFacts, MandateFacts
from .states import (
    POWERS,
    STAGE_BODIES,
    STAGE_NAMES,
    TRANSITIONS,
    BodyKind,
    Fact,
    Mark,
    Power,
    Role,
    ShareWord,
    Stage,
)
from .tokens import new_token, token_hash

EARLIEST = dt.date(1800, 1, 1)
FURTHEST = dt.timedelta(days=3 * 366)
INVITATION_DAYS = 14
INVITATIONS_A_DAY = 50
LANGUAGES = ("nl", "fr", "en")
SEAT_PARTS = {"street": 200, "number": 20, "box": 20, "postcode": 20, "town": 100, "country": 2}


# What several actions share


def _line(field: str, text: str, limit: int, *, required: bool = True) -> str:
    """Return one clean line of text; raises Refused when it is empty though required, or too long."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    clean = "".join(sign for sign in clean if unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
    if required and not clean:
        raise Refused("coops.text_missing", path=field)
    if len(clean) > limit:
        raise Refused("coops.text_too_long", path=field, limit=limit)
    return clean


def _paragraphs(field: str, text: str, limit: int) -> str:
    """Return text of several lines, without signs that can't be stored; raises Refused when it is too long."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    clean = "".join(sign for sign in clean if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
    if len(clean) > limit:
        raise Refused("coops.text_too_long", path=field, limit=limit)
    return clean


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise Refused("coops.language_unknown", path="language", language=code)
    return code


def _likely(date: dt.date, now: dt.datetime, field: str = "valid_from") -> dt.date:
    """Return a date that can be meant; raises Refused for one before 1800 or more than three years ahead."""
    if not EARLIEST <= date <= civil_date(now) + FURTHEST:
        raise Refused("coops.date_unlikely", path=field, date=date.isoformat())
    return date


def _lock(coop_id: uuid.UUID) -> Coop:
    """Lock the co-operative's own row: the first lock of all, so that two such acts come one after the other."""
    found = Coop.objects.select_for_update(no_key=True).filter(pk=coop_id).first()
    if found is None:
        raise Refused("coops.unknown")
    return found


def _free_slug(name: str, ident: uuid.UUID) -> str:
    wanted = slugify(name)[:50].strip("-") or f"coop-{ident.hex[-8:]}"
    taken = set(Coop.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)


def _new_coop(*, name: str, language: str, now: dt.datetime) -> Coop:
    ident = uuid7()
    clean = _line("name", name, 200)
    return Coop(id=ident, slug=_free_slug(clean, ident), name=clean, language=_language(language), made_at=now)


def _begin(coop: Coop, now: dt.datetime) -> Body:
    """Write a new co-operative with its chain and its first body; runs inside its tenant."""
    coop.save(force_insert=True)
    chain.begin(coop_id=coop.id, at=now)
    return Body.objects.create(coop=coop, kind=BodyKind.INITIATORS, valid_from=civil_date(now))


# Founding


@action(verb="coops.founded")
def found_coop(
    *,
    actor: Actor,
    now: dt.datetime,
    name: str,
    language: str,
    is_practice: bool = False,
    founder_id: uuid.UUID | None = None,
) -> CoopFacts:
    """Start a co-operative as an initiative; who founds it becomes its coordinator.

    `founder_id` says who that is where the installation itself acts. Announces CoopFounded. Raises Refused for a name
    that is empty or longer than 200 signs, a language other than nl, fr and en, a founder without a name of their own.
    """
    policies.may_found(actor, founder_id).require()
    coop = _new_coop(name=name, language=language, now=now)
    coop.is_practice = is_practice
    with tenant(coop.id):
        core = _begin(coop, now)
        first = Mandate(
            coop=coop,
            party_id=founder_id or actor.party_id,
            body=core,
            role=Role.COORDINATOR,
            valid_from=civil_date(now),
        )
        chain.append(coop_id=coop.id, at=now, rows=[first])
        audit("coop", coop.id, coop_id=coop.id, mandate=first.id)
        announce(CoopFounded(coop.id))
    return queries.coop_facts(coop.id)


@action(verb="coops.hosted")
def host_coop(*, actor: Actor, now: dt.datetime, name: str, language: str, email: str) -> CoopFacts:
    """Make a co-operative for others, and invite its first coordinator by mail.

    The administrator who does this gets no mandate, and so no look inside. Announces CoopFounded.
    Raises Refused as `found_coop` does, and for an address that can't be one.
    """
    policies.may_host(actor).require()
    coop = _new_coop(name=name, language=language, now=now)
    with tenant(coop.id):
        core = _begin(coop, now)
        invitation = _invite(coop, core, Role.COORDINATOR, email, language, civil_date(now), actor=actor, now=now)
        audit("coop", coop.id, coop_id=coop.id, invitation=invitation.id)
        announce(CoopFounded(coop.id))
    return queries.coop_facts(coop.id)


@action(verb="coops.practice_marked")
def mark_practice(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> None:
    """Turn a co-operative into one for practice, for good; its data never becomes real.

    Raises Refused once its register holds anything.
    """
    coop = _lock(coop_id)
    policies.may_mark_practice(actor, coop_id, civil_date(now)).require()
    coop.is_practice = True
    coop.save(update_fields=["is_practice"])
    audit("coop", coop_id)


# What it is, from which date


@action(verb="coops.look_changed")
def change_look(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    name: str | None = None,
    language: str | None = None,
    hue: int | None = None,
    mail_footer: str | None = None,
) -> CoopFacts:
    """Change the name by which it is known here, its first language, its brand hue (0 to 359) or its mail footer.

    What is None stays as it is. Raises Refused for values that can't be.
    """
    coop = _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    if name is not None:
        coop.name = _line("name", name, 200)
    if language is not None:
        coop.language = _language(language)
    if hue is not None:
        if not 0 <= hue < 360:
            raise Refused("coops.hue_out_of_range", path="hue")
        coop.hue = hue
    if mail_footer is not None:
        coop.mail_footer = _paragraphs("mail_footer", mail_footer, 2000)
    coop.save()
    given = {"name": name, "language": language, "hue": hue, "mail_footer": mail_footer}
    audit("coop", coop_id, changed=[key for key, value in given.items() if value is not None])
    return queries.coop_facts(coop_id)


@action(verb="coops.profile_changed")
def change_profile(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    valid_from: dt.date,
    legal_name: str | None = None,
    seat: Mapping[str, str] | None = None,
    enterprise_no: str | None = None,
    share_word: str | None = None,
    public_text: Mapping[str, str] | None = None,
) -> None:
    """Write public facts that hold from a date; what is None stays as it is, what is empty is unknown from then on.

    `seat` has street, number, box, postcode, town and country (ISO 3166-1, two letters); `public_text` a text per
    language. Raises Refused for an enterprise number that fails its check, and for an unlikely date.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    _likely(valid_from, now)
    values: dict[Fact, Any] = {}
    if legal_name is not None:
        values[Fact.LEGAL_NAME] = _line("legal_name", legal_name, 300, required=False)
    if seat is not None:
        values[Fact.SEAT] = _seat(seat)
    if enterprise_no is not None:
        values[Fact.ENTERPRISE_NO] = clean_enterprise_no(enterprise_no)
    if share_word is not None:
        if share_word not in list(ShareWord):
            raise Refused("coops.share_word_unknown", path="share_word")
        values[Fact.SHARE_WORD] = share_word
    if public_text is not None:
        values[Fact.PUBLIC_TEXT] = {
            _language(language): _paragraphs("public_text", text, 20_000) for language, text in public_text.items()
        }
    held = {
        row.key: row.value
        for row in CoopFact.objects.filter(coop_id=coop_id, valid_from__lte=valid_from)
        .order_by("key", "-valid_from", "-id")
        .distinct("key")
    }
    news = {key: value for key, value in values.items() if (held.get(key) or "") != (value or "")}
    CoopFact.objects.bulk_create(
        CoopFact(
            coop_id=coop_id,
            key=key.value,
            value=value or None,
            valid_from=valid_from,
            recorded_at=now,
            recorded_by=actor.party_id,
        )
        for key, value in news.items()
    )
    audit("coop", coop_id, valid_from=valid_from, changed=[key.value for key in news])


def _seat(seat: Mapping[str, str]) -> dict[str, str]:
    if not set(seat) <= set(SEAT_PARTS):
        raise Refused("kernel.bad_value", path="seat", field="seat", why="unknown parts")
    clean = {part: _line(part, seat.get(part, ""), limit, required=False) for part, limit in SEAT_PARTS.items()}
    clean["country"] = clean["country"].upper()
    if any(clean.values()) and not re.fullmatch(r"[A-Z]{2}", clean["country"]):
        raise Refused("coops.country_unknown", path="country")
    return clean if any(clean.values()) else {}


@action(verb="coops.stage_changed")
def change_stage(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    stage: Stage,
    valid_from: dt.date,
    reference: str = "",
) -> None:
    """Write that a co-operative reached a stage on a date, with its presets and the bodies that it needs.

    A later row for the same date corrects the earlier one. Rules that the co-operative set itself stay, marked to be
    checked again where the new stage has something to say about them. Announces StageReached.
    Raises Refused when the stages before and after that date don't lead to and from it.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    _likely(valid_from, now)
    before = _require_path(coop_id, Stage(stage), valid_from)
    StageChange.objects.create(
        coop_id=coop_id,
        stage=stage,
        reference=_line("reference", reference, 300, required=False),
        valid_from=valid_from,
        recorded_at=now,
        recorded_by=actor.party_id,
    )
    written = _bring_presets(coop_id, before, Stage(stage), valid_from, actor=actor, now=now)
    _bring_bodies(coop_id, Stage(stage), valid_from)
    audit("coop", coop_id, stage=str(stage), valid_from=valid_from, rules=written)
    announce(StageReached(coop_id, Stage(stage), valid_from))


def _require_path(coop_id: uuid.UUID, wanted: Stage, valid_from: dt.date) -> Stage:
    """Return the stage before a date; raises Refused when the whole path, with the new stage in it, isn't possible."""
    path = {facts.valid_from: facts.stage for facts in queries.stage_history(coop_id)}
    if path.get(valid_from) is wanted:
        raise Refused("coops.stage_unchanged", stage=STAGE_NAMES[wanted])
    before = max(((date, stage) for date, stage in path.items() if date < valid_from), default=(None, Stage.INITIATIVE))
    path[valid_from] = wanted
    here = Stage.INITIATIVE
    for _date, there in sorted(path.items()):
        if there is here:
            raise Refused("coops.stage_unchanged", stage=STAGE_NAMES[there])
        if there not in TRANSITIONS[here]:
            raise Refused("coops.stage_not_reachable", path="stage", here=STAGE_NAMES[here], there=STAGE_NAMES[there])
        here = there
    return before[1]


def _bring_presets(
    coop_id: uuid.UUID, before: Stage, stage: Stage, valid_from: dt.date, *, actor: Actor, now: dt.datetime
) -> int:
    """Write the rules of a stage's presets from a date on; return how many."""
    rows: list[StatuteRule] = []

    def write(key: str, date: dt.date, value: Any, mark: Mark, source: str, preset: str) -> None:
        rows.append(
            StatuteRule(
                coop_id=coop_id,
                key=key,
                value=value,
                mark=mark,
                source=source,
                preset=preset,
                valid_from=date,
                recorded_at=now,
                recorded_by=actor.party_id,
            )
        )

    holding = queries.rules(coop_id, valid_from)
    known_before = {one.preset for versions in presets.rules_of(before).values() for one in versions}
    for key, versions in presets.rules_of(stage).items():
        held = holding.get(key)
        if held is not None and not held.preset:
            if held.mark is not Mark.CHECK and versions[-1].preset not in known_before:
                write(key, valid_from, held.value, Mark.CHECK, held.source, "")
            continue
        for number, one in enumerate(versions):
            following = versions[number + 1].valid_from if number + 1 < len(versions) else None
            if following is None or following > valid_from:
                write(key, max(one.valid_from, valid_from), one.value, one.mark, one.source, one.preset)
    for key, held in holding.items():
        if held.preset and key not in presets.rules_of(stage):
            write(key, valid_from, None, Mark.DEFAULT, "", held.preset)
    StatuteRule.objects.bulk_create(rows)
    return len(rows)


def _bring_bodies(coop_id: uuid.UUID, stage: Stage, valid_from: dt.date) -> None:
    """Make the bodies that a stage needs and that aren't there yet; one that came later begins earlier."""
    for kind in STAGE_BODIES[stage]:
        there = Body.objects.filter(coop_id=coop_id, kind=kind).order_by("valid_from").first()
        if there is None:
            Body.objects.create(coop_id=coop_id, kind=kind, valid_from=valid_from)
        elif there.valid_from > valid_from:
            there.valid_from = valid_from
            there.save(update_fields=["valid_from"])


@action(verb="coops.rules_set")
def set_rules(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    valid_from: dt.date,
    values: Mapping[str, Any],
    source: str = "",
    is_confirmed: bool = True,
) -> None:
    """Write rules of the statutes, by key, that hold from a date; None ends a rule.

    Values are written as `presets.Kind` says. `source` names the article of the statutes or the deed. Announces
    RulesSet. Raises Refused for a key that isn't in the catalogue, a value that isn't of its kind, an unlikely date.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    _likely(valid_from, now)
    clean_source = _line("source", source, 300, required=False)
    rows = []
    for name, value in values.items():
        key = presets.catalogue().get(name)
        if key is None:
            raise Refused("coops.rule_unknown", path=name, rule=name)
        try:
            checked = None if value is None else presets.checked(key, value)
        except ValueError:
            raise Refused("coops.rule_value_bad", path=name, rule=presets.in_language(key.label)) from None
        rows.append(
            StatuteRule(
                coop_id=coop_id,
                key=name,
                value=checked,
                mark=Mark.CONFIRMED if is_confirmed else Mark.CHECK,
                source=clean_source,
                valid_from=valid_from,
                recorded_at=now,
                recorded_by=actor.party_id,
            )
        )
    StatuteRule.objects.bulk_create(rows)
    audit("coop", coop_id, valid_from=valid_from, rules=list(values))
    announce(RulesSet(coop_id, tuple(values), valid_from))


# Bodies and mandates


@action(verb="coops.body_added")
def add_body(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    kind: BodyKind,
    valid_from: dt.date,
    name: str = "",
) -> BodyFacts:
    """Add a body that is there from a date on; without a name it bears the usual one of its kind.

    Raises Refused for a second board or general assembly, and for an unlikely date.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    _likely(valid_from, now)
    clean = _line("name", name, 200, required=kind == BodyKind.COMMITTEE)
    single = kind in (BodyKind.BOARD, BodyKind.GENERAL_ASSEMBLY, BodyKind.INITIATORS)
    if single and Body.objects.filter(coop_id=coop_id, kind=kind, until__isnull=True).exists():
        raise Refused("coops.body_there_already", path="kind")
    body = Body.objects.create(coop_id=coop_id, kind=kind, name=clean, valid_from=valid_from)
    audit("body", body.id, kind=str(kind), valid_from=valid_from)
    return BodyFacts(body.id, BodyKind(body.kind), body.name, body.valid_from, None)


@action(verb="coops.body_changed")
def change_body(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    body_id: uuid.UUID,
    name: str | None = None,
    until: dt.date | None = None,
) -> None:
    """Rename a body, or close it after a last day.

    Raises Refused when somebody still holds a mandate in it after that day, or when it had begun later.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    body = _body(coop_id, body_id)
    if name is not None:
        body.name = _line("name", name, 200, required=body.kind == BodyKind.COMMITTEE)
    if until is not None:
        _likely(until, now, "until")
        if until < body.valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
        longer = [
            held
            for held in queries.mandate_history(coop_id)
            if held.body_id == body_id and (held.until is None or held.until > until)
        ]
        if longer:
            raise Refused("coops.body_holds_mandates", path="until", count=len(longer))
        body.until = until
    body.save()
    audit("body", body.id, renamed=name is not None, until=until)


def _body(coop_id: uuid.UUID, body_id: uuid.UUID) -> Body:
    found = Body.objects.filter(coop_id=coop_id, pk=body_id).first()
    if found is None:
        raise Refused("coops.body_unknown", path="body_id")
    return found


def _require_role(body: Body, role: Role) -> Role:
    if role not in POWERS[BodyKind(body.kind)]:
        raise Refused("coops.role_not_in_body", path="role")
    return Role(role)


@action(verb="coops.mandate_granted")
def grant_mandate(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID,
    body_id: uuid.UUID,
    role: Role,
    valid_from: dt.date,
    until: dt.date | None = None,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
) -> MandateFacts:
    """Give somebody a role in a body, from a date until and including another, if that is known already.

    Announces MandateGranted. Raises Refused for a role that the body doesn't know, a party that isn't here, a period
    in which the same party holds the same role already, and unlikely dates.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    mandate = _grant(
        _body(coop_id, body_id),
        party_id,
        role,
        valid_from,
        until,
        decision_id=decision_id,
        reference=reference,
        now=now,
    )
    audit("mandate", mandate.id, party=party_id, body=body_id, role=str(role), valid_from=valid_from, until=until)
    announce(MandateGranted(coop_id, mandate.id, party_id, Role(role), valid_from))
    return _facts_of(coop_id, mandate.id)


def _grant(
    body: Body,
    party_id: uuid.UUID,
    role: Role,
    valid_from: dt.date,
    until: dt.date | None,
    *,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
    now: dt.datetime,
) -> Mandate:
    _likely(valid_from, now)
    if until is not None:
        _likely(until, now + FURTHEST * 3, "until")
        if until < valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
    if not queries.party_is_here(party_id):
        raise Refused("coops.party_unknown", path="party_id")
    for held in queries.mandate_history(body.coop_id):
        if (held.party_id, held.body_id, held.role) == (party_id, body.id, role) and _meet(held, valid_from, until):
            raise Refused("coops.mandate_overlaps", path="valid_from", valid_from=held.valid_from.isoformat())
    mandate = Mandate(
        coop_id=body.coop_id,
        party_id=party_id,
        body_id=body.id,
        role=_require_role(body, role),
        valid_from=valid_from,
        until=until,
        decision_id=decision_id,
        reference=_line("reference", reference, 300, required=False),
    )
    chain.append(coop_id=body.coop_id, at=now, rows=[mandate])
    return mandate


def _meet(held: MandateFacts, valid_from: dt.date, until: dt.date | None) -> bool:
    return (until is None or held.valid_from <= until) and (held.until is None or held.until >= valid_from)


def _facts_of(coop_id: uuid.UUID, mandate_id: uuid.UUID) -> MandateFacts:
    return next(held for held in queries.mandate_history(coop_id) if held.id == mandate_id)


@action(verb="coops.mandate_ended")
def end_mandate(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    mandate_id: uuid.UUID,
    until: dt.date | None = None,
    was_never_held: bool = False,
    decision_id: uuid.UUID | None = None,
    reference: str = "",
) -> None:
    """Give a mandate its last day, or take it back as never held; the earlier row stays, voided by the new one.

    Announces MandateEnded. Raises Refused when the mandate isn't there or was voided already, when the last day lies
    before the first, and when afterwards nobody could give mandates any more.
    """
    _lock(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_MANDATES, civil_date(now)).require()
    held = next((one for one in queries.mandate_history(coop_id) if one.id == mandate_id), None)
    if held is None:
        raise Refused("coops.mandate_unknown", path="mandate_id")
    last = held.valid_from - dt.timedelta(days=1) if was_never_held else until
    if last is None:
        raise Refused("coops.last_day_missing", path="until")
    if not was_never_held:
        _likely(last, now + FURTHEST * 3, "until")
        if last < held.valid_from:
            raise Refused("coops.ends_before_it_begins", path="until")
    today = civil_date(now)
    after = max(last + dt.timedelta(days=1), today)
    managed = queries.holders_of(coop_id, Power.MANAGE_MANDATES, after)
    if managed and not queries.holders_of(coop_id, Power.MANAGE_MANDATES, after, but=[held.id]):
        raise Refused("coops.last_manager")
    row = Mandate(
        coop_id=coop_id,
        party_id=held.party_id,
        body_id=held.body_id,
        role=held.role,
        valid_from=held.valid_from,
        until=last,
        decision_id=decision_id,
        reference=_line("reference", reference, 300, required=False) or held.reference,
        voids_id=held.id,
    )
    chain.append(coop_id=coop_id, at=now, rows=[row])
    audit(
        "mandate",
        row.id,
        verb="coops.mandate_voided" if was_never_held else None,
        voids=held.id,
        party=held.party_id,
        until=last,
    )
    announce(MandateEnded(coop_id, row.id, held.party_id, last))


# Invitations


@action(verb="coops.invited")
def invite(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    body_id: uuid.UUID,
    role: Role,
    email: str,
    language: str,
    valid_from: dt.date | None = None,
) -> InvitationFacts:
    """Offer somebody a role by mail, in their language; it holds from the date given, else from when they accept.

    The mail carries a link that works once, for fourteen days. Raises Refused for an address that can't be one, a role
    that the body doesn't know, and after fifty invitations within a day.
    """
    coop = _lock(coop_id)
    policies.may_invite(actor, coop_id, civil_date(now)).require()
    body = _body(coop_id, body_id)
    invitation = _invite(coop, body, role, email, language, valid_from or civil_date(now), actor=actor, now=now)
    audit("invitation", invitation.id, body=body.id, role=str(role))
    return queries.invitation(coop_id, invitation.id)


def _invite(
    coop: Coop,
    body: Body,
    role: Role,
    email: str,
    language: str,
    valid_from: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Invitation:
    _likely(valid_from, now)
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("coops.email_bad", path="email") from None
    lately = Invitation.objects.filter(coop=coop, made_at__gt=now - dt.timedelta(days=1)).count()
    if lately >= INVITATIONS_A_DAY:
        raise Refused("coops.too_many_invitations", limit=INVITATIONS_A_DAY)
    token = new_token()
    invitation = Invitation.objects.create(
        coop=coop,
        body=body,
        role=_require_role(body, role),
        email=address,
        language=_language(language),
        valid_from=valid_from,
        token_hash=token_hash(token),
        made_at=now,
        made_by=actor.party_id,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    mails.send_invitation(queries.coop_facts(coop.id), queries.invitation(coop.id, invitation.id), language, token)
    return invitation


@action(verb="coops.invitation_accepted")
def accept_invitation(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, token: str) -> MandateFacts:
    """Take up the role that was offered by mail; whoever holds the link and has signed in gets the mandate.

    Announces MandateGranted. Raises Refused when the link is unknown, used, withdrawn or too old.
    """
    _lock(coop_id)
    if not actor.is_person:
        raise Refused("kernel.not_signed_in")
    if actor.party_id is None:
        raise Refused("coops.founder_without_name")
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("body")
        .filter(coop_id=coop_id, token_hash=token_hash(token))
        .first()
    )
    if (
        invitation is None
        or invitation.accepted_at is not None
        or invitation.withdrawn_at is not None
        or invitation.expires_at <= now
    ):
        raise Refused("coops.invitation_gone")
    mandate = _grant(invitation.body, actor.party_id, Role(invitation.role), invitation.valid_from, None, now=now)
    invitation.accepted_at, invitation.mandate = now, mandate
    invitation.save(update_fields=["accepted_at", "mandate"])
    audit("invitation", invitation.id, mandate=mandate.id, party=actor.party_id)
    announce(MandateGranted(coop_id, mandate.id, actor.party_id, Role(mandate.role), mandate.valid_from))
    return _facts_of(coop_id, mandate.id)


@action(verb="coops.invitation_withdrawn")
def withdraw_invitation(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, invitation_id: uuid.UUID) -> None:
    """Take an invitation back that nobody accepted yet; its link stops working."""
    _lock(coop_id)
    policies.may_invite(actor, coop_id, civil_date(now)).require()
    invitation = Invitation.objects.filter(coop_id=coop_id, pk=invitation_id).first()
    if invitation is None or invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise Refused("coops.invitation_gone")
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    audit("invitation", invitation.id)
