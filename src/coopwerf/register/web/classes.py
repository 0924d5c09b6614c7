"""Share classes: what each is worth and allows, since when, and giving one other terms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from coopwerf.coops import policies as coops
from coopwerf.coops import queries as settings
from coopwerf.coops.states import Power
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict
from coopwerf.kernel.web import Request
from coopwerf.ui.fields import CountField, DateField, MoneyField

from .. import actions, policies, queries
from ..queries import Terms
from .desk import Desk
from .terms import rights_of

HOLDERS = [
    ("all", gettext_lazy("Everybody")),
    ("persons", gettext_lazy("Human beings only")),
    ("organisations", gettext_lazy("Organisations only")),
]
VOTES = [
    ("member", gettext_lazy("One vote for each member")),
    ("share", gettext_lazy("One vote for each share")),
]
TRANSFERS = [
    ("board", gettext_lazy("When the board agrees")),
    ("free", gettext_lazy("Freely")),
    ("none", gettext_lazy("Not at all")),
]
AT_FIELD = {
    "register.class_code": "code",
    "register.class_exists": "code",
    "register.class_limits": "maximum",
    "register.date_too_early": "valid_from",
    "register.amount_out_of_bounds": "nominal",
    "register.amount_fractions": "nominal",
}


class ClassForm(forms.Form):
    """Ask what a class of shares is worth and allows, from a date on."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        help_text=gettext_lazy("Short, as in your statutes: A, B, or GEBR. It can't be changed later."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For whom they are, for example: users."),
    )
    nominal = MoneyField(
        label=gettext_lazy("Nominal value of one"),
        places=4,
        maximum=policies.MOST_MONEY,
        help_text=gettext_lazy("As in the statutes."),
    )
    issue_price = MoneyField(
        label=gettext_lazy("Price of a new one"),
        places=4,
        maximum=policies.MOST_MONEY,
        required=False,
        help_text=gettext_lazy("Empty: the nominal value."),
    )
    holders = forms.ChoiceField(label=gettext_lazy("Who may hold them?"), choices=HOLDERS, widget=forms.RadioSelect)
    minimum = CountField(
        label=gettext_lazy("At least, for each holder"), required=False, minimum=1, maximum=policies.MOST_SHARES
    )
    maximum = CountField(
        label=gettext_lazy("At most, for each holder"), required=False, minimum=1, maximum=policies.MOST_SHARES
    )
    votes = forms.ChoiceField(label=gettext_lazy("How do they vote?"), choices=VOTES, widget=forms.RadioSelect)
    transfer = forms.ChoiceField(
        label=gettext_lazy("May they be passed on?"), choices=TRANSFERS, widget=forms.RadioSelect
    )
    dividend = forms.BooleanField(label=gettext_lazy("They share in the profit"), required=False)
    valid_from = DateField(
        label=gettext_lazy("From which date does this hold?"),
        help_text=gettext_lazy("The date of the deed or of the decision. Earlier dates keep the terms they had."),
    )

    def __init__(self, *args: Any, known: Terms | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["code"]

    def put(self, refusal: Refused) -> None:
        """Say a refusal beside the field that it is about, else at the top."""
        name = AT_FIELD.get(refusal.code)
        self.add_error(name if name in self.fields else None, refusal.message)


def may_settle(desk: Desk) -> Verdict:
    """Say whether the actor may open a class or change its terms."""
    return coops.may_do(desk.actor, desk.coop_id, Power.MANAGE_SETTINGS, desk.today)


@require_GET
def classes(request: Request) -> HttpResponse:
    """Show every class of shares with its terms of today, and those it had before or will have."""
    desk = Desk(request)
    desk.see.require()
    totals = queries.totals(desk.coop_id, desk.today)
    history: dict[str, list[Terms]] = {}
    for one in queries.all_class_terms(desk.coop_id):
        history.setdefault(one.code, []).append(one)
    context = {
        "classes": [
            {
                "terms": terms,
                "rights": rights_of(terms),
                "shares": totals.shares.get(terms.code, 0),
                "others": [one for one in reversed(history[terms.code]) if one.id != terms.id],
            }
            for terms in desk.terms
        ],
        "may_settle": may_settle(desk),
        "words": desk.words,
        "tabs": _tabs(desk),
        "needs_none": desk.needs_no_shares,
    }
    return render(request, "register/classes.html", context)


def _tabs(desk: Desk) -> list[dict[str, str | bool]]:
    stage = settings.stage(desk.coop_id, desk.today)
    powers = settings.powers_of(desk.coop_id, desk.actor.parties, desk.today)
    return settings.settings_tabs(desk.coop, stage, powers, "classes")


@require_http_methods(["GET", "POST"])
def terms(request: Request, code: str = "") -> HttpResponse:
    """Open a class, or give one other terms from a date on."""
    desk = Desk(request)
    verdict = may_settle(desk)
    verdict.require()
    known = next((one for one in desk.terms if one.code == code), None)
    if code and known is None:
        raise Http404
    form = ClassForm(request.POST or None, known=known, initial=_initial(desk, known))
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        told.setdefault("code", code)
        try:
            if known is None and any(one.code == told["code"] for one in desk.terms):
                raise Refused("register.class_exists", share_class=told["code"])
            actions.set_class_terms(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, **told)
        except Refused as refusal:
            form.put(refusal)
        else:
            said = _("Class %(share_class)s is there.") if known is None else _("Class %(share_class)s has new terms.")
            messages.success(request, said % {"share_class": told["code"]})
            return redirect("register:classes", slug=request.coop.slug)
    return render(request, "register/class.html", {"form": form, "known": known, "verdict": verdict})


def _initial(desk: Desk, known: Terms | None) -> dict[str, Any]:
    if known is None:
        return {
            "code": "" if desk.terms else "A",
            "holders": "all",
            **queries.usual_rights(desk.coop_id, desk.today),
            "valid_from": desk.today,
        }
    kept = ("name", "nominal", "issue_price", "holders", "minimum", "maximum", "votes", "transfer", "dividend")
    return {**{name: getattr(known, name) for name in kept}, "valid_from": desk.today}
