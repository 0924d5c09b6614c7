"""What a co-operative is, from which date: its look, public facts, stage, and the rules of its statutes."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import Address, clean_enterprise_no, clean_language

from .. import policies, presets, queries
from ..happenings import RulesSet, StageReached
from ..models import Body, CoopFact, StageChange, StatuteRule
from ..queries import CoopFacts
from ..states import STAGE_BODIES, STAGE_NAMES, TRANSITIONS, Fact, Mark, Power, ShareWord, Stage
from .shared import clean_line, clean_paragraphs, likely_date, locked


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
    coop = locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    if name is not None:
        coop.name = clean_line("name", name, 200)
    if language is not None:
        coop.language = clean_language(language)
    if hue is not None:
        if not 0 <= hue < 360:
            raise Refused("coops.hue_out_of_range", path="hue")
        coop.hue = hue
    if mail_footer is not None:
        coop.mail_footer = clean_paragraphs("mail_footer", mail_footer, 2000)
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
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    likely_date(valid_from, now)
    values: dict[Fact, Any] = {}
    if legal_name is not None:
        values[Fact.LEGAL_NAME] = clean_line("legal_name", legal_name, 300, required=False)
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
            clean_language(language): clean_paragraphs("public_text", text, 20_000)
            for language, text in public_text.items()
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
    """Return a seat as it is kept, empty when nothing but a country is known."""
    if not set(seat) <= {field.name for field in dataclasses.fields(Address)}:
        raise Refused("coops.seat_parts_unknown", path="seat")
    clean = Address(**seat).cleaned()
    return {} if clean.is_empty else clean.as_record()


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
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    likely_date(valid_from, now)
    before = _require_path(coop_id, Stage(stage), valid_from)
    StageChange.objects.create(
        coop_id=coop_id,
        stage=stage,
        reference=clean_line("reference", reference, 300, required=False),
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
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    likely_date(valid_from, now)
    clean_source = clean_line("source", source, 300, required=False)
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
