"""What `coopwerf bank read` prints: statements as JSON, written while they are read."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from coopcalc.bank import Detail, Entry, Event, Head, StatementEnd


def as_json(events: Iterable[Event]) -> Iterator[str]:
    """Yield the pieces of a JSON list of statements; amounts and dates are text, what isn't known is null."""
    yield "["
    statements = entries = 0
    for event in events:
        match event:
            case Head():
                yield (",\n" if statements else "\n") + _dump(_head(event))[:-1] + ', "entries": ['
                statements, entries = statements + 1, 0
            case Entry():
                yield (",\n  " if entries else "\n  ") + _dump(_entry(event))
                entries += 1
            case StatementEnd():
                # Said after the entries, for some files tell it only there, and what adds up shows at the end.
                yield "], " + _dump(_end(event))[1:]
    yield "\n]\n" if statements else "]\n"


def _dump(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _head(head: Head) -> dict[str, Any]:
    return {
        "format": head.format,
        "account": head.account,
        "holder": head.holder,
        "currency": head.currency,
        "identification": head.identification,
        "number": head.number,
    }


def _end(end: StatementEnd) -> dict[str, Any]:
    head = end.head
    return {
        "from": _text(head.begins),
        "to": _text(head.ends),
        "opening": _text(head.opening),
        "closing": _text(head.closing),
        "balanced": end.is_balanced,
        "difference": _text(end.difference),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "booked": _text(entry.booked),
        "value": _text(entry.value),
        **_detail(entry),
        "currency": entry.currency,
        "status": entry.status.value,
        "reversal": entry.is_reversal,
        "batch": entry.batch,
        "kind": entry.kind,
        "details": [_detail(detail) for detail in entry.details],
    }


def _detail(detail: Detail) -> dict[str, Any]:
    original = detail.original
    return {
        "amount": str(detail.amount),
        "name": detail.name,
        "iban": detail.iban,
        "bic": detail.bic,
        "reference": detail.reference,
        "text": detail.text,
        "bank_ref": detail.bank_ref,
        "end_to_end": detail.end_to_end,
        "return": detail.return_code,
        "original": None if original is None else {"amount": str(original[0]), "currency": original[1]},
    }
