"""What this package itself stores about somebody: told to them, and told before it is erased."""

import uuid
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coopwerf.ui.formats import LANGUAGE_NAMES

from ..models import (
    Account,
    ApiToken,
    DataRequest,
    Party,
    PartyAddress,
    PartyContact,
    PartyName,
    Representation,
    SignInTicket,
)
from ..states import PartyKind, Proof, RepresentationKind, RequestKind, RequestState, TicketPurpose
from .exports import Column, Piece, Table, Whose, register_export
from .keeping import register_erased

KIND_NAMES = {PartyKind.PERSON: gettext_lazy("Person"), PartyKind.ORGANISATION: gettext_lazy("Organisation")}
REPRESENTATION_NAMES = {
    RepresentationKind.ORGANISATION: gettext_lazy("for an organisation"),
    RepresentationKind.GUARDIAN: gettext_lazy("for a minor"),
}
PROOF_NAMES = {
    Proof.DECLARED: gettext_lazy("declared"),
    Proof.STATUTES: gettext_lazy("statutes"),
    Proof.GAZETTE: gettext_lazy("official gazette"),
    Proof.TRADE_REGISTER: gettext_lazy("trade register"),
    Proof.BIRTH_CERTIFICATE: gettext_lazy("birth certificate"),
    Proof.COURT: gettext_lazy("court"),
}
REQUEST_NAMES = {RequestKind.EXPORT: gettext_lazy("Download"), RequestKind.ERASURE: gettext_lazy("Erasure")}
STATE_NAMES = {
    RequestState.ASKED: gettext_lazy("asked"),
    RequestState.DONE: gettext_lazy("done"),
    RequestState.WITHDRAWN: gettext_lazy("withdrawn"),
}
PURPOSE_NAMES = {
    TicketPurpose.SIGN_IN: gettext_lazy("Sign in"),
    TicketPurpose.STEP_UP: gettext_lazy("Confirm that it is you"),
    TicketPurpose.NEW_EMAIL: gettext_lazy("New e-mail address"),
    TicketPurpose.FIRST_ADMINISTRATOR: gettext_lazy("First administrator"),
}
FACTOR_NAMES = {
    Authenticator.Type.TOTP: gettext_lazy("Code from an app"),
    Authenticator.Type.WEBAUTHN: gettext_lazy("Passkey"),
    Authenticator.Type.RECOVERY_CODES: gettext_lazy("Recovery codes"),
}
FROM, UNTIL = pgettext_lazy("a day", "From"), gettext_lazy("Until and including")
RECORDED = gettext_lazy("Recorded on")


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield account, names, addresses, contact, sessions, factors, representations and requests of a party."""
    mine: dict[str, Any] = {"party_id": whose.party_id}
    yield Table(
        "person",
        _("Yourself"),
        (
            Column("kind", _("Kind"), KIND_NAMES),
            Column("language", _("Language in which we write"), LANGUAGE_NAMES),
            Column("made_at", _("Known here since")),
        ),
        list(Party.objects.filter(pk=whose.party_id).values("id", "kind", "language", "made_at")),
    )
    yield Table(
        "account",
        _("Account for signing in"),
        (
            Column("email", _("E-mail address")),
            Column("made_at", _("Made on")),
            Column("proven_at", _("Address proven on")),
            Column("is_administrator", _("Administrator")),
        ),
        list(Account.objects.filter(**mine).values("id", "email", "made_at", "proven_at", "is_administrator")),
    )
    yield Table(
        "names",
        _("Names"),
        (
            Column("given", _("Given name")),
            Column("family", _("Family name, or name of the organisation")),
            Column("legal_form", _("Legal form")),
            Column("enterprise_no", _("Enterprise number")),
            Column("valid_from", FROM),
            Column("recorded_at", RECORDED),
        ),
        _rows(
            PartyName.objects.filter(**mine).order_by("valid_from", "id"),
            "given",
            "family",
            "legal_form",
            "enterprise_no",
        ),
    )
    yield Table(
        "addresses",
        _("Addresses"),
        (
            Column("street", _("Street")),
            Column("number", _("Number")),
            Column("box", _("Box")),
            Column("postcode", _("Postcode")),
            Column("town", _("Town")),
            Column("country", _("Country")),
            Column("valid_from", FROM),
            Column("recorded_at", RECORDED),
        ),
        _rows(
            PartyAddress.objects.filter(**mine).order_by("valid_from", "id"),
            *("street", "number", "box", "postcode", "town", "country"),
        ),
    )
    yield Table(
        "contact",
        _("How to reach you"),
        (
            Column("email", _("E-mail address")),
            Column("phone", _("Phone")),
            Column("changed_at", _("Changed on")),
        ),
        list(PartyContact.objects.filter(**mine).values("email", "phone", "changed_at")),
    )
    yield from _signing_in(whose)
    yield from _representations(whose.party_id)
    yield Table(
        "requests_about_data",
        _("Requests about your data"),
        (
            Column("kind", _("What"), REQUEST_NAMES),
            Column("state", _("State"), STATE_NAMES),
            Column("asked_at", _("Asked on")),
            Column("due_at", _("Carried out on, unless withdrawn")),
            Column("ended_at", _("Ended on")),
        ),
        list(
            DataRequest.objects.filter(**mine)
            .order_by("asked_at")
            .values("id", "kind", "state", "asked_at", "due_at", "ended_at")
        ),
    )


def _rows(rows: Any, *fields: str) -> list[dict[str, Any]]:
    return list(rows.values("id", *fields, "valid_from", "recorded_at"))


def _signing_in(whose: Whose) -> Iterator[Piece]:
    if whose.account_id is None:
        return
    sessions = UserSession.objects.filter(user_id=whose.account_id).order_by("created_at")
    yield Table(
        "sessions",
        _("Where you are signed in"),
        (
            Column("created_at", _("Since")),
            Column("last_seen_at", _("Last seen")),
            Column("ip", _("Internet address")),
            Column("user_agent", _("Browser")),
        ),
        list(sessions.values("created_at", "last_seen_at", "ip", "user_agent")),
    )
    factors = Authenticator.objects.filter(user_id=whose.account_id).order_by("created_at")
    yield Table(
        "factors",
        _("Passkeys and second factors"),
        (
            Column("type", _("Kind"), FACTOR_NAMES),
            Column("name", _("Name")),
            Column("created_at", _("Added on")),
            Column("last_used_at", _("Last used on")),
        ),
        # Their secrets stay here: whoever finds a copy of this file could sign in with them.
        [
            {
                "type": row.type,
                "name": row.data.get("name", ""),
                "created_at": row.created_at,
                "last_used_at": row.last_used_at,
            }
            for row in factors
        ],
    )
    tickets = SignInTicket.objects.filter(account_id=whose.account_id).order_by("made_at")
    yield Table(
        "mailed_codes",
        _("Codes mailed to you"),
        (
            Column("purpose", _("For"), PURPOSE_NAMES),
            Column("made_at", _("Sent on")),
            Column("used_at", _("Used on")),
        ),
        list(tickets.values("purpose", "made_at", "used_at")),
    )
    yield _tokens(whose.account_id)


def _tokens(account_id: uuid.UUID) -> Table:
    return Table(
        "api_tokens",
        _("Tokens for programs"),
        (
            Column("name", _("Name")),
            Column("scopes", _("Opens")),
            Column("made_at", _("Made on")),
            Column("expires_on", _("Until and including")),
            Column("used_on", _("Last used on")),
            Column("revoked_at", _("Taken back on")),
        ),
        # What opens anything with them isn't known here: only its hash is kept.
        list(
            ApiToken.objects.filter(account_id=account_id)
            .order_by("made_at")
            .values("name", "scopes", "made_at", "expires_on", "used_on", "revoked_at")
        ),
    )


def _representations(party_id: uuid.UUID) -> Iterator[Piece]:
    for key, title, mine, other in (
        ("acts_for", _("For whom you act"), "agent_id", "principal"),
        ("represented_by", _("Who acts for you"), "principal_id", "agent"),
    ):
        rows = Representation.objects.filter(**{mine: party_id}).order_by("valid_from", "id").select_related(other)
        names: dict[uuid.UUID, str] = {}
        for name in PartyName.objects.filter(party_id__in=[getattr(row, f"{other}_id") for row in rows]).order_by(
            "valid_from", "recorded_at", "id"
        ):
            names[name.party_id] = f"{name.given} {name.family}".strip()
        yield Table(
            key,
            title,
            (
                Column("name", _("Name")),
                Column("kind", _("How"), REPRESENTATION_NAMES),
                Column("proof", _("On which proof"), PROOF_NAMES),
                Column("valid_from", FROM),
                Column("valid_until", UNTIL),
            ),
            [
                {
                    "id": row.id,
                    "name": names.get(getattr(row, f"{other}_id"), ""),
                    "kind": row.kind,
                    "proof": row.proof,
                    "valid_from": row.valid_from,
                    "valid_until": row.valid_until,
                }
                for row in rows
            ],
        )


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words what this package erases of a party."""
    if Account.objects.filter(party_id=party_id).exists():
        yield _(
            "your account: the address with which you sign in, your passkeys, and every place where you are signed in"
        )
    if PartyContact.objects.filter(party_id=party_id).exists():
        yield _("your e-mail address and phone number")
    yield _("your names, addresses and preferred language, but for what is listed below")
    if Representation.objects.filter(agent_id=party_id).exists():
        yield _("that you act for others")


register_export("people", gather)
register_erased("people", tell)
