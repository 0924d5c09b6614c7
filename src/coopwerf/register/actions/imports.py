"""A spreadsheet on its way into the register: brought, its columns chosen, its rows mended, dropped."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from coopcalc.register import sheets
from coopcalc.register.sheets import Shape, Sheet
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies, queries
from ..models import RegisterImport
from ..states import ImportState

MOST_MENDS = 5_000


@action(verb="register.import_brought")
def bring_spreadsheet(
    *,
    coop_id: uuid.UUID,
    file_name: str,
    content: bytes,
    found: Sequence[Sheet],
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Keep a spreadsheet with the cells that were read from it, until it is booked or dropped; return its id.

    Raises Refused where the actor may not bring a register, or there is one already.
    """
    policies.may_import_register(actor, coop_id, clock.civil_date(now)).require()
    row = RegisterImport(
        coop_id=coop_id,
        brought_by=actor.party_id,
        brought_at=now,
        file_name=file_name.strip()[-200:] or "–",
        size=len(content),
    )
    folder = f"imports/{coop_id}/{row.id}"
    ending = ".xlsx" if content.startswith(b"PK") else ".csv"
    names = []
    try:
        names.append(default_storage.save(f"{folder}/original{ending}", ContentFile(content)))
        names.append(default_storage.save(f"{folder}/cells.json", ContentFile(sheets.to_json(found).encode())))
        row.original, row.cells = names
        row.save(force_insert=True)
        audit("import", row.id, size=len(content), rows=sum(len(sheet.rows) for sheet in found))
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise
    return row.id


def open_import(coop_id: uuid.UUID, import_id: uuid.UUID, actor: Actor, now: dt.datetime) -> RegisterImport:
    """Lock a spreadsheet that is still open; raises Refused."""
    policies.may_import_register(actor, coop_id, clock.civil_date(now)).require()
    row = RegisterImport.objects.select_for_update().filter(coop_id=coop_id, id=import_id).first()
    if row is None:
        raise Refused("register.import_unknown")
    if row.state != ImportState.OPEN:
        raise Refused("register.import_not_open")
    return row


@action(verb="register.import_chosen")
def choose_columns(
    *,
    coop_id: uuid.UUID,
    import_id: uuid.UUID,
    choices: queries.Choices,
    heads: Mapping[str, str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say how a spreadsheet is read; `heads` (folded header to field) is remembered for the next file.

    Answers about rows stay; mends of rows stay too, unless another sheet is chosen.
    """
    row = open_import(coop_id, import_id, actor, now)
    today = clock.civil_date(now)
    if choices.at is not None and choices.at > today:
        raise Refused("register.import_at", at=choices.at)
    if choices.amount is not None and choices.amount <= 0:
        raise Refused("register.import_amount")
    before = queries.Choices.from_json(row.choices)
    row.choices = choices.as_json()
    if (before.sheet, before.header) not in ((None, None), (choices.sheet, choices.header)):
        row.mends = {}
    row.heads = {key[:80]: told for key, told in list(heads.items())[:200]}
    row.reason, row.reason_facts = "", {}
    row.save(update_fields=["choices", "mends", "heads", "reason", "reason_facts"])
    audit("import", import_id, columns=len(choices.columns or {}), shape=(choices.shape or Shape.OPENING).value)


@action(verb="register.import_mended")
def mend_row(
    *,
    coop_id: uuid.UUID,
    import_id: uuid.UUID,
    line: int,
    values: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
    skip: str | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Mend one row: other values for its fields, an answer to a doubt, or leave it out for a reason.

    What was mended before stays beside it; `skip` empty takes the row in again. The file itself isn't changed.
    """
    row = open_import(coop_id, import_id, actor, now)
    told = dict(row.mends.get(str(line), {}))
    if values:
        known = {key: value.strip()[:600] for key, value in values.items() if sheets.read_key(key)}
        told["values"] = {**told.get("values", {}), **known}
        told.pop("skip", None)
    if answers:
        told["answers"] = {**told.get("answers", {}), **answers}
    if skip is not None:
        told["skip"] = skip.strip()[:200]
    if not told.get("skip"):
        told.pop("skip", None)
    if len(row.mends) >= MOST_MENDS and str(line) not in row.mends:
        raise Refused("register.import_not_open")
    row.mends = {**row.mends, str(line): told}
    row.reason, row.reason_facts = "", {}
    row.save(update_fields=["mends", "reason", "reason_facts"])
    audit("import", import_id, line=line, values=len(values or {}), answers=len(answers or {}), skipped=bool(skip))


@action(verb="register.import_answered")
def answer_doubts(
    *, coop_id: uuid.UUID, import_id: uuid.UUID, code: str, answer: str, actor: Actor, now: dt.datetime
) -> None:
    """Give the same answer to every doubt of a kind; an empty answer takes it back."""
    row = open_import(coop_id, import_id, actor, now)
    answers = {key: told for key, told in row.choices.get("answers", {}).items() if key != code}
    if answer:
        answers[code] = answer
    row.choices = {**row.choices, "answers": answers}
    row.save(update_fields=["choices"])
    audit("import", import_id, doubt=code, answer=answer)


@action(verb="register.import_dropped")
def drop_import(*, coop_id: uuid.UUID, import_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Drop a spreadsheet that isn't booked; its file goes with it."""
    row = open_import(coop_id, import_id, actor, now)
    drop_open(row, now)
    audit("import", import_id)


@action(verb="register.import_forgotten")
def forget_imports(*, coop_id: uuid.UUID, before: dt.datetime, actor: Actor, now: dt.datetime) -> int:
    """Drop the spreadsheets brought before a moment that nobody booked; return how many."""
    rows = RegisterImport.objects.select_for_update().filter(
        coop_id=coop_id, state=ImportState.OPEN.value, brought_at__lt=before
    )
    count = 0
    for row in rows.order_by("id"):
        drop_open(row, now)
        count += 1
    audit("register", None, dropped=count)
    return count


def drop_open(row: RegisterImport, now: dt.datetime) -> None:
    """Drop a locked spreadsheet, with its files."""
    forget_files(row)
    row.state, row.ended_at, row.mends = ImportState.DROPPED.value, now, {}
    row.save()


def forget_files(row: RegisterImport) -> None:
    """Remove a spreadsheet's files once this transaction is through."""
    names = [name for name in (row.original, row.cells) if name]
    row.original = row.cells = ""

    def remove() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(remove)


@action(verb="register.import_begun")
def begin_import(*, coop_id: uuid.UUID, import_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Have a worker book a spreadsheet; its page says when that is done."""
    from ..tasks import defer_booking

    row = open_import(coop_id, import_id, actor, now)
    if RegisterImport.objects.filter(coop_id=coop_id, state=ImportState.BOOKING.value).exists():
        raise Refused("register.import_not_open")
    row.state, row.reason, row.reason_facts = ImportState.BOOKING.value, "", {}
    row.save(update_fields=["state", "reason", "reason_facts"])
    audit("import", import_id)
    defer_booking(coop_id, import_id, actor)


@action(verb="register.import_stopped")
def stop_import(
    *,
    coop_id: uuid.UUID,
    import_id: uuid.UUID,
    reason: str,
    facts: Mapping[str, str] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down why a worker couldn't book a spreadsheet, and open it again for mending."""
    row = RegisterImport.objects.select_for_update().filter(coop_id=coop_id, id=import_id).first()
    if row is None or row.state != ImportState.BOOKING:
        raise Refused("register.import_not_open")
    row.state, row.reason, row.reason_facts = ImportState.OPEN.value, reason[:60], dict(facts or {})
    row.save(update_fields=["state", "reason", "reason_facts"])
    audit("import", import_id, reason=reason)
