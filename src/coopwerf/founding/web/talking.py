"""The forms with which something is said below a report, and who shows by a cookie that an address is theirs."""

import datetime as dt
import uuid
from typing import Any, Final

from django import forms
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.web import Request
from coopwerf.messages import links

from ..actions import LONGEST_COMMENT, LONGEST_PSEUDONYM
from ..states import GROUND_NAMES

COOKIE: Final = "coopwerf_commenter"
PURPOSE: Final = "founding.commenter"
KNOWN_FOR: Final = dt.timedelta(days=180)
SHORTEST: Final = 4
"""Seconds: whoever sends a form sooner hasn't read what they wrote, or is a machine."""
LONGEST: Final = dt.timedelta(hours=48)
"""A page is kept for a day at most, and read for a while."""
_SALT: Final = "coopwerf.founding.talking"


class CommentForm(forms.Form):
    """Ask for a pseudonym, an address that nobody sees, and what somebody wants to say."""

    text = forms.CharField(
        label=_("What do you want to say?"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_COMMENT}),
        max_length=LONGEST_COMMENT,
        help_text=_("Everybody can read this. We read along, and take away only what hurts."),
    )
    pseudonym = forms.CharField(
        label=_("Pseudonym"),
        max_length=LONGEST_PSEUDONYM,
        help_text=_("Under this name your comment stands. It needn’t be your own."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("To confirm that it is you. It is never shown, and used for nothing that you don’t ask for."),
    )
    answers = forms.BooleanField(label=_("Mail me when somebody answers"), required=False)
    website = forms.CharField(label=_("Leave this empty"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    began = forms.CharField(widget=forms.HiddenInput, required=False)
    to = forms.UUIDField(widget=forms.HiddenInput, required=False)


class AnswerForm(forms.Form):
    """Ask one of those who write the report what they answer."""

    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_COMMENT}),
        max_length=LONGEST_COMMENT,
        help_text=_("It stands there at once, with your name."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.UUIDField(widget=forms.HiddenInput, required=False)


class MendForm(forms.Form):
    """Ask for a comment anew."""

    text = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_COMMENT}),
        max_length=LONGEST_COMMENT,
    )


class ObjectionForm(forms.Form):
    """Ask why a comment shouldn't stand there."""

    ground = forms.ChoiceField(label=_("Why?"), choices=list(GROUND_NAMES.items()), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Will you explain?"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        max_length=500,
        required=False,
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)


class DecisionForm(forms.Form):
    """Ask a moderator on which ground a comment isn't shown."""

    ground = forms.ChoiceField(choices=list(GROUND_NAMES.items()), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        max_length=500,
        required=False,
        help_text=_("Whoever wrote the comment reads it. Name nobody else."),
    )


def form_for(*, by_name: bool, key: str, to: uuid.UUID | None = None) -> forms.Form:
    """Return the form with which something is said: by name, or under a pseudonym."""
    initial: dict[str, Any] = {"key": key, "to": to or "", "began": stamp()}
    return AnswerForm(initial=initial) if by_name else CommentForm(initial=initial)


def stamp() -> str:
    """Return a sign of the moment at which a form was handed out."""
    return signing.TimestampSigner(salt=_SALT).sign("form")


def is_too_fast(began: str) -> bool:
    """Tell whether a form comes back sooner than somebody can write, or with a sign that isn't ours or is old."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        signer.unsign(began, max_age=LONGEST)
    except signing.BadSignature:
        return True
    try:
        signer.unsign(began, max_age=SHORTEST)
    except signing.SignatureExpired:
        return False
    return True


def proven(request: Request) -> uuid.UUID | None:
    """Return the contact whose address this browser has shown to be theirs, by a link in a mail."""
    token = request.COOKIES.get(COOKIE, "")
    return links.read(token, PURPOSE) if token else None


def remember(request: Request, response: HttpResponse, contact_id: uuid.UUID) -> None:
    """Let this browser show from now on that an address is theirs."""
    response.set_cookie(
        COOKIE,
        links.sign(contact_id, PURPOSE),
        max_age=KNOWN_FOR,
        path=f"/c/{request.coop.slug}/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
