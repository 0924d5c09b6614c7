"""Sessions: one per browser in which somebody has signed in."""

import datetime as dt
import uuid

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused

from ..models import Account, ApiAnswer, ApiToken, SignInTicket
from ..queries import ANSWERS_HOLD
from ..states import SignInWay, TicketPurpose

DEVICE_LENGTH = 200


@action(verb="people.signed_in")
def open_session(
    *,
    actor: Actor,
    now: dt.datetime,
    account_id: uuid.UUID,
    session_key: str,
    way: SignInWay,
    network: str,
    device: str,
) -> None:
    """Note that somebody signed in: in which browser (`device`, as it calls itself) and from about where (`network`).

    Other codes and links of theirs stop working. Raises Refused people.unknown when the account is closed.
    """
    account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None:
        raise Refused("people.unknown")
    if account.proven_at is None:
        account.proven_at = now
        account.save(update_fields=["proven_at"])
    SignInTicket.objects.filter(account=account, purpose=TicketPurpose.SIGN_IN, used_at__isnull=True).update(
        used_at=now
    )
    UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user_id": account_id,
            "ip": network,
            "user_agent": device[:DEVICE_LENGTH],
            "created_at": now,
            "last_seen_at": now,
            "data": {"way": way.value},
        },
    )
    audit("account", account_id, way=way.value)


@action(verb="people.signed_out")
def close_session(*, actor: Actor, now: dt.datetime, session_key: str) -> None:
    """End the session in which somebody signs out."""
    _end(UserSession.objects.filter(user_id=actor.account_id, session_key=session_key))
    audit("account", actor.account_id)


@action(verb="people.session_ended")
def end_session(*, actor: Actor, now: dt.datetime, session_id: int) -> None:
    """End one of one's own sessions: that browser has to sign in again; raises Refused people.ended_already."""
    if not _end(UserSession.objects.filter(user_id=actor.account_id, pk=session_id)):
        raise Refused("people.ended_already")
    audit("account", actor.account_id)


@action(verb="people.sessions_ended")
def end_other_sessions(*, actor: Actor, now: dt.datetime, keep: str) -> int:
    """End all of one's own sessions but the one with the key `keep`; return how many."""
    count = _end(UserSession.objects.filter(user_id=actor.account_id).exclude(session_key=keep))
    audit("account", actor.account_id, count=count)
    return count


@action(verb="people.sign_ins_forgotten")
def forget_sign_ins(*, actor: Actor, now: dt.datetime) -> int:
    """Delete codes and links that ran out a day ago, sessions that ran out, tokens that ended a month ago, and answers
    to programs after a day; return how many codes, links and sessions there were.
    """
    tickets, _each = SignInTicket.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    sessions, _each = Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    ApiAnswer.objects.filter(made_at__lt=now - ANSWERS_HOLD).delete()
    ended = now - dt.timedelta(days=30)
    ApiToken.objects.filter(Q(expires_on__lt=civil_date(ended)) | Q(revoked_at__lt=ended)).delete()
    audit("ticket", None, tickets=tickets, sessions=sessions)
    return tickets + sessions


def _end(sessions: QuerySet[UserSession]) -> int:
    keys = list(sessions.select_for_update().values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
