"""For whom a browser's cookie stands: every page asks it, so either question is prepared (`kernel.questions`)."""

import uuid
from typing import Any

from allauth.account import auth_backends
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now

from coopwerf.kernel.questions import Question

from .models import Account


@Question
def _session(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=Now())


@Question
def _account(account_id: uuid.UUID) -> QuerySet[Account]:
    return Account.objects.filter(pk=account_id)


class SessionStore(db.SessionStore):
    """Keep sessions where Django keeps them."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(key=self.session_key)
        if not found:
            self._session_key = None
        return found[0] if found else None


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]  # untyped package
    """Find the account of a session."""

    def get_user(self, user_id: uuid.UUID) -> Any:
        """Return the account, unless it is switched off or gone."""
        found = _account(account_id=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
