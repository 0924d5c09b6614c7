"""For organisers: who registered and what they need, desks, who came on paper, and what was heard."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.documents import actions as documents
from coopwerf.documents.figures import picture_url
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.messages import actions as letters
from coopwerf.ui import formats, markdown
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.formats import LANGUAGE_NAMES
from coopwerf.ui.paging import page_of

from .. import actions, queries
from ..queries import DeskFacts, RegistrationFacts
from ..states import (
    DESK_LIST,
    FATE_NAMES,
    PARTICIPANTS,
    REGISTRATION_STATE_NAMES,
    Fate,
    RegistrationState,
    Source,
    on_the_wall,
    read_caught,
)
from .desk import tell_caught
from .forms import CatchUpForm, ContributionForm, DeskForm, PictureForm, ReportForm
from .manage import Organiser
from .public import SAID_A_PAGE


def _number(text: str) -> int:
    try:
        return max(int(text), 0)
    except ValueError:
        return 0


@require_GET
def registrations(request: Request, gathering: str) -> HttpResponse:
    """Show who registered, in the order in which they came."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    after = _number(request.GET.get("after", "0"))
    rows = queries.registrations(desk.coop_id, found.id, state=state, text=text, after=after)
    counts = queries.counts(desk.coop_id, found.id)
    here = reverse("events:registrations", kwargs={"slug": request.coop.slug, "gathering": found.slug})
    tabs = [
        {"label": label, "url": f"{here}?state={code}" if code else here, "current": code == state, "count": count}
        for code, label, count in (
            ("", _("All"), None),
            ("seated", _("With a place"), counts.seated + counts.at_desk),
            ("held", _("Not confirmed"), counts.held),
            ("waiting", _("Waiting list"), counts.waiting),
            ("cancelled", _("Cancelled"), None),
        )
    ]
    full = len(rows) == queries.PAGE
    context = desk.head(
        found,
        rows=[_row(one) for one in rows],
        tabs=tabs,
        text=text,
        state=state,
        counts=counts,
        more=f"{here}?{urlencode({'state': state, 'q': text, 'after': rows[-1].number})}" if full else "",
        needs=[_row(one) for one in queries.with_needs(desk.coop_id, found.id)] if not (state or text) else [],
    )
    return render(request, "events/registrations.html", context)


def _row(one: RegistrationFacts) -> dict[str, Any]:
    return {
        "facts": one,
        "names": ", ".join(name for name in one.names if name) or _("(forgotten)"),
        "state": REGISTRATION_STATE_NAMES[one.state],
        "look": {RegistrationState.HELD: "attention", RegistrationState.CANCELLED: ""}.get(one.state, ""),
        "is_at_desk": one.source is Source.DESK,
        "asks": one.answer_by is not None and one.state is RegistrationState.SEATED,
        "may_cancel": one.is_open,
    }


@require_http_methods(["GET", "POST"])
def cancel(request: Request, gathering: str, registration_id: uuid.UUID) -> HttpResponse:
    """Ask once, then cancel a registration at somebody's word."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    row = queries.registration(desk.coop_id, registration_id)
    if row is None or row.gathering_id != found.id:
        raise Http404
    back = reverse("events:registrations", kwargs={"slug": request.coop.slug, "gathering": found.slug})
    if request.method == "POST":
        try:
            actions.cancel_registration(**desk.whose, registration_id=registration_id)
            messages.success(request, _("Cancelled. They get a mail, and the place goes to who waits."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(back)
    context = {
        "title": _("Cancel the registration of %(names)s?") % {"names": ", ".join(row.names)},
        "text": _("Do this at their word. They get a mail that says so."),
        "act": _("Cancel it"),
        "look": "danger",
        "back": back,
    }
    return render(request, "ui/confirm.html", context)


@require_POST
def write_to(request: Request, gathering: str) -> HttpResponse:
    """Begin a newsletter to who has a place, and lead to it."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    try:
        made = letters.draft_newsletter(**desk.whose, audiences=[f"{PARTICIPANTS}:{found.id}"])
    except Refused as refusal:
        messages.error(request, refusal.message)
        return desk.back(found)
    return redirect("messages:newsletter", slug=request.coop.slug, newsletter_id=made)


@require_http_methods(["GET", "POST"])
def desks(request: Request, gathering: str) -> HttpResponse:
    """Show the desks with the links for their helpers; open another one."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    programme = queries.sessions(found)
    form = DeskForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_desk(**desk.whose, gathering_id=found.id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal, "name")
        else:
            messages.success(request, _("The desk is open. Give its link to who helps there."))
            return redirect(request.path)
    gates = {str(one.id): one.words.title for one in programme}
    rows: list[dict[str, Any]] = []
    for one in queries.desks(desk.coop_id, found.id):
        token = queries.desk_token(one.id)
        path = reverse("events:desk", kwargs={"slug": request.coop.slug, "token": token})
        rows.append({"desk": one, "gate": gates.get(one.gate, ""), "url": settings.BASE_URL + path, "path": path})
    for row in rows:
        # Those that stand at one door share its names.
        shared = [other["desk"].id for other in rows if _shares(other["desk"], row["desk"])]
        row["parts"] = len(shared)
        row["part"] = shared.index(row["desk"].id) + 1 if row["desk"].id in shared else 1
    heads = [
        {"facts": one, "at": on_the_wall(one.at, found.zone), "gate": gates.get(one.gate, "")}
        for one in queries.head_counts(desk.coop_id, found.id)
    ]
    context = desk.head(found, form=form, rows=rows, heads=heads, counts=queries.counts(desk.coop_id, found.id))
    return render(request, "events/desks.html", context)


def _shares(one: DeskFacts, other: DeskFacts) -> bool:
    return one.gate == other.gate and one.closed_at is None


@require_POST
def close_desk(request: Request, gathering: str, desk_id: uuid.UUID) -> HttpResponse:
    """Close a desk: its link opens nothing any more."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    if all(one.id != desk_id for one in queries.desks(desk.coop_id, found.id)):
        raise Http404
    actions.close_desk(**desk.whose, desk_id=desk_id)
    messages.success(request, _("The desk is closed."))
    return redirect("events:desks", slug=request.coop.slug, gathering=found.slug)


@require_POST
def desk_list(request: Request, gathering: str) -> HttpResponse:
    """Ask for the printed list of a desk: for when the network fails."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    part, parts = _number(request.POST.get("part", "1")), _number(request.POST.get("parts", "1"))
    sessions = {str(one.id) for one in queries.sessions(found)}
    gate = request.POST.get("session", "")
    asked = documents.ask_document(
        **desk.whose,
        kind=DESK_LIST,
        language=formats.language(get_language()),
        params={
            "gathering": found.id,
            "part": max(part, 1),
            "parts": min(max(parts, 1), 40),
            **({"session": uuid.UUID(gate)} if gate in sessions else {}),
        },
    )
    return redirect("documents:document", slug=request.coop.slug, token=asked.token)


@require_http_methods(["GET", "POST"])
def catch_up(request: Request, gathering: str) -> HttpResponse:
    """Take what was written on paper, also after the day itself."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    form = CatchUpForm(request.POST or None, initial={"day": found.begins.date()})
    if request.method == "POST" and form.is_valid():
        try:
            lines = read_caught(form.cleaned_data["lines"], form.cleaned_data["day"], found.zone)
            done = actions.catch_up(**desk.whose, gathering_id=found.id, lines=lines)
        except Refused as refusal:
            put_refusal(form, refusal, "lines")
        else:
            tell_caught(request, done)
            return redirect("events:desks", slug=request.coop.slug, gathering=found.slug)
    context = {"form": form, "found": found, "words": found.words, "desk": None, "back": desk.head(found)["back"]}
    return render(request, "events/catch_up.html", context)


@require_GET
def contributions(request: Request, gathering: str) -> HttpResponse:
    """Show what people said, by theme, with what became of it."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    page = page_of(
        request,
        SAID_A_PAGE,
        sum(queries.fates(desk.coop_id, found.id).values()),
        lambda first, limit: queries.contributions(desk.coop_id, found.id, first=first, limit=limit),
    )
    rows = [
        {
            "facts": one,
            "text": markdown.plain(one.text),
            "answer": markdown.plain(one.answer),
            "fate": FATE_NAMES[one.fate],
            "look": {Fate.TAKEN_UP: "good", Fate.OPEN: "building"}.get(one.fate, ""),
            "url": reverse(
                "events:contribution",
                kwargs={"slug": request.coop.slug, "gathering": found.slug, "contribution_id": one.id},
            ),
        }
        for one in page
    ]
    return render(request, "events/contributions.html", desk.head(found, rows=rows, page=page))


@require_http_methods(["GET", "POST"])
def contribution(request: Request, gathering: str, contribution_id: uuid.UUID | None = None) -> HttpResponse:
    """Write down what people said, and what became of it."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    known = None
    if contribution_id is not None:
        known = queries.contribution(desk.coop_id, found.id, contribution_id)
        if known is None:
            raise Http404
    list_url = reverse("events:contributions", kwargs={"slug": request.coop.slug, "gathering": found.slug})
    if known is not None and request.method == "POST" and request.POST.get("do") == "remove":
        actions.remove_contribution(**desk.whose, contribution_id=known.id)
        messages.success(request, _("It is off the page."))
        return HttpResponseRedirect(list_url)
    form = ContributionForm(request.POST or None, found=found, programme=queries.sessions(found), known=known)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            _write(desk, found.id, contribution_id, form)
        except Refused as refusal:
            path = {"text": f"text_{found.languages[0]}", "answer": f"answer_{found.languages[0]}"}
            refusal.path = path.get(refusal.path or "", refusal.path)
            put_refusal(form, refusal, "theme")
        else:
            messages.success(request, _("Kept under “%(theme)s”.") % {"theme": told["theme"]})
            return HttpResponseRedirect(list_url)
    return render(request, "events/contribution.html", desk.head(found, form=form, known=known, list_url=list_url))


def _write(desk: Organiser, gathering_id: uuid.UUID, contribution_id: uuid.UUID | None, form: ContributionForm) -> None:
    told = form.cleaned_data
    answers, fate = form.answers(), Fate(told["fate"])
    if fate is not Fate.OPEN and not any(answers.values()):
        raise Refused("events.answer_empty", path="answer")
    kept = actions.note_contribution(
        **desk.whose,
        gathering_id=gathering_id,
        contribution_id=contribution_id,
        theme=told["theme"],
        texts=form.texts(),
        session_id=uuid.UUID(told["session"]) if told["session"] else None,
        voices=told["voices"],
    )
    actions.answer_contribution(**desk.whose, contribution_id=kept, fate=fate, answers=answers)


@require_http_methods(["GET", "POST"])
def report(request: Request, gathering: str, language: str) -> HttpResponse:
    """Tell in one language what was heard."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    if language not in LANGUAGE_NAMES:
        raise Http404
    form = ReportForm(request.POST or None, initial={"text": found.report.get(language, "")})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_report(**desk.whose, gathering_id=found.id, language=language, text=form.cleaned_data["text"])
        except Refused as refusal:
            put_refusal(form, refusal, "text")
        else:
            messages.success(request, _("The report is kept, and everybody can read it."))
            return desk.back(found)
    at = {"slug": request.coop.slug, "gathering": found.slug}
    used = queries.pictures_in(found.report.get(language, ""))
    pictures = [
        {
            "place": place,
            "picture": picture,
            "alt": picture.alt(language)[0],
            "alt_language": picture.alt(language)[1],
            "url": picture_url(request.coop, picture, f"{picture.widths[0]}.webp"),
            "line": f"![](picture:{place})",
            "is_used": place in used,
            "away_url": reverse("events:report-picture-away", kwargs={**at, "place": place}),
        }
        for place, picture in queries.pictures(desk.coop_id, found.id).items()
        if picture.is_there
    ]
    context = desk.head(found, form=form, language=LANGUAGE_NAMES[language], code=language, pictures=pictures)
    context["bring_url"] = reverse("events:report-picture", kwargs={**at, "language": language})
    return render(request, "events/report.html", context)


@require_http_methods(["GET", "POST"])
def bring_picture(request: Request, gathering: str, language: str) -> HttpResponse:
    """Bring a picture to the report in one language."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    if language not in LANGUAGE_NAMES:
        raise Http404
    back = reverse("events:report", kwargs={"slug": request.coop.slug, "gathering": found.slug, "language": language})
    form = PictureForm(request.POST or None, request.FILES or None, language=language, languages=found.languages)
    if request.method == "POST" and form.is_valid():
        try:
            place = actions.bring_picture(
                **desk.whose,
                gathering_id=found.id,
                language=language,
                **form.brought(),
                caption=form.cleaned_data["caption"],
            )
        except Refused as refusal:
            form.put(refusal)
        else:
            messages.success(request, _("Picture %(place)s stands at the end of the report.") % {"place": place})
            return HttpResponseRedirect(back)
    context = desk.head(found, form=form, report_url=back, language=LANGUAGE_NAMES[language])
    return render(request, "events/report_picture.html", context)


@require_http_methods(["GET", "POST"])
def take_picture_away(request: Request, gathering: str, place: int) -> HttpResponse:
    """Ask once more, and take a picture away from the report for good."""
    desk = Organiser(request)
    found = desk.gathering(gathering)
    picture = queries.pictures(desk.coop_id, found.id).get(place)
    if picture is None or not picture.is_there:
        raise Http404
    if request.method == "POST":
        actions.take_picture_away(**desk.whose, gathering_id=found.id, place=place)
        messages.success(request, _("The picture is taken away."))
        return desk.back(found)
    context = {
        "title": _("Take this picture away for good?"),
        "text": _("Its files are deleted. Where it stood in the report, it says that it was taken away."),
        "act": _("Take the picture away"),
        "look": "danger",
        "back": desk.head(found)["back"],
    }
    return render(request, "ui/confirm.html", context)
