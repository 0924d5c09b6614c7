"""Saying something below a report without an account, and what one can do with it afterwards."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more_here, visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.messages import addresses, links
from coopwerf.messages import queries as contacts
from coopwerf.people import queries as people
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions, policies, queries
from ..actions.comments import ground_of, purpose
from ..queries import CommentFacts, ReportFacts
from ..states import CommentState
from . import pages, talking
from .reading import open_report, shown_comment

TALK = "whoever reads a report may say something below it under a pseudonym, without an account"
OWN = "whoever wrote a comment confirms, mends and takes it back by the link in their mail; opening it changes nothing"
FROM_ONE_PLACE = 10
FOR_ONE_COOP = 300


@public(TALK)
@never_cache
@require_http_methods(["GET", "POST"])
def comment(request: Request, report: str) -> HttpResponse:
    """Take a comment: of an author by name and at once, of anybody else under a pseudonym."""
    speak(request)
    found = open_report(request, report)
    may = policies.may_comment(found)
    if not found.is_public:
        raise Http404
    now = clock.now()
    by_name = bool(policies.may_answer_by_name(request.actor, request.coop.id, found.id, clock.civil_date(now)))
    answered = _answered(request, found, request.POST.get("to") or request.GET.get("to") or "")
    form: forms.Form
    if request.method == "POST" and may:
        form = (talking.AnswerForm if by_name else talking.CommentForm)(request.POST)
        if form.is_valid():
            done = _take(request, found, form, by_name=by_name)
            if done is not None:
                return done
    else:
        form = talking.form_for(by_name=by_name, key=str(uuid.uuid4()), to=answered.id if answered else None)
    context = {
        "form": form,
        "by_name": by_name,
        "report": found,
        "title": found.words(pages.reader_language()).title,
        "back": pages.report_url(request.coop, found),
        "answered": _shown(answered) if answered else None,
        "may": may,
    }
    return render(request, "founding/comment.html", context)


def _answered(request: Request, report: ReportFacts, comment_id: str) -> CommentFacts | None:
    try:
        found = queries.comment(request.coop.id, uuid.UUID(comment_id))
    except ValueError:
        return None
    if found is None or found.report_id != report.id or found.state is not CommentState.SHOWN:
        return None
    return found


def _shown(comment: CommentFacts) -> dict[str, Any]:
    ids = [comment.party_id] if comment.party_id is not None else []
    called = people.particulars(ids, clock.civil_date(clock.now())) if ids else {}
    return shown_comment(comment, {party_id: one.spoken for party_id, one in called.items()})


def _take(request: Request, report: ReportFacts, form: forms.Form, *, by_name: bool) -> HttpResponse | None:
    """Keep what was said and lead on; None where it is refused, with the reason in the form."""
    told = form.cleaned_data
    onwards = redirect("founding:comment-sent", slug=request.coop.slug, report=report.slug)
    # A machine that fills in every field is told the same as a human being, and nothing is kept.
    if told.get("website"):
        return onwards
    act: dict[str, Any] = {
        "actor": request.actor,
        "now": clock.now(),
        "coop_id": request.coop.id,
        "report_id": report.id,
        "key": told["key"],
        "text": told["text"],
        "language": pages.reader_language(),
        "parent_id": told["to"],
    }
    try:
        if by_name:
            actions.answer_by_name(**act)
            messages.success(request, _("Your answer stands there."))
            return redirect(pages.report_url(request.coop, report) + "#comments")
        if talking.is_too_fast(told["began"]):
            # A form that was open since yesterday gets a new sign too.
            form.data = {**{name: form.data.get(name, "") for name in form.fields}, "began": talking.stamp()}
            raise Refused("founding.sent_fast")
        _not_too_often(request)
        proven_id = talking.proven(request)
        _no_flood(request, told["email"], proven_id)
        said = actions.say(
            **act,
            pseudonym=told["pseudonym"],
            email=told["email"],
            proven_id=proven_id,
            wants_answers=told["answers"],
        )
    except Refused as refusal:
        put_refusal(form, refusal, *_AT.get(refusal.code, ()))
        return None
    if said.state is CommentState.UNCONFIRMED or said.contact_id is None:
        return onwards
    token = links.sign(said.contact_id, purpose(said.comment_id))
    return redirect("founding:comment-own", slug=request.coop.slug, comment_id=said.comment_id, token=token)


_AT = {"messages.address_wrong": ("email",)}


def _not_too_often(request: Request) -> None:
    if not once_more_here(request, "founding.say", from_one_place=FROM_ONE_PLACE, in_all=FOR_ONE_COOP):
        raise Refused("founding.asked_often")


def _no_flood(request: Request, email: str, proven_id: uuid.UUID | None) -> None:
    """Refuse one more mail to an address of which this browser hasn't shown that it is theirs."""
    known = contacts.contact_by_email(request.coop.id, email)
    is_theirs = known is not None and known.id == proven_id
    if not is_theirs and not addresses.once_more_to(email, place=visitor(request)):
        raise Refused("founding.asked_often")


@public(TALK)
@require_GET
def sent(request: Request, report: str) -> HttpResponse:
    """Say that a mail is on its way; the same for everybody, whether a comment was kept or not."""
    speak(request)
    found = open_report(request, report)
    return render(
        request, "founding/comment_sent.html", {"report": found, "back": pages.report_url(request.coop, found)}
    )


@public(OWN)
@never_cache
@require_http_methods(["GET", "POST"])
def own(request: Request, comment_id: uuid.UUID, token: str) -> HttpResponse:
    """Show a comment to whoever wrote it: to confirm it by a button, to mend it for a while, to take it away."""
    speak(request)
    contact_id = links.read(token, purpose(comment_id))
    found = queries.comment(request.coop.id, comment_id) if contact_id is not None else None
    if contact_id is None or found is None or found.contact_id != contact_id:
        return render(request, "founding/comment_gone.html", status=404)
    report = queries.report_facts(request.coop.id, found.report_id)
    assert report is not None
    now = clock.now()
    act: dict[str, Any] = {
        "actor": request.actor,
        "now": now,
        "coop_id": request.coop.id,
        "comment_id": comment_id,
        "contact_id": contact_id,
    }
    do = request.POST.get("do", "")
    form = talking.MendForm(request.POST if do == "mend" else None, initial={"text": found.text})
    if request.method == "POST":
        try:
            if do == "confirm":
                actions.confirm_comment(**act)
            elif do in ("listen", "quiet"):
                actions.follow_answers(**act, wants=do == "listen")
                messages.success(
                    request,
                    _("You hear by mail what is answered.")
                    if do == "listen"
                    else _("You get no more mail about answers here."),
                )
            elif do == "away":
                actions.take_back_comment(**act)
                messages.success(request, _("Your comment is taken away."))
            elif do == "mend" and form.is_valid():
                actions.edit_comment(**act, text=form.cleaned_data["text"])
                messages.success(request, _("Your comment is mended."))
            if do != "mend" or form.is_valid():
                answer = redirect(request.path)
                if do == "confirm":
                    talking.remember(request, answer, contact_id)
                return answer
        except Refused as refusal:
            if refusal.path in form.fields:
                put_refusal(form, refusal)
            else:
                messages.error(request, refusal.message)
                return redirect(request.path)
    context = {
        "comment": found,
        "form": form,
        "report": report,
        "title": report.words(pages.reader_language()).title,
        "back": pages.report_url(request.coop, report),
        "state": found.state.value,
        "stops": "stop" in request.GET and found.wants_answers,
        "may_mend": found.state is not CommentState.UNCONFIRMED and bool(policies.may_mend(found, now)),
        "until": found.edit_until.astimezone(clock.CIVIL),
        "events": queries.events_of(request.coop.id, comment_id)[:1],
        "shown": shown_comment(found, {}),
    }
    return render(request, "founding/comment_own.html", context)


@public(TALK)
@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: Request, comment_id: uuid.UUID) -> HttpResponse:
    """Take from a reader why a comment shouldn't stand there."""
    speak(request)
    found = queries.comment(request.coop.id, comment_id)
    report = queries.report_facts(request.coop.id, found.report_id) if found is not None else None
    if found is None or report is None or not report.is_public or found.state is not CommentState.SHOWN:
        raise Http404
    back = pages.report_url(request.coop, report) + "#comments"
    form = talking.ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if not told["website"]:
                _not_too_often(request)
                actions.object_to_comment(
                    actor=request.actor,
                    now=clock.now(),
                    coop_id=request.coop.id,
                    comment_id=comment_id,
                    ground=ground_of(told["ground"]),
                    words=told["words"],
                )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Thank you. Whoever writes the report looks at it."))
            return redirect(back)
    context = {"form": form, "comment": _shown(found), "back": back}
    return render(request, "founding/comment_object.html", context)
