"""For those who write newsletters: texts with a preview, whom they are for, a try, sending, and how far it is."""

import uuid
from typing import Any

from csp.decorators import csp
from django import forms
from django.conf import settings
from django.contrib import messages as said
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.kernel import clock
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui import formats
from coopwerf.ui.fields import MARKS, MomentForm, put_refusal

from .. import actions, addresses, policies, queries
from ..audiences import Audience, find, offered
from ..newspaper import sample
from ..queries import NewsletterFacts
from ..states import NEWS_STATE_NAMES, NOTICE_NAMES, NewsState, Notice
from .views import SANDBOX

NINE = "09:00"
"""When newsletters leave, unless somebody says otherwise."""


class WordsForm(forms.Form):
    """Ask for subject and text in one language."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": "18"}),
        required=False,
        help_text=format_lazy(
            "{} {}", gettext_lazy("The mail begins with “Hello” and ends with your name by itself."), MARKS
        ),
    )


class AudienceForm(forms.Form):
    """Ask whom a newsletter is for."""

    audiences = forms.MultipleChoiceField(label=gettext_lazy("For whom is it?"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Only for readers of"),
        choices=list(formats.LANGUAGE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nothing ticked: everybody. Where you didn’t write in their language, they get yours."),
    )
    reply_to = addresses.AddressField(
        label=gettext_lazy("Answers go to"), required=False, help_text=gettext_lazy("An address that somebody reads.")
    )
    notice = forms.ChoiceField(
        label=gettext_lazy("Is it a notice by law?"),
        choices=[("", gettext_lazy("No, whoever wants no more of it can leave")), *NOTICE_NAMES.items()],
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy(
            "Nobody can unsubscribe from a notice; the mail says why. It doesn’t go into the archive."
        ),
    )
    on_paper = forms.BooleanField(label=gettext_lazy("On paper for members whom no mail reaches"), required=False)

    def __init__(self, *args: Any, there: list[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audiences"].choices = [(one.code, one.name) for one in there]  # type: ignore[attr-defined]


def _guard(request: Request) -> None:
    policies.may_write_news(request.actor, request.coop.id, clock.civil_date(clock.now())).require()


def _one(request: Request, newsletter_id: uuid.UUID) -> NewsletterFacts:
    _guard(request)
    found = queries.newsletter_or_none(request.coop.id, newsletter_id)
    if found is None:
        raise Http404
    return found


def _url(request: Request, newsletter_id: uuid.UUID) -> str:
    return reverse("messages:newsletter", args=[request.coop.slug, newsletter_id])


@require_http_methods(["GET", "POST"])
@never_cache
def newsletters(request: Request) -> HttpResponse:
    """List newsletters, and begin one."""
    _guard(request)
    if request.method == "POST":
        made = actions.draft_newsletter(actor=request.actor, now=clock.now(), coop_id=request.coop.id)
        return HttpResponseRedirect(_url(request, made))
    lines = [(one, NEWS_STATE_NAMES[one.state]) for one in queries.newsletters(request.coop.id)]
    return render(request, "messages/newsletters.html", {"lines": lines})


@require_GET
@never_cache
def newsletter(request: Request, newsletter_id: uuid.UUID) -> HttpResponse:
    """Show one newsletter: its texts, whom it is for and how many that are, what hinders it, how far it is."""
    return _shown(request, _one(request, newsletter_id), MomentForm(initial={"time": NINE}))


def _shown(request: Request, one: NewsletterFacts, plan: MomentForm) -> HttpResponse:
    today = clock.civil_date(clock.now())
    whom = queries.audience_of(one, request.coop.id, today) if one.is_draft else None
    languages = [
        (code, name, one.texts.get(code), code in one.texts and one.texts[code].is_whole)
        for code, name in formats.LANGUAGE_NAMES.items()
    ]
    by_language: dict[str, int] = {}
    for recipient, _address in whom.reached if whom else ():
        by_language[recipient.language] = by_language.get(recipient.language, 0) + 1
    names = {found.code: found.name for found in offered(request.coop.id, today)}
    names = {**{found.code: found.name for found in map(find, one.audiences) if found is not None}, **names}
    progress = None if one.bulk_id is None else queries.progress(one.bulk_id)
    state_name = str(NEWS_STATE_NAMES[one.state])
    if one.state is NewsState.SENDING and progress is not None and progress.waiting:
        state_name = pgettext("mail", "On its way")
    context = {
        "one": one,
        "state_name": state_name,
        "texts": languages,
        "audiences": [names[code] for code in one.audiences if code in names],
        "reached": len(whom.reached) if whom else 0,
        "unreached": len(whom.unreached) if whom else one.unreached,
        "counts": [(formats.LANGUAGE_NAMES.get(code, code), count) for code, count in sorted(by_language.items())],
        "notice": NOTICE_NAMES[one.notice] if one.notice else "",
        "may_send": policies.may_send(one),
        "progress": progress,
        "plan": plan,
        "has_server": bool(settings.SMTP_URL),
        "scheduled": one.state is NewsState.SCHEDULED,
        "sending": one.state is NewsState.SENDING,
        "paused": one.state is NewsState.PAUSED,
    }
    return render(request, "messages/newsletter.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def texts(request: Request, newsletter_id: uuid.UUID, language: str) -> HttpResponse:
    """Write a newsletter in one language, its preview beside it."""
    one = _one(request, newsletter_id)
    if language not in formats.LANGUAGE_NAMES or not one.is_draft:
        raise Http404
    words = one.texts.get(language)
    initial = {} if words is None else {"subject": words.subject, "text": words.text}
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_newsletter(
                actor=request.actor,
                now=clock.now(),
                coop_id=request.coop.id,
                newsletter_id=newsletter_id,
                language=language,
                subject=form.cleaned_data["subject"],
                text=form.cleaned_data["text"],
            )
        except Refused as refusal:
            put_refusal(form, refusal, "text")
        else:
            said.success(request, _("The text is kept."))
            again = "again" in request.POST
            return HttpResponseRedirect(request.path if again else _url(request, newsletter_id))
    context = {"one": one, "form": form, "language": language, "language_name": formats.LANGUAGE_NAMES[language]}
    return render(request, "messages/newsletter_texts.html", {**context, "words": words})


@require_GET
@never_cache
@csp(SANDBOX)  # type: ignore[arg-type]  # its types know no arguments of a view
def preview(request: Request, newsletter_id: uuid.UUID, language: str) -> HttpResponse:
    """Show a newsletter as a mail program does, by itself, in a sandbox: nothing fetched, no scripts."""
    one = _one(request, newsletter_id)
    words = one.texts.get(language)
    if words is None:
        raise Http404
    shown = sample(request.coop, one, language, clock.civil_date(clock.now()))
    return HttpResponse(shown.html)


@require_http_methods(["GET", "POST"])
@never_cache
def audience(request: Request, newsletter_id: uuid.UUID) -> HttpResponse:
    """Say whom a newsletter is for."""
    one = _one(request, newsletter_id)
    if not one.is_draft:
        raise Http404
    initial = {
        "audiences": list(one.audiences),
        "languages": list(one.languages),
        "reply_to": one.reply_to,
        "notice": one.notice.value if one.notice else "",
        "on_paper": one.on_paper,
    }
    there = offered(request.coop.id, clock.civil_date(clock.now()))
    # A part that isn't offered any more stays as it was chosen, until somebody takes it away.
    kept = [found for found in map(find, set(one.audiences) - {each.code for each in there}) if found is not None]
    form = AudienceForm(request.POST or None, initial=initial, there=[*there, *kept])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        terms = actions.NewsletterTerms(
            audiences=tuple(told["audiences"]),
            languages=tuple(told["languages"]),
            reply_to=told["reply_to"],
            notice=Notice(told["notice"]) if told["notice"] else None,
            on_paper=told["on_paper"],
        )
        try:
            actions.address_newsletter(
                actor=request.actor,
                now=clock.now(),
                coop_id=request.coop.id,
                newsletter_id=newsletter_id,
                terms=terms,
            )
        except Refused as refusal:
            put_refusal(form, refusal, "audiences")
        else:
            return HttpResponseRedirect(_url(request, newsletter_id))
    return render(request, "messages/newsletter_audience.html", {"one": one, "form": form})


MOVES = {"pause": NewsState.PAUSED, "go-on": NewsState.SENDING, "stop": NewsState.STOPPED}


@require_POST
def do(request: Request, newsletter_id: uuid.UUID, what: str) -> HttpResponse:
    """Do what a button asks: try, plan, send, pause, go on, stop, delete."""
    one = _one(request, newsletter_id)
    act: dict[str, Any] = {
        "actor": request.actor,
        "now": clock.now(),
        "coop_id": request.coop.id,
        "newsletter_id": newsletter_id,
    }
    try:
        if what == "try":
            _try(request, act)
        elif what == "plan":
            form = MomentForm(request.POST)
            if not form.is_valid():
                return _shown(request, one, form)
            actions.plan_newsletter(**act, at=form.moment(clock.CIVIL))
        elif what == "unplan":
            actions.plan_newsletter(**act, at=None)
        elif what == "send":
            actions.release_newsletter(**act)
            said.success(request, _("It leaves now. Here you see how far it is."))
        elif what == "delete":
            actions.delete_newsletter(**act)
            return redirect("messages:newsletters", slug=request.coop.slug)
        elif what in MOVES:
            actions.move_newsletter(**act, to=MOVES[what])
        else:
            raise Http404
    except Refused as refusal:
        said.error(request, refusal.message)
    return HttpResponseRedirect(_url(request, newsletter_id))


def _try(request: Request, act: dict[str, Any]) -> None:
    own = request.actor.party_id
    email = people.email_of([own]).get(own, "") if own else ""
    sent = actions.try_newsletter(**act, email=email)
    words = ngettext(
        "%(count)s mail is on its way to %(email)s.", "%(count)s mails are on their way to %(email)s.", len(sent)
    )
    said.success(request, words % {"count": len(sent), "email": email})


@require_GET
@never_cache
def sending(request: Request, newsletter_id: uuid.UUID) -> HttpResponse:
    """Ask once more before a newsletter leaves: to how many, in which languages."""
    one = _one(request, newsletter_id)
    verdict = policies.may_send(one)
    verdict.require()
    whom = queries.audience_of(one, request.coop.id, clock.civil_date(clock.now()))
    context = {
        "one": one,
        "back": _url(request, newsletter_id),
        "reached": len(whom.reached),
        "unreached": len(whom.unreached),
        "languages": [formats.LANGUAGE_NAMES[code] for code in one.texts],
    }
    return render(request, "messages/newsletter_send.html", context)
