"""Coming in: what every way of signing in ends with."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from coopwerf.kernel.limits import rough_network
from coopwerf.kernel.web import Request

from .. import actions
from ..states import SignInWay

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ASKED = "people.asked"
FRESH = "people.fresh"


def safe_path(text: str) -> str:
    """Return an address of this installation to go to, or the empty string for anything else."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours and len(text) <= 500 else ""


def enter(
    request: Request, account_id: uuid.UUID, way: SignInWay, *, now: dt.datetime, next_path: str = ""
) -> HttpResponse:
    """Sign somebody in with a new session, and lead them where they were going."""
    account = get_user_model().objects.select_related("party").get(pk=account_id)
    login(request, account, backend=BACKEND)
    # The key is new from here on: whoever knew the visitor's one has nothing.
    if request.session.session_key is None:
        request.session.save()
    request.session.pop(ASKED, None)
    request.session[FRESH] = now.timestamp()
    actions.open_session(
        actor=request.actor,
        now=now,
        account_id=account_id,
        session_key=str(request.session.session_key),
        way=way,
        network=rough_network(request),
        device=request.headers.get("User-Agent", ""),
    )
    with translation.override(account.party.language):
        messages.success(request, _("You are signed in."))
    return HttpResponseRedirect(safe_path(next_path) or resolve_url("people:me"))
