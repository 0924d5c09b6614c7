"""Gatherings for who organises them: the list, one of them with what it lacks, planning, texts, moving, calling off."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.messages import policies as letters
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.paging import page_of

from .. import actions, policies, queries, words
from ..queries import GatheringFacts
from ..states import FORMAT_NAMES, GATHERING_STATE_NAMES, KIND_NAMES, GatheringState, GatheringWords
from .forms import DraftForm, MoveForm, PlanForm, SessionForm, TextsForm
from .public import A_PAGE, page_url, told

LOOKS = {GatheringState.ANNOUNCED: "good", GatheringState.DRAFT: "building", GatheringState.CANCELLED: "danger"}


class Organiser:
    """The gatherings of a request's co-operative, now; raises Refused for who may not organise them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.coop_id: uuid.UUID = request.coop.id
        self.actor = request.actor
        self.now = clock.now()
        policies.may_manage(self.actor, self.coop_id, clock.civil_date(self.now)).require()

    @property
    def whose(self) -> dict[str, Any]:
        """Return what every act needs."""
        return {"actor": self.actor, "now": self.now, "coop_id": self.coop_id}

    def gathering(self, slug: str) -> GatheringFacts:
        """Return the gathering of a page; raises Http404."""
        found = queries.gathering_by_slug(self.coop_id, slug)
        if found is None:
            raise Http404
        return found

    def back(self, found: GatheringFacts) -> HttpResponse:
        """Lead to the page of a gathering for organisers."""
        return redirect("events:manage", slug=self.request.coop.slug, gathering=found.slug)

    def head(self, found: GatheringFacts, **more: Any) -> dict[str, Any]:
        """Return what every page about a gathering shows."""
        at = {"slug": self.request.coop.slug, "gathering": found.slug}
        return {"found": found, "title": found.words.title, "back": reverse("events:manage", kwargs=at), **more}


@require_GET
def gatherings(request: Request) -> HttpResponse:
    """Show every gathering with how far it has come and how many people come."""
    desk = Organiser(request)
    page = page_of(
        request,
        A_PAGE,
        queries.count_gatherings(desk.coop_id),
        lambda first, limit: queries.all_gatherings(desk.coop_id, first=first, limit=limit),
    )
    counts = queries.counts_of(desk.coop_id, [one.id for one in page])
    rows = [
        {
            "found": one,
            "title": one.words.title,
            "kind": KIND_NAMES[one.kind],
            "when": formats.date_short(one.begins.date(), formats.language(get_language())),
            "where": words.place_in_words(one),
            "state": GATHERING_STATE_NAMES[one.state],
            "look": LOOKS.get(one.state, ""),
            "counts": counts.get(one.id, queries.Counts()),
            "url": reverse("events:manage", kwargs={"slug": request.coop.slug, "gathering": one.slug}),
        }
        for one in page
    ]
    all_series = [
        {"facts": one, "reached": queries.reached(desk.coop_id, one.id)} for one in queries.series_held(desk.coop_id)
    ]
    return render(request, "events/manage_list.html", {"rows": rows, "page": page, "all_series": all_series})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Prepare a gathering."""
    desk = Organiser(request)
    form = DraftForm(request.POST or None, series=queries.all_series(desk.coop_id), language=request.coop.language)
    if request.method == "POST" and form.is_valid():
        try:
            languages = form.cleaned_data["languages"]
            own = formats.language(get_language())
            gathering_id = actions.draft_gathering(
                **desk.whose,
                title=form.cleaned_data["title"],
                language=own if own in languages else languages[0],
                plan=form.plan(_new_series(desk, form)),
            )
        except Refused as refusal:
            put_refusal(form, refusal, "title")
        else:
            made = queries.gathering(desk.coop_id, gathering_id)
            assert made is not None
            messages.success(request, _("The draft is there. Only organisers see it."))
            return desk.back(made)
    return render(request, "events/new.html", {"form": form})


def _new_series(desk: Organiser, form: PlanForm) -> uuid.UUID | None:
    """Begin the series that was typed, if any."""
    name = form.cleaned_data["new_series"]
    if not name:
        return None
    texts = {formats.language(get_language()): name}
    return actions.make_series(**desk.whose, texts=texts, programme=form.cleaned_data["programme"])


@require_GET
def one(request: Request, gathering: str) -> HttpResponse:
    """Show a gathering with its parts, what it lacks, and who comes."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    programme = queries.sessions(found)
    lacking = [verdict.reason for verdict in policies.hindrances(found, desk.now)]
    is_draft = found.state is GatheringState.DRAFT
    counts = queries.counts(desk.coop_id, found.id)
    whole, by_session = queries.attendance(found, programme)
    context = desk.head(
        found,
        state=GATHERING_STATE_NAMES[found.state],
        kind=KIND_NAMES[found.kind],
        when=words.span_in_words(found.begins, found.ends),
        where=words.where_in_words(found),
        is_draft=is_draft,
        is_open=found.is_open,
        is_held=found.state is GatheringState.HELD,
        is_called_off=found.state is GatheringState.CANCELLED,
        has_begun=found.has_begun(desk.now),
        lacking=lacking if is_draft else [],
        may_announce=policies.may_announce(found, desk.now),
        page_url=page_url(request, found),
        counts=counts,
        attendance=whole,
        sessions=[
            {
                "session": session,
                "words": session.words,
                "format": FORMAT_NAMES[session.format],
                "came": by_session[str(session.id)],
            }
            for session in programme
        ],
        seats=queries.session_counts(desk.coop_id, found.id),
        texts=[
            {
                "language": LANGUAGE_NAMES[code],
                "url": reverse(
                    "events:texts", kwargs={"slug": request.coop.slug, "gathering": found.slug, "language": code}
                ),
                "is_there": code in found.texts and bool(found.texts[code].lead),
            }
            for code in found.languages
        ],
        reports=[
            {
                "language": LANGUAGE_NAMES[code],
                "url": reverse(
                    "events:report", kwargs={"slug": request.coop.slug, "gathering": found.slug, "language": code}
                ),
                "is_there": code in found.report,
            }
            for code in found.languages
        ],
        answer_by=words.deadline_in_words(found.answer_by.astimezone(found.begins.tzinfo)) if found.answer_by else "",
        may_write=letters.may_write_news(desk.actor, desk.coop_id, clock.civil_date(desk.now)),
        writable=queries.count_participants(desk.coop_id, desk.now, found.id),
        said=sum(queries.fates(desk.coop_id, found.id).values()),
        desks=len(queries.desks(desk.coop_id, found.id)),
    )
    return render(request, "events/manage.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: Request, gathering: str) -> HttpResponse:
    """Change what was decided of a gathering."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    form = PlanForm(
        request.POST or None,
        found=found,
        series=queries.all_series(desk.coop_id),
        language=request.coop.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_gathering(**desk.whose, gathering_id=found.id, plan=form.plan(_new_series(desk, form)))
        except Refused as refusal:
            put_refusal(form, refusal, "day")
        else:
            messages.success(request, _("Kept."))
            return desk.back(found)
    is_draft = found.state is GatheringState.DRAFT
    return render(request, "events/plan.html", desk.head(found, form=form, is_draft=is_draft))


@require_http_methods(["GET", "POST"])
def texts(request: Request, gathering: str, language: str) -> HttpResponse:
    """Write the texts of a gathering in one language."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    if language not in LANGUAGE_NAMES:
        raise Http404
    known = found.texts.get(language)
    initial = (
        {}
        if known is None
        else {
            "title": known.title,
            "lead": known.lead,
            "description": known.description,
            "access": known.access,
        }
    )
    form = TextsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_gathering(
                **desk.whose, gathering_id=found.id, language=language, words=GatheringWords(**form.cleaned_data)
            )
        except Refused as refusal:
            put_refusal(form, refusal, "title")
        else:
            messages.success(request, _("The texts are kept."))
            return desk.back(found)
    other = next((one for code, one in found.texts.items() if code != language and one.lead), None)
    return render(
        request,
        "events/texts.html",
        desk.head(found, form=form, language=LANGUAGE_NAMES[language], code=language, other=other),
    )


@require_http_methods(["GET", "POST"])
def session(request: Request, gathering: str, session_id: uuid.UUID | None = None) -> HttpResponse:
    """Plan a session of a programme."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    known = None
    if session_id is not None:
        known = next((one for one in queries.sessions(found) if one.id == session_id), None)
        if known is None:
            raise Http404
    form = SessionForm(request.POST or None, found=found, session=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_session(**desk.whose, gathering_id=found.id, session_id=session_id, plan=form.plan())
        except Refused as refusal:
            put_refusal(form, refusal, "begins")
        else:
            messages.success(request, _("The session is on the programme."))
            return desk.back(found)
    return render(request, "events/session.html", desk.head(found, form=form, known=known))


@require_http_methods(["GET", "POST"])
def drop_session(request: Request, gathering: str, session_id: uuid.UUID) -> HttpResponse:
    """Ask once, then take a session off a programme."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    known = next((one for one in queries.sessions(found) if one.id == session_id), None)
    if known is None:
        raise Http404
    if request.method == "POST":
        number = actions.drop_session(**desk.whose, gathering_id=found.id, session_id=session_id)
        messages.success(request, _told(number))
        return desk.back(found)
    context = {
        "title": _("Take “%(session)s” off the programme?") % {"session": known.words.title},
        "text": _("Whoever chose it gets a mail, and can choose another one."),
        "act": _("Take it off the programme"),
        "look": "danger",
        "back": desk.head(found)["back"],
    }
    return render(request, "ui/confirm.html", context)


def _told(number: int) -> str:
    return ngettext(
        "Done. %(number)s registration is told by mail.", "Done. %(number)s registrations are told by mail.", number
    ) % {"number": number}


@require_http_methods(["GET", "POST"])
def move(request: Request, gathering: str) -> HttpResponse:
    """Move an announced gathering, and tell everybody."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    if not found.is_open:
        raise Http404
    form = MoveForm(request.POST or None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.move_gathering(
                **desk.whose,
                gathering_id=found.id,
                when=form.when(),
                where=form.where(),
                answer_by=form.cleaned_data["answer_by"],
            )
        except Refused as refusal:
            put_refusal(form, refusal, "day")
        else:
            messages.success(request, _told(number))
            return desk.back(found)
    counts = queries.counts(desk.coop_id, found.id)
    return render(request, "events/move.html", desk.head(found, form=form, counts=counts))


@require_GET
def preview(request: Request, gathering: str) -> HttpResponse:
    """Show the page of a gathering as everybody will see it."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    context = {**told(request, found), "takes": False, "is_preview": not found.is_public}
    return render(request, "events/gathering.html", {**context, "back": desk.head(found)["back"]})


@require_http_methods(["GET", "POST"])
def become(request: Request, gathering: str, to: str) -> HttpResponse:
    """Ask once, then announce a gathering, call it off, say that it was held, or delete its draft."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    deeds = {
        "announce": actions.announce_gathering,
        "call-off": actions.call_off_gathering,
        "held": actions.close_gathering,
        "delete": actions.delete_draft,
    }
    if to not in deeds:
        raise Http404
    if request.method == "POST":
        try:
            done = deeds[to](**desk.whose, gathering_id=found.id)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return desk.back(found)
        if to == "delete":
            messages.success(request, _("The gathering is deleted."))
            return redirect("events:manage-list", slug=request.coop.slug)
        said = {"announce": _("It is announced: everybody can register."), "held": _("Noted. Now tell what you heard.")}
        messages.success(request, said[to] if to in said else _told(int(done or 0)))
        return desk.back(found)
    return render(request, "ui/confirm.html", _question(desk, found, to))


def _question(desk: Organiser, found: GatheringFacts, to: str) -> dict[str, Any]:
    """Return what is asked before a gathering comes into another state."""
    name = {"title": found.words.title}
    counts = queries.counts(desk.coop_id, found.id)
    asked = {
        "announce": (
            _("Announce “%(title)s”?") % name,
            _("Everybody can read its page and register. From then on a change of day or place is told to all."),
            _("Announce it"),
            "",
        ),
        "call-off": (
            _("Call “%(title)s” off?") % name,
            ngettext(
                "%(people)s person who registered gets a mail. It can't be taken back.",
                "%(people)s people who registered get a mail. It can't be taken back.",
                counts.taken + counts.waiting,
            )
            % {"people": counts.taken + counts.waiting},
            _("Call it off"),
            "danger",
        ),
        "held": (
            _("Was “%(title)s” held?") % name,
            _("Then nobody registers any more, and it counts in the accounts of its series."),
            _("Yes, it was held"),
            "",
        ),
        "delete": (
            _("Delete “%(title)s”?") % name,
            _("It was never announced: nobody has read of it."),
            _("Delete it"),
            "danger",
        ),
    }
    title, text, act, look = asked[to]
    return {"title": title, "text": text, "act": act, "look": look, "back": desk.head(found)["back"]}
