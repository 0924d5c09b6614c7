"""Registering parties, and changing how they are named, where they live and how they are reached."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.rows import insert

from .. import policies, queries
from ..happenings import AddressChanged, NameChanged
from ..models import Account, Party, PartyAddress, PartyContact, PartyName, Representation
from ..queries.accounts import in_force
from ..states import (
    Address,
    Name,
    NewParty,
    Particulars,
    PartyKind,
    Proof,
    RepresentationKind,
    clean_email,
    clean_enterprise_no,
    clean_language,
    clean_phone,
    clean_valid_from,
)
from .representation import check_period

BATCH = 2000


@action(verb="people.registered")
def register_party(
    *,
    actor: Actor,
    now: dt.datetime,
    kind: PartyKind,
    family: str,
    given: str = "",
    legal_form: str = "",
    enterprise_no: str = "",
    address: Address | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str,
    valid_from: dt.date | None = None,
    coop_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Register a person or an organisation and return the party's id.

    A person with an e-mail address that no account has gets an account; with one that is taken only the
    contact is kept, and nothing tells so. `valid_from` is today by default. `coop_id` puts the audit entry
    into that co-operative's chain. Raises Refused people.name_missing, people.too_long, people.email_wrong,
    people.phone_wrong, people.language_unknown, people.country_wrong, people.enterprise_number_wrong,
    people.date_impossible.
    """
    row = NewParty(
        PartyKind(kind),
        Name(family, given, legal_form, enterprise_no),
        address,
        email or "",
        phone or "",
        language,
        valid_from,
    )
    (made,) = insert_parties([row], now)
    audit("party", made.party_id, kind=row.kind.value)
    return made.party_id


@action(verb="people.registered_many")
def register_parties(
    *, actor: Actor, now: dt.datetime, rows: Sequence[NewParty], coop_id: uuid.UUID | None = None
) -> list[Particulars]:
    """Register many parties at once, in batches, with one audit entry; return their particulars in the same order.

    Raises what `register_party` raises, with `line` counting the rows from 1.
    """
    made = insert_parties(rows, now)
    audit("party", None, parties=len(made))
    return made


@action(verb="people.registered_represented")
def register_represented(
    *,
    actor: Actor,
    now: dt.datetime,
    kind: RepresentationKind,
    agent_id: uuid.UUID,
    family: str,
    given: str = "",
    legal_form: str = "",
    enterprise_no: str = "",
    address: Address | None = None,
    email: str | None = None,
    phone: str | None = None,
    proof: Proof,
    valid_until: dt.date | None = None,
    coop_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Register an organisation or a minor for whom a person acts from today on, and return its party's id.

    Raises what `register_party` and `appoint_representative` raise; Refused people.enterprise_number_missing
    for an organisation without number, people.represented_already for one of which the agent said so before.
    """
    kind, today = RepresentationKind(kind), civil_date(now)
    # No co-operative named: who keeps a register never lets somebody act for others.
    policies.may_change_particulars(actor, agent_id, None, today).require()
    party_kind = PartyKind.ORGANISATION if kind is RepresentationKind.ORGANISATION else PartyKind.PERSON
    check_period(kind, today, valid_until)
    if party_kind is PartyKind.ORGANISATION and not enterprise_no.strip():
        raise Refused("people.enterprise_number_missing", path="enterprise_no")
    agent = Party.objects.select_for_update().get(pk=agent_id)
    if agent.kind != PartyKind.PERSON:
        raise Refused("people.agent_no_person")
    if party_kind is PartyKind.ORGANISATION:
        number = clean_enterprise_no(enterprise_no, address.country if address else "")
        mine = Representation.objects.filter(in_force(today), agent_id=agent_id).values("principal_id")
        if PartyName.objects.filter(party_id__in=mine, enterprise_no=number).exists():
            raise Refused("people.represented_already", path="enterprise_no")
    row = NewParty(
        party_kind,
        Name(family, given, legal_form, enterprise_no),
        address,
        email or "",
        phone or "",
        agent.language,
        None,
    )
    (made,) = insert_parties([row], now, with_accounts=False)
    Representation.objects.create(
        kind=kind.value,
        agent=agent,
        principal_id=made.party_id,
        valid_from=today,
        valid_until=valid_until,
        proof=Proof(proof).value,
        recorded_at=now,
    )
    audit("party", made.party_id, kind=kind.value, agent=agent_id)
    return made.party_id


def insert_parties(rows: Sequence[NewParty], now: dt.datetime, *, with_accounts: bool = True) -> list[Particulars]:
    """Insert parties with what is known of them, inside the caller's action; return their particulars in order."""
    parties: list[Party] = []
    names: list[PartyName] = []
    addresses: list[PartyAddress] = []
    contacts: list[PartyContact] = []
    accounts: dict[str, Account] = {}
    made: list[Particulars] = []
    for line, row in enumerate(rows, 1):
        if row.is_erased:
            parties.append(Party(kind=row.kind.value, language=row.language, made_at=now, erased_at=now))
            made.append(Particulars(parties[-1].id, row.kind, None, None, None, None, is_erased=True))
            continue
        try:
            one = _cleaned(row, now)
        except Refused as refusal:
            refusal.line = line
            raise
        party = Party(kind=one.kind.value, language=one.language, made_at=now)
        dated = {"party": party, "valid_from": one.valid_from, "recorded_at": now}
        name = PartyName(
            **dated,
            family=one.name.family,
            given=one.name.given,
            legal_form=one.name.legal_form,
            enterprise_no=one.name.enterprise_no,
        )
        parties.append(party)
        names.append(name)
        address_id = None
        if one.address is not None:
            addresses.append(PartyAddress(**dated, **one.address.as_record()))
            address_id = addresses[-1].id
        if one.email or one.phone:
            contacts.append(PartyContact(party=party, email=one.email, phone=one.phone, changed_at=now))
        if with_accounts and one.email and one.kind is PartyKind.PERSON:
            accounts.setdefault(one.email, Account(email=one.email, party=party, made_at=now))
        made.append(Particulars(party.id, one.kind, name.id, one.name, address_id, one.address))
    insert(Party, parties)
    insert(PartyName, names)
    insert(PartyAddress, addresses)
    insert(PartyContact, contacts)
    # An address that somebody else signs in with stays theirs; whether that is so is told to nobody.
    Account.objects.bulk_create(accounts.values(), batch_size=BATCH, ignore_conflicts=True)
    return made


def _cleaned(row: NewParty, now: dt.datetime) -> NewParty:
    address = row.address.cleaned() if row.address is not None else None
    return NewParty(
        row.kind,
        row.name.cleaned(row.kind, address.country if address else ""),
        None if address is None or address.is_empty else address,
        clean_email(row.email),
        clean_phone(row.phone),
        clean_language(row.language),
        clean_valid_from(row.valid_from or civil_date(now), now),
    )


@action(verb="people.name_changed")
def change_name(
    *,
    actor: Actor,
    now: dt.datetime,
    party_id: uuid.UUID,
    family: str,
    given: str = "",
    legal_form: str = "",
    enterprise_no: str = "",
    valid_from: dt.date,
    coop_id: uuid.UUID | None = None,
    seen: str | None = None,
) -> uuid.UUID:
    """Record under which name a party is known from a date on, and return the name's id.

    A date in the past corrects what stood there; the old row stays, for those who ask what was known before.
    `seen` is the `queries.last_written` on which the change rests, `coop_id` whose register's keeper asks.
    Raises Refused people.not_yours, people.unchanged, kernel.changed_meanwhile and what `register_party` raises.
    """
    policies.may_change_particulars(actor, party_id, coop_id, civil_date(now)).require()
    party = _still_as_seen(party_id, seen)
    kind = PartyKind(party.kind)
    country = PartyAddress.objects.filter(party=party).order_by("-valid_from", "-id").values_list("country", flat=True)
    name = Name(family, given, legal_form, enterprise_no).cleaned(kind, country.first() or "")
    valid_from = clean_valid_from(valid_from, now)
    fields = ("family", "given", "legal_form", "enterprise_no")
    before = _standing(PartyName, party, valid_from, fields)
    if before == tuple(getattr(name, field) for field in fields):
        raise Refused("people.unchanged")
    row = PartyName.objects.create(
        party=party,
        valid_from=valid_from,
        recorded_at=now,
        **{field: getattr(name, field) for field in fields},
    )
    audit("party", party_id, valid_from=valid_from, name=row.id, **_by(actor, party_id))
    announce(NameChanged(party_id, valid_from, row.id))
    return row.id


@action(verb="people.address_changed")
def change_address(
    *,
    actor: Actor,
    now: dt.datetime,
    party_id: uuid.UUID,
    street: str,
    number: str,
    box: str = "",
    postcode: str,
    town: str,
    country: str = "BE",
    valid_from: dt.date,
    coop_id: uuid.UUID | None = None,
    seen: str | None = None,
) -> uuid.UUID:
    """Record where a party lives or has its seat from a date on, and return the address's id.

    `seen` and `coop_id` as for `change_name`. Raises Refused people.not_yours, people.unchanged,
    people.address_missing, kernel.changed_meanwhile and what `register_party` raises.
    """
    policies.may_change_particulars(actor, party_id, coop_id, civil_date(now)).require()
    party = _still_as_seen(party_id, seen)
    address = Address(street, number, box, postcode, town, country).cleaned()
    if address.is_empty:
        raise Refused("people.address_missing", path="street")
    valid_from = clean_valid_from(valid_from, now)
    parts = address.as_record()
    if _standing(PartyAddress, party, valid_from, tuple(parts)) == tuple(parts.values()):
        raise Refused("people.unchanged")
    row = PartyAddress.objects.create(party=party, valid_from=valid_from, recorded_at=now, **parts)
    audit("party", party_id, valid_from=valid_from, address=row.id, **_by(actor, party_id))
    announce(AddressChanged(party_id, valid_from, row.id))
    return row.id


def _standing(
    model: type[PartyName | PartyAddress], party: Party, on: dt.date, fields: tuple[str, ...]
) -> tuple[str, ...] | None:
    return (
        model._default_manager.filter(party=party, valid_from__lte=on)
        .order_by("-valid_from", "-recorded_at", "-id")
        .values_list(*fields)
        .first()
    )


@action(verb="people.contact_changed")
def change_contact(
    *,
    actor: Actor,
    now: dt.datetime,
    party_id: uuid.UUID,
    email: str | None,
    phone: str | None,
    coop_id: uuid.UUID | None = None,
    seen: str | None = None,
) -> None:
    """Change how a party is reached; a person without account gets one for a new, free e-mail address.

    With which address somebody signs in is changed by `change_email` only. `seen` and `coop_id` as for `change_name`.
    Raises Refused people.not_yours, people.contact_is_theirs, people.email_wrong, people.phone_wrong,
    kernel.changed_meanwhile.
    """
    policies.may_change_contact(actor, party_id, coop_id, civil_date(now)).require()
    party = _still_as_seen(party_id, seen)
    # Once more under the lock: whoever enters this person somewhere else at the same moment holds their row too.
    policies.may_change_contact(actor, party_id, coop_id, civil_date(now)).require()
    mail, number = clean_email(email), clean_phone(phone)
    PartyContact.objects.update_or_create(party=party, defaults={"email": mail, "phone": number, "changed_at": now})
    if mail and party.kind == PartyKind.PERSON and not Account.objects.filter(party=party).exists():
        Account.objects.bulk_create([Account(email=mail, party=party, made_at=now)], ignore_conflicts=True)
    audit("party", party_id, email=bool(mail), phone=bool(number), **_by(actor, party_id))


def _by(actor: Actor, party_id: uuid.UUID) -> dict[str, Any]:
    """Return, for the audit trail, that a keeper of a register did it and not the person."""
    return {} if policies.may_change_own(actor, party_id) else {"by": "keeper"}


def _still_as_seen(party_id: uuid.UUID, seen: str | None) -> Party:
    """Lock a party's row and return it; raises Refused when something was written since it was looked at."""
    party = locked(party_id)
    if seen is not None and seen != queries.last_written(party_id):
        raise Refused("kernel.changed_meanwhile")
    return party


def locked(party_id: uuid.UUID) -> Party:
    """Lock a party's row and return it; raises Refused people.unknown when there is none, or it was erased."""
    party = Party.objects.select_for_update().filter(pk=party_id, erased_at__isnull=True).first()
    if party is None:
        raise Refused("people.unknown")
    return party
