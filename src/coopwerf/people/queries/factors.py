"""With what somebody signs in besides the mail: passkeys, and the second step."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ..models import Account

WEBAUTHN, TOTP, CODES = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


@dataclasses.dataclass(frozen=True, slots=True)
class Passkey:
    """Describe a passkey by the name that its owner gave it."""

    id: int
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class SecondStep:
    """Describe the second step of somebody who has one."""

    since: dt.datetime
    codes_left: int


def passkeys_of(account_id: uuid.UUID) -> list[Passkey]:
    """Return somebody's passkeys, the oldest first."""
    rows = Authenticator.objects.filter(user_id=account_id, type=WEBAUTHN).order_by("created_at", "pk")
    return [Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at) for row in rows]


def second_step_of(account_id: uuid.UUID) -> SecondStep | None:
    """Return somebody's second step, or None."""
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=account_id, type__in=(TOTP, CODES))}
    if TOTP not in rows:
        return None
    return SecondStep(rows[TOTP].created_at, len(_unused(rows.get(CODES))))


def has_second_step(account_id: uuid.UUID) -> bool:
    """Tell whether somebody is asked for a second step after the mail."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=TOTP).exists())


def recovery_codes_of(account_id: uuid.UUID) -> list[str]:
    """Return somebody's unused recovery codes, as people copy them."""
    row = Authenticator.objects.filter(user_id=account_id, type=CODES).first()
    return [f"{code[:4]} {code[4:]}" for code in _unused(row)]


def _unused(row: Authenticator | None) -> list[str]:
    try:
        return [] if row is None else list(RecoveryCodes(row).get_unused_codes())
    except InvalidToken:
        return []


def new_totp_secret() -> str:
    """Return a secret for an app that makes codes."""
    return str(generate_totp_secret())


# Passkeys, as the browser and we speak about them


def server() -> Fido2Server:
    """Return what makes and checks challenges, for this installation's own address and no other."""
    base = urlsplit(settings.BASE_URL)
    origin = f"{base.scheme}://{base.netloc}"
    party = PublicKeyCredentialRpEntity(name="Coopwerf", id=base.hostname or "localhost")
    return Fido2Server(party, verify_origin=lambda given: given == origin)


def creation_options(account_id: uuid.UUID) -> tuple[str, dict[str, Any]]:
    """Return what a browser needs to make a passkey (JSON), and what we have to remember until it answers."""
    account = Account.objects.get(pk=account_id)
    user = PublicKeyCredentialUserEntity(name=account.email, id=account.pk.bytes, display_name=account.email)
    options, state = server().register_begin(
        user=user,
        credentials=list(_credentials(account_id).values()),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), dict(state)


def request_options() -> tuple[str, dict[str, Any]]:
    """Return what a browser needs to use any passkey it has for us (JSON), and what we have to remember."""
    options, state = server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return json.dumps(dict(options)), dict(state)


def credential_of(row: Authenticator) -> AttestedCredentialData:
    """Return the public key of a stored passkey."""
    stored = RegistrationResponse.from_dict(row.data["credential"])
    found: AttestedCredentialData | None = stored.response.attestation_object.auth_data.credential_data
    assert found is not None
    return found


def _credentials(account_id: uuid.UUID) -> Mapping[int, AttestedCredentialData]:
    rows = Authenticator.objects.filter(user_id=account_id, type=WEBAUTHN)
    return {row.pk: credential_of(row) for row in rows}
