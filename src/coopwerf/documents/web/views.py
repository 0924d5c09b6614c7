"""Pages of the documents package: waiting for a document, and having it."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import sentence
from coopwerf.kernel.web import Request, signed_in
from coopwerf.ui import formats

from .. import actions, files, policies, queries

WHY = "who isn’t a member any more still gets their own documents; each document says who may have it"
ASK_EVERY = 3


def _theirs(request: Request, token: str) -> queries.DocumentFacts:
    """Return the document that this person may have; raises Http404 or Refused."""
    if request.coop is None:
        raise Http404
    found = queries.document_by_token(request.coop.id, token)
    if found is None:
        raise Http404
    policies.may_read(request.actor, found, clock.civil_date(clock.now())).require()
    return found


@signed_in(WHY)
@require_GET
@never_cache
def document(request: Request, token: str) -> HttpResponse:
    """Show how far a document is; while it is being made the page asks again by itself, without any script."""
    found = _theirs(request, token)
    context = {
        "document": found,
        "reason": sentence(found.reason) if found.reason else "",
        "how_big": formats.size(found.size, get_language() or "en") if found.size else "",
        "may_retry": policies.may_retry(request.actor, found, clock.civil_date(clock.now())),
    }
    response = render(request, f"documents/{found.state.value}.html", context)
    if found.state.value in ("asked", "making"):
        response["Refresh"] = str(ASK_EVERY)
    return response


@signed_in(WHY)
@require_GET
@never_cache
def download(request: Request, token: str) -> HttpResponseBase:
    """Hand over the file."""
    found = _theirs(request, token)
    if not found.is_ready:
        return HttpResponseRedirect(reverse("documents:document", args=[request.coop.slug, token]))
    try:
        opened = files.stream(found.file)
    except FileNotFoundError:
        return render(request, "documents/removed.html", {"document": found}, status=410)
    response = FileResponse(opened, as_attachment=True, filename=found.name, content_type=found.media_type)
    # A paper about somebody stays on this machine and on theirs, in no cache between.
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in(WHY)
@require_POST
def again(request: Request, token: str) -> HttpResponse:
    """Have a document that failed made once more."""
    found = _theirs(request, token)
    actions.ask_again(actor=request.actor, now=clock.now(), coop_id=found.coop_id, document_id=found.id)
    return HttpResponseRedirect(reverse("documents:document", args=[request.coop.slug, token]))
