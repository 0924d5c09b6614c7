"""Names and addresses as of a date, and looking people up."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, TextField, Value

from coopwerf.kernel.questions import ask

from ..models import Account, Fold, Party, PartyAddress, PartyContact, PartyName
from ..states import Address, Name, Particulars, PartyKind, private_record

# The row that holds on a date is the one with the latest start by then, the last recorded of those that start together;
# before the first one the first one holds. `known` is the moment by which it had to be recorded.
_CHOSEN = """
    SELECT {columns} FROM {table} d
    WHERE d.party_id = p.id AND d.recorded_at <= %(known)s
    ORDER BY (d.valid_from <= %(at)s) DESC,
        CASE WHEN d.valid_from <= %(at)s THEN d.valid_from END DESC NULLS LAST,
        d.valid_from ASC, d.recorded_at DESC, d.id DESC
    LIMIT 1
"""
_NAME = ("id", "family", "given", "legal_form", "enterprise_no", "sort_key")
_ADDRESS = ("id", "street", "number", "box", "postcode", "town", "country")
_PARTICULARS = f"""
    SELECT p.id, p.kind, p.erased_at IS NOT NULL,
        {", ".join(f"n.{column}" for column in _NAME)}, {", ".join(f"a.{column}" for column in _ADDRESS)}
    FROM people_party p
    LEFT JOIN LATERAL ({_CHOSEN.format(columns=", ".join(_NAME), table="people_partyname")}) n ON true
    LEFT JOIN LATERAL ({_CHOSEN.format(columns=", ".join(_ADDRESS), table="people_partyaddress")}) a ON true
    WHERE p.id = ANY(%(ids)s)
"""  # noqa: S608  (made of our own constants)
_END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def particulars(
    party_ids: Iterable[uuid.UUID], at: dt.date, recorded_by: dt.datetime | None = None
) -> dict[uuid.UUID, Particulars]:
    """Return name and address of parties as of a date, as recorded by a moment (by default: as known now).

    One database query for any number. Before the first known name the first known name holds.
    """
    rows = ask(_PARTICULARS, {"ids": list(set(party_ids)), "at": at, "known": recorded_by or _END_OF_TIME})
    return {row[0]: _particulars(row) for row in rows}


def particulars_of(party_id: uuid.UUID, at: dt.date, recorded_by: dt.datetime | None = None) -> Particulars:
    """Return name and address of one party as of a date; raises KeyError when there is no such party."""
    return particulars([party_id], at, recorded_by)[party_id]


def _particulars(row: Sequence[object]) -> Particulars:
    party_id, kind, erased, name_id, family, given, form, number, sort_key, address_id, *parts = row
    return Particulars(
        party_id=party_id,  # type: ignore[arg-type]
        kind=PartyKind(str(kind)),
        name_id=name_id,  # type: ignore[arg-type]
        name=None if name_id is None else Name(str(family), str(given), str(form), str(number)),
        address_id=address_id,  # type: ignore[arg-type]
        address=None if address_id is None else Address(*(str(part) for part in parts)),
        sort_key=str(sort_key or ""),
        is_erased=bool(erased),
    )


def addresses_on(party_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, Address]:
    """Return the address that holds on a date, of the parties of which one was known by that date; one query."""
    rows = PartyAddress.objects.filter(party_id__in=party_ids, valid_from__lte=on)
    chosen = rows.order_by("party_id", "-valid_from", "-recorded_at", "-id").distinct("party_id")
    return {row[0]: Address(*row[1:]) for row in chosen.values_list("party_id", *_ADDRESS[1:])}


def changes_after(party_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, list[dt.date]]:
    """Return the dates after a date from which another name or address of a party holds, by party; one query."""
    names = PartyName.objects.filter(party_id__in=party_ids, valid_from__gt=on).values_list("party_id", "valid_from")
    addresses = PartyAddress.objects.filter(party_id__in=party_ids, valid_from__gt=on)
    found: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    for party_id, valid_from in sorted(names.union(addresses.values_list("party_id", "valid_from"))):
        found[party_id].append(valid_from)
    return dict(found)


def exists(party_id: uuid.UUID) -> bool:
    """Tell whether there is a party with this id that wasn't erased."""
    return Party.objects.filter(pk=party_id, erased_at__isnull=True).exists()


def any_erased(party_ids: Collection[uuid.UUID]) -> bool:
    """Tell whether one of these parties was erased, as it is at this moment."""
    return Party.objects.filter(pk__in=party_ids, erased_at__isnull=False).exists()


def records_of(
    pairs: Collection[tuple[uuid.UUID, uuid.UUID | None]],
) -> dict[tuple[uuid.UUID, uuid.UUID | None], dict[str, Any]]:
    """Return the private record behind a commitment for pairs of (name id, address id); erased names are left out.

    The record is `{name, kind, domicile, enterprise_no}`, its domicile None where none is known or it was erased.
    """
    names = {
        row[0]: (PartyKind(row[1]), Name(*row[2:]))
        for row in PartyName.objects.filter(pk__in={name_id for name_id, _a in pairs}).values_list(
            "id", "party__kind", "family", "given", "legal_form", "enterprise_no"
        )
    }
    addresses = {
        row[0]: Address(*row[1:])
        for row in PartyAddress.objects.filter(pk__in={address_id for _n, address_id in pairs}).values_list(*_ADDRESS)
    }
    return {
        (name_id, address_id): private_record(*names[name_id], addresses.get(address_id) if address_id else None)
        for name_id, address_id in pairs
        if name_id in names
    }


def record_of(name_id: uuid.UUID, address_id: uuid.UUID | None) -> dict[str, Any] | None:
    """Return the private record behind a commitment, or None once its name is erased."""
    return records_of([(name_id, address_id)]).get((name_id, address_id))


@dataclasses.dataclass(frozen=True, slots=True)
class Dated:
    """A name or address as it was written down: from which date it holds, when it was recorded, what it says."""

    valid_from: dt.date
    recorded_at: dt.datetime
    text: str


def names_of(party_id: uuid.UUID) -> list[Dated]:
    """Return every name that was written down for a party, the latest first."""
    rows = PartyName.objects.filter(party_id=party_id).order_by("-valid_from", "-recorded_at", "-id")
    return [Dated(row.valid_from, row.recorded_at, Name(row.family, row.given).spoken_way) for row in rows]


def names_borne(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return every name of many parties as people say it, the latest first; one query."""
    found: dict[uuid.UUID, dict[str, None]] = {}
    rows = PartyName.objects.filter(party_id__in=party_ids).order_by("-valid_from", "-recorded_at", "-id")
    for party_id, family, given in rows.values_list("party_id", "family", "given"):
        found.setdefault(party_id, {})[Name(family, given).spoken_way] = None
    return {party_id: list(names) for party_id, names in found.items()}


def addresses_of(party_id: uuid.UUID) -> list[Dated]:
    """Return every address that was written down for a party, the latest first."""
    rows = PartyAddress.objects.filter(party_id=party_id).order_by("-valid_from", "-recorded_at", "-id")
    return [
        Dated(valid_from, recorded_at, Address(*parts).on_one_line)
        for valid_from, recorded_at, *parts in rows.values_list("valid_from", "recorded_at", *_ADDRESS[1:])
    ]


def last_written(party_id: uuid.UUID) -> str:
    """Return what changes with everything that is written about a party: name, address or contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM people_partyname WHERE party_id = %(party)s),
                   (SELECT count(*) FROM people_partyaddress WHERE party_id = %(party)s),
                   (SELECT changed_at FROM people_partycontact WHERE party_id = %(party)s)
            """,
            {"party": party_id},
        )
        names, addresses, at = cursor.fetchone()
    return f"{names}.{addresses}.{at.timestamp() if at else 0}"


def hold_parties(party_ids: Iterable[uuid.UUID]) -> None:
    """Lock parties in the order of their ids: for an action that changes them after it locked what comes later."""
    list(Party.objects.select_for_update().filter(pk__in=set(party_ids)).order_by("pk").values_list("pk"))


def spoken_names(party_id: uuid.UUID) -> list[str]:
    """Return every name that a party bears or bore, as people say and as registers write it."""
    found: dict[str, None] = {}
    for row in PartyName.objects.filter(party_id=party_id).order_by("valid_from", "id"):
        name = Name(row.family, row.given)
        found[name.spoken_way] = found[name.sorted_way] = None
    return list(found)


def sort_keys(texts: Sequence[str]) -> list[str]:
    """Return texts folded as names are folded for order and look-up, in their order; one query."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        folded = Fold.template % {"expressions": "t"}
        cursor.execute(
            f"SELECT {folded} FROM unnest(%s::text[]) WITH ORDINALITY AS x(t, i) ORDER BY i",  # noqa: S608
            [list(texts)],
        )
        return [row[0] for row in cursor.fetchall()]


def find_parties(
    text: str, *, at: dt.date, among: Collection[uuid.UUID] | None = None, limit: int = 50
) -> list[Particulars]:
    """Return parties whose present or past name, e-mail address or enterprise number matches, by name.

    For those who keep a register: `among` narrows the search to the parties that they may know.
    """
    words = text.split()
    if not words:
        return []
    named = Q()
    for word in words:
        named &= Q(sort_key__contains=Fold(Value(word, output_field=TextField())))
    number = "".join(character for character in text if character.isalnum()).upper()
    if len(number) >= 4:
        named |= Q(enterprise_no__contains=number)
    names = PartyName.objects.filter(named, party__erased_at__isnull=True)
    mails = PartyContact.objects.filter(email__startswith=text.strip().lower()) if "@" in text else None
    if among is not None:
        names = names.filter(party_id__in=among)
        mails = mails.filter(party_id__in=among) if mails is not None else None
    found = list(dict.fromkeys(names.order_by("sort_key", "party_id").values_list("party_id", flat=True)[: limit * 2]))
    if mails is not None:
        found = [*mails.values_list("party_id", flat=True)[:limit], *found]
    known = particulars(found[:limit], at)
    return sorted(known.values(), key=lambda one: (one.sort_key, one.party_id))


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """Describe somebody of whom we ask whether we know them already."""

    family: str
    given: str = ""
    email: str = ""
    enterprise_no: str = ""


def duplicates(
    candidates: Sequence[Candidate], *, among: Collection[uuid.UUID] | None = None
) -> list[Mapping[uuid.UUID, frozenset[str]]]:
    """Return, per candidate in order, the parties that look like it and in what: `email`, `enterprise_no`, `name`.

    Three queries for any number of candidates. Names are compared without accents, capitals and the order of
    given and family name. `among` narrows the answer to the parties that the asker may know.
    """
    found: list[dict[uuid.UUID, set[str]]] = [defaultdict(set) for _candidate in candidates]

    def note(keys: Sequence[str], rows: Iterable[tuple[str, uuid.UUID]], why: str) -> None:
        parties: dict[str, set[uuid.UUID]] = defaultdict(set)
        for key, party_id in rows:
            parties[key].add(party_id)
        for position, key in enumerate(keys):
            if key:
                for party_id in parties.get(key, ()):
                    found[position][party_id].add(why)

    mails = [candidate.email.strip().lower() for candidate in candidates]
    contacts = PartyContact.objects.filter(email__in={mail for mail in mails if mail})
    accounts = Account.objects.filter(email__in={mail for mail in mails if mail})
    numbers = [candidate.enterprise_no for candidate in candidates]
    numbered = PartyName.objects.filter(enterprise_no__in={number for number in numbers if number})
    folded = sort_keys(
        [f"{c.family} {c.given}".strip() for c in candidates] + [f"{c.given} {c.family}".strip() for c in candidates]
    )
    straight, turned = folded[: len(candidates)], folded[len(candidates) :]
    named = PartyName.objects.filter(sort_key__in={*straight, *turned})
    if among is not None:
        contacts, accounts = contacts.filter(party_id__in=among), accounts.filter(party_id__in=among)
        numbered, named = numbered.filter(party_id__in=among), named.filter(party_id__in=among)
    note(
        mails,
        [
            *contacts.values_list("email", "party_id"),
            *accounts.values_list("email", "party_id"),
        ],
        "email",
    )
    note(numbers, numbered.values_list("enterprise_no", "party_id"), "enterprise_no")
    rows = list(named.values_list("sort_key", "party_id"))
    note(straight, rows, "name")
    note(turned, rows, "name")
    return [{party_id: frozenset(why) for party_id, why in one.items()} for one in found]
