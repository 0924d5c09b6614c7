"""Tokens for programs: made after a fresh code by mail, shown once, taken back with a button."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import put_refusal

from .. import actions
from .entrance import freshly
from .forms import TokenForm
from .security import MINE, tabs

LAST = "people.token_form"
USUAL_DAYS = 90


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def make(request: Request) -> HttpResponse:
    """Make a token, and show it this once: it is kept nowhere, so the same form sent again only says that."""
    now = clock.now()
    usual = {"expires_on": clock.civil_date(now) + dt.timedelta(days=USUAL_DAYS), "once": uuid.uuid4()}
    form = TokenForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        once = str(form.cleaned_data.pop("once"))
        if request.session.get(LAST) == once:
            messages.info(request, _("This token was made already. If you didn’t keep it, take it back here."))
            return redirect("people:signing-in")
        try:
            made = actions.make_token(actor=request.actor, now=now, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            request.session[LAST] = once
            context = {"tabs": tabs(), "secret": made.secret, "host": settings.BASE_URL, **form.cleaned_data}
            return render(request, "people/me/token.html", context)
    return render(request, "people/me/make_token.html", {"tabs": tabs(), "form": form})


@signed_in(MINE)
@require_POST
def revoke(request: Request, token_id: uuid.UUID) -> HttpResponse:
    """Take a token back: the program that has it is out at its next request."""
    try:
        actions.revoke_token(actor=request.actor, now=clock.now(), token_id=token_id)
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("The token is taken back. The program that has it is out."))
    return redirect("people:signing-in")
