"""What a co-operative is, from which date: its look, public facts, and the rules of its statutes."""

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
from ..happenings import RulesSet
from ..models import CoopFact, StatuteRule
from ..queries import CoopFacts
from ..states import Fact, Mark, Power, ShareWord, in_language
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
            raise Refused("coops.rule_value_bad", path=name, rule=in_language(key.label)) from None
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
