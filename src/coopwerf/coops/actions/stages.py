"""Which stage a co-operative reached on which date, and what each brings: rules of the law, and bodies."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from .. import policies, presets, queries
from ..happenings import StageReached
from ..models import Body, StageChange, StatuteRule
from ..presets import PresetRule
from ..states import STAGE_BODIES, STAGE_NAMES, TRANSITIONS, Mark, Power, Stage
from .shared import clean_line, likely_date, locked

Path = Mapping[dt.date, Stage]


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
    path = dict(_path(coop_id))
    wanted = Stage(stage)
    if wanted in (path.get(valid_from), _before(path, valid_from)):
        raise Refused("coops.stage_unchanged", path="valid_from", stage=STAGE_NAMES[wanted])
    path[valid_from] = wanted
    _require_possible(path)
    StageChange.objects.create(
        coop_id=coop_id,
        stage=wanted,
        reference=clean_line("reference", reference, 300, required=False),
        valid_from=valid_from,
        recorded_at=now,
        recorded_by=actor.party_id,
    )
    written = _Rules(coop_id, actor, now).lay(path, valid_from)
    _bring_bodies(coop_id, wanted, valid_from)
    audit("coop", coop_id, stage=str(wanted), valid_from=valid_from, rules=written)
    announce(StageReached(coop_id, wanted, valid_from))


@action(verb="coops.stage_taken_back")
def take_back_stage(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, valid_from: dt.date) -> None:
    """Write that a stage wasn't reached on a date after all: the stage before it went on, with its rules.

    What was written stays in the history of rules; bodies stay. Announces StageReached with the stage that went on.
    Raises Refused when none was written for that date, and when what came later isn't possible without it.
    """
    locked(coop_id)
    policies.may_do(actor, coop_id, Power.MANAGE_SETTINGS, civil_date(now)).require()
    path = dict(_path(coop_id))
    if path.pop(valid_from, None) is None:
        raise Refused("coops.stage_not_there", path="valid_from", date=valid_from)
    _require_possible(path)
    before = _before(path, valid_from)
    StageChange.objects.create(
        coop_id=coop_id, stage=before, valid_from=valid_from, recorded_at=now, recorded_by=actor.party_id
    )
    written = _Rules(coop_id, actor, now).lay({**path, valid_from: before}, valid_from)
    audit("coop", coop_id, stage=str(before), valid_from=valid_from, rules=written)
    announce(StageReached(coop_id, before, valid_from))


def _path(coop_id: uuid.UUID) -> Path:
    """Return the stage that was reached on each date."""
    return {facts.valid_from: facts.stage for facts in queries.stage_history(coop_id)}


def _before(path: Path, date: dt.date) -> Stage:
    """Return the stage that held on the day before a date."""
    earlier = [one for one in path if one < date]
    return path[max(earlier)] if earlier else Stage.INITIATIVE


def _require_possible(path: Path) -> None:
    """Refuse a path in which one stage doesn't lead to the next; the same stage again says nothing new."""
    here = Stage.INITIATIVE
    for _date, there in sorted(path.items()):
        if there not in {here, *TRANSITIONS[here]}:
            raise Refused("coops.stage_not_reachable", path="stage", here=STAGE_NAMES[here], there=STAGE_NAMES[there])
        here = there


class _Rules:
    """The rules that presets bring, laid anew from a date on; each row that isn't there already is written once."""

    def __init__(self, coop_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
        self.coop_id, self.actor, self.now = coop_id, actor, now
        self.rows: list[StatuteRule] = []
        self.newest: dict[tuple[str, dt.date], StatuteRule] = {}
        for row in StatuteRule.objects.filter(coop_id=coop_id).order_by("id"):
            self.newest[row.key, row.valid_from] = row

    def lay(self, path: Path, since: dt.date) -> int:
        """Write what the stages of a path bring from a date on, each until the next; return how many rows."""
        dates = sorted(date for date in path if date >= since)
        for number, date in enumerate(dates):
            end = dates[number + 1] if number + 1 < len(dates) else None
            for key in presets.catalogue():
                self._lay_key(key, path[date], date, end, _before(path, date) if date == since else None)
        StatuteRule.objects.bulk_create(self.rows)
        return len(self.rows)

    def _lay_key(self, key: str, stage: Stage, start: dt.date, end: dt.date | None, before: Stage | None) -> None:
        """Lay one rule for as long as a stage holds; `before` names the stage before where this one is news."""
        versions = presets.rules_of(stage).get(key, ())
        held = self._held(key, start)
        if held is not None and not held.preset and held.value is not None:
            if before is not None:
                self._ask_again(held, versions, before, start)
            return
        said = {max(one.valid_from, start): one for one in versions if end is None or one.valid_from < end}
        for date in sorted({start, *said, *self._preset_dates(key, start, end)}):
            in_force = [one for since, one in said.items() if since <= date]
            held = self._held(key, date)
            if held is None or held.preset or held.valid_from <= start:
                self._write(key, date, held, in_force[-1] if in_force else None)

    def _held(self, key: str, date: dt.date) -> StatuteRule | None:
        dates = [there for name, there in self.newest if name == key and there <= date]
        return self.newest[key, max(dates)] if dates else None

    def _preset_dates(self, key: str, start: dt.date, end: dt.date | None) -> Iterator[dt.date]:
        """Yield the dates within a stage for which an earlier laying wrote something."""
        for (name, date), row in self.newest.items():
            if name == key and date > start and (end is None or date < end) and row.preset:
                yield date

    def _ask_again(self, held: StatuteRule, versions: tuple[PresetRule, ...], before: Stage, start: dt.date) -> None:
        """Mark a rule of the co-operative's own to be checked, where another preset speaks about it from now on."""
        known = {one.preset for group in presets.rules_of(before).values() for one in group}
        if versions and held.mark != Mark.CHECK and versions[-1].preset not in known:
            self._add(held.key, start, held.value, Mark.CHECK, held.source, "")

    def _write(self, key: str, date: dt.date, held: StatuteRule | None, said: PresetRule | None) -> None:
        if said is None:
            if held is not None and held.preset and held.value is not None:
                self._add(key, date, None, Mark.DEFAULT, "", held.preset)
        elif held is None or (held.value, held.preset, held.source) != (said.value, said.preset, said.source):
            self._add(key, date, said.value, said.mark, said.source, said.preset)

    def _add(self, key: str, date: dt.date, value: Any, mark: Mark, source: str, preset: str) -> None:
        row = StatuteRule(
            coop_id=self.coop_id,
            key=key,
            value=value,
            mark=mark,
            source=source,
            preset=preset,
            valid_from=date,
            recorded_at=self.now,
            recorded_by=self.actor.party_id,
        )
        self.rows.append(row)
        self.newest[key, date] = row


def _bring_bodies(coop_id: uuid.UUID, stage: Stage, valid_from: dt.date) -> None:
    """Make the bodies that a stage needs and that aren't there yet; one that came later begins earlier."""
    for kind in STAGE_BODIES[stage]:
        there = Body.objects.filter(coop_id=coop_id, kind=kind).order_by("valid_from").first()
        if there is None:
            Body.objects.create(coop_id=coop_id, kind=kind, valid_from=valid_from)
        elif there.valid_from > valid_from:
            there.valid_from = valid_from
            there.save(update_fields=["valid_from"])
