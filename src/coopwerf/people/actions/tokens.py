"""Personal tokens, with which programs act in somebody's name, and what was answered to them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import new_token, token_hash

from .. import policies
from ..models import ApiAnswer, ApiToken
from ..states import LONGEST_DAYS, MOST_TOKENS, TOKEN_PREFIX, Scope, SecurityChange, clean_text
from . import mails
from .tickets import own_account


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A token that was made: its secret is told this once."""

    id: uuid.UUID
    secret: str


@action(verb="people.token_made")
def make_token(*, actor: Actor, now: dt.datetime, name: str, scopes: Collection[str], expires_on: dt.date) -> Made:
    """Make a token with which a program acts as oneself, within scopes, until a day; a mail tells its owner.

    Raises Refused people.token_by_program, people.tokens_many, people.name_missing, people.too_long,
    people.scope_missing, people.scope_unknown, people.token_end.
    """
    policies.may_keep_tokens(actor).require()
    account = own_account(actor, lock=True)
    called = clean_text(name, field="name", longest=60)
    if not called:
        raise Refused("people.name_missing", path="name")
    today = civil_date(now)
    last = today + dt.timedelta(days=LONGEST_DAYS)
    if not today <= expires_on <= last:
        raise Refused("people.token_end", first=today, last=last, path="expires_on")
    known = {scope.value for scope in Scope}
    wanted = sorted(set(scopes))
    if not wanted:
        raise Refused("people.scope_missing", path="scopes")
    if not known.issuperset(wanted):
        raise Refused("people.scope_unknown", path="scopes")
    open_ones = ApiToken.objects.filter(account=account, revoked_at=None, expires_on__gte=today)
    if open_ones.count() >= MOST_TOKENS:
        raise Refused("people.tokens_many", most=MOST_TOKENS)
    secret = TOKEN_PREFIX + new_token()
    row = ApiToken.objects.create(
        account=account,
        name=called,
        scopes=wanted,
        token_hash=token_hash(secret),
        made_at=now,
        expires_on=expires_on,
    )
    mails.changed(account.email, account.party.language, SecurityChange.TOKEN_MADE)
    audit("account", account.pk, made=row.pk, scopes=wanted, expires_on=expires_on)
    return Made(row.pk, secret)


@action(verb="people.token_revoked")
def revoke_token(*, actor: Actor, now: dt.datetime, token_id: uuid.UUID) -> None:
    """Take back one of one's tokens: it opens nothing any more. Raises Refused people.ended_already."""
    policies.may_keep_tokens(actor).require()
    account = own_account(actor)
    row = ApiToken.objects.select_for_update().filter(account=account, pk=token_id, revoked_at=None).first()
    if row is None:
        raise Refused("people.ended_already")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    ApiAnswer.objects.filter(token=row).delete()
    audit("account", account.pk, revoked=token_id)


@action(verb="people.token_used")
def note_token_use(*, actor: Actor, now: dt.datetime, token_id: uuid.UUID) -> None:
    """Write down that a token was used today, for its owner."""
    account = own_account(actor)
    ApiToken.objects.filter(pk=token_id, account=account).update(used_on=civil_date(now))
    audit("account", account.pk)


@action(verb="people.answer_kept")
def keep_answer(
    *,
    actor: Actor,
    now: dt.datetime,
    token_id: uuid.UUID,
    key: str,
    digest: str,
    status: int,
    body: str,
) -> None:
    """Keep what a program was answered for a key, for a day: whoever asks the same again gets the same."""
    ApiAnswer.objects.filter(token_id=token_id, key=key).delete()
    ApiAnswer.objects.create(token_id=token_id, key=key, digest=digest, status=status, body=body, made_at=now)
    audit("account", actor.account_id, status=status)
