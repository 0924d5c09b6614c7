"""Offering a role by mail, and taking it up."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.clock import civil_date
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tokens import new_token, token_hash
from coopwerf.people import policies as people_policies
from coopwerf.people.actions import register_party
from coopwerf.people.queries import account_by_email
from coopwerf.people.states import PartyKind, clean_email, clean_language
from coopwerf.ui import formats

from .. import policies, queries
from ..happenings import MandateGranted
from ..models import Body, Coop, Invitation
from ..queries import CoopFacts, InvitationFacts, MandateFacts
from ..states import (
    BODY_NAMES,
    ROLE_NAMES,
    Role,
)
from .mandates import body_of, facts_of, give, require_role
from .shared import clean_line, likely_date, locked

INVITATION_DAYS = 14
INVITATIONS_A_DAY = 50


@action(verb="coops.invited")
def invite(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    body_id: uuid.UUID,
    role: Role,
    email: str,
    language: str,
    valid_from: dt.date | None = None,
) -> InvitationFacts:
    """Offer somebody a role by mail, in their language; it holds from the date given, else from when they accept.

    The mail carries a link that works once, for fourteen days. Raises Refused for an address that can't be one, a role
    that the body doesn't know, and after fifty invitations within a day.
    """
    coop = locked(coop_id)
    policies.may_invite(actor, coop_id, civil_date(now)).require()
    body = body_of(coop_id, body_id)
    invitation = offer(coop, body, role, email, language, valid_from or civil_date(now), actor=actor, now=now)
    audit("invitation", invitation.id, body=body.id, role=str(role))
    return queries.invitation(coop_id, invitation.id)


def offer(
    coop: Coop,
    body: Body,
    role: Role,
    email: str,
    language: str,
    valid_from: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Invitation:
    """Write an invitation and mail it; see `invite` for what is refused."""
    likely_date(valid_from, now)
    address = clean_email(email)
    if not address:
        raise Refused("people.email_missing", path="email")
    lately = Invitation.objects.filter(coop=coop, made_at__gt=now - dt.timedelta(days=1)).count()
    if lately >= INVITATIONS_A_DAY:
        raise Refused("coops.too_many_invitations", limit=INVITATIONS_A_DAY)
    token = new_token()
    invitation = Invitation.objects.create(
        coop=coop,
        body=body,
        role=require_role(body, role),
        email=address,
        language=clean_language(language),
        valid_from=valid_from,
        token_hash=token_hash(token),
        made_at=now,
        made_by=actor.party_id,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    _mail(queries.coop_facts(coop.id), queries.invitation(coop.id, invitation.id), language, token)
    return invitation


@action(verb="coops.invitation_accepted")
def accept_invitation(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, token: str, family: str = "", given: str = ""
) -> MandateFacts:
    """Take up the role that was offered by mail; whoever signed in and holds the link gets the mandate.

    Somebody new, who has not signed in, gives their name instead: they are registered with the address that was
    invited, and can sign in with it from now on. Announces MandateGranted. Raises Refused when the link is unknown,
    used, withdrawn or too old, when an account has that address already, and for names that can't be.
    """
    coop = locked(coop_id)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("body")
        .filter(coop_id=coop_id, token_hash=token_hash(token))
        .first()
    )
    if invitation is None or not _is_open(invitation, now):
        raise Refused("coops.invitation_gone")
    party_id = actor.acting_for or actor.party_id
    if party_id is None:
        if account_by_email(invitation.email) is not None:
            raise Refused("coops.sign_in_first")
        party_id = register_party(
            actor=actor,
            now=now,
            kind=PartyKind.PERSON,
            family=clean_line("family", family, 500),
            given=clean_line("given", given, 200),
            email=invitation.email,
            language=invitation.language,
            coop_id=coop.id,
        )
    mandate = give(invitation.body, party_id, Role(invitation.role), invitation.valid_from, None, now=now)
    invitation.accepted_at, invitation.mandate = now, mandate
    invitation.save(update_fields=["accepted_at", "mandate"])
    audit("invitation", invitation.id, mandate=mandate.id, party=party_id)
    announce(MandateGranted(coop_id, mandate.id, party_id, Role(mandate.role), mandate.valid_from))
    return facts_of(coop_id, mandate.id)


def _is_open(invitation: Invitation, now: dt.datetime) -> bool:
    return invitation.accepted_at is None and invitation.withdrawn_at is None and invitation.expires_at > now


@action(verb="coops.invitation_withdrawn")
def withdraw_invitation(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, invitation_id: uuid.UUID) -> None:
    """Take an invitation back that nobody accepted yet; its link stops working."""
    locked(coop_id)
    policies.may_invite(actor, coop_id, civil_date(now)).require()
    invitation = Invitation.objects.filter(coop_id=coop_id, pk=invitation_id).first()
    if invitation is None or not _is_open(invitation, now):
        raise Refused("coops.invitation_gone")
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    audit("invitation", invitation.id)


@action(verb="coops.invitations_forgotten")
def forget_invitations(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, party_id: uuid.UUID, emails: Sequence[str]
) -> int:
    """Take the addresses of somebody who was erased out of the invitations; those still open stop working."""
    people_policies.may_host(actor).require()
    rows = Invitation.objects.filter(coop_id=coop_id, email__in=emails)
    rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)
    count = rows.update(email="")
    audit("party", party_id, invitations=count)
    return count


def _mail(coop: CoopFacts, invitation: InvitationFacts, language: str, token: str) -> None:
    """Mail the link by which somebody takes up a role, in their language."""
    with translation.override(coop.language_for(language)):
        link = settings.BASE_URL + reverse("coops:invitation", kwargs={"slug": coop.slug, "token": token})
        text = render_to_string(
            "coops/mail/invitation.txt",
            {
                "coop": coop,
                "role": ROLE_NAMES[invitation.role],
                "body": invitation.body_name or BODY_NAMES[invitation.body_kind],
                "link": link,
                "last_day": formats.date_long(civil_date(invitation.expires_at), language),
                "footer": coop.mail_footer,
            },
        )
        subject = _("%(coop)s invites you") % {"coop": coop.name}
        EmailMessage(subject=subject, body=text, to=[invitation.email], headers={"Content-Language": language}).send()
