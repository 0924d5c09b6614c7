"""Signing in by a mail, and signing out."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public, signed_in
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.web.errors import too_often

from .. import actions, queries
from ..states import SignInWay, TicketPurpose, clean_email
from .entrance import (
    ASKED,
    CHALLENGE,
    DAY,
    QUARTER,
    SECOND,
    enter,
    go_on,
    json_of,
    limited,
    may_try,
    safe_path,
    too_many,
)
from .forms import CodeForm, FirstForm, PasskeyForm, SecondStepForm, SignInForm

# A hall full of people comes from one connection.
MAILS_PER_VISITOR = 150
# Somebody who asks again and again for another's address soon stops, and the other can still ask.
MAILS_PER_ADDRESS, MAILS_PER_ADDRESS_AND_DAY, MAILS_PER_ADDRESS_IN_ALL = 5, 20, 60
SECOND_TRIES, SECOND_MINUTES = 5, 10


def _may_ask(request: Request, address: str) -> bool:
    pair = f"{address} {visitor(request)}"
    return (
        once_more("sign-in mails from", visitor(request), most=MAILS_PER_VISITOR, seconds=QUARTER)
        and once_more("sign-in mails to", pair, most=MAILS_PER_ADDRESS, seconds=QUARTER)
        and once_more("sign-in mails to, a day", pair, most=MAILS_PER_ADDRESS_AND_DAY, seconds=DAY)
        and once_more("sign-in mails in all", address, most=MAILS_PER_ADDRESS_IN_ALL, seconds=DAY)
    )


@public("here everybody comes in; it never says whether an address is known")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for an address and mail a code and a link to it."""
    here = safe_path(request.POST.get("next", "") or request.GET.get("next", ""))
    if request.actor.is_person:
        return redirect(here or "people:me")
    form = SignInForm(request.POST or None, initial={"next": here})
    if request.method == "POST" and form.is_valid():
        try:
            address = clean_email(form.cleaned_data["email"])
            if not _may_ask(request, address):
                form.add_error(None, too_many())
                return limited(render(request, "people/signin/sign_in.html", {"form": form, "refused": ""}))
            ticket_id = actions.ask_to_sign_in(
                actor=request.actor,
                now=clock.now(),
                email=address,
                language=get_language() or "en",
                next_path=here,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            request.session[ASKED] = {"ticket": str(ticket_id), "email": address, "next": here}
            return redirect("people:code")
    return render(request, "people/signin/sign_in.html", {"form": form, "refused": ""})


@public("whoever asked for a mail types its code here")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Ask for the code of the mail, in the browser that asked for it."""
    asked = request.session.get(ASKED)
    if request.actor.is_person or not asked:
        return redirect("people:me" if request.actor.is_person else "people:sign-in")
    now = clock.now()
    form = CodeForm(request.POST or None)
    context = {
        "form": form,
        "email": asked["email"],
        "next": asked["next"],
        "has_mail_server": bool(settings.SMTP_URL),
        "is_gone": False,
    }
    ticket_id = uuid.UUID(asked["ticket"])
    if request.method == "POST" and not may_try(request):
        form.add_error(None, too_many())
        return limited(render(request, "people/signin/code.html", context))
    if request.method == "POST" and form.is_valid():
        try:
            proven = actions.try_code(actor=request.actor, now=now, ticket_id=ticket_id, code=form.cleaned_data["code"])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            if proven is not None:
                return go_on(request, proven, SignInWay.CODE, now=now)
            form.add_error("code", wrong_code(ticket_id, now))
    context["is_gone"] = queries.ticket(ticket_id, now) is None
    return render(request, "people/signin/code.html", context)


def wrong_code(ticket_id: uuid.UUID, now: dt.datetime) -> str:
    """Say that a code is wrong, and how many attempts are left."""
    ticket = queries.ticket(ticket_id, now)
    if ticket is None:
        return _("This code is wrong, and it was the last attempt. Ask for a new mail.")
    left = ticket.attempts_left
    text = ngettext(
        "This code is wrong. Look again: the newest mail counts. One attempt is left.",
        "This code is wrong. Look again: the newest mail counts. %(left)s attempts are left.",
        left,
    )
    return text % {"left": left}


@public("whoever was mailed the link may use it; opening it uses nothing up")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, token: str) -> HttpResponse:
    """Show who would sign in; only the button does it, so that a link scanner uses nothing up."""
    if not may_try(request):
        return too_often(request, QUARTER)
    now = clock.now()
    ticket = queries.ticket_by_token(token, TicketPurpose.SIGN_IN, now)
    if request.method == "POST":
        try:
            proven = actions.use_link(actor=request.actor, now=now, token=token)
        except Refused:
            ticket = None
        else:
            return go_on(request, proven, SignInWay.LINK, now=now)
    if ticket is None or ticket.account_id is None:
        return render(request, "people/signin/gone.html", {"text": ""}, status=410)
    return render(request, "people/signin/link.html", {"email": ticket.email, "until": ticket.expires_at})


@public("whoever read the mail, and set up a second step, takes it here")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: Request) -> HttpResponse:
    """Ask for a code of the app, or a recovery code."""
    now = clock.now()
    pending = request.session.get(SECOND)
    if request.actor.is_person or not pending or now.timestamp() - pending["at"] > SECOND_MINUTES * 60:
        request.session.pop(SECOND, None)
        return redirect("people:me" if request.actor.is_person else "people:sign-in")
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account_id = uuid.UUID(pending["account"])
        if not (may_try(request) and once_more("second step", str(account_id), most=SECOND_TRIES, seconds=QUARTER)):
            form.add_error(None, too_many())
            return limited(render(request, "people/signin/second.html", {"form": form}))
        if actions.try_second_step(actor=request.actor, now=now, account_id=account_id, code=form.cleaned_data["code"]):
            return enter(request, account_id, SignInWay(pending["way"]), now=now, next_path=pending["next"])
        form.add_error("code", _("This code is wrong, or it was used already. Take the newest one of your app."))
    return render(request, "people/signin/second.html", {"form": form})


@public("a passkey signs its owner in; the challenge tells nothing")
@never_cache
@require_POST
def passkey_options(request: Request) -> HttpResponse:
    """Give a browser the challenge that it has one of its passkeys sign."""
    if not may_try(request):
        return limited(HttpResponse())
    options, request.session[CHALLENGE] = queries.request_options()
    return HttpResponse(options, content_type="application/json")


@public("a passkey signs its owner in")
@never_cache
@require_POST
def passkey(request: Request) -> HttpResponse:
    """Sign in whoever holds the passkey that signed our challenge."""
    here = safe_path(request.POST.get("next", ""))
    form = SignInForm(initial={"next": here})
    if not may_try(request):
        answer = render(request, "people/signin/sign_in.html", {"form": form, "refused": too_many()})
        return limited(answer)
    now = clock.now()
    given = PasskeyForm(request.POST)
    credential = json_of(given.cleaned_data["credential"]) if given.is_valid() else None
    try:
        proven = actions.use_passkey(
            actor=request.actor, now=now, state=request.session.pop(CHALLENGE, {}), credential=credential or {}
        )
    except Refused as refusal:
        return render(request, "people/signin/sign_in.html", {"form": form, "refused": refusal.message})
    return enter(request, proven.account_id, SignInWay.PASSKEY, now=now, next_path=here)


@public("whoever has the machine opens the link that it printed, as long as there is no administrator")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: Request, token: str) -> HttpResponse:
    """Ask who the first administrator is, and sign that person in."""
    if not may_try(request):
        return too_often(request, QUARTER)
    now = clock.now()
    if queries.ticket_by_token(token, TicketPurpose.FIRST_ADMINISTRATOR, now) is None:
        context = {"text": "", "is_first": not queries.has_administrator()}
        return render(request, "people/signin/first_gone.html", context, status=410)
    form = FirstForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            account_id = actions.first_administrator(actor=request.actor, now=now, token=token, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return enter(request, account_id, SignInWay.FIRST_LINK, now=now, next_path=reverse("site:hub"))
    return render(request, "people/signin/first.html", {"form": form})


@signed_in("everybody who came in may leave")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: Request) -> HttpResponse:
    """End this session; opening the address only asks."""
    if request.method != "POST":
        return render(
            request,
            "ui/confirm.html",
            {
                "title": _("Sign out?"),
                "text": _("On this device you will have to sign in again. Nothing else changes."),
                "act": _("Sign out"),
                "look": "",
                "back": reverse("people:me"),
            },
        )
    actions.close_session(actor=request.actor, now=clock.now(), session_key=str(request.session.session_key))
    logout(request)
    messages.success(request, _("You are signed out."))
    return HttpResponseRedirect("/")
