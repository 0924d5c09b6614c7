"""What a co-operative is: an overview, its public facts, stage, rules, and look."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people.states import written_enterprise_no
from coopwerf.ui.fields import LANGUAGES, put_refusal

from .. import actions, presets, queries
from ..presets import source_in_words, value_in_words
from ..queries import RuleFacts, StageFacts
from ..states import (
    BELGIAN_CV,
    COOPERATIVES,
    MARK_NAMES,
    STAGE_NAMES,
    TRANSITIONS,
    Mark,
    Stage,
    first_steps,
    in_language,
)
from .forms import LookForm, OnForm, ProfileForm, RuleForm, StageForm
from .rooms import Room, enter
from .rules import initial_for, value_from


@require_GET
def overview(request: Request) -> HttpResponse:
    """Show what the co-operative is today and how it came there."""
    room = enter(request)
    history = queries.stage_history(room.coop.id)
    reached = [facts for facts in history if facts.valid_from <= room.today]
    labels, step = way(reached, room.stage)
    rules = queries.rules(room.coop.id, room.today)
    profile = queries.profile(room.coop.id, room.today)
    context = room.settings(
        "overview",
        profile=profile,
        enterprise_no=written_enterprise_no(profile.enterprise_no),
        since=reached[-1].valid_from if reached else None,
        stage_name=STAGE_NAMES[room.stage],
        is_building=room.stage not in COOPERATIVES,
        steps=labels,
        step=step,
        next_stages=bool(TRANSITIONS[room.stage]),
        to_check=sum(rule.mark is Mark.CHECK for rule in rules.values()),
        rules=len(rules),
        languages=LANGUAGES,
        first_steps=[
            (step, reverse(step.url_name, kwargs={"slug": room.coop.slug}))
            for step in first_steps(room.coop.id, room.powers)
        ],
    )
    return render(request, "coops/settings/overview.html", context)


def way(reached: Sequence[StageFacts], stage: Stage) -> tuple[list[str], int]:
    """Return the steps of a co-operative's life so far and to come, and the number of the present one, from 1.

    The number after the last says that all are done.
    """
    steps = [_("Initiative")]
    if stage is Stage.INITIATIVE:
        return [*steps, _("Association"), _("Co-operative")], 1
    if stage is Stage.ASSOCIATION:
        return [*steps, _("Association"), _("Co-operative")], 2
    if any(facts.stage is Stage.ASSOCIATION for facts in reached):
        steps.append(_("Association"))
    steps.append(_("Co-operative"))
    if stage not in BELGIAN_CV:
        return steps, len(steps) + 1
    # A CV may still be recognised; whoever is, has gone the whole way.
    return [*steps, _("Recognition")], len(steps) if stage is Stage.CV else len(steps) + 2


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Write down who the co-operative is, from a date on."""
    room = enter(request)
    form = ProfileForm(request.POST or None, initial=_profile_initial(room))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_profile(actor=request.actor, now=room.now, coop_id=room.coop.id, **form.profile())
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Written down, from the date that you gave."))
            return redirect("coops:settings", slug=room.coop.slug)
    return render(request, "coops/settings/profile.html", room.settings("profile", form=form))


def _profile_initial(room: Room) -> dict[str, Any]:
    now = queries.profile(room.coop.id, room.today)
    seat = now.seat.as_record() if now.seat else {"country": "NL" if room.stage.value.startswith("nl_") else "BE"}
    return {
        "legal_name": now.legal_name,
        "enterprise_no": written_enterprise_no(now.enterprise_no),
        "share_word": now.share_word.value,
        "valid_from": room.today,
        **seat,
        **{f"public_{code}": text for code, text in now.public_text.items()},
    }


@require_http_methods(["GET", "POST"])
def stage(request: Request) -> HttpResponse:
    """Write down that a stage was reached, and see those before."""
    room = enter(request)
    # An earlier stage is written down later too: then every stage is offered, by a link.
    is_all = "all" in request.GET
    offered = [
        one for one in Stage if one in TRANSITIONS[room.stage] or (is_all and one not in (Stage.INITIATIVE, room.stage))
    ]
    form = StageForm(request.POST or None, stages=offered)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_stage(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                stage=Stage(given["stage"]),
                valid_from=given["valid_from"],
                reference=given["reference"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request, _("Written down. The rules and bodies of this stage are there now; look through them.")
            )
            return redirect("coops:rules", slug=room.coop.slug)
    history = [
        {
            "name": STAGE_NAMES[facts.stage],
            "valid_from": facts.valid_from,
            "reference": facts.reference,
            "state": "later" if facts.valid_from > room.today else "done",
        }
        for facts in reversed(queries.stage_history(room.coop.id))
    ]
    context = room.settings("stage", form=form, history=history, stage_name=STAGE_NAMES[room.stage], is_all=is_all)
    return render(request, "coops/settings/stage.html", context)


@require_http_methods(["GET", "POST"])
def take_back_stage(request: Request, date: str) -> HttpResponse:
    """Ask before a stage is taken back; then take it back."""
    room = enter(request)
    facts = next((one for one in queries.stage_history(room.coop.id) if one.valid_from.isoformat() == date), None)
    if facts is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            actions.take_back_stage(
                actor=request.actor, now=room.now, coop_id=room.coop.id, valid_from=facts.valid_from
            )
        except Refused as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("Taken back. The stage before it went on, with its rules."))
            return redirect("coops:stage", slug=room.coop.slug)
    context = room.settings("stage", stage_name=STAGE_NAMES[facts.stage], since=facts.valid_from, refused=refused)
    return render(request, "coops/settings/take_back_stage.html", context)


@require_GET
def rules(request: Request) -> HttpResponse:
    """Show the rules that hold on a date, with where they come from and how sure they are."""
    room = enter(request)
    filters = OnForm(request.GET if request.GET.get("on") else None, initial={"on": room.today})
    on = filters.date(room.today)
    holding = queries.rules(room.coop.id, on)
    to_check = {name for name, held in holding.items() if held.mark is Mark.CHECK}
    shown = to_check if "check" in request.GET else set(holding)
    groups = [
        {
            "title": in_language(label),
            "rules": [
                _rule_line(holding[name])
                for name, key in presets.catalogue().items()
                if key.section == section and name in shown
            ],
        }
        for section, label in presets.sections().items()
    ]
    missing = [
        {"name": name, "label": in_language(key.label)}
        for name, key in presets.catalogue().items()
        if name not in holding
    ]
    context = room.settings(
        "rules",
        filters=filters,
        on=on,
        groups=[group for group in groups if group["rules"]],
        missing=missing,
        count=len(holding),
        to_check=len(to_check),
        is_checking=shown is to_check,
    )
    return render(request, "coops/settings/rules.html", context)


def _rule_line(rule: RuleFacts) -> dict[str, Any]:
    key = presets.catalogue()[rule.key]
    return {
        "name": rule.key,
        "label": in_language(key.label),
        "lines": [] if rule.value is None else value_in_words(key, rule.value),
        "valid_from": rule.valid_from,
        "recorded_at": rule.recorded_at,
        "source": source_in_words(rule.source, rule.preset, rule.key),
        "mark": MARK_NAMES[rule.mark],
        "is_to_check": rule.mark is Mark.CHECK,
        "is_confirmed": rule.mark is Mark.CONFIRMED,
        "text": presets.explanation(rule.preset, rule.key, rule.valid_from),
    }


@require_http_methods(["GET", "POST"])
def rule(request: Request, key: str) -> HttpResponse:
    """Change one rule from a date on, and see what it was before."""
    room = enter(request)
    known = presets.catalogue().get(key)
    if known is None:
        raise Http404
    held = queries.rule(room.coop.id, key, room.today)
    before = None if held is None else held.value
    form = RuleForm(
        request.POST or None,
        key=known,
        initial={
            "value": initial_for(known, before),
            # What the law says is confirmed from its own date; a rule of the statutes changes from a later one.
            "valid_from": held.valid_from if held and held.mark is not Mark.CONFIRMED else room.today,
            "source": "" if held is None or held.preset else held.source,
            "is_confirmed": True,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_rules(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                valid_from=given["valid_from"],
                values={key: value_from(known, given["value"], before, room.coop.language)},
                source=given["source"],
                is_confirmed=given["is_confirmed"],
            )
        except Refused as refusal:
            if refusal.path == key:
                refusal.path = "value"
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Written down, from the date that you gave."))
            return redirect("coops:rules", slug=room.coop.slug)
    history = [_rule_line(one) for one in queries.rule_history(room.coop.id).get(key, [])]
    context = room.settings(
        "rules",
        form=form,
        label=in_language(known.label),
        held=None if held is None else _rule_line(held),
        history=history,
    )
    return render(request, "coops/settings/rule.html", context)


@require_http_methods(["GET", "POST"])
def look(request: Request) -> HttpResponse:
    """Change name, first language, hue and mail footer; a hue in the address shows the page in it."""
    room = enter(request)
    coop = room.coop
    initial = {"name": coop.name, "language": coop.language, "hue": coop.hue, "mail_footer": coop.mail_footer}
    shown = request.GET.get("hue", "")
    tried = int(shown) % 360 if shown.isdecimal() and len(shown) < 5 else None
    if tried is not None:
        # What was typed beside the colour comes along, so that trying a colour loses nothing.
        initial.update({name: request.GET[name] for name in ("name", "language", "mail_footer") if name in request.GET})
        initial["hue"] = tried
    form = LookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_look(actor=request.actor, now=room.now, coop_id=coop.id, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("coops:look", slug=coop.slug)
    context = room.settings("look", form=form, is_trying=tried is not None and tried != coop.hue)
    if tried is not None:
        context["coop_hue"] = tried
    return render(request, "coops/settings/look.html", context)
