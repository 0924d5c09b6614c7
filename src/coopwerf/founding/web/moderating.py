"""Comments for those who write the reports: what waits, deciding, and the log."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, signed_in
from coopwerf.people import queries as people
from coopwerf.ui.paging import page_of

from .. import actions, policies, queries
from ..actions.comments import ground_of
from ..queries import CommentFacts, ReportFacts
from ..states import COMMENT_STATE_NAMES, GROUND_NAMES, CommentState
from . import pages
from .desk import WRITE, Desk
from .reading import shown_comment
from .talking import DecisionForm

A_PAGE = 100


@signed_in(WRITE)
@require_GET
def queue(request: Request) -> HttpResponse:
    """Show the comments that wait the longest: first ones, and those to which somebody objects."""
    desk = Desk(request)
    mine = {one.id: one for one in desk.reports()}
    chosen = None if desk.may_author else list(mine)
    # Whoever decides about these sees the next ones.
    held = queries.held_comments(desk.coop_id, chosen, most=A_PAGE)
    objections = queries.objections(desk.coop_id, chosen, most=A_PAGE)
    objected = queries.comments_with(desk.coop_id, {one.comment_id for one in objections})
    parties = sorted({one.party_id for one in objected.values() if one.party_id is not None})
    called = {one: facts.spoken for one, facts in people.particulars(parties, desk.today).items()} if parties else {}
    context = {
        "held": [_row(desk, one, mine) for one in held],
        "objected": [
            {
                **_row(desk, one, mine, called),
                "objections": [
                    {"ground": GROUND_NAMES[said.ground], "words": said.words, "day": pages.day(said.made_at)}
                    for said in objections
                    if said.comment_id == one.id
                ],
            }
            for one in objected.values()
        ],
        "may_author": desk.may_author,
    }
    return render(request, "founding/moderation.html", context)


def _row(
    desk: Desk,
    comment: CommentFacts,
    reports: Mapping[uuid.UUID, ReportFacts],
    names: Mapping[uuid.UUID, str] | None = None,
) -> dict[str, Any]:
    report = reports[comment.report_id]
    return {
        **shown_comment(comment, names or {}),
        "revision": comment.revision,
        "report": report.words(pages.reader_language()).title,
        "report_url": pages.report_url(desk.coop, report),
        "is_answer": comment.parent_id is not None,
    }


@signed_in(WRITE)
@require_http_methods(["GET", "POST"])
def decide(request: Request, comment_id: uuid.UUID) -> HttpResponse:
    """Show a comment with its log to who moderates it, and decide."""
    desk = Desk(request)
    found = queries.comment(desk.coop_id, comment_id)
    if found is None:
        desk.may_author.require()
        raise Http404
    policies.may_moderate(desk.actor, desk.coop_id, found.report_id, desk.today).require()
    report = queries.report_facts(desk.coop_id, found.report_id)
    assert report is not None
    if request.method == "POST":
        try:
            messages.success(request, _decided(desk, found))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("founding:moderate", slug=desk.coop.slug, comment_id=found.id)
        return redirect("founding:moderation", slug=desk.coop.slug)
    ids = [found.party_id] if found.party_id is not None else []
    called = {one: facts.spoken for one, facts in people.particulars(ids, desk.today).items()} if ids else {}
    context = {
        "comment": {**_row(desk, found, {report.id: report}, called), "id": found.id},
        "state": COMMENT_STATE_NAMES[found.state],
        "is_held": found.state is CommentState.HELD,
        "is_shown": found.state is CommentState.SHOWN,
        "is_unshown": found.state in (CommentState.HIDDEN, CommentState.REFUSED),
        "form": DecisionForm(),
        "events": _events(desk, queries.events_of(desk.coop_id, found.id)),
    }
    return render(request, "founding/moderate.html", context)


def _decided(desk: Desk, comment: CommentFacts) -> str:
    """Do what was pressed; return what to say."""
    post = desk.request.POST
    whose = {**desk.act, "comment_id": comment.id}
    words = post.get("words", "")
    match post.get("do", ""):
        case "approve":
            actions.approve_comment(**whose, revision=_number(post.get("revision", "")))
            return _("The comment is on the page. What its writer says from now on appears at once.")
        case "refuse":
            actions.refuse_comment(**whose, ground=ground_of(post.get("ground", "")), words=words)
            return _("The comment is not taken. Its writer is told why.")
        case "hide":
            actions.hide_comment(**whose, ground=ground_of(post.get("ground", "")), words=words)
            return _("The comment is hidden. Its writer is told why.")
        case "show":
            actions.show_again(**whose, words=words)
            return _("The comment is on the page again.")
        case "keep":
            actions.settle_objections(**whose, words=words)
            return _("The comment stays where it stands.")
    raise Refused("founding.comment_settled")


@signed_in(WRITE)
@require_GET
def log(request: Request) -> HttpResponse:
    """Show the log of moderation: who showed and hid what, when and why."""
    desk = Desk(request)
    desk.may_author.require()
    page = page_of(
        request,
        A_PAGE,
        queries.count_events(desk.coop_id),
        lambda first, limit: queries.log_of(desk.coop_id, first=first, limit=limit),
    )
    return render(request, "founding/moderation_log.html", {"events": _events(desk, list(page)), "page": page})


def _events(desk: Desk, events: Sequence[queries.EventFacts]) -> list[dict[str, Any]]:
    ids = sorted({one.by for one in events if one.by is not None})
    called = people.particulars(ids, desk.today) if ids else {}
    comments = queries.comments_with(desk.coop_id, {one.comment_id for one in events})
    return [
        {
            "state": COMMENT_STATE_NAMES[one.state],
            "ground": GROUND_NAMES[one.ground] if one.ground is not None else "",
            "words": one.words,
            "by": called[one.by].spoken if one.by in called else "",
            "at": one.at.astimezone(clock.CIVIL),
            "comment_id": one.comment_id,
            "text": comments[one.comment_id].text[:120],
            "name": comments[one.comment_id].pseudonym,
        }
        for one in events
    ]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
