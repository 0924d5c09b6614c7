"""The chain's rules, with values worked out by hand so that a changed spelling can't go unnoticed."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc import chain

COOP = "6f1c2b7e-0d1e-4c55-9a53-0a4f6c1de001"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


def test_canonical_text_is_sorted_tight_and_unescaped() -> None:
    assert (
        chain.canonical({"b": [1, True, None], "a": "Zoë\n\"'/", "é": {}})
        == '{"a":"Zoë\\n\\"\'/","b":[1,true,null],"é":{}}'
    )


def test_keys_are_sorted_by_code_point() -> None:
    assert (
        chain.canonical({"b": 1, "B": 2, "ä": 3, "_": 4, "😀": 5, "\uffff": 6})
        == '{"B":2,"_":4,"b":1,"ä":3,"\uffff":6,"😀":5}'
    )


def test_a_text_can_hold_neither_tab_nor_line_end() -> None:
    written = chain.canonical({"a": "one\ttwo\nthree\rfour\x00"})
    assert not set("\t\n\r\x00") & set(written)


class Kind(StrEnum):
    ISSUE = "issue"


class Rank(IntEnum):
    FIRST = 1


def test_enums_are_written_as_what_they_stand_for() -> None:
    assert chain.canonical([Kind.ISSUE, Rank.FIRST]) == '["issue",1]'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        {"a": [0.5]},
        float("nan"),
        Decimal("1.00"),
        date(2026, 1, 1),
        (1, 2),
        {1: "a"},
        {None: 1},
        {"a": {"b": {True: 1}}},
        b"a",
        {1, 2},
    ],
    ids=repr,
)
def test_what_has_no_single_exact_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        chain.canonical(value)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        chain.canonical({"a": "\ud800"})


@given(values)
def test_canonical_text_reads_back_and_writes_the_same(value: object) -> None:
    written = chain.canonical(value)
    assert json.loads(written) == value
    assert chain.canonical(json.loads(written)) == written


def test_a_moment_is_written_in_utc_with_six_decimals() -> None:
    brussels = timezone(timedelta(hours=1))
    assert chain.instant(datetime(2026, 11, 23, 11, 0, tzinfo=brussels)) == "2026-11-23T10:00:00.000000Z"
    assert chain.instant(datetime(980, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "0980-01-02T03:04:05.000006Z"
    with pytest.raises(ValueError, match="time zone"):
        chain.instant(datetime(2026, 11, 23, 11, 0))  # noqa: DTZ001


def test_genesis_is_the_hash_of_prefix_and_co_operative() -> None:
    expected = hashlib.sha256(b"coopwerf:chain:1:6f1c2b7e-0d1e-4c55-9a53-0a4f6c1de001").hexdigest()
    assert chain.genesis(COOP) == chain.genesis(COOP.upper()) == expected
    assert chain.genesis(COOP) != chain.genesis("6f1c2b7e-0d1e-4c55-9a53-0a4f6c1de002")
    with pytest.raises(ValueError, match="UUID"):
        chain.genesis("my-co-op")


def test_a_link_is_its_four_parts_in_canonical_text() -> None:
    moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    from_object = chain.link_text(position=17, at=moment, kind="movement", body={"on": "2026-01-01", "id": "a"})
    pasted = chain.link_text(
        position=17, at="2026-11-23T10:00:00.000000Z", kind="movement", body='{"id":"a","on":"2026-01-01"}'
    )
    expected = (
        '{"at":"2026-11-23T10:00:00.000000Z","body":{"id":"a","on":"2026-01-01"},"kind":"movement","position":17}'
    )
    assert from_object == pasted == expected
    assert chain.canonical(json.loads(expected)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 0},
        {"kind": 'x"y'},
        {"kind": ""},
        {"at": "2026-11-23 10:00"},
        {"at": "2026-11-23T10:00:00.000000Z\n"},
        {"kind": "audit\n"},
    ],
    ids=str,
)
def test_a_link_of_another_shape_is_refused(wrong: dict[str, object]) -> None:
    parts: dict[str, object] = {"position": 1, "at": "2026-11-23T10:00:00.000000Z", "kind": "audit", "body": "{}"}
    with pytest.raises(ValueError, match="not a link"):
        chain.link_text(**(parts | wrong))  # type: ignore[arg-type]


def test_a_hash_covers_the_hash_before_it() -> None:
    previous = chain.genesis(COOP)
    expected = hashlib.sha256(bytes.fromhex(previous) + "Zoë".encode()).hexdigest()
    assert chain.link_hash(previous, "Zoë") == expected
    assert chain.link_hash(expected, "Zoë") != expected


def test_a_commitment_hides_the_record_behind_its_salt() -> None:
    salt = "00112233445566778899aabbccddeeff"
    record = {"name": "Zoë", "kind": "person"}
    expected = hashlib.sha256(bytes.fromhex(salt) + '{"kind":"person","name":"Zoë"}'.encode()).hexdigest()
    assert chain.commitment(salt, record) == chain.commitment(salt, chain.canonical(record)) == expected
    assert chain.commitment("ff" * 16, record) != expected


@pytest.mark.parametrize("salt", ["", "00", "0" * 31, "g" * 32, "00 " * 16, "0" * 32 + "\n", "0" * 34], ids=repr)
def test_a_short_or_strange_salt_is_refused(salt: str) -> None:
    with pytest.raises(ValueError, match="salt"):
        chain.commitment(salt, {})


def test_a_head_reads_back_as_printed() -> None:
    head = chain.Head.before_first(COOP)
    assert str(head) == f"0:{chain.genesis(COOP)}"
    one = head.after("{}")
    assert (one.position, one.hash) == (1, chain.link_hash(head.hash, "{}"))
    assert chain.Head.parse(f" {one}\n") == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:",
        f"01:{'a' * 64}",
        f"-1:{'a' * 64}",
        f"1:{'A' * 64}",
        f"1:{'a' * 63}",
        f"1:{'a' * 65}",
        f"٣:{'a' * 64}",
        f"1: {'a' * 64}",
    ],
    ids=repr,
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="head"):
        chain.Head.parse(text)


def test_a_pasted_body_costs_little() -> None:
    """A hundred thousand links a second would be ten microseconds each; a slow machine may take five times that."""
    body = chain.canonical({"id": COOP, "on": "2026-01-01", "paid": "25.00", "quantity": 1})
    head = chain.Head.before_first(COOP)
    began = process_time()
    for _ in range(2_000):
        head = head.after(
            chain.link_text(position=head.position + 1, at="2026-11-23T10:00:00.000000Z", kind="movement", body=body)
        )
    assert (process_time() - began) / 2_000 < 50e-6
