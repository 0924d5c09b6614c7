"""A visitor asks something about an offer: it goes by mail to those who manage offers, and nothing is kept here."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.kernel import clock
from coopwerf.kernel.limits import once_more_here
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request, public
from coopwerf.ui import formats
from coopwerf.ui.fields import put_refusal
from coopwerf.ui.speaking import speak

from .. import actions
from ..actions.questions import LONGEST_QUESTION
from .public import open_page
from .telling import page_url, text_language

ASK = "whoever thinks of taking shares may ask something first"
FROM_ONE_PLACE = 5
FOR_ONE_COOP = 60


class QuestionForm(forms.Form):
    """Ask for a question, and where to send the answer."""

    question = forms.CharField(
        label=gettext_lazy("Your question"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_QUESTION}),
        max_length=LONGEST_QUESTION,
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("For the answer, and for nothing else."),
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120, required=False)
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False)


@public(ASK)
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: Request, offer: str) -> HttpResponse:
    """Take a question, and mail it to those who answer it."""
    speak(request)
    found = open_page(request, offer)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # A machine that fills in every field is told the same as a human being, and nothing is sent.
        if form.cleaned_data["website"]:
            return redirect("capital:asked", slug=request.coop.slug, offer=found.slug)
        try:
            _not_too_often(request)
            actions.ask_about(
                actor=request.actor,
                now=clock.now(),
                coop_id=request.coop.id,
                offer_id=found.id,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                question=form.cleaned_data["question"],
                language=formats.language(get_language()),
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect("capital:asked", slug=request.coop.slug, offer=found.slug)
    words = found.words(text_language(found))
    context = {"form": form, "offer": found, "words": words, "back": page_url(request.coop, found)}
    return render(request, "capital/ask.html", context)


def _not_too_often(request: Request) -> None:
    if not once_more_here(request, "capital.ask", from_one_place=FROM_ONE_PLACE, in_all=FOR_ONE_COOP):
        raise Refused("capital.asked_often")


@public(ASK)
@require_GET
def sent(request: Request, offer: str) -> HttpResponse:
    """Say that the question is on its way."""
    speak(request)
    found = open_page(request, offer)
    context = {"offer": found, "back": page_url(request.coop, found), "title": _("Your question is on its way")}
    return render(request, "capital/asked.html", context)
