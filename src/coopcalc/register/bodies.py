"""The canonical body of each kind of row: written fast by hand, and read by one strict pattern per kind.

The writers give exactly what `canonical` would give for the same object (a test holds them to it), several times
faster. The readers accept nothing but canonical text, so reading a link proves its form as well.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from json import JSONDecoder
from typing import Final, NoReturn
from uuid import UUID

from coopcalc.chain import canonical

CENT: Final = Decimal("0.01")
TEN_THOUSANDTH: Final = Decimal("0.0001")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_.]{0,79}", re.ASCII)
_COMMITMENT = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", re.ASCII)

Id = UUID | str


def amount_text(value: Decimal, places: Decimal = CENT) -> str:
    """Write an amount with the decimals of `places` (two unless told). Raises ValueError where that would round."""
    if not isinstance(value, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(value).__name__}")
    if not value.is_finite() or value.adjusted() > 20:
        raise ValueError(f"{value} is no amount")
    exact = value.quantize(places)
    if exact != value:
        raise ValueError(f"{value} has more decimals than {places}")
    return f"{exact if exact else abs(exact):f}"


def price_text(value: Decimal) -> str:
    """Write an amount per share with four decimals. Raises ValueError where that would round."""
    return amount_text(value, TEN_THOUSANDTH)


def _id(value: Id) -> str:
    text = str(value)
    if not _UUID.fullmatch(text):
        raise ValueError(f"{text!r} is no id")
    return text


def _id_or_null(value: Id | None) -> str:
    return "null" if value is None else f'"{_id(value)}"'


def _date_or_null(value: date | None) -> str:
    return "null" if value is None else f'"{value.isoformat()}"'


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise ValueError(f"{value!r} is no code")
    return f"{value!s}"


def _account(value: str) -> str:
    if not _ACCOUNT.fullmatch(value):
        raise ValueError(f"{value!r} is no account")
    return value


def _commitment(value: str) -> str:
    if not _COMMITMENT.fullmatch(value):
        raise ValueError("a commitment is 64 hex digits")
    return value


def movement_body(
    *,
    id: Id,
    member: Id,
    share_class: Id,
    kind: str,
    quantity: int,
    amount_per_share: Decimal,
    paid: Decimal,
    on: date,
    decision: Id | None,
    pair: Id | None = None,
    corrects: Id | None = None,
    value: Decimal | None = None,
    author: Id | None = None,
) -> str:
    """Write the body of a movement. Raises ValueError for what a movement can't hold."""
    return (
        f'{{"amount_per_share":"{price_text(amount_per_share)}","author":{_id_or_null(author)},'
        f'"class":"{_id(share_class)}",'
        f'"corrects":{_id_or_null(corrects)},"decision":{_id_or_null(decision)},"id":"{_id(id)}",'
        f'"kind":"{_code(kind)}","member":"{_id(member)}","on":"{on.isoformat()}","paid":"{amount_text(paid)}",'
        f'"pair":{_id_or_null(pair)},"quantity":{quantity:d},'
        f'"value":{"null" if value is None else chr(34) + amount_text(value) + chr(34)}}}'
    )


def standing_body(
    *,
    id: Id,
    member: Id,
    event: str,
    reason: str | None,
    on: date,
    asked_on: date | None,
    paid_on: date | None,
    decision: Id | None,
    voids: Id | None = None,
    author: Id | None = None,
) -> str:
    """Write the body of a standing. Raises ValueError for what a standing can't hold."""
    return (
        f'{{"asked_on":{_date_or_null(asked_on)},"author":{_id_or_null(author)},'
        f'"decision":{_id_or_null(decision)},"event":"{_code(event)}","id":"{_id(id)}","member":"{_id(member)}","on":"{on.isoformat()}","paid_on":{_date_or_null(paid_on)},'
        f'"reason":{"null" if reason is None else chr(34) + _code(reason) + chr(34)},"voids":{_id_or_null(voids)}}}'
    )


def member_body(*, id: Id, number: int, party: Id, party_kind: str) -> str:
    """Write the body of a member."""
    return f'{{"id":"{_id(id)}","number":{number:d},"party":"{_id(party)}","party_kind":"{_code(party_kind)}"}}'


def particulars_body(*, id: Id, party: Id, from_on: date, commitment: str) -> str:
    """Write the body of a party's particulars; the record itself is committed to, never written."""
    return (
        f'{{"commitment":"{_commitment(commitment)}","from":"{from_on.isoformat()}","id":"{_id(id)}",'
        f'"party":"{_id(party)}"}}'
    )


def decision_body(*, id: Id, on: date, commitment: str) -> str:
    """Write the body of a decision; the record itself is committed to, never written."""
    return f'{{"commitment":"{_commitment(commitment)}","id":"{_id(id)}","on":"{on.isoformat()}"}}'


def class_body(
    *,
    id: Id,
    code: str,
    from_on: date,
    nominal: Decimal | None,
    issue_price: Decimal | None,
    terms: Mapping[str, object],
) -> str:
    """Write the body of the terms of a share class from a date."""
    return canonical(
        {
            "id": _id(id),
            "code": code,
            "from": from_on.isoformat(),
            "nominal": None if nominal is None else price_text(nominal),
            "issue_price": None if issue_price is None else price_text(issue_price),
            "terms": dict(terms),
        }
    )


def mandate_body(
    *,
    id: Id,
    party: Id,
    body: Id,
    role: str,
    from_on: date,
    until: date | None,
    decision: Id | None,
    voids: Id | None = None,
) -> str:
    """Write the body of a mandate in a body of the co-operative."""
    return (
        f'{{"body":"{_id(body)}","decision":{_id_or_null(decision)},"from":"{from_on.isoformat()}","id":"{_id(id)}",'
        f'"party":"{_id(party)}","role":"{_code(role)}","until":{_date_or_null(until)},"voids":{_id_or_null(voids)}}}'
    )


def journal_line(*, account: str, amount: Decimal, party: Id | None, claim: Id | None) -> str:
    """Write one line of an entry of the ledger: what goes to an account, debit as a positive amount."""
    return (
        f'{{"account":"{_account(account)}","amount":"{amount_text(amount)}","claim":{_id_or_null(claim)},'
        f'"party":{_id_or_null(party)}}}'
    )


def journal_body(
    *,
    id: Id,
    journal: str,
    number: int,
    on: date,
    rule: str,
    source_kind: str | None,
    source: Id | None,
    reverses: Id | None,
    author: Id | None,
    lines: Sequence[str],
) -> str:
    """Write the body of an entry of the ledger with its lines, each as `journal_line` wrote it."""
    return (
        f'{{"author":{_id_or_null(author)},"id":"{_id(id)}","journal":"{_code(journal)}","lines":[{",".join(lines)}],'
        f'"number":{number:d},"on":"{on.isoformat()}","reverses":{_id_or_null(reverses)},"rule":"{_code(rule)}",'
        f'"source":{_id_or_null(source)},'
        f'"source_kind":{"null" if source_kind is None else chr(34) + _code(source_kind) + chr(34)}}}'
    )


def private_text(*, record: Mapping[str, object], salt: str) -> str:
    """Write a private record with its salt, as an export carries it beside the link that commits to it."""
    return canonical({"record": dict(record), "salt": salt})


_AT = r'\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z","body":\{'
_ID = r'"([0-9a-f-]{36})"'
_ID_OR_NULL = r'(?:null|"([0-9a-f-]{36})")'
_DATE = r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"'
_DATE_OR_NULL = r'(?:null|"([0-9]{4}-[0-9]{2}-[0-9]{2})")'
_WORD = r'"([a-z][a-z0-9_.]{0,79})"'
_WORD_OR_NULL = r'(?:null|"([a-z][a-z0-9_.]{0,79})")'
_HASH = r'"([0-9a-f]{64})"'


def _end(kind: str) -> str:
    return rf'\}},"kind":"{kind}","position":([1-9][0-9]{{0,17}})\}}'


# Each pattern matches the whole canonical text of a link, and nothing else. It gives the values of the body in the
# order of its keys (None for null), then the position.
MOVEMENT: Final = re.compile(
    _AT
    + rf'"amount_per_share":"((?:0|[1-9][0-9]{{0,17}})\.[0-9]{{4}})","author":{_ID_OR_NULL},"class":{_ID},'
    + rf'"corrects":{_ID_OR_NULL},"decision":{_ID_OR_NULL},"id":{_ID},"kind":{_WORD},"member":{_ID},"on":{_DATE},'
    + rf'"paid":"((?!-0\.00)-?(?:0|[1-9][0-9]{{0,17}})\.[0-9]{{2}})","pair":{_ID_OR_NULL},'
    + r'"quantity":(0|-?[1-9][0-9]{0,17}),'
    + r'"value":(?:null|"((?:0|[1-9][0-9]{0,17})\.[0-9]{2})")'
    + _end("movement"),
    re.ASCII,
)
STANDING: Final = re.compile(
    _AT
    + rf'"asked_on":{_DATE_OR_NULL},"author":{_ID_OR_NULL},"decision":{_ID_OR_NULL},"event":{_WORD},"id":{_ID},'
    + rf'"member":{_ID},"on":{_DATE},"paid_on":{_DATE_OR_NULL},"reason":{_WORD_OR_NULL},"voids":{_ID_OR_NULL}'
    + _end("standing"),
    re.ASCII,
)
MEMBER: Final = re.compile(
    _AT + rf'"id":{_ID},"number":([1-9][0-9]{{0,17}}),"party":{_ID},"party_kind":{_WORD}' + _end("member"), re.ASCII
)
PARTICULARS: Final = re.compile(
    _AT + rf'"commitment":{_HASH},"from":{_DATE},"id":{_ID},"party":{_ID}' + _end("particulars"), re.ASCII
)
DECISION: Final = re.compile(_AT + rf'"commitment":{_HASH},"id":{_ID},"on":{_DATE}' + _end("decision"), re.ASCII)


_AMOUNT = r'"((?!-0\.00)-?(?:0|[1-9][0-9]{0,17})\.[0-9]{2})"'
_LINE = (
    rf'\{{"account":"([0-9A-Za-z][0-9A-Za-z.-]{{0,19}})","amount":{_AMOUNT},"claim":{_ID_OR_NULL},'
    rf'"party":{_ID_OR_NULL}\}}'
)
_LINE_UNNAMED = re.sub(r"\((?![?])", "(?:", _LINE)
JOURNAL: Final = re.compile(
    _AT
    + rf'"author":{_ID_OR_NULL},"id":{_ID},"journal":{_WORD},"lines":\[({_LINE_UNNAMED}(?:,{_LINE_UNNAMED})*)\],'
    + rf'"number":([1-9][0-9]{{0,17}}),"on":{_DATE},"reverses":{_ID_OR_NULL},"rule":{_WORD},"source":{_ID_OR_NULL},'
    + rf'"source_kind":{_WORD_OR_NULL}'
    + _end("journal"),
    re.ASCII,
)
# Each line of an entry: account, amount, claim, party.
JOURNAL_LINE: Final = re.compile(_LINE, re.ASCII)


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


_decode = JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode


def read_canonical(text: str) -> dict[str, object]:
    """Read an object from its canonical text. Raises ValueError for any text that `canonical` wouldn't have written."""
    try:
        value = _decode(text)
        if not isinstance(value, dict) or canonical(value) != text:
            raise ValueError("not canonical")
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


# A text in canonical form that needs no escapes; one that does is read the slow way.
_PLAIN = r'"[^"\\\x00-\x1f]*"'
_PLAIN_OR_NULL = rf"(?:null|{_PLAIN})"
# What commits to a party's particulars, whole; the record's own text and the salt.
PRIVATE_PARTICULARS: Final = re.compile(
    rf'\{{"record":(\{{"domicile":\{{"box":{_PLAIN_OR_NULL},"country":{_PLAIN_OR_NULL},"number":{_PLAIN_OR_NULL},'
    rf'"postcode":{_PLAIN_OR_NULL},"street":{_PLAIN_OR_NULL},"town":{_PLAIN_OR_NULL}\}},'
    rf'"enterprise_no":{_PLAIN_OR_NULL},"kind":{_PLAIN},"name":{_PLAIN}\}}),"salt":"([0-9a-f]{{32}})"\}}'
)


def read_private(text: str) -> tuple[dict[str, object], str, str]:
    """Read a private record: the record, its own canonical text, and the salt. Raises ValueError for anything else."""
    value = read_canonical(text)
    record, salt = value.get("record"), value.get("salt")
    if len(value) != 2 or not isinstance(record, dict) or not isinstance(salt, str):
        raise ValueError("no private record")
    # In canonical text the record stands between the two keys, written as it was committed to.
    return record, text[len('{"record":') : -len(f',"salt":"{salt}"}}')], salt
