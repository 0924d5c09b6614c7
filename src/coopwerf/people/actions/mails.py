"""The mails of this package: short, in the reader's language, each with what to do when it wasn't expected."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.kernel.clock import CIVIL
from coopwerf.ui.colours import palette
from coopwerf.ui.formats import clock

from ..states import SECURITY_CHANGE_NAMES, SecurityChange

OUR_HUE = 184


def host() -> str:
    """Return the name under which this installation is reached."""
    return urlsplit(settings.BASE_URL).netloc


def send(to: str, language: str, template: str, subject: str, **context: Any) -> None:
    """Send a mail as text and as HTML, in the language that is active."""
    context = {
        "subject": subject,
        "host": host(),
        "home": settings.BASE_URL,
        "language": language,
        "colours": palette(OUR_HUE),
        **context,
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"people/mail/{template}.txt", context).strip() + "\n",
        to=[to],
        headers={"Content-Language": language},
    )
    mail.attach_alternative(render_to_string(f"people/mail/{template}.html", context), "text/html")
    mail.send()


def sign_in(to: str, language: str, *, code: str, token: str, until: dt.datetime) -> None:
    """Mail a code and a link that sign somebody in."""
    with translation.override(language):
        send(
            to,
            language,
            "sign_in",
            _("Your code to sign in"),
            code=code,
            link=settings.BASE_URL + reverse("people:link", kwargs={"token": token}),
            until=clock(until.astimezone(CIVIL), language),
        )


def confirm(to: str, language: str, *, code: str, until: dt.datetime) -> None:
    """Mail a code with which somebody who has signed in confirms to be who they are."""
    with translation.override(language):
        subject = _("Your code to confirm a change")
        send(to, language, "confirm", subject, code=code, until=clock(until.astimezone(CIVIL), language))


def new_address(to: str, language: str, *, code: str, token: str, until: dt.datetime) -> None:
    """Mail a code and a link that prove a new address."""
    with translation.override(language):
        send(
            to,
            language,
            "new_address",
            _("Is this your new address?"),
            code=code,
            link=settings.BASE_URL + reverse("people:new-address", kwargs={"token": token}),
            until=clock(until.astimezone(CIVIL), language),
        )


def address_taken(to: str, language: str) -> None:
    """Tell whoever signs in with this address that somebody asked to do the same from another account."""
    with translation.override(language):
        send(to, language, "address_taken", _("This address is in use already"))


def address_changed(to: str, language: str, *, new: str) -> None:
    """Tell the old address that it isn't the one for signing in any more."""
    with translation.override(language):
        send(to, language, "address_changed", _("You sign in with another address now"), new=new)


def changed(to: str, language: str, change: SecurityChange) -> None:
    """Tell somebody that something about signing in has changed."""
    with translation.override(language):
        send(to, language, "changed", _("Signing in has changed"), what=SECURITY_CHANGE_NAMES[change])


def unknown_address(to: str, language: str) -> None:
    """Tell whoever reads this address that nobody signs in with it here."""
    with translation.override(language):
        send(to, language, "unknown", _("Nobody signs in here with this address"))
