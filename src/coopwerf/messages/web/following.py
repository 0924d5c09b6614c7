"""Following without an account: a form, a button behind a link in a mail, a page of one's own, and the way out.

A GET changes nothing anywhere here: programs that open links before people do confirm nobody, and take nobody out.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as said
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more, once_more_here, visitor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal

from .. import actions, addresses, consent, links, queries
from ..states import RHYTHM_NAMES, Rhythm
from ..topics import ALL, known_topics

FOLLOW_WHY = "whoever wants to hear of a co-operative follows it here, without an account; it never says who does"
OWN_WHY = "whoever reads the mail of a follower sees and changes here what they follow, without an account"
LEAVE_WHY = "whoever gets our mail leaves here, in one click and without an account"
A_DAY = 86_400
FROM_ONE_PLACE = 20
TO_ONE_ADDRESS = 3
FOR_ONE_COOP = 1000


def _topic_choices() -> list[tuple[str, Any]]:
    return [(ALL, gettext_lazy("Everything")), *((one.code, one.name) for one in known_topics().values())]


class ChoicesForm(forms.Form):
    """Ask what to follow, how often, and in which language."""

    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What do you want to hear of?"), widget=forms.CheckboxSelectMultiple
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=list(RHYTHM_NAMES.items()),
        widget=forms.RadioSelect,
        initial=Rhythm.AT_ONCE.value,
        help_text=gettext_lazy("A newsletter always comes at once."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(formats.LANGUAGE_NAMES.items()))
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=actions.LONGEST_NAME, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = _topic_choices()  # type: ignore[attr-defined]


class FollowForm(ChoicesForm):
    """Ask also for an address, and leave a field empty that only machines fill in."""

    email = addresses.AddressField(label=gettext_lazy("Your e-mail address"))
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False)


class OwnForm(ChoicesForm):
    """Ask what somebody follows from now on; perhaps nothing."""

    newsletters = forms.BooleanField(
        label=gettext_lazy("Newsletters to members, helpers and participants, if I am one"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].required = False
        self.fields["topics"].is_wanted = True  # type: ignore[attr-defined]


@public(FOLLOW_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: Request) -> HttpResponse:
    """Take an address and what it wants to hear of; a mail asks whether it was them."""
    language = formats.language(get_language())
    wanted = [code for code in request.GET.getlist("topic") if code in known_topics()]
    form = FollowForm(request.POST or None, initial={"language": language, "topics": wanted or [ALL]})
    if request.method == "POST" and form.is_valid():
        # A machine that fills in every field is told the same as a human being, and nothing is sent.
        if form.cleaned_data["website"]:
            return redirect("messages:follow-sent", slug=request.coop.slug)
        try:
            if _may_ask(request, form.cleaned_data["email"]):
                _ask(request, form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect("messages:follow-sent", slug=request.coop.slug)
    context = {"form": form, "consent": consent.WORDS[consent.NOW]}
    return render(request, "messages/follow.html", context)


def _ask(request: Request, told: dict[str, Any]) -> None:
    actions.ask_to_follow(
        actor=request.actor,
        now=clock.now(),
        coop_id=request.coop.id,
        email=told["email"],
        name=told["name"],
        language=told["language"],
        topics=told["topics"],
        rhythm=Rhythm(told["rhythm"]),
    )


def _may_ask(request: Request, email: str) -> bool:
    """Tell whether a mail may go to an address; raises Refused where too much is asked from one place.

    An address that was asked for often hears no more of it, and whoever asks is told the same as always.
    """
    if not once_more_here(request, "messages.follow", from_one_place=FROM_ONE_PLACE, in_all=FOR_ONE_COOP):
        raise Refused("messages.asked_often")
    if not once_more("messages.follow.to", addresses.mailbox(email), most=TO_ONE_ADDRESS, seconds=A_DAY):
        return False
    return addresses.once_more_to(email, place=visitor(request))


@public(FOLLOW_WHY)
@require_GET
def sent(request: Request) -> HttpResponse:
    """Say what comes next, the same to everybody."""
    return render(request, "messages/follow_sent.html")


def _gone(request: Request) -> HttpResponse:
    return render(request, "messages/link_gone.html", status=404)


def _reader(request: Request, token: str, purpose: str) -> queries.ContactFacts | None:
    """Return whose link this is and speak their language, unless they chose another; None where it opens nothing."""
    contact_id = links.read(token, purpose)
    if contact_id is None:
        return None
    contact = queries.contact(request.coop.id, contact_id)
    if "coopwerf_language" not in request.COOKIES:
        translation.activate(request.coop.language_for(contact.language))
    return contact


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: Request, token: str) -> HttpResponse:
    """Ask once more, with a button; opening the page changes nothing."""
    contact = _reader(request, token, actions.FOLLOW)
    if contact is None:
        return _gone(request)
    own = _own_url(request, contact.id)
    if request.method == "POST":
        try:
            actions.confirm_following(
                actor=request.actor, now=clock.now(), coop_id=request.coop.id, contact_id=contact.id
            )
        except Refused as refusal:
            return render(request, "messages/link_gone.html", {"why": refusal.message}, status=410)
        said.success(request, _("You follow us from now on. Here you change it whenever you want."))
        return HttpResponseRedirect(own)
    told = queries.choices(request.coop.id, contact.id)
    context = {
        "names": _names(told.asked),
        "followed": _names(told.topics),
        "rhythm": RHYTHM_NAMES[told.rhythm],
        "own": own,
        "consent": consent.WORDS[consent.NOW],
    }
    return render(request, "messages/follow_confirm.html", context)


def _names(topics: frozenset[str]) -> list[str]:
    return [str(name) for code, name in _topic_choices() if code in topics]


def _own_url(request: Request, contact_id: uuid.UUID) -> str:
    token = links.sign(contact_id, actions.PREFERENCES)
    return reverse("messages:preferences", args=[request.coop.slug, token])


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def preferences(request: Request, token: str) -> HttpResponse:
    """Show somebody what they follow, and let them change it."""
    contact = _reader(request, token, actions.PREFERENCES)
    if contact is None:
        return _gone(request)
    told = queries.choices(request.coop.id, contact.id)
    initial = {
        "topics": sorted(told.topics),
        "rhythm": told.rhythm.value,
        "language": contact.language,
        "name": contact.name,
        "newsletters": contact.declined_at is None,
    }
    form = OwnForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        whose = {"actor": request.actor, "now": clock.now(), "coop_id": request.coop.id, "contact_id": contact.id}
        asks_name = given["name"] != contact.name
        try:
            if asks_name:
                _may_mail(contact)
                actions.ask_for_name(**whose, name=given["name"])
            actions.choose_following(
                **whose,
                topics=given["topics"],
                rhythm=Rhythm(given["rhythm"]),
                language=given["language"],
                newsletters=given["newsletters"],
            )
        except Refused as refusal:
            put_refusal(form, refusal, "name")
        else:
            said.success(request, _("Kept. From now on you hear of what you chose."))
            if asks_name:
                said.info(
                    request,
                    _("Your name changes when you press the button in the mail to %(email)s.")
                    % {"email": contact.email},
                )
            return HttpResponseRedirect(request.path)
    leave_url = reverse("messages:leave", args=[request.coop.slug, links.sign(contact.id, actions.LEAVE)])
    context = {
        "form": form,
        "contact": contact,
        "came_back": bool(queries.blocked_among([addresses.key_of(contact.email)])),
        "token": token,
        "leave_url": leave_url,
    }
    return render(request, "messages/preferences.html", context)


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def own_data(request: Request, token: str) -> HttpResponse:
    """Mail somebody everything that is stored about them: who was passed this link on doesn't read it here."""
    contact = _reader(request, token, actions.PREFERENCES)
    if contact is None:
        return _gone(request)
    back = reverse("messages:preferences", args=[request.coop.slug, token])
    if request.method == "POST":
        _mail(request, contact, actions.mail_own_data, _("It is on its way to %(email)s."))
        return HttpResponseRedirect(back)
    context = {
        "title": _("Take my data along"),
        "text": _("A mail with everything that we store about you goes to %(email)s.") % {"email": contact.email},
        "act": _("Mail it to me"),
        "look": "",
        "back": back,
    }
    return render(request, "ui/confirm.html", context)


def _may_mail(contact: queries.ContactFacts) -> None:
    """Count one more mail to a contact who asks for it; raises Refused where there were many."""
    if not addresses.once_more_to(contact.email):
        raise Refused("messages.asked_often")


def _mail(request: Request, contact: queries.ContactFacts, act: Callable[..., object], done: str) -> None:
    """Have something mailed to a contact, and say so; or why not."""
    try:
        _may_mail(contact)
        act(actor=request.actor, now=clock.now(), coop_id=request.coop.id, contact_id=contact.id)
    except Refused as refusal:
        said.error(request, refusal.message)
    else:
        said.success(request, done % {"email": contact.email})


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def forget(request: Request, token: str) -> HttpResponse:
    """Ask by mail whether somebody wants to be forgotten: who was passed this link on forgets nobody here."""
    contact = _reader(request, token, actions.PREFERENCES)
    if contact is None:
        return _gone(request)
    back = reverse("messages:preferences", args=[request.coop.slug, token])
    if request.method == "POST":
        done = _("Press the button in the mail to %(email)s, and you are forgotten.")
        _mail(request, contact, actions.ask_to_forget, done)
        return HttpResponseRedirect(back)
    text = _("A mail with a button goes to %(email)s: pressed there, it forgets you for good. Nobody else can do that.")
    context = {
        "title": _("Shall we forget you?"),
        "text": text % {"email": contact.email},
        "act": _("Mail it to me"),
        "look": "",
        "back": back,
    }
    return render(request, "ui/confirm.html", context)


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def forget_confirm(request: Request, token: str) -> HttpResponse:
    """Forget somebody who asks for it behind the link of a mail: their address, their name, what they were written."""
    contact = _reader(request, token, actions.FORGET)
    if contact is None:
        return _gone(request)
    if request.method == "POST":
        actions.forget_contact(actor=request.actor, now=clock.now(), coop_id=request.coop.id, contact_id=contact.id)
        return render(request, "messages/forgotten.html")
    return render(request, "messages/forget.html", {"back": _own_url(request, contact.id)})


@public(OWN_WHY)
@never_cache
@require_http_methods(["GET", "POST"])
def name_confirm(request: Request, token: str) -> HttpResponse:
    """Change what somebody is called, behind the link of a mail to them."""
    name = request.GET.get("name", "")
    contact = _reader(request, token, links.name_purpose(name))
    if contact is None:
        return _gone(request)
    own = _own_url(request, contact.id)
    if request.method == "POST":
        actions.change_contact(
            actor=request.actor,
            now=clock.now(),
            coop_id=request.coop.id,
            contact_id=contact.id,
            name=name,
            language=contact.language,
        )
        said.success(request, _("Kept. That is how we call you from now on."))
        return HttpResponseRedirect(own)
    context = {
        "title": _("Another name?"),
        "text": _("From now on we write to you as %(name)s.") % {"name": name}
        if name
        else _("From now on we write to you without a name."),
        "act": _("Yes, that is my name") if name else _("Yes, leave my name out"),
        "look": "",
        "back": own,
    }
    return render(request, "ui/confirm.html", context)


@public(LEAVE_WHY)
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: Request, token: str) -> HttpResponse:
    """Take somebody out: by the button on this page, or by one POST of a mail program (RFC 8058), without cookies."""
    contact = _reader(request, token, actions.LEAVE)
    if contact is None:
        return _gone(request)
    own = _own_url(request, contact.id)
    if request.method == "POST":
        actions.leave(actor=request.actor, now=clock.now(), coop_id=request.coop.id, contact_id=contact.id)
        if "List-Unsubscribe" in request.POST:
            # A mail program reads no page.
            return HttpResponse(_("You left"), content_type="text/plain; charset=utf-8")
        return render(request, "messages/left.html", {"own": own})
    has_left = contact.declined_at is not None and not queries.choices(request.coop.id, contact.id).topics
    return render(request, "messages/left.html" if has_left else "messages/leave.html", {"own": own})
