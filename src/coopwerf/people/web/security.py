"""How somebody signs in: address, passkeys, second step, sessions; each change after a fresh code by mail."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public, signed_in
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.web.errors import too_often

from .. import actions, queries
from ..states import DEVICE_NAMES, TicketPurpose, clean_email
from .entrance import (
    CHALLENGE,
    FRESH,
    QUARTER,
    freshly,
    is_fresh,
    json_of,
    limited,
    may_try,
    safe_path,
    too_many,
)
from .forms import AddPasskeyForm, AddSecondStepForm, CodeForm, EmailForm, PasskeyNameForm
from .signing_in import wrong_code

MINE = "everybody sees and keeps their own account"
CONFIRMING, NEW_ADDRESS, SECRET = "people.confirming", "people.new_address", "people.totp"
MAILS_PER_ACCOUNT = 6


def me_of(request: Request) -> uuid.UUID:
    """Return the account of whoever has signed in."""
    assert request.actor.account_id is not None
    return request.actor.account_id


def tabs() -> list[dict[str, str | bool]]:
    """Return the tabs of these pages."""
    return queries.account_tabs("signing-in")


@signed_in(MINE)
@never_cache
@require_GET
def signing_in(request: Request) -> HttpResponse:
    """Show with what somebody signs in, and where they have."""
    me, now = me_of(request), clock.now()
    assert request.actor.party_id is not None
    account = queries.account_of(request.actor.party_id)
    sessions = queries.sessions_of(me, here=str(request.session.session_key), now=now)
    context = {
        "tabs": tabs(),
        "address": account.email if account else "",
        "passkeys": queries.passkeys_of(me),
        "second_step": queries.second_step_of(me),
        "sessions": [{"facts": one, "device": DEVICE_NAMES[one.device.kind]} for one in sessions],
        "others": sum(not one.is_here for one in sessions),
        "tokens": tokens_shown(me, clock.civil_date(now)),
    }
    return render(request, "people/me/signing_in.html", context)


def tokens_shown(account_id: uuid.UUID, on: dt.date) -> list[dict[str, Any]]:
    """Return somebody's tokens for programs, those that still open something first."""
    found = [{"facts": one, "is_valid": one.is_valid(on)} for one in queries.tokens_of(account_id)]
    return sorted(found, key=lambda one: not one["is_valid"])


# Showing again who one is


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask for a code by mail before something about signing in changes, and lead on."""
    there = safe_path(request.POST.get("next", "") or request.GET.get("next", "")) or reverse("people:signing-in")
    if is_fresh(request):
        return redirect(there)
    now = clock.now()
    asked = request.session.get(CONFIRMING)
    form = CodeForm(request.POST if "code" in request.POST else None)
    assert request.actor.party_id is not None
    account = queries.account_of(request.actor.party_id)
    context = {
        "tabs": tabs(),
        "form": form,
        "next": there,
        "is_asked": bool(asked),
        "address": account.email if account else "",
        "refused": "",
    }
    if request.method != "POST":
        return render(request, "people/me/confirm.html", context)
    if "code" not in request.POST:
        if not _may_mail(request):
            return limited(render(request, "people/me/confirm.html", context | {"refused": too_many()}))
        request.session[CONFIRMING] = str(actions.ask_to_confirm(actor=request.actor, now=now))
        return redirect(f"{reverse('people:confirm')}?{urlencode({'next': there})}")
    if not may_try(request):
        return limited(render(request, "people/me/confirm.html", context | {"refused": too_many()}))
    if asked and form.is_valid():
        proven = _proven(request, form, uuid.UUID(asked), TicketPurpose.STEP_UP, now)
        if proven is not None and proven.account_id == me_of(request):
            del request.session[CONFIRMING]
            request.session[FRESH] = now.timestamp()
            return redirect(there)
        context["is_asked"] = queries.ticket(uuid.UUID(asked), now) is not None
    return render(request, "people/me/confirm.html", context)


def _may_mail(request: Request) -> bool:
    return once_more("mails for an account", str(me_of(request)), most=MAILS_PER_ACCOUNT, seconds=QUARTER)


def _proven(
    request: Request, form: CodeForm, ticket_id: uuid.UUID, purpose: TicketPurpose, now: dt.datetime
) -> actions.Proven | None:
    """Try a code; where it is wrong, say so beside its field and return None."""
    try:
        proven = actions.try_code(
            actor=request.actor, now=now, ticket_id=ticket_id, code=form.cleaned_data["code"], purpose=purpose
        )
    except Refused as refusal:
        put_refusal(form, refusal)
        return None
    if proven is None:
        form.add_error("code", wrong_code(ticket_id, now))
    return proven


# Another address


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def email(request: Request) -> HttpResponse:
    """Ask for another address to sign in with, and mail a code to it."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = clean_email(form.cleaned_data["email"])
        is_limited = not (_may_mail(request) and once_more("new address", address, most=3, seconds=QUARTER))
        if is_limited:
            form.add_error(None, too_many())
            return limited(render(request, "people/me/email.html", {"tabs": tabs(), "form": form}))
        try:
            ticket_id = actions.ask_for_new_email(actor=request.actor, now=clock.now(), email=address)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            request.session[NEW_ADDRESS] = {"ticket": str(ticket_id), "email": address}
            return redirect("people:email-code")
    return render(request, "people/me/email.html", {"tabs": tabs(), "form": form})


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_code(request: Request) -> HttpResponse:
    """Ask for the code that was mailed to the new address."""
    asked = request.session.get(NEW_ADDRESS)
    if not asked:
        return redirect("people:email")
    now = clock.now()
    form = CodeForm(request.POST or None)
    context = {"tabs": tabs(), "form": form, "email": asked["email"]}
    if request.method == "POST" and not may_try(request):
        form.add_error(None, too_many())
        return limited(render(request, "people/me/email_code.html", context))
    if request.method == "POST" and form.is_valid():
        proven = _proven(request, form, uuid.UUID(asked["ticket"]), TicketPurpose.NEW_EMAIL, now)
        if proven is not None and proven.account_id == me_of(request):
            del request.session[NEW_ADDRESS]
            try:
                actions.change_email(actor=request.actor, now=now, account_id=me_of(request), email=proven.email)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                _say_changed(request, proven.email)
            return redirect("people:signing-in")
    return render(request, "people/me/email_code.html", context)


@public("whoever reads the mail of a new address proves it with its link; opening it uses nothing up")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: Request, token: str) -> HttpResponse:
    """Show which address would be used from now on; only the button does it."""
    if not may_try(request):
        return too_often(request, QUARTER)
    now = clock.now()
    ticket = queries.ticket_by_token(token, TicketPurpose.NEW_EMAIL, now)
    if ticket is None or ticket.account_id is None:
        return render(request, "people/signin/gone.html", {"text": ""}, status=410)
    if request.method != "POST":
        return render(request, "people/signin/new_address.html", {"email": ticket.email})
    try:
        proven = actions.use_link(actor=request.actor, now=now, token=token, purpose=TicketPurpose.NEW_EMAIL)
        # Whoever asked had signed in and confirmed; whoever opens the link shows to read the new address.
        owner = queries.actor_of(proven.account_id, on=clock.civil_date(now))
        actions.change_email(actor=owner, now=now, account_id=proven.account_id, email=proven.email)
    except Refused as refusal:
        return render(request, "people/signin/gone.html", {"text": refusal.message}, status=410)
    _say_changed(request, proven.email)
    return redirect("people:signing-in" if request.actor.is_person else "people:sign-in")


def _say_changed(request: Request, address: str) -> None:
    messages.success(request, _("From now on you sign in with %(email)s.") % {"email": address})


# Passkeys


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def add_passkey(request: Request) -> HttpResponse:
    """Have the browser make a passkey, and keep it under a name."""
    form = AddPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_passkey(
                actor=request.actor,
                now=clock.now(),
                name=form.cleaned_data["name"],
                state=request.session.pop(CHALLENGE, {}),
                credential=json_of(form.cleaned_data["credential"]) or {},
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The passkey is there. Next time you need no mail on this device."))
            return redirect("people:signing-in")
    return render(request, "people/me/add_passkey.html", {"tabs": tabs(), "form": form})


@signed_in(MINE)
@never_cache
@require_POST
@freshly
def new_passkey_options(request: Request) -> HttpResponse:
    """Give a browser the challenge for which it makes a passkey."""
    options, request.session[CHALLENGE] = queries.creation_options(me_of(request))
    return HttpResponse(options, content_type="application/json")


def _my_passkey(request: Request, passkey_id: int) -> queries.Passkey:
    found = next((one for one in queries.passkeys_of(me_of(request)) if one.id == passkey_id), None)
    if found is None:
        raise Http404
    return found


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rename_passkey(request: Request, passkey_id: int) -> HttpResponse:
    """Give a passkey another name."""
    known = _my_passkey(request, passkey_id)
    form = PasskeyNameForm(request.POST or None, initial={"name": known.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_passkey(actor=request.actor, now=clock.now(), passkey_id=passkey_id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:signing-in")
    return render(request, "people/me/rename_passkey.html", {"tabs": tabs(), "form": form})


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def remove_passkey(request: Request, passkey_id: int) -> HttpResponse:
    """Ask before a passkey is removed, then remove it."""
    known = _my_passkey(request, passkey_id)
    if request.method == "POST":
        actions.remove_passkey(actor=request.actor, now=clock.now(), passkey_id=passkey_id)
        messages.success(request, _("The passkey signs nobody in any more."))
        return redirect("people:signing-in")
    text = _("“%(name)s” signs nobody in any more. You can delete it on the device itself too.") % {"name": known.name}
    return _question(request, _("Remove this passkey?"), text, _("Remove it"), look="danger")


def _question(request: Request, title: str, text: str, act: str, *, look: str = "") -> HttpResponse:
    context = {"title": title, "text": text, "act": act, "look": look, "back": reverse("people:signing-in")}
    return render(request, "ui/confirm.html", context)


# The second step


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def add_second_step(request: Request) -> HttpResponse:
    """Show a secret to an app, and ask for the code that the app makes of it."""
    me = me_of(request)
    if queries.has_second_step(me):
        return redirect("people:signing-in")
    secret = request.session.setdefault(SECRET, queries.new_totp_secret())
    form = AddSecondStepForm(request.POST or None)
    if request.method == "POST" and not once_more("second step", str(me), most=10, seconds=QUARTER):
        form.add_error(None, too_many())
        return limited(render(request, "people/me/add_second_step.html", _app(request, form, secret)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_second_step(actor=request.actor, now=clock.now(), secret=secret, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            del request.session[SECRET]
            messages.success(request, _("The second step is there. Keep the recovery codes before you go on."))
            return redirect("people:recovery-codes")
    return render(request, "people/me/add_second_step.html", _app(request, form, secret))


def _app(request: Request, form: AddSecondStepForm, secret: str) -> dict[str, Any]:
    assert request.actor.party_id is not None
    account = queries.account_of(request.actor.party_id)
    label = quote(f"Coopwerf:{account.email if account else ''}")
    url = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Coopwerf'})}"
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"tabs": tabs(), "form": form, "url": url, "secret": groups, "host": settings.BASE_URL}


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def recovery_codes(request: Request) -> HttpResponse:
    """Show the recovery codes that are left, and make new ones."""
    me = me_of(request)
    if not queries.has_second_step(me):
        return redirect("people:signing-in")
    if request.method == "POST":
        actions.renew_recovery_codes(actor=request.actor, now=clock.now())
        messages.success(request, _("These codes are new; the earlier ones stopped working."))
        return redirect("people:recovery-codes")
    return render(request, "people/me/recovery_codes.html", {"tabs": tabs(), "codes": queries.recovery_codes_of(me)})


@signed_in(MINE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly
def remove_second_step(request: Request) -> HttpResponse:
    """Ask before the second step is removed, then remove it."""
    if not queries.has_second_step(me_of(request)):
        return redirect("people:signing-in")
    if request.method == "POST":
        actions.remove_second_step(actor=request.actor, now=clock.now())
        messages.success(request, _("The second step is gone: the mail alone is enough again."))
        return redirect("people:signing-in")
    text = _("Then whoever reads your mail can sign in as you. The recovery codes go too.")
    return _question(request, _("Remove the second step?"), text, _("Remove it"), look="danger")


# Sessions


@signed_in(MINE)
@require_POST
def end_session(request: Request, session_id: int) -> HttpResponse:
    """End one session; that browser is out at its next request."""
    try:
        actions.end_session(actor=request.actor, now=clock.now(), session_id=session_id)
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("That device is signed out."))
    return redirect("people:signing-in")


@signed_in(MINE)
@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """End all sessions but this one."""
    ended = actions.end_other_sessions(actor=request.actor, now=clock.now(), keep=str(request.session.session_key))
    text = ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", ended)
    messages.success(request, text % {"count": ended})
    return redirect("people:signing-in")
