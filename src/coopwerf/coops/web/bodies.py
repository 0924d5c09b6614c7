"""Bodies and mandates: who held which on a date, giving and ending them, inviting by mail."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars
from coopwerf.ui.fields import put_refusal

from .. import actions, policies, queries
from ..queries import BodyFacts, InvitationFacts, MandateFacts
from ..states import BODY_NAMES, ROLE_NAMES, BodyKind, Power
from .forms import BodyForm, ChangeBodyForm, EndForm, GrantForm, InviteForm, OnForm, first_seat
from .rooms import Room, enter

FOUND_AT_ONCE = 20


def body_name(body: BodyFacts | MandateFacts | InvitationFacts) -> str:
    """Return what a body is called: its own name, else the usual one of its kind."""
    if isinstance(body, BodyFacts):
        return body.name or str(BODY_NAMES[body.kind])
    return body.body_name or str(BODY_NAMES[body.body_kind])


def invitable(bodies: Iterable[BodyFacts]) -> list[tuple[uuid.UUID, BodyKind, str]]:
    """Return bodies as the forms of roles need them."""
    return [(body.id, body.kind, body_name(body)) for body in bodies]


def _held(room: Room, mandates: list[MandateFacts]) -> list[dict[str, Any]]:
    names = people.particulars([held.party_id for held in mandates], room.today)
    return [
        {
            "id": held.id,
            "body_id": held.body_id,
            "body": body_name(held),
            "name": names[held.party_id].spoken or _("(erased)"),
            "role": ROLE_NAMES[held.role],
            "valid_from": held.valid_from,
            "until": held.until,
            "reference": held.reference,
            "is_open": held.until is None or held.until >= room.today,
        }
        for held in mandates
    ]


@require_GET
def bodies(request: Request) -> HttpResponse:
    """Show the bodies as of a date, and who sat in them."""
    room = enter(request)
    filters = OnForm(request.GET if request.GET.get("on") else None, initial={"on": room.today})
    on = filters.date(room.today)
    mandates = _held(room, queries.office_holders(room.coop.id, on))
    there = queries.bodies(room.coop.id, on)
    groups = [
        {
            "id": body.id,
            "key": str(body.id),
            "name": body_name(body),
            "held": [held for held in mandates if held["body_id"] == body.id],
        }
        for body in there
    ]
    may_manage = room.verdict(Power.MANAGE_MANDATES)
    invitations = queries.open_invitations(room.coop.id, room.now) if may_manage else []
    context = {
        "filters": filters,
        "on": on,
        "is_today": on == room.today,
        "groups": [group for group in groups if group["held"]],
        "vacant": [group for group in groups if not group["held"]],
        "count": len(mandates),
        "may_manage": may_manage,
        "has_mail_server": bool(settings.SMTP_URL),
        "invitations": [{"facts": one, "body": body_name(one), "role": ROLE_NAMES[one.role]} for one in invitations],
    }
    return render(request, "coops/bodies/list.html", context)


@require_GET
def history(request: Request) -> HttpResponse:
    """Show every mandate, past and future ones too."""
    room = enter(request)
    mandates = _held(room, queries.mandate_history(room.coop.id))
    mandates.sort(key=lambda held: held["valid_from"], reverse=True)
    return render(request, "coops/bodies/history.html", {"mandates": mandates})


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Add a body."""
    room = enter(request)
    form = BodyForm(
        request.POST or None, kinds=list(BODY_NAMES.items()), initial={"valid_from": room.today, "kind": "committee"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_body(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                kind=BodyKind(given["kind"]),
                name=given["name"],
                valid_from=given["valid_from"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The body is there. Give its first mandates now."))
            return redirect("coops:bodies", slug=room.coop.slug)
    return render(request, "coops/bodies/add.html", {"form": form, "verdict": room.verdict(Power.MANAGE_MANDATES)})


@require_http_methods(["GET", "POST"])
def change(request: Request, body_id: uuid.UUID) -> HttpResponse:
    """Rename a body, or close it."""
    room = enter(request)
    body = next((one for one in queries.bodies(room.coop.id) if one.id == body_id), None)
    if body is None:
        raise Http404
    form = ChangeBodyForm(request.POST or None, initial={"name": body.name, "until": body.until})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_body(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                body_id=body_id,
                name=form.cleaned_data["name"],
                until=form.cleaned_data["until"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("coops:bodies", slug=room.coop.slug)
    context = {"form": form, "body": body_name(body), "verdict": room.verdict(Power.MANAGE_MANDATES)}
    return render(request, "coops/bodies/change.html", context)


def _told_apart(room: Room, found: Sequence[Particulars]) -> dict[str, str]:
    """Return what tells people of one name apart, by party: where they live, their number; never how to reach them."""
    numbers = policies.described(room.coop.id, [one.party_id for one in found], room.today)
    return {
        str(one.party_id): ", ".join(filter(None, (one.address.town if one.address else "", *numbers[one.party_id])))
        for one in found
    }


@require_http_methods(["GET", "POST"])
def grant(request: Request) -> HttpResponse:
    """Give a role to somebody who is known here: look them up, then choose role and dates."""
    room = enter(request)
    verdict = room.verdict(Power.MANAGE_MANDATES)
    words = (request.POST.get("q") or request.GET.get("q") or "").strip()[:200]
    body = request.GET.get("body", "")[:40]
    known = policies.acquaintances(room.coop.id, words, room.today) if verdict else frozenset()
    found = people.particulars(sorted(known), room.today).values()
    chosen = sorted(found, key=lambda one: (one.sort_key, one.party_id))[:FOUND_AT_ONCE]
    bodies = invitable(queries.bodies(room.coop.id, room.today))
    form = GrantForm(
        request.POST or None,
        people=[(one.party_id, one.spoken) for one in chosen if not one.is_erased],
        bodies=bodies,
        initial={"valid_from": room.today, "seat": first_seat(bodies, body)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.grant_mandate(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                party_id=uuid.UUID(given["party"]),
                valid_from=given["valid_from"],
                until=given["until"],
                reference=given["reference"],
                **form.body_and_role(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The mandate is written down."))
            return redirect("coops:bodies", slug=room.coop.slug)
    context = {
        "form": form,
        "words": words,
        "body": body,
        "notes": _told_apart(room, chosen),
        "found": len(chosen),
        "more": len(known) > len(chosen),
        "verdict": verdict,
    }
    return render(request, "coops/bodies/grant.html", context)


@require_http_methods(["GET", "POST"])
def end(request: Request, mandate_id: uuid.UUID) -> HttpResponse:
    """End a mandate, or take it back as never held."""
    room = enter(request)
    held = next((one for one in queries.mandate_history(room.coop.id) if one.id == mandate_id), None)
    if held is None:
        raise Http404
    form = EndForm(request.POST or None, initial={"until": held.until or room.today, "how": "ended"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.end_mandate(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                mandate_id=mandate_id,
                until=given["until"],
                was_never_held=given["how"] == "never",
                reference=given["reference"],
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Written down. What stood there before stays readable."))
            return redirect("coops:bodies", slug=room.coop.slug)
    context = {"form": form, "held": _held(room, [held])[0], "verdict": room.verdict(Power.MANAGE_MANDATES)}
    return render(request, "coops/bodies/end.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: Request) -> HttpResponse:
    """Offer a role to somebody by mail."""
    room = enter(request)
    form = InviteForm(
        request.POST or None,
        bodies=invitable(queries.bodies(room.coop.id, room.today)),
        initial={"language": room.coop.language, "valid_from": room.today},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation = actions.invite(
                actor=request.actor,
                now=room.now,
                coop_id=room.coop.id,
                email=given["email"],
                language=given["language"],
                valid_from=given["valid_from"],
                **form.body_and_role(),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            said = (
                _("The invitation to %(email)s is on its way.")
                if settings.SMTP_URL
                else _("The invitation to %(email)s is written, and waits in the outbox.")
            )
            messages.success(request, said % {"email": invitation.email})
            return redirect("coops:bodies", slug=room.coop.slug)
    return render(request, "coops/bodies/invite.html", {"form": form, "verdict": room.verdict(Power.MANAGE_MANDATES)})


@require_POST
def withdraw(request: Request, invitation_id: uuid.UUID) -> HttpResponse:
    """Take an invitation back."""
    room = enter(request)
    if not queries.has_invitation(room.coop.id, invitation_id):
        raise Http404
    try:
        actions.withdraw_invitation(
            actor=request.actor, now=room.now, coop_id=room.coop.id, invitation_id=invitation_id
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation doesn't work any more."))
    return redirect("coops:bodies", slug=room.coop.slug)
