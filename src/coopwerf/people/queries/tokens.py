"""Personal tokens: whose they are and what they open; and what programs were answered."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.questions import Question
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import token_hash

from ..models import ApiAnswer, ApiToken
from ..states import SCOPE_NAMES, TOKEN_PREFIX, Scope
from .accounts import actor_and_language

ANSWERS_HOLD = dt.timedelta(days=1)
"""How long an answer is kept for whoever asks the same again."""


@dataclasses.dataclass(frozen=True, slots=True)
class TokenFacts:
    """A personal token as its owner sees it; never its secret."""

    id: uuid.UUID
    name: str
    scopes: tuple[Scope, ...]
    made_at: dt.datetime
    expires_on: dt.date
    used_on: dt.date | None
    revoked_at: dt.datetime | None

    @property
    def scope_names(self) -> list[str]:
        """Return what it opens, in the active language."""
        return [str(SCOPE_NAMES[scope]) for scope in self.scopes]

    def is_valid(self, on: dt.date) -> bool:
        """Tell whether it opens anything on a day."""
        return self.revoked_at is None and on <= self.expires_on


@dataclasses.dataclass(frozen=True, slots=True)
class Bearer:
    """Who acts with a token: its owner, never as administrator; in which language they read."""

    token: TokenFacts
    actor: Actor
    language: str


def tokens_of(account_id: uuid.UUID) -> Sequence[TokenFacts]:
    """Return somebody's tokens, the newest first; those that were taken back too, until they are forgotten."""
    return [_facts(row) for row in ApiToken.objects.filter(account_id=account_id).order_by("-made_at", "-id")]


def bearer(secret: str, on: dt.date) -> Bearer | None:
    """Return who acts with a token on a day, or None where it isn't valid: two queries."""
    if not secret.startswith(TOKEN_PREFIX) or len(secret) > 100 or not secret.isascii():
        return None
    rows = _by_hash(hashed=token_hash(secret))
    if not rows:
        return None
    facts = _facts(rows[0])
    actor, language = actor_and_language(rows[0].account_id, on=on)
    if not facts.is_valid(on) or not actor.is_person:
        return None
    return Bearer(facts, dataclasses.replace(actor, is_administrator=False, token_id=facts.id), language)


@Question
def _by_hash(hashed: str) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(token_hash=hashed)


def _facts(row: ApiToken) -> TokenFacts:
    return TokenFacts(
        id=row.pk,
        name=row.name,
        scopes=tuple(scope for scope in Scope if scope.value in row.scopes),
        made_at=row.made_at,
        expires_on=row.expires_on,
        used_on=row.used_on,
        revoked_at=row.revoked_at,
    )


def hold_answer(*, token_id: uuid.UUID, key: str, digest: str, now: dt.datetime) -> tuple[int, str] | None:
    """Wait for whoever uses the same key of a token, and return status and body of the answer that they got, or None.

    Call it at the beginning of a transaction; others wait until its end. Raises Refused kernel.api_key_reused where
    the key was used for another request.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{token_id} {key}"])
    row = ApiAnswer.objects.filter(token_id=token_id, key=key, made_at__gt=now - ANSWERS_HOLD).first()
    if row is None:
        return None
    if row.digest != digest:
        raise Refused("kernel.api_key_reused")
    return row.status, row.body
