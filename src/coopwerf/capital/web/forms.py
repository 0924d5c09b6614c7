"""Forms with which an offer is set up."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from coopcalc.offers import Threshold, choices
from coopcalc.references import format_iban
from coopwerf.coops import queries as coops
from coopwerf.payments import queries as payments
from coopwerf.ui import formats
from coopwerf.ui.fields import LANGUAGES, CountField, DateField, MoneyField
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, words
from ..actions import OfferTerms
from ..queries import OfferFacts, Question
from ..states import REGIME_NAMES, OfferState, Regime
from .desk import Desk

FIXED = ("slug", "classes", "opens_on", "regime", "iban", "holder")


class TermsForm(forms.Form):
    """Ask what an offer offers; of one that people have read, only what may still change."""

    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Which shares?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    ceiling = MoneyField(
        label=gettext_lazy("At most, in this offer"),
        maximum=policies.MOST_MONEY,
        help_text=gettext_lazy("When it is reached, whoever comes next goes on the waiting list."),
    )
    target = MoneyField(
        label=gettext_lazy("What you need"),
        maximum=policies.MOST_MONEY,
        required=False,
        help_text=gettext_lazy("The top of the scaffolding. Empty: the most of this offer."),
    )
    per_person = MoneyField(label=gettext_lazy("At most, for one person"), maximum=policies.MOST_MONEY, required=False)
    opens_on = DateField(label=pgettext_lazy("a day", "From"))
    closes_on = DateField(
        label=gettext_lazy("Until and including"),
        required=False,
        help_text=gettext_lazy("Empty: until you close it."),
    )
    iban = forms.CharField(
        label=gettext_lazy("Account (IBAN)"),
        max_length=42,
        required=False,
        help_text=gettext_lazy("The co-operative’s own. People pay to it, and its statements are read here."),
    )
    holder = forms.CharField(
        label=gettext_lazy("Holder of the account"),
        max_length=70,
        required=False,
        help_text=gettext_lazy("Exactly as the bank writes it: banks compare the name since October 2025."),
    )
    payment_days = CountField(
        label=gettext_lazy("Days to pay"),
        minimum=1,
        maximum=90,
        help_text=gettext_lazy("Who hasn’t paid by then is reminded; later the place comes free."),
    )
    may_admit_unpaid = forms.BooleanField(
        label=gettext_lazy("The statutes let the board admit people before they paid everything"), required=False
    )
    regime = forms.ChoiceField(
        label=gettext_lazy("How is this offer made?"), widget=forms.RadioSelect, choices=list(REGIME_NAMES.items())
    )
    paper = forms.CharField(
        label=gettext_lazy("Reference of the note, the prospectus or the advice"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stands on the page and on the poster. A small offer needs none."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the page"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    slug = forms.CharField(
        label=gettext_lazy("Address of the page"),
        max_length=40,
        help_text=gettext_lazy(
            "Short, with hyphens. It stands on the poster and doesn’t change once the offer is open."
        ),
    )

    def __init__(self, *args: Any, desk: Desk, offer: OfferFacts, **kwargs: Any) -> None:
        held = {one.code for one in offer.classes}
        initial = {name: getattr(offer, name) for name in self.base_fields if name not in ("classes", "languages")}
        account = payments.main_account(offer.coop_id) if not offer.iban else None
        if account is not None:
            initial |= {"iban": format_iban(account.iban), "holder": account.holder}
        initial |= {"classes": sorted(held), "languages": list(offer.languages), "regime": offer.regime.value}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.offer = offer
        self.fields["classes"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{words.class_label(one)}: {words.amount_each(one.issue_price)}") for one in desk.classes
        ]
        known = {one.regime: one for one in choices(desk.country, desk.today)}
        self.fields["regime"].choices = [  # type: ignore[attr-defined]
            (regime.value, name) for regime, name in REGIME_NAMES.items() if not known or regime in known
        ]
        self.notes = {regime.value: law_note(one) for regime, one in known.items()}
        self.laws = tuple(known.values())
        if offer.state is not OfferState.DRAFT:
            for name in FIXED:
                del self.fields[name]

    def terms(self) -> OfferTerms:
        """Return the terms, with what is fixed as it stands."""
        told = self.cleaned_data
        offer = self.offer
        return OfferTerms(
            slug=told.get("slug", offer.slug).strip().lower(),
            classes=tuple(told.get("classes", [one.code for one in offer.classes])),
            languages=tuple(sorted(told["languages"], key=list(LANGUAGE_NAMES).index)),
            opens_on=told.get("opens_on", offer.opens_on),
            closes_on=told["closes_on"],
            target=told["target"],
            ceiling=told["ceiling"],
            per_person=told["per_person"],
            regime=Regime(told.get("regime", offer.regime)),
            paper=told["paper"].strip(),
            iban=told.get("iban", offer.iban),
            holder=told.get("holder", offer.holder).strip(),
            payment_days=told["payment_days"],
            may_admit_unpaid=told["may_admit_unpaid"],
        )


def law_note(law: Threshold) -> str:
    """Return what the law asks of a way to make an offer, with its source and how sure that is."""
    lang = formats.language(get_language())
    found: list[str] = []
    if law.total is not None and law.per_person is not None:
        found.append(
            _(
                "At most %(total)s in twelve months and %(person)s for each person; both amounts stand on every "
                "document."
            )
            % {"total": words.amount(law.total), "person": words.amount(law.per_person)}
        )
    elif law.total is not None:
        found.append(_("At most %(total)s in twelve months.") % {"total": words.amount(law.total)})
    if law.people is not None:
        found.append(_("For fewer than %(people)s people, without a public page.") % {"people": law.people})
    if law.deposit == "note":
        found.append(_("An information note is deposited before the offer opens."))
    elif law.deposit == "prospectus":
        found.append(_("A prospectus is approved before the offer opens."))
    if law.regime is Regime.OTHER:
        found.append(_("Somebody who knows the law told you so: name the advice."))
    else:
        found.append(_("Source: %(source)s.") % {"source": law.source.get(lang, "")})
    if law.certainty != "V" and law.regime is not Regime.OTHER:
        found.append(_("Check this with your notary or accountant."))
    if law.revision:
        found.append(law.revision.get(lang, ""))
    return " ".join(found)


class TextsForm(forms.Form):
    """Ask what an offer tells in one language."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    lead = forms.CharField(
        label=gettext_lazy("The first sentences"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=policies.LONGEST_LEAD,
        help_text=gettext_lazy("Who you are, what you make, why together. Two or three sentences, also on the poster."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("What is the money for?"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=policies.LONGEST_TEXT,
        help_text=gettext_lazy("An empty line begins a new paragraph; lines that begin with a dash become a list."),
    )
    rights = forms.CharField(
        label=gettext_lazy("What does a share give?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=policies.LONGEST_TEXT,
        help_text=gettext_lazy("Votes, dividend and leaving stand in a list beside it, from your rules."),
    )
    risks = forms.CharField(
        label=gettext_lazy("What can go wrong?"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=policies.LONGEST_TEXT,
        help_text=gettext_lazy("Plainly. Whoever has read it stays a member when it rains."),
    )
    risk_sentence = forms.CharField(
        label=gettext_lazy("The sentence that everybody accepts"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=policies.LONGEST_LINE,
        help_text=gettext_lazy("Whoever takes shares ticks it. It stands on the poster too."),
    )
    statutes = forms.CharField(
        label=gettext_lazy("Text of the statutes"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=gettext_lazy("Only if you have no file of them."),
    )


def suggested(desk: Desk, offer: OfferFacts) -> dict[str, str]:
    """Return texts to begin with, in the active language."""
    rules = coops.rules(desk.coop_id, desk.today, keys=["members.liability"])
    liability = rules.get("members.liability")
    risks = [
        _("A share is not a savings account. If things go badly, you can lose everything that you put in."),
        _("There is no guarantee of a dividend, and a share is not quoted anywhere: you can’t sell it when you like."),
        _("Whoever leaves gets at most what the statutes say, and later if the co-operative can’t pay at that moment."),
    ]
    if liability is not None and liability.value in ("contribution", "none"):
        risks.insert(1, _("You never lose more than that: you aren’t liable for debts of the co-operative."))
    return {
        "rights": _(
            "A share is a piece of the co-operative. With it you become a member: you decide in the general assembly, "
            "you see the accounts, and you can be elected to the board."
        ),
        "risks": "\n\n".join(risks),
        "risk_sentence": _("I know that I can lose what I put in, and that I can’t get it back when I like."),
    }


class StatutesForm(forms.Form):
    """Ask which version of the statutes holds, and for its file."""

    name = forms.CharField(
        label=gettext_lazy("Name of the version"),
        max_length=120,
        help_text=gettext_lazy("For example: co-ordinated text after the assembly of May 2026."),
    )
    on = DateField(label=gettext_lazy("Date of the deed"))
    file = forms.FileField(
        label=gettext_lazy("Their file, as PDF"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        help_text=gettext_lazy("At most 5 MB. Without a file, give their text with the texts of the page."),
    )
    without_file = forms.BooleanField(label=gettext_lazy("Take away the file that is there"), required=False)

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_file:
            del self.fields["without_file"]


class QuestionForm(forms.Form):
    """Ask for a question and its answer, once for each language of the offer."""

    def __init__(self, *args: Any, languages: Sequence[str], known: Question | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for code in languages:
            asked, answer = known.texts.get(code, ("", "")) if known is not None else ("", "")
            self.fields[f"question_{code}"] = forms.CharField(
                label=_("The question in %(language)s") % {"language": LANGUAGE_NAMES[code]},
                max_length=policies.LONGEST_LINE,
                required=False,
                initial=asked,
            )
            self.fields[f"answer_{code}"] = forms.CharField(
                label=_("Its answer in %(language)s") % {"language": LANGUAGE_NAMES[code]},
                max_length=policies.LONGEST_TEXT,
                required=False,
                initial=answer,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def rows(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each language with its two fields."""
        for code in self.languages:
            yield code, self[f"question_{code}"], self[f"answer_{code}"]

    def texts(self) -> dict[str, tuple[str, str]]:
        """Return question and answer by language."""
        return {
            code: (self.cleaned_data[f"question_{code}"], self.cleaned_data[f"answer_{code}"])
            for code in self.languages
        }
