"""Bodies written by hand are the canonical text of the same object, and nothing else is read back."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc import chain, register
from coopcalc.register import bodies

ids = st.uuids().map(str)
dates = st.dates(dt.date(1800, 1, 1))
cents = st.decimals(-(10**12), 10**12, places=2)
prices = st.decimals(0, 10**9, places=4)
codes = st.from_regex(r"[a-z][a-z0-9_.]{0,20}", fullmatch=True)
hashes = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
STAMP = "2026-11-23T12:00:00.000000Z"


def plain(values: dict[str, Any], **names: str) -> dict[str, Any]:
    """Give values as the contract writes them, some under another name."""

    def written(key: str, value: Any) -> Any:
        if isinstance(value, Decimal):
            places = 4 if key in ("amount_per_share", "nominal", "issue_price") else 2
            text = f"{value:.{places}f}"
            return text[1:] if text.strip("-0.") == "" and text.startswith("-") else text
        return value.isoformat() if isinstance(value, dt.date) else value

    return {names.get(key, key): written(key, value) for key, value in values.items()}


movements = st.fixed_dictionaries(
    {
        "id": ids,
        "member": ids,
        "share_class": ids,
        "kind": st.sampled_from([kind.value for kind in register.MovementKind]),
        "quantity": st.integers(-(10**12), 10**12),
        "amount_per_share": prices,
        "paid": cents,
        "on": dates,
        "decision": st.none() | ids,
        "pair": st.none() | ids,
        "corrects": st.none() | ids,
        "value": st.none() | cents.map(abs),
        "author": st.none() | ids,
    }
)
standings = st.fixed_dictionaries(
    {
        "id": ids,
        "member": ids,
        "event": st.sampled_from(["admitted", "ended"]),
        "reason": st.none() | codes,
        "on": dates,
        "asked_on": st.none() | dates,
        "paid_on": st.none() | dates,
        "decision": st.none() | ids,
        "voids": st.none() | ids,
        "author": st.none() | ids,
    }
)


@given(movements, st.integers(1, 10**9))
def test_a_movement_is_written_canonically_and_read_by_its_pattern(values: dict[str, Any], position: int) -> None:
    body = register.movement_body(**values)
    written = plain(values, share_class="class")
    assert body == chain.canonical(written)
    match = bodies.MOVEMENT.fullmatch(chain.link_text(position=position, at=STAMP, kind="movement", body=body))
    assert match is not None
    assert match.groups() == (
        *(str(v) if isinstance(v, int) else v for _k, v in sorted(written.items())),
        str(position),
    )


@given(standings, st.integers(1, 10**9))
def test_a_standing_is_written_canonically_and_read_by_its_pattern(values: dict[str, Any], position: int) -> None:
    body = register.standing_body(**values)
    assert body == chain.canonical(plain(values))
    match = bodies.STANDING.fullmatch(chain.link_text(position=position, at=STAMP, kind="standing", body=body))
    assert match is not None
    assert match.groups() == (*(v for _k, v in sorted(plain(values).items())), str(position))


@given(ids, st.integers(1, 10**12), ids, codes)
def test_a_member_is_written_canonically(id_: str, number: int, party: str, kind: str) -> None:
    values = {"id": id_, "number": number, "party": party, "party_kind": kind}
    body = register.member_body(**values)  # type: ignore[arg-type]
    assert body == chain.canonical(values)
    assert bodies.MEMBER.fullmatch(chain.link_text(position=1, at=STAMP, kind="member", body=body))


@given(ids, ids, dates, hashes)
def test_commitments_are_written_canonically(id_: str, party: str, on: dt.date, digest: str) -> None:
    particulars = register.particulars_body(id=id_, party=party, from_on=on, commitment=digest)
    assert particulars == chain.canonical({"id": id_, "party": party, "from": on.isoformat(), "commitment": digest})
    assert bodies.PARTICULARS.fullmatch(chain.link_text(position=1, at=STAMP, kind="particulars", body=particulars))
    decision = register.decision_body(id=id_, on=on, commitment=digest)
    assert decision == chain.canonical({"id": id_, "on": on.isoformat(), "commitment": digest})
    assert bodies.DECISION.fullmatch(chain.link_text(position=1, at=STAMP, kind="decision", body=decision))


@given(ids, ids, ids, codes, dates, st.none() | dates, st.none() | ids)
def test_a_mandate_is_written_canonically(
    id_: str, party: str, body: str, role: str, on: dt.date, until: dt.date | None, decision: str | None
) -> None:
    written = register.mandate_body(
        id=id_, party=party, body=body, role=role, from_on=on, until=until, decision=decision
    )
    expected = {"id": id_, "party": party, "body": body, "role": role, "from": on, "until": until, "decision": decision}
    assert written == chain.canonical(plain({**expected, "voids": None}))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"paid": 1.5}, TypeError),
        ({"paid": 25}, TypeError),
        ({"paid": Decimal("0.001")}, ValueError),
        ({"paid": Decimal("NaN")}, ValueError),
        ({"paid": Decimal("1E+25")}, ValueError),
        ({"amount_per_share": Decimal("0.00001")}, ValueError),
        ({"quantity": 1.0}, ValueError),
        ({"id": 'x","kind":"issue'}, ValueError),
        ({"kind": 'issue","paid'}, ValueError),
        ({"kind": "issue\n"}, ValueError),
    ],
)
def test_what_a_movement_cannot_hold_is_refused(changed: dict[str, Any], error: type[Exception]) -> None:
    one = "00000000-0000-4000-8000-000000000001"
    values: dict[str, Any] = {
        "id": one,
        "member": one,
        "share_class": one,
        "kind": "issue",
        "quantity": 1,
        "amount_per_share": Decimal(25),
        "paid": Decimal(25),
        "on": dt.date(2026, 1, 1),
        "decision": None,
    }
    assert register.movement_body(**values).startswith('{"amount_per_share":"25.0000"')
    with pytest.raises(error):
        register.movement_body(**(values | changed))


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0.00"), ("-0.00", "0.00"), ("1E+3", "1000.00"), ("-2.5", "-2.50"), ("5473", "5473.00")]
)
def test_amounts_are_written_one_way(value: str, text: str) -> None:
    assert register.amount_text(Decimal(value)) == text


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1,"a":2}',
        '{"a":1.0}',
        '{"a":1e3}',
        '{"a":NaN}',
        '{"a":"\\u00e9"}',
        '{"a":"\\/"}',
        '{"a":"\\ud800"}',
        "[1]",
        '{"a":1}\n',
        "{" * 100_000,
        '{"a":' + "[" * 100_000,
        '{"a":' + "9" * 5_000 + "}",
    ],
    ids=lambda text: text[:20],
)
def test_only_canonical_text_is_read(text: str) -> None:
    with pytest.raises(ValueError):
        bodies.read_canonical(text)


records = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(exclude_categories=["Cs"])),
        "kind": codes,
        "domicile": st.dictionaries(st.sampled_from(["street", "town", "box"]), st.none() | st.text(max_size=9)),
        "enterprise_no": st.none() | st.just("BE0123456749"),
    }
).filter(lambda record: "\\ud" not in json.dumps(record["domicile"]))


@given(records, st.binary(min_size=16, max_size=16))
def test_a_private_record_reads_back_with_the_text_that_was_committed_to(record: dict[str, Any], salt: bytes) -> None:
    text = register.private_text(record=record, salt=salt.hex())
    assert bodies.read_private(text) == (record, chain.canonical(record), salt.hex())


def test_ordinary_particulars_take_the_fast_way_with_the_same_answer() -> None:
    address = {"street": "Rue Haute", "number": "1", "box": None, "postcode": "1000", "town": "Köln", "country": "DE"}
    record = {"name": "Zoë 😀", "kind": "person", "domicile": address, "enterprise_no": None}
    text = register.private_text(record=record, salt="0f" * 16)
    match = bodies.PRIVATE_PARTICULARS.fullmatch(text)
    assert match is not None
    assert match.groups() == bodies.read_private(text)[1:]
    strange = register.private_text(record=record | {"name": 'the "yard"'}, salt="0f" * 16)
    assert bodies.PRIVATE_PARTICULARS.fullmatch(strange) is None
