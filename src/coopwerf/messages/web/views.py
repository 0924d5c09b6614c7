"""Pages of the messages package: the outbox for the administrator, letters on paper for the secretary."""

import uuid

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.documents import queries as documents
from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, administrator
from coopwerf.people import queries as people
from coopwerf.ui.fields import CountField, put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, policies, queries
from ..states import BLOCK_REASON_NAMES, STATE_NAMES, Channel, MailState

WHY = "mail that leaves the installation is its administrator’s care; without a mail server it is read here"
PER_PAGE = 50
SANDBOX = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [NONE], "sandbox": True}
"""What a mail may do that is shown by itself: nothing, with the styles that it brings."""
OVER = (MailState.WAITING, MailState.SENDING, MailState.DELIVERED, MailState.DROPPED)
"""States of a mail with which nobody can do anything."""


@administrator(WHY)
@require_GET
@never_cache
def outbox(request: Request) -> HttpResponse:
    """List the mails that left or wait, newest first."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    state = request.GET.get("state", "")
    state = state if state in {known.value for known in MailState} else ""
    page = Paginator(queries.outbox(text, state), PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.count_by_state()
    context = {
        "page": page,
        "lines": [queries.line(row) for row in page],
        "q": text,
        "state": state,
        "states": [(known.value, name, counts[known]) for known, name in STATE_NAMES.items()],
        "total": sum(counts.values()),
        "has_server": bool(settings.SMTP_URL),
        "in_doubt": counts[MailState.IN_DOUBT],
        "waits": MailState.IN_DOUBT.value,
    }
    return render(request, "messages/outbox.html", context)


def _mail(mail_id: uuid.UUID) -> queries.MailFacts:
    found = queries.mail(mail_id)
    if found is None:
        raise Http404
    return found


@administrator(WHY)
@require_GET
@never_cache
def mail(request: Request, mail_id: uuid.UUID) -> HttpResponse:
    """Show one mail as plain text, its links to be clicked."""
    found = _mail(mail_id)
    context = {
        "mail": found,
        "files": queries.files_of(mail_id),
        "state_name": STATE_NAMES[found.state],
        "is_over": found.state in OVER,
        "in_doubt": found.state is MailState.IN_DOUBT,
        "may_send_again": policies.may_send_again(request.actor, found, has_server=bool(settings.SMTP_URL)),
        "has_server": bool(settings.SMTP_URL),
    }
    return render(request, "messages/mail.html", context)


@administrator(WHY)
@require_GET
@never_cache
@csp(SANDBOX)  # type: ignore[arg-type]  # its types know no arguments of a view
def mail_html(request: Request, mail_id: uuid.UUID) -> HttpResponse:
    """Show the HTML of one mail by itself, in a sandbox: no scripts, no forms, nothing fetched, no origin."""
    found = _mail(mail_id)
    if not found.html:
        raise Http404
    return HttpResponse(found.html)


@administrator(WHY)
@require_POST
def delivered(request: Request, mail_id: uuid.UUID) -> HttpResponse:
    """Take a mail in doubt as delivered."""
    _mail(mail_id)
    actions.consider_delivered(actor=request.actor, now=clock.now(), mail_id=mail_id)
    return HttpResponseRedirect(reverse("messages:mail", args=[mail_id]))


class PaceForm(forms.Form):
    """Ask how many mails a minute may go to a domain."""

    domain = forms.CharField(label=gettext_lazy("Domain"), max_length=255)
    a_minute = CountField(label=gettext_lazy("Mails a minute"))


@administrator(WHY)
@require_http_methods(["GET", "POST"])
@never_cache
def reach(request: Request) -> HttpResponse:
    """Show which addresses can't be reached, and how fast mail goes to a domain; both can be changed."""
    form = PaceForm(request.POST if request.POST.get("do") == "pace" else None)
    if request.method == "POST":
        try:
            if _changed(request, form):
                return HttpResponseRedirect(reverse("messages:reach"))
        except Refused as refusal:
            put_refusal(form, refusal)
    lines = [(one, BLOCK_REASON_NAMES[one.blocked]) for one in queries.blocked_addresses() if one.blocked]
    return render(request, "messages/reach.html", {"form": form, "lines": lines, "paces": queries.paces()})


def _changed(request: Request, form: PaceForm) -> bool:
    """Do what a button asks, and tell whether it was done; raises Refused."""
    what, now = request.POST.get("do"), clock.now()
    if what == "pace" and form.is_valid():
        told = form.cleaned_data
        actions.set_pace(actor=request.actor, now=now, domain=told["domain"], a_minute=told["a_minute"])
    elif what == "lift":
        actions.set_pace(actor=request.actor, now=now, domain=request.POST.get("domain", ""), a_minute=None)
    elif what == "unblock":
        actions.unblock_address(actor=request.actor, now=now, address=request.POST.get("address", "")[:320])
    else:
        return False
    return True


@administrator(WHY)
@require_POST
def again(request: Request, mail_id: uuid.UUID) -> HttpResponse:
    """Send a mail again that was kept, refused or given up."""
    _mail(mail_id)
    actions.send_again(actor=request.actor, now=clock.now(), mail_id=mail_id)
    return HttpResponseRedirect(reverse("messages:mail", args=[mail_id]))


@require_GET
@never_cache
def letters(request: Request) -> HttpResponse:
    """List the letters of a co-operative, those to be printed first in sight."""
    on = clock.civil_date(clock.now())
    policies.may_see_letters(request.actor, request.coop.id, on).require()
    to_print = request.GET.get("show") != "all"
    found = queries.letters(request.coop.id, to_print=to_print)
    papers = documents.documents_with(
        request.coop.id,
        {one.document_id for one in found if one.document_id} | {each for one in found for each in one.enclosed},
    )
    names = people.particulars({one.party_id for one in found if one.party_id}, on)
    lines = [
        {
            "letter": one,
            "to": names[one.party_id].display if one.party_id in names else one.to,
            "on_paper": one.channel is Channel.PAPER,
            "mail_state": STATE_NAMES[one.mail_state] if one.mail_state else "",
            "paper": papers.get(one.document_id) if one.document_id else None,
            "enclosed": [papers[each] for each in one.enclosed if each in papers],
        }
        for one in found
    ]
    counts = queries.count_to_print_by_language(request.coop.id)
    files = [one for one in documents.documents_of_kind(request.coop.id, actions.PRINT_KIND) if one.is_ready]
    context = {
        "lines": lines,
        "to_print": to_print,
        "waiting": sum(counts.values()),
        "by_language": [(code, name, counts[code]) for code, name in LANGUAGE_NAMES.items() if code in counts],
        "print_file": files[0] if files and counts else None,
    }
    return render(request, "messages/letters.html", context)


@require_POST
def print_file(request: Request) -> HttpResponse:
    """Have the letters of one language put into one file; or note that those of a file are posted."""
    now = clock.now()
    if request.POST.get("do") == "posted":
        posted = _id_in(request.POST.get("file", ""))
        if posted is None or documents.document_or_none(request.coop.id, posted) is None:
            raise Http404
        actions.mark_file_printed(actor=request.actor, now=now, coop_id=request.coop.id, document_id=posted)
        return HttpResponseRedirect(reverse("messages:letters", args=[request.coop.slug]))
    language = request.POST.get("language", "")
    if language not in LANGUAGE_NAMES:
        raise Http404
    made = actions.ask_print_file(actor=request.actor, now=now, coop_id=request.coop.id, language=language)
    token = documents.document(request.coop.id, made).token
    return HttpResponseRedirect(reverse("documents:document", args=[request.coop.slug, token]))


def _id_in(text: str) -> uuid.UUID | None:
    """Return the id that a form names, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_POST
def printed(request: Request, letter_id: uuid.UUID) -> HttpResponse:
    """Note that a letter was printed."""
    actions.mark_printed(actor=request.actor, now=clock.now(), coop_id=request.coop.id, letter_id=letter_id)
    return HttpResponseRedirect(reverse("messages:letters", args=[request.coop.slug]))
