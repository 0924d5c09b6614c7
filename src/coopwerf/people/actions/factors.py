"""Passkeys, and the second step after the mail."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.utils.crypto import constant_time_compare
from fido2.utils import websafe_decode

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import policies
from ..models import Account
from ..queries import factors
from ..states import SecurityChange, clean_text
from . import mails
from .tickets import Proven, own_account

PERIOD = 30
MOST_PASSKEYS = 20


@action(verb="people.passkey_added")
def add_passkey(
    *, actor: Actor, now: dt.datetime, name: str, state: Mapping[str, Any], credential: Mapping[str, Any]
) -> int:
    """Keep a passkey that a browser made for the challenge in `state`, and return its number.

    Raises Refused people.passkey_wrong, people.passkeys_many, people.name_missing, people.too_long.
    """
    account = _own(actor)
    called = clean_text(name, field="name", longest=60)
    if not called:
        raise Refused("people.name_missing", path="name")
    if Authenticator.objects.filter(user=account, type=factors.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise Refused("people.passkeys_many", most=MOST_PASSKEYS)
    try:
        factors.server().register_complete(state, credential)
    except (ValueError, TypeError, KeyError, AssertionError):
        raise Refused("people.passkey_wrong") from None
    row = Authenticator.objects.create(
        user=account,
        type=factors.WEBAUTHN,
        data={"name": called, "credential": dict(credential)},
        created_at=now,
    )
    _tell(account, SecurityChange.PASSKEY_ADDED)
    audit("account", account.pk, passkey=row.pk)
    return int(row.pk)


@action(verb="people.passkey_renamed")
def rename_passkey(*, actor: Actor, now: dt.datetime, passkey_id: int, name: str) -> None:
    """Give one of one's passkeys another name; raises Refused people.ended_already, people.name_missing."""
    account = _own(actor)
    called = clean_text(name, field="name", longest=60)
    if not called:
        raise Refused("people.name_missing", path="name")
    row = _passkey(account, passkey_id)
    row.data["name"] = called
    row.save(update_fields=["data"])
    audit("account", account.pk, passkey=passkey_id)


@action(verb="people.passkey_removed")
def remove_passkey(*, actor: Actor, now: dt.datetime, passkey_id: int) -> None:
    """Let one of one's passkeys sign nobody in any more; raises Refused people.ended_already."""
    account = _own(actor)
    _passkey(account, passkey_id).delete()
    _tell(account, SecurityChange.PASSKEY_REMOVED)
    audit("account", account.pk, passkey=passkey_id)


@action(verb="people.passkey_used")
def use_passkey(*, actor: Actor, now: dt.datetime, state: Mapping[str, Any], credential: Mapping[str, Any]) -> Proven:
    """Check what a browser signed with a passkey for the challenge in `state`.

    Raises Refused people.passkey_unknown.
    """
    try:
        handle = websafe_decode(str(credential["response"]["userHandle"]))
        account_id = uuid.UUID(bytes=handle)
    except (ValueError, TypeError, KeyError):
        raise Refused("people.passkey_unknown") from None
    rows = Authenticator.objects.select_for_update().filter(
        user_id=account_id, user__is_active=True, type=factors.WEBAUTHN
    )
    keys = {row: factors.credential_of(row) for row in rows}
    try:
        used = factors.server().authenticate_complete(state, list(keys.values()), credential)
    except (ValueError, TypeError, KeyError, AssertionError):
        raise Refused("people.passkey_unknown") from None
    row = next(row for row, key in keys.items() if key.credential_id == used.credential_id)
    row.last_used_at = now
    row.save(update_fields=["last_used_at"])
    audit("account", account_id, passkey=row.pk)
    return Proven(account_id, "")


@action(verb="people.second_step_added")
def add_second_step(*, actor: Actor, now: dt.datetime, secret: str, code: str) -> list[str]:
    """Ask for a second step from now on, once an app with this secret gave the right code; return recovery codes.

    Raises Refused people.second_code_wrong, people.second_step_there.
    """
    account = _own(actor)
    if Authenticator.objects.filter(user=account, type=factors.TOTP).exists():
        raise Refused("people.second_step_there")
    counter = _counter(secret, code, now)
    if counter is None:
        raise Refused("people.second_code_wrong", path="code")
    Authenticator.objects.create(
        user=account, type=factors.TOTP, data={"secret": encrypt(secret), "counter": counter}, created_at=now
    )
    _new_codes(account, now)
    _tell(account, SecurityChange.SECOND_STEP_ADDED)
    audit("account", account.pk)
    return factors.recovery_codes_of(account.pk)


@action(verb="people.second_step_removed")
def remove_second_step(*, actor: Actor, now: dt.datetime, account_id: uuid.UUID | None = None) -> None:
    """Ask for no second step any more; the installation itself may do so for somebody who lost phone and codes.

    Raises Refused people.second_step_missing, people.not_yours.
    """
    if account_id is None:
        account = _own(actor)
    else:
        policies.may_host(actor).require()
        account = Account.objects.select_for_update().get(pk=account_id)
    count, _each = Authenticator.objects.filter(user=account, type__in=(factors.TOTP, factors.CODES)).delete()
    if not count:
        raise Refused("people.second_step_missing")
    _tell(account, SecurityChange.SECOND_STEP_REMOVED)
    audit("account", account.pk)


@action(verb="people.recovery_codes_made")
def renew_recovery_codes(*, actor: Actor, now: dt.datetime) -> list[str]:
    """Make new recovery codes; the earlier ones stop working. Raises Refused people.second_step_missing."""
    account = _own(actor)
    if not Authenticator.objects.filter(user=account, type=factors.TOTP).exists():
        raise Refused("people.second_step_missing")
    _new_codes(account, now)
    _tell(account, SecurityChange.CODES_RENEWED)
    audit("account", account.pk)
    return factors.recovery_codes_of(account.pk)


@action(verb="people.second_step_passed")
def try_second_step(*, actor: Actor, now: dt.datetime, account_id: uuid.UUID, code: str) -> bool:
    """Tell whether a code of the app, or a recovery code, is right; either works once."""
    account = Account.objects.select_for_update().get(pk=account_id)
    rows = {
        row.type: row
        for row in Authenticator.objects.select_for_update().filter(
            user=account, type__in=(factors.TOTP, factors.CODES)
        )
    }
    if factors.TOTP in rows and _use_totp(rows[factors.TOTP], code, now):
        audit("account", account.pk, by="app")
        return True
    if factors.CODES in rows and _use_recovery_code(rows[factors.CODES], code, now):
        _tell(account, SecurityChange.CODE_USED)
        audit("account", account.pk, by="recovery_code")
        return True
    audit("account", account.pk, verb="people.second_step_refused")
    return False


def _use_totp(row: Authenticator, code: str, now: dt.datetime) -> bool:
    try:
        counter = _counter(decrypt(row.data["secret"]), code, now)
    except InvalidToken:
        return False
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"] = counter
    row.last_used_at = now
    row.save(update_fields=["data", "last_used_at"])
    return True


def _use_recovery_code(row: Authenticator, code: str, now: dt.datetime) -> bool:
    try:
        is_right = bool(RecoveryCodes(row).validate_code(code))
    except InvalidToken:
        return False
    if is_right:
        Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return is_right


def _counter(secret: str, code: str, now: dt.datetime) -> int | None:
    """Return for which half minute a code of the app is right: this one, the one before or the next."""
    digits = "".join(character for character in code if character.isdigit())
    present = int(now.timestamp()) // PERIOD
    for counter in (present, present - 1, present + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), digits):
            return counter
    return None


def _new_codes(account: Account, now: dt.datetime) -> None:
    Authenticator.objects.filter(user=account, type=factors.CODES).delete()
    seed = encrypt(RecoveryCodes.generate_seed())
    Authenticator.objects.create(user=account, type=factors.CODES, data={"seed": seed, "used_mask": 0}, created_at=now)


def _own(actor: Actor) -> Account:
    return own_account(actor, lock=True)


def _passkey(account: Account, passkey_id: int) -> Authenticator:
    row = Authenticator.objects.filter(user=account, type=factors.WEBAUTHN, pk=passkey_id).first()
    if row is None:
        raise Refused("people.ended_already")
    return row


def _tell(account: Account, change: SecurityChange) -> None:
    mails.changed(account.email, account.party.language, change)
