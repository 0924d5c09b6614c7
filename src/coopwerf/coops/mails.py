"""Mails that the coops package sends; they go through the outbox like all others."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .queries import CoopFacts, InvitationFacts
from .states import BODY_NAMES, ROLE_NAMES


def send_invitation(coop: CoopFacts, invitation: InvitationFacts, language: str, token: str) -> None:
    """Mail the link by which somebody takes up a role, in their language."""
    with translation.override(language):
        link = settings.BASE_URL + reverse("coops:invitation", kwargs={"slug": coop.slug, "token": token})
        text = render_to_string(
            "coops/mail/invitation.txt",
            {
                "coop": coop,
                "role": ROLE_NAMES[invitation.role],
                "body": invitation.body_name or BODY_NAMES[invitation.body_kind],
                "link": link,
                "expires_at": invitation.expires_at,
                "footer": coop.mail_footer,
            },
        )
        subject = _("%(coop)s invites you") % {"coop": coop.name}
        EmailMessage(subject=subject, body=text, to=[invitation.email], headers={"Content-Language": language}).send()
