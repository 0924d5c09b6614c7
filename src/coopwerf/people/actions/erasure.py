"""A person's data handed over, and a person's data erased: asked, confirmed by mail, carried out, remembered."""

import datetime as dt
import uuid
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import date_long

from .. import policies, queries
from ..happenings import PartyErased
from ..models import (
    ERASING,
    Account,
    DataRequest,
    Erasure,
    Party,
    PartyAddress,
    PartyContact,
    PartyName,
    Representation,
    SignInTicket,
)
from ..queries import Notice
from ..states import LINK_DAYS, LINK_SALT, REQUEST_TRANSITIONS, WAITING, Language, RequestKind, RequestState
from .erasure_list import write_list
from .mails import send

SUBJECT_ASKED = _("Confirm that your data are to be erased")
SUBJECT_CONFIRMED = _("Your data will be erased")


@action(verb="people.data_downloaded")
def record_download(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID) -> None:
    """Write down that a party's data are handed over to the actor, so that it can be counted.

    Raises Refused people.not_yours, people.unknown, people.downloads_too_many.
    """
    party = locked_many([party_id])[0]
    policies.may_download(actor, party_id, now).require()
    row = DataRequest.objects.create(
        kind=RequestKind.EXPORT.value, state=RequestState.DONE.value, party=party, asked_at=now, ended_at=now
    )
    audit("party", party_id, request=row.id)


@action(verb="people.erasure_asked")
def ask_erasure(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID) -> uuid.UUID:
    """Ask for the erasure of oneself or a minor: the actor gets a mail with a link to confirm it; return the request.

    Asked again before it was confirmed, the mail goes once more. Raises Refused people.not_yours, people.unknown,
    people.erasure_asked_already, people.erasure_of_organisation, people.last_administrator, and what hinders it.
    """
    party = locked_many([party_id])[0]
    policies.may_erase(actor, party_id, civil_date(now)).require()
    row = _open_request(party)
    if row is None:
        row = DataRequest.objects.create(
            kind=RequestKind.ERASURE.value, state=RequestState.ASKED.value, party=party, asked_at=now
        )
    elif row.due_at is not None:
        raise Refused("people.erasure_asked_already")
    else:
        row.asked_at = now
        row.save(update_fields=["asked_at"])
    token = signing.dumps([str(row.id), now.isoformat()], salt=LINK_SALT)
    link = settings.BASE_URL + reverse("people:erase-confirm", kwargs={"token": token})
    _mail(actor, "erasure_asked", SUBJECT_ASKED, now, party_id, link=link, days=LINK_DAYS)
    audit("party", party_id, request=row.id)
    return row.id


@action(verb="people.erasure_confirmed")
def confirm_erasure(*, actor: Actor, now: dt.datetime, request_id: uuid.UUID) -> dt.datetime:
    """Confirm an erasure that was asked for; return when it is carried out unless it is withdrawn before.

    Raises Refused people.not_yours, people.erasure_gone, and what hinders it.
    """
    party_id = DataRequest.objects.filter(pk=request_id).values_list("party_id", flat=True).first()
    if party_id is None:
        raise Refused("people.erasure_gone")
    party = locked_many([party_id])[0]
    policies.may_erase(actor, party_id, civil_date(now)).require()
    row = _open_request(party)
    if row is None or row.pk != request_id:
        raise Refused("people.erasure_gone")
    if row.due_at is None:
        row.due_at = now + WAITING
        row.save(update_fields=["due_at"])
        link = settings.BASE_URL + reverse("people:data")
        _mail(actor, "erasure_confirmed", SUBJECT_CONFIRMED, now, party_id, link=link, day=civil_date(row.due_at))
    audit("party", party_id, request=row.id, due_at=row.due_at)
    return row.due_at


@action(verb="people.erasure_withdrawn")
def withdraw_erasure(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID) -> None:
    """Take back that somebody asked to be erased; raises Refused people.not_yours, people.erasure_gone."""
    policies.may_change_own(actor, party_id).require()
    row = _open_request(locked_many([party_id])[0])
    if row is None:
        raise Refused("people.erasure_gone")
    _end(row, RequestState.WITHDRAWN, now)
    audit("party", party_id, request=row.id)


@action(verb="people.erased")
def erase_party(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID) -> Notice:
    """Erase a party at once, but for names and addresses that some law keeps; return the notice that says which.

    Every package erases its part in the same transaction. Organisations and minors who are here only because this
    person acts for them go along. Raises Refused people.unknown, people.erased_already, people.not_waited for whoever
    isn't the installation itself, and what hinders it.
    """
    if not actor.is_system:
        raise Refused("people.not_waited")
    along = queries.only_through(party_id, civil_date(now))
    party, *others = locked_many([party_id, *along])
    policies.may_erase(actor, party_id, civil_date(now)).require()
    notice = queries.notice_of(party_id, civil_date(now))
    for one in others:
        if one.erased_at is None:
            _erase(one, now)
    _erase(party, now)
    audit(
        "party",
        party_id,
        names_kept=len(notice.kept_name_ids),
        addresses_kept=len(notice.kept_address_ids),
        along=[one.pk for one in others],
    )
    transaction.on_commit(write_list, robust=True)
    return notice


@action(verb="people.erased_rest")
def erase_rest(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID) -> int:
    """Erase what no law keeps any more of a party that was erased before; return how many rows went.

    Raises Refused people.not_waited for whoever isn't the installation itself, people.unknown.
    """
    if not actor.is_system:
        raise Refused("people.not_waited")
    party = Party.objects.select_for_update().filter(pk=party_id, erased_at__isnull=False).first()
    if party is None:
        raise Refused("people.unknown")
    gone = _erase(party, now)
    audit("party", party_id, rows=gone)
    transaction.on_commit(write_list, robust=True)
    return gone


@action(verb="people.erasure_repeated")
def repeat_erasure(*, actor: Actor, now: dt.datetime, party_id: uuid.UUID, at: dt.datetime) -> bool:
    """Erase again a party of whom a list says that it was erased at a moment; tell whether there was anything left.

    For a backup that is older than the erasure: nothing hinders it, for it was done once already. A party that the
    backup doesn't know is written down only.
    """
    if not actor.is_system:
        raise Refused("people.not_waited")
    along = queries.only_through(party_id, civil_date(now))
    rows = list(Party.objects.select_for_update().filter(pk__in=[party_id, *along]).order_by("pk"))
    known = Erasure.objects.filter(party_id=party_id, at=at).exists()
    left = False
    for row in rows:
        left |= _erase(row, now, remember=row.pk != party_id) > 0
    if not known:
        Erasure.objects.create(party_id=party_id, at=at)
    audit("party", party_id, at=at, known=known, left=left)
    return left


def locked_many(party_ids: Iterable[uuid.UUID]) -> list[Party]:
    """Lock parties in the order of their ids and return them in the order asked.

    Raises Refused people.unknown, and people.erased_already for the first one.
    """
    wanted = list(party_ids)
    rows = {row.pk: row for row in Party.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    if wanted[0] not in rows:
        raise Refused("people.unknown")
    if rows[wanted[0]].erased_at is not None:
        raise Refused("people.erased_already")
    return [rows[one] for one in wanted if one in rows]


def _open_request(party: Party) -> DataRequest | None:
    rows = DataRequest.objects.select_for_update().filter(
        party=party, kind=RequestKind.ERASURE.value, state=RequestState.ASKED.value
    )
    return rows.first()


def _end(row: DataRequest, state: RequestState, now: dt.datetime) -> None:
    if state not in REQUEST_TRANSITIONS[RequestState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    row.state, row.ended_at = state.value, now
    row.save(update_fields=["state", "ended_at"])


def _erase(party: Party, now: dt.datetime, *, remember: bool = True) -> int:
    """Delete everything of a locked party that no law keeps, and tell whoever is above; return how many rows went."""
    kept = queries.kept_of(party.pk, civil_date(now))
    name_ids = frozenset().union(*(one.name_ids for one in kept))
    address_ids = frozenset().union(*(one.address_ids for one in kept))
    account = Account.objects.select_for_update().filter(party=party).first()
    emails = {*PartyContact.objects.filter(party=party).values_list("email", flat=True)}
    names = frozenset(queries.spoken_names(party.pk))
    gone = 0
    if account is not None:
        emails.add(account.email)
        gone += _delete_account(account)
    gone += PartyContact.objects.filter(party=party).delete()[0]
    gone += Representation.objects.filter(Q(agent=party) | Q(principal=party)).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [ERASING, str(party.pk)])
    gone += PartyName.objects.filter(party=party).exclude(pk__in=name_ids).delete()[0]
    gone += PartyAddress.objects.filter(party=party).exclude(pk__in=address_ids).delete()[0]
    for request in DataRequest.objects.select_for_update().filter(party=party, state=RequestState.ASKED.value):
        _end(request, RequestState.DONE, now)
    is_first = party.erased_at is None
    if is_first:
        party.erased_at, party.language = now, Language.EN.value
        party.save(update_fields=["erased_at", "language"])
    if remember and (gone or is_first):
        Erasure.objects.create(party_id=party.pk, at=now)
    announce(PartyErased(party.pk, name_ids, address_ids, frozenset(filter(None, emails)), names))
    return gone + is_first


def _delete_account(account: Account) -> int:
    for key in UserSession.objects.filter(user=account).values_list("session_key", flat=True):
        SessionStore(key).delete()
    mails = SignInTicket.objects.filter(Q(email=account.email) & ~Q(email="")).delete()[0]
    return mails + account.delete()[0]


def _mail(
    actor: Actor, template: str, subject: str | Promise, now: dt.datetime, party_id: uuid.UUID, **facts: object
) -> None:
    """Write to the acting person, in the language that they read, with what goes and what stays."""
    account = queries.account_of(actor.party_id) if actor.party_id is not None else None
    if account is None:
        raise Refused("people.not_yours")
    language = account.language
    with translation.override(language):
        on = civil_date(now)
        kept = [
            (one.coop, one.why, one.years, date_long(one.until, language) if one.until else "", one.source)
            for one in queries.kept_of(party_id, on)
        ]
        send(
            account.email,
            language,
            template,
            str(subject),
            kept=kept,
            name=queries.particulars_of(party_id, on).spoken,
            is_own=party_id == actor.party_id,
            **{
                key: date_long(value, language) if isinstance(value, dt.date) else value for key, value in facts.items()
            },
        )
