"""The roadmap for anybody who reads it, and for those who keep it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions, policies, queries
from ..queries import MomentFacts, StepFacts
from ..states import EVIDENCE_NAMES, MOMENT_NAMES, STEP_STATE_NAMES, EvidenceKind, Season, StepState, spoken
from .roadmap_forms import DayForm, DoneForm, EvidenceForm, MoveForm, ReasonForm, StepForm
from .roadmap_picture import picture, reality, when
from .yard import Desk, languages_of, reading

ROADMAP = "what a project promises to everybody, and what became of it, is for everybody"


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    """A step as it stands on a page: its words in the reader's language, and what was promised in words."""

    step: StepFacts
    language: str
    title: str
    text: str
    state: str
    promised: str
    first: str
    reality: str
    because: str
    is_late: bool
    history: tuple[dict[str, Any], ...]
    evidence: tuple[dict[str, str], ...]


def _line(step: StepFacts, today: dt.date, languages: tuple[str, str]) -> _Line:
    code, words = step.words(*languages)
    lang = languages[0]
    last = next((one for one in reversed(step.moments) if one.because), None)
    return _Line(
        step=step,
        language=code if code != lang else "",
        title=words.title,
        text=words.text,
        state=str(STEP_STATE_NAMES[step.state]),
        promised=when(step.season, step.due_on, step.has_day, lang),
        first=when(step.first.season, step.first.due_on, step.first.has_day, lang)
        if step.first and step.is_moved
        else "",
        reality=reality(step, today, lang),
        because=spoken(last.because, languages)[1] or "" if last is not None else "",
        is_late=step.is_late(today),
        history=tuple(_moment(one, languages) for one in step.moments),
        evidence=tuple(
            {"title": one.title, "url": one.url, "kind": str(EVIDENCE_NAMES[one.kind]), "id": str(one.id)}
            for one in step.evidence
        ),
    )


def _moment(one: MomentFacts, languages: tuple[str, str]) -> dict[str, Any]:
    return {
        "name": str(MOMENT_NAMES[one.kind]),
        "at": clock.civil_date(one.recorded_at),
        "promised": when(one.season, one.due_on, one.has_day, languages[0]) if one.is_promise else "",
        "on": one.on,
        "because": spoken(one.because, languages)[1] or "",
    }


def _seasons(steps: Sequence[StepFacts], today: dt.date, languages: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the steps by season; in a season that was promised before stands where a step went."""
    lines = [_line(step, today, languages) for step in steps]
    codes = sorted({season for line in lines for season in (line.step.season, *line.step.left_seasons)})
    return [
        {
            "name": season.name,
            "years": season.years,
            "is_now": today in season,
            "lines": [line for line in lines if line.step.season == season],
            "gone": [line for line in lines if season in line.step.left_seasons],
        }
        for season in codes
    ]


@public(ROADMAP)
@require_GET
def roadmap(request: Request) -> HttpResponse:
    """Show what is promised for when, and what became of it."""
    speak(request)
    today = clock.civil_date(clock.now())
    languages = reading(request.coop)
    steps = queries.roadmap(request.coop.id)
    done = sum(one.state is StepState.DONE for one in steps)
    left = sum(one.state in (StepState.PROMISED, StepState.BEGUN) for one in steps)
    context = {
        "seasons": _seasons(steps, today, languages),
        "chart": picture(steps, today, languages),
        "done": done,
        "left": left,
        "moved": sum(one.is_moved for one in steps),
        "keeps": request.actor.is_person and bool(policies.may_keep_yard(request.actor, request.coop.id, today)),
    }
    return render(request, "founding/roadmap.html", context)


# For those who keep it


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show every step with what can be done."""
    here = Desk(request)
    steps = queries.roadmap(here.coop_id, with_drafts=True)
    context = {"seasons": _seasons(steps, here.today, reading(here.coop))}
    return render(request, "founding/roadmap_desk.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write a step."""
    here = Desk(request)
    begin = Season.of(here.today)
    form = StepForm(request.POST or None, languages=languages_of(here.coop), step=None, season=begin)
    if request.method == "POST" and form.is_valid():
        try:
            step_id = actions.write_step(
                **here.act, season=form.season(), day=form.cleaned_data["day"], texts=form.texts()
            )
        except Refused as refusal:
            put_refusal(form, refusal, *_AT.get(refusal.code, form.at(refusal.code)))
        else:
            messages.success(request, _("The step is there as a draft. Nobody else reads it before you promise it."))
            return redirect("founding:step", slug=here.coop.slug, step_id=step_id)
    return render(request, "founding/step_new.html", {"form": form})


_AT = {"founding.day_outside": ("day",), "founding.season_wrong": ("year",)}


def _step(here: Desk, step_id: uuid.UUID) -> StepFacts:
    found = queries.step_facts(here.coop_id, step_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def step(request: Request, step_id: uuid.UUID) -> HttpResponse:
    """Show a step with its history, and mend its words."""
    here = Desk(request)
    found = _step(here, step_id)
    form = StepForm(request.POST or None, languages=languages_of(here.coop), step=found, season=found.season)
    is_draft = found.state is StepState.DRAFT
    if not is_draft:
        form.without_promise()
    if request.method == "POST" and form.is_valid():
        promise = {"season": form.season(), "day": form.cleaned_data["day"]} if is_draft else {}
        try:
            actions.write_step(**here.act, step_id=step_id, texts=form.texts(), **promise)
        except Refused as refusal:
            put_refusal(form, refusal, *_AT.get(refusal.code, form.at(refusal.code)))
        else:
            messages.success(request, _("The words are kept."))
            return redirect("founding:step", slug=here.coop.slug, step_id=step_id)
    context = {
        "form": form,
        "line": _line(found, here.today, reading(here.coop)),
        "is_draft": is_draft,
        "is_open": found.state in (StepState.PROMISED, StepState.BEGUN),
        "is_promised": found.state is StepState.PROMISED,
        "is_done": found.state is StepState.DONE,
        "is_dropped": found.state is StepState.DROPPED,
    }
    return render(request, "founding/step.html", context)


@dataclasses.dataclass(frozen=True, slots=True)
class _Deed:
    """What can be done to a step: its question, its button, what is said afterwards."""

    title: Any
    text: Any
    act: Any
    said: Any
    do: Callable[[Desk, uuid.UUID, Any], None]
    form: Callable[[Any, Desk, StepFacts], forms.Form] | None = None
    look: str = ""


def _with_reason(data: Any, here: Desk, found: StepFacts) -> forms.Form:
    return ReasonForm(data, languages=languages_of(here.coop))


def _with_move(data: Any, here: Desk, found: StepFacts) -> forms.Form:
    return MoveForm(data, languages=languages_of(here.coop), step=found)


def _with_day(data: Any, here: Desk, found: StepFacts) -> forms.Form:
    return DayForm(data, initial={"on": here.today})


def _with_proof(data: Any, here: Desk, found: StepFacts) -> forms.Form:
    return DoneForm(data, initial={"on": here.today, "kind": EvidenceKind.LINK.value})


_DEEDS: dict[str, _Deed] = {
    "promise": _Deed(
        gettext_lazy("Promise this step?"),
        gettext_lazy("Everybody reads it on the roadmap. It stays there, whatever becomes of it."),
        gettext_lazy("Promise it"),
        gettext_lazy("It is on the roadmap."),
        lambda here, step_id, form: actions.promise_step(**here.act, step_id=step_id),
    ),
    "move": _Deed(
        gettext_lazy("Promise it for another time"),
        gettext_lazy(
            "What you promised before stays to be read, with why it moved. People forgive a delay sooner than silence."
        ),
        gettext_lazy("Move the promise"),
        gettext_lazy("The new promise stands on the roadmap, with the old one and why."),
        lambda here, step_id, form: actions.move_promise(
            **here.act, step_id=step_id, season=form.season(), day=form.cleaned_data["day"], because=form.because()
        ),
        _with_move,
    ),
    "begin": _Deed(
        gettext_lazy("Work on it began"),
        gettext_lazy("From that day on the picture shows that it is under way."),
        gettext_lazy("Note it"),
        gettext_lazy("It is under way."),
        lambda here, step_id, form: actions.begin_step(**here.act, step_id=step_id, on=form.cleaned_data["on"]),
        _with_day,
    ),
    "done": _Deed(
        gettext_lazy("It is done"),
        gettext_lazy("Say since when, and by what one can see it."),
        gettext_lazy("Note that it is done"),
        gettext_lazy("It is done. Well done."),
        lambda here, step_id, form: actions.finish_step(
            **here.act, step_id=step_id, on=form.cleaned_data["on"], evidence=form.evidence()
        ),
        _with_proof,
    ),
    "reopen": _Deed(
        gettext_lazy("It isn’t done after all"),
        gettext_lazy("Everybody reads that you thought it was, and why it isn’t."),
        gettext_lazy("Take it up again"),
        gettext_lazy("It is under way again."),
        lambda here, step_id, form: actions.reopen_step(**here.act, step_id=step_id, because=form.because()),
        _with_reason,
    ),
    "drop": _Deed(
        gettext_lazy("You won’t make it"),
        gettext_lazy("It stays to be read, with why. You can promise it again later."),
        gettext_lazy("Drop this step"),
        gettext_lazy("The roadmap says that you won’t make it, and why."),
        lambda here, step_id, form: actions.drop_step(**here.act, step_id=step_id, because=form.because()),
        _with_reason,
        "danger",
    ),
    "again": _Deed(
        gettext_lazy("Promise it again"),
        gettext_lazy("Say for when, and why now."),
        gettext_lazy("Promise it again"),
        gettext_lazy("It is on the roadmap again."),
        lambda here, step_id, form: actions.take_up_step(
            **here.act, step_id=step_id, season=form.season(), day=form.cleaned_data["day"], because=form.because()
        ),
        _with_move,
    ),
    "delete": _Deed(
        gettext_lazy("Delete this draft?"),
        gettext_lazy("Nobody has read it. What you wrote goes."),
        gettext_lazy("Delete the draft"),
        gettext_lazy("The draft is deleted."),
        lambda here, step_id, form: actions.delete_step(**here.act, step_id=step_id),
        look="danger",
    ),
}


@require_http_methods(["GET", "POST"])
def deed(request: Request, step_id: uuid.UUID, what: str) -> HttpResponse:
    """Ask what is needed for something to happen to a step; then do it."""
    here = Desk(request)
    found = _step(here, step_id)
    one = _DEEDS.get(what)
    if one is None:
        raise Http404
    back = reverse("founding:step", kwargs={"slug": here.coop.slug, "step_id": step_id})
    form = one.form(request.POST or None, here, found) if one.form is not None else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            one.do(here, step_id, form)
        except Refused as refusal:
            if form is None:
                messages.error(request, refusal.message)
                return redirect(back)
            put_refusal(form, refusal, *_AT.get(refusal.code, ()))
        else:
            messages.success(request, str(one.said))
            return redirect("founding:roadmap-desk", slug=here.coop.slug) if what == "delete" else redirect(back)
    context = {
        "form": form,
        "title": str(one.title),
        "text": str(one.text),
        "act": str(one.act),
        "look": one.look,
        "back": back,
        "line": _line(found, here.today, reading(here.coop)),
    }
    return render(request, "founding/step_deed.html" if form is not None else "ui/confirm.html", context)


@require_POST
def place(request: Request, step_id: uuid.UUID) -> HttpResponse:
    """Let a step change places with the one before or after it."""
    here = Desk(request)
    _step(here, step_id)
    try:
        actions.place_step(**here.act, step_id=step_id, earlier="earlier" in request.POST)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("founding:roadmap-desk", slug=here.coop.slug)


@require_http_methods(["GET", "POST"])
def evidence(request: Request, step_id: uuid.UUID) -> HttpResponse:
    """Add by what one can see a step."""
    here = Desk(request)
    found = _step(here, step_id)
    form = EvidenceForm(request.POST or None)
    back = reverse("founding:step", kwargs={"slug": here.coop.slug, "step_id": step_id})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.add_evidence(
                **here.act, step_id=step_id, kind=EvidenceKind(told["kind"]), title=told["title"], url=told["url"]
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("It stands beside the step."))
            return redirect(back)
    context = {
        "form": form,
        "title": _("By what can one see it?"),
        "text": _("A report from the yard, a page elsewhere, a document: whoever doubts looks there."),
        "act": _("Put it beside the step"),
        "look": "",
        "back": back,
        "line": _line(found, here.today, reading(here.coop)),
    }
    return render(request, "founding/step_deed.html", context)


@require_POST
def remove_evidence(request: Request, step_id: uuid.UUID, evidence_id: uuid.UUID) -> HttpResponse:
    """Take a link off a step."""
    here = Desk(request)
    found = _step(here, step_id)
    if evidence_id not in {one.id for one in found.evidence}:
        raise Http404
    try:
        actions.remove_evidence(**here.act, step_id=step_id, evidence_id=evidence_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is taken off."))
    return redirect("founding:step", slug=here.coop.slug, step_id=step_id)
