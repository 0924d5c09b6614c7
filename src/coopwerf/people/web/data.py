"""Somebody's own data: seen, mended, downloaded, erased; of oneself, or of whom one acts for."""

import dataclasses
import datetime as dt
import tempfile
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, policies, queries
from ..states import LINK_DAYS, LINK_SALT, WAITING, Particulars, PartyKind
from .forms import AddressForm, ContactForm, NameForm, OrganisationNameForm, SureForm

WHY = "everybody sees, mends, downloads and erases their own data, and those of whom they act for"


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """Say whose data a page is about: of the reader, or of whom the reader acts for just now."""

    id: uuid.UUID
    known: Particulars
    is_own: bool
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """Return the date of the request."""
        return clock.civil_date(self.now)


def subject_of(request: Request) -> Subject:
    """Return whose data a request is about."""
    actor, now = request.actor, clock.now()
    assert actor.party_id is not None
    party_id = actor.acting_for or actor.party_id
    known = queries.particulars_of(party_id, clock.civil_date(now))
    return Subject(party_id, known, party_id == actor.party_id, now)


def _page(request: Request, template: str, subject: Subject, **context: Any) -> HttpResponse:
    common = {"tabs": queries.account_tabs("data"), "subject": subject}
    return render(request, f"people/data/{template}.html", {**common, **context})


@signed_in(WHY)
@require_GET
@never_cache
def data(request: Request) -> HttpResponse:
    """Show what is known about somebody, and what they can do with it."""
    subject = subject_of(request)
    return _page(
        request,
        "data",
        subject,
        contact=queries.contact_of(subject.id),
        languages=LANGUAGE_NAMES,
        names=queries.names_of(subject.id),
        addresses=queries.addresses_of(subject.id),
        asked=queries.asked_erasure(subject.id),
        may_download=policies.may_download(request.actor, subject.id, subject.now),
        is_organisation=subject.known.kind is PartyKind.ORGANISATION,
    )


@signed_in(WHY)
@require_POST
@never_cache
def download(request: Request) -> HttpResponseBase:
    """Hand over everything that is stored about somebody, as a ZIP."""
    subject = subject_of(request)
    try:
        actions.record_download(actor=request.actor, now=subject.now, party_id=subject.id)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("people:data")
    # On the disk, not in memory: it may be large. It has no name, so nothing of it is left when it was sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    queries.write_archive(subject.id, file, now=subject.now, language=get_language() or "en")
    file.seek(0)
    name = f"coopwerf-{subject.today.isoformat()}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _change(
    request: Request, template: str, subject: Subject, form: forms.Form, act: Callable[..., object], said: str
) -> HttpResponse:
    """Show a form, or do what it asks and say so: what is refused stands beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=request.actor, now=subject.now, party_id=subject.id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, said)
            return redirect("people:data")
    return _page(request, template, subject, form=form)


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def change_name(request: Request) -> HttpResponse:
    """Write down under which name somebody is known, from a date on."""
    subject = subject_of(request)
    known = subject.known.name
    shape = NameForm if subject.known.kind is PartyKind.PERSON else OrganisationNameForm
    initial = dataclasses.asdict(known) if known else {}
    form = shape(request.POST or None, initial={**initial, "valid_from": subject.today})
    said = _("The name is written down. The registers follow; what stood there before stays.")
    return _change(request, "name", subject, form, actions.change_name, said)


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def change_address(request: Request) -> HttpResponse:
    """Write down where somebody lives or has their seat, from a date on."""
    subject = subject_of(request)
    initial = subject.known.address.as_record() if subject.known.address else {"country": "BE"}
    form = AddressForm(request.POST or None, initial={**initial, "valid_from": subject.today})
    said = _("The address is written down. The registers follow; what stood there before stays.")
    return _change(request, "address", subject, form, actions.change_address, said)


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
def change_contact(request: Request) -> HttpResponse:
    """Change how somebody is reached, and in which language they read."""
    subject = subject_of(request)
    contact = queries.contact_of(subject.id)
    form = ContactForm(request.POST or None, initial=dataclasses.asdict(contact))

    def act(*, email: str, phone: str, language: str, **whose: Any) -> None:
        actions.change_contact(**whose, email=email, phone=phone)
        if language != contact.language:
            actions.change_language(**whose, language=language)

    return _change(request, "contact", subject, form, act, _("This is how we reach you from now on."))


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
@never_cache
def erase(request: Request) -> HttpResponse:
    """Say what an erasure takes away and what stays, and mail the link to confirm it."""
    subject = subject_of(request)
    verdict = policies.may_erase(request.actor, subject.id, subject.today)
    asked = queries.asked_erasure(subject.id)
    if request.method == "POST":
        try:
            actions.ask_erasure(actor=request.actor, now=subject.now, party_id=subject.id)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Nothing is erased yet: open the link in the mail that we sent you now."))
        return redirect("people:data")
    return _page(
        request,
        "erase",
        subject,
        verdict=verdict,
        asked=asked,
        notice=queries.notice_of(subject.id, subject.today),
        days=WAITING.days,
    )


@signed_in(WHY)
@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: Request, token: str) -> HttpResponse:
    """Confirm the erasure whose link was mailed; opening the link changes nothing."""
    now = clock.now()
    asked = _asked_by(token, now)
    if asked is None or asked.party_id not in request.actor.parties:
        return render(request, "people/data/gone.html", status=404)
    if asked.due_at is not None:
        return redirect("people:data")
    today = clock.civil_date(now)
    verdict = policies.may_erase(request.actor, asked.party_id, today)
    form = SureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_erasure(actor=request.actor, now=now, request_id=asked.id)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Confirmed. Until the day of the erasure you can take it back here."))
        return redirect("people:data")
    known = queries.particulars_of(asked.party_id, today)
    subject = Subject(asked.party_id, known, asked.party_id == request.actor.party_id, now)
    return _page(
        request,
        "confirm",
        subject,
        form=form,
        verdict=verdict,
        notice=queries.notice_of(asked.party_id, today),
        due_on=clock.civil_date(now + WAITING),
    )


def _asked_by(token: str, now: dt.datetime) -> queries.Asked | None:
    """Return the open request that a mailed link is about; None when it is too old, another one, or made up."""
    try:
        told, sent = signing.loads(token, salt=LINK_SALT)
        request_id, sent_at = uuid.UUID(told), dt.datetime.fromisoformat(sent)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if now - sent_at > dt.timedelta(days=LINK_DAYS):
        return None
    return queries.asked_erasure_by_id(request_id)


@signed_in(WHY)
@require_POST
def withdraw(request: Request) -> HttpResponseRedirect:
    """Take an erasure back."""
    subject = subject_of(request)
    try:
        actions.withdraw_erasure(actor=request.actor, now=subject.now, party_id=subject.id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken back: nothing is erased."))
    return redirect("people:data")
